"""The meetings of the viewer's teams: which come, which were, who came, what was said of somebody."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, F, Q, QuerySet, When

from locality.access.queries import Grant, visible
from locality.access.queries.whom import whoever
from locality.base import NotFound, Viewer
from locality.base.periods import day_of
from locality.directory.models import Team
from locality.directory.queries import called, members_of
from locality.neighbourhoods.models import Attendance, Meeting, MeetingItem, MeetingSeries
from locality.neighbourhoods.queries.seen import seen_by
from locality.neighbourhoods.rules.meetings import TO_COME, Came, ItemState, MeetingState, may_meet

NOT_THERE = "There is no such meeting of your teams."
MOST_LISTED = 30


def seen_meetings(viewer: Viewer) -> QuerySet[Meeting]:
    """Meetings of the viewer's own teams, for a role that takes part in them."""
    if not may_meet(viewer) or not viewer.teams:
        return Meeting.objects.none()
    return Meeting.objects.filter(team__in=viewer.teams).select_related("team", "chair", "series")


def seen_items(viewer: Viewer) -> QuerySet[MeetingItem]:
    """The predicate: people on the agendas of the viewer's own teams, whom they may know today."""
    return seen_by(viewer, MeetingItem.objects.all())


def meeting(*, viewer: Viewer, meeting_id: UUID) -> Meeting:
    """One meeting of the viewer's teams; raises NotFound for every other."""
    found = seen_meetings(viewer).filter(pk=meeting_id).first()
    if found is None:
        raise NotFound(NOT_THERE)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One meeting in a list, with how many of those on its agenda the viewer may know today."""

    meeting: Meeting
    people: int
    discussed: int


def to_come(*, viewer: Viewer, most: int = MOST_LISTED) -> list[Listed]:
    """What is open now, today's, what should have been and was not, and what comes; the nearest first. Two queries."""
    today = day_of(viewer.at)
    first = Case(When(state=MeetingState.LIVE, then=0), When(on=today, then=1), When(on__lt=today, then=2), default=3)
    rows = seen_meetings(viewer).filter(state__in=TO_COME).order_by(first, "starts_at", "id")
    return _listed(viewer, list(rows[:most]))


def past(*, viewer: Viewer, most: int = MOST_LISTED) -> list[Listed]:
    """What was, or was skipped, the last first. Two queries."""
    rows = seen_meetings(viewer).exclude(state__in=TO_COME).order_by("-starts_at", "id")
    return _listed(viewer, list(rows[:most]))


def next_of(*, viewer: Viewer) -> Listed | None:
    """The meeting for the viewer's home page: the one that is open, else today's or the next. Two queries."""
    today = day_of(viewer.at)
    rows = seen_meetings(viewer).filter(Q(state=MeetingState.LIVE) | Q(state=MeetingState.PLANNED, on__gte=today))
    found = _listed(viewer, list(rows.order_by(F("opened_at").desc(nulls_last=True), "starts_at", "id")[:1]))
    return found[0] if found else None


def planned_after(*, team: UUID, after: datetime) -> Meeting | None:
    """The next meeting of a team that is still to come, for whoever carries somebody over."""
    rows = Meeting.objects.filter(team=team, state=MeetingState.PLANNED, starts_at__gt=after)
    return rows.order_by("starts_at", "id").first()


def series_of(*, viewer: Viewer) -> list[MeetingSeries]:
    """How the viewer's teams meet, as of today."""
    if not may_meet(viewer):
        return []
    lasts = Q(ends_on=None) | Q(ends_on__gt=day_of(viewer.at))
    rows = MeetingSeries.objects.filter(lasts, team__in=viewer.teams).select_related("team")
    return list(rows.order_by("team__name", "weekday", "at"))


def teams_of(*, viewer: Viewer) -> list[Team]:
    """The viewer's own teams, by name."""
    return list(Team.objects.filter(pk__in=viewer.teams).order_by("name")) if may_meet(viewer) else []


def _listed(viewer: Viewer, rows: Sequence[Meeting]) -> list[Listed]:
    items = seen_items(viewer).filter(meeting__in=rows).exclude(state=ItemState.LEFT_OUT)
    states = list(items.values_list("meeting", "state")) if rows else []
    people, discussed = Counter(pk for pk, _ in states), Counter(pk for pk, of in states if of == ItemState.DISCUSSED)
    return [Listed(meeting=row, people=people[row.pk], discussed=discussed[row.pk]) for row in rows]


# ---- who came


@dataclass(frozen=True, slots=True, kw_only=True)
class There:
    """One of the team, or a guest: whether they came. `key` names them in a form."""

    key: str
    name: str
    of: str
    state: str
    guest: bool = False


def attendance(*, meeting: Meeting) -> list[There]:
    """Who is invited, came, or sent apologies: the team of that day by name, then guests. Two queries."""
    said = list(
        Attendance.objects.filter(meeting=meeting)
        .annotate(name=called("practitioner"), employer=F("practitioner__employer__name"))
        .order_by("said_at")
        .values("pk", "practitioner_id", "guest", "guest_of", "state", "name", "employer")
    )
    states = {one["practitioner_id"]: one["state"] for one in said if one["practitioner_id"]}
    members = members_of(meeting.team, on=meeting.on).values_list(
        "practitioner", called("practitioner"), "post", "employer__short_name", "employer__name"
    )
    there = {
        who: There(key=str(who), name=name, of=f"{post}, {short or whole}", state=states.get(who, Came.INVITED))
        for who, name, post, short, whole in members
    }
    # whoever has left the team since, or came without being in it
    others = [_of_row(one) for one in said if one["practitioner_id"] not in there]
    return [*there.values(), *others]


def _of_row(row: Mapping[str, Any]) -> There:
    if row["practitioner_id"] is None:
        return There(key=str(row["pk"]), name=row["guest"], of=row["guest_of"], state=row["state"], guest=True)
    return There(key=str(row["practitioner_id"]), name=row["name"], of=row["employer"] or "", state=row["state"])


def members(*, team: Team, on: date) -> dict[UUID, str]:
    """Who may be asked to do something, or to coordinate: the team of that day, by name."""
    return dict(members_of(team, on=on).values_list("practitioner", called("practitioner")))


# ---- of one person


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidOf:
    """What one meeting decided of a person, for their page."""

    meeting: UUID
    team: str
    on: date
    state: str
    decision: str
    decision_words: str
    review_on: date | None
    by_name: str


LOOKS_BACK = timedelta(days=365)


def of_person(*, grant: Grant) -> list[SaidOf]:
    """The meetings of the last year, and to come, on whose agenda the person stands: the newest first. Two queries."""
    theirs = MeetingItem.objects.alias(thing=F("pk")).filter(visible(grant), person__in=grant.person_ids)
    rows = theirs.filter(meeting__on__gte=grant.on - LOOKS_BACK).exclude(meeting__state=MeetingState.SKIPPED)
    found = list(rows.select_related("meeting__team").order_by("-meeting__starts_at", "id"))
    names = whoever([row.decided_by for row in found if row.decided_by])
    return [
        SaidOf(
            meeting=row.meeting_id,
            team=row.meeting.team.name,
            on=row.meeting.on,
            state=row.state,
            decision=row.decision,
            decision_words=row.decision_words,
            review_on=row.review_on,
            by_name=names.get(row.decided_by, "") if row.decided_by else "",
        )
        for row in found
    ]
