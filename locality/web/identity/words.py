"""Doubts about who is who, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from locality.people.queries.decisions import Decision, Pace
from locality.people.queries.evidence import Evidence
from locality.people.queries.review import Queue, Risk, Waiting, Wanted, Who
from locality.people.queries.side_by_side import Identity, Record, Reviewed
from locality.record.queries.holdings import Holding
from locality.web.words import counted, day, family_first, read, when

RISKS = {
    Risk.PROTECTED: "A protected address",
    Risk.SAFETY: "A safety line on one side only",
    Risk.CHILD: "A child",
    Risk.NEAR: "Close to the line at which the machine joins",
    Risk.MANY: "More than two may belong together",
}
LEVELS = {2: ("High risk", "urgent"), 1: ("Some risk", "caution"), 0: ("Usual risk", "quiet")}
STATES = {
    "possible": "Likely, and not sure enough",
    "many": "Several are as likely",
    "match": "Very likely, and something speaks against it",
}
AGES = {"new": "Less than 7 days", "7": "7 days or more", "14": "14 days or more", "28": "28 days or more"}
ANSWERS = {"same": "The same person", "different": "Different people", "unsure": "Not sure"}
TAGS = {"same": "good", "different": "info", "unsure": "caution"}
METHODS = {
    "compared": "the records agree",
    "nobody-else-yet": "it came alone",
    "merged": "joined",
    "merge-undone": "parted again",
    "split": "split off by hand",
    "said-to-be-the-same": "somebody said so",
}
ENDED = {"merged": "joined with another person", "merge-undone": "parted again"}
NUMBERS = {"invalid": "not valid", "placeholder": "a placeholder"}
REASONS = (
    "The same NHS number and birth date on both",
    "A name was changed by marriage, and all else agrees",
    "I asked the sender, who confirmed it",
    "They are twins",
    "They are father and son, or mother and daughter",
    "They are brothers or sisters at one address",
    "Two people of one name: birth dates and numbers differ",
    "The NHS number was typed wrong on one of them",
    "I wait for the sender to answer",
)


# ---- the queue


def queue_words(queue: Queue) -> str:
    """`14 pairs wait; the oldest since Tue 3 Nov 2026`."""
    if not queue.total or queue.oldest is None:
        return "No pair waits"
    oldest = day(local_day(queue.oldest))
    if queue.total == 1:
        return f"1 pair waits, since {oldest}"
    return f"{counted(queue.total, 'pair')} wait; the oldest since {oldest}"


def risk_words(queue: Queue) -> str:
    """How many of them are dangerous, and how many nobody could tell."""
    parts = [f"{queue.high} of high risk" if queue.high else "none of high risk"]
    if queue.unsure:
        parts.append(f"{queue.unsure} looked at, and not sure")
    return ", ".join(parts).capitalize()


def pace_words(pace: Pace) -> str:
    """`5 decided in the last 7 days, 12 in 30 days; half of them within 2 days`."""
    if not pace.in_30_days:
        return "None was decided in the last 30 days."
    words = f"{pace.in_7_days} decided in the last 7 days, {pace.in_30_days} in 30 days"
    return f"{words}; half of them within {waited_words(pace.median)}." if pace.median is not None else f"{words}."


def waited_words(waited: timedelta) -> str:
    """`less than an hour`, `5 hours`, `3 days`."""
    hours = round(waited.total_seconds() / 3600)
    if hours < 1:
        return "less than an hour"
    return counted(hours, "hour") if hours < 48 else counted(round(hours / 24), "day")


def likelihood(probability: float) -> str:
    """How likely it is, rounded down: `97 in 100`."""
    if probability >= 0.995:
        return "more than 99 in 100"
    return f"{int(probability * 100)} in 100"


def local_day(at: datetime) -> date:
    """The day of a moment, where the place is."""
    found = read(at)
    return found.date() if isinstance(found, datetime) else at.date()


@dataclass(frozen=True, slots=True)
class Row:
    """One doubt of a list, in words."""

    pair: UUID
    title: str
    one: str
    other: str
    since: str
    level: tuple[str, str]
    risks: tuple[str, ...]
    why: tuple[str, ...]
    likely: str
    unsure: bool


def row(waiting: Waiting, *, now: datetime) -> Row:
    """One doubt, as the list shows it; not how likely it is where an address is protected, for it would tell of it."""
    protected = Risk.PROTECTED in waiting.risks
    return Row(
        pair=waiting.pair,
        title=f"{family_first(waiting.one)} and {family_first(waiting.other)}",
        one=who_words(waiting.one),
        other=who_words(waiting.other),
        since=when(waiting.since, now),
        level=LEVELS[waiting.risk],
        risks=tuple(RISKS[risk] for risk in waiting.risks),
        why=waiting.cautions or (STATES.get(waiting.state, waiting.state),),
        likely="" if protected else likelihood(waiting.probability),
        unsure=waiting.unsure,
    )


def who_words(who: Who) -> str:
    """`born Sat 14 Mar 1942, female, as Mill Lane Practice says`."""
    born = f"born {day(who.birth_text)}" if who.birth_text else "birth date not said"
    return f"{born}, {who.sex or 'sex not said'}, as {who.source} says"


# ---- one pair, and what an answer would do


def effects(found: Reviewed) -> dict[str, str]:
    """What each answer does, before it is given."""
    one, other = len(found.one.records), len(found.other.records)
    both = f"{counted(one, 'record')} on the left and {other} on the right"
    if found.is_one:
        return {
            "same": "They are one person now, and stay so.",
            "different": "The record that came last leaves to a person of its own.",
            "unsure": "Nothing changes, and the pair stays in the queue, last.",
        }
    return {
        "same": f"They become one person: {both}. Everyone who may open either sees both.",
        "different": f"They stay two people for good: the machine never joins {both}.",
        "unsure": "Nothing changes. The pair stays in the queue, last, and both keep their warning.",
    }


STRENGTHS = ((8.0, "very strong"), (4.0, "strong"), (1.5, "some"), (0.0, "hardly any"))


def strength(bits: float) -> str:
    """`strong evidence for`, `some evidence against`."""
    size = next(words for least, words in STRENGTHS if abs(bits) >= least)
    return f"{size} evidence {'for' if bits >= 0 else 'against'}"


def bits_words(bits: float) -> str:
    """`+13.2`, with a true minus."""
    return f"{'+' if bits >= 0 else chr(0x2212)}{abs(bits):.1f}"


@dataclass(frozen=True, slots=True)
class Bar:
    """One step of the evidence, as a bar from where the steps before it came to; `x` and `width` of 200."""

    label: str
    words: str
    bits: str
    strength: str
    kind: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Waterfall:
    """All steps on one scale; `zero` is where it is as likely as not, `line` where the machine joins by itself."""

    bars: tuple[Bar, ...]
    zero: float
    line: float
    total: str
    likely: str


WIDE = 200.0
LINE_BITS = 4.25  # the odds of 0.95


def waterfall(evidence: Evidence) -> Waterfall:
    """Draw the steps of the evidence: each begins where the last one ended."""
    ends = [0.0]
    for step in evidence.steps:
        ends.append(ends[-1] + step.bits)
    low, high = min([*ends, 0.0]), max([*ends, LINE_BITS])
    scale = WIDE / (high - low)

    def at(bits: float) -> float:
        return round((bits - low) * scale, 1)

    bars = [
        Bar(
            label=step.comparison[:1].upper() + step.comparison[1:],
            words=step.words,
            bits=bits_words(step.bits),
            strength=strength(step.bits),
            kind="for" if step.bits >= 0 else "against",
            x=min(at(begins), at(begins + step.bits)),
            width=max(1.0, round(abs(step.bits) * scale, 1)),
        )
        for step, begins in zip(evidence.steps, ends, strict=False)
    ]
    total = bits_words(evidence.weight) if evidence.weight is not None else ""
    likely = likelihood(evidence.probability) if evidence.probability is not None else ""
    return Waterfall(bars=tuple(bars), zero=at(0.0), line=at(LINE_BITS), total=total, likely=likely)


# ---- a person, and what was decided


@dataclass(frozen=True, slots=True)
class About:
    """The banner of the custodian's pages: who it is, and nothing that this role may not see."""

    id: UUID
    family: str
    given: str
    likes: str
    birth_on: date | str | None
    sex: str
    nhs_number: str | None
    nhs_number_words: str
    died: bool
    died_on: date | None
    identity_doubt: str
    practice: str = ""
    team: str = ""
    communication: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()


def about(found: Identity) -> About:
    """The person of an identity page."""
    person = found.person
    return About(
        id=person.pk,
        family=person.family,
        given=person.given,
        likes=person.likes,
        birth_on=person.birth_on or person.birth_text or None,
        sex=person.sex or "not known",
        nhs_number=person.nhs_number or None,
        nhs_number_words="" if person.nhs_number else "no valid number is held",
        died=person.died,
        died_on=person.died_on,
        identity_doubt=doubt_words(len(found.doubts)),
    )


def doubt_words(doubts: int) -> str:
    """What the banner says while somebody is asked."""
    if not doubts:
        return ""
    others = "Another person here" if doubts == 1 else f"{doubts} other people here"
    return f"{others} may be the same: it waits to be decided."


def method_words(record: Record) -> str:
    """How a record came to be linked, and on what evidence: `the records agree (very strong evidence for)`."""
    words = METHODS.get(record.method, record.method)
    return f"{words} ({strength(record.bits)})" if record.bits is not None else words


def ended_words(reason: str) -> str:
    """Why a link ended, where the reason is one of our own marks."""
    return ENDED.get(reason, reason)


def number_words(state: str) -> str:
    """What is wrong with an NHS number."""
    return NUMBERS.get(state, state)


def resources(records: Sequence[Record], held: Mapping[UUID, Holding]) -> str:
    """`12 resources`: what these records bring, besides who they are of."""
    return counted(sum(held[record.id].resources for record in records), "resource")


def fields_of(wanted: Wanted) -> list[tuple[str, str]]:
    """What a list was chosen by, as fields of a form or an address; what was not asked is left out."""
    told = {
        "source": wanted.source,
        "neighbourhood": wanted.neighbourhood,
        "why": wanted.reason,
        "age": wanted.age,
        "unsure": "yes" if wanted.unsure else "",
    }
    return [(name, words) for name, words in told.items() if words]


def decision_words(decision: Decision) -> str:
    """`HARGREAVES, Margaret (MILL) and HARGRAVES, Peg (SBH, Council)`."""
    sides = []
    for patients in (decision.one, decision.other):
        senders = dict.fromkeys(patient.source.organisation.short_name or patient.source.name for patient in patients)
        sides.append(f"{family_first(patients[0])} ({', '.join(senders)})")
    return " and ".join(sides)
