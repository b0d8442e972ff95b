"""What came of a quarter of a team's support: how many, with which needs, how they say they are."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from locality.base import Viewer
from locality.base.periods import LONDON
from locality.methods.small_numbers import HIDDEN_TO, safe_count
from locality.neighbourhoods.models import Support
from locality.neighbourhoods.queries.support import seen_support
from locality.neighbourhoods.rules.needs import need_words
from locality.neighbourhoods.rules.support import OUTCOME_WORDS, NeedState, Outcome
from locality.neighbourhoods.rules.wellbeing import Question, Together, changes, together


@dataclass(frozen=True, slots=True, kw_only=True)
class ByNeed:
    """One need: how many had it, and of how many it was met whole; None where that is too few to tell."""

    need: str
    people: int | None
    met: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarter:
    """A quarter of a team's support; every count is rounded, None where it is hidden: hidden is never nought."""

    first_on: date
    until: date
    supported: int | None
    begun: int | None
    ended: int | None
    needs: list[ByNeed]
    outcomes: list[tuple[str, int | None]]
    wellbeing: list[Together]
    asked_twice: int | None


def quarter(*, viewer: Viewer, first_on: date) -> Quarter:
    """The three months from a first day of a month on, of the viewer's teams: three queries.

    The change in wellbeing is of those whose support ended then and who were asked twice; of too few it is not told.
    """
    until = _months_after(first_on, 3)
    starts, ends = (datetime(day.year, day.month, day.day, tzinfo=LONDON) for day in (first_on, until))
    rows = seen_support(viewer).filter(Q(ended_at=None) | Q(ended_at__gte=starts), begun_at__lt=ends)
    found = list(rows.prefetch_related("needs", "answers"))
    over = [row for row in found if row.ended_at is not None and row.ended_at < ends]
    moved = [one for one in (changes(_scores(row)) for row in over) if one]
    return Quarter(
        first_on=first_on,
        until=until,
        supported=safe_count(len(found)),
        begun=safe_count(sum(row.begun_at >= starts for row in found)),
        ended=safe_count(len(over)),
        needs=_by_need(found),
        outcomes=_outcomes(over),
        wellbeing=[one for one in together(moved) if one.people > HIDDEN_TO],
        asked_twice=safe_count(len(moved)),
    )


def _by_need(rows: Iterable[Support]) -> list[ByNeed]:
    had: Counter[str] = Counter()
    met: Counter[str] = Counter()
    for row in rows:
        for one in row.needs.all():
            had[one.need] += 1
            met[one.need] += one.state == NeedState.MET
    order = sorted(had, key=lambda need: (-had[need], need))
    return [ByNeed(need=need_words(need), people=safe_count(had[need]), met=safe_count(met[need])) for need in order]


def _outcomes(rows: Iterable[Support]) -> list[tuple[str, int | None]]:
    counted = Counter(row.outcome for row in rows)
    return [(OUTCOME_WORDS[one], safe_count(counted[one])) for one in Outcome if counted[one]]


def _scores(row: Support) -> list[dict[Question, int]]:
    answers = sorted(row.answers.all(), key=lambda one: one.asked_on)
    return [
        {question: getattr(one, question) for question in Question if getattr(one, question) is not None}
        for one in answers
    ]


def _months_after(on: date, months: int) -> date:
    month = on.month - 1 + months
    return date(on.year + month // 12, month % 12 + 1, 1)
