"""What the machine may do with a pair: join it, ask about it, or leave it alone.

States after the Department for Education's matcher: match, possible, low, none. All that is judged by is in the levels,
so a pattern of levels is judged once, however many pairs show it.
"""

from dataclasses import dataclass
from functools import lru_cache

from locality.methods.linkage.settings import Settings, settings

MATCH, POSSIBLE, LOW, NONE = "match", "possible", "low", "none"
LOWEST = 0.01  # below this nothing suggests that two rows are one person's


@dataclass(frozen=True, slots=True)
class Judged:
    """`certain`: one valid number, one birth date and no name against it; it outranks what is only likely."""

    state: str
    cautions: tuple[str, ...] = ()
    certain: bool = False


def judge(levels: tuple[int, ...], probability: float, *, by: Settings | None = None) -> Judged:
    """Judge a pair by its levels and the probability that it is one person."""
    by = by or settings()
    found = _pattern(by, tuple(levels))
    state = _state(by, found, probability)
    return Judged(state, found.cautions if state in (MATCH, POSSIBLE) else (), found.certain and state == MATCH)


def contradicts(levels: tuple[int, ...], *, by: Settings | None = None) -> bool:
    """Whether the given names or the birth dates clearly differ, so that the two may not stand in one cluster."""
    return _pattern(by or settings(), tuple(levels)).contradicts


@dataclass(frozen=True, slots=True)
class Pattern:
    cautions: tuple[str, ...]
    low: bool
    asked: bool
    certain: bool
    contradicts: bool


def pattern(levels: tuple[int, ...], *, by: Settings | None = None) -> Pattern:
    """All that can be judged by the levels alone, whatever the probability."""
    return _pattern(by or settings(), tuple(levels))


@lru_cache(maxsize=100_000)
def _pattern(by: Settings, levels: tuple[int, ...]) -> Pattern:
    cautions = tuple(one.words for one in by.cautions if one.holds(levels))
    return Pattern(
        cautions=cautions,
        low=any(one.holds(levels) for one in by.low),
        asked=any(one.holds(levels) for one in by.asked),
        certain=not cautions and any(one.holds(levels) for one in by.certain),
        contradicts=any(one.holds(levels) for one in by.contradicts),
    )


def _state(by: Settings, found: Pattern, probability: float) -> str:
    if probability < LOWEST:
        return NONE
    if found.low or probability < (by.doubt if found.asked else by.possible):
        return LOW
    return MATCH if probability >= by.match and not found.cautions else POSSIBLE
