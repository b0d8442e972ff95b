"""Services as an invented sender writes them in Open Referral UK; no word of them is anybody else's."""

import json
from typing import Any
from uuid import NAMESPACE_URL, uuid5


def an_id(words: str) -> str:
    return str(uuid5(NAMESPACE_URL, words))


def entry(called: str = "Soup on Thursdays", **other: Any) -> dict[str, Any]:
    """One service, whole; what is given as None is left out."""
    told: dict[str, Any] = {
        "id": an_id(called),
        "name": called,
        "description": "Soup and company.",
        "status": "active",
        "url": "https://soup.example.org/thursdays",
        "email": "soup@example.org",
        "minimum_age": 18,
        "assured_date": "2026-06-01",
        "eligibility_description": "Anybody.",
        "application_process": "Come in.",
        "organization": {"id": an_id("Soup Kitchen"), "name": "Soup Kitchen", "description": "Cooks."},
        "phones": [{"id": an_id("phone"), "number": "0161 496 0101"}],
        "schedules": [
            {"id": an_id("th"), "freq": "WEEKLY", "byday": "TH", "opens_at": "11:00:00", "closes_at": "14:00:00"}
        ],
        "cost_options": [{"id": an_id("cost"), "option": "Everybody", "amount": 0}],
        "attributes": [{"id": an_id("need"), "taxonomy_term": {"id": an_id("food"), "name": "Food bank"}}],
        "service_at_locations": [
            {
                "id": an_id("there"),
                "location": {
                    "id": an_id("hall"),
                    "location_type": "physical",
                    "name": "Mill Hall",
                    "latitude": 53.6,
                    "longitude": -2.3,
                    "addresses": [
                        {
                            "id": an_id("address"),
                            "address_1": "1 Mill Lane",
                            "city": "Smallborough",
                            "postal_code": "zz1 1aa",
                        }
                    ],
                    "accessibility": [{"id": an_id("access"), "description": "Level access. No hearing loop."}],
                },
            }
        ],
    }
    told |= other
    return {name: value for name, value in told.items() if value is not None}


def page(*entries: Any, **other: Any) -> bytes:
    """A page with these services."""
    return json.dumps({"total_pages": 1, "contents": list(entries), **other}).encode()
