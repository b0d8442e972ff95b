"""People decide who is who: what they say moves links, is kept for good, and can be taken back whole."""

from datetime import timedelta
from itertools import combinations
from uuid import UUID

import pytest

from locality.base import NotFound, Overtaken, Refused
from locality.journal.models import Event
from locality.people import queries
from locality.people.actions import deciding
from locality.people.actions.deciding import Decided
from locality.people.models import Label, Link, Merge, Pair, Patient, Person
from locality.people.queries.decisions import decisions, pace
from locality.people.queries.review import mark_of
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

WHY = "The same number on the hospital's letter"


def desmond(**later: float):
    """The custodian, so much later than the tests' own moment."""
    return make.viewer("identity_custodian", given="Desmond", at=make.AT + timedelta(**later))


def somebody(*codes: str, days: int = 100, family: str = "Hargreaves") -> list[Patient]:
    """One person, made so many days ago, as each of these sources knows them; the machine has joined them."""
    row = make.person(family, "Peg", made_at=make.ago(days=days), nhs_number="")
    patients = [make.patient(row, make.source(code)) for code in codes]
    for one, other in combinations(patients, 2):
        make.pair(one, other, state="match", weight=9.5, probability=0.998, asked_at=None)
    return patients


def whose(*patients: Patient) -> list[UUID]:
    found = queries.people_of_patients([one.pk for one in patients])
    return [found[one.pk] for one in patients]


def living() -> dict[UUID, UUID]:
    """Whom every patient is linked to now."""
    return dict(Link.objects.filter(ended_at=None).values_list("patient_id", "person_id"))


def said() -> list[tuple[set[UUID], str]]:
    """What holds, pair by pair."""
    rows = Label.objects.filter(withdrawn_at=None).order_by("first_id", "second_id")
    return [({one.first_id, one.second_id}, one.answer) for one in rows]


def said_of(one: Patient, other: Patient) -> str:
    return next((answer for pair, answer in said() if pair == {one.pk, other.pk}), "")


def answered(answer: str, one: Patient, other: Patient, **later: float) -> Decided:
    pair = Pair.objects.filter(first__in=[one, other], second__in=[one, other]).first() or make.pair(one, other)
    return deciding.say(pair=pair, answer=answer, reason=WHY, by=desmond(**later))


# ---- the same


def test_the_same_makes_one_person_and_keeps_the_older():
    (young,), (old,) = somebody("gp", days=5), somebody("acute", days=9)
    older = whose(old)[0]

    answered("same", young, old)

    assert whose(young, old) == [older, older]


def test_the_same_is_said_of_every_record_of_the_two_so_that_the_machine_agrees_with_itself():
    one, other = somebody("gp", "acute"), somebody("social-care", "circle")

    answered("same", one[0], other[0])

    across = [{a.pk, b.pk} for a in one for b in other]
    assert sorted(map(sorted, across)) == sorted(sorted(pair) for pair, answer in said() if answer == "same")


def test_whoever_moved_is_told_to_the_caller():
    (young,), (old,) = somebody("gp", days=5), somebody("acute", days=9)
    was, now = whose(young, old)

    moves = answered("same", young, old).moves

    assert [(move.patient, move.was, move.now) for move in moves] == [(young.pk, was, now)]


def test_the_same_is_refused_while_it_stands_that_others_of_the_two_are_different():
    one, other = somebody("gp", "acute"), somebody("circle")
    make.label(one[1], other[0], "different")
    before = living()

    with pytest.raises(Refused, match="Take that decision back first"):
        answered("same", one[0], other[0])

    assert (living(), [answer for _, answer in said()]) == (before, ["different"])


def test_the_same_takes_the_place_of_a_different_on_the_very_pair():
    (one,), (other,) = somebody("gp"), somebody("acute")
    make.label(one, other, "different")

    answered("same", one, other)

    assert said() == [({one.pk, other.pk}, "same")]


# ---- different, and not sure


def test_different_keeps_the_two_apart_and_moves_nobody():
    one, other = somebody("gp", "acute"), somebody("circle")
    before = living()

    moves = answered("different", one[0], other[0]).moves

    assert (living(), moves) == (before, ())
    assert {answer for _, answer in said()} == {"different"}
    assert len(said()) == 2


def test_different_said_of_one_person_parts_them():
    older, newer = somebody("gp", "acute")
    Link.objects.filter(patient=newer).update(linked_at=make.ago(days=1))
    was = whose(older)[0]

    answered("different", older, newer)

    stays, leaves = whose(older, newer)
    assert (stays, leaves != was) == (was, True)
    assert said() == [({older.pk, newer.pk}, "different")]


def test_not_sure_leaves_the_pair_waiting_and_moves_nobody():
    (one,), (other,) = somebody("gp"), somebody("acute")
    before = living()

    answered("unsure", one, other)

    assert (living(), said()) == (before, [({one.pk, other.pk}, "unsure")])
    assert Pair.objects.get().asked_at is not None


def test_not_sure_can_be_decided_later():
    (one,), (other,) = somebody("gp"), somebody("acute")
    pair = make.pair(one, other)
    deciding.say(pair=pair, answer="unsure", reason=WHY, by=desmond())

    deciding.say(pair=pair, answer="different", reason=WHY, by=desmond(days=1))

    assert said() == [({one.pk, other.pk}, "different")]


@pytest.mark.parametrize(("answer", "reason"), [("same", " "), ("perhaps", WHY), ("same", "x" * 1001)])
def test_an_answer_needs_to_be_one_and_to_have_a_reason(answer, reason):
    (one,), (other,) = somebody("gp"), somebody("acute")
    pair = make.pair(one, other)

    with pytest.raises(Refused, match="nothing was decided"):
        deciding.say(pair=pair, answer=answer, reason=reason, by=desmond())

    assert said() == []


def test_a_decision_is_in_the_audit_of_both_people():
    (one,), (other,) = somebody("gp"), somebody("acute")
    people = whose(one, other)

    answered("different", one, other)

    lines = Event.objects.filter(what="identity.different").values_list("person_id", "reason", "by_id")
    assert sorted(lines) == sorted((person, WHY, desmond().id) for person in people)


# ---- two at once


def test_whoever_decides_second_is_told_that_somebody_was_first():
    (one,), (other,) = somebody("gp"), somebody("acute")
    pair = make.pair(one, other)
    seen = mark_of(pair)
    deciding.say(pair=pair, answer="different", reason=WHY, by=desmond(), seen=seen)

    with pytest.raises(Overtaken, match="changed since you looked"):
        deciding.say(pair=pair, answer="same", reason=WHY, by=desmond(minutes=1), seen=seen)

    assert said() == [({one.pk, other.pk}, "different")]


@pytest.mark.parametrize("change", ["a record comes", "the words change"])
def test_a_pair_that_changed_meanwhile_must_be_read_again(change):
    (one,), (other,) = somebody("gp"), somebody("acute")
    pair = make.pair(one, other)
    seen = mark_of(pair)
    if change == "a record comes":
        make.patient(Person.objects.get(pk=whose(one)[0]), make.source("circle"))
    else:
        Pair.objects.update(compared_at=make.AT)

    with pytest.raises(Overtaken):
        deciding.say(pair=pair, answer="same", reason=WHY, by=desmond(), seen=seen)


# ---- kept apart for good


def test_an_earlier_identity_is_never_decided_about():
    (one,), (other,) = somebody("gp"), somebody("acute")
    now, earlier = (Person.objects.get(pk=person) for person in whose(one, other))
    make.earlier_identity(now, earlier)

    with pytest.raises(NotFound):
        answered("same", one, other)
    with pytest.raises(Refused, match="kept apart"):
        deciding.join(person=now, other=earlier, reason=WHY, by=desmond())


def test_an_earlier_identity_stays_one_when_its_person_has_become_an_alias():
    (one,), (other,), (third,) = somebody("gp"), somebody("acute", days=50), somebody("circle", days=200)
    now, earlier = (Person.objects.get(pk=person) for person in whose(one, other))
    make.earlier_identity(now, earlier)
    answered("same", one, third)

    with pytest.raises(NotFound):
        answered("same", third, other)


# ---- by hand


def test_two_people_are_joined_by_hand_and_stay_so():
    (one,), (other,) = somebody("gp", days=9), somebody("acute", days=5)
    kept, alias = (Person.objects.get(pk=person) for person in whose(one, other))

    deciding.join(person=alias, other=kept, reason=WHY, by=desmond())

    assert whose(one, other) == [kept.pk, kept.pk]
    assert said() == [({one.pk, other.pk}, "same")]


def test_nobody_is_joined_with_themselves():
    (one,) = somebody("gp")
    person = Person.objects.get(pk=whose(one)[0])

    with pytest.raises(Refused, match="already one person"):
        deciding.join(person=person, other=person, reason=WHY, by=desmond())


# ---- a split


def split(patients: list[Patient], *leaving: Patient, **later: float) -> Decided:
    person = Person.objects.get(pk=whose(patients[0])[0])
    return deciding.split(person=person, patients=[one.pk for one in leaving], reason=WHY, by=desmond(**later))


def test_those_who_leave_go_to_a_person_of_their_own_and_the_rest_stay():
    gp, acute, circle = patients = somebody("gp", "acute", "circle")
    was = whose(gp)[0]

    split(patients, acute, circle)

    stays, left, with_it = whose(gp, acute, circle)
    assert (stays, left == with_it, left != was) == (was, True, True)


def test_a_split_is_remembered_of_every_pair_it_parted():
    gp, acute, circle = patients = somebody("gp", "acute", "circle")

    split(patients, circle)

    assert [said_of(stays, circle) for stays in (gp, acute)] == ["different", "different"]


def test_a_side_that_the_machine_would_part_for_it_is_said_to_be_one():
    gp, acute, circle = patients = somebody("gp", "acute", "circle")

    split(patients, acute, circle)

    # the practice's record is as likely as each other's: between them the machine would not choose
    assert said_of(acute, circle) == "same"


def test_different_parts_neither_of_the_two():
    one, other = somebody("gp", "acute"), somebody("circle", "social-care")
    for mine in one:
        for theirs in other:
            make.pair(mine, theirs, weight=9.4, probability=0.99)
    before = living()

    answered("different", one[0], other[0])

    assert living() == before


def test_both_get_the_face_of_what_is_linked_to_them():
    gp, acute = patients = somebody("gp", "acute")
    Patient.objects.filter(pk=acute.pk).update(family="Zielinski")

    split(patients, acute)

    faces = {row.pk: row.family for row in Person.objects.all()}
    assert [faces[person] for person in whose(gp, acute)] == ["Hargreaves", "Zielinski"]


def test_those_who_came_by_a_merge_go_back_to_whom_they_came_from():
    (one,), (other,) = somebody("gp", days=9), somebody("acute", days=5)
    was = whose(other)[0]
    answered("same", one, other)

    split([one, other], other, days=1)

    assert whose(other) == [was]
    assert Person.objects.get(pk=was).merged_into_id is None


@pytest.mark.parametrize("which", [[], [0, 1]])
def test_some_leave_and_some_stay(which):
    patients = somebody("gp", "acute")

    with pytest.raises(Refused, match="Choose the records that leave"):
        split(patients, *(patients[at] for at in which))


def test_nobody_elses_record_can_leave():
    patients, (stranger,) = somebody("gp", "acute"), somebody("circle")

    with pytest.raises(Refused, match="Choose the records that leave"):
        split(patients, stranger)


# ---- taken back


def back(**later: float) -> Decided:
    label = Label.objects.filter(withdrawn_at=None).order_by("-said_at", "id").first()
    return deciding.take_back(label=label, by=desmond(**({"days": 2} | later)))


def test_the_same_taken_back_parts_them_again_as_they_were():
    one, other = somebody("gp", "acute", days=9), somebody("circle", days=5)
    before = living()
    answered("same", one[0], other[0])

    back()

    assert (living(), said()) == (before, [])
    assert Person.objects.filter(merged_into=None).count() == 2


def test_different_taken_back_is_said_no_more():
    one, other = somebody("gp", "acute"), somebody("circle")
    answered("different", one[0], other[0])

    back()

    assert said() == []


def test_a_split_taken_back_joins_them_again():
    patients = somebody("gp", "acute", "circle")
    before = living()
    split(patients, patients[2])

    moves = back().moves

    assert (living(), said()) == (before, [])
    assert [move.patient for move in moves] == [patients[2].pk]


def test_a_split_taken_back_leaves_what_was_written_for_the_new_person_findable():
    patients = somebody("gp", "acute")
    was = whose(patients[0])[0]
    split(patients, patients[1])
    new = whose(patients[1])[0]

    back()

    assert [row.pk for row in queries.same_person(new)] == [was, new]


def test_what_a_decision_replaced_holds_again_when_it_is_taken_back():
    (one,), (other,) = somebody("gp", days=9), somebody("acute", days=5)
    answered("same", one, other)
    merged = living()
    split([one, other], other, days=1)

    back()

    assert (living(), said()) == (merged, [({one.pk, other.pk}, "same")])


def test_decisions_are_taken_back_one_after_the_other():
    (one,), (other,) = somebody("gp", days=9), somebody("acute", days=5)
    before = living()
    answered("same", one, other)
    split([one, other], other, days=1)

    back(days=2)
    back(days=3)

    assert (living(), said()) == (before, [])


def test_only_this_decision_is_taken_back_and_nobody_elses():
    (one,), (other,), (third,) = somebody("gp"), somebody("acute"), somebody("circle")
    answered("different", one, other)
    answered("different", one, third, hours=1)

    back()

    assert said() == [({one.pk, other.pk}, "different")]


def test_a_decision_is_taken_back_once():
    (one,), (other,) = somebody("gp"), somebody("acute")
    (label,) = answered("different", one, other).labels
    deciding.take_back(label=label, by=desmond(hours=1))

    with pytest.raises(Refused, match="already been taken back"):
        deciding.take_back(label=label, by=desmond(hours=2))


def test_a_pair_whose_decision_was_taken_back_waits_again_as_long_as_before():
    (one,), (other,) = somebody("gp"), somebody("acute")
    answered("different", one, other)

    back()

    assert Pair.objects.get().asked_at == make.ago(days=3)


def test_a_pair_of_which_nothing_remembers_since_when_it_waited_waits_from_now():
    (one,), (other,) = somebody("gp"), somebody("acute")
    make.pair(one, other, asked_at=None)
    answered("different", one, other)

    back(days=2)

    assert Pair.objects.get().asked_at == make.AT + timedelta(days=2)


# ---- what was decided


def test_a_decision_is_one_line_however_many_records_it_is_about():
    one, other = somebody("gp", "acute"), somebody("circle", "social-care")
    answered("same", one[0], other[0])

    found = decisions(most=10)

    (line,) = found.rows
    sides = sorted([{patient.pk for patient in line.one}, {patient.pk for patient in line.other}], key=sorted)
    assert found.total == 1
    assert (line.answer, line.reason, line.said_by_name) == ("same", WHY, "Desmond Fielding")
    assert sides == sorted([{patient.pk for patient in one}, {patient.pk for patient in other}], key=sorted)


def test_what_was_taken_back_stays_in_the_list_and_says_by_whom():
    (one,), (other,) = somebody("gp"), somebody("acute")
    answered("different", one, other)
    back()

    (line,) = decisions(most=10).rows

    assert (line.withdrawn_at, line.withdrawn_by_name) == (make.AT + timedelta(days=2), "Desmond Fielding")


def test_decisions_come_newest_first_in_pages():
    patients = [somebody("gp")[0], *(somebody(code)[0] for code in ("acute", "circle", "social-care"))]
    for hours, other in enumerate(patients[1:]):
        answered("different", patients[0], other, hours=hours)

    first, second = decisions(most=2), decisions(most=2, after=2)

    assert [first.total, len(first.rows), len(second.rows)] == [3, 2, 1]
    assert first.rows[0].said_at == make.AT + timedelta(hours=2)


def test_a_decision_about_an_earlier_identity_is_not_shown():
    (one,), (other,) = somebody("gp"), somebody("acute")
    answered("different", one, other)
    make.earlier_identity(*(Person.objects.get(pk=person) for person in whose(one, other)))

    assert decisions(most=10).rows == ()


def test_the_pace_counts_decisions_and_says_how_long_half_of_them_waited():
    patients = [somebody("gp")[0], *(somebody(code)[0] for code in ("acute", "circle", "social-care"))]
    for waited, other in zip((1, 2, 9), patients[1:], strict=True):
        pair = make.pair(patients[0], other, asked_at=make.ago(days=waited))
        deciding.say(pair=pair, answer="different", reason=f"{WHY} {waited}", by=desmond())

    found = pace(at=make.AT + timedelta(days=8))

    assert (found.in_7_days, found.in_30_days, found.median) == (0, 3, timedelta(days=2))


def test_not_sure_and_what_was_taken_back_are_no_decisions_to_count():
    (one,), (other,), (third,) = somebody("gp"), somebody("acute"), somebody("circle")
    answered("unsure", one, other)
    answered("different", one, third, hours=1)
    back(hours=2, days=0)

    found = pace(at=make.AT + timedelta(days=1))

    assert (found.in_30_days, found.median) == (0, None)


def test_every_merge_that_is_taken_back_is_undone_once():
    (one,), (other,) = somebody("gp", days=9), somebody("acute", days=5)
    answered("same", one, other)
    back()

    assert [merge.undone_at for merge in Merge.objects.all()] == [make.AT + timedelta(days=2)]
