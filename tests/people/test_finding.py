"""Who is meant by a name: just so, spelt alike, or as one sender has it."""

from datetime import date

import pytest

from locality.people.actions import merge_people, receive_patients
from locality.people.models import NameWord, Person
from locality.people.queries import found_by_name
from locality.people.rules import NHS_NUMBER_SYSTEM, PatientSent
from tests.intake_fixtures import AT, by, source

pytestmark = pytest.mark.django_db

# valid, and of the range kept for synthetic people
NUMBERS = ["9990000018", "9990000026", "9990000034", "9990000042", "9990000050"]


@pytest.fixture
def feeds():
    return {code: source(code) for code in ("hospital", "practice")}


def told(feed, number: int, family: str, given: str, *, born: date = date(1942, 2, 12), names=()) -> PatientSent:
    return PatientSent(
        source=feed.pk,
        local_id=str(number),
        said_at=AT,
        family=family,
        given=given,
        former_names=names,
        birth_on=born,
        birth_text=born.isoformat(),
        identifiers=((NHS_NUMBER_SYSTEM, NUMBERS[number]),),
    )


def received(*sent: PatientSent) -> list[Person]:
    people = receive_patients(sent=sent, by=by())
    return [Person.objects.get(pk=people[one.id]) for one in sent]


def found(words: str, *, born=None, most: int = 21) -> list[Person]:
    return found_by_name(words=words, born=born, most=most)


def test_those_named_just_so_come_first_then_those_spelt_alike_then_those_one_sender_names_so(feeds):
    alike, sender_says, just_so = received(
        told(feeds["hospital"], 0, "Hargreves", "Ada"),
        told(feeds["hospital"], 1, "Bell", "Zoe", names=("Hargreaves",)),
        told(feeds["hospital"], 2, "Hargreaves", "Margaret"),
    )
    received(told(feeds["hospital"], 3, "Hardcastle", "Ada"))
    # the practice says who she is; that the hospital knows her by another name is found too
    Person.objects.filter(pk=sender_says.pk).update(sort_key="bell zoe")

    assert found("hargreaves") == [just_so, alike, sender_says]
    assert found("hargreaves", most=2) == [just_so, alike]


@pytest.mark.parametrize("typed", ["margret", "marjaret", "margaretr", "magraret", "marg", "garet"])
def test_a_slip_or_two_and_a_part_of_a_name_are_forgiven(feeds, typed):
    (peggy,) = received(told(feeds["hospital"], 0, "Hargreaves", "Margaret"))
    received(told(feeds["hospital"], 1, "Hargreaves", "Marion"))

    assert found(typed) == [peggy]


def test_a_short_name_with_two_letters_changed_is_another_name(feeds):
    khan, _ = received(told(feeds["hospital"], 0, "Khan", "Ada"), told(feeds["hospital"], 1, "Khel", "Ada"))

    assert found("khan") == [khan]
    assert found("kahn") == [khan]


def test_every_word_typed_must_be_a_name_of_theirs_in_any_order(feeds):
    ada, _ = received(told(feeds["hospital"], 0, "Khan", "Ada"), told(feeds["hospital"], 1, "Khan", "Zoe"))

    assert found("ada khan") == found("khan ada") == [ada]


@pytest.mark.parametrize("typed", ["smith-jones", "smith jones", "jones", "jons smith"])
def test_a_double_name_is_found_by_either_half_and_by_both(feeds, typed):
    (both,) = received(told(feeds["hospital"], 0, "Smith-Jones", "Ada"))

    assert found(typed) == [both]


def test_one_letter_or_two_are_how_a_name_begins(feeds):
    li, lily, _ = received(
        told(feeds["hospital"], 0, "Li", "Ada"),
        told(feeds["hospital"], 1, "Khan", "Lily"),
        told(feeds["hospital"], 2, "Oliver", "Ada"),
    )

    assert found("li") == [li, lily]
    assert found("a li") == [li]
    assert found("-") == []


def test_signs_that_search_knows_are_letters_like_any_other(feeds):
    received(told(feeds["hospital"], 0, "Khan", "Ada"))

    assert found("k%") == found("kh__ ada") == found("(k.*") == []


def test_a_birth_date_must_agree(feeds):
    older, younger = received(
        told(feeds["hospital"], 0, "Khan", "Ada", born=date(1942, 2, 12)),
        told(feeds["hospital"], 1, "Khan", "Ada", born=date(1975, 7, 1)),
    )

    assert found("khan", born=(date(1942, 2, 12), date(1942, 2, 12))) == [older]
    assert found("kahn", born=(date(1975, 1, 1), date(1975, 12, 31))) == [younger]


def test_somebody_merged_is_found_as_the_person_they_became(feeds):
    kept, alias = received(told(feeds["hospital"], 0, "Khan", "Ada"), told(feeds["hospital"], 1, "Khan-Bell", "Ada"))
    merge_people(kept=kept, alias=alias, reason="They said so", by=by())

    assert found("khan") == found("bell") == [kept]


def test_the_words_of_names_are_kept_once_however_often_they_are_sent(feeds):
    received(told(feeds["hospital"], 0, "Smith-Jones", "Ada"))
    received(told(feeds["practice"], 0, "Smith", "Ada"))

    assert sorted(NameWord.objects.values_list("word", flat=True)) == ["ada", "jones", "smith"]
