"""FHIR dates as instants and as words."""

from datetime import UTC, date, datetime

import pytest

from locality.record.headlines.when import date_words, day, ending, instant, period_words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019", datetime(2019, 1, 1, tzinfo=UTC)),
        ("2019-03", datetime(2019, 3, 1, tzinfo=UTC)),
        ("2019-03-04", datetime(2019, 3, 4, tzinfo=UTC)),
        ("2019-07-04", datetime(2019, 7, 3, 23, tzinfo=UTC)),  # summer time in London
        ("2019-07-04T10:00:00Z", datetime(2019, 7, 4, 10, tzinfo=UTC)),
        ("2019-07-04T10:00:00+14:00", datetime(2019, 7, 3, 20, tzinfo=UTC)),
        ("2019-07-04T10:00:00-11:00", datetime(2019, 7, 4, 21, tzinfo=UTC)),
        ("2019-07-04T10:00:00.8185338+00:00", datetime(2019, 7, 4, 10, 0, 0, 818533, tzinfo=UTC)),
        ("2019-07-04T10:00:00", datetime(2019, 7, 4, 9, tzinfo=UTC)),  # no zone: London
        ("2019-03-04T24:00:00Z", datetime(2019, 3, 5, tzinfo=UTC)),
        ("2016-12-31T23:59:60Z", datetime(2017, 1, 1, tzinfo=UTC)),
        ("2024-02-29", datetime(2024, 2, 29, tzinfo=UTC)),
    ],
)
def test_a_date_is_the_first_instant_of_what_it_names(text, expected):
    assert instant(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "0000", "0000-00-00", "9999", "9999-12-31", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00",
     "2019-02-30", "2019-13", "2019-W10-1", "last week", "20190304",
     "\u0662\u0660\u0661\u0669", "2019-03-04T25:00:00Z"],
)  # fmt: skip
def test_what_is_no_date_that_can_be_kept_is_none(text):
    assert instant(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-04", datetime(2026, 3, 5, tzinfo=UTC)),
        ("2026-03-31", datetime(2026, 3, 31, 23, tzinfo=UTC)),  # the clocks have gone forward
        ("2026-11", datetime(2026, 12, 1, tzinfo=UTC)),
        ("2026-12", datetime(2027, 1, 1, tzinfo=UTC)),
        ("2026", datetime(2027, 1, 1, tzinfo=UTC)),
        ("2026-03-04T10:30:00Z", datetime(2026, 3, 4, 10, 30, tzinfo=UTC)),
        ("9999-12-31", None),
        ("9999", None),
    ],
)
def test_an_end_includes_the_whole_of_what_it_names(text, expected):
    assert ending(text) == expected


def test_only_a_whole_day_is_a_day():
    assert day("1950-06-01") == date(1950, 6, 1)
    assert day("1950-06-01T10:00:00Z") == date(1950, 6, 1)
    assert day("1950-06") is None
    assert day("1950-02-30") is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026-11-03T14:05:00Z", "Tue 3 Nov 2026, 14:05"),
        ("2026-07-03T14:05:00Z", "Fri 3 Jul 2026, 15:05"),
        ("2026-07-03T00:00:00Z", "Fri 3 Jul 2026"),
        ("2026-11-03", "Tue 3 Nov 2026"),
        ("2026-11", "November 2026"),
        ("2026", "2026"),
        ("before the war", "before the war"),
    ],
)
def test_dates_read_as_people_write_them(text, words):
    assert date_words(text) == words


def test_a_period_within_one_day_names_the_day_once():
    same = {"start": "2026-11-03T09:00:00Z", "end": "2026-11-03T09:30:00Z"}
    over = {"start": "2026-11-03T09:00:00Z", "end": "2026-11-04T09:30:00Z"}

    assert period_words(same) == "Tue 3 Nov 2026, 09:00 to 09:30"
    assert period_words(over) == "Tue 3 Nov 2026, 09:00 to Wed 4 Nov 2026, 09:30"
    assert period_words({"start": "2026-11-03"}) == "from Tue 3 Nov 2026"
    assert period_words({"end": "2026-11-03"}) == "until Tue 3 Nov 2026"
    assert period_words(None) == ""
