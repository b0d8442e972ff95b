"""Who is one person does not depend on the order of arrival, and the batch finds what one by one was found."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import islice
from random import Random
from uuid import UUID

import duckdb
import pytest
from django.core.management import call_command
from django.db import connection

from locality.base.viewer import system
from locality.demo.borough import write_borough
from locality.directory import actions as directory
from locality.directory import queries as places
from locality.people.actions import link_everybody, receive_patients
from locality.people.models import BlockingKey, Identifier, Link, Merge, Pair, Patient, Person
from locality.people.rules import PatientSent
from locality.record import actions as record
from locality.record.models import Intake

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
BY = system(at=NOW)
PEOPLE = 1500
SENT = tuple(
    name for name in PatientSent.__dataclass_fields__ if name not in ("id", "source", "identifiers", "corrected")
)

# committed for real: in one transaction the server would plan for tables that it takes to be empty
pytestmark = pytest.mark.django_db(transaction=True)

Outcome = tuple[frozenset[frozenset[UUID]], frozenset[tuple[UUID, UUID, str]]]


@pytest.fixture(scope="module")
def borough(tmp_path_factory, django_db_setup, django_db_blocker) -> tuple[list[PatientSent], Outcome]:
    """Every patient that the sources of a demo borough send, and who they were when received as in earnest."""
    folder = tmp_path_factory.mktemp("borough")
    written = write_borough(folder, people=PEOPLE, seed=7, on=date(2026, 11, 21), depth="light")
    with django_db_blocker.unblock():
        directory.load_pack(pack="bury", by=system(at=NOW, role="demo"))
        for code in dict.fromkeys(code for code, _ in written.files):
            paths = [path for one, path in written.files if one == code]
            record.receive(source=places.source(code), paths=paths, by=BY, now=lambda: NOW)
        found = sent(), outcome()
        call_command("flush", interactive=False, verbosity=0)
    return found


@pytest.fixture
def here(borough, transactional_db) -> None:
    directory.load_pack(pack="bury", by=system(at=NOW, role="demo"))


def sent() -> list[PatientSent]:
    """What is held of every patient, as their sources would send it again."""
    identifiers: dict[UUID, list[tuple[str, str]]] = {}
    for patient, system_of, value in Identifier.objects.values_list("patient_id", "system", "value"):
        identifiers.setdefault(patient, []).append((system_of, value))
    return [
        PatientSent(
            source=row.source_id,
            identifiers=tuple(sorted(identifiers.get(row.pk, []))),
            **{name: tuple(value) if isinstance(value := getattr(row, name), list) else value for name in SENT}
            | {"replaced_by": ""},
        )
        for row in Patient.objects.order_by("pk")
    ]


def outcome() -> Outcome:
    clusters: dict[UUID, set[UUID]] = {}
    for patient, person in Link.objects.filter(ended_at=None).values_list("patient_id", "person_id"):
        clusters.setdefault(person, set()).add(patient)
    asked = Pair.objects.filter(asked_at__isnull=False).values_list("first_id", "second_id", "state")
    return frozenset(map(frozenset, clusters.values())), frozenset(asked)


def receive(patients: Sequence[PatientSent], *, rng: Random) -> None:
    """Let them arrive in this order, in batches of any size."""
    rest = iter(patients)
    while some := list(islice(rest, rng.choice((1, 2, 5, 20, 100, 300)))):
        receive_patients(sent=some, by=BY)


@pytest.mark.parametrize("order", ["shuffled", "shuffled again", "one source after the other, last first"])
def test_whoever_comes_first_the_same_people_are_found_and_the_same_pairs_asked_about(borough, here, order):
    patients, expected = borough
    rng = Random(order)
    arriving = sorted(patients, key=lambda one: (str(one.source), one.local_id), reverse=True)
    if order.startswith("shuffled"):
        rng.shuffle(arriving)

    receive(arriving, rng=rng)

    assert outcome() == expected


def test_the_borough_holds_people_told_of_by_several_and_pairs_to_ask_about(borough):
    patients, (clusters, asked) = borough

    assert len(patients) > 2 * PEOPLE
    assert PEOPLE * 0.9 < len(clusters) < PEOPLE * 1.2
    assert asked


def test_the_batch_changes_nothing_that_one_by_one_has_found(borough, here):
    patients, expected = borough
    receive(patients, rng=Random(3))
    before = rows_written()

    found = link_everybody(engine=duckdb.connect(), by=BY)

    assert not found.changed
    assert rows_written() == before
    assert outcome() == expected


def test_the_batch_alone_finds_what_one_by_one_was_found_and_keeps_who_somebody_is(borough, here):
    patients, expected = borough
    receive(patients, rng=Random(3))
    forget_what_was_compared()
    people = dict(Link.objects.filter(ended_at=None).values_list("patient_id", "person_id"))
    Link.objects.filter(patient__in=list(people)[::3]).delete()

    found = link_everybody(engine=duckdb.connect(), by=BY)
    again = link_everybody(engine=duckdb.connect(), by=BY)

    assert found.changed
    assert not again.changed
    assert outcome() == expected


def forget_what_was_compared() -> None:
    BlockingKey.objects.all().delete()
    Pair.objects.all().delete()
    Patient.objects.update(keys=[], compared_at=None)


def rows_written() -> dict[str, object]:
    """Every row that linking writes, as it is."""
    with connection.cursor() as cursor:
        marks = {}
        for model in (Patient, BlockingKey, Pair, Link, Merge, Person, Intake):
            cursor.execute(f"select md5(string_agg(one::text, '' order by one::text)) from {model._meta.db_table} one")
            marks[model.__name__] = cursor.fetchone()
    return marks
