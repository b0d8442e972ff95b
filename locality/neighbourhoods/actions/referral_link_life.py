"""How long the link of a referral holds, and what whoever holds it is told: by mail, since no inbox reaches them."""

from django.db import transaction

from locality.access.rules import DataClass
from locality.base import Viewer
from locality.base.periods import day_of
from locality.base.words import day_words
from locality.neighbourhoods.actions import inbox, outbox
from locality.neighbourhoods.actions.outbox import NewMessage
from locality.neighbourhoods.models import Referral, ReferralLink
from locality.neighbourhoods.queries import bars
from locality.neighbourhoods.queries.leaving import once_of_link
from locality.neighbourhoods.queries.referral_links import last_link
from locality.neighbourhoods.queries.referrals import names_of_ends
from locality.neighbourhoods.rules.inbox import AlertKind
from locality.neighbourhoods.rules.outbox import Channel, ToKind
from locality.neighbourhoods.rules.referrals import OPEN, ReferralMove, link_until

# nobody is named in it, as in the mail that brought the link
ASKS_AGAIN = (
    "{sender} asks you again for something for somebody",
    "{sender} asks {to} again for something for somebody.\n\n"
    "Read it and answer by the link in our mail of {made}, until {until}.\n",
)
MAILS = {
    ReferralMove.ANSWER_MORE: (
        "{sender} answered what you asked",
        "{sender} answered what {to} asked about somebody.\n\n"
        "Read it and answer by the link in our mail of {made}, until {until}.\n",
    ),
    ReferralMove.WITHDRAW: (
        "{sender} no longer asks you for anything",
        "{sender} asked {to} for something for somebody on {made}, and asks for it no more. There is nothing to do, "
        "and the link opens nothing.\n",
    ),
    ReferralMove.REOPEN: ASKS_AGAIN,
}
# in one turn; the next comes soon
MOST = 200


def keep_link(row: Referral, *, by: Viewer) -> None:
    """Let the last link of an open referral hold for as long as it is needed; that of one that is over ends."""
    link = last_link(row.pk)
    if row.state not in OPEN:
        ReferralLink.objects.filter(referral=row, ended_at=None).update(ended_at=by.at)
    elif link is not None:
        until = max(link.expires_at, link_until(at=by.at, booked_at=row.booked_at))
        ReferralLink.objects.filter(pk=link.pk).update(ended_at=None, expires_at=until)


def mail_link(row: Referral, move: ReferralMove, *, by: Viewer) -> None:
    """Tell whoever holds the link what the sender said; nothing where there is none."""
    link = last_link(row.pk)
    if link is None:
        return
    told = {
        "sender": names_of_ends(row)[0],
        "to": link.to_name,
        "made": day_words(day_of(link.made_at)),
        "until": day_words(day_of(link.expires_at)),
    }
    subject, body = MAILS[move]
    said = f"version {row.version}"
    outbox.put(new=mail_to(row, link, subject=subject.format(**told), body=body.format(**told), said=said), by=by)


def mail_to(
    referral: Referral, link: ReferralLink, *, subject: str, body: str, said: str, secret: str = ""
) -> NewMessage:
    """A mail to whoever holds a link; `said` makes it the only one of its kind."""
    to_service = referral.to_service_id
    return NewMessage(
        person=referral.person_id,
        channel=Channel.EMAIL,
        to_kind=ToKind.SERVICE if to_service else ToKind.ORGANISATION,
        to_id=to_service or referral.to_organisation_id,
        to_organisation=referral.to_organisation_id,
        to_name=link.to_name,
        to_address=link.to_address,
        subject=subject,
        body=body,
        secret=secret,
        sender=referral.sender_id,
        team=referral.team_id,
        about="referral",
        about_id=referral.pk,
        once=once_of_link(link.pk, said),
    )


@transaction.atomic
def tell_run_out(*, by: Viewer, most: int = MOST) -> int:
    """Tell whoever asked of each link that ran out while its referral is open, once; returns how many."""
    rows = ReferralLink.objects.select_for_update(of=("self",), skip_locked=True)
    rows = rows.filter(ended_at=None, expires_at__lte=by.at, referral__state__in=OPEN)
    ends = [f"referral__{end}" for end in bars.ENDS]
    found = list(rows.select_related("referral", *ends).order_by("expires_at", "pk")[:most])
    inbox.tell_of(told=[_run_out(link) for link in found], by=by)
    ReferralLink.objects.filter(pk__in=[link.pk for link in found]).update(ended_at=by.at)
    return len(found)


def _run_out(link: ReferralLink) -> inbox.ToTell:
    row = link.referral
    return inbox.ToTell(
        person=row.person_id,
        team=row.team_id,
        organisation=None if row.team_id else row.sender_id,
        kind=AlertKind.MENTIONED,
        words=f"The link of {link.to_name} has run out and nothing has come of it yet: {row.asked}. Send them another.",
        once=f"referral link {link.pk} ran out {link.expires_at.isoformat()}",
        about_id=row.pk,
        happened_at=link.expires_at,
        sender=row.sender_id,
        data_class=DataClass(row.data_class),
    )
