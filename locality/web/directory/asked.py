"""What was asked of the directory, from a form: never in the address where a postcode is typed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from locality.directory.rules import postcode
from locality.directory.rules.services import ACCESS_WORDS, Access, ServiceAsked
from locality.web.forms import Form

MILES = (("1", "1 mile"), ("2", "2 miles"), ("5", "5 miles"), ("10", "10 miles"))
OLDEST = 120
HALF = 2, 4


@dataclass(frozen=True, slots=True)
class Asked:
    """The search, and whether anything was asked at all."""

    asked: ServiceAsked
    is_asked: bool


def read(form: Form, *, needs: dict[str, Any], at: datetime, whose: UUID | None) -> Asked:
    """What a form asks; what cannot be is told beside its field and left out. What grew old is asked of one's own."""
    words, near = form.words("words")[:200], form.words("near").upper()
    need = form.chosen("need", {code: code for code in needs})
    within = form.chosen("within", {value: float(value) for value, _ in MILES})
    access = form.chosen("access", {str(one): str(one) for one in Access})
    if near and not _may_be_postcode(near):
        form.errors.append(("near", f"\u201c{near}\u201d is no postcode: type one such as AB1 2CD, or its first half."))
        near = ""
    if within and not near:
        form.errors.append(("near", "Type a postcode to say how near."))
    asked = ServiceAsked(
        words=words,
        needs=[need] if need else [],
        near=near,
        within_miles=within,
        free=form.words("free") == "yes",
        access=[access] if access else [],
        age=_age(form),
        open_at=at if form.words("open") == "yes" else None,
        takes_referrals=form.words("refers") == "yes",
        stale=form.words("stale") == "yes",
        organisation=whose if form.words("stale") == "yes" else None,
    )
    return Asked(asked, not form.errors and any(form.words(name) for name in FIELDS))


FIELDS = ("words", "need", "near", "within", "free", "access", "age", "open", "refers", "stale", "all")
ACCESSES = [(str(one), words) for one, words in ACCESS_WORDS.items()]


def _may_be_postcode(near: str) -> bool:
    packed = "".join(near.split())
    return postcode(packed) is not None or (packed.isalnum() and HALF[0] <= len(packed) <= HALF[1])


def _age(form: Form) -> int | None:
    typed = form.words("age")
    if not typed:
        return None
    if not (typed.isascii() and typed.isdecimal() and int(typed) <= OLDEST):
        form.errors.append(("age", "Type an age in whole years, such as 72."))
        return None
    return int(typed)
