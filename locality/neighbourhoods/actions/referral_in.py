"""Taking in a referral that another organisation's system sent; and the message of one, to take away."""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from uuid import UUID

import orjson
from django.db import transaction

from locality.access import wall
from locality.base import Refused, Viewer
from locality.base.periods import day_of
from locality.directory.models import Organisation, Service, Source
from locality.directory.queries import source as source_of
from locality.directory.queries.spans import held_on
from locality.journal.actions import log
from locality.neighbourhoods.actions.referral_answers import NOTHING_SAID, Said, moved
from locality.neighbourhoods.actions.referrals import NewReferral, write
from locality.neighbourhoods.models import Referral, ReferralReceived
from locality.neighbourhoods.queries import bars
from locality.neighbourhoods.queries.referrals import referral
from locality.neighbourhoods.queries.referrals_received import WAITS, check_may_look_after, refused_message
from locality.neighbourhoods.rules.bars import Read, Resource, booking_message, read_message, referral_message
from locality.neighbourhoods.rules.candidates import Agreed
from locality.neighbourhoods.rules.referrals import OPEN, STATE_WORDS, ReferralMove, ReferralState
from locality.neighbourhoods.rules.referrals_in import (
    ANOTHER,
    CLOSED,
    DIED,
    NO_ANSWER,
    NO_NUMBER,
    NO_RECEIVER,
    NOBODY,
    NOT_JSON,
    NOT_KNOWN,
    NOT_LISTED,
    NOT_SENDER,
    NOT_TAKEN,
    OVER,
    SAYS_OTHER,
    SEVERAL,
    WITHDRAWN_FIRST,
)
from locality.people.models import Person
from locality.people.queries import found_by_number
from locality.people.queries.earlier import who_is_earlier

# as many as one turn tries again
MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of one message: the referral, or why it was refused; `unchanged` where it had been taken before."""

    referral: UUID | None
    refused: str = ""
    unchanged: bool = False


def receive_referral(*, source: Source, content: bytes, by: Viewer) -> Taken:
    """Take in one message, once; what is refused is kept whole with its reason."""
    digest = sha256(content).digest()
    with transaction.atomic():
        # of two that take in the same file at once, the second finds what the first did
        Source.objects.select_for_update().get(pk=source.pk)
        before = ReferralReceived.objects.filter(source=source, digest=digest, refused="").first()
        if before is not None:
            return Taken(referral=before.referral_id, unchanged=True)
        row, _ = ReferralReceived.objects.get_or_create(
            source=source, digest=digest, defaults={"content": content, "at": by.at, "by": by.id}
        )
        try:
            read = _read(content)
            row.identifier = read.identifier
            with transaction.atomic():
                taken = _take(source, read, by=by)
        except Refused as refused:
            taken = Taken(referral=None, refused=str(refused))
        if row.dismissed_at and row.put_back_at is None and taken.refused != row.refused:
            # it came again, and what was decided of it was decided of another reason
            row.put_back_at, row.put_back_by = by.at, by.id
        row.referral_id, row.refused = taken.referral, taken.refused
        row.save(update_fields=["referral", "refused", "identifier", "put_back_at", "put_back_by"])
    return taken


@wall.down()
def try_again(*, code: str, by: Viewer, most: int = MOST) -> tuple[int, int]:
    """Try again what was refused of what one source sent, the oldest first; returns how many, and how many went in.

    What was dismissed is left. Raises NoAccess for a role that looks after no sources, NotFound for a source that is
    not declared.
    """
    check_may_look_after(by)
    source = source_of(code)
    # whoever dismisses one waits for this, and this for them
    Source.objects.select_for_update().get(pk=source.pk)
    rows = ReferralReceived.objects.filter(WAITS, source=source).order_by("at", "pk")
    tried = [receive_referral(source=source, content=bytes(row.content), by=by) for row in rows[:most]]
    log(what="referral.tried-again", by=by, about=source.pk)
    return len(tried), sum(not taken.refused for taken in tried)


def open_refused(*, received: UUID, by: Viewer) -> tuple[str, str]:
    """Why one was refused, and what was sent as text, written down as opened: it may say anything of anybody.

    Raises NoAccess for a role that looks after no sources, NotFound where nothing like that is refused.
    """
    refused, text = refused_message(viewer=by, received=received)
    log(what="referral.refused-opened", by=by, about=received)
    return refused, text


def _read(content: bytes) -> Read:
    try:
        return read_message(orjson.loads(content))
    except orjson.JSONDecodeError as fault:
        raise Refused(NOT_JSON) from fault


def _take(source: Source, read: Read, *, by: Viewer) -> Taken:
    sender = source.organisation
    if read.from_code != sender.code:
        raise Refused(NOT_SENDER.format(said=read.from_code or "nobody", known=sender.code))
    held = _held(read, sender=sender)
    if read.reason in ("delete", "cancel"):
        return _withdrawn(held, by=by)
    if read.reason == "update":
        return _answered(held, read, by=by)
    if read.reason != "new":
        raise Refused(NOT_TAKEN.format(reason=read.reason))
    if held is not None:
        return _again(held, read)
    if _withdrawn_first(read, sender=sender):
        raise Refused(WITHDRAWN_FIRST)
    row = write(new=_new(read, sender=sender, by=by), person=_person(read).pk, by=by)
    log(what="referral.received", by=by, person=row.person_id, about=row.pk)
    return Taken(referral=row.pk)


def _held(read: Read, *, sender: Organisation) -> Referral | None:
    """What was taken in before under this number, locked; the newest where there are several."""
    rows = Referral.objects.select_for_update(of=("self",)).select_related(*bars.ENDS, "relationship")
    return rows.filter(sender=sender, identifier=read.identifier).order_by("-sent_at", "pk").first()


def _again(held: Referral, read: Read) -> Taken:
    """The same once more changes nothing; what it says anew is refused, so that somebody tells the sender."""
    if held.state not in OPEN:
        raise Refused(OVER.format(state=STATE_WORDS[ReferralState(held.state)].lower()))
    if (held.asked, held.need, held.urgency) != (read.asked.strip(), read.need.strip(), read.urgency):
        raise Refused(SAYS_OTHER)
    if not held.words.endswith(read.words.strip()):
        raise Refused(SAYS_OTHER)
    return Taken(referral=held.pk, unchanged=True)


def _answered(held: Referral | None, read: Read, *, by: Viewer) -> Taken:
    """What was asked of the sender, who answers by sending the referral anew with more in it."""
    if held is None or held.state != ReferralState.MORE_ASKED:
        raise Refused(NOT_TAKEN.format(reason=read.reason))
    if not read.words.strip():
        raise Refused(NO_ANSWER)
    return Taken(referral=moved(held, ReferralMove.ANSWER_MORE, Said(words=read.words), by=by).pk)


def _withdrawn_first(read: Read, *, sender: Organisation) -> bool:
    rows = ReferralReceived.objects.filter(source__organisation=sender, identifier=read.identifier)
    return rows.filter(refused=NOT_KNOWN).exists()


def _new(read: Read, *, sender: Organisation, by: Viewer) -> NewReferral:
    to, words = _receiver(read, place=sender.place_id, on=day_of(by.at)), read.words
    if read.service and isinstance(to, Organisation):
        words = "\n".join(filter(None, [NOT_LISTED.format(service=read.service, organisation=to.name), words]))
    return NewReferral(
        asked=read.asked,
        sender=sender.pk,
        to_service=to.pk if isinstance(to, Service) else None,
        to_organisation=to.pk if isinstance(to, Organisation) else None,
        need=read.need,
        words=words,
        urgency=read.urgency,
        # the standard does not say it: whoever answers asks
        agreed=Agreed.NOT_ASKED,
        identifier=read.identifier,
    )


def _withdrawn(held: Referral | None, *, by: Viewer) -> Taken:
    if held is None:
        raise Refused(NOT_KNOWN)
    return Taken(referral=moved(held, ReferralMove.WITHDRAW, NOTHING_SAID, by=by).pk)


def _person(read: Read) -> Person:
    """The one person of this number and birth date; Refused, saying why, where there is none."""
    if not read.nhs_number or read.born_on is None:
        raise Refused(NO_NUMBER)
    found = list(found_by_number(read.nhs_number)[:2])
    if not found or who_is_earlier([found[0].pk]):
        raise Refused(NOBODY)
    if len(found) > 1:
        raise Refused(SEVERAL)
    if found[0].birth_on != read.born_on:
        raise Refused(ANOTHER)
    if found[0].died:
        raise Refused(DIED)
    return found[0]


def _receiver(read: Read, *, place: UUID, on: date) -> Organisation | Service:
    coded = Organisation.objects.filter(place=place, code=read.to_code)
    organisation = coded.filter(held_on(on)).first()
    if organisation is None:
        why = CLOSED if coded.exists() else NO_RECEIVER
        raise Refused(why.format(code=read.to_code or "nobody who is named"))
    named = Service.objects.filter(held_on(on), organisation=organisation, name__iexact=read.service)
    return named.order_by("code").first() or organisation


@transaction.atomic
def take_away(*, referral_id: UUID, by: Viewer) -> Resource:
    """The message of one referral, of what was booked where something is, for another system. Raises NotFound."""
    found = referral(viewer=by, referral_id=referral_id)
    row = Referral.objects.select_related(*bars.ENDS).get(pk=found.referral.id)
    told = bars.told(row, at=by.at, facts=found.facts)
    log(what="referral.message-taken", by=by, person=row.person_id, about=row.pk)
    return booking_message(told) if row.booked_at else referral_message(told)
