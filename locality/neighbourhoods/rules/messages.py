"""What a place's templates say: words with names in braces that the record fills, and gaps that the writer fills."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from locality.base import Refused
from locality.neighbourhoods.rules.outbox import ToKind

FIELD = re.compile(r"\{([a-z_]+)\}")
# what nobody can fill but whoever writes: [day and time]
GAP = re.compile(r"\[[^\[\]\n]{1,80}\]")
FIELDS = {
    "name": "their name as they like to be called",
    "full_name": "their name in full",
    "born": "the day they were born",
    "nhs_number": "their NHS number",
    "practice": "their practice",
    "to_name": "whom it is for",
    "team": "the team that sends it",
    "team_phone": "that team's telephone",
    "organisation": "the organisation that sends it",
    "writer": "who writes it",
    "today": "the day it is written",
    "before": "the organisation that their care moved from",
    "moved_on": "the day on which it moved",
}
# to people nothing goes that tells more of somebody than they need to read it
NOT_TO_PEOPLE = frozenset({"born", "nhs_number"})
GAPS = "Fill in what stands in square brackets before it goes: {gaps}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One kind of message: for whom, and what it says."""

    code: str
    name: str
    to: tuple[ToKind, ...]
    subject: str
    body: str


def faults(template: Template) -> list[str]:
    """What is wrong with a template, in words."""
    named = set(FIELD.findall(template.subject + template.body))
    found = [f"{{{one}}} is no field: write one of {', '.join(FIELDS)}" for one in sorted(named - FIELDS.keys())]
    if ToKind.PERSON in template.to or ToKind.PROXY in template.to:
        found += [f"{{{one}}} is not told to people" for one in sorted(named & NOT_TO_PEOPLE)]
    return found


def filled(words: str, *, known: Mapping[str, str]) -> str:
    """The words with what is known; what is not known becomes a gap, which nothing is sent with."""
    return FIELD.sub(lambda found: known.get(found[1]) or f"[{FIELDS.get(found[1], found[1])}]", words)


def gaps(*words: str) -> list[str]:
    """What is still to be filled in."""
    return list(dict.fromkeys(GAP.findall(" ".join(words))))


class NotFilled(Refused):
    """A message with gaps in it cannot go."""

    def __init__(self, left: list[str]) -> None:
        super().__init__(GAPS.format(gaps=", ".join(left)))
