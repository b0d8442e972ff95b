"""Forms that are filled from what is known: their questions, and what an answer to each says."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from locality.neighbourhoods.rules import eligibility
from locality.neighbourhoods.rules.eligibility import (
    CARER_MEANINGS,
    Achieved,
    CarerFacts,
    CarerOutcome,
    Explained,
    Meaning,
    Outcome,
)

FILE = Path(__file__).with_name("questions.toml")
MOST_LETTERS = 4000


class FormKind(StrEnum):
    ADULT = "care-act"
    CARER = "care-act-carer"


FORM_WORDS = {
    FormKind.ADULT: "Care Act assessment of an adult",
    FormKind.CARER: "Care Act assessment of a carer",
}
SECTIONS = {
    "about": "About you",
    "care": "The care that you give",
    "outcomes": "What you manage to do",
    "impact": "Wellbeing",
}


class AssessmentState(StrEnum):
    DRAFT = "draft"
    FINISHED = "finished"


class How(StrEnum):
    """How an answer came about: where nothing stood, by confirming what stood, or asked again although it stood."""

    FIRST = "first"
    CONFIRMED = "confirmed"
    AGAIN = "again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of the catalogue (questions.toml says what each field means)."""

    code: str
    words: str
    forms: tuple[str, ...]
    section: str
    kind: str
    shelf_days: int
    sources: tuple[str, ...]
    outcome: str = ""


YES, NO = "yes", "no"
ABLE, UNABLE = "able", "unable"
ARISES, NOT_ARISES = "arises", "arises not"


@cache
def catalogue() -> Mapping[str, Question]:
    """Every question by its code; a file that says something twice, or nothing known, fails to load."""
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))["question"]
    found = {one["code"]: _question(one) for one in told}
    if len(found) != len(told):
        raise ValueError(f"{FILE.name} has a question twice.")
    return found


def _question(one: dict[str, Any]) -> Question:
    unknown = set(one["forms"]) - set(FormKind) | {one["section"]} - set(SECTIONS)
    if unknown or one["kind"] not in ("words", "yes-no", "outcome"):
        raise ValueError(f"{FILE.name}: {one['code']} names what nobody knows: {unknown or one['kind']}.")
    told = {key: value for key, value in one.items() if key not in ("forms", "from")}
    return Question(forms=tuple(one["forms"]), sources=tuple(one["from"]), **told)


@cache
def questions_of(form: FormKind) -> tuple[Question, ...]:
    """The questions of a form, section by section."""
    order = list(SECTIONS)
    return tuple(
        sorted((one for one in catalogue().values() if form in one.forms), key=lambda one: order.index(one.section))
    )


def choices_of(question: Question) -> frozenset[str]:
    """What may be chosen beside the words."""
    if question.kind == "yes-no":
        return frozenset({YES, NO})
    if question.kind != "outcome":
        return frozenset()
    is_carers = question.outcome in tuple(CarerOutcome)
    meanings = CARER_MEANINGS if is_carers else tuple(Meaning)
    return frozenset({ABLE, UNABLE, *meanings, *(() if is_carers else (ARISES, NOT_ARISES))})


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An answer: words, and what was chosen beside them."""

    words: str = ""
    chosen: frozenset[str] = frozenset()

    @property
    def is_empty(self) -> bool:
        return not self.words and not self.chosen


def fault(question: Question, said: Said) -> str:
    """What is wrong with an answer, in words; empty where nothing is."""
    if len(said.words) > MOST_LETTERS:
        return f"That is longer than {MOST_LETTERS:,} letters: say it shorter."
    if said.chosen - choices_of(question):
        return "Choose one of those in the list."
    if {YES, NO} <= said.chosen or {ABLE, UNABLE} <= said.chosen or {ARISES, NOT_ARISES} <= said.chosen:
        return "Choose one or the other."
    if ABLE in said.chosen and said.chosen & set(Meaning):
        return "Whoever manages it has none of the difficulties below: choose one or the other."
    return ""


def yes_no(said: Said | None) -> bool | None:
    """What was answered to a question of yes or no; None where it was not."""
    if said is None or not said.chosen & {YES, NO}:
        return None
    return YES in said.chosen


def achieved(said: Said | None) -> Achieved:
    """What was found of one outcome."""
    if said is None:
        return Achieved()
    chosen = said.chosen
    return Achieved(
        able=ABLE in chosen if chosen & {ABLE, UNABLE} else None,
        meanings=frozenset(one for one in Meaning if one in chosen),
        arises=ARISES in chosen if chosen & {ARISES, NOT_ARISES} else None,
    )


def explain(form: FormKind, answers: Mapping[str, Said]) -> Explained:
    """What the regulations say of these answers (by question), and why."""
    found = {one.outcome: achieved(answers.get(one.code)) for one in questions_of(form) if one.outcome}
    impact = yes_no(answers.get("impact"))
    if form == FormKind.ADULT:
        return eligibility.adult(outcomes={one: found[one] for one in Outcome}, impact=impact)
    facts = CarerFacts(
        necessary_care=yes_no(answers.get("necessary-care")), health_at_risk=yes_no(answers.get("health-at-risk"))
    )
    return eligibility.carer(outcomes={one: found[one] for one in CarerOutcome}, facts=facts, impact=impact)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """What is known already that answers a question: from where, and since when."""

    said: Said
    source: str
    at: datetime

    def holds(self, question: Question, *, at: datetime) -> bool:
        """Whether it is not older than an answer to this question may be."""
        return (at - self.at).days <= question.shelf_days


def how(question: Question, said: Said, stood: Stands | None, *, at: datetime) -> How:
    """Whether an answer is a first one, confirms what stood, or was asked again although an answer stood."""
    if stood is None:
        return How.FIRST
    if said == stood.said:
        return How.CONFIRMED
    return How.AGAIN if stood.holds(question, at=at) else How.FIRST
