"""How a name sounds, coarsely: spellings of one name in other languages' letters come out the same.

English phonetic codes part South Asian, Arabic, Polish and West African names that are one name, and so lose their
bearers' links oftener than others'. This keeps the consonants, the class of the first vowel and a breathed h before a
vowel: Mohammed = Muhammad = Mohamed, yet not Mahmood; Hussain = Hossain = Husain, yet not Hassan; Kowalski = Kowalska.
"""

import re
from functools import lru_cache

TOGETHER = (
    (re.compile(r"(?:sch|sh|sz|sc(?=[ei]))"), "s"),
    (re.compile(r"(?:tch|cz|ch)(?=[aeiouy]|$|[lr])"), "C"),
    (re.compile(r"ch"), ""),
    (re.compile(r"ph"), "f"),
    (re.compile(r"(?:ck|kh|q(?:u(?=[aeiouy]))?|gh(?=t))"), "k"),
    (re.compile(r"gh"), "g"),
    (re.compile(r"(?:dh|dd)"), "d"),
    (re.compile(r"(?:th|tt)"), "t"),
    (re.compile(r"bh"), "b"),
    (re.compile(r"x"), "ks"),
    (re.compile(r"c(?=[eiy])"), "s"),
    (re.compile(r"c(?=[aoukln]|$)"), "k"),
    (re.compile(r"(?:dj|dzh|j)"), "j"),
    (re.compile(r"z"), "s"),
    (re.compile(r"w(?=sk)"), "f"),
    (re.compile(r"(?<=[aeiou])w(?![aeiou])"), "u"),
    (re.compile(r"(?<=[aeiou])y(?![aeiou])"), "i"),
    (re.compile(r"[wv]"), "f"),
)
ROUND = re.compile(r"[ouw]|a[uw]")
VOWELS = frozenset("aeiouy")
# the closer reading: vowels count, by the first of each run; ee is i, oo and ou are u, y is i, and e is a
CLOSER = (
    (re.compile(r"sch|sh|sz"), "S"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"tch|ch|cz"), "C"),
    (re.compile(r"ck|kh|q(?:u(?=[aeiouy]))?|c(?=[aoukrlt]|$)"), "k"),
    (re.compile(r"c"), "s"),
    (re.compile(r"(?<=[dtbgr])h"), ""),
    (re.compile(r"ee|y|ie(?=$)|i"), "i"),
    (re.compile(r"ou|oo|o|u|au(?=[^aeiou])|ow"), "u"),
    (re.compile(r"w"), "v"),
    (re.compile(r"e"), "a"),
    (re.compile(r"(?<=[aiu])[aiu]+"), ""),
    (re.compile(r"(.)\1+"), r"\1"),
    (re.compile(r"h$"), ""),
)


@lru_cache(maxsize=20_000)
def sound(word: str) -> str:
    """The sound of one folded word; nothing of nothing."""
    first = word[:1]
    for pattern, plain in TOGETHER:
        word = pattern.sub(plain, word)
    word = re.sub(r"(.)\1+", r"\1", word)
    vowels = re.search(r"[aeiouy]+", word)
    kind = "" if vowels is None else "o" if ROUND.match(vowels.group()) else "a"
    kept = [letter for place, letter in enumerate(word) if _kept(word, place, letter)]
    return kind.upper() + "".join(kept) if kept else kind.upper() + first


@lru_cache(maxsize=20_000)
def spelt(word: str) -> str:
    """A closer reading than the sound, which two spellings of one name share and two like names hardly ever do."""
    for pattern, plain in CLOSER:
        word = pattern.sub(plain, word)
    return word


def _kept(word: str, place: int, letter: str) -> bool:
    if letter == "h":
        return place + 1 < len(word) and word[place + 1] in VOWELS
    return letter not in VOWELS
