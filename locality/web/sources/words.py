"""How the sources stand, in one sentence."""

from collections.abc import Sequence

from locality.record.queries.shapes import SourceRow, Standing

QUIET = (Standing.LATE, Standing.SILENT)


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
