"""Tasks and alerts for tests: of the riverside team, about Peggy, unless told otherwise."""

from typing import Any

from locality.neighbourhoods.actions import inbox, tasks
from locality.neighbourhoods.models import Alert, Task
from locality.neighbourhoods.rules.inbox import AlertKind
from tests import factories as make


def known(person: Any = None, *, code: str = "riverside") -> Any:
    """Somebody on a team's caseload."""
    person = person or make.person()
    make.relationship(person, team=make.team(code))
    return person


def task(person: Any = None, *, by: Any = None, **other: Any) -> Task:
    told = {
        "title": "Check her blood pressure",
        "team": make.team().pk,
        "due_on": make.TODAY,
        "sender": make.organisation().pk,
        "person": person.pk if person else None,
    }
    return tasks.ask(new=tasks.NewTask(**(told | other)), by=by or make.viewer())


def alert(person: Any, *, by: Any = None, **other: Any) -> Alert:
    told = {
        "person": person.pk,
        "team": make.team().pk,
        "kind": AlertKind.ADMITTED,
        "words": "Admitted to Smallborough Hospitals",
        "once": "admitted 1",
        "happened_at": make.ago(hours=3),
        "sender": make.organisation().pk,
    }
    one = inbox.ToTell(**(told | other))
    inbox.tell_of(told=[one], by=by or make.viewer())
    return Alert.objects.get(team=one.team, organisation=one.organisation, once=one.once)


def colleague(given: str = "Sadia", family: str = "Rahman", *, code: str = "riverside") -> Any:
    """Somebody who works in a team, so that a task may be given to them."""
    row = make.practitioner(given, family)
    make.member(row, make.team(code))
    return row


def as_viewer(row: Any, *, code: str = "riverside", **other: Any) -> Any:
    return make.viewer(given=row.given, id=row.pk, name=row.name, teams=frozenset({make.team(code).pk}), **other)
