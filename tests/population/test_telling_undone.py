"""Whether a small count can be told from everything that a measure tells, its standardised rates and means too."""

import random
from math import floor

import numpy as np
import pytest

from locality.methods.rates import STANDARD_2013, byar
from locality.methods.small_numbers import HIDDEN_TO, ROUND_TO
from locality.population.queries.measures import measures
from locality.population.rules.measures import By
from locality.population.rules.telling import Counting, releases, tell
from tests.methods.attacker import MANY, Attacker

ALL = measures(place="bury")
RATE, MEAN = ALL["emergency-admissions-65"], ALL["days-from-ready-to-discharge"]
OLD = (65, 70, 75, 80, 85, 90)
HALF = ROUND_TO / 2
SMALL = range(1, HIDDEN_TO + 1)


def counting(events, months):
    """Events by band of age, and months at risk by band."""
    n = sum(events.values())
    return Counting(
        n=n, met=n, people=n, months=sum(months.values()), bands={band: (events[band], months[band]) for band in months}
    )


def drawn(seed):
    """One rate parted in one or two ways, some groups small, with bands of age that have little in common."""
    rng = random.Random(seed)
    events = [
        rng.choice(OLD[rng.randint(0, 5) :]) for _ in range(rng.choice([rng.randint(10, 40), rng.randint(30, 200)]))
    ]
    months = {band: 12 * rng.randint(300, 4_000) for band in OLD}
    groups = {("now", ""): {"": counting({band: events.count(band) for band in OLD}, months)}}
    for by in (By.NEIGHBOURHOOD, By.DEPRIVATION)[: rng.randint(1, 2)]:
        width = rng.randint(3, 6)
        weights = [rng.random() ** 3 + 0.02 for _ in range(width)]
        of = rng.choices(range(width), weights, k=len(events))
        held = {}
        for at in range(width):
            own = {
                band: sum(1 for group, age in zip(of, events, strict=True) if (group, age) == (at, band))
                for band in OLD
            }
            held[str(at)] = counting(own, {band: months[band] * weights[at] / sum(weights) for band in OLD})
        groups["now", str(by)] = held
    return groups


class Everything(Attacker):
    """Who also knows how many are at risk by band of age, and undoes each standardised rate and its limits."""

    def ages(self, count, figure, one):
        """What a group's rate says of its events by band; returns their variables."""
        bands = {band: self._variable(0, MANY) for band in one.bands}
        self.rows.append(({**dict.fromkeys(bands.values(), 1.0), count: -1.0}, 0, 0))
        if figure.standardised is None:
            return bands
        told, around = figure.count, byar(count=figure.count)
        whole = sum(STANDARD_2013[band] for band in bands)
        weight = {band: STANDARD_2013[band] / whole * figure.of * 12 / one.bands[band][1] for band in bands}
        value, low, high = (
            rate * figure.of / RATE.per
            for rate in (figure.standardised.value, figure.standardised.low, figure.standardised.high)
        )
        self._between(bands, {band: told * weight[band] for band in bands}, count, value - HALF, value + HALF)
        ends = (
            (value - low, told - around.low),
            (high - value, around.high - told),
            (high - low, around.high - around.low),
        )
        for width, unit in ends:
            squares = {band: weight[band] ** 2 for band in bands}
            narrow, wide = max(0.0, width - ROUND_TO) / unit, (width + ROUND_TO) / unit
            self._between(bands, squares, count, narrow**2, wide**2)
        return bands

    def knows(self, counts):
        """Counts that are known for sure."""
        self.rows += [({variable: 1.0}, count, count) for variable, count in counts.items()]

    def _between(self, bands, weights, count, low, high):
        """The mean weight of the events lies between."""
        row = {variable: weights[band] for band, variable in bands.items()}
        self.rows.append(({**row, count: -(low - 1e-6)}, 0, np.inf))
        self.rows.append(({**row, count: -(high + 1e-6)}, -np.inf, 0))


def told_alike(shown, name):
    """Whether a group's rate is told as if ages were alike."""
    return name in shown and shown[name].standardised is not None


def found_out(groups, *, sharp=False):
    """The small counts of which any of one to seven can be ruled out.

    sharp: as if rates were told of exact counts, whose limits (value - low over high - value) tell the count itself.
    """
    figures, safe = tell(RATE, groups), releases(RATE, groups)["now"]
    tables = {by: list(held) for (_, by), held in groups.items() if by}
    attacker = Everything(safe, tables, 1)
    # the first variable is the whole
    parts = [attacker.ages(0, figures.whole, groups["now", ""][""])]
    for by, names in tables.items():
        shown = {one.group: one for one in figures.by[By(by)] or ()}
        held = [
            attacker.ages(attacker.of[by, name, 0], shown[name], groups["now", by][name]) for name in names if shown
        ]
        for band, variable in parts[0].items() if held else ():
            attacker.rows.append(({**{one[band]: 1.0 for one in held}, variable: -1.0}, 0, 0))
        if sharp:
            alike = [name for name in names if told_alike(shown, name)]
            attacker.knows({attacker.of[by, name, 0]: groups["now", by][name].n for name in alike})
    for by, names in tables.items():
        for name in names:
            count = groups["now", by][name].n
            if 0 < count <= HIDDEN_TO and not all(attacker.possible(one, attacker.of[by, name, 0]) for one in SMALL):
                yield by, name, count


def test_a_standardised_rate_is_the_same_of_every_count_that_is_told_alike():
    def told(n):
        events = {band: n if band == 70 else 0 for band in OLD}
        return tell(RATE, {("now", ""): {"": counting(events, dict.fromkeys(OLD, 12_000))}}).whole

    assert len({told(n) for n in range(148, 153)}) == 1
    assert told(152) != told(153)


def test_rates_of_exact_counts_would_give_small_ones_away():
    """An attacker who finds nothing in anything would prove nothing."""
    assert [seed for seed in range(12) if list(found_out(drawn(seed), sharp=True))] != []


@pytest.mark.parametrize("seed", range(60))
def test_no_small_count_can_be_told_from_standardised_rates_beside_the_tables(seed):
    assert list(found_out(drawn(seed))) == []


@pytest.mark.parametrize("n", [8, 9, 13, 37, 152, 1_203])
def test_a_mean_and_a_median_of_whole_days_do_not_say_of_how_many(n):
    rng = random.Random(n)
    days = sorted(int(rng.expovariate(0.5)) for _ in range(n))
    middle = (days[(n - 1) // 2] + days[n // 2]) / 2
    told = {"total": float(sum(days)), "squares": float(sum(one * one for one in days)), "median": middle}

    figure = tell(MEAN, {("now", ""): {"": Counting(n=n, met=n, people=n, **told)}}).whole

    step = next(one for one in STEPS if one >= 2 / figure.count)
    ends = [figure.value, figure.low, figure.high]
    assert ends == pytest.approx([step * round(end / step) for end in ends])
    assert figure.median == floor(middle)
    # of every number that is told alike some sum of whole days is told as this mean
    alike = [one for one in range(figure.count - 2, figure.count + 3) if one > HIDDEN_TO]
    assert [one for one in alike if abs(round(figure.value * one) / one - figure.value) > step / 2] == []


STEPS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
