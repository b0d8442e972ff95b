"""Given and family names: their parts, what they sound like, and the names they are short for."""

import csv
import tomllib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from rapidfuzz.distance import DamerauLevenshtein

from locality.methods.linkage.folding import fold, letters
from locality.methods.linkage.sounds import sound, spelt

DATA = Path(__file__).parent / "data"
MOST_PARTS, LONGEST_PART = 6, 40
SHORTEST_SLIP, MOST_MEANT = 4, 12  # of a name that is taken for a slip; of the names that it may be meant for

Said = str | Sequence[str]
keyed = DamerauLevenshtein.distance


@dataclass(frozen=True, slots=True)
class Given:
    given: str | None = None
    givens: tuple[str, ...] = ()
    given_sound: str | None = None
    given_sounds: tuple[str, ...] = ()
    given_spelt: str | None = None
    given_kin: tuple[str, ...] = ()
    middle: str | None = None
    middles: tuple[str, ...] = ()
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    family: str | None = None
    families: tuple[str, ...] = ()
    family_sound: str | None = None
    family_sounds: tuple[str, ...] = ()
    doubt: str = ""


def many(said: Said | None) -> tuple[str, ...]:
    """One value or several, as several; nothing as none."""
    if said is None:
        return ()
    return (said,) if isinstance(said, str) else tuple(one for one in said if one)


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(tomllib.loads((DATA / "words.toml").read_text(encoding="utf-8"))[kind].split())


@lru_cache(maxsize=20_000)
def given(said: tuple[str, ...]) -> Given:
    """Given names, the first of them first; a nickname or another given name may follow as a further value."""
    parts = [_parts(one, "before_given") for one in said]
    own = [_without_nobody(one) for one in parts]
    if not any(own):
        newborn = any(part in _words("newborn") for one in parts for part in one)
        return Given(doubt="newborn" if newborn else "placeholder" if any(parts) else "missing")
    first = next(one for one in own if one)
    name = "".join(first[:2]) if first[0] in _words("servant") else first[0]
    called = [one[0] for one in own[1:] if one]
    names = tuple(dict.fromkeys([name, *(part for one in own for part in one)]))[:MOST_PARTS]
    sounds = tuple(dict.fromkeys(sound_of(one) for one in names if len(one) > 1))
    kin = tuple(dict.fromkeys(formal for one in (name, *called) for formal in kin_of(one)))
    middles = first[2 if first[0] in _words("servant") else 1 :]
    return Given(
        given=name,
        givens=names,
        given_sound=sound_of(name) if len(name) > 1 else None,
        given_sounds=sounds,
        given_spelt=closely(name) if len(name) > 1 else None,
        given_kin=kin,
        middle=middles[0] if middles else None,
        middles=middles,
    )


@lru_cache(maxsize=20_000)
def family(said: tuple[str, ...]) -> Family:
    """The family name as one word, with its parts and any former ones beside it."""
    parts = [one for text in said if (one := _without_nobody(_parts(text, "before_family")))]
    if not parts:
        return Family(doubt="placeholder" if any(fold(one) for one in said) else "missing")
    joined = "".join(parts[0])[:LONGEST_PART]
    several = [name[:LONGEST_PART] for one in parts for name in ("".join(one), *one)]
    several += [bare for name in several if (bare := _without_article(name))]
    stand_alone = (one for one in several if one == joined or (len(one) > 1 and one not in _words("before_family")))
    names = tuple(dict.fromkeys(stand_alone))[:MOST_PARTS]
    return Family(joined, names, sound_of(joined), tuple(dict.fromkeys(sound_of(one) for one in names)))


def _parts(text: str, before: str) -> tuple[str, ...]:
    """The words of one name, with parts that cannot stand alone joined to what follows them."""
    words = [word for word in letters(fold(text)).split() if word not in _words("titles")]
    while len(words) > 1 and words[-1] in _words("after"):
        words.pop()
    found: list[str] = []
    held = ""
    for word in words[: MOST_PARTS * 2]:
        if word in _words(before):
            held += word
        else:
            found.append((held + word)[:LONGEST_PART])
            held = ""
    return tuple([*found, held] if held else found)[:MOST_PARTS]


def _without_nobody(parts: tuple[str, ...]) -> tuple[str, ...]:
    if parts and parts[0] in _words("newborn"):
        return ()  # "Baby of Sarah", "Twin one": whose else the words are, they are not the child's
    return () if all(part in _words("nobody") for part in parts) else parts


def _without_article(name: str) -> str:
    """The rest of "alhakim"; nothing where the rest would be no name."""
    for article in _words("articles"):
        if name.startswith(article) and len(name) - len(article) >= 4:
            return name[len(article) :]
    return ""


@lru_cache(maxsize=20_000)
def sound_of(name: str) -> str:
    """How a name sounds; spellings too far apart for any rule share the sound of the first on their line."""
    return sound(_spellings().get(name, name))


@lru_cache(maxsize=20_000)
def kin_of(name: str) -> tuple[str, ...]:
    """The name and the formal names that it is short for or another spelling of."""
    return tuple(dict.fromkeys((name, _spellings().get(name, name), *_formal_names().get(name, ()))))


@lru_cache(maxsize=20_000)
def meant_by(name: str | None) -> tuple[str, ...]:
    """What a name that nobody has may be a slip of the keys for: the formal names of known ones that begin alike."""
    if name is None or len(name) < SHORTEST_SLIP or name in _known():
        return ()
    near = {one for part in (name, *_with_one_gone(name)) for one in _one_slip_off().get(part, ())}
    meant = [one for one in sorted(near) if one[0] == name[0] and keyed(one, name) == 1]
    return tuple(dict.fromkeys(formal for one in meant for formal in kin_of(one)))[:MOST_MEANT]


def _with_one_gone(name: str) -> list[str]:
    return [name[:place] + name[place + 1 :] for place in range(len(name))]


@cache
def _known() -> frozenset[str]:
    """Every given name that has short forms or several spellings, and all of these."""
    return frozenset({*_spellings(), *_formal_names(), *(name for names in _formal_names().values() for name in names)})


@cache
def _one_slip_off() -> dict[str, list[str]]:
    """Known names by what is left of them with one letter gone: two names a slip apart share such a rest."""
    found: dict[str, list[str]] = defaultdict(list)
    for name in _known():
        if len(name) >= SHORTEST_SLIP:
            for part in (name, *_with_one_gone(name)):
                found[part].append(name)
    return dict(found)


def closely(name: str | None) -> str | None:
    """A closer reading of a name than its sound; the spellings on one line of spellings.csv share it."""
    return spelt(_spellings().get(name, name)) if name else None


def _lines(name: str) -> list[list[str]]:
    text = (DATA / name).read_text(encoding="utf-8").splitlines()
    return list(csv.reader(line for line in text if line and not line.startswith("#")))


@cache
def _spellings() -> dict[str, str]:
    return {name: names[0] for names in _lines("spellings.csv") for name in names}


@cache
def _formal_names() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for formal, *short in (*_lines("nicknames.csv"), *_lines("called.csv")):
        for name in short:
            found[name].append(formal)
    return {name: tuple(dict.fromkeys(formal)) for name, formal in found.items()}
