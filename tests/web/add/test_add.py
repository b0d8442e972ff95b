"""The page on which a practitioner adds a person whom nobody has sent."""

import re
from datetime import date

import pytest

from locality.access.actions.adding import Newcomer
from locality.access.models import Relationship
from locality.base import system
from locality.journal.models import Event
from locality.people.actions import receive_patients
from locality.people.models import Person
from locality.people.rules import NHS_NUMBER_SYSTEM, PatientSent
from locality.web.add import forms
from tests import factories as make

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 5)
TYPED = {
    "given": "Stanislaw",
    "family": "Wojcik",
    "born": "23/7/1951",
    "sex": "male",
    "address": "12 Weaver's Fold, Smallborough",
    "postcode": "zz14qt",
    "phone": "0161 496 0188",
    "came": "walked-in",
    "why": "Fell twice, has no practice",
    "form": "0190f0aa-0000-7000-8000-000000000001",
}


@pytest.fixture(autouse=True)
def place_of_its_own(db):
    make.source("locality", last_at=None)


def stan(code="gp", number=make.STAN_NUMBER, **other) -> Person:
    """The same man, whom a source has sent."""
    told = {"family": "Wojcik", "given": "Stanislaw", "birth_on": date(1951, 7, 23), "birth_text": "1951-07-23"}
    told |= {"postcode": "ZZ1 4QT", "sex": "male", "identifiers": ((NHS_NUMBER_SYSTEM, number),) if number else ()}
    sent = PatientSent(source=make.source(code).pk, local_id="77", said_at=make.ago(hours=3), **(told | other))
    (person,) = receive_patients(sent=[sent], by=system(at=make.AT)).values()
    return Person.objects.get(pk=person)


def added(browser, **other):
    return browser.post("/add", TYPED | other)


def kept(words: str) -> dict[str, str]:
    """What the form holds."""
    return dict(re.findall(r'name="(\w+)"[^>]*? value="([^"]*)"', words))


# ---- the form


def test_the_form_asks_who_which_where_and_why(sign_in):
    words = sign_in().get("/add").content.decode()

    assert [label for label in re.findall(r'<label class="nhsuk-label" for="(\w+)">', words)] == [
        *("given", "family", "likes", "born", "age", "sex", "nhs_number", "address", "postcode", "phone"),
        *("came", "why"),
    ]
    assert "They join the caseload of the Riverside team." in words


def test_whoever_works_in_two_teams_says_whose_caseload_it_is(sign_in):
    words = sign_in(teams=("riverside", "hilltop")).get("/add").content.decode()

    assert re.findall(r'<option value="(\w+)">(\w+ team)</option>', words) == [
        ("hilltop", "Hilltop team"),
        ("riverside", "Riverside team"),
    ]


def test_whom_one_looked_for_in_vain_fills_in(sign_in):
    browser = sign_in()
    looked = browser.post("/find", {"words": "stanislaw jan wojcik", "born": "23/7/1951"}).content.decode()

    words = browser.post("/add", {"words": "stanislaw jan wojcik", "born": "23/7/1951"}).content.decode()

    assert "Nobody has sent them?" in looked
    filled = kept(words)
    assert (filled["given"], filled["family"], filled["born"]) == ("stanislaw jan", "wojcik", "23/7/1951")


def test_a_number_looked_for_in_vain_fills_in_the_number(sign_in):
    words = sign_in().post("/add", {"words": "999 000 0026", "born": ""}).content.decode()

    assert (kept(words)["nhs_number"], kept(words)["given"]) == ("999 000 0026", "")


@pytest.mark.parametrize("role", ["identity_custodian", "privacy_officer", "administrator", "care_home"])
def test_a_role_that_adds_nobody_is_refused_and_sees_no_way_there(sign_in, role):
    browser = sign_in(roles=(role,))

    assert browser.get("/add").status_code == 403
    assert added(browser).status_code == 403
    assert "Add a person" not in browser.post("/find", {"words": "wojcik", "born": ""}).content.decode()
    assert Person.objects.count() == 0


def test_nobody_signed_in_is_sent_to_sign_in(client):
    assert client.get("/add").url.startswith("/sign-in")


# ---- adding


def test_adding_opens_the_new_record_and_says_so(sign_in):
    browser = sign_in()

    answer = added(browser)

    person = Person.objects.get()
    words = browser.get(answer.url).content.decode()
    assert answer.url == f"/person/{person.pk}"
    assert "WOJCIK, Stanislaw" in words
    assert "Stanislaw Wojcik was added, and is on your caseload." in words
    assert (person.birth_on, person.postcode, person.address) == (
        date(1951, 7, 23),
        "ZZ1 4QT",
        "12 Weaver's Fold, Smallborough",
    )
    assert Relationship.objects.get().reason == "Walked in: Fell twice, has no practice"


def test_pressed_twice_it_is_done_once(sign_in):
    browser = sign_in()

    first, again = added(browser), added(browser)

    assert first.url == again.url
    assert (Person.objects.count(), Relationship.objects.count()) == (1, 1)


def test_what_is_wrong_is_said_beside_it_and_nothing_is_lost(sign_in):
    wrong = {"given": "", "family": "", "born": "31/2/1951", "nhs_number": "999 000 0019", "came": "", "why": ""}

    answer = added(sign_in(), **wrong)

    words = answer.content.decode()
    assert answer.status_code == 422
    assert re.findall(r'<li><a href="#(\w+)">', words) == ["given", "nhs_number", "came", "why", "born"]
    filled = kept(words)
    assert (filled["born"], filled["nhs_number"], filled["phone"]) == ("31/2/1951", "999 000 0019", TYPED["phone"])
    assert (filled["form"], filled["address"]) == (TYPED["form"], "12 Weaver&#39;s Fold, Smallborough")
    assert '<option value="male" selected>' in words
    assert Person.objects.count() == 0


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"given": "x" * 201}, "given"),
        ({"why": "x" * 501}, "why"),
        ({"born": "1/1/1850"}, "born"),
        ({"born": "", "age": "121"}, "age"),
        ({"born": "", "age": "old"}, "age"),
        ({"nhs_number": "soon"}, "nhs_number"),
        ({"came": "by bus"}, "came"),
    ],
)
def test_what_cannot_be_is_told(sign_in, typed, field):
    words = added(sign_in(), **typed).content.decode()

    assert re.findall(r'<li><a href="#(\w+)">', words) == [field]


@pytest.mark.parametrize("given", ["\x00Stan", "Sta\u200bn", "\u202eStan", " Stan \n"])
def test_letters_that_cannot_be_seen_are_left_out(sign_in, given):
    added(sign_in(), given=given)

    assert Person.objects.get().given.replace(" ", "") == "Stan"


def test_only_the_year_is_kept_as_a_year(sign_in):
    added(sign_in(), born="1951")

    assert (Person.objects.get().birth_on, Person.objects.get().birth_text) == (None, "1951")


def test_an_age_that_was_guessed_says_so_wherever_it_is_shown(sign_in):
    browser = sign_in()

    words = browser.get(added(browser, born="", age="about 75").url).content.decode()

    (person,) = Person.objects.all()
    assert (person.birth_on, person.birth_text[4:]) == (None, " or so")
    assert f"{person.birth_text}" in words


# ---- is it one of these?


def test_whoever_may_be_meant_is_shown_and_nobody_is_added(sign_in):
    here = stan(number="")
    browser = sign_in()

    words = added(browser, born="1951").content.decode()

    assert "Are you sure it is not one of these?" in words
    assert re.findall(r'href="/person/([0-9a-f-]+)/confirm"', words) == [str(here.pk)]
    assert kept(words)["not_these"] == str(here.pk)
    assert Person.objects.count() == 1


def test_they_are_shown_no_more_of_than_confirms_them(sign_in):
    stan(number=make.STAN_NUMBER, phone="0161 496 0199", address_lines=("12 Weaver's Fold",), protected=True)

    words = added(sign_in("Ruth", "Adler", teams=("hilltop",)), born="1951", address="", phone="").content.decode()

    told = words.split('<ul class="people people--found">')[1].split("</ul>")[0]
    assert "born 1951" in told
    assert "NHS number ends 026" in told
    assert [leak for leak in ("23 Jul", "Weaver", "ZZ1", "0199", "999 000", "9990000026") if leak in told] == []
    assert Event.objects.filter(what="person.shown-as-alike").count() == 1


def test_none_of_these_adds_them(sign_in):
    here = stan(number="")
    browser = sign_in()
    asked = kept(added(browser, born="1951").content.decode())

    answer = browser.post("/add", TYPED | {"born": "1951", "not_these": asked["not_these"]})

    assert answer.status_code == 302
    assert sorted(Person.objects.values_list("pk", flat=True)) == sorted([here.pk, Person.objects.last().pk])


def test_changing_what_was_typed_begins_where_it_was_left(sign_in):
    stan(number="")
    browser = sign_in()
    asked = added(browser, born="1951").content.decode()
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', asked.split('action="/add"')[1]))

    words = browser.post("/add", hidden | {"change": "yes"}).content.decode()

    filled = kept(words)
    assert (filled["born"], filled["family"], filled["form"]) == ("1951", "Wojcik", TYPED["form"])
    assert "There is a problem" not in words


def test_somebody_who_is_here_by_number_is_not_added_again(sign_in):
    here = stan()
    browser = sign_in("Ruth", "Adler", teams=("hilltop",))

    words = added(browser, nhs_number="999 000 0026", not_these=str(here.pk)).content.decode()

    assert "They are here already" in words
    assert "None of these" not in words
    assert (Person.objects.count(), Relationship.objects.count()) == (1, 0)
    assert browser.get(f"/person/{here.pk}").status_code == 403


@pytest.mark.parametrize("typed", ["", "nonsense", "1,2,3", "0190f0aa-0000-7000-8000-00000000000"])
def test_a_form_without_a_mark_gets_one(typed):
    assert len(forms.filling(typed)) == 36


def test_what_is_typed_is_read():
    form = forms.form_of(TYPED | {"born": "23 Jul 1951", "age": "12"})

    read = forms.newcomer(form, today=TODAY, teams={})

    assert isinstance(read, Newcomer)
    assert (read.birth_on, read.birth_text, read.born) == (
        date(1951, 7, 23),
        "1951-07-23",
        (date(1951, 7, 23), date(1951, 7, 23)),
    )
    assert (read.address_lines, read.postcode) == (("12 Weaver's Fold", "Smallborough"), "ZZ1 4QT")
