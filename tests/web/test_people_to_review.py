"""The pages of people whom lists found: reviewed in a press or two, taken back, and never shown to whoever must not."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from locality.access import actions
from locality.access.rules import RoleCode
from locality.base.periods import day_of
from locality.journal.models import Event
from locality.neighbourhoods.actions.candidates import decline
from locality.neighbourhoods.actions.caseload import take_on
from locality.neighbourhoods.models import Candidate
from locality.population.models import CaseFindingRun, Found, Review
from locality.web import pages
from locality.web.words import short_day
from tests import factories as make
from tests.neighbourhoods.caseload_world import new
from tests.population.finding_world import build

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough one"
LIST_QUERIES = 10


@pytest.fixture
def place(tmp_path):
    return build(tmp_path, room=5)


def browser(given="Helen", *, role=RoleCode.CLINICIAN, at="MILL", team="") -> Client:
    """Somebody signed in who works for an organisation, a doctor at the practice unless told otherwise."""
    pages._names.clear()
    who = make.practitioner(given, "Marsden", employer=make.organisation(at))
    make.role(who, role)
    if team:
        make.member(who, make.team(team))
    actions.add_account(username=who.code, password=PASSWORD, practitioner=who, by=make.viewer())
    client = Client()
    client.post("/sign-in", {"username": who.code, "password": PASSWORD})
    return client


def listed(place, *names: str) -> dict[str, Found]:
    for number, name in enumerate(names):
        place.person(name, falls=1 + number)
    place.find()
    return {row.person.family.lower(): row for row in Found.objects.select_related("person")}


def words(client: Client, address: str) -> str:
    page = re.sub(r"<[^>]+>", " ", client.get(address).content.decode())
    return " ".join(unescape(page).split())


def test_the_page_says_how_many_wait_and_why_in_words_with_day_and_sender(place):
    listed(place, "ann", "bob")

    page = words(browser(), "/finding")

    assert "2 people to review, about 2 minutes" in page
    assert page.index("BOB, Pat") < page.index("ANN, Pat")
    assert "Recurrent falls Mill Lane 2 times, last 4 Nov 2026" in page
    assert "Offer: A class." in page
    assert "PRISMATIC" in page


def test_one_press_accepts_and_one_more_takes_it_back(place):
    found = listed(place, "ann")["ann"]
    doctor = browser()

    doctor.post(f"/finding/{found.pk}/review", {"accept": "not asked"})
    accepted = (words(doctor, "/finding"), Candidate.objects.filter(state="waiting").count())
    doctor.post(f"/finding/{found.pk}/undo")

    assert "ANN, Pat: accepted: the Riverside team may know them from now on, and its meeting decides." in accepted[0]
    assert "Nobody waits for you to review" in accepted[0]
    assert accepted[1] == 1
    assert "1 person to review" in words(doctor, "/finding")
    assert Candidate.objects.filter(state="waiting").count() == 0


def test_the_practice_reads_what_became_of_those_it_accepted(place):
    found, doctor = listed(place, "ann", "bob", "cec"), browser()
    for one in found.values():
        doctor.post(f"/finding/{one.pk}/review", {"accept": "not asked"})
    put = {row.person.family: row.pk for row in Candidate.objects.select_related("person")}
    nurse = make.viewer(at=timezone.now())
    decline(candidate=put["Bob"], why="His son does it all", by=nurse)
    take_on(new=new(found["cec"].person, review_on=day_of(nurse.at) + timedelta(days=14)), by=nurse)

    page, of_bob = words(doctor, "/finding"), words(doctor, f"/finding/{found['bob'].pk}")

    today = short_day(nurse.at)
    assert f"ANN, Pat Waits for the Riverside team to decide, since {today}" in page
    assert f"BOB, Pat Not taken on by the Riverside team on {today} (\u201cHis son does it all\u201d); Joanne" in page
    assert f"CEC, Pat Taken on by the Riverside team on {today}" in page
    assert f"Not taken on by the Riverside team on {today}" in of_bob
    assert ("Take it back" in of_bob, "Take it back" in words(doctor, f"/finding/{found['ann'].pk}")) == (False, True)


def test_another_practice_reads_nothing_of_whom_this_one_accepted(place):
    found = listed(place, "ann")["ann"]
    browser().post(f"/finding/{found.pk}/review", {"accept": "not asked"})

    page = words(browser("Olga", at="ELSE"), "/finding")

    assert ("ANN" in page, "What became" in page) == (False, False)


@pytest.mark.parametrize(
    ("pressed", "kept"),
    [
        ({"decline": "doing-well"}, ("declined", "doing-well", "")),
        ({"decline": "other", "words": "Lives abroad"}, ("declined", "other", "Lives abroad")),
        ({"known": "yes"}, ("known", "", "")),
        ({"later": "30"}, ("later", "", "")),
        ({"accept": "agreed"}, ("accepted", "", "")),
    ],
)
def test_each_answer_is_a_press(place, pressed, kept):
    found = listed(place, "ann")["ann"]

    browser().post(f"/finding/{found.pk}/review", pressed)

    assert list(Review.objects.values_list("answer", "reason", "words")) == [kept]


NO_DAY = "Say on which day to ask again: a day after today, within a year."
NEVER = "\u201cnever\u201d is not a day: type day, month and year, such as 30/11/2026."
TOO_LONG = "That is longer than 1,000 letters: type it shorter."


@pytest.mark.parametrize(
    ("pressed", "field", "told"),
    [
        ({}, "answer", "Nothing was answered: press one of the answers."),
        ({"decline": "no such"}, "answer", "Nothing was answered: press one of the answers."),
        ({"decline": "other", "words": ""}, "words", "Say in words why they are declined."),
        ({"decline": "other", "words": "long " * 201}, "words", TOO_LONG),
        ({"accept": "agreed", "words": "long " * 201}, "words", TOO_LONG),
        ({"later": "day", "day": ""}, "day", NO_DAY),
        ({"later": "day", "day": "1/1/2020"}, "day", NO_DAY),
        ({"later": "day", "day": "never"}, "day", NEVER),
    ],
)
def test_what_is_wrong_is_said_at_its_field_with_what_was_typed_and_nothing_is_done(place, pressed, field, told):
    found = listed(place, "ann")["ann"]
    doctor = browser()

    answer = doctor.post(f"/finding/{found.pk}/review", pressed)

    page = unescape(answer.content.decode())
    assert (answer.status_code, Review.objects.count(), Found.objects.get().state) == (422, 0, "waiting")
    assert f'<a href="#{field}">{told}</a>' in page
    assert f'id="{field}-fault"' in page
    assert [typed for typed in (pressed.get("words", ""), pressed.get("day", "")) if typed and typed not in page] == []
    # nor is it said as if something had been done
    assert ('class="undo"' in page, 'class="undo"' in doctor.get("/finding").content.decode()) == (False, False)


def test_whoever_comes_second_is_told_who_was_first_keeps_their_words_and_it_is_written_down(place):
    found = listed(place, "ann")["ann"]
    browser().post(f"/finding/{found.pk}/review", {"known": "yes"})
    second = browser("Olga")

    answer = second.post(f"/finding/{found.pk}/review", {"decline": "other", "words": "She moved to Spain"})

    page = unescape(answer.content.decode())
    refused = Event.objects.get(outcome="refused")
    assert (answer.status_code, Candidate.objects.count(), Review.objects.count()) == (422, 0, 1)
    assert "Helen Marsden answered first (already known" in page
    assert "She moved to Spain" in page
    assert (refused.what, "answered first" in refused.reason) == ("page.finding_review", True)


def test_what_cannot_be_put_forward_keeps_its_words_and_is_written_down(place):
    ann = listed(place, "ann")["ann"].person
    make.relationship(ann)
    nurse = browser("Joan", at="RSB", team="riverside")
    way = f"/person/{ann.pk}/nominate"

    long = nurse.post(way, {"about": str(ann.pk), "why": "long " * 201})
    nurse.post(way, {"about": str(ann.pk), "why": "Her daughter is in hospital"})
    again = nurse.post(way, {"about": str(ann.pk), "why": "And she fell again"})

    assert (long.status_code, TOO_LONG in long.content.decode(), "long long" in long.content.decode()) == (
        422,
        True,
        True,
    )
    assert (again.status_code, 'value="And she fell again"' in again.content.decode()) == (422, True)
    assert [one.what for one in Event.objects.filter(outcome="refused")] == ["page.nominate"]


def test_the_persons_page_shows_every_reason_with_code_day_and_sender_and_leads_to_the_line(place):
    found = listed(place, "ann")["ann"]
    doctor = browser()

    page = words(doctor, f"/finding/{found.pk}")

    assert "Recurrent falls SNOMED 279992002 Wed 4 Nov 2026 Mill Lane Practice 1" in page
    assert doctor.get(f"/finding/{found.pk}").content.decode().count(f'href="/person/{found.person_id}/open/') == 1


@pytest.mark.parametrize(
    ("role", "at", "status"),
    [
        (RoleCode.CLINICIAN, "RSB", 404),
        (RoleCode.LINK_WORKER, "MILL", 403),
        (RoleCode.ANALYST, "MILL", 403),
        (RoleCode.ADMINISTRATOR, "MILL", 403),
    ],
)
def test_somebody_elses_list_is_not_there(place, role, at, status):
    found = listed(place, "ann")["ann"]
    other = browser("Olga", role=role, at=at)

    answers = [
        other.get(f"/finding/{found.pk}"),
        other.post(f"/finding/{found.pk}/review", {"accept": "agreed"}),
        other.post(f"/finding/{found.pk}/undo"),
    ]

    assert [answer.status_code for answer in answers] == [status] * 3
    assert all(b"ANN" not in answer.content for answer in answers)
    assert (Review.objects.count(), Found.objects.get().state) == (0, "waiting")


def test_a_list_prints_and_the_print_is_written_down(place):
    ann = listed(place, "ann")["ann"]

    page = words(browser(), "/finding/print")

    assert "1. ANN, Pat" in page
    assert list(Event.objects.filter(what="finding.printed").values_list("person_id", flat=True)) == [ann.person_id]


def test_a_role_that_takes_nobody_away_in_bulk_prints_no_list(place):
    ann = listed(place, "ann")["ann"].person
    make.relationship(ann)
    coordinator = browser("Sadia", role=RoleCode.CARE_COORDINATOR, at="RSB", team="riverside")

    assert "1 person to review" in words(coordinator, "/finding")
    assert "/finding/print" not in coordinator.get("/finding").content.decode()
    assert coordinator.get("/finding/print").status_code == 403


def test_a_colleague_puts_somebody_forward_from_their_page_and_the_practice_finds_them_first(place):
    ann = listed(place, "ann")["ann"].person
    make.relationship(ann)
    nurse = browser("Joan", at="RSB", team="riverside")

    link = nurse.get(f"/person/{ann.pk}").content.decode().count(f'href="/person/{ann.pk}/nominate"')
    empty = nurse.post(f"/person/{ann.pk}/nominate", {"about": str(ann.pk), "why": ""})
    nurse.post(f"/person/{ann.pk}/nominate", {"about": str(ann.pk), "why": "Her daughter is in hospital"})

    page = words(browser(), "/finding")
    assert (link, empty.status_code) == (1, 422)
    assert "2 people to review" in page
    assert "\u201cHer daughter is in hospital\u201d Joan Marsden" in page
    assert page.index("Put forward by hand") < page.index("At risk of falling")


def test_the_team_sees_whom_practices_put_forward_with_why_and_what_they_know(place):
    found = listed(place, "ann")["ann"]
    browser().post(f"/finding/{found.pk}/review", {"accept": "agreed"})

    page = words(browser("Sadia", role=RoleCode.CARE_COORDINATOR, at="RSB", team="riverside"), "/finding/candidates")

    assert "1 person waits for your teams\u2019 meeting" in page
    assert "ANN, Pat" in page
    assert "At risk of falling A class. They were asked and agreed Helen Marsden, Mill Lane Practice" in page


def test_how_finding_goes_is_told_in_counts_by_which_nobody_is_picked_out(place):
    listed(place, "ann", "bob", "cec")
    run = CaseFindingRun.objects.get()
    analyst = browser("Ada", role=RoleCode.ANALYST)

    summary, one = words(analyst, "/finding/runs"), words(analyst, f"/finding/run/{run.pk}")
    table = analyst.get(f"/finding/run/{run.pk}/lengths.csv").content.decode()
    funnel = analyst.get("/finding/runs/funnel.csv").content.decode()

    assert "1 list of people who may need more support" in summary
    assert "At risk of falling: kept back found, kept back on the lists of 1 team" in one
    assert "Riverside team 5 0 kept back" in one
    assert table.splitlines() == [
        "people on the list,had it happen,value (%),share of all captured (%),to review for one"
    ]
    assert funnel.splitlines()[:2] == ["by,of,found,reviewed,accepted", "ward,not known,kept back,0,0"]


def test_what_a_list_falls_by_of_itself_stands_beside_what_it_fell_by(place):
    listed(place, "ann")
    run = CaseFindingRun.objects.get()
    # 100 people with admissions that chance alone would spread so: whoever had many is expected to have the mean of one
    run.worth |= {"everybody_before": {"0": 37, "1": 37, "2": 18, "3": 8}, "found_before": {"3": 8}, "found_after": 10}
    run.save(update_fields=["worth"])

    page = words(browser("Ada", role=RoleCode.ANALYST), f"/finding/run/{run.pk}")

    assert "The about 10 people whom the rule would have found then had 2.50 emergency admissions each" in page
    # 8 people, 0.97 each: about 10 of about 10, as coarse as the other counts
    assert "foretells 1.00 each" in page


@pytest.mark.parametrize("address", ["/finding/runs", "/finding/runs/funnel.csv"])
def test_a_role_that_sees_no_figures_is_refused(place, address):
    assert browser(role=RoleCode.LINK_WORKER).get(address).status_code == 403


def test_nobody_waiting_the_page_says_what_would_be_here(place):
    page = words(browser(), "/finding")

    assert "Nobody waits for you to review" in page
    assert "People come here when a list is made, once a day" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(place, django_assert_num_queries, count):
    listed(place, *["ann", "bob", "cec"][:count])
    doctor = browser()
    doctor.get("/finding")

    with django_assert_num_queries(LIST_QUERIES):
        doctor.get("/finding")
