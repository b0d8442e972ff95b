"""Words as people write them, and the keys they sort and match by."""

import re
import unicodedata

SPACES = re.compile(r"\s+")
# letters that carry no accent to strip yet are written both ways
PLAIN_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})


def sort_key(words: str) -> str:
    """Casefolded and unaccented, so that names sort the same on every server (the embedded one has no ICU)."""
    plain = unicodedata.normalize("NFKD", words.casefold().translate(PLAIN_LETTERS))
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return SPACES.sub(" ", kept.replace("\u2019", "'")).strip()


def nhs_number_words(number: str) -> str:
    """An NHS number as people read it aloud: 3-3-4."""
    return f"{number[:3]} {number[3:6]} {number[6:]}" if len(number) == 10 else number
