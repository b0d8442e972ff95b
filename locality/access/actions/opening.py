"""Opening a record, or refusing to; either is written down."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from locality.access import queries, rules, wall
from locality.access.queries import Grant, Standing
from locality.access.queries.conflicting import barred_to
from locality.access.rules import Action, Answer, Context, DataClass, Factor, Opening, Relation
from locality.base import NoAccess, NotFound, Viewer, ViewerKind
from locality.base.periods import day_of
from locality.journal.actions import log, tell
from locality.journal.models import News
from locality.people import queries as people
from locality.people.models import Person
from locality.people.queries.earlier import who_is_earlier

IN_CONFLICT = rules.REFUSAL_WORDS[Factor.CONFLICT]
NOT_HERE = "There is no such person here."


class NotOpened(NoAccess):
    """A record was not opened: why, what decided it, and whether breaking the glass would open it."""

    def __init__(self, words: str, *, factor: Factor, may_ask: bool = False):
        super().__init__(words)
        self.factor, self.may_ask = factor, may_ask


@transaction.atomic
def open_record(
    *,
    person_id: UUID,
    by: Viewer,
    what: str = "record.opened",
    about: UUID | None = None,
    action: Action = Action.READ,
) -> Grant:
    """Open a person's record, or raise NoAccess. Both are audited: the refusal by the edge, after the rollback.

    `what` says how it is opened (printed, exported), `about` which line of it, `action` what for. A person, and whoever
    acts for them, come in the same way: for them whom they may not open is not there.
    """
    same = there(person_id)
    person, on = same[0], day_of(by.at)
    standing = queries.standing(viewer=by, people=same)
    opening = rules.opening(viewer=by, context=standing.context)
    if not opening.opens:
        raise _closed(by=by, standing=standing, opening=opening)
    _check(action, by=by, context=standing.context)
    before = _look(person=person, by=by) if by.kind == ViewerKind.PRACTITIONER else None
    log(what=what, by=by, person=person.pk, about=about, detail=_right(opening, standing))
    wall.let_through(
        people=[one.pk for one in same], viewer=by, context=standing.context, released=standing.released_classes
    )
    return Grant(
        viewer=by,
        person=person,
        person_ids=tuple(one.pk for one in same),
        opening=opening,
        on=on,
        looked_before_at=before,
        sealed=standing.sealed,
        override=standing.override,
        override_ends_at=standing.override_ends_at,
        released=standing.released,
    )


def _check(action: Action, *, by: Viewer, context: Context) -> None:
    """Whether more than reading may be done in a record that opens, told by its summary."""
    if action == Action.READ:
        return
    row = rules.Row(DataClass.SUM, sender=by.organisation)
    decision = rules.decide(viewer=by, row=row, action=action, context=context)
    if decision.answer < Answer.REDACT:
        factor = decision.factor or Factor.ACTION
        raise NotOpened(rules.REFUSAL_WORDS[factor], factor=factor)


def there(person_id: UUID) -> Sequence[Person]:
    """A person with their aliases, the kept one first; raises NotFound for an earlier identity too."""
    # people are askable: knowing that somebody exists is found out by a search, which is audited too
    same = people.same_person(person_id)
    # nor is it found out that somebody lived under another identity before: to everybody, that person is not there
    if who_is_earlier([same[0].pk]):
        raise NotFound(NOT_HERE)
    return same


def there_for(person_id: UUID, *, by: Viewer) -> Sequence[Person]:
    """The same for whoever comes in by their role and opens no record: never in a conflict of interest."""
    same = there(person_id)
    refuse_conflict([same[0].pk], by=by)
    return same


def refuse_conflict(person_ids: Collection[UUID], *, by: Viewer) -> None:
    """Raise NotOpened where a viewer must not look at one of these people, given as they are known now."""
    if not barred_to(by).isdisjoint(person_ids):
        raise NotOpened(IN_CONFLICT, factor=Factor.CONFLICT)


def _right(opening: Opening, standing: Standing) -> dict[str, Any]:
    """By which right it was opened, for the audit."""
    told: dict[str, Any] = {"relation": opening.relation, "right": opening.right}
    if standing.override is not None:
        told["override"] = str(standing.override)
    if owed := opening.obligations - {rules.Obligation.AUDIT}:
        told["owed"] = sorted(owed)
    return told


def _closed(*, by: Viewer, standing: Standing, opening: Opening) -> NoAccess | NotFound:
    if by.kind in (ViewerKind.PERSON, ViewerKind.PROXY):
        return NotFound(NOT_HERE)
    factor = opening.closed_by(DataClass.SUM) or Factor.RELATION
    if factor == Factor.RELATION and standing.context.relation == Relation.ENDED:
        words = rules.ENDED_WORDS
    else:
        words = rules.REFUSAL_WORDS[factor]
    return NotOpened(words, factor=factor, may_ask=factor == Factor.RELATION and rules.may_break_glass(by))


# within an hour it is one look, so that what was new at its start stays marked
LOOK = """
insert into access_look as look (practitioner_id, person_id, last_at) values (%s, %s, %s)
on conflict (practitioner_id, person_id) do update set
    before_at = case
        when excluded.last_at - look.last_at >= interval '1 hour' then look.last_at else look.before_at
    end,
    last_at = excluded.last_at
returning before_at
"""


def _look(*, person: Person, by: Viewer) -> datetime | None:
    """Note the look; returns when the one before began, so that what came since can be marked as new."""
    with connection.cursor() as cursor:
        cursor.execute(LOOK, [by.id, person.pk, by.at])
        return cursor.fetchone()[0]


@transaction.atomic
def refuse(
    *,
    what: str,
    by: Viewer,
    person: UUID | None = None,
    about: UUID | None = None,
    reason: str = "",
    factor: Factor | None = None,
) -> None:
    """Write a refusal down, and alert the privacy officer to a conflict. Called by edges, after the rollback.

    What is not there, or must look so, is refused with nobody named: `about` is the id that was tried.
    """
    detail = {"factor": factor} if factor is not None else None
    event = log(what=what, by=by, person=person, about=about, outcome="refused", reason=reason, detail=detail)
    if factor == Factor.CONFLICT:
        # the alert names nobody: whoever may review reads the line
        tell([News(at=by.at, what="conflict.refused", detail={"event": event.pk})])
