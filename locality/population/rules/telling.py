"""What may be told of a measure: counts after disclosure control, and the figures that those make."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from math import floor, sqrt
from statistics import NormalDist

from locality.methods import funnel, spc
from locality.methods.inequality import Group as InOrder
from locality.methods.inequality import Slope, slope_index
from locality.methods.intervals import CONFIDENCE, wilson
from locality.methods.rates import LEAST_EVENTS, STANDARD_2013, Rate, Stratum, rate, standardised
from locality.methods.small_numbers import Counts, Release, Told, release, rounded, safe_count
from locality.population.rules.asking import AGES
from locality.population.rules.groups import FIFTHS, NOT_KNOWN
from locality.population.rules.measures import By, Kind, Measure

NOW, BEFORE = "now", "before"
MONTHS_A_YEAR = 12
# the oldest band of the standard begins with 90 and has no end
BAND_YEARS, LAST = 5, 95


@dataclass(frozen=True, slots=True)
class Counting:
    """What was counted of one group: rows, those that met what is asked, people, values, months of people at risk.

    squares: of values (mean), of how many rows each person has (rate).
    """

    n: int = 0
    met: int = 0
    people: int = 0
    total: float = 0.0
    squares: float = 0.0
    median: float | None = None
    months: int = 0
    # of rates that are standardised: events and months at risk by five-year band of age
    bands: Mapping[int, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figure:
    """One group as told: None throughout where it is kept back.

    count of `of`: met of counted (share), events of people at risk (rate: in a year as many as years of their lives, in
    a month a twelfth of those), counted (mean, `of` None).
    """

    group: str
    count: int | None
    of: int | None
    value: float | None
    low: float | None
    high: float | None
    # as if its ages were the standard's; of rates that say so, and of ten events or more; as coarse as a count
    standardised: Rate | None = None
    place: funnel.Place | None = None
    median: float | None = None

    @property
    def is_told(self) -> bool:
        return self.count is not None


@dataclass(frozen=True, slots=True)
class Figures:
    """A measure as it may be told: the whole, each way of parting (None where it cannot be), the chart, the slope."""

    whole: Figure
    by: Mapping[By, tuple[Figure, ...] | None]
    chart: spc.Chart | None
    months: tuple[str, ...]
    slope: Slope | None
    left_out: int | None


@dataclass(frozen=True, slots=True)
class _Around:
    """The whole place, which its groups are held against."""

    figure: Figure
    counting: Counting


def tell(
    measure: Measure,
    groups: Mapping[tuple[str, str], Mapping[str, Counting]],
    *,
    left_out: int = 0,
    earlier: Mapping[str, Release] | None = None,
) -> Figures:
    """What may be told of what was counted; `earlier`: releases of the same twelve months (see `releases`)."""
    safe = releases(measure, groups, earlier=earlier)
    whole = _figure(measure, "", _whole(groups, NOW), safe[NOW].total)
    around = _Around(whole, _whole(groups, NOW) or Counting())
    by = {part: _parted(measure, groups, safe, part, around) for part in measure.by}
    told = by.get(By.MONTH) or ()
    chart, months = _chart(measure, told)
    slope = _slope(measure, by.get(By.DEPRIVATION))
    return Figures(whole, by, chart, months, slope, safe_count(left_out))


def releases(
    measure: Measure,
    groups: Mapping[tuple[str, str], Mapping[str, Counting]],
    *,
    earlier: Mapping[str, Release] | None = None,
) -> dict[str, Release]:
    """Disclosure control of every table together, for each of the two years: keep it to tell the same years again."""
    held = {}
    for base in (NOW, BEFORE):
        parted = {
            by: {name: _counts(measure, one, by) for name, one in counted.items()}
            for (of, by), counted in groups.items()
            if of == base and by
        }
        before = (earlier or {}).get(base)
        total = _counts(measure, _whole(groups, base))
        held[base] = release(parted, total=total, earlier=before, sure_tells=measure.sure_tells)
    return held


def _whole(groups: Mapping[tuple[str, str], Mapping[str, Counting]], base: str) -> Counting | None:
    return groups.get((base, ""), {}).get("")


def _counts(measure: Measure, one: Counting | None, by: str = "") -> Counts:
    if one is None:
        return Counts((0, 0) if measure.kind is Kind.SHARE else (0,))
    if measure.kind is Kind.SHARE:
        return Counts((one.met, one.n - one.met), people=one.people)
    if measure.kind is Kind.MEAN:
        return Counts((one.n,), people=one.people)
    # a handful of people is a handful whether anything happened to them or not
    lives = round(_people(one, by))
    return Counts((one.n,), people=min(one.people, lives) if one.n else lives)


def _people(one: Counting, by: By | str | None) -> float:
    """How many were at risk at a time: in one month as many as it has months, in a year a twelfth of them."""
    return float(one.months) if by == By.MONTH else one.months / MONTHS_A_YEAR


def _parted(
    measure: Measure,
    groups: Mapping[tuple[str, str], Mapping[str, Counting]],
    safe: Mapping[str, Release],
    by: By,
    whole: _Around,
) -> tuple[Figure, ...] | None:
    bases = (BEFORE, NOW) if by is By.MONTH else (NOW,)
    told: list[Figure] = []
    for base in bases:
        table = safe[base].tables.get(str(by))
        counted = groups.get((base, str(by)), {})
        if counted and table is None:
            if base == NOW:
                return None
            continue
        told += [_figure(measure, name, one, (table or {})[name], whole, by) for name, one in counted.items()]
    return tuple(sorted(told, key=lambda one: _order(by, one.group)))


def _order(by: By, group: str) -> tuple[bool, int, str]:
    listed = [said for _, said in AGES] if by is By.AGE else list(FIFTHS) if by is By.DEPRIVATION else []
    return group == NOT_KNOWN, listed.index(group) if group in listed else len(listed), group


def _figure(
    measure: Measure, name: str, one: Counting | None, told: Told, whole: _Around | None = None, by: By | None = None
) -> Figure:
    if one is None or told.columns is None:
        return Figure(name, None, None, None, None, None)
    if measure.kind is Kind.MEAN:
        return _mean(measure, name, one, told.columns[0])
    if measure.kind is Kind.SHARE:
        count, of = told.columns[0], sum(told.columns)
        around = wilson(count=count, of=of)
        value = count / of if of else None
        place = (
            _share_place(count, of, whole.figure if whole else None, measure) if by not in (None, By.MONTH) else None
        )
        low, high = (measure.per * around.low, measure.per * around.high) if of else (None, None)
        return Figure(name, count, of, None if value is None else measure.per * value, low, high, place=place)
    return _rate(measure, name, one, told.columns[0], whole, by)


def _rate(measure: Measure, name: str, one: Counting, count: int, whole: _Around | None, by: By | None) -> Figure:
    people = rounded(_people(one, by))
    years = people / MONTHS_A_YEAR if by is By.MONTH else float(people)
    crude = rate(events=count, years=years, per=measure.per)
    if crude is None:
        return Figure(name, count, people, None, None, None)
    alike = _standardised(measure, one, count, years) if measure.standardised else None
    place = None if whole is None or by in (None, By.MONTH, By.AGE) else _rate_place(count, years, one, whole)
    return Figure(name, count, people, crude.value, crude.low, crude.high, standardised=alike, place=place)


def _standardised(measure: Measure, one: Counting, count: int, years: float) -> Rate | None:
    """Of the events as told, spread over ages as they were; told as that many events would be, rounded like a count.

    From exact ones the figure or its limits would give the count itself away.
    """
    if count < LEAST_EVENTS or not one.n or not years:
        return None
    told = count / one.n
    bands = ((weight, *one.bands.get(band, (0, 0))) for band, weight in _weights(measure).items())
    strata = [Stratum(told * events, months / MONTHS_A_YEAR, weight) for weight, events, months in bands]
    found = standardised(strata, per=measure.per, least=0)
    if found is None:
        return None

    def coarse(value: float) -> float:
        return measure.per * rounded(value * years / measure.per) / years

    return Rate(coarse(found.value), coarse(found.low), coarse(found.high))


def _weights(measure: Measure) -> dict[int, float]:
    """The standard's people of the ages that the measure counts; of a band that it counts in part, as large a part."""
    youngest, oldest = measure.age_from, LAST if measure.age_below is None else measure.age_below
    parts = {band: min(oldest, band + BAND_YEARS) - max(youngest, band) for band in STANDARD_2013}
    return {band: STANDARD_2013[band] * part / BAND_YEARS for band, part in parts.items() if part > 0}


def _mean(measure: Measure, name: str, one: Counting, count: int) -> Figure:
    """Rounded so that so many values, one more or two fewer could all have made it; the median to the whole below."""
    if not count:
        return Figure(name, 0, None, None, None, None)
    mean = one.total / one.n
    spread = max(0.0, one.squares - one.n * mean * mean) / max(1, one.n - 1)
    width = NormalDist().inv_cdf((1 + CONFIDENCE) / 2) * sqrt(spread / count)
    step = _step(count)
    value, low, high = (round(step * round(one / step), 9) for one in (mean, max(0.0, mean - width), mean + width))
    # half a day between two middle ones would say that they are an even number
    median = None if one.median is None else float(floor(one.median))
    return Figure(name, count, None, value, low, high, median=median)


def _step(count: int) -> float:
    """1, 2 or 5 of a decimal place, at least two parts in so many, so that a mean says nothing of how many."""
    least, step = 2 / count, 1.0
    while step / 10 >= least:
        step /= 10
    return next(step * part for part in (0.1, 0.2, 0.5, 1) if step * part >= least)


def _rate_place(count: int, years: float, one: Counting, whole: _Around) -> funnel.Place | None:
    """Against as many as its people would have at the whole's rates, at each age where rates are told by age.

    Events of one person come together: limits are widened by how much that makes counts vary.
    """
    all_told, all_years = whole.figure.count, whole.figure.of
    if not all_told or not all_years:
        return None
    bands = {band: (events, months) for band, (events, months) in whole.counting.bands.items() if months}
    happened = sum(events for events, _ in bands.values())
    if happened:
        share = sum(events * one.bands.get(band, (0, 0))[1] / months for band, (events, months) in bands.items())
        expected = all_told * share / happened
    else:
        expected = all_told * years / all_years
    effect = max(1.0, one.squares / one.n) if one.n else 1.0
    return funnel.place_of_rate(events=count / effect, expected=expected / effect) if expected else None


def _share_place(count: int, of: int, whole: Figure | None, measure: Measure) -> funnel.Place | None:
    if whole is None or whole.value is None or not of:
        return None
    return funnel.place_of_share(count=count, of=of, whole=whole.value / measure.per)


def _chart(measure: Measure, told: tuple[Figure, ...]) -> tuple[spc.Chart | None, tuple[str, ...]]:
    """The months that can be told, if no month between them is kept back: a gap would join what is apart."""
    held = [one for one in _run(told) if one.value is not None]
    if len(held) < MONTHS_A_YEAR:
        return None, ()
    values = [one.value for one in held if one.value is not None]
    target = measure.target.value if measure.target else None
    return spc.chart(values, better=measure.better, target=target), tuple(one.group for one in held)


def _run(told: tuple[Figure, ...]) -> Iterator[Figure]:
    """The newest months without a gap."""
    gaps = [0]
    for at, (one, after) in enumerate(pairwise(told), start=1):
        if one.value is None or _next_month(one.group) != after.group:
            gaps.append(at)
    yield from told[gaps[-1] :]


def _next_month(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12:04}-{number % 12 + 1:02}"


def _slope(measure: Measure, fifths: tuple[Figure, ...] | None) -> Slope | None:
    """Between fifths of deprivation, where all five are told."""
    held = {one.group: one for one in fifths or () if one.group in FIFTHS}
    if len(held) < len(FIFTHS) or any(one.value is None for one in held.values()):
        return None
    z = 2 * NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    ordered = []
    alike = all(one.standardised for one in held.values())
    for one in (held[said] for said in FIFTHS):
        figure = one.standardised if alike and one.standardised else one
        value, low, high = figure.value, figure.low, figure.high
        if value is None or low is None or high is None:
            return None
        ordered.append(InOrder(float(one.of or one.count or 0), value, (high - low) / z))
    return slope_index(ordered) if all(one.people for one in ordered) else None
