"""Whom a viewer may know: the people they may open, for every list of people, and for those found another way."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from locality.access import rules, wall
from locality.access.models import Relationship
from locality.access.queries.conflicting import people_barred
from locality.access.queries.granted import rows_of
from locality.access.queries.kept_back import objects, sealed
from locality.access.queries.overrides import overrides_of
from locality.access.rules import (
    NO_TIME,
    Answer,
    Context,
    Label,
    Relation,
    RelationKind,
    Seal,
)
from locality.base import Viewer
from locality.base.periods import day_of
from locality.people.models import Link, Person
from locality.people.queries.earlier import is_earlier, who_is_earlier


def holds(on: date) -> Q:
    """Rows that hold on a day: what ends today is already over."""
    return Q(starts_on__lte=on) & (Q(ends_on=None) | Q(ends_on__gt=on))


def reasons_with(viewer: Viewer) -> Q:
    """The reasons to know somebody that are this viewer's own."""
    # A practice's list belongs to everyone who works there, and so does what is sent to an organisation and to no team
    # of it: somebody there has to read it. Other organisations' rows name a team.
    return (
        Q(team__in=viewer.teams)
        | Q(practitioner=viewer.id)
        | Q(
            organisation=viewer.organisation,
            kind__in=[RelationKind.REGISTERED_PRACTICE, RelationKind.CARE_HOME, RelationKind.REFERRAL],
        )
    )


# rows written for an alias are the kept person's
KEPT = Coalesce("person__merged_into", "person")
NOBODY = "select id from people_person where false"


def visible_people(*, viewer: Viewer, on: date, own: bool = False) -> QuerySet[Person]:
    """The people this viewer looks after today: every list of people starts here. `own` leaves out referrals, visits.

    Whose reason has ended, and who was opened by breaking the glass, is on no list.
    """
    ids = visible_ids(viewer=viewer, on=on, own=own)
    return Person.objects.none() if ids.sql == NOBODY else Person.objects.filter(pk__in=ids, merged_into=None)


def visible_ids(*, viewer: Viewer, on: date, own: bool = False) -> RawSQL:
    """The same people by id alone, each once; `sql` is NOBODY where the role opens none."""
    return RawSQL(*_visible_ids(replace(viewer, at=NO_TIME), on, own))  # noqa: S611 -- its values are parameters


# the question, never what it finds. A page of a team's work asks it for one list after another, and to build and write
# it takes longer than to ask it
@lru_cache(maxsize=256)
def _visible_ids(viewer: Viewer, on: date, own: bool) -> tuple[str, tuple[Any, ...]]:
    if not _opens(viewer):
        return NOBODY, ()
    kinds = rules.OWN_TEAM_KINDS if own else list(RelationKind)
    rows = Relationship.objects.filter(reasons_with(viewer), holds(on), kind__in=kinds)
    merged = Person.objects.filter(merged_into__isnull=False)
    # from the reasons to the people: asked the other way round, of each person in turn, a borough takes minutes. Few
    # were ever merged, and a practice's list is long: whoever was not is not looked up at all.
    never = rows.exclude(person__in=merged.values("pk")).filter(_may_be_listed(viewer, on, who="person"))
    since = merged.filter(pk__in=rows.values("person")).filter(_may_be_listed(viewer, on, who="merged_into"))
    found = never.values_list("person", flat=True).union(since.values_list("merged_into", flat=True))
    return found.query.sql_with_params()


def _may_be_listed(viewer: Viewer, on: date, *, who: str) -> Q:
    """An earlier identity is on nobody's list, nor are those whom a viewer must not look at."""
    return ~is_earlier(who) & _not_in_conflict(viewer, on, who=who)


def ever_related(*, person_ids: Collection[UUID]) -> QuerySet[Relationship]:
    """Every reason that anybody ever had to know a person, whether or not it still holds."""
    return Relationship.objects.filter(person__in=list(person_ids))


def openable(*, viewer: Viewer, person_ids: Collection[UUID], on: date) -> set[UUID]:
    """Which of these people, found by another way, this viewer may open today: at the cost of these, not of all."""
    if not _opens(viewer):
        return set()
    # of each of these in turn: they are few, and the reasons of a whole practice are not
    rows = Relationship.objects.filter(reasons_with(viewer), holds(on))
    known = _theirs(rows) | _theirs(overrides_of(viewer))
    found = Person.objects.filter(known, pk__in=person_ids).filter(_not_in_conflict(viewer, on))
    return set(found.values_list("pk", flat=True)) - who_is_earlier(person_ids)


def _theirs(rows: QuerySet[Any]) -> Q:
    """Whether any of these rows is a person's, or was written for them as an alias."""
    as_alias = rows.filter(person__merged_into=OuterRef("pk"))
    return Q(Exists(rows.filter(person=OuterRef("pk")))) | Q(Exists(as_alias))


def _opens(viewer: Viewer) -> bool:
    """Whether this role opens anybody at all."""
    return rules.opening(viewer=viewer, context=Context(relation=Relation.OWN_TEAM)).opens


def _not_in_conflict(viewer: Viewer, on: date, *, who: str = "pk") -> Q:
    """People whom a viewer may look at: not their own record, family, household, or whoever else is declared."""
    return ~Q((f"{who}__in", people_barred(viewer, on=on)))


def classes_of_own(viewer: Viewer) -> list[str]:
    """The classes of which a list of the viewer's own people may tell that something was said."""
    kinds = rules.every_kind(viewer=viewer, context=Context(relation=Relation.OWN_TEAM)).items()
    plain = (Label.NORMAL, Seal.NONE)
    shown = {kind.data_class for kind, seen in kinds if seen.answer >= Answer.REDACT and kind[1:3] == plain}
    return sorted(shown)


def visible_of_own(*, viewer: Viewer, people: Collection[UUID]) -> Q:
    """The predicate over the rows of some of the viewer's own people (`visible_people(own=True)`), for lists of them.

    What a person sealed is on no list; what they object to sharing is shown where one's own organisation sent it.
    """
    on = day_of(viewer.at)
    context = Context(relation=Relation.OWN_TEAM)
    wall.let_through(people=people, viewer=viewer, context=context)
    opened = rows_of(viewer=viewer, context=context)
    # said of an alias before a merge, it is said of the person
    linked = Link.objects.filter(patient=OuterRef("patient"), ended_at=None)
    dissented = linked.filter(objects(on, whose=F("person"), sender=OuterRef("sender")))
    return opened & ~sealed(on, F("thing")) & ~(Q(Exists(dissented)) & ~Q(sender=viewer.organisation))


def not_kept_back(viewer: Viewer, *, on: date) -> Q:
    """The same two of rows that a team wrote of a person, aliased as `kept` (`KEPT`): as `visible(grant)` has them.

    What is about nobody is sealed by nobody and objected to by nobody.
    """
    dissented = objects(on, whose=F("kept"), sender=F("sender")) & ~Q(sender=viewer.organisation)
    return ~sealed(on, F("pk")) & ~dissented
