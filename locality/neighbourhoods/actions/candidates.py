"""Putting somebody forward to a team, and taking it back."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from locality.access.actions import Reason, end_relationship, relate, show
from locality.access.models import Relationship
from locality.access.rules import Relation, RelationKind
from locality.base import NotFound, Refused, Viewer, ViewerKind
from locality.base.periods import day_of
from locality.journal.actions import log
from locality.neighbourhoods.actions import relationships
from locality.neighbourhoods.actions.caseload_rows import says_why
from locality.neighbourhoods.models import Candidate
from locality.neighbourhoods.queries.candidates import PutForward, candidate_of, candidates
from locality.neighbourhoods.queries.seen import known_until_now, seen_by
from locality.neighbourhoods.rules.candidates import LAWFUL_BASIS, Agreed, CandidateState
from locality.neighbourhoods.rules.caseload import CameFrom
from locality.people.models import Person

NOBODY = "Nobody like that waits for this team."
SAY_WHY_NOT = "Say why not: whoever put them forward reads it."
ANOTHER_DAY = "That was answered on another day: put them forward again."
WAITS_ALREADY = "They were put forward again since."


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """Whom to put forward: to which team, why, and whether they agreed. `data_class` is what the reason tells.

    Unless it is said, they came from the list that `about` names, or else from whoever thought of them. `once` names
    the news they are offered for.
    """

    person: UUID
    team: UUID
    why: str
    agreed: Agreed
    data_class: str
    sender: UUID
    about: str = ""
    offer: str = ""
    came_from: CameFrom | None = None
    once: str = ""


@transaction.atomic
def put_forward(*, put: Put, by: Viewer) -> Candidate:
    """Put somebody forward to a team, which may know them from now on; who waits there already is not put twice."""
    _one_at_a_time(put)
    waiting = candidate_of(person=put.person, team=put.team)
    if waiting is not None:
        return waiting
    row = Candidate.objects.create(
        person_id=put.person,
        team_id=put.team,
        came_from=put.came_from or (CameFrom.FINDING if put.about else CameFrom.NOMINATION),
        about=put.about,
        once=put.once,
        why=put.why,
        offer=put.offer,
        agreed=put.agreed,
        lawful_basis=LAWFUL_BASIS,
        relationship=_reason_to_know(person=put.person, team=put.team, by=by),
        made_at=by.at,
        made_by=by.id,
        data_class=put.data_class,
        sender_id=put.sender,
    )
    log(what="candidate.made", by=by, person=put.person, about=row.pk)
    return row


@transaction.atomic
def withdraw_candidate(*, candidate: UUID, by: Viewer) -> Candidate:
    """Take somebody back who was put forward; the team's reason to know them ends, if it was written for this."""
    row = Candidate.objects.select_for_update().filter(pk=candidate, state=CandidateState.WAITING).first()
    if row is None:
        raise NotFound(NOBODY)
    row.state, row.withdrawn_at, row.withdrawn_by = CandidateState.WITHDRAWN, by.at, by.id
    row.save(update_fields=["state", "withdrawn_at", "withdrawn_by"])
    if row.relationship is not None and row.relationship.ended_at is None:
        end_relationship(relationship=row.relationship, ends_on=day_of(by.at), reason="Taken back", by=by)
    relationships.end_handed(person=row.person_id, team=row.team_id, by=by)
    relationships.still_to_do(person=row.person_id, team=row.team_id, by=by)
    log(what="candidate.withdrawn", by=by, person=row.person_id, about=row.pk)
    return row


@transaction.atomic
def decline(*, candidate: UUID, why: str, by: Viewer) -> Candidate:
    """Say that the team does not take somebody on, and why: whoever put them forward reads it.

    Raises Refused, NotFound. The team's reason to know them ends, if it was written for this.
    """
    words = says_why(why, SAY_WHY_NOT)
    row = _of_own_team(candidate, state=CandidateState.WAITING, by=by)
    row.state, row.answered_at, row.answered_by, row.answer_why = CandidateState.NOT_TAKEN_ON, by.at, by.id, words
    row.save(update_fields=["state", "answered_at", "answered_by", "answer_why"])
    if row.relationship is not None and row.relationship.ended_at is None:
        end_relationship(relationship=row.relationship, ends_on=day_of(by.at), reason="Not taken on", by=by)
    relationships.end_handed(person=row.person_id, team=row.team_id, by=by)
    relationships.still_to_do(person=row.person_id, team=row.team_id, by=by)
    log(what="candidate.declined", by=by, person=row.person_id, about=row.pk)
    return row


@transaction.atomic
def let_wait(*, candidate: UUID, by: Viewer) -> Candidate:
    """Take back, on the same day, that somebody is not taken on: they wait again. Raises NotFound, Refused."""
    row = _of_own_team(candidate, state=CandidateState.NOT_TAKEN_ON, by=by)
    if row.answered_at is None or day_of(row.answered_at) != day_of(by.at):
        raise Refused(ANOTHER_DAY)
    Person.objects.select_for_update(no_key=True).get(pk=row.person_id)
    if candidate_of(person=row.person_id, team=row.team_id) is not None:
        raise Refused(WAITS_ALREADY)
    row.state, row.answered_at, row.answered_by, row.answer_why = CandidateState.WAITING, None, None, ""
    row.relationship = _reason_to_know(person=row.person_id, team=row.team_id, by=by)
    row.save(update_fields=["state", "answered_at", "answered_by", "answer_why", "relationship"])
    log(what="candidate.waits-again", by=by, person=row.person_id, about=row.pk)
    return row


def _of_own_team(candidate: UUID, *, state: CandidateState, by: Viewer) -> Candidate:
    rows = Candidate.objects.filter(pk=candidate, state=state)
    if by.kind == ViewerKind.PRACTITIONER:
        shown = seen_by if state == CandidateState.WAITING else known_until_now
        rows = shown(by, rows, relation=Relation.REFERRAL)
    row = rows.select_for_update(of=("self",)).first()
    if row is None:
        raise NotFound(NOBODY)
    return row


@transaction.atomic
def list_candidates(*, by: Viewer) -> list[PutForward]:
    """Who waits for the viewer's teams; everybody named is written down as shown."""
    found = candidates(viewer=by)
    show(people_ids=[one.person.pk for one in found], what="candidate.listed", by=by)
    return found


def _one_at_a_time(put: Put) -> None:
    # two lists of one person are reviewed at once: the second finds whom the first put forward. Before the first there
    # is no candidate to lock
    Person.objects.select_for_update(no_key=True).get(pk=put.person)


def _reason_to_know(*, person: UUID, team: UUID, by: Viewer) -> Relationship | None:
    """The referral that was written for this; None where the team had one already."""
    on = day_of(by.at)
    words = "Put forward to the team"
    reason = Reason(person=person, kind=RelationKind.REFERRAL, starts_on=on, words=words, team=team)
    if not relate(reasons=[reason], by=by):
        return None
    rows = Relationship.objects.filter(person=person, kind=RelationKind.REFERRAL, team=team, ended_at=None)
    return rows.order_by("-made_at", "-pk").first()
