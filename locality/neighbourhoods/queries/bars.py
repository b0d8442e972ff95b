"""A referral with all that its message to another system says."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from locality.base.words import moment_words
from locality.directory.queries import SOMEBODY, names_of
from locality.neighbourhoods.models import Referral
from locality.neighbourhoods.rules.bars import Told
from locality.neighbourhoods.rules.referrals import ReferralState, Urgency

ENDS = ("person__merged_into", "team", "sender", "to_team", "to_service", "to_organisation")


def told(row: Referral, *, at: datetime, became: str = "", facts: Sequence[Mapping[str, Any]] = ()) -> Told:
    """What goes into its message: the last step in words (`became`), and those `facts` that may go.

    One query for the name of whoever asked.
    """
    person, to = row.person.merged_into or row.person, row.to_service or row.to_team
    return Told(
        id=row.pk,
        identifier=row.identifier,
        at=at,
        from_code=row.sender.code if row.sender else "",
        from_name=row.team.name if row.team else row.sender.name if row.sender else SOMEBODY,
        to_code=row.to_organisation.code,
        to_name=row.to_organisation.name,
        service=to.name if to else "",
        by_name=names_of([row.made_by]).get(row.made_by, SOMEBODY),
        nhs_number=person.nhs_number,
        family=person.family,
        given=person.given,
        born_on=person.birth_on,
        sex=person.sex,
        asked=row.asked,
        need=row.need,
        notes=tuple(_notes(row, facts)),
        urgency=Urgency(row.urgency),
        state=ReferralState(row.state),
        sent_at=row.sent_at,
        declined=row.declined,
        declined_words=row.declined_words,
        became=tuple(_became(row, became)) if became else (),
        booked_at=row.booked_at,
        booked_where=row.booked_where,
    )


def _notes(row: Referral, facts: Sequence[Mapping[str, Any]]) -> list[str]:
    found = [words for words in (row.words, f"Wanted: {row.wanted}" if row.wanted else "") if words]
    return found + [_fact(one) for one in facts if one.get("words")]


def _became(row: Referral, last: str) -> list[str]:
    booked = ", ".join(filter(None, [moment_words(row.booked_at), row.booked_where])) if row.booked_at else ""
    # the step that booked it says when and where itself
    return [last] + ([f"Booked: {booked}"] if booked and booked not in last else [])


def _fact(one: Mapping[str, Any]) -> str:
    said = ", ".join(filter(None, [str(one.get("source", "")), str(one.get("on") or "")]))
    return f"{one.get('heading', '')}: {one['words']}" + (f" ({said})" if said else "")
