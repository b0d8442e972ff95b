"""Dates, ages, names and narratives, as people read them."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.web import words

NOW = datetime(2026, 11, 5, 9, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (date(2026, 11, 3), "Tue 3 Nov 2026"),
        ("2026-11-03", "Tue 3 Nov 2026"),
        ("2019-03", "Mar 2019"),
        ("2019", "2019"),
        ("2019-13", "2019-13"),
        ("2019-02-30", "2019-02-30"),
        ("0000", "0000"),
        ("last spring", "last spring"),
        ("", "date not known"),
        (None, "date not known"),
    ],
)
def test_a_day_is_written_with_its_month_in_letters_and_a_partial_one_stays_partial(sent, read):
    assert words.day(sent) == read


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (datetime(2026, 11, 3, 14, 5, tzinfo=UTC), "Tue 3 Nov 2026, 14:05"),
        ("2026-07-01T13:05:00Z", "Wed 1 Jul 2026, 14:05"),
        ("2026-07-01T23:30:00.1234567+00:00", "Thu 2 Jul 2026, 00:30"),
        ("2026-10-25T00:30:00Z", "Sun 25 Oct 2026, 01:30"),
        ("2026-10-25T01:30:00Z", "Sun 25 Oct 2026, 01:30"),
        ("2026-11-03", "Tue 3 Nov 2026"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:60Z"),
        ("9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59-14:00"),
    ],
)
def test_a_moment_is_local_and_what_cannot_be_read_is_shown_as_sent(sent, read):
    assert words.moment(sent) == read


@pytest.mark.parametrize(
    ("at", "read"),
    [
        (NOW - timedelta(seconds=20), "just now"),
        (NOW + timedelta(seconds=20), "just now"),
        (NOW - timedelta(minutes=1), "1 minute ago"),
        (NOW - timedelta(hours=2, minutes=10), "2 hours ago"),
        (NOW + timedelta(hours=3), "in 3 hours"),
        (NOW - timedelta(days=1, hours=1), "yesterday"),
        (date(2026, 11, 5), "today"),
        (date(2026, 11, 6), "tomorrow"),
        (date(2026, 10, 31), "5 days ago"),
        (date(2026, 10, 8), "4 weeks ago"),
        (date(2026, 8, 5), "3 months ago"),
        (date(2016, 11, 5), "10 years ago"),
        (date(2026, 11, 16), "in 11 days"),
        ("2019-03", ""),
        (None, ""),
    ],
)
def test_how_long_ago_is_said_in_the_unit_people_use(at, read):
    assert words.ago(at, NOW) == read


def test_a_moment_says_how_long_ago_it_was_only_when_that_is_known():
    assert words.when("2026-11-05T07:40:00Z", NOW) == "Thu 5 Nov 2026, 07:40 (2 hours ago)"
    assert words.when("2019-03", NOW) == "Mar 2019"


@pytest.mark.parametrize(
    ("born", "on", "read"),
    [
        ("1942-02-12", "2026-11-05", "84 years"),
        ("1942-11-05", "2026-11-05", "84 years"),
        ("1942-11-06", "2026-11-05", "83 years"),
        ("2004-02-29", "2026-02-28", "21 years"),
        ("2004-02-29", "2026-03-01", "22 years"),
        ("2024-11-05", "2026-11-05", "2 years"),
        ("2024-11-06", "2026-11-05", "23 months"),
        ("2026-08-05", "2026-11-05", "3 months"),
        ("2026-08-06", "2026-11-05", "13 weeks"),
        ("2026-10-29", "2026-11-05", "1 week"),
        ("2026-11-04", "2026-11-05", "1 day"),
        ("2026-11-05", "2026-11-05", "0 days"),
        ("1942", "2026-11-05", "83 or 84 years"),
        ("1942-03", "2026-11-05", "84 years"),
        ("1942-11", "2026-11-05", "83 or 84 years"),
        ("2027-01-01", "2026-11-05", "age not known"),
        ("not known", "2026-11-05", "age not known"),
        (None, "2026-11-05", "age not known"),
    ],
)
def test_an_age_is_in_years_and_in_smaller_units_for_babies(born, on, read):
    assert words.age(born, on) == read


def test_the_age_of_someone_who_died_stops_at_the_death():
    assert words.age("1942-02-12", "2036-11-05", died_on="2026-02-11") == "died aged 83 years"
    assert words.age(date(2026, 10, 1), NOW, died_on=date(2026, 10, 22)) == "died aged 3 weeks"


@given(st.dates(date(1900, 1, 1), date(2026, 11, 5)), st.dates(date(1900, 1, 1), date(2026, 11, 5)))
def test_nobody_grows_younger(born, other):
    day_before, day_after = sorted((other, other + timedelta(days=1)))

    ages = [size(words.age(born, day)) for day in (day_before, day_after) if day >= born]

    assert ages == sorted(ages)


def size(age: str) -> int:
    number, unit = age.split()
    return int(number) * {"day": 1, "week": 7, "month": 30, "year": 365}[unit.removesuffix("s")]


@pytest.mark.parametrize(
    ("family", "given", "likes", "read"),
    [
        ("Hargreaves", "Margaret", "Peggy", 'HARGREAVES, Margaret (likes "Peggy")'),
        ("Hargreaves", "Margaret", "Margaret", "HARGREAVES, Margaret"),
        ("O\u2019Neill", "Ann", "", "O\u2019NEILL, Ann"),
        ("", "Baby", "", "Baby"),
        ("\u0141ukasik", "", "", "\u0141UKASIK"),
        ("", "", "", "Name not known"),
    ],
)
def test_a_name_is_written_family_first_with_the_name_the_person_likes(family, given, likes, read):
    assert words.family_first(SimpleNamespace(family=family, given=given, likes=likes)) == read


@pytest.mark.parametrize(
    ("number", "read"), [("9991234551", "999 123 4551"), ("12345", "12345"), ("", "not known"), (None, "not known")]
)
def test_an_nhs_number_is_spaced_three_three_four(number, read):
    assert words.nhs_number(number) == read


def test_counts_and_owners_agree_with_their_words():
    assert [words.counted(1, "reading"), words.counted(1200, "reading"), words.counted(2, "person", "people")] == [
        "1 reading",
        "1,200 readings",
        "2 people",
    ]
    assert [words.theirs("female"), words.theirs("male"), words.theirs("unknown")] == ["hers", "his", "theirs"]


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("<p>Came in <b>after a fall</b></p>", "<p>Came in <b>after a fall</b></p>"),
        ("<h1>Plan</h1><p>Rest</p>", "<p><strong>Plan</strong></p><p>Rest</p>"),
        ("a<script>alert(1)</script>b", "ab"),
        ("<style>.person-banner{display:none}</style>x", "x"),
        ('<p style="position:fixed;top:0" id="maincontent" class="person-banner" onclick="x()">y</p>', "<p>y</p>"),
        ('<a href="java\tscript:alert(1)">z</a>', "z"),
        ('<img src="https://example.org/beacon.gif">w', "w"),
        ('<form action="/x"><input name="about" value="1"><button>v</button></form>', "v"),
        ('<meta http-equiv="refresh" content="0;url=//example.org">u', "u"),
        ("<svg><a xlink:href='x'><text>t</text></a></svg>s", "s"),
        ('<td colspan="2">alone</td>', "alone"),
        ('<table><tr><td colspan="2" rowspan="9999">c</td></tr></table>',
         '<table><tbody><tr><td colspan="2">c</td></tr></tbody></table>'),
        ("1 < 2 & 3", "1 &lt; 2 &amp; 3"),
    ],
)  # fmt: skip
def test_a_narrative_keeps_its_words_and_plain_formatting_and_nothing_else(sent, shown):
    assert words.clean_narrative(sent) == shown


@given(st.text(alphabet=st.sampled_from("<>/\"'= abhrefscriptonclkdyv1&;#x\n"), max_size=80))
def test_no_narrative_keeps_an_attribute_that_could_act(sent):
    shown = str(words.clean_narrative(sent))

    tags = [part.partition(">")[0] for part in shown.split("<")[1:]]
    assert [tag for tag in tags if "=" in tag and "span=" not in tag] == []
