"""Putting somebody forward to a team, and taking it back."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from locality.access.actions import Reason, end_relationship, relate, show
from locality.access.models import Relationship
from locality.access.rules import RelationKind
from locality.base import NotFound, Refused, Viewer
from locality.base.periods import day_of
from locality.journal.actions import log
from locality.neighbourhoods.models import Candidate
from locality.neighbourhoods.queries.candidates import PutForward, candidate_of, candidates
from locality.neighbourhoods.rules.candidates import LAWFUL_BASIS, Agreed, CandidateState
from locality.people.models import Person

NOBODY = "Nobody like that waits for this team."
SAY_WHY_NOT = "Say why they are not taken on."


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """Whom to put forward: to which team, why, and whether they agreed. `data_class` is what the reason tells."""

    person: UUID
    team: UUID
    why: str
    agreed: Agreed
    data_class: str
    sender: UUID
    about: str = ""
    offer: str = ""


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
        about=put.about,
        why=put.why,
        offer=put.offer,
        agreed=put.agreed,
        lawful_basis=LAWFUL_BASIS,
        relationship=_reason_to_know(put, by=by),
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
    log(what="candidate.withdrawn", by=by, person=row.person_id, about=row.pk)
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


def _reason_to_know(put: Put, *, by: Viewer) -> Relationship | None:
    """The referral that was written for this; None where the team had one already."""
    on = day_of(by.at)
    words = "Put forward to the team"
    reason = Reason(person=put.person, kind=RelationKind.REFERRAL, starts_on=on, words=words, team=put.team)
    if not relate(reasons=[reason], by=by):
        return None
    rows = Relationship.objects.filter(person=put.person, kind=RelationKind.REFERRAL, team=put.team, ended_at=None)
    return rows.order_by("-made_at", "-pk").first()


@transaction.atomic
def answer_candidate(*, candidate: UUID, why: str, by: Viewer) -> Candidate:
    """Say that somebody is not taken on, and why; the reason to know them that was written for it ends.

    Whoever is taken on is answered by `caseload.take_on`. Raises NotFound where they do not wait, Refused without why.
    """
    if not why.strip():
        raise Refused(SAY_WHY_NOT)
    row = Candidate.objects.select_for_update(of=("self",)).select_related("relationship").filter(pk=candidate).first()
    if row is None or row.state != CandidateState.WAITING:
        raise NotFound(NOBODY)
    row.state, row.answered_at, row.answered_by = CandidateState.NOT_TAKEN_ON, by.at, by.id
    row.answer_why = why.strip()
    row.save(update_fields=["state", "answered_at", "answered_by", "answer_why"])
    if row.relationship is not None and row.relationship.ended_at is None:
        end_relationship(relationship=row.relationship, ends_on=day_of(by.at), reason="Not taken on", by=by)
    log(what="candidate.not-taken-on", by=by, person=row.person_id, about=row.pk)
    return row
