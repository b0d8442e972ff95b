"""Two runs at once, and a run that is killed: everything ends as if it had run once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from locality.people.models import Link, Patient, Person
from locality.record.actions import receive
from locality.record.models import Intake, Resource
from tests.intake_fixtures import bundle, by, now, patient, problem, source, written

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sql]


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


def sums(intakes):
    return {
        name: sum(getattr(one, name) for one in intakes) for name in ("received", "stored", "unchanged", "rejected")
    }


def test_the_same_bundle_twice_at_the_same_time_is_stored_once(tmp_path):
    here = source()
    many = bundle(patient(), *(problem(number) for number in range(400)))
    path = written(tmp_path, "a.json", many)

    intakes = at_once(*[lambda: receive(source=here, paths=[path], by=by(), now=now)] * 3)

    assert sums(intakes) == {"received": 1203, "stored": 401, "unchanged": 802, "rejected": 0}
    assert (Patient.objects.count(), Person.objects.count(), Resource.objects.count()) == (1, 1, 401)


def test_one_person_told_by_two_sources_at_the_same_time_is_one_person(tmp_path):
    here, there = source("hospital"), source("practice")
    path = written(tmp_path, "a.json", bundle(patient(), problem()))

    at_once(
        lambda: receive(source=here, paths=[path], by=by(), now=now),
        lambda: receive(source=there, paths=[path], by=by(), now=now),
    )

    assert Person.objects.count() == 1
    assert Link.objects.filter(ended_at=None).values("person").distinct().count() == 1


def test_two_contents_of_one_thing_at_the_same_time_are_both_kept_and_one_is_current(tmp_path):
    here = source()
    receive(source=here, paths=[written(tmp_path, "p.json", bundle(patient()))], by=by(), now=now)
    paths = [written(tmp_path, f"{words}.json", bundle(problem(words=words))) for words in ("Asthma", "COPD")]

    at_once(*[lambda path=path: receive(source=here, paths=[path], by=by(), now=now) for path in paths])

    versions = Resource.objects.filter(type="Condition")
    assert sorted(versions.values_list("title", flat=True)) == ["Asthma", "COPD"]
    assert versions.filter(is_current=True).count() == 1


def test_a_run_that_dies_half_way_and_runs_again_ends_the_same(tmp_path):
    here = source()
    files = [
        written(tmp_path, f"{n}.json", bundle(patient(n, nhs=""), problem(n, about=f"Patient/p{n}"))) for n in range(6)
    ]

    def dies_after_two(function, pieces):
        for number, piece in enumerate(pieces):
            if number == 2:
                raise KeyboardInterrupt
            yield function(piece)

    with pytest.raises(KeyboardInterrupt):
        receive(source=here, paths=files, by=by(), now=now, spread=dies_after_two, ways=3)
    half = Intake.objects.get()
    again = receive(source=here, paths=files, by=by(), now=now)

    assert half.finished_at is None
    assert 0 < half.stored < 12
    assert (again.stored, again.unchanged) == (12 - half.stored, half.stored)
    assert Resource.objects.count() == 12
