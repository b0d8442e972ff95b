"""What one viewer may see of one person: the rule asked of every kind of row there can be."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from itertools import product
from typing import NamedTuple
from uuid import UUID

from locality.access.rules.deciding import Context, Row, decide, obligations
from locality.access.rules.kinds import Action, Answer, DataClass, Factor, Label, Obligation, Relation, Right, Seal
from locality.base import SYSTEM_ID, Viewer

# stands for whichever organisation is not named: no organisation has this id
ANYBODY_ELSE = UUID(int=2**128 - 1)


class Kind(NamedTuple):
    """A kind of row: all that the rule can tell one row from another by."""

    data_class: DataClass
    label: Label
    seal: Seal
    sender: UUID


class Seen(NamedTuple):
    """What the rule answers for one kind of row."""

    answer: Answer
    factor: Factor | None
    ceiling: Answer


@dataclass(frozen=True, slots=True)
class Opening:
    """What one viewer may see of one person: by class for rows that carry no mark, and by every kind of row.

    `context` is what held when it was opened, `right` by which right it was, `obligations` what that obliges to,
    `closed` what closes each class that does not open.
    """

    relation: Relation
    whole: frozenset[DataClass]
    redacted: frozenset[DataClass]
    context: Context = Context()
    right: Right = Right.RELATION
    writes: bool = False
    writes_plan: bool = False
    obligations: frozenset[Obligation] = frozenset()
    closed: tuple[tuple[DataClass, Factor], ...] = ()

    def closed_by(self, data_class: DataClass) -> Factor | None:
        """What closes a class, where no row of it opens that carries no mark."""
        return dict(self.closed).get(data_class)

    @property
    def opens(self) -> bool:
        """Whether the record opens at all: its summary does; the name alone, or the lines of past work, do not."""
        return DataClass.SUM in self.whole | self.redacted


CLOSED = Opening(relation=Relation.NONE, whole=frozenset(), redacted=frozenset())


def opening(*, viewer: Viewer, context: Context) -> Opening:
    """What opens of a person's record to a viewer, and by which right."""
    return _opening(faceless(viewer), context)


@lru_cache(maxsize=5000)
def _opening(viewer: Viewer, context: Context) -> Opening:
    plain = [(kind, seen) for kind, seen in every_kind(viewer=viewer, context=context).items() if is_plain(kind)]
    # a class opens when anybody's rows of it do: those of one's own organisation stay open whoever objects
    most = {one: max((seen for kind, seen in plain if kind.data_class == one), key=_how_much) for one in DataClass}
    best = {one: seen.answer for one, seen in most.items()}
    return Opening(
        relation=context.relation,
        whole=frozenset(one for one, answer in best.items() if answer == Answer.PERMIT),
        redacted=frozenset(one for one, answer in best.items() if answer == Answer.REDACT),
        context=context,
        right=_right(viewer, context),
        writes=_writes(viewer, context),
        writes_plan=_writes(viewer, context, Action.WRITE_PLAN, DataClass.PLAN),
        obligations=obligations(context, lifted=context.override and lifts_anything(viewer=viewer, context=context)),
        closed=tuple((one, seen.factor) for one, seen in most.items() if seen.factor and seen.answer < Answer.REDACT),
    )


def _how_much(seen: Seen) -> Answer:
    return seen.answer


def is_plain(kind: Kind) -> bool:
    """Whether a kind of row carries neither label nor seal."""
    return kind.label == Label.NORMAL and kind.seal == Seal.NONE


def _right(viewer: Viewer, context: Context) -> Right:
    if context.relation in (Relation.SELF, Relation.PROXY):
        return Right.SELF if context.relation == Relation.SELF else Right.PROXY
    if not context.override:
        return Right.RELATION
    plain = Context(relation=context.relation)
    return Right.RELATION if opening(viewer=viewer, context=plain).opens else Right.OVERRIDE


def lifts_anything(*, viewer: Viewer, context: Context) -> bool:
    """Whether breaking the glass shows a viewer any kind of row that they would not see without."""
    broken = every_kind(viewer=viewer, context=replace(context, override=True))
    return broken != every_kind(viewer=viewer, context=replace(context, override=False))


def _writes(viewer: Viewer, context: Context, action: Action = Action.WRITE, of: DataClass = DataClass.WORK) -> bool:
    row = Row(of, sender=viewer.organisation)
    return decide(viewer=viewer, row=row, action=action, context=context).answer >= Answer.REDACT


def senders(*, viewer: Viewer, context: Context) -> tuple[UUID, ...]:
    """The organisations that the rule tells apart for a viewer, and whichever else there is."""
    if not (context.dissent or context.dissent_of):
        return (ANYBODY_ELSE,)
    own = {viewer.organisation} if viewer.organisation else set()
    return (*sorted(own | context.dissent_of), ANYBODY_ELSE)


def every_kind(
    *, viewer: Viewer, context: Context, seal: Seal = Seal.NONE, announced: bool = False, released: bool = False
) -> dict[Kind, Seen]:
    """What the rule answers for every kind of row there can be; `seal` is one that the person put on all of them.

    `released` asks it of rows that were released to the person.
    """
    return _kinds(faceless(viewer), context, seal, announced, released)


def classes_told(*, viewer: Viewer, context: Context) -> frozenset[DataClass]:
    """The classes of which anything may be told: shown, or that more is held, or that it may be asked for."""
    told = every_kind(viewer=viewer, context=context).items()
    return frozenset(kind.data_class for kind, seen in told if seen.ceiling > Answer.HIDE)


def faceless(viewer: Viewer) -> Viewer:
    """A viewer with nothing left but what the rule asks of one: equal for all to whom it answers the same."""
    return replace(
        viewer,
        id=SYSTEM_ID,
        name="",
        organisation_name="",
        teams=frozenset(),
        at=NO_TIME,
        acts_for=None,
        acts_for_name="",
    )


NO_TIME = datetime.min.replace(tzinfo=UTC)


@lru_cache(maxsize=5000)
def _kinds(viewer: Viewer, context: Context, seal: Seal, announced: bool, released: bool) -> dict[Kind, Seen]:
    return {kind: _seen(viewer, context, kind, seal, announced, released) for kind in _every(viewer, context)}


def _every(viewer: Viewer, context: Context) -> Iterator[Kind]:
    told = senders(viewer=viewer, context=context)
    return (Kind(*one) for one in product(DataClass, Label, Seal, told))


_TIGHTER = tuple(Seal)


def _seen(viewer: Viewer, context: Context, kind: Kind, seal: Seal, announced: bool, released: bool) -> Seen:
    tighter = max(kind.seal, seal, key=_TIGHTER.index)
    # whether a seal that the sender put may be announced, nobody said
    row = Row(kind.data_class, kind.label, tighter, kind.sender, announced and kind.seal == Seal.NONE, released)
    decision = decide(viewer=viewer, row=row, action=Action.READ, context=context)
    return Seen(decision.answer, decision.factor, decision.ceiling)
