"""Who sends to us, and what could not be stored: for those who look after sources, and nobody else."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from locality.base import system
from locality.journal.models import Event
from locality.neighbourhoods.actions.referral_in import receive_referral
from locality.neighbourhoods.models import ReferralReceived
from locality.record.models import Quarantine
from tests import factories as make
from tests.neighbourhoods.work import alert

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(sign_in):
    return sign_in("Sam", "Whitaker", roles=("administrator",), teams=())


def test_the_answer_comes_in_words_before_the_table(administrator):
    # these pages read the real clock, so the tests' own day is long past: both are silent
    make.source("gp")
    make.source("acute", last_at=None)

    words = administrator.get("/sources").content.decode()

    assert "0 of 2 sources sent data when due" in words
    assert "1 has not sent yet" in words


def test_what_was_refused_is_shown_with_its_reason_and_the_bytes_as_text(administrator):
    row = make.quarantined(make.source("gp"), "The file stops in the middle.", b'{"a": "<b>')

    listed = administrator.get(reverse("quarantine", args=["gp"])).content.decode()
    original = administrator.get(reverse("quarantine_original", args=["gp", row.pk])).content.decode()

    assert "1 entry from Mill Lane Practice could not be stored" in listed
    assert "The file stops in the middle." in listed
    assert "&lt;b&gt;" in original
    assert Event.objects.filter(what="quarantine.opened", about_id=row.pk).count() == 1


def test_trying_again_stores_what_is_right_now(administrator):
    make.source("gp", agreement_ends_on=None)
    good = b'{"resourceType":"Patient","id":"p1"}'
    make.quarantined(make.source("gp"), "It was not right.", good, readable=True)

    administrator.post(reverse("retry", args=["gp"]))

    assert Quarantine.objects.get().state == "stored"


@pytest.fixture
def refused():
    source = make.source("gp")
    return receive_referral(source=source, content=b'{"a": "<b>"}', by=system(at=make.AT)), source


def test_a_refused_referral_is_led_to_and_stands_with_its_reason_what_to_do_and_its_bytes_as_text(
    administrator, refused
):
    row = ReferralReceived.objects.get()

    sources = administrator.get("/sources").content.decode()
    listed = administrator.get(reverse("referrals_received", args=["gp"])).content.decode()
    original = administrator.get(reverse("referral_original", args=["gp", row.pk])).content.decode()

    assert '<a href="/sources/gp/referrals">Mill Lane Practice</a>' in sources
    assert "1 referral from Mill Lane Practice: 1 refused, none taken in" in listed
    assert [words in listed for words in (row.refused, "Tell the sender, who sends it anew.")] == [True, True]
    assert "&lt;b&gt;" in original
    assert Event.objects.filter(what="referral.refused-opened", about_id=row.pk).count() == 1


def test_tried_again_from_the_page_it_is_said_what_came_of_it(administrator, refused):
    answer = administrator.post(reverse("referrals_retry", args=["gp"]), follow=True).content.decode()

    assert "Tried again: it is still refused. Below is what mends it." in answer


def test_dismissed_from_its_page_it_stands_below_with_who_and_why_and_is_put_back(administrator, refused):
    row = ReferralReceived.objects.get()
    at = reverse("referral_dismiss", args=["gp", row.pk])

    asked = administrator.get(at).content.decode()
    dismissed = administrator.post(at, {"why": "not-for-us", "words": ""}, follow=True).content.decode()
    again = administrator.post(at, {"why": "mistake"}, follow=True).content.decode()
    back = administrator.post(reverse("referral_put_back", args=["gp", row.pk]), follow=True).content.decode()

    assert [words in asked for words in ("Why does it wait no more?", row.refused)] == [True, True]
    assert "1 referral from Mill Lane Practice: 1 dismissed, none taken in" in dismissed
    assert ["It is not for us" in dismissed, "Sam Whitaker <span" in dismissed] == [True, True]
    assert "Try them all again" not in dismissed
    assert "Sam Whitaker dismissed it already" in again
    assert "1 referral from Mill Lane Practice: 1 refused, none taken in" in back


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({}, "Choose why it is dismissed."),
        ({"why": "other"}, "Say in words why it is dismissed."),
        ({"why": "soon"}, "Choose one of those in the list."),
        ({"why": "mistake", "words": "x" * 501}, "That is longer than 500 letters"),
    ],
)
def test_what_is_missing_is_said_with_what_was_typed_and_nothing_is_dismissed(administrator, refused, typed, told):
    row = ReferralReceived.objects.get()

    page = administrator.post(reverse("referral_dismiss", args=["gp", row.pk]), typed)

    assert (page.status_code, told in page.content.decode()) == (422, True)
    assert ReferralReceived.objects.get().dismissed_at is None


def test_a_nurse_dismisses_nothing_and_puts_nothing_back(sign_in, refused):
    row, nurse = ReferralReceived.objects.get(), sign_in()
    at = [reverse(name, args=["gp", row.pk]) for name in ("referral_dismiss", "referral_put_back")]

    assert [nurse.post(one, {"why": "mistake"}).status_code for one in at] == [403, 403]
    assert ReferralReceived.objects.get().dismissed_at is None


def test_an_administrators_home_tells_of_refused_referrals_that_wait_and_of_none_says_nothing(administrator, refused):
    before = administrator.get("/").content.decode()
    row = ReferralReceived.objects.get()
    administrator.post(reverse("referral_dismiss", args=["gp", row.pk]), {"why": "duplicate"})

    after = administrator.get("/").content.decode()

    assert ["Refused referrals to look at" in words for words in (before, after)] == [True, False]


def test_a_source_that_sent_no_referral_says_what_would_stand_there(administrator):
    make.source("gp")

    words = administrator.get(reverse("referrals_received", args=["gp"])).content.decode()

    assert "Mill Lane Practice has sent no referral" in words
    assert "No other system has sent a referral." in administrator.get("/sources").content.decode()


@pytest.mark.parametrize("address", ["/sources", "/sources/gp/refused", "/sources/gp/referrals"])
def test_a_nurse_is_refused(sign_in, address):
    make.source("gp")

    assert sign_in().get(address).status_code == 403


def test_an_administrators_home_says_how_the_sources_stand_and_what_waits(administrator):
    make.quarantined(make.source("gp"), "The file stops in the middle.")

    words = administrator.get("/").content.decode()

    assert "0 of 1 sources sent data when due" in words
    assert "Refused entries to look at" in words


def test_an_administrator_sees_no_people(administrator):
    person, _ = make.peggy("gp")

    assert administrator.get(f"/person/{person.pk}").status_code == 403
    assert administrator.post("/find", {"words": "hargreaves"}).status_code == 403


@pytest.mark.parametrize("people", [1, 3])
def test_home_costs_the_same_for_one_person_and_for_three(sign_in, people, django_assert_num_queries):
    for number in range(people):
        row = make.person("Hargreaves", f"Margaret {number}")
        make.relationship(row)
        patient = make.patient(row, make.source("gp"), local_id=str(number))
        make.resource(patient, make.visit("2026-11-04T10:00:00Z", id=f"e{number}"))
    browser = sign_in()
    browser.get("/find")

    # session, viewer; the list and how many, their links, what was said of them; the audit; who waits on lists, who was
    # put forward, and whose plan is due
    with django_assert_num_queries(19):
        browser.get("/")


def test_somebody_who_looks_after_nobody_is_told_how_people_come(sign_in):
    assert "People appear here when your team takes them on" in sign_in(teams=()).get("/").content.decode()


WHERE = re.compile(r'<li><a href="([^"]+)"[^>]*>([^<]+)</a></li>')


def ways(browser):
    """Where the header of a role's first page leads."""
    head = browser.get("/").content.decode().split("<main")[0]
    return WHERE.findall(head)


def test_an_administrator_is_led_to_the_staff_and_to_how_well_linking_works(administrator):
    assert ways(administrator) == [
        ("/", "Home"),
        ("/identity/quality", "Linking"),
        ("/place", "The place"),
        ("/place/staff", "Staff"),
        ("/sources", "Sources"),
    ]


def test_a_nurse_is_led_to_neither(sign_in):
    own = [
        ("/", "Home"),
        ("/find", "Find a person"),
        ("/tasks", "Tasks"),
        ("/inbox", "Inbox"),
        ("/team", "Team"),
        ("/referrals", "Referrals"),
        ("/finding", "People to review"),
        ("/measures", "Measures"),
        ("/place", "The place"),
    ]

    assert ways(sign_in()) == own


def test_whoever_answers_for_an_organisation_without_a_team_is_led_to_what_it_is_told(sign_in):
    browser = sign_in(teams=())
    person = make.person()
    make.relationship(person, organisation=make.organisation(), kind="registered_practice")
    alert(person, team=None, organisation=make.organisation().pk)

    words = browser.get("/").content.decode()

    assert ("/inbox", "Inbox") in ways(browser)
    assert '<a href="/inbox?of=mine&amp;state=new">New in the inbox</a> <' in words
    assert re.search(r"New in the inbox</a> <[^>]*>1<", words)


def test_an_administrators_home_counts_the_staff_whose_time_ends_soon(administrator):
    soon = make.practitioner("Tilly", "Nuttall", code="p-90")
    make.role(soon, ends_on=timezone.localdate() + timedelta(days=10))
    late = make.practitioner("Hugh", "Entwistle", code="p-91")
    make.role(late, ends_on=timezone.localdate() + timedelta(days=100))

    words = administrator.get("/").content.decode()

    assert '<a href="/place/staff?soon=yes">Staff whose role or team ends within 28 days</a>' in words
    assert re.search(r"within 28 days</a> <[^>]*>1<", words)
