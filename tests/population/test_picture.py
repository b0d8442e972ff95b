"""The picture of the neighbourhoods: counted, held against a slow count, and told so that it cannot be undone."""

import json
from collections import Counter

import pytest

from locality.methods.small_numbers import HIDDEN_TO
from locality.population.queries.copy import open_copy
from locality.population.queries.picture import count_picture
from locality.population.rules.picture import AREA, FALLEN, NO, OLDER, UNIT, WANTED, WARD, YES, Counted, Unit, releases
from locality.population.rules.picture_kept import read, written
from tests.methods.attacker import Attacker

from . import pictured as slow
from .copies import write_copy

ALL = WANTED.traits


def counted(tmp_path, tables):
    with open_copy(folder=write_copy(tmp_path, **tables)) as duck:
        return count_picture(duck, on=slow.ON)


def no_noughts(cells):
    return {cell: count for cell, count in cells.items() if count}


@pytest.mark.parametrize("seed", range(3))
def test_people_are_counted_as_one_by_one(tmp_path, seed):
    tables = slow.drawn_tables(seed)

    found = counted(tmp_path, tables)

    base = slow.living(tables)
    assert found.people == len(base)
    assert no_noughts(found.crossed["neighbourhood", "age"]) == slow.tally(tables, slow.neighbourhood, slow.band)
    assert no_noughts(found.crossed["neighbourhood", "fifth"]) == slow.tally(tables, slow.neighbourhood, slow.fifth)
    assert no_noughts(found.crossed["neighbourhood", "sex"]) == slow.tally(
        tables, slow.neighbourhood, lambda row: row["sex"] or "not known"
    )


@pytest.mark.parametrize(
    ("trait", "has"),
    [
        ("diabetes", lambda row, tables: slow.has_condition(row, tables, "44054006")),
        ("heart-failure", lambda row, tables: slow.has_condition(row, tables, "84114007")),
        ("emergency-admission", lambda row, tables: slow.had_event(row, tables, "emergency admission")),
        ("care-home", lambda row, tables: row["care_home"]),
        ("fallen-65", slow.fell),
    ],
)
def test_who_has_what_is_counted_as_one_by_one(tmp_path, trait, has):
    tables = slow.drawn_tables(11)

    found = counted(tmp_path, tables)

    told = slow.tally(tables, slow.neighbourhood, lambda row: YES if has(row, tables) else NO)
    assert no_noughts(found.crossed["neighbourhood", trait]) == told


def test_who_has_what_is_counted_by_fifth_too_but_who_fell_is_not(tmp_path):
    tables = slow.drawn_tables(12)

    found = counted(tmp_path, tables)

    told = slow.tally(
        tables, slow.fifth, lambda row: YES if slow.has_condition(row, tables, "195967001") else NO
    )  # fmt: skip
    assert no_noughts(found.crossed["fifth", "asthma"]) == told
    # told by small area: the fifths of its small areas would give it away
    assert ("fifth", FALLEN) not in found.crossed


def test_small_areas_and_wards_are_counted_as_one_by_one(tmp_path):
    tables = slow.drawn_tables(13)

    found = counted(tmp_path, tables)

    base = slow.living(tables)
    for kind, of in ((AREA, lambda code: code), (WARD, lambda code: slow.AREAS[code][1])):
        people = Counter(of(row["small_area"]) for row in base)
        older = Counter(of(row["small_area"]) for row in base if (slow.months(row) or 0) >= 12 * 65)
        fallen = Counter(of(row["small_area"]) for row in base if slow.fell(row, tables))
        where = {of(code): told[0] for code, told in slow.AREAS.items()}
        assert found.units[kind] == {
            code: Unit(where[code], people[code], older[code], fallen[code]) for code in sorted(people)
        }


def test_nobody_who_opted_out_died_or_lives_elsewhere_is_in_it_and_they_are_counted_apart(tmp_path):
    who = {"small_area": "E01000001", "neighbourhood": "hilltop"}
    tables = {
        "people": [
            {"person": "ann", **who},
            {"person": "ben", **who, "opted_out": True},
            {"person": "cat", "small_area": None, "neighbourhood": "hilltop"},
            {"person": "dan", **who},
        ],
        "deaths": [{"person": "dan"}],
        "places": slow.places(),
    }

    found = counted(tmp_path, tables)

    assert (found.people, found.elsewhere, found.left_out) == (1, 1, 1)


def test_every_way_of_parting_is_of_the_same_people(tmp_path):
    found = counted(tmp_path, slow.drawn_tables(14))

    assert {sum(groups.values()) for groups in found.tables.values()} == {found.people}
    assert {sum(cells.values()) for cells in found.crossed.values()} == {found.people}


# ---- told


def test_what_is_kept_says_the_same_and_not_why_anything_was_kept_back(tmp_path):
    safe = releases(counted(tmp_path, slow.drawn_tables(15)), traits=ALL)

    kept = json.dumps(written(safe))

    assert written(read(json.loads(kept))) == written(safe)
    assert not any(word in kept for word in ('small"', "cover", 'whole":"'))


def test_no_number_that_is_told_is_small_or_unrounded(tmp_path):
    safe = releases(counted(tmp_path, slow.drawn_tables(16)), traits=ALL)

    numbers = [number for number in _numbers(written(safe)) if number]

    assert [number for number in numbers if number <= HIDDEN_TO or number % 5] == []
    assert len(numbers) > 100


def _numbers(told):
    if isinstance(told, dict):
        told = list(told.values())
    if isinstance(told, list):
        for one in told:
            yield from _numbers(one)
    elif isinstance(told, int):
        yield told


@pytest.mark.parametrize("seed", range(20, 24))
def test_neighbourhoods_fifths_and_ages_taken_from_each_other_give_nobody_away(tmp_path, seed):
    """Somebody who has the whole picture, and subtracts whatever can be subtracted."""
    found = counted(tmp_path, slow.drawn_tables(seed, people=500))
    kept = [one for one in ALL if one.code in ("diabetes", "heart-failure", "care-home", FALLEN)]
    ways = {"neighbourhood", "fifth", "age", "sex", *(one.code for one in kept)}
    crossed = {pair: cells for pair, cells in found.crossed.items() if set(pair) <= ways}
    part = Counted(
        found.on, found.people, found.elsewhere, found.left_out,
        {way: groups for way, groups in found.tables.items() if way in ways}, crossed, found.units,
    )  # fmt: skip

    safe = releases(part, traits=ALL)

    assert list(_found_out(safe.whole, part)) == []


def _found_out(release, part):
    attacker = Attacker(release, {way: list(groups) for way, groups in part.tables.items()}, 1)
    for ways in part.crossed:
        attacker.cross(ways)
    for ways, cells in part.crossed.items():
        for cell, count in cells.items():
            told = release.crossed[ways]
            if told is None or told[cell].columns is not None or not 0 < count <= HIDDEN_TO:
                continue
            if not all(attacker.possible(value, attacker.cells[ways, cell]) for value in (1, HIDDEN_TO)):
                yield ways, cell


def test_where_a_small_area_has_few_people_neither_it_nor_a_ward_is_told(tmp_path):
    tables = slow.drawn_tables(17)
    tables["people"] = [
        row for number, row in enumerate(tables["people"]) if row["small_area"] != "E01000005" or number < 40
    ]

    safe = releases(counted(tmp_path, tables), traits=ALL)

    assert (safe.unit, safe.within) == ("", {})


def test_small_areas_with_people_enough_are_told_and_else_wards():
    def place(fallen):
        units = {code: Unit(told[0], 300, 60, fallen) for code, told in slow.AREAS.items()}
        lie = {"E05000001": "hilltop", "E05000002": "hilltop", "E05000003": "meadows", "E05000004": "meadows"}
        wards = {code: Unit(where, 450, 90, 40) for code, where in lie.items()}
        return _even(units, wards, fallen)

    many, few = releases(place(30), traits=ALL), releases(place(3), traits=ALL)

    assert (many.unit, few.unit) == (AREA, WARD)
    cells = many.within["hilltop"].crossed[UNIT, FALLEN]
    assert {code: one.columns for (code, group), one in cells.items() if group == YES} == {
        "E01000001": (30,), "E01000002": (30,), "E01000003": (30,),
    }  # fmt: skip


def _even(units, wards, fallen):
    people, fell = 900, 3 * fallen
    bands = {"hilltop": 180, "meadows": 180}
    ages = {(where, band): (60 if band in OLDER else 240 if band == "0 to 4" else 0) * (3 if band == "0 to 4" else 1)
            for where in bands for band in ("0 to 4", *OLDER)}  # fmt: skip
    tables = {
        "neighbourhood": dict.fromkeys(bands, people),
        "age": {band: sum(count for (_, one), count in ages.items() if one == band) for band in ("0 to 4", *OLDER)},
        FALLEN: {YES: 2 * fell, NO: 2 * (people - fell)},
    }
    crossed = {
        ("neighbourhood", "age"): ages,
        ("neighbourhood", FALLEN): {
            (where, group): count for where in bands for group, count in ((YES, fell), (NO, people - fell))
        },
    }
    return Counted(slow.ON, 2 * people, 0, 0, tables, crossed, {AREA: units, WARD: wards})
