"""What somebody sealed, and what others sent of whoever objects, is on no list of a team, as no record shows it."""

import pytest

from locality.access.actions import open_record
from locality.access.models import Objection, PersonSeal
from locality.neighbourhoods.queries import inbox, tasks
from locality.people.actions.merging import merge_people
from tests import factories as make
from tests.neighbourhoods.work import alert, known, task

pytestmark = pytest.mark.django_db


def marked(model, person, **other):
    by = make.viewer().id
    return model.objects.create(person=person, starts_on=make.TODAY, made_at=make.AT, made_by=by, reason="-", **other)


def objects(person, **other):
    return marked(Objection, person, kind="sharing", **other)


def work_of_two(person) -> None:
    """The hospital's work and the team's own organisation's, of one person."""
    for code in ("SHT", "RSB"):
        sender = make.organisation(code).pk
        task(person, sender=sender, title=f"Asked by {code}")
        alert(person, sender=sender, words=f"Told by {code}", once=code)


def listed(viewer=None) -> tuple[list[str], list[str]]:
    viewer = viewer or make.viewer()
    found = inbox.told(viewer=viewer), tasks.to_do(viewer=viewer)
    return sorted(one.words for one in found[0]), sorted(one.title for one in found[1])


def test_what_another_organisation_sent_of_whoever_objects_is_on_no_list_and_ones_own_work_stays():
    peggy = known()
    work_of_two(peggy)
    before = listed()

    objects(peggy)

    assert before == (["Told by RSB", "Told by SHT"], ["Asked by RSB", "Asked by SHT"])
    assert listed() == (["Told by RSB"], ["Asked by RSB"])


def test_a_list_and_the_open_record_show_the_same_of_whoever_objects():
    peggy = known()
    work_of_two(peggy)
    objects(peggy)
    council = make.viewer(given="Carl", organisation=make.organisation("council").pk)

    grant = open_record(person_id=peggy.pk, by=council)

    assert [one.title for one in tasks.of_person(grant=grant)] == listed(council)[1] == []


def test_an_objection_to_one_organisation_keeps_back_what_that_sent_alone():
    peggy = known()
    work_of_two(peggy)

    objects(peggy, organisation=make.organisation("council"))
    all_of_it = listed()
    objects(peggy, organisation=make.organisation("SHT"))

    assert len(all_of_it[0]) == len(all_of_it[1]) == 2
    assert listed() == (["Told by RSB"], ["Asked by RSB"])


def test_an_objection_said_of_an_alias_is_said_of_the_person():
    peggy, margret = known(), known(make.person("Hargreave", "Margret"))
    work_of_two(peggy)
    merge_people(kept=peggy, alias=margret, reason="The same", by=make.viewer())

    objects(margret)

    assert listed() == (["Told by RSB"], ["Asked by RSB"])


def test_what_somebody_sealed_themselves_is_on_no_list():
    peggy = known()
    row = task(peggy)
    task(peggy, title="Look at her feet")

    marked(PersonSeal, peggy, thing=row.pk, seal="sealed")

    assert listed()[1] == ["Look at her feet"]


def test_what_is_about_nobody_is_objected_to_by_nobody():
    objects(known())

    task(None, title="Order gloves", sender=make.organisation("SHT").pk)

    assert listed()[1] == ["Order gloves"]
