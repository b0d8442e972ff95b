"""The demo's caseloads: whom each neighbourhood team looks after, who waits, and who works in it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from locality.access.queries import visible_people
from locality.access.rules import DataClass, RoleCode
from locality.base import NotFound, Viewer, ViewerKind, system
from locality.base.periods import day_of
from locality.demo.borough.telling.staff import name_of
from locality.directory import actions as directory_actions
from locality.directory import queries as directory
from locality.directory.rules import NEIGHBOURHOOD_TEAM
from locality.neighbourhoods.actions import Put, put_forward, staffing
from locality.neighbourhoods.actions.caseload import TakenOn, hand_over, take_on
from locality.neighbourhoods.actions.caseload_progress import mark_at_risk, move_on, note_contact, prioritise, review
from locality.neighbourhoods.actions.staffing import Hours
from locality.neighbourhoods.queries import caseload
from locality.neighbourhoods.queries.staffing import members, team_at_work
from locality.neighbourhoods.rules import Agreed
from locality.neighbourhoods.rules.caseload import CameFrom, Stage
from locality.neighbourhoods.rules.staffing import Skill
from locality.neighbourhoods.rules.tasks import Priority

A_TEAM, YOUNGEST, MOST_ASKED = 40, 50, 200
# who works where nobody of the cast does: invented, and nobody's to sign in as
STAFF = (("coordinator", "Neighbourhood coordinator"), ("nurse", "District nurse"), ("therapist", "Physiotherapist"))
WHYS = (
    "Fell twice at home; strength and balance, and a look at the house",
    "Home from hospital and not yet steady on the stairs",
    "Diabetes that swings, and nobody to help with the insulin",
    "Leg ulcer, dressed twice a week",
    "Short of breath and anxious; in and out of hospital this winter",
    "Memory is going; the family asks what helps",
    "Looks after somebody with dementia, and is worn out",
    "Lonely since last winter; eats little",
)
RISKS = (
    "A daughter does everything, and waits for an operation herself",
    "The paid carers gave notice for the end of the month",
    "The landlord sells the house in the new year",
)
# days before the demo's day: when taken on, when reviewed, when somebody was last in touch; 0 is never
SHAPES = (
    (Stage.NEW, 4, 0, 0), (Stage.ACTIVE, 60, 10, 2), (Stage.ACTIVE, 45, 20, 5), (Stage.STEADY, 200, 40, 20),
    (Stage.ACTIVE, 30, 0, 9), (Stage.NEW, 20, 0, 0), (Stage.STEADY, 320, 130, 0), (Stage.ACTIVE, 75, 35, 34),
)  # fmt: skip


class Named(Protocol):
    """As much of a person as says whether they are taken on."""

    died: bool
    birth_on: date | None


@dataclass(frozen=True, slots=True)
class Cast:
    """Who of the demo is of the cast, and why a team looks after whom of them, in the cast's words."""

    people: frozenset[UUID]
    said: Mapping[UUID, str]


def make_caseload(*, now: datetime, cast: Cast, tell: Callable[[str], None] = lambda words: None) -> None:
    """Take people on to each neighbourhood team's caseload, once: a team that has somebody on it is left alone.

    Of the cast it takes on whoever the team looks after already, and no more; they come first.
    """
    on_it = waiting = 0
    for code in (team.code for team in directory.teams(day_of(now)) if team.kind == NEIGHBOURHOOD_TEAM):
        by = _worker(code, now=now)
        if caseload.counts(viewer=by).total:
            continue
        _staffed(code, by=by)
        rows = visible_people(viewer=by, on=day_of(now), own=True).order_by("sort_key", "pk")
        known = sorted((row.pk for row in rows if _grown(row, on=day_of(now))), key=lambda pk: pk not in cast.people)
        others = _registered(code, cast=cast, by=by)
        people = [*known, *others[2:]][:A_TEAM]
        for number, person in enumerate(people, 1):
            _take_on(number, person, said=cast.said, by=by)
        on_it += len(people)
        waiting += _put_forward(others[:2], by=by)
    if on_it:
        tell(f"Caseloads: {on_it} people taken on, {waiting} put forward")


def _take_on(number: int, person: UUID, *, said: Mapping[UUID, str], by: Viewer) -> None:
    """One person, taken on some weeks ago, and what was done since."""
    stage, taken_days, reviewed_days, contact_days = SHAPES[number % len(SHAPES)]
    (team,), now, at = by.teams, by.at, by.at - timedelta(days=taken_days)
    choices = [pk for _, pk in members(viewer=by, team=team)]
    new = TakenOn(
        person=person,
        team=team,
        why=said.get(person) or WHYS[number % len(WHYS)],
        agreed=Agreed.BEST_INTERESTS if number % 8 == 5 else Agreed.AGREED,
        review_on=day_of(at) + timedelta(days=min(taken_days + 10, 28 + 7 * (number % 3))),
        sender=by.organisation or team,
        came_from=tuple(CameFrom)[number % 4],
        # every seventh waits for somebody to take them
        coordinator=None if number % 7 == 6 else choices[number % len(choices)],
    )
    row = take_on(new=new, by=_at(by, at))
    if stage == Stage.STEADY:
        move_on(caseload=row.pk, stage=Stage.ACTIVE, why="First visit made", by=_at(by, at + timedelta(days=3)))
    if stage != Stage.NEW:
        since = at + timedelta(days=max(3, taken_days // 2))
        move_on(caseload=row.pk, stage=stage, why="", by=_at(by, since))
    if reviewed_days:
        words, then = "As well as can be; goes on", now - timedelta(days=reviewed_days)
        review(caseload=row.pk, next_on=day_of(then) + timedelta(days=42), words=words, by=_at(by, then))
    if contact_days:
        note_contact(person=person, teams=[team], at=now - timedelta(days=contact_days))
    if number % 6 == 1:
        urgent, why = Priority.NOW if number % 12 == 1 else Priority.SOON, "Two falls in a week; alone at night"
        prioritise(caseload=row.pk, priority=urgent, why=why, by=_at(by, now - timedelta(hours=20)))
    if number % 11 == 3:
        mark_at_risk(caseload=row.pk, words=RISKS[number % len(RISKS)], by=_at(by, now - timedelta(days=1)))
    if number % 9 == 4:
        other, then = choices[(number + 1) % len(choices)], now - timedelta(days=2)
        hand_over(caseload=row.pk, coordinator=other, why="Knows the family", by=_at(by, then))


def _grown(person: Named, *, on: date) -> bool:
    """Whoever is alive and of an age at which a neighbourhood team is asked."""
    return not person.died and person.birth_on is not None and (on - person.birth_on).days > YOUNGEST * 365


def _put_forward(people: Sequence[UUID], *, by: Viewer) -> int:
    """Two who wait for the team's answer, with different reasons."""
    (team,) = by.teams
    told = (
        ("The neighbour who does the shopping is in hospital", CameFrom.NOMINATION, Agreed.AGREED),
        ("On the list of people who fell twice in a year, and lives alone", CameFrom.FINDING, Agreed.NOT_ASKED),
    )
    for person, (why, came_from, agreed) in zip(people, told, strict=False):
        put = Put(
            person=person,
            team=team,
            why=why,
            agreed=agreed,
            data_class=DataClass.SUM,
            sender=by.organisation or team,
            came_from=came_from,
        )
        put_forward(put=put, by=_at(by, by.at - timedelta(days=1)))
    return len(people)


def _registered(code: str, *, cast: Cast, by: Viewer) -> list[UUID]:
    """Whom the practices of a neighbourhood have on their lists, nobody of the cast, and the team does not know yet."""
    on, found = day_of(by.at), []
    known = {row.pk for row in visible_people(viewer=by, on=on)} | cast.people
    for practice in directory.team_on(code, on=on).practices:
        doctor = Viewer(
            kind=ViewerKind.PRACTITIONER, id=by.id, role=RoleCode.CLINICIAN, at=by.at, organisation=practice.pk
        )
        rows = visible_people(viewer=doctor, on=on).order_by("sort_key", "pk")[:MOST_ASKED]
        found += [row.pk for row in rows if row.pk not in known and _grown(row, on=on)]
    return found


# ---- who works in it


def _worker(code: str, *, now: datetime) -> Viewer:
    """The coordinator of a team, as they would be signed in; whoever is invented for it where there is nobody."""
    team, on = directory.team(code), day_of(now)
    if not directory.members_of(team, on=on).filter(post=STAFF[0][1]).exists():
        _add_staff(code, by=system(at=now, role="demo"))
    rows = directory.members_of(team, on=on)
    row = rows.filter(post=STAFF[0][1]).first()
    if row is None:
        raise NotFound(f"Nobody coordinates the {team.name}.")
    return Viewer(
        kind=ViewerKind.PRACTITIONER,
        id=row.practitioner_id,
        role=RoleCode.CARE_COORDINATOR,
        name=row.practitioner.name,
        organisation=row.employer_id,
        teams=frozenset({team.pk}),
        at=now,
    )


def _add_staff(code: str, *, by: Viewer) -> None:
    place, team = directory.place(), directory.team(code)
    employer = team.lead_organisation
    for kind, post in STAFF:
        given, family, _, phone = name_of("community", code, kind)
        one = directory_actions.add_practitioner(
            place=place,
            code=f"{code}-{kind}",
            prefix="",
            given=given,
            family=family,
            profession=post,
            phone=phone,
            employer=employer,
            origin="the demo's teams: invented",
            by=by,
        )
        directory_actions.join_team(
            practitioner=one,
            team=team,
            employer=employer,
            post=post,
            starts_on=day_of(by.at) - timedelta(days=420),
            by=by,
        )


def _staffed(code: str, *, by: Viewer) -> None:
    """The posts and who fills them, one of them vacant; trainings, usual weeks at the hub, and somebody away."""
    (team,), on = by.teams, day_of(by.at)
    if team_at_work(viewer=by, team=team).posts:
        return
    told = directory.team_on(code, on=on)
    since = on - timedelta(days=400)
    for number, one in enumerate(told.members):
        hours = Decimal("37.5") if number % 3 else Decimal(30)
        post = staffing.add_post(
            team=team, title=one.post, employer=one.employer_id, hours=Decimal("37.5"), starts_on=since, by=by
        )
        staffing.fill_post(post=post.pk, practitioner=one.practitioner_id, hours=hours, starts_on=since, by=by)
        _trained(number, one.practitioner_id, on=on, by=by)
        _week(code, number, one.practitioner_id, starts_on=since, by=by)
    employer = told.team.lead_organisation_id
    staffing.add_post(
        team=team,
        title="Occupational therapist",
        employer=employer,
        hours=Decimal(30),
        starts_on=on - timedelta(days=60),
        by=by,
    )
    if len(told.members) > 2:
        who, cover = (row.practitioner_id for row in told.members[1:3])
        days = {"starts_on": on - timedelta(days=1), "ends_on": on + timedelta(days=6)}
        staffing.be_away(team=team, practitioner=who, cover=cover, by=by, **days)


def _trained(number: int, practitioner: UUID, *, on: date, by: Viewer) -> None:
    (team,), skills = by.teams, tuple(Skill)
    for place, days in ((number, 200), (number + 3, 30), (number + 7, -10))[: 1 + number % 3]:
        staffing.note_skill(
            team=team,
            practitioner=practitioner,
            skill=skills[place % len(skills)],
            gained_on=on - timedelta(days=365),
            expires_on=on + timedelta(days=days),
            by=by,
        )


def _week(code: str, number: int, practitioner: UUID, *, starts_on: date, by: Viewer) -> None:
    (team,) = by.teams
    sites = team_at_work(viewer=by, team=team).sites
    hub = next((site.pk for site in sites if site.code == f"{code}-hub"), None)
    days = [day for day in range(5) if number % 4 == 0 or day != number % 5]
    week = [Hours(weekday=day, from_time=time(8, 30), until_time=time(16, 30), site=hub) for day in days]
    staffing.set_week(team=team, practitioner=practitioner, week=week, starts_on=starts_on, by=by)


def _at(by: Viewer, at: datetime) -> Viewer:
    """The same, at another moment; as the system, since the demo's sources told of everybody today alone."""
    return replace(by, at=at, kind=ViewerKind.SYSTEM)
