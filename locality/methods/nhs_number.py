"""The NHS number and its check digit.

NHS Data Dictionary, "NHS NUMBER": ten digits, the last a modulus 11 check digit over the first nine with
weights 10 to 2; a check of 10 is never issued. Checked against the nine published test numbers in
tests/data/nhs_number and the `nhs-number` library.
"""

import re
from enum import StrEnum

import nhs_number

SEPARATORS = re.compile(r"[\s\-\u00a0\u2009\u2010-\u2015.]")

# pass the check digit, yet name nobody: typed when no number is known
PLACEHOLDERS = frozenset({digit * 10 for digit in "0123456789"} | {"1234567890", "2333455667"})


class NhsNumberState(StrEnum):
    VALID = "valid"
    INVALID = "invalid"
    PLACEHOLDER = "placeholder"


def plain(number: str) -> str:
    """The number without the spaces and dashes that people write in it."""
    return SEPARATORS.sub("", number)


def state(number: str) -> NhsNumberState:
    """Whether `number` (any spacing) can name one person: valid, invalid, or a known placeholder."""
    digits = plain(number)
    if digits in PLACEHOLDERS:
        return NhsNumberState.PLACEHOLDER
    return NhsNumberState.VALID if nhs_number.is_valid(digits) else NhsNumberState.INVALID
