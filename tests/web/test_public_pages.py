"""The pages for everybody: what helps, pharmacies today, whom to ask; no hub on any of them, and nothing kept."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from locality.access.actions import asking
from locality.access.models import PublicAsking
from locality.base.ids import new_id
from locality.directory.actions.services import index_services
from locality.directory.models import OpeningHours, Place, Service, ServiceTime, Site
from locality.directory.pack import PACKS
from locality.directory.queries.pharmacies import pharmacies
from locality.journal.models import Event
from locality.web import pages
from tests import factories as make

pytestmark = pytest.mark.django_db

# a Thursday, 14:05 in summer time
AT = datetime(2026, 6, 4, 13, 5, tzinfo=UTC)
WEEK = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "09:00-13:00, 14:00-18:00")
PUBLIC = ("public_help", "public_pharmacies", "public_how")


@pytest.fixture(autouse=True)
def place():
    pages._names.clear()
    return make.place()


def site(code: str, name: str, **other) -> Site:
    told = {
        "id": new_id(),
        "place": make.place(),
        "code": code,
        "name": name,
        "organisation": make.organisation(),
        "kind": "pharmacy",
        "is_public": True,
        "origin": "test",
        "verified": True,
    }
    return Site.objects.create(**told | other)


def opens(where: Site, **other) -> Site:
    OpeningHours.objects.create(id=new_id(), site=where, origin="a test", verified=True, **WEEK | other)
    return where


def service(code: str, name: str, **other) -> Service:
    told = {
        "id": new_id(),
        "place": make.place(),
        "code": code,
        "name": name,
        "organisation": make.organisation(),
        "kind": "befriending",
        "is_public": True,
        "origin": "test",
        "verified": True,
    }
    row = Service.objects.create(**told | other)
    index_services(place=row.place_id)
    return row


def words(name: str, *parts, **sent) -> str:
    browser, address = Client(), reverse(name, args=parts)
    answer = browser.post(address, sent) if sent else browser.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize(("phone", "first"), [("0161 496 0100", "ring"), ("", "ask")])
def test_nobody_is_told_to_ring_where_no_number_is_known(phone, first):
    one = service("lunch", "Lunch club", phone=phone)

    pages_of_it = words("public_help", words="lunch"), words("public_service", one.pk)

    assert [f"Nobody has checked this yet: {first} before you go" in page for page in pages_of_it] == [True, True]
    assert [f"{first.capitalize()} them what they do." in page for page in pages_of_it[1:]] == [True]


def test_everybody_finds_what_helps_and_how_old_that_is(client):
    service("lunch", "Lunch club", description="A hot meal and company", assured_on=date(2025, 4, 1), is_free=True)
    service("nurses", "District nursing", is_public=False)

    with time_machine.travel(AT, tick=False):
        page = words("public_help", words="lunch")

    assert ("1 service that may help" in page, "A hot meal and company" in page, "Free." in page) == (True, True, True)
    assert "Last checked 14 months ago (Tue 1 Apr 2025): ask before you go" in page
    assert "District nursing" not in page


def test_what_is_not_for_the_public_is_not_there_whatever_address_is_typed(client):
    hidden = service("nurses", "District nursing", is_public=False)
    over = service("gone", "Old club", ends_on=date(2020, 1, 1))

    assert [client.get(reverse("public_service", args=[one.pk])).status_code for one in (hidden, over)] == [404, 404]


def test_a_service_says_how_to_get_it_and_that_nobody_has_checked_it():
    one = service("debt", "Debt advice", how_to="Ring them", phone="0161 496 0123", url="javascript:alert(1)")

    page = words("public_service", one.pk)

    assert ("Ring them" in page, 'href="tel:01614960123"' in page, "Nobody has checked this yet" in page) == (
        True,
        True,
        True,
    )
    assert "javascript:" not in page


def test_where_nothing_answers_the_nearest_is_shown_and_nobody_is_left_alone():
    service("lunch", "Lunch club", is_free=False)

    page = words("public_help", words="lunch", free="yes")

    assert ("Nothing here answers to all of that" in page, "Lunch club" in page) == (True, True)
    assert 'href="tel:111"' in page


@pytest.mark.parametrize(
    ("typed", "is_first"),
    [
        ("I want to die", True),
        ("my husband hits me", True),
        ("suicidal", True),
        ("chest pain and I can't breathe", True),
        ("her face has dropped", True),
        ("lunch", False),
        ("die cast", False),
        ("walking after a heart attack", False),
    ],
)
def test_whom_to_ring_comes_before_all_else_where_the_words_are_urgent(place, typed, is_first):
    Place.objects.filter(pk=place.pk).update(folder=str(PACKS / "bury"))
    service("lunch", "Lunch club", description="A hot meal and company")

    page = words("public_help", words=typed)

    asked, form = page.index("choose option 2"), page.index('role="search"')
    assert (page.count("choose option 2"), asked < form) == (1, is_first)


@pytest.mark.parametrize("name", PUBLIC)
def test_they_need_no_sign_in_and_no_script(name, client):
    answer = client.get(reverse(name))

    page = answer.content.decode()
    assert (answer.status_code, "Sign out" in page, "hx-" in page.partition("<main")[2]) == (200, False, False)
    assert Event.objects.count() == 0


def test_no_hub_stands_on_any_of_these_pages_by_name_address_or_postcode():
    hub = site(
        "HUB1", "The Old Mill Hub", kind="hub", is_public=False, address="3 Hidden Lane", postcode="M26 9ZZ",
        phone="0161 496 0999",
    )  # fmt: skip
    staff_only = site("ST1", "Backroom Surgery", kind="surgery", is_public=False, address="4 Quiet Lane")
    lunch = service("lunch", "Lunch club", site=hub)
    quiet = service("quiet", "Quiet club", site=staff_only)
    opens(site("PH1", "High Street Pharmacy", address="5 High Street"))
    every = [words(name) for name in PUBLIC]
    every += [words("public_help", words="club"), words("public_service", lunch.pk), words("public_service", quiet.pk)]
    every += [words("public_pharmacies", near="M26 9ZZ", open="")]

    found = {
        told
        for page in every
        for told in (hub.name, hub.address, "Hidden Lane", hub.phone, staff_only.name, staff_only.address)
        if told in page
    }
    # the postcode stands where it was typed, in the field, and nowhere else
    elsewhere = [page.replace('value="M26 9ZZ"', "") for page in every]

    assert found == set()
    assert ["M26 9ZZ" in page for page in elsewhere] == [False] * len(every)
    assert "High Street Pharmacy" in every[1]


def test_what_somebody_looks_for_and_where_they_live_stand_in_no_address_and_no_row(client):
    answer = client.post(reverse("public_help"), {"words": "debts", "near": "M26 2SP"})
    page = answer.content.decode()

    assert (answer.status_code, client.get(f"{reverse('public_help')}?near=M26+2SP").content.count(b"M26")) == (200, 0)
    assert ('method="post"' in page, "near=" in page) == (True, False)
    kept = [str(row) for row in PublicAsking.objects.values_list("network", "times")]
    assert ["M26" in row or "127.0.0.1" in row for row in kept] == [False]


def test_a_network_that_asks_too_often_waits_and_is_told_whom_to_ring(client, monkeypatch):
    monkeypatch.setattr(asking, "ASKED_AT_MOST", 2)

    with time_machine.travel(AT, tick=False) as clock:
        first = [client.post(reverse("public_help"), {"words": "x"}).status_code for _ in range(3)]
        reads = client.get(reverse("public_help")).status_code
        other = Client(REMOTE_ADDR="192.0.2.7").post(reverse("public_help"), {"words": "x"}).status_code
        clock.shift(asking.WITHIN)
        later = client.post(reverse("public_pharmacies"), {"near": ""}).status_code

    assert (first, reads, other, later) == ([200, 200, 429], 200, 200, 200)


def test_what_was_counted_is_forgotten_after_a_day():
    asking.may_ask(network="192.0.2.1", at=AT)

    asking.may_ask(network="192.0.2.2", at=AT + asking.FORGOTTEN_AFTER + asking.WITHIN)

    assert PublicAsking.objects.count() == 1


# ---- pharmacies


def told(at: datetime, **other):
    return [(one.site.name, one.is_open, one.until, one.opens) for one in pharmacies(at=at, **other).rows]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (AT, (True, "18:00", "")),
        (AT.replace(hour=12), (False, "", "today at 14:00")),  # 13:00 here: it closes at that minute
        (AT.replace(hour=7), (False, "", "today at 09:00")),
        (AT.replace(hour=19), (False, "", "tomorrow at 09:00")),
        (AT.replace(day=5, hour=19), (False, "", "on Monday at 09:00")),
    ],
)
def test_a_pharmacy_says_until_when_it_is_open_or_when_it_opens(at, expected):
    opens(site("PH1", "High Street Pharmacy"), saturday="closed", sunday="closed")

    assert told(at) == [("High Street Pharmacy", *expected)]


def test_in_winter_the_clock_is_the_winters():
    opens(site("PH1", "High Street Pharmacy"))

    assert told(datetime(2026, 12, 3, 9, 0, tzinfo=UTC)) == [("High Street Pharmacy", True, "13:00", "")]
    assert told(datetime(2026, 6, 4, 8, 0, tzinfo=UTC)) == [("High Street Pharmacy", True, "13:00", "")]


def test_hours_that_nobody_knows_are_not_called_closed():
    site("PH2", "Corner Pharmacy")

    with time_machine.travel(AT, tick=False):
        page = words("public_pharmacies")

    told_of = ("Ring to ask", "Today: hours not known", "No pharmacy here is known to be open now")
    assert [words in page for words in told_of] == [True, True, True]


def test_on_a_bank_holiday_no_hours_are_known_and_none_is_called_open_or_closed(tmp_path):
    opens(site("PH1", "High Street Pharmacy"))
    make.holidays(tmp_path, {AT.date(): "Whit Thursday"})

    with time_machine.travel(AT, tick=False):
        page = words("public_pharmacies", near="", open="yes")

    told_of = (
        "Ring a pharmacy before you go today",
        "Today is a bank holiday: Whit Thursday. Hours today are not known.",
        "High Street Pharmacy",
        "Today: hours not known",
        "Ring to ask",
    )
    assert [part in page for part in told_of] == [True] * 5
    assert ("open now</h1>" in page, "Closed" in page) == (False, False)


def test_the_day_after_it_the_usual_hours_hold_and_the_holiday_is_not_when_it_opens_next():
    opens(site("PH1", "High Street Pharmacy"))
    holidays = {date(2026, 6, 5): "Whit Friday"}

    evening, monday = told(AT.replace(hour=19), holidays=holidays), told(AT.replace(day=8), holidays=holidays)

    assert evening == [("High Street Pharmacy", False, "", "on Monday at 09:00")]
    assert monday == [("High Street Pharmacy", True, "18:00", "")]


def test_a_service_says_on_a_bank_holiday_that_nobody_knows_its_hours(tmp_path):
    one = service("lunch", "Lunch club")
    ServiceTime.objects.create(id=new_id(), service=one, weekday=4, opens="09:00", closes="12:00")
    usual = words("public_service", one.pk)
    make.holidays(tmp_path, {AT.date(): "Whit Thursday"})

    with time_machine.travel(AT, tick=False):
        page = words("public_service", one.pk)

    assert ["bank holiday: Whit Thursday" in seen for seen in (usual, page)] == [False, True]


def test_those_open_now_alone():
    opens(site("PH1", "High Street Pharmacy"))
    opens(site("PH2", "Corner Pharmacy"), thursday="closed")

    assert [name for name, *_ in told(AT, open_now=True)] == ["High Street Pharmacy"]


def test_only_public_pharmacies_are_told_of():
    opens(site("PH1", "High Street Pharmacy"))
    opens(site("PH3", "Hospital Pharmacy", is_public=False))
    opens(site("GP1", "The Surgery", kind="surgery"))

    assert [name for name, *_ in told(AT)] == ["High Street Pharmacy"]


@pytest.mark.parametrize("many", [1, 3])
def test_pharmacies_are_read_in_one_query_without_a_postcode(many, django_assert_num_queries):
    for number in range(many):
        opens(site(f"PH{number}", f"Pharmacy {number}"))

    with django_assert_num_queries(1):
        assert len(pharmacies(at=AT).rows) == many


@pytest.mark.parametrize("near", ["", "nonsense", "ZZ1 1ZZ"])
def test_a_postcode_that_is_not_known_sorts_nothing_and_says_so(near):
    opens(site("PH1", "High Street Pharmacy"))

    found = pharmacies(at=AT, near=near)

    assert (len(found.rows), found.near_known) == (1, near == "")
