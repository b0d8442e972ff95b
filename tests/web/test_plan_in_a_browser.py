"""The plan and an assessment in a real browser: written in place, by the person and whoever acts too."""

from dataclasses import replace

import pytest

from locality.access import actions
from locality.neighbourhoods.models import Answer, PlanPart
from locality.neighbourhoods.rules.plans import PartKind
from locality.web import pages
from tests import factories as make
from tests.neighbourhoods.test_plans import GOAL, IF_THEN, MATTERS, about_me, doing, written
from tests.web.browser import DESK, PHONE, signed_in, wrong_of, wrong_on
from tests.web.conftest import PASSWORD
from tests.web.test_acting import right

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def peggy():
    """Peggy with a plan, her daughter Ann who acts for her, and Marcus, a social worker of the team."""
    pages._names.clear()
    make.place()
    person, (gp,) = make.peggy("gp")
    make.resource(gp, about_me("How to communicate with me", "Knock, and then wait"))
    written(person, PartKind.ABOUT_ME, MATTERS)
    written(person)
    written(person, PartKind.CONTINGENCY, IF_THEN)
    written(person, PartKind.ACTION, doing())
    ann = make.person("Lomas", "Ann", nhs_number="", address="9 Other Road", postcode="BL1 1AA")
    right(person, ann, kept_back=["SOC"])
    marcus = make.practitioner("Marcus", "Obi")
    make.role(marcus, "social_worker")
    make.member(marcus, make.team("riverside"))
    for name, whose in (("peggy", {"person": person}), ("ann", {"person": ann}), ("marcus", {"practitioner": marcus})):
        actions.add_account(username=name, password=PASSWORD, by=make.viewer(), **whose)
    return person


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_pages_of_the_plan_fit_and_please_axe_and_two_versions_stand_side_by_side(
    chromium, live_server, peggy, size
):
    about = f"/person/{peggy.pk}"
    page = signed_in(chromium, live_server.url, "marcus", size)
    ways = [f"{about}/plan/{one}" for one in ("print", "plain", "history")]

    wrong = wrong_on(page, live_server.url, [*ways, f"{about}/plan"], size)
    page.click("#goals summary:has-text('Change')")
    page.fill("#goals input[name=words] >> nth=0", "To the chapel")
    goal = PlanPart.objects.get(kind="goal")
    written(peggy, content=replace(GOAL, words="To the shop"), part=goal.pk, version=1)
    page.click("#goals button:has-text('Save') >> visible=true")
    wrong += wrong_of(page, size)

    assert wrong == []
    assert "changed this while you wrote" in page.inner_text("h1")
    assert ("To the shop" in page.inner_text(".both"), "To the chapel" in page.inner_text(".both")) == (True, True)
    page.click("text=Save mine; the history keeps theirs")
    assert page.inner_text("#goals li b") == "To the chapel"


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_an_action_is_added_where_its_goal_stands_and_its_goal_is_chosen_already(chromium, live_server, peggy, size):
    page = signed_in(chromium, live_server.url, "marcus", size)
    page.goto(f"{live_server.url}/person/{peggy.pk}/plan")

    page.click("text=Add an action for it")
    page.fill("#goals .plan-add input[name=words]", "Six steps each morning")
    page.fill("#goals .plan-add input[name=by_on]", "2049-12-01")
    wrong = wrong_of(page, size)
    page.click("#goals .plan-add button")

    assert page.inner_text("#goals .plan-goal__far") == "0 of 1 action done."
    assert page.inner_text("#goals .plan-goal li b") == "Six steps each morning"
    ways = [f"/person/{peggy.pk}/plan/{one}" for one in ("print", "plain", "history")]
    assert [*wrong, *wrong_of(page, size), *wrong_on(page, live_server.url, ways, size)] == []


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_an_assessment_comes_filled_is_confirmed_in_one_press_and_pleases_axe(chromium, live_server, peggy, size):
    page = signed_in(chromium, live_server.url, "marcus", size)
    wrong = wrong_on(page, live_server.url, ["/assessments", f"/person/{peggy.pk}/assessments"], size)
    page.click("text=Care Act assessment of an adult")
    wrong += wrong_of(page, size)

    page.click("#asked-matters button:has-text('Still so')")

    assert (wrong, Answer.objects.get().how) == ([], "confirmed")
    assert "confirmed by Marcus Obi" in page.inner_text("#asked-matters")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_person_and_whoever_acts_write_their_own_plan_and_please_axe(chromium, live_server, peggy, size):
    herself = signed_in(chromium, live_server.url, "peggy", size)
    daughter = signed_in(chromium, live_server.url, "ann", size)
    daughter.goto(f"{live_server.url}/me/acting")
    daughter.click("text=Peggy Hargreaves >> nth=0")
    daughter.wait_for_url("**/me")
    ways = ["/me/plan/plain", "/me/plan/history", "/me/plan"]

    wrong = [*wrong_on(herself, live_server.url, ways, size), *wrong_on(daughter, live_server.url, ways, size)]
    herself.click("#next button[value=done]")
    daughter.click("#matters button:has-text('Still so')")

    assert wrong == []
    assert PlanPart.objects.get(kind="action").state == "done"
    assert PlanPart.objects.get(kind="about me", heading="communication").words == "Knock, and then wait"
    herself.goto(f"{live_server.url}/me/plan/history")
    assert "Ann Lomas, for Peggy" in herself.inner_text("main")
