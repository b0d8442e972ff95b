"""A team's posts and who fills them, what somebody may do, their usual week, and when they are away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, Sum

from locality.base import NotFound, Refused, Viewer, ViewerKind
from locality.base.periods import day_of
from locality.directory.models import Team
from locality.directory.queries import is_member
from locality.directory.queries.spans import held_on
from locality.journal.actions import log
from locality.neighbourhoods.models import Absence, Post, PostFilled, SkillHeld, WorkingDay
from locality.neighbourhoods.rules.staffing import Skill, check_hours, may_keep_team

NOT_YOURS = "The coordinator of a team keeps its posts, skills and weeks; your own week and days away you keep."
NO_POST = "There is no such post in your teams."
NO_ABSENCE = "There is no such absence."
NOT_OF_THE_TEAM = "They do not work in this team on that day."
AWAY_ALREADY = "They are away on some of these days already."
FILLS_IT_ALREADY = "They fill this post already."
NO_TITLE = "Say what the post is."
BACKWARDS = "The last day is before the first."
THEMSELVES = "Somebody else covers."


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """One day of a usual week: 0 is Monday."""

    weekday: int
    from_time: time
    until_time: time
    site: UUID | None = None


@transaction.atomic
def add_post(*, team: UUID, title: str, employer: UUID, hours: Decimal, starts_on: date, by: Viewer) -> Post:
    """Write down a post of a team, of so many hours a week; raises Refused."""
    _keeps(team, by=by)
    if not title.strip():
        raise Refused(NO_TITLE)
    if not 0 < hours <= 60:
        raise Refused("Say how many hours a week, from 1 to 60.")
    row = Post.objects.create(
        team_id=team,
        title=title.strip(),
        employer_id=employer,
        hours=hours,
        starts_on=starts_on,
        made_at=by.at,
        made_by=by.id,
    )
    log(what="staffing.post-made", by=by, about=row.pk)
    return row


@transaction.atomic
def end_post(*, post: UUID, on: date, by: Viewer) -> Post:
    """End a post from a day on, and with it whoever fills it."""
    row = _post(post, by=by)
    row.ends_on = max(on, row.starts_on)
    row.save(update_fields=["ends_on"])
    filling = row.filled.filter(Q(ends_on=None) | Q(ends_on__gt=row.ends_on))
    for one in filling:
        one.ends_on = max(row.ends_on, one.starts_on)
        one.save(update_fields=["ends_on"])
    log(what="staffing.post-ended", by=by, about=row.pk)
    return row


@transaction.atomic
def fill_post(*, post: UUID, practitioner: UUID, hours: Decimal, starts_on: date, by: Viewer) -> PostFilled:
    """Somebody of the team fills a post, or so many of its hours, from a day on; raises Refused."""
    # two fill the same post at once: the second finds the hours that the first left
    row = _post(post, by=by)
    if not is_member(practitioner, team=row.team_id, on=starts_on):
        raise Refused(NOT_OF_THE_TEAM)
    if row.filled.filter(Q(ends_on=None) | Q(ends_on__gt=starts_on), practitioner=practitioner).exists():
        raise Refused(FILLS_IT_ALREADY)
    taken = row.filled.filter(Q(ends_on=None) | Q(ends_on__gt=starts_on)).aggregate(hours=Sum("hours"))["hours"]
    check_hours(hours=hours, vacant=row.hours - (taken or Decimal(0)))
    made = PostFilled.objects.create(
        post=row, practitioner_id=practitioner, hours=hours, starts_on=starts_on, made_at=by.at, made_by=by.id
    )
    log(what="staffing.post-filled", by=by, about=row.pk)
    return made


@transaction.atomic
def leave_post(*, filled: UUID, on: date, by: Viewer) -> PostFilled:
    """Somebody fills a post no longer from a day on: it is vacant."""
    one = PostFilled.objects.select_related("post").filter(pk=filled).first()
    if one is None:
        raise NotFound(NO_POST)
    _post(one.post_id, by=by)
    one.ends_on = max(on, one.starts_on)
    one.save(update_fields=["ends_on"])
    log(what="staffing.post-left", by=by, about=one.post_id)
    return one


@transaction.atomic
def note_skill(
    *, team: UUID, practitioner: UUID, skill: Skill, gained_on: date, expires_on: date | None, by: Viewer
) -> SkillHeld:
    """Write down what somebody of the team was trained to do, or was trained again; raises Refused."""
    _keeps(team, by=by)
    _of_the_team(practitioner, team, by=by)
    if expires_on is not None and expires_on <= gained_on:
        raise Refused("It expires before it is gained.")
    row, _ = SkillHeld.objects.update_or_create(
        practitioner_id=practitioner,
        skill=skill,
        defaults={"gained_on": gained_on, "expires_on": expires_on, "made_at": by.at, "made_by": by.id},
    )
    log(what="staffing.skill-noted", by=by, about=practitioner)
    return row


@transaction.atomic
def set_week(*, team: UUID, practitioner: UUID, week: Sequence[Hours], starts_on: date, by: Viewer) -> list[WorkingDay]:
    """Somebody's usual week in a team from a day on; the one before ends then. No days: they work none."""
    _keeps(team, by=by, own=practitioner)
    _of_the_team(practitioner, team, by=by)
    if any(one.until_time <= one.from_time for one in week):
        raise Refused("A day ends before it begins.")
    if len({one.weekday for one in week}) < len(week):
        raise Refused("A day stands there twice.")
    before = WorkingDay.objects.select_for_update().filter(team=team, practitioner=practitioner)
    before.filter(starts_on__gte=starts_on).delete()
    before.filter(Q(ends_on=None) | Q(ends_on__gt=starts_on)).update(ends_on=starts_on)
    rows = [
        WorkingDay(
            team_id=team,
            practitioner_id=practitioner,
            weekday=one.weekday,
            from_time=one.from_time,
            until_time=one.until_time,
            site_id=one.site,
            starts_on=starts_on,
            made_at=by.at,
            made_by=by.id,
        )
        for one in week
    ]
    WorkingDay.objects.bulk_create(rows)
    log(what="staffing.week-set", by=by, about=practitioner)
    return rows


@transaction.atomic
def be_away(
    *, team: UUID, practitioner: UUID, starts_on: date, ends_on: date, cover: UUID | None, by: Viewer
) -> Absence:
    """Somebody is away from a day until, not including, a day; `cover` is of the same team. Raises Refused."""
    _keeps(team, by=by, own=practitioner)
    _of_the_team(practitioner, team, by=by)
    if ends_on <= starts_on:
        raise Refused(BACKWARDS)
    if cover == practitioner:
        raise Refused(THEMSELVES)
    if cover is not None:
        _of_the_team(cover, team, by=by)
    try:
        with transaction.atomic():
            row = Absence.objects.create(
                practitioner_id=practitioner,
                cover_id=cover,
                starts_on=starts_on,
                ends_on=ends_on,
                made_at=by.at,
                made_by=by.id,
            )
    except IntegrityError as at_the_same_time:
        raise Refused(AWAY_ALREADY) from at_the_same_time
    log(what="staffing.away", by=by, about=practitioner)
    return row


@transaction.atomic
def be_back(*, team: UUID, absence: UUID, by: Viewer) -> Absence:
    """Take an absence back: they are here after all."""
    row = Absence.objects.select_for_update().filter(pk=absence, taken_back_at=None).first()
    if row is None:
        raise NotFound(NO_ABSENCE)
    _keeps(team, by=by, own=row.practitioner_id)
    _of_the_team(row.practitioner_id, team, by=by)
    row.taken_back_at, row.taken_back_by = by.at, by.id
    row.save(update_fields=["taken_back_at", "taken_back_by"])
    log(what="staffing.back", by=by, about=row.practitioner_id)
    return row


def _post(post: UUID, *, by: Viewer) -> Post:
    row = Post.objects.select_for_update().filter(held_on(day_of(by.at)) | Q(starts_on__gt=day_of(by.at)), pk=post)
    found = row.first()
    if found is None:
        raise NotFound(NO_POST)
    _keeps(found.team_id, by=by)
    return found


def _keeps(team: UUID, *, by: Viewer, own: UUID | None = None) -> None:
    """Whoever keeps this team, or whose own it is; another team is not there."""
    if by.kind == ViewerKind.SYSTEM:
        return
    if team not in by.teams or not Team.objects.filter(pk=team).exists():
        raise NotFound(NO_POST)
    if not may_keep_team(by) and own != by.id:
        raise Refused(NOT_YOURS)


def _of_the_team(practitioner: UUID, team: UUID, *, by: Viewer) -> None:
    if not is_member(practitioner, team=team, on=day_of(by.at)):
        raise Refused(NOT_OF_THE_TEAM)
