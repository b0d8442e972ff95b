"""Single values of a directory's file: one that cannot be kept loses no other service; which hours are today's."""

import json
from datetime import timedelta

import pytest

from locality.directory.models import FeedEntry, Service, ServiceTime
from tests.directory.open_referral_samples import an_id, entry
from tests.directory.test_feeds import AT, taken

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("abc ", "abc"), ("a" * 250, "a" * 200), ("   ", "entry-1")],
)
def test_an_id_is_kept_as_it_is_known_and_the_same_again_is_the_same(sent, kept):
    first, again = taken(entry(id=sent), entry()), taken(entry(id=sent), entry())

    assert (first.counts["added"], again.counts["unchanged"]) == (2, 2)
    assert FeedEntry.objects.get(feed_id=kept).service == Service.objects.get(feed_id=kept)


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"name": "Soup\x00"}, "name: it holds the character NUL, which cannot be kept."),
        ({"id": "a\x00b"}, "id: it holds the character NUL, which cannot be kept."),
        ({"phones": [{"number": "\x00"}]}, "phones.0.number: it holds the character NUL, which cannot be kept."),
        ({"minimum_age": 10**400}, "minimum_age: the number is too large to be kept."),
    ],
)
def test_one_value_that_cannot_be_kept_refuses_its_service_and_no_other(other, reason):
    told = taken(entry(**other), entry("Bread on Mondays"))

    kept = FeedEntry.objects.get(state="refused")
    assert (told.added, kept.reasons) == (["Bread on Mondays"], [reason])
    assert json.loads(kept.content) == entry(**other)


def test_a_day_of_no_year_is_left_out_and_told_of():
    told = taken(entry(assured_date="0000-01-01"))

    assert Service.objects.get().assured_on is None
    assert [doubt for _, _, doubt in told.doubts] == ["assured_date 0000-01-01 is no day: it is left out."]


def hours(**other):
    return {"id": an_id("h"), "freq": "WEEKLY", "byday": "MO", "opens_at": "10:00", "closes_at": "12:00", **other}


def spans() -> list:
    return list(ServiceTime.objects.order_by("weekday", "opens").values_list("weekday", "opens", "closes", "words"))


def test_hours_that_are_over_or_to_come_are_left_out_and_told_of():
    told = taken(
        entry(
            schedules=[
                hours(valid_from="2019-01-01", valid_to="2020-01-01"),
                hours(byday="TU", valid_from="2026-11-06"),
                hours(byday="WE", valid_from="2026-11-05", valid_to="2026-11-05"),
            ]
        )
    )

    assert spans() == [(3, "10:00", "12:00", "")]
    assert [doubt for _, _, doubt in told.doubts] == [
        "The hours WEEKLY MO 10:00-12:00 from 2019-01-01 to 2020-01-01 are not those of today: they are left out.",
        "The hours WEEKLY TU 10:00-12:00 from 2026-11-06 are not those of today: they are left out.",
    ]


def test_the_same_file_later_says_the_hours_of_that_day():
    summer = entry(schedules=[hours(valid_to="2026-11-05"), hours(byday="TU", valid_from="2026-11-06")])
    taken(summer)
    before = spans()

    again = taken(summer, at=AT + timedelta(days=1))

    assert (before, spans()) == ([(1, "10:00", "12:00", "")], [(2, "10:00", "12:00", "")])
    assert again.changed == [("Soup on Thursdays", ["times"])]


def test_hours_to_midnight_are_hours_and_those_that_no_usual_week_says_are_told_of():
    told = taken(
        entry(
            schedules=[
                hours(byday="FR", opens_at="18:00", closes_at="00:00"),
                hours(byday="SA", opens_at="18:00", closes_at="02:00", description="Evenings"),
                hours(byday="SU", interval=2, description="Every other Sunday"),
                hours(byday="SU", interval=2),
            ]
        )
    )

    assert spans() == [(5, "18:00", "24:00", ""), (None, "", "", "Evenings"), (None, "", "", "Every other Sunday")]
    assert [doubt for _, _, doubt in told.doubts] == [
        "The hours WEEKLY SA 18:00-02:00 are none of a usual week: they are left out.",
        "The hours WEEKLY SU 10:00-12:00 are none of a usual week: they are left out.",
    ]
