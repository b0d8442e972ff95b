"""What is pressed and typed on the page of a list."""

from datetime import date, timedelta

from locality.neighbourhoods.rules import Agreed
from locality.population.actions import reviewing
from locality.population.actions.reviewing import Said
from locality.population.rules.finding import DECLINE_WORDS, Answer, DeclineReason
from locality.web.forms import Form

LATER = (("14", "in two weeks"), ("30", "in a month"), ("91", "in three months"))
AGREED = (
    (Agreed.AGREED, "Accept: they agreed"),
    (Agreed.BEST_INTERESTS, "Accept in their best interests: they cannot decide this"),
)
# one press each; the last one wants words
REASONS = tuple((value, words) for value, words in DECLINE_WORDS.items() if value != DeclineReason.OTHER)
LONGEST = 1000


# what an answer that is not whole lacks stands at the field that would hold it
FIELDS = {reviewing.NO_WORDS: "words", reviewing.NO_DAY: "day"}
NOTHING_PRESSED = "Nothing was answered: press one of the answers."
ANSWER = "answer"


def said(form: Form, *, on: date) -> Said | None:
    """What was pressed; None where something is wrong, which the form then says."""
    found = _pressed(form, on=on)
    if found is None and not form.errors:
        form.errors.append((ANSWER, NOTHING_PRESSED))
    return None if form.errors else found


def _pressed(form: Form, *, on: date) -> Said | None:
    typed = form.typed
    if typed.get("accept") in list(Agreed):
        return Said(answer=Answer.ACCEPTED, agreed=Agreed(typed["accept"]), words=whole(form, "words"))
    if typed.get("decline") in list(DeclineReason):
        reason = DeclineReason(typed["decline"])
        words = whole(form, "words", needed=reviewing.NO_WORDS) if reason == DeclineReason.OTHER else ""
        return Said(answer=Answer.DECLINED, reason=reason, words=words)
    if "known" in typed:
        return Said(answer=Answer.KNOWN)
    return _later(form, on=on)


def whole(form: Form, name: str, *, needed: str = "") -> str:
    """All that was typed, or that it is too long: nothing is cut off what somebody meant."""
    return form.whole(name, most=LONGEST, needed=needed)


def _later(form: Form, *, on: date) -> Said | None:
    days = form.typed.get("later", "")
    if days in dict(LATER):
        return Said(answer=Answer.LATER, later_on=on + timedelta(days=int(days)))
    if days == "day":
        return Said(answer=Answer.LATER, later_on=form.day("day", needed=reviewing.NO_DAY))
    return None
