"""What the one plan of a person is made of, and who may write which part of it.

Shape: PRSB personalised care and support plan. https://theprsb.org/standards/personalisedcareandsupportplan/
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from locality.base import Refused, ViewerKind
from locality.record.headlines.about_me import HEADINGS

MOST_LETTERS = 4000


class PartKind(StrEnum):
    ABOUT_ME = "about me"
    WISH = "wish"
    GOAL = "goal"
    ACTION = "action"
    CONTINGENCY = "contingency"
    COPY = "copy"
    REVIEW = "review"


# of these there is one for each heading; of the others as many as are needed
ONE_EACH = (PartKind.ABOUT_ME, PartKind.REVIEW)
KIND_WORDS = {
    PartKind.ABOUT_ME: "About me",
    PartKind.WISH: "Wish",
    PartKind.GOAL: "Goal",
    PartKind.ACTION: "Action",
    PartKind.CONTINGENCY: "If this, then that",
    PartKind.COPY: "Copy given",
    PartKind.REVIEW: "Review day",
}
# the headings of About Me, in the order of the standard, as the record reads them
CODES = ("matters", "people", "communication", "wellness", "please", "support", "worth", "written_with")
ABOUT_ME = dict(zip(CODES, (words for words, _ in HEADINGS), strict=True))


class Whose(StrEnum):
    """Whose words a goal or a wish is in."""

    PERSON = "person"
    CARER = "carer"
    PRACTITIONER = "practitioner"
    TOGETHER = "together"


WHOSE_WORDS = {
    Whose.PERSON: "In their own words",
    Whose.CARER: "In their carer\u2019s words",
    Whose.PRACTITIONER: "In a practitioner\u2019s words",
    Whose.TOGETHER: "Agreed together",
}


class Who(StrEnum):
    """Who does an action; what a team or a practitioner is to do is a task of theirs."""

    PERSON = "person"
    CARER = "carer"
    ORGANISATION = "organisation"
    TEAM = "team"
    PRACTITIONER = "practitioner"


IS_A_TASK = (Who.TEAM, Who.PRACTITIONER)


class GoalState(StrEnum):
    WORKING = "working"
    PARTLY = "partly"
    REACHED = "reached"
    STOPPED = "stopped"


# of these the day by which counts; the others are over
GOALS_TO_REACH = (GoalState.WORKING, GoalState.PARTLY)


class ActionState(StrEnum):
    OPEN = "open"
    DONE = "done"
    NOT_DONE = "not done"


STATE_WORDS = {
    GoalState.WORKING: "Working towards it",
    GoalState.PARTLY: "Partly reached",
    GoalState.REACHED: "Reached",
    GoalState.STOPPED: "Given up",
    ActionState.OPEN: "To do",
    ActionState.DONE: "Done",
    ActionState.NOT_DONE: "Not done",
}
STATES: dict[PartKind, tuple[str, ...]] = {
    PartKind.GOAL: tuple(GoalState),
    PartKind.ACTION: tuple(ActionState),
}


class Subject(StrEnum):
    """What a wish is about, in the words that the record sorts advance decisions by."""

    RESUSCITATION = "resuscitation"
    EMERGENCY = "emergency"
    REFUSAL = "refusal"
    PLACE_OF_CARE = "place of care"
    PLACE_OF_DEATH = "place of death"
    OTHER = "other"


SUBJECT_WORDS = {
    Subject.RESUSCITATION: "Being resuscitated",
    Subject.EMERGENCY: "Treatment in an emergency",
    Subject.REFUSAL: "A treatment that I want, or do not want",
    Subject.PLACE_OF_CARE: "Where I am looked after",
    Subject.PLACE_OF_DEATH: "Where I die",
    Subject.OTHER: "Something else",
}


class Stance(StrEnum):
    WANTS = "wants"
    REFUSES = "refuses"


STANCE_WORDS = {Stance.WANTS: "I would like this", Stance.REFUSES: "I would not like this"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """All that is written in one part. What each stands for follows from its kind:

    `heading` is the heading of About Me, or what a wish is about; `then_words` how a goal is known to be reached, what
    to do then, or how a copy was given; `call_words` whom to call; `who` does an action, or holds a copy; `goal` is the
    goal towards which an action is.
    """

    words: str = ""
    heading: str = ""
    then_words: str = ""
    call_words: str = ""
    whose: str = ""
    who: str = ""
    who_words: str = ""
    by_on: date | None = None
    state: str = ""
    stance: str = ""
    team: UUID | None = None
    practitioner: UUID | None = None
    goal: UUID | None = None
    from_thing: UUID | None = None
    from_words: str = ""
    from_at: datetime | None = None

    def kept(self) -> dict[str, Any]:
        """As it is kept in the history."""
        return {key: _plain(one) for key, one in asdict(self).items() if one not in ("", None)}


def content_of(kept: dict[str, Any]) -> Content:
    """What a line of the history says the part was."""
    read: dict[str, Callable[[str], Any]] = {"by_on": date.fromisoformat, "from_at": datetime.fromisoformat}
    read |= dict.fromkeys(("team", "practitioner", "goal", "from_thing"), UUID)
    known = {one.name for one in fields(Content)}
    return Content(**{key: read.get(key, str)(one) for key, one in kept.items() if key in known})


def _plain(one: Any) -> Any:
    return one.isoformat() if isinstance(one, date) else str(one)


# what each kind must say, and what to say where it does not
NEEDS: dict[PartKind, tuple[tuple[str, str], ...]] = {
    PartKind.ABOUT_ME: (("words", "Write what they say."),),
    PartKind.WISH: (("words", "Write what is wished for."),),
    PartKind.GOAL: (("words", "Write what is to be reached."), ("whose", "Say whose words these are.")),
    PartKind.ACTION: (
        ("words", "Write what is to be done."),
        ("who", "Say who does it."),
        ("by_on", "Say by when."),
    ),
    PartKind.CONTINGENCY: (
        ("words", "Write what may happen."),
        ("then_words", "Write what to do then."),
        ("call_words", "Write whom to call."),
    ),
    PartKind.COPY: (("who_words", "Say who was given it."), ("by_on", "Say when."), ("then_words", "Say how.")),
    PartKind.REVIEW: (("by_on", "Say on which day the plan is looked at again."),),
}
KNOWN: dict[tuple[PartKind, str], tuple[str, ...]] = {
    (PartKind.ABOUT_ME, "heading"): CODES,
    (PartKind.WISH, "heading"): tuple(Subject),
    (PartKind.WISH, "stance"): ("", *Stance),
    (PartKind.GOAL, "whose"): tuple(Whose),
    (PartKind.GOAL, "state"): tuple(GoalState),
    (PartKind.ACTION, "who"): tuple(Who),
    (PartKind.ACTION, "state"): tuple(ActionState),
}
NAMED = {Who.CARER: "Say which of them.", Who.ORGANISATION: "Say which organisation."}


def faults(kind: PartKind, content: Content) -> list[tuple[str, str]]:
    """What a part of this kind lacks or says wrongly: field and words."""
    found = [(field, words) for field, words in NEEDS[kind] if not getattr(content, field)]
    found += [
        (field, "Choose one of those in the list.")
        for (of, field), known in KNOWN.items()
        if of == kind and getattr(content, field) not in known
    ]
    if kind == PartKind.ACTION and content.who in NAMED and not content.who_words:
        found.append(("who_words", NAMED[Who(content.who)]))
    if kind == PartKind.ACTION and content.who in IS_A_TASK and not content.team:
        found.append(("who", "Say which team."))
    if content.goal and kind != PartKind.ACTION:
        found.append(("goal", "Only an action is towards a goal."))
    long = ("words", "then_words", "call_words", "who_words")
    most = f"That is longer than {MOST_LETTERS:,} letters: say it shorter."
    found += [(field, most) for field in long if len(getattr(content, field)) > MOST_LETTERS]
    first: dict[str, str] = {}
    for field, words in found:
        first.setdefault(field, words)
    return list(first.items())


class NotAGoal(Refused):
    def __init__(self) -> None:
        super().__init__("That goal is not in their plan any more, or it is not shown to you: choose another, or none.")


class NotTheirs(Refused):
    def __init__(self) -> None:
        super().__init__("This part is written by those who look after them. Ask them to change it.")


def may_write(viewer: ViewerKind, kind: PartKind, content: Content) -> bool:
    """Whether somebody of this kind writes such a part: practitioners any, the person and proxies their own words.

    The person, and whoever acts for them, write About Me, wishes, goals in the person's words, and what the person or
    a carer does themselves.
    """
    if viewer == ViewerKind.PRACTITIONER:
        return True
    if viewer not in (ViewerKind.PERSON, ViewerKind.PROXY):
        return False
    if kind == PartKind.GOAL:
        return content.whose == Whose.PERSON
    if kind == PartKind.ACTION:
        return content.who in (Who.PERSON, Who.CARER)
    return kind in (PartKind.ABOUT_ME, PartKind.WISH)


TREATMENT = (Subject.RESUSCITATION, Subject.EMERGENCY, Subject.REFUSAL)


class Beside(StrEnum):
    """How a wish stands beside a decision that binds."""

    AGAINST = "against"
    SAME_MATTER = "same matter"


def _matter(subject: str) -> str:
    # one form (ReSPECT) decides of resuscitation and of other treatment: what is wished of either stands beside it
    return "treatment" if subject in TREATMENT else subject


def beside(*, heading: str, stance: str, decision_kind: str, decision_refuses: bool, binds: bool) -> Beside | None:
    """How a wish stands beside one decision, told by what both are about; None where they are about other things.

    A decision that refuses stands against a wish for the same; of anything else on one matter people read both.
    """
    if not decision_kind or _matter(heading) != _matter(decision_kind):
        return None
    if binds and decision_refuses and stance == Stance.WANTS:
        return Beside.AGAINST
    return Beside.SAME_MATTER
