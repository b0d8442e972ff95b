"""One sentence at the top of the page: how things stand. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from locality.base.periods import day_of
from locality.base.words import day_words
from locality.people.models import Person
from locality.record.headlines import State
from locality.record.queries.details import Contents
from locality.record.queries.rows import Row
from locality.record.queries.shapes import Panel
from locality.record.queries.words import counted

# https://terminology.hl7.org/ValueSet-v3-ActEncounterCode.html: those that fill a bed
STAYS = {"IMP", "ACUTE", "NONAC", "OBSENC", "SS"}
HOME_AGAIN_DAYS = 28


@dataclass(frozen=True, slots=True)
class Stay:
    """Days in a hospital bed."""

    began_at: datetime
    ended_at: datetime | None


def answer_words(*, person: Person, encounters: Sequence[Row], contents: Contents, steps: Panel, at: datetime) -> str:
    """How things stand, and what is next or waits; never more than the rows say."""
    name = person.likes or person.given or "This person"
    if person.died:
        return f"{name} died on {day_words(person.died_on)}" if person.died_on else f"{name} has died"
    where, waits = stay_words(name, stays(encounters, contents), at), step_words(steps)
    if where and waits:
        return f"{where}; {waits}"
    if where:
        return where
    if waits:
        return f"{name}: {waits}"
    return f"What is known of {name}"


def stays(encounters: Sequence[Row], contents: Contents) -> list[Stay]:
    """The stays in a hospital bed among these contacts, last first."""
    found = []
    for row in encounters:
        kind = (contents.resources.get(row.id, {}).get("class") or {}).get("code")
        if kind in STAYS and row.happened_at is not None and row.state in (State.CURRENT, State.PAST):
            found.append(Stay(row.happened_at, row.ends_at if row.state == State.PAST else None))
    return sorted(found, key=lambda stay: stay.began_at, reverse=True)


def stay_words(name: str, stays: Sequence[Stay], at: datetime) -> str:
    """`Peggy has been in hospital since Wed 28 Oct 2026, day 3`, or that she is home again."""
    if not stays or stays[0].began_at > at:
        return ""
    last = stays[0]
    began = day_of(last.began_at)
    if last.ended_at is None:
        day = (day_of(at) - began).days + 1
        return f"{name} has been in hospital since {day_words(began)}, day {day}"
    if last.ended_at < at - timedelta(days=HOME_AGAIN_DAYS):
        return ""
    nights = (day_of(last.ended_at) - began).days
    return f"{name} left hospital on {day_words(day_of(last.ended_at))} after {counted(nights, 'night')}"


def step_words(steps: Panel) -> str:
    """What is overdue, or waits, or comes next: `overdue by 6 days: Chase the fitter, and 1 more`."""
    if not steps.facts:
        return ""
    first = steps.facts[0]
    overdue = sum(fact.state.startswith("Overdue") for fact in steps.facts)
    more = f", and {overdue - 1} more" if overdue > 1 else ""
    return f"{first.state[:1].lower()}{first.state[1:]}: {first.title}{more}" if first.state else first.title
