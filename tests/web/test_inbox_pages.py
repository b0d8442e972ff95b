"""The inbox of those who work in no team: what their organisation is told, and what is told of nobody."""

from datetime import timedelta

import pytest

from locality.base import system
from locality.neighbourhoods.actions.service_checks import remind_owners
from locality.neighbourhoods.models import Alert
from tests import factories as make
from tests.neighbourhoods.referral_world import befriending
from tests.neighbourhoods.work import alert

pytestmark = pytest.mark.django_db


def told(**other):
    """Something of Peggy told to the whole of an organisation that she is registered with."""
    peggy, _ = make.peggy("gp")
    make.relationship(peggy, organisation=make.organisation(), kind="registered_practice")
    return alert(peggy, team=None, organisation=make.organisation().pk, **other)


def test_what_an_organisation_is_told_is_opened_and_taken_and_no_task_is_offered(sign_in):
    row, helen = told(), sign_in("Helen", "Marsden", teams=())

    page = helen.get(f"/inbox/{row.pk}").content.decode()
    helen.post(f"/inbox/{row.pk}/take")

    assert [words in page for words in ("told to SBH", "Make a task of it")] == [True, False]
    assert Alert.objects.get().state == "taken"


def test_a_task_that_is_sent_all_the_same_says_why_not_and_the_form_stands_there(sign_in):
    row, helen = told(), sign_in("Helen", "Marsden", teams=())

    answer = helen.post(f"/inbox/{row.pk}/task", {"title": "Ring", "task_to": "team", "due_on": "2026-11-09"})

    assert (answer.status_code, Alert.objects.get().state) == (422, "new")
    assert 'name="done_words"' in answer.content.decode()


def test_it_is_handed_to_a_colleague_of_the_organisation(sign_in):
    row, helen = told(), sign_in("Helen", "Marsden", teams=())
    omar = make.practitioner("Omar", "Said", code="omar")
    make.role(omar)

    helen.post(f"/inbox/{row.pk}/hand", {"to": str(omar.pk), "why": "On her list"})

    assert Alert.objects.get().owner == omar


def test_somebody_of_another_organisation_does_not_find_it(sign_in):
    row = told()
    make.relationship(row.person, organisation=make.organisation("circle"), kind="registered_practice")
    make.role(make.practitioner("Gwen", "Lacey"), organisation=make.organisation("circle"))
    gwen = sign_in("Gwen", "Lacey", roles=(), teams=())

    assert (gwen.get(f"/inbox/{row.pk}").status_code, Alert.objects.get().state) == (404, "new")


def test_the_owner_of_a_service_to_be_checked_is_led_to_it(sign_in):
    gwen = sign_in("Gwen", "Lacey", teams=())
    row = befriending(owner=make.practitioner("Gwen", "Lacey"), assured_on=make.TODAY - timedelta(days=400))
    remind_owners(by=system(at=make.AT))

    page = gwen.get(f"/inbox/{Alert.objects.get().pk}").content.decode()

    assert f'<a href="/directory/{row.pk}">Open the service, and say whether what stands there is right</a>' in page
    assert "Befriending at home" in gwen.get("/inbox").content.decode()
