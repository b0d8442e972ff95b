"""What the pages of a link worker say."""

from collections.abc import Sequence
from datetime import date

from locality.base.periods import day_of
from locality.directory.rules.services import capacity_is_old, capacity_words
from locality.methods.small_numbers import HIDDEN_TO
from locality.neighbourhoods.queries.support import Answers, Listed, Offer
from locality.neighbourhoods.rules.needs import need_words
from locality.neighbourhoods.rules.support import (
    MOVE_WORDS,
    NEED_STATE_WORDS,
    OFFER_WORDS,
    OUTCOME_WORDS,
    REACHED_WORDS,
    WAY_WORDS,
    NeedState,
    OfferState,
    Outcome,
    moves_from,
)
from locality.neighbourhoods.rules.wellbeing import QUESTION_WORDS, SHORT_WORDS, Change, Moved, Question, band
from locality.web.words import counted, day

OFFER_KINDS = {
    OfferState.OFFERED: "info",
    OfferState.AGREED: "info",
    OfferState.GOING: "good",
    OfferState.FINISHED: "good",
    OfferState.DECLINED: "quiet",
    OfferState.STOPPED: "caution",
}
NEED_KINDS = {
    NeedState.OPEN: "info",
    NeedState.MET: "good",
    NeedState.PARTLY: "caution",
    NeedState.NOT_MET: "quiet",
}
MOVED_KINDS = {Moved.BETTER: "good", Moved.SAME: "quiet", Moved.WORSE: "caution"}
FEW = f"{HIDDEN_TO} or fewer"
need, offer_moves, offer_state, reached, way = need_words, moves_from, OFFER_WORDS, REACHED_WORDS, WAY_WORDS
move, need_state, question, short, outcomes = MOVE_WORDS, NEED_STATE_WORDS, QUESTION_WORDS, SHORT_WORDS, OUTCOME_WORDS
in_band = band


DONE = {
    "contact": "In touch",
    "contact taken back": "A contact was taken back",
    "wellbeing": "The four questions were answered",
}


def done(what: str) -> str:
    """A line of the history: what was done, as people say it."""
    kind, _, about = what.partition(": ")
    if kind == "need":
        return f"Needs help: {need_words(about).lower()}"
    if kind.startswith("need "):
        return f"{need_words(about)}: {NEED_STATE_WORDS[NeedState(kind.removeprefix('need '))].lower()}"
    return DONE.get(what, f"{what[:1].upper()}{what[1:]}")


def room(one: Offer, on: date) -> str:
    """What the directory says of the room there is, and when that was said."""
    if one.room is None:
        return ""
    said = capacity_words(
        state=one.room.state,
        wait_days=one.room.wait_days,
        places=one.room.places,
        assesses_first=one.room.assesses_first,
    )
    reported_on = day_of(one.room.reported_at)
    old = ", too long ago to go by" if capacity_is_old(reported_on=reported_on, on=on) else ""
    return f"the directory says, {day(reported_on)}: {said}{old}"


def outcome(one: Listed) -> str:
    """How it ended, in words."""
    return OUTCOME_WORDS[Outcome(one.outcome)] if one.outcome else ""


def answer(rows: Sequence[Listed], *, mine: bool, waiting: int) -> str:
    """Whom one supports, in one sentence."""
    whose = "You support" if mine else "Your team supports"
    if not rows:
        return f"{whose} nobody now" if not waiting else f"{counted(waiting, 'person', 'people')} waiting to begin"
    due = sum(one.is_due or one.is_quiet for one in rows)
    words = f"{whose} {counted(len(rows), 'person', 'people')}"
    return f"{words}; be in touch with {due} of them today" if due else f"{words}; nobody is due today"


def by_question(answers: Sequence[Answers]) -> dict[Question, list[int]]:
    """Each question with what was answered to it, the first first."""
    return {question: [one.scores[question] for one in answers if question in one.scores] for question in Question}


def change(one: Change) -> str:
    """How one answer moved, in words."""
    by = abs(one.by)
    if not by:
        return "the same"
    return f"{counted(by, 'point')} {'higher' if one.by > 0 else 'lower'}, which is {one.moved}"


def many(count: int | None) -> str:
    """A count as it is told: hidden is never nought."""
    return FEW if count is None else f"{count:,}"


def quarter_name(first_on: date) -> str:
    """`July to September 2026`."""
    months = ("January to March", "April to June", "July to September", "October to December")
    return f"{months[(first_on.month - 1) // 3]} {first_on.year}"
