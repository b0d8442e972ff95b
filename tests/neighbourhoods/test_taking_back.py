"""Taking back that somebody came off, or was not taken on: for those of the team who may look at them, nobody else."""

import pytest

from locality.access.models import Conflict
from locality.access.queries import openable
from locality.access.rules import RoleCode
from locality.base import NotFound
from locality.neighbourhoods.actions import put_forward
from locality.neighbourhoods.actions.candidates import decline, let_wait
from locality.neighbourhoods.actions.caseload import come_back, come_off, take_on
from locality.neighbourhoods.actions.caseload_progress import move_on
from locality.neighbourhoods.rules.caseload import OffReason, Stage
from tests import factories as make
from tests.neighbourhoods.caseload_world import new, nurse
from tests.neighbourhoods.test_candidates import doctor, put

pytestmark = pytest.mark.django_db
WITHOUT_PEOPLE = [RoleCode.ANALYST, RoleCode.ADMINISTRATOR, RoleCode.BOARD]


def off():
    peggy = make.person()
    row = take_on(new=new(peggy), by=nurse())
    come_off(caseload=row.pk, reason=OffReason.DECLINED, words="", by=nurse())
    return peggy, row


def declined():
    peggy = make.person()
    nurse()
    row = put_forward(put=put(peggy), by=doctor())
    decline(candidate=row.pk, why="She does not want it", by=nurse())
    return peggy, row


def is_known(person) -> bool:
    return bool(openable(viewer=nurse(), person_ids=[person.pk], on=make.TODAY))


def tom_must_not_look_at(person):
    """Tom works in the team too; the person is his aunt."""
    tom = nurse("Tom")
    Conflict.objects.create(
        practitioner_id=tom.id, person=person, kind="family", starts_on=make.TODAY, made_at=make.AT, made_by=tom.id
    )
    return tom


@pytest.mark.parametrize("code", WITHOUT_PEOPLE)
def test_a_role_that_sees_no_people_puts_nobody_back_on_a_caseload(code):
    peggy, row = off()

    with pytest.raises(NotFound):
        come_back(caseload=row.pk, by=nurse("Alan", code=code))

    assert not is_known(peggy)


@pytest.mark.parametrize("code", WITHOUT_PEOPLE)
def test_a_role_that_sees_no_people_lets_nobody_wait_again(code):
    peggy, row = declined()

    with pytest.raises(NotFound):
        let_wait(candidate=row.pk, by=nurse("Alan", code=code))

    assert not is_known(peggy)


def test_whoever_must_not_look_at_somebody_neither_puts_them_back_nor_lets_them_wait():
    (peggy, place), (margaret, candidate) = off(), _another_declined()

    with pytest.raises(NotFound):
        come_back(caseload=place.pk, by=tom_must_not_look_at(peggy))
    with pytest.raises(NotFound):
        let_wait(candidate=candidate.pk, by=tom_must_not_look_at(margaret))

    assert (is_known(peggy), is_known(margaret)) == (False, False)


def _another_declined():
    margaret = make.person(family="Hargreave", given="Margret")
    row = put_forward(put=put(margaret), by=doctor())
    decline(candidate=row.pk, why="She does not want it", by=nurse())
    return margaret, row


def test_whoever_must_not_look_at_somebody_moves_them_no_stage_and_answers_nothing_of_them():
    peggy, margaret = make.person(), make.person(family="Hargreave", given="Margret")
    place = take_on(new=new(peggy), by=nurse())
    candidate = put_forward(put=put(margaret), by=doctor())

    with pytest.raises(NotFound):
        move_on(caseload=place.pk, stage=Stage.ACTIVE, why="", by=tom_must_not_look_at(peggy))
    with pytest.raises(NotFound):
        decline(candidate=candidate.pk, why="No", by=tom_must_not_look_at(margaret))

    place.refresh_from_db()
    candidate.refresh_from_db()
    assert (place.stage, candidate.state) == ("new", "waiting")


def test_whoever_of_the_team_may_look_takes_both_back():
    (peggy, place), (margaret, candidate) = off(), _another_declined()

    come_back(caseload=place.pk, by=nurse())
    let_wait(candidate=candidate.pk, by=nurse())

    assert (is_known(peggy), is_known(margaret)) == (True, True)
