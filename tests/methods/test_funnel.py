"""Funnels, held against the published tables of PHEindicatormethods (tests/testthat)."""

import pytest

from locality.methods.funnel import Place, place_of_rate, place_of_share, ratio_limits, share_limits

WHOLE = 0.80642448
# people, and the limits in percent: testdata_funnel_prop_outputs.csv
SHARES = [
    (2, 25.885383, 100, 0, 100),
    (18, 62.390093, 98.894803, 51.864359, 100),
    (41, 68.548635, 92.73626, 61.574398, 99.710497),
    (102, 72.974925, 88.309971, 68.553233, 92.731663),
    (1008, 78.203374, 83.081521, 76.796814, 84.488082),
    (110000, 80.408963, 80.875933, 80.274317, 81.010578),
]
# events, how many must be expected for them to lie on a limit: testdata_funnel_ratio_outputs.csv
RATIOS = [
    (5, 11.6683331, 1.623486324, 16.45474478, 0.739371928),
    (20, 30.88838097, 12.21651877, 38.04188668, 8.958211233),
    (716, 770.4222128, 664.5083011, 802.60414, 636.1521174),
]


@pytest.mark.parametrize(("of", "low", "high", "far_low", "far_high"), SHARES)
def test_limits_of_shares_are_the_published_ones(of, low, high, far_low, far_high):
    funnel = share_limits(whole=WHOLE, of=of)

    got = (funnel.inner.low, funnel.inner.high, funnel.outer.low, funnel.outer.high)
    assert [100 * one for one in got] == pytest.approx([low, high, far_low, far_high], rel=2e-5)


@pytest.mark.parametrize(("events", "low", "high", "far_low", "far_high"), RATIOS)
def test_a_published_count_lies_on_the_limit_at_what_is_expected_there(events, low, high, far_low, far_high):
    got = [
        ratio_limits(expected=low).inner.low * low,
        ratio_limits(expected=high).inner.high * high,
        ratio_limits(expected=far_low).outer.low * far_low,
        ratio_limits(expected=far_high).outer.high * far_high,
    ]

    assert got == pytest.approx([events] * 4, rel=1e-4)


@pytest.mark.parametrize(
    ("area", "count", "of", "place"),
    [
        ("New Forest", 35078, 41980, Place.FAR_HIGH),
        ("Norwich", 24804, 31824, Place.FAR_LOW),
        ("South Gloucestershire", 50051, 61921, Place.WITHIN),
        ("West Norfolk", 26789, 33012, Place.HIGH),
        ("North Devon", 30278, 37828, Place.LOW),
        ("Bury", 37765, 45803, Place.FAR_HIGH),
        ("Solihull", 43206, 51744, Place.FAR_HIGH),
    ],
)
def test_published_areas_lie_where_they_were_published_to_lie(area, count, of, place):
    """testdata_funnel_prop_inputs.csv: patients able to see a GP within two days, by primary care trust."""
    assert place_of_share(count=count, of=of, whole=WHOLE) == place


@pytest.mark.parametrize(
    ("events", "expected", "place"),
    [
        (10, 10, Place.WITHIN),
        (10, 18.5, Place.LOW),
        (10, 24.2, Place.FAR_LOW),
        (10, 4.7, Place.HIGH),
        (10, 2.9, Place.FAR_HIGH),
    ],
)
def test_events_beyond_their_exact_limits_are_told(events, expected, place):
    assert place_of_rate(events=events, expected=expected) == place


def test_the_funnel_and_the_place_of_an_area_agree():
    for events in range(40):
        for expected in (0.5, 3, 9.7, 20, 31):
            limits, place = ratio_limits(expected=expected), place_of_rate(events=events, expected=expected)

            inside = limits.outer.low * expected <= events <= limits.outer.high * expected
            assert inside == (place not in (Place.FAR_HIGH, Place.FAR_LOW))
