"""National Early Warning Score 2: every row of the chart, both oxygen scales, the thresholds, one moment and many."""

from dataclasses import asdict, replace

import duckdb
import pyarrow
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locality.methods.scores.news2 import PARTS, Observations, news2, score_observations

WELL = Observations(16, 97, False, 120, 70, "A", 37.0)

# typed from chart 1: (lowest and highest value of a row, points)
CHART = {
    "resp_rate": [(0, 8, 3), (9, 11, 1), (12, 20, 0), (21, 24, 2), (25, 60, 3)],
    "spo2": [(60, 91, 3), (92, 93, 2), (94, 95, 1), (96, 100, 0)],
    "systolic": [(40, 90, 3), (91, 100, 2), (101, 110, 1), (111, 219, 0), (220, 300, 3)],
    "pulse": [(20, 40, 3), (41, 50, 1), (51, 90, 0), (91, 110, 1), (111, 130, 2), (131, 220, 3)],
    "temperature": [(30.0, 35.0, 3), (35.1, 36.0, 1), (36.1, 38.0, 0), (38.1, 39.0, 1), (39.1, 42.0, 2)],
    "consciousness": [("A", "A", 0), ("C", "V", 3), ("P", "U", 3)],
    "on_oxygen": [(False, False, 0), (True, True, 2)],
}


def points(name, *, scale=1, **values):
    found = news2(observations=replace(WELL, **values), scale=scale)
    return next(one.points for one in found.parts if one.name == name)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [(name, value, many) for name, rows in CHART.items() for low, high, many in rows for value in (low, high)],
)
def test_each_row_of_the_chart_gives_its_points(name, value, expected):
    assert points(name, **{name: value}) == expected


@pytest.mark.parametrize(
    ("spo2", "on_air", "on_oxygen"),
    [(83, 3, 3), (84, 2, 2), (85, 2, 2), (86, 1, 1), (87, 1, 1), (88, 0, 0), (92, 0, 0)]
    + [(93, 0, 1), (94, 0, 1), (95, 0, 2), (96, 0, 2), (97, 0, 3), (100, 0, 3)],
)
def test_the_second_oxygen_scale_also_asks_whether_oxygen_is_given(spo2, on_air, on_oxygen):
    found = [points("spo2", scale=2, spo2=spo2, on_oxygen=given) for given in (False, True)]

    assert found == [on_air, on_oxygen]


@pytest.mark.parametrize(
    ("changed", "total", "risk"),
    [
        ({}, 0, "low"),
        ({"resp_rate": 22, "pulse": 95, "temperature": 38.5}, 4, "low"),
        ({"resp_rate": 25}, 3, "low-medium"),
        ({"resp_rate": 25, "pulse": 95}, 4, "low-medium"),
        ({"resp_rate": 22, "pulse": 95, "systolic": 95}, 5, "medium"),
        ({"resp_rate": 22, "pulse": 115, "systolic": 95}, 6, "medium"),
        ({"resp_rate": 25, "pulse": 115, "systolic": 95}, 7, "high"),
        (
            {
                **{"resp_rate": 30, "spo2": 80, "on_oxygen": True, "systolic": 80, "pulse": 140},
                **{"consciousness": "U", "temperature": 34},
            },
            20,
            "high",
        ),
    ],
)
def test_the_total_means_a_risk(changed, total, risk):
    found = news2(observations=replace(WELL, **changed))

    assert (found.total, found.risk) == (total, risk)


@pytest.mark.parametrize(
    "changed",
    [{"pulse": None}, {"spo2": 970}, {"consciousness": "B"}, {"temperature": 98.6}, {"on_oxygen": None}],
)
def test_nothing_is_told_while_an_observation_is_missing_or_cannot_be(changed):
    found = news2(observations=replace(WELL, **changed))

    assert (found.total, found.risk, found.missing) == (None, None, tuple(changed))


def test_each_part_is_told_in_words():
    found = news2(observations=replace(WELL, resp_rate=22, on_oxygen=True))

    assert [one.words for one in found.parts][:3] == [
        "Breaths a minute: 22 (2 points)",
        "Oxygen in the blood, %: 97 (0 points)",
        "Given oxygen: yes (2 points)",
    ]


def test_an_example_in_circulation_counts_a_warm_day_as_a_fever():
    # it gives 37.5 degrees a point and so 6 in all; by the chart 36.1 to 38.0 gives none
    found = news2(observations=Observations(21, 93, False, 120, 95, "A", 37.5))

    assert (found.total, [one.points for one in found.parts]) == (5, [2, 2, 0, 0, 1, 0, 0])


def test_there_are_two_oxygen_scales():
    with pytest.raises(ValueError, match="not 3"):
        news2(observations=WELL, scale=3)


def number(low, high):
    return st.one_of(st.none(), st.integers(low * 10, high * 10).map(lambda tenths: tenths / 10))


moments = st.builds(
    Observations,
    resp_rate=number(0, 110),
    spo2=number(70, 105),
    on_oxygen=st.sampled_from([None, True, False]),
    systolic=number(60, 260),
    pulse=number(20, 160),
    consciousness=st.sampled_from([None, "A", "c", " V ", "P", "U", "x"]),
    temperature=number(18, 47),
)


@settings(max_examples=60, deadline=None)
@given(drawn=st.lists(st.tuples(moments, st.sampled_from([1, 2])), min_size=1, max_size=40))
def test_a_table_of_moments_scores_each_as_by_itself(drawn):
    engine = duckdb.connect()
    numbers = dict.fromkeys(PARTS, pyarrow.float64()) | {"on_oxygen": pyarrow.bool_()}
    kinds = {"id": pyarrow.int32(), "scale": pyarrow.int32(), **numbers, "consciousness": pyarrow.string()}
    rows = [{"id": at, "scale": scale, **asdict(one)} for at, (one, scale) in enumerate(drawn)]
    engine.register("moments", pyarrow.Table.from_pylist(rows, schema=pyarrow.schema(kinds)))

    score_observations(engine=engine, rows="from moments")

    found = engine.execute("select * from news2_scored order by id").fetchall()
    expected = [news2(observations=one, scale=scale) for one, scale in drawn]
    assert [row[1:3] for row in found] == [(one.total, one.risk) for one in expected]
    assert [{name: many for name, many in zip(PARTS, row[3:], strict=True) if many is not None} for row in found] == [
        {part.name: part.points for part in one.parts} for one in expected
    ]
