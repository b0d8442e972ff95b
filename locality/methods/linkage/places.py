"""Postcodes and addresses: the parts that are compared and looked up by."""

import re
from dataclasses import dataclass
from functools import lru_cache

from locality.methods.linkage.folding import fold

POSTCODE = re.compile(r"([a-z]{1,2}\d[a-z\d]?)(\d[a-z]{2})")
# no fixed abode, not known, overseas: given to many who have nothing else in common
NOWHERE = frozenset({"zz993vz", "zz993cz", "zz993wz", "zz993gz", "zz993bz", "zz993hz", "zz992wz", "zz999zz"})
NO_ADDRESS = frozenset(("no fixed abode", "nfa", "unknown", "not known", "address unknown", "homeless", "n a", "none"))
SHORT = {
    "rd": "road", "st": "street", "ave": "avenue", "av": "avenue", "ln": "lane", "cl": "close", "dr": "drive",
    "ct": "court", "cres": "crescent", "cresc": "crescent", "gdns": "gardens", "gdn": "gardens", "pl": "place",
    "tce": "terrace", "terr": "terrace", "sq": "square", "pk": "park", "gr": "grove", "gro": "grove", "apt": "flat",
    "apartment": "flat", "unit": "flat", "saint": "st", "mt": "mount", "hse": "house",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Postcodes:
    postcode: str | None = None
    postcodes: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Address:
    house: str | None = None
    street: str | None = None
    street2: str | None = None
    locality: str | None = None


@lru_cache(maxsize=20_000)
def postcodes(said: tuple[str, ...]) -> Postcodes:
    """Where somebody lives, first, and lived before; what is no British postcode is compared as it stands."""
    bare = tuple(dict.fromkeys(one for text in said if (one := _bare(text))))
    if not bare:
        return Postcodes()
    found = [POSTCODE.fullmatch(one) for one in bare]
    sectors = tuple(dict.fromkeys(one[1] + " " + one[2][0] for one in found if one))
    districts = tuple(dict.fromkeys(one[1] for one in found if one))
    return Postcodes(bare[0], bare, sectors, districts)


def _bare(text: str) -> str:
    bare = fold(text).replace(" ", "")[:12]
    if bare.endswith("0") and bare[:-1].isdigit() and text.strip().endswith(".0"):
        bare = bare[:-1]  # a spreadsheet made a number of it
    return "" if bare in NOWHERE or bare in ("unknown", "notknown", "nfa", "na", "none", "null") else bare


@lru_cache(maxsize=20_000)
def address(house_number: str, line: str, line2: str, locality: str) -> Address:
    """A house by its number or name, its street and the rest, whichever line they were written on."""
    first, second = _words(line), _words(line2)
    if not first:
        first, second = second, []
    numbers = [word for word in (*fold(house_number).split(), *first, *second) if word[0].isdigit()]
    # "Flat 3, Oak Court" or "Rose Cottage" may stand before the line that has the street and its number
    turned = not house_number and _numbered(second) and (first[0] == "flat" or not _numbered(first))
    street, other = _named(second if turned else first), _named(first if turned else second)
    house = " ".join(dict.fromkeys(numbers[:3])) or " ".join(first[:3] if second else []) or fold(house_number)
    return Address(house or None, street or None, other or None, " ".join(_words(locality)) or None)


def _words(line: str) -> list[str]:
    if not line:
        return []
    folded = fold(line)
    return [] if folded in NO_ADDRESS else [SHORT.get(word, word) for word in folded.split()]


def _numbered(words: list[str]) -> bool:
    return any(word[0].isdigit() for word in words)


def _named(words: list[str]) -> str:
    return " ".join([word for word in words if not word[0].isdigit()])[:60]
