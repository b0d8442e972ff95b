"""The rows that give a reason to know a person: made, ended, asserted by sources, following their patients."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from locality.access.models import Relationship
from locality.access.rules import RelationKind
from locality.base import Refused, Viewer
from locality.base.periods import day_of
from locality.directory.models import Organisation, Source
from locality.directory.queries import teams_responsible
from locality.journal.actions import line, log, log_rows
from locality.people.models import Link, Patient, Person
from locality.people.queries import same_person

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
def relate_shared(*, reason: Reason, by: Viewer) -> Relationship | None:
    """The one open row that several things stand on together, made where there is none: nobody ends it meanwhile.

    None where there is a reason in other words already, which must not end with this.
    """
    return _shared(reason, by=by) or _shared(reason, by=by)


def _shared(reason: Reason, *, by: Viewer) -> Relationship | None:
    relate(reasons=[reason], by=by)
    rows = Relationship.objects.select_for_update(no_key=True, of=("self",)).filter(
        person=reason.person,
        kind=reason.kind,
        team=reason.team,
        organisation=reason.organisation,
        practitioner=None,
        reason=reason.words,
        ends_on=None,
        ended_at=None,
    )
    # what is waited for here may have been ended meanwhile: then there is none, and it is made anew
    return rows.first()


def still_open(relationship: Relationship | None) -> Relationship | None:
    """The row as it stands, kept from being shared or ended until the transaction is done; None once it has ended."""
    if relationship is None:
        return None
    rows = Relationship.objects.select_for_update(no_key=True, of=("self",))
    return rows.filter(pk=relationship.pk, ended_at=None).first()


@transaction.atomic
def end_relationship(*, relationship: Relationship, ends_on: date, reason: str, by: Viewer) -> Relationship:
    """End a reason to know a person from a day on; raise Refused when it has already ended.

    What says the same of somebody merged with them ends too: else the team would still know them.
    """
    row = Relationship.objects.select_for_update().get(pk=relationship.pk)
    if row.ended_at is not None:
        raise Refused("This has already been ended.")
    for one in (row, *_twins(row)):
        one.ends_on, one.ended_at, one.ended_by, one.ended_reason = max(ends_on, one.starts_on), by.at, by.id, reason
        one.save(update_fields=["ends_on", "ended_at", "ended_by", "ended_reason"])
        log(what="relationship.ended", by=by, person=one.person_id, about=one.pk, reason=reason)
    return row


def _twins(row: Relationship) -> QuerySet[Relationship]:
    """The same reason again, written for somebody merged with this person."""
    same = {name: getattr(row, name) for name in ("kind", "team", "organisation", "practitioner", "source")}
    others = Relationship.objects.select_for_update().exclude(pk=row.pk).order_by("pk")
    return others.filter(person__in=[one.pk for one in same_person(row.person_id)], ended_at=None, **same)


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
    became = dict(Person.objects.filter(merged_into__in=list(registered)).values_list("pk", "merged_into"))
    left = Relationship.objects.filter(
        person__in=[*registered, *became], kind=RelationKind.REGISTERED_PRACTICE, source=source, ended_at=None
    )
    # the twins of one that ended have ended with it
    ended: set[tuple[UUID, UUID | None]] = set()
    for row in left.order_by("pk"):
        person = became.get(row.person_id) or row.person_id
        if row.organisation_id != registered[person] and (person, row.organisation_id) not in ended:
            ended.add((person, row.organisation_id))
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
