"""One checked service of a file, in the directory's own words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from locality.directory.open_referral.shape import WEEKDAYS, Checked
from locality.directory.rules import postcode
from locality.directory.rules.services import NeedSaid, access_said, needs_meant

TIME = re.compile(r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")
MIDNIGHT, END_OF_DAY = "00:00", "24:00"
# between Land's End and Shetland; a point elsewhere is a slip, and the postcode is gone by instead
LATITUDES, LONGITUDES = (49.0, 61.5), (-9.0, 2.5)
OLDEST = 130
# a form of a date, and no day
NO_YEAR = "0000"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedAt:
    name: str
    address: str
    postcode: str
    latitude: float | None = None
    longitude: float | None = None
    site: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedTime:
    """A span of one weekday (1 is Monday), or words."""

    weekday: int | None = None
    opens: str = ""
    closes: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What a file says of one service."""

    feed_id: str
    status: str
    organisation_id: str
    organisation: str
    values: dict[str, Any]
    places: list[OfferedAt]
    times: list[OfferedTime]
    doubts: list[str]


def offered(entry: dict[str, Any], *, feed_id: str, checked: Checked, needs: Sequence[NeedSaid], on: date) -> Offered:
    """A service that can be taken in, as it is given on a day; what could not be read is left out and told of."""
    entry = _without(entry, checked)
    doubts = list(checked.doubts)
    where = [at.get("location") or {} for at in entry.get("service_at_locations") or ()]
    access = [words for one in where for words in _accesses(one)]
    return Offered(
        feed_id=feed_id,
        status=entry["status"],
        organisation_id=str(entry["organization"]["id"]),
        organisation=entry["organization"]["name"].strip(),
        values=_values(entry, doubts) | {"needs": _needs(entry, needs), **_access(access)},
        places=[_at(one, doubts) for one in where if one],
        times=_times(entry, doubts, on=on),
        doubts=doubts,
    )


def _without(entry: dict[str, Any], checked: Checked) -> dict[str, Any]:
    """The entry without the values that are not what they should be."""

    def kept(value: Any, path: tuple[str | int, ...]) -> Any:
        if path in checked.doubted:
            return None
        if isinstance(value, dict):
            return {key: kept(one, (*path, key)) for key, one in value.items()}
        if isinstance(value, list):
            return [kept(one, (*path, number)) for number, one in enumerate(value)]
        return value

    # an id that is no UUID still names its service
    return {**kept(entry, ()), "id": entry["id"], "organization": kept(entry["organization"], ("organization",))
            | {"id": entry["organization"]["id"]}}  # fmt: skip


def _values(entry: dict[str, Any], doubts: list[str]) -> dict[str, Any]:
    organisation = entry["organization"]
    phones = [*(entry.get("phones") or ()), *(organisation.get("phones") or ())]
    least, most = _age(entry, "minimum_age", doubts), _age(entry, "maximum_age", doubts)
    if least is not None and most is not None and most < least:
        doubts.append("maximum_age is below minimum_age: both are left out.")
        least = most = None
    said = entry.get("assured_date")
    if said and said.startswith(NO_YEAR):
        doubts.append(f"assured_date {said} is no day: it is left out.")
        said = None
    is_free, cost = _cost(entry)
    return {
        "name": entry["name"].strip(),
        "description": "\n\n".join(_words(entry, "alert", "description")),
        "who_for": " ".join(_words(entry, "eligibility_description")),
        "how_to": " ".join(_words(entry, "application_process")),
        "min_age": least,
        "max_age": most,
        "is_free": is_free,
        "cost": cost,
        "url": entry.get("url") or organisation.get("website") or "",
        "email": entry.get("email") or organisation.get("email") or "",
        "phone": next((one["number"].strip() for one in phones), ""),
        "assured_on": date.fromisoformat(said) if said else None,
        "assured_by": entry.get("assurer_email") or (organisation["name"].strip() if said else ""),
    }


def _words(row: dict[str, Any], *names: str) -> list[str]:
    return [words for name in names if (words := (row.get(name) or "").strip())]


def _age(entry: dict[str, Any], name: str, doubts: list[str]) -> int | None:
    said = entry.get(name)
    if said is None:
        return None
    if not 0 <= said <= OLDEST:
        doubts.append(f"{name} {said} is no age: it is left out.")
        return None
    return int(said)


FREE = re.compile(r"^\W*(this (service|activity) is )?free( of charge)?\W*$", re.IGNORECASE)


def _cost(entry: dict[str, Any]) -> tuple[bool | None, str]:
    options = [one for one in entry.get("cost_options") or () if one.get("amount") is not None]
    fees = " ".join(_words(entry, "fees_description", "fees"))
    said = [_option(one) for one in options]
    words = "; ".join(part for part in [*said, fees] if part)
    if options:
        return all(one["amount"] == 0 for one in options), words
    return (True if FREE.match(fees) else None), words


def _option(one: dict[str, Any]) -> str:
    amount = "free" if one["amount"] == 0 else f"\u00a3{one['amount']:.2f}"
    return " ".join(part for part in [*_words(one, "option"), amount, *_words(one, "amount_description")] if part)


def _needs(entry: dict[str, Any], needs: Sequence[NeedSaid]) -> list[str]:
    terms = [one.get("taxonomy_term") or {} for one in entry.get("attributes") or ()]
    codes = {term.get("code") for term in terms}
    said = [entry["name"], *(term.get("name") or "" for term in terms)]
    meant = {code for words in said for code in needs_meant(words, needs)}
    return [one.code for one in needs if one.code in meant or one.code in codes]


def _accesses(location: dict[str, Any]) -> Iterator[str]:
    for one in location.get("accessibility") or ():
        yield " ".join(dict.fromkeys(_words(one, "description", "accessibility", "details")))


def _access(said: list[str]) -> dict[str, Any]:
    words = " ".join(dict.fromkeys(filter(None, said)))
    return {"access": access_said(words), "access_words": words}


def _at(location: dict[str, Any], doubts: list[str]) -> OfferedAt:
    address: dict[str, Any] = next(iter(location.get("addresses") or ()), {})
    lines = _words(address, "address_1", "address_2", "city")
    written = (address.get("postal_code") or "").strip()
    code = postcode(written) or ""
    if written and not code:
        doubts.append(f"The postcode {written!r} is none: it is left out.")
    latitude, longitude = location.get("latitude"), location.get("longitude")
    if latitude is not None and longitude is not None and not _is_here(latitude, longitude):
        doubts.append(f"The point {latitude}, {longitude} is not in this country: it is left out.")
        latitude = longitude = None
    both = latitude is not None and longitude is not None
    return OfferedAt(
        name=(location.get("name") or "").strip(),
        address=", ".join(dict.fromkeys(lines)),
        postcode=code,
        latitude=float(latitude) if both and latitude is not None else None,
        longitude=float(longitude) if both and longitude is not None else None,
    )


def _is_here(latitude: float, longitude: float) -> bool:
    return LATITUDES[0] <= latitude <= LATITUDES[1] and LONGITUDES[0] <= longitude <= LONGITUDES[1]


def held_schedules(entry: Any, *, on: date) -> list[bool]:
    """Which of a service's schedules hold on a day, in their order; none where it has no such rows."""
    return [_holds(row, on) for row in _schedules(entry) if isinstance(row, dict)]


def _schedules(entry: Any) -> Iterator[Any]:
    """The schedules of a service, of where it is given, and of that place; whatever else stands there, too."""
    at = _rows(entry, "service_at_locations")
    for one in (entry, *at, *(one.get("location") for one in at if isinstance(one, dict))):
        yield from _rows(one, "schedules")


def _rows(told: Any, name: str) -> list[Any]:
    found = told.get(name) if isinstance(told, dict) else None
    return found if isinstance(found, list) else []


def _holds(row: dict[str, Any], on: date) -> bool:
    # days are written so that they sort as words
    first, last = row.get("valid_from"), row.get("valid_to")
    began = not isinstance(first, str) or first <= on.isoformat()
    return began and (not isinstance(last, str) or last >= on.isoformat())


def _times(entry: dict[str, Any], doubts: list[str], *, on: date) -> list[OfferedTime]:
    found: list[OfferedTime] = []
    for row in _schedules(entry):
        if _holds(row, on):
            found += _spans(row, doubts)
        else:
            doubts.append(f"The hours {_said(row)} are not those of today: they are left out.")
    return list(dict.fromkeys(found))


def _spans(row: dict[str, Any], doubts: list[str]) -> Iterator[OfferedTime]:
    opens, closes = (row.get("opens_at") or "")[:5], (row.get("closes_at") or "")[:5]
    closes = END_OF_DAY if closes == MIDNIGHT else closes
    days = [day.strip()[-2:] for day in (row.get("byday") or "").upper().split(",")]
    known = [WEEKDAYS.index(day) + 1 for day in days if day in WEEKDAYS]
    weekly = bool(known) and row.get("freq") in ("WEEKLY", None) and (row.get("interval") or 1) == 1
    words = " ".join(_words(row, "description", "notes"))
    if weekly and TIME.match(opens) and TIME.match(closes) and opens < closes:
        yield from (OfferedTime(weekday=day, opens=opens, closes=closes) for day in known)
        return
    if words:
        # every second week, or the first Monday: no usual week says it
        yield OfferedTime(words=words)
    if (opens or closes) and (weekly or not words):
        doubts.append(f"The hours {_said(row)} are none of a usual week: they are left out.")


def _said(row: dict[str, Any]) -> str:
    """What a schedule says, as its sender wrote it."""
    span = "-".join(_words(row, "opens_at", "closes_at"))
    valid = [f"{word} {row[name]}" for word, name in (("from", "valid_from"), ("to", "valid_to")) if row.get(name)]
    return " ".join([*_words(row, "freq", "byday"), *filter(None, [span]), *valid])
