"""The sources of the place, with what each holds of one person: one query."""

from uuid import UUID

from django.db.models import (
    Count,
    Exists,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce

from locality.access.queries import Grant
from locality.directory.models import Source
from locality.record.headlines import Topic
from locality.record.models import Intake
from locality.record.queries.freshness import Connected, PatientHeld
from locality.record.queries.rows import held, kept_back, linked

OF_SOURCE = (
    *("id", "code", "name", "organisation__name", "connected", "is_trial", "sends", "every_hours"),
    *("agreement_purpose", "agreement_starts_on", "agreement_ends_on", "last_at"),
)
OF_PATIENT = (
    *("id", "family", "given", "birth_text", "sex", "address_lines", "postcode", "phone", "practice_words"),
    *("interpreter", "language"),
)


def finished(*, source: str = "pk") -> QuerySet[Intake]:
    """The intakes in which a source sent something, last first; trying again what was refused is no sending."""
    done = Intake.objects.filter(source=OuterRef(source), kind="received", finished_at__isnull=False)
    return done.order_by("-started_at")


def connected(grant: Grant) -> list[Connected]:
    """Every source of the place, connected or not, and any other that holds something of this person."""
    rows = (
        Source.objects.annotate(theirs=FilteredRelation("patient", condition=Q(patient__in=linked(grant))))
        .filter(Q(place__is_default=True) | Q(theirs__isnull=False))
        .annotate(
            last_at=Subquery(finished().values("finished_at")[:1]),
            holds=Coalesce(Subquery(_count(grant)), 0, output_field=IntegerField()),
            keeps_back=Exists(kept_back(grant).filter(topic=Topic.ALLERGY, patient=OuterRef("theirs__pk"))),
        )
        .order_by("code", "theirs__pk")
        .values_list(*OF_SOURCE, "holds", "keeps_back", *(f"theirs__{name}" for name in OF_PATIENT))
    )
    found: dict[UUID, Connected] = {}
    for row in rows:
        about, (holds, keeps_back), patient = row[:12], row[12:14], row[14:]
        source = found.setdefault(about[0], _source(about))
        source.holds += holds
        source.keeps_back |= keeps_back
        if patient[0] is not None:
            source.patients.append(_patient(patient))
    return list(found.values())


def _count(grant: Grant) -> QuerySet:
    lines = held(grant).filter(patient=OuterRef("theirs__pk")).exclude(type="Patient")
    return lines.order_by().values("patient").annotate(lines=Count("*")).values("lines")


def _source(columns: tuple) -> Connected:
    told = dict(zip((*OF_SOURCE[:3], "organisation", *OF_SOURCE[4:]), columns, strict=True))
    return Connected(**told | {"sends": frozenset(told["sends"])})


def _patient(columns: tuple) -> PatientHeld:
    told = dict(zip(OF_PATIENT, columns, strict=True))
    return PatientHeld(**told | {"address_lines": tuple(told["address_lines"])})
