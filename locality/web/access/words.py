"""What access answers, in words."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from locality.access.queries import Grant, MyAccess
from locality.access.rules import Answer, DataClass, Relation, Right

CLASS_WORDS = {
    DataClass.ID: ("Who they are", "name, birth date, NHS number"),
    DataClass.LOC: ("Where they are", "address, telephone, practice"),
    DataClass.SUM: ("Summary", "allergies, medicines, problems, alerts, advance decisions"),
    DataClass.CLIN: ("Clinical detail", "results, documents, visits"),
    DataClass.SOC: ("Social care", "assessments, packages"),
    DataClass.SENS: ("Usually held back", "sexual health, HIV, and the like"),
    DataClass.SAFE: ("Safeguarding", "concerns and plans"),
    DataClass.WORK: ("Work", "referrals, tasks, visits, appointments"),
    DataClass.PLAN: ("The plan", "what matters, goals, who does what, what to do if"),
    DataClass.AUD: ("Who looked", "the audit"),
    DataClass.PRIOR: ("An earlier identity", "who somebody was before"),
}
ANSWER_WORDS = {
    Answer.PERMIT: ("yes", "good"),
    Answer.REDACT: ("in headlines", "info"),
    Answer.ASK: ("with a reason", "caution"),
    Answer.MASK: ("ask others", "quiet"),
    Answer.HIDE: ("no", "quiet"),
}
RELATION_WORDS = {
    Relation.OWN_TEAM: ("My own people", "on my team's caseload, my practice's list, in its meeting or on duty"),
    Relation.REFERRAL: ("Referred to my team", "while the referral is open"),
    Relation.VISIT: ("I visit them", "while the visit is mine"),
    Relation.ENDED: ("My reason has ended", "for 28 days after it ended"),
    Relation.ORGANISATION: ("Known to my organisation", "through a team that is not mine"),
    Relation.NONE: ("Anybody else", "whom I look up"),
    Relation.SELF: ("Myself", ""),
    Relation.PROXY: ("Whom I act for", ""),
}

# what may be kept from whoever acts for somebody, as it is asked and told
LIMIT_WORDS = {
    DataClass.LOC: "where they live",
    DataClass.CLIN: "results, letters and details",
    DataClass.SOC: "social care",
    DataClass.WORK: "appointments, referrals and visits",
    DataClass.PLAN: "the plan",
}


class Proxy(Protocol):
    """As much of a right to act as its words need."""

    @property
    def kept_back(self) -> Collection[str]:
        """The classes kept from whoever acts."""


def limits_words(right: Proxy, whom: str = "them") -> str:
    """What somebody who acts sees, and what is kept from them; `whom` is "you" for whoever acts."""
    kept = [words for one, words in LIMIT_WORDS.items() if one in right.kept_back]
    if not kept:
        return f"{'You' if whom == 'you' else 'They'} see the summary, and the headlines of the rest."
    listed = kept[0] if len(kept) == 1 else f"{', '.join(kept[:-1])} and {kept[-1]}"
    return f"Kept from {whom}: {listed}."


@dataclass(frozen=True, slots=True)
class Glass:
    """What a page about a person says while its glass is broken."""

    ends_at: datetime
    words: str


def glass_of(grant: Grant) -> Glass | None:
    """What stands above every part of a record that was opened by breaking the glass; None where it was not."""
    if grant.override is None or grant.override_ends_at is None:
        return None
    words = "You broke the glass to open this record."
    if grant.opening.right != Right.OVERRIDE:
        words = "You broke the glass: you see more of this record than your reason to know this person shows."
    return Glass(ends_at=grant.override_ends_at, words=words)


@dataclass(frozen=True, slots=True)
class Line:
    """One class of row, and how much of it opens for each relationship: (words, kind of tag)."""

    title: str
    holds: str
    cells: tuple[tuple[str, str, str], ...]


def access_lines(mine: MyAccess) -> list[Line]:
    """The table of what somebody may see, a line for each class that any relationship opens at all."""
    lines = []
    for data_class, (title, holds) in CLASS_WORDS.items():
        answers = [(relation, told[data_class]) for relation, told in mine.answers.items()]
        if any(answer > Answer.HIDE for _, answer in answers):
            cells = tuple((RELATION_WORDS[relation][0], *ANSWER_WORDS[answer]) for relation, answer in answers)
            lines.append(Line(title, holds, cells))
    return lines


def reason_lines(mine: MyAccess) -> list[tuple[str, str, int | None]]:
    """Each reason to know somebody: what it is called, when it holds, how many people it holds for today."""
    return [(*RELATION_WORDS[relation], mine.counts.get(relation)) for relation in mine.answers]
