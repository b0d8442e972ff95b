"""Rows into panels: which of them a panel shows, in which order, and what it says when it shows none. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from locality.access.rules import DataClass, Factor, Opening
from locality.record.headlines import State, Topic
from locality.record.queries.details import Contents
from locality.record.queries.freshness import LATE, Connected, feeds, known_of, known_words, late_words
from locality.record.queries.grouping import SHOWN_WHEN_OVER, View, best_first, fact_of, is_over, same_facts
from locality.record.queries.rows import Row
from locality.record.queries.shapes import Fact, Known, Panel
from locality.record.queries.words import counted


@dataclass(frozen=True, slots=True)
class Kind:
    """One panel: what it is called, which types feed it, and the class that must open for it."""

    noun: str
    types: frozenset[str]
    opens_with: DataClass


def kind(noun: str, opens_with: DataClass, *types: str) -> Kind:
    return Kind(noun, frozenset(types), opens_with)


ALLERGIES = kind("allergies", DataClass.SUM, "AllergyIntolerance")
RISKS = kind("risks", DataClass.SUM, "Flag")
PROBLEMS = kind("problems", DataClass.SUM, "Condition")
MEDICINES = kind("medicines", DataClass.SUM, "MedicationRequest", "MedicationStatement")
DECISIONS = kind("advance decisions", DataClass.SUM, "Consent", "DocumentReference")
COMMUNICATION = kind("communication needs", DataClass.SUM, "Patient", "Flag")
ABOUT_ME = kind("what matters", DataClass.SUM, "QuestionnaireResponse", "Composition")
CONTACTS = kind("contacts", DataClass.SUM, "RelatedPerson", "Patient")
INVOLVED = kind("people and teams", DataClass.WORK, "CareTeam", "EpisodeOfCare", "Patient")
PLANS = kind("plans", DataClass.WORK, "CarePlan", "Goal")
PACKAGE = kind("care packages", DataClass.SOC, "CarePlan", "ServiceRequest")
NEXT = kind("next steps", DataClass.WORK, "Appointment", "ServiceRequest", "Task")
MEASUREMENTS = kind("measurements", DataClass.CLIN, "Observation")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What every panel of one page is made from."""

    view: View
    opening: Opening
    sources: Sequence[Connected]
    contents: Contents

    def opens(self, kind: Kind) -> bool:
        """Whether anything of this kind opens for this viewer at all."""
        return kind.opens_with in self.opening.whole | self.opening.redacted

    def closed_by(self, kind: Kind) -> Factor | None:
        """What closes this kind to this viewer; nothing where it opens."""
        return None if self.opens(kind) else self.opening.closed_by(kind.opens_with) or Factor.ROLE

    def fact(self, rows: Sequence[Row]) -> Fact:
        """One line of the rows that say the same."""
        return fact_of(rows, self.view, details=self.contents.lines)

    def facts(self, rows: Iterable[Row]) -> list[Fact]:
        """A line a fact."""
        return [self.fact(group) for group in same_facts(rows)]


def panel(page: Page, kind: Kind, facts: Sequence, rows: Iterable[Row], *, note: str = "") -> Panel:
    """A panel of these lines, which rest on these rows."""
    known = known_of(
        page.sources, types=kind.types, opens=page.opens(kind), held=bool(facts), kept_back=False, at=page.view.at
    )
    as_at, silent = fed(page, kind, rows)
    words = known_words(known, kind.noun, closed_by=page.closed_by(kind) if known == Known.CLOSED else None)
    return Panel(state=known, words=words, facts=tuple(facts), as_at=as_at, silent=silent, note=note)


def fed(page: Page, kind: Kind, rows: Iterable[Row]) -> tuple[datetime | None, tuple[str, ...]]:
    """Up to when the sources of a panel have spoken, and which of them are late, in words."""
    rows, at = list(rows), page.view.at
    feeding = feeds(page.sources, types=kind.types, wrote={row.source_id for row in rows})
    spoke = [one.last_at for one in feeding if one.last_at is not None] + [row.received_at for row in rows]
    return max(spoke, default=None), tuple(late_words(one, at) for one in feeding if one.standing(at) in LATE)


def shown_groups(rows: Iterable[Row], page: Page, *, keep: Callable[[Row], bool]) -> list[list[Row]]:
    """The facts whose best row is to be shown."""
    at = page.view.at
    return [group for group in same_facts(rows) if keep(best_first(group, at)[0])]


def holds(page: Page) -> Callable[[Row], bool]:
    """Whether a row still holds; where harm could come of it, one that is only past its period is shown with that."""

    def keep(row: Row) -> bool:
        if row.state == State.PAST:
            return False
        return row.topic in SHOWN_WHEN_OVER or not is_over(row, page.view.at)

    return keep


def topic_panel(page: Page, kind: Kind, rows: Sequence[Row], *, past: tuple[str, str] | None = None) -> Panel:
    """What holds of one topic, newest first; how many that are over, the note says."""
    groups = shown_groups(rows, page, keep=holds(page))
    over = len(same_facts(rows)) - len(groups)
    note = f"{counted(over, *past)} in the timeline." if over and past else ""
    return panel(page, kind, [page.fact(group) for group in groups], rows, note=note)


def by_topic(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Rows by topic; every topic is there."""
    found: dict[str, list[Row]] = {topic: [] for topic in Topic}
    for row in rows:
        if row.type != "Patient":
            found[row.topic].append(row)
    return found
