"""Sending back to another organisation's system what became of its referral."""

from locality.base import Viewer
from locality.neighbourhoods.actions import outbox
from locality.neighbourhoods.actions.outbox import NewMessage
from locality.neighbourhoods.models import Referral
from locality.neighbourhoods.queries import bars
from locality.neighbourhoods.queries.referrals import names_of_ends
from locality.neighbourhoods.rules.bars import referral_message
from locality.neighbourhoods.rules.outbox import Channel, ToKind
from locality.neighbourhoods.rules.referrals import STATE_WORDS


def send_back(row: Referral, *, said: str, why: str = "", by: Viewer) -> None:
    """Put what became of a referral that came from another system into the outbox; nothing for one of our own.

    `said` is the step and `why` its words: the standard's states alone do not tell one step from the next.
    """
    if not row.identifier:
        return
    became = ": ".join(filter(None, [f"{names_of_ends(row)[1]} {said}", why]))
    told = bars.told(row, at=by.at, became=became)
    message = NewMessage(
        person=row.person_id,
        channel=Channel.REFERRAL,
        to_kind=ToKind.ORGANISATION,
        to_id=row.sender_id,
        to_organisation=row.sender_id,
        to_name=told.from_name,
        subject="What became of your referral",
        body="\n".join([f"{row.asked}: {STATE_WORDS[told.state].lower()}.", *told.became]),
        payload=referral_message(told, answers=True),
        sender=row.to_organisation_id,
        team=row.to_team_id,
        about="referral",
        about_id=row.pk,
        once=f"referral {row.pk} version {row.version}",
    )
    outbox.put(new=message, by=by)
