"""What people say of who is who: the same, different, not sure; a person split; and all of it taken back.

A decision is about two people, so it is kept as a label on every pair of patients across them: whoever works the
partition out again, from the labels, comes to the same people. Where the machine would part the patients of one side
because of what was said of the other, it is said of that side too that it is one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from locality.base import NotFound, Overtaken, Refused, Viewer
from locality.journal.actions import line, log_rows, tell
from locality.journal.models import News
from locality.people.actions.faces import refresh_faces
from locality.people.actions.linking import link_again
from locality.people.actions.merging import came_from, merge_people, one_at_a_time, undo_merge
from locality.people.models import Label, Link, Merge, Pair, Person
from locality.people.queries.decisions import labels_across, sides_of, told_together
from locality.people.queries.review import apart_for_good, mark_of
from locality.people.queries.same_person import people_of_patients, same_person
from locality.people.rules import Moved

ANSWERS = ("same", "different", "unsure")
LONGEST_REASON = 1000
METHOD_SPLIT = "split"

NO_REASON = "Say why, so that the next reader can judge: nothing was decided."
LONG_REASON = f"The reason is longer than {LONGEST_REASON:,} letters: nothing was decided."
NO_ANSWER = "Choose the same person, different people, or not sure: nothing was decided."
CHOOSE_WHO_LEAVES = "Choose the records that leave: at least one of this person's, and not all of them."
NOT_THERE = "There is no such pair here."
NEVER_TOGETHER = "These two records are kept apart for good. They cannot be made one person here."
SAID_DIFFERENT = (
    "Somebody has said of records of these two that they are different people. Take that decision back first, or "
    "split off the record that is with the wrong person."
)
CHANGED_SINCE = (
    "This pair has changed since you looked at it: somebody decided, or a sender said something new. "
    "Read what is so now, and decide again."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What was said, and which patients moved because of it."""

    labels: tuple[Label, ...]
    moves: tuple[Moved, ...]


@transaction.atomic
def say(*, pair: Pair, answer: str, reason: str, by: Viewer, seen: str = "") -> Decided:
    """Say of two patients that they are the same person, different people, or that it cannot be told yet.

    `same` makes their two people one, the older kept; `different` keeps them apart for good, and parts them when they
    are one person now; `unsure` leaves the pair waiting. `seen` is the mark of the pair as it was looked at: raises
    Overtaken when it is another by now. Raises Refused without a reason.
    """
    _need(reason, answer=answer)
    one_at_a_time()
    row = Pair.objects.get(pk=pair.pk)
    people = people_of_patients([row.first_id, row.second_id])
    if len(people) < 2 or apart_for_good(set(people.values())):
        raise NotFound(NOT_THERE)
    if seen and seen != mark_of(row):
        raise Overtaken(CHANGED_SINCE)
    one, other = people[row.first_id], people[row.second_id]
    if answer == "different" and one == other:
        return split(person=same_person(one)[0], patients=[_newer(row)], reason=reason, by=by)
    _write_down(f"identity.{answer}", {one, other}, about=row.pk, reason=reason, by=by)
    if answer == "same":
        return _join(one, other, pair=(row.first_id, row.second_id), reason=reason, by=by)
    if answer == "unsure":
        return Decided(labels=_label([(row.first_id, row.second_id)], answer, reason, by=by), moves=())
    return _keep_apart([_held(one), _held(other)], (), reason=reason, by=by)


@transaction.atomic
def join(*, person: Person, other: Person, reason: str, by: Viewer) -> Decided:
    """Say by hand that two people are one; the older is kept. Raises Refused where they may not be joined."""
    _need(reason)
    one_at_a_time()
    one, two = same_person(person.pk)[0].pk, same_person(other.pk)[0].pk
    if one == two:
        raise Refused("These two are already one person.")
    if apart_for_good({one, two}):
        raise Refused(NEVER_TOGETHER)
    _write_down("identity.same", {one, two}, about=None, reason=reason, by=by)
    return _join(one, two, reason=reason, by=by)


@transaction.atomic
def split(*, person: Person, patients: Sequence[UUID], reason: str, by: Viewer) -> Decided:
    """Let some of a person's patients leave to a person of their own, never rejoined by the machine.

    They go back to the alias they came from when they are all that came from it, so that what was written for it is
    theirs again. Raises Refused unless some leave and some stay.
    """
    _need(reason)
    one_at_a_time()
    kept = same_person(person.pk)[0]
    held, leaving = _held(kept.pk), set(patients)
    if not leaving or not leaving < held:
        raise Refused(CHOOSE_WHO_LEAVES)
    moves = _part(kept, leaving, reason=reason, by=by)
    _write_down("identity.split", {kept.pk, moves[0].now}, about=None, reason=reason, by=by)
    return _keep_apart([leaving, held - leaving], moves, reason=reason, by=by)


@transaction.atomic
def take_back(*, label: Label, by: Viewer) -> Decided:
    """Take a decision back: its labels are withdrawn, its merge or split undone, and the pair is asked again.

    What the decision had replaced holds again. Raises Refused when it has been taken back already.
    """
    one_at_a_time()
    found = Label.objects.get(pk=label.pk)
    if found.withdrawn_at is not None:
        raise Refused("This decision has already been taken back.")
    labels = told_together(found)
    patients = list(_patients(labels))
    before = people_of_patients(patients)
    Label.objects.filter(pk__in=[one.pk for one in labels]).update(withdrawn_at=by.at, withdrawn_by=by.id)
    _undo_moves(found, labels, by=by)
    _restore(found, labels)
    moves = _settle(labels, _moves(before, people_of_patients(patients)), by=by)
    _as_old_as_before(labels)
    about = set(before.values()) | {move.now for move in moves}
    _write_down("identity.taken-back", about, about=found.pk, reason="", by=by)
    return Decided(labels=tuple(labels), moves=moves)


def _need(reason: str, *, answer: str = "same") -> None:
    if answer not in ANSWERS:
        raise Refused(NO_ANSWER)
    if not reason.strip():
        raise Refused(NO_REASON)
    if len(reason) > LONGEST_REASON:
        raise Refused(LONG_REASON)


def _patients(labels: Iterable[Label]) -> set[UUID]:
    return {patient for one in labels for patient in (one.first_id, one.second_id)}


def _held(person: UUID) -> set[UUID]:
    return set(Link.objects.filter(person=person, ended_at=None).values_list("patient_id", flat=True))


def _newer(pair: Pair) -> UUID:
    """Of two patients of one person, the one that came to them last."""
    links = Link.objects.filter(patient__in=[pair.first_id, pair.second_id], ended_at=None)
    return links.order_by("-linked_at", "-id").values_list("patient_id", flat=True)[0]


Two = tuple[UUID, UUID]


def _across(some: Iterable[UUID], others: Iterable[UUID]) -> list[Two]:
    return sorted((min(one, other), max(one, other)) for one in some for other in others)


def _label(pairs: Sequence[Two], answer: str, reason: str, *, by: Viewer) -> tuple[Label, ...]:
    """Say it of each pair, in place of what was said of it before."""
    labels_across(pairs).update(withdrawn_at=by.at, withdrawn_by=by.id)
    asked = _asked_since(pairs)
    new = [
        Label(
            first_id=first,
            second_id=second,
            answer=answer,
            reason=reason,
            said_at=by.at,
            said_by=by.id,
            asked_at=asked.get((first, second)),
        )
        for first, second in pairs
    ]
    return tuple(Label.objects.bulk_create(new, batch_size=1000))


def _asked_since(pairs: Sequence[Two]) -> dict[Two, datetime | None]:
    first, second = ([two[side] for two in pairs] for side in (0, 1))
    rows = Pair.objects.filter(first__in=first, second__in=second).values_list("first_id", "second_id", "asked_at")
    return {(one, other): asked_at for one, other, asked_at in rows}


def _join(one: UUID, other: UUID, *, reason: str, by: Viewer, pair: Two | None = None) -> Decided:
    """One person of two. A `different` on the very pair that is asked is replaced; on another it stands in the way."""
    if one == other:
        return Decided(labels=_label([pair] if pair else [], "same", reason, by=by), moves=())
    pairs = _across(_held(one), _held(other))
    if labels_across([two for two in pairs if two != pair]).filter(answer="different").exists():
        raise Refused(SAID_DIFFERENT)
    patients = list({patient for two in pairs for patient in two})
    before = people_of_patients(patients)
    labels = _label(pairs, "same", reason, by=by)
    kept, alias = Person.objects.filter(pk__in=[one, other]).order_by("made_at", "id")
    merge_people(kept=kept, alias=alias, reason=reason, by=by)
    moves = _moves(before, people_of_patients(patients))
    return Decided(labels=labels, moves=_settle(labels, moves, by=by))


class _Parted(Exception):  # noqa: N818 -- never leaves this file
    """The machine would part the patients of one side."""


def _keep_apart(sides: Sequence[set[UUID]], moves: Sequence[Moved], *, reason: str, by: Viewer) -> Decided:
    """Say of two people that they are two, and, where the machine would part one of them for it, that each is one."""
    labels = _label(_across(*sides), "different", reason, by=by)
    try:
        with transaction.atomic():
            settled = _settle(labels, moves, by=by)
            meant = {move.patient: move.now for move in moves}
            if any(meant.get(move.patient) != move.now for move in settled if move.patient in set().union(*sides)):
                raise _Parted
    except _Parted:
        labels += _label([two for side in sides for two in combinations(sorted(side), 2)], "same", reason, by=by)
        settled = _settle(labels, moves, by=by)
    return Decided(labels=labels, moves=settled)


def _part(kept: Person, leaving: set[UUID], *, reason: str, by: Viewer) -> tuple[Moved, ...]:
    before = people_of_patients(list(leaving))
    came = came_from(person=kept.pk, patients=leaving)
    if came is not None:
        undo_merge(merge=came, by=by)
    else:
        new = Person.objects.create(made_at=by.at)
        _relink(leaving, to=new.pk, reason=reason, by=by)
        refresh_faces(people=[kept.pk, new.pk])
    return _moves(before, people_of_patients(list(leaving)))


def _relink(patients: set[UUID], *, to: UUID, reason: str, by: Viewer) -> None:
    links = list(Link.objects.filter(patient__in=patients, ended_at=None))
    ended = {"ended_at": by.at, "ended_by": by.id, "ended_reason": reason}
    Link.objects.filter(pk__in=[one.pk for one in links]).update(**ended)
    Link.objects.bulk_create(
        Link(
            patient_id=one.patient_id,
            person_id=to,
            method=METHOD_SPLIT,
            evidence={},
            linked_at=by.at,
            linked_by_kind=by.kind,
            linked_by=by.id,
        )
        for one in links
    )


def _undo_moves(label: Label, labels: Sequence[Label], *, by: Viewer) -> None:
    """Undo the merge that came with a `same`; after a `different`, those who were split off come back."""
    if label.answer == "same":
        merge = _merge_of(label, labels)
        if merge is not None:
            undo_merge(merge=merge, by=by)
    if label.answer == "different":
        for was, now in _split_by(label, labels):
            merge_people(kept=was, alias=now, reason="The split was taken back.", by=by)


def _merge_of(label: Label, labels: Sequence[Label]) -> Merge | None:
    """The merge by which the two sides of a decision are one person: its own, or one that took its place since."""
    one, other = sides_of([(said.first_id, said.second_id) for said in labels])
    for merge in Merge.objects.filter(merged_at=label.said_at, merged_by=label.said_by):
        brought = set(Link.objects.filter(pk__in=merge.moved).values_list("patient_id", flat=True))
        if not brought or not brought <= {*one, *other}:
            continue
        if merge.undone_at is None:
            return merge
        # it was undone by a split, and the split was taken back by a merge of its own
        person = people_of_patients([one[0]])[one[0]]
        return came_from(person=person, patients=one) or came_from(person=person, patients=other)
    return None


def _split_by(label: Label, labels: Sequence[Label]) -> list[tuple[Person, Person]]:
    """The people, before and after, of a split that came with this decision; nothing when nobody moved."""
    patients = _patients(labels)
    mine = Q(ended_at=label.said_at, ended_by=label.said_by)
    left = dict(Link.objects.filter(mine, patient__in=patients).values_list("patient_id", "person_id"))
    theirs = Link.objects.filter(patient__in=left, linked_at=label.said_at, linked_by=label.said_by, ended_at=None)
    roads = {(left[patient], person) for patient, person in theirs.values_list("patient_id", "person_id")}
    found = [(same_person(was)[0], same_person(now)[0]) for was, now in sorted(roads)]
    return [(was, now) for was, now in found if was.pk != now.pk]


def _restore(label: Label, labels: Sequence[Label]) -> None:
    """What this decision had replaced on the same pairs is said again."""
    about = {(one.first_id, one.second_id) for one in labels}
    gone = Label.objects.filter(withdrawn_at=label.said_at, withdrawn_by=label.said_by)
    back = [one.pk for one in gone if (one.first_id, one.second_id) in about]
    Label.objects.filter(pk__in=back).update(withdrawn_at=None, withdrawn_by=None)


def _settle(labels: Iterable[Label], moves: Sequence[Moved], *, by: Viewer) -> tuple[Moved, ...]:
    """Work out again all who hang together with these, now that this has been said; returns everybody who moved."""
    tell([News(at=by.at, what="patient.linked", patient_id=move.patient, person_id=move.now) for move in moves])
    found = {move.patient: move for move in moves}
    for later in link_again(patients=_patients(labels), by=by).moves:
        was = found[later.patient].was if later.patient in found else later.was
        found[later.patient] = Moved(patient=later.patient, was=was, now=later.now)
    return tuple(move for move in found.values() if move.was != move.now)


def _as_old_as_before(labels: Sequence[Label]) -> None:
    """A pair that waits again has waited since it was first asked about, not since it was decided wrongly."""
    for label in labels:
        if label.asked_at is not None:
            waits = Pair.objects.filter(first=label.first_id, second=label.second_id, asked_at__isnull=False)
            waits.update(asked_at=label.asked_at)


def _moves(before: dict[UUID, UUID], now: dict[UUID, UUID]) -> tuple[Moved, ...]:
    return tuple(
        Moved(patient=patient, was=was, now=now[patient])
        for patient, was in sorted(before.items())
        if now[patient] != was
    )


def _write_down(what: str, people: set[UUID], *, about: UUID | None, reason: str, by: Viewer) -> None:
    log_rows([line(what=what, by=by, person=person, about=about, reason=reason) for person in sorted(people)])
