"""A team at work: who is in it, what they have to do, who is away, what is vacant. For those who work in it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Prefetch, Q

from locality.base import NotFound, Viewer, ViewerKind
from locality.base.periods import day_of
from locality.directory.models import Site, Team, TeamMembership
from locality.directory.queries.spans import held_on
from locality.directory.queries.teams import members_of
from locality.neighbourhoods.models import Absence, Allocation, Post, PostFilled, SkillHeld, WorkingDay
from locality.neighbourhoods.queries.caseload import seen_places
from locality.neighbourhoods.queries.tasks import seen_tasks
from locality.neighbourhoods.rules.staffing import Fill, Skill, SkillState, fill, skill_state
from locality.neighbourhoods.rules.tasks import OPEN, TaskState

NOT_YOURS = "You do not work in that team, or in none: what a team does is for those who work in it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What somebody has on their hands: tasks and people."""

    open: int = 0
    due: int = 0
    overdue: int = 0
    done_7: int = 0
    done_30: int = 0
    people: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """When and where somebody works today."""

    from_time: time
    until_time: time
    site: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """An absence that holds today or begins within two weeks."""

    id: UUID
    practitioner: UUID
    name: str
    starts_on: date
    ends_on: date
    cover: str

    def holds(self, on: date) -> bool:
        return self.starts_on <= on


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillTold:
    skill: Skill
    state: SkillState
    expires_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One of a team: who employs them, what they have to do, whether they are here."""

    id: UUID
    name: str
    post: str
    employer: str
    phone: str
    work: Work
    today: Today | None
    has_week: bool
    away: Away | None
    skills: tuple[SkillTold, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    id: UUID
    name: str
    hours: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PostTold:
    """A post, who fills it, and what of it is vacant."""

    id: UUID
    title: str
    employer: str
    fill: Fill
    filled_by: tuple[Filling, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamAtWork:
    """A team on a day; `teams` are all those in which the viewer works."""

    team: Team
    teams: list[Team]
    members: list[Member]
    posts: list[PostTold]
    by_employer: list[tuple[str, Fill]]
    fill: Fill
    away: list[Away]
    unowned: int
    on: date
    sites: list[Site]


SOON = timedelta(days=14)


def my_teams(*, viewer: Viewer) -> list[Team]:
    """The teams that somebody works in today, by name; neighbourhoods' own first."""
    if viewer.kind != ViewerKind.PRACTITIONER:
        return []
    rows = Team.objects.filter(pk__in=viewer.teams).select_related("lead_organisation")
    return sorted(rows, key=lambda row: (row.neighbourhood_id is None, row.name))


def team_at_work(*, viewer: Viewer, team: UUID) -> TeamAtWork:
    """One of the viewer's own teams as it is today; NotFound for any other. Ten queries, however many work in it."""
    on, teams = day_of(viewer.at), my_teams(viewer=viewer)
    found = next((one for one in teams if one.pk == team), None)
    if found is None:
        raise NotFound(NOT_YOURS)
    members = list(members_of(found, on=on))
    ids = [one.practitioner_id for one in members]
    work, away = _work(found, ids, viewer), _away(ids, on)
    weeks, skills = _weeks(found, ids, on), _skills(ids, on)
    # whoever is away today
    here_not = {one.practitioner: one for one in away if one.holds(on)}
    posts = _posts(found, on)
    return TeamAtWork(
        team=found,
        teams=teams,
        members=[_member(one, work, weeks, here_not, skills) for one in members],
        posts=[one for one, _ in posts],
        by_employer=_by_employer(posts),
        fill=fill((one.fill.hours, one.fill.filled) for one, _ in posts),
        away=away,
        on=on,
        unowned=work[None].open,
        sites=list(Site.objects.filter(held_on(on), place=found.place_id).order_by("name")),
    )


def members(*, viewer: Viewer, team: UUID) -> list[tuple[str, UUID]]:
    """Who works in one of the viewer's own teams today: name, id; NotFound for any other team. Two queries."""
    found = next((one for one in my_teams(viewer=viewer) if one.pk == team), None)
    if found is None:
        raise NotFound(NOT_YOURS)
    return [(one.practitioner.name, one.practitioner_id) for one in members_of(found, on=day_of(viewer.at))]


def week_of(*, viewer: Viewer, team: UUID, practitioner: UUID) -> list[WorkingDay]:
    """Somebody's usual week in one of the viewer's own teams, as it holds today. One query."""
    rows = WorkingDay.objects.filter(held_on(day_of(viewer.at)), team=team, practitioner=practitioner)
    return list(rows.filter(team__in=viewer.teams).select_related("site").order_by("weekday"))


# ---- parts


@dataclass(frozen=True, slots=True)
class Weeks:
    """Who works today and where, and of whom a usual week is known at all."""

    today: dict[UUID, Today]
    told: set[UUID]


def _member(
    one: TeamMembership,
    work: dict[UUID | None, Work],
    weeks: Weeks,
    away: dict[UUID, Away],
    skills: dict[UUID, list[SkillTold]],
) -> Member:
    who = one.practitioner
    return Member(
        id=who.pk,
        name=who.name,
        post=one.post,
        employer=one.employer.short_name,
        phone=who.phone,
        work=work.get(who.pk, Work()),
        today=weeks.today.get(who.pk),
        has_week=who.pk in weeks.told,
        away=away.get(who.pk),
        skills=tuple(skills.get(who.pk, ())),
    )


def _work(team: Team, ids: list[UUID], viewer: Viewer) -> dict[UUID | None, Work]:
    """Counts alone, of what the viewer may see of the team's tasks and people: they add up to their own lists.

    Under None what is nobody's yet.
    """
    on = day_of(viewer.at)
    is_open = Q(state__in=OPEN)
    tasks = seen_tasks(viewer).filter(Q(owner__in=ids) | Q(owner=None), team=team).values("owner")
    rows = tasks.annotate(
        open=Count("pk", filter=is_open),
        due=Count("pk", filter=is_open & Q(due_on=on)),
        overdue=Count("pk", filter=is_open & Q(due_on__lt=on)),
        done_7=Count("pk", filter=Q(state=TaskState.DONE, ended_at__gt=viewer.at - timedelta(days=7))),
        done_30=Count("pk", filter=Q(state=TaskState.DONE, ended_at__gt=viewer.at - timedelta(days=30))),
    )
    places = seen_places(viewer).filter(team=team)
    held = Allocation.objects.filter(ends_at=None, coordinator__in=ids, caseload__in=places.values("pk"))
    people = dict(held.values_list("coordinator").annotate(many=Count("pk")))
    names = ("open", "due", "overdue", "done_7", "done_30")
    counted = {owner: dict(zip(names, told, strict=True)) for owner, *told in rows.values_list("owner", *names)}
    return {pk: Work(**counted.get(pk, {}), people=people.get(pk, 0)) for pk in (*ids, None)}


def _away(ids: list[UUID], on: date) -> list[Away]:
    rows = Absence.objects.filter(practitioner__in=ids, taken_back_at=None, ends_on__gt=on, starts_on__lte=on + SOON)
    rows = rows.select_related("practitioner", "cover").order_by("starts_on", "practitioner__sort_key")
    return [
        Away(
            id=row.pk,
            practitioner=row.practitioner_id,
            name=row.practitioner.name,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            cover=row.cover.name if row.cover else "",
        )
        for row in rows
    ]


def _weeks(team: Team, ids: list[UUID], on: date) -> Weeks:
    held = WorkingDay.objects.filter(held_on(on), team=team, practitioner__in=ids).select_related("site")
    rows = list(held)
    today = {
        row.practitioner_id: Today(
            from_time=row.from_time, until_time=row.until_time, site=row.site.name if row.site else ""
        )
        for row in rows
        if row.weekday == on.weekday()
    }
    return Weeks(today, {row.practitioner_id for row in rows})


def _skills(ids: list[UUID], on: date) -> dict[UUID, list[SkillTold]]:
    found: dict[UUID, list[SkillTold]] = defaultdict(list)
    for row in SkillHeld.objects.filter(practitioner__in=ids).order_by("skill"):
        state = skill_state(expires_on=row.expires_on, on=on)
        found[row.practitioner_id].append(SkillTold(skill=Skill(row.skill), state=state, expires_on=row.expires_on))
    return found


def _posts(team: Team, on: date) -> list[tuple[PostTold, str]]:
    now = PostFilled.objects.filter(held_on(on)).select_related("practitioner").order_by("practitioner__sort_key")
    rows = Post.objects.filter(held_on(on), team=team).select_related("employer")
    rows = rows.prefetch_related(Prefetch("filled", queryset=now, to_attr="now"))
    found = []
    for row in rows.order_by("title", "pk"):
        filled = [Filling(id=one.pk, name=one.practitioner.name, hours=one.hours) for one in row.now]  # type: ignore[attr-defined]
        told = PostTold(
            id=row.pk,
            title=row.title,
            employer=row.employer.short_name,
            fill=fill([(row.hours, sum((one.hours for one in filled), Decimal(0)))]),
            filled_by=tuple(filled),
        )
        found.append((told, row.employer.name))
    return found


def _by_employer(posts: list[tuple[PostTold, str]]) -> list[tuple[str, Fill]]:
    of: dict[str, list[tuple[Decimal, Decimal]]] = defaultdict(list)
    for one, employer in posts:
        of[employer].append((one.fill.hours, one.fill.filled))
    return [(employer, fill(told)) for employer, told in sorted(of.items())]
