"""An NHS number is corrected: the right one is believed, the old one kept and marked, both records ask to be read."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from locality.access.actions import find
from locality.base import Refused, Viewer, system
from locality.journal.models import Event
from locality.people.actions import receive_patients
from locality.people.actions.numbers import corrected, settled, withdrawn
from locality.people.models import Identifier, NumberCorrection, Patient, Person
from locality.people.queries import doubts, people_of_patients
from locality.people.rules import NHS_NUMBER_SYSTEM, PatientSent
from locality.record.intake.pds import read_answer
from tests import factories as make
from tests.intake.test_pds import FOLDER, SUPERSEDED, SUPERSEDING

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

BORN = date(1942, 3, 14)
OLD, NEW, OTHER = make.PEGGY_NUMBER, make.STAN_NUMBER, "9990000042"
PDS = "Personal Demographics Service, asked 5 Nov 2026"


def by(minutes: int = 0) -> Viewer:
    return system(at=make.AT + timedelta(minutes=minutes))


def sent(code: str, *numbers: str, minutes: int = 0, **other) -> PatientSent:
    told = {"family": "Hargreaves", "given": "Margaret", "birth_on": BORN, "birth_text": BORN.isoformat()}
    told |= {"sex": "female", "said_at": by(minutes).at, "local_id": "1"}
    identifiers = tuple((NHS_NUMBER_SYSTEM, number) for number in numbers)
    return PatientSent(source=make.source(code).pk, identifiers=identifiers, **(told | other))


# the same number at two organisations, and nothing else that tells one Margaret from another
def received(*patients: PatientSent, minutes: int = 0) -> list[UUID]:
    people = receive_patients(sent=patients, by=by(minutes))
    return [people[one.id] for one in patients]


def people(*codes: str) -> list[UUID]:
    held = {row.source.code: row.pk for row in Patient.objects.select_related("source")}
    now = people_of_patients(list(held.values()))
    return [now[held[code]] for code in codes]


def numbers(code: str) -> dict[str, str]:
    rows = Identifier.objects.filter(patient__source__code=code, system=NHS_NUMBER_SYSTEM)
    return dict(rows.values_list("value", "nhs_state"))


def believed(code: str) -> str:
    return Patient.objects.get(source__code=code).nhs_number


def superseded(was: str = OLD, now: str = NEW, minutes: int = 5) -> NumberCorrection:
    return corrected(was=was, now=now, kind="superseded", provenance=PDS, by=by(minutes))


def test_the_new_number_is_believed_and_the_old_one_kept_with_where_it_is_said():
    received(sent("gp", OLD))

    row = superseded()

    assert (row.was, row.now, row.provenance, row.said_at) == (OLD, NEW, PDS, by(5).at)
    assert (believed("gp"), numbers("gp")) == (NEW, {OLD: "superseded", NEW: "valid"})
    assert Person.objects.get().nhs_number == NEW


def test_whoever_held_the_new_number_is_found_to_be_the_same():
    received(sent("gp", OLD, given="Peggy"), sent("acute", NEW, given="Margaret"))
    before = people("gp", "acute")

    superseded()

    now = people("gp", "acute")
    assert (len(set(before)), len(set(now))) == (2, 1)


def test_a_source_that_goes_on_sending_the_old_number_is_corrected_each_time():
    received(sent("gp", OLD))
    superseded()

    received(sent("gp", OLD, minutes=9, phone="0161 496 0101"), sent("acute", OLD, minutes=9), minutes=9)

    assert (believed("gp"), believed("acute")) == (NEW, NEW)
    assert numbers("acute") == {OLD: "superseded", NEW: "valid"}
    assert len(set(people("gp", "acute"))) == 1


def test_a_number_superseded_twice_ends_at_the_last():
    received(sent("gp", OLD))
    superseded(OLD, NEW)

    superseded(NEW, OTHER, minutes=6)

    assert (believed("gp"), numbers("gp")) == (OTHER, {OLD: "superseded", NEW: "superseded", OTHER: "valid"})


def test_corrections_in_a_ring_end_in_no_number():
    received(sent("gp", OLD))
    NumberCorrection.objects.bulk_create(
        NumberCorrection(was=was, now=now, kind="superseded", provenance=PDS, said_at=make.AT, said_by=by().id)
        for was, now in [(OLD, NEW), (NEW, OTHER), (OTHER, OLD)]
    )

    received(sent("gp", OLD, minutes=9, phone="1"), minutes=9)

    assert believed("gp") == ""


def test_a_number_that_was_made_invalid_is_nobodys():
    received(sent("gp", OLD))

    corrected(was=OLD, now="", kind="void", provenance=PDS, by=by(5))

    assert (believed("gp"), numbers("gp"), Person.objects.get().nhs_number) == ("", {OLD: "void"}, "")


def test_a_number_that_was_anothers_is_taken_from_the_one_patient_and_left_with_the_other():
    """The hospital wrote Peggy's number on her neighbour, and the two were one person here."""
    received(sent("gp", OLD), sent("acute", OLD))
    before = people("gp", "acute")
    hospital = Patient.objects.get(source__code="acute")

    corrected(was=OLD, now=NEW, kind="another's", provenance="Ward clerk, by telephone", patient=hospital, by=by(5))

    assert (believed("gp"), believed("acute")) == (OLD, NEW)
    assert numbers("acute") == {OLD: "another's", NEW: "valid"}
    assert len(set(before)) == 1
    received(sent("community", OLD, minutes=6), minutes=6)
    assert believed("community") == OLD


def test_the_other_persons_number_no_longer_finds_the_wrong_one():
    received(sent("gp", OLD), sent("acute", OLD, family="Pickersgill", birth_on=date(1970, 1, 9), given="Laura"))
    wrong = Patient.objects.get(source__code="acute")
    corrected(was=OLD, now="", kind="another's", provenance="Ward clerk", patient=wrong, by=by(5))

    found = find(words=OLD, born=None, by=make.viewer()).found

    assert [one.given for one in found] == ["Margaret"]


def test_an_old_number_on_a_letter_still_finds_them():
    received(sent("gp", OLD))
    superseded()

    found = {words: [one.given for one in find(words=words, born=None, by=make.viewer()).found] for words in (OLD, NEW)}

    assert found == {OLD: ["Margaret"], NEW: ["Margaret"]}


def test_a_new_number_is_given_to_somebody_who_had_none():
    received(sent("gp"))
    baby = Patient.objects.get()

    corrected(was="", now=NEW, kind="given", provenance=PDS, patient=baby, by=by(5))
    received(sent("gp", minutes=9, phone="1"), minutes=9)

    assert (believed("gp"), numbers("gp")) == (NEW, {NEW: "valid"})


def test_whom_the_service_restricts_has_a_protected_address_here():
    received(sent("gp", OLD))

    corrected(was=OLD, now="", kind="restricted", provenance=PDS, by=by(5))
    while_restricted = Person.objects.get().protected
    received(sent("acute", OLD, minutes=9), minutes=9)

    assert (while_restricted, Person.objects.get(merged_into=None).protected) == (True, True)
    assert (believed("gp"), numbers("gp")) == (OLD, {OLD: "valid"})


# ---- both records say so


def asks(person: UUID) -> list[str]:
    return [
        one.words for one in doubts(Person.objects.get(pk=person)) if "corrected" in one.words or "NHS" in one.words
    ]


def test_the_record_it_left_and_the_record_it_came_to_both_ask_to_be_looked_at():
    received(
        sent("gp", OLD), sent("acute", OLD), sent("community", NEW, family="Entwistle", given="Stanley", sex="male")
    )
    hospital = Patient.objects.get(source__code="acute")
    first, _, third = people("gp", "acute", "community")

    row = corrected(was=OLD, now=NEW, kind="another's", provenance="Ward clerk", patient=hospital, by=by(5))

    words = (
        "The NHS number ending 0018 was found to be another person's on 5 Nov 2026 (Ward clerk): "
        "check that this is one person and the right one."
    )
    for person in {first, third, *people("gp", "acute", "community")}:
        assert words in asks(person)
    settled(correction=row, by=by(7))
    assert [words in asks(person) for person in {first, third}] == [False, False]
    with pytest.raises(Refused, match="looked at this already"):
        settled(correction=row, by=by(8))


def test_somebody_with_another_number_is_not_asked_about():
    received(sent("gp", OLD), sent("acute", OTHER, family="Entwistle", given="Stanley", birth_on=date(1950, 1, 2)))
    superseded()

    assert asks(people("acute")[0]) == []


def test_it_stands_in_the_audit_of_both():
    received(sent("gp", OLD), sent("community", NEW, family="Entwistle", given="Stanley", birth_on=date(1950, 1, 2)))
    both = set(people("gp", "community"))

    row = superseded()

    told = Event.objects.filter(what="number.corrected").values_list("person_id", "about_id", "reason")
    assert both <= {person for person, _, _ in told}
    assert {(about, reason) for _, about, reason in told} == {(row.pk, PDS)}


# ---- said again, taken back, refused


def test_said_again_it_changes_nothing():
    received(sent("gp", OLD))
    first = superseded()

    assert superseded(minutes=8) == first
    assert (NumberCorrection.objects.count(), numbers("gp")) == (1, {OLD: "superseded", NEW: "valid"})


def test_said_otherwise_the_last_word_counts():
    received(sent("gp", OLD))
    first = superseded()

    second = superseded(OLD, OTHER, minutes=8)

    first.refresh_from_db()
    assert (first.withdrawn_at, second.withdrawn_at) == (by(8).at, None)
    assert (believed("gp"), numbers("gp")) == (OTHER, {OLD: "superseded", OTHER: "valid"})


@pytest.mark.parametrize("how", ["withdrawn", "the other way round"])
def test_taken_back_the_sender_is_believed_again(how):
    received(sent("gp", OLD), sent("acute", NEW, given="Peggy"))
    row = superseded()

    if how == "withdrawn":
        withdrawn(correction=row, by=by(8))
    else:
        superseded(NEW, OLD, minutes=8)

    assert (believed("gp"), numbers("gp")) == (OLD, {OLD: "valid"})
    assert (believed("acute"), numbers("acute")) == (NEW, {NEW: "valid"})
    assert NumberCorrection.objects.filter(withdrawn_at=None).count() == 0
    with pytest.raises(Refused, match="already been taken back"):
        withdrawn(correction=row, by=by(9))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"kind": "wrong"}, "what happened to the number"),
        ({"provenance": " "}, "who says so"),
        ({"now": ""}, "took its place"),
        ({"now": OLD}, "the same"),
        ({"was": "9990000019"}, "not a valid NHS number: 9990000019"),
        ({"was": ""}, "not a valid NHS number"),
        ({"now": "soon"}, "not a valid NHS number: soon"),
        ({"kind": "another's"}, "which source's patient"),
        ({"kind": "given", "was": ""}, "which source's patient"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_changed(said, words):
    received(sent("gp", OLD))

    with pytest.raises(Refused, match=words):
        corrected(**({"was": OLD, "now": NEW, "kind": "superseded", "provenance": PDS, "by": by(5)} | said))

    assert (NumberCorrection.objects.count(), believed("gp")) == (0, OLD)


def test_the_rest_of_the_patient_stays_as_it_was_sent():
    received(sent("gp", OLD, likes="Peggy", former_names=("Margaret Taylor",), address_lines=("7 Weaver's Fold",)))
    before = Patient.objects.values().get()

    superseded()

    after = Patient.objects.values().get()
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {"nhs_number", "keys", "compared_at"}


def test_an_answer_of_the_service_is_followed():
    """The whole road: the answer to a superseded number, read and written down."""
    received(sent("gp", SUPERSEDED))
    answer = read_answer(asked=SUPERSEDED, status=200, body=(FOLDER / "superseding.json").read_bytes())

    corrected(was=answer.asked, now=answer.now, kind=answer.standing, provenance=PDS, by=by(5))

    assert (believed("gp"), numbers("gp")) == (SUPERSEDING, {SUPERSEDED: "superseded", SUPERSEDING: "valid"})


def test_receiving_costs_one_query_more_and_no_more_for_many(django_assert_num_queries):
    from locality.people.queries.corrected import as_corrected

    received(sent("gp", OLD))
    superseded()
    many = [sent(code, OLD) for code in ("gp", "acute", "community")]
    none = [sent("gp", OTHER)]

    with django_assert_num_queries(1):
        as_corrected(none)
    with django_assert_num_queries(2):
        assert {one.nhs_number for one in as_corrected(many)} == {NEW}
