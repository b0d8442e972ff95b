"""Keeping what stands of a service: changed, made sure of, closed; what room it has; what is said to be wrong."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from locality.base import NoAccess, NotFound, Refused, Viewer
from locality.base.ids import new_id
from locality.base.periods import day_of
from locality.base.words import date_words
from locality.directory.actions.finding import index_services
from locality.directory.models import Need, Practitioner, Service, ServiceCapacity, ServiceReport
from locality.directory.rules.services import CHANGED_HERE, Access, ReportState, check_capacity, may_keep, version_of
from locality.journal.actions import log

SHORTEST_REPORT = 5
MAY_NOT = "Only its owner, those who work for whoever offers it, and administrators change what stands of a service."


@transaction.atomic
def change_service(*, service: UUID, values: Mapping[str, Any], by: Viewer, version: str = "") -> Service:
    """Change what stands of a service; no pack and no file overwrites it.

    `version` is what the form was opened with. Raises NoAccess, and Refused for what cannot be or where a colleague
    changed it since.
    """
    row = _kept_by(service, by)
    unknown = set(values) - set(CHANGED_HERE)
    if unknown:
        raise Refused(f"{', '.join(sorted(unknown))} cannot be changed here.")
    if version and version != version_of(row):
        raise Refused("A colleague changed this since you opened it, so nothing was changed. Open it again.")
    _check(row, values)
    changed = sorted(name for name, value in values.items() if getattr(row, name) != value)
    if not changed:
        return row
    for name in changed:
        setattr(row, name, values[name])
    row.kept_here = sorted({*row.kept_here, *changed})
    row.save(update_fields=[*changed, "kept_here"])
    index_services(place=row.place_id, only=[row.pk])
    log(what="service.changed", by=by, about=row.pk, detail={"fields": changed})
    return row


def _check(row: Service, said: Mapping[str, Any]) -> None:
    if not str(said.get("name", row.name)).strip():
        raise Refused("A service needs a name.")
    least, most = said.get("min_age", row.min_age), said.get("max_age", row.max_age)
    if least is not None and most is not None and most < least:
        raise Refused("The oldest age is below the youngest.")
    needs = set(said.get("needs", ()))
    if needs - set(Need.objects.filter(place=row.place_id).values_list("code", flat=True)):
        raise Refused("Choose needs from the place's list.")
    if set(said.get("access", ())) - set(Access):
        raise Refused("Choose kinds of access from the list.")
    owner = said.get("owner_id")
    if owner is not None and not Practitioner.objects.filter(pk=owner, place=row.place_id).exists():
        raise Refused("The owner must be somebody of the place's staff.")


@transaction.atomic
def assure(*, service: UUID, by: Viewer) -> Service:
    """Say that all of what stands of a service is right today; raises NoAccess."""
    row = _kept_by(service, by)
    row.assured_on, row.assured_by = day_of(by.at), by.name or "Locality"
    row.save(update_fields=["assured_on", "assured_by"])
    log(what="service.assured", by=by, about=row.pk)
    return row


@transaction.atomic
def close(*, service: UUID, by: Viewer) -> Service:
    """Say that a service is there no more, from today; raises NoAccess, and Refused where it has ended."""
    row, on = _kept_by(service, by), day_of(by.at)
    if row.ends_on is not None and row.ends_on <= on:
        raise Refused(f"It ended on {date_words(row.ends_on)} already.")
    row.ends_on, row.kept_here = on, sorted({*row.kept_here, "ends_on"})
    if row.starts_on and row.starts_on > on:
        raise Refused(f"It begins on {date_words(row.starts_on)}, and cannot end before.")
    row.save(update_fields=["ends_on", "kept_here"])
    log(what="service.closed", by=by, about=row.pk)
    return row


@transaction.atomic
def reopen(*, service: UUID, by: Viewer) -> Service:
    """Say that a service is there after all; raises NoAccess, and Refused where it never ended."""
    row = _kept_by(service, by)
    if row.ends_on is None:
        raise Refused("It has not ended.")
    row.ends_on, row.kept_here = None, sorted(set(row.kept_here) - {"ends_on"})
    row.save(update_fields=["ends_on", "kept_here"])
    log(what="service.reopened", by=by, about=row.pk)
    return row


@transaction.atomic
def say_capacity(
    *,
    service: UUID,
    state: str,
    by: Viewer,
    wait_days: int | None = None,
    places: int | None = None,
    assesses_first: bool = False,
    words: str = "",
) -> ServiceCapacity:
    """Write down what room a service has as of now; the newest holds. Raises Refused for what cannot be."""
    row = _locked(service)
    check_capacity(state=state, wait_days=wait_days, places=places)
    said = ServiceCapacity.objects.create(
        id=new_id(),
        service=row,
        state=state,
        wait_days=wait_days,
        places=places,
        assesses_first=assesses_first,
        words=words.strip(),
        reported_at=by.at,
        reported_by=by.id,
        reporter=by.name or "Locality",
    )
    log(what="service.capacity-said", by=by, about=row.pk, detail={"state": state})
    return said


@transaction.atomic
def report(*, service: UUID, words: str, by: Viewer) -> ServiceReport:
    """Say that something of what stands of a service is wrong; raises Refused without saying what."""
    row, said = _locked(service), " ".join(words.split())
    if len(said) < SHORTEST_REPORT:
        raise Refused("Say what is wrong, and what it should say.")
    made = ServiceReport.objects.create(
        id=new_id(), service=row, words=said, reported_at=by.at, reported_by=by.id, reporter=by.name or "Locality"
    )
    log(what="service.reported", by=by, about=row.pk)
    return made


@transaction.atomic
def answer_report(*, report: UUID, mended: bool, answer: str, by: Viewer) -> ServiceReport:
    """Say that it was mended, or why it stands as it is; raises NoAccess, and Refused where it is answered already."""
    row = ServiceReport.objects.select_for_update().filter(pk=report).first()
    if row is None:
        raise NotFound("There is no such report.")
    _kept_by(row.service_id, by)
    if row.state != ReportState.WAITING:
        raise Refused("A colleague has answered this already.")
    said = " ".join(answer.split())
    if not mended and not said:
        raise Refused("Say why it is right as it stands.")
    row.state, row.answer = ReportState.MENDED if mended else ReportState.RIGHT, said
    row.answered_at, row.answered_by = by.at, by.id
    row.save(update_fields=["state", "answer", "answered_at", "answered_by"])
    log(what="service.report-answered", by=by, about=row.service_id)
    return row


def _locked(service: UUID) -> Service:
    row = Service.objects.select_for_update().filter(pk=service).first()
    if row is None:
        raise NotFound("There is no such service here.")
    return row


def _kept_by(service: UUID, by: Viewer) -> Service:
    row = _locked(service)
    if not may_keep(by, owner=row.owner_id, organisation=row.organisation_id):
        raise NoAccess(MAY_NOT)
    return row
