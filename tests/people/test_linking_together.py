"""Two intakes at once: whoever comes last sees what the other has made, and neither waits for ever."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import duckdb
import pytest
from django.db import connection

from locality.people.actions import deciding, link_everybody, receive_patients
from locality.people.models import Link, Merge, Pair, Patient, Person
from locality.people.queries import people_of_patients
from locality.people.rules import PatientSent
from tests.intake_fixtures import AT, by, source

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sql]

GIVEN = ("Margaret", "Harold", "Aoife", "Grażyna", "Imran", "Blessing", "Chaya", "Winston")
FAMILY = ("Hargreaves", "Ogden", "Flannery", "Kowalska", "Hussain", "Adewumi", "Salomons", "Braithwaite")


def people(here, *, many: int = 40, later: timedelta = timedelta()) -> list[PatientSent]:
    """People plainly apart from each other, as one source tells of them."""
    return [
        PatientSent(
            source=here,
            local_id=f"{number}",
            said_at=AT + later,
            given=GIVEN[number % 8],
            family=FAMILY[number // 8 % 8],
            birth_on=date(1930, 3, 4) + timedelta(days=417 * number),
            sex="female" if number % 2 else "male",
            address_lines=(f"{number + 1} Mill Lane",),
            postcode=f"BL9 {number % 10}AB",
        )
        for number in range(many)
    ]


def at_once(*runs):
    start = Barrier(len(runs))

    def run(one):
        try:
            start.wait()
            return one()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(runs)) as threads:
        return list(threads.map(run, runs))


def in_batches(sent: list[PatientSent], size: int = 4) -> None:
    for start in range(0, len(sent), size):
        receive_patients(sent=sent[start : start + size], by=by())


def test_two_sources_that_tell_of_the_same_people_at_once_make_one_person_of_each():
    one, two = people(source("hospital").pk), people(source("practice").pk)

    at_once(lambda: in_batches(one), lambda: in_batches(two[::-1]))

    rows = Link.objects.filter(ended_at=None).values_list("patient__local_id", "person_id")
    assert Patient.objects.count() == 80
    assert len({person for _, person in rows}) == 40
    assert len(set(rows)) == 40
    assert Person.objects.filter(merged_into=None).count() == 40


def test_the_same_patients_twice_at_once_are_kept_and_linked_once():
    here = source("hospital").pk
    sent = people(here)

    at_once(*[lambda: in_batches(sent, 7)] * 3)

    assert (Patient.objects.count(), Link.objects.count(), Person.objects.count()) == (40, 40, 40)
    assert Merge.objects.count() == Pair.objects.count() == 0


def test_patients_who_arrive_while_everybody_is_linked_are_linked_as_if_they_had_come_before_or_after():
    one, two = people(source("hospital").pk), people(source("practice").pk)
    in_batches(one, 20)

    at_once(lambda: in_batches(two, 3), lambda: link_everybody(engine=duckdb.connect(), by=by()))
    left = link_everybody(engine=duckdb.connect(), by=by())

    assert not left.changed
    assert Link.objects.filter(ended_at=None).values("person").distinct().count() == 40


def test_who_is_joined_by_hand_while_their_records_arrive_is_one_person_and_no_record_is_lost():
    held, arriving = people(source("hospital").pk), people(source("practice").pk)
    in_batches(held, 20)
    two_by_two = list(zip(held[::2], held[1::2], strict=True))

    def joined():
        for one, other in two_by_two:
            ids = people_of_patients([one.id, other.id])
            two = [Person.objects.get(pk=ids[sent.id]) for sent in (one, other)]
            deciding.join(person=two[0], other=two[1], reason="They told me so", by=by())

    at_once(joined, lambda: in_batches(arriving, 3))
    left = link_everybody(engine=duckdb.connect(), by=by())

    whose = people_of_patients([sent.id for sent in (*held, *arriving)])
    assert [whose[one.id] == whose[other.id] for one, other in two_by_two] == [True] * 20
    # whoever arrives later, and is plainly not the other of the two, is asked about instead of joined
    apart = {sent.id for sent, same in zip(arriving, held, strict=True) if whose[sent.id] != whose[same.id]}
    asked = Pair.objects.filter(asked_at__isnull=False).values_list("first", "second")
    assert apart <= {patient for pair in asked for patient in pair}
    assert Link.objects.filter(ended_at=None).count() == 80
    assert not left.changed
