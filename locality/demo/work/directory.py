"""What help there is in the demo's place: invented groups and charities, some checked long ago, some with a wait."""

import json
import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from locality.base import system
from locality.base.ids import named_id
from locality.base.periods import day_of
from locality.demo.work.who import ViewerOf
from locality.directory.actions import feeds
from locality.directory.actions import services as keep
from locality.directory.queries import services
from locality.directory.rules.services import ServiceAsked

FEED, FILE = "demo-directory", Path(__file__).with_name("directory.toml")
LINK_WORKER, COORDINATOR, CARER = "lorraine.pike", "sadia.rahman", "rosa.fernandes"
DAY_CARE = "Day care, supported living and respite"
PHONE = "0161 496 0100"
Offer = dict[str, Any]


@transaction.atomic
def make_directory(*, pack: Any, now: datetime, viewer: ViewerOf) -> bool:
    """The pack's open data and pharmacies, and the demo's own services; left alone where they are there already."""
    by, on = system(at=now, role="demo"), day_of(now)
    feeds.take_in_pack(pack=pack, by=by)
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    content = json.dumps({"contents": [_entry(one, told["places"], now) for one in told["offer"]]}).encode()
    if not feeds.take_in(content=content, feed=FEED, by=by, origin="the demo's directory: invented").added:
        return False
    found = {one.service.name: one.service for one in services.search(asked=ServiceAsked(), on=on, most=1000).rows}
    link_worker = viewer(LINK_WORKER, at=now) or by
    for one in told["offer"]:
        service = found[one["name"]]
        keep.change_service(service=service.pk, values={"takes_referrals": True}, by=by)
        _say_room(one, service.pk, viewer=viewer, now=now)
    first = found["Straight Talk money advice"]
    keep.change_service(service=first.pk, values={"owner_id": link_worker.id}, by=by)
    if carer := viewer(CARER, at=now):
        # nobody ever made sure of it, so its owner is reminded, in the inbox of all who work there
        keep.change_service(service=found[DAY_CARE].pk, values={"owner_id": carer.id}, by=by)
    coordinator = viewer(COORDINATOR, at=now - timedelta(days=2)) or by
    keep.report(
        service=found["English over coffee"].pk,
        words="It has moved: the caretaker says it is on Sunday afternoons now.",
        by=coordinator,
    )
    return True


def _say_room(one: Offer, service: UUID, *, viewer: ViewerOf, now: datetime) -> None:
    if "room" not in one:
        return
    state, wait_days, days_ago = one["room"]
    at = now - timedelta(days=days_ago)
    said = viewer(LINK_WORKER, at=at) or system(at=at, role="demo")
    keep.say_capacity(service=service, state=state, wait_days=wait_days if wait_days >= 0 else None, by=said)


def _entry(one: Offer, places: dict[str, Any], now: datetime) -> dict[str, Any]:
    pk, organisation = str(named_id("demo", one["name"])), str(named_id("demo", one["by"]))
    told: dict[str, Any] = {
        "id": pk,
        "name": one["name"],
        "description": one["about"],
        "status": "active",
        "eligibility_description": one.get("who"),
        "application_process": one.get("how", "Ring or come in."),
        "minimum_age": one.get("from_age"),
        "maximum_age": one.get("to_age"),
        "organization": {"id": organisation, "name": one["by"], "description": one["by"]},
        "phones": [{"id": pk, "number": PHONE}],
        "attributes": [{"id": pk, "taxonomy_term": {"id": pk, "name": name}} for name in one["needs"]],
        "schedules": [
            {"id": pk, "freq": "WEEKLY", "byday": days, "opens_at": opens, "closes_at": closes}
            for days, opens, closes in one.get("times", ())
        ],
        "cost_options": [{"id": pk, "amount": one["costs"], "amount_description": "each time" if one["costs"] else ""}],
    }
    if "checked" in one:
        told["assured_date"] = (day_of(now) - timedelta(days=one["checked"])).isoformat()
    if "at" in one:
        told["service_at_locations"] = [{"id": pk, "location": _location(one, places[one["at"]], pk)}]
    return told


def _location(one: Offer, place: list[str], pk: str) -> dict[str, Any]:
    name, address, postcode = place
    return {
        "id": pk,
        "location_type": "physical",
        "name": name,
        "addresses": [{"id": pk, "address_1": address, "postal_code": postcode}],
        "accessibility": [{"id": pk, "description": one["access"]}] if "access" in one else [],
    }
