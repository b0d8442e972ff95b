"""Classes of the viewer's teams: when they meet, who has a place, who came, what was measured."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, F, Max, Min, OuterRef, Q, QuerySet, Subquery

from locality.access.queries import Grant, visible
from locality.base import NotFound, Viewer, ViewerKind
from locality.directory.queries import SOMEBODY, names_of
from locality.neighbourhoods.models import (
    Course,
    CourseAttendance,
    CourseMeasure,
    CoursePlace,
    CourseSession,
)
from locality.neighbourhoods.queries import untold
from locality.neighbourhoods.queries.course_shapes import (
    AtTheDoor,
    Listed,
    Measured,
    OfPerson,
    One,
    OnePlace,
    Row,
    Session,
    Step,
)
from locality.neighbourhoods.queries.seen import seen_by
from locality.neighbourhoods.rules.courses import (
    TAKES_PART,
    Came,
    Measure,
    PlaceState,
    When,
)
from locality.neighbourhoods.rules.tasks import may_work

NO_COURSE = "There is no such class here."
NO_SESSION = "There is no such meeting of a class here."
NOT_THERE = "Nobody like that is on the list of this class."
MOST_COURSES, MOST_PEOPLE = 100, 600
UNWRITTEN_FOR_DAYS = 28
SOON_HOURS = 12
TAKEN = "taken"


def own_courses(viewer: Viewer) -> QuerySet[Course]:
    """The predicate: classes of the viewer's teams, for a role that has to do with such work."""
    if viewer.kind != ViewerKind.PRACTITIONER or not may_work(viewer):
        return Course.objects.none()
    return Course.objects.filter(team__in=viewer.teams)


def seen_places(viewer: Viewer) -> QuerySet[CoursePlace]:
    """The predicate: places in classes of the viewer's teams, of people whom they may know today."""
    return seen_by(viewer, CoursePlace.objects.all(), whose=Q(course__team__in=viewer.teams))


def courses(*, viewer: Viewer) -> list[Listed]:
    """The classes of the viewer's teams, those that meet next first. Two queries."""
    rows = _told(own_courses(viewer), viewer)
    rows = rows.order_by(F("next_at").asc(nulls_last=True), F("last_at").desc(nulls_last=True), "name", "pk")[
        :MOST_COURSES
    ]
    found = list(rows)
    counts = _counts(found, viewer)
    return [_course(row, counts) for row in found]


def course(*, viewer: Viewer, course_id: UUID) -> One:
    """One class with its meetings and people; raises NotFound for another team's. Six queries."""
    row = _told(own_courses(viewer), viewer).filter(pk=course_id).first()
    if row is None:
        raise NotFound(NO_COURSE)
    sessions = _sessions(row, viewer)
    return One(
        course=_course(row, _counts([row], viewer)),
        sessions=sessions,
        people=_people(seen_places(viewer).filter(course=row), sessions),
    )


def door(*, viewer: Viewer, session_id: UUID) -> tuple[Session, Listed, list[AtTheDoor]]:
    """One meeting, its class, and who has a place with what was said of each; raises NotFound. Six queries."""
    found = CourseSession.objects.filter(pk=session_id).first()
    row = _told(own_courses(viewer), viewer).filter(pk=found.course_id).first() if found else None
    if found is None or row is None:
        raise NotFound(NO_SESSION)
    said = dict(CourseAttendance.objects.filter(session=found).values_list("place", "came"))
    places = seen_places(viewer).filter(Q(state=PlaceState.COMING) | Q(pk__in=list(said)), course=row)
    rows = places.select_related("person", "person__merged_into").order_by("person__sort_key", "pk")
    shown = [
        AtTheDoor(
            id=one.pk,
            person=one.person.merged_into or one.person,
            came=Came(said[one.pk]) if one.pk in said else None,
        )
        for one in rows
    ]
    session = next(one for one in _sessions(row, viewer) if one.id == session_id)
    return session, _course(row, _counts([row], viewer)), shown


def place(*, viewer: Viewer, place_id: UUID) -> OnePlace:
    """One person's place; raises NotFound for another team's. Ten queries."""
    row = seen_places(viewer).filter(pk=place_id).first()
    if row is None:
        raise NotFound(NOT_THERE)
    of = _told(own_courses(viewer), viewer).filter(pk=row.course_id).first()
    if of is None:
        raise NotFound(NOT_THERE)
    shown = _people(seen_places(viewer).filter(pk=place_id), _sessions(of, viewer))[0]
    measured = list(_newest(row.measured.all()).values())
    steps = list(row.history.order_by("-at", "-pk"))
    names = names_of([*(one.by for one in measured), *(one.by for one in steps)])
    return OnePlace(
        id=row.pk,
        person=shown.person,
        course=_course(of, _counts([of], viewer)),
        row=shown,
        measured=[
            Measured(
                measure=Measure(one.measure),
                when=When(one.when),
                value=one.value,
                on=one.measured_on,
                by=names.get(one.by, SOMEBODY),
            )
            for one in measured
        ],
        steps=[
            Step(
                was=one.was,
                became=PlaceState(one.became),
                why=one.why,
                by=names.get(one.by, SOMEBODY),
                at=one.at,
            )
            for one in steps
        ],
    )


def of_person(*, grant: Grant) -> list[OfPerson]:
    """The classes that a person is invited to, waits for or comes to, as far as this grant opens it. One query."""
    at = grant.viewer.at
    later = CourseSession.objects.filter(course=OuterRef("course"), cancelled_at=None, ends_at__gt=at)
    states = (*TAKES_PART, PlaceState.INVITED)
    rows = CoursePlace.objects.alias(thing=F("pk")).filter(visible(grant), person__in=grant.person_ids)
    rows = rows.filter(state__in=states)
    if untold.is_told_less(grant.viewer):
        rows = rows.exclude(course__team__lead_organisation__in=untold.private_organisations().values("pk"))
    rows = rows.annotate(
        next_at=Subquery(later.order_by("starts_at").values("starts_at")[:1]),
        meets_after=Subquery(later.order_by().values("course").annotate(many=Count("pk")).values("many")),
    ).exclude(next_at=None)
    return [
        OfPerson(
            id=row.pk,
            course_id=row.course_id if row.course.team_id in grant.viewer.teams else None,
            name=row.course.name,
            where=row.course.where,
            team=row.course.team.name,
            phone=row.course.team.phone,
            state=PlaceState(row.state),
            next_at=row.next_at,
            meets_after=row.meets_after or 0,
        )
        for row in rows.select_related("course", "course__team").order_by("next_at", "pk")
    ]


def sessions_waiting(*, viewer: Viewer) -> list[Session]:
    """Meetings that begin within hours, or were held lately and nobody said who came: for home. One query."""
    since, until = viewer.at - timedelta(days=UNWRITTEN_FOR_DAYS), viewer.at + timedelta(hours=SOON_HOURS)
    rows = CourseSession.objects.filter(
        course__in=own_courses(viewer), cancelled_at=None, starts_at__gt=since, starts_at__lt=until
    )
    return [
        _session(row, at=viewer.at)
        for row in _counted(rows, viewer).filter(Q(said=0) | Q(ends_at__gt=viewer.at)).order_by("starts_at", "pk")
    ]


def measured_twice(*, viewer: Viewer, course_id: UUID) -> dict[Measure, list[tuple[Decimal, Decimal]]]:
    """Of everybody who was measured before and after, the newest of each. One query."""
    rows = CourseMeasure.objects.filter(place__in=seen_places(viewer).filter(course=course_id))
    of: dict[tuple[UUID, Measure], dict[When, Decimal]] = defaultdict(dict)
    for (place_, measure, when), row in _newest(rows).items():
        of[place_, Measure(measure)][When(when)] = row.value
    pairs: dict[Measure, list[tuple[Decimal, Decimal]]] = defaultdict(list)
    for (_, measure), said in of.items():
        if len(said) == len(When):
            pairs[measure].append((said[When.BEFORE], said[When.AFTER]))
    return dict(pairs)


def _newest(rows: QuerySet[CourseMeasure]) -> dict[tuple[UUID, str, str], CourseMeasure]:
    return {(row.place_id, row.measure, row.when): row for row in rows.order_by("at", "pk")}


def _told(rows: QuerySet[Course], viewer: Viewer) -> QuerySet[Course]:
    held = Q(sessions__cancelled_at=None)
    return rows.select_related("team", "team__neighbourhood", "service").annotate(
        first_at=Min("sessions__starts_at", filter=held),
        last_at=Max("sessions__starts_at", filter=held),
        next_at=Min("sessions__starts_at", filter=held & Q(sessions__ends_at__gt=viewer.at)),
        meets=Count("sessions", filter=held),
    )


def _counts(rows: Iterable[Course], viewer: Viewer) -> dict[tuple[UUID, str], int]:
    """How many are down as what, of those whom the viewer sees: a number tells of somebody as a name does.

    As TAKEN, all who have a place: it is taken by whoever has it, also where one may not see whom.
    """
    down = CoursePlace.objects.filter(course__in=[row.pk for row in rows]).order_by()
    seen = Count("pk", filter=Q(pk__in=seen_places(viewer).values("pk")))
    found: dict[tuple[UUID, str], int] = {}
    for course_, state, many, all_ in down.values_list("course", "state").annotate(many=seen, all=Count("pk")):
        found[course_, state] = many
        if state == PlaceState.COMING:
            found[course_, TAKEN] = all_
    return found


def _course(row: Course, counts: dict[tuple[UUID, str], int]) -> Listed:
    return Listed(
        id=row.pk,
        name=row.name,
        what=row.what,
        where=row.where,
        team=row.team.name,
        team_id=row.team_id,
        neighbourhood=row.team.neighbourhood.code if row.team.neighbourhood else "",
        service=row.service.name if row.service else "",
        places=row.places,
        taken=counts.get((row.pk, TAKEN), 0),
        coming=counts.get((row.pk, PlaceState.COMING), 0),
        waiting=counts.get((row.pk, PlaceState.WAITING), 0),
        invited=counts.get((row.pk, PlaceState.INVITED), 0),
        meets=row.meets,  # type: ignore[attr-defined]
        first_at=row.first_at,  # type: ignore[attr-defined]
        last_at=row.last_at,  # type: ignore[attr-defined]
        next_at=row.next_at,  # type: ignore[attr-defined]
        version=row.version,
    )


def _counted(rows: QuerySet[CourseSession], viewer: Viewer) -> QuerySet[CourseSession]:
    seen = Q(attended__place__in=seen_places(viewer).values("pk"))
    return rows.annotate(
        said=Count("attended", filter=seen),
        came=Count("attended", filter=seen & Q(attended__came=Came.CAME)),
    )


def _sessions(row: Course, viewer: Viewer) -> list[Session]:
    rows = _counted(row.sessions.all(), viewer).order_by("starts_at")
    return [_session(one, at=viewer.at) for one in rows]


def _session(one: CourseSession, *, at: datetime) -> Session:
    return Session(
        id=one.pk,
        course_id=one.course_id,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        cancelled_why=one.cancelled_why,
        came=one.came,  # type: ignore[attr-defined]
        said=one.said,  # type: ignore[attr-defined]
        is_over=one.ends_at <= at,
    )


def _people(rows: QuerySet[CoursePlace], sessions: list[Session]) -> list[Row]:
    found = rows.select_related("person", "person__merged_into").prefetch_related("attended", "measured")
    order = found.order_by("queued_at", "person__sort_key", "pk")[:MOST_PEOPLE]
    return [_row(one, sessions) for one in order]


def _row(one: CoursePlace, sessions: list[Session]) -> Row:
    held = {session.id for session in sessions if _was_theirs(one, session)}
    said = {row.session_id: row.came for row in one.attended.all() if row.session_id in held}
    measured = {row.when for row in one.measured.all()}
    return Row(
        id=one.pk,
        person=one.person.merged_into or one.person,
        state=PlaceState(one.state),
        queued_at=one.queued_at,
        invited_at=one.invited_at,
        came=sum(row == Came.CAME for row in said.values()),
        held=len(held),
        unsaid=len(held) - len(said),
        has_before=When.BEFORE in measured,
        has_after=When.AFTER in measured,
    )


def _was_theirs(one: CoursePlace, session: Session) -> bool:
    """Whether it was held while they had a place."""
    joined = one.joined_at is not None and session.ends_at > one.joined_at
    left = one.left_at is not None and session.starts_at >= one.left_at
    return session.is_over and not session.cancelled_why and joined and not left
