"""What just happened to people, of what was just received: for those who look after them to be told."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Coalesce

from locality.access.models import Objection
from locality.access.queries import sealed_things
from locality.access.queries.knowing import holds
from locality.access.rules import DataClass, Label, ObjectionKind, Seal
from locality.base.periods import day_of
from locality.people.models import Link
from locality.record.intake import strict
from locality.record.models import Resource


class What(StrEnum):
    ADMITTED = "admitted"
    DISCHARGED = "discharged"
    EMERGENCY = "emergency"
    FELL = "fell"


# https://terminology.hl7.org/CodeSystem-v3-ActCode.html
STAYS = frozenset({"IMP", "ACUTE", "NONAC", "OBSENC", "SS"})
ATTENDANCES = frozenset({"EMER"})
BEGUN = frozenset({"arrived", "triaged", "in-progress", "onleave"})
# SNOMED CT: Fall; Accidental fall; Fall on same level. ICD-10: W00 to W19
FALL_CODES = frozenset({"1912002", "217082002", "33036003"})
FALL_ICD10 = re.compile(r"W[01]\d(\.|\d|$)")
FALL_WORDS = re.compile(r"^(a )?(fall|fell)\b", re.IGNORECASE)
TYPES = ("Encounter", "Condition", "Observation")


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One thing that happened to a person: what, when, who said so. `data_class` is that of the line that tells it."""

    what: What
    person: UUID
    thing: UUID
    at: datetime
    sender: UUID
    sender_name: str
    data_class: DataClass


def happenings(*, told: Collection[tuple[UUID, UUID]], since: datetime, at: datetime) -> list[Happening]:
    """What happened since a moment, of these patients as these intakes told it: (intake, patient). Four queries.

    For the work on the record as a whole. What its sender labelled, what is sealed, and what somebody objects to
    sharing is not told of; nor what lies in the future.
    """
    rows = _rows(told, since=since, at=at)
    people = _people({row.patient_id for row in rows if row.patient_id})
    objecting = _objecting(set(people.values()), at=at)
    found: dict[tuple[What, UUID], Happening] = {}
    for row in rows:
        person = people.get(row.patient_id) if row.patient_id else None
        if person is None or not objecting.get(person, frozenset()).isdisjoint({None, row.sender_id}):
            continue
        for what, moment in _said(row):
            if since <= moment <= at:
                found[what, row.thing] = Happening(
                    what=what,
                    person=person,
                    thing=row.thing,
                    at=moment,
                    sender=row.sender_id,
                    sender_name=row.sender.short_name,
                    data_class=DataClass(row.data_class),
                )
    return sorted(found.values(), key=lambda one: (one.at, one.thing, one.what))


def _rows(told: Collection[tuple[UUID, UUID]], *, since: datetime, at: datetime) -> list[Resource]:
    intakes, patients = {intake for intake, _ in told}, {patient for _, patient in told}
    rows = Resource.objects.filter(patient__in=patients, intake__in=intakes, is_current=True, removed=False)
    rows = rows.filter(Q(happened_at__gte=since) | Q(ends_at__gte=since), type__in=TYPES)
    rows = rows.filter(label=Label.NORMAL, seal=Seal.NONE).exclude(state="wrong")
    rows = rows.exclude(thing__in=sealed_things(on=day_of(at))).select_related("sender")
    return list(rows)


def _people(patients: Collection[UUID]) -> dict[UUID, UUID]:
    links = Link.objects.filter(patient__in=patients, ended_at=None)
    return dict(links.values_list("patient", Coalesce("person__merged_into", "person")))


def _objecting(people: Collection[UUID], *, at: datetime) -> Mapping[UUID, set[UUID | None]]:
    """Who objects to sharing, and of which organisation; None is of all."""
    rows = Objection.objects.filter(holds(day_of(at)), kind=ObjectionKind.SHARING)
    kept = Coalesce("person__merged_into", "person")
    found: dict[UUID, set[UUID | None]] = {}
    for person, organisation in rows.alias(kept=kept).filter(kept__in=people).values_list(kept, "organisation"):
        found.setdefault(person, set()).add(organisation)
    return found


def _said(row: Resource) -> list[tuple[What, datetime]]:
    """What one line tells of, and when it happened."""
    if row.type != "Encounter":
        fell = _is_fall(row.code, row.title)
        return [(What.FELL, row.happened_at)] if fell and row.happened_at else []
    resource: Any = strict.parse(bytes(row.content))
    kind, found = (resource.get("class") or {}).get("code") or "", []
    over = row.status == "finished"
    if kind in STAYS and over and row.ends_at:
        found.append((What.DISCHARGED, row.ends_at))
    elif kind in STAYS and row.status in BEGUN and row.happened_at:
        found.append((What.ADMITTED, row.happened_at))
    elif kind in ATTENDANCES and (over or row.status in BEGUN) and row.happened_at:
        found.append((What.EMERGENCY, row.happened_at))
    if (over or row.status in BEGUN) and row.happened_at and _fell_before(resource):
        found.append((What.FELL, row.happened_at))
    return found


def _fell_before(resource: dict[str, Any]) -> bool:
    """Whether a visit's reason is a fall."""
    reasons = resource.get("reasonCode") or []
    codes = [coding for reason in reasons for coding in reason.get("coding") or ()]
    return any(_is_fall(one.get("code") or "", one.get("display") or "") for one in codes) or any(
        FALL_WORDS.match(reason.get("text") or "") for reason in reasons
    )


def _is_fall(code: str, words: str) -> bool:
    return code in FALL_CODES or bool(FALL_ICD10.match(code)) or bool(FALL_WORDS.match(words))
