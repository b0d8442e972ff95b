"""A week's work in a real browser: from a practice's list to the team's meeting, the plan, a task done, and a note.

Each step is somebody else, signed in by themselves: a GP, the coordinator, a social worker, a district nurse on a
telephone. Every page on the way fits its screen, breaks no policy and pleases axe.
"""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from locality.access import actions
from locality.base.periods import day_of
from locality.neighbourhoods.models import Allocation, Candidate, Caseload, Meeting, Note, PlanPart, Task
from locality.population.models import Found
from locality.web import pages
from tests import factories as make
from tests.neighbourhoods.meeting_world import series
from tests.population.finding_world import build
from tests.web.browser import DESK, PHONE, signed_in, wrong_of
from tests.web.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _works_here(given: str, family: str, *, role: str, at: str, in_team: bool = True) -> str:
    who = make.practitioner(given, family, employer=make.organisation(at))
    make.role(who, role)
    if in_team:
        make.member(who, make.team())
    actions.add_account(username=who.code, password=PASSWORD, practitioner=who, by=make.viewer())
    return who.code


@pytest.fixture
def week(tmp_path):
    """Ann fell, and her practice's list has found her; her team meets today."""
    pages._names.clear()
    place = build(tmp_path, room=5)
    place.person("ann", falls=3)
    place.find()
    people = {
        "gp": _works_here("Helen", "Marsden", role="clinician", at="MILL", in_team=False),
        "coordinator": _works_here("Sadia", "Rahman", role="care_coordinator", at="RSB"),
        "social worker": _works_here("Marcus", "Obi", role="social_worker", at="council"),
        "nurse": _works_here("Joanne", "Fielding", role="clinician", at="RSB"),
    }
    on = day_of(timezone.now())
    series(weekday=on.weekday(), starts_on=on)
    return people


def the_practice_accepts(page: Page, site: str) -> list[tuple]:
    page.goto(f"{site}/finding")
    wrong = wrong_of(page, DESK)
    page.click("button[name=accept][value='not asked']")
    page.wait_for_selector("text=may know them from now on")
    return wrong


def the_meeting_takes_her_on(page: Page, site: str) -> list[tuple]:
    page.goto(f"{site}/team/caseload")
    wrong = wrong_of(page, DESK)
    page.goto(f"{site}/meeting/{Meeting.objects.get(on=day_of(timezone.now())).pk}")
    page.click("text=Bring the agenda up to date")
    wrong += wrong_of(page, DESK)
    page.click("text=Open the meeting")
    page.wait_for_url("**/live")
    wrong += wrong_of(page, DESK)
    page.fill("#said", "She is afraid of the stairs.")
    page.check("[name=decision][value='take on']")
    page.select_option("#coordinator", label="Joanne Fielding")
    page.fill("[name=words]", "Three falls since August")
    page.fill("#task_1", "Visit her, and look at the stairs")
    page.select_option("#owner_1", label="Joanne Fielding")
    page.fill("#due_1", day_of(timezone.now()).isoformat())
    page.click("text=Save the decision")
    page.wait_for_selector(".minutes__decision")
    page.click("text=Close the meeting")
    page.click("button.nhsuk-button--warning")
    page.wait_for_url("**/minutes")
    return wrong + wrong_of(page, DESK)


def the_plan_is_begun(page: Page, site: str, person: str) -> list[tuple]:
    page.goto(f"{site}{person}/plan")
    wrong = wrong_of(page, DESK)
    page.click("summary:has-text('Add a goal')")
    page.fill("#n-goal-words", "Up and down my own stairs")
    page.fill("#n-goal-then_words", "Twice a day for a week")
    page.fill("#n-goal-by_on", (day_of(timezone.now()) + timedelta(days=60)).isoformat())
    page.click("details.plan-add:has(#n-goal-words) >> text=Save")
    page.wait_for_selector("text=Up and down my own stairs")
    return wrong + wrong_of(page, DESK)


def the_nurse_visits(page: Page, site: str, person: str) -> list[tuple]:
    page.goto(f"{site}/tasks")
    wrong = wrong_of(page, PHONE)
    page.click(".todo__do >> text=Done")
    page.wait_for_selector("text=Done")
    page.goto(f"{site}{person}/note")
    wrong += wrong_of(page, PHONE)
    page.fill("#words", "Two loose treads. She goes down backwards, holding on.")
    page.click("text=Keep the note")
    page.wait_for_url("**/notes")
    wrong += wrong_of(page, PHONE)
    page.goto(f"{site}{person}")
    return wrong + wrong_of(page, PHONE)


def test_a_weeks_work_from_the_list_to_the_meeting_the_plan_the_task_and_the_note(chromium, live_server, week):
    site, person = live_server.url, f"/person/{Found.objects.get().person_id}"

    wrong = the_practice_accepts(signed_in(chromium, site, week["gp"], DESK), site)
    wrong += the_meeting_takes_her_on(signed_in(chromium, site, week["coordinator"], DESK), site)
    wrong += the_plan_is_begun(signed_in(chromium, site, week["social worker"], DESK), site, person)
    wrong += the_nurse_visits(signed_in(chromium, site, week["nurse"], PHONE), site, person)
    gp = signed_in(chromium, site, week["gp"], DESK)
    gp.goto(f"{site}{person}")

    told = gp.locator("main").inner_text()
    assert wrong + wrong_of(gp, DESK) == []
    assert (Candidate.objects.get().state, Caseload.objects.get().stage) == ("taken on", "new")
    assert Allocation.objects.get().coordinator.name == "Joanne Fielding"
    assert (Task.objects.get().state, PlanPart.objects.get().words) == ("done", "Up and down my own stairs")
    assert Note.objects.get().words == "Two loose treads. She goes down backwards, holding on."
    for words in ("Joanne Fielding coordinates", "Visit her, and look at the stairs", "Two loose treads"):
        assert words in told
