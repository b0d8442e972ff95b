"""What a service must look like to be taken in, and what of it can be left out without losing it."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

import jsonschema_rs

from locality.base.words import NUL, not_kept

STATUS = ("active", "inactive", "defunct", "temporarily closed")
LOCATIONS = ("physical", "postal", "virtual")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LONGEST_VALUE = 80
LONGEST_ID = 200
MOST_SAID = 12

TEXT = {"type": ["string", "null"]}
NUMBER = {"type": ["number", "null"]}


def _form(name: str) -> dict[str, Any]:
    return {"type": ["string", "null"], "format": name}


def _row(needed: tuple[str, ...], **known: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(needed),
        "properties": {"id": {"type": "string", "minLength": 1}, **known},
    }


def _rows(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": ["array", "null"], "items": of}


PHONE = _row(("number",), number={"type": "string"}, extension=NUMBER, type=TEXT, description=TEXT)
ADDRESS = _row(
    ("address_1",), address_1={"type": "string"}, address_2=TEXT, city=TEXT, region=TEXT, state_province=TEXT,
    postal_code=TEXT, country=TEXT, address_type={"enum": [*LOCATIONS, None]},
)  # fmt: skip
ACCESSIBILITY = _row((), description=TEXT, details=TEXT, accessibility=TEXT, url=_form("uri"))
SCHEDULE = _row(
    (), freq={"enum": ["WEEKLY", "MONTHLY", None]}, byday=TEXT, interval=NUMBER, opens_at=TEXT, closes_at=TEXT,
    wkst={"enum": [*WEEKDAYS, None]}, description=TEXT, notes=TEXT, valid_from=_form("date"), valid_to=_form("date"),
    dtstart=_form("date"), schedule_link=_form("uri"),
)  # fmt: skip
LOCATION = _row(
    ("location_type",), location_type={"enum": list(LOCATIONS)}, name=TEXT, description=TEXT, latitude=NUMBER,
    longitude=NUMBER, addresses=_rows(ADDRESS), accessibility=_rows(ACCESSIBILITY), phones=_rows(PHONE),
    schedules=_rows(SCHEDULE), external_identifier=TEXT, external_identifier_type=TEXT,
)  # fmt: skip
AT = _row((), description=TEXT, location={**LOCATION, "type": ["object", "null"]}, schedules=_rows(SCHEDULE))
TERM = _row(("name",), name={"type": "string"}, code=TEXT, description=TEXT, taxonomy=TEXT, term_uri=_form("uri"))
ATTRIBUTE = _row((), value=TEXT, taxonomy_term={**TERM, "type": ["object", "null"]})
IDENTIFIER = _row(("identifier",), identifier={"type": "string"}, identifier_scheme=TEXT, identifier_type=TEXT)
ORGANISATION = _row(
    ("id", "name"), name={"type": "string", "minLength": 1}, description=TEXT, email=_form("email"),
    website=_form("uri"), uri=_form("uri"), phones=_rows(PHONE), organization_identifiers=_rows(IDENTIFIER),
)  # fmt: skip
COST = _row((), option=TEXT, amount=NUMBER, amount_description=TEXT, valid_from=_form("date"), valid_to=_form("date"))
SERVICE = _row(
    ("id", "name", "description", "status", "organization"),
    name={"type": "string", "minLength": 1}, description={"type": "string", "minLength": 1},
    status={"enum": list(STATUS)}, alternate_name=TEXT, url=_form("uri"), email=_form("email"), fees=TEXT,
    fees_description=TEXT, alert=TEXT, application_process=TEXT, eligibility_description=TEXT, wait_time=TEXT,
    minimum_age=NUMBER, maximum_age=NUMBER, assured_date=_form("date"), assurer_email=_form("email"),
    last_modified=TEXT, phones=_rows(PHONE), schedules=_rows(SCHEDULE), service_at_locations=_rows(AT),
    organization=ORGANISATION, cost_options=_rows(COST), attributes=_rows(ATTRIBUTE),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What is wrong with one service: `faults` keep it out; `doubts` leave out the value alone, by where it stands."""

    faults: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    doubted: frozenset[tuple[str | int, ...]] = frozenset()


@cache
def _validator() -> Any:
    return jsonschema_rs.validator_for(SERVICE, validate_formats=True)


def check(entry: Any) -> Checked:
    """Whether one service can be taken in; every fault is a sentence with the way to the value."""
    if not isinstance(entry, dict):
        return Checked(faults=["It is not an object with a name and an id."])
    if unkept := sorted(not_kept(entry)):
        return Checked(faults=unkept[:MOST_SAID])
    faults: list[str] = []
    doubts: list[str] = []
    doubted = set()
    for error in _validator().iter_errors(entry):
        words = _words(error)
        # a malformed address on the web loses the address, not the service
        if error.kind.name == "format":
            doubts.append(words)
            doubted.add(tuple(error.instance_path))
        else:
            faults.append(words)
    return Checked(faults=sorted(faults)[:MOST_SAID], doubts=sorted(doubts)[:MOST_SAID], doubted=frozenset(doubted))


def id_of(entry: Any) -> str:
    """By which id a service is known here: without spaces around it, and not endless; "" where it says none."""
    found = entry.get("id") if isinstance(entry, dict) else None
    return found.replace(NUL, "").strip()[:LONGEST_ID] if isinstance(found, str) else ""


def _words(error: Any) -> str:
    where = ".".join(str(part) for part in error.instance_path)
    if error.kind.name == "required":
        return f"{f'{where}: ' if where else ''}'{error.kind.property}' is missing."
    if error.kind.name == "enum":
        allowed = ", ".join(str(one) for one in error.kind.options if one is not None)
        return f"{where}: {str(error.instance)[:LONGEST_VALUE]!r} is none of {allowed}."
    said = error.message if len(error.message) <= LONGEST_VALUE * 2 else f"{error.message[: LONGEST_VALUE * 2]}..."
    return f"{where}: {said}."
