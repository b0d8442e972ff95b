"""A link worker's pages, and classes: one press, taken back; never shown to whoever must not."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from locality.base.ids import new_id
from locality.directory.models import ServiceCapacity
from locality.neighbourhoods.models import (
    Course,
    CourseMeasure,
    CoursePlace,
    Message,
    Referral,
    Support,
    SupportContact,
)
from locality.web.words import day
from tests import factories as make
from tests.neighbourhoods.support_world import (
    a_class,
    begun,
    coming,
    invited,
    offered,
    referral,
    registered,
    service,
    somebody,
    weeks_ago,
    worker,
)
from tests.neighbourhoods.work import known

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_day():
    with time_machine.travel(make.AT):
        yield


def words(answer) -> str:
    page = re.sub(r"<script.*?</script>|<[^>]+>", " ", answer.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(page).split())


def test_the_list_says_with_whom_to_be_in_touch_and_tells_no_more_than_name_age_and_sex(sign_in):
    peggy = known()
    begun(peggy, by=make.viewer(), sender=make.organisation().pk, next_on=make.TODAY)

    page = words(sign_in().get("/support"))

    assert "You support 1 person; be in touch with 1 of them today" in page
    assert 'HARGREAVES, Margaret (likes "Peggy") 84 years, female' in page
    assert [one for one in (peggy.nhs_number, "999 000 0018", peggy.address, peggy.postcode) if one in page] == []


def test_support_is_begun_from_the_persons_page_and_says_what_is_missing(sign_in):
    peggy, nurse = known(), sign_in()
    path, about = f"/person/{peggy.pk}/support", {"about": str(peggy.pk)}

    nothing = nurse.post(path, about)
    nurse.post(path, about | {"why": "Lonely", "agreed": "agreed"})
    again = nurse.post(path, about | {"why": "Lonely", "agreed": "agreed"})

    assert (nothing.status_code, "Say whether they agreed." in words(nothing)) == (422, True)
    assert (again.status_code, "Your team supports them already." in words(again)) == (422, True)
    assert Support.objects.get().why == "Lonely"


def test_a_contact_is_two_choices_and_one_press_and_is_taken_back(sign_in):
    row, nurse = begun(), sign_in()

    back = nurse.post(f"/support/{row.pk}/contact", {"way": "phone", "reached": "yes", "words": "Well"}, follow=True)
    contact = SupportContact.objects.get()
    nurse.post(f"/support/{row.pk}/contact/{contact.pk}")

    assert f'action="/support/{row.pk}/contact/{contact.pk}"' in back.content.decode()
    contact.refresh_from_db()
    assert (contact.words, contact.at.date(), contact.struck_at is not None) == ("Well", make.TODAY, True)


def test_from_a_need_to_an_outcome_on_the_pages(sign_in):
    peggy = known()
    registered(peggy)
    row, lunch, nurse = begun(peggy), service(), sign_in()
    one = f"/support/{row.pk}"

    nurse.post(f"{one}/need", {"need": "loneliness", "need_words": "Nobody calls"})
    need = row.needs.get()
    nurse.post(f"{one}/offer", {"service": str(lunch.pk), "for": str(need.pk), "wait": "Places on Thursdays"})
    offer = row.offers.get()
    form = re.search(r'<a class="support-press" href="([^"]+)">Refer them', nurse.get(one).content.decode())
    assert form is not None
    filled = nurse.get(unescape(form[1]))
    fields = r'<input[^>]* name="(to|from|offer|asked|need)"[^>]* value="([^"]*)"'
    sent = dict(re.findall(fields, unescape(filled.content.decode()))) | {"about": str(peggy.pk), "agreed": "agreed"}
    link = {"how": "link", "link_name": "Tea Circle", "link_address": "hello@tea-circle.example"}
    refused = nurse.post(f"/person/{peggy.pk}/refer", {**sent, "how": "here"})
    nurse.post(f"/person/{peggy.pk}/refer", {**sent, **link})
    nurse.post(f"{one}/offer/{offer.pk}", {"move": "go"})
    nurse.post(f"{one}/wellbeing", {"happy": "3", "anxious": "8", "asked_on": "1/10/2026"})
    nurse.post(f"{one}/wellbeing", {"happy": "6", "anxious": "5"})
    nurse.post(f"{one}/need/{need.pk}", {"state": "met"})
    read = nurse.post(f"{one}/tell", {"told_words": "She goes every Thursday"})
    none_yet = Message.objects.count()
    row.refresh_from_db()
    nurse.post(f"{one}/tell", {"told_words": "She goes every Thursday", "version": str(row.version)})
    row.refresh_from_db()
    told = {"outcome": "met", "outcome_words": "She has company", "version": str(row.version)}
    page = words(nurse.post(f"{one}/finish", told, follow=True))

    assert (refused.status_code, "Nobody of Lunch club signs in here" in words(refused)) == (422, True)
    assert re.findall(r'value="(here|link)" checked', filled.content.decode()) == ["link"]
    assert (sent["asked"], sent["need"]) == ("Lunch club", "Loneliness and company")
    assert Referral.objects.get().to_service == lunch
    sent_back = Message.objects.get(to_organisation=make.organisation("MILL"))
    assert (none_yet, Message.objects.count()) == (1, 2)
    assert (" ".join(sent_back.body.split()) in words(read), "Begun: 5 November 2026" in sent_back.body) == (True, True)
    assert {one.to_name for one in Message.objects.all()} == {"Tea Circle", make.organisation("MILL").name}
    row.refresh_from_db()
    assert (row.outcome, row.needs.get().state, row.offers.get().state) == ("met", "met", "going")
    assert "What mattered to them came about" in page
    assert "3 points higher, which is better" in page
    assert "3 points lower, which is better" in page
    assert "Needs help: loneliness and company" in page
    assert "Loneliness and company: met" in page


def test_what_is_wrong_with_what_was_sent_is_said_and_nothing_is_changed(sign_in):
    row, nurse = begun(), sign_in()
    one = f"/support/{row.pk}"

    for path, sent, said in (
        ("need", {"need": "a pony"}, "Choose one of those in the list."),
        ("contact", {"way": "phone"}, "Choose whether you spoke."),
        ("contact", {"way": "phone", "reached": "yes", "at": "25:70"}, "is not a time"),
        ("offer", {}, "Choose a service, or say in a few words what is offered."),
        ("wellbeing", {}, "Answer at least one of the four questions."),
        ("tell", {}, "Say how it stands, in a few words."),
        ("tell", {"told_words": "Well"}, "there is nobody to tell"),
        ("finish", {"outcome": "met", "outcome_words": "-", "version": "99"}, "Somebody changed this"),
    ):
        answer = nurse.post(f"{one}/{path}", sent)
        assert (answer.status_code, said in words(answer)) == (422, True), (path, sent)
    row.refresh_from_db()
    assert (row.version, row.ended_at) == (1, None)


def test_another_team_finds_neither_a_support_nor_a_class(sign_in):
    row, course = begun(), a_class()
    (place,) = invited(course, somebody("Ada"))
    ruth = sign_in("Ruth", "Adler", teams=("hilltop",))

    asked = (f"/support/{row.pk}", f"/classes/{course.pk}", f"/classes/place/{place.pk}")
    door = f"/classes/meeting/{course.sessions.first().pk}"

    assert [ruth.get(one).status_code for one in (*asked, door)] == [404] * 4
    assert "Hargreaves" not in words(ruth.get("/support?of=team"))


def test_a_quarter_is_shown_with_what_it_does_not_tell(sign_in):
    begun()

    page = words(sign_in().get("/support/outcomes"))

    assert "October to December 2026: 7 or fewer people supported, so far" in page
    assert "this is not what the support did" in page


@pytest.mark.parametrize(("asked", "held"), [({}, 2), ({"on_holidays": "yes"}, 2)])
def test_whoever_makes_a_class_is_asked_about_bank_holidays(sign_in, tmp_path, asked, held):
    make.holidays(tmp_path, {date(2026, 12, 29): "Boxing Day"})
    nurse = sign_in()
    told = {"name": "Strength and balance", "where": "Riverside hall", "first_on": "2026-12-22", "at": "10:00"}

    asks = words(nurse.get("/classes/new"))
    nurse.post("/classes/new", told | {"minutes": "60", "sessions": "2", "places": "1"} | asked)
    page = words(nurse.get(f"/classes/{Course.objects.get().pk}"))

    assert "Known here for 2026." in asks
    assert ("Cancelled Bank holiday: Boxing Day" in page) == (not asked)
    assert Course.objects.get().sessions.filter(cancelled_at=None).count() == held


def test_a_class_is_made_and_somebody_is_invited_comes_and_is_measured(sign_in):
    ada, nurse = somebody("Ada"), sign_in()
    told = {"name": "Strength and balance", "where": "Riverside hall", "first_on": "2026-10-06", "at": "10:00"}
    nothing = nurse.post("/classes/new", {})

    nurse.post("/classes/new", told | {"minutes": "60", "sessions": "8", "places": "1", "not_on": "13/10/2026"})
    course = Course.objects.get()
    nurse.post(f"/person/{ada.pk}/class", {"about": str(ada.pk), "class": str(course.pk)})
    place = CoursePlace.objects.get()
    nurse.post(f"/classes/{course.pk}/place/{place.pk}", {"move": "want"})
    nurse.post(f"/classes/place/{place.pk}/measured", {"measure": "up and go", "when": "before", "value": "14,5"})
    page = words(nurse.get(f"/classes/{course.pk}"))

    assert nothing.status_code == 422
    assert [one.starts_at.date() for one in course.sessions.order_by("starts_at")[:2]] == [
        date(2026, 10, 6),
        date(2026, 10, 20),
    ]
    assert "Strength and balance: 1 of 1 places taken" in page
    assert str(CourseMeasure.objects.get().value) == "14.5"


def test_who_came_is_said_at_the_door_for_all_in_one_press(sign_in):
    course, nurse = a_class(), sign_in()
    places = invited(course, somebody("Ada"), somebody("Bea"), by=weeks_ago(6))
    for place in places:
        coming(place, by=weeks_ago(6))
    door = f"/classes/meeting/{course.sessions.order_by('starts_at')[0].pk}"

    nothing = nurse.post(f"{door}/came", {})
    page = words(
        nurse.post(f"{door}/came", {f"came-{places[0].pk}": "came", f"came-{places[1].pk}": "ill"}, follow=True)
    )

    assert (nothing.status_code, "Who came? 2 of 2 written down" in page) == (422, True)


def test_a_meeting_is_cancelled_with_a_reason_and_held_after_all(sign_in):
    course, nurse = a_class(), sign_in()
    door = f"/classes/meeting/{course.sessions.order_by('starts_at').last().pk}"

    without = nurse.post(f"{door}/cancel", {})
    cancelled = words(nurse.post(f"{door}/cancel", {"why": "The hall is flooded"}, follow=True))
    back = words(nurse.post(f"{door}/put-back", follow=True))

    assert (without.status_code, "Cancelled: The hall is flooded" in cancelled) == (422, True)
    assert "Whoever was told that it is not has to be rung." in back


def test_it_is_handed_over_with_one_press_and_refused_without_somebody_chosen(sign_in):
    row, nurse = begun(), sign_in()
    joanne = make.viewer()

    without = nurse.post(f"/support/{row.pk}/hand", {"version": "1"})
    handed = words(nurse.post(f"/support/{row.pk}/hand", {"version": "1", "to": str(joanne.id)}, follow=True))

    assert (without.status_code, "Choose who supports them from now on." in words(without)) == (422, True)
    assert ("Handed over." in handed, Support.objects.get().owner_id) == (True, joanne.id)


def test_without_cohorts_worked_out_nobody_is_invited_so_and_the_page_says_so(sign_in):
    course, nurse = a_class(), sign_in()

    answer = nurse.post(f"/classes/{course.pk}/invite", {"cohort": "frail-at-home"})

    assert (answer.status_code, "Cohorts are there once measures were worked out" in words(answer)) == (422, True)


@pytest.mark.parametrize(
    ("wait", "ago", "told"),
    [
        ("Six weeks", {"days": 2}, []),
        ("Six weeks", {"minutes": -5}, ["Has room now, 3 places"]),
        ("", {"days": 2}, ["Has room now, 3 places"]),
        ("", {"days": 200}, ["Has room now, 3 places, too long ago to go by"]),
    ],
)
def test_beside_an_offer_stands_what_the_directory_says_where_it_is_newer(sign_in, wait, ago, told):
    row, lunch = begun(), service()
    offered(row, service=lunch.pk, what="", wait=wait)
    said = {"state": "open", "places": 3, "reported_at": make.ago(**ago), "reported_by": make.viewer().id}
    ServiceCapacity.objects.create(id=new_id(), service=lunch, reporter="The tea circle", **said)

    page = words(sign_in().get(f"/support/{row.pk}"))

    found = re.findall(r"the directory says, (.*?): (.*?) (?:They agree|Agreed|No)", page)
    assert found == [(day(make.ago(**ago)), one) for one in told]


def test_pages_cost_the_same_with_one_and_with_three(sign_in, django_assert_num_queries):
    row, course, nurse = begun(by=worker(at=make.AT - timedelta(days=1))), a_class(places=9), sign_in()
    (ada,) = invited(course, somebody("Ada"), by=weeks_ago(6))
    coming(ada, by=weeks_ago(6))
    offered(row, service=service("Ada").pk)
    door = f"/classes/meeting/{course.sessions.order_by('starts_at')[0].pk}"
    paths = ("/support?of=team", f"/support/{row.pk}", f"/classes/{course.pk}", door)
    for path in paths:
        nurse.get(path)
    before = [_count(nurse, path) for path in paths]
    for family in ("Bea", "Cy"):
        person = somebody(family)
        begun(person)
        (place,) = invited(course, person, by=weeks_ago(6))
        coming(place, by=weeks_ago(6))
        offered(row, service=service(family).pk)

    assert [_count(nurse, path) for path in paths] == before


def _count(nurse, path: str) -> int:
    with CaptureQueriesContext(connection) as told:
        assert nurse.get(path).status_code == 200
    return len(told)


def test_what_was_changed_since_the_message_was_read_is_read_again_and_words_are_not_lost(sign_in):
    peggy = known()
    registered(peggy)
    row, nurse = begun(peggy), sign_in()
    told = {"told_words": "She goes", "version": "1"}
    nurse.post(f"/support/{row.pk}/need", {"need": "food"})

    again = nurse.post(f"/support/{row.pk}/tell", told)
    back = nurse.post(f"/support/{row.pk}/tell", told | {"change": "yes"})

    assert (Message.objects.count(), "- Food: being worked on" in words(again)) == (0, True)
    assert ">She goes</textarea>" in back.content.decode()


def test_a_second_referral_belongs_to_the_support_that_is_given_and_waits_no_more(sign_in):
    peggy = known()
    row, nurse = begun(peggy, referral=referral(peggy).pk), sign_in()
    second = referral(peggy, asked="Company at meals")
    begin = f"/person/{peggy.pk}/support?referral="
    before = nurse.get("/support").content.decode()

    ruth = sign_in("Ruth", "Adler", teams=("hilltop",)).post(f"/support/{row.pk}/belongs", {"referral": str(second.pk)})
    nurse.post(f"/support/{row.pk}/belongs", {"referral": str(second.pk)})
    after = nurse.get("/support").content.decode()

    second.refresh_from_db()
    assert (begin in before, "This belongs to the support" in before, "Company at meals" in before) == (
        False,
        True,
        True,
    )
    assert (ruth.status_code, second.support, "Company at meals" in after) == (404, row, False)
    assert row.history.order_by("-at", "-pk").first().what == "referral added: Company at meals"


def test_a_referral_that_is_not_theirs_or_not_accepted_belongs_to_nothing(sign_in):
    row, nurse = begun(), sign_in()
    asked = (referral(row.person, state="sent", answered_at=None), referral(somebody("Ada")))

    answers = [nurse.post(f"/support/{row.pk}/belongs", {"referral": str(one.pk)}).status_code for one in asked]

    assert (answers, nurse.post(f"/support/{row.pk}/belongs", {"referral": "-"}).status_code) == ([422, 404], 404)
    assert Referral.objects.exclude(support=None).count() == 0


def test_a_class_is_put_right_and_those_who_come_are_told_where_it_meets_now(sign_in):
    course, nurse = a_class(), sign_in()
    ada, bea = somebody("Ada", phone="07700 900123"), somebody("Bea")
    coming(invited(course, ada)[0])
    invited(course, bea)
    told = {"name": "Steady on", "where": "Hilltop hall", "what": "Chairs are there", "version": str(course.version)}

    nothing = nurse.post(f"/classes/{course.pk}/change", {"version": "1"})
    ruth = sign_in("Ruth", "Adler", teams=("hilltop",)).post(f"/classes/{course.pk}/change", told)
    page = words(nurse.post(f"/classes/{course.pk}/change", told, follow=True))
    late = nurse.post(f"/classes/{course.pk}/change", told)

    course.refresh_from_db()
    assert (nothing.status_code, ruth.status_code, late.status_code) == (422, 404, 422)
    assert (course.name, course.where, course.what) == ("Steady on", "Hilltop hall", "Chairs are there")
    assert "Changed. 1 message to those who come or wait waits to go." in page
    sent = Message.objects.get(subject="Your class has changed")
    assert (sent.person, sent.body) == (
        ada,
        "Strength and balance has changed. It is now Steady on, at Hilltop hall, next on Tue 10 Nov 2026, 10:00. "
        "Questions: ring Riverside team on 0161 496 0101.",
    )
