"""To whom something about a person may be written, and by which ways, from what is known."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from locality.access.queries import Grant
from locality.access.queries.acting import known_as, proxies_of
from locality.directory.models import Service
from locality.directory.queries.spans import held_on, in_place
from locality.neighbourhoods.queries.leaving import address_of, address_of_service, has_account, practice_of
from locality.neighbourhoods.rules.outbox import Channel, ToKind, is_secure
from locality.people.models import Person
from locality.people.queries import same_person
from locality.record.queries.identity import tells_place

MOST_SERVICES = 12
NO_ACCOUNT = "they cannot sign in here yet"
NOT_KNOWN = "not known"
NOT_TOLD = "not shown to you"
NO_MOBILE = "no mobile number is known"
NOT_SECURE = "their address is not on a secure domain: refer them by a link instead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to somebody: where it ends, or why it is not open."""

    channel: Channel
    address: str = ""
    why_not: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """Somebody to whom it may go."""

    kind: ToKind
    id: UUID
    name: str
    words: str
    ways: tuple[Way, ...]
    organisation: UUID | None = None

    @property
    def key(self) -> str:
        return f"{self.kind}.{self.id}"

    @property
    def open_ways(self) -> list[Way]:
        """The ways that are open."""
        return [one for one in self.ways if not one.why_not]


def receivers(*, grant: Grant, secure: Collection[str] = (), services: str = "") -> list[Receiver]:
    """The person, who acts for them, their practice, and the services whose name has the words that are asked for."""
    found = [] if grant.person.died else [_person(grant, secure=secure), *_proxies(grant)]
    practice = practice_of(grant.person, on=grant.on)
    if practice is not None and tells_place(grant):
        way = Way(channel=Channel.PRACTICE, address=practice.code)
        found.append(
            Receiver(
                kind=ToKind.PRACTICE,
                id=practice.pk,
                name=practice.name,
                words="their practice",
                ways=(way,),
                organisation=practice.pk,
            )
        )
    if services.strip() and not grant.person.died:
        found += _services(services, on=grant.on, secure=secure)
    return found


def _person(grant: Grant, *, secure: Collection[str]) -> Receiver:
    people = [grant.person, *Person.objects.filter(pk__in=grant.person_ids).exclude(pk=grant.person.pk)]
    account, tells = has_account(grant.person_ids), tells_place(grant)
    ways = (
        _here(account),
        _told(Channel.LETTER, people, tells=tells),
        _notice(Channel.EMAIL, people, account=account, tells=tells, secure=secure),
        _notice(Channel.TEXT, people, account=account, tells=tells),
    )
    return Receiver(kind=ToKind.PERSON, id=grant.person.pk, name=known_as(grant.person), words="the person", ways=ways)


def _proxies(grant: Grant) -> list[Receiver]:
    protected = grant.opening.context.protected
    rows = [one for one in proxies_of(person_ids=grant.person_ids, on=grant.on) if one.starts_on <= grant.on]
    found: dict[UUID, Receiver] = {}
    for one in rows:
        who = one.proxy.merged_into or one.proxy
        if who.died or protected and not one.knows_address:
            continue
        ways = (_here(has_account([who.pk, one.proxy_id])),)
        found.setdefault(
            who.pk, Receiver(kind=ToKind.PROXY, id=who.pk, name=known_as(who), words="acts for them", ways=ways)
        )
    return list(found.values())


def _services(words: str, *, on: date, secure: Collection[str]) -> list[Receiver]:
    rows = Service.objects.filter(held_on(on), in_place("")).select_related("site", "organisation")
    for word in words.split()[:5]:
        rows = rows.filter(name__icontains=word) | rows.filter(organisation__name__icontains=word)
    return [_service(row, secure=secure) for row in rows.order_by("name", "code")[:MOST_SERVICES]]


def _service(row: Service, *, secure: Collection[str]) -> Receiver:
    post = address_of_service(row, Channel.LETTER)
    mail = Way(channel=Channel.EMAIL, address=row.email, why_not="" if row.email else NOT_KNOWN)
    if row.email and not is_secure(row.email, secure):
        mail = Way(channel=Channel.EMAIL, address=row.email, why_not=NOT_SECURE)
    return Receiver(
        kind=ToKind.SERVICE,
        id=row.pk,
        name=row.name,
        words=row.organisation.name,
        ways=(Way(channel=Channel.LETTER, address=post, why_not="" if post else NOT_KNOWN), mail),
        organisation=row.organisation_id,
    )


def _here(account: bool) -> Way:
    return Way(channel=Channel.HERE, why_not="" if account else NO_ACCOUNT)


def _told(channel: Channel, people: Sequence[Person], *, tells: bool) -> Way:
    if not tells:
        return Way(channel=channel, why_not=NOT_TOLD)
    address = address_of(people, channel)
    return Way(channel=channel, address=address, why_not="" if address else NOT_KNOWN)


def _notice(
    channel: Channel, people: Sequence[Person], *, account: bool, tells: bool, secure: Collection[str] = ()
) -> Way:
    """A way by which somebody is told to sign in and read; what is said goes by it only to a secure domain."""
    way = _told(channel, people, tells=tells)
    if not way.why_not and not account and not (channel == Channel.EMAIL and is_secure(way.address, secure)):
        return Way(channel=channel, address=way.address, why_not=NO_ACCOUNT)
    if channel == Channel.TEXT and way.why_not == NOT_KNOWN:
        return Way(channel=channel, why_not=NO_MOBILE)
    return way


def receiver_of(*, grant: Grant, kind: ToKind, to_id: UUID, secure: Collection[str] = ()) -> Receiver | None:
    """One of them by its kind and id; None where nothing may be written to them."""
    if kind == ToKind.SERVICE:
        row = Service.objects.filter(held_on(grant.on), pk=to_id).select_related("site", "organisation").first()
        return _service(row, secure=secure) if row is not None and not grant.person.died else None
    wanted = same_person(to_id)[0].pk if kind in (ToKind.PERSON, ToKind.PROXY) else to_id
    told = receivers(grant=grant, secure=secure)
    return next((one for one in told if (one.kind, one.id) == (kind, wanted)), None)
