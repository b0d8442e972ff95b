"""The people of a service that moved: whom to write to, by which way, who is not written to and why, in figures."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from locality.access import wall
from locality.access.models import Account, AddressGrant, Objection, Relationship
from locality.access.queries import known_as
from locality.access.queries.knowing import KEPT, holds
from locality.access.rules import ObjectionKind, parent_until
from locality.base import NoAccess, NotFound, Viewer
from locality.base.periods import day_of
from locality.base.words import date_words
from locality.directory.models import Team
from locality.directory.queries import SOMEBODY, names_of
from locality.neighbourhoods.models import Caseload, Message, Transfer, TransferWriting
from locality.neighbourhoods.queries.leaving import address_of
from locality.neighbourhoods.queries.transfers import NO_TRANSFER, NOT_YOURS, seen_moves
from locality.neighbourhoods.rules.messages import Template
from locality.neighbourhoods.rules.outbox import Channel, Found, MessageState, Stop, ToKind, stopped
from locality.neighbourhoods.rules.transfer_people import (
    ABOUT,
    NO_PHONE,
    NO_TEMPLATE,
    NOT_YOUR_SIDE,
    TEMPLATE,
    WHY_NOT,
    check_signed,
    said,
)
from locality.neighbourhoods.rules.transfers import Side, TransferState, may_look, side_of
from locality.people.models import Person
from locality.people.queries.earlier import is_earlier

THEIR_NAME, PARENT = "(their name)", "parent or carer of {name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToTell:
    """One person on a caseload that moved: by which way they are told, or why not; `teams` are name and telephone."""

    person: UUID
    name: str
    to_name: str
    team: UUID
    teams: tuple[tuple[str, str], ...]
    channel: Channel
    stop: Stop | None
    is_written: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What pressing would do, in figures, and the words as they go; `missing` is what is to be mended before."""

    here: int
    letters: int
    written: int
    not_written: tuple[tuple[str, int], ...]
    subject: str
    body: str
    missing: tuple[str, ...]

    @property
    def to_write(self) -> int:
        """How many are written to."""
        return self.here + self.letters


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """How far it is, and what became of what was written: `failed` was not taken or may not go."""

    by: str
    at: datetime
    total: int
    asked: int
    is_open: bool
    sent: int
    waiting: int
    letters: int
    failed: int
    taken_back: int
    not_written: tuple[tuple[str, int], ...]


def to_be_told(*, viewer: Viewer, transfer: UUID) -> Transfer:
    """A signed move whose people the viewer's side looks after now. Raises NotFound, Refused, NoAccess."""
    if not may_look(viewer):
        raise NoAccess(NOT_YOURS)
    row = seen_moves(viewer).filter(pk=transfer).first()
    if row is None:
        raise NotFound(NO_TRANSFER)
    check_signed(TransferState(row.state))
    if side_of(viewer, from_=row.from_organisation_id, to=row.to_organisation_id) != Side.TO:
        raise NoAccess(NOT_YOUR_SIDE)
    return row


# of whole teams, for those who tell them and may be of none of them: in figures alone, and of nobody
@wall.down()
def preview(*, viewer: Viewer, transfer: UUID, templates: Collection[Template]) -> Preview:
    """Who would be written to now, and in which words; as many queries for one as for all. Raises as above."""
    row = to_be_told(viewer=viewer, transfer=transfer)
    people = whom(row, writer=viewer.id, at=viewer.at)
    new = [one for one in people if not one.is_written]
    told = [one for one in new if one.stop is None]
    template = template_of(templates)
    words: dict[str, Any] = {"name": THEIR_NAME, "teams": told[0].teams if told else (), "told": known(row)}
    ways = Counter(one.channel for one in told)
    return Preview(
        here=ways[Channel.HERE],
        letters=ways[Channel.LETTER],
        written=len(people) - len(new),
        not_written=_why_not(Counter(one.stop for one in new if one.stop)),
        subject=said(template.subject, **words) if template else "",
        body=said(template.body, **words) if template else "",
        missing=tuple(missing(template, told)),
    )


def missing(template: Template | None, told: Collection[ToTell]) -> list[str]:
    """What is to be mended before anybody can be written to."""
    silent = sorted({team for one in told for team, phone in one.teams if not phone})
    return [*([] if template else [NO_TEMPLATE]), *(NO_PHONE.format(team=team) for team in silent)]


@wall.down()
def writing(*, viewer: Viewer, transfer: UUID) -> Writing | None:
    """What came of writing to them; None where nobody did yet. Five queries. Raises NotFound, Refused, NoAccess."""
    row = to_be_told(viewer=viewer, transfer=transfer)
    run = row.writings.order_by("-begun_at").first()
    if run is None:
        return None
    messages = Message.objects.filter(about=ABOUT, about_id=row.pk, sender=row.to_organisation_id)
    letters = Count("pk", filter=Q(channel=Channel.LETTER))
    states = messages.order_by().values_list("state").annotate(many=Count("pk"), letters=letters)
    told = {MessageState(state): (many, post) for state, many, post in states}
    many: Counter[MessageState] = Counter({state: one for state, (one, _) in told.items()})
    return Writing(
        by=names_of([run.begun_by]).get(run.begun_by, SOMEBODY),
        at=run.begun_at,
        total=run.total,
        asked=min(run.asked, run.total),
        is_open=run.ended_at is None,
        sent=many[MessageState.SENT] + many[MessageState.ANSWERED],
        waiting=many[MessageState.WAITING],
        letters=told.get(MessageState.WAITING, (0, 0))[1],
        failed=many[MessageState.FAILED] + many[MessageState.STOPPED],
        taken_back=many[MessageState.WITHDRAWN],
        not_written=_why_not(_last_known(row)),
    )


def _last_known(row: Transfer) -> Counter[Stop]:
    """Why some were not written to, as it was found the last time that everybody was asked about."""
    run: TransferWriting | None = row.writings.order_by("ended_at", "begun_at").exclude(ended_at=None).last()
    run = run or row.writings.order_by("begun_at").last()
    return Counter({Stop(why): many for why, many in (run.kept_from if run else {}).items()})


def _why_not(many: Counter[Stop]) -> tuple[tuple[str, int], ...]:
    return tuple((words, many[why]) for why, words in WHY_NOT.items() if many[why])


def template_of(templates: Iterable[Template]) -> Template | None:
    """The place's words for it."""
    return next((one for one in templates if one.code == TEMPLATE), None)


def known(row: Transfer) -> dict[str, str]:
    """What is the same for everybody."""
    assert row.moved_at is not None
    return {
        "before": row.from_organisation.name,
        "organisation": row.to_organisation.name,
        "moved_on": date_words(day_of(row.moved_at)),
    }


# ---- whom


def teams_of(row: Transfer) -> list[Team]:
    """The teams that moved and are still the new organisation's, by name."""
    rows = Team.objects.filter(pk__in=row.parts.exclude(team=None).values("team"))
    return list(rows.filter(lead_organisation=row.to_organisation_id).order_by("name", "pk"))


def _places(row: Transfer, teams: Collection[Team]) -> QuerySet[Any]:
    """Who was on a caseload when it moved and still is. Whoever has another identity now is on no list."""
    rows = Caseload.objects.filter(off_at=None, taken_on_at__lte=row.moved_at, team__in=teams)
    return rows.annotate(who=KEPT).filter(~is_earlier("who"))


def how_many(row: Transfer) -> int:
    """How many people they are."""
    return _places(row, teams_of(row)).values("who").distinct().count()


def whom(
    row: Transfer, *, writer: UUID, at: datetime, after: UUID | None = None, most: int | None = None
) -> list[ToTell]:
    """The people, in an order that stays, with what the check at the moment of sending would say. Nine queries.

    It asks of many at once what `leaving.checked` asks of one.
    """
    teams = teams_of(row)
    places = _places(row, teams)
    ids = places.order_by("who").values_list("who", flat=True).distinct()
    if after is not None:
        ids = ids.filter(who__gt=after)
    kept = list(ids[:most])
    own, people = _own_teams(places.filter(who__in=kept), teams), _people_of(kept)
    marks = _marks(row, [one.pk for same in people.values() for one in same], teams, writer=writer, on=day_of(at))
    return [_to_tell(people[one], own[one], marks, row, writer=writer, on=day_of(at)) for one in kept]


def _own_teams(places: QuerySet[Any], teams: Sequence[Team]) -> dict[UUID, list[Team]]:
    """By which of the teams each is looked after, by name."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for who, team in places.values_list("who", "team"):
        found[who].add(team)
    return {who: [one for one in teams if one.pk in own] for who, own in found.items()}


def _people_of(kept: Sequence[UUID]) -> dict[UUID, list[Person]]:
    """Who is one human being: the kept person first, as `same_person` has it."""
    found: dict[UUID, list[Person]] = defaultdict(list)
    rows = Person.objects.filter(Q(pk__in=kept) | Q(merged_into__in=kept))
    for person in rows.order_by(F("merged_into").asc(nulls_first=True), "pk"):
        found[person.merged_into_id or person.pk].append(person)
    return found


Reason = tuple[UUID | None, UUID | None, UUID | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Marks:
    """What is known of many people at once: by whom (team, practitioner, organisation) each may be known, and so on."""

    reasons: dict[UUID, list[Reason]]
    granted: dict[UUID, list[Reason]]
    accounts: set[UUID | None]
    objecting: set[UUID]
    written: set[UUID]


def _marks(row: Transfer, ids: Sequence[UUID], teams: Sequence[Team], *, writer: UUID, on: date) -> _Marks:
    to, own = row.to_organisation_id, Q(practitioner=writer) | Q(team__in=teams)
    reasons = Relationship.objects.filter(own | Q(organisation=to), holds(on), person__in=ids)
    granted = AddressGrant.objects.filter(own, holds(on), person__in=ids)
    objects_to = Q(organisation=None) | Q(organisation=row.from_organisation_id)
    objections = Objection.objects.filter(objects_to, holds(on), person__in=ids, kind=ObjectionKind.SHARING)
    accounts = Account.objects.filter(person__in=ids, is_active=True)
    messages = Message.objects.filter(about=ABOUT, about_id=row.pk, person__in=ids)
    return _Marks(
        reasons=_by_person(reasons.values_list("person", "team", "practitioner", "organisation")),
        granted=_by_person((who, team, by, None) for who, team, by in granted.values_list(*GRANTED)),
        accounts=set(accounts.values_list("person", flat=True)),
        objecting=set(objections.values_list("person", flat=True)),
        written=set(messages.values_list("person", flat=True)),
    )


GRANTED = ("person", "team", "practitioner")


def _by_person(rows: Iterable[tuple[UUID, UUID | None, UUID | None, UUID | None]]) -> dict[UUID, list[Reason]]:
    found: dict[UUID, list[Reason]] = defaultdict(list)
    for who, *reason in rows:
        found[who].append((reason[0], reason[1], reason[2]))
    return found


def _to_tell(
    same: Sequence[Person], teams: Sequence[Team], marks: _Marks, row: Transfer, *, writer: UUID, on: date
) -> ToTell:
    person, ids = same[0], {one.pk for one in same}
    own = (teams[0].pk, writer, row.to_organisation_id)
    has_account = bool(ids & marks.accounts)
    channel = Channel.HERE if has_account else Channel.LETTER
    # as long as a parent may act for a child, a letter is theirs to open
    is_a_child = person.birth_on is not None and on < parent_until(person.birth_on)
    parent = PARENT.format(name=known_as(person)) if is_a_child and not has_account else ""
    found = Found(
        channel=channel,
        to_kind=ToKind.PERSON,
        died=any(one.died for one in same),
        related=_is_one_of(own, ids, marks.reasons),
        protected=any(one.protected for one in same),
        address_granted=_is_one_of(own, ids, marks.granted),
        has_account=has_account,
        address=address_of(same, channel),
    )
    return ToTell(
        person=person.pk,
        name=parent or person.likes or known_as(person) or "friend",
        to_name=(f"The {parent}" if parent else known_as(person)) or "Name not known",
        team=teams[0].pk,
        teams=tuple((one.name, one.phone) for one in teams),
        channel=channel,
        # the check lets what is for themselves go: here it would be told from what they object to sharing
        stop=stopped(found) or (Stop.OBJECTED if ids & marks.objecting else None),
        is_written=bool(ids & marks.written),
    )


def _is_one_of(own: Reason, ids: Collection[UUID], reasons: dict[UUID, list[Reason]]) -> bool:
    """Whether one of these reasons is the team's, the writer's or the organisation's."""
    return any(
        mine == theirs is not None for who in ids for one in reasons[who] for mine, theirs in zip(own, one, strict=True)
    )
