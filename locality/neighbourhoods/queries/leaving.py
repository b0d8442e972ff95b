"""Whether a message may go, asked at the moment of sending: of the person, of the sender, of whom it is for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from locality.access.models import Account, AddressGrant, Objection, Override, Relationship
from locality.access.queries.acting import proxies_of
from locality.access.queries.knowing import holds
from locality.access.rules import ObjectionKind
from locality.base.periods import day_of
from locality.directory.models import Organisation, Service
from locality.directory.queries.spans import held_on
from locality.neighbourhoods.models import Contact, Message, Note, ReferralLink
from locality.neighbourhoods.rules.families import ContactRole
from locality.neighbourhoods.rules.outbox import PEOPLE, Channel, Found, Stop, ToKind, is_mobile, is_secure, stopped
from locality.people.models import Person
from locality.people.queries import same_person
from locality.people.queries.earlier import who_is_earlier
from locality.people.queries.same_person import patients_of
from locality.record.models import Remark

# mail with a link to a referral says nothing of anybody itself; only actions of referrals write it
REFERRAL = "referral"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What the check says: why it may not go, if so; where it goes now; whether it may go whole there."""

    stop: Stop | None
    address: str
    whole: bool
    person: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class _Receiver:
    """Where it goes now, and what keeps it from whom it is for."""

    address: str = ""
    stop: Stop | None = None
    has_account: bool = True


def checked(*, message: Message, secure: Collection[str], at: datetime) -> Checked:
    """Whether a message may go now, and where to. A dozen small queries: one message at a time."""
    on = day_of(at)
    people = same_person(message.person_id)
    ids = [one.pk for one in people]
    to = _receiver(message, people, on=on)
    safe = is_secure(to.address, secure)
    is_link = message.about == REFERRAL and message.to_kind not in PEOPLE
    found = Found(
        channel=Channel(message.channel),
        to_kind=ToKind(message.to_kind),
        wrong_person=_is_about_another(message.about_id, ids),
        earlier=people[0].pk in who_is_earlier(ids),
        died=any(one.died for one in people),
        related=_knows(message, ids, at=at),
        protected=any(one.protected for one in people),
        address_granted=_may_know_address(message, ids, on=on),
        objected=objected(ids, sender=message.sender_id, to=message.to_organisation_id, on=on),
        of_receiver=to.stop,
        has_account=to.has_account,
        address=to.address,
        written_to=message.to_address,
        is_secure=safe,
        is_link=is_link,
        link_over=_link_is_over(message),
        is_answer=is_link and message.channel == Channel.REFERRAL,
    )
    whole = found.channel not in (Channel.EMAIL, Channel.TEXT) or safe or is_link
    return Checked(stop=stopped(found), address=to.address, whole=whole, person=people[0])


# ---- the person and the sender


def _is_about_another(about: UUID | None, ids: Sequence[UUID]) -> bool:
    """Whether what it came from, a note or a line of the record, was since said to be about somebody else."""
    if about is None:
        return False
    note = Note.objects.filter(thing=about, person__in=ids, is_current=True, about_another=True)
    return note.exists() or Remark.objects.filter(thing=about, person__in=ids, withdrawn_at=None).exists()


def _link_is_over(message: Message) -> bool:
    """Whether it brings a link that was ended since, as by taking back what was asked."""
    if not message.secret or message.about != REFERRAL:
        return False
    holding = ReferralLink.objects.filter(referral=message.about_id, ended_at=None).values_list("pk", flat=True)
    return message.once not in {once_of_link(one) for one in holding}


def once_of_link(link: UUID, said: str = "") -> str:
    """What names one mail to whoever holds a link."""
    return f"referral link {link} {said}".strip()


def _knows(message: Message, ids: Sequence[UUID], *, at: datetime) -> bool:
    """Whether whoever wrote it, their team or their organisation still has a reason to know the person."""
    whose = Q(practitioner=message.made_by) | Q(organisation=message.sender_id)
    whose |= Q(team=message.team_id) if message.team_id else Q(team__lead_organisation=message.sender_id)
    if Relationship.objects.filter(whose, holds(day_of(at)), person__in=ids).exists():
        return True
    broken = Override.objects.filter(person__in=ids, practitioner=message.made_by, made_at__lte=at, ends_at__gt=at)
    return broken.filter(Q(ended_at=None) | Q(ended_at__gt=at)).exists()


def _may_know_address(message: Message, ids: Sequence[UUID], *, on: date) -> bool:
    whose = Q(practitioner=message.made_by)
    if message.team_id:
        whose |= Q(team=message.team_id)
    return AddressGrant.objects.filter(whose, holds(on), person__in=ids).exists()


def objected(ids: Sequence[UUID], *, sender: UUID | None, to: UUID | None, on: date) -> bool:
    """Whether they object to what the sender holds going to another organisation."""
    if to is not None and to == sender:
        return False
    rows = Objection.objects.filter(holds(on), person__in=ids, kind=ObjectionKind.SHARING)
    return rows.filter(Q(organisation=None) | Q(organisation=sender)).exists()


# ---- whom it is for


def _receiver(message: Message, people: Sequence[Person], *, on: date) -> _Receiver:
    match ToKind(message.to_kind):
        case ToKind.PERSON:
            account = has_account([one.pk for one in people])
            return _Receiver(address=address_of(people, Channel(message.channel)), has_account=account)
        case ToKind.PROXY:
            return _proxy(message, people, on=on)
        case ToKind.PRACTICE:
            return _practice(message, people[0], on=on)
        case ToKind.SERVICE:
            return _service(message, on=on)
        case _:
            row = Organisation.objects.filter(held_on(on), pk=message.to_id).first()
            return _Receiver(stop=Stop.CLOSED) if row is None else _Receiver(address=message.to_address or row.code)


def _proxy(message: Message, people: Sequence[Person], *, on: date) -> _Receiver:
    ids = [one.pk for one in people]
    same = same_person(message.to_id)
    theirs = {one.pk for one in same}
    protected = any(one.protected for one in people)
    rows = [one for one in proxies_of(person_ids=ids, on=on) if one.proxy_id in theirs and one.starts_on <= on]
    rows = [one for one in rows if one.knows_address or not protected]
    if not rows or any(one.died for one in same):
        return _Receiver(stop=Stop.ACTS_NO_LONGER)
    if all(message.data_class in one.kept_back for one in rows):
        return _Receiver(stop=Stop.KEPT_BACK)
    close = Contact.objects.filter(person__in=ids, who__in=theirs, is_current=True)
    if close.filter(Q(ends_on=None) | Q(ends_on__gt=on), roles__contains=[ContactRole.DO_NOT_CONTACT]).exists():
        return _Receiver(stop=Stop.KEPT_AWAY)
    # where a proxy lives is not the sender's to know: what is written on paper goes to an address somebody typed
    at_home = message.to_address if message.channel == Channel.LETTER else address_of(same, Channel(message.channel))
    return _Receiver(address=at_home, has_account=has_account(list(theirs)))


def _practice(message: Message, person: Person, *, on: date) -> _Receiver:
    row = practice_of(person, on=on)
    if row is None:
        return _Receiver(stop=Stop.NOWHERE)
    return _Receiver(address=row.code, stop=None if row.pk == message.to_id else Stop.OTHER_PRACTICE)


def _service(message: Message, *, on: date) -> _Receiver:
    row = Service.objects.filter(held_on(on), pk=message.to_id).select_related("site", "organisation").first()
    if row is None:
        return _Receiver(stop=Stop.CLOSED)
    if message.about == REFERRAL and not row.takes_referrals:
        return _Receiver(stop=Stop.NO_REFERRALS)
    return _Receiver(address=message.to_address or address_of_service(row, Channel(message.channel)))


def practice_of(person: Person, *, on: date) -> Organisation | None:
    """The practice that somebody is registered with, where it is one that the place knows and it is still open."""
    if not person.practice_code:
        return None
    return Organisation.objects.filter(held_on(on), code=person.practice_code).first()


def address_of_service(row: Service, channel: Channel) -> str:
    """Where a service is reached by one way."""
    if channel == Channel.EMAIL:
        return row.email
    if channel == Channel.LETTER:
        site = row.site
        return ", ".join(filter(None, [site.address, site.postcode])) if site else ""
    return row.organisation.code


def address_of(people: Sequence[Person], channel: Channel) -> str:
    """Where somebody is reached by one way: an address, an e-mail address, a mobile number; "" where nobody knows."""
    person = people[0]
    if channel == Channel.LETTER:
        return ", ".join(filter(None, [person.address, person.postcode])) if person.address else ""
    if channel == Channel.TEXT:
        return person.phone if is_mobile(person.phone) else ""
    if channel == Channel.EMAIL:
        told = patients_of([one.pk for one in people]).exclude(email="").order_by("-said_at", "id")
        return told.values_list("email", flat=True).first() or ""
    return ""


def has_account(ids: Sequence[UUID]) -> bool:
    """Whether somebody can sign in for themselves here."""
    return Account.objects.filter(person__in=list(ids), is_active=True).exists()
