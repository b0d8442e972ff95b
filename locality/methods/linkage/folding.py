"""Words made comparable: small plain letters a to z and digits, whatever script or keyboard they came from."""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

LONGEST = 120  # letters; what is longer is no name
INSIDE = re.compile(r"['`´‘’ʼʻ′]")
APART = re.compile(r"[^a-z0-9]+")
LETTER = re.compile(r"[a-z]")
DIGIT_IN_WORD = re.compile(r"(?<=[a-z])[013](?=[a-z])")
DIGITS = {"0": "o", "1": "l", "3": "e"}
# letters of other scripts that a Latin word is sometimes written with because they look the same
LOOKS = str.maketrans(
    dict(zip("асеорхуіјѕһԁԛԝвкмнт", "aceopxyijshdqwbkmht", strict=True))
    | dict(zip("αβγεικνορτυχωη", "abyeiknoptuxwn", strict=True))
)


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Small letters a to z, digits and single spaces; marks, accents and what cannot be seen are gone."""
    if text.isascii():
        return APART.sub(" ", INSIDE.sub("", text[:LONGEST].lower())).strip()
    text = unicodedata.normalize("NFKC", text[:LONGEST]).casefold()
    seen = "".join(letter for letter in text if unicodedata.category(letter) not in ("Cf", "Cc", "Mn"))
    bare = " ".join(_as_it_looks(word) for word in INSIDE.sub("", seen).split())
    return APART.sub(" ", INSIDE.sub("", anyascii(bare)).lower()).strip()


def _as_it_looks(word: str) -> str:
    """A word of mixed scripts read as the Latin word that it looks like; a word of one script left alone."""
    return word.translate(LOOKS) if LETTER.search(unicodedata.normalize("NFKD", word)) else word


def letters(text: str) -> str:
    """A folded name without digits, those inside a word read as the letters they look like."""
    if not any(digit.isdigit() for digit in text):
        return text
    read = DIGIT_IN_WORD.sub(lambda found: DIGITS[found.group()], text)
    return " ".join("".join(letter for letter in read if not letter.isdigit()).split())
