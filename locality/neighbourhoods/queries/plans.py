"""The one plan of a person, as whoever opens their record may read it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet

from locality.access.models import Relationship
from locality.access.queries import Grant, visible
from locality.access.queries.whom import whoever
from locality.access.rules import DataClass
from locality.base import NotFound, ViewerKind
from locality.directory.models import Team
from locality.neighbourhoods.models import PlanPart, PlanPartHistory
from locality.neighbourhoods.queries.plan_shapes import AboutLine, Part, Towards, WholePlan, WishLine
from locality.neighbourhoods.rules.plans import (
    ABOUT_ME,
    GOALS_TO_REACH,
    IS_A_TASK,
    STATE_WORDS,
    ActionState,
    Beside,
    Content,
    GoalState,
    PartKind,
    beside,
    content_of,
    may_write,
)
from locality.neighbourhoods.rules.tasks import NOT_DONE_WORDS, NotDone, TaskState
from locality.people.models import Person
from locality.record.queries import summary
from locality.record.queries.decisions import binds_in, kind_in
from locality.record.queries.shapes import Fact, Quote, Summary

NOT_THERE = "There is no such part of the plan, or it is not shown to you."
MOST_CHANGES = 200
Goals = Mapping[UUID, Towards]
OF_TASK = {TaskState.DONE: ActionState.DONE, TaskState.NOT_DONE: ActionState.NOT_DONE}
REFUSES = ("dnacpr", "dnar", "not attempt", "not for", "refus", "do not")


def plan(*, grant: Grant, at: datetime) -> WholePlan:
    """The one plan of the person to whom this grant was given. Two queries beside the summary's."""
    known = summary(grant=grant, at=at)
    # a goal that was taken out is read as well: what is done for it says so
    rows = _all(grant).filter(Q(removed_at=None) | Q(kind=PartKind.GOAL))
    parts = [one for one in _told(grant, _in_order(rows)) if not one.is_out]
    of = {kind: tuple(one for one in parts if one.kind == kind) for kind in PartKind}
    decisions = [fact for fact in known.decisions.facts if not fact.struck]
    return WholePlan(
        known=known,
        exists=bool(parts),
        may_write=grant.opening.writes_plan,
        opens=DataClass.PLAN in grant.opening.whole | grant.opening.redacted,
        about_me=tuple(_about_lines(of[PartKind.ABOUT_ME], sent_under(known))),
        wishes=tuple(WishLine(part=one, beside=_beside(one.content, decisions)) for one in of[PartKind.WISH]),
        goals=tuple(sorted(of[PartKind.GOAL], key=_is_over)),
        actions=tuple(sorted(of[PartKind.ACTION], key=_action_order)),
        contingencies=of[PartKind.CONTINGENCY],
        copies=of[PartKind.COPY],
        reviews=of[PartKind.REVIEW],
    )


def part(*, grant: Grant, part_id: UUID) -> Part:
    """One part as it reads now, taken out (`is_out`) or not. Raises NotFound where it is hidden or absent."""
    goal = PlanPart.objects.filter(pk=part_id).values("goal")
    found = _told(grant, _in_order(_all(grant).filter(Q(pk=part_id) | Q(pk__in=goal))))
    for one in found:
        if one.id == part_id:
            return one
    raise NotFound(NOT_THERE)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfPerson:
    """What the person page says of the plan: three lines, each empty where there is nothing to say."""

    goals: str
    actions: str
    review: str
    exists: bool


NO_PLAN = OfPerson(goals="", actions="", review="", exists=False)


def of_person(*, grant: Grant) -> OfPerson:
    """The plan in three lines: goals, overdue actions, review day. One query."""
    parts = [_part(grant, row, {}, {}) for row in _standing(grant)]
    goals = [one for one in parts if one.kind == PartKind.GOAL and one.state == GoalState.WORKING]
    late = [one for one in parts if one.is_overdue]
    days = [one.content.by_on for one in parts if one.kind == PartKind.REVIEW and one.content.by_on]
    return OfPerson(
        goals=f"{_counted(len(goals), 'goal')} to work towards" if goals else "",
        actions=f"{_counted(len(late), 'action')} overdue" if late else "",
        review=_review_words(min(days), grant.on) if days else "",
        exists=bool(parts),
    )


def contingencies(*, grant: Grant) -> list[Part]:
    """If this, then that, and whom to call: for the day pack. Two queries."""
    return _told(grant, _standing(grant).filter(kind=PartKind.CONTINGENCY))


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One version that a part of the plan had: what it said, who wrote it, and when; its goal in the words of now."""

    part: UUID
    kind: PartKind
    content: Content
    version: int
    what: str
    by: str
    at: datetime
    is_now: bool
    puts_back: bool
    towards: Towards | None


def changes(*, grant: Grant, part_id: UUID | None = None) -> list[Change]:
    """Every version of every part, or of one, the newest first; parts that were taken out too."""
    shown = _all(grant) if part_id is None else _all(grant).filter(pk=part_id)
    rows = PlanPartHistory.objects.filter(part__in=shown.values("pk")).select_related("part")
    found = list(rows.order_by("-at", "-version")[:MOST_CHANGES])
    if part_id is not None and not found:
        raise NotFound(NOT_THERE)
    names = who_wrote(grant, [(row.by, row.by_kind) for row in found])
    said = [content_of(row.content) for row in found]
    goals = _goals_of(grant, said)
    return [
        _change(grant, row, content=_as_shown(content, goals), by=names[row.by], goals=goals)
        for row, content in zip(found, said, strict=True)
    ]


def _change(grant: Grant, row: PlanPartHistory, *, content: Content, by: str, goals: Goals) -> Change:
    return Change(
        part=row.part_id,
        kind=PartKind(row.part.kind),
        content=content,
        version=row.version,
        what=row.what,
        by=by,
        at=row.at,
        is_now=row.version == row.part.version and row.part.removed_at is None,
        puts_back=_puts_back(grant, row),
        towards=goals.get(content.goal) if content.goal else None,
    )


def _goals_of(grant: Grant, said: Iterable[Content]) -> Goals:
    """The goals that any of these is towards, as far as they are shown; one query, and none where none has a goal."""
    wanted = {one.goal for one in said if one.goal}
    return {row.pk: _goal(row) for row in _all(grant).filter(pk__in=wanted)} if wanted else {}


def _puts_back(grant: Grant, row: PlanPartHistory) -> bool:
    """Whether this line took out of the plan what the viewer may put back."""
    is_out = row.version == row.part.version and row.part.removed_at is not None
    may = grant.opening.writes_plan and may_write(grant.viewer.kind, PartKind(row.part.kind), content_now(row.part))
    return is_out and may


def teams_that_know(grant: Grant) -> list[Team]:
    """The teams that have a reason to know this person today: to whom an action may be given."""
    holds = Q(ends_on=None) | Q(ends_on__gt=grant.on)
    known = Relationship.objects.filter(holds, person__in=grant.person_ids, starts_on__lte=grant.on, ended_at=None)
    return list(Team.objects.filter(pk__in=known.exclude(team=None).values("team")).order_by("name"))


def who_wrote(grant: Grant, wrote: Iterable[tuple[UUID, str]]) -> dict[UUID, str]:
    """Who wrote, in words: practitioners with their work, the person, whoever acts for them."""
    told = dict(wrote)
    staff = [one for one, kind in told.items() if kind == ViewerKind.PRACTITIONER]
    proxies = [one for one, kind in told.items() if kind == ViewerKind.PROXY]
    called = grant.person.likes or grant.person.given
    names = dict.fromkeys(told, called)
    names |= dict.fromkeys(staff, "Somebody who has left")
    if staff:
        names |= whoever(staff)
    if proxies:
        people = Person.objects.filter(pk__in=proxies)
        names |= {one.pk: f"{one.given} {one.family}, for {called}" for one in people}
    return names


def sent_under(known: Summary) -> dict[str, Quote]:
    """The latest answer that a source sent under each heading of About Me, as the record shows it."""
    codes = {heading: code for code, heading in ABOUT_ME.items()}
    found: dict[str, Quote] = {}
    for quote in known.about_me.facts:
        if isinstance(quote, Quote) and quote.question in codes:
            found.setdefault(codes[quote.question], quote)
    return found


# ---- from rows to parts


def _all(grant: Grant) -> QuerySet[PlanPart]:
    return PlanPart.objects.alias(thing=F("pk")).filter(visible(grant), person__in=grant.person_ids)


def _in_order(rows: QuerySet[PlanPart]) -> QuerySet[PlanPart]:
    return rows.select_related("task", "team", "practitioner").order_by("made_at", "id")


def _standing(grant: Grant) -> QuerySet[PlanPart]:
    return _in_order(_all(grant).filter(removed_at=None))


def _told(grant: Grant, rows: Iterable[PlanPart]) -> list[Part]:
    """The parts, each action with its goal where that is among these rows."""
    found = list(rows)
    names = who_wrote(grant, [(row.changed_by, row.changed_by_kind) for row in found])
    goals = {row.pk: _goal(row) for row in found if row.kind == PartKind.GOAL}
    return [_part(grant, row, names, goals) for row in found]


def _goal(row: PlanPart) -> Towards:
    return Towards(id=row.pk, words=row.words, state=row.state, is_out=row.removed_at is not None)


def content_now(row: PlanPart) -> Content:
    """What a row says, without who and when."""
    return Content(
        words=row.words,
        heading=row.heading,
        then_words=row.then_words,
        call_words=row.call_words,
        whose=row.whose,
        who=row.who,
        who_words=row.who_words,
        by_on=row.by_on,
        state=row.state,
        stance=row.stance,
        team=row.team_id,
        practitioner=row.practitioner_id,
        goal=row.goal_id,
        from_thing=row.from_thing,
        from_words=row.from_words,
        from_at=row.from_at,
    )


def _part(grant: Grant, row: PlanPart, names: dict[UUID, str], goals: Goals) -> Part:
    content, kind = _as_shown(content_now(row), goals), PartKind(row.kind)
    state = row.state
    if row.task is not None:
        state = OF_TASK.get(TaskState(row.task.state), ActionState.OPEN)
    due = row.task.due_on if row.task is not None else row.by_on
    writes = grant.opening.writes_plan and may_write(grant.viewer.kind, kind, content)
    return Part(
        id=row.pk,
        kind=kind,
        content=content,
        version=row.version,
        by=names.get(row.changed_by, ""),
        at=row.changed_at,
        state=state,
        state_words=_state_words(row, state),
        who=_who(grant, row),
        is_overdue=kind == PartKind.ACTION and state == ActionState.OPEN and due is not None and due < grant.on,
        is_task=row.task is not None,
        may_write=writes,
        is_out=row.removed_at is not None,
        towards=goals.get(content.goal) if content.goal else None,
    )


def _as_shown(content: Content, goals: Goals) -> Content:
    """What is said, without a goal that is not shown."""
    return content if content.goal in goals else replace(content, goal=None)


def _state_words(row: PlanPart, state: str) -> str:
    if row.task is not None and row.task.state == TaskState.STARTED:
        return "Started"
    if row.task is not None and row.task.not_done_because:
        return f"Not done: {NOT_DONE_WORDS[NotDone(row.task.not_done_because)]}"
    return STATE_WORDS.get(state, "")  # type: ignore[call-overload,no-any-return]


def _who(grant: Grant, row: PlanPart) -> str:
    if row.who in IS_A_TASK and row.team is not None:
        return f"{row.practitioner.name}, {row.team.name}" if row.practitioner is not None else row.team.name
    return row.who_words or (grant.person.likes or grant.person.given if row.who == "person" else "")


def _is_over(goal: Part) -> bool:
    return goal.state not in GOALS_TO_REACH


def _action_order(one: Part) -> tuple[bool, bool, date]:
    return one.state != ActionState.OPEN, not one.is_overdue, one.content.by_on or date.max


def _about_lines(parts: Sequence[Part], sent: dict[str, Quote]) -> Iterable[AboutLine]:
    for code, heading in ABOUT_ME.items():
        under: list[Part | None] = [one for one in parts if one.content.heading == code]
        # two plans that were two people's until they were found to be one: both are shown
        for one in under or [None]:
            yield AboutLine(code=code, heading=heading, part=one, sent=_unsaid(one, sent.get(code)))


def _unsaid(one: Part | None, sent: Quote | None) -> Quote | None:
    """What was sent, where the plan says nothing, or where it came after the plan's words and says other ones."""
    if one is None or sent is None:
        return sent
    is_later = sent.sender.at is not None and sent.sender.at > one.at
    return sent if is_later and sent.words != one.content.words else None


def _beside(content: Content, decisions: Sequence[Fact]) -> tuple[tuple[Fact, bool], ...]:
    heading = content.heading if content.heading != "other" else kind_in(content.words)
    found = []
    for fact in decisions:
        words = f"{fact.title} {fact.value}"
        refuses = any(sign in words.casefold() for sign in REFUSES)
        stands = beside(
            heading=heading,
            stance=content.stance,
            decision_kind=kind_in(words),
            decision_refuses=refuses,
            binds=binds_in(words),
        )
        if stands is not None:
            found.append((fact, stands == Beside.AGAINST))
    return tuple(found)


def _counted(count: int, one: str) -> str:
    return f"{count} {one if count == 1 else one + 's'}"


def _review_words(review_on: date, on: date) -> str:
    days = (on - review_on).days
    if days > 0:
        return f"review overdue by {_counted(days, 'day')}"
    return "review due today" if days == 0 else f"review in {_counted(-days, 'day')}"
