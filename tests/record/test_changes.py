"""A viewer's own people on their first page: those last spoken of first, and how many were."""

import pytest

from locality.journal.actions import tell
from locality.journal.models import News
from locality.people.actions import merge_people
from locality.people.models import Link, Person
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


def heard(person, *, ago, local_id=None):
    """Somebody of whom something was received, as intake notes it: on the patient and in the news."""
    patient = make.patient(person, make.source("gp"), local_id=local_id or str(person.pk), heard_at=ago)
    tell([News(at=ago, what="record.received", patient_id=patient.pk, person_id=person.pk)])


def test_a_long_list_is_asked_through_the_newest_news_and_answers_the_same():
    people = [mine(given) for given in ("Ann", "Bea", "Cleo", "Dot")]
    for days, person in zip((9, 4, 1, 0), people, strict=True):
        heard(person, ago=make.ago(days=days, hours=1))
    heard(make.person("Other", "Somebody"), ago=make.ago(hours=0))

    short = my_people(viewer=make.viewer(), most=2)
    long = my_people(viewer=make.viewer(), most=2, long_list=3)

    assert [one.person for one in long.people] == [people[3], people[2]]
    assert long == short
    assert (long.total, long.changed, long.more) == (4, 2, False)


def test_a_long_list_says_when_more_have_changed_than_the_newest_news_tell():
    people = [mine(given) for given in ("Ann", "Bea", "Cleo", "Dot")]
    for hours, person in zip((4, 3, 2, 1), people, strict=True):
        heard(person, ago=make.ago(hours=hours))

    found = my_people(viewer=make.viewer(), most=2, long_list=3, newest=3)

    assert [one.person for one in found.people] == [people[3], people[2]]
    assert (found.total, found.changed, found.more) == (4, 3, True)


def test_a_long_list_of_whom_the_newest_news_do_not_speak_is_asked_one_by_one():
    people = [mine(given) for given in ("Ann", "Bea", "Cleo", "Dot")]
    for days, person in zip((9, 8, 7, 6), people, strict=True):
        heard(person, ago=make.ago(days=days))
    for number in range(3):
        heard(make.person("Other", f"Somebody {number}"), ago=make.ago(hours=number))

    found = my_people(viewer=make.viewer(), most=2, long_list=3, newest=3)

    assert [one.person for one in found.people] == [people[3], people[2]]
    assert (found.total, found.changed, found.more) == (4, 0, False)


def test_what_is_said_of_an_alias_stands_with_the_person_they_became():
    kept = mine("Kept", heard_at=make.ago(hours=1))
    alias = make.person("Hargreaves", "Alias", nhs_number="")
    patient = make.patient(alias, make.source("acute"), local_id="alias", heard_at=make.ago(hours=1))
    make.resource(
        patient, make.visit("2026-11-05T08:00:00Z", words="Visit after a fall"), received_at=make.ago(hours=1)
    )
    Person.objects.filter(pk=alias.pk).update(merged_into=kept)

    found = my_people(viewer=make.viewer())

    assert Link.objects.get(patient=patient).person_id == alias.pk
    assert [[change.title for change in one.changes] for one in found.people] == [["Visit after a fall"]]
