"""Somebody's earlier identity: never suggested, joined, found, listed or told of to anybody but the custodian."""

from datetime import date, timedelta

import pytest

from locality.access.actions import find
from locality.base import Refused, system
from locality.journal.models import Event, News
from locality.people.actions import receive_patients
from locality.people.actions.earlier import keep_apart
from locality.people.actions.merging import merge_people
from locality.people.models import EarlierIdentity, Label, Pair, Person
from locality.people.queries import doubts
from locality.people.queries.counts import people_held
from locality.people.queries.earlier import is_earlier, who_is_earlier
from locality.people.rules import NHS_NUMBER_SYSTEM, PatientSent
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

BORN = date(1992, 4, 27)


def by(minutes: int = 0):
    return system(at=make.AT + timedelta(minutes=minutes))


def sent(code: str, **other) -> PatientSent:
    number = other.pop("number", "")
    told = {"family": "Fairhurst", "birth_on": BORN, "birth_text": BORN.isoformat(), "postcode": "ZZ1 4QT"}
    told |= {"phone": "0161 496 0177", "address_lines": ("3 Mill Lane",), "local_id": "1", "said_at": make.AT}
    identifiers = ((NHS_NUMBER_SYSTEM, number),) if number else ()
    return PatientSent(source=make.source(code).pk, identifiers=identifiers, **(told | other))


def rowan(**other) -> PatientSent:
    return sent("gp", **({"given": "Rowan", "sex": "female", "number": make.PEGGY_NUMBER} | other))


def ryan(**other) -> PatientSent:
    return sent("acute", **({"given": "Ryan", "sex": "male", "number": make.STAN_NUMBER} | other))


def received(*patients: PatientSent, minutes: int = 0) -> list[Person]:
    people = receive_patients(sent=patients, by=by(minutes))
    return [Person.objects.get(pk=people[one.id]) for one in patients]


def apart(person: Person, earlier: Person, **other) -> EarlierIdentity:
    told = {"kind": "gender recognition", "reason": "She told us, and showed the certificate"}
    return keep_apart(person=person, earlier=earlier, by=by(1), **(told | other))


def test_it_is_kept_with_who_says_so_when_and_how_it_is_known():
    now, before = received(rowan(), ryan())

    row = apart(now, before)

    assert (row.person, row.earlier, row.kind, row.said_at) == (now, before, "gender recognition", by(1).at)
    assert list(Person.objects.filter(is_earlier(), merged_into=None)) == [before]
    assert [one.earlier for one in EarlierIdentity.objects.filter(person=now)] == [before]


def test_said_twice_it_is_kept_once():
    now, before = received(rowan(), ryan())

    assert apart(now, before) == apart(now, before, reason="Again")
    assert EarlierIdentity.objects.count() == 1


@pytest.mark.parametrize(
    ("other", "words"), [({"kind": "marriage"}, "of what kind"), ({"reason": "  "}, "how it is known")]
)
def test_without_a_kind_or_a_reason_it_is_refused(other, words):
    now, before = received(rowan(), ryan())

    with pytest.raises(Refused, match=words):
        apart(now, before, **other)


def test_one_person_is_parted_first():
    now, before = received(rowan(), ryan())
    merge_people(kept=now, alias=before, reason="Said to be one", by=by())

    with pytest.raises(Refused, match="part them first"):
        apart(now, before)


# the same words but for the name that was given up: the machine would join the two, or ask about them
ALIKE = {"given": "Rowan", "sex": "female"}


@pytest.mark.parametrize("number", ["", make.STAN_NUMBER])
def test_the_machine_neither_joins_them_nor_asks_about_them_however_alike(number):
    now, before = received(rowan(number=""), ryan())
    apart(now, before)

    received(ryan(**ALIKE, number=number, said_at=by(5).at), minutes=5)
    people = received(rowan(said_at=by(6).at, number=""), ryan(**ALIKE, number="", said_at=by(6).at), minutes=6)

    assert people[0] != people[1]
    assert Pair.objects.filter(asked_at__isnull=False).count() == 0


def test_what_was_asked_before_it_was_known_is_asked_no_more():
    now, before = received(rowan(number=""), ryan(**ALIKE, number="", birth_on=None, birth_text=""))
    asked = Pair.objects.filter(asked_at__isnull=False).count()

    apart(now, before)

    assert (asked, Pair.objects.count(), doubts(now), doubts(before)) == (1, 0, [], [])


def test_whoever_becomes_one_with_the_earlier_identity_is_kept_apart_too():
    now, before = received(rowan(), ryan())
    apart(now, before)
    other = {"birth_on": date(1970, 1, 9), "phone": "", "postcode": "", "address_lines": ()}
    (third,) = received(sent("social-care", given="Terence", family="Cole", **other))
    merge_people(kept=third, alias=before, reason="They said so", by=by(2))

    assert list(Person.objects.filter(is_earlier(), merged_into=None)) == [third]
    assert who_is_earlier([now.pk, before.pk, third.pk]) == {third.pk}


@pytest.mark.parametrize("words", ["fairhurst", "ryan fairhurst", "fairhurst ryan", "999 000 0026"])
def test_no_search_finds_them(words):
    now, before = received(rowan(), ryan())
    found_before = {one.id for one in find(words=words, born=None, by=make.viewer()).found}
    apart(now, before)

    found = find(words=words, born=None, by=make.viewer()).found

    assert before.pk in found_before
    assert before.pk not in {one.id for one in found}


def test_they_are_counted_as_one_person():
    apart(make.person("Wu", "Mei"), make.person("Wu", "Wei"))
    make.person("Entwistle", "Hugh")

    assert people_held() == 2


def test_a_search_by_the_birth_date_does_not_find_them_together():
    now, before = received(rowan(), ryan())
    apart(now, before)

    found = find(words="zzzz", born=(BORN, BORN), by=make.viewer()).found

    assert {one.id for one in found} == {now.pk}


def test_nothing_that_others_read_names_the_two_together():
    now, before = received(rowan(), ryan())
    known = Event.objects.count(), News.objects.count()

    row = apart(now, before)

    (told,) = Event.objects.all()[known[0] :]
    assert (told.what, told.person_id, told.about_id, told.reason, told.detail) == (
        "identity.kept-apart",
        None,
        row.pk,
        "",
        {},
    )
    assert News.objects.count() == known[1]
    assert Label.objects.count() == 0
