"""Taking somebody on to a team's caseload, who coordinates it, and coming off."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction

from locality.access.actions import Reason, end_relationship, relate
from locality.access.models import Relationship
from locality.access.queries.conflicting import barred_from
from locality.access.rules import DataClass, RelationKind
from locality.base import Refused, Viewer
from locality.base.periods import day_of
from locality.directory.queries import SOMEBODY, is_member, names_of
from locality.journal.actions import log
from locality.neighbourhoods.actions import relationships
from locality.neighbourhoods.actions.caseload_rows import changed, history, open_place, says_why
from locality.neighbourhoods.models import Allocation, Candidate, Caseload
from locality.neighbourhoods.queries.candidates import candidate_of
from locality.neighbourhoods.queries.places import open_places_of
from locality.neighbourhoods.rules.candidates import LAWFUL_BASIS, Agreed, CandidateState
from locality.neighbourhoods.rules.caseload import CameFrom, Happened, OffReason, Stage, check_review_day
from locality.neighbourhoods.rules.tasks import Priority
from locality.people.models import Person
from locality.people.queries import same_person

ON_IT_ALREADY = "They are on this team's caseload already."
SAY_WHY = "Say why the team looks after them."
NOT_OF_THE_TEAM = "Whoever coordinates works in the team: choose somebody of it."
NOT_THEY = "They must not look at this person's record, so they cannot coordinate it: choose somebody else."
ANSWERED_ALREADY = "{who} answered already: {state}. Look at it as it is now, then decide again."
TOO_LATE = "They came off on another day: take them on again, with a reason."


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOn:
    """Whom a team takes on: why, who coordinates, and when it is looked at again; `candidate`, whom it answers."""

    person: UUID
    team: UUID
    why: str
    agreed: Agreed
    review_on: date
    sender: UUID
    came_from: CameFrom
    candidate: UUID | None = None
    coordinator: UUID | None = None
    priority: Priority = Priority.ROUTINE
    priority_why: str = ""


@transaction.atomic
def take_on(*, new: TakenOn, by: Viewer) -> Caseload:
    """Take somebody on; the team may know them from now on, and a candidate who waited is answered.

    Raises Refused where they are on it already, or no reason or day is given.
    """
    says_why(new.why, SAY_WHY)
    check_review_day(review_on=new.review_on, on=day_of(by.at))
    # two take on the same person at once: before the first there is no row to lock
    Person.objects.select_for_update(no_key=True).get(pk=new.person)
    # those who were merged are one: on it once
    if open_places_of(person=new.person, team=new.team).exists():
        raise Refused(ON_IT_ALREADY)
    waits = candidate_of(person=new.person, team=new.team)
    candidate = _still_waiting(new.candidate or (waits.pk if waits else None))
    row = _placed(new, candidate, by=by)
    if candidate is not None:
        _answered(candidate, new.why, by=by)
    history(row, Happened.TAKEN_ON, became=row.stage, why=row.why, by=by)
    if new.coordinator is not None:
        allocate(row=row, coordinator=new.coordinator, why="", by=by)
    log(what="caseload.taken-on", by=by, person=new.person, about=row.pk)
    return row


def allocate(*, row: Caseload, coordinator: UUID, why: str, by: Viewer) -> Allocation:
    """Name who coordinates from now on (`hand_over`)."""
    return hand_over(caseload=row.pk, coordinator=coordinator, why=why, by=by)


@transaction.atomic
def hand_over(*, caseload: UUID, coordinator: UUID, why: str, by: Viewer, version: int | None = None) -> Allocation:
    """Name who coordinates from now on; who did before stays in the history.

    Raises Refused for whoever is not of the team, or must not look at the person; NotFound; Overtaken where `version`
    is not the one that is there.
    """
    row = open_place(caseload, version=version, by=by)
    before = Allocation.objects.filter(caseload=row, ends_at=None).first()
    if before is not None and before.coordinator_id == coordinator:
        return before
    _may_coordinate(row, coordinator, by=by)
    if before is not None:
        before.ends_at, before.ended_by = by.at, by.id
        before.save(update_fields=["ends_at", "ended_by"])
    made = Allocation.objects.create(
        caseload=row, coordinator_id=coordinator, why=why.strip(), starts_at=by.at, made_by=by.id
    )
    was = str(before.coordinator_id) if before else ""
    changed(row)
    history(row, Happened.ALLOCATED, was=was, became=str(coordinator), why=why.strip(), by=by)
    log(what="caseload.allocated", by=by, person=row.person_id, about=row.pk)
    return made


@transaction.atomic
def come_off(*, caseload: UUID, reason: OffReason, words: str, by: Viewer, version: int | None = None) -> Caseload:
    """Take somebody off, with the reason; the team's reason to know them ends today.

    Whoever was merged with them comes off too: else the team would still hold them, and see them no more. Raises
    NotFound, Refused, Overtaken.
    """
    row = open_place(caseload, version=version, by=by)
    person = same_person(row.person_id)[0].pk
    for one in open_places_of(person=person, team=row.team_id).select_for_update(of=("self",)).order_by("pk"):
        _off(one, reason, words.strip(), by=by)
    row.refresh_from_db()
    return row


@transaction.atomic
def come_back(*, caseload: UUID, by: Viewer) -> Caseload:
    """Put somebody back who came off today, as they were; raises NotFound, Refused on another day."""
    row = open_place(caseload, by=by, is_off=True)
    if row.off_at is None or day_of(row.off_at) != day_of(by.at):
        raise Refused(TOO_LATE)
    Person.objects.select_for_update(no_key=True).get(pk=row.person_id)
    if open_places_of(person=same_person(row.person_id)[0].pk, team=row.team_id).exists():
        raise Refused(ON_IT_ALREADY)
    last = row.history.filter(what=Happened.CAME_OFF).order_by("-at", "-pk").first()
    was, coordinated_until = Stage(last.was) if last else Stage.NEW, row.off_at
    row.stage, row.off_at, row.off_by, row.off_reason, row.off_words = was, None, None, "", ""
    row.relationship = _reason_to_know(row.person_id, row.team_id, row.why, by=by)
    changed(row, "stage", "off_at", "off_by", "off_reason", "off_words", "relationship")
    history(row, Happened.CAME_BACK, was=Stage.OFF, became=was, by=by)
    log(what="caseload.came-back", by=by, person=row.person_id, about=row.pk)
    before = row.allocations.filter(ends_at=coordinated_until).first()
    if before is not None and is_member(before.coordinator_id, team=row.team_id, on=day_of(by.at)):
        allocate(row=row, coordinator=before.coordinator_id, why="", by=by)
    return row


def _placed(new: TakenOn, candidate: Candidate | None, *, by: Viewer) -> Caseload:
    try:
        with transaction.atomic():
            return Caseload.objects.create(
                person_id=new.person,
                team_id=new.team,
                came_from=new.came_from,
                candidate=candidate,
                relationship=_reason_to_know(new.person, new.team, new.why.strip(), by=by),
                why=new.why.strip(),
                agreed=new.agreed,
                lawful_basis=LAWFUL_BASIS,
                priority=new.priority,
                priority_why=new.priority_why.strip(),
                review_on=new.review_on,
                data_class=DataClass.WORK,
                sender_id=new.sender,
                taken_on_at=by.at,
                taken_on_by=by.id,
            )
    except IntegrityError as at_the_same_time:
        raise Refused(ON_IT_ALREADY) from at_the_same_time


def _off(row: Caseload, reason: OffReason, words: str, *, by: Viewer) -> None:
    was, row.stage = row.stage, Stage.OFF
    row.off_at, row.off_by, row.off_reason, row.off_words = by.at, by.id, reason, words
    changed(row, "stage", "off_at", "off_by", "off_reason", "off_words")
    Allocation.objects.filter(caseload=row, ends_at=None).update(ends_at=by.at, ended_by=by.id)
    if row.relationship_id is not None:
        held = Relationship.objects.select_for_update().get(pk=row.relationship_id)
        if held.ended_at is None:
            end_relationship(relationship=held, ends_on=day_of(by.at), reason="Came off the caseload", by=by)
    relationships.still_to_do(person=row.person_id, team=row.team_id, by=by)
    history(row, Happened.CAME_OFF, was=was, became=row.stage, why=words or str(reason), by=by)
    log(what="caseload.came-off", by=by, person=row.person_id, about=row.pk)


def _may_coordinate(row: Caseload, coordinator: UUID, *, by: Viewer) -> None:
    on = day_of(by.at)
    if not is_member(coordinator, team=row.team_id, on=on):
        raise Refused(NOT_OF_THE_TEAM)
    if barred_from(same_person(row.person_id)[0].pk, practitioners=[coordinator], on=on):
        raise Refused(NOT_THEY)


def _still_waiting(candidate: UUID | None) -> Candidate | None:
    """The candidate, held until this ends; Refused with whoever answered since they were looked at."""
    if candidate is None:
        return None
    row = Candidate.objects.select_for_update(of=("self",)).get(pk=candidate)
    if row.state != CandidateState.WAITING:
        who = next(iter(names_of([row.answered_by or row.withdrawn_by]).values()), SOMEBODY)
        raise Refused(ANSWERED_ALREADY.format(who=who, state=row.state))
    return row


def _answered(candidate: Candidate, why: str, *, by: Viewer) -> None:
    candidate.state, candidate.answer_why = CandidateState.TAKEN_ON, why.strip()
    candidate.answered_at, candidate.answered_by = by.at, by.id
    candidate.save(update_fields=["state", "answered_at", "answered_by", "answer_why"])
    # from now on they know them by the caseload: what was written for putting them forward would outlast it
    if candidate.relationship is not None and candidate.relationship.ended_at is None:
        words = "Taken on to the caseload"
        end_relationship(relationship=candidate.relationship, ends_on=day_of(by.at), reason=words, by=by)
    relationships.end_handed(person=candidate.person_id, team=candidate.team_id, by=by)


def _reason_to_know(person: UUID, team: UUID, why: str, *, by: Viewer) -> Relationship | None:
    """The reason that being on the caseload gives; what held already is the one that ends with it."""
    reason = Reason(person=person, kind=RelationKind.CASELOAD, starts_on=day_of(by.at), words=why, team=team)
    relate(reasons=[reason], by=by)
    rows = Relationship.objects.filter(person=person, kind=RelationKind.CASELOAD, team=team, ended_at=None)
    return rows.order_by("-made_at", "-pk").first()
