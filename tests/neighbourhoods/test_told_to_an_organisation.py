"""What is told to an organisation as a whole, as to a practice: one of it takes it, all of it see that, nobody else."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from locality.access.models import Conflict
from locality.access.rules import RoleCode
from locality.base import NotFound, Refused
from locality.neighbourhoods.actions import inbox
from locality.neighbourhoods.actions.alert_tasks import NO_TEAM, FromAlert, make_task
from locality.neighbourhoods.actions.inbox_lists import list_inbox
from locality.neighbourhoods.models import Alert
from locality.neighbourhoods.queries import inbox as queries
from locality.neighbourhoods.queries.inbox import Wanted
from locality.neighbourhoods.queries.names import colleagues_at
from locality.neighbourhoods.rules.inbox import AlertMoveNotAllowed
from tests import factories as make
from tests.neighbourhoods.work import alert

pytestmark = pytest.mark.django_db
ALL = Wanted(mine=False)


def of_practice(given: str = "Helen", code: str = "MILL", role: str = RoleCode.CLINICIAN, **other: Any) -> Any:
    """Somebody of a practice, which has no team."""
    return make.viewer(role, given=given, organisation=make.organisation(code).pk, teams=frozenset(), **other)


def registered(person: Any = None, code: str = "MILL") -> Any:
    person = person or make.person()
    make.relationship(person, organisation=make.organisation(code), kind="registered_practice")
    return person


def told(person: Any = None, **other: Any) -> Alert:
    return alert(person or registered(), team=None, organisation=make.organisation("MILL").pk, **other)


def test_everybody_of_it_who_may_know_them_finds_it_and_the_list_says_to_whom_it_was_told():
    told()

    found = [queries.told(viewer=of_practice(given)) for given in ("Helen", "Omar")]

    assert [[(one.team_id, one.team, one.state) for one in rows] for rows in found] == [
        [(None, "Mill Lane", "new")]
    ] * 2
    assert queries.new_count(viewer=of_practice()) == 1


def test_nobody_of_another_organisation_or_who_may_not_know_them_sees_anything_of_it():
    row = told()
    registered(row.person, "HILL")  # who may know her by a reason of their own
    barred = of_practice("Omar")
    Conflict.objects.create(
        practitioner_id=barred.id, person=row.person, kind="family", starts_on=make.TODAY, made_at=make.AT,
        made_by=barred.id,
    )  # fmt: skip

    for viewer in (of_practice(code="HILL"), barred, of_practice("Ida", role=RoleCode.ADMINISTRATOR), make.viewer()):
        assert (queries.told(viewer=viewer, wanted=ALL), queries.new_count(viewer=viewer)) == ([], 0)
        with pytest.raises(NotFound):
            inbox.take(alert=row.pk, by=viewer)
        with pytest.raises(NotFound):
            queries.alert(viewer=viewer, alert_id=row.pk)


def test_one_takes_it_and_the_others_see_that_it_is_taken():
    row, helen, omar = told(), of_practice(), of_practice("Omar")

    inbox.take(alert=row.pk, by=helen)

    assert queries.told(viewer=omar) == []
    assert [(one.owner, one.state) for one in queries.told(viewer=omar, wanted=ALL)] == [("Helen Fielding", "taken")]
    with pytest.raises(AlertMoveNotAllowed, match="Helen Fielding did that"):
        inbox.take(alert=row.pk, by=omar)


def test_it_is_handed_to_whoever_answers_there_and_to_nobody_else():
    row, helen = told(), of_practice()
    practice = make.organisation("MILL")
    omar, ida, ruth = (make.practitioner(given) for given in ("Omar", "Ida", "Ruth"))
    make.role(omar, organisation=practice)
    make.role(ida, RoleCode.ADMINISTRATOR, organisation=practice)
    make.role(ruth)  # of the trust

    for nobody in (ida, ruth):
        with pytest.raises(Refused, match=f"{nobody.given} Fielding does not work there today"):
            inbox.hand(alert=row.pk, owner=nobody.pk, by=helen)
    inbox.hand(alert=row.pk, owner=omar.pk, by=helen)

    assert Alert.objects.get().owner == omar
    assert [who for who, *_ in colleagues_at(organisation=practice.pk, on=make.TODAY)] == [omar.pk]


def test_no_task_is_made_of_it_since_an_organisation_has_none():
    row = told()

    with pytest.raises(Refused, match=NO_TEAM):
        make_task(alert=row.pk, new=FromAlert(title="Ring", due_on=make.TODAY), by=of_practice())

    assert Alert.objects.get().state == "new"


def test_it_is_told_once_and_to_a_team_or_an_organisation_never_to_both_or_neither():
    row = told()
    told(row.person)

    assert Alert.objects.count() == 1
    for change in ({"team": make.team()}, {"organisation": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Alert.objects.update(**change)


@pytest.mark.parametrize("count", [1, 3])
def test_the_inbox_of_a_practice_costs_the_same_for_one_and_for_three(django_assert_num_queries, count):
    for number in range(count):
        told(registered(make.person(given=f"Given{number}", family=f"F{number}")), once=f"{number}")
    helen = of_practice()

    with django_assert_num_queries(1):
        assert len(queries.told(viewer=helen)) == count
    with django_assert_num_queries(6):
        list_inbox(by=helen)
