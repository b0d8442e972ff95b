"""A source sends what its agreement names: the rest is kept with its reason, and stored once the agreement names it."""

from datetime import timedelta

import pytest

from locality.directory.models import Source
from locality.record.actions import receive, retry
from locality.record.models import Quarantine, Resource
from tests.intake_fixtures import AT, bundle, by, now, patient, problem, source, written

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

NOT_NAMED = (
    "The sharing agreement with The hospital does not say that it sends Condition: nothing of that type is taken in."
)


def sent(here, *paths):
    return receive(source=here, paths=paths, by=by(), now=now)


def test_a_type_that_the_agreement_does_not_name_is_refused_and_the_rest_stored(tmp_path):
    here = source(sends=["Patient"])

    intake = sent(here, written(tmp_path, "a.json", bundle(patient(), problem())))

    assert (intake.received, intake.stored, intake.unchanged, intake.rejected) == (2, 1, 0, 1)
    assert [row.type for row in Resource.objects.all()] == ["Patient"]
    assert [row.reason for row in Quarantine.objects.all()] == [NOT_NAMED]


def test_a_deletion_of_a_type_not_named_is_refused_too(tmp_path):
    here = source(sends=["Patient"])
    entry = {"request": {"method": "DELETE", "url": "Condition/c1"}}

    intake = sent(
        here, written(tmp_path, "a.json", {"resourceType": "Bundle", "type": "transaction", "entry": [entry]})
    )

    assert (intake.received, intake.stored, intake.rejected) == (1, 0, 1)
    assert [row.reason for row in Quarantine.objects.all()] == [NOT_NAMED]


def test_it_is_stored_on_retry_once_the_agreement_names_it_and_not_before(tmp_path):
    here = source(sends=["Patient"])
    sent(here, written(tmp_path, "a.json", bundle(patient(), problem())))

    before = retry(source=here, by=by(later=timedelta(hours=1)))
    Source.objects.filter(pk=here.pk).update(sends=["Patient", "Condition"])
    here.refresh_from_db()
    after = retry(source=here, by=by(later=timedelta(hours=2)))

    assert (before.stored, before.rejected) == (0, 1)
    assert (after.stored, after.rejected) == (1, 0)
    assert Resource.objects.get(type="Condition").received_at == AT + timedelta(hours=2)


def test_what_waited_for_its_patient_is_refused_when_the_agreement_has_changed_meanwhile(tmp_path):
    here = source()
    sent(here, written(tmp_path, "a.json", bundle(problem())))
    Source.objects.filter(pk=here.pk).update(sends=["Patient"])
    here.refresh_from_db()

    sent(here, written(tmp_path, "b.json", bundle(patient())))

    assert [row.type for row in Resource.objects.all()] == ["Patient"]
    assert [row.reason for row in Quarantine.objects.all()] == [NOT_NAMED]


def test_a_source_that_names_nothing_sends_nothing_unless_it_is_for_trying_out(tmp_path):
    silent = source(sends=[])
    trial = source("trial", sends=[], is_trial=True)
    path = written(tmp_path, "a.json", bundle(patient(), problem()))

    refused, taken = sent(silent, path), sent(trial, path)

    assert (refused.stored, refused.rejected) == (0, 2)
    assert (taken.stored, taken.rejected) == (2, 0)
