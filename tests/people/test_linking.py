"""Patients are joined to people as they come; links move, and nothing else."""

from datetime import date, timedelta
from itertools import permutations
from uuid import UUID

import pytest

from locality.base import Refused
from locality.people import queries
from locality.people.actions import merge_people, receive_patients, undo_merge
from locality.people.models import Identifier, Link, Person
from locality.people.rules import NHS_NUMBER_SYSTEM, PatientSent
from tests.intake_fixtures import AT, OTHER_NUMBER, PEGGY_NUMBER, by, source

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

BORN = date(1942, 2, 12)


def said(here: UUID, local_id: str, *, number: str = PEGGY_NUMBER, born: date | None = BORN, **other) -> PatientSent:
    identifiers = ((NHS_NUMBER_SYSTEM, number),) if number else ()
    return PatientSent(
        source=here,
        local_id=local_id,
        said_at=other.pop("said_at", AT),
        birth_on=born,
        identifiers=identifiers,
        **other,
    )


def together(*patients: PatientSent) -> bool:
    people = receive_patients(sent=patients, by=by())
    return len(set(people.values())) == 1


def test_one_number_and_one_birth_date_is_one_person():
    hospital, practice = source("hospital").pk, source("practice").pk

    assert together(said(hospital, "1"), said(practice, "1"))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"number": PEGGY_NUMBER}, {"number": OTHER_NUMBER}),
        ({"born": BORN}, {"born": date(1951, 7, 30)}),
        ({"born": None}, {"born": None}),
        ({"number": ""}, {"number": ""}),
        ({"number": "9990000019"}, {"number": "9990000019"}),  # the check digit is wrong
        ({"number": "0000000000"}, {"number": "0000000000"}),  # a placeholder
    ],
)
def test_anything_less_stays_apart(first, second):
    hospital, practice = source("hospital").pk, source("practice").pk

    assert not together(said(hospital, "1", **first), said(practice, "1", **second))


def test_two_different_valid_numbers_on_one_patient_join_nobody():
    hospital, practice = source("hospital").pk, source("practice").pk
    torn = PatientSent(
        source=hospital,
        local_id="1",
        said_at=AT,
        birth_on=BORN,
        identifiers=((NHS_NUMBER_SYSTEM, PEGGY_NUMBER), (NHS_NUMBER_SYSTEM, OTHER_NUMBER)),
    )

    assert not together(torn, said(practice, "1"))


def test_the_outcome_does_not_depend_on_the_order_of_arrival():
    places = [source(f"s{number}").pk for number in range(4)]
    patients = [
        said(places[0], "1"),
        said(places[1], "1", born=date(1951, 7, 30)),
        said(places[2], "1"),
        said(places[3], "1", born=date(1951, 7, 30)),
    ]
    outcomes = set()

    for number, order in enumerate(permutations(patients)):
        Link.objects.all().delete()
        Person.objects.update(merged_into=None)
        people: dict[UUID, UUID] = {}
        for one in order:
            people |= receive_patients(sent=[one], by=by(later=timedelta(minutes=number)))
        outcomes.add(tuple(people[a.id] == people[b.id] for a in patients for b in patients))

    apart_by_birth_date = tuple((a.birth_on == b.birth_on) for a in patients for b in patients)
    assert outcomes == {apart_by_birth_date}


def test_a_number_corrected_later_moves_the_patient_and_says_why():
    hospital, practice = source("hospital").pk, source("practice").pk
    receive_patients(sent=[said(practice, "1"), said(hospital, "1"), said(practice, "2", number=OTHER_NUMBER)], by=by())

    later = AT + timedelta(days=1)
    receive_patients(sent=[said(hospital, "1", number=OTHER_NUMBER, said_at=later)], by=by(later=timedelta(days=1)))

    links = Link.objects.filter(patient=said(hospital, "1").id).order_by("linked_at")
    people = queries.people_of_patients([said(practice, "2").id, said(hospital, "1").id])
    assert [link.ended_reason for link in links] == ["The sender's words changed.", ""]
    assert len(set(people.values())) == 1


def test_a_patient_that_gains_a_number_keeps_what_was_written_for_its_person():
    hospital, practice = source("hospital").pk, source("practice").pk
    (old,) = receive_patients(sent=[said(hospital, "1", number="")], by=by()).values()
    (newer,) = receive_patients(sent=[said(practice, "1")], by=by()).values()

    later = AT + timedelta(days=1)
    (now,) = receive_patients(sent=[said(hospital, "1", said_at=later)], by=by(later=timedelta(days=1))).values()

    assert now == old
    assert [row.pk for row in queries.same_person(newer)] == [old, newer]


def test_older_words_that_arrive_late_do_not_change_the_patient():
    hospital = source("hospital").pk
    receive_patients(sent=[said(hospital, "1", family="Hargreaves")], by=by())

    receive_patients(sent=[said(hospital, "1", family="Smith", said_at=AT - timedelta(days=9))], by=by())

    assert Person.objects.get().family == "Hargreaves"


def test_the_practice_is_believed_first_and_what_only_another_knows_is_not_lost():
    practice = source("practice", asserts=["registered_practice"]).pk
    hospital = source("hospital").pk
    late = AT + timedelta(days=1)

    receive_patients(
        sent=[
            said(practice, "1", family="Hargreaves", given="Margaret"),
            said(hospital, "1", family="Hargraves", given="M", likes="Peggy", said_at=late),
        ],
        by=by(),
    )

    face = Person.objects.get()
    assert (face.family, face.given, face.likes) == ("Hargreaves", "Margaret", "Peggy")


def test_an_invalid_number_is_kept_and_marked():
    receive_patients(sent=[said(source().pk, "1", number="999 000 0019")], by=by())

    kept = Identifier.objects.get()
    assert (kept.value, kept.nhs_state) == ("9990000019", "invalid")


def test_a_source_that_merges_its_own_two_patients_has_said_that_they_are_one():
    here = source().pk
    receive_patients(sent=[said(here, "old", number=""), said(here, "new")], by=by())

    later = AT + timedelta(days=1)
    gone = said(here, "old", number="", said_at=later, active=False, replaced_by="new")
    receive_patients(sent=[gone], by=by(later=timedelta(days=1)))

    people = queries.people_of_patients([said(here, "old").id, said(here, "new").id])
    assert len(set(people.values())) == 1


def two_people() -> tuple[Person, Person]:
    here = source().pk
    receive_patients(sent=[said(here, "1"), said(here, "2", number=OTHER_NUMBER)], by=by())
    first, second = Person.objects.order_by("id")
    return first, second


def test_a_merge_moves_links_and_undoing_it_moves_the_same_ones_back():
    kept, alias = two_people()
    before = dict(Link.objects.filter(ended_at=None).values_list("patient", "person"))

    merge = merge_people(kept=kept, alias=alias, reason="They said so", by=by())
    together_now = set(Link.objects.filter(ended_at=None).values_list("person", flat=True))
    undo_merge(merge=merge, by=by())

    assert together_now == {kept.pk}
    assert dict(Link.objects.filter(ended_at=None).values_list("patient", "person")) == before
    assert Person.objects.filter(merged_into=None).count() == 2


def test_a_merge_is_undone_once():
    kept, alias = two_people()
    merge = merge_people(kept=kept, alias=alias, reason="They said so", by=by())
    undo_merge(merge=merge, by=by())

    with pytest.raises(Refused, match="already been undone"):
        undo_merge(merge=merge, by=by())


def test_nobody_is_merged_into_themselves_or_twice():
    kept, alias = two_people()

    with pytest.raises(Refused, match="already one person"):
        merge_people(kept=kept, alias=kept, reason="", by=by())
    merge_people(kept=kept, alias=alias, reason="They said so", by=by())
    with pytest.raises(Refused, match="already been merged"):
        merge_people(kept=kept, alias=alias, reason="They said so", by=by())
