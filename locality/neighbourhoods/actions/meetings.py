"""Planning a team's meetings, opening and closing one, who came."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import UUID

from django.db import transaction

from locality.access.actions import Reason, end_relationship, relate
from locality.access.models import Relationship
from locality.access.rules import RelationKind
from locality.base import NoAccess, NotFound, Refused, Viewer, ViewerKind
from locality.base.periods import day_of
from locality.directory.queries import members_of
from locality.journal.actions import log
from locality.neighbourhoods.actions.agenda import carry, draw, lock
from locality.neighbourhoods.models import Attendance, Meeting, MeetingItem, MeetingSeries
from locality.neighbourhoods.queries import meetings as queries
from locality.neighbourhoods.rules.meetings import (
    AHEAD_WEEKS,
    Came,
    ItemState,
    MeetingState,
    Rhythm,
    days_of,
    may_meet,
    moment_of,
)

NOT_YOURS = "The role you signed in with takes no part in this team's meetings."
NO_SUCH_SERIES = "There is no such series of meetings of your teams."
NOT_PLANNED = "This meeting is {state} already, so nothing was changed."
NOT_OPEN = "This meeting is {state}: this is done while it is open."
NOT_TODAY = "This meeting is on another day: open it on its own day, or plan one for today."
SAY_WHY = "Say why it is skipped, for whoever waits for it."
SAY_WHO = "Say who the guest is, and of which organisation: they see what is on the screen."


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSeries:
    """How a team will meet: on which weekday (0 is Monday), at what time, for how long, where (never shown outside)."""

    team: UUID
    weekday: int
    at: time
    minutes: int
    starts_on: date
    every_weeks: int = 1
    where_words: str = ""
    ends_on: date | None = None


@transaction.atomic
def begin_series(*, new: NewSeries, by: Viewer) -> MeetingSeries:
    """Say how a team meets from a day on, and make its next meetings. Raises NoAccess, Refused."""
    if by.kind != ViewerKind.SYSTEM and (not may_meet(by) or new.team not in by.teams):
        raise NoAccess(NOT_YOURS)
    if not 10 <= new.minutes <= 480 or not 1 <= new.every_weeks <= 52 or not 0 <= new.weekday <= 6:
        raise Refused("A meeting takes 10 minutes to 8 hours, on a day of the week, every 1 to 52 weeks.")
    if new.ends_on is not None and new.ends_on < new.starts_on:
        raise Refused("It ends before it begins.")
    row = MeetingSeries.objects.create(
        team_id=new.team,
        weekday=new.weekday,
        at=new.at,
        minutes=new.minutes,
        every_weeks=new.every_weeks,
        where_words=new.where_words.strip(),
        starts_on=new.starts_on,
        ends_on=new.ends_on,
        made_at=by.at,
        made_by=by.id,
    )
    # what was before today was held, or was not, without us
    _plan(row, first=max(new.starts_on, day_of(by.at)), by=by)
    log(what="meeting.series-begun", by=by, about=row.pk)
    return row


@transaction.atomic
def end_series(*, series_id: UUID, ends_on: date, by: Viewer) -> MeetingSeries:
    """Say from which day on a team meets so no more; what is planned from then on is skipped. Raises NotFound."""
    row = MeetingSeries.objects.select_for_update().filter(pk=series_id, team__in=by.teams).first()
    if row is None or not may_meet(by):
        raise NotFound(NO_SUCH_SERIES)
    row.ends_on = max(ends_on, row.starts_on)
    row.save(update_fields=["ends_on"])
    for one in Meeting.objects.filter(series=row, on__gte=row.ends_on, state=MeetingState.PLANNED).order_by(
        "-starts_at"
    ):
        skip(meeting_id=one.pk, why="The team does not meet so any more.", by=by)
    log(what="meeting.series-ended", by=by, about=row.pk)
    return row


@transaction.atomic
def plan_ahead(*, by: Viewer) -> int:
    """Make the meetings of the next quarter of every series that runs; returns how many are new. Safe to repeat."""
    today = day_of(by.at)
    rows = MeetingSeries.objects.exclude(ends_on__lte=today)
    new = sum(_plan(row, first=today, by=by) for row in rows)
    if new:
        log(what="meeting.planned", by=by, detail={"new": new})
    return new


def _plan(series: MeetingSeries, *, first: date, by: Viewer) -> int:
    rhythm = Rhythm(
        weekday=series.weekday, every_weeks=series.every_weeks, starts_on=series.starts_on, ends_on=series.ends_on
    )
    days = list(days_of(rhythm, first=first, until=max(day_of(by.at), first) + timedelta(weeks=AHEAD_WEEKS)))
    there = set(Meeting.objects.filter(series=series, on__in=days).values_list("on", flat=True))
    rows = [
        Meeting(
            series=series,
            team_id=series.team_id,
            on=on,
            starts_at=moment_of(on, series.at),
            minutes=series.minutes,
            where_words=series.where_words,
            made_at=by.at,
            made_by=by.id,
        )
        for on in days
        if on not in there
    ]
    # somebody else may plan the same days at this moment
    Meeting.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


@transaction.atomic
def skip(*, meeting_id: UUID, why: str, by: Viewer) -> Meeting:
    """Say that a meeting is not held, and why; who was on its agenda waits for the next. Raises NotFound, Refused."""
    row = lock(meeting_id, by=by)
    if row.state != MeetingState.PLANNED:
        raise Refused(NOT_PLANNED.format(state=row.state))
    if not why.strip():
        raise Refused(SAY_WHY)
    row.state, row.skipped_at, row.skipped_by, row.skipped_why = MeetingState.SKIPPED, by.at, by.id, why.strip()
    row.save(update_fields=["state", "skipped_at", "skipped_by", "skipped_why"])
    _move_on(row, by=by)
    log(what="meeting.skipped", by=by, about=row.pk, reason=why.strip())
    return row


@transaction.atomic
def open_meeting(*, meeting_id: UUID, by: Viewer) -> Meeting:
    """Open a meeting on its day; whoever opens it takes the chair, and the team may know those on its agenda for today.

    Raises NotFound, and Refused where it is open, over, or of another day: of two who open at once the second is told.
    """
    row = lock(meeting_id, by=by)
    if row.state != MeetingState.PLANNED:
        raise Refused(NOT_PLANNED.format(state=row.state))
    if row.on != day_of(by.at):
        raise Refused(NOT_TODAY)
    draw(row, by=by)
    row.state, row.chair_id, row.opened_at, row.opened_by = MeetingState.LIVE, by.id, by.at, by.id
    waits = list(MeetingItem.objects.filter(meeting=row, state=ItemState.WAITING).order_by("place", "id"))
    row.on_screen, row.turned_at = (waits[0], by.at) if waits else (None, None)
    row.save(update_fields=["state", "chair", "opened_at", "opened_by", "on_screen", "turned_at"])
    _invite(row, by=by)
    know(row, waits, by=by)
    log(what="meeting.opened", by=by, about=row.pk)
    return row


def know(meeting: Meeting, rows: Sequence[MeetingItem], *, by: Viewer) -> None:
    """Let the team know those who are talked about, for this day alone; only actions of the meeting call it."""
    words = f"On the agenda of the meeting of {meeting.on:%-d %B %Y}"
    ends_on = meeting.on + timedelta(days=1)
    reasons = [
        Reason(
            person=one.person_id,
            kind=RelationKind.MEETING,
            team=meeting.team_id,
            starts_on=meeting.on,
            ends_on=ends_on,
            words=words,
        )
        for one in rows
    ]
    relate(reasons=reasons, by=by)
    made = Relationship.objects.filter(
        person__in=[one.person_id for one in rows],
        kind=RelationKind.MEETING,
        team=meeting.team_id,
        starts_on=meeting.on,
        made_at=by.at,
        ended_at=None,
    )
    by_person = {one.person_id: one for one in made}
    for one in rows:
        one.relationship = by_person[one.person_id]
    MeetingItem.objects.bulk_update(rows, ["relationship"])


@transaction.atomic
def close_meeting(*, meeting_id: UUID, by: Viewer) -> Meeting:
    """Close a meeting: who was not reached moves on to the next, and the reason to know them for this day ends."""
    row = lock(meeting_id, by=by)
    if row.state != MeetingState.LIVE:
        raise Refused(NOT_OPEN.format(state=row.state))
    turn_away(row, by=by)
    row.state, row.closed_at, row.closed_by = MeetingState.CLOSED, by.at, by.id
    row.on_screen = row.turned_at = None
    row.save(update_fields=["state", "closed_at", "closed_by", "on_screen", "turned_at"])
    for known_by in MeetingItem.objects.filter(meeting=row).exclude(relationship=None).values_list("relationship"):
        # read anew: of two who were found to be one, the first takes the second's with it
        held = Relationship.objects.get(pk=known_by[0])
        if held.ended_at is None:
            end_relationship(relationship=held, ends_on=day_of(by.at), reason="The meeting was closed", by=by)
    if row.series is not None:
        _plan(row.series, first=row.on, by=by)
    _move_on(row, by=by)
    log(what="meeting.closed", by=by, about=row.pk)
    return row


def turn_away(meeting: Meeting, *, by: Viewer) -> None:
    """Count the time that was spent on whoever was on the screen until now."""
    if meeting.on_screen_id is None or meeting.turned_at is None:
        return
    row = MeetingItem.objects.select_for_update().get(pk=meeting.on_screen_id)
    row.spent_seconds += max(int((by.at - meeting.turned_at).total_seconds()), 0)
    row.save(update_fields=["spent_seconds"])


def _move_on(meeting: Meeting, *, by: Viewer) -> None:
    MeetingItem.objects.filter(meeting=meeting, state=ItemState.WAITING).update(
        state=ItemState.MOVED_ON, changed_at=by.at, changed_by=by.id
    )
    after = queries.planned_after(team=meeting.team_id, after=meeting.starts_at)
    if after is not None:
        # locked, since somebody may draw up its agenda at this moment
        carry(into=Meeting.objects.select_for_update().get(pk=after.pk), by=by)


# ---- who came


def _invite(meeting: Meeting, *, by: Viewer) -> None:
    rows = [
        Attendance(
            meeting=meeting,
            practitioner_id=one.practitioner_id,
            state=Came.CAME if one.practitioner_id == by.id else Came.INVITED,
            said_at=by.at,
            said_by=by.id,
        )
        for one in members_of(meeting.team, on=meeting.on)
    ]
    Attendance.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def say_who_came(*, meeting_id: UUID, came: Mapping[str, Came], by: Viewer) -> None:
    """Say of each (a practitioner's id, or a guest's row) whether they came; of whom nothing is said, nothing changes.

    Raises NotFound, Refused once closed.
    """
    row = lock(meeting_id, by=by)
    if row.state == MeetingState.CLOSED:
        raise Refused(NOT_OPEN.format(state=row.state))
    known = {one.key: one for one in queries.attendance(meeting=row)}
    if not came.keys() <= known.keys():
        raise NotFound("Nobody like that is invited.")
    said = {"said_at": by.at, "said_by": by.id}
    new = {key: state for key, state in came.items() if known[key].state != state}
    for key, state in new.items():
        if known[key].guest:
            Attendance.objects.filter(pk=key).update(state=state, **said)
    Attendance.objects.bulk_create(
        [
            Attendance(meeting=row, practitioner_id=UUID(key), state=state, **said)
            for key, state in new.items()
            if not known[key].guest
        ],
        update_conflicts=True,
        unique_fields=["meeting", "practitioner"],
        update_fields=["state", "said_at", "said_by"],
    )
    log(what="meeting.attendance-said", by=by, about=row.pk)


@transaction.atomic
def add_guest(*, meeting_id: UUID, name: str, of: str, by: Viewer) -> Attendance:
    """Write down a guest who came, by name and organisation. Raises NotFound, Refused."""
    row = lock(meeting_id, by=by)
    if row.state == MeetingState.CLOSED:
        raise Refused(NOT_OPEN.format(state=row.state))
    if not name.strip() or not of.strip():
        raise Refused(SAY_WHO)
    made = Attendance.objects.create(
        meeting=row, guest=name.strip(), guest_of=of.strip(), state=Came.CAME, said_at=by.at, said_by=by.id
    )
    log(what="meeting.attendance-said", by=by, about=row.pk)
    return made
