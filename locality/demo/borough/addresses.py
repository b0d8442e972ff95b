"""Invented houses on invented streets, in postcodes that exist so that neighbourhoods are found."""

from functools import cache
from random import Random

from locality.demo.borough.chance import Weighted, chance, falling
from locality.demo.borough.people import Address
from locality.demo.borough.published import Area, toml


def _places() -> dict:
    return toml("tables/places.toml")


@cache
def _streets() -> tuple[Weighted[str], Weighted[str]]:
    return falling(_places()["beginnings"].split(), shift=20), falling(_places()["endings"].split(), shift=6)


@cache
def _street(postcode: str) -> str:
    """A postcode lies on one street, whoever asks."""
    beginning, ending = _streets()
    rng = chance("street", postcode)
    return f"{beginning.draw(rng)} {ending.draw(rng)}"


def town(postcode: str) -> str:
    """The town of a postcode district."""
    return _places()["towns"].get(postcode.split()[0], "")


def house(area: Area, *, flat: bool, rng: Random) -> Address:
    """A house in one of the area's postcodes; now and then with a name, or a flat in a larger one."""
    postcode = rng.choice(area.postcodes)
    line = f"{rng.randrange(1, 120)} {_street(postcode)}"
    if flat:
        named = f"{rng.choice(_places()['houses'].split())} {rng.choice(_places()['flats'].split())}"
        return Address((f"Flat {rng.randrange(1, 30)}, {named}", line), town(postcode), postcode)
    if rng.random() < 0.06:
        named = f"{rng.choice(_places()['houses'].split())} {rng.choice(_places()['house_endings'].split())}"
        return Address((named, line), town(postcode), postcode)
    return Address((line,), town(postcode), postcode)


def care_home(area: Area, *, number: int) -> Address:
    """One of an area's care homes, of which there are as many as are registered; the names are invented."""
    rng = chance("home", area.code, number)
    name = rng.choice(_places()["homes"].split()).replace("-", " ")
    postcode = rng.choice(area.postcodes)
    return Address((f"{name} Care Home", f"{rng.randrange(1, 60)} {_street(postcode)}"), town(postcode), postcode)


def elsewhere(rng: Random) -> Address:
    """Somewhere outside the borough that is not on any map."""
    town_there, postcode = rng.choice(_places()["elsewhere"])
    beginning, ending = _streets()
    line = f"{rng.randrange(1, 120)} {beginning.draw(rng)} {ending.draw(rng)}"
    return Address((line,), town_there, postcode)


def school(area: Area, rng: Random) -> str:
    """An invented primary school, the same few for neighbours."""
    names = _places()["schools"].split()
    return f"{names[(area.number // 12 + rng.randrange(2)) % len(names)].replace('-', ' ')} Primary School"
