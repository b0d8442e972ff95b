"""Acting for somebody: chosen after signing in, said on every page, and gone the moment the right is."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from locality.access import actions
from locality.access.models import Draft, Proxy
from locality.base import SYSTEM_ID
from locality.journal.actions import log
from locality.journal.models import Event, Question
from locality.people.models import Person
from locality.web import pages
from tests import factories as make
from tests.web.conftest import PASSWORD

pytestmark = pytest.mark.django_db

BANNER = "You act for <b><bdi>Peggy Hargreaves</bdi></b>"


def signed_in(person: Person, username: str) -> Client:
    pages._names.clear()
    make.place()
    actions.add_account(username=username, password=PASSWORD, person=person, by=make.viewer())
    return again(username)


def again(username: str) -> Client:
    browser = Client()
    browser.post("/sign-in", {"username": username, "password": PASSWORD})
    return browser


def today() -> date:
    return timezone.localdate()


def right(person: Person, proxy: Person, **other) -> Proxy:
    told = {"kind": "chosen", "reason": "She asked her to", "starts_on": date(2026, 1, 1), "made_by": SYSTEM_ID}
    return Proxy.objects.create(person=person, proxy=proxy, made_at=make.AT, **told | other)


@pytest.fixture
def peggy() -> Person:
    person, (gp,) = make.peggy("gp")
    make.resource(gp, make.problem("Asthma", id="c1"))
    make.resource(gp, make.problem("Bruises", id="c2"), data_class="SAFE")
    make.resource(gp, make.reading("29463-7", 61, "kg", "2026-11-01"))
    return person


@pytest.fixture
def ann() -> Person:
    return make.person("Lomas", "Ann", nhs_number="")


@pytest.fixture
def daughter(peggy, ann) -> Client:
    right(peggy, ann)
    return signed_in(ann, "ann.lomas")


def choose(browser: Client, person: Person | None):
    return browser.post(reverse("me_act_for"), {"person": str(person.pk) if person else ""})


def words(browser: Client, name: str, *parts) -> str:
    return " ".join(browser.get(reverse(name, args=parts)).content.decode().split())


PAGES = ("me_acting", "me_who_looked", "me_who_looked_print", "me_ask", "me_record", "account", "help")


def test_until_somebody_is_chosen_one_acts_as_oneself(daughter, peggy):
    page = words(daughter, "me_acting")

    assert "You may act for yourself and for 1 other person" in page
    assert ("Peggy Hargreaves" in page, "They chose you." in page, "acting__row" in page) == (True, True, False)
    assert "Asthma" not in words(daughter, "me_record")


def test_a_plan_that_is_kept_back_is_never_shown_as_an_empty_one(peggy, ann):
    right(peggy, ann, kept_back=["PLAN"])
    browser = signed_in(ann, "ann.lomas")
    choose(browser, peggy)

    pages = [words(browser, name) for name in ("me_plan", "me_plan_plain", "me_plan_history")]

    assert ["The plan is not shown to you" in page for page in pages] == [True] * 3
    assert [told in page for page in pages for told in ("I have not said this yet", "0 changes")] == [False] * 6


def test_whom_one_acts_for_stands_at_the_top_of_every_page_and_switching_is_on_the_books(daughter, peggy, ann):
    chosen = choose(daughter, peggy)

    told = {name: BANNER in words(daughter, name) for name in PAGES if name != "help"}
    back = choose(daughter, None)

    assert (chosen.url, back.url) == (reverse("me_home"), reverse("me_home"))
    assert set(told.values()) == {True}
    assert BANNER not in words(daughter, "me_who_looked")
    lines = Event.objects.filter(what__startswith="proxy.acting").order_by("pk").values_list("what", "by_kind", "by_id")
    assert list(lines) == [("proxy.acting", "person", ann.pk), ("proxy.acting-over", "proxy", ann.pk)]
    assert set(Event.objects.filter(what__startswith="proxy.acting").values_list("person_id", flat=True)) == {peggy.pk}


def test_switching_makes_a_new_session_key(daughter, peggy):
    before = daughter.session.session_key

    choose(daughter, peggy)

    assert daughter.session.session_key != before


def test_who_acts_reads_the_summary_and_headlines_and_never_safeguarding(daughter, peggy):
    choose(daughter, peggy)

    page = words(daughter, "me_record")

    assert ("Asthma" in page, "Bruises" in page) == (True, False)
    lines = Event.objects.filter(what="record.opened", by_kind="proxy")
    assert [(one.person_id, one.detail["right"]) for one in lines] == [(peggy.pk, "proxy")]


@pytest.mark.parametrize("kept", [[], ["CLIN"]])
def test_what_is_kept_from_them_is_not_shown_to_them(peggy, ann, kept):
    right(peggy, ann, kept_back=kept)
    browser = signed_in(ann, "ann.lomas")
    assert ("Kept from you: results, letters and details." in words(browser, "me_acting")) == bool(kept)
    choose(browser, peggy)

    page = words(browser, "me_record")

    assert ("61 kg" in page, "Asthma" in page) == (not kept, True)


def end_by_day(row: Proxy) -> None:
    Proxy.objects.filter(pk=row.pk).update(ends_on=today())


def end_by_hand(row: Proxy) -> None:
    actions.end_proxy(proxy_id=row.pk, words="She changed her mind", by=make.viewer(at=timezone.now()))


def die(row: Proxy) -> None:
    Person.objects.filter(pk=row.person_id).update(died=True)


def protect(row: Proxy) -> None:
    Person.objects.filter(pk=row.person_id).update(protected=True)


@pytest.mark.parametrize("over", [end_by_day, end_by_hand, die, protect])
def test_a_right_that_is_over_is_gone_on_the_next_request(daughter, peggy, over):
    choose(daughter, peggy)

    over(Proxy.objects.get())
    answer = daughter.get(reverse("me_record"))
    page = words(daughter, "me_acting")

    assert answer.url == reverse("me_acting")
    assert "You no longer act for them" in page
    assert ("Peggy" in page, "You act for nobody but yourself" in page) == (False, True)
    assert choose(daughter, peggy).status_code == 404


def test_a_parents_right_is_gone_on_the_birthday_by_itself(peggy, ann):
    birthday = today() + timedelta(days=1)
    right(peggy, ann, kind="parent", ends_on=birthday)
    browser = signed_in(ann, "ann.lomas")
    choose(browser, peggy)
    assert browser.get(reverse("me_record")).status_code == 200

    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        later = again("ann.lomas")
        assert choose(later, peggy).status_code == 404
        assert "Peggy" not in words(later, "me_acting")


def test_while_an_address_is_protected_only_whoever_may_know_it_acts(peggy, ann):
    right(peggy, ann, knows_address=True)
    browser = signed_in(ann, "ann.lomas")
    Person.objects.filter(pk=peggy.pk).update(protected=True)

    choose(browser, peggy)

    page = words(browser, "me_record")
    assert ("Asthma" in page, "Weaver" in page) == (True, False)


def test_nobody_acts_for_whom_they_have_no_right_for(daughter, peggy):
    stranger = make.person("Stranger", "Sid", nhs_number="")

    assert choose(daughter, stranger).status_code == 404
    assert daughter.post(reverse("me_act_for"), {"person": "nonsense"}).status_code == 404
    assert BANNER not in words(daughter, "me_who_looked")


def test_what_was_typed_for_one_person_is_never_sent_for_another(daughter, peggy, ann):
    """Two tabs: in one the form about Peggy, in the other she has become herself again."""
    about = {"about": str(peggy.pk), "words": "This looks wrong"}

    as_herself = daughter.post(reverse("me_ask"), about)
    choose(daughter, peggy)
    without = daughter.post(reverse("me_ask"), {"words": "This looks wrong"})
    of_own = daughter.post(reverse("me_ask"), {"about": str(ann.pk), "words": "This looks wrong"})

    assert [one.status_code for one in (as_herself, without, of_own)] == [409, 409, 409]
    assert Question.objects.count() == 0
    assert daughter.post(reverse("me_ask"), about).status_code == 302
    assert Question.objects.get().person_id == peggy.pk


def test_a_form_kept_while_acting_for_somebody_waits_until_one_acts_for_them_again(daughter, peggy):
    choose(daughter, peggy)
    sent = {"about": str(peggy.pk), "words": "A stranger read it"}
    with time_machine.travel(timezone.now() + timedelta(minutes=31), tick=False):
        daughter.post(reverse("me_ask"), sent)
    browser = again("ann.lomas")
    draft = Draft.objects.get()
    send = reverse("send_kept", args=[draft.pk])

    too_soon = browser.post(send, sent)
    assert (too_soon.status_code, Draft.objects.count(), Question.objects.count()) == (409, 1, 0)
    choose(browser, peggy)
    browser.post(send, sent, follow=True)

    assert (Draft.objects.count(), Question.objects.get().person_id) == (0, peggy.pk)


# ---- a look that seems wrong, from end to end


@pytest.fixture
def officer(sign_in) -> Client:
    return sign_in("Priya", "Nair", roles=("privacy_officer",), teams=())


@pytest.mark.parametrize("acts", [False, True])
def test_what_looks_wrong_reaches_the_privacy_officer_and_the_answer_whoever_asked_alone(peggy, ann, officer, acts):
    right(peggy, ann)
    herself, daughter = signed_in(peggy, "peggy"), signed_in(ann, "ann.lomas")
    choose(daughter, peggy)
    asks, other = (daughter, herself) if acts else (herself, daughter)

    asks.post(reverse("me_ask"), {"about": str(peggy.pk), "words": "I know that nurse", "on": "2026-11-05"})
    row = Question.objects.get()
    waiting = words(officer, "privacy")
    opened = words(officer, "privacy_question", row.pk)
    officer.post(reverse("privacy_question", args=[row.pk]), {"words": "She was on call for your team."})

    assert "1 question waits for you" in waiting
    assert ("I know that nurse" in opened, "HARGREAVES, Margaret" in opened) == (True, True)
    assert (row.asked_kind, row.person_id) == ("proxy" if acts else "person", peggy.pk)
    assert "She was on call for your team." in words(asks, "me_who_looked")
    assert "She was on call for your team." not in words(other, "me_who_looked")


def test_a_safeguarding_look_leaves_the_page_of_whoever_acts_as_if_nobody_had_looked(daughter, peggy):
    choose(daughter, peggy)
    log(what="record.opened", by=make.viewer(at=timezone.now()), person=peggy.pk)
    assert "1 person looked" in words(daughter, "me_who_looked")

    log(what="record.opened", by=make.viewer("safeguarding_lead", at=timezone.now()), person=peggy.pk)

    assert "Nobody is listed as having looked at Peggy Hargreaves" in words(daughter, "me_who_looked")


# ---- the person sees, and ends it


def test_the_person_sees_who_acts_for_them_and_ends_it(peggy, ann):
    row = right(peggy, ann)
    herself = signed_in(peggy, "peggy")
    address = reverse("me_proxy_ended", args=[row.pk])
    assert "Ann Lomas" in words(herself, "me_acting")

    blank = herself.post(address, {"about": str(peggy.pk), "words": " "})
    ended = herself.post(address, {"about": str(peggy.pk), "words": "I want to see to it myself"})

    assert (blank.status_code, ended.status_code) == (422, 302)
    assert "Ann Lomas" not in words(herself, "me_acting")
    assert Proxy.objects.get().ended_by == peggy.pk


def test_whoever_acts_may_stop_and_ends_nobody_elses_right(daughter, peggy, ann):
    sid = make.person("Stranger", "Sid", nhs_number="")
    others, mine = right(peggy, sid), Proxy.objects.get(proxy=ann)

    theirs = daughter.post(reverse("me_proxy_ended", args=[others.pk]), {"words": "No"})
    own = daughter.post(reverse("me_proxy_ended", args=[mine.pk]), {"words": "I moved away"})

    assert (theirs.status_code, own.status_code) == (404, 302)
    assert list(Proxy.objects.filter(ended_at=None)) == [others]
    assert "Sid" not in words(daughter, "me_acting")


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_of_whom_one_acts_for_costs_the_same_for_one_and_for_three(ann, many, django_assert_num_queries):
    for number in range(many):
        right(make.person("Ash", str(number), nhs_number=""), ann)
    browser = signed_in(ann, "ann.lomas")
    browser.get(reverse("me_acting"))

    # the session, the account, the person, an earlier identity, for whom, the person again, who for them, the audit
    with django_assert_num_queries(10):
        browser.get(reverse("me_acting"))


def test_staff_have_no_such_page(sign_in):
    browser = sign_in()

    assert [browser.get(reverse(name)).status_code for name in ("me_acting", "me_record")] == [404, 404]
