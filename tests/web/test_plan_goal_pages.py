"""Actions tied to a goal on the pages of the plan: chosen, shown under it, and silent about a goal that is hidden."""

import re
from datetime import timedelta

import pytest

from locality.access.actions import seal
from locality.access.rules import Seal
from locality.neighbourhoods.actions import plans
from locality.neighbourhoods.models import PlanPart
from locality.neighbourhoods.rules.plans import Content, PartKind, Who, Whose
from tests import factories as make
from tests.neighbourhoods.test_plans import GOAL, doing, nurse, written
from tests.web.test_acting import signed_in
from tests.web.test_plan_pages import words

pytestmark = pytest.mark.django_db
LONG_AWAY = make.TODAY + timedelta(days=9000)


@pytest.fixture
def peggy():
    return make.peggy("gp")[0]


def action(peggy, **other) -> dict:
    told = {"about": peggy.pk, "kind": "action", "version": 0, "words": "Six steps each morning", "who": "person"}
    return told | {"who_words": "", "by_on": LONG_AWAY.isoformat(), "state": "open", "goal": ""} | other


def under_goals(page: str) -> str:
    return re.search(r'<section class="panel[^"]*" id="goals".*?</section>', page, re.S)[0]


def offered(page: str) -> list[str]:
    """What the form of a new action offers as goals."""
    found = re.search(r'<select[^>]*id="n-action-goal".*?</select>', page, re.S)
    return re.findall(r">([^<>]+)</option>", found[0]) if found else []


def test_an_action_is_tied_to_its_goal_and_stands_under_it_with_how_far_it_is(sign_in, peggy):
    browser, row = sign_in(), written(peggy)

    browser.post(f"/person/{peggy.pk}/plan/write", action(peggy, goal=row.pk))
    browser.post(f"/person/{peggy.pk}/plan/write", action(peggy, words="Ring the bank"))

    page = words(browser, f"/person/{peggy.pk}/plan")
    assert "0 of 1 action done." in under_goals(page)
    assert [one in under_goals(page) for one in ("Six steps each morning", "Ring the bank")] == [True, False]
    assert page.count("<b>Ring the bank</b>") == 1


def test_only_goals_still_worked_towards_are_offered_and_none_of_these_is_the_default(sign_in, peggy):
    written(peggy)
    written(peggy, content=Content(words="Chapel", whose=Whose.PERSON, state="reached"))

    page = words(sign_in(), f"/person/{peggy.pk}/plan")

    assert offered(page) == ["None of these", "Up my own stairs"]
    assert re.search(r'id="n-action-goal"[^>]*><option value="" selected>None of these', page)


def test_where_there_is_no_goal_to_choose_none_is_asked(sign_in, peggy):
    assert "Towards which goal?" not in words(sign_in(), f"/person/{peggy.pk}/plan")


def test_an_action_of_a_goal_that_is_reached_keeps_it_when_it_is_changed(sign_in, peggy):
    row = written(peggy, content=Content(words="Chapel", whose=Whose.PERSON, state="reached"))
    written(peggy)
    part = written(peggy, PartKind.ACTION, doing(goal=row.pk, by_on=LONG_AWAY))
    browser = sign_in()

    page = words(browser, f"/person/{peggy.pk}/plan")
    browser.post(f"/person/{peggy.pk}/plan/write", action(peggy, part=part.pk, version=1, goal=row.pk))

    assert f'<option value="{row.pk}" selected>Chapel (reached)</option>' in page
    assert "0 of 1 action done. The goal is reached, and 1 action is still to do." in page
    assert PlanPart.objects.get(pk=part.pk).goal_id == row.pk


def test_a_goal_that_was_taken_out_meanwhile_is_said_beside_the_field_and_nothing_typed_is_lost(sign_in, peggy):
    row, by = written(peggy), nurse()
    written(peggy, content=Content(words="Chapel", whose=Whose.PERSON, state="working"))
    plans.remove(part=row.pk, version=1, grant=make.opened(peggy, by), by=by)

    answer = sign_in().post(f"/person/{peggy.pk}/plan/write", action(peggy, goal=row.pk))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert '<a href="#one-goal">That goal is not in their plan any more' in page
    assert 'value="Six steps each morning"' in page
    assert PlanPart.objects.filter(kind="action").count() == 0


@pytest.mark.parametrize("typed", ["stairs", "'"])
def test_what_is_no_goal_at_all_is_said_beside_the_field(sign_in, peggy, typed):
    written(peggy)

    answer = sign_in().post(f"/person/{peggy.pk}/plan/write", action(peggy, goal=typed))

    assert (answer.status_code, PlanPart.objects.filter(kind="action").count()) == (422, 0)
    assert "Choose one of those in the list." in answer.content.decode()


def test_actions_of_a_goal_that_was_taken_out_say_so_on_every_page(sign_in, peggy):
    row, by = written(peggy), nurse()
    written(peggy, PartKind.ACTION, doing(goal=row.pk))
    plans.remove(part=row.pk, version=1, grant=make.opened(peggy, by), by=by)
    browser = sign_in()

    pages = {one: words(browser, f"/person/{peggy.pk}/plan{one}") for one in ("", "/print", "/plain")}

    assert ["Its goal was taken out of the plan" in pages[one] for one in ("", "/print")] == [True, True]
    assert [GOAL.words in page for page in pages.values()] == [False, False, False]
    assert ["Practise on the stairs" in page for page in pages.values()] == [True, True, True]


def test_a_goal_that_is_hidden_is_on_no_page_through_its_action(sign_in, peggy):
    row = written(peggy, content=Content(words="Leave him", whose=Whose.PERSON, state="working"))
    written(peggy, PartKind.ACTION, doing(goal=row.pk))
    seal(person_id=peggy.pk, thing=row.pk, kind=Seal.LOCKED, by=nurse())
    browser = sign_in()

    pages = [words(browser, f"/person/{peggy.pk}/plan{one}") for one in ("", "/print", "/plain", "/history")]

    assert [(str(row.pk) in page, "Leave him" in page) for page in pages] == [(False, False)] * 4
    assert ["Practise on the stairs" in page for page in pages] == [True] * 4
    assert "taken out" not in pages[1]


def test_the_history_says_towards_which_goal_each_version_was(sign_in, peggy):
    row = written(peggy)
    part = written(peggy, PartKind.ACTION, doing())
    written(peggy, PartKind.ACTION, doing(goal=row.pk), part=part.pk, version=1)

    page = words(sign_in(), f"/person/{peggy.pk}/plan/history")

    assert page.count('<dt>Towards</dt><dd class="as-typed">Up my own stairs</dd>') == 1


def test_in_easy_words_what_will_happen_stands_under_what_is_wanted(sign_in, peggy):
    row = written(peggy)
    written(peggy, PartKind.ACTION, doing(goal=row.pk))
    written(peggy, PartKind.ACTION, doing(words="Ring the bank"))

    page = words(sign_in(), f"/person/{peggy.pk}/plan/plain")

    order = [
        GOAL.words,
        "What will happen for this",
        "Practise on the stairs",
        "What else will happen",
        "Ring the bank",
    ]
    assert [page.index(one) for one in order] == sorted(page.index(one) for one in order)


def test_towards_which_goal_a_team_works_is_chosen_on_the_page_and_the_task_stays(sign_in, peggy):
    row = written(peggy)
    part = written(peggy, PartKind.ACTION, doing(who=Who.TEAM, team=make.team().pk))
    sent = {"about": peggy.pk, "part": part.pk, "version": 1, "goal": row.pk}
    browser = sign_in()

    page = words(browser, f"/person/{peggy.pk}/plan")
    answer = browser.post(f"/person/{peggy.pk}/plan/write", sent)
    late = browser.post(f"/person/{peggy.pk}/plan/write", sent | {"goal": ""})

    assert f'id="p{part.pk}-goal"' in page
    assert f'id="p{part.pk}-who"' not in page
    after = PlanPart.objects.get(pk=part.pk)
    assert (answer.status_code, after.goal_id, after.who, after.by_on) == (302, row.pk, Who.TEAM, make.TODAY)
    form = late.content.decode()
    assert (late.status_code, 'id="one-goal"' in form, 'id="one-who"' in form) == (409, True, False)


def test_the_person_ties_what_they_do_to_a_goal_on_their_own_page(peggy):
    row = written(peggy)
    browser = signed_in(peggy, "peggy")

    browser.post("/me/plan/write", action(peggy, goal=row.pk))

    page = words(browser, "/me/plan")
    assert "Six steps each morning" in under_goals(page)
    assert "Towards: Up my own stairs" in words(browser, "/me/print")
