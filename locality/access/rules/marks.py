"""The words of marks on people, and the rules of breaking the glass and of acting for somebody."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from enum import StrEnum

from locality.access.rules.kinds import DataClass
from locality.access.rules.tables import TABLES
from locality.base.words import sort_key

LONGEST = timedelta(hours=TABLES.longest_hours)
# how long somebody may take back by a click what they did a moment ago
UNDO_FOR = timedelta(minutes=15)
# more words than anybody types in a hurry: what is longer was pasted by mistake
MOST_LETTERS = 2000
# a team that breaks the glass at more of its views than this has a fault of design, not of people
DESIGN_FAULT_SHARE = 0.02


class WhyBroken(StrEnum):
    """Why somebody breaks the glass."""

    EMERGENCY = "emergency"
    ASKED = "asked"
    COVERING = "covering"
    SAFEGUARDING = "safeguarding"
    HANDED_OVER = "handed_over"
    OTHER = "other"


WHY_BROKEN_WORDS = {
    WhyBroken.EMERGENCY: "They need care now and cannot be asked",
    WhyBroken.ASKED: "They asked me to, or agreed",
    WhyBroken.COVERING: "I cover for their team today",
    WhyBroken.HANDED_OVER: "They were handed over to me and the referral is not here yet",
    WhyBroken.SAFEGUARDING: "Somebody may be at risk of harm",
    WhyBroken.OTHER: "Something else",
}


class Verdict(StrEnum):
    """What the privacy officer found of an override."""

    APPROPRIATE = "appropriate"
    FOLLOW_UP = "follow_up"
    INAPPROPRIATE = "inappropriate"


VERDICT_WORDS = {
    Verdict.APPROPRIATE: "Appropriate",
    Verdict.FOLLOW_UP: "To be followed up",
    Verdict.INAPPROPRIATE: "Not appropriate",
}


class Quality(StrEnum):
    """What is odd about a reason: told to the privacy officer, never a bar to care."""

    REPEATED = "repeated"
    SHORT = "short"
    NO_WORDS = "no words"


class ObjectionKind(StrEnum):
    """What somebody objects to."""

    SHARING = "sharing"  # with other organisations, for their own care
    SECONDARY_USE = "secondary_use"  # the national data opt-out: planning and research, never care


OBJECTION_WORDS = {
    ObjectionKind.SHARING: "Sharing their record with other organisations",
    ObjectionKind.SECONDARY_USE: "Use for planning and research (national data opt-out)",
}


class ConflictKind(StrEnum):
    """Why somebody must not look at a person."""

    OWN_RECORD = "own_record"
    FAMILY = "family"
    HOUSEHOLD = "household"
    DECLARED = "declared"
    INVESTIGATION = "investigation"


CONFLICT_WORDS = {
    ConflictKind.OWN_RECORD: "It is their own record",
    ConflictKind.FAMILY: "Family",
    ConflictKind.HOUSEHOLD: "They live together",
    ConflictKind.DECLARED: "They know each other",
    ConflictKind.INVESTIGATION: "Under investigation",
}


class ProxyKind(StrEnum):
    """By what right somebody acts for a person."""

    PARENT = "parent"
    CHOSEN = "chosen"
    ATTORNEY = "attorney"
    DEPUTY = "deputy"


PROXY_WORDS = {
    ProxyKind.PARENT: "Parent of a child",
    ProxyKind.CHOSEN: "Chosen by the person",
    ProxyKind.ATTORNEY: "Attorney for health and welfare",
    ProxyKind.DEPUTY: "Deputy appointed by the court",
}


# what may be kept from somebody who acts: their name and the summary open with the right, or there is none
MAY_BE_KEPT_FROM_PROXY = (DataClass.LOC, DataClass.CLIN, DataClass.SOC, DataClass.WORK, DataClass.PLAN)


class ReleaseVerdict(StrEnum):
    """What was decided of showing a line to the person whom it is about."""

    RELEASED = "released"
    KEPT_BACK = "kept_back"


RELEASE_WORDS = {
    ReleaseVerdict.RELEASED: "Released to the person",
    ReleaseVerdict.KEPT_BACK: "Kept back from the person",
}


class WatchKind(StrEnum):
    """Why every view of somebody is reviewed; nothing is ever withheld for it."""

    PUBLIC_FIGURE = "public_figure"
    STAFF = "staff"


WATCH_WORDS = {
    WatchKind.PUBLIC_FIGURE: "In the public eye",
    WatchKind.STAFF: "Works here, and is looked after here",
}


def override_ends_at(*, made_at: datetime, hours: float) -> datetime:
    """When broken glass closes again: never later than the table says."""
    return made_at + min(max(timedelta(hours=hours), timedelta(minutes=1)), LONGEST)


SHORTEST_WORDS = 3


def quality_of(*, words: str, said_before: Collection[str]) -> frozenset[Quality]:
    """What is odd about the words of a reason, held against the same practitioner's last ones."""
    key = sort_key(words)
    found = set()
    if key in {sort_key(one) for one in said_before}:
        found.add(Quality.REPEATED)
    if len(key.split()) < SHORTEST_WORDS:
        found.add(Quality.SHORT)
    if not any(letter.isalpha() for letter in key):
        found.add(Quality.NO_WORDS)
    return frozenset(found)


def parent_until(birth_on: date) -> date:
    """The birthday on which a parent's rights end: the first day without them."""
    try:
        return birth_on.replace(year=birth_on.year + TABLES.parent_until_age)
    except ValueError:
        # born on 29 February: in other years their birthday is 1 March in law
        return date(birth_on.year + TABLES.parent_until_age, 3, 1)
