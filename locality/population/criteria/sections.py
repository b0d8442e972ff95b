"""The keys of a criterion's file, `criteria/<code>.toml` in a pack."""

from typing import Any

from locality.access.rules import DataClass
from locality.base import Refused
from locality.directory.pack.columns import Column, code, count, list_of, text, whole_number, yes_no
from locality.directory.pack.parts import own_code
from locality.directory.rules import CODE
from locality.population.rules.code_lists import in_sql

STEP_NAME = r"^[a-z][a-z_]{0,39}\Z"
# what a list may tell of those on it, from the least
CLASSES = (DataClass.WORK, DataClass.SUM, DataClass.CLIN, DataClass.SOC)


def data_class(value: Any) -> str:
    """A class of row that a list of people may show."""
    words = text(value)
    if words not in CLASSES:
        raise ValueError(f"must be one of {', '.join(CLASSES)}, not {words!r}")
    return words


def sql(value: Any) -> str:
    """SQL with the lists of codes that it names written out, so that other codes are other words of the criterion."""
    try:
        return in_sql(text(value))
    except Refused as refused:
        raise ValueError(str(refused)) from None


HEAD = (
    Column("code", own_code, "the same word as the file's name", required=True),
    Column("version", whole_number, "raised by one whenever anything else in the file changes", required=True),
    Column("name", text, "what the list is called", required=True),
    Column("who", text, "whom it finds, in words that they could be told", required=True),
    Column("why", text, "why they are looked for", required=True),
    Column("offer", text, "what they are offered: no list without one", required=True),
    Column(
        "class",
        data_class,
        "what being on it tells of somebody, so who may see it: WORK, SUM, CLIN or SOC",
        required=True,
    ),
    Column("risk", text, "what the number that orders the list is, and how it is made", required=True),
    Column("services", list_of(code(CODE, "community-nursing")), "the pack's services that could help", otherwise=()),
    Column("asked_again_after_days", count, "how long somebody who was reviewed is left alone", required=True),
    Column("origin", text, "where the rule comes from, and what of it is assumed", required=True),
    Column("verified", yes_no, "false while nobody has confirmed it", otherwise=False),
)
CAPACITY = (
    Column("team", own_code, "a team's code, or `neighbourhood` for each neighbourhood's own team", required=True),
    Column(
        "a_month", whole_number, "how many people the team can take on in a month: no list is longer", required=True
    ),
    Column("origin", text, "who said so, and when", required=True),
)
STEP = (
    Column("name", code(STEP_NAME, "fell_lately (small letters)"), "what later steps call it", required=True),
    Column("says", text, "what it does, in words", required=True),
    Column("sql", sql, "one query over the copy's tables and the steps before, as at $on", required=True),
)
OUTCOME = (
    Column("words", text, "what was to be avoided, or to be told in advance", required=True),
    Column("days", whole_number, "how many days after the list it counts", required=True),
    Column("sql", sql, "one query: each person with it, from $on until, not including, $until", required=True),
)

# the steps that every criterion has, and what each must give
GIVES = {
    "found": ("person", "risk"),
    "reasons": ("person", "kind", "system", "code", "said", "on_day", "source", "points"),
    "in_place": ("person", "said", "on_day", "source"),
}
OUTCOME_GIVES = ("person",)
