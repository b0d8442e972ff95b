"""Plans and the goals in them, with how many are overdue. Pure."""

from collections.abc import Sequence
from datetime import datetime

from locality.record.headlines import State
from locality.record.headlines.when import ending
from locality.record.queries.grouping import best_first, is_over
from locality.record.queries.next_steps import due_fact, task_due
from locality.record.queries.panels import PLANS, Page, panel, shown_groups
from locality.record.queries.rows import Row
from locality.record.queries.shapes import Fact, Panel
from locality.record.queries.words import counted

REACHED = {"achieved", "sustaining"}
GIVEN_UP = {"not-attainable"}


def plans_panel(page: Page, *, plans: Sequence[Row], goals: Sequence[Row], tasks: Sequence[Row]) -> Panel:
    """What the plans aim at: overdue goals first, then by their day; then the plans, each with what it holds."""
    at = page.view.at
    aims = [_goal(page, group) for group in shown_groups(goals, page, keep=lambda row: not is_over(row, at))]
    aims.sort(key=lambda aim: (aim[0] is None, aim[0] or at, aim[1].title))
    facts = [fact for _, fact in aims]
    facts += [page.fact(group) for group in shown_groups(plans, page, keep=lambda row: not is_over(row, at))]
    return panel(page, PLANS, facts, [*plans, *goals], note=_note(page, [fact for _, fact in aims], tasks))


def _goal(page: Page, group: Sequence[Row]) -> tuple[datetime | None, Fact]:
    best = best_first(group, page.view.at)[0]
    fact = page.fact(group)
    resource = page.contents.resources.get(best.id, {})
    due = goal_due(resource)
    if due is None or achievement(resource) in REACHED | GIVEN_UP:
        return due, fact
    return due, due_fact(fact, due, page.view.at)


def goal_due(resource: dict) -> datetime | None:
    """The first instant at which a goal is late: after the last of its targets' days."""
    days = [one.get("dueDate") for one in resource.get("target") or ()]
    ends = [late for day in days if day and (late := ending(day)) is not None]
    return max(ends, default=None)


def achievement(resource: dict) -> str:
    """How far a goal has come, as its code."""
    codings = (resource.get("achievementStatus") or {}).get("coding") or ()
    return next((one["code"] for one in codings if one.get("code")), "")


def _note(page: Page, goals: Sequence[Fact], tasks: Sequence[Row]) -> str:
    """`3 goals, 1 overdue, 1 action overdue`."""
    late = sum(fact.state.startswith("Overdue") for fact in goals)
    due = [task_due(page.contents.resources.get(row.id, {})) for row in tasks if row.state != State.PAST]
    undone = sum(day is not None and day <= page.view.at for day in due)
    told = [counted(len(goals), "goal")] if goals else []
    told += [f"{late} overdue"] if late else []
    told += [f"{counted(undone, 'action')} overdue"] if undone else []
    return ", ".join(told)
