"""Measuring linkage in the database: against labels, against what people decided, and kept for the page."""

from datetime import timedelta

import pytest

from locality.base import Refused
from locality.base.ids import new_id
from locality.journal.models import Event
from locality.methods.linkage_figures import Truth
from locality.people.actions.quality import keep_quality
from locality.people.models import Label, Link, Pair, Patient, Person
from locality.people.queries import quality
from tests import factories as make

pytestmark = pytest.mark.django_db


def patient_of(person: Person, source: str, local_id: str) -> Patient:
    row = Patient.objects.create(
        id=new_id(), source=make.source(source), local_id=local_id, said_at=make.AT, family="Hargreaves"
    )
    Link.objects.create(
        patient=row, person=person, method="test", linked_at=make.AT, linked_by_kind="system", linked_by=new_id()
    )
    return row


def somebody() -> Person:
    return Person.objects.create(made_at=make.AT)


def pair(one: Patient, other: Patient, **other_words) -> Pair:
    first, second = sorted((one, other), key=lambda row: row.id)
    told = {"weight": 9.0, "probability": 0.97, "levels": [], "state": "match", "compared_at": make.AT}
    return Pair.objects.create(first=first, second=second, **(told | other_words))


def label(of: Pair, answer: str, **other) -> Label:
    told = {"reason": "seen", "said_at": make.AT, "said_by": new_id(), "asked_at": make.ago(hours=30)}
    return Label.objects.create(first=of.first, second=of.second, answer=answer, **(told | other))


def truth(**people: str) -> Truth:
    """Who patients are: `gp_1="Peggy"` says it of the practice's patient 1."""
    named = {tuple(name.split("_")): person for name, person in people.items()}
    return Truth(origin="borough", people=named, groups={person: {"Age": "80 and over"} for person in people.values()})


def test_links_are_held_against_the_truth():
    peggy, alone = somebody(), somebody()
    gp, acute = patient_of(peggy, "gp", "1"), patient_of(peggy, "acute", "1")
    council = patient_of(alone, "social-care", "1")
    patient_of(peggy, "circle", "1")  # Stan's, wrongly hers
    pair(gp, council, state="possible", probability=0.9, asked_at=make.ago(days=9))
    pair(gp, acute)

    told = quality.against(
        truth(**{"gp_1": "Peggy", "acute_1": "Peggy", "social-care_1": "Peggy", "circle_1": "Stan"}), at=make.AT
    )

    whole = told.figures["overall"]
    assert (told.patients, told.figures["people"], told.figures["not_here"]) == (4, 2, 0)
    assert [(whole[name]["count"], whole[name]["of"]) for name in ("precision", "recall", "reached")] == [
        (1, 3),
        (1, 3),
        (3, 3),
    ]
    assert [(band["from"], band["so"]["count"], band["so"]["of"]) for band in told.figures["calibration"]] == [
        (0.9, 1, 1),
        (0.95, 1, 1),
    ]


def test_labels_of_patients_who_are_not_here_are_counted():
    patient_of(somebody(), "gp", "1")

    told = quality.against(truth(gp_1="Peggy", gp_2="Peggy", acute_7="Stan"), at=make.AT)

    assert (told.patients, told.figures["not_here"]) == (1, 2)


def test_labels_of_nobody_here_are_refused_with_what_to_do():
    with pytest.raises(Refused, match="names a source by its code in the pack"):
        quality.against(truth(gp_1="Peggy"), at=make.AT)


def test_an_ended_link_counts_for_nothing():
    peggy = somebody()
    patient_of(peggy, "gp", "1")
    moved = patient_of(peggy, "acute", "1")
    Link.objects.filter(patient=moved).update(ended_at=make.AT, ended_by=new_id())
    Link.objects.create(
        patient=moved, person=somebody(), method="test", linked_at=make.AT, linked_by_kind="system", linked_by=new_id()
    )

    told = quality.against(truth(gp_1="Peggy", acute_1="Stan"), at=make.AT)

    assert told.figures["overall"]["precision"]["of"] == 0


def test_the_queue_is_told_by_age_as_two_people_each():
    peggy, other, third = somebody(), somebody(), somebody()
    gp, acute = patient_of(peggy, "gp", "1"), patient_of(peggy, "acute", "1")
    council, circle = patient_of(other, "social-care", "1"), patient_of(third, "circle", "1")
    pair(gp, council, asked_at=make.ago(days=30))
    pair(acute, council, asked_at=make.ago(days=3))  # the same two people
    pair(gp, circle, asked_at=make.ago(days=3))
    label(pair(acute, circle, asked_at=make.ago(days=99)), "different")  # decided

    queue = quality.against(truth(gp_1="Peggy"), at=make.AT).figures["queue"]

    assert (queue["waiting"], queue["oldest"]) == (2, make.ago(days=30).isoformat())
    assert [(one["words"], one["count"]) for one in queue["ages"]] == [
        ("less than 7 days", 1),
        ("7 to 27 days", 0),
        ("28 to 90 days", 1),
        ("91 days or more", 0),
    ]


def test_what_people_decided_tells_how_right_the_machine_was_about_it():
    rows = [patient_of(somebody(), "gp", str(number)) for number in range(6)]
    label(pair(rows[0], rows[1], state="possible", probability=0.9), "same")
    label(pair(rows[0], rows[2], state="possible", probability=0.9), "different", asked_at=make.ago(hours=2))
    label(pair(rows[2], rows[3], state="match"), "same", withdrawn_at=make.AT, withdrawn_by=new_id())
    label(pair(rows[3], rows[4]), "unsure")
    label(pair(rows[4], rows[5]), "different", asked_at=None)  # nobody was asked: it followed from another

    told = quality.by_reviewed_pairs(at=make.AT)

    (possible,) = told.figures["states"]
    assert (possible["state"], possible["same"]["count"], possible["same"]["of"]) == ("possible", 1, 2)
    assert told.figures["deciding"] == {
        "same": 1,
        "different": 1,
        "unsure": 1,
        "half_within_hours": 30.0,
        "nine_in_ten_within_hours": 30.0,
    }
    assert told.patients == 3


def test_with_nothing_decided_there_is_nothing_to_measure_against():
    with pytest.raises(Refused, match="no pair has been decided"):
        quality.by_reviewed_pairs(at=make.AT)


def test_a_measure_is_kept_with_its_date_and_audited():
    patient_of(somebody(), "gp", "1")
    measured = quality.against(truth(gp_1="Peggy"), at=make.AT)

    kept = keep_quality(measured=measured, by=make.viewer())

    assert quality.latest() == [kept]
    assert (kept.measured_at, kept.origin, kept.patients, kept.model) == (make.AT, "borough", 1, None)
    assert Event.objects.get(what="linkage.measured").about_id == kept.pk


def test_the_last_measure_of_each_origin_is_shown_and_the_earlier_ones_after_it():
    patient_of(somebody(), "gp", "1")
    measured = quality.against(truth(gp_1="Peggy"), at=make.AT)
    first, second = (
        keep_quality(measured=measured, by=make.viewer(at=make.AT + timedelta(days=days))) for days in (0, 1)
    )

    assert (quality.latest(), quality.measured_before(second, most=5)) == ([second], [first])
