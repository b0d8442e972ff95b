"""A full-size team in a place: `python -m benchmarks.team_made USERNAME`, in a process of its own.

300 people on its caseload, taken on by the actions that the pages call, most with a coordinator, each of those taken on
here with five tasks and one thing in the inbox; its meeting is open. Written by the practitioner named, whose
first team it is. Prints what was made as JSON.
"""

import json
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import cycle, islice
from typing import Any
from uuid import UUID

ON_THE_CASELOAD, TASKS_EACH = 300, 5
TITLES = ("Weigh", "Ring the daughter", "Order the frame", "Dress the leg", "Go through the medicines")
WHY = ("Fell twice since August", "Daughter cannot go on alone", "Three admissions in a year", "Frail and alone")


def main(username: str) -> None:
    from locality.cli import edge

    edge.with_database()
    by = _viewer(username, at=datetime.now(UTC))
    team = sorted(by.teams)[0]
    members = _members(team, on=by.at.date())
    made = [_one(person, number, team, members, by) for number, person in enumerate(_people(team))]
    _some_are_due(made, by)
    told = {"people": [str(one) for one in made], "members": len(members), "meeting": str(_meeting(team, by))}
    print(json.dumps(told))


def _viewer(username: str, *, at: datetime) -> Any:
    from locality.access.models import Account
    from locality.access.queries import roles_today, viewer

    account = Account.objects.get(username=username)
    role = roles_today(account_id=account.pk, on=at.date())[0]
    return replace(viewer(account_id=account.pk, role_id=role.pk, at=at), second_factor=True)


def _members(team: UUID, *, on: date) -> list[UUID]:
    from locality.directory.models import TeamMembership

    here = TeamMembership.objects.filter(team=team, starts_on__lte=on, ends_on=None)
    return list(here.order_by("practitioner").values_list("practitioner", flat=True))


def _people(team: UUID) -> list[UUID]:
    """As many of the synthetic borough as make 300 of the caseload, who are alive and not on it."""
    from locality.neighbourhoods.models import Caseload
    from locality.people.models import Person

    on_it = Caseload.objects.filter(team=team, off_at=None)
    here = Person.objects.filter(merged_into=None, died=False, protected=False).order_by("-made_at", "pk")
    here = here.exclude(pk__in=on_it.values("person"))
    return list(here.values_list("pk", flat=True)[: ON_THE_CASELOAD - on_it.count()])


def _some_are_due(people: list[UUID], by: Any) -> None:
    """A review is set for a day to come; of every tenth it came and went."""
    from locality.neighbourhoods.models import Caseload

    late = Caseload.objects.filter(person__in=people[::10], off_at=None)
    late.update(review_on=by.at.date() - timedelta(days=9))


def _meeting(team: UUID, by: Any) -> UUID:
    """The team's next meeting, its agenda drawn up anew, open."""
    from locality.neighbourhoods.actions import agenda, meetings
    from locality.neighbourhoods.models import Meeting

    row = Meeting.objects.filter(team=team, state="planned", on__gte=by.at.date()).order_by("on").first()
    agenda.draw_up(meeting_id=row.pk, by=by)
    Meeting.objects.filter(pk=row.pk).update(on=by.at.date(), starts_at=by.at)
    return meetings.open_meeting(meeting_id=row.pk, by=by).pk


def _one(person: UUID, number: int, team: UUID, members: list[UUID], by: Any) -> UUID:
    from locality.neighbourhoods.actions import caseload, inbox, tasks
    from locality.neighbourhoods.rules.candidates import Agreed
    from locality.neighbourhoods.rules.caseload import CameFrom
    from locality.neighbourhoods.rules.inbox import AlertKind
    from locality.neighbourhoods.rules.tasks import Priority

    today, who = by.at.date(), members[number % len(members)]
    new = caseload.TakenOn(
        person=person,
        team=team,
        why=WHY[number % len(WHY)],
        agreed=Agreed.AGREED,
        review_on=today + timedelta(days=1 + number % 90),
        sender=by.organisation,
        came_from=CameFrom.NOMINATION,
        coordinator=who if number % 6 else None,
        priority=Priority(1 + number % 3),
        priority_why="Lives alone",
    )
    caseload.take_on(new=new, by=by)
    for step, title in enumerate(islice(cycle(TITLES), TASKS_EACH)):
        due = today + timedelta(days=(number + 3 * step) % 21 - 5)
        asked = tasks.NewTask(
            title=title, team=team, due_on=due, sender=by.organisation, person=person, owner=who if step % 2 else None
        )
        tasks.ask(new=asked, by=by)
    told = inbox.ToTell(
        person=person,
        team=team,
        kind=AlertKind.DISCHARGED,
        words="Home from hospital",
        once=f"benchmark {number}",
        happened_at=datetime.combine(today, time(6), tzinfo=UTC) - timedelta(hours=number),
        sender=by.organisation,
        owner=who if number % 3 else None,
    )
    inbox.tell_of(told=[told], by=by)
    return person


if __name__ == "__main__":
    main(sys.argv[1])
