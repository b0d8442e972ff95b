"""What happens next, soonest first: appointments and visits, open referrals, tasks that are due. Pure."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from locality.base.periods import LONDON, day_of
from locality.base.words import day_words
from locality.record.headlines import State, Topic
from locality.record.headlines.when import ending
from locality.record.queries.grouping import best_first, same_facts
from locality.record.queries.panels import NEXT, Page, panel
from locality.record.queries.rows import Row
from locality.record.queries.shapes import Fact, Panel
from locality.record.queries.words import days_until, soon_words

OPEN = (State.CURRENT, State.PLANNED, State.UNKNOWN)
PLAN_ENDS_WITHIN_DAYS = 60


def next_panel(page: Page, rows: dict[str, list[Row]]) -> Panel:
    """Overdue first, then by day; what waits without a day stands with today."""
    at = page.view.at
    steps: list[tuple[datetime, Fact]] = []
    for topic, step in STEPS.items():
        for group in same_facts(rows[topic]):
            best = best_first(group, at)[0]
            told = step(page, page.fact(group), best) if best.state in OPEN else None
            if told is not None:
                steps.append(told)
    if not any("review" in fact.title.casefold() for _, fact in steps):
        steps += [ends for row in rows[Topic.PLAN] if (ends := _plan_ends(page, row)) is not None]
    steps.sort(key=lambda step: (step[0], step[1].title))
    feeding = [row for topic in STEPS for row in rows[topic]]
    return panel(page, NEXT, [fact for _, fact in steps], feeding)


def end_of_today(at: datetime) -> datetime:
    """The last moment of the day it is in London."""
    return datetime.combine(day_of(at) + timedelta(days=1), time(), LONDON) - timedelta(seconds=1)


def _coming(page: Page, fact: Fact, row: Row) -> tuple[datetime, Fact] | None:
    """An appointment or visit from today on; one without a day is still to be arranged."""
    at = page.view.at
    if row.happened_at is None:
        return end_of_today(at), replace(fact, state="Day not yet said", state_kind="caution")
    days = days_until(row.happened_at, at)
    if days < 0:
        # nobody sent what came of it: it is in the timeline, and is not what happens next
        return None
    soon = soon_words(days)
    return row.happened_at, replace(fact, state=soon, state_kind="info" if days < 2 else "quiet")


def _waiting(page: Page, fact: Fact, row: Row) -> tuple[datetime, Fact]:
    """A referral that is open, with the number of the day it is on: the day it was made is the first."""
    at = page.view.at
    if row.happened_at is None:
        return end_of_today(at), replace(fact, state=fact.state or "Waiting", state_kind="caution")
    day = -days_until(row.happened_at, at) + 1
    if day < 1:
        return row.happened_at, replace(fact, state=soon_words(1 - day), state_kind="quiet")
    words = f"Planned, day {day}" if row.state == State.PLANNED else f"Waiting, day {day}"
    return end_of_today(at), replace(fact, state=f"{fact.state}, day {day}" if fact.state == "On hold" else words,
                                     state_kind="caution")  # fmt: skip


def _due(page: Page, fact: Fact, row: Row) -> tuple[datetime, Fact]:
    """A task, by its due day where it has one."""
    due_by = task_due(page.contents.resources.get(row.id, {}))
    if due_by is None:
        return end_of_today(page.view.at), replace(fact, state=fact.state or "No day set", state_kind="quiet")
    return due_by, due_fact(fact, due_by, page.view.at)


def task_due(resource: dict) -> datetime | None:
    """The first instant at which a task is late: after the last day it was to be done by."""
    ends = ((resource.get("restriction") or {}).get("period") or {}).get("end")
    return ending(ends) if ends else None


def due_fact(fact: Fact, due_by: datetime, at: datetime) -> Fact:
    """A line with when it is due; `due_by` is the first instant at which it is late."""
    last = due_by - timedelta(seconds=1)
    days = days_until(last, at)
    kind = "urgent" if due_by <= at else "caution" if days < 2 else "quiet"
    words = soon_words(days) if due_by > at or days < 0 else "Overdue"
    return replace(fact, state=words, state_kind=kind, happened_text=f"due {day_words(day_of(last))}")


def _plan_ends(page: Page, row: Row) -> tuple[datetime, Fact] | None:
    """A plan that soon runs out is to be looked at again."""
    if row.state == State.PAST or row.ends_at is None:
        return None
    last = row.ends_at - timedelta(seconds=1)
    if not 0 <= days_until(last, page.view.at) <= PLAN_ENDS_WITHIN_DAYS:
        return None
    fact = due_fact(page.fact([row]), row.ends_at, page.view.at)
    return row.ends_at, replace(fact, title=f"{row.title} ends: review it", value="")


STEPS = {
    Topic.NEXT: _coming,
    Topic.REFERRAL: _waiting,
    Topic.TASK: _due,
}
