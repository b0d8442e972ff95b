"""Telephone numbers, e-mail addresses and NHS numbers, with those that name nobody set aside."""

import re
from dataclasses import dataclass
from functools import lru_cache
from operator import mul

from locality.methods import nhs_number

NOT_DIGITS = re.compile(r"\D+")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
NO_EMAIL = re.compile(r"^(?:none|na|no|noemail|unknown|test|noreply|no-reply|nomail|declined|notgiven)@")
FEWEST, LAST = 6, 10
DIGITS = 10
FROM_ENGLAND = "4"  # numbers that begin with less are Scotland's and others', which must be dates besides


@dataclass(frozen=True, slots=True)
class NhsNumber:
    nhs: str | None = None  # valid
    nhs_typed: str | None = None  # as typed, valid or not, so that one wrong digit is seen
    doubt: str = ""


@lru_cache(maxsize=20_000)
def phones(said: tuple[str, ...]) -> tuple[str, ...]:
    """The last ten digits of each number; too short, or all one digit, is none."""
    digits = (NOT_DIGITS.sub("", one) for one in said)
    found = (one[-LAST:] for one in digits if len(one) >= FEWEST and len(set(one[-LAST:].lstrip("0"))) > 2)
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=20_000)
def emails(said: tuple[str, ...]) -> tuple[str, ...]:
    """Each address in small letters; those that are none, or nobody's, left out."""
    found = (one.strip().lower()[:120] for one in said)
    return tuple(dict.fromkeys(one for one in found if EMAIL.fullmatch(one) and not NO_EMAIL.match(one)))


@lru_cache(maxsize=20_000)
def nhs(said: str) -> NhsNumber:
    """An NHS number judged: valid, one that fails its check digit, or one that is typed for want of a number."""
    digits = said if said.isdecimal() and said.isascii() else NOT_DIGITS.sub("", said.removesuffix(".0"))
    if not digits:
        return NhsNumber(doubt="missing")
    if digits in nhs_number.PLACEHOLDERS or len(set(digits)) < 3:
        return NhsNumber(doubt="placeholder")
    if len(digits) == DIGITS and _checks(digits):
        return NhsNumber(digits, digits)
    return NhsNumber(None, digits if 9 <= len(digits) <= 11 else None, "invalid")


def _checks(digits: str) -> bool:
    # a batch asks this a million times, so that what the check digit rules out, or in, is told without the library
    if sum(map(mul, map(int, digits), range(DIGITS, 0, -1))) % 11:
        return False
    return digits[0] >= FROM_ENGLAND or nhs_number.state(digits) == nhs_number.NhsNumberState.VALID
