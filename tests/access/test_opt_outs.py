"""The national data opt-out: every number that was asked about is accounted for, and care is never touched."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db.models.functions import Coalesce

from locality.access import actions
from locality.access.actions.opt_outs import (
    NOBODY,
    NOT_A_NUMBER,
    NOT_ASKED,
    NOTHING_ASKED,
    NOTHING_BACK,
    SAID,
    TWICE,
    receive_opt_outs,
)
from locality.access.models import Objection, ObjectionIntake, ObjectionRejected
from locality.access.queries import opted_out, visible_people
from locality.base import NoAccess, Refused, Viewer, system
from locality.journal.models import Event
from locality.people.models import Person
from locality.record import queries as record
from tests import factories as make

pytestmark = pytest.mark.django_db

PEGGY, STAN, OTHER = make.PEGGY_NUMBER, make.STAN_NUMBER, "9990000034"
BY = system(at=make.AT)


@pytest.fixture
def peggy() -> Person:
    row, (patient,) = make.peggy("gp")
    make.identifier(patient, PEGGY)
    return row


@pytest.fixture
def stan() -> Person:
    row = make.person("Wojcik", "Stanislaw", nhs_number=STAN)
    make.relationship(row)
    make.identifier(make.patient(row, make.source("gp")), STAN)
    return row


def counts(intake: ObjectionIntake) -> tuple[int, int, int, int]:
    return intake.received, intake.applied, intake.unchanged, intake.rejected


def used(by: Viewer = BY) -> set[Person]:
    people = Person.objects.annotate(kept=Coalesce("merged_into", "id"))
    return set(people.exclude(kept__in=opted_out(viewer=by)))


def test_whoever_is_missing_from_the_answer_has_opted_out(peggy, stan):
    intake = receive_opt_outs(asked=[f"{PEGGY},", f"{STAN},"], answer=[f"{STAN},"], by=BY)

    row = Objection.objects.get()
    assert counts(intake) == (2, 1, 1, 0)
    assert (row.person, row.kind, row.starts_on, row.ends_on, row.reason) == (
        peggy,
        "secondary_use",
        make.TODAY,
        None,
        SAID,
    )
    assert used() == {stan}
    assert list(Event.objects.filter(what="objection.made").values_list("person_id", flat=True)) == [peggy.pk]


def test_the_same_answer_again_changes_nothing(peggy, stan):
    receive_opt_outs(asked=[PEGGY, STAN], answer=[STAN], by=BY)

    again = receive_opt_outs(asked=[PEGGY, STAN], answer=[STAN], by=replace(BY, at=make.AT + timedelta(days=7)))

    assert counts(again) == (2, 0, 2, 0)
    assert Objection.objects.count() == 1


def test_whoever_comes_back_has_opted_in_again(peggy, stan):
    receive_opt_outs(asked=[PEGGY, STAN], answer=[STAN], by=BY)

    later = receive_opt_outs(asked=[PEGGY, STAN], answer=[STAN, PEGGY], by=replace(BY, at=make.AT + timedelta(days=7)))

    assert counts(later) == (2, 1, 1, 0)
    assert Objection.objects.get().ends_on == make.TODAY + timedelta(days=7)
    assert used(replace(BY, at=make.AT + timedelta(days=7))) == {peggy, stan}
    assert used() == {stan}


def test_an_objection_that_was_said_here_is_not_taken_back_by_the_answer(peggy):
    told = {"kind": "secondary_use", "starts_on": make.TODAY, "made_at": make.AT, "made_by": BY.id}
    Objection.objects.create(person=peggy, reason="She told her nurse", **told)

    intake = receive_opt_outs(asked=[PEGGY], answer=[PEGGY], by=BY)

    assert counts(intake) == (1, 0, 1, 0)
    assert used() == set()


def test_what_cannot_be_applied_is_kept_with_its_line_and_reason(peggy):
    asked = ["nhs_number", PEGGY, "999 000 0019,", PEGGY, "", OTHER]

    intake = receive_opt_outs(asked=asked, answer=[PEGGY, STAN], by=BY)

    assert counts(intake) == (6, 0, 1, 5)
    assert list(ObjectionRejected.objects.order_by("line").values_list("line", "nhs_number", "reason")) == [
        (1, "nhs_number", NOT_A_NUMBER),
        (3, "9990000019", NOT_A_NUMBER),
        (4, PEGGY, TWICE),
        (6, OTHER, NOBODY),
        (8, STAN, NOT_ASKED),
    ]


@pytest.mark.parametrize(("asked", "answer", "why"), [([], [], NOTHING_ASKED), ([PEGGY], [], NOTHING_BACK)])
def test_an_empty_file_is_no_answer(peggy, asked, answer, why):
    with pytest.raises(Refused) as told:
        receive_opt_outs(asked=asked, answer=answer, by=BY)

    assert (str(told.value), Objection.objects.count(), ObjectionIntake.objects.count()) == (why, 0, 0)


def test_that_everybody_opted_out_has_to_be_said(peggy):
    intake = receive_opt_outs(asked=[PEGGY], answer=[], everybody=True, by=BY)

    assert (counts(intake), used()) == ((1, 1, 0, 0), set())


def test_whoever_was_joined_to_somebody_who_objects_is_left_out_too(peggy):
    receive_opt_outs(asked=[PEGGY], answer=[], everybody=True, by=BY)
    kept = make.person("Hargreaves", "Peg")
    Person.objects.filter(pk=peggy.pk).update(merged_into=kept)

    assert used() == set()


def test_a_number_that_two_people_hold_counts_for_both(peggy, stan):
    make.identifier(make.patient(stan, make.source("acute")), PEGGY)

    intake = receive_opt_outs(asked=[PEGGY], answer=[], everybody=True, by=BY)

    assert (counts(intake), used()) == ((1, 1, 0, 0), set())


def test_a_nurse_does_not_take_in_objections(peggy):
    with pytest.raises(NoAccess):
        receive_opt_outs(asked=[PEGGY], answer=[PEGGY], by=make.viewer())


def test_care_sees_no_difference(peggy, stan):
    """The opt-out is for planning and research: whoever looks after her finds, lists and opens her as before."""

    def seen() -> tuple:
        nurse = make.viewer()
        found = actions.find(words="hargreaves", born=None, by=nurse).found
        grant = make.opened(peggy, nurse)
        known = record.summary(grant=grant, at=make.AT)
        lists = set(visible_people(viewer=nurse, on=make.TODAY))
        lines = record.timeline(grant=grant, at=make.AT)
        return found, grant.opening, known, lists, lines

    patient = make.Patient.objects.get(nhs_number=PEGGY)
    make.resource(patient, make.allergy())
    seen()  # the first look is new; from then on only what is held differs
    before = seen()

    receive_opt_outs(asked=[PEGGY, STAN], answer=[STAN], by=BY)

    assert seen() == before
    assert used() == {stan}
