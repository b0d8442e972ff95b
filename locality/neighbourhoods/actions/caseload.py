"""Taking somebody on to a team's caseload, who coordinates it, and coming off."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction

from locality.access.actions import Reason, end_relationship, relate
from locality.access.models import Relationship
from locality.access.rules import DataClass, RelationKind
from locality.base import NotFound, Refused, Viewer
from locality.base.periods import day_of
from locality.journal.actions import log
from locality.neighbourhoods.models import Allocation, Candidate, Caseload, CaseloadHistory
from locality.neighbourhoods.queries.candidates import candidate_of
from locality.neighbourhoods.rules.candidates import LAWFUL_BASIS, Agreed, CandidateState
from locality.neighbourhoods.rules.caseload import CameFrom, OffReason, Stage
from locality.neighbourhoods.rules.tasks import Priority
from locality.people.models import Person

ON_IT_ALREADY = "They are on this team's caseload already."
NOT_ON_IT = "Nobody like that is on this team's caseload."
SAY_WHY = "Say why the team looks after them."


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOn:
    """Whom a team takes on: why, on what basis, who coordinates, and when it is looked at again."""

    person: UUID
    team: UUID
    why: str
    agreed: Agreed
    review_on: date
    sender: UUID
    came_from: CameFrom
    coordinator: UUID | None = None
    lawful_basis: str = LAWFUL_BASIS
    priority: Priority = Priority.ROUTINE
    priority_why: str = ""


@transaction.atomic
def take_on(*, new: TakenOn, by: Viewer) -> Caseload:
    """Take somebody on; the team may know them from now on, and a candidate who waited is answered.

    Raises Refused where they are on it already, or no reason is given.
    """
    if not new.why.strip():
        raise Refused(SAY_WHY)
    # two take on the same person at once: before the first there is no row to lock
    Person.objects.select_for_update(no_key=True).get(pk=new.person)
    candidate = candidate_of(person=new.person, team=new.team)
    try:
        with transaction.atomic():
            row = Caseload.objects.create(
                person_id=new.person,
                team_id=new.team,
                came_from=new.came_from,
                candidate=candidate,
                relationship=_reason_to_know(new, by=by),
                why=new.why.strip(),
                agreed=new.agreed,
                lawful_basis=new.lawful_basis,
                priority=new.priority,
                priority_why=new.priority_why,
                review_on=new.review_on,
                data_class=DataClass.WORK,
                sender_id=new.sender,
                taken_on_at=by.at,
                taken_on_by=by.id,
            )
    except IntegrityError as at_the_same_time:
        raise Refused(ON_IT_ALREADY) from at_the_same_time
    if candidate is not None:
        _answered(candidate, CandidateState.TAKEN_ON, new.why, by=by)
    _history(row, "taken on", became=row.stage, why=row.why, by=by)
    if new.coordinator is not None:
        allocate(row=row, coordinator=new.coordinator, why="", by=by)
    log(what="caseload.taken-on", by=by, person=new.person, about=row.pk)
    return row


@transaction.atomic
def allocate(*, row: Caseload, coordinator: UUID, why: str, by: Viewer) -> Allocation:
    """Name who coordinates from now on; who did before stays in the history."""
    Caseload.objects.select_for_update().get(pk=row.pk)
    before = Allocation.objects.filter(caseload=row, ends_at=None).first()
    if before is not None and before.coordinator_id == coordinator:
        return before
    if before is not None:
        before.ends_at, before.ended_by = by.at, by.id
        before.save(update_fields=["ends_at", "ended_by"])
    made = Allocation.objects.create(
        caseload=row, coordinator_id=coordinator, why=why.strip(), starts_at=by.at, made_by=by.id
    )
    log(what="caseload.allocated", by=by, person=row.person_id, about=row.pk)
    return made


@transaction.atomic
def come_off(*, caseload: UUID, reason: OffReason, words: str, by: Viewer) -> Caseload:
    """Take somebody off, with the reason; the team's reason to know them ends today. Raises NotFound, Refused."""
    row = Caseload.objects.select_for_update().filter(pk=caseload, off_at=None).first()
    if row is None:
        raise NotFound(NOT_ON_IT)
    was, row.stage = row.stage, Stage.OFF
    row.off_at, row.off_by, row.off_reason, row.off_words = by.at, by.id, reason, words.strip()
    row.save(update_fields=["stage", "off_at", "off_by", "off_reason", "off_words"])
    Allocation.objects.filter(caseload=row, ends_at=None).update(ends_at=by.at, ended_by=by.id)
    if row.relationship is not None and row.relationship.ended_at is None:
        end_relationship(relationship=row.relationship, ends_on=day_of(by.at), reason="Came off the caseload", by=by)
    _history(row, "came off", was=was, became=row.stage, why=words.strip() or str(reason), by=by)
    log(what="caseload.came-off", by=by, person=row.person_id, about=row.pk)
    return row


def _answered(candidate: Candidate, state: CandidateState, why: str, *, by: Viewer) -> None:
    candidate.state, candidate.answered_at, candidate.answered_by, candidate.answer_why = state, by.at, by.id, why
    candidate.save(update_fields=["state", "answered_at", "answered_by", "answer_why"])


def _history(row: Caseload, what: str, *, was: str = "", became: str = "", why: str = "", by: Viewer) -> None:
    CaseloadHistory.objects.create(caseload=row, what=what, was=was, became=became, why=why, at=by.at, by=by.id)


def _reason_to_know(new: TakenOn, *, by: Viewer) -> Relationship | None:
    """The reason that being on the caseload gives; what held already is the one that ends with it."""
    reason = Reason(
        person=new.person, kind=RelationKind.CASELOAD, starts_on=day_of(by.at), words=new.why.strip(), team=new.team
    )
    relate(reasons=[reason], by=by)
    rows = Relationship.objects.filter(person=new.person, kind=RelationKind.CASELOAD, team=new.team, ended_at=None)
    return rows.order_by("-made_at", "-pk").first()
