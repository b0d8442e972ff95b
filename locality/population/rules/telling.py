"""What may be told of a measure: counts after disclosure control, and the figures that those make."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from math import sqrt
from statistics import NormalDist

from locality.methods import funnel, spc
from locality.methods.inequality import Group as InOrder
from locality.methods.inequality import Slope, slope_index
from locality.methods.intervals import CONFIDENCE, wilson
from locality.methods.rates import STANDARD_2013, Rate, Stratum, rate, standardised
from locality.methods.small_numbers import ROUND_TO, Counts, Release, Told, release, safe_count
from locality.population.rules.asking import AGES
from locality.population.rules.groups import FIFTHS, NOT_KNOWN
from locality.population.rules.measures import By, Kind, Measure

NOW, BEFORE = "now", "before"
MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Counting:
    """What was counted of one group: rows, those that met what is asked, people, values, months of people at risk."""

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

    count of `of`: met of counted (share), events of years of people's lives (rate), counted (mean, `of` None).
    """

    group: str
    count: int | None
    of: int | None
    value: float | None
    low: float | None
    high: float | None
    # as if its ages were the standard population's; of rates that say so, and of ten events or more
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


def tell(
    measure: Measure,
    groups: Mapping[tuple[str, str], Mapping[str, Counting]],
    *,
    left_out: int = 0,
    earlier: Mapping[str, Release] | None = None,
    safe: Mapping[str, Release] | None = None,
) -> Figures:
    """What may be told of what was counted; `earlier`: releases of the same twelve months (see `releases`).

    `safe`: what `releases` gave of this count, where it is kept.
    """
    safe = safe or releases(measure, groups, earlier=earlier)
    whole = _figure(measure, "", _whole(groups, NOW), safe[NOW].total)
    by = {part: _parted(measure, groups, safe, part, whole) for part in measure.by}
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
            by: {name: _counts(measure, one) for name, one in counted.items()}
            for (of, by), counted in groups.items()
            if of == base and by
        }
        before = (earlier or {}).get(base)
        total = _counts(measure, _whole(groups, base))
        held[base] = release(_complete(parted, total), total=total, earlier=before, sure_tells=measure.sure_tells)
    return held


def _complete(parted: dict[str, dict[str, Counts]], total: Counts) -> dict[str, dict[str, Counts]]:
    """Groups of people at risk to whom nothing happened are noughts of the table."""
    nothing = Counts((0,) * len(total.columns))
    return {by: groups or {NOT_KNOWN: nothing} for by, groups in parted.items()}


def _whole(groups: Mapping[tuple[str, str], Mapping[str, Counting]], base: str) -> Counting | None:
    return groups.get((base, ""), {}).get("")


def _counts(measure: Measure, one: Counting | None) -> Counts:
    if one is None:
        return Counts((0, 0) if measure.kind is Kind.SHARE else (0,))
    if measure.kind is Kind.SHARE:
        return Counts((one.met, one.n - one.met), people=one.people)
    if measure.kind is Kind.MEAN:
        return Counts((one.n,), people=one.people)
    # a handful of people is a handful whether anything happened to them or not
    lives = round(one.months / MONTHS_A_YEAR)
    return Counts((one.n,), people=min(one.people, lives) if one.n else lives)


def _parted(
    measure: Measure,
    groups: Mapping[tuple[str, str], Mapping[str, Counting]],
    safe: Mapping[str, Release],
    by: By,
    whole: Figure,
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
    measure: Measure, name: str, one: Counting | None, told: Told, whole: Figure | None = None, by: By | None = None
) -> Figure:
    if one is None or told.columns is None:
        return Figure(name, None, None, None, None, None)
    if measure.kind is Kind.MEAN:
        return _mean(measure, name, one, told.columns[0])
    if measure.kind is Kind.SHARE:
        count, of = told.columns[0], sum(told.columns)
        around = wilson(count=count, of=of)
        value = count / of if of else None
        place = _share_place(count, of, whole, measure) if by not in (None, By.MONTH) else None
        low, high = (measure.per * around.low, measure.per * around.high) if of else (None, None)
        return Figure(name, count, of, None if value is None else measure.per * value, low, high, place=place)
    return _rate(measure, name, one, told.columns[0], whole, by)


def _rate(measure: Measure, name: str, one: Counting, count: int, whole: Figure | None, by: By | None) -> Figure:
    years = ROUND_TO * round(one.months / MONTHS_A_YEAR / ROUND_TO)
    crude = rate(events=count, years=years, per=measure.per)
    if crude is None:
        return Figure(name, count, years, None, None, None)
    alike = _standardised(measure, one) if measure.standardised else None
    place = None
    if whole is not None and whole.count and whole.of and by not in (None, By.MONTH, By.AGE):
        place = funnel.place_of_rate(events=count, expected=whole.count * years / whole.of)
    return Figure(name, count, years, crude.value, crude.low, crude.high, standardised=alike, place=place)


def _standardised(measure: Measure, one: Counting) -> Rate | None:
    """Over the bands of age that the measure counts: the youngest of them to the oldest."""
    held = {band: figures for band, figures in one.bands.items() if figures[1] or figures[0]}
    if not held:
        return None
    strata = [
        Stratum(events, months / MONTHS_A_YEAR, STANDARD_2013[band])
        for band, (events, months) in ((band, held.get(band, (0, 0))) for band in STANDARD_2013 if band >= min(held))
    ]
    return standardised(strata, per=measure.per)


def _mean(measure: Measure, name: str, one: Counting, count: int) -> Figure:
    if not count:
        return Figure(name, 0, None, None, None, None)
    mean = one.total / one.n
    spread = max(0.0, one.squares - one.n * mean * mean) / max(1, one.n - 1)
    width = NormalDist().inv_cdf((1 + CONFIDENCE) / 2) * sqrt(spread / one.n)
    low, high = round(max(0.0, mean - width), 2), round(mean + width, 2)
    return Figure(name, count, None, round(mean, 2), low, high, median=one.median)


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
