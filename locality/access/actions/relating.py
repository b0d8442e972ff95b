"""The rows that give a reason to know a person: made, ended, asserted by sources, following their patients."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from django.db import transaction

from locality.access.models import Relationship
from locality.access.rules import RelationKind
from locality.base import Refused, Viewer
from locality.base.periods import day_of
from locality.directory.models import Organisation, Source
from locality.directory.queries import teams_responsible
from locality.journal.actions import line, log, log_rows
from locality.people.models import Link, Patient

NOT_THEIRS = "The sender's record turned out to be about another person."


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A reason to know a person, about to be written: with exactly one of team, organisation, practitioner."""

    person: UUID
    kind: RelationKind
    starts_on: date
    words: str
    team: UUID | None = None
    organisation: UUID | None = None
    practitioner: UUID | None = None
    ends_on: date | None = None
    source: UUID | None = None


@transaction.atomic
def relate(*, reasons: Sequence[Reason], by: Viewer) -> int:
    """Write why teams may know people; returns how many reasons are new. One that already holds is left alone."""
    rows = [
        Relationship(
            person_id=reason.person,
            kind=reason.kind,
            team_id=reason.team,
            organisation_id=reason.organisation,
            practitioner_id=reason.practitioner,
            starts_on=reason.starts_on,
            ends_on=reason.ends_on,
            reason=reason.words,
            source_id=reason.source,
            made_at=by.at,
            made_by=by.id,
        )
        for reason in reasons
    ]
    # sorted, so that two intakes writing the same reasons wait for each other and never lock crosswise
    rows.sort(key=lambda row: (row.person_id, row.kind, str(row.team_id), str(row.organisation_id)))
    Relationship.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    new = list(Relationship.objects.filter(pk__in=[row.pk for row in rows]))
    log_rows(
        [
            line(what="relationship.made", by=by, person=row.person_id, about=row.pk, detail={"kind": row.kind})
            for row in new
        ]
    )
    return len(new)


@transaction.atomic
def end_relationship(*, relationship: Relationship, ends_on: date, reason: str, by: Viewer) -> Relationship:
    """End a reason to know a person from a day on; raise Refused when it has already ended."""
    row = Relationship.objects.select_for_update().get(pk=relationship.pk)
    if row.ended_at is not None:
        raise Refused("This has already been ended.")
    row.ends_on, row.ended_at, row.ended_by, row.ended_reason = max(ends_on, row.starts_on), by.at, by.id, reason
    row.save(update_fields=["ends_on", "ended_at", "ended_by", "ended_reason"])
    log(what="relationship.ended", by=by, person=row.person_id, about=row.pk, reason=reason)
    return row


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """Somebody a source has just sent, and where they live and are registered, as the source says it."""

    person: UUID
    practice_code: str
    postcode: str


@transaction.atomic
def relate_from_source(*, source: Source, people: Sequence[Arrived], by: Viewer) -> None:
    """Write the reasons this source may assert, and no others, for the people it has just sent."""
    on = day_of(by.at)
    reasons: list[Reason] = []
    if RelationKind.REGISTERED_PRACTICE in source.asserts:
        reasons += _registrations(source=source, people=people, on=on, by=by)
    if RelationKind.CASELOAD in source.asserts:
        reasons += _caseloads(source=source, people=people, on=on)
    if reasons:
        relate(reasons=reasons, by=by)


def _caseloads(*, source: Source, people: Sequence[Arrived], on: date) -> list[Reason]:
    """The caseload of the one team that the pack names, else of whichever team is responsible for each."""
    teams: list[UUID | None]
    if source.relates_team_id:
        teams = [source.relates_team_id] * len(people)
    else:
        asked = [(one.postcode, one.practice_code) for one in people]
        found = teams_responsible(asked, on=on, place=source.place.code)
        teams = [one.team.pk if one.team else None for one in found]
    return [
        Reason(
            person=one.person,
            kind=RelationKind.CASELOAD,
            team=team,
            starts_on=on,
            words=f"Sent by {source.name}",
            source=source.pk,
        )
        for one, team in zip(people, teams, strict=True)
        if team is not None
    ]


def _registrations(*, source: Source, people: Sequence[Arrived], on: date, by: Viewer) -> list[Reason]:
    codes = {one.practice_code for one in people if one.practice_code}
    practices = dict(Organisation.objects.filter(place=source.place_id, code__in=codes).values_list("code", "pk"))
    registered = {one.person: practices[one.practice_code] for one in people if one.practice_code in practices}
    left = Relationship.objects.filter(
        person__in=list(registered), kind=RelationKind.REGISTERED_PRACTICE, source=source, ended_at=None
    )
    for row in left:
        if row.organisation_id != registered[row.person_id]:
            end_relationship(relationship=row, ends_on=on, reason="Registered with another practice.", by=by)
    return [
        Reason(
            person=person,
            kind=RelationKind.REGISTERED_PRACTICE,
            organisation=practice,
            starts_on=on,
            words="Registered patient",
            source=source.pk,
        )
        for person, practice in registered.items()
    ]


class Move(Protocol):
    """One patient that went from one person to another."""

    @property
    def patient(self) -> UUID: ...
    @property
    def was(self) -> UUID: ...
    @property
    def now(self) -> UUID: ...


@transaction.atomic
def follow_patients(*, moves: Sequence[Move], by: Viewer) -> None:
    """Let the reasons that a source asserted follow its patients to the people whom they are linked to now.

    They end for whoever none of that source's patients stays with.
    """
    held = Patient.objects.select_related("source").in_bulk([move.patient for move in moves])
    asserting: dict[UUID, list[Move]] = {}
    for move in moves:
        if held[move.patient].source.asserts:
            asserting.setdefault(held[move.patient].source_id, []).append(move)
    for source, those in asserting.items():
        left = {move.was for move in those}
        left -= set(
            Link.objects.filter(person__in=left, ended_at=None, patient__source=source).values_list("person", flat=True)
        )
        for row in Relationship.objects.filter(person__in=left, source=source, ended_at=None).order_by("pk"):
            end_relationship(relationship=row, ends_on=day_of(by.at), reason=NOT_THEIRS, by=by)
        arrived = [
            Arrived(person=move.now, practice_code=patient.practice_code, postcode=patient.postcode)
            for move in those
            for patient in [held[move.patient]]
        ]
        relate_from_source(source=held[those[0].patient].source, people=arrived, by=by)
