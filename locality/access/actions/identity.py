"""The identity custodian's ways: the queue of doubts, a pair, a person; deciding, splitting, joining, taking back.

Nobody else comes in, and whomever a page shows is written down. Reasons to know a person that a source asserted go
with its patients; those that people gave stay with the person they gave them for.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from locality.access.actions.finding import show
from locality.access.actions.opening import refuse_conflict
from locality.access.actions.relating import follow_patients
from locality.access.models import Relationship
from locality.access.rules import may_decide_identity
from locality.base import NoAccess, NotFound, Overtaken, Refused, Viewer
from locality.base.periods import day_of
from locality.journal.actions import line, log_rows
from locality.people.actions import deciding
from locality.people.actions.deciding import Decided
from locality.people.models import Label, Link, Pair
from locality.people.queries import decisions as told
from locality.people.queries import review, same_person, side_by_side
from locality.people.queries.decisions import Decisions, Pace
from locality.people.queries.review import Queue, Waiting, Wanted
from locality.people.queries.side_by_side import Identity, Record, Reviewed

NOT_YOURS = "The role you signed in with does not decide who is who. The identity custodian does."
NO_DECISION = "There is no such decision here."
PERSON_OPENED = "identity.person-opened"
NO_OTHER = "There is no such person here, or they are this very person."


# ---- looking


@transaction.atomic
def queue(*, wanted: Wanted, at_stake: Sequence[UUID], most: int, by: Viewer, after: int = 0) -> Queue:
    """The doubts that wait, riskiest and oldest first; everybody shown is written down as shown."""
    _may(by)
    found = review.queue(wanted=wanted, at_stake=at_stake, at=by.at, most=most, after=after)
    people = dict.fromkeys(who.person for row in found.rows for who in (row.one, row.other))
    show(people_ids=list(people), what="identity.listed", by=by)
    return found


def next_pair(*, wanted: Wanted, at_stake: Sequence[UUID], but: UUID, by: Viewer) -> UUID | None:
    """The first pair of the queue besides the one just decided; nothing of anybody is shown."""
    _may(by)
    found = review.queue(wanted=wanted, at_stake=at_stake, at=by.at, most=2)
    return next((row.pair for row in found.rows if row.pair != but), None)


def pace(*, by: Viewer) -> Pace:
    """How many doubts were decided lately, and how long they had waited."""
    _may(by)
    return told.pace(at=by.at)


@transaction.atomic
def open_pair(*, pair_id: UUID, by: Viewer) -> Reviewed:
    """One pair, side by side; written down as a look at both people."""
    _may(by)
    found = side_by_side.reviewed(pair_id, at=by.at)
    looked_at = {found.one.person, found.other.person}
    refuse_conflict(looked_at, by=by)
    _looked("identity.pair-opened", looked_at, about=pair_id, by=by)
    _named_beside(found.others, but=looked_at, by=by)
    return found


@transaction.atomic
def open_identity(*, person_id: UUID, by: Viewer, what: str = PERSON_OPENED, beside: bool = True) -> Identity:
    """What makes one person one; written down as a look at them, and at those whom their page names `beside`."""
    _may(by)
    found = side_by_side.identity_of(person_id, at=by.at)
    refuse_conflict({found.person.pk}, by=by)
    _looked(what, {found.person.pk}, by=by)
    if what == PERSON_OPENED and beside:
        # who a record went to, and who was parted again, stand on the page beside those in doubt
        gone = {one.person for one in found.ended if one.person} | {one.alias for one in found.joined if one.undone_at}
        _named_beside(found.doubts, also=gone, but={found.person.pk}, by=by)
    return found


@transaction.atomic
def decisions(*, most: int, by: Viewer, after: int = 0, patients: Sequence[UUID] | None = None) -> Decisions:
    """What was decided, newest first; everybody shown is written down as shown."""
    _may(by)
    found = told.decisions(most=most, after=after, patients=patients)
    people = dict.fromkeys(person for row in found.rows for person in row.people)
    show(people_ids=list(people), what="identity.decisions-listed", by=by)
    return found


@transaction.atomic
def list_parted(*, two_by_two: Sequence[tuple[UUID, UUID]], by: Viewer) -> list[bool]:
    """Which of these couples of parted people may be named together; those who are named are written down as shown."""
    _may(by)
    apart = review.all_apart()
    may = [frozenset(two) not in apart for two in two_by_two]
    people = dict.fromkeys(one for two, shown in zip(two_by_two, may, strict=True) if shown for one in two)
    show(people_ids=list(people), what="identity.to-place-listed", by=by)
    return may


# ---- before it is done


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasons:
    """Why teams may know a person: how many reasons go with the patients that leave, and how many stay."""

    go: int
    stay: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a split would make of one person."""

    identity: Identity
    leaving: tuple[Record, ...]
    staying: tuple[Record, ...]
    reasons: Reasons


@transaction.atomic
def preview_split(*, person_id: UUID, patients: Sequence[UUID], by: Viewer) -> Preview:
    """What becomes of both sides when these patients leave. Raises Refused unless some leave and some stay."""
    found = open_identity(person_id=person_id, by=by, what="identity.split-looked-at")
    leaving = [one for one in found.records if one.id in set(patients)]
    staying = [one for one in found.records if one.id not in set(patients)]
    if not leaving or not staying:
        raise Refused(deciding.CHOOSE_WHO_LEAVES)
    return Preview(
        identity=found,
        leaving=tuple(leaving),
        staying=tuple(staying),
        reasons=_reasons(found, leaving, staying, by=by),
    )


def _reasons(found: Identity, leaving: Sequence[Record], staying: Sequence[Record], *, by: Viewer) -> Reasons:
    on = day_of(by.at)
    rows = Relationship.objects.filter(person__in=[row.pk for row in same_person(found.person.pk)])
    live = [row for row in rows if row.ends_on is None or row.ends_on > on]
    gone = {one.source_id for one in leaving} - {one.source_id for one in staying}
    go = sum(row.source_id in gone for row in live)
    return Reasons(go=go, stay=len(live) - go)


@transaction.atomic
def preview_join(*, person_id: UUID, other_id: UUID, by: Viewer) -> tuple[Identity, Identity]:
    """Two people who may be joined by hand. Raises Refused where they are one already, or must never be."""
    one = open_identity(person_id=person_id, by=by, what="identity.join-looked-at")
    other = open_identity(person_id=other_id, by=by, what="identity.join-looked-at")
    if one.person == other.person:
        raise Refused(NO_OTHER)
    if review.apart_for_good({one.person.pk, other.person.pk}):
        raise Refused(deciding.NEVER_TOGETHER)
    return one, other


# ---- doing


@transaction.atomic
def say(*, pair_id: UUID, answer: str, reason: str, seen: str, by: Viewer) -> Decided:
    """Say of a pair that it is one person, two, or that it cannot be told. Raises Overtaken when it changed since."""
    _may(by)
    pair = Pair.objects.filter(pk=pair_id).first()
    if pair is None:
        raise NotFound(side_by_side.NOT_THERE)
    refuse_conflict(_whose(pair), by=by)
    if not seen:
        raise Overtaken(deciding.CHANGED_SINCE)
    return _followed(deciding.say(pair=pair, answer=answer, reason=reason, by=by, seen=seen), by=by)


@transaction.atomic
def split(*, person_id: UUID, patients: Sequence[UUID], reason: str, by: Viewer) -> Decided:
    """Let some of a person's patients leave to a person of their own; remembered for good."""
    _may(by)
    person = same_person(person_id)[0]
    refuse_conflict({person.pk}, by=by)
    return _followed(deciding.split(person=person, patients=patients, reason=reason, by=by), by=by)


@transaction.atomic
def join(*, person_id: UUID, other_id: UUID, reason: str, by: Viewer) -> Decided:
    """Make two people one, by hand; remembered for good."""
    _may(by)
    one, other = same_person(person_id)[0], same_person(other_id)[0]
    refuse_conflict({one.pk, other.pk}, by=by)
    return _followed(deciding.join(person=one, other=other, reason=reason, by=by), by=by)


@transaction.atomic
def take_back(*, label_id: UUID, by: Viewer) -> Decided:
    """Undo a decision: what was said is withdrawn, and who moved goes back."""
    _may(by)
    label = Label.objects.filter(pk=label_id).first()
    if label is None or _hidden(label):
        raise NotFound(NO_DECISION)
    refuse_conflict(_whose(label), by=by)
    return _followed(deciding.take_back(label=label, by=by), by=by)


def _hidden(label: Label) -> bool:
    return review.apart_for_good(_whose(label))


def _whose(two: Pair | Label) -> set[UUID]:
    rows = Link.objects.filter(patient__in=[two.first_id, two.second_id], ended_at=None)
    return set(rows.values_list("person_id", flat=True))


def _followed(decided: Decided, *, by: Viewer) -> Decided:
    follow_patients(moves=decided.moves, by=by)
    return decided


def _may(by: Viewer) -> None:
    if not may_decide_identity(by):
        raise NoAccess(NOT_YOURS)


def _named_beside(doubts: Iterable[Waiting], *, but: set[UUID], by: Viewer, also: Collection[UUID] = ()) -> None:
    """Write down the others whom a page names as perhaps the same person."""
    people = {who.person for one in doubts for who in (one.one, one.other)}
    show(people_ids=sorted((people | set(also)) - but), what="identity.listed", by=by)


def _looked(what: str, people: Iterable[UUID], *, by: Viewer, about: UUID | None = None) -> None:
    log_rows([line(what=what, by=by, person=person, about=about) for person in sorted(people)])
