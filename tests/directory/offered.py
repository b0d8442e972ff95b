"""Needs and services for tests, by the organisations of tests/factories.py."""

from collections.abc import Sequence
from typing import Any

from locality.base.ids import new_id
from locality.directory.actions.finding import index_services
from locality.directory.models import Need, Organisation, Postcode, Service, ServiceAt, ServiceTime
from tests.factories import TODAY, organisation, place

# Mill Lane, and what lies a mile north, three miles north and nine miles east of it
MILL_LANE = ("ZZ1 1AA", 53.6, -2.3)
A_MILE = ("ZZ1 1AB", 53.6 + 1 / 69.05, -2.3)
THREE_MILES = ("ZZ2 2AA", 53.6 + 3 / 69.05, -2.3)
NINE_MILES = ("ZZ9 9AA", 53.6, -2.3 + 9 / (69.05 * 0.5934))


def postcodes(*known: tuple[str, float, float]) -> None:
    """Postcodes of the place, with their points."""
    for code, latitude, longitude in known or (MILL_LANE, A_MILE, THREE_MILES):
        Postcode.objects.create(id=new_id(), place=place(), code=code, latitude=latitude, longitude=longitude)


def voluntary(code: str = "circle") -> Organisation:
    """Who offers most of what is found here."""
    return organisation(code)


def need(
    code: str = "food", name: str = "Food", said_as: Sequence[str] = ("food bank", "hungry"), **other: Any
) -> Need:
    """What somebody may need help with."""
    values = {"place": other.pop("place", None) or place(), "origin": "invented", "verified": True}
    told = {"id": new_id(), "name": name, "said_as": list(said_as), **values}
    row, _ = Need.objects.get_or_create(code=code, defaults=told)
    return row


def service(name: str = "Lunch club", **other: Any) -> Service:
    """A service as the directory keeps it, found by its words; `at` is its postcode and point, `open` its spans."""
    at, spans = other.pop("at", None), other.pop("open", ())
    offers = other.pop("organisation", None) or voluntary()
    code = other.pop("code", name.lower().replace(" ", "-").replace("'", ""))
    values = {"place": offers.place, "kind": "listed", "origin": "invented", "verified": True, "assured_on": TODAY}
    row = Service.objects.create(id=new_id(), code=code, name=name, organisation=offers, **{**values, **other})
    if at:
        postcode, latitude, longitude = at
        point = {"latitude": latitude, "longitude": longitude}
        ServiceAt.objects.create(id=new_id(), service=row, name=name, address="1 Mill Lane", postcode=postcode, **point)
    for weekday, opens, closes in spans:
        ServiceTime.objects.create(id=new_id(), service=row, weekday=weekday, opens=opens, closes=closes)
    index_services(place=row.place_id, only=[row.pk])
    row.refresh_from_db()
    return row
