"""What holds of the place on a day, and what its words and codes may be."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from enum import StrEnum
from itertools import pairwise
from typing import Any, TypeVar
from uuid import UUID

from locality.base import Refused, periods
from locality.base.words import date_words, sort_key


class OrganisationKind(StrEnum):
    TRUST = "trust"
    COUNCIL = "council"
    PRACTICE = "practice"
    PRIMARY_CARE_NETWORK = "primary_care_network"
    GP_FEDERATION = "gp_federation"
    OUT_OF_HOURS = "out_of_hours"
    AMBULANCE = "ambulance"
    PHARMACY = "pharmacy"
    VOLUNTARY = "voluntary"
    CARE_PROVIDER = "care_provider"
    HOSPICE = "hospice"
    EDUCATION = "education"
    HOUSING = "housing"
    COMMISSIONER = "commissioner"
    PARTNERSHIP = "partnership"
    BOARD = "board"
    OTHER = "other"  # of a directory's file, which does not say
    DEMONSTRATION = "demonstration"  # nobody's: files tried by hand, invented people


class SiteKind(StrEnum):
    HOSPITAL = "hospital"
    HEALTH_CENTRE = "health_centre"
    SURGERY = "surgery"
    PHARMACY = "pharmacy"
    CARE_HOME = "care_home"
    INTERMEDIATE_CARE = "intermediate_care"
    COMMUNITY = "community"
    OFFICE = "office"
    HUB = "hub"  # where a neighbourhood team works: never a place to visit


class SourceFormat(StrEnum):
    FHIR = "fhir"
    HL7V2 = "hl7v2"
    CSV = "csv"


class AboutKind(StrEnum):
    """What a published figure, or a boundary on the map, is about."""

    PLACE = "place"
    NEIGHBOURHOOD = "neighbourhood"
    WARD = "ward"
    AREA = "area"
    ORGANISATION = "organisation"


class AfterWhat(StrEnum):
    """After what whom no team looks after is offered to one."""

    FELL = "fell"
    DISCHARGED = "discharged"


class SafeguardingOf(StrEnum):
    """Whose safeguarding a team answers for."""

    ADULTS = "adults"
    CHILDREN = "children"


class ResponsibleBy(StrEnum):
    """The two ways from a person to the team that is responsible for them."""

    RESIDENCE = "residence"
    REGISTRATION = "registration"


class Freshness(StrEnum):
    """Whether a source sends as often as its pack says it does."""

    OK = "ok"
    LATE = "late"
    SILENT = "silent"
    NEVER = "never"


NEIGHBOURHOOD_TEAM = "neighbourhood"  # the one kind of team that code knows; all others are the pack's words

CODE = r"^[a-z][a-z0-9-]{0,58}[a-z0-9]$"
ODS_CODE = r"^[A-Z0-9]{3,10}$"
ORGANISATION_CODE = rf"({ODS_CODE})|({CODE})"
WARD_CODE = r"^[EWSN][0-9]{8}$"  # small areas (LSOA) have codes of the same shape
# (full postcodes only: the last three characters are always a digit and two letters)
POSTCODE = r"^([A-Z]{1,2}[0-9][A-Z0-9]?) ([0-9][A-Z]{2})$"
RESOURCE_TYPE = r"^[A-Z][A-Za-z]{3,40}$"
RELATION = r"^[a-z][a-z_]{2,40}$"
# one day's opening: "closed", or spans from one time to another ("" while nobody knows)
_TIME, _CLOSING = "([01][0-9]|2[0-3]):[0-5][0-9]", "(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)"
OPENING = rf"^(closed|{_TIME}-{_CLOSING}(, {_TIME}-{_CLOSING})*)?$"
CLOSED = "closed"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

# the FHIR type of what came as a line or a message and is kept as it was written
AS_WRITTEN = "Binary"

# How much of a mistyped word must be right, or of a part of one: of a double name, either half.
ALIKE = 0.72
PARTS = re.compile(r"\w+")

# what people type for the apostrophe and counts as a letter elsewhere
MODIFIERS = str.maketrans("\u02bb\u02bc", "''")
POSSESSIVE = re.compile(r"'s\b")
LETTERS = re.compile(r"[^\W\d_]+")

# A source that has missed three sendings in a row is no longer merely late.
SILENT_AFTER_MISSED = 3


def code_of(words: str) -> str:
    """A code as it is kept, or a Refused that says what a code is."""
    code = words.strip().lower()
    if not re.match(CODE, code):
        raise Refused(f"{words!r} is not a code: small letters, digits and hyphens, such as early-help.")
    return code


def postcode(words: str) -> str | None:
    """A postcode as it is kept ("BL9 0NJ"), from any spacing and case; nothing if it is not one."""
    packed = "".join(words.upper().split())
    spaced = f"{packed[:-3]} {packed[-3:]}"
    return spaced if re.match(POSTCODE, spaced) else None


def holds(*, starts_on: date | None, ends_on: date | None, on: date) -> bool:
    """Whether something holds on a day; what began on an unknown day holds on every day before it ends."""
    return periods.holds(starts_on=starts_on or date.min, ends_on=ends_on, on=on)


Span = tuple[date, date | None]


def overlap(one: Span, other: Span) -> bool:
    """Whether two spans share a day; the day on which one ends is not its own, and one that ends at once has none."""
    if one[0] == one[1] or other[0] == other[1]:
        return False
    return (other[1] is None or one[0] < other[1]) and (one[1] is None or other[0] < one[1])


Found = TypeVar("Found")

# Where somebody lives decides, and for those who live elsewhere, whose list they are on.
USUAL_WAYS = (ResponsibleBy.RESIDENCE, ResponsibleBy.REGISTRATION)


def responsible(
    *, ways: Sequence[str], residence: Found | None, registration: Found | None
) -> tuple[ResponsibleBy, Found] | None:
    """Whoever the first way of the place's rule leads to, and which way that was; nothing when none leads anywhere."""
    leads_to = {ResponsibleBy.RESIDENCE: residence, ResponsibleBy.REGISTRATION: registration}
    for way in ways:
        found = leads_to[ResponsibleBy(way)]
        if found is not None:
            return ResponsibleBy(way), found
    return None


def is_open(*, opening: str, at: time) -> bool | None:
    """Whether a day's opening holds a time of day; the minute of closing is no longer open; None if nobody knows."""
    if not opening:
        return None
    clock = f"{at:%H:%M}"
    spans = (span.split("-") for span in opening.split(", ") if span != CLOSED)
    return any(opens <= clock < closes for opens, closes in spans)


def opening_of(words: str) -> str | None:
    """A day's opening as it is kept ("09:00-13:00, 14:00-18:00", "closed"); nothing if it is none."""
    spans = [part.strip() for part in words.replace(";", ",").split(",")]
    kept = ", ".join(spans).lower()
    if not re.match(OPENING, kept):
        return None
    clocks = [clock for span in spans for clock in span.split("-")]
    return kept if kept == CLOSED or clocks == sorted(set(clocks)) else None


@dataclass(frozen=True, slots=True)
class Spell:
    """What somebody does, or is said to do: its name in parts, from a day until a day, and the row that says so."""

    key: tuple[str, ...]
    starts_on: date
    ends_on: date | None
    row: Any

    def joined_with(self, other: "Spell | None") -> "Spell":
        """One spell out of two of the same name: from the first day of either to the last."""
        if other is None:
            return self
        ends = [self.ends_on, other.ends_on]
        ends_on = None if None in ends else max(end for end in ends if end is not None)
        return replace(self, starts_on=min(self.starts_on, other.starts_on), ends_on=ends_on)


def changed_spells(
    *, said: Sequence[Spell], held: Sequence[Spell], on: date
) -> tuple[list[Spell], list[tuple[Spell, date]]]:
    """Which of the spells said begin, and which of those held end on which day, so that what is held is what is said.

    A spell that has ended stays ended, whatever an older list says. What is held and said no more ends on the first
    day of what begins in its place, else on the day of the list.
    """
    begin: list[Spell] = []
    end: list[tuple[Spell, date]] = []
    left = list(held)
    for spell in said:
        same = next((one for one in left if one.key == spell.key and _meet(one, spell)), None)
        if same is None:
            begin.append(spell)
            continue
        left.remove(same)
        if same.ends_on is None and spell.ends_on is not None:
            end.append((same, max(spell.ends_on, same.starts_on)))
    begun_on = [spell.starts_on for spell in begin if spell.ends_on is None or spell.ends_on > on]
    gone_on = min(begun_on, default=on)
    end += [(one, max(gone_on, one.starts_on)) for one in left if one.ends_on is None]
    return begin, end


def _meet(one: Spell, other: Spell) -> bool:
    if one.starts_on == other.starts_on:
        return True
    return overlap((one.starts_on, one.ends_on), (other.starts_on, other.ends_on))


def state_of_source(*, last_at: datetime | None, every_hours: int | None, at: datetime) -> Freshness:
    """Late after one missed sending, silent after three; what is sent by hand (no hours) is never late."""
    if last_at is None:
        return Freshness.NEVER
    if every_hours is None:
        return Freshness.OK
    since = at - last_at
    if since <= timedelta(hours=every_hours):
        return Freshness.OK
    return Freshness.LATE if since <= timedelta(hours=every_hours * SILENT_AFTER_MISSED) else Freshness.SILENT


def agreement_in_force(*, purpose: str, starts_on: date | None, ends_on: date | None, on: date) -> bool:
    """Whether a sharing agreement holds on a day; without a purpose or a first day there is none."""
    return bool(purpose) and starts_on is not None and holds(starts_on=starts_on, ends_on=ends_on, on=on)


def why_intake_stops(
    *, name: str, connected: bool, purpose: str, starts_on: date | None, ends_on: date | None, on: date
) -> str | None:
    """The sentence for a sender whose data may not be taken in on a day; nothing where it may."""
    if not connected:
        return f"{name} is not connected: nothing is taken in from it."
    if agreement_in_force(purpose=purpose, starts_on=starts_on, ends_on=ends_on, on=on):
        return None
    if starts_on is None or not purpose:
        return f"There is no sharing agreement with {name}: nothing is taken in from it."
    if on < starts_on:
        begins = date_words(starts_on)
        return f"The sharing agreement with {name} begins on {begins}: nothing is taken in before it."
    ended = date_words(ends_on) if ends_on else ""
    return f"The sharing agreement with {name} ended on {ended}: nothing is taken in until it is renewed."


def why_not_sent(*, name: str, sends: Collection[str], formats: Collection[str], trial: bool, type: str) -> str | None:
    """The sentence for a resource of a type that its sender's agreement does not name; nothing where it does.

    What is sent for trying out keeps to a list only where it has one. The line or message that came as it was written
    is kept beside what was read from it, and was itself never a resource of the sender's.
    """
    if type in sends or (trial and not sends):
        return None
    if type == AS_WRITTEN and set(formats) - {SourceFormat.FHIR}:
        return None
    if not sends:
        return f"The sharing agreement with {name} does not say what it sends: nothing is taken in before it does."
    return f"The sharing agreement with {name} does not say that it sends {type}: nothing of that type is taken in."


def standing(
    *, organisation: UUID, followed_by: Mapping[UUID, Iterable[UUID]], over: frozenset[UUID] | set[UUID]
) -> list[UUID]:
    """Who stands where an organisation stood: successors of whatever is `over`, each once, in order."""
    found: list[UUID] = []
    seen: set[UUID] = set()
    waiting = [organisation]
    while waiting:
        current = waiting.pop(0)
        if current in seen:
            continue
        seen.add(current)
        if current in over:
            waiting.extend(followed_by.get(current, ()))
        else:
            found.append(current)
    return found


def named_in(words: str, *, names: Mapping[Found, tuple[str, str]]) -> set[Found]:
    """Whom these words may name, of given and family names: whoever has both in them.

    Of a family name that nobody has together with the given one, everybody who has it: it is kept from too many
    rather than from too few. However a double name, an apostrophe or a possessive is written, it is found.
    """
    typed = _typed_words(words)
    both: dict[str, set[Found]] = {}
    family_alone: dict[str, set[Found]] = {}
    for key, (given, family) in names.items():
        parts = _parts(family)
        if parts and (typed.issuperset(parts) or "".join(parts) in typed):
            found = both if typed.intersection(_parts(given)) else family_alone
            found.setdefault("".join(parts), set()).add(key)
    return {key for keys in (family_alone | both).values() for key in keys}


def _typed_words(words: str) -> set[str]:
    typed = _parts(words)
    # "Laceys" may be Lacey's, and "Mac Donald" MacDonald
    unowned = [word[:-1] for word in typed if word.endswith("s")]
    return {*typed, *unowned, *map("".join, pairwise(typed))}


def _parts(words: str) -> list[str]:
    return LETTERS.findall(POSSESSIVE.sub("", sort_key(words).translate(MODIFIERS)))


def answering(searched: Mapping[Found, str], *, words: Sequence[str]) -> tuple[list[Found], str]:
    """Those in whose text every word stands, in their order; else those with the words most like them, and which.

    Texts and words are plain (`base.words.sort_key`). Without words all answer.
    """
    found = [key for key, text in searched.items() if all(word in text for word in words)]
    if found or not words:
        return found, ""
    known = sorted({word for text in searched.values() for word in (*text.split(), *PARTS.findall(text))})
    alike = [_nearest(word, known) for word in words]
    if "" in alike:
        return [], ""
    read_as = [key for key, text in searched.items() if all(word in text for word in alike)]
    return read_as, " ".join(alike) if read_as else ""


def _nearest(word: str, known: Sequence[str]) -> str:
    if any(word in one for one in known):
        return word
    return next(iter(get_close_matches(word, known, n=1, cutoff=ALIKE)), "")
