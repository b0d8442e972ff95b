"""Files as sources send them, and a place to receive them in."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from locality.base import Viewer, system
from locality.base.ids import named_id
from locality.directory.models import Organisation, Place, Source, Team
from locality.record.intake.r4 import resources

AT = datetime(2026, 11, 5, 9, 0, tzinfo=UTC)
NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
PEGGY_NUMBER, OTHER_NUMBER = "9990000018", "9990000026"


def now() -> datetime:
    return AT + timedelta(seconds=3)


def by(*, later: timedelta = timedelta()) -> Viewer:
    return system(at=AT + later)


def place() -> Place:
    return Place.objects.get_or_create(id=named_id("p"), defaults={"code": "here", "name": "Here", "is_default": True})[
        0
    ]


def organisation(code: str = "ZZ1", kind: str = "trust") -> Organisation:
    return Organisation.objects.get_or_create(
        id=named_id("o", code),
        defaults={
            "place": place(),
            "code": code,
            "name": f"Organisation {code}",
            "short_name": code,
            "kind": kind,
            "origin": "invented",
            "verified": False,
        },
    )[0]


def team(code: str = "uphill", **other: Any) -> Team:
    return Team.objects.get_or_create(
        id=named_id("t", code),
        defaults={
            "place": place(),
            "code": code,
            "name": f"The {code} team",
            "kind": "rapid-response",
            "lead_organisation": organisation(),
            "origin": "invented",
            "verified": False,
            **other,
        },
    )[0]


def source(code: str = "hospital", **other: Any) -> Source:
    told = {
        "place": place(),
        "code": code,
        "name": f"The {code}",
        "organisation": organisation(),
        "formats": ["fhir", "hl7v2", "csv"],
        "sends": sorted(resources()),
        "agreement_purpose": "Direct care",
        "agreement_starts_on": date(2026, 1, 1),
        "patient_system": f"https://{code}.example/Id",
        "connected": True,
        "origin": "invented",
        "verified": False,
    }
    return Source.objects.create(id=named_id("s", code), **(told | other))


def patient(number: int = 1, *, nhs: str = PEGGY_NUMBER, born: str = "1942-02-12", **other: Any) -> dict[str, Any]:
    return (
        {
            "resourceType": "Patient",
            "id": f"p{number}",
            "identifier": [{"system": NHS_NUMBER, "value": nhs}] if nhs else [],
            "name": [{"use": "official", "family": "Hargreaves", "given": ["Margaret"]}],
            "birthDate": born,
            **other,
        }
        if nhs
        else {
            "resourceType": "Patient",
            "id": f"p{number}",
            "name": [{"use": "official", "family": "Hargreaves", "given": ["Margaret"]}],
            "birthDate": born,
            **other,
        }
    )


def problem(number: int = 1, *, about: str = "Patient/p1", words: str = "Asthma", **other: Any) -> dict[str, Any]:
    return {
        "resourceType": "Condition",
        "id": f"c{number}",
        "subject": {"reference": about},
        "code": {"text": words},
        **other,
    }


def bundle(*resources: dict[str, Any], base: str = "https://sender.example/fhir") -> dict[str, Any]:
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"fullUrl": f"{base}/{one['resourceType']}/{one['id']}", "resource": one} for one in resources],
    }


def written(folder: Path, name: str, content: Any) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path
