"""What holds of links and of those who are asked about, whoever comes first."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from locality.access.actions import Reason, follow_patients, relate
from locality.access.models import Relationship
from locality.access.rules import RelationKind
from locality.journal.models import News
from locality.methods.linkage.partition import LIMIT
from locality.methods.linkage.settings import settings
from locality.people import queries
from locality.people.actions import link_again, receive_patients
from locality.people.models import BlockingKey, EarlierIdentity, Label, Link, Merge, Pair, Patient, Person
from locality.people.rules import NHS_NUMBER_SYSTEM, PatientSent
from tests.intake_fixtures import AT, OTHER_NUMBER, PEGGY_NUMBER, by, organisation, source
from tests.people.test_linking_together import people as people_apart

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

DAY = timedelta(days=1)


def told(here: UUID, local_id: str, *, number: str = "", days: int = 0, **other) -> PatientSent:
    """Margaret Hargreaves of Mill Lane, but for what is said otherwise."""
    words = {
        "given": "Margaret",
        "family": "Hargreaves",
        "birth_on": date(1942, 2, 12),
        "sex": "female",
        "address_lines": ("12 Mill Lane",),
        "postcode": "BL9 0AB",
    }
    return PatientSent(
        source=here,
        local_id=local_id,
        said_at=AT + days * DAY,
        identifiers=((NHS_NUMBER_SYSTEM, number),) if number else (),
        **(words | other),
    )


def received(*sent: PatientSent, days: int = 0) -> list[UUID]:
    """The person of each, in the order in which they are given."""
    people = receive_patients(sent=sent, by=by(later=days * DAY))
    return [people[one.id] for one in sent]


def now_of(*sent: PatientSent) -> list[UUID]:
    people = queries.people_of_patients([one.id for one in sent])
    return [people[one.id] for one in sent]


@pytest.fixture
def here() -> UUID:
    return source("hospital").pk


@pytest.fixture
def there() -> UUID:
    return source("practice").pk


def test_people_without_a_number_are_joined_by_all_the_rest(here, there):
    one, other = received(told(here, "1"), told(there, "1"))

    assert one == other
    assert set(Link.objects.values_list("method", flat=True)) == {"compared"}


def test_a_person_keeps_their_id_and_whoever_became_them_is_an_alias(here, there):
    apart = received(told(here, "1", days=0), told(there, "1", given="M", birth_on=date(1950, 1, 3), postcode="M1 1AA"))

    received(told(there, "1", days=1), days=1)

    older, newer = sorted(apart)
    assert now_of(told(here, "1"), told(there, "1")) == [older, older]
    assert [one.pk for one in queries.same_person(newer)] == [older, newer]


def test_who_was_joined_by_words_that_change_again_goes_back_to_whom_they_came_from(here, there):
    first = told(there, "1", given="Zofia", family="Kowalska", birth_on=date(1971, 5, 5), postcode="M1 1AA")
    before = received(told(here, "1"), first)
    received(told(there, "1", days=1), days=1)

    back = told(there, "1", given="Zofia", family="Kowalska", birth_on=date(1971, 5, 5), postcode="M1 1AA", days=2)
    received(back, days=2)

    assert now_of(told(here, "1"), back) == before
    assert Person.objects.filter(merged_into=None).count() == 2
    assert Merge.objects.filter(undone_at=None).count() == 0


# ---- where somebody lived, and what they were called, before


def test_a_move_does_not_part_one_person_in_two(here, there):
    received(told(here, "1"))
    received(told(here, "1", postcode="M20 2WX", address_lines=("1 Park Road",), days=1), days=1)

    received(told(there, "1", days=2), days=2)

    moved = Patient.objects.get(source=here)
    assert (moved.postcode, moved.former_postcodes) == ("M20 2WX", ["BL9 0AB"])
    assert len(set(now_of(told(here, "1"), told(there, "1")))) == 1


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_what_is_remembered_of_earlier_words_does_not_depend_on_which_came_first(here, order):
    versions = [
        told(here, "1", postcode="BL9 0AB", days=0),
        told(here, "1", postcode="M20 2WX", family="Ogden", days=1),
        told(here, "1", postcode="OL1 1AA", family="Ogden", days=2),
    ]

    for number in order:
        received(versions[number], days=number)

    kept = Patient.objects.get()
    assert (kept.family, kept.postcode) == ("Ogden", "OL1 1AA")
    assert kept.former_postcodes == ["BL9 0AB", "M20 2WX"]
    assert kept.former_names == ["Margaret Hargreaves"]


def test_no_name_is_remembered_of_somebody_whose_given_name_or_number_has_changed(here):
    received(told(here, "1", given="Robert", sex="male", number=PEGGY_NUMBER))

    received(told(here, "1", number=OTHER_NUMBER, days=1), days=1)

    kept = Patient.objects.get()
    assert (kept.former_names, kept.former_postcodes) == ([], [])
    assert "robert" not in kept.name_key


# ---- what people, and sources, say


def say(one: PatientSent, other: PatientSent, answer: str) -> None:
    first, second = sorted((one.id, other.id))
    Label.objects.create(first_id=first, second_id=second, answer=answer, reason="Seen", said_at=AT, said_by=by().id)
    link_again(patients=[first, second], by=by())


def test_what_people_say_wins_and_holds_when_words_come_again(here, there):
    one, other = told(here, "1"), told(there, "1")
    received(one, other)

    say(one, other, "different")
    received(told(here, "1", phone="0161 496 0000", days=1), days=1)

    assert len(set(now_of(one, other))) == 2
    assert Pair.objects.filter(asked_at__isnull=False).count() == 0


def test_people_said_to_be_the_same_are_one_however_little_agrees(here, there):
    one, other = told(here, "1"), told(there, "1", given="Zofia", family="Kowalska", birth_on=date(1971, 5, 5))
    received(one, other)

    say(one, other, "same")

    assert len(set(now_of(one, other))) == 1


@pytest.mark.parametrize("order", [("old", "new"), ("new", "old")])
def test_a_source_that_says_it_replaced_a_patient_is_believed_in_whichever_order_they_come(here, order):
    sent = {
        "old": told(here, "old", given="", birth_on=None, replaced_by="new", active=False),
        "new": told(here, "new"),
    }

    for name in order:
        received(sent[name])

    assert len(set(now_of(sent["old"], sent["new"]))) == 1


def test_a_person_and_their_earlier_identity_are_neither_joined_nor_asked_about(here, there):
    one, other = told(here, "1"), told(there, "1", given="Zofia", family="Kowalska", birth_on=date(1971, 5, 5))
    now, before = received(one, other)
    EarlierIdentity.objects.create(
        person_id=now, earlier_id=before, kind="adoption", said_at=AT, said_by=by().id, reason="Told"
    )

    received(told(there, "1", days=1), days=1)

    assert len(set(now_of(one, other))) == 2
    assert Pair.objects.filter(asked_at__isnull=False).count() == 0


# ---- who is asked about


def twins(here: UUID, there: UUID) -> tuple[PatientSent, PatientSent]:
    """One has no birth date there: likely, and not to be joined by the machine."""
    return told(here, "1"), told(there, "1", birth_on=None, phone="")


def test_a_banner_stands_on_both_records_while_somebody_is_asked(here, there):
    one, other = twins(here, there)
    people = received(one, other)

    shown = [[doubt.words for doubt in queries.doubts(Person.objects.get(pk=person))] for person in people]

    words = "This may be the same person as another record here: somebody has been asked to look, since Thu 5 Nov 2026."
    assert len(set(people)) == 2
    assert shown == [[words], [words]]


def test_the_question_is_as_old_as_when_it_was_first_asked_and_goes_when_it_is_settled(here, there):
    one, other = twins(here, there)
    received(one, other)

    received(told(here, "1", phone="0161 496 0000", days=1), days=1)
    asked = list(Pair.objects.values_list("asked_at", flat=True))
    received(told(there, "1", days=2), days=2)

    assert asked == [AT]
    assert list(Pair.objects.values_list("asked_at", flat=True)) == [None]


def test_an_address_is_protected_while_it_is_asked_whether_it_is_that_of_somebody_protected(here, there):
    one, other = twins(here, there)
    people = received(one, told(there, "1", birth_on=None, phone="", protected=True))
    before = set(Person.objects.values_list("protected", flat=True))

    say(one, other, "different")

    assert before == {True}
    assert dict(Person.objects.values_list("pk", "protected")) == {people[0]: False, people[1]: True}


def test_protection_that_comes_later_reaches_whoever_may_be_the_same_person(here, there):
    one, other = twins(here, there)
    people = received(one, other)

    received(told(here, "1", protected=True, days=1), days=1)

    assert set(Person.objects.filter(pk__in=people).values_list("protected", flat=True)) == {True}


def test_two_who_would_be_too_many_for_one_person_are_asked_about_and_told_of(here):
    everybody = [told(here, str(number)) for number in range(LIMIT + 3)]

    received(*everybody)

    counts = sorted(people_counts())
    assert counts == [3, LIMIT]
    assert Pair.objects.filter(asked_at__isnull=False).count() == 1
    assert News.objects.filter(what="person.too-large").count() == 1


def people_counts() -> list[int]:
    counts: dict[UUID, int] = {}
    for person in Link.objects.filter(ended_at=None).values_list("person_id", flat=True):
        counts[person] = counts.get(person, 0) + 1
    return list(counts.values())


# ---- crowds


def crowd(here: UUID, many: int, *, start: int = 0) -> list[PatientSent]:
    """People who share a home and a birth date, and nothing else."""
    letters = "bcdfghklmnprstvz"
    names = [f"{a}o{b}a" for a in letters for b in letters]
    return [
        told(here, f"c{number}", given=names[number].title(), family=f"{names[-number - 1]}n".title())
        for number in range(start, start + many)
    ]


def test_a_key_that_a_crowd_shares_tells_nobody_apart_whoever_comes_first(here, there):
    limit = settings().crowd
    pair = told(there, "1", given="", family=""), told(there, "2", given="", family="")

    received(*pair)
    few = Pair.objects.count()
    received(*crowd(here, limit - 1))
    many = Pair.objects.filter(first__source=there, second__source=there).count()
    elsewhere = told(here, "c0", given="Bobab", family="Zozan", birth_on=date(1980, 1, 1), postcode="M1 1AA", days=1)
    received(elsewhere, days=1)
    again = Pair.objects.filter(first__source=there, second__source=there).count()

    assert (few, many, again) == (1, 0, 1)


def test_patients_are_found_by_the_keys_of_their_present_words_only(here):
    received(told(here, "1"))
    before = set(BlockingKey.objects.values_list("key", flat=True))

    received(told(here, "1", given="Zofia", family="Kowalska", birth_on=date(1971, 5, 5), days=1), days=1)

    kept = Patient.objects.get()
    assert sorted(BlockingKey.objects.values_list("key", flat=True)) == sorted(kept.keys)
    assert len(before - set(kept.keys)) > 3


# ---- what goes with a patient who moves


def test_reasons_that_a_source_asserted_follow_its_patient(here):
    practice = source("practice", asserts=["registered_practice"])
    surgery = organisation("ZZ9", kind="practice")
    sent = told(practice.pk, "1", practice_code="ZZ9", number=PEGGY_NUMBER)
    (was,) = received(sent)
    relate(
        reasons=[
            Reason(
                person=was,
                kind=RelationKind.REGISTERED_PRACTICE,
                organisation=surgery.pk,
                starts_on=AT.date(),
                words="Registered patient",
                source=practice.pk,
            )
        ],
        by=by(),
    )
    (other,) = received(told(here, "1", number=OTHER_NUMBER, given="Zofia", family="Kowalska"))
    later = by(later=DAY)

    follow_patients(moves=[Gone(sent.id, was, other)], by=later)

    rows = Relationship.objects.order_by("made_at", "pk").values_list("person_id", "organisation_id", "ended_at")
    assert list(rows) == [(was, surgery.pk, None), (other, surgery.pk, None)]

    Link.objects.filter(patient=sent.id).update(person=other)
    follow_patients(moves=[Gone(sent.id, was, other)], by=later)

    assert list(rows.all()) == [(was, surgery.pk, later.at), (other, surgery.pk, None)]


class Gone:
    def __init__(self, patient: UUID, was: UUID, now: UUID):
        self.patient, self.was, self.now = patient, was, now


# ---- the cost


def test_a_batch_asks_as_often_for_fifty_as_for_six(here):
    everybody = people_apart(here, many=58)

    def asked(some: list[PatientSent]) -> int:
        with CaptureQueriesContext(connection) as context:
            receive_patients(sent=some, by=by())
        return len(context)

    asked(everybody[:2])  # the first finds nothing in memory

    assert asked(everybody[2:8]) == asked(everybody[8:])
