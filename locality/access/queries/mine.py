"""What a viewer may see and why: the tables for their role, their teams, and how many people they know how."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from locality.access import rules
from locality.access.models import Override, Relationship
from locality.access.queries.knowing import KEPT, holds, reasons_with, visible_people
from locality.access.rules import Answer, Context, DataClass, Relation, RelationKind
from locality.base import Viewer, ViewerKind
from locality.base.periods import day_of
from locality.directory.models import Team


@dataclass(frozen=True, slots=True, kw_only=True)
class MyAccess:
    """One role's own part of the tables, and what makes it hold for this viewer today.

    `answers` says for each relationship how much of each class opens; `counts` how many people there are of each.
    """

    answers: dict[Relation, dict[DataClass, Answer]]
    counts: dict[Relation, int]
    teams: Sequence[Team]
    broken: Sequence[Override]
    may_find: bool
    may_break_glass: bool


OF_PRACTITIONERS = tuple(relation for relation in Relation if relation not in (Relation.SELF, Relation.PROXY))


def my_access(*, viewer: Viewer) -> MyAccess:
    """What this viewer may see of whom today, and why: three queries."""
    on = day_of(viewer.at)
    relations = OF_PRACTITIONERS if viewer.kind == ViewerKind.PRACTITIONER else (Relation.SELF,)
    made = Override.objects.filter(practitioner=viewer.id).select_related("person").order_by("-made_at")
    return MyAccess(
        answers={one: _answers(viewer, one) for one in relations},
        counts=_counts(viewer, on) if viewer.kind == ViewerKind.PRACTITIONER else {},
        teams=list(Team.objects.filter(pk__in=viewer.teams).order_by("name")),
        broken=list(made[:10]) if viewer.kind == ViewerKind.PRACTITIONER else [],
        may_find=rules.may_find(viewer),
        may_break_glass=rules.may_break_glass(viewer),
    )


def _answers(viewer: Viewer, relation: Relation) -> dict[DataClass, Answer]:
    told = rules.every_kind(viewer=viewer, context=Context(relation=relation))
    plain = (
        (kind.data_class, seen) for kind, seen in told.items() if not kind.seal and kind.label == rules.Label.NORMAL
    )
    return {data_class: seen.answer for data_class, seen in plain}


def _counts(viewer: Viewer, on: date) -> dict[Relation, int]:
    # of those who are on a list of theirs: a count that held somebody's earlier identity would tell of it
    listed = visible_people(viewer=viewer, on=on).values("pk")
    rows = Relationship.objects.filter(reasons_with(viewer), holds(on)).alias(kept=KEPT).filter(kept__in=listed)
    found: dict[Relation, int] = {}
    for kind, people in rows.values_list("kind").annotate(people=Count(KEPT, distinct=True)):
        relation = rules.AMOUNTS_TO[RelationKind(kind)]
        found[relation] = found.get(relation, 0) + people
    return found
