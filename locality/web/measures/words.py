"""Measures in words: a figure with its unit, what a chart says, what to expect of a target."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from locality.methods.funnel import Place
from locality.methods.inequality import Slope
from locality.methods.spc import Assurance, Better, Chart, Variation
from locality.population.rules.measures import By, Kind, Measure
from locality.population.rules.telling import Figure
from locality.web.words import MONTHS

KEPT = "kept back"
BETTER = {Better.HIGHER: "higher is better", Better.LOWER: "lower is better", Better.NEITHER: "neither way is better"}
WAYS = {
    By.NEIGHBOURHOOD: "neighbourhood",
    By.DEPRIVATION: "deprivation, in fifths of the country",
    By.AGE: "age",
    By.SEX: "sex",
    By.ETHNICITY: "ethnic group",
}
PLACES = {
    Place.WITHIN: "",
    Place.HIGH: "higher than chance",
    Place.LOW: "lower than chance",
    Place.FAR_HIGH: "far higher than chance",
    Place.FAR_LOW: "far lower than chance",
}
WHOLE_FROM = 100
EXPECTED = {
    Assurance.PASSES: ("better", "P", "always met", "outside the limits, on the safe side: it is met every month."),
    Assurance.FAILS: ("worse", "F", "always missed", "outside the limits: it is missed until something changes."),
    Assurance.EITHER: ("common", "?", "met or missed by chance", "within the limits: meeting it is chance."),
}


@dataclass(frozen=True, slots=True)
class Sign:
    """One of Making Data Count's icons: its kind for the style sheet, the letter in it, and the same in words."""

    kind: str
    letter: str
    words: str
    meaning: str


def value(measure: Measure, number: float | None) -> str:
    """A figure without its unit, but for per cent."""
    if number is None:
        return ""
    if measure.kind is Kind.SHARE:
        return f"{number:.1f}%"
    return f"{number:,.0f}" if measure.kind is Kind.RATE and abs(number) >= WHOLE_FROM else f"{number:,.1f}"


def unit(measure: Measure) -> str:
    """The unit as it follows the figure."""
    return measure.unit.removeprefix("%").strip()


def interval(measure: Measure, low: float | None, high: float | None) -> str:
    """Where the true figure may lie."""
    return "" if low is None or high is None else f"{value(measure, low)} to {value(measure, high)}"


def counted(measure: Measure, one: Figure) -> str:
    """Of how many it was worked out, as they may be told."""
    if one.count is None:
        return ""
    if measure.kind is Kind.RATE and one.of is not None:
        return f"{one.count:,} in {one.of:,} years of people’s lives"
    return f"{one.count:,}" if one.of is None else f"{one.count:,} of {one.of:,}"


def period(until: date) -> str:
    """The twelve months before a day."""
    last = until - timedelta(days=1)
    return f"{MONTHS[until.month - 1]} {until.year - 1} to {MONTHS[last.month - 1]} {last.year}"


def month(told: str) -> str:
    """`2025-03` as Mar 2025."""
    return f"{MONTHS[int(told[5:]) - 1]} {told[:4]}"


def variation(chart: Chart | None) -> Sign | None:
    """What the newest month says, as Making Data Count says it."""
    if chart is None:
        return None
    last = chart.points[-1]
    letter = "H" if last.value > last.limits.mean else "L"
    rules = ", ".join(last.rules)
    return {
        Variation.COMMON: Sign("common", "–", "no change", "Common cause: months differ by chance alone."),
        Variation.IMPROVEMENT: Sign("better", letter, "getting better", f"Special cause, better: {rules}."),
        Variation.CONCERN: Sign("worse", letter, "getting worse", f"Special cause, worse: {rules}."),
        Variation.HIGHER: Sign("other", "H", "higher", f"Special cause, higher: {rules}."),
        Variation.LOWER: Sign("other", "L", "lower", f"Special cause, lower: {rules}."),
    }[chart.variation]


def assurance(chart: Chart | None) -> Sign | None:
    """What may be expected of the target while nothing changes; None without one."""
    if chart is None or chart.assurance is None:
        return None
    kind, letter, words, meaning = EXPECTED[chart.assurance]
    return Sign(kind, letter, words, f"The target lies {meaning}")


def people(many: int | None) -> str:
    """A count of people as it may be told."""
    return KEPT if many is None else f"{many:,}"


def place(one: Figure) -> str:
    """How far a group lies from the whole."""
    return PLACES[one.place] if one.place is not None else ""


def group(way: By, name: str, names: Mapping[str, str]) -> str:
    """A group as people call it."""
    told = names.get(name, name) if way is By.NEIGHBOURHOOD else name
    return told[:1].upper() + told[1:]


def slope(measure: Measure, told: Slope | None) -> str:
    """What lies between the most and the least deprived, in a sentence."""
    if told is None:
        return ""
    more = "lower" if told.index > 0 else "higher"
    ends = sorted((abs(told.low), abs(told.high))) if told.low is not None and told.high is not None else []
    sure = "" if not ends or told.low is None or told.high is None else (
        f" (95% interval {value(measure, ends[0])} to {value(measure, ends[1])})"
        if (told.low > 0) == (told.high > 0)
        else ", which may be chance"
    )  # fmt: skip
    return (
        f"At the most deprived end of the place it is {value(measure, abs(told.index))} {more} than at the least{sure}."
    )
