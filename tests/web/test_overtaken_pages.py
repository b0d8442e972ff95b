"""Where somebody was first, or a rule stands in the way: what happened is told, and there is a way on."""

import re
from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.urls import resolve, reverse

from locality.base.ids import named_id
from locality.neighbourhoods.actions import plans
from locality.neighbourhoods.models import PlanPart, Task
from locality.neighbourhoods.rules.plans import Content, PartKind, Who
from locality.web.sign_in.kept_about import FORMS
from locality.web.way_back import page_above
from tests import factories as make
from tests.neighbourhoods.test_plans import MATTERS, about_me, doing, herself, nurse, read, written
from tests.proof.routes import routes
from tests.web.test_acting import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def peggy():
    return make.peggy("gp")[0]


def sent(browser, peggy, what: str, *parts, **typed):
    """What a form of the plan answers, and its page."""
    address = reverse(f"plan_{what}", args=[peggy.pk, *parts])
    answer = browser.post(address, {"about": peggy.pk} | typed)
    return answer, answer.content.decode()


def pressed(browser, page: str):
    """The one form of the page, sent as it stands."""
    form = re.search(r'<main.*?<form method="post" action="([^"]+)"(.*?)</form>', page, re.S)
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form[2]))
    return browser.post(form[1], fields)


def heard(page: str) -> str:
    return re.search(r"<h1>(.*?)</h1>", page, re.S)[1].strip()


def changed_by_herself(peggy, part, **other):
    return written(peggy, PartKind.ACTION, doing(**other), by=herself(peggy), part=part.pk, version=1)


def test_who_says_done_after_somebody_changed_it_reads_the_change_and_says_it_all_the_same(sign_in, peggy):
    browser, part = sign_in(), written(peggy, PartKind.ACTION, doing())
    changed_by_herself(peggy, part, words="Practise on two steps")

    answer, page = sent(browser, peggy, "went", part.pk, version=1, state="done")

    assert (answer.status_code, heard(page)) == (409, "Peggy changed this before you")
    assert [one in page for one in ("Practise on two steps", "Say “Done” all the same")] == [True, True]
    assert pressed(browser, page).url == f"/person/{peggy.pk}/plan"
    assert (PlanPart.objects.get().words, PlanPart.objects.get().state) == ("Practise on two steps", "done")


def test_who_takes_out_what_somebody_changed_reads_the_change_first(sign_in, peggy):
    browser, part = sign_in(), written(peggy, PartKind.ACTION, doing())
    changed_by_herself(peggy, part, words="Practise on two steps")

    answer, page = sent(browser, peggy, "remove", part.pk, 1)
    still_there = PlanPart.objects.get().removed_at
    pressed(browser, page)

    assert (answer.status_code, heard(page), still_there) == (409, "Peggy changed this before you", None)
    assert (PlanPart.objects.get().removed_at is None) is False


def test_who_undoes_what_is_not_the_last_change_any_more_is_led_to_the_history(sign_in, peggy):
    browser, part = sign_in(), written(peggy, PartKind.ACTION, doing())
    changed_by_herself(peggy, part, words="Practise on two steps")

    answer, page = sent(browser, peggy, "undo", part.pk, 1)

    assert (answer.status_code, heard(page)) == (409, "Peggy changed this before you")
    assert f'href="/person/{peggy.pk}/plan/history"' in page
    assert PlanPart.objects.get().words == "Practise on two steps"


def test_who_confirms_what_was_sent_after_somebody_wrote_reads_both(sign_in):
    peggy, (gp,) = make.peggy("gp")
    make.resource(gp, about_me("What is most important to me", "My own front door"))
    [thing] = [line.sent.id for line in read(peggy).about_me if line.sent]
    written(peggy, PartKind.ABOUT_ME, MATTERS, by=herself(peggy))
    browser = sign_in()

    answer, page = sent(browser, peggy, "confirm", heading="matters", thing=thing, version=0)

    assert (answer.status_code, heard(page)) == (409, "Peggy changed this before you")
    assert [one in page for one in ("My own breakfast", "Back to the plan")] == [True, True]
    assert PlanPart.objects.get().words == "My own breakfast"


def test_what_somebody_took_out_can_be_put_back_by_who_was_at_it(sign_in, peggy):
    browser, part, by = sign_in(), written(peggy, PartKind.ACTION, doing()), nurse()
    plans.remove(part=part.pk, version=1, grant=make.opened(peggy, by), by=by)

    answer, page = sent(browser, peggy, "went", part.pk, version=1, state="done")
    pressed(browser, page)

    assert (answer.status_code, heard(page).endswith("took this out of the plan before you")) == (409, True)
    assert PlanPart.objects.get().removed_at is None


def test_words_for_what_somebody_took_out_are_saved_as_a_new_part(sign_in, peggy):
    browser, part, by = sign_in(), written(peggy), nurse()
    plans.remove(part=part.pk, version=1, grant=make.opened(peggy, by), by=by)
    typed = {"words": "To the chapel", "whose": "person", "state": "working", "by_on": "", "then_words": ""}

    answer, page = sent(browser, peggy, "write", part=part.pk, version=1, **typed)
    new = dict(re.findall(r'type="hidden" name="(kind|version)" value="([^"]*)"', page))
    sent(browser, peggy, "write", **new, **typed)

    assert answer.status_code == 409
    assert list(PlanPart.objects.filter(removed_at=None).values_list("words", flat=True)) == ["To the chapel"]


def test_the_history_puts_back_what_was_taken_out(sign_in, peggy):
    browser, part, by = sign_in(), written(peggy), nurse()
    plans.remove(part=part.pk, version=1, grant=make.opened(peggy, by), by=by)

    page = browser.get(f"/person/{peggy.pk}/plan/history").content.decode()
    pressed(browser, page)

    assert page.count("Put it back into the plan") == 1
    assert PlanPart.objects.get().removed_at is None


def test_an_action_that_the_team_began_is_not_undone_and_the_way_back_is_told(sign_in, peggy):
    browser = sign_in()
    part = written(peggy, PartKind.ACTION, doing(who=Who.TEAM, team=make.team().pk))
    task = Task.objects.get()
    task.history.create(what="started", at=make.AT + timedelta(minutes=5), by=make.practitioner().pk)

    answer, page = sent(browser, peggy, "undo", part.pk, 1)

    assert (answer.status_code, heard(page)) == (409, "That was not done")
    assert "of the team has seen to this since (started, Thu 5 Nov 2026" in page
    assert f'<a href="/person/{peggy.pk}/plan">See how it stands now</a>' in page


def test_what_was_typed_into_a_form_that_was_refused_is_shown_to_copy(sign_in, peggy):
    typed = {"about": make.person("Else", "Ann").pk, "words": "She walked <twice>", "version": 3}

    answer = sign_in().post(f"/person/{peggy.pk}/plan/write", typed)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "What you sent, not saved" in page
    assert '<dt>Words</dt><dd class="as-typed">She walked &lt;twice&gt;</dd>' in page
    assert "<dt>Version</dt>" not in page


def test_of_the_person_too_the_way_back_stands_first(peggy):
    part = written(peggy, PartKind.GOAL, Content(words="Less pain", whose="practitioner", state="working"))

    answer = signed_in(peggy, "peggy").post(f"/me/plan/{part.pk}/undo/1", {"about": peggy.pk})

    ways = re.findall(r'<li><a href="([^"]+)">', answer.content.decode().split("What you can do now")[1])
    assert (answer.status_code, ways[0]) == (409, "/me/plan")


def methods(view) -> list[str]:
    """By which a view may be asked, as the decorator of Django's that it wears says."""
    while view is not None:
        names = getattr(view, "__code__", None)
        for name, cell in zip(names.co_freevars if names else (), view.__closure__ or (), strict=True):
            if name == "request_method_list":
                return cell.cell_contents
        view = getattr(view, "__wrapped__", None)
    return []


def filled(route) -> str:
    """The address of a route, with anything in its parts."""
    kinds = route.pattern.converters
    known = {"UUIDConverter": named_id("any"), "IntConverter": 1, "SlugConverter": "any", "StringConverter": "any"}
    return reverse(route.name, kwargs={name: known[type(kind).__name__] for name, kind in kinds.items()})


ALONE = {"find", "add", "directory", "outbox", "referrals"}


@pytest.mark.parametrize("name", sorted(set(FORMS) - {"privacy_question"}))
def test_every_form_that_is_refused_leads_back_to_a_page_that_opens(name):
    found = page_above(RequestFactory().post(filled(routes()[name])))

    assert (found == "") is (name in ALONE), found
    assert not found or "GET" in methods(resolve(found).func)
