"""One row's words made comparable. What each column is computed from is said once, here, for batch and one by one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cache, lru_cache
from typing import Any

from locality.methods.linkage import dates, names, numbers, places
from locality.methods.linkage.fields import ADDRESS, FIELDS
from locality.methods.linkage.folding import fold

Value = str | date | Sequence[str] | None
Words = Mapping[str, Value]

SEXES = {
    "m": "m",
    "male": "m",
    "man": "m",
    "boy": "m",
    "1": "m",
    "f": "f",
    "female": "f",
    "woman": "f",
    "girl": "f",
    "2": "f",
}
NO_WORD = frozenset({"unknown", "not known", "none", "n a", "na", "null", "nil", "not stated", "refused"})


@dataclass(slots=True)
class Standard:
    """A row as it is compared: None or () where nothing usable was said. Names are folded, dates are digits."""

    given: str | None = None
    givens: tuple[str, ...] = ()
    given_sound: str | None = None
    given_sounds: tuple[str, ...] = ()
    given_spelt: str | None = None
    given_kin: tuple[str, ...] = ()
    given_meant: tuple[str, ...] = ()
    middle: str | None = None
    middles: tuple[str, ...] = ()
    family: str | None = None
    families: tuple[str, ...] = ()
    family_sound: str | None = None
    family_sounds: tuple[str, ...] = ()
    family_spelt: str | None = None
    sounds: tuple[str, ...] = ()
    born: str | None = None
    born_turned: str | None = None
    born_year: int | None = None
    born_month: int | None = None
    born_day: int | None = None
    born_either: str | None = None
    born_yearless: str | None = None
    new_year: bool = False
    sex: str | None = None
    postcode: str | None = None
    postcodes: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    house: str | None = None
    street: str | None = None
    street2: str | None = None
    streets: tuple[str, ...] = ()
    locality: str | None = None
    homes: tuple[str, ...] = ()
    phone: str | None = None
    phones: tuple[str, ...] = ()
    email: str | None = None
    emails: tuple[str, ...] = ()
    mailbox: str | None = None
    nhs: str | None = None
    nhs_typed: str | None = None
    birth_place: str | None = None
    occupation: str | None = None
    local_id: str | None = None
    extra: dict[str, str | None] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()  # why a field was set aside: "given_name newborn", "birth_date impossible"


COLUMNS = tuple(one.name for one in fields(Standard) if one.name not in ("extra", "doubts"))
LISTS = frozenset(one.name for one in fields(Standard) if one.name in COLUMNS and one.default == ())


def standard(words: Words) -> Standard:
    """A row's words by field (`fields.py`; a value or several, the present one first) made comparable."""
    said: dict[str, Any] = {}
    doubts: list[str] = []
    # lists and no generators: every candidate of every arrival comes through here
    for group in GROUPS:
        values = [words.get(name) for name in group.fields]
        if any(values):
            found = group.of(*[_frozen(value) for value in values])
            said.update(found)
            if doubt := found.get("doubt"):
                doubts.append(f"{group.fields[0]} {doubt}")
    said.pop("doubt", None)
    one = Standard(**said, doubts=tuple(doubts))
    one.extra = {name: text(_frozen(value)) for name, value in words.items() if name not in KNOWN}
    one.sounds = joined(one.given_sounds, one.family_sounds)
    one.homes = homes(one.postcodes, one.house)
    return one


def _frozen(value: Value) -> Any:
    return tuple(value) if isinstance(value, list) else value


KNOWN = frozenset(FIELDS)


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that are read together, and the columns they make: the batch reads each distinct value once."""

    fields: tuple[str, ...]
    of: Callable[..., dict[str, Any]]
    columns: tuple[str, ...]


def joined(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    """Both, each once."""
    return first if not second or second == first else tuple(dict.fromkeys(first + second))


def homes(postcodes: tuple[str, ...], house: str | None) -> tuple[str, ...]:
    """Each postcode with the house; a house is known at the present address alone, and looked for at the earlier."""
    return tuple(f"{postcode} {house}" for postcode in postcodes) if house else ()


def _columns(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in type(one).__slots__}


@lru_cache(maxsize=20_000)
def _given(said: Any) -> dict[str, Any]:
    return _columns(names.given(names.many(said)))


@lru_cache(maxsize=20_000)
def _family(said: Any) -> dict[str, Any]:
    return _columns(names.family(names.many(said)))


# read apart from the rest of a name, so that a table that does not ask for them is not kept waiting
@lru_cache(maxsize=20_000)
def _given_meant(said: Any) -> dict[str, Any]:
    return {"given_meant": names.meant_by(names.given(names.many(said)).given)}


@lru_cache(maxsize=20_000)
def _family_spelt(said: Any) -> dict[str, Any]:
    return {"family_spelt": names.closely(names.family(names.many(said)).family)}


@lru_cache(maxsize=20_000)
def _born(said: Any) -> dict[str, Any]:
    one = dates.born(said)
    if one.born is None:
        return _columns(one)
    month, day = sorted((one.born[4:6], one.born[6:]))
    return _columns(one) | {"born_either": f"{one.born[:4]}{month}{day}", "born_yearless": f"{month}{day}"}


@lru_cache(maxsize=1000)
def _sex(said: Any) -> dict[str, Any]:
    return {"sex": SEXES.get(fold(str(said)))}


@lru_cache(maxsize=20_000)
def _postcode(said: Any) -> dict[str, Any]:
    return _columns(places.postcodes(names.many(said)))


@lru_cache(maxsize=20_000)
def _address(number: Any, line: Any, line2: Any, locality: Any) -> dict[str, Any]:
    one = places.address(number or "", line or "", line2 or "", locality or "")
    return _columns(one) | {"streets": tuple(street for street in (one.street, one.street2) if street)}


@lru_cache(maxsize=20_000)
def _phone(said: Any) -> dict[str, Any]:
    found = numbers.phones(names.many(said))
    return {"phone": found[0] if found else None, "phones": found}


@lru_cache(maxsize=20_000)
def _email(said: Any) -> dict[str, Any]:
    found = numbers.emails(names.many(said))
    return {"email": found[0] if found else None, "emails": found, "mailbox": found[0].split("@")[0] if found else None}


@lru_cache(maxsize=20_000)
def _nhs(said: Any) -> dict[str, Any]:
    return _columns(numbers.nhs(str(said or "")))


@lru_cache(maxsize=20_000)
def text(said: Any) -> str | None:
    """Any other words, folded; what only says that nothing is known is nothing."""
    folded = fold(" ".join(names.many(said)) if isinstance(said, tuple) else str(said)) if said is not None else ""
    return folded if folded and folded not in NO_WORD else None


@cache
def _whole(name: str) -> Callable[[Any], dict[str, Any]]:
    return lambda said: {name: text(said)}


GROUPS = (
    Group(
        ("given_name",),
        _given,
        ("given", "givens", "given_sound", "given_sounds", "given_spelt", "given_kin", "middle", "middles"),
    ),
    Group(("given_name",), _given_meant, ("given_meant",)),
    Group(("family_name",), _family, ("family", "families", "family_sound", "family_sounds")),
    Group(("family_name",), _family_spelt, ("family_spelt",)),
    Group(
        ("birth_date",),
        _born,
        ("born", "born_turned", "born_year", "born_month", "born_day", "born_either", "born_yearless", "new_year"),
    ),
    Group(("sex",), _sex, ("sex",)),
    Group(("postcode",), _postcode, ("postcode", "postcodes", "sectors", "districts")),
    Group(ADDRESS, _address, ("house", "street", "street2", "streets", "locality")),
    Group(("phone",), _phone, ("phone", "phones")),
    Group(("email",), _email, ("email", "emails", "mailbox")),
    Group(("nhs_number",), _nhs, ("nhs", "nhs_typed")),
    *(Group((name,), _whole(name), (name,)) for name in ("birth_place", "occupation", "local_id")),
)
