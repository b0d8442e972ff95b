"""What was found, on the map: where it lies, by the numbers of the list; no hub, and nothing of where anybody lives."""

import re
from itertools import combinations
from math import dist

import pytest
from django.test import Client

from locality.base.ids import new_id
from locality.directory.models import Neighbourhood, ServiceAt, Site
from locality.directory.queries.services import search
from locality.directory.rules.services import ServiceAsked
from locality.web import pages
from locality.web.place.pins import APART, found_map
from tests import factories as make
from tests.directory.offered import A_MILE, MILL_LANE, THREE_MILES, postcodes, service

from .place_rows import outline

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def land():
    """One degree square, from 53 to 54 north and from 3 to 2 west."""
    pages._names.clear()
    told = {"place": make.place(), "code": "hilltop", "name": "Hilltop", **make.ORIGIN}
    Neighbourhood.objects.create(id=new_id(), **told)
    outline("neighbourhood", "hilltop", -3, -2)


def drawn(words: str = "lunch"):
    rows = search(asked=ServiceAsked(words=words, public_only=True), on=make.TODAY).rows
    return found_map(rows, places={one.service.pk: one.places for one in rows})


def for_everybody(**asked: str) -> str:
    return Client().post("/find-help", asked).content.decode()


def listed(page: str) -> list[tuple[str, str]]:
    return re.findall(r'<li[^>]*id="found-(\d+)".*?<a href="[^"]*">([^<]*)</a>', page, re.DOTALL)


def pinned(page: str) -> list[tuple[str, str]]:
    return re.findall(r'class="found-map__pin" href="#found-(\d+)" aria-label="\d+: ([^"]*)"', page)


def drawing(page: str) -> str:
    return page.partition("<svg")[2].partition("</svg>")[0]


@pytest.mark.parametrize(
    ("latitude", "longitude", "spot"),
    [
        (53.5, -2.5, (200.0, 332.1)),  # the middle: at 53.5 north, one degree of longitude is 0.5948 of one of latitude
        (54.0, -3.0, (6.0, 6.0)),
        (53.0, -2.0, (394.0, 658.3)),
        (53.75, -2.25, (297.0, 169.1)),
    ],
)
def test_a_pin_lies_where_its_place_does(latitude, longitude, spot):
    service("Lunch club", is_public=True, at=("ZZ1 1AA", latitude, longitude))

    assert [(pin.number, pin.name, pin.at) for pin in drawn().pins] == [(1, "Lunch club", spot)]


@pytest.mark.parametrize(
    ("latitude", "name_at"),
    [(53.9, (200.0, 332.1)), (53.5, (200.0, 308.1)), (53.52, (200.0, 356.1))],
)
def test_a_name_steps_aside_for_a_pin(latitude, name_at):
    service("Lunch club", is_public=True, at=("ZZ1 1AA", latitude, -2.5))

    assert drawn().names == (("Hilltop", name_at),)


def test_the_numbers_of_the_map_are_those_of_the_list():
    postcodes()
    for name, at in (("Lunch far", THREE_MILES), ("Lunch here", MILL_LANE), ("Lunch by", A_MILE)):
        service(name, is_public=True, at=at)

    page = for_everybody(words="lunch", near="ZZ1 1AA")

    assert listed(page) == [("1", "Lunch here"), ("2", "Lunch by"), ("3", "Lunch far")]
    assert pinned(page) == listed(page)


def test_those_who_work_here_see_the_same_numbers(sign_in):
    postcodes()
    for name, at in (("Lunch far", THREE_MILES), ("Lunch here", MILL_LANE)):
        service(name, at=at)
    nurse = sign_in()

    page = nurse.post("/directory", {"words": "lunch", "near": "ZZ1 1AA"}).content.decode()
    paper = nurse.post("/directory", {"words": "lunch", "near": "ZZ1 1AA", "print": "yes"}).content.decode()

    assert pinned(page) == listed(page) == [("1", "Lunch here"), ("2", "Lunch far")]
    assert pinned(paper) == pinned(page)


def test_no_hub_is_on_a_map_nor_what_lies_at_its_address(sign_in):
    told = {"place": make.place(), "organisation": make.organisation(), "origin": "test", "verified": True}
    hub = {"kind": "hub", "is_public": False, "postcode": "ZZ9 9ZZ", "name": "Old Mill Hub", "code": "HUB1"}
    at_hub, by_hub = service("Lunch in the hub", is_public=True), service("Lunch at its door", is_public=True)
    site = Site.objects.create(id=new_id(), **told, **hub)
    point = {"latitude": 53.61, "longitude": -2.31}
    ServiceAt.objects.create(id=new_id(), service=at_hub, site=site, **point)
    ServiceAt.objects.create(id=new_id(), service=by_hub, postcode="ZZ9 9ZZ", **point)
    service("Lunch club", is_public=True, at=MILL_LANE)
    every = [for_everybody(words="lunch"), sign_in().post("/directory", {"words": "lunch"}).content.decode()]

    found = [[name for _, name in pinned(page)] for page in every]

    assert found == [["Lunch club"], ["Lunch club"]]


def test_where_somebody_looks_from_is_not_on_the_map():
    postcodes()
    service("Lunch club", is_public=True, at=THREE_MILES)

    with_postcode, without = for_everybody(words="lunch", near="ZZ1 1AA"), for_everybody(words="lunch")

    assert (drawing(with_postcode), drawing(without).count("<circle")) == (drawing(without), 1)


def test_pins_of_one_address_stand_beside_each_other_and_each_leads_to_its_spot():
    for number in range(30):
        service(f"Lunch {number}", is_public=True, at=MILL_LANE)

    rows = search(asked=ServiceAsked(words="lunch"), on=make.TODAY, most=30).rows
    pins = found_map(rows, places={one.service.pk: one.places for one in rows}).pins

    assert [pin.number for pin in pins] == list(range(1, 31))
    assert {pin.at for pin in pins} == {(277.6, 266.9)}
    assert min(dist(one.stands, other.stands) for one, other in combinations(pins, 2)) >= APART - 0.5


def test_what_lies_beyond_the_map_or_nobody_knows_where_is_said_by_its_number():
    service("Lunch a", is_public=True, at=MILL_LANE)
    service("Lunch b", is_public=True, at=("ZZ8 8AA", 55.0, -2.5))
    service("Lunch c", is_public=True)

    found, page = drawn(), for_everybody(words="lunch")

    assert (found.outside, found.unknown) == ((2,), (3,))
    assert ("Number 2: outside this map." in page, "Number 3: no address on our list, so ask first." in page) == (
        True,
        True,
    )


def test_where_nothing_that_was_found_lies_on_it_there_is_no_map():
    service("Lunch c", is_public=True)

    page = for_everybody(words="lunch")

    assert (drawn(), "On the map" in page, "Lunch c" in page) == (None, False, True)


def test_each_place_of_a_service_has_a_pin_with_its_one_number():
    row = service("Lunch club", is_public=True, at=MILL_LANE)
    ServiceAt.objects.create(id=new_id(), service=row, latitude=53.2, longitude=-2.8)

    assert [(pin.number, pin.at) for pin in drawn().pins] == [(1, (83.6, 527.8)), (1, (277.6, 266.9))]
