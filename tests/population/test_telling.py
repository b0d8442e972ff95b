"""What of a measure may be told."""

import random
import re
from dataclasses import replace

import pytest

from locality.methods.funnel import Place
from locality.methods.small_numbers import HIDDEN_TO
from locality.methods.spc import Assurance, Variation
from locality.population.queries.measures import measures
from locality.population.rules.groups import FIFTHS
from locality.population.rules.measures import By
from locality.population.rules.telling import Counting, releases, tell

ALL = measures(place="bury")
RATE, SHARE, MEAN = (ALL[name] for name in ("emergency-admissions-65", "long-stays", "days-from-ready-to-discharge"))


def share(met, n, **more):
    return Counting(n=n, met=met, people=more.pop("people", n), **more)


def counted(whole, **ways):
    return {("now", ""): {"": whole}, **{("now", by): groups for by, groups in ways.items()}}


def test_a_share_is_worked_out_from_rounded_counts_with_wilsons_interval():
    told = tell(SHARE, counted(share(52, 201))).whole

    # 52 is told as 50, 149 as 150
    assert (told.count, told.of, told.value) == (50, 200, 25.0)
    assert (told.low, told.high) == pytest.approx((19.5, 31.4), abs=0.1)


def test_few_are_kept_back_with_their_figure_and_their_interval():
    groups = {"east": share(3, 80), "west": share(60, 120), "north": share(50, 100), "south": share(40, 100)}
    told = tell(SHARE, counted(share(153, 400), neighbourhood=groups)).by[By.NEIGHBOURHOOD]

    east = next(one for one in told if one.group == "east")
    assert (east.is_told, east.count, east.of, east.value, east.low, east.place) == (
        False,
        None,
        None,
        None,
        None,
        None,
    )


def test_a_rate_is_told_a_year_and_as_if_ages_were_alike():
    bands = {65: (50, 12_000), 70: (50, 12_000), 75: (50, 12_000), 80: (50, 12_000), 85: (50, 12_000), 90: (50, 12_000)}
    whole = Counting(n=300, met=300, people=280, months=72_000, bands=bands)

    told = tell(RATE, counted(whole)).whole

    assert (told.count, told.of, told.value) == (300, 6_000, 5_000.0)
    # every band has the same rate, so no weights can change it
    assert told.standardised.value == pytest.approx(5_000.0)


@pytest.mark.parametrize(
    ("name", "bands", "people"),
    [
        ("emergency-admissions-children", range(0, 20, 5), 19_800),
        ("deaths-under-75", range(0, 75, 5), 91_000),
        ("requests-for-social-care", range(15, 95, 5), 80_700),
    ],
)
def test_rates_up_to_an_age_and_from_one_are_told_as_if_ages_were_alike(name, bands, people):
    # the youngest have all the events, in as many years as each other band
    first = min(bands)
    held = {band: (30 if band == first else 0, 12_000) for band in bands}
    whole = Counting(n=30, met=30, people=30, months=12_000 * len(bands), bands=held)

    told = tell(ALL[name], counted(whole)).whole

    # people of 18 and 19 are two fifths of their band, of 15 to 17 three
    weight = 2_200 if first == 15 else 5_000
    exact = 100_000 * 0.03 * weight / people
    assert told.standardised.value == pytest.approx(exact, abs=100_000 * 2.5 / told.of)


@pytest.mark.parametrize("name", [name for name, one in ALL.items() if one.standardised])
def test_a_measure_says_the_ages_that_its_steps_count(name):
    one = ALL[name]
    at_risk = next(step.sql for step in one.steps if step.name == "at_risk")

    said = re.findall(r"birth_month (<=|>) on_day - interval (\d+) year", at_risk)

    assert dict(said) == {
        **({"<=": str(one.age_from)} if one.age_from else {}),
        **({">": str(one.age_below)} if one.age_below else {}),
    }


def test_many_events_of_few_people_are_kept_back():
    few = Counting(n=40, met=40, people=4, months=1_200)
    many = Counting(n=400, met=400, people=390, months=12_000)
    whole = Counting(n=840, met=840, people=784, months=25_200)

    told = tell(RATE, counted(whole, sex={"female": few, "male": many, "other": many})).by[By.SEX]

    assert [(one.group, one.is_told) for one in told if one.group == "female"] == [("female", False)]


def test_a_month_of_eighty_people_is_told_and_its_rate_is_a_years():
    now = {f"2025-{at:02}": Counting(n=20, met=20, people=18, months=80) for at in range(1, 13)}
    whole = Counting(n=240, met=240, people=60, months=960)

    told = tell(RATE, counted(whole, month=now))

    january = told.by[By.MONTH][0]
    assert (told.whole.of, told.whole.value) == (80, 300_000)
    assert (january.count, january.of, january.value) == (20, 80, pytest.approx(300_000))
    assert len(told.months) == 12


def test_a_month_of_few_people_is_kept_back_however_much_happened():
    now = {f"2025-{at:02}": Counting(n=20, met=20, people=7 if at == 3 else 18, months=80) for at in range(1, 13)}

    told = tell(RATE, counted(Counting(n=240, met=240, people=60, months=960), month=now)).by[By.MONTH]

    assert [one.group for one in told if not one.is_told] == ["2025-03"]


def test_a_mean_is_told_of_eight_people_or_more():
    eight, seven = (Counting(n=n, met=n, people=n, total=3.0 * n, squares=10.0 * n, median=3.0) for n in (8, 7))

    told, kept = tell(MEAN, counted(eight)).whole, tell(MEAN, counted(seven)).whole

    assert (told.value, told.median, kept.value, kept.median) == (3.0, 3.0, None, None)
    assert told.low < 3.0 < told.high


def test_an_area_far_from_the_whole_is_told_to_be():
    groups = {"east": share(300, 1_000), "west": share(100, 1_000), "north": share(200, 1_000)}
    told = tell(SHARE, counted(share(600, 3_000), neighbourhood=groups)).by[By.NEIGHBOURHOOD]

    assert {one.group: one.place for one in told} == {
        "east": Place.FAR_HIGH,
        "north": Place.WITHIN,
        "west": Place.FAR_LOW,
    }


def rated(n, *, young, old, squares=None):
    """A group with so many events of the old, and of its people so many young."""
    bands = {65: (0, 12 * young), 85: (n, 12 * old)}
    return Counting(n=n, met=n, people=n, months=12 * (young + old), bands=bands, squares=float(squares or n))


def test_an_area_of_old_people_is_held_against_as_many_as_old_people_have():
    groups = {"east": rated(400, young=1_000, old=2_000), "west": rated(200, young=2_000, old=1_000)}

    told = tell(RATE, counted(rated(600, young=3_000, old=3_000), neighbourhood=groups)).by[By.NEIGHBOURHOOD]

    assert [one.place for one in told] == [Place.WITHIN, Place.WITHIN]


def test_events_of_few_people_who_have_many_are_less_sure_to_be_far():
    def place(squares):
        groups = {"east": rated(150, young=0, old=1_000, squares=squares), "west": rated(100, young=0, old=1_000)}
        told = tell(RATE, counted(rated(250, young=0, old=2_000), neighbourhood=groups)).by[By.NEIGHBOURHOOD]
        return told[0].place

    assert (place(150), place(900)) == (Place.HIGH, Place.WITHIN)


def test_the_slope_is_told_where_all_fifths_are():
    fifths = {said: share(300 - 50 * at, 1_000) for at, said in enumerate(FIFTHS)}
    whole = share(1_000, 5_000)

    sloping = tell(SHARE, counted(whole, deprivation=fifths)).slope
    without = tell(SHARE, counted(share(700, 4_000), deprivation=dict(list(fifths.items())[1:]))).slope

    assert (sloping.index, without) == (pytest.approx(-25.0), None)
    assert sloping.low < -25.0 < sloping.high


def months(values, base="now", first=1, year=2025):
    return {(base, "month"): {f"{year}-{first + at:02}": share(*one) for at, one in enumerate(values)}}


def two_years(*, wild=None):
    before, now = [(50 + at % 3, 200) for at in range(12)], [(50 + at % 3, 200) for at in range(12)]
    if wild is not None:
        now[-1] = (wild, 200)
    groups = {**months(before, "before", year=2024), **months(now)}
    for base, listed in (("before", before), ("now", now)):
        groups[base, ""] = {"": share(sum(met for met, _ in listed), 2_400)}
    return groups


def test_two_years_of_months_are_drawn_and_a_wild_month_is_no_chance():
    steady, wild = tell(SHARE, two_years()), tell(SHARE, two_years(wild=150))

    assert (len(steady.months), steady.chart.variation) == (24, Variation.COMMON)
    # of long stays fewer are better
    assert wild.chart.variation == Variation.CONCERN


def test_the_target_of_a_measure_is_held_against_its_limits():
    told = tell(replace(SHARE, target=replace(ALL["two-hour-response"].target, value=70.0)), two_years())

    assert told.chart.assurance == Assurance.PASSES


def test_after_a_month_that_is_kept_back_the_chart_begins_anew():
    groups = two_years()
    groups["before", "month"]["2024-10"] = share(3, 200)
    groups["before", ""] = {"": share(sum(one.met for one in groups["before", "month"].values()), 2_400)}

    told = tell(SHARE, groups)

    assert (told.months[0], len(told.months)) == ("2024-11", 14)


def test_who_opted_out_is_counted_safely():
    assert [tell(SHARE, counted(share(50, 200)), left_out=n).left_out for n in (0, 3, 104)] == [0, None, 105]


@pytest.mark.parametrize("seed", range(20))
def test_whatever_was_counted_nothing_of_one_to_seven_and_nothing_unrounded_is_told(seed):
    rng = random.Random(seed)
    n = [rng.choice([0, rng.randint(1, 9), rng.randint(1, 200)]) for _ in range(6)]
    groups = {str(at): share(rng.randint(0, one), one) for at, one in enumerate(n) if one}
    whole = share(sum(one.met for one in groups.values()), sum(n))

    figures = tell(SHARE, counted(whole, practice=groups))

    told = [one for one in (figures.whole, *(figures.by[By.PRACTICE] or ())) if one.is_told]
    numbers = [number for one in told for number in (one.count, one.of)]
    assert [number for number in numbers if number % 5 or 0 < number <= HIDDEN_TO] == []


def test_told_again_a_figure_that_one_more_event_moved_stands():
    groups = {"east": share(52, 100), "west": share(60, 120), "north": share(50, 100)}
    first = releases(SHARE, counted(share(162, 320), neighbourhood=groups))
    more = {**groups, "east": share(53, 101)}

    again = tell(SHARE, counted(share(163, 321), neighbourhood=more), earlier=first).by[By.NEIGHBOURHOOD]
    anew = tell(SHARE, counted(share(163, 321), neighbourhood=more)).by[By.NEIGHBOURHOOD]

    assert [one.count for one in again if one.group == "east"] == [50]
    assert [one.count for one in anew if one.group == "east"] == [55]
