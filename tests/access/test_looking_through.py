"""The journal of a place, looked through for unusual looking: the facts in one question, the result kept for review."""

from dataclasses import replace
from datetime import timedelta
from math import log2

import pytest

from locality.access.actions import open_record
from locality.access.actions.looking import look_through, review, summary
from locality.access.models import Conflict, Watch
from locality.access.queries import looking
from locality.base import NoAccess, system
from locality.journal.actions import log
from locality.journal.models import Event, UnusualLook, Upkeep
from locality.methods.unusual_looking import Looked, Why
from tests import factories as make

pytestmark = pytest.mark.django_db

DAY_AFTER = make.TODAY + timedelta(days=1)


def without_a_reason(person, by, **other) -> None:
    log(what="record.opened", by=by, person=person.pk, detail={"relation": "none", "right": "override"} | other)


def known(practitioner, person, kind="own_record") -> None:
    Conflict.objects.create(
        practitioner=practitioner,
        person=person,
        kind=kind,
        starts_on=make.ago(days=50).date(),
        made_at=make.ago(days=50),
        made_by=practitioner.pk,
    )


def officer():
    return make.viewer("privacy_officer", given="Priya", teams=frozenset())


def test_a_look_at_somebody_on_ones_own_caseload_is_explained():
    person, _ = make.peggy()
    by = make.viewer()
    make.member(make.practitioner(), make.team())
    open_record(person_id=person.pk, by=by)
    open_record(person_id=person.pk, by=by, what="timeline.opened")

    assert looking.looks(until=DAY_AFTER) == [
        Looked(
            by=by.id,
            person=person.pk,
            role="clinician",
            organisation=by.organisation,
            on=make.TODAY,
            why=Why.EXPLAINED,
            hours=frozenset({9}),
        )
    ]


def test_each_fact_is_told_of_the_look_it_is_about():
    joanne, ruth = make.practitioner(), make.practitioner("Ruth", "Adler")
    make.member(joanne, make.team())
    make.member(ruth, make.team())
    herself = make.person("Fielding", "Jo", address="1 The Row", postcode="ZZ1 2QX")
    husband = make.person("FIELDING", "Al", address="1 The row", postcode="ZZ1 2QX")
    neighbour = make.person("Platt", "Doreen", address="3 The Row", postcode="ZZ1 2QX", died=True)
    neighbour.died_on = make.ago(days=60).date()
    neighbour.save()
    colleague = make.person("Adler", "Ruthie", address="Elsewhere", postcode="ZZ9 9ZZ")
    hidden = make.person("Marsh", "Ida", address="4 The Row", postcode="ZZ1 2QX", protected=True)
    known(joanne, herself)
    known(joanne, husband, "family")
    known(ruth, colleague)
    Watch.objects.create(
        person=hidden,
        kind="public_figure",
        starts_on=make.ago(days=9).date(),
        made_at=make.ago(days=9),
        made_by=joanne.pk,
    )
    for person in (herself, husband, neighbour, colleague, hidden):
        without_a_reason(person, make.viewer())

    found = {one.person: one for one in looking.looks(until=DAY_AFTER)}

    def so(person) -> set[str]:
        names = ("own_record", "declared", "household", "street", "colleague", "watched")
        return {name for name in names if getattr(found[person.pk], name)}

    assert {person.given: so(person) for person in (herself, husband, neighbour, colleague, hidden)} == {
        "Jo": {"own_record"},
        "Al": {"declared", "household", "street"},
        "Doreen": {"street"},
        "Ruthie": {"colleague"},
        # where somebody with a protected address lives is not told by saying who lives near
        "Ida": {"watched"},
    }
    assert {one.why for one in found.values()} == {Why.UNEXPLAINED}
    assert found[neighbour.pk].dead_days == 60
    assert found[husband.pk].surname_rarity == round(-log2(2 / 5))
    assert found[colleague.pk].surname_rarity is None


def test_a_reason_that_has_ended_and_one_shared_with_a_whole_practice_are_told_apart():
    one, other = make.person("Hargreaves", "Margaret"), make.person("Platt", "Doreen")
    make.relationship(other, kind="registered_practice", organisation=make.organisation())
    log(what="record.opened", by=make.viewer(), person=one.pk, detail={"relation": "ended within 28 days"})
    open_record(person_id=other.pk, by=make.viewer())

    assert {look.person: look.why for look in looking.looks(until=DAY_AFTER)} == {
        one.pk: Why.ENDED,
        other.pk: Why.BROAD,
    }


def test_a_refused_look_is_a_look_without_a_reason_and_lists_and_machines_are_none():
    person = make.person()
    log(what="page.person", by=make.stranger(), person=person.pk, outcome="refused")
    log(what="home.shown", by=make.viewer(), person=person.pk)
    log(what="record.opened", by=system(at=make.AT), person=person.pk)

    assert [(look.by, look.why) for look in looking.looks(until=DAY_AFTER)] == [(make.stranger().id, Why.UNEXPLAINED)]


@pytest.mark.parametrize("many", [1, 3])
def test_the_facts_are_one_question_however_many_looked(many, django_assert_num_queries):
    for number in range(many):
        without_a_reason(make.person("Somebody", str(number)), make.viewer(given=("Ann", "Bea", "Cy")[number]))

    with django_assert_num_queries(1):
        assert len(looking.looks(until=DAY_AFTER)) == many


def a_place_with_one_who_should_not_have_looked():
    """A hundred ordinary looks, and Joanne at her own record and at a man of her name, at night."""
    people = [make.person("Somebody", str(number)) for number in range(60)]
    for number, person in enumerate(people):
        by = replace(make.viewer(given=("Ann", "Bea", "Cy")[number % 3]), at=make.ago(days=number % 20, hours=-2))
        make.member(make.practitioner(("Ann", "Bea", "Cy")[number]), make.team()) if number < 3 else None
        make.relationship(person)
        log(what="record.opened", by=by, person=person.pk, detail={"relation": "own team"})
    herself = make.person("Fielding", "Jo")
    known(make.practitioner(), herself)
    night = make.AT.replace(hour=2)
    without_a_reason(herself, make.viewer(at=night))
    return herself


def test_what_is_unusual_is_kept_once_with_its_reasons_for_the_privacy_officer():
    herself = a_place_with_one_who_should_not_have_looked()
    by = system(at=make.AT + timedelta(days=1))

    new = [look_through(until=DAY_AFTER, by=by), look_through(until=DAY_AFTER, by=by)]
    row = UnusualLook.objects.get()
    seen = summary(by=officer())

    assert new == [1, 0]
    assert (row.by_id, row.looked_on, [one["person"] for one in row.looks]) == (
        make.practitioner().pk,
        make.TODAY,
        [str(herself.pk)],
    )
    assert {words.split(" (")[0] for words in row.looks[0]["reasons"]} >= {
        "it is their own record",
        "no relationship was on the books",
    }
    assert [(one.row.pk, one.whom[0].name) for one in seen.unusual] == [(row.pk, "FIELDING, Jo")]
    assert Upkeep.objects.filter(kind="looked through").count() == 2


def test_a_review_says_who_and_when_is_on_the_books_and_takes_it_off_the_list():
    a_place_with_one_who_should_not_have_looked()
    look_through(until=DAY_AFTER, by=system(at=make.AT + timedelta(days=1)))
    row = UnusualLook.objects.get()

    review(look_id=row.pk, verdict="asked", words="She says it was by mistake.", by=officer())

    row.refresh_from_db()
    assert (row.verdict, row.reviewed_by, row.reviewed_at) == ("asked", officer().id, make.AT)
    assert summary(by=officer()).unusual == ()
    assert Event.objects.filter(what="looked.reviewed", about_id=row.pk).count() == len(row.looks)


@pytest.mark.parametrize("role", ["clinician", "administrator", "safeguarding_lead", "identity_custodian"])
def test_nobody_but_the_privacy_officer_reads_the_audit_of_others(role):
    with pytest.raises(NoAccess):
        summary(by=make.viewer(role))
