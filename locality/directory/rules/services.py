"""What is asked of the directory, what its words mean, how old what it says is, and who may keep it."""

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from uuid import UUID

from rapidfuzz.distance import OSA

from locality.base import Refused, Viewer, ViewerKind
from locality.base.words import date_words, sort_key


class Access(StrEnum):
    """What makes it possible for somebody to come, or not to have to."""

    STEP_FREE = "step-free"
    HEARING_LOOP = "hearing-loop"
    SIGN_LANGUAGE = "sign-language"
    INTERPRETER = "interpreter"
    PARKING = "parking"
    HOME = "home"
    ONLINE = "online"
    TELEPHONE = "telephone"


ACCESS_WORDS = {
    Access.STEP_FREE: "Step-free, for a wheelchair or a walking frame",
    Access.HEARING_LOOP: "Hearing loop",
    Access.SIGN_LANGUAGE: "British Sign Language",
    Access.INTERPRETER: "Interpreters",
    Access.PARKING: "Parking for disabled people",
    Access.HOME: "Comes to the home",
    Access.ONLINE: "Online",
    Access.TELEPHONE: "By telephone",
}


class CapacityState(StrEnum):
    OPEN = "open"
    WAITING = "waiting"
    CLOSED = "closed"


CAPACITY_WORDS = {
    CapacityState.OPEN: "Has room now",
    CapacityState.WAITING: "Has a waiting list",
    CapacityState.CLOSED: "Takes nobody new now",
}


class ReportState(StrEnum):
    WAITING = "waiting"
    MENDED = "mended"
    RIGHT = "right"  # it was looked at, and stands as it is


class EntryState(StrEnum):
    KEPT = "kept"
    REFUSED = "refused"
    ENDED = "ended"  # it is in the feed no more


# Whoever made sure longer ago than this is told of: a year for what a service is, a month for whether it has room.
STALE_AFTER_DAYS = 365
CAPACITY_STALE_AFTER_DAYS = 28
ADMINISTRATOR = "administrator"
# what can be changed here; what was changed here is overwritten by no pack and no file
CHANGED_HERE = (
    *("name", "description", "who_for", "how_to", "min_age", "max_age", "is_free", "cost", "url", "email", "phone"),
    *("needs", "access", "access_words", "is_public", "takes_referrals", "owner_id"),
)

WORD = re.compile(r"[^\W_]+")
STOP = frozenset(
    WORD.findall(
        "a an and any are at be can cannot cant close do for from get help i im in is it local me my near need needs "
        "not of on or our someone somebody some something support that the their there to up us want we with you who "
        "where what how have has having"
    )
)
MOST_WORDS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAsked:
    """What somebody looks for: each part narrows it, and none need be said.

    `near` is a postcode or the first half of one; `access` are codes of Access; `needs` codes of the place's needs;
    `open_at` an instant; `stale` is what nobody made sure of within a year; `organisation` who offers it.
    A person's postcode is never written down, whoever asks.
    """

    words: str = ""
    needs: Sequence[str] = ()
    near: str = ""
    within_miles: float | None = None
    free: bool = False
    access: Sequence[str] = ()
    age: int | None = None
    open_at: datetime | None = None
    public_only: bool = False
    takes_referrals: bool = False
    stale: bool = False
    organisation: UUID | None = None


@dataclass(frozen=True, slots=True)
class NeedSaid:
    """A need and the words that people have for it."""

    code: str
    name: str
    said_as: Sequence[str] = ()


def telling_words(words: str) -> list[str]:
    """The words of a search that tell something, plain, each once; all of them where none does."""
    typed = list(dict.fromkeys(WORD.findall(sort_key(words).replace("'", ""))))
    return ([word for word in typed if word not in STOP] or typed)[:MOST_WORDS]


def needs_meant(words: str, needs: Collection[NeedSaid]) -> list[str]:
    """The needs whose name, or another word for it, is among these words; a slip of a long word is forgiven."""
    typed = telling_words(words)
    return [one.code for one in needs if any(_is_said(phrase, typed) for phrase in (one.name, *one.said_as))]


def is_among(phrases: Collection[str], words: str) -> bool:
    """Whether one of these phrases stands in the words as it is: with its small words, which tell of whom it is."""
    typed = f" {_plain(words)} "
    return any(f" {_plain(phrase)} " in typed for phrase in phrases)


def _plain(words: str) -> str:
    return " ".join(WORD.findall(sort_key(words).replace("'", "")))


def _is_said(phrase: str, typed: Sequence[str]) -> bool:
    return all(any(_alike(word, other) for other in typed) for word in _words_of(phrase))


@lru_cache(maxsize=4096)
def _words_of(phrase: str) -> tuple[str, ...]:
    # the same few hundred phrases, for every search and every service that is taken in
    return tuple(telling_words(phrase))


SHORT, LONG = 4, 7


def _alike(word: str, typed: str) -> bool:
    if word == typed:
        return True
    if min(len(word), len(typed)) < SHORT:
        return False
    # "falls" of "fall", "lonely" of "loneliness" is left to the place's own list of words
    if word.startswith(typed) or typed.startswith(word):
        return abs(len(word) - len(typed)) <= 2
    return len(word) > LONG and OSA.distance(word, typed, score_cutoff=1) <= 1


def nearest_words(word: str, known: Collection[str]) -> list[str]:
    """The known words that a slip or two make of this one, nearest first."""
    most = 1 if len(word) <= SHORT else 2
    slips = ((OSA.distance(word, one, score_cutoff=most), one) for one in known)
    return [one for count, one in sorted(slips) if count <= most]


def is_stale(*, assured_on: date | None, on: date) -> bool:
    """Whether nobody made sure of it within a year, or ever."""
    return assured_on is None or (on - assured_on).days > STALE_AFTER_DAYS


def checked_words(*, assured_on: date | None, on: date) -> str:
    """How long ago somebody made sure of it, in words."""
    if assured_on is None:
        return "Never checked"
    return f"Last checked {_ago((on - assured_on).days)}"


def _ago(days: int) -> str:
    if days <= 0:
        return "today"
    if days < 60:
        return f"{days} day{'s' if days > 1 else ''} ago"
    months = days * 12 // 365
    if months == 1:
        return "1 month ago"
    return f"{months} months ago" if months < 24 else f"{months // 12} years ago"


def capacity_is_old(*, reported_on: date, on: date) -> bool:
    """Whether what was said of a service's room is too old to go by."""
    return (on - reported_on).days > CAPACITY_STALE_AFTER_DAYS


def capacity_words(*, state: str, wait_days: int | None, places: int | None, assesses_first: bool) -> str:
    """Whether a service has room, in words."""
    words = CAPACITY_WORDS[CapacityState(state)]
    if wait_days is not None:
        words += f", about {_wait(wait_days)}"
    if places is not None and state != CapacityState.CLOSED:
        words += f", {places} place{'' if places == 1 else 's'}"
    return words + (", assesses first" if assesses_first else "")


def _wait(days: int) -> str:
    if days < 14:
        return f"{days} day{'' if days == 1 else 's'}"
    return f"{days // 7} weeks"


def check_capacity(*, state: str, wait_days: int | None, places: int | None) -> None:
    """Raise Refused where what is said of a service's room cannot be."""
    if state not in list(CapacityState):
        raise Refused("Say whether it has room, has a waiting list, or takes nobody new.")
    if wait_days is not None and state != CapacityState.WAITING:
        raise Refused("A wait belongs to a waiting list: choose that, or leave the wait out.")
    if any(number is not None and not 0 <= number <= 3650 for number in (wait_days, places)):
        raise Refused("Days and places are whole numbers from 0 to 3,650.")


def may_keep(viewer: Viewer, *, owner: UUID | None, organisation: UUID) -> bool:
    """Whether this viewer keeps a service: its owner, those who work for whoever offers it, an administrator."""
    if viewer.kind == ViewerKind.SYSTEM:
        return True
    if viewer.kind != ViewerKind.PRACTITIONER:
        return False
    return viewer.role == ADMINISTRATOR or viewer.id == owner or viewer.organisation == organisation


ACCESS_SAID: Mapping[Access, Sequence[str]] = {
    Access.STEP_FREE: ("step-free", "step free", "wheelchair access", "wheelchair accessible", "level access", "ramp"),
    Access.HEARING_LOOP: ("hearing loop", "induction loop"),
    Access.SIGN_LANGUAGE: ("sign language", "bsl"),
    Access.INTERPRETER: ("interpreter", "interpreting"),
    Access.PARKING: ("disabled parking", "accessible parking", "blue badge"),
}
DENIED = re.compile(r"\b(no|not|without|cannot|isn't|aren't|limited|unfortunately|unable|lacks?)\b")


def access_said(words: str) -> list[str]:
    """The kinds of access that a sentence says there are; a sentence with a "no" in it says none."""
    found: set[Access] = set()
    for sentence in re.split(r"[.;\n]", sort_key(words)):
        if not DENIED.search(sentence):
            found |= {one for one, said in ACCESS_SAID.items() if any(_word(part, sentence) for part in said)}
    return [str(one) for one in Access if one in found]


def _word(part: str, sentence: str) -> bool:
    return re.search(rf"\b{re.escape(part)}", sentence) is not None


def told_words(*, assured_on: date | None, assured_by: str) -> str:
    """Who made sure, and when."""
    if assured_on is None:
        return "Nobody has made sure of this yet."
    by = f" by {assured_by}" if assured_by else ""
    return f"Made sure of on {date_words(assured_on)}{by}."


def version_of(service: object) -> str:
    """What tells one state of what can be changed of a service from another."""
    said = [(name, getattr(service, name)) for name in CHANGED_HERE]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]
