"""An upgrade changes how levels are numbered: what was compared before is compared anew, and intake goes on."""

from datetime import date

import duckdb
import pytest

from locality.methods.linkage.settings import settings
from locality.people.actions import link_again, receive_patients
from locality.people.actions.everybody import link_everybody
from locality.people.models import Link, LinkageModel, Pair
from locality.people.queries.behind import MODEL, PAIRS, behind
from locality.people.rules import NHS_NUMBER_SYSTEM, PatientSent
from tests.intake_fixtures import AT, PEGGY_NUMBER, by, source

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

BEFORE = "2020-01-01"


def peggy(code: str, *, number: str = PEGGY_NUMBER, **other) -> PatientSent:
    told = {"family": "Hargreaves", "given": "Margaret", "birth_on": date(1942, 2, 12), "sex": "female"}
    told |= {"identifiers": ((NHS_NUMBER_SYSTEM, number),) if number else (), "local_id": "1", "said_at": AT}
    return PatientSent(source=source(code).pk, **(told | other))


def received(*patients: PatientSent) -> list:
    people = receive_patients(sent=patients, by=by())
    return [people[one.id] for one in patients]


@pytest.fixture
def compared_before(db):
    """Two patients of one person, whose pair was compared by a version with fewer levels that thought less of it."""
    practice, hospital = peggy("practice"), peggy("hospital")
    received(practice, hospital)
    now = Pair.objects.values("weight", "levels", "state", "certain", "settings_version").get()
    Pair.objects.update(weight=0.1, levels=[1], state="possible", certain=False, settings_version=BEFORE)
    return now


def test_a_pair_says_by_which_settings_it_was_compared():
    received(peggy("practice"), peggy("hospital"))

    assert Pair.objects.get().settings_version == settings().version


def test_a_pair_of_older_settings_is_compared_anew_when_intake_meets_it(compared_before):
    received(peggy("community"))

    assert set(Pair.objects.values_list("settings_version", flat=True)) == {settings().version}
    assert compared_before in Pair.objects.values(*compared_before)
    assert len(set(Link.objects.filter(ended_at=None).values_list("person", flat=True))) == 1


def test_what_an_upgrade_leaves_to_be_linked_anew_is_said(compared_before):
    assert behind() == [PAIRS]

    with duckdb.connect() as engine:
        link_everybody(engine=engine, by=by())

    assert behind() == []


def test_a_model_that_an_upgrade_puts_aside_is_said_to_be(db):
    told = {"trained_at": AT, "trained_on": 2, "trained_by": by().id, "parameters": {}}
    LinkageModel.objects.create(settings_version=settings().version, **told)
    assert behind() == []

    LinkageModel.objects.create(settings_version=BEFORE, in_use=True, **told)

    assert behind() == [MODEL]


def test_a_pair_that_the_new_settings_think_nothing_of_is_forgotten(db):
    practice = peggy("practice")
    other = peggy("hospital", number="", family="Entwistle", given="Hugh", birth_on=date(1970, 6, 1), sex="male")
    was = received(practice, other)
    first, second = sorted([practice.id, other.id])
    Pair.objects.create(
        first_id=first,
        second_id=second,
        weight=9.0,
        probability=0.99,
        levels=[1],
        state="match",
        settings_version=BEFORE,
        compared_at=AT,
    )

    found = link_again(patients=[practice.id], by=by())

    assert (Pair.objects.count(), [found.people[one.id] for one in (practice, other)]) == (0, was)


def test_the_batch_compares_everything_anew_once(compared_before):
    first = link_everybody(engine=duckdb.connect(), by=by())
    second = link_everybody(engine=duckdb.connect(), by=by())

    assert Pair.objects.values(*compared_before).get() == compared_before
    assert (first.pairs_changed, second.changed) == (1, False)
