"""The riverside team's meeting on the tests' own day: who waits for it, and those who come."""

from datetime import date, time, timedelta
from typing import Any

from locality.base import Viewer
from locality.neighbourhoods.actions import caseload, deciding, put_forward
from locality.neighbourhoods.actions import meetings as actions
from locality.neighbourhoods.actions.caseload import TakenOn
from locality.neighbourhoods.actions.deciding import Decided
from locality.neighbourhoods.models import Candidate, Caseload, Meeting, MeetingItem, MeetingSeries
from locality.neighbourhoods.rules.candidates import Agreed
from locality.neighbourhoods.rules.caseload import CameFrom
from locality.neighbourhoods.rules.meetings import Decision
from locality.people.models import Person
from tests import factories as make
from tests.neighbourhoods.test_candidates import put

NEXT_MONTH = make.TODAY + timedelta(days=28)


def sadia(**other: Any) -> Viewer:
    """The coordinator of the riverside team, who is one of it."""
    who = make.practitioner("Sadia", "Rahman")
    if not who.memberships.exists():
        make.member(who, make.team())
    told = {"id": who.pk, "name": who.name, "organisation": who.employer_id, "role": "care_coordinator"}
    return make.viewer(**(told | other))


def nurse(**other: Any) -> Viewer:
    """Joanne, who is one of it too."""
    who = make.practitioner()
    if not who.memberships.exists():
        make.member(who, make.team())
    return make.viewer(**other)


def series(**other: Any) -> MeetingSeries:
    """Every Thursday at 10, an hour: the tests' own day is one."""
    told = {"team": make.team().pk, "weekday": 3, "at": time(10), "minutes": 60, "starts_on": make.TODAY}
    return actions.begin_series(new=actions.NewSeries(**(told | other)), by=sadia())


def planned() -> Meeting:
    """Today's meeting."""
    series()
    return Meeting.objects.get(on=make.TODAY)


def looked_after(given: str, *, review_on: date = make.TODAY, at_risk: str = "", **other: Any) -> Caseload:
    person = make.person("Whitaker", given)
    told = {"person": person.pk, "team": make.team().pk, "why": "Falls", "agreed": Agreed.AGREED}
    told |= {"review_on": review_on, "sender": make.organisation().pk, "came_from": CameFrom.NOMINATION}
    row = caseload.take_on(new=TakenOn(**(told | other)), by=nurse(at=make.ago(days=60)))
    Caseload.objects.filter(pk=row.pk).update(at_risk=at_risk)
    row.refresh_from_db()
    return row


def candidate(given: str, **other: Any) -> Candidate:
    return put_forward(put=put(make.person("Walmsley", given), **other), by=nurse(at=make.ago(days=3)))


def opened() -> Meeting:
    """Today's meeting, open, with whoever waited for it."""
    return actions.open_meeting(meeting_id=planned().pk, by=sadia())


def item(person: Person) -> MeetingItem:
    return MeetingItem.objects.get(person=person, meeting__on=make.TODAY)


def decided(row: MeetingItem, decision: Decision, **other: Any) -> MeetingItem:
    told = {"decision": decision, "version": row.version, "words": "As was said"}
    by = other.pop("by", None) or sadia()
    return deciding.decide(item_id=row.pk, decided=Decided(**(told | other)), by=by)
