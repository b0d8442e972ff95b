"""The four questions on personal well-being of the Office for National Statistics (ONS4), asked from 16 years on.

The wording is that of the harmonised standard (Government Statistical Service, 2019, Open Government Licence v3.0).
The bands are said to be those that ONS publishes its figures in; they were held against no table of it: UNVERIFIED.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from locality.base import Refused

LEAST, MOST = 0, 10
LEAST_AGE = 16
ORIGIN = (
    "Personal well-being harmonised standard, Office for National Statistics, Open Government Licence v3.0; the bands "
    "are unverified"
)


class Question(StrEnum):
    SATISFIED = "satisfied"
    WORTHWHILE = "worthwhile"
    HAPPY = "happy"
    ANXIOUS = "anxious"


QUESTION_WORDS = {
    Question.SATISFIED: "Overall, how satisfied are you with your life nowadays?",
    Question.WORTHWHILE: "Overall, to what extent do you feel that the things you do in your life are worthwhile?",
    Question.HAPPY: "Overall, how happy did you feel yesterday?",
    Question.ANXIOUS: (
        "On a scale where nought is \u2018not at all anxious\u2019 and 10 is \u2018completely anxious\u2019, overall, "
        "how anxious did you feel yesterday?"
    ),
}
SCALE_WORDS = {
    Question.SATISFIED: "0 not at all satisfied, 10 completely satisfied",
    Question.WORTHWHILE: "0 not at all worthwhile, 10 completely worthwhile",
    Question.HAPPY: "0 not at all happy, 10 completely happy",
    Question.ANXIOUS: "0 not at all anxious, 10 completely anxious: here a low number is good",
}
SHORT_WORDS = {
    Question.SATISFIED: "Satisfied with life",
    Question.WORTHWHILE: "Things are worthwhile",
    Question.HAPPY: "Happy yesterday",
    Question.ANXIOUS: "Anxious yesterday",
}
LOW_IS_GOOD = frozenset({Question.ANXIOUS})
BANDS = ((4, "low"), (6, "medium"), (8, "high"), (10, "very high"))
ANXIETY_BANDS = ((1, "very low"), (3, "low"), (5, "medium"), (10, "high"))


def band(question: Question, score: int) -> str:
    """The band that ONS counts a score in (unverified)."""
    bands = ANXIETY_BANDS if question in LOW_IS_GOOD else BANDS
    return next(words for most, words in bands if score <= most)


def check_scores(scores: Mapping[Question, int]) -> None:
    """Raise Refused unless at least one question is answered, each from 0 to 10."""
    if not scores:
        raise Refused("Answer at least one of the four questions.")
    if any(not LEAST <= one <= MOST for one in scores.values()):
        raise Refused("Each answer is a whole number from 0 to 10.")


class Moved(StrEnum):
    BETTER = "better"
    SAME = "the same"
    WORSE = "worse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One question before and after; `moved` reads it the way round that it is meant."""

    question: Question
    before: int
    after: int

    @property
    def by(self) -> int:
        """By how many points, as scored."""
        return self.after - self.before

    @property
    def moved(self) -> Moved:
        """Whether that is better: anxiety is better when it is lower."""
        better = -self.by if self.question in LOW_IS_GOOD else self.by
        return Moved.BETTER if better > 0 else Moved.WORSE if better < 0 else Moved.SAME


def changes(answers: Sequence[Mapping[Question, int]]) -> list[Change]:
    """Each question that was answered more than once, its first answer beside its last; `answers` oldest first."""
    found = []
    for question in Question:
        said = [one[question] for one in answers if question in one]
        if len(said) > 1:
            found.append(Change(question=question, before=said[0], after=said[-1]))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """One question over several people: of how many, the middle of each, and how many moved which way."""

    question: Question
    people: int
    before: float
    after: float
    better: int
    same: int
    worse: int


def together(of_people: Sequence[Sequence[Change]]) -> list[Together]:
    """The same question over people, of those asked before and after."""
    found = []
    for question in Question:
        rows = [one for changes_ in of_people for one in changes_ if one.question == question]
        if not rows:
            continue
        moved = [one.moved for one in rows]
        found.append(
            Together(
                question=question,
                people=len(rows),
                before=median(one.before for one in rows),
                after=median(one.after for one in rows),
                better=moved.count(Moved.BETTER),
                same=moved.count(Moved.SAME),
                worse=moved.count(Moved.WORSE),
            )
        )
    return found
