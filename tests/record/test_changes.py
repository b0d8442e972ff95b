"""A viewer's own people on their first page: those last spoken of first, and how many were."""

import pytest

from locality.access.models import Objection, PersonSeal
from locality.people.actions import merge_people
from locality.people.models import Link, Person
from locality.record.models import Heard
from locality.record.queries.changes import my_people
from tests import factories as make
from tests.intake_fixtures import by

pytestmark = pytest.mark.django_db


def mine(given: str, *, heard_at=None, **other):
    row = make.person("Hargreaves", given, nhs_number="", **other)
    make.relationship(row)
    heard_of(make.patient(row, make.source("gp"), local_id=given), at=heard_at)
    return row


def heard_of(patient, *, at, data_class="SUM"):
    """What intake notes when something of this class comes."""
    if at is not None:
        Heard.objects.create(patient=patient, data_class=data_class, sender=patient.source.organisation, at=at)


def test_those_last_spoken_of_come_first_and_all_are_counted():
    older, newer = mine("Older", heard_at=make.ago(days=9)), mine("Newer", heard_at=make.ago(hours=3))
    heard_of(make.patient(newer, make.source("acute")), at=make.ago(days=30))
    mine("Silent")
    other = make.patient(make.person("Other", "Somebody"), make.source("gp"), local_id="not-mine")
    heard_of(other, at=make.ago(hours=1))

    found = my_people(viewer=make.viewer(), most=2)

    assert [one.person for one in found.people] == [newer, older]
    assert [one.heard_at for one in found.people] == [make.ago(hours=3), make.ago(days=9)]
    assert (found.total, found.changed) == (3, 1)


def test_a_patient_that_is_no_longer_linked_to_them_does_not_speak_of_them():
    person = mine("Margaret", heard_at=make.ago(days=9))
    left = make.patient(person, make.source("acute"))
    heard_of(left, at=make.ago(hours=1))
    left.links.update(ended_at=make.AT, ended_by=by().id)

    found = my_people(viewer=make.viewer())

    assert [one.heard_at for one in found.people] == [make.ago(days=9)]


def test_what_is_said_in_a_class_that_is_closed_to_a_role_moves_nobody_on_its_list():
    clinical, social = mine("Clinical"), mine("Social")
    for person, data_class, hours in ((clinical, "CLIN", 2), (social, "WORK", 3)):
        heard_of(person.links.get().patient, at=make.ago(hours=hours), data_class=data_class)

    nurse, link_worker = (my_people(viewer=make.viewer(role)) for role in ("clinician", "link_worker"))

    assert [one.person for one in nurse.people] == [clinical, social]
    assert [one.person for one in link_worker.people] == [social, clinical]
    assert [one.heard_at for one in link_worker.people] == [make.ago(hours=3), None]
    assert (nurse.changed, link_worker.changed) == (2, 1)


def test_nor_on_a_list_so_long_that_it_is_asked_through_those_last_heard_of():
    clinical, social = mine("Clinical"), mine("Social")
    for person, data_class, hours in ((clinical, "CLIN", 2), (social, "WORK", 3)):
        heard_of(person.links.get().patient, at=make.ago(hours=hours), data_class=data_class)

    viewers = (make.viewer(role) for role in ("clinician", "link_worker"))
    nurse, link_worker = (my_people(viewer=one, most=1, long_list=1) for one in viewers)

    assert [(one.person, one.heard_at) for one in nurse.people] == [(clinical, make.ago(hours=2))]
    assert [(one.person, one.heard_at) for one in link_worker.people] == [(social, make.ago(hours=3))]


@pytest.mark.parametrize("long_list", [1000, 1])
@pytest.mark.parametrize("of", ["everything", "another", "own", "a third"])
def test_what_somebody_objects_to_sharing_moves_them_only_for_whoever_sent_it(of, long_list):
    objector, other = mine("Objector", heard_at=make.ago(hours=1)), mine("Other", heard_at=make.ago(hours=2))
    # the practice's nurse looks in the third case, the community's in the others
    practice = make.source("gp").organisation
    role = {"organisation": practice.pk} if of == "own" else {}
    against = {"everything": None, "own": None, "another": practice, "a third": make.organisation("PCFT")}[of]
    told = {"kind": "sharing", "starts_on": make.TODAY, "made_at": make.AT, "made_by": by().id, "reason": "-"}
    Objection.objects.create(person=objector, organisation=against, **told)

    found = my_people(viewer=make.viewer(**role), most=1, long_list=long_list)

    assert [one.person for one in found.people] == [objector if of in ("own", "a third") else other]


def test_somebody_who_was_merged_is_listed_once_as_the_person_they_became():
    kept, alias = mine("Kept"), mine("Alias")
    merge_people(kept=kept, alias=alias, reason="They said so", by=by())

    found = my_people(viewer=make.viewer())

    assert ([one.person for one in found.people], found.total) == ([kept], 1)


def test_somebody_whose_role_opens_nobody_has_no_list():
    mine("Margaret")

    found = my_people(viewer=make.viewer("analyst"))

    assert (found.people, found.total, found.changed) == ((), 0, 0)


def heard(person, *, ago):
    """Somebody else, of whom something was received."""
    heard_of(make.patient(person, make.source("gp"), local_id=str(person.pk)), at=ago)


def test_a_long_list_is_asked_through_those_last_heard_of_and_answers_the_same():
    people = [
        mine(given, heard_at=make.ago(days=days, hours=1))
        for given, days in zip(("Ann", "Bea", "Cleo", "Dot"), (9, 4, 3, 0), strict=True)
    ]
    heard(make.person("Other", "Somebody"), ago=make.ago(hours=0))

    short = my_people(viewer=make.viewer(), most=2)
    long = my_people(viewer=make.viewer(), most=2, long_list=3)

    assert [one.person for one in long.people] == [people[3], people[2]]
    assert long == short
    assert (long.total, long.changed, long.more) == (4, 1, False)


def test_a_long_list_tells_of_no_more_changes_than_it_shows_however_many_others_were_heard_of():
    people = [
        mine(given, heard_at=make.ago(hours=hours))
        for given, hours in zip(("Ann", "Bea", "Cleo", "Dot"), (5, 4, 3, 2), strict=True)
    ]

    told = []
    for newest in (2, 3, 4, 5000):
        found = my_people(viewer=make.viewer(), most=2, long_list=3, newest=newest)
        told.append(([one.person for one in found.people], found.changed, found.more))
    for number in range(4):
        heard(make.person("Other", f"Somebody {number}"), ago=make.ago(minutes=number))
    found = my_people(viewer=make.viewer(), most=2, long_list=3, newest=4)
    told.append(([one.person for one in found.people], found.changed, found.more))

    assert told == [([people[3], people[2]], 2, True)] * 5


def test_a_long_list_of_whom_those_last_heard_of_are_not_is_asked_one_by_one():
    people = [
        mine(given, heard_at=make.ago(days=days))
        for given, days in zip(("Ann", "Bea", "Cleo", "Dot"), (9, 8, 7, 6), strict=True)
    ]
    for number in range(3):
        heard(make.person("Other", f"Somebody {number}"), ago=make.ago(hours=number))

    found = my_people(viewer=make.viewer(), most=2, long_list=3, newest=3)

    assert [one.person for one in found.people] == [people[3], people[2]]
    assert (found.total, found.changed, found.more) == (4, 0, False)


def test_what_is_said_of_an_alias_stands_with_the_person_they_became():
    kept = mine("Kept", heard_at=make.ago(hours=1))
    alias = make.person("Hargreaves", "Alias", nhs_number="")
    patient = make.patient(alias, make.source("acute"), local_id="alias")
    make.resource(
        patient, make.visit("2026-11-05T08:00:00Z", words="Visit after a fall"), received_at=make.ago(hours=1)
    )
    Person.objects.filter(pk=alias.pk).update(merged_into=kept)

    found = my_people(viewer=make.viewer())

    assert Link.objects.get(patient=patient).person_id == alias.pk
    assert [[change.title for change in one.changes] for one in found.people] == [["Visit after a fall"]]


@pytest.mark.parametrize("seal", ["sealed", "locked"])
def test_what_somebody_closed_is_no_news_of_theirs(seal):
    person = mine("Margaret", heard_at=make.ago(hours=1))
    visit = make.visit("2026-11-05T08:00:00Z", words="Visit after a fall")
    row = make.resource(person.links.get().patient, visit, received_at=make.ago(hours=1))
    shown = [[change.title for change in one.changes] for one in my_people(viewer=make.viewer()).people]
    told = {"starts_on": make.TODAY, "made_at": make.AT, "made_by": by().id}
    PersonSeal.objects.create(person=person, thing=row.thing, seal=seal, **told)

    closed = [[change.title for change in one.changes] for one in my_people(viewer=make.viewer()).people]

    assert (shown, closed) == ([["Visit after a fall"]], [[]])
