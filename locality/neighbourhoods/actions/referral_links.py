"""A link by which a receiver without an account reads one referral and answers it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from locality.access import wall
from locality.access.queries import Grant
from locality.access.queries.looked import BY_LINK as BY_A_LINK
from locality.base import NotFound, Refused, Viewer, system
from locality.base.periods import day_of
from locality.base.words import day_words
from locality.journal.actions import log
from locality.neighbourhoods.actions import outbox
from locality.neighbourhoods.actions.outbox import NewMessage
from locality.neighbourhoods.actions.referral_answers import Said, locked, moved, undone
from locality.neighbourhoods.actions.referral_link_life import mail_to
from locality.neighbourhoods.actions.referrals import NewReferral, refer
from locality.neighbourhoods.models import Referral, ReferralLink, ReferralLinkTry
from locality.neighbourhoods.queries import bars
from locality.neighbourhoods.queries.referral_links import OVER, TOO_MANY, digest_of, live, may_take_back, too_many
from locality.neighbourhoods.queries.referrals import names_of_ends
from locality.neighbourhoods.rules.outbox import IN_PLACE
from locality.neighbourhoods.rules.referrals import BY_LINK, OPEN, ReferralMove, ReferralMoveNotAllowed, link_until
from locality.neighbourhoods.rules.referrals import ReferralState as State

SAY_WHO = "Say to whom the link goes: a name and an e-mail address."
NOT_BY_LINK = "That cannot be said by a link. Ring whoever sent it."
SUBJECT = "{sender} asks you for something for somebody"
# nobody is named in it: whoever reads the mail learns that somebody asks, and opens the rest
BODY = """{sender} asks {to} for something for somebody.

Read it and answer here, until {until}:

{link}

The link opens this one request and nothing else. Whoever has it can read it, so do not pass it on. If it is not for
you, delete it.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLink:
    """To whom a link goes; `token` is its secret, and `address` makes the whole address of it."""

    to_name: str
    to_address: str
    token: str
    address: Callable[[str], str]


@transaction.atomic
def refer_by_link(*, new: NewReferral, link: NewLink, grant: Grant, by: Viewer) -> Referral:
    """Refer somebody to a receiver that opens no record: it gets a link, and nothing of the record. Raises Refused."""
    row = refer(new=replace(new, lets_know=False, facts=[]), grant=grant, by=by)
    make_link(referral=row, link=link, by=by)
    return row


@transaction.atomic
def send_link(*, referral: UUID, link: NewLink, by: Viewer) -> ReferralLink:
    """Send another link for a referral of one's own; the one before ends. Raises NotFound, Refused."""
    row = locked(referral, sends=True, by=by)
    if row.state not in OPEN:
        raise ReferralMoveNotAllowed(State(row.state))
    return make_link(referral=row, link=link, by=by)


def make_link(*, referral: Referral, link: NewLink, by: Viewer) -> ReferralLink:
    """Keep what a link is checked against, and put it into the outbox. Whoever calls is in a transaction."""
    if not link.to_name.strip() or "@" not in link.to_address:
        raise Refused(SAY_WHO)
    ReferralLink.objects.filter(referral=referral, ended_at=None).update(ended_at=by.at)
    row = ReferralLink.objects.create(
        referral=referral,
        digest=digest_of(link.token),
        to_name=link.to_name.strip(),
        to_address=link.to_address.strip(),
        made_at=by.at,
        made_by=by.id,
        expires_at=link_until(at=by.at, booked_at=referral.booked_at),
    )
    outbox.put(new=_mail(referral, row, address=link.address(link.token)), by=by)
    log(what="referral.link-made", by=by, person=referral.person_id, about=referral.pk)
    return row


def _mail(referral: Referral, row: ReferralLink, *, address: str) -> NewMessage:
    told = {
        "sender": names_of_ends(referral)[0],
        "to": row.to_name,
        "until": day_words(day_of(row.expires_at)),
        "link": IN_PLACE,
    }
    return mail_to(referral, row, subject=SUBJECT.format(**told), body=BODY.format(**told), said="", secret=address)


def check_link(*, token: str, network: str, at: datetime) -> None:
    """Note that a link was followed. Raises NotFound; a wrong one counts against the network it was tried from."""
    if too_many(network, at=at):
        raise NotFound(TOO_MANY)
    try:
        opened(token=token, at=at)
    except NotFound:
        with transaction.atomic():
            ReferralLinkTry.objects.filter(at__lte=at - timedelta(hours=1)).delete()
            ReferralLinkTry.objects.create(network=digest_of(network), at=at)
        raise


@wall.down()
def opened(*, token: str, at: datetime) -> None:
    """Count that a link was opened."""
    link = live(token, at=at)
    first = {} if link.opened_at else {"opened_at": at}
    ReferralLink.objects.filter(pk=link.pk).update(opened_times=F("opened_times") + 1, **first)
    log(
        what="referral.link-opened",
        by=_nobody(at),
        person=link.referral.person_id,
        about=link.referral_id,
        detail={"link_name": link.to_name},
    )


@wall.down()
def answer_by_link(*, token: str, move: ReferralMove, said: Said, at: datetime) -> Referral:
    """Answer a referral by a link, in the name it was sent to. Raises NotFound, Refused, ReferralMoveNotAllowed."""
    if move not in BY_LINK:
        raise Refused(NOT_BY_LINK)
    link = live(token, at=at)
    rows = Referral.objects.select_for_update(of=("self",)).select_related(*bars.ENDS, "relationship")
    row = rows.get(pk=link.referral_id)
    # it may have ended while this one waited for the lock
    if not ReferralLink.objects.filter(pk=link.pk, ended_at=None).exists():
        raise NotFound(OVER)
    return moved(row, move, said, by=_nobody(at), who=link.to_name)


@wall.down()
def undo_by_link(*, token: str, at: datetime) -> Referral:
    """Take back, soon after, what one has just said by a link, though it ended the link. Raises NotFound, Refused."""
    link = may_take_back(token=token, at=at)
    rows = Referral.objects.select_for_update(of=("self",)).select_related(*bars.ENDS, "relationship")
    row = rows.get(pk=link.referral_id)
    # the sender may have said something while this one waited for the lock
    may_take_back(token=token, at=at)
    return undone(row, by=_nobody(at), who=link.to_name)


def _nobody(at: datetime) -> Viewer:
    return system(at=at, role=BY_A_LINK)
