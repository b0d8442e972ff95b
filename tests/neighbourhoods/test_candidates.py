import pytest

from locality.access.queries import openable
from locality.access.rules import RoleCode
from locality.base import NotFound
from locality.neighbourhoods.actions import Put, list_candidates, put_forward, withdraw_candidate
from locality.neighbourhoods.models import Candidate
from locality.neighbourhoods.queries import candidates, candidates_waiting
from locality.neighbourhoods.rules import Agreed
from tests import factories as make

pytestmark = pytest.mark.django_db


def put(person, **other) -> Put:
    told = {"team": make.team().pk, "why": "Fell twice", "agreed": Agreed.AGREED, "data_class": "SUM"}
    return Put(person=person.pk, sender=make.organisation("MILL").pk, **(told | other))


def doctor():
    return make.viewer(given="Helen", organisation=make.organisation("MILL").pk, teams=frozenset())


def test_put_forward_the_team_may_know_them_and_sees_why_by_whom_and_on_what_basis():
    peggy = make.person()

    row = put_forward(put=put(peggy), by=doctor())

    [one] = candidates(viewer=make.viewer())
    assert (one.person, one.why, one.agreed, one.by_organisation) == (
        peggy,
        "Fell twice",
        Agreed.AGREED,
        "Mill Lane Practice",
    )
    assert row.lawful_basis.startswith("Direct care: UK GDPR Article 6(1)(e) and 9(2)(h)")
    assert openable(viewer=make.viewer(), person_ids=[peggy.pk], on=make.TODAY) == {peggy.pk}


def test_another_team_does_not_see_them():
    put_forward(put=put(make.person()), by=doctor())

    assert candidates(viewer=make.stranger()) == []
    assert candidates_waiting(viewer=make.stranger()) == 0


def test_put_forward_twice_they_wait_once():
    peggy = make.person()

    first, again = (put_forward(put=put(peggy), by=doctor()) for _ in range(2))

    assert (first.pk, Candidate.objects.count()) == (again.pk, 1)


def test_taken_back_the_team_knows_them_no_longer_and_it_cannot_be_taken_back_twice():
    peggy = make.person()
    row = put_forward(put=put(peggy), by=doctor())

    withdraw_candidate(candidate=row.pk, by=doctor())

    assert candidates(viewer=make.viewer()) == []
    assert openable(viewer=make.viewer(), person_ids=[peggy.pk], on=make.TODAY) == set()
    with pytest.raises(NotFound):
        withdraw_candidate(candidate=row.pk, by=doctor())


def test_a_role_that_may_not_see_the_class_does_not_see_the_candidate():
    put_forward(put=put(make.person(), data_class="CLIN"), by=doctor())

    assert candidates(viewer=make.viewer(RoleCode.CARE_COORDINATOR)) == []
    assert len(candidates(viewer=make.viewer())) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(django_assert_num_queries, count):
    for number in range(count):
        put_forward(put=put(make.person(given=f"Given{number}", family=f"F{number}")), by=doctor())
    nurse = make.viewer()

    with django_assert_num_queries(2):
        assert len(candidates(viewer=nurse)) == count


def test_everybody_on_the_list_is_written_down_as_shown(django_assert_num_queries):
    from locality.journal.models import Event

    peggy = make.person()
    put_forward(put=put(peggy), by=doctor())

    list_candidates(by=make.viewer())

    assert list(Event.objects.filter(what="candidate.listed").values_list("person_id", flat=True)) == [peggy.pk]
