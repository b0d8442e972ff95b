"""Who may be given what is about a person; the reason to know them that a handed task gives another team."""

from datetime import timedelta
from uuid import UUID

from locality.access.actions import Reason, end_relationship, relate
from locality.access.models import Relationship
from locality.access.queries.conflicting import barred_from
from locality.access.rules import RelationKind
from locality.base import Refused, Viewer
from locality.base.periods import day_of
from locality.neighbourhoods.models import Candidate, Task
from locality.neighbourhoods.queries.names import SOMEBODY, names_of
from locality.neighbourhoods.rules.candidates import CandidateState
from locality.neighbourhoods.rules.tasks import OPEN
from locality.people.queries import same_person

HANDED = "Something to do for them was handed to the team"
CANNOT = "{name} cannot be given this: choose somebody else, or leave it to the team."
OVER = "What the team was to do for them is over"


def check_may_be_given(owner: UUID | None, *, person: UUID | None, by: Viewer) -> None:
    """Raise Refused where somebody must not look at whom it is about: it would stand on nobody's list.

    Why not is theirs and the person's, and is not told.
    """
    if owner is None or person is None or owner == by.id:
        return
    if owner in barred_from(same_person(person)[0].pk, practitioners=[owner], on=day_of(by.at)):
        raise Refused(CANNOT.format(name=names_of([owner]).get(owner, SOMEBODY)))


def let_know(*, person: UUID, team: UUID, by: Viewer) -> Relationship | None:
    """Let a team know somebody for whom it has something to do: a referral, as putting forward is.

    None where the team has a reason of its own that this one must not end.
    """
    reason = Reason(person=person, kind=RelationKind.REFERRAL, starts_on=day_of(by.at), words=HANDED, team=team)
    relate(reasons=[reason], by=by)
    rows = Relationship.objects.filter(
        person=person, kind=RelationKind.REFERRAL, team=team, ended_at=None, reason=HANDED
    )
    return rows.order_by("-made_at", "-pk").first()


def no_longer(*, task: Task, by: Viewer) -> None:
    """End the reason that came with a task, unless something else of the team stands on it.

    It holds for the rest of today, so that what was pressed by mistake can be taken back by whoever pressed it.
    """
    row = task.relationship
    if row is None or row.ended_at is not None:
        return
    others = Task.objects.filter(relationship=row, state__in=OPEN).exclude(pk=task.pk)
    waiting = Candidate.objects.filter(person=row.person_id, team=row.team_id, state=CandidateState.WAITING)
    if not others.exists() and not waiting.exists():
        end_relationship(relationship=row, ends_on=day_of(by.at) + timedelta(days=1), reason=OVER, by=by)
