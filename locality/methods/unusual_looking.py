"""Which looks at records are unusual, ranked, each with its reasons in words. Nobody labels anything first.

Source of the signs: Boxwala, Kim, Grillo and Ohno-Machado, "Using statistical and machine learning to help institutions
detect suspicious access to electronic health records", JAMIA 2011 (same surname, near address, colleague, watched
person, no appointment); Fabbri and LeFevre, "Explanation-based auditing", PVLDB 2011 (a relationship explains a look:
what nothing explains is what is left to review). Source of the sum: Goldstein and Dengel, "Histogram-based outlier
score", 2012: every sign counts as many bits as it is rare, -log2 of its share, added up.

The share of a sign is that among looks of the same role in the same organisation with the same kind of reason, since
half a practice's list lives in the practice's own street; where there are few looks, they borrow from the role
everywhere, and that from all (`BORROWED` looks' worth). So a common surname counts little and a rare one much, and an
emergency department is not accused of having no caseload. What a relationship explains counts half. Nothing but a
concerning sign adds, and each can be read out.

One look is one practitioner at one person on one day, however often they came back; one alarm is one practitioner's
day, since that is what somebody is asked about. Units: bits; days; hours of the local clock; shares from 0 to 1.
Nothing here names anybody: ids in, ids out.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import ceil, log2


class Why(StrEnum):
    """What gave leave to look, as far as it explains the look."""

    EXPLAINED = "explained"  # a caseload, an open referral, a visit, an episode, a meeting
    BROAD = "broad"  # on the list of a whole practice or home, like thousands
    ENDED = "ended"
    UNEXPLAINED = "unexplained"  # no reason on the books: the glass was broken, or the look was refused


class Sign(StrEnum):
    """What makes a look worth a question."""

    UNEXPLAINED = "unexplained"
    ENDED = "ended"
    OWN_RECORD = "own record"
    DECLARED = "declared"
    HOUSEHOLD = "household"
    STREET = "street"
    SURNAME = "surname"
    COLLEAGUE = "colleague"
    WATCHED = "watched"
    LONG_DEAD = "long dead"
    NIGHT = "night"
    AGAIN = "again"
    MANY = "many"


WORDS = {
    Sign.UNEXPLAINED: "no relationship was on the books",
    Sign.ENDED: "the relationship had ended",
    Sign.OWN_RECORD: "it is their own record",
    Sign.DECLARED: "they had declared that they know this person",
    Sign.HOUSEHOLD: "they live at the same address",
    Sign.STREET: "they live at the same postcode",
    Sign.SURNAME: "they have the same surname",
    Sign.COLLEAGUE: "they work together",
    Sign.WATCHED: "this person is watched over",
    Sign.LONG_DEAD: "this person died more than six weeks before",
    Sign.NIGHT: "it was at night, and they hardly ever look at night",
    Sign.AGAIN: "they came back on several days without a relationship",
    Sign.MANY: "they looked at many more people that day than others in their role",
}

# those with few looks borrow so many from all who are like them before their own shares count for themselves
BORROWED = 200
# no sign alone outweighs all others
MOST_BITS = 12.0
# of what a relationship explains
EXPLAINED_COUNTS = 0.5
LONG_DEAD_DAYS = 42
# of the days on which they look at all
SELDOM_AT_NIGHT = 0.1
NIGHT_HOURS = frozenset({22, 23, 0, 1, 2, 3, 4, 5})
# without a relationship, on so many days
AGAIN_DAYS = 2
# a day of so many people more than the middle of the role's days, in spreads (median absolute deviations)
MANY_SPREADS, MANY_AT_LEAST = 8.0, 15
# an alarm needs so many bits, and there are at most so many of them for every thousand looks
ALARM_BITS, ALARMS_A_THOUSAND = 9.0, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """One practitioner looked at one person on one day: the facts, already looked up."""

    by: Hashable
    person: Hashable
    role: str
    organisation: Hashable
    on: date
    why: Why
    hours: frozenset[int]  # of the local clock
    own_record: bool = False
    declared: bool = False
    household: bool = False
    street: bool = False
    surname_rarity: int | None = None  # of a surname both have: log2 of 1 / its share of people, rounded; else None
    colleague: bool = False
    watched: bool = False
    dead_days: int | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One sign, how seldom it is (one in `one_in` looks of this role with this kind of reason), and what it counts."""

    sign: Sign
    one_in: int
    bits: float

    @property
    def words(self) -> str:
        """The sign as a part of a sentence, with how seldom it is."""
        return f"{WORDS[self.sign]} (1 in {self.one_in:,} looks like this)"


@dataclass(frozen=True, slots=True)
class Weighed:
    """One look with its signs, the weightiest first, and their sum in bits."""

    looked: Looked
    bits: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Unusual:
    """One practitioner's day: the looks that have signs, the weightiest first, and what that one counts."""

    by: Hashable
    on: date
    bits: float
    looks: tuple[Weighed, ...]


def unusual(looks: Sequence[Looked]) -> list[Unusual]:
    """Every practitioner's day on which some look has a sign, most unusual first.

    `looks` are some weeks of one place, so that shares and habits can be told from them: a look is judged by its own
    role's. Each practitioner, person and day is given once.
    """
    usual = _habits(looks)
    marks = [_marks(look, usual=usual) for look in looks]
    shares = _Shares(looks, marks)
    days: dict[tuple[Hashable, date], list[Weighed]] = defaultdict(list)
    for look, has in zip(looks, marks, strict=True):
        if has:
            days[look.by, look.on].append(_weighed(look, has, shares))
    found = []
    for (by, on), of_day in days.items():
        of_day.sort(key=lambda one: -one.bits)
        found.append(Unusual(by, on, of_day[0].bits, tuple(of_day)))
    return sorted(found, key=lambda one: -one.bits)


def alarms(found: Sequence[Unusual], *, looks: int) -> list[Unusual]:
    """Those worth a review among `looks` looks: enough bits, and at most `ALARMS_A_THOUSAND` in every thousand."""
    return [one for one in found[: ceil(looks * ALARMS_A_THOUSAND / 1000)] if one.bits >= ALARM_BITS]


# ---- what is usual


@dataclass(frozen=True, slots=True)
class _Usual:
    """What is usual for each practitioner and each role in these weeks."""

    days: Counter[Hashable]  # by practitioner: days on which they looked
    nights: Counter[Hashable]  # of these, how many with a look at night
    returns: Counter[tuple[Hashable, Hashable]]  # by practitioner and person: days without a relationship
    people: Counter[tuple[Hashable, date]]  # by practitioner and day
    many: dict[str, float]  # by role: more than so many people a day are many


def _habits(looks: Sequence[Looked]) -> _Usual:
    unexplained = (look for look in looks if look.why in (Why.UNEXPLAINED, Why.ENDED))
    people = Counter((look.by, look.on) for look in looks)
    of_role: dict[str, list[int]] = defaultdict(list)
    for by, on, role in {(look.by, look.on, look.role) for look in looks}:
        of_role[role].append(people[by, on])
    return _Usual(
        days=Counter(by for by, _ in people),
        nights=Counter(by for by, _ in {(look.by, look.on) for look in looks if look.hours & NIGHT_HOURS}),
        returns=Counter((look.by, look.person) for look in unexplained),
        people=people,
        many={role: _many(counts) for role, counts in of_role.items()},
    )


def _many(counts: list[int]) -> float:
    middle = _median(counts)
    spread = _median([abs(count - middle) for count in counts])
    return max(middle + MANY_SPREADS * max(spread, 1.0), MANY_AT_LEAST)


def _median(numbers: Sequence[float]) -> float:
    return sorted(numbers)[len(numbers) // 2]


# ---- what is not

Mark = tuple[Sign, int]  # a sign and its grade: a rare surname is another mark than a common one


def _marks(look: Looked, *, usual: _Usual) -> tuple[Mark, ...]:
    other_nights, other_days = usual.nights[look.by] - 1, usual.days[look.by] - 1
    has = {
        Sign.UNEXPLAINED: look.why == Why.UNEXPLAINED,
        Sign.ENDED: look.why == Why.ENDED,
        Sign.OWN_RECORD: look.own_record,
        Sign.DECLARED: look.declared,
        Sign.HOUSEHOLD: look.household and not look.own_record,
        Sign.STREET: look.street and not look.household,
        Sign.COLLEAGUE: look.colleague and not look.own_record,
        Sign.WATCHED: look.watched,
        Sign.LONG_DEAD: (look.dead_days or 0) > LONG_DEAD_DAYS,
        Sign.NIGHT: bool(look.hours & NIGHT_HOURS) and other_nights <= SELDOM_AT_NIGHT * other_days,
        Sign.AGAIN: usual.returns[look.by, look.person] >= AGAIN_DAYS,
        Sign.MANY: usual.people[look.by, look.on] > usual.many[look.role],
    }
    surname = [(Sign.SURNAME, look.surname_rarity)] if look.surname_rarity is not None and not look.own_record else []
    return tuple([*((sign, 0) for sign, so in has.items() if so), *surname])


# shares of all looks of a role; the others are shares of its looks with the same kind of reason
OF_ALL_LOOKS = (Sign.UNEXPLAINED, Sign.ENDED, Sign.AGAIN, Sign.MANY)
# a relationship explains who is looked at, not the hour nor how many
NOT_EXPLAINED = (Sign.NIGHT, Sign.MANY, Sign.OWN_RECORD, Sign.DECLARED)


class _Shares:
    """How seldom each mark is: in its role in its organisation, in its role, in all; with the same kind of reason."""

    def __init__(self, looks: Sequence[Looked], marks: Sequence[tuple[Mark, ...]]) -> None:
        self.looks: Counter[tuple] = Counter()
        self.marked: Counter[tuple] = Counter()
        # a day of many is one day, however many looks it has
        full_days: set[tuple[Hashable, date]] = set()
        for look, has in zip(looks, marks, strict=True):
            self.looks.update({level for mark in ((Sign.MANY, 0), (Sign.STREET, 0)) for level in _levels(look, mark)})
            for mark in has:
                if mark[0] == Sign.MANY and (look.by, look.on) in full_days:
                    continue
                if mark[0] == Sign.MANY:
                    full_days.add((look.by, look.on))
                self.marked.update((level, mark) for level in _levels(look, mark))

    def of(self, mark: Mark, *, among: Looked) -> float:
        """The share of looks like this one that have this mark."""
        first, *nearer = _levels(among, mark)
        share = self.marked[first, mark] / self.looks[first]
        for level in nearer:
            share = (self.marked[level, mark] + BORROWED * share) / (self.looks[level] + BORROWED)
        return share


def _levels(look: Looked, mark: Mark) -> tuple[tuple, ...]:
    """Among whom a mark is counted: from everybody to those most like this look."""
    why = () if mark[0] in OF_ALL_LOOKS else (look.why,)
    levels = ((), why, (look.role, *why), (look.role, look.organisation, *why))
    return tuple(dict.fromkeys(levels))


def _weighed(look: Looked, has: tuple[Mark, ...], shares: _Shares) -> Weighed:
    reasons = []
    for mark in has:
        share = shares.of(mark, among=look)
        explained = look.why == Why.EXPLAINED and mark[0] not in NOT_EXPLAINED
        bits = min(-log2(share), MOST_BITS) * (EXPLAINED_COUNTS if explained else 1)
        reasons.append(Reason(mark[0], round(1 / share), bits))
    reasons.sort(key=lambda one: -one.bits)
    return Weighed(look, sum(one.bits for one in reasons), tuple(reasons))
