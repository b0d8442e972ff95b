"""Finding a service: by words as people type them, by need, by how near, by what it costs and who can come."""

from datetime import UTC, date, datetime, timedelta

import pytest

from locality.base import NotFound
from locality.base.ids import new_id
from locality.directory.actions import services as keep
from locality.directory.models import ServiceAt, Site
from locality.directory.queries import services
from locality.directory.rules.services import ServiceAsked
from tests import factories as make
from tests.directory.offered import A_MILE, MILL_LANE, NINE_MILES, THREE_MILES, need, postcodes, service
from tests.factories import AT, ORIGIN, TODAY, organisation, place

pytestmark = pytest.mark.django_db


def names(**asked) -> list[str]:
    return [one.service.name for one in services.search(asked=ServiceAsked(**asked), on=TODAY).rows]


def test_without_anything_asked_every_service_that_is_there_is_found_by_name():
    service("Walking group")
    service("Lunch club")
    service("Closed last year", ends_on=date(2025, 11, 5))
    service("Not begun", starts_on=date(2027, 1, 1))

    assert names() == ["Lunch club", "Walking group"]


@pytest.mark.parametrize(
    "typed",
    ["lunch club", "LUNCH", "a lunch club near me", "lunhc", "luncch clubs", "lunch clubs", "tea circle lunch"],
)
def test_a_service_is_found_however_its_name_is_typed(typed):
    service("Lunch club")
    service("Walking group", organisation=organisation("council"))

    assert names(words=typed) == ["Lunch club"]


def test_how_a_mistyped_search_was_read_is_told():
    service("Befriending")

    found = services.search(asked=ServiceAsked(words="befrending"), on=TODAY)

    assert (found.read_as, found.total) == ("befriending", 1)


@pytest.mark.parametrize("typed", ["I am hungry", "food bank", "food", "my neighbour is hungry"])
def test_what_people_say_finds_what_helps_with_it(typed):
    need("food")
    service("Mill Lane pantry", needs=["food"])
    service("Walking group")

    found = services.search(asked=ServiceAsked(words=typed), on=TODAY)

    assert [one.service.name for one in found.rows] == ["Mill Lane pantry"]
    assert [one.name for one in found.meant] == ["Food"]


def test_a_name_that_has_the_words_comes_before_what_only_helps_with_them():
    need("food")
    service("Another pantry", needs=["food"])
    service("The food bank", needs=["food"])

    assert names(words="food bank") == ["The food bank", "Another pantry"]


def test_a_need_that_is_chosen_leaves_out_what_helps_with_others():
    need("food")
    need("work", "Work", ())
    service("Pantry", needs=["food"])
    service("Job club", needs=["work"])

    assert names(needs=["work"]) == ["Job club"]


def test_the_nearest_comes_first_with_its_miles_and_what_is_further_than_asked_is_left_out():
    postcodes()
    service("Near", at=A_MILE)
    service("Nearer", at=MILL_LANE)
    service("Far", at=THREE_MILES)
    service("Nowhere in particular")

    found = services.search(asked=ServiceAsked(near="zz11aa", within_miles=2), on=TODAY)
    every = services.search(asked=ServiceAsked(near="ZZ1 1AA"), on=TODAY)

    assert [(one.service.name, round(one.miles, 2)) for one in found.rows] == [("Nearer", 0.0), ("Near", 1.0)]
    assert [one.service.name for one in every.rows] == ["Nearer", "Near", "Far", "Nowhere in particular"]


def test_half_a_postcode_is_the_middle_of_those_that_begin_so_and_not_of_those_alike():
    postcodes(MILL_LANE, A_MILE, ("ZZ11 1AA", 55.0, -4.0))
    service("Near", at=A_MILE)

    found = services.search(asked=ServiceAsked(near="ZZ1"), on=TODAY)

    assert [(one.service.name, round(one.miles, 2)) for one in found.rows] == [("Near", 0.5)]


def test_a_postcode_from_elsewhere_is_told_and_loses_nothing():
    service("Near", at=A_MILE)

    found = services.search(asked=ServiceAsked(near="AB1 2CD", within_miles=1), on=TODAY)

    assert (found.near_known, [one.service.name for one in found.rows]) == (False, ["Near"])


def test_where_nothing_is_so_near_the_nearest_are_offered_and_what_was_let_go_is_told():
    postcodes()
    service("Far", at=NINE_MILES)
    service("Not so far", at=THREE_MILES)

    found = services.search(asked=ServiceAsked(near="ZZ1 1AA", within_miles=2), on=TODAY)

    assert (found.rows, found.total, found.without) == ([], 0, "so near")
    assert [(one.service.name, round(one.miles)) for one in found.instead] == [("Not so far", 3), ("Far", 9)]


def test_words_that_nothing_has_offer_nothing():
    service("Lunch club")

    found = services.search(asked=ServiceAsked(words="submarine repairs"), on=TODAY)

    assert (found.rows, found.instead, found.without) == ([], [], "")


def test_what_costs_or_may_cost_is_not_free():
    service("Free", is_free=True)
    service("Costs", is_free=False)
    service("Nobody knows", is_free=None)

    assert names(free=True) == ["Free"]


def test_all_the_access_that_is_asked_for_must_be_there():
    service("Both", access=["step-free", "hearing-loop"])
    service("One", access=["step-free"])

    assert names(access=["hearing-loop", "step-free"]) == ["Both"]


AGES = [(17, ["All ages"]), (18, ["Adults", "All ages"]), (64, ["Adults", "All ages"]), (65, ["All ages"])]


@pytest.mark.parametrize(("age", "found"), AGES)
def test_ages_are_from_the_youngest_to_the_oldest(age, found):
    service("Adults", min_age=18, max_age=64)
    service("All ages")

    assert names(age=age) == found


@pytest.mark.parametrize(
    ("at", "open"),
    [
        # a Monday in winter, and the same clock in summer, an hour earlier in UTC
        (datetime(2026, 11, 2, 9, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 2, 8, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 2, 12, 0, tzinfo=UTC), False),
        (datetime(2026, 7, 6, 8, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 3, 9, 0, tzinfo=UTC), False),
    ],
)
def test_open_then_is_by_the_clock_on_the_wall_and_the_minute_of_closing_is_over(at, open):
    service("Monday morning", open=[(1, "09:00", "12:00")])

    assert (names(open_at=at) == ["Monday morning"]) is open


def test_the_public_is_told_of_what_is_public_and_staff_of_all():
    service("Public", is_public=True)
    service("Between professionals")

    assert names(public_only=True) == ["Public"]
    assert names() == ["Between professionals", "Public"]


def test_a_hubs_address_is_told_to_nobody_of_the_public_whoever_sent_it():
    told = {"organisation": organisation("council"), "place": place(), **ORIGIN}
    Site.objects.create(id=new_id(), code="hub", name="Riverside hub", kind="hub", postcode="ZZ1 1AB", **told)
    service("At the hub", is_public=True, at=A_MILE)
    service("Elsewhere", is_public=True, at=MILL_LANE)

    public = services.search(asked=ServiceAsked(public_only=True), on=TODAY).rows
    staff = services.search(asked=ServiceAsked(), on=TODAY).rows

    assert [(one.service.name, [at.postcode for at in one.places]) for one in public] == [
        ("At the hub", []),
        ("Elsewhere", ["ZZ1 1AA"]),
    ]
    assert [[at.postcode for at in one.places] for one in staff] == [["ZZ1 1AB"], ["ZZ1 1AA"]]


def test_what_takes_nobody_new_comes_last_and_the_newest_word_of_it_holds():
    first, second = service("A first"), service("B second")
    keep.say_capacity(service=first.pk, state="open", by=make.viewer(at=AT - timedelta(days=2)))
    keep.say_capacity(service=first.pk, state="closed", by=make.viewer(at=AT - timedelta(days=1)))
    keep.say_capacity(service=second.pk, state="waiting", wait_days=21, by=make.viewer())

    found = services.search(asked=ServiceAsked(), on=TODAY).rows

    assert [(one.service.name, one.capacity.state) for one in found] == [("B second", "waiting"), ("A first", "closed")]


def test_what_nobody_made_sure_of_within_a_year_is_stale():
    service("Checked today", assured_on=TODAY)
    service("Checked a year ago", assured_on=TODAY - timedelta(days=365))
    service("Checked before that", assured_on=TODAY - timedelta(days=366))
    service("Never checked", assured_on=None)

    found = services.search(asked=ServiceAsked(), on=TODAY).rows

    assert [one.service.name for one in found if one.stale] == ["Checked before that", "Never checked"]


@pytest.mark.parametrize("many", [1, 3])
def test_a_search_costs_the_same_however_much_it_finds(many, django_assert_num_queries):
    postcodes()
    need("food")
    for number in range(many):
        service(f"Pantry {number}", needs=["food"], at=A_MILE, open=[(1, "09:00", "12:00")])

    with django_assert_num_queries(7):
        found = services.search(asked=ServiceAsked(words="food", near="ZZ1 1AA"), on=TODAY).rows
        [(one.service.organisation.name, [at.site for at in one.places]) for one in found]

    assert len(found) == many


def test_the_part_that_is_shown_is_not_taken_for_the_whole():
    for number in range(3):
        service(f"Pantry {number}")

    found = services.search(asked=ServiceAsked(words="pantry"), on=TODAY, most=2)

    assert (len(found.rows), found.total) == (2, 3)


def test_one_service_is_not_found_by_the_public_unless_it_is_public_and_there():
    hidden, over, open_ = (
        service("Hidden"),
        service("Over", is_public=True, ends_on=TODAY),
        service("Open", is_public=True),
    )

    for one in (hidden.pk, over.pk, new_id()):
        with pytest.raises(NotFound, match="There is no such service here"):
            services.service(one, on=TODAY, public_only=True)

    assert services.service(open_.pk, on=TODAY, public_only=True).service.name == "Open"
    assert services.service(hidden.pk, on=TODAY).service.name == "Hidden"


def test_what_was_typed_is_never_read_as_part_of_the_question():
    service("Lunch club")

    assert names(words="lunch%'; drop table x; --") == []
    assert names(words="l_nch") == []


def test_what_grew_old_is_listed_of_one_organisation_or_of_all():
    service("Fresh")
    service("Old", assured_on=TODAY - timedelta(days=366))
    service("Old and another's", assured_on=None, organisation=organisation("council"))

    assert names(stale=True) == ["Old", "Old and another's"]
    assert names(stale=True, organisation=organisation("council").pk) == ["Old and another's"]


def test_how_far_a_hub_is_cannot_be_found_out_by_searching_from_many_places():
    told = {"organisation": organisation("council"), "place": place(), **ORIGIN}
    Site.objects.create(id=new_id(), code="hub", name="Riverside hub", kind="hub", postcode="ZZ1 1AB", **told)
    postcodes()
    service("At the hub", is_public=True, at=A_MILE)
    service("Elsewhere", is_public=True, at=MILL_LANE)

    public = services.search(asked=ServiceAsked(public_only=True, near="ZZ1 1AB"), on=TODAY).rows
    near = names(public_only=True, near="ZZ1 1AB", within_miles=0.5)
    staff = services.search(asked=ServiceAsked(near="ZZ1 1AB"), on=TODAY).rows

    assert [(one.service.name, one.miles and round(one.miles)) for one in public] == [
        ("Elsewhere", 1),
        ("At the hub", None),
    ]
    assert near == []
    assert [(one.service.name, one.miles and round(one.miles)) for one in staff] == [
        ("At the hub", 0),
        ("Elsewhere", 1),
    ]


@pytest.mark.parametrize(
    ("name", "address", "places"),
    [
        ("Riverside Hub", "Smallborough", 0),
        ("Lunch club", "The hall, 3 Hidden Lane, Smallborough", 0),
        ("Lunch club", "Smallborough, 3, hidden  lane", 0),
        ("Lunch club", "13 Hidden Lane, Smallborough", 1),
        ("Riverside Hubert Hall", "9 Mill Lane, Smallborough", 1),
    ],
)
def test_a_hub_without_a_postcode_is_known_by_its_name_and_its_door_and_its_telephone_is_nobodys(name, address, places):
    told = {"organisation": organisation("council"), "place": place(), "phone": "0161 496 0999", **ORIGIN}
    of = {"name": "Riverside Hub", "address": "3 Hidden Lane, Smallborough", "postcode": "ZZ1 1AB"}
    Site.objects.create(id=new_id(), code="hub", kind="hub", **of, **told)
    said = {"how_to": "Come to the Riverside hub.", "cost": "2 pounds"}
    row = service("Lunch club", is_public=True, phone="+44 (161) 4960999", **said)
    own = service("Own telephone", is_public=True, phone="0161 496 0100")
    ServiceAt.objects.create(id=new_id(), service=row, name=name, address=address)

    found = services.service(row.pk, on=TODAY, public_only=True)
    staff = services.service(row.pk, on=TODAY)

    assert (len(found.places), found.service.phone) == (places, "")
    assert (found.service.how_to, found.service.cost, staff.service.how_to) == ("", "2 pounds", row.how_to)
    assert (len(staff.places), staff.service.phone) == (1, "+44 (161) 4960999")
    assert services.service(own.pk, on=TODAY, public_only=True).service.phone == "0161 496 0100"
