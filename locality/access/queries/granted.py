"""A grant, and the predicate that every guarded query starts from: computed from the rule, so the two cannot differ."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from django.db.models import Q

from locality.access.rules import (
    ANYBODY_ELSE,
    Answer,
    Context,
    DataClass,
    Factor,
    Kind,
    Label,
    Opening,
    Seal,
    Seen,
    every_kind,
    faceless,
)
from locality.base import Viewer
from locality.people.models import Person


@dataclass(frozen=True, slots=True)
class SealedBy:
    """The lines that the person themselves sealed in one way."""

    seal: Seal
    announced: bool
    things: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Leave to read one record now. Made by access.actions.open_record and nowhere else."""

    viewer: Viewer
    person: Person
    person_ids: tuple[UUID, ...]
    opening: Opening
    on: date
    looked_before_at: datetime | None
    sealed: tuple[SealedBy, ...] = ()
    override: UUID | None = None
    override_ends_at: datetime | None = None
    released: tuple[UUID, ...] = ()


def visible(grant: Grant) -> Q:
    """The predicate: which guarded rows this grant may show, whole or redacted. Hidden rows look absent."""
    return _rows(grant, _is_shown)


def withheld(grant: Grant) -> Q:
    """Rows whose existence may be told but not their content: kept back by a mark alone, in a class that opens.

    Only the allergy panel asks, for safety: an allergy kept back must never read as none recorded.
    """
    opens = sorted(grant.opening.whole | grant.opening.redacted)
    return Q(data_class__in=opens) & _rows(grant, _is_kept_back)


def told_of(grant: Grant) -> Q:
    """Rows of which only this may be told, that more is held and whom to ask."""
    return _rows(grant, _is_masked)


def tells_of_more(grant: Grant) -> bool:
    """Whether there is any kind of row of which this grant may only tell that more is held: mostly there is none."""
    return told_of(grant) != NOTHING


def redacts(grant: Grant, data_class: str) -> bool:
    """Whether rows of this class show their line without what opens below it."""
    return DataClass(data_class) in grant.opening.redacted


def rows_of(*, viewer: Viewer, context: Context) -> Q:
    """The same predicate without a grant, for lists over many people whose rows all open in this context."""
    return _compiled(faceless(viewer), context, _is_shown, Seal.NONE, False)


# ---- from the rule to SQL

Wanted = Callable[[Seen], bool]
# what somebody closed, and what breaking the glass or asking may open: never what may not even be told of
KEPT_BACK = (Factor.LABEL, Factor.SEAL, Factor.DISSENT)
# no class of row is called so; an empty list of classes could not be written as SQL
NOTHING = Q(data_class="")


def _is_shown(seen: Seen) -> bool:
    return seen.answer >= Answer.REDACT


def _is_masked(seen: Seen) -> bool:
    return seen.answer == Answer.MASK


def _is_kept_back(seen: Seen) -> bool:
    return seen.ceiling == Answer.ASK and seen.factor in KEPT_BACK


def _rows(grant: Grant, wanted: Wanted) -> Q:
    viewer, context = faceless(grant.viewer), grant.opening.context
    found = _compiled(viewer, context, wanted, Seal.NONE, False)
    if grant.sealed:
        found &= ~Q(thing__in=[thing for one in grant.sealed for thing in one.things])
    for one in grant.sealed:
        found |= Q(thing__in=one.things) & _compiled(viewer, context, wanted, one.seal, one.announced)
    if grant.released:
        # last, since what somebody sealed is no seal to themselves
        found |= Q(pk__in=grant.released) & _compiled(viewer, context, wanted, Seal.NONE, False, True)
    return found


@lru_cache(maxsize=5000)
def _compiled(
    viewer: Viewer, context: Context, wanted: Wanted, seal: Seal, announced: bool, released: bool = False
) -> Q:
    """The kinds of row that are wanted, as one condition on the guarded columns."""
    asked = every_kind(viewer=viewer, context=context, seal=seal, announced=announced, released=released)
    return compact([kind for kind, seen in asked.items() if wanted(seen)], among={kind.sender for kind in asked})


Mark = tuple[DataClass, Label, Seal]


def compact(wanted: Iterable[Kind], *, among: Iterable[UUID]) -> Q:
    """A short condition that holds for exactly these kinds of row; `among` are the senders that are told apart."""
    by_sender: dict[UUID, set[Mark]] = {sender: set() for sender in among}
    for kind in wanted:
        by_sender[kind.sender].add(kind[:3])
    named = sorted(by_sender.keys() - {ANYBODY_ELSE})
    # first what holds whoever sent it, which is most
    everywhere = set.intersection(*by_sender.values())
    parts = [*_rectangles(everywhere)]
    parts += [Q(sender=sender) & part for sender in named for part in _rectangles(by_sender[sender] - everywhere)]
    others = by_sender[ANYBODY_ELSE] - everywhere
    parts += [~Q(sender__in=named) & part for part in _rectangles(others)]
    found = NOTHING
    for number, part in enumerate(parts):
        found = part if number == 0 else found | part
    return found


def _rectangles(marks: set[Mark]) -> Iterator[Q]:
    """The same set as conditions on class, label and seal."""
    classes: dict[tuple[Label, Seal], frozenset[DataClass]] = {}
    for label, seal in {mark[1:] for mark in marks}:
        classes[label, seal] = frozenset(one for one in DataClass if (one, label, seal) in marks)
    for same, told in sorted(_grouped(classes).items(), key=str):
        labels: dict[Seal, frozenset[Label]] = {
            seal: frozenset(label for label, of in told if of == seal) for _, seal in told
        }
        for some, seals in sorted(_grouped(labels).items(), key=str):
            yield Q(data_class__in=sorted(same), label__in=sorted(some), seal__in=sorted(seals))


def _grouped(told: Mapping) -> dict:
    """What has the same value, together."""
    found: dict = {}
    for key, value in told.items():
        found.setdefault(value, []).append(key)
    return found
