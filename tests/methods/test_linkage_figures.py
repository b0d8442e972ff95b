"""The figures of a linkage: by group, without small groups, as JSON and as tables."""

import json

from locality.methods.linkage_figures import by_review, figures, tables


def a_linkage(**other) -> dict:
    """Forty northerners, of whom four are in two pieces, one of them asked about; twenty southerners; five others."""
    groups = (
        {f"n{n}": "North" for n in range(40)}
        | {f"s{n}": "South" for n in range(20)}
        | {f"e{n}": "East" for n in range(5)}
    )
    truth = {(person, side): person for person in groups for side in "ab"}
    found = {(person, side): f"{person}{side if person in ('n0', 'n1', 'n2', 'n3') else ''}" for person, side in truth}
    told = {
        "truth": truth,
        "found": found,
        "asked": [(("n0", "a"), ("n0", "b"))],
        "weighed": [(("n5", "a"), ("n5", "b"), 0.99), (("n0", "a"), ("n9", "a"), 0.9)],
        "groups": {person: {"Neighbourhood": group} for person, group in groups.items()},
    }
    return told | other


def test_each_group_is_told_beside_the_largest_and_small_ones_are_counted_only():
    told = figures(**a_linkage())

    (by,) = told["by"]
    assert (by["aspect"], by["against"], by["left_out"]) == ("Neighbourhood", "North", 5)
    assert [(one["group"], one["people"], one["recall"]["count"], one["reached"]["count"]) for one in by["groups"]] == [
        ("North", 40, 36, 37),
        ("South", 20, 20, 20),
    ]
    assert [round(one["missed"]["times"], 2) for one in by["groups"]] == [1, 0]


def test_the_whole_is_told_with_what_was_said_of_pairs():
    told = figures(**a_linkage())

    overall = told["overall"]
    assert (told["people"], told["patients"]) == (65, 130)
    assert (overall["precision"]["count"], overall["precision"]["of"]) == (61, 61)
    assert (overall["recall"]["count"], overall["recall"]["of"]) == (61, 65)
    assert [(one["from"], one["so"]["count"], one["so"]["of"]) for one in told["calibration"]] == [
        (0.9, 0, 1),
        (0.99, 1, 1),
    ]


def test_the_figures_can_be_kept_as_json_even_where_nothing_is_missed():
    nobody_missed = {"found": {key: key[0] for key in a_linkage()["truth"]}}

    told = figures(**a_linkage(**nobody_missed))

    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert [one["missed"]["times"] for one in told["by"][0]["groups"]] == [None, None]


def test_people_whose_group_is_not_known_are_a_group():
    told = figures(**a_linkage(groups={"n1": {"Neighbourhood": "North"}}))

    (by,) = told["by"]
    assert [(one["group"], one["people"]) for one in by["groups"]] == [("not known", 64)]


def test_ages_and_fifths_stand_in_their_order():
    ages = {f"n{n}": ("80 and over", "0 to 11 months", "1 to 15", "16 to 34")[n % 4] for n in range(40)}

    told = figures(**a_linkage(groups={person: {"Age": age} for person, age in ages.items()}))

    assert [one["group"] for one in told["by"][0]["groups"]] == [
        "0 to 11 months",
        "1 to 15",
        "16 to 34",
        "80 and over",
        "not known",
    ]


def test_review_tells_of_the_pairs_that_were_decided():
    told = by_review([("match", 0.99, True), ("possible", 0.9, True), ("possible", 0.9, False)])

    assert [(one["state"], one["same"]["count"], one["same"]["of"]) for one in told["states"]] == [
        ("match", 1, 1),
        ("possible", 1, 2),
    ]
    assert told["pairs"] == 3


def test_every_table_has_as_many_cells_as_its_first_line():
    told = figures(**a_linkage()) | {"queue": {"ages": [{"words": "less than 7 days", "count": 4}]}}
    told |= {"states": by_review([("match", 0.99, True)])["states"]}

    found = tables(told)

    assert sorted(found) == ["calibration", "groups", "queue", "states"]
    assert {len(row) - len(head) for head, rows in found.values() for row in rows} == {0}
    assert [row[:3] for row in found["groups"][1]] == [
        ["all", "all", 65],
        ["Neighbourhood", "North", 40],
        ["Neighbourhood", "South", 20],
    ]
