"""Measures of the picture as a page shows them."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from locality.methods.funnel import Place
from locality.population.queries.picture import Told
from locality.population.rules.outcomes import Outcome, Part
from locality.web.picture.charts import HIGHER, LOWER, SAME, Chart, Spot, chart
from locality.web.picture.words import KEPT

NOT_HERE = Part("", None, None, None, None, None, None, "")


@dataclass(frozen=True, slots=True)
class Shown:
    """One measure: the whole place, each neighbourhood, and a chart of them."""

    outcome: Outcome
    address: str
    whole: Part
    of: dict[str, Part]
    chart: Chart | None


def shown(told: Told) -> list[Shown]:
    """Every measure that is worked out here."""
    return [_shown(told, one) for one in told.outcomes if one.whole is not None]


def not_computed(told: Told) -> list[Outcome]:
    """The others, each with why not."""
    return [one for one in told.outcomes if one.whole is None]


def of_one(told: Told, code: str) -> list[tuple[Shown, Part]]:
    """Every measure with its figure of one neighbourhood."""
    return [(one, one.of[code]) for one in shown(told)]


def value(part: Part) -> str:
    """A figure, to a tenth below a hundred."""
    if part.value is None:
        return KEPT if part.count is None else "Nothing to work it out from"
    return f"{part.value:,.1f}" if abs(part.value) < 100 else f"{part.value:,.0f}"


def around(part: Part) -> str:
    """`10.5 to 14.2`."""
    if part.low is None or part.high is None:
        return ""
    form = ",.1f" if part.high < 100 else ",.0f"
    return f"{part.low:{form}} to {part.high:{form}}"


def mark(part: Part) -> str:
    """Whether it lies above or below what chance would do, in 998 of 1,000."""
    return {str(Place.FAR_HIGH): HIGHER, str(Place.FAR_LOW): LOWER}.get(part.place, SAME)


def _shown(told: Told, one: Outcome) -> Shown:
    assert one.whole is not None
    held = {part.group: part for part in one.neighbourhoods}
    of = {code: held.get(code, NOT_HERE) for code in told.published.names}
    spots = [
        Spot(name, of[code].value, of[code].low, of[code].high, _said(of[code]), one.whole.value, _place(of[code]))
        for code, name in told.published.names.items()
    ]
    return Shown(one, _address(one.measure), one.whole, of, chart(spots, unit=""))


def _place(part: Part) -> Place | None:
    return Place(part.place) if part.place else None


def _said(part: Part) -> str:
    return f"{value(part)} ({around(part)})" if around(part) else value(part)


def _address(measure: str) -> str:
    """The page of one measure, where this place has it."""
    try:
        return reverse("measure", args=[measure])
    except NoReverseMatch:
        return ""
