"""The marks of one person, for the page of what they object to and who acts for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, QuerySet, Window
from django.db.models.functions import Coalesce, RowNumber

from locality.access import rules
from locality.access.models import (
    AddressGrant,
    Conflict,
    Objection,
    ObjectionIntake,
    ObjectionRejected,
    PersonSeal,
    Proxy,
    Watch,
)
from locality.access.queries.acting import proxies_of
from locality.access.queries.granted import Grant
from locality.access.queries.knowing import KEPT, holds
from locality.access.rules import DataClass, ObjectionKind, Seal
from locality.base import NoAccess, Viewer, ViewerKind
from locality.base.periods import day_of

OFFICER_ONLY = "The role you signed in with does not see this. The privacy officer does."


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What a person objects to, who acts for them, how many lines they sealed openly, who may know their address.

    A team's name tells about where somebody lives: to whom the address does not open it is told that `some_know` it.
    """

    objections: Sequence[Objection]
    proxies: Sequence[Proxy]
    sealed: int
    addresses: Sequence[AddressGrant]
    some_know: bool


def marks(grant: Grant) -> Marks:
    """The marks that hold today, for a grant: four queries. A locked line is in no count but the person's own."""
    own = grant.viewer.kind == ViewerKind.PERSON
    seals = PersonSeal.objects.filter(holds(grant.on), person__in=grant.person_ids)
    may_know = AddressGrant.objects.filter(holds(grant.on), person__in=grant.person_ids)
    told = _tells_who_knows(grant)
    return Marks(
        objections=list(objections_of(grant.person_ids).filter(holds(grant.on))),
        proxies=list(proxies_of(person_ids=grant.person_ids, on=grant.on)),
        sealed=(seals if own else seals.filter(seal=Seal.SEALED, announced=True)).count(),
        addresses=list(may_know.select_related("practitioner", "team").order_by("ends_on", "id")) if told else [],
        some_know=not told and may_know.exists(),
    )


def _tells_who_knows(grant: Grant) -> bool:
    opens = grant.opening.whole | grant.opening.redacted
    return DataClass.LOC in opens or rules.may_grant_address(grant.viewer) and grant.opening.writes


def sealed_things(*, on: date) -> QuerySet[PersonSeal, UUID]:
    """The lines that people sealed themselves: for leaving out of counts, never for telling."""
    return PersonSeal.objects.filter(holds(on)).values_list("thing", flat=True)


def objections_of(person_ids: Sequence[UUID]) -> QuerySet[Objection]:
    """What a person objects to or has objected to, the latest first."""
    rows = Objection.objects.filter(person__in=list(person_ids)).select_related("organisation", "source")
    return rows.order_by("-starts_on", "-made_at")


def opted_out(*, viewer: Viewer) -> QuerySet[Objection, UUID]:
    """Whoever objects to secondary use today: to be left out of it, and never of care."""
    rows = Objection.objects.filter(holds(day_of(viewer.at)), kind=ObjectionKind.SECONDARY_USE)
    return rows.values_list(KEPT, flat=True)


def objection_intakes(*, viewer: Viewer) -> QuerySet[ObjectionIntake]:
    """The lists of objections that were sent, the latest first."""
    _officer(viewer)
    return ObjectionIntake.objects.select_related("source").order_by("-at", "id")


def rejections(*, intakes: Sequence[ObjectionIntake], most: int, viewer: Viewer) -> list[ObjectionRejected]:
    """What was rejected of these lists and why, by line; so many at most of each. One query."""
    _officer(viewer)
    rows = ObjectionRejected.objects.filter(intake__in=intakes)
    placed = rows.annotate(place=Window(RowNumber(), partition_by="intake", order_by="line"))
    return list(placed.filter(place__lte=most).order_by("intake", "line"))


def conflicts(*, viewer: Viewer) -> QuerySet[Conflict]:
    """Who must not look at whom, today: all of it for the privacy officer, else what somebody declared of themselves.

    What is under investigation nobody else reads of.
    """
    rows = Conflict.objects.filter(holds(day_of(viewer.at))).select_related("practitioner", "person")
    if not rules.may_review(viewer):
        rows = rows.filter(practitioner=viewer.id, made_by=viewer.id).exclude(kind=rules.ConflictKind.INVESTIGATION)
    return rows.order_by("-starts_on", "id")


def watched(*, viewer: Viewer) -> QuerySet[Watch]:
    """Whose every view is reviewed, today; for the privacy officer alone."""
    _officer(viewer)
    return Watch.objects.filter(holds(day_of(viewer.at))).select_related("person").order_by("-starts_on", "id")


def people_watched(rows: QuerySet[Watch]) -> int:
    """How many people these are: looks at one may be reviewed for several reasons, before a merge and after."""
    kept = Coalesce("person__merged_into", "person")
    many: int = rows.order_by().aggregate(people=Count(kept, distinct=True))["people"]
    return many


def _officer(viewer: Viewer) -> None:
    if not rules.may_review(viewer):
        raise NoAccess(OFFICER_ONLY)
