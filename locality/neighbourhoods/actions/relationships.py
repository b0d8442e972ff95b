"""Who may be given what is about a person; the reason to know them that a handed task or a referral gives."""

from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet

from locality.access import wall
from locality.access.actions import Reason, end_relationship, relate_shared, still_open
from locality.access.models import Relationship
from locality.access.queries import Grant
from locality.access.queries.conflicting import barred_from
from locality.access.queries.knowing import holds
from locality.access.rules import RelationKind
from locality.base import Refused, Viewer
from locality.base.periods import day_of
from locality.directory.queries import name_of
from locality.neighbourhoods.models import Candidate, Referral, Task
from locality.neighbourhoods.rules.candidates import CandidateState
from locality.neighbourhoods.rules.referrals import OPEN as OPEN_REFERRALS
from locality.neighbourhoods.rules.tasks import OPEN
from locality.people.queries import same_person

READ_ONLY = "You may read this record and not write in it."
NOT_YOU = "You opened the form in another role. Open the page again."
HANDED = "Something to do for them was handed to the team"
CANNOT = "{name} cannot be given this: choose somebody else, or leave it to the team."
OVER = "What the team was to do for them is over"


def check_may_write(grant: Grant, by: Viewer) -> UUID:
    """Raise Refused unless the viewer may write in the record that this grant opened; returns for whom they do."""
    if (by.kind, by.id, by.role) != (grant.viewer.kind, grant.viewer.id, grant.viewer.role) or by.organisation is None:
        raise Refused(NOT_YOU)
    if not grant.opening.writes:
        raise Refused(READ_ONLY)
    return by.organisation


def check_may_be_given(owner: UUID | None, *, person: UUID | None, by: Viewer) -> None:
    """Raise Refused where somebody must not look at whom it is about: it would stand on nobody's list.

    Why not is theirs and the person's, and is not told.
    """
    if owner is None or person is None or owner == by.id:
        return
    if owner in barred_from(same_person(person)[0].pk, practitioners=[owner], on=day_of(by.at)):
        raise Refused(CANNOT.format(name=name_of(owner)))


def let_know(
    *, person: UUID, team: UUID | None = None, organisation: UUID | None = None, by: Viewer
) -> Relationship | None:
    """Let a team, or an organisation, know somebody for whom it has something to do: tasks and referrals share one row.

    None where it has a reason of its own that this one must not end.
    """
    reason = Reason(
        person=person,
        kind=RelationKind.REFERRAL,
        starts_on=day_of(by.at),
        words=HANDED,
        team=team,
        organisation=organisation,
    )
    return relate_shared(reason=reason, by=by)


def no_longer(*, task: Task, by: Viewer) -> None:
    """End the reason that came with a task, unless something else of the team stands on it.

    It holds for the rest of today, so that what was pressed by mistake can be taken back by whoever pressed it.
    """
    let_go(relationship=task.relationship, but=task.pk, by=by)


def let_go(*, relationship: Relationship | None, but: UUID, by: Viewer) -> None:
    """The same of any reason that came with a task or a referral, `but` being the one that is over."""
    # held before it is asked: what was sent or handed at this moment stands on it too
    row = still_open(relationship)
    if row is not None and not _stands(row, but=but):
        end_relationship(relationship=row, ends_on=day_of(by.at) + timedelta(days=1), reason=OVER, by=by)


def end_handed(*, person: UUID, team: UUID, by: Viewer) -> None:
    """End the reason that came with tasks which are over by now, and that only somebody's waiting had kept."""
    # tasks before the reasons that they stand on, as whoever does one of them holds them
    _open_tasks(person, team)
    for one in _handed(person, team).filter(ended_at=None).order_by("pk"):
        row = still_open(one)
        if row is not None and not _stands(row):
            end_relationship(relationship=row, ends_on=day_of(by.at), reason=OVER, by=by)


def still_to_do(*, person: UUID, team: UUID, by: Viewer) -> None:
    """After a reason of a team has ended: what it still has to do for somebody gives it one, as long as that lasts.

    Else nobody would see the task any more, nor know that it was never done.
    """
    people = [one.pk for one in same_person(person)]
    tasks = _open_tasks(person, team)
    known = Relationship.objects.filter(holds(day_of(by.at)), person__in=people, team=team)
    if not tasks or known.exclude(pk__in=_handed(person, team).values("pk")).exists():
        return
    row = let_know(person=same_person(person)[0].pk, team=team, by=by)
    Task.objects.filter(pk__in=tasks).update(relationship=row)


def _open_tasks(person: UUID, team: UUID) -> list[UUID]:
    """What the team still has to do for somebody, held until this is done."""
    people = [one.pk for one in same_person(person)]
    rows = Task.objects.select_for_update(of=("self",)).filter(person__in=people, team=team, state__in=OPEN)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _handed(person: UUID, team: UUID) -> QuerySet[Relationship]:
    people = [one.pk for one in same_person(person)]
    return Relationship.objects.filter(person__in=people, team=team, kind=RelationKind.REFERRAL, reason=HANDED)


# what stands on it may be another team's, which this page is not shown
@wall.down()
def _stands(row: Relationship, *, but: UUID | None = None) -> bool:
    """Whether something stands on this reason: an open task or referral other than this one, or their waiting."""
    people = [one.pk for one in same_person(row.person_id)]
    waiting = Candidate.objects.filter(person__in=people, team=row.team_id, state=CandidateState.WAITING)
    over = [but] if but else []
    tasks = Task.objects.filter(relationship=row, state__in=OPEN).exclude(pk__in=over)
    referrals = Referral.objects.filter(relationship=row, state__in=OPEN_REFERRALS).exclude(pk__in=over)
    return tasks.exists() or referrals.exists() or (row.team_id is not None and waiting.exists())
