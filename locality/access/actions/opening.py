"""The only ways to a person: finding, showing and opening them; and the rows that give a reason to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from django.db import connection, transaction

from locality.access import queries, rules
from locality.access.models import Relationship
from locality.access.queries import Grant
from locality.access.rules import RelationKind
from locality.base import NoAccess, NotFound, Refused, Viewer
from locality.base.periods import day_of
from locality.base.words import sort_key
from locality.directory.models import Organisation, Source
from locality.directory.queries import teams_responsible
from locality.journal.actions import line, log, log_each, log_rows
from locality.methods.nhs_number import NhsNumberState, plain, state
from locality.people import queries as people
from locality.people.models import Link, Patient, Person
from locality.people.queries.earlier import who_is_earlier

MOST_FOUND = 20

NO_REASON = (
    "Nobody has recorded why your team may see this person: they are not on your caseload or practice list, "
    "and there is no open referral, visit or meeting."
)
ENDED = "Your team's reason to see this person has ended."
NOT_THEIRS = "The sender's record turned out to be about another person."
ROLE_CANNOT = "The role you signed in with does not open people's records."


# ---- reasons to know a person


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


# ---- finding, showing, opening


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """As much of a person as confirms that they are the right one; more where the viewer may open them."""

    id: UUID
    family: str
    given: str
    likes: str
    sex: str
    birth_on: date | None
    birth_year: str
    nhs_number_end: str
    postcode_area: str
    practice_words: str
    died: bool
    may_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What was searched for and who was found."""

    found: tuple[Found, ...]
    more: bool
    looked_for: str
    hint: str


@transaction.atomic
def find(*, words: str, born: people.Born | None, by: Viewer) -> Search:
    """Find a person by NHS number in any spacing, or by name and, better, birth date.

    Forgiving of spelling. Everyone shown is written down as shown. Raises NoAccess for a role that finds nobody.
    """
    if not rules.may_find(by):
        raise NoAccess("The role you signed in with does not look people up.")
    number, hint, looked_for = plain(words), "", "name"
    if number.isdigit() and len(number) >= 9:
        looked_for = "NHS number"
        rows = list(people.found_by_number(number)[: MOST_FOUND + 1])
        if state(number) != NhsNumberState.VALID:
            hint = "This is not a valid NHS number: a digit may be wrong or missing."
    else:
        key = sort_key(words)
        rows, hint = _by_name(key, born=born)
    shown = rows[:MOST_FOUND]
    openable = queries.openable(viewer=by, person_ids=[row.pk for row in shown], on=day_of(by.at))
    show(people_ids=[row.pk for row in shown], what="person.found", by=by)
    return Search(
        found=tuple(found(row, may_open=row.pk in openable) for row in shown),
        more=len(rows) > MOST_FOUND,
        looked_for=looked_for,
        hint=hint,
    )


@transaction.atomic
def confirm(*, person_id: UUID, by: Viewer) -> Found:
    """As much of one person as tells whether they are the right one; raises NoAccess for a role that finds nobody."""
    if not rules.may_find(by):
        raise NoAccess("The role you signed in with does not look people up.")
    person = people.same_person(person_id)[0]
    if who_is_earlier([person.pk]):
        raise NotFound("There is no such person here.")
    openable = queries.openable(viewer=by, person_ids=[person.pk], on=day_of(by.at))
    show(people_ids=[person.pk], what="person.confirmed", by=by)
    return found(person, may_open=person.pk in openable)


def _by_name(key: str, *, born: people.Born | None) -> tuple[list[Person], str]:
    if len(key) < 2:
        return [], "Type at least two letters of a name."
    rows = list(people.found_by_name(words=key, born=born, most=MOST_FOUND + 1))
    if rows or born is None or born[0] != born[1]:
        return rows, ""
    others = list(people.found_by_birth_date(born=born, most=MOST_FOUND + 1))
    return others, "Nobody of that name was born on that day. These people were." if others else ""


def found(person: Person, *, may_open: bool) -> Found:
    """As much of a person as confirms that they are the right one; more where the viewer may open them."""
    return Found(
        id=person.pk,
        family=person.family,
        given=person.given,
        likes=person.likes,
        sex=person.sex,
        birth_on=person.birth_on if may_open else None,
        birth_year=person.birth_text[:4],
        nhs_number_end=person.nhs_number[-3:],
        postcode_area="" if person.protected else person.postcode.split(" ")[0],
        practice_words=person.practice_words if may_open else "",
        died=person.died,
        may_open=may_open,
    )


def show(*, people_ids: Sequence[UUID], what: str, by: Viewer) -> None:
    """Write down whom a list showed: one insert for all of them."""
    log_each(what=what, by=by, people=people_ids)


@transaction.atomic
def open_record(*, person_id: UUID, by: Viewer, what: str = "record.opened", about: UUID | None = None) -> Grant:
    """Open a person's record, or raise NoAccess. Both are audited: the refusal by the edge, after the rollback.

    `what` says how it is opened (printed, exported), `about` which line of it.
    """
    # people are askable: knowing that somebody exists is found out by a search, which is audited too
    same = people.same_person(person_id)
    person, ids = same[0], [row.pk for row in same]
    # nor is it found out that somebody lived under another identity before: to everybody, that person is not there
    if who_is_earlier([person.pk]):
        raise NotFound("There is no such person here.")
    on = day_of(by.at)
    relation = queries.relation(viewer=by, person_ids=ids, on=on)
    opening = rules.opening(viewer=by, relation=relation)
    if not opening.opens:
        raise NoAccess(_why_not(by=by, relation=relation))
    before = _look(person=person, by=by)
    log(what=what, by=by, person=person.pk, about=about, detail={"relation": relation})
    return Grant(
        viewer=by,
        person=person,
        person_ids=tuple(ids),
        opening=opening,
        on=on,
        looked_before_at=before,
    )


def _why_not(*, by: Viewer, relation: rules.Relation) -> str:
    if not rules.opening(viewer=by, relation=rules.Relation.OWN_TEAM).opens:
        return ROLE_CANNOT
    return ENDED if relation == rules.Relation.ENDED else NO_REASON


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


def refuse(*, what: str, by: Viewer, person: UUID | None = None, reason: str = "") -> None:
    """Write a refusal down. Called by edges, once, after what was asked has been rolled back."""
    log(what=what, by=by, person=person, outcome="refused", reason=reason)
