"""A diagnosis code as somebody wrote it, read as the check tables write it: capitals, no dot, no suffix.

Hospital extracts write I50.9 as I509, `i50.9`, `I50.9 `, I10X (a code without a fourth figure), I64- (one without a
fifth) and I509D or E11.3+ (dagger and asterisk, where two codes say one illness). All begin with the same letters and
figures, which is all that the tables ask.
"""

import re
from dataclasses import dataclass

BLANKS = " \t\r\n\u00a0\u200b\ufeff"
# a letter, two figures (the American edition has some letters), then up to four more; a dot or blank after the third
ICD10 = re.compile(r"([A-Z][0-9][0-9A-Z])[. ]?([0-9A-Z]{0,4})")
# how most are written: nothing to take away
PLAIN = re.compile(r"[A-Z][0-9]{2}[0-9]{0,2}")
# dagger and asterisk, as signs or as the letters that the NHS puts for them, and fillers
ENDING = re.compile(r"(?<=..)[-+*#!\u2020\u2021. ]+[AD]?$")
SUFFIX = re.compile(r"(?<=[0-9X])[AD]$")
SEVERAL = re.compile(r"[,;|/&]")


@dataclass(frozen=True, slots=True)
class Read:
    """A code as it was read, or why it could not be."""

    code: str | None
    refused: str = ""


def as_icd10(said: str) -> Read:
    """Read an ICD-10 code; whether such a code exists is not asked, since the list of them may not be copied."""
    if PLAIN.fullmatch(said):
        return Read(said)
    text = ENDING.sub("", said.strip(BLANKS).upper())
    if not text:
        return Read(None, "no code")
    found = ICD10.fullmatch(text)
    if found is None:
        several = len([part for part in SEVERAL.split(text) if part.strip()]) > 1
        return Read(None, "several codes in one cell" if several else "not an ICD-10 code")
    code = found[1] + found[2]
    return Read(SUFFIX.sub("", code) if len(code) > 3 else code)


def as_name(said: str) -> str:
    """A name without capitals and with dashes: `Heart failure` and `heart_failure` are heart-failure."""
    return re.sub(r"[^a-z0-9]+", "-", said.strip(BLANKS).lower()).strip("-")
