"""Whose plan is to be looked at again stands on the caseload, at home and on the agenda, with the reason."""

from datetime import date, timedelta

import pytest

from locality.access.models import Objection, PersonSeal
from locality.access.rules import Seal
from locality.neighbourhoods.actions import agenda, plans
from locality.neighbourhoods.actions.caseload import take_on
from locality.neighbourhoods.models import Caseload, MeetingItem, PlanPart
from locality.neighbourhoods.queries import caseload as queries
from locality.neighbourhoods.queries.caseload import Asked
from locality.neighbourhoods.queries.plan_reviews import PlanDue
from locality.neighbourhoods.rules.caseload import OffReason, Stage
from locality.neighbourhoods.rules.meetings import Why
from locality.neighbourhoods.rules.plans import Content, GoalState, PartKind, Whose
from locality.people.actions import merge_people
from locality.people.models import Person
from tests import factories as make
from tests.neighbourhoods.caseload_world import new, nurse, ruth
from tests.neighbourhoods.meeting_world import planned, sadia
from tests.neighbourhoods.test_kept_back import marked, objects

pytestmark = pytest.mark.django_db
LATE = make.TODAY - timedelta(days=9)
AHEAD = make.TODAY + timedelta(days=1)


def looked_after(given: str, **other) -> Person:
    """On the team's caseload, and not to be looked at again for a fortnight."""
    person = make.person("Whitaker", given)
    take_on(new=new(person, **other), by=nurse())
    return person


def written(person: Person, kind: PartKind, content: Content, by=None) -> PlanPart:
    by = by or nurse()
    return plans.write(kind=kind, content=content, grant=make.opened(person, by), by=by)


def review(person: Person, on: date, **other) -> PlanPart:
    return written(person, PartKind.REVIEW, Content(by_on=on), **other)


def goal(person: Person, on: date, state: GoalState = GoalState.WORKING) -> PlanPart:
    return written(person, PartKind.GOAL, Content(words="My stairs", whose=Whose.PERSON, by_on=on, state=state))


def due(viewer=None) -> dict[str, PlanDue | None]:
    found, _ = queries.on_it(viewer=viewer or nurse(), asked=Asked(due=True))
    return {one.person.given: one.plan_due for one in found}


def on_agenda() -> dict[str, tuple[str, date]]:
    """Who is on today's agenda once it is drawn up: why, and since when."""
    agenda.draw_up(meeting_id=planned().pk, by=sadia())
    return {one.person.given: (one.why, one.since) for one in MeetingItem.objects.select_related("person")}


def test_whose_plan_or_goal_is_due_is_on_the_list_and_on_the_agenda_since_its_day_and_nobody_else():
    review(looked_after("Late"), LATE)
    review(looked_after("Today"), make.TODAY)
    review(looked_after("Ahead"), AHEAD)
    goal(looked_after("Goal"), LATE)
    goal(looked_after("Partly"), LATE, GoalState.PARTLY)
    goal(looked_after("Reached"), LATE, GoalState.REACHED)
    goal(looked_after("Stopped"), LATE, GoalState.STOPPED)

    days = {"Late": LATE, "Today": make.TODAY, "Goal": LATE, "Partly": LATE}
    assert due() == {who: PlanDue(on=on, is_goal=who in ("Goal", "Partly")) for who, on in days.items()}
    assert queries.counts(viewer=nurse()).due == 4
    assert on_agenda() == {who: (Why.PLAN, on) for who, on in days.items()}


def test_the_first_day_counts_and_where_both_fall_on_one_the_plans_own():
    peggy, stan = looked_after("Peggy"), looked_after("Stan")
    review(peggy, make.TODAY)
    goal(peggy, LATE)
    review(stan, LATE)
    goal(stan, LATE)

    assert due() == {"Peggy": PlanDue(on=LATE, is_goal=True), "Stan": PlanDue(on=LATE, is_goal=False)}


def test_the_longest_overdue_comes_first_be_it_the_person_or_the_plan():
    for given, days in (("Recent", 1), ("Longest", 20)):
        Caseload.objects.filter(person=looked_after(given)).update(review_on=make.TODAY - timedelta(days=days))
    review(looked_after("Between"), LATE)
    looked_after("Ahead")

    found, _ = queries.on_it(viewer=nurse(), asked=Asked())

    assert [one.person.given for one in found] == ["Longest", "Between", "Recent", "Ahead"]


def test_their_own_review_and_care_at_risk_come_before_the_plan_on_the_agenda():
    for given, changed in (("Review", {"review_on": make.TODAY}), ("Risk", {"at_risk": "Her daughter moves away"})):
        person = looked_after(given)
        review(person, LATE)
        Caseload.objects.filter(person=person).update(**changed)

    assert on_agenda() == {"Review": (Why.REVIEW, make.TODAY), "Risk": (Why.AT_RISK, make.TODAY)}


def test_a_new_day_or_a_review_taken_out_ends_it():
    moved, out = looked_after("Moved"), looked_after("Out")
    part, taken = review(moved, LATE), review(out, LATE)
    before, by = due(), nurse()

    content = Content(by_on=AHEAD)
    plans.write(kind=PartKind.REVIEW, content=content, grant=make.opened(moved, by), by=by, part=part.pk, version=1)
    plans.remove(part=taken.pk, version=1, grant=make.opened(out, by), by=by)

    assert sorted(before) == ["Moved", "Out"]
    assert (due(), on_agenda()) == ({}, {})


def test_what_somebody_sealed_or_another_organisation_wrote_of_whoever_objects_puts_nobody_on_it():
    sealed, objecting, own = looked_after("Sealed"), looked_after("Objecting"), looked_after("Own")
    marked(PersonSeal, sealed, thing=review(sealed, LATE).pk, seal=Seal.SEALED)
    review(objecting, LATE)
    PlanPart.objects.filter(person=objecting).update(sender=make.organisation("SHT"))
    objects(objecting)
    review(own, LATE)
    objects(own)

    assert Objection.objects.count() == 2
    assert (sorted(due()), sorted(on_agenda())) == (["Own"], ["Own"])


def test_another_team_and_who_came_off_the_caseload_are_not_told():
    review(looked_after("Peggy"), LATE)
    off = looked_after("Off")
    review(off, LATE)
    Caseload.objects.filter(person=off).update(
        off_at=make.AT, off_reason=OffReason.MOVED, off_by=nurse().id, stage=Stage.OFF
    )

    assert (sorted(due()), due(ruth())) == (["Peggy"], {})


def test_a_plan_begun_under_an_earlier_identity_counts_for_the_person():
    kept, alias = looked_after("Peggy"), make.person("Whitaker", "Margaret")
    make.relationship(alias)
    review(alias, LATE)
    merge_people(kept=kept, alias=alias, reason="The same", by=make.viewer())

    assert due() == {"Peggy": PlanDue(on=LATE, is_goal=False)}
    assert on_agenda() == {"Peggy": (Why.PLAN, LATE)}


@pytest.mark.parametrize("count", [1, 3])
def test_those_whose_plan_is_due_cost_the_same_for_one_and_for_three(django_assert_num_queries, count):
    for number in range(count):
        review(looked_after(f"G{number}"), LATE - timedelta(days=number))
    viewer = nurse()

    with django_assert_num_queries(2):
        assert len(queries.on_it(viewer=viewer, asked=Asked(due=True))[0]) == count
    with django_assert_num_queries(2):
        assert queries.counts(viewer=viewer).due == count
