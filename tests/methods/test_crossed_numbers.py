"""One base parted in two ways at once: nobody is picked out of a cell, whatever stands beside it."""

import random
from collections import Counter

import pytest

from locality.methods.small_numbers import HIDDEN_TO, Counts, Crossings, Kept, Release, Told, release
from tests.methods.attacker import Attacker

# with both ends possible, nothing between is ruled out but by chance; the heavy tests ask for all seven
ENDS, ALL = (1, HIDDEN_TO), range(1, HIDDEN_TO + 1)


def grid(rows, *, names="abcdefgh"):
    """Tables of rows and columns and their crossing, from counts written as they stand on paper."""
    cells = {
        (str(at), names[column]): Counts((count,)) for at, row in enumerate(rows) for column, count in enumerate(row)
    }
    across, down = Counter(), Counter()
    for (row, column), one in cells.items():
        across[row] += one.columns[0]
        down[column] += one.columns[0]
    tables = {
        "place": {row: Counts((count,)) for row, count in across.items()},
        "age": {column: Counts((count,)) for column, count in down.items()},
    }
    return tables, Counts((sum(across.values()),)), {("place", "age"): cells}


def told_of(rows, **more):
    tables, total, cells = grid(rows)
    return release(tables, total=total, crossings=Crossings(cells, **more)).crossed["place", "age"]


def shown(told):
    return {"".join(cell): None if one.columns is None else one.columns[0] for cell, one in told.items()}


def test_every_cell_that_is_large_is_told_rounded():
    told = told_of([(52, 61, 40), (33, 90, 77), (18, 44, 63)])

    assert shown(told) == {
        "0a": 50, "0b": 60, "0c": 40, "1a": 35, "1b": 90, "1c": 75, "2a": 20, "2b": 45, "2c": 65,
    }  # fmt: skip


def test_a_small_cell_takes_others_with_it_where_its_row_would_tell_it():
    told = told_of([(4, 96), (96, 104)])

    # of the second row, rounding leaves room enough for the column
    assert [(one.columns, one.kept) for one in told.values()] == [
        (None, Kept.SMALL),
        (None, Kept.COVER),
        ((95,), None),
        ((105,), None),
    ]


def test_among_many_rounding_alone_hides_it():
    told = told_of([(4, 53, 62, 58), (52, 61, 57, 63), (48, 62, 53, 58), (57, 58, 62, 52)])

    assert [cell for cell, one in told.items() if one.columns is None] == [("0", "a")]


def test_a_column_that_is_kept_back_has_no_cells():
    told = told_of([(2, 53, 62), (3, 61, 57), (0, 62, 53), (1, 57, 62)])

    assert [cell for cell, one in told.items() if one.kept is Kept.WHOLE] == [(row, "a") for row in "0123"]
    assert {cell[1] for cell, one in told.items() if one.columns} == {"b", "c"}


def test_where_a_row_is_kept_back_nothing_is_crossed():
    assert told_of([(2, 1, 3), (52, 61, 57), (48, 62, 53), (57, 58, 62)]) is None


def test_where_a_column_is_told_elsewhere_too_and_small_nothing_is_crossed():
    rows = [(2, 53, 62), (3, 61, 57), (0, 62, 53), (1, 57, 62)]

    assert told_of(rows, shared=frozenset({"age"})) is None


def test_a_group_that_is_never_shown_is_kept_back_and_gives_room():
    told = told_of([(4, 996), (57, 943), (62, 938), (58, 942)], shared=frozenset({"age"}), untold=frozenset("b"))

    assert shown(told) == {
        "0a": None, "0b": None, "1a": 55, "1b": None, "2a": 60, "2b": None, "3a": 60, "3b": None,
    }  # fmt: skip


def test_few_who_are_not_are_few_too():
    """All but three of a row: whoever sees the row and the cell would know of those three."""
    told = told_of([(997, 3), (57, 943), (62, 938), (58, 942)], shared=frozenset({"age"}), untold=frozenset("b"))

    assert told["0", "a"].columns is None


def test_cells_that_do_not_add_up_are_a_mistake():
    tables, total, cells = grid([(50, 60), (70, 80)])
    cells["place", "age"]["0", "a"] = Counts((51,))

    with pytest.raises(ValueError, match="place by age does not add up to place"):
        release(tables, total=total, crossings=Crossings(cells))


def test_told_again_a_cell_stands_until_it_has_moved_by_more_than_seven():
    rows = [(52, 61, 40), (33, 90, 77), (18, 44, 63)]
    tables, total, cells = grid(rows)
    first = release(tables, total=total, crossings=Crossings(cells))
    later, more, moved = grid([(57, 61, 40), (33, 99, 77), (18, 44, 63)])

    again = release(later, total=more, crossings=Crossings(moved), earlier=first).crossed["place", "age"]

    assert (again["0", "a"].columns, again["1", "b"].columns) == ((50,), (100,))


# ---- trying to undo it


def drawn(rng, *, widest=4):
    """Three rows or more by two columns or more, with many small cells and some noughts."""
    kinds = [rng.choice([3, 10, 60]) for _ in range(rng.randint(2, widest))]
    return [tuple(int(rng.expovariate(1 / kind)) for kind in kinds) for _ in range(rng.randint(3, widest))]


def found_out(tables, cells, told, *, asked_for=ENDS):
    """The small cells, and the small groups, of which somebody who has everything can rule out any of one to seven."""
    attacker = Attacker(told, {name: list(groups) for name, groups in tables.items()}, 1)
    for ways in cells:
        attacker.cross(ways)
    asked = [(attacker.cells[ways, cell], one, cell) for ways in cells for cell, one in cells[ways].items()
             if told.crossed[ways] is not None and told.crossed[ways][cell].columns is None]  # fmt: skip
    asked += [(attacker.of[name, group, 0], one, group) for name, groups in tables.items()
              for group, one in groups.items()
              if told.tables[name] is not None and told.tables[name][group].columns is None]  # fmt: skip
    for variable, one, name in asked:
        if 0 < one.columns[0] <= HIDDEN_TO and not all(attacker.possible(value, variable) for value in asked_for):
            yield name


def test_the_attacker_finds_out_what_the_rows_alone_give_away():
    """An attacker who finds nothing in anything would prove nothing."""
    tables, _, cells = grid([(1, 99), (96, 104)])
    margins = {way: {name: Told((5 * round(one.columns[0] / 5),)) for name, one in groups.items()}
               for way, groups in tables.items()}  # fmt: skip
    naive = {cell: Told(None, Kept.SMALL) if one.columns[0] < 8 else Told((5 * round(one.columns[0] / 5),))
             for cell, one in cells["place", "age"].items()}  # fmt: skip

    told = Release(Told((300,)), margins, {("place", "age"): naive})

    assert list(found_out(tables, cells, told)) == [("0", "a")]


@pytest.mark.parametrize("seed", range(40))
def test_no_small_cell_can_be_told_from_rows_columns_and_other_cells(seed):
    tables, total, cells = grid(drawn(random.Random(seed)))

    told = release(tables, total=total, crossings=Crossings(cells))

    assert list(found_out(tables, cells, told)) == []


def crossed_twice(rng):
    """One base: rows by what people are and by whether they have something, and fifths by that too."""
    people = [
        (rng.choice("wxyz"), rng.choice("12345"), rng.choice("aaabbc"), rng.random() < 0.06)
        for _ in range(rng.randint(150, 700))
    ]
    ways = ("place", "fifth", "age", "has")
    values = [dict(zip(ways, (*one[:3], "yes" if one[3] else "no"), strict=True)) for one in people]
    tables = {way: {name: Counts((count,)) for name, count in Counter(one[way] for one in values).items()}
              for way in ways}  # fmt: skip
    cells = {}
    for pair in (("place", "fifth"), ("place", "age"), ("place", "has"), ("fifth", "has")):
        held = Counter((one[pair[0]], one[pair[1]]) for one in values)
        cells[pair] = {
            (one, other): Counts((held[one, other],)) for one in tables[pair[0]] for other in tables[pair[1]]
        }
    return tables, Counts((len(people),)), cells


TWICE = {"shared": frozenset({"fifth", "has"}), "untold": frozenset({"no"})}


@pytest.mark.parametrize("seed", range(6))
def test_nor_from_several_crossings_of_the_same_people_together(seed):
    tables, total, cells = crossed_twice(random.Random(seed))

    told = release(tables, total=total, crossings=Crossings(cells, **TWICE))

    assert list(found_out(tables, cells, told)) == []


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(1000, 1400))
def test_no_small_cell_can_be_told_from_hundreds_more(seed):
    rng = random.Random(seed)
    tables, total, cells = grid(drawn(rng, widest=6)) if seed % 2 else crossed_twice(rng)

    told = release(tables, total=total, crossings=Crossings(cells, **TWICE) if not seed % 2 else Crossings(cells))

    assert list(found_out(tables, cells, told, asked_for=ALL)) == []
