"""One meeting of a class: cancelling it, who came, and what was measured before and after the class."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from locality.access.actions import open_record, show
from locality.access.queries import Grant
from locality.base import NotFound, Refused, Viewer
from locality.base.periods import day_of
from locality.journal.actions import log
from locality.neighbourhoods.actions import course_messages
from locality.neighbourhoods.actions.courses import locked
from locality.neighbourhoods.models import CourseAttendance, CourseMeasure, CourseSession
from locality.neighbourhoods.queries import courses as queries
from locality.neighbourhoods.queries.course_shapes import AtTheDoor, Listed, One, OnePlace, Session
from locality.neighbourhoods.queries.courses import NO_SESSION, NOT_THERE, seen_places
from locality.neighbourhoods.rules.courses import Came, Measure, PlaceState, When, check_measured
from locality.neighbourhoods.rules.outbox import Channel

SAY_WHY = "Say why it is cancelled: those who come are told."
CANCELLED_ALREADY = "This meeting is cancelled already."
OVER = "This meeting is over: say who came instead."
NOT_CANCELLED = "This meeting is not cancelled."
TOO_SOON = "This meeting has not begun: who comes is said from half an hour before it on."
NOT_HELD = "This meeting is cancelled: nobody could come."
NOT_YET = "That day is still to come."
DOORS = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How many are told at once, and for how many a letter is to be printed and posted: to be rung, if it is soon."""

    at_once: int
    by_letter: int


@transaction.atomic
def cancel(*, session: UUID, why: str, by: Viewer) -> Told:
    """Cancel one meeting; whoever has a place is told. Returns how many, by which way. Raises NotFound, Refused."""
    row = _locked(session, by=by)
    if not why.strip():
        raise Refused(SAY_WHY)
    if row.cancelled_at is not None:
        raise Refused(CANCELLED_ALREADY)
    if row.ends_at <= by.at:
        raise Refused(OVER)
    row.cancelled_at, row.cancelled_by, row.cancelled_why = by.at, by.id, why.strip()
    row.save(update_fields=["cancelled_at", "cancelled_by", "cancelled_why"])
    log(what="course.cancelled", by=by, about=row.pk)
    coming = seen_places(by).filter(course=row.course, state=PlaceState.COMING, person__died=False)
    ways = []
    for place in coming.select_related("person"):
        place.course = row.course
        ways.append(course_messages.cancelled(place, row, by=by))
    letters = ways.count(Channel.LETTER)
    return Told(at_once=len(ways) - letters, by_letter=letters)


@transaction.atomic
def put_back(*, session: UUID, by: Viewer) -> CourseSession:
    """It is held after all. Whoever was told has to be told by hand. Raises NotFound, Refused."""
    row = _locked(session, by=by)
    if row.cancelled_at is None:
        raise Refused(NOT_CANCELLED)
    row.cancelled_at, row.cancelled_by, row.cancelled_why = None, None, ""
    row.save(update_fields=["cancelled_at", "cancelled_by", "cancelled_why"])
    log(what="course.changed", by=by, about=row.pk)
    return row


@transaction.atomic
def note_attendance(*, session: UUID, came: Mapping[UUID, Came], by: Viewer) -> int:
    """Write down who came, by place; what is said now holds. Returns how many. Raises NotFound, Refused."""
    row = _locked(session, by=by)
    if row.cancelled_at is not None:
        raise Refused(NOT_HELD)
    if by.at < row.starts_at - DOORS:
        raise Refused(TOO_SOON)
    places = {one.pk: one for one in seen_places(by).filter(pk__in=list(came), course=row.course)}
    if len(places) < len(came):
        raise NotFound(NOT_THERE)
    before = dict(CourseAttendance.objects.filter(session=row).values_list("place", "came"))
    said = {place: one for place, one in came.items() if before.get(place) != one}
    for place, one in said.items():
        told = {"came": one, "at": by.at, "by": by.id}
        CourseAttendance.objects.update_or_create(session=row, place_id=place, defaults=told)
        log(what="course.attended", by=by, person=places[place].person_id, about=place)
    return len(said)


@transaction.atomic
def note_measure(*, place: UUID, measure: Measure, when: When, value: Decimal, on: date, by: Viewer) -> CourseMeasure:
    """Write down what was measured; the newest holds, and what was written before stays. Raises NotFound, Refused."""
    row = seen_places(by).filter(pk=place).first()
    if row is None:
        raise NotFound(NOT_THERE)
    check_measured(measure, value)
    if on > day_of(by.at):
        raise Refused(NOT_YET)
    found = CourseMeasure.objects.create(
        place=row, measure=measure, when=when, value=value, measured_on=on, at=by.at, by=by.id
    )
    log(what="course.measured", by=by, person=row.person_id, about=row.pk)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """One meeting, who has a place in the class, and what was said of each."""

    session: Session
    course: Listed
    rows: list[AtTheDoor]


@transaction.atomic
def open_course(*, course: UUID, by: Viewer) -> One:
    """One class with everybody who was invited, written down as shown. Raises NotFound."""
    one = queries.course(viewer=by, course_id=course)
    show(people_ids=[row.person.pk for row in one.people], what="course.listed", by=by)
    return one


@transaction.atomic
def open_door(*, session: UUID, by: Viewer) -> Door:
    """One meeting with everybody who has a place, written down as shown. Raises NotFound."""
    found, course, rows = queries.door(viewer=by, session_id=session)
    show(people_ids=[one.person.pk for one in rows], what="course.listed", by=by)
    return Door(session=found, course=course, rows=rows)


@transaction.atomic
def open_place(*, place: UUID, by: Viewer) -> tuple[OnePlace, Grant]:
    """One person's place, and leave to read their record, written down. Raises NotFound, NoAccess."""
    one = queries.place(viewer=by, place_id=place)
    return one, open_record(person_id=one.person.pk, by=by, what="course.opened", about=place)


def _locked(session: UUID, *, by: Viewer) -> CourseSession:
    found = CourseSession.objects.filter(pk=session).values_list("course", flat=True).first()
    if found is None:
        raise NotFound(NO_SESSION)
    course = locked(found, by=by)
    row = CourseSession.objects.select_for_update().get(pk=session)
    row.course = course
    return row
