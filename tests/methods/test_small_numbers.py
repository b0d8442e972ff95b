"""Counts by which nobody is picked out."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from locality.methods.small_numbers import HIDDEN_TO, Counts, Kept, Release, Told, release, safe_count, safe_objectors
from tests.methods.attacker import Attacker


@pytest.mark.parametrize(
    ("count", "told"),
    [(0, 0), (1, None), (7, None), (8, 10), (12, 10), (13, 15), (14_118, 14_120), (208_002, 208_000)],
)
def test_few_are_hidden_and_many_are_rounded(count, told):
    assert safe_count(count) == told


@given(some.integers(min_value=8, max_value=10**7))
def test_what_is_told_is_a_multiple_of_five_at_most_two_away(count):
    told = safe_count(count)

    assert told is not None
    assert (told % 5, abs(told - count) <= 2) == (0, True)


def test_fewer_than_nobody_is_a_mistake():
    with pytest.raises(ValueError, match="less than nought"):
        safe_count(-1)


def groups_of(*columns):
    return {str(at): Counts(one) for at, one in enumerate(columns)}


@pytest.mark.parametrize(("count", "told"), [(0, None), (1, None), (7, None), (8, 10), (23, 25)])
def test_whether_nobody_or_a_few_object_is_not_told(count, told):
    assert safe_objectors(count) == told


def test_a_small_count_is_kept_back_and_rounding_alone_hides_it_among_many():
    told = release({"sex": groups_of((4,), (43,), (52,), (61,), (58,))}, total=Counts((218,))).tables["sex"]

    assert {name: one.columns for name, one in told.items()} == {
        "0": None,
        "1": (45,),
        "2": (50,),
        "3": (60,),
        "4": (60,),
    }


def test_beside_one_other_group_a_small_count_takes_that_with_it():
    told = release({"sex": groups_of((4,), (96,))}, total=Counts((100,)))

    assert {name: (one.columns, one.kept) for name, one in told.tables["sex"].items()} == {
        "0": (None, Kept.SMALL),
        "1": (None, Kept.COVER),
    }
    assert told.total.columns == (100,)


def test_two_small_counts_that_their_total_would_give_away_are_not_told_as_a_table():
    told = release({"sex": groups_of((1,), (7,))}, total=Counts((8,)))

    assert (told.total.columns, told.tables["sex"]) == ((10,), None)


def test_a_whole_that_is_small_has_no_tables():
    told = release({"sex": groups_of((0,), (6,))}, total=Counts((6,)))

    assert (told.total.columns, told.tables["sex"]) == (None, None)


def test_noughts_are_told():
    told = release({"sex": groups_of((0,), (60,), (40,))}, total=Counts((100,))).tables["sex"]

    assert [one.columns for one in told.values()] == [(0,), (60,), (40,)]


def test_where_few_failed_the_many_who_did_not_are_kept_back_with_them():
    told = release({"area": groups_of((97, 3), (50, 50), (40, 60), (45, 55), (52, 48))}, total=Counts((284, 216)))

    assert told.tables["area"]["0"] == Told(None, Kept.SMALL)


def test_that_all_or_none_were_counted_is_kept_back_where_it_tells():
    parted = {"area": groups_of((90, 0), (50, 50), (40, 60), (45, 55), (52, 48))}

    kept = release(parted, total=Counts((277, 213)), sure_tells=True).tables["area"]["0"]
    told = release(parted, total=Counts((277, 213))).tables["area"]["0"]

    assert (kept.columns, told.columns) == (None, (90, 0))


def test_many_events_of_few_people_are_few():
    parted = {"area": {"a": Counts((30,), people=3), **groups_of((200,), (210,), (190,))}}

    assert release(parted, total=Counts((630,))).tables["area"]["a"].columns is None


def test_a_table_that_does_not_add_up_is_a_mistake():
    with pytest.raises(ValueError, match="adds up to"):
        release({"sex": groups_of((10,), (20,))}, total=Counts((31,)))


def test_told_again_a_figure_stands_until_it_has_moved_by_more_than_seven():
    first = release({"sex": groups_of((52,), (60,), (9,))}, total=Counts((121,)))

    again = release({"sex": groups_of((57,), (68,), (9,))}, total=Counts((134,)), earlier=first)

    assert [one.columns for one in again.tables["sex"].values()] == [(50,), (70,), (10,)]


def test_what_was_hidden_is_not_told_until_it_is_well_above_the_threshold():
    first = release({"sex": groups_of((7,), (60,), (70,), (80,))}, total=Counts((217,)))

    hardly = release({"sex": groups_of((8,), (60,), (70,), (80,))}, total=Counts((218,)), earlier=first)
    well = release({"sex": groups_of((15,), (60,), (70,), (80,))}, total=Counts((225,)), earlier=first)

    assert (hardly.tables["sex"]["0"].columns, well.tables["sex"]["0"].columns) == (None, (15,))


# ---- trying to undo it


def parted(rng, total, width):
    weights = [rng.random() ** 3 + 0.01 for _ in range(width)]
    held = [[0] * len(total) for _ in range(width)]
    for column, count in enumerate(total):
        for at in rng.choices(range(width), weights, k=count):
            held[at][column] += 1
    return {str(at): Counts(tuple(one)) for at, one in enumerate(held)}


def drawn(rng, *, columns):
    """Up to three ways of parting one base, some of them into very small groups."""
    total = tuple(rng.choice([rng.randint(8, 40), rng.randint(20, 200)]) for _ in range(columns))
    widths = [rng.randint(2, 9 if columns == 1 else 6) for _ in range(rng.randint(1, 3 if columns == 1 else 2))]
    return Counts(total), {str(at): parted(rng, total, width) for at, width in enumerate(widths)}


def found_out(tables, told, *, columns, reach=2):
    """The small counts of which the attacker can rule out any of one to seven."""
    attacker = Attacker(told, {name: list(groups) for name, groups in tables.items()}, columns, reach=reach)
    for table, groups in tables.items():
        for name, one in groups.items():
            if told.tables[table] is None or told.tables[table][name].columns is not None:
                continue
            held = [attacker.of[table, name, column] for column in range(columns)]
            asked = [((held[column],), one.columns[column]) for column in range(columns)]
            asked += [(tuple(held), sum(one.columns))] if columns > 1 else []
            for variables, count in asked:
                if 0 < count <= HIDDEN_TO and not all(attacker.possible(value, *variables) for value in SMALL):
                    yield table, name, count


SMALL = range(1, HIDDEN_TO + 1)


def test_the_attacker_finds_out_what_rounding_alone_gives_away():
    """An attacker who finds nothing in anything would prove nothing."""
    naive = Release(Told((20,)), {"sex": {"0": Told(None, Kept.SMALL), "1": Told((20,))}})

    assert list(found_out({"sex": groups_of((1,), (21,))}, naive, columns=1)) == [("sex", "0", 1)]


@pytest.mark.parametrize("seed", range(200))
def test_no_small_count_can_be_told_from_all_tables_together(seed):
    total, tables = drawn(random.Random(seed), columns=1)

    told = release(tables, total=total)

    assert list(found_out(tables, told, columns=1)) == []


@pytest.mark.parametrize("seed", range(40))
def test_nor_how_many_few_were_met_or_missed_or_made_up_a_group(seed):
    total, tables = drawn(random.Random(seed), columns=2)

    told = release(tables, total=total)

    assert list(found_out(tables, told, columns=2)) == []


@pytest.mark.parametrize("seed", range(60))
def test_nor_from_a_later_release_of_the_same_tables(seed):
    rng = random.Random(seed)
    total, tables = drawn(rng, columns=1)
    first = release(tables, total=total)
    more = rng.randint(1, 12)
    later = {name: dict(groups) for name, groups in tables.items()}
    for groups in later.values():
        for name in rng.choices(list(groups), k=more):
            groups[name] = Counts((groups[name].columns[0] + 1,))

    second = release(later, total=Counts((total.columns[0] + more,)), earlier=first)

    # a figure may stand until it has moved by seven: that much further off
    assert list(found_out(later, second, columns=1, reach=2 + HIDDEN_TO)) == []


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(1000, 1600))
def test_no_small_count_can_be_told_from_hundreds_more(seed):
    columns = 1 + seed % 2
    total, tables = drawn(random.Random(seed), columns=columns)

    assert list(found_out(tables, release(tables, total=total), columns=columns)) == []
