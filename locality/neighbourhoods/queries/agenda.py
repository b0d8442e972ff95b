"""Who is on a meeting's agenda, and what stands there of each; who waits to be."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from locality.access.queries.knowing import KEPT
from locality.access.rules import DataClass
from locality.base import NotFound, Viewer
from locality.base.periods import day_of
from locality.directory.queries import called, names_of
from locality.neighbourhoods.models import Allocation, Candidate, Caseload, Meeting, MeetingEntry, MeetingItem, Task
from locality.neighbourhoods.queries.meetings import seen_items
from locality.neighbourhoods.queries.plan_reviews import plans_due
from locality.neighbourhoods.queries.seen import seen_by
from locality.neighbourhoods.rules.candidates import CandidateState
from locality.neighbourhoods.rules.meetings import (
    EntryKind,
    ItemState,
    Ready,
    Why,
    fitting,
    not_this_time,
    one_a_person,
)
from locality.neighbourhoods.rules.tasks import About
from locality.people.models import Person

NOBODY = "Nobody like that is on this agenda."


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What was said, who disagreed and why, or what was added: by whom and when."""

    kind: str
    whose: str
    words: str
    at: datetime
    by_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Something that the meeting asked for: whose it is, by when, and what came of it."""

    id: UUID
    title: str
    owner: str
    due_on: date
    state: str
    not_done_because: str
    outcome: str
    helped: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One person on an agenda: `fits` the time there is, or why not; what was said and decided, and by whom."""

    id: UUID
    meeting: UUID
    person: Person
    why: str
    why_words: str
    looked_after_for: str
    since: date
    place: int
    minutes: int
    state: str
    fits: bool = True
    why_not: str = ""
    times_carried: int
    on_caseload: bool
    agreed: str
    coordinator: str
    decision: str
    decision_words: str
    off_reason: str
    review_on: date | None
    decided_at: datetime | None
    decided_by: str
    changed_at: datetime
    changed_by: str
    left_out_why: str
    version: int
    spent_seconds: int
    said: tuple[Entry, ...]
    dissent: tuple[Entry, ...]
    additions: tuple[Entry, ...]
    asked: tuple[Asked, ...]


def lines(*, viewer: Viewer, meeting: Meeting) -> list[Line]:
    """Everybody on an agenda whom the viewer may know today, in its order. Seven queries however many there are."""
    rows = seen_items(viewer).filter(meeting=meeting)
    return _with_time(_lines(viewer, list(_told(rows).order_by("place", "id"))), length=meeting.minutes)


def line(*, viewer: Viewer, item_id: UUID) -> Line:
    """One person on an agenda; raises NotFound where the viewer may not know them, or they are not on it."""
    rows = seen_items(viewer).filter(pk=item_id)
    found = list(_told(rows))
    if not found:
        raise NotFound(NOBODY)
    return _lines(viewer, found)[0]


def _told(rows: QuerySet[MeetingItem]) -> QuerySet[MeetingItem]:
    rows = rows.annotate(off_at=F("caseload__off_at"), coordinated_by=called("coordinator"))
    return rows.select_related("person", "person__merged_into")


def _lines(viewer: Viewer, rows: Sequence[MeetingItem]) -> list[Line]:
    if not rows:
        return []
    ids = [row.pk for row in rows]
    entries = list(MeetingEntry.objects.filter(item__in=ids).order_by("at", "id"))
    tasks = seen_by(viewer, Task.objects.filter(about=About.MEETING, about_id__in=ids))
    asked = list(tasks.select_related("owner").order_by("due_on", "id"))
    candidates = seen_by(viewer, Candidate.objects.filter(pk__in=[row.candidate_id for row in rows]))
    put = {one.pk: one for one in candidates}
    looked_after = seen_by(viewer, Caseload.objects.filter(pk__in=[row.caseload_id for row in rows]))
    reasons: dict[UUID | None, str] = dict(looked_after.values_list("pk", "why"))
    held = Allocation.objects.filter(caseload__in=[row.caseload_id for row in rows], ends_at=None)
    looks_after = dict(held.values_list("caseload", called("coordinator")))
    hands = {*_hands(rows), *(one.by for one in entries), *(one.made_by for one in put.values())}
    names = names_of(hands)
    return [_line(row, entries, asked, put, looks_after, names, reasons.get(row.caseload_id, "")) for row in rows]


def _hands(rows: Iterable[MeetingItem]) -> set[UUID]:
    return {one for row in rows for one in (row.decided_by, row.changed_by, row.made_by) if one}


def _line(
    row: MeetingItem,
    entries: Sequence[MeetingEntry],
    asked: Sequence[Task],
    put: dict[UUID, Candidate],
    looks_after: dict[UUID, str],
    names: dict[UUID, str],
    looked_after_for: str,
) -> Line:
    own = [one for one in entries if one.item_id == row.pk]
    candidate = put.get(row.candidate_id) if row.candidate_id else None
    told = {kind: tuple(_entry(one, names) for one in own if one.kind == kind) for kind in EntryKind}
    return Line(
        id=row.pk,
        meeting=row.meeting_id,
        person=row.person.merged_into or row.person,
        why_words=_why_words(row, candidate, names),
        looked_after_for=looked_after_for,
        on_caseload=row.caseload_id is not None and row.off_at is None,  # type: ignore[attr-defined]
        agreed=candidate.agreed if candidate else "",
        coordinator=row.coordinated_by or looks_after.get(row.caseload_id, ""),  # type: ignore[arg-type, attr-defined]
        decided_by=names.get(row.decided_by, "") if row.decided_by else "",
        changed_by=names.get(row.changed_by, ""),
        said=told[EntryKind.SAID],
        dissent=told[EntryKind.DISSENT],
        additions=told[EntryKind.ADDITION],
        asked=tuple(Asked(**told_of(one)) for one in asked if one.about_id == row.pk),
        **{name: getattr(row, name) for name in SAME},
    )


SAME = (
    *("why", "since", "place", "minutes", "state", "times_carried", "decision", "decision_words", "off_reason"),
    *("review_on", "decided_at", "changed_at", "left_out_why", "version", "spent_seconds"),
)


def _why_words(row: MeetingItem, candidate: Candidate | None, names: dict[UUID, str]) -> str:
    if candidate is not None and not row.why_words:
        return f"{candidate.why} ({names.get(candidate.made_by, 'somebody')})"
    if row.why == Why.NOMINATED:
        return f"{row.why_words} ({names.get(row.made_by, 'somebody')})"
    return row.why_words


def _entry(row: MeetingEntry, names: dict[UUID, str]) -> Entry:
    return Entry(kind=row.kind, whose=row.whose, words=row.words, at=row.at, by_name=names.get(row.by, ""))


def told_of(row: Task) -> dict[str, Any]:
    """What a task says, by the fields of `Asked`."""
    same = ("title", "due_on", "state", "not_done_because", "outcome", "helped")
    return {"id": row.pk, "owner": row.owner.name if row.owner else ""} | {name: getattr(row, name) for name in same}


def _with_time(told: list[Line], *, length: int) -> list[Line]:
    """The same, each with whether the meeting's time reaches to them; who is left out takes none."""
    on_it = [one for one in told if one.state != ItemState.LEFT_OUT]
    fits = dict(zip((one.id for one in on_it), fitting([one.minutes for one in on_it], length=length), strict=True))
    found, before, minutes = [], 0, 0
    for one in told:
        if fits.get(one.id, True):
            found.append(one)
        else:
            why_not = not_this_time(before=before, minutes=minutes, length=length)
            found.append(replace(one, fits=False, why_not=why_not))
        if fits.get(one.id, False):
            before, minutes = before + 1, minutes + one.minutes
    return found


# ---- who waits to be on one: the team's, and of their plans what whoever asks may see


def waiting(*, viewer: Viewer, team: UUID, on: date) -> list[Ready]:
    """Who of a team's own is to be talked about by a day: put forward, at risk, or due to be looked at, they or their
    plan. Three queries."""
    plans = plans_due(viewer=viewer, on=on)
    waits = ~Q(at_risk="") | Q(review_on__lte=on) | Q(now__in=list(plans))
    rows = Caseload.objects.alias(now=KEPT).filter(waits, team=team, off_at=None)
    found = []
    for row in rows.select_related("person"):
        kept = row.person.merged_into_id or row.person_id
        why, since = Why.AT_RISK if row.at_risk else Why.REVIEW, min(row.review_on, on)
        if not row.at_risk and row.review_on > on:
            why, since = Why.PLAN, plans[kept].on
        words = row.at_risk if row.data_class == DataClass.WORK else ""
        found.append(Ready(person=kept, why=why, since=since, priority=row.priority, words=words, caseload=row.pk))
    put = Candidate.objects.filter(team=team, state=CandidateState.WAITING).select_related("person")
    for one in put:
        kept = one.person.merged_into_id or one.person_id
        found.append(Ready(person=kept, why=Why.CANDIDATE, since=day_of(one.made_at), candidate=one.pk))
    return one_a_person(found)
