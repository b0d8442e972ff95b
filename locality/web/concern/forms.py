"""What is typed on the form of a concern, and on the form that closes one."""

from uuid import UUID

from locality.base.ids import new_id
from locality.record.actions.concerns import NO_OUTCOME, NO_WORDS, Told
from locality.record.rules import CAUSE_WORDS, KNOWS_WORDS, OUTCOME_WORDS, Cause, Knows, Outcome
from locality.web.forms import Form

DANGER = (("yes", "Yes, now"), ("no", "No, not at this moment"))
CAUSES = tuple(CAUSE_WORDS.items())
KNOWS = tuple(KNOWS_WORDS.items())
OUTCOMES = tuple(OUTCOME_WORDS.items())
LONGEST = {"words": 10_000, "seen": 300, "cause_words": 300, "outcome_words": 4000}


def filling(typed: str) -> UUID:
    """The mark of one filling of the form, so that sent twice it is one."""
    try:
        return UUID(typed)
    except ValueError:
        return new_id()


def told(form: Form) -> Told | None:
    """What somebody is concerned about; nothing when something is missing, which the form then says."""
    danger = form.chosen("danger", {"yes": True, "no": False}, needed="Say whether they are in immediate danger.")
    words, seen = form.text("words"), form.words("seen", needed="Say when, as nearly as you know.")
    if not words:
        form.errors.append(("words", NO_WORDS))
    cause = form.chosen("cause", {one.value: one for one in Cause}, needed="Say who may be the cause, or not known.")
    knows = form.chosen("knows", {one.value: one for one in Knows}, needed="Say whether they know.")
    _check_lengths(form)
    if form.errors or danger is None or cause is None or knows is None:
        return None
    return Told(
        words=words, seen_text=seen, danger=danger, cause=cause, cause_words=form.words("cause_words"), knows=knows
    )


def closing(form: Form) -> tuple[Outcome, str] | None:
    """What came of it, and why; nothing when something is missing."""
    outcome = form.chosen("outcome", {one.value: one for one in Outcome}, needed="Choose what came of it.")
    words = form.text("outcome_words")
    if not words:
        form.errors.append(("outcome_words", NO_OUTCOME))
    _check_lengths(form)
    return None if form.errors or outcome is None else (outcome, words)


def _check_lengths(form: Form) -> None:
    form.errors += [
        (name, f"That is longer than {most:,} letters: type it shorter.")
        for name, most in LONGEST.items()
        if len(form.typed.get(name, "")) > most
    ]
