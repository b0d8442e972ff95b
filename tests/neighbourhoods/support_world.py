"""Somebody a link worker supports, a class and who comes to it: for tests, of the riverside team."""

from datetime import date, time, timedelta
from typing import Any

from locality.access.rules import RelationKind, RoleCode
from locality.base.ids import named_id
from locality.directory.models import Service
from locality.neighbourhoods.actions import courses, offers, support
from locality.neighbourhoods.models import Course, CoursePlace, Referral, Support
from locality.neighbourhoods.rules.courses import PlaceMove
from tests import factories as make
from tests.neighbourhoods.work import known


def worker(**other: Any) -> Any:
    """Lorraine, a link worker of the tea circle, in the riverside team."""
    row = make.practitioner("Lorraine", "Pike", employer=make.organisation("circle"), profession="Link worker")
    told = {"given": "Lorraine", "id": row.pk, "name": row.name, "organisation": make.organisation("circle").pk}
    return make.viewer(RoleCode.LINK_WORKER, **(told | {"organisation_name": "Riverside Tea Circle"} | other))


def begun(person: Any = None, *, by: Any = None, **other: Any) -> Support:
    by = by or worker()
    person = person or known()
    told = {"team": make.team().pk, "why": "Lonely since the fall", "sender": by.organisation}
    return support.begin(new=support.NewSupport(**(told | other)), grant=make.opened(person, by), by=by)


def service(name: str = "Lunch club", **other: Any) -> Service:
    told = {"place": make.place(), "code": name.lower().replace(" ", "-"), "name": name, "kind": "befriending"}
    told |= {"organisation": make.organisation("circle"), "takes_referrals": True, **make.ORIGIN}
    return Service.objects.create(id=named_id("service", name), **(told | other))


def offered(row: Support, *, by: Any = None, **other: Any) -> Any:
    told = {"what": "Lunch club on Thursdays"} | other
    return offers.offer(support=row.pk, new=offers.NewOffer(**told), by=by or worker())


def referral(person: Any, **other: Any) -> Referral:
    """One that the riverside team was sent and accepted."""
    told = {
        "person": person,
        "sender": make.organisation("MILL"),
        "to_organisation": make.organisation("RSB"),
        "to_team": make.team(),
        "need": "loneliness",
        "asked": "Somebody to talk to",
        "agreed": "agreed",
        "state": "accepted",
        "data_class": "WORK",
        "sent_at": make.ago(days=2),
        "answer_by": make.ago(days=1),
        "answered_at": make.ago(days=1),
        "made_by": make.practitioner("Helen", "Marsden").pk,
    }
    return Referral.objects.create(**(told | other))


def registered(person: Any) -> None:
    make.relationship(person, kind=RelationKind.REGISTERED_PRACTICE, organisation=make.organisation("MILL"))


def a_class(*, by: Any = None, **other: Any) -> Course:
    """Strength and balance, eight Tuesdays at ten; the first was five weeks ago."""
    told = {
        "team": make.team().pk,
        "name": "Strength and balance",
        "where": "Riverside hall",
        "places": 2,
        "first_on": date(2026, 10, 6),
        "at": time(10, 0),
        "minutes": 60,
        "sessions": 8,
    }
    return courses.make(new=courses.NewCourse(**(told | other)), by=by or make.viewer())


def somebody(family: str, *, team: bool = True, **other: Any) -> Any:
    person = make.person(family, "Una", **other)
    return known(person) if team else person


def invited(course: Course, *people: Any, by: Any = None) -> list[CoursePlace]:
    courses.invite(course=course.pk, people=[one.pk for one in people], by=by or make.viewer())
    return [CoursePlace.objects.get(course=course, person=one) for one in people]


def coming(place: CoursePlace, *, by: Any = None) -> CoursePlace:
    return courses.move_place(place=place.pk, move=PlaceMove.WANT, by=by or make.viewer())


def weeks_ago(weeks: int) -> Any:
    return make.viewer(at=make.AT - timedelta(weeks=weeks))
