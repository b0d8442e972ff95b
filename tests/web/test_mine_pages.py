"""The person's own pages: what happens next, messages, who may know, what is wrong; and what whoever acts sees."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from locality.access import actions
from locality.access.models import Objection
from locality.journal.models import Event
from locality.neighbourhoods.models import Correction, Message, Referral, Task
from locality.record.models import Resource
from locality.web import pages
from tests import factories as make
from tests.neighbourhoods.support_world import a_class, coming, invited
from tests.neighbourhoods.work import task
from tests.web.conftest import PASSWORD
from tests.web.test_acting import again, choose, right, signed_in, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def peggy():
    person, (gp,) = make.peggy("gp")
    make.resource(gp, make.problem("Asthma", id="c1"), data_class="SUM")
    return person


@pytest.fixture
def herself(peggy) -> Client:
    return signed_in(peggy, "peggy")


@pytest.fixture
def daughter(peggy) -> Client:
    ann = make.person("Lomas", "Ann", nhs_number="")
    right(peggy, ann)
    browser = signed_in(ann, "ann.lomas")
    choose(browser, peggy)
    return browser


def message(person, **other) -> Message:
    told = {
        "person": person,
        "team": make.team(),
        "sender": make.organisation(),
        "data_class": "WORK",
        "channel": "here",
        "to_kind": "person",
        "to_id": person.pk,
        "to_name": "Peggy",
        "subject": "Your walking frame",
        "body": "It comes on Thursday. Will you be in?",
        "state": "sent",
        "not_before": make.AT,
        "made_at": make.AT,
        "made_by": person.pk,
        "sent_at": make.AT,
    }
    return Message.objects.create(**told | other)


def referral(person, **other) -> Referral:
    told = {
        "person": person,
        "team": make.team(),
        "sender": make.organisation(),
        "to_organisation": make.organisation("NCA", name="Northern Falls Clinic"),
        "data_class": "WORK",
        "asked": "Falls clinic, since her daughter hides the drink",
        "agreed": "agreed",
        "sent_at": make.AT,
        "answer_by": make.AT + timedelta(days=5),
        "made_by": person.pk,
    }
    return Referral.objects.create(**told | other)


def about(person, **other) -> dict:
    return {"about": str(person.pk)} | other


def test_her_home_says_what_happens_next_first_and_who_helps(herself, peggy):
    later = make.AT.replace(year=2030)
    referral(peggy, state="booked", booked_at=later, booked_where="Ward 4, main entrance")

    page = words(herself, "me_home")

    assert "<h1>Next: Northern Falls Clinic, " in page
    assert "Ward 4, main entrance" in page
    assert ('<h2 id="involved-title">Who helps you</h2>' in page, make.team().name in page) == (True, True)


def test_the_words_of_those_who_help_are_theirs_and_she_reads_how_far_it_is(herself, peggy):
    referral(peggy)
    task(peggy, title="Ask about the drink", words="Quietly")

    page = words(herself, "me_home")

    assert ("Sent. They have not answered yet." in page, "1 thing to do for you" in page) == (True, True)
    assert [hidden in page for hidden in ("drink", "Quietly")] == [False, False]


def test_what_was_said_to_somebody_else_is_not_on_her_page(herself, peggy):
    other = make.person("Other", "Olive", nhs_number="")
    message(other, to_id=other.pk, subject="About Olive")
    referral(other, to_organisation=make.organisation("XYZ", name="Olive's clinic"))

    assert "Olive" not in words(herself, "me_home") + words(herself, "me_messages")


def test_she_reads_a_message_and_answers_it_once(herself, peggy):
    row = message(peggy)

    empty = herself.post(reverse("me_message_answer", args=[row.pk]), about(peggy, words=" "))
    sent = herself.post(reverse("me_message_answer", args=[row.pk]), about(peggy, words="Yes, all day"))
    twice = herself.post(reverse("me_message_answer", args=[row.pk]), about(peggy, words="No"))

    assert (empty.status_code, sent.status_code, twice.status_code) == (422, 302, 422)
    assert Message.objects.values_list("state", "answer").get() == ("answered", "Yes, all day")
    assert "Yes, all day" in words(herself, "me_messages")


def test_a_message_that_has_not_gone_is_not_there_yet(herself, peggy):
    message(peggy, state="waiting", sent_at=None)

    assert "Your walking frame" not in words(herself, "me_messages")


def test_whoever_acts_reads_what_was_written_to_them_and_not_what_was_written_to_her(daughter, peggy):
    message(peggy)

    assert "Your walking frame" not in words(daughter, "me_messages") + words(daughter, "me_home")


def test_she_says_no_and_reads_what_follows_and_yes_again(herself, peggy):
    before = words(herself, "me_sharing")

    nothing = herself.post(reverse("me_object"), about(peggy))
    said = herself.post(reverse("me_object"), about(peggy, choice="planning"))
    standing = Objection.objects.get()
    after = words(herself, "me_sharing")
    back = herself.post(reverse("me_object_no_more", args=[standing.pk]), about(peggy))

    assert "You are left out when figures are made to plan services" in before
    assert (nothing.status_code, said.status_code, back.status_code) == (422, 302, 302)
    assert (standing.kind, standing.reason) == ("secondary_use", "Said on their own page")
    assert "<b>Your record is not used for planning or research</b>" in after
    assert Objection.objects.filter(ends_on=None).count() == 0


def test_what_one_organisation_sent_is_closed_by_her_word_alone(herself, peggy):
    sender = Resource.objects.get(title="Asthma").sender

    herself.post(reverse("me_object"), about(peggy, choice=str(sender.pk)))

    assert list(Objection.objects.values_list("kind", "organisation")) == [("sharing", sender.pk)]


@pytest.mark.parametrize("choice", ["nonsense", "00000000-0000-4000-8000-000000000000"])
def test_what_was_not_offered_is_no_choice(herself, peggy, choice):
    answer = herself.post(reverse("me_object"), about(peggy, choice=choice))

    assert (answer.status_code, Objection.objects.count()) == (422, 0)


def test_whoever_acts_reads_what_she_chose_and_does_not_choose(daughter, peggy):
    page = words(daughter, "me_sharing")

    answer = daughter.post(reverse("me_object"), about(peggy, choice="all"))

    assert ("Only they themselves can change this here" in page, "Say no to something" in page) == (True, False)
    assert (answer.status_code, Objection.objects.count()) == (409, 0)


def test_she_asks_for_a_line_to_be_put_right_and_it_stands_beside_the_line(herself, peggy):
    thing = Resource.objects.get(title="Asthma").thing
    form = words(herself, "me_correct") + herself.get(reverse("me_correct"), {"line": thing}).content.decode()

    sent = herself.post(reverse("me_correct"), about(peggy, line=str(thing), wrong="Never had it", should="Hay fever"))

    assert "It says: <b>Asthma</b>" in form
    assert (sent.status_code, sent.url) == (302, reverse("me_corrections"))
    for name, *parts in (("me_corrections",), ("me_line", thing)):
        page = words(herself, name, *parts)
        assert ("Never had it" in page, "Waiting for an answer" in page) == (True, True)
    assert "This is wrong" not in words(herself, "me_line", thing)


def test_she_asks_about_something_else_and_takes_it_back(herself, peggy):
    empty = herself.post(reverse("me_correct"), about(peggy))
    herself.post(reverse("me_correct"), about(peggy, part="note", wrong="It was Tuesday", heading="Note of 3 November"))
    row = Correction.objects.get()

    back = herself.post(reverse("me_correction_withdraw", args=[row.pk]), about(peggy))

    assert (empty.status_code, row.heading, row.about) == (422, "Note of 3 November", "note")
    assert (back.status_code, Correction.objects.get().state) == (302, "withdrawn")
    assert "Taken back" in words(herself, "me_corrections")


def test_nobody_takes_back_what_another_asked(herself, peggy):
    herself.post(reverse("me_correct"), about(peggy, part="other", wrong="Not so"))
    row = Correction.objects.get()
    other = make.person("Other", "Olive", nhs_number="")
    olive = signed_in(other, "olive")

    answer = olive.post(reverse("me_correction_withdraw", args=[row.pk]), about(other))

    assert (answer.status_code, Correction.objects.get().state) == (404, "asked")


def test_a_line_of_somebody_else_cannot_be_asked_about(herself, peggy):
    other = make.person("Other", "Olive", nhs_number="")
    line = make.resource(make.patient(other, make.source("acute"), local_id="o1"), make.problem("Olive's", id="o1"))

    assert herself.get(reverse("me_correct"), {"line": line.thing}).status_code == 404
    assert herself.post(reverse("me_correct"), about(peggy, line=str(line.thing), wrong="x")).status_code == 404


def test_larger_letters_stay_until_they_are_made_smaller_and_lead_back(herself, peggy):
    on = herself.post(reverse("me_text"), about(peggy, large="yes", back="/me/messages"))
    pages_now = [("page--large" in words(herself, name)) for name in ("me_home", "me_messages", "me_record")]
    off = herself.post(reverse("me_text"), about(peggy, large="", back="//elsewhere.example"))

    assert (on.url, off.url, pages_now) == ("/me/messages", reverse("me_home"), [True, True, True])
    assert "page--large" not in words(herself, "me_home")


def test_large_letters_are_on_every_page_of_ones_own_and_on_paper_and_on_no_page_of_those_who_work(
    herself, peggy, sign_in
):
    own = ("me_home", "me_plan", "me_plan_plain", "me_plan_history", "me_notes", "me_print", "me_who_looked_print")
    herself.post(reverse("me_text"), about(peggy, large="yes", back="/me"))

    large = {name: "page--large" in words(herself, name) and "Smaller letters" in words(herself, name) for name in own}

    assert large == dict.fromkeys(own, True)
    assert "letters" not in sign_in().get("/directory").content.decode().partition("<main")[2]


def test_the_switch_is_not_offered_where_it_would_lose_what_was_typed(herself, peggy):
    answer = herself.post(reverse("me_correct"), about(peggy, part="other", wrong=""))

    assert (answer.status_code, "Larger letters" in answer.content.decode()) == (422, False)
    assert (
        'name="back" value="/me/record?chapter=hospital"'
        in herself.get(f"{reverse('me_record')}?chapter=hospital").content.decode()
    )


def test_all_of_it_prints_and_the_printing_is_on_the_books(herself, peggy):
    message(peggy)
    herself.post(reverse("me_correct"), about(peggy, part="other", wrong="Not so"))

    page = words(herself, "me_print")

    assert [part in page for part in ("Your walking frame", "Not so", "Who helps", "Who may know")] == [True] * 4
    assert Event.objects.filter(what="record.printed", by_kind="person", person_id=peggy.pk).count() == 1


def test_whoever_acts_sees_no_plan_where_that_is_kept_from_them(peggy):
    ann = make.person("Lomas", "Ann", nhs_number="")
    right(peggy, ann, kept_back=["PLAN", "WORK"])
    browser = signed_in(ann, "ann.lomas")
    choose(browser, peggy)
    referral(peggy)
    task(peggy)

    page = words(browser, "me_home") + words(browser, "me_print")

    assert [told in page for told in ("Their plan</h2>", "The plan", "Northern Falls Clinic")] == [False] * 3


def test_these_pages_are_not_there_for_staff(peggy, client):
    pages._names.clear()
    make.place()
    nurse = make.practitioner()
    make.role(nurse)
    actions.add_account(username="nurse", password=PASSWORD, practitioner=nurse, by=make.viewer())
    browser = again("nurse")

    told = [browser.get(reverse(name)).status_code for name in ("me_home", "me_messages", "me_sharing", "me_correct")]

    assert told == [404, 404, 404, 404]


@pytest.mark.parametrize("many", [1, 3])
def test_her_home_costs_the_same_however_much_there_is(herself, peggy, many, django_assert_num_queries):
    for number in range(many):
        referral(peggy)
        message(peggy, subject=f"Message {number}")
        task(peggy)
        herself.post(reverse("me_correct"), about(peggy, part="other", wrong=f"Wrong {number}"))
    herself.get(reverse("me_home"))

    with django_assert_num_queries(26):
        herself.get(reverse("me_home"))


@pytest.fixture
def nurse(peggy) -> Client:
    pages._names.clear()
    make.place()
    row = make.practitioner()
    make.role(row)
    make.member(row, make.team())
    actions.add_account(username="nurse", password=PASSWORD, practitioner=row, by=make.viewer())
    return again("nurse")


def asked_by(herself, peggy) -> Correction:
    herself.post(reverse("me_correct"), about(peggy, part="other", wrong="It was the other knee", heading="Letter"))
    return Correction.objects.get()


def test_the_team_finds_it_answers_it_undoes_it_and_answers_again(herself, nurse, peggy):
    row = asked_by(herself, peggy)
    listed = words(nurse, "corrections")
    one = words(nurse, "correction", row.pk)

    empty = nurse.post(reverse("correction_answer", args=[row.pk]), about(peggy))
    nurse.post(reverse("correction_answer", args=[row.pk]), about(peggy, said="accept", words="We asked the clinic"))
    done = words(nurse, "correction", row.pk)
    nurse.post(reverse("correction_undo", args=[row.pk]), about(peggy))
    sent = nurse.post(
        reverse("correction_answer", args=[row.pk]),
        about(peggy, said="decline", why="another must change it", words="The clinic changes its letters"),
    )

    assert ("HARGREAVES" in listed, "It was the other knee" in one) == (True, True)
    assert f'action="{reverse("correction_undo", args=[row.pk])}"' in done
    assert (empty.status_code, sent.status_code, Task.objects.get().state) == (422, 302, "done")
    page = words(herself, "me_corrections")
    assert ("The clinic changes its letters" in page, "Not changed" in page) == (True, True)
    shown = Event.objects.filter(what__in=["correction.listed", "correction.opened"], by_kind="practitioner")
    assert set(shown.values_list("person_id", flat=True)) == {peggy.pk}
    assert set(shown.values_list("what", flat=True)) == {"correction.listed", "correction.opened"}


def test_another_teams_nurse_finds_nothing_there(herself, peggy):
    row = asked_by(herself, peggy)
    other = make.practitioner("Omar", "Aziz")
    make.role(other)
    make.member(other, make.team("hilltop"))
    actions.add_account(username="omar", password=PASSWORD, practitioner=other, by=make.viewer())
    omar = again("omar")

    page = words(omar, "corrections")

    assert ("Nobody waits" in page, "HARGREAVES" in page) == (True, False)
    assert omar.get(reverse("correction", args=[row.pk])).status_code == 404
    assert omar.post(reverse("correction_answer", args=[row.pk]), {"said": "accept", "words": "x"}).status_code == 404


def test_a_class_she_has_a_place_in_is_what_happens_next_and_an_invitation_waits_for_her_word(herself, peggy):
    with time_machine.travel(make.AT):
        course, other = a_class(), a_class(name="Tea and talk")
        coming(invited(course, peggy)[0])
        invited(other, peggy)
        page = words(herself, "me_home")

    assert "<h1>Next: Strength and balance, Tue 10 Nov 2026, 10:00</h1>" in page
    assert "Riverside hall. It meets 2 more times after that" in page
    assert "<b>Tea and talk</b> <span>Invited" in page


def test_whoever_acts_reads_whom_to_ask_and_not_words_meant_for_staff(daughter, herself, peggy):
    Correction.objects.create(
        person=peggy,
        about="other",
        data_class="CLIN",
        heading="A letter",
        wrong="Not so",
        sender=make.organisation(),
        to_organisation=make.organisation(),
        asked_by=peggy.pk,
        asked_by_kind="person",
        asked_at=make.AT,
    )

    page = words(daughter, "me_corrections")

    assert ("your role does not open" in page, "A letter" in page, "Not so" in page) == (False, False, False)
    assert "This is kept for Peggy alone. Ask her, or her team." in page
