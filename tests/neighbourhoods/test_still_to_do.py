"""A team's reason to know somebody ends: what it still has to do for them keeps it, and nothing else does."""

from datetime import timedelta

import pytest

from locality.access.actions import open_record
from locality.access.models import Relationship
from locality.access.queries import openable
from locality.neighbourhoods.actions import put_forward, tasks, withdraw_candidate
from locality.neighbourhoods.actions.candidates import decline
from locality.neighbourhoods.actions.caseload import come_off, take_on
from locality.neighbourhoods.queries import tasks as queries
from locality.neighbourhoods.rules.caseload import OffReason
from locality.neighbourhoods.rules.tasks import TaskMove
from tests import factories as make
from tests.neighbourhoods.caseload_world import new, nurse
from tests.neighbourhoods.test_candidates import doctor, put
from tests.neighbourhoods.work import known, task

pytestmark = pytest.mark.django_db


def at(days: int):
    return nurse(at=make.AT + timedelta(days=days))


def knows(person, *, days: int = 0) -> bool:
    return bool(openable(viewer=at(days), person_ids=[person.pk], on=make.TODAY + timedelta(days=days)))


def titles(viewer) -> list[str]:
    return [one.title for one in queries.to_do(viewer=viewer)]


def handed(person):
    """A nurse of another team asks the riverside team for something."""
    known(person, code="hilltop")
    by = make.stranger()
    grant = open_record(person_id=person.pk, by=by)
    told = {"title": "Dress the wound", "team": make.team().pk, "due_on": make.TODAY, "person": person.pk}
    return tasks.ask_about(new=tasks.NewTask(**told, sender=make.organisation().pk), grant=grant, by=by)


def done(row, by):
    return tasks.move(task=row.pk, move=TaskMove.FINISH, by=by)


def declined(person):
    row = put_forward(put=put(person), by=doctor())
    return row, lambda: decline(candidate=row.pk, why="No", by=nurse())


def withdrawn(person):
    row = put_forward(put=put(person), by=doctor())
    return row, lambda: withdraw_candidate(candidate=row.pk, by=doctor())


@pytest.mark.parametrize("answered", [declined, withdrawn])
def test_what_was_handed_while_somebody_waited_stays_to_do_when_they_are_not_taken_on(answered):
    peggy = make.person()
    nurse()
    _, answer = answered(peggy)
    row = handed(peggy)

    answer()

    assert titles(at(1)) == ["Dress the wound"]
    done(row, at(1))
    assert (knows(peggy, days=1), knows(peggy, days=2)) == (True, False)


def test_whoever_comes_off_with_something_still_to_do_is_known_until_that_is_over():
    peggy = make.person()
    place = take_on(new=new(peggy), by=nurse())
    row = task(peggy)

    come_off(caseload=place.pk, reason=OffReason.STEADY, words="", by=nurse())

    assert titles(at(1)) == ["Check her blood pressure"]
    done(row, at(1))
    assert not knows(peggy, days=2)


def test_whoever_comes_off_with_nothing_to_do_is_known_no_longer():
    peggy = make.person()
    place = take_on(new=new(peggy), by=nurse())
    done(task(peggy), nurse())

    come_off(caseload=place.pk, reason=OffReason.STEADY, words="", by=nurse())

    assert not knows(peggy)
    assert not Relationship.objects.filter(person=peggy, ended_at=None).exists()


def test_a_team_that_knows_them_otherwise_gets_no_reason_more():
    peggy = make.person()
    take_on(new=new(peggy), by=nurse())
    task(peggy)
    _, answer = withdrawn(peggy)

    answer()

    kinds = Relationship.objects.filter(person=peggy, ended_at=None).values_list("kind", flat=True)
    assert list(kinds) == ["caseload"]


@pytest.mark.parametrize("answered", [declined, withdrawn])
def test_the_reason_of_a_task_that_is_over_ends_with_the_waiting_that_kept_it(answered):
    peggy = make.person()
    nurse()
    row = handed(peggy)
    _, answer = answered(peggy)
    done(row, nurse())
    assert knows(peggy, days=5)

    answer()

    assert not knows(peggy)


def test_the_reason_of_a_task_that_is_over_ends_when_the_caseload_takes_its_place():
    peggy = make.person()
    nurse()
    row = handed(peggy)
    put_forward(put=put(peggy), by=doctor())
    done(row, nurse())

    place = take_on(new=new(peggy), by=nurse())
    come_off(caseload=place.pk, reason=OffReason.STEADY, words="", by=nurse())

    assert not knows(peggy)
