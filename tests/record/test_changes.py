"""A viewer's own people on their first page: those last spoken of first, and how many were."""

import pytest

from locality.people.actions import merge_people
from locality.record.queries.changes import my_people
from tests import factories as make
from tests.intake_fixtures import by

pytestmark = pytest.mark.django_db


def mine(given: str, *, heard_at=None, **other):
    row = make.person("Hargreaves", given, nhs_number="", **other)
    make.relationship(row)
    make.patient(row, make.source("gp"), local_id=given, heard_at=heard_at)
    return row


def test_those_last_spoken_of_come_first_and_all_are_counted():
    older, newer = mine("Older", heard_at=make.ago(days=9)), mine("Newer", heard_at=make.ago(hours=3))
    make.patient(newer, make.source("acute"), heard_at=make.ago(days=30))
    mine("Silent")
    make.patient(make.person("Other", "Somebody"), make.source("gp"), local_id="not-mine", heard_at=make.ago(hours=1))

    found = my_people(viewer=make.viewer(), most=2)

    assert [one.person for one in found.people] == [newer, older]
    assert [one.heard_at for one in found.people] == [make.ago(hours=3), make.ago(days=9)]
    assert (found.total, found.changed) == (3, 1)


def test_a_patient_that_is_no_longer_linked_to_them_does_not_speak_of_them():
    person = mine("Margaret", heard_at=make.ago(days=9))
    left = make.patient(person, make.source("acute"), heard_at=make.ago(hours=1))
    left.links.update(ended_at=make.AT, ended_by=by().id)

    found = my_people(viewer=make.viewer())

    assert [one.heard_at for one in found.people] == [make.ago(days=9)]


def test_somebody_who_was_merged_is_listed_once_as_the_person_they_became():
    kept, alias = mine("Kept"), mine("Alias")
    merge_people(kept=kept, alias=alias, reason="They said so", by=by())

    found = my_people(viewer=make.viewer())

    assert ([one.person for one in found.people], found.total) == ([kept], 1)


def test_somebody_whose_role_opens_nobody_has_no_list():
    mine("Margaret")

    found = my_people(viewer=make.viewer("analyst"))

    assert (found.people, found.total, found.changed) == ((), 0, 0)
