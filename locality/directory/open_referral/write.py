"""Services of the directory as a page of Open Referral UK."""

from collections.abc import Iterable, Sequence
from typing import Any

from locality.base.ids import named_id
from locality.directory.open_referral.shape import WEEKDAYS
from locality.directory.queries.services import ServiceFound
from locality.directory.rules.services import ACCESS_WORDS, Access

PROFILE = "HSDS-UK-3.0"


def written(found: Iterable[ServiceFound]) -> dict[str, Any]:
    """A page with all of these services; no name of anybody here stands in it."""
    contents = [_service(one) for one in found]
    return {
        "total_items": len(contents),
        "total_pages": 1,
        "page_number": 1,
        "size": len(contents),
        "first_page": True,
        "last_page": True,
        "empty": not contents,
        "contents": contents,
    }


def _service(one: ServiceFound) -> dict[str, Any]:
    row = one.service
    said = {
        "url": row.url,
        "email": row.email,
        "fees_description": row.cost or ("Free" if row.is_free else ""),
        "application_process": row.how_to,
        "eligibility_description": row.who_for,
        "minimum_age": row.min_age,
        "maximum_age": row.max_age,
        "assured_date": row.assured_on.isoformat() if row.assured_on else None,
        "phones": [{"id": _id(row.pk, "phone"), "number": row.phone}] if row.phone else [],
        "schedules": [_schedule(time) for time in one.times],
        "service_at_locations": [_at(place, row.access, row.access_words) for place in one.places],
        "cost_options": [{"id": _id(row.pk, "free"), "option": "Everybody", "amount": 0}] if row.is_free else [],
        "attributes": [_attribute(row.pk, need) for need in one.needs],
    }
    return {
        "id": str(row.pk),
        "name": row.name,
        "description": row.description or row.name,
        "status": "active",
        "organization": {
            "id": str(row.organisation_id),
            "name": row.organisation.name,
            "description": row.organisation.note or row.organisation.name,
        },
        **{name: value for name, value in said.items() if value not in ("", None, [])},
    }


def _id(*parts: object) -> str:
    return str(named_id("open-referral", *map(str, parts)))


def _schedule(time: Any) -> dict[str, Any]:
    if time.weekday is None:
        return {"id": str(time.pk), "description": time.words}
    return {
        "id": str(time.pk),
        "freq": "WEEKLY",
        "byday": WEEKDAYS[time.weekday - 1],
        "opens_at": time.opens,
        "closes_at": time.closes,
    }


def _at(place: Any, access: Sequence[str], access_words: str) -> dict[str, Any]:
    site = place.site
    address, postcode = (site.address, site.postcode) if site else (place.address, place.postcode)
    location: dict[str, Any] = {"id": _id(place.pk, "location"), "location_type": "physical"}
    if name := (site.name if site else place.name):
        location["name"] = name
    if place.latitude is not None:
        location |= {"latitude": place.latitude, "longitude": place.longitude}
    if address:
        location["addresses"] = [_address(place.pk, address, postcode)]
    words = access_words or ". ".join(ACCESS_WORDS[Access(one)] for one in access)
    if words:
        location["accessibility"] = [{"id": _id(place.pk, "access"), "description": words}]
    return {"id": str(place.pk), "location": location}


def _address(of: Any, address: str, postcode: str) -> dict[str, Any]:
    line, _, city = address.rpartition(", ")
    return {
        "id": _id(of, "address"),
        "address_1": line or city,
        "city": city if line else "",
        "state_province": "",
        "postal_code": postcode,
        "country": "GB",
        "address_type": "physical",
    }


def _attribute(of: Any, need: Any) -> dict[str, Any]:
    term = {"id": str(need.pk), "code": need.code, "name": need.name, "description": need.name, "taxonomy": "needs"}
    return {"id": _id(of, need.code), "link_type": "taxonomy_term", "taxonomy_term": term}
