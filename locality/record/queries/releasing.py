"""The lines that are kept back from the person they are about, for whoever decides whether they may see them."""

from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Q

from locality.access.queries import Grant, redacts
from locality.access.queries.releases import OVERRIDDEN, Decided, decisions, things_released
from locality.access.rules import DataClass, Label, Right, may_release, may_release_some
from locality.base import NoAccess
from locality.record.models import Resource
from locality.record.queries.grouping import View, line_of
from locality.record.queries.identity import tells_place
from locality.record.queries.rows import Row, held, read, told
from locality.record.queries.shapes import Fact

MAY_NOT = (
    "The role you signed in with does not decide what is released to the person. A safeguarding lead who looks after "
    "them does, for safeguarding."
)
LINES = "data_class = 'SAFE' or label = 'V'"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptBack:
    """One line that the person is not shown, or is shown by a decision that stands; `new` since that decision."""

    fact: Fact
    version: UUID
    decided: Decided | None
    changed_since: bool


def released_things(grant: Grant) -> set[UUID]:
    """The lines that were released to the person who looks."""
    return things_released(grant)


def kept_back_lines(*, grant: Grant) -> list[KeptBack]:
    """What is kept back from the person and opens whole to the viewer, the latest first: three queries.

    Raises NoAccess for a role that decides nothing, and where the glass was broken.
    """
    if not may_release_some(grant.viewer):
        raise NoAccess(MAY_NOT)
    if grant.opening.right == Right.OVERRIDE:
        raise NoAccess(OVERRIDDEN)
    view = View(at=grant.viewer.at, looked_before_at=None, tells_place=tells_place(grant))
    wanted = Q(data_class=DataClass.SAFE) | Q(label=Label.VERY_RESTRICTED)
    labels = dict(held(grant).filter(wanted).values_list("pk", "label"))
    rows = [row for row in read(grant, told(LINES)) if _may_decide(grant, row, labels[row.id])]
    by_version = {one.version: one for one in decisions(grant)}
    of_thing = {one.thing for one in by_version.values()}
    lines = [
        KeptBack(
            fact=replace(line_of(row, [], view, details=lambda _: ()), document_id=str(row.thing)),
            version=row.id,
            decided=by_version.get(row.id),
            changed_since=row.id not in by_version and row.thing in of_thing,
        )
        for row in rows
    ]
    return sorted(lines, key=lambda one: (one.decided is not None, str(one.fact.at)))


def _may_decide(grant: Grant, row: Row, label: str) -> bool:
    may = may_release(grant.viewer, data_class=row.data_class, label=label)
    return may and not redacts(grant, row.data_class)


def kept_back_line(*, grant: Grant, thing: UUID) -> Resource | None:
    """The version that the viewer reads today of a line that they may decide on; nothing for any other."""
    row = held(grant).filter(thing=thing).first()
    if row is None or redacts(grant, row.data_class) or grant.opening.right == Right.OVERRIDE:
        return None
    return row if may_release(grant.viewer, data_class=row.data_class, label=row.label) else None
