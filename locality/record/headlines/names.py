"""Which of several names, numbers and addresses to show.

What ended before the day given is over; with no day given, whatever has an end.
"""

from datetime import date

from locality.record.headlines.when import day
from locality.record.headlines.words import plain

NAME_USES = {"official": 0, "usual": 1, None: 2, "temp": 3, "nickname": 4, "anonymous": 5}
FORMER_USES = {"old", "maiden"}
ADDRESS_USES = {"home": 0, None: 1, "temp": 2, "work": 3, "billing": 4}
PHONE_USES = {"mobile": 0, "home": 1, None: 2, "temp": 3, "work": 4}


def over(entry: dict, on: date | None) -> bool:
    """Whether its period ended: before the day given, or, with no day, at all. A FHIR period includes its last day."""
    ends = (entry.get("period") or {}).get("end")
    if not ends:
        return False
    last = day(ends) or day(f"{ends}-28"[:10]) or day(f"{ends}-12-31"[:10])
    return on is None or last is None or last < on


def best(entries: list[dict] | None, uses: dict, on: date | None) -> dict | None:
    """The one to show: not said to be old, by its use; what may be over only when nothing else is there."""
    kept = [one for one in entries or () if one and one.get("use") not in FORMER_USES]
    kept.sort(key=lambda one: (over(one, on), uses.get(one.get("use"), 9), one.get("rank") or 99))
    return kept[0] if kept else None


def best_name(names: list[dict] | None, on: date | None = None) -> dict | None:
    """Official before usual before any other; a former one rather than none."""
    return best(names, NAME_USES, on) or next((one for one in names or () if one), None)


def best_address(addresses: list[dict] | None, on: date | None = None) -> dict | None:
    found = best(addresses, ADDRESS_USES, on)
    return None if found and on and over(found, on) else found


def phone(telecoms: list[dict] | None, on: date | None = None) -> str:
    return reached_by(telecoms, {"phone", "sms"}, on)


def email(telecoms: list[dict] | None, on: date | None = None) -> str:
    return reached_by(telecoms, {"email"}, on)


def reached_by(telecoms: list[dict] | None, systems: set[str], on: date | None) -> str:
    usable = [one for one in telecoms or () if one and one.get("system") in systems and one.get("value")]
    found = best(usable, PHONE_USES, on)
    return plain(found["value"]) if found and not (on and over(found, on)) else ""
