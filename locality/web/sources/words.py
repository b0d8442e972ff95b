"""How the sources stand, in one sentence."""

from collections.abc import Sequence

from locality.neighbourhoods.queries.referrals_received import Received
from locality.record.queries.shapes import SourceRow, Standing
from locality.web.words import counted

QUIET = (Standing.LATE, Standing.SILENT)
RENEW = {
    Standing.LATE: "Renew it, or intake stops.",
    Standing.EXPIRED: "What is sent now is kept unread: write the new days in the pack, load it, try again what waits.",
}


def sources_words(rows: Sequence[SourceRow]) -> str:
    """`7 of 9 sources sent data when due; Persona is late by 3 days`."""
    due = [row for row in rows if row.state not in (Standing.NOT_CONNECTED, Standing.EXPIRED)]
    if not due:
        return "No source is connected yet"
    sent = sum(row.state == Standing.OK for row in due)
    late = [f"{row.name}: {row.state_words.lower()}" for row in due if row.state in QUIET]
    never = sum(row.state == Standing.NEVER for row in due)
    parts = [f"{sent} of {len(due)} sources sent data when due"]
    if late:
        parts.append("; ".join(late[:2]) + (f", and {len(late) - 2} more" if len(late) > 2 else ""))
    if never:
        parts.append(f"{never} {'has' if never == 1 else 'have'} not sent yet")
    return "; ".join(parts)


def ending_words(rows: Sequence[SourceRow]) -> list[str]:
    """What is to be renewed, and what has stopped: a sentence for each agreement that ends soon or does not hold."""
    told = {
        f"{row.agreement.name or row.name}: {_lower(row.agreement_words)}. {RENEW[row.agreement_state]}"
        for row in rows
        if row.agreement_state in RENEW and row.state != Standing.NOT_CONNECTED
    }
    return sorted(told)


def referrals_words(found: Received) -> str:
    """`5 referrals from 111: 2 refused, 1 dismissed`."""
    if not found.received:
        return f"{found.name} has sent no referral"
    came = f"{counted(found.received, 'referral')} from {found.name}"
    if found.taken_in == found.received:
        return f"{came}: all taken in"
    parts = [
        f"{many:,} {words}" for many, words in ((found.refused, "refused"), (found.dismissed_of, "dismissed")) if many
    ]
    return f"{came}: {', '.join(parts)}" + ("" if found.taken_in else ", none taken in")


def tried_words(tried: int, went_in: int) -> str:
    """What came of trying again."""
    if not tried:
        return "Nothing waits to be tried again."
    if not went_in:
        return f"Tried again: {'it is' if tried == 1 else 'all are'} still refused. Below is what mends it."
    left = f" {counted(tried - went_in, 'is', 'are')} still refused." if tried > went_in else ""
    return f"Tried again: {counted(went_in, 'referral')} taken in.{left}"


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
