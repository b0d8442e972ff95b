"""The borough against published figures."""

from collections import Counter

import pytest

from locality.demo.borough import check_targets, write_borough
from locality.demo.borough.conditions import factors
from locality.demo.borough.published import practices, toml
from locality.demo.borough.rates import SCALED_TO, figure, rates
from tests.demo.borough.reading import ON, SEED, small


def test_every_figure_says_where_it_is_from_or_that_it_is_assumed():
    silent = [one["name"] for one in toml("targets.toml")["target"] if not one["origin"] and not one.get("assumed")]

    assert silent == []


def test_every_figure_counts_something_that_is_made():
    counted = small().counts
    unknown = [one["name"] for one in toml("targets.toml")["target"] if one["per"] not in counted]

    assert unknown == []


def test_three_hundred_people_meet_every_figure_as_far_as_chance_lets_so_few():
    missed = [(one.name, one.made, one.published) for one in check_targets(small().counts) if not one.met]

    assert missed == []


def test_a_figure_that_is_far_off_is_not_met():
    counts = Counter(small().counts)
    counts["gp_consultations"] *= 2

    missed = [one.name for one in check_targets(counts) if not one.met]

    assert missed == ["gp_consultations"]


def test_every_practice_of_the_district_is_raked_to_all_its_registers():
    raked = factors()
    ours = {code: set(one.registers) for code, one in practices().items() if one.ours}

    assert len(ours) == 25
    # left ventricular dysfunction and the rest: twenty-one registers
    assert {len(registers) for registers in ours.values()} == {21}
    assert {code: set(raked[code]) for code in ours} == ours


def test_a_practice_with_twice_the_register_gets_twice_the_people():
    raked = factors()
    registers = {code: one.registers["copd"] for code, one in practices().items() if one.ours}
    most, least = max(registers, key=registers.get), min(registers, key=registers.get)

    assert raked[most]["copd"] > raked[least]["copd"]


def test_rates_are_scaled_to_the_figures():
    from locality.demo.borough.rates import _mean

    for name in ("gp_consultations", "ae_attendances", "planned_admissions", "out_of_hours_contacts"):
        target, times, together = SCALED_TO[name]
        mean = _mean(lambda sex, age, name=name: rates(name)[sex][age], since=0)

        assert mean * together * times == pytest.approx(figure(target))


@pytest.mark.prove
def test_five_thousand_people_meet_every_figure(tmp_path):
    written = write_borough(tmp_path, people=5000, seed=SEED, on=ON)

    missed = [(one.name, one.made, one.published) for one in check_targets(written.counts) if not one.met]

    assert missed == []


@pytest.mark.prove
def test_the_whole_register_meets_every_figure_within_a_fifth_and_every_practices_registers(tmp_path):
    written = write_borough(tmp_path, people=208_000, seed=SEED, on=ON, depth="light")

    missed = [
        (one.name, one.made, one.published) for one in check_targets(written.counts, by_practice=True) if not one.met
    ]

    assert missed == []
