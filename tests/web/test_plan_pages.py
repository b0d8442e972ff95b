"""The pages of the plan and of assessments: read, written without scripts, and never over somebody's newer words."""

import re
from datetime import timedelta

import pytest

from locality.journal.models import Event
from locality.neighbourhoods.models import Answer, Assessment, PlanPart
from locality.neighbourhoods.rules.plans import Content, PartKind, Whose
from tests import factories as make
from tests.neighbourhoods.test_plans import GOAL, IF_THEN, doing, nurse, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def peggy():
    return make.peggy("gp")[0]


def words(browser, address: str, status: int = 200) -> str:
    answer = browser.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def goal(peggy, **other) -> dict:
    told = {"about": peggy.pk, "kind": "goal", "version": 0, "words": "Up my own stairs", "whose": "person"}
    return told | {"then_words": "", "by_on": "", "state": "working"} | other


def test_a_part_is_written_on_the_page_and_stands_there_with_who_and_when(sign_in, peggy):
    browser = sign_in()

    answer = browser.post(f"/person/{peggy.pk}/plan/write", goal(peggy))

    page = words(browser, f"/person/{peggy.pk}/plan")
    assert (answer.status_code, answer.url) == (302, f"/person/{peggy.pk}/plan")
    assert "<b>Up my own stairs</b>" in page
    assert "Saved: goal." in page


def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(sign_in, peggy):
    answer = sign_in().post(f"/person/{peggy.pk}/plan/write", goal(peggy, words="", then_words="Twice a day"))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Write what is to be reached." in page
    assert 'value="Twice a day"' in page
    assert PlanPart.objects.count() == 0


def test_who_saves_over_newer_words_sees_both_side_by_side_and_chooses(sign_in, peggy):
    browser = sign_in()
    part = written(peggy)
    written(peggy, content=Content(words="To the shop", whose=Whose.PERSON, state="working"), part=part.pk, version=1)
    sent = {"part": part.pk, "version": 1, "words": "To the chapel"}

    answer = browser.post(f"/person/{peggy.pk}/plan/write", goal(peggy, **sent))

    page = answer.content.decode()
    assert answer.status_code == 409
    theirs, mine = page.index("To the shop"), page.index("What you wrote, not saved yet")
    assert theirs < mine < page.rindex("To the chapel")
    assert PlanPart.objects.get().words == "To the shop"
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    browser.post(f"/person/{peggy.pk}/plan/write", goal(peggy, **sent | {"version": version}))
    assert PlanPart.objects.get().words == "To the chapel"
    history = words(browser, f"/person/{peggy.pk}/plan/history")
    assert [history.count(one) for one in ("To the shop", "To the chapel")] == [1, 1]


def test_undo_gives_the_words_back(sign_in, peggy):
    browser = sign_in()
    part = written(peggy)
    browser.post(f"/person/{peggy.pk}/plan/write", goal(peggy, part=part.pk, version=1, words="To the chapel"))
    back = re.search(r'action="(/person/[^"]+/undo/2)"', words(browser, f"/person/{peggy.pk}/plan"))[1]

    browser.post(back, {"about": peggy.pk})

    assert PlanPart.objects.get().words == "Up my own stairs"


def test_an_action_goes_to_a_team_that_knows_them_and_is_offered_no_other(sign_in, peggy):
    browser = sign_in()
    page = words(browser, f"/person/{peggy.pk}/plan")
    offered = re.findall(r'<option value="team:([0-9a-f-]+)"', page)

    assert offered == [str(make.team().pk)]


@pytest.mark.parametrize("page", ["plan", "plan/print", "plan/plain", "plan/history", "assessments"])
def test_another_team_reads_no_page_of_it(sign_in, peggy, page):
    written(peggy)
    answer = sign_in("Ruth", "Adler", teams=("hilltop",)).get(f"/person/{peggy.pk}/{page}")

    assert answer.status_code == 403
    assert "Up my own stairs" not in answer.content.decode()


def test_the_easy_form_puts_their_words_into_no_other_words(sign_in, peggy):
    written(peggy)
    written(peggy, PartKind.CONTINGENCY, IF_THEN)
    written(peggy, PartKind.ACTION, doing(by_on=make.TODAY - timedelta(days=900)))

    page = words(sign_in(), f"/person/{peggy.pk}/plan/plain")

    for said in (GOAL.words, GOAL.then_words, IF_THEN.words, IF_THEN.then_words, "Practise on the stairs"):
        assert f"&ldquo;{said}&rdquo;" in page
    assert f"Call: {IF_THEN.call_words}" in page


def test_every_look_at_the_plan_is_written_down(sign_in, peggy):
    browser = sign_in()
    for page in ("plan", "plan/print"):
        words(browser, f"/person/{peggy.pk}/{page}")

    assert list(Event.objects.filter(person_id=peggy.pk).order_by("id").values_list("what", flat=True)) == [
        "plan.opened",
        "plan.printed",
    ]


# ---- assessments


DNR = {"resourceType": "Consent", "id": "d", "status": "active", "scope": {"coding": [{"code": "treatment"}]}}
DNR |= {"category": [{"coding": [{"code": "dnr"}]}]}
REFUSED = Content(words="Going to hospital", heading="place of care", stance="refuses")


def test_what_they_would_not_like_never_reads_as_a_wish(sign_in, peggy):
    written(peggy, PartKind.WISH, REFUSED)
    browser = sign_in()

    pages = {one: words(browser, f"/person/{peggy.pk}/plan{one}") for one in ("", "/print", "/plain")}

    told = "Where I am looked after. I would not like this"
    assert [told in pages[""], told in pages["/print"]] == [True, True]
    assert "Where I am looked after. I said: &ldquo;Going to hospital&rdquo; I would not like this." in pages["/plain"]


def test_the_easy_form_says_what_is_decided_above_what_is_wished(sign_in):
    person, (gp,) = make.peggy("gp")
    make.resource(gp, DNR)
    written(person, PartKind.WISH, Content(words="Let them try", heading="resuscitation", stance="wants"))

    page = words(sign_in(), f"/person/{person.pk}/plan/plain")

    decided, wished = page.index("What is decided"), page.index("Let them try")
    assert (decided < page.index("Do not resuscitate") < wished) is True


@pytest.fixture
def marcus(sign_in):
    return sign_in("Marcus", "Obi", roles=("social_worker",))


def begun(browser, peggy) -> str:
    answer = browser.post(f"/person/{peggy.pk}/assessments/begin", {"about": peggy.pk, "form": "care-act"})
    assert answer.status_code == 302
    return answer.url


def test_what_is_known_is_confirmed_in_one_press_and_counts_as_not_asked_again(marcus, peggy):
    by = nurse()
    told = Content(words="My own breakfast", heading="matters")
    written(peggy, PartKind.ABOUT_ME, told, by=by)
    address = begun(marcus, peggy)
    assert "Still so" in words(marcus, address)

    marcus.post(f"{address}/answer", {"about": peggy.pk, "confirm": "matters", "v-matters": 0, "q-matters": ""})

    assert [(one.words, one.how, one.from_words) for one in Answer.objects.all()] == [
        ("My own breakfast", "confirmed", "the plan")
    ]


def test_what_is_only_held_up_to_be_confirmed_is_no_answer(marcus, peggy):
    written(peggy, PartKind.ABOUT_ME, Content(words="My own breakfast", heading="matters"))
    address = begun(marcus, peggy)

    marcus.post(f"{address}/answer", {"about": peggy.pk, "v-matters": 0, "q-matters": "My own breakfast"})

    assert Answer.objects.count() == 0


def outcome(code: str, *chosen: str) -> dict:
    return {f"v-{code}": 0, f"c-{code}": list(chosen), f"q-{code}": ""}


def test_a_social_worker_decides_on_what_the_criteria_say_in_words(marcus, peggy):
    address = begun(marcus, peggy)
    sent = {"about": peggy.pk} | outcome("nutrition", "unable", "help", "arises")
    sent |= outcome("hygiene", "unable", "longer", "arises") | outcome("impact", "yes")

    marcus.post(f"{address}/answer", sent)
    page = words(marcus, address)
    marcus.post(f"{address}/finish", {"about": peggy.pk, "decided": "eligible", "read": "eligible", "why": ""})

    assert "What the criteria say: meets the criteria" in page
    assert "2 of 10 outcomes cannot be achieved: 2 or more are needed." in page
    row = Assessment.objects.get()
    assert (row.state, row.decided, row.verdict) == ("finished", "eligible", "eligible")
    assert "17 questions (0%) were asked again" in words(marcus, "/assessments")


def test_an_answer_given_meanwhile_is_shown_beside_ones_own(marcus, peggy):
    address = begun(marcus, peggy)
    sent = {"about": peggy.pk} | outcome("nutrition", "unable", "help", "arises")
    marcus.post(f"{address}/answer", sent | {"q-nutrition": "She has toast"})

    answer = marcus.post(f"{address}/answer", sent | {"q-nutrition": "She has nothing"})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "She has toast" in page
    assert ">She has nothing</textarea>" in page
    assert Answer.objects.get().words == "She has toast"


def test_contradicting_ticks_are_told_beside_the_question(marcus, peggy):
    address = begun(marcus, peggy)

    answer = marcus.post(f"{address}/answer", {"about": peggy.pk} | outcome("impact", "yes", "no"))

    assert answer.status_code == 422
    assert "Choose one or the other." in answer.content.decode()


def test_who_manages_and_does_not_manage_is_asked_which(marcus, peggy):
    address = begun(marcus, peggy)

    answer = marcus.post(f"{address}/answer", {"about": peggy.pk} | outcome("nutrition", "able", "unable", "help"))

    assert (answer.status_code, Answer.objects.count()) == (422, 0)


def test_what_was_emptied_is_not_answered_again_by_what_the_page_holds_up(marcus, peggy):
    written(peggy, PartKind.ABOUT_ME, Content(words="My own breakfast", heading="matters"))
    address = begun(marcus, peggy)
    marcus.post(f"{address}/answer", {"about": peggy.pk, "v-matters": 0, "q-matters": "Her garden"})
    marcus.post(f"{address}/answer", {"about": peggy.pk, "v-matters": 1, "q-matters": ""})

    marcus.post(f"{address}/answer", {"about": peggy.pk, "v-matters": 2, "q-matters": "My own breakfast"})

    last = Answer.objects.order_by("version").last()
    assert (last.version, last.words) == (2, "")


def test_what_somebody_answered_meanwhile_is_no_quarrel_with_what_was_only_held_up(marcus, peggy):
    written(peggy, PartKind.ABOUT_ME, Content(words="My own breakfast", heading="matters"))
    address = begun(marcus, peggy)
    marcus.post(f"{address}/answer", {"about": peggy.pk, "v-matters": 0, "q-matters": "Her garden"})

    answer = marcus.post(f"{address}/answer", {"about": peggy.pk, "v-matters": 0, "q-matters": "My own breakfast"})

    assert (answer.status_code, Answer.objects.get().words) == (302, "Her garden")


def test_the_team_list_names_nobody_to_another_team(sign_in, marcus, peggy):
    begun(marcus, peggy)
    page = words(sign_in("Ruth", "Adler", teams=("hilltop",)), "/assessments")

    assert "HARGREAVES" not in page
    assert "nothing to measure yet" in page
