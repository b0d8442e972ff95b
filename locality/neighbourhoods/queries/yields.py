"""What came of a team's meetings: what was asked for, was it done, did it help."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from locality.base import Viewer
from locality.neighbourhoods.models import Meeting, Task
from locality.neighbourhoods.queries.agenda import Asked, told_of
from locality.neighbourhoods.queries.meetings import seen_items, seen_meetings
from locality.neighbourhoods.queries.seen import seen_by
from locality.neighbourhoods.rules.meetings import ItemState, MeetingState
from locality.neighbourhoods.rules.tasks import OPEN, About, TaskState
from locality.people.models import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Came(Asked):
    """Something that was asked for, and what came of it: by which meeting, and of whom."""

    meeting: UUID
    on: date
    team: str
    person: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Yield:
    """What meetings came to: `because` and `helped` count by their words; `late` is open and overdue."""

    people: int
    asked: int
    done: int
    not_done: int
    still_open: int
    late: int
    because: Counter[str]
    helped: Counter[str]

    @property
    def not_said(self) -> int:
        """Of what was done, how much nobody has said whether it helped."""
        return self.done - sum(self.helped.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Yields:
    """The whole, each meeting with its own, the last first, and every row behind them."""

    since: date
    whole: Yield
    meetings: list[tuple[Meeting, Yield]]
    rows: list[Came]


def yields(*, viewer: Viewer, since: date, on: date) -> Yields:
    """What the viewer's teams' closed meetings came to, of whom they may know today. Three queries."""
    closed = seen_meetings(viewer).filter(state=MeetingState.CLOSED, on__gte=since)
    found = {row.pk: row for row in closed.order_by("-starts_at", "id")}
    items = dict(
        seen_items(viewer).filter(meeting__in=list(found), state=ItemState.DISCUSSED).values_list("pk", "meeting")
    )
    tasks = seen_by(viewer, Task.objects.filter(about=About.MEETING, about_id__in=list(items)))
    asked = list(tasks.select_related("person", "person__merged_into", "owner").order_by("due_on", "id"))
    rows = [_came(one, found[items[one.about_id]]) for one in asked if one.about_id in items and one.person]
    people = Counter(items.values())
    return Yields(
        since=since,
        whole=_yield(sum(people.values()), rows, on=on),
        meetings=[
            (row, _yield(people[pk], [one for one in rows if one.meeting == pk], on=on)) for pk, row in found.items()
        ],
        rows=sorted(rows, key=lambda one: one.on, reverse=True),
    )


def _came(task: Task, meeting: Meeting) -> Came:
    assert task.person is not None
    return Came(
        meeting=meeting.pk,
        on=meeting.on,
        team=meeting.team.name,
        person=task.person.merged_into or task.person,
        **told_of(task),
    )


def _yield(people: int, rows: Sequence[Came], *, on: date) -> Yield:
    states = Counter(one.state for one in rows)
    return Yield(
        people=people,
        asked=len(rows),
        done=states[TaskState.DONE],
        not_done=states[TaskState.NOT_DONE],
        still_open=sum(states[one] for one in OPEN),
        late=sum(one.state in OPEN and one.due_on < on for one in rows),
        because=Counter(one.not_done_because for one in rows if one.not_done_because),
        helped=Counter(one.helped for one in rows if one.helped and one.state == TaskState.DONE),
    )
