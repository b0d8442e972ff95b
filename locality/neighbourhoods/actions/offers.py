"""What is offered to somebody who is supported, and telling the practice and the referrer what came of it."""

from dataclasses import dataclass, replace
from uuid import UUID

from django.db import transaction

from locality.access.queries import Grant
from locality.base import NotFound, Refused, Viewer
from locality.directory.models import Service
from locality.neighbourhoods.actions import inbox, outbox, referrals
from locality.neighbourhoods.actions.referral_links import NewLink, refer_by_link
from locality.neighbourhoods.actions.support import changed, locked
from locality.neighbourhoods.models import Referral, Support, SupportNeed, SupportOffer
from locality.neighbourhoods.queries import told_back
from locality.neighbourhoods.rules.candidates import Agreed
from locality.neighbourhoods.rules.inbox import AlertKind
from locality.neighbourhoods.rules.outbox import Channel, ToKind
from locality.neighbourhoods.rules.support import OfferMove, OfferState, next_offer_state

SAY_WHAT = "Choose a service, or say in a few words what is offered."
NO_REFERRALS = "This service takes no referrals here: they, or you with them, get in touch themselves."
REFERRED_ALREADY = "They were referred for this already."
NOT_THEIRS = "There is no such support here."
NOBODY_WAITS = "Nobody referred them, and no practice here is known to be theirs: there is nobody to tell."


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOffer:
    """What is offered, for which need; `wait` is what is known of the wait today."""

    service: UUID | None = None
    what: str = ""
    need: UUID | None = None
    wait: str = ""


@transaction.atomic
def offer(*, support: UUID, new: NewOffer, by: Viewer) -> SupportOffer:
    """Offer somebody a service, or something in words. Raises NotFound, SupportOver, Refused."""
    row = locked(support, by=by)
    service = Service.objects.filter(pk=new.service).first() if new.service else None
    what = new.what.strip() or (service.name if service else "")
    if not what:
        raise Refused(SAY_WHAT)
    need = SupportNeed.objects.filter(pk=new.need, support=row).first() if new.need else None
    found = SupportOffer.objects.create(
        support=row,
        service=service,
        need=need,
        what=what,
        wait=new.wait.strip(),
        made_at=by.at,
        made_by=by.id,
    )
    changed(row, what=f"offered: {what}", by=by)
    return found


@transaction.atomic
def move(*, offer: UUID, move: OfferMove, by: Viewer) -> SupportOffer:
    """Say how it stands with an offer. Raises NotFound, SupportOver, OfferMoveNotAllowed."""
    row, found = _locked_offer(offer, by=by)
    found.state = next_offer_state(OfferState(found.state), move)
    found.changed_at = by.at
    found.save(update_fields=["state", "changed_at"])
    changed(row, what=f"{found.state}: {found.what}", by=by)
    return found


@transaction.atomic
def refer_for(
    *, offer: UUID, new: referrals.NewReferral, link: NewLink | None = None, grant: Grant, by: Viewer
) -> Referral:
    """Refer somebody to the service that was offered, by a link where one is given; the offer carries on.

    Raises NotFound, SupportOver, Refused, AskedBefore.
    """
    row, found = _locked_offer(offer, by=by)
    if found.service is None or not found.service.takes_referrals or new.to_service != found.service_id:
        raise Refused(NO_REFERRALS)
    if found.referral_id is not None:
        raise Refused(REFERRED_ALREADY)
    if row.person_id not in grant.person_ids:
        raise NotFound(NOT_THEIRS)
    asked = replace(new, sender=row.sender_id, team=row.team_id, about="support", about_id=row.pk)
    if link is None:
        found.referral = referrals.refer(new=asked, grant=grant, by=by)
    else:
        found.referral = refer_by_link(new=asked, link=link, grant=grant, by=by)
    if found.state == OfferState.OFFERED and new.agreed == Agreed.AGREED:
        found.state = OfferState.AGREED
    found.changed_at = by.at
    found.save(update_fields=["referral", "state", "changed_at"])
    changed(row, what=f"referred: {found.what}", by=by)
    return found.referral


def _locked_offer(offer: UUID, *, by: Viewer) -> tuple[Support, SupportOffer]:
    found = SupportOffer.objects.filter(pk=offer).first()
    row = locked(found.support_id if found else offer, by=by)
    return row, SupportOffer.objects.select_for_update(of=("self",)).select_related("service", "need").get(pk=offer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What goes to whom: the message, and of whom a team here reads it in its inbox; as of a version of the support."""

    to: list[str]
    team: str
    team_words: str
    message: told_back.ToldBack
    version: int


@transaction.atomic
def preview(*, support: UUID, words: str, grant: Grant, by: Viewer) -> Preview:
    """The message as `tell_back` sends it; nothing goes. Raises NotFound, Refused."""
    row, practice, referrer = _told_of(support, grant=grant, by=by)
    team = row.referral.team if row.referral else None
    return Preview(
        to=[one.name for one in (practice, referrer) if one is not None],
        team=team.name if team else "",
        team_words=_team_words(row.referral, words) if row.referral and team else "",
        message=told_back.message(support=row, words=words, grant=grant, by=by),
        version=row.version,
    )


def _told_of(
    support: UUID, *, grant: Grant, by: Viewer
) -> tuple[Support, told_back.Organisation | None, told_back.Organisation | None]:
    """The support, locked; the practice to tell; and who referred them, where that is neither it nor a team here."""
    row = Support.objects.filter(pk=support).first()
    row = locked(support, by=by, is_over=bool(row and row.ended_at))
    if row.person_id not in grant.person_ids:
        raise NotFound("There is no such support here.")
    practice, referral = told_back.practice_of(grant=grant), row.referral
    if practice is None and referral is None:
        raise Refused(NOBODY_WAITS)
    is_other = referral is not None and referral.team is None and referral.sender_id != (practice and practice.pk)
    return row, practice, referral.sender if referral and is_other else None


@transaction.atomic
def tell_back(*, support: UUID, words: str, grant: Grant, by: Viewer) -> list[str]:
    """Tell the practice, and whoever referred them, how it stands; returns who is told. Raises NotFound, Refused.

    A team here reads it in its inbox; the practice, and a referrer elsewhere, get a message that waits in the outbox.
    """
    row, practice, referrer = _told_of(support, grant=grant, by=by)
    message = told_back.message(support=row, words=words, grant=grant, by=by)
    told: list[str] = []
    if practice is not None:
        _put(row, message, to_kind=ToKind.PRACTICE, channel=Channel.PRACTICE, to=practice, grant=grant, by=by)
        told.append(practice.name)
    referral = row.referral
    if referral is not None and referral.team is not None:
        told.append(_alert(row, referral, words, by=by))
    elif referrer is not None:
        _put(row, message, to_kind=ToKind.ORGANISATION, channel=Channel.REFERRAL, to=referrer, grant=grant, by=by)
        told.append(referrer.name)
    row.told_at = by.at
    changed(row, "told_at", what="told: " + ", ".join(told), why=words, by=by)
    return told


def _put(
    row: Support,
    message: told_back.ToldBack,
    *,
    to_kind: ToKind,
    channel: Channel,
    to: told_back.Organisation,
    grant: Grant,
    by: Viewer,
) -> None:
    outbox.put(
        new=outbox.NewMessage(
            person=grant.person.pk,
            channel=channel,
            template="social-prescribing",
            to_kind=to_kind,
            to_id=to.pk,
            to_organisation=to.pk,
            to_name=to.name,
            subject=message.subject,
            body=message.body,
            payload=message.payload,
            sender=row.sender_id,
            team=row.team_id,
            about="support",
            about_id=row.pk,
            once=f"support {row.pk} {to.pk} {row.version}",
        ),
        by=by,
    )


def _team_words(referral: Referral, words: str) -> str:
    return f"Support for {referral.asked}: {words.strip()}"


def _alert(row: Support, referral: Referral, words: str, *, by: Viewer) -> str:
    assert referral.team is not None
    told = inbox.ToTell(
        person=referral.person_id,
        team=referral.team.pk,
        kind=AlertKind.MENTIONED,
        words=_team_words(referral, words),
        once=f"support {row.pk} {row.version}",
        happened_at=by.at,
        sender=row.sender_id,
        about_id=row.pk,
    )
    inbox.tell_of(told=[told], by=by)
    return referral.team.name
