"""What is pressed and typed on the page of a list."""

from collections.abc import Mapping
from datetime import date, timedelta

from locality.neighbourhoods.rules import Agreed
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


def said(typed: Mapping[str, str], *, on: date) -> Said | None:
    """What was pressed; None where nothing that is known was."""
    words = " ".join(typed.get("words", "").split())[:LONGEST]
    if typed.get("accept") in list(Agreed):
        return Said(answer=Answer.ACCEPTED, agreed=Agreed(typed["accept"]), words=words)
    if typed.get("decline") in list(DeclineReason):
        reason = DeclineReason(typed["decline"])
        return Said(answer=Answer.DECLINED, reason=reason, words=words if reason == DeclineReason.OTHER else "")
    if "known" in typed:
        return Said(answer=Answer.KNOWN)
    return _later(typed, on=on)


def _later(typed: Mapping[str, str], *, on: date) -> Said | None:
    days = typed.get("later", "")
    if days in dict(LATER):
        return Said(answer=Answer.LATER, later_on=on + timedelta(days=int(days)))
    if days == "day":
        return Said(answer=Answer.LATER, later_on=Form(dict(typed)).day("day"))
    return None
