"""Who was put forward to the viewer's teams."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, QuerySet

from locality.access.queries.knowing import KEPT
from locality.access.rules import Relation
from locality.base import NotFound, Viewer
from locality.directory.queries import names_of
from locality.neighbourhoods.models import Candidate
from locality.neighbourhoods.queries.seen import seen_by
from locality.neighbourhoods.rules.candidates import CandidateState
from locality.neighbourhoods.rules.caseload import CameFrom
from locality.people.models import Person

MOST_SHOWN = 100
NOBODY = "Nobody like that waits for your teams: somebody may have answered already."


@dataclass(frozen=True, slots=True, kw_only=True)
class PutForward:
    """One candidate of the viewer's teams: who, why, by whom."""

    id: UUID
    person: Person
    team: str
    team_id: UUID
    came_from: CameFrom
    why: str
    offer: str
    agreed: str
    by_name: str
    by_organisation: str
    made_at: datetime


def seen_candidates(viewer: Viewer) -> QuerySet[Candidate]:
    """The predicate: candidates of the viewer's own teams, people whom they may know today."""
    return seen_by(viewer, Candidate.objects.all(), relation=Relation.REFERRAL)


def candidates(*, viewer: Viewer, team: UUID | None = None, most: int = MOST_SHOWN) -> list[PutForward]:
    """Who waits for the viewer's teams, or one of them, put forward longest ago first. Three queries."""
    rows = _waiting(viewer, team)
    return _put_forward(rows.order_by("made_at", "id")[:most])


def candidate(*, viewer: Viewer, candidate_id: UUID) -> PutForward:
    """One who waits for the viewer's teams; raises NotFound otherwise. Two queries."""
    rows = seen_candidates(viewer).filter(state=CandidateState.WAITING, pk=candidate_id)
    found = _put_forward(rows)
    if not found:
        raise NotFound(NOBODY)
    return found[0]


def _put_forward(rows: QuerySet[Candidate]) -> list[PutForward]:
    found = list(rows.select_related("person", "person__merged_into", "team", "sender"))
    names = names_of([row.made_by for row in found])
    return [
        PutForward(
            id=row.pk,
            person=row.person.merged_into or row.person,
            team=row.team.name,
            team_id=row.team_id,
            came_from=CameFrom(row.came_from),
            why=row.why,
            offer=row.offer,
            agreed=row.agreed,
            by_name=names.get(row.made_by, ""),
            by_organisation=row.sender.name,
            made_at=row.made_at,
        )
        for row in found
    ]


def candidates_waiting(*, viewer: Viewer, team: UUID | None = None) -> int:
    """How many people wait for the viewer's teams, or for one of them."""
    return _waiting(viewer, team).count()


def _waiting(viewer: Viewer, team: UUID | None) -> QuerySet[Candidate]:
    rows = seen_candidates(viewer).filter(state=CandidateState.WAITING)
    return rows if team is None else rows.filter(team=team)


def candidate_of(*, person: UUID, team: UUID) -> Candidate | None:
    """Whoever waits for this team already, for those who put them forward again."""
    rows = Candidate.objects.filter(team=team, state=CandidateState.WAITING).alias(kept=KEPT)
    return rows.filter(kept=person).order_by(F("made_at")).first()
