"""Advance decisions: what binds before what is wished for, and never an old one unmarked. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from locality.base.periods import day_of
from locality.base.words import day_words
from locality.record.headlines import State
from locality.record.queries.details import Contents
from locality.record.queries.grouping import best_first, same_facts
from locality.record.queries.panels import DECISIONS, Page, panel
from locality.record.queries.references import things_named
from locality.record.queries.rows import Row, sender_name
from locality.record.queries.shapes import Fact, Panel

# what binds whoever treats the person comes before what they would like
BINDS = re.compile(
    r"dnacpr|dnar\b|\bdnr\b|attempt|resuscitat|respect\b|advanced? (?:decision|directive)|\badrt\b|living will"
    r"|treatment escalation|power of attorney|\blpa\b|refus|summary plan for emergency",
    re.IGNORECASE,
)
# of each of these one stands at a time: two that both claim to stand must be told apart
ONE_AT_A_TIME = {
    "resuscitation": re.compile(r"dnacpr|dnar\b|\bdnr\b|resuscitat|attempt (?:cardio|cpr)", re.IGNORECASE),
    "emergency": re.compile(r"respect\b|summary plan for emergency|treatment escalation", re.IGNORECASE),
    "refusal": re.compile(r"advanced? (?:decision|directive)|\badrt\b|living will", re.IGNORECASE),
    "place of death": re.compile(r"preferred place of death", re.IGNORECASE),
    "place of care": re.compile(r"preferred place of care", re.IGNORECASE),
}
REPLACES = {"replaces"}


def binds(row: Row) -> bool:
    """Whether a decision binds, rather than says what the person wishes for."""
    return binds_in(f"{row.title} {row.value}")


def binds_in(words: str) -> bool:
    """The same of a decision in words."""
    return bool(BINDS.search(words))


def kind_of(row: Row) -> str:
    """Which decision this is, of those that stand one at a time."""
    return kind_in(f"{row.title} {row.value}")


def kind_in(words: str) -> str:
    """The same of a decision in words."""
    return next((kind for kind, signs in ONE_AT_A_TIME.items() if signs.search(words)), "")


def decisions_panel(page: Page, rows: Sequence[Row]) -> Panel:
    """Decisions, then wishes, then what was superseded: struck through, never left out."""
    replaced = _replaced(rows, page.contents)
    groups = [best_first(group, page.view.at) for group in same_facts(rows)]
    over = {group[0].id: group[0].state == State.PAST or group[0].thing in replaced for group in groups}
    groups.sort(key=lambda group: (over[group[0].id], not binds(group[0]), _points(group[0]), -_decided(group[0])))
    later = _later([group[0] for group in groups if not over[group[0].id] and not _points(group[0])])
    facts = [_marked(page, group, is_over=over[group[0].id], later=later) for group in groups]
    return panel(page, DECISIONS, facts, rows)


def _marked(page: Page, group: Sequence[Row], *, is_over: bool, later: Mapping[UUID, Row]) -> Fact:
    fact = page.fact(group)
    if is_over:
        return replace(fact, struck=True, state=fact.state or "Superseded", state_kind="quiet")
    newer = later.get(group[0].id)
    if newer is None:
        return fact
    who = sender_name(newer, tells_place=page.view.tells_place)
    told = f"A later one is held: {newer.title}, {day_words(day_of(newer.happened_at or newer.said_at))}, from {who}."
    return replace(fact, state="Older", state_kind="caution", caution=f"{fact.caution} {told}".strip())


def _later(standing: Sequence[Row]) -> dict[UUID, Row]:
    """For each decision that stands, the later one of its kind, where there is one."""
    found: dict[UUID, Row] = {}
    for row in standing:
        kind = kind_of(row)
        same = [other for other in standing if kind and kind_of(other) == kind]
        newest = max(same, key=_decided, default=row)
        if newest.id != row.id:
            found[row.id] = newest
    return found


def _points(row: Row) -> bool:
    """A flag says that a decision exists somewhere; it is not one."""
    return row.type == "Flag"


def _decided(row: Row) -> float:
    return (row.happened_at or row.said_at).timestamp()


def _replaced(rows: Sequence[Row], contents: Contents) -> set[UUID]:
    """The things that some other document here says it replaces."""
    found: set[UUID] = set()
    for row in rows:
        for relation in contents.resources.get(row.id, {}).get("relatesTo") or ():
            target = relation.get("target") or relation.get("targetReference") or {}
            if relation.get("code") in REPLACES and target.get("reference"):
                types = ("DocumentReference", "Composition", "Consent")
                found |= set(things_named(source=row.source_id, reference=target["reference"], types=types))
    return found - {None}
