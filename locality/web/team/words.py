"""A team and its caseload, in words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from locality.neighbourhoods.queries.caseload import Counts, Done, OnIt
from locality.neighbourhoods.queries.plan_reviews import PlanDue
from locality.neighbourhoods.queries.staffing import SkillTold, TeamAtWork
from locality.neighbourhoods.rules.caseload import HAPPENED_WORDS, STAGE_WORDS, Happened, Stage
from locality.neighbourhoods.rules.staffing import SKILL_WORDS, Fill, SkillState, hours_words
from locality.neighbourhoods.rules.tasks import PRIORITY_WORDS, Priority
from locality.web.words import counted, family_first, short_day

NOBODY = "Nobody is on your teams' caseload yet. Whoever was put forward waits here first: take them on from there."
NO_TEAM = "You work in no team today. Whoever keeps the staff puts you into one; its work stands here then."
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
PRIORITY_KINDS = {Priority.NOW: "urgent", Priority.SOON: "caution", Priority.ROUTINE: "quiet"}


def answer(counts: Counts, *, waiting: int) -> str:
    """The one sentence of a caseload."""
    waits = f"{counted(waiting, 'person waits', 'people wait')} for an answer" if waiting else ""
    if not counts.total:
        return waits or "Nobody is on the caseload, and nobody waits"
    told = [
        (counts.died, counted(counts.died, "person died", "people died")),
        (counts.due, counted(counts.due, "review is due", "reviews are due")),
        (counts.unallocated, f"{counts.unallocated} without a coordinator"),
        (counts.at_risk, f"{counts.at_risk} at risk of breaking down"),
    ]
    parts = [words for count, words in told if count] or ["every review is ahead, and everybody has a coordinator"]
    people = f"{counted(counts.total, 'person', 'people')} on the caseload"
    return f"{people}: {'; '.join([*([waits] if waits else []), *parts])}"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the list, with who else of the list lives in the same home."""

    one: OnIt
    with_above: bool
    at_home: tuple[str, ...]
    marks: tuple[tuple[str, str], ...]


def lines(found: Sequence[OnIt]) -> list[Line]:
    """The rows in their order; what is the matter with each is marked in words."""
    homes = Counter(one.home for one in found if one.home)
    rows = []
    for number, one in enumerate(found):
        others = (
            [other for other in found if other.home == one.home and other.id != one.id] if homes[one.home] > 1 else []
        )
        above = number > 0 and bool(one.home) and found[number - 1].home == one.home
        rows.append(Line(one, above, tuple(family_first(other.person) for other in others), marks(one)))
    return rows


def marks(one: OnIt) -> tuple[tuple[str, str], ...]:
    """What is the matter: the words, and the kind of the tag."""
    told = [
        (one.person.died, "Died: do they come off?", "urgent"),
        (bool(one.at_risk), "At risk of breaking down", "urgent"),
        (one.overdue_days > 0, f"Review overdue by {counted(one.overdue_days, 'day')}", "caution"),
        (one.plan_due is not None, plan_words(one.plan_due), "caution"),
        (one.coordinator is None, "No coordinator", "caution"),
        (bool(one.coordinator_left_on), left_words(one), "caution"),
        (one.is_quiet, f"Nothing since {short_day(one.last_on)}", "caution"),
    ]
    return tuple((words, kind) for is_so, words, kind in told if is_so)


def plan_words(due: PlanDue | None) -> str:
    """Since when the plan, or a goal of it, is to be looked at again."""
    if due is None:
        return ""
    return f"{'A goal was to be reached by' if due.is_goal else 'Plan to be looked at since'} {short_day(due.on)}"


def left_words(one: OnIt) -> str:
    """That whoever coordinates works in the team no longer: since when, and what to do."""
    return f"{one.coordinator_name} left the team on {short_day(one.coordinator_left_on)}: choose another"


def happened(line: Done) -> str:
    """What was done, in words; the reason stands beside it."""
    if line.what == Happened.ALLOCATED:
        return f"{line.coordinator or 'Somebody'} coordinates"
    if line.what in (Happened.STAGE, Happened.CAME_BACK):
        return f"{HAPPENED_WORDS[line.what]}: {STAGE_WORDS[Stage(line.became)]}"
    if line.what == Happened.PRIORITY:
        return f"{HAPPENED_WORDS[line.what]}: {PRIORITY_WORDS[Priority(int(line.became))]}"
    if line.what == Happened.AT_RISK:
        return f"At risk of breaking down: {line.became}" if line.became else "No longer at risk of breaking down"
    if line.what == Happened.REVIEWED:
        return f"Reviewed; the next is due {short_day(line.became)}"
    return HAPPENED_WORDS[line.what]


# ---- the team


def team_answer(told: TeamAtWork) -> str:
    """The one sentence of a team."""
    away = sum(one.holds(told.on) for one in told.away)
    overdue = sum(one.work.overdue for one in told.members)
    parts = [f"{counted(len(told.members), 'person works', 'people work')} in it"]
    if away:
        parts.append(f"{away} away today")
    if told.fill.vacant > 0:
        parts.append(f"{hours_words(told.fill.vacant)} a week are vacant")
    if overdue:
        parts.append(counted(overdue, "task is overdue", "tasks are overdue"))
    if told.unowned:
        parts.append(f"{counted(told.unowned, 'task')} without an owner")
    return f"{told.team.name}: {'; '.join(parts)}"


def share(fill: Fill) -> str:
    """How much of some hours somebody fills."""
    return f"{round(100 * fill.share)}%"


def skill(told: SkillTold) -> str:
    """A skill, and until when where that is soon or past."""
    words = SKILL_WORDS[told.skill]
    if told.state == SkillState.OVER:
        return f"{words} (over since {short_day(told.expires_on)})"
    return f"{words} (until {short_day(told.expires_on)})" if told.state == SkillState.ENDS_SOON else words
