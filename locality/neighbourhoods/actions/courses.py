"""Classes: making one, inviting people, who has a place; the waiting list moves up by itself."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from locality.access.models import Objection
from locality.access.queries import visible_people
from locality.access.queries.knowing import KEPT, holds
from locality.access.rules import DataClass, ObjectionKind
from locality.base import NoAccess, NotFound, Refused, Viewer
from locality.base.periods import day_of
from locality.directory.queries.holidays import bank_holidays
from locality.journal.actions import log
from locality.neighbourhoods.actions import course_messages, taking_part
from locality.neighbourhoods.models import Course, CoursePlace, CoursePlaceHistory, CourseSession
from locality.neighbourhoods.queries.courses import NO_COURSE, NOT_THERE, own_courses, seen_places
from locality.neighbourhoods.rules.courses import (
    MOST_PLACES,
    MOST_SESSIONS,
    TAKES_PART,
    PlaceMove,
    PlaceState,
    next_place,
    weekly,
)
from locality.neighbourhoods.rules.tasks import may_work
from locality.people.models import Person

SAY_NAME = "Say what the class is called, and where it meets."
NOT_YOUR_TEAM = "You are not in that team: a class is made by a team of your own."
NOT_YOUR_WORK = "The role you signed in with has nothing to do with the work of teams."
SO_MANY_PLACES = f"A class has from 1 to {MOST_PLACES} places."
SO_MANY_SESSIONS = f"A class meets from 1 to {MOST_SESSIONS} times, for 5 minutes to 8 hours."
CHANGED_MEANWHILE = (
    "Somebody changed this class since you opened it. It is shown as it is now: say it again if need be."
)
NO_EMPLOYER = "The role you signed in with belongs to no organisation, so nobody can be invited in its name."
MOST_INVITED = 500
TOO_MANY = f"That is more than {MOST_INVITED} people: invite fewer at once."


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCourse:
    """What is held, where, for how many, and by which rule: once a week from a day on, at a time of the clock.

    On the place's bank holidays it is not held, unless it is said to meet `on_holidays` too.
    """

    team: UUID
    name: str
    where: str
    places: int
    first_on: date
    at: time
    minutes: int
    sessions: int
    what: str = ""
    service: UUID | None = None
    not_on: Collection[date] = ()
    on_holidays: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """How many were invited, and how many not, by why: none is left out without being counted."""

    invited: int = 0
    already: int = 0
    not_known: int = 0
    died: int = 0
    object_: int = 0


@transaction.atomic
def make(*, new: NewCourse, by: Viewer) -> Course:
    """Make a class with its meetings. Raises NoAccess for a role without such work, Refused."""
    if not may_work(by):
        raise NoAccess(NOT_YOUR_WORK)
    if new.team not in by.teams:
        raise Refused(NOT_YOUR_TEAM)
    if not new.name.strip() or not new.where.strip():
        raise Refused(SAY_NAME)
    if not 1 <= new.places <= MOST_PLACES:
        raise Refused(SO_MANY_PLACES)
    if not 1 <= new.sessions <= MOST_SESSIONS or not 5 <= new.minutes <= 480:
        raise Refused(SO_MANY_SESSIONS)
    row = Course.objects.create(
        team_id=new.team,
        service_id=new.service,
        name=new.name.strip(),
        what=new.what.strip(),
        where=new.where.strip(),
        places=new.places,
        made_at=by.at,
        made_by=by.id,
    )
    CourseSession.objects.bulk_create(_sessions(row, new=new, by=by))
    log(what="course.made", by=by, about=row.pk)
    return row


def _sessions(course: Course, *, new: NewCourse, by: Viewer) -> list[CourseSession]:
    meets = weekly(
        first_on=new.first_on,
        at=new.at,
        minutes=new.minutes,
        count=new.sessions,
        not_on=frozenset(new.not_on),
        holidays={} if new.on_holidays else bank_holidays(),
    )
    return [
        CourseSession(
            course=course,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            cancelled_at=by.at if one.why_not else None,
            cancelled_by=by.id if one.why_not else None,
            cancelled_why=one.why_not,
        )
        for one in meets
    ]


@transaction.atomic
def set_places(*, course: UUID, places: int, by: Viewer) -> Course:
    """Change how many places there are; whoever waits moves up. Nobody loses a place. Raises NotFound, Refused."""
    row = locked(course, by=by)
    if not 1 <= places <= MOST_PLACES:
        raise Refused(SO_MANY_PLACES)
    row.places = places
    row.version += 1
    row.save(update_fields=["places", "version"])
    log(what="course.changed", by=by, about=row.pk)
    _move_up(row, by=by)
    return row


@transaction.atomic
def change(*, course: UUID, name: str, where: str, what: str, version: int, by: Viewer) -> int:
    """Say otherwise what a class is called, where it meets and what it is; whoever has a place is told.

    Returns how many are told. Raises NotFound, Refused.
    """
    row = locked(course, by=by)
    if row.version != version:
        raise Refused(CHANGED_MEANWHILE)
    if not name.strip() or not where.strip():
        raise Refused(SAY_NAME)
    was, before = row.name, (row.name, row.where, row.what)
    row.name, row.where, row.what = name.strip(), where.strip(), what.strip()
    if before == (row.name, row.where, row.what):
        return 0
    row.version += 1
    row.save(update_fields=["name", "where", "what", "version"])
    log(what="course.changed", by=by, about=row.pk)
    told = list(seen_places(by).filter(course=row, state__in=TAKES_PART, person__died=False).select_related("person"))
    for place in told:
        place.course = row
        course_messages.changed(place, was=was, by=by)
    return len(told)


@transaction.atomic
def invite(*, course: UUID, people: Sequence[UUID], by: Viewer) -> Invited:
    """Invite people to a class; each gets a letter. Raises NotFound, Refused.

    Not invited are the dead, whoever the viewer does not look after, and whoever objects to sharing: they are asked in
    person. Whoever was invited before is left as they are.
    """
    row = locked(course, by=by)
    if by.organisation is None:
        raise Refused(NO_EMPLOYER)
    asked = set(people)
    if len(asked) > MOST_INVITED:
        raise Refused(TOO_MANY)
    known = {one.pk: one for one in visible_people(viewer=by, on=day_of(by.at)).filter(pk__in=asked)}
    died = {pk for pk, one in known.items() if one.died}
    objects = _objecting(set(known) - died, row=row, by=by)
    there = row.people.alias(kept=KEPT).filter(kept__in=set(known))
    already = set(there.values_list(KEPT, flat=True)) - died - objects
    new = [known[pk] for pk in known.keys() - died - objects - already]
    for person in sorted(new, key=lambda one: (one.sort_key, one.pk)):
        _invite(row, person, sender=by.organisation, by=by)
    return Invited(
        invited=len(new),
        already=len(already),
        not_known=len(asked - known.keys()),
        died=len(died),
        object_=len(objects),
    )


def _invite(row: Course, person: Person, *, sender: UUID, by: Viewer) -> None:
    place = CoursePlace.objects.create(
        course=row,
        person=person,
        data_class=DataClass.WORK,
        sender_id=sender,
        invited_at=by.at,
        invited_by=by.id,
    )
    CoursePlaceHistory.objects.create(place=place, became=PlaceState.INVITED, at=by.at, by=by.id)
    course_messages.invited(place, by=by)
    log(what="course.invited", by=by, person=person.pk, about=place.pk)


def _objecting(people: set[UUID], *, row: Course, by: Viewer) -> set[UUID]:
    """Who objects to sharing what is known of them: with everybody, or with whose class it is."""
    whose = Q(organisation=None) | Q(organisation=row.team.lead_organisation_id) | Q(organisation=by.organisation)
    rows = Objection.objects.filter(holds(day_of(by.at)), whose, kind=ObjectionKind.SHARING, ended_at=None)
    return set(rows.alias(kept=KEPT).filter(kept__in=people).values_list(KEPT, flat=True))


@transaction.atomic
def move_place(*, place: UUID, move: PlaceMove, why: str = "", by: Viewer) -> CoursePlace:
    """Say that somebody wants to come, does not, or stopped coming. Raises NotFound, PlaceMoveNotAllowed.

    Where all places are taken they wait; where one becomes free, whoever waits longest has it, and is told.
    """
    found = seen_places(by).filter(pk=place).values_list("course", flat=True).first()
    if found is None:
        raise NotFound(NOT_THERE)
    # one at a time for a whole class: two who want the last place must not both have it
    course = locked(found, by=by)
    row = CoursePlace.objects.select_for_update(of=("self",)).select_related("relationship").get(pk=place)
    row.course = course
    was = PlaceState(row.state)
    _become(row, next_place(was, move, is_free=_is_free(course)), why=why, by=by)
    if was == PlaceState.COMING:
        _move_up(course, by=by)
    return row


def _is_free(course: Course) -> bool:
    return course.people.filter(state=PlaceState.COMING).count() < course.places


def _move_up(course: Course, *, by: Viewer) -> None:
    while _is_free(course):
        row = (
            course.people.filter(state=PlaceState.WAITING, person__died=False)
            .select_related("relationship", "person")
            .order_by("queued_at", "pk")
        ).first()  # fmt: skip
        if row is None:
            return
        row.course = course
        _become(row, PlaceState.COMING, why="A place became free", by=by)
        course_messages.moved_up(row, by=by)


def _become(row: CoursePlace, state: PlaceState, *, why: str = "", by: Viewer) -> None:
    was, row.state = row.state, state
    row.queued_at = by.at if state == PlaceState.WAITING else None
    if state == PlaceState.COMING:
        row.joined_at, row.left_at = by.at, None
    if state == PlaceState.LEFT:
        row.left_at = by.at
    if state in TAKES_PART and (row.relationship is None or row.relationship.ended_at is not None):
        row.relationship = taking_part.let_know(person=row.person_id, team=row.course.team_id, by=by)
    row.version += 1
    row.save(update_fields=["state", "queued_at", "joined_at", "left_at", "relationship", "version"])
    if state not in TAKES_PART:
        taking_part.no_longer(row.relationship, by=by)
    CoursePlaceHistory.objects.create(place=row, was=was, became=state, why=why.strip(), at=by.at, by=by.id)
    log(what="course.answered", by=by, person=row.person_id, about=row.pk)


def locked(course: UUID, *, by: Viewer) -> Course:
    """A class of the viewer's teams, locked; NotFound for everybody else."""
    rows: QuerySet[Course] = own_courses(by).select_for_update(of=("self",)).select_related("team")
    row = rows.filter(pk=course).first()
    if row is None:
        raise NotFound(NO_COURSE)
    return row
