"""Whom the viewer's teams look after: who is on the caseload, who coordinates, what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
    Window,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Coalesce, Least, NullIf

from locality.access.queries import Grant, visible
from locality.base import NotFound, Viewer
from locality.base.parts import Part, part
from locality.base.periods import day_of
from locality.base.words import sort_key
from locality.directory.models import TeamMembership
from locality.directory.queries import names_of
from locality.neighbourhoods.models import Allocation, Caseload, CaseloadHistory
from locality.neighbourhoods.queries.plan_reviews import PlanDue, Plans, plans_due
from locality.neighbourhoods.queries.seen import seen_by
from locality.neighbourhoods.rules.caseload import CameFrom, Happened, Stage, is_quiet
from locality.neighbourhoods.rules.tasks import Priority
from locality.people.models import Person

MOST = 50
NOT_THERE = "Nobody like that is on the caseload of your teams."


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which of the teams' people: all of them, unless more is said."""

    team: UUID | None = None
    mine: bool = False
    stage: Stage | None = None
    unallocated: bool = False
    due: bool = False
    at_risk: bool = False
    words: str = ""
    by_home: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OnIt:
    """One person on a caseload. `home` is the same for those who live together, and empty where that is not told."""

    id: UUID
    person: Person
    team: UUID
    team_name: str
    stage: Stage
    priority: Priority
    priority_why: str
    came_from: CameFrom
    why: str
    coordinator: UUID | None
    coordinator_name: str
    coordinator_left_on: date | None = None
    review_on: date
    overdue_days: int
    plan_due: PlanDue | None = None
    at_risk: str
    last_on: date
    is_quiet: bool
    home: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many are on the caseload of the viewer's teams, and how it stands with them."""

    total: int = 0
    new: int = 0
    active: int = 0
    steady: int = 0
    due: int = 0
    unallocated: int = 0
    at_risk: int = 0
    mine: int = 0
    died: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One line of how somebody's place came to be; `coordinator` is whom it names, where it names one."""

    what: Happened
    was: str
    became: str
    why: str
    at: datetime
    by_name: str
    coordinator: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Somebody's place on a caseload, whole."""

    on_it: OnIt
    agreed: str
    lawful_basis: str
    taken_on_at: datetime
    reviewed_at: datetime | None
    contact_at: datetime | None
    history: tuple[Done, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfPerson:
    """On which team's caseload a person is: for their page."""

    id: UUID
    team_id: UUID
    team: str
    phone: str
    stage: Stage
    coordinator: str
    review_on: date
    at_risk: str


def seen_places(viewer: Viewer) -> QuerySet[Caseload]:
    """The predicate: places on the caseloads of the viewer's own teams, of people whom they may know today."""
    return seen_by(viewer, Caseload.objects.filter(off_at=None))


NAME = Coalesce("person__merged_into__sort_key", "person__sort_key")
# who lives with whom is never told by a protected address: such a person is at home with nobody here
HOME = """
(select case when home.protected or home.postcode = '' or home.address = '' then ''
    else home.postcode || ' ' || lower(regexp_replace(home.address, '[^[:alnum:]]', '', 'g')) end
from people_person own join people_person home on home.id = coalesce(own.merged_into_id, own.id)
where own.id = neighbourhoods_caseload.person_id)
"""
HELD_BY = Allocation.objects.filter(caseload=OuterRef("pk"), ends_at=None)
# the day on which whoever coordinates worked in the team for the last time or leaves it; none for whoever stays
LEAVES_ON = (
    TeamMembership.objects.filter(practitioner=OuterRef("held_by"), team=OuterRef("team"))
    .exclude(ends_on=F("starts_on"))
    .order_by(F("ends_on").desc(nulls_first=True))
    .values("ends_on")[:1]
)
DIED = Q(person__died=True) | Q(person__merged_into__died=True)


def on_it(
    *, viewer: Viewer, asked: Asked, page: int = 1, most: int = MOST, plans: Plans | None = None
) -> tuple[list[OnIt], Part]:
    """Who is on the caseload, the longest overdue for review first; a part of them, and how many in all.

    Two queries where they fit on a page, three where they do not; and one for whose plan is due, unless `plans` says.
    `by_home` keeps those together who live together.
    """
    plans = plans_due(viewer=viewer, on=day_of(viewer.at)) if plans is None else plans
    rows = _facts(_narrowed(seen_places(viewer), asked, viewer, plans)).annotate(first=_first_day(plans))
    order: list[object] = ["first", "priority", NAME, "pk"]
    if asked.by_home:
        alone = Coalesce(NullIf(F("home"), Value("", output_field=TextField())), Cast("pk", TextField()))
        rows = rows.annotate(together=alone).annotate(first_on=Window(Min("first"), partition_by=F("together")))
        order = ["first_on", "together", *order]
    found, shown = part(rows.order_by(*order), most=most, page=page)  # type: ignore[arg-type]
    return _told(found, plans, on=day_of(viewer.at)), shown


def counts(*, viewer: Viewer, team: UUID | None = None, plans: Plans | None = None) -> Counts:
    """How many, by stage and by what waits. One query, and one for whose plan is due, unless `plans` says it."""
    plans = plans_due(viewer=viewer, on=day_of(viewer.at)) if plans is None else plans
    rows = seen_places(viewer)
    if team is not None:
        rows = rows.filter(team=team)
    rows = rows.annotate(held=Exists(HELD_BY), own=Exists(HELD_BY.filter(coordinator=viewer.id)))
    told = rows.aggregate(
        total=Count("pk"),
        new=Count("pk", filter=Q(stage=Stage.NEW)),
        active=Count("pk", filter=Q(stage=Stage.ACTIVE)),
        steady=Count("pk", filter=Q(stage=Stage.STEADY)),
        due=Count("pk", filter=_is_due(viewer, plans)),
        unallocated=Count("pk", filter=Q(held=False)),
        at_risk=Count("pk", filter=~Q(at_risk="")),
        mine=Count("pk", filter=Q(own=True)),
        died=Count("pk", filter=DIED),
    )
    return Counts(**told)


def waiting(*, viewer: Viewer) -> Counts:
    """The counts for home: how many are on it, and of how many something waits. Two queries."""
    return counts(viewer=viewer)


def place(*, viewer: Viewer, caseload: UUID) -> Place:
    """One place on a caseload of the viewer's teams with its history, the last first; NotFound otherwise. Four
    queries."""
    row = _facts(seen_places(viewer).filter(pk=caseload)).first()
    if row is None:
        raise NotFound(NOT_THERE)
    lines = list(CaseloadHistory.objects.filter(caseload=caseload).order_by("-at", "-pk"))
    named = {line.by for line in lines} | {UUID(line.became) for line in lines if line.what == Happened.ALLOCATED}
    names = names_of(named)
    plans = plans_due(viewer=viewer, on=day_of(viewer.at))
    [told] = _told([row], plans, on=day_of(viewer.at))
    return Place(
        on_it=told,
        agreed=row.agreed,
        lawful_basis=row.lawful_basis,
        taken_on_at=row.taken_on_at,
        reviewed_at=row.reviewed_at,
        contact_at=row.contact_at,
        history=tuple(_line(line, names) for line in lines),
    )


def of_person(*, grant: Grant) -> list[OfPerson]:
    """On which teams' caseloads a person is, for whoever opened their record. Two queries."""
    rows = Caseload.objects.filter(off_at=None, person__in=grant.person_ids).alias(thing=F("pk"))
    seen = _held_by(Caseload.objects.filter(pk__in=rows.filter(visible(grant)).values("pk")))
    found = list(seen.select_related("team").order_by("taken_on_at", "pk"))
    names = names_of(row.held_by for row in found)  # type: ignore[attr-defined]
    return [
        OfPerson(
            id=row.pk,
            team_id=row.team_id,
            team=row.team.name,
            phone=row.team.phone,
            stage=Stage(row.stage),
            coordinator=names.get(row.held_by, ""),  # type: ignore[attr-defined]
            review_on=row.review_on,
            at_risk=row.at_risk,
        )
        for row in found
    ]


# ---- parts


def _narrowed(rows: QuerySet[Caseload], asked: Asked, viewer: Viewer, plans: Plans) -> QuerySet[Caseload]:
    told = (
        (asked.team, Q(team=asked.team)),
        (asked.stage, Q(stage=asked.stage)),
        (asked.mine, Q(Exists(HELD_BY.filter(coordinator=viewer.id)))),
        (asked.unallocated, ~Q(Exists(HELD_BY))),
        (asked.due, _is_due(viewer, plans)),
        (asked.at_risk, ~Q(at_risk="")),
    )
    wanted = Q()
    for is_asked, meant in told:
        wanted &= meant if is_asked else Q()
    typed = sort_key(asked.words).split()
    if typed:
        rows = rows.alias(name=NAME)
        for word in typed:
            wanted &= Q(name__contains=word)
    return rows.filter(wanted)


def _is_due(viewer: Viewer, plans: Plans) -> Q:
    """Whether the day has come to look at them again, or at their plan."""
    return Q(review_on__lte=day_of(viewer.at)) | Q(kept__in=list(plans))


def _first_day(plans: Plans) -> Least:
    """The first of the day of their review and, where it has come, that of their plan."""
    days: dict[date, list[UUID]] = {}
    for whose, due in plans.items():
        days.setdefault(due.on, []).append(whose)
    come = [When(kept__in=whose, then=Value(on)) for on, whose in sorted(days.items())]
    return Least("review_on", Case(*come, default=None, output_field=DateField()))


def _facts(rows: QuerySet[Caseload]) -> QuerySet[Caseload]:
    rows = _held_by(rows).annotate(home=RawSQL(HOME, [], output_field=TextField()))  # noqa: S611 -- no values in it
    rows = rows.annotate(leaves_on=Subquery(LEAVES_ON), team_name=F("team__name"))
    return rows.select_related("person", "person__merged_into")


def _held_by(rows: QuerySet[Caseload]) -> QuerySet[Caseload]:
    return rows.annotate(held_by=Subquery(HELD_BY.values("coordinator")[:1]))


def _told(rows: Sequence[Caseload], plans: Plans, *, on: date) -> list[OnIt]:
    names = names_of(row.held_by for row in rows)  # type: ignore[attr-defined]
    return [_one(row, names, plans, on=on) for row in rows]


def _one(row: Caseload, names: dict[UUID, str], plans: Plans, *, on: date) -> OnIt:
    last_on = day_of(max(at for at in (row.taken_on_at, row.reviewed_at, row.contact_at) if at))
    held_by: UUID | None = row.held_by  # type: ignore[attr-defined]
    leaves_on: date | None = row.leaves_on  # type: ignore[attr-defined]
    return OnIt(
        id=row.pk,
        person=row.person.merged_into or row.person,
        team=row.team_id,
        team_name=row.team_name,  # type: ignore[attr-defined]
        stage=Stage(row.stage),
        priority=Priority(row.priority),
        priority_why=row.priority_why,
        came_from=CameFrom(row.came_from),
        why=row.why,
        coordinator=held_by,
        coordinator_name=names.get(held_by, "") if held_by else "",
        coordinator_left_on=leaves_on if leaves_on and leaves_on <= on else None,
        review_on=row.review_on,
        overdue_days=max((on - row.review_on).days, 0),
        plan_due=plans.get(row.person.merged_into_id or row.person_id),
        at_risk=row.at_risk,
        last_on=last_on,
        is_quiet=is_quiet(stage=Stage(row.stage), last_on=last_on, on=on),
        home=row.home,  # type: ignore[attr-defined]
        version=row.version,
    )


def _line(line: CaseloadHistory, names: dict[UUID, str]) -> Done:
    allocated = line.what == Happened.ALLOCATED
    return Done(
        what=Happened(line.what),
        was="" if allocated else line.was,
        became="" if allocated else line.became,
        why=line.why,
        at=line.at,
        by_name=names.get(line.by, ""),
        coordinator=names.get(UUID(line.became), "") if allocated else "",
    )
