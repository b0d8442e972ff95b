from dataclasses import replace
from datetime import time, timedelta
from decimal import Decimal

import pytest

from locality.base import NotFound, Refused
from locality.directory.models import Site
from locality.journal.models import Event
from locality.neighbourhoods.actions import staffing as actions
from locality.neighbourhoods.actions.caseload import take_on
from locality.neighbourhoods.actions.staffing import Hours
from locality.neighbourhoods.actions.tasks import NewTask, ask
from locality.neighbourhoods.models import Task
from locality.neighbourhoods.queries import staffing
from locality.neighbourhoods.rules.staffing import SkillState, skill_state
from tests import factories as make
from tests.neighbourhoods.caseload_world import coordinator, new, nurse, ruth

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def hub() -> Site:
    told = {"place": make.place(), "organisation": make.organisation("RSB"), "code": "mill-hub", "kind": "hub"}
    return Site.objects.create(id=make.new_id(), name="The Mill (team hub)", **told, **make.ORIGIN)


def at_work(viewer=None):
    return staffing.team_at_work(viewer=viewer or coordinator(), team=make.team().pk)


def member(name: str = "Joanne Fielding"):
    return next(one for one in at_work().members if one.name == name)


def post(hours="37.5", **other):
    told = {"title": "District nurse", "employer": make.organisation("RSB").pk, "starts_on": make.TODAY}
    return actions.add_post(team=make.team().pk, hours=Decimal(hours), by=coordinator(), **(told | other))


def week(*days: int, site=None, starts_on=make.TODAY, by=None):
    told = [Hours(weekday=day, from_time=time(9), until_time=time(17), site=site) for day in days]
    return actions.set_week(
        team=make.team().pk, practitioner=nurse().id, week=told, starts_on=starts_on, by=by or coordinator()
    )


def away(by=None, **other):
    told = {"practitioner": nurse().id, "starts_on": make.TODAY, "ends_on": make.TODAY + 3 * DAY, "cover": None}
    return actions.be_away(team=make.team().pk, by=by or coordinator(), **(told | other))


# ---- posts


def test_a_vacancy_is_what_of_a_teams_hours_nobody_fills_by_employer():
    nurses, social = post("37.5"), post("30", title="Social worker", employer=make.organisation("council").pk)
    actions.fill_post(
        post=nurses.pk, practitioner=nurse().id, hours=Decimal(30), starts_on=make.TODAY, by=coordinator()
    )

    told = at_work()

    assert [(name, fill.hours, fill.vacant) for name, fill in told.by_employer] == [
        ("Smallborough Council", Decimal(30), Decimal(30)),
        ("Smallborough Hospitals", Decimal("37.5"), Decimal("7.5")),
    ]
    assert (told.fill.vacant, round(told.fill.share, 2)) == (Decimal("37.5"), 0.44)
    assert [one.filled_by[0].name for one in told.posts if one.filled_by] == ["Joanne Fielding"]
    assert social.title == "Social worker"


def test_whoever_leaves_a_post_leaves_it_vacant_and_a_post_that_ends_is_no_vacancy():
    one = post()
    filled = actions.fill_post(
        post=one.pk, practitioner=nurse().id, hours=Decimal("37.5"), starts_on=make.TODAY, by=coordinator()
    )

    actions.leave_post(filled=filled.pk, on=make.TODAY, by=coordinator())
    assert at_work().fill.vacant == Decimal("37.5")

    actions.end_post(post=one.pk, on=make.TODAY, by=coordinator())
    assert at_work().posts == []


@pytest.mark.parametrize(
    ("other", "words"),
    [({"title": " "}, "Say what the post is"), ({"hours": "0"}, "from 1 to 60"), ({"hours": "61"}, "from 1 to 60")],
)
def test_a_post_without_a_name_or_of_no_hours_is_refused(other, words):
    with pytest.raises(Refused, match=words):
        post(**other)


def test_a_post_is_filled_by_one_of_the_team_alone():
    with pytest.raises(Refused, match="do not work in this team"):
        actions.fill_post(
            post=post().pk, practitioner=ruth().id, hours=Decimal(10), starts_on=make.TODAY, by=coordinator()
        )


# ---- who keeps it


def test_a_nurse_keeps_her_own_week_and_days_away_and_nobody_elses():
    tom, joanne = nurse("Tom"), nurse()

    week(0, by=joanne)
    away(by=joanne)

    with pytest.raises(Refused, match="coordinator of a team keeps"):
        actions.set_week(team=make.team().pk, practitioner=tom.id, week=[], starts_on=make.TODAY, by=joanne)
    with pytest.raises(Refused, match="coordinator of a team keeps"):
        actions.add_post(
            team=make.team().pk,
            title="Nurse",
            employer=make.organisation("RSB").pk,
            hours=Decimal(10),
            starts_on=make.TODAY,
            by=joanne,
        )


def test_another_teams_people_see_and_change_nothing_of_it():
    other = ruth()
    nurse()

    with pytest.raises(NotFound):
        at_work(other)
    with pytest.raises(NotFound):
        staffing.members(viewer=other, team=make.team().pk)
    with pytest.raises(NotFound):
        actions.be_away(
            team=make.team().pk,
            practitioner=other.id,
            starts_on=make.TODAY,
            ends_on=make.TODAY + DAY,
            cover=None,
            by=other,
        )


# ---- when and where


def test_who_works_today_and_where_is_for_the_team():
    week(3, site=hub().pk)  # a Thursday

    told = member()

    assert (told.today.from_time, told.today.site) == (time(9), "The Mill (team hub)")


def test_a_new_week_ends_the_one_before_on_its_first_day():
    week(3)
    week(0, starts_on=make.TODAY + 7 * DAY)

    now = at_work(coordinator())
    later = at_work(replace(coordinator(), at=make.AT + 7 * DAY))

    def joannes(told):
        return [(one.today is None, one.has_week) for one in told.members if one.name == "Joanne Fielding"]

    assert (joannes(now), joannes(later)) == ([(False, True)], [(True, True)])


def test_whoever_is_away_is_told_with_who_covers_until_they_are_here_after_all():
    tom = nurse("Tom")
    row = away(cover=tom.id)

    assert (member().away.cover, member().away.ends_on) == ("Tom Fielding", make.TODAY + 3 * DAY)

    actions.be_back(team=make.team().pk, absence=row.pk, by=coordinator())
    assert member().away is None


@pytest.mark.parametrize(
    ("other", "words"),
    [({"ends_on": make.TODAY}, "before the first"), ({"cover": "self"}, "Somebody else covers")],
)
def test_days_away_that_cannot_be_are_refused(other, words):
    told = {key: nurse().id if value == "self" else value for key, value in other.items()}

    with pytest.raises(Refused, match=words):
        away(**told)


# ---- skills


def test_a_skill_holds_until_it_expires_and_says_so_when_that_is_soon():
    assert skill_state(expires_on=None, on=make.TODAY) == SkillState.HELD
    assert skill_state(expires_on=make.TODAY, on=make.TODAY) == SkillState.OVER
    assert skill_state(expires_on=make.TODAY + 60 * DAY, on=make.TODAY) == SkillState.ENDS_SOON
    assert skill_state(expires_on=make.TODAY + 61 * DAY, on=make.TODAY) == SkillState.HELD


# ---- work


def task(owner, *, due: int, **other) -> Task:
    told = {"title": "Dress the leg", "team": make.team().pk, "due_on": make.TODAY + due * DAY}
    return ask(new=NewTask(sender=make.organisation("RSB").pk, owner=owner, **told), by=nurse())


def test_work_beside_each_name_is_counted_from_tasks_and_people():
    joanne = nurse()
    take_on(new=new(make.person(), coordinator=joanne.id), by=joanne)
    for due in (-1, 0, 5):
        task(joanne.id, due=due)
    task(None, due=1)
    done = task(joanne.id, due=0)
    Task.objects.filter(pk=done.pk).update(state="done", ended_at=make.AT - 10 * DAY, ended_by=joanne.id)

    work = member().work

    assert (work.people, work.open, work.due, work.overdue, work.done_7, work.done_30) == (1, 3, 1, 1, 0, 1)
    assert at_work().unowned == 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_team_costs_the_same_for_one_and_for_three(django_assert_num_queries, count):
    for number in range(count):
        nurse(f"Nurse{number}")
        post(title=f"Post {number}")
    # whoever looks works in the team too
    viewer, team = coordinator(), make.team().pk

    with django_assert_num_queries(10):
        assert len(staffing.team_at_work(viewer=viewer, team=team).members) == count + 1


def test_every_change_of_a_team_is_on_the_books():
    week(3)
    away()
    post()

    assert sorted(Event.objects.filter(what__startswith="staffing.").values_list("what", flat=True)) == [
        "staffing.away",
        "staffing.post-made",
        "staffing.week-set",
    ]
