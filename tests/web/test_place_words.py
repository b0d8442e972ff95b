"""The map, its measures and the words of the place: plain functions, tried alone."""

from collections import namedtuple
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from locality.directory.queries import NeighbourhoodOverview, Spread, Total
from locality.web.place import words
from locality.web.place.maps import WIDTH, sheet
from locality.web.place.measures import measures

TODAY = date(2026, 11, 21)
Named = namedtuple("Named", "code name")
Published = namedtuple("Published", "pk code kind on period")
Spanned = namedtuple("Spanned", "ends_on")

SQUARE = [[0, 53], [1, 53], [1, 54], [0, 54], [0, 53]]
# a horseshoe, open to the east: the middle of its box lies outside it
HORSESHOE = [[0, 0], [4, 0], [4, 1], [1, 1], [1, 3], [4, 3], [4, 4], [0, 4], [0, 0]]


def outlines(*geometries: dict) -> dict:
    return {
        "type": "FeatureCollection",
        "features": [
            {"properties": {"code": f"a{number}", "name": f"A {number}"}, "geometry": geometry}
            for number, geometry in enumerate(geometries)
        ],
    }


def test_a_map_keeps_north_up_and_the_shape_that_a_globe_gives_it():
    found = sheet(outlines({"type": "Polygon", "coordinates": [SQUARE]}))

    # at 53.5 degrees north a degree of longitude is 0.595 of one of latitude
    assert (found.width, round((found.height - 12) / (WIDTH - 12), 2)) == (400.0, 1.68)
    assert found.shapes[0].path == "M6.0,658.3L394.0,658.3 394.0,6.0 6.0,6.0 6.0,658.3Z"


def test_a_name_is_written_inside_its_outline_however_bent():
    found = sheet(outlines({"type": "Polygon", "coordinates": [HORSESHOE]})).shapes[0]

    across, down = (found.x - 6) / 97, (found.y - 6) / 97
    assert 0 < across < 4
    assert not (across > 1 and 1 < down < 3)


def test_an_outline_in_several_pieces_is_named_on_the_largest():
    island = [[5, 53], [5.1, 53], [5.1, 53.1], [5, 53.1], [5, 53]]

    found = sheet(outlines({"type": "MultiPolygon", "coordinates": [[SQUARE], [island]]})).shapes[0]

    assert found.path.count("M") == 2
    assert found.x < WIDTH / 2


def test_a_place_without_outlines_has_no_map():
    assert sheet(outlines()) is None


def overview(name: str, *totals: Total, tenths: tuple = ()) -> NeighbourhoodOverview:
    return NeighbourhoodOverview(
        neighbourhood=Named(name.lower(), name),
        team=None,
        wards=[],
        practices=[],
        areas=2,
        totals=list(totals),
        tenths=list(tenths),
    )


CENSUS = Published(uuid4(), "census", "population", date(2021, 3, 21), "census day")
MID_2020 = Published(uuid4(), "mid-2020", "population", date(2020, 6, 30), "mid-2020")
LISTS = Published(uuid4(), "lists", "population", None, "2022")
OLDER = Published(uuid4(), "older", "population-65", date(2020, 6, 30), "mid-2020")
OLD_TENTHS = Published(uuid4(), "tenths-2019", "deprivation", None, "Index 2019")
NEW_TENTHS = Published(uuid4(), "tenths-2025", "deprivation", None, "Index 2025")


def total(series: Published, value: int) -> Total:
    return Total(series=series, value=Decimal(value), areas=2)


def test_a_share_is_of_those_who_were_counted_on_the_same_day():
    one = overview("Hill", total(OLDER, 50), total(MID_2020, 200), total(CENSUS, 250))

    older = measures([one])[0]

    assert (older.of["hill"].full, older.series) == ("25.0% (50 of 200)", (OLDER, MID_2020))


def test_no_share_is_made_of_two_different_days():
    one = overview("Hill", total(OLDER, 50), total(CENSUS, 250))

    assert [measure.code for measure in measures([one])] == ["residents"]


def test_residents_are_those_of_the_latest_count_that_says_its_day():
    one = overview("Hill", total(LISTS, 300), total(MID_2020, 200), total(CENSUS, 250))

    assert measures([one])[0].of["hill"].full == "250"


def test_deprivation_is_that_of_the_latest_index():
    spreads = (Spread(series=NEW_TENTHS, areas={1: 1, 2: 2, 3: 1}), Spread(series=OLD_TENTHS, areas={3: 4}))

    found = measures([overview("Hill", tenths=spreads)])[0]

    assert (found.of["hill"].full, found.of["hill"].words) == ("3 of 4", "75%")


def test_shades_go_in_equal_steps_from_the_least_to_the_most():
    values = {"A": 100, "B": 119, "C": 120, "D": 159, "E": 200}
    seen = [overview(name, total(CENSUS, value)) for name, value in values.items()]

    found = measures(seen)[0]

    assert [found.shade(code) for code in ("a", "b", "c", "d", "e", "elsewhere")] == [1, 1, 2, 3, 5, 0]


@pytest.mark.parametrize(
    ("values", "answer", "shades"),
    [([70], "A: 70", [3]), ([70, 70], "The same in each: 70", [3, 3])],
    ids=["alone", "alike"],
)
def test_nothing_is_called_the_most_where_nothing_is_less(values, answer, shades):
    found = measures([overview(name, total(CENSUS, value)) for name, value in zip("AB", values, strict=False)])[0]

    assert (found.answer, [found.shade(code) for code in found.of]) == (answer, shades)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "said"),
    [
        (date(2019, 4, 1), date(2022, 7, 1), "1 Apr 2019 to 30 Jun 2022"),
        (date(2022, 7, 1), None, "since 1 Jul 2022"),
        (TODAY, None, "since 21 Nov 2026"),
        (date(2027, 1, 1), None, "from 1 Jan 2027"),
        (None, date(2019, 4, 1), "until 31 Mar 2019"),
        (None, None, ""),
    ],
)
def test_a_span_is_said_with_the_last_day_on_which_it_held(starts_on, ends_on, said):
    assert words.span(starts_on, ends_on, TODAY) == said


def test_what_ends_today_is_over():
    rows = [Spanned(None), Spanned(TODAY), Spanned(date(2026, 11, 22))]

    assert (words.over(rows, TODAY), words.not_over(rows, TODAY)) == ([rows[1]], [rows[0], rows[2]])


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        ("193851.000000", "people", "193,851 people"),
        ("9212.500000", "people", "9,212.5 people"),
        ("90", "rank", "Rank 90"),
        ("3", "decile", "Tenth 3"),
        ("1920000000", "pence", "£19.2 million"),
        ("100000000", "pence", "£1 million"),
        ("12345600", "pence", "£123,456"),
    ],
)
def test_a_figure_is_said_in_its_unit(value, unit, said):
    assert words.figure(Decimal(value), unit) == said


@pytest.mark.parametrize(
    ("said", "inside"), [("Pharmacies", "pharmacies"), ("GP practices", "GP practices"), ("NHS trusts", "NHS trusts")]
)
def test_words_inside_a_sentence_keep_their_abbreviations(said, inside):
    assert words.inside(said) == inside
