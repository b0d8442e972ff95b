"""Somebody lived under another identity before: looked at, confirmed, written down, and then told to nobody."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from locality.journal.models import Event
from locality.people.models import EarlierIdentity, Person
from tests import factories as make

pytestmark = pytest.mark.django_db

BORN = {"birth_on": date(1992, 4, 27), "birth_text": "1992-04-27", "nhs_number": ""}


@pytest.fixture
def desmond(sign_in):
    return sign_in("Desmond", "Clarke", roles=("identity_custodian",), teams=())


@pytest.fixture
def two(db) -> tuple[Person, Person]:
    """Who somebody is, and who they were."""
    now = make.person("Fairhurst", "Rowan", **BORN)
    make.patient(now, make.source("gp"))
    before = make.person("Fairhurst", "Ryan", **BORN)
    make.patient(before, make.source("acute"))
    return now, before


def post(browser, person: Person, **sent):
    return browser.post(reverse("identity_apart", args=[person.pk]), {"about": str(person.pk), **sent})


def sure(browser, now: Person, before: Person, **other):
    told = {"kind": "gender recognition", "known": "Told me, and showed the certificate", "understood": "yes"}
    return post(browser, now, other=str(before.pk), sure="yes", **(told | other))


def words_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_first_the_other_is_found(desmond, two):
    words = words_of(post(desmond, two[0], words="fairhurst ryan"))

    assert "<h1>Which of these was FAIRHURST, Rowan before?</h1>" in words
    assert "FAIRHURST, Ryan" in words


def test_before_it_is_done_the_page_says_what_happens_and_nothing_is_written(desmond, two):
    words = words_of(post(desmond, two[0], other=str(two[1].pk)))

    assert "Did FAIRHURST, Rowan live as FAIRHURST, Ryan before?" in words
    assert "It cannot be undone on these pages." in words
    assert EarlierIdentity.objects.count() == 0


@pytest.mark.parametrize(
    ("sent", "asked"),
    [
        ({"kind": ""}, "Say of what kind it is."),
        ({"kind": "marriage"}, "Choose one of those in the list."),
        ({"known": " "}, "Say how it is known: who told you, and what you have seen."),
        ({"understood": ""}, "Tick that you understand what happens."),
    ],
)
def test_without_all_of_it_nothing_is_written(desmond, two, sent, asked):
    answer = sure(desmond, *two, **sent)

    assert (answer.status_code, EarlierIdentity.objects.count()) == (422, 0)
    assert asked in words_of(answer)


def test_written_down_it_is_there_for_nobody_and_no_line_of_the_audit_names_the_two_together(desmond, two):
    now, before = two

    done = sure(desmond, now, before)
    page = words_of(desmond.get(done.url))
    found = words_of(desmond.post("/find", {"words": "fairhurst"}))

    assert [(row.person, row.earlier, row.kind) for row in EarlierIdentity.objects.all()] == [
        (now, before, "gender recognition")
    ]
    assert (done.url, "Ryan" in page) == (reverse("identity_person", args=[now.pk]), False)
    assert ("Rowan" in found, "Ryan" in found) == (True, False)
    said = Event.objects.filter(what="identity.kept-apart").values_list("person_id", "reason")
    assert list(said) == [(None, "")]
    assert set(Event.objects.exclude(person_id=None).values_list("what", flat=True)) <= {
        "identity.person-opened",
        "person.found",
    }


def test_one_person_is_not_their_own_earlier_identity(desmond, two):
    answer = sure(desmond, two[0], two[0])

    assert (answer.status_code, EarlierIdentity.objects.count()) == (409, 0)


def test_a_nurse_is_refused(sign_in, two):
    nurse = sign_in()

    answers = [post(nurse, two[0], words="ryan"), post(nurse, two[0], other=str(two[1].pk)), sure(nurse, *two)]

    assert [one.status_code for one in answers] == [403] * 3
    assert EarlierIdentity.objects.count() == 0


def test_what_cannot_be_undone_asks_for_a_fresh_proof_of_who_says_it(desmond, two):
    with time_machine.travel(timezone.now() + timedelta(minutes=20), tick=False):
        answer = sure(desmond, *two)

    assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("prove"))
    assert EarlierIdentity.objects.count() == 0
