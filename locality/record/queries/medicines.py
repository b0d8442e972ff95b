"""Medicines that are taken, and where two senders give the same medicine otherwise. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace

from locality.record.queries.grouping import best_first, is_over, same_facts
from locality.record.queries.panels import MEDICINES, Page, holds, panel, shown_groups
from locality.record.queries.rows import Row, sender_names
from locality.record.queries.shapes import Fact, Panel
from locality.record.queries.words import counted, when_words

# what stands before the strength names the medicine: "Ramipril 2.5mg capsules"
NAME = re.compile(r"[^0-9]+")


def medicines_panel(page: Page, rows: Sequence[Row]) -> Panel:
    """What is taken, newest first; what was stopped is in the timeline, and never here."""
    groups = shown_groups(rows, page, keep=holds(page))
    over = len(same_facts(rows)) - len(groups)
    note = f"{counted(over, 'medicine no longer taken', 'medicines no longer taken')} in the timeline." if over else ""
    facts = [_told(page, group, groups) for group in groups]
    return panel(page, MEDICINES, facts, rows, note=note)


def _told(page: Page, group: Sequence[Row], groups: Sequence[Sequence[Row]]) -> Fact:
    fact = page.fact(group)
    if fact.disagreement:
        return fact
    mine = best_first(group, page.view.at)[0]
    otherwise = [best_first(other, page.view.at)[0] for other in groups if other is not group]
    otherwise = [row for row in otherwise if _is_same_medicine(mine, row) and not is_over(row, page.view.at)]
    sources = {row.source_id for row in group}
    # a sender who holds both knows of both: two strengths taken together
    if not otherwise or any(row.source_id in sources for row in otherwise):
        return fact
    speaking = [mine, *otherwise]
    names = sender_names(speaking, tells_place=page.view.tells_place)
    return replace(fact, disagreement="; ".join(_says(names[row.source_id], row) for row in speaking) + ".")


def _is_same_medicine(one: Row, other: Row) -> bool:
    names = sorted((_name(one), _name(other)), key=len)
    return bool(names[0]) and f"{names[1]} ".startswith(f"{names[0]} ")


def _name(row: Row) -> str:
    found = NAME.match(row.title.casefold())
    return " ".join(found[0].split()) if found else ""


def _says(name: str, row: Row) -> str:
    said = ", ".join(filter(None, [row.title, row.value, when_words(row.happened_text)]))
    return f"{name} says {said}"
