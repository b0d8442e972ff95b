"""What is counted for a team is what whoever reads it may see, and where a list is cut it says so."""

import pytest

from locality.access.models import Conflict
from locality.neighbourhoods.actions import put_forward
from locality.neighbourhoods.actions.caseload import take_on
from locality.neighbourhoods.actions.caseload_lists import list_caseload
from locality.neighbourhoods.queries import staffing
from locality.neighbourhoods.queries.candidates import MOST_SHOWN
from locality.neighbourhoods.queries.caseload import Asked
from tests import factories as make
from tests.neighbourhoods.caseload_world import new, nurse
from tests.neighbourhoods.test_candidates import doctor, put
from tests.neighbourhoods.work import known, task

pytestmark = pytest.mark.django_db


def test_beside_each_name_stands_what_the_viewer_may_see_and_not_what_is_about_whom_they_must_not_look_at():
    peggy, joanne = make.person(), nurse()
    take_on(new=new(peggy, coordinator=joanne.id), by=joanne)
    task(peggy, owner=joanne.id)
    task(peggy)
    task(make.person("Unknown", "Ursula"))
    tom = nurse("Tom")
    Conflict.objects.create(
        practitioner_id=tom.id, person=peggy, kind="family", starts_on=make.TODAY, made_at=make.AT, made_by=tom.id
    )

    told = {one.id: staffing.team_at_work(viewer=one, team=make.team().pk) for one in (joanne, tom)}

    of = {pk: next(one.work for one in team.members if one.id == joanne.id) for pk, team in told.items()}
    assert [(of[pk].open, of[pk].people, told[pk].unowned) for pk in (joanne.id, tom.id)] == [(1, 1, 1), (0, 0, 0)]


def test_who_waits_for_one_team_is_not_cut_off_by_all_who_wait_longer_for_another():
    hilltop, by = make.team("hilltop"), nurse()
    both = nurse(teams=frozenset({make.team().pk, hilltop.pk}))
    for number in range(MOST_SHOWN + 1):
        put_forward(put=put(make.person(f"F{number}", nhs_number=""), team=hilltop.pk), by=doctor())
    peggy = make.person()
    put_forward(put=put(peggy), by=doctor())

    desk = list_caseload(asked=Asked(team=make.team().pk), by=both)
    all_of_them = list_caseload(asked=Asked(), by=both)

    assert ([one.person for one in desk.waiting], desk.waits) == ([peggy], 1)
    assert (len(all_of_them.waiting), all_of_them.waits) == (MOST_SHOWN, MOST_SHOWN + 2)
    assert list_caseload(asked=Asked(), by=by).waits == 1


def test_a_list_that_is_whole_asks_for_no_count(django_assert_num_queries):
    known(make.person())
    by = nurse()
    put_forward(put=put(make.person("Hargreave", "Margret")), by=doctor())

    with django_assert_num_queries(8):
        list_caseload(asked=Asked(), by=by)
