"""What invented people are called. The lists are our own: tables/names.toml."""

import unicodedata
from functools import cache
from random import Random

from locality.demo.borough.chance import Weighted, falling
from locality.demo.borough.published import toml

BY_SEX = {"female": 1, "male": 0}
# letters that do not fall apart into a plain one and its mark
PLAIN = str.maketrans({"ł": "l", "Ł": "L", "ß": "ss", "ø": "o", "đ": "d"})
SHARE_WHOLE = 0.35


def _book() -> dict:
    return toml("tables/names.toml")


@cache
def _given(heritage: str, sex: str, year: int) -> Weighted[str]:
    eras = _book()[heritage][sex]
    era = max((one for one in eras if int(one) <= year), key=int, default=min(eras, key=int))
    return falling(eras[era].split())


def given(heritage: str, sex: str, *, born: int, rng: Random) -> tuple[str, ...]:
    """A first name of its time, and often a second."""
    names = _given(heritage, sex, born)
    first = names.draw(rng)
    if rng.random() < (0.65 if heritage in ("british", "irish", "caribbean", "jewish") else 0.3):
        second = names.draw(rng)
        if second != first:
            return first, second
    return (first,)


@cache
def _whole(heritage: str) -> Weighted[str] | None:
    names = _book()[heritage].get("whole", "").split()
    return falling(names) if names else None


@cache
def _parts(heritage: str) -> tuple[Weighted[str], Weighted[str]] | None:
    book = _book()[heritage]
    if "beginnings" not in book:
        return None
    return falling(book["beginnings"].split(), shift=8), falling(book["endings"].split(), shift=5)


def family(heritage: str, rng: Random) -> str:
    """A family name; of two forms where a man's differs from a woman's: "Kowalski+Kowalska"."""
    whole, parts = _whole(heritage), _parts(heritage)
    if parts is None or (whole is not None and rng.random() < SHARE_WHOLE):
        return whole.draw(rng) if whole is not None else ""
    beginning, ending = (part.draw(rng) for part in parts)
    return "+".join((beginning + one).capitalize() for one in ending.split("+"))


def of_sex(name: str, sex: str) -> str:
    """The form of a family name that a woman or a man bears."""
    forms = name.split("+")
    return forms[min(BY_SEX[sex], len(forms) - 1)]


def womans_own(heritage: str, rng: Random) -> str:
    """A second name that only women bear, where that is the custom; else nothing."""
    own = _book()[heritage].get("womens", "").split()
    return rng.choice(own) if own and rng.random() < 0.4 else ""


def nickname(name: str, rng: Random) -> str:
    """What somebody of this name may be called; nothing where we know of none."""
    known = _book()["nicknames"].get(name, "").split()
    return rng.choice(known) if known else ""


def written_otherwise(name: str, rng: Random) -> str:
    """The same name as another clerk would write it; the name itself where there is no other way."""
    known = _book()["written"].get(name, "").split()
    if known:
        return rng.choice(known)
    bare = plain(name)
    return bare if bare != name else name.replace("-", " ")


def plain(name: str) -> str:
    """Without accents."""
    apart = unicodedata.normalize("NFKD", name.translate(PLAIN))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


@cache
def heritages(category: str) -> Weighted[str]:
    """Whose names people of one ethnic category bear."""
    shares = _book()["heritage"][category]
    return Weighted(list(shares), list(shares.values()))


def language(heritage: str, rng: Random) -> tuple[str, str] | None:
    """Code and words of what an adult of this heritage speaks first, where it is not English."""
    place = rng.random()
    for code, words, share in _book()["languages"].get(heritage, ()):
        place -= share
        if place < 0:
            return code, words
    return None
