"""Taking in a directory's file: all of it kept or told, the same again changes nothing, what vanishes ends."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from locality.base import Refused, system
from locality.base.ids import new_id
from locality.directory.actions import feeds
from locality.directory.actions import services as keep
from locality.directory.models import FeedEntry, OpeningHours, Organisation, Service, ServiceAt, ServiceTime, Site
from locality.directory.open_referral import written
from locality.directory.queries import services
from locality.directory.rules.services import ServiceAsked
from locality.journal.models import Event
from tests import factories as make
from tests.directory.offered import need, postcodes
from tests.directory.open_referral_samples import an_id, entry, page

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 5, 9, 40, tzinfo=UTC)
TODAY = AT.date()


def taken(*entries, feed="soup", at=AT, **other):
    make.place()
    return feeds.take_in(content=page(*entries), feed=feed, by=system(at=at), **other)


def everything() -> list:
    tables = (Service, ServiceAt, ServiceTime, Organisation, FeedEntry)
    return [sorted(map(str, model._default_manager.values_list())) for model in tables]


def test_a_service_is_taken_in_with_all_that_its_sender_says_of_it():
    make.place()
    need("food")

    taken(entry())

    row = Service.objects.select_related("organisation").get()
    at, time = row.places.get(), row.times.get()
    assert (row.name, row.description, row.organisation.name) == (
        "Soup on Thursdays",
        "Soup and company.",
        "Soup Kitchen",
    )
    assert (row.needs, row.access, row.access_words) == (["food"], ["step-free"], "Level access. No hearing loop.")
    assert (row.is_free, row.min_age, row.max_age, row.phone) == (True, 18, None, "0161 496 0101")
    assert (row.url, row.email) == ("https://soup.example.org/thursdays", "soup@example.org")
    assert (row.assured_on, row.assured_by, row.ends_on) == (date(2026, 6, 1), "Soup Kitchen", None)
    assert (row.feed, row.feed_id, row.is_public, row.takes_referrals) == ("soup", an_id(row.name), True, False)
    assert (at.name, at.address, at.postcode) == ("Mill Hall", "1 Mill Lane, Smallborough", "ZZ1 1AA")
    assert (at.latitude, at.longitude) == (53.6, -2.3)
    assert (time.weekday, time.opens, time.closes) == (4, "11:00", "14:00")


def test_the_senders_own_words_are_kept_whole():
    sent = entry(funding=[{"id": an_id("f"), "source": "The lottery"}])

    taken(sent)

    assert json.loads(FeedEntry.objects.get().content) == sent


def test_the_same_file_again_changes_nothing():
    one, bad = entry(), entry("Bad", description=None)
    first = taken(one, bad)
    before = everything()

    again = taken(one, bad, at=AT + timedelta(days=1))

    assert (first.counts["added"], first.counts["refused"]) == (1, 1)
    assert again.counts == {
        "received": 2,
        "unchanged": 1,
        "added": 0,
        "changed": 0,
        "ended": 0,
        "refused": 1,
        "doubts": 0,
    }
    assert everything() == before


def test_what_changed_is_told_by_name_and_all_else_stays():
    taken(entry(), entry("Bread on Mondays"))

    again = taken(entry(description="Soup, bread and company."), entry("Bread on Mondays"))

    assert again.changed == [("Soup on Thursdays", ["description"])]
    assert again.counts["unchanged"] == 1


def test_places_and_times_that_change_are_told_too_and_replace_those_before():
    taken(entry())

    span = {"id": an_id("we"), "freq": "WEEKLY", "byday": "WE,FR", "opens_at": "10:00", "closes_at": "12:00"}
    again = taken(entry(service_at_locations=None, schedules=[span]))

    assert again.changed == [("Soup on Thursdays", ["access", "access_words", "places", "times"])]
    assert ServiceAt.objects.count() == 0
    assert sorted(ServiceTime.objects.values_list("weekday", "opens")) == [(3, "10:00"), (5, "10:00")]


def test_what_the_file_has_no_more_is_ended_and_found_by_nobody_and_comes_back_with_the_file():
    taken(entry(), entry("Bread on Mondays"))

    gone = taken(entry("Bread on Mondays"))
    ended = Service.objects.get(name="Soup on Thursdays")
    back = taken(entry(), entry("Bread on Mondays"), at=AT + timedelta(days=2))

    assert (gone.ended, ended.ends_on) == (["Soup on Thursdays"], TODAY)
    assert back.changed == [("Soup on Thursdays", ["ends_on"])]
    assert Service.objects.filter(ends_on=None).count() == 2


def test_another_feeds_services_and_the_packs_are_nobody_elses_to_end():
    taken(entry())
    taken(entry("Bread on Mondays"), feed="bread")

    again = taken(entry("Bread on Mondays"), feed="bread")

    assert again.ended == []
    assert Service.objects.filter(ends_on=None).count() == 2


def test_a_part_of_a_list_and_one_service_alone_end_nothing():
    taken(entry(), entry("Bread on Mondays"))
    by = system(at=AT)

    part = feeds.take_in(content=page(entry(), total_pages=2), feed="soup", by=by)
    one = feeds.take_in(content=json.dumps(entry()).encode(), feed="soup", by=by)

    assert (part.ended, one.ended) == ([], [])


def test_half_of_a_feed_does_not_end_by_a_slip():
    many = [entry(f"Group {number}") for number in range(12)]
    taken(*many)

    with pytest.raises(Refused, match="11 of the 12 services of soup are not in this file and would end"):
        taken(many[0])
    told = taken(many[0], ends_many=True)

    assert len(told.ended) == 11


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"name": None}, "'name' is missing."),
        ({"description": None}, "'description' is missing."),
        ({"organization": None}, "'organization' is missing."),
        ({"status": "open"}, "status: 'open' is none of active, inactive, defunct, temporarily closed."),
        ({"minimum_age": "eighteen"}, 'minimum_age: "eighteen" is not of types "null", "number".'),
    ],
)
def test_what_cannot_be_taken_in_is_kept_with_its_reason(other, reason):
    told = taken(entry(**other))

    kept = FeedEntry.objects.get()
    assert [why for _, _, reasons in told.refused for why in reasons] == [reason]
    assert (kept.state, kept.reasons, kept.service) == ("refused", [reason], None)
    assert Service.objects.count() == 0


def test_what_is_refused_later_stays_as_it_was_before():
    taken(entry())

    told = taken(entry(description=None))

    assert (told.counts["refused"], told.ended) == (1, [])
    assert Service.objects.get(ends_on=None).description == "Soup and company."
    assert FeedEntry.objects.get().state == "refused"


def test_an_id_that_is_there_twice_keeps_the_first():
    told = taken(entry(), entry(description="Another."))

    assert (Service.objects.get().description, told.counts["refused"]) == ("Soup and company.", 1)
    assert sorted(FeedEntry.objects.values_list("state", flat=True)) == ["kept", "refused"]


def test_an_address_on_the_web_that_is_none_loses_the_address_and_not_the_service():
    told = taken(entry(url="soup", email="nobody"))

    row = Service.objects.get()
    assert (row.url, row.email, row.phone) == ("", "", "0161 496 0101")
    assert [doubt for _, _, doubt in told.doubts] == [
        'email: "nobody" is not a "email".',
        'url: "soup" is not a "uri".',
    ]


def test_a_point_in_another_country_is_left_out_and_the_postcodes_is_taken():
    make.place()
    postcodes()
    sent = entry()
    sent["service_at_locations"][0]["location"] |= {"latitude": 100, "longitude": 101}

    told = taken(sent)

    at = ServiceAt.objects.get()
    assert (at.latitude, at.longitude) == (53.6, -2.3)
    assert [doubt for _, _, doubt in told.doubts] == ["The point 100, 101 is not in this country: it is left out."]


@pytest.mark.parametrize(("said", "ends"), [("inactive", TODAY), ("defunct", TODAY), ("temporarily closed", None)])
def test_what_its_sender_says_is_over_is_over_and_what_is_closed_for_now_says_so(said, ends):
    taken(entry(status=said))

    row = Service.objects.get()
    assert row.ends_on == ends
    assert row.description.startswith("Closed for now, its sender says.") is (said == "temporarily closed")


def test_what_was_changed_here_is_overwritten_by_no_file():
    taken(entry())
    row = Service.objects.get()
    keep.change_service(service=row.pk, values={"phone": "0161 496 0999"}, by=system(at=AT))

    told = taken(entry(description="New words.", phones=[{"id": an_id("p"), "number": "0161 496 0111"}]))

    row.refresh_from_db()
    assert told.changed == [("Soup on Thursdays", ["description"])]
    assert (row.phone, row.description) == ("0161 496 0999", "New words.")


def test_what_was_checked_here_is_not_made_older_by_a_file():
    taken(entry())
    keep.assure(service=Service.objects.get().pk, by=make.viewer("administrator"))

    taken(entry(description="New words."))

    assert Service.objects.get().assured_on == TODAY


def test_a_dry_run_tells_the_same_and_changes_nothing():
    taken(entry())
    before, lines = everything(), Event.objects.count()

    told = taken(entry(description="New."), entry("Bread on Mondays"), dry_run=True)

    assert (told.added, told.changed) == (["Bread on Mondays"], [("Soup on Thursdays", ["description"])])
    assert (everything(), Event.objects.count()) == (before, lines)
    assert told.sentence == "soup: 2 received; would be 1 added, 1 changed."


def test_who_offers_it_is_the_organisation_that_is_here_already():
    circle = make.organisation("circle")
    taken(entry(organization={"id": an_id("c"), "name": "Riverside tea circle", "description": "Tea."}))

    assert Service.objects.get().organisation == circle


def test_taking_in_is_on_the_books_with_its_counts():
    taken(entry(), entry("Bad", name=None))

    line = Event.objects.get(what="directory.received")
    assert (line.detail["feed"], line.detail["added"], line.detail["refused"]) == ("soup", 1, 1)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "The file is not JSON"),
        (b'{"contents": 3}', "The file is no list of services"),
        (b"[NaN]", "The file is not JSON"),
    ],
)
def test_a_file_that_is_none_is_refused_whole(content, said):
    make.place()
    with pytest.raises(Refused, match=said):
        feeds.take_in(content=content, feed="soup", by=system(at=AT))

    assert FeedEntry.objects.count() == 0


@pytest.mark.parametrize("junk", [None, 3, "words", [], {}, {"id": 7}, {"id": "x", "name": ["y"]}])
def test_whatever_stands_among_the_services_is_refused_alone(junk):
    told = taken(junk, entry())

    assert (told.counts["received"], told.counts["added"], told.counts["refused"]) == (2, 1, 1)


def test_what_is_written_out_can_be_taken_in_again_and_says_the_same():
    make.place()
    need("food")
    taken(entry())
    out = written(services.search(asked=ServiceAsked(public_only=True), on=TODAY).rows)

    told = feeds.take_in(content=json.dumps(out).encode(), feed="copy", by=system(at=AT))

    said = (
        "name",
        "description",
        "who_for",
        "how_to",
        "needs",
        "access",
        "is_free",
        "url",
        "email",
        "phone",
        "min_age",
    )
    one, other = (Service.objects.filter(feed=feed).values(*said, "organisation").get() for feed in ("soup", "copy"))
    at = [
        tuple(ServiceAt.objects.filter(service__feed=feed).values_list("address", "postcode", "latitude").get())
        for feed in ("soup", "copy")
    ]
    assert (told.doubts, told.refused) == ([], [])
    assert (one, at[0]) == (other, at[1])


def test_a_pharmacy_is_a_service_with_its_usual_week_and_ends_with_its_site():
    offers, at = make.organisation("pill", kind="pharmacy"), {"address": "1 Mill Lane", "postcode": "ZZ1 1AA"}
    told = {"place": offers.place, "organisation": offers, "kind": "pharmacy", "is_public": True, **make.ORIGIN}
    site = make_site("PILL1", "Mill Pharmacy", **told, **at)
    need("medicines", "Medicines", ("pharmacy",))
    make_hours(site, monday="09:00-13:00, 14:00-18:00", sunday="closed")

    first = feeds.offer_pharmacies(by=system(at=AT))
    again = feeds.offer_pharmacies(by=system(at=AT))

    row = Service.objects.get()
    assert (first.added, again.counts["unchanged"]) == (["Mill Pharmacy"], 1)
    assert (row.needs, row.organisation, row.site) == (["medicines"], offers, site)
    assert sorted(row.times.values_list("weekday", "opens", "closes")) == [(1, "09:00", "13:00"), (1, "14:00", "18:00")]


def make_site(code, name, **other):
    return Site.objects.create(id=new_id(), code=code, name=name, **other)


def make_hours(site, **days):
    return OpeningHours.objects.create(id=new_id(), site=site, **days, **make.ORIGIN)
