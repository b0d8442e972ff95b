"""What the pages of tasks say."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import groupby
from uuid import UUID

from locality.base import Viewer
from locality.base.periods import day_of
from locality.neighbourhoods.queries.tasks import Asked, Listed, Step
from locality.neighbourhoods.rules.staffing import skill_words
from locality.neighbourhoods.rules.tasks import (
    ABOUT_WORDS,
    BUCKET_WORDS,
    HELPED_WORDS,
    NOT_DONE_WORDS,
    PRIORITY_WORDS,
    STATE_WORDS,
    About,
    Bucket,
    Helped,
    NotDone,
    Priority,
    TaskState,
)
from locality.web.words import counted

LONG_DAYS = 7
# beside a day, "today" would be taken for the day
PRIORITIES = {Priority.NOW: "Do first", Priority.SOON: "Soon"}
STEPS = {
    "asked": "asked for it",
    "started": "started it",
    "done": "did it",
    "not done": "said that it was not done",
    "opened again": "opened it again",
    "changed": "changed what it says",
    "handed over": "handed it over",
    "asked for help": "asked a colleague to help",
    "reminded": "reminded whoever it waits for",
    "answered": "answered",
    "helped": "said whether it helped",
}


def answer(rows: Sequence[Listed], *, mine: bool) -> str:
    """What there is to do, in one sentence."""
    today = sum(one.bucket == Bucket.TODAY for one in rows)
    overdue = sum(one.bucket == Bucket.OVERDUE for one in rows)
    whose = "you" if mine else "your team"
    if not rows:
        return f"Nothing waits for {whose}"
    if not today and not overdue:
        return f"Nothing is due today; {counted(len(rows), 'thing')} to do later"
    words = f"{counted(today, 'thing')} to do today" if today else "Nothing is due today"
    return f"{words}, {overdue} overdue" if overdue else words


def only(asked: Asked, *, teams: Mapping[UUID, str]) -> list[str]:
    """What narrows a list, for paper, which must not be taken for the whole of it."""
    found = [f"with \u201c{asked.words}\u201d in it"] if asked.words else []
    found += [BUCKET_WORDS[asked.due].lower()] if asked.due else []
    found += [f"of priority \u201c{PRIORITY_WORDS[asked.priority].lower()}\u201d"] if asked.priority else []
    return found + ([f"of the {teams.get(asked.team, 'team')}"] if asked.team else [])


def groups(rows: Sequence[Listed]) -> list[tuple[str, str, list[Listed]]]:
    """The tasks by when they are due: code, words, tasks."""
    found = groupby(rows, key=lambda one: one.bucket)
    return [(bucket.name.lower(), BUCKET_WORDS[bucket], list(of)) for bucket, of in found]


def state(one: Listed) -> str:
    """How it stands, in words."""
    words = STATE_WORDS[TaskState(one.state)]
    return f"{words}: {NOT_DONE_WORDS[NotDone(one.not_done_because)].lower()}" if one.not_done_because else words


def priority(one: Listed) -> str:
    """Its priority, where it is not routine."""
    return PRIORITIES.get(Priority(one.priority), "")


def skill(one: Listed) -> str:
    """What whoever does it must be trained in."""
    return skill_words(one.needs_skill).lower()


def is_early(one: Listed, viewer: Viewer) -> bool:
    """Whether it is not to begin yet."""
    return one.is_open and one.from_on is not None and one.from_on > day_of(viewer.at)


def helped(one: Listed) -> str:
    """Whether it was any use, where somebody said so."""
    return HELPED_WORDS[Helped(one.helped)] if one.helped else ""


def came_from(one: Listed) -> str:
    """What it came from."""
    return ABOUT_WORDS[About(one.about)]


def waits_long(one: Listed, viewer: Viewer) -> bool:
    """Whether it has waited for a week and more."""
    return day_of(viewer.at) - day_of(one.queued_at) >= timedelta(days=LONG_DAYS)


def step(one: Step) -> str:
    """What was done with it, in words."""
    words = STEPS.get(one.what, one.what)
    if one.what == "handed over" and one.became:
        return f"{words}, from the {one.was} to the {one.became}"
    if one.what == "helped":
        return f"{words}: {HELPED_WORDS[Helped(one.became)].lower()}"
    return (
        f"{words}: it said \u201c{one.was}\u201d, and says \u201c{one.became}\u201d" if one.what == "changed" else words
    )
