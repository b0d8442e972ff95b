"""The one rule: how much of one row a viewer may see, as the lowest of what every fact allows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from locality.access.rules.kinds import (
    PERSON,
    PROXY,
    Action,
    Answer,
    DataClass,
    Factor,
    Label,
    Obligation,
    Relation,
    Seal,
)
from locality.access.rules.tables import BY_MARK, BY_RELATION, BY_ROLE, TABLES
from locality.base import Purpose, Viewer, ViewerKind


class Row(NamedTuple):
    """What the rule needs to know of a row.

    `announced`: the person wants it told that something is sealed. `released`: somebody read it whole and decided that
    the person may see it, which holds for nobody else.
    """

    data_class: DataClass
    label: Label = Label.NORMAL
    seal: Seal = Seal.NONE
    sender: UUID | None = None
    announced: bool = False
    released: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What holds now between a viewer and a person, besides the row.

    `dissent` from sharing what any other organisation sent, `dissent_of` from what these sent. `override`: the viewer
    has broken the glass. `asks_second_factor`: this place asks everybody for one. `kept_from_proxy`: classes that were
    kept from this one who acts for the person.
    """

    relation: Relation = Relation.NONE
    override: bool = False
    dissent: bool = False
    dissent_of: frozenset[UUID] = frozenset()
    protected: bool = False
    address_granted: bool = False
    conflict: bool = False
    deceased: bool = False
    in_scope: bool = True
    asks_second_factor: bool = False
    watched: bool = False
    kept_from_proxy: frozenset[DataClass] = frozenset()


class Decision(NamedTuple):
    """How much may be seen, what kept the rest back (nothing where nothing did), and what it obliges to.

    `ceiling` is the lowest ceiling, before it was settled who may ask and who may be told that more is held.
    """

    answer: Answer
    factor: Factor | None
    obligations: frozenset[Obligation]
    ceiling: Answer


PERMIT, HIDE = Answer.PERMIT, Answer.HIDE
Ceiling = Callable[[Viewer, Row, Action, Context], Answer]


def role_of(viewer: Viewer) -> str:
    """The row of the table of roles that a viewer stands in; nobody stands in the person's by naming a role so."""
    if viewer.kind == ViewerKind.PRACTITIONER:
        return "" if viewer.role in (PERSON, PROXY) else viewer.role
    return {ViewerKind.PERSON: PERSON, ViewerKind.PROXY: PROXY}.get(viewer.kind, "")


def _by_role(viewer: Viewer, row: Row, action: Action, context: Context) -> Answer:
    if row.data_class == DataClass.SAFE and _is_released(row, context):
        return PERMIT
    return BY_ROLE.get(role_of(viewer), _NOBODY).get(row.data_class, HIDE)


def _by_relation(viewer: Viewer, row: Row, action: Action, context: Context) -> Answer:
    # who looked and who somebody was before open by the role alone
    return BY_RELATION[context.relation].get(row.data_class, PERMIT)


def _by_label(viewer: Viewer, row: Row, action: Action, context: Context) -> Answer:
    # a row names no team, only an organisation, which may employ thousands: every practitioner is outside
    if row.label == Label.NORMAL:
        return PERMIT
    if row.label == Label.RESTRICTED:
        return PERMIT if context.relation == Relation.SELF else BY_MARK["label_R"]
    if row.label == Label.VERY_RESTRICTED:
        return PERMIT if _is_released(row, context) else BY_MARK["label_V"]
    return HIDE


def _by_seal(viewer: Viewer, row: Row, action: Action, context: Context) -> Answer:
    if row.seal == Seal.NONE or context.relation == Relation.SELF:
        return PERMIT
    return BY_MARK["seal_sealed"] if row.seal == Seal.SEALED else BY_MARK["seal_locked"]


def _by_dissent(viewer: Viewer, row: Row, action: Action, context: Context) -> Answer:
    if context.relation == Relation.SELF or _is_own(viewer, row):
        return PERMIT
    return BY_MARK["dissent"] if context.dissent or row.sender in context.dissent_of else PERMIT


def _by_address(viewer: Viewer, row: Row, action: Action, context: Context) -> Answer:
    if row.data_class != DataClass.LOC or not context.protected:
        return PERMIT
    return PERMIT if context.address_granted or context.relation == Relation.SELF else BY_MARK["address"]


def _by_prior(viewer: Viewer, row: Row, action: Action, context: Context) -> Answer:
    if row.data_class != DataClass.PRIOR or role_of(viewer) in TABLES.lists["prior_identity"]:
        return PERMIT
    return BY_MARK["prior"]


def _by_conflict(viewer: Viewer, row: Row, action: Action, context: Context) -> Answer:
    return BY_MARK["conflict"] if context.conflict else PERMIT


# talking about somebody in their team's meeting is care, and is told apart in the audit
CARES = (Purpose.CARE, Purpose.MEETING)


def _by_purpose(viewer: Viewer, row: Row, action: Action, context: Context) -> Answer:
    return PERMIT if viewer.purpose in CARES else BY_MARK["purpose"]


# a person comes in to themselves, and whoever acts for somebody to them alone
_COMPARTMENTS = {ViewerKind.PERSON: Relation.SELF, ViewerKind.PROXY: Relation.PROXY}


def _by_scope(viewer: Viewer, row: Row, action: Action, context: Context) -> Answer:
    if viewer.kind == ViewerKind.PRACTITIONER:
        inside = context.relation not in _COMPARTMENTS.values()
    else:
        inside = _COMPARTMENTS.get(viewer.kind) == context.relation
    return PERMIT if inside and context.in_scope else BY_MARK["scope"]


def _by_second_factor(viewer: Viewer, row: Row, action: Action, context: Context) -> Answer:
    asked = context.asks_second_factor or action in TABLES.lists["second_factor"]
    return BY_MARK["second_factor"] if asked and not viewer.second_factor else PERMIT


def _by_action(viewer: Viewer, row: Row, action: Action, context: Context) -> Answer:
    if action == Action.READ:
        return PERMIT
    if action == Action.EXPORT:
        return PERMIT if role_of(viewer) in TABLES.lists["export"] else BY_MARK["action"]
    return PERMIT if context.relation.name.lower() in TABLES.lists[action] else BY_MARK["action"]


def _by_limits(viewer: Viewer, row: Row, action: Action, context: Context) -> Answer:
    kept = context.relation == Relation.PROXY and row.data_class in context.kept_from_proxy
    return BY_MARK["limits"] if kept else PERMIT


def _by_death(viewer: Viewer, row: Row, action: Action, context: Context) -> Answer:
    return BY_MARK["deceased"] if context.deceased and action == Action.CONTACT else PERMIT


# the first of several that are equally low is the one that is told
CEILINGS: dict[Factor, Ceiling] = {
    Factor.CONFLICT: _by_conflict,
    Factor.SCOPE: _by_scope,
    Factor.PURPOSE: _by_purpose,
    Factor.SECOND_FACTOR: _by_second_factor,
    Factor.ACTION: _by_action,
    Factor.DECEASED: _by_death,
    Factor.LIMITS: _by_limits,
    Factor.ROLE: _by_role,
    Factor.RELATION: _by_relation,
    Factor.ADDRESS: _by_address,
    Factor.PRIOR: _by_prior,
    Factor.LABEL: _by_label,
    Factor.SEAL: _by_seal,
    Factor.DISSENT: _by_dissent,
}
_NOBODY: dict[DataClass, Answer] = {}
_FACTORS, _CEILINGS = tuple(CEILINGS), tuple(CEILINGS.values())
_LIFTED = tuple(number for number, factor in enumerate(_FACTORS) if factor in TABLES.lifts)
_LABEL, _SEAL = _FACTORS.index(Factor.LABEL), _FACTORS.index(Factor.SEAL)


def decide(*, viewer: Viewer, row: Row, action: Action, context: Context) -> Decision:
    """The lowest of all ceilings. Breaking the glass lifts some of those that say `ask`, for reading alone."""
    ceilings = [ceiling(viewer, row, action, context) for ceiling in _CEILINGS]
    may_ask = role_of(viewer) in TABLES.may_ask
    lifted = context.override and may_ask and action == Action.READ and _lift(ceilings, viewer, row)
    lowest = min(ceilings)
    factor = _FACTORS[ceilings.index(lowest)] if lowest < PERMIT else None
    answer = lowest
    if answer == Answer.ASK and not may_ask:
        answer = Answer.MASK
    if answer == Answer.MASK and not _may_be_told(ceilings, viewer, row):
        answer = HIDE
    return Decision(answer, factor, obligations(context, lifted=lifted), lowest)


def _is_released(row: Row, context: Context) -> bool:
    # to the person alone: whoever acts for them may be whom they are kept safe from
    return row.released and context.relation == Relation.SELF


def _is_own(viewer: Viewer, row: Row) -> bool:
    return row.sender is not None and row.sender == viewer.organisation


def _lift(ceilings: list[Answer], viewer: Viewer, row: Row) -> bool:
    """Set what an override lifts to permit; returns whether it lifted anything."""
    lifted = False
    for number in _LIFTED:
        if ceilings[number] != Answer.ASK:
            continue
        if number == _LABEL and row.label != Label.RESTRICTED:
            continue
        if number == _SEAL and (row.seal != Seal.SEALED or viewer.role not in TABLES.lifts_seal):
            continue
        ceilings[number], lifted = PERMIT, True
    return lifted


def _may_be_told(ceilings: list[Answer], viewer: Viewer, row: Row) -> bool:
    """Whether it may even be said that more is held: it tells something too."""
    if row.data_class == DataClass.SAFE and role_of(viewer) in TABLES.lists["told_of_safeguarding"]:
        return True
    # told only where the announced seal is all that keeps them out: another restriction must not be made to speak
    others = (ceiling for number, ceiling in enumerate(ceilings) if number != _SEAL)
    return row.announced and row.seal == Seal.SEALED and min(others) >= Answer.REDACT


_AUDIT = frozenset({Obligation.AUDIT})
_LIFTING = frozenset({Obligation.ALERT, Obligation.REASON, Obligation.TELL_THE_PERSON})


def obligations(context: Context, *, lifted: bool) -> frozenset[Obligation]:
    """What an answer obliges to, whatever it is."""
    found = _AUDIT
    if lifted:
        found |= _LIFTING
    if context.conflict:
        found |= {Obligation.ALERT}
    if context.watched:
        found |= {Obligation.REVIEW}
    return found
