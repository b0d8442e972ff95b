"""The six states of what is known about allergies. None is known only where somebody explicitly says so. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from locality.record.headlines import State, allergy_statement
from locality.record.queries.freshness import known_of, known_words
from locality.record.queries.grouping import best_first, is_grave, same_facts
from locality.record.queries.panels import ALLERGIES, Page, fed
from locality.record.queries.rows import Row
from locality.record.queries.shapes import Fact, Known, Panel

EVERY_KIND = "allergy|no known allergy"
ONE_KIND = "It speaks of one kind of allergy only: others were not asked about."
NONE_HOLDS = "No allergy that holds is recorded; what was said is listed. This does not mean none: ask."
BOTH = "Another line here names an allergy, and this one says that none is known."


def allergies_panel(page: Page, rows: Sequence[Row]) -> Panel:
    """Allergies, the gravest first, none ever left out; then what was ruled out or is over, and who says none."""
    groups = [best_first(group, page.view.at) for group in same_facts(rows)]
    stated = {group[0].id: _statement(group[0], page) for group in groups}
    groups.sort(key=lambda group: _order(group[0], stated[group[0].id]))
    present = any(said == "present" for said in stated.values())
    facts = [_fact(page, group, said=stated[group[0].id], present=present) for group in groups]
    known = _known(page, rows, list(stated.values()))
    words = _words(page, known, facts)
    as_at, silent = fed(page, ALLERGIES, rows)
    return Panel(state=known, words=words, facts=tuple(facts), as_at=as_at, silent=silent)


def _known(page: Page, rows: Sequence[Row], stated: Sequence[str]) -> Known:
    known = known_of(
        page.sources,
        types=ALLERGIES.types,
        opens=page.opens(ALLERGIES),
        held=bool(rows),
        kept_back=any(source.keeps_back for source in page.sources),
        at=page.view.at,
    )
    if known == Known.CLOSED:
        return Known.WITHHELD
    if known == Known.PRESENT and "present" not in stated:
        return Known.NONE_KNOWN if "none_known" in stated else Known.NOT_RECORDED
    return known


def _words(page: Page, known: Known, facts: Sequence[Fact]) -> str:
    if known == Known.NOT_RECORDED and facts:
        return NONE_HOLDS
    return known_words(known, ALLERGIES.noun, closed_by=page.closed_by(ALLERGIES))


def _statement(row: Row, page: Page) -> str:
    """What a line states: an allergy, that none of any kind is known, or neither."""
    resource = page.contents.resources.get(row.id)
    if resource is None or row.state == State.PAST:
        return ""
    said = allergy_statement(resource)
    # "no known drug allergy" says nothing of food or latex
    return said if said != "none_known" or row.group_key == EVERY_KIND else "narrower"


def _order(row: Row, said: str) -> tuple:
    return {"present": 0, "narrower": 1, "none_known": 2}.get(said, 3), not is_grave(row), row.title.casefold()


def _fact(page: Page, group: Sequence[Row], *, said: str, present: bool) -> Fact:
    fact = page.fact(group)
    warnings = [fact.caution]
    if said == "narrower":
        warnings.append(ONE_KIND)
    if said in ("none_known", "narrower") and present:
        warnings.append(BOTH)
    return replace(fact, caution=" ".join(filter(None, warnings)))


def allergy_alerts(panel: Panel, page: Page, rows: Sequence[Row]) -> list[str]:
    """What the banner says of allergies: every one that holds, in one line; and that some are withheld."""
    holding = {
        group[0].thing
        for group in (best_first(each, page.view.at) for each in same_facts(rows))
        if _statement(group[0], page) == "present"
    }
    named = [_named(fact) for fact in panel.facts if fact.id in holding]
    told = []
    if len(named) == 1:
        told.append(f"Allergy: {named[0]}")
    elif named:
        told.append(f"Allergies: {'; '.join(named)}")
    if panel.state == Known.WITHHELD:
        told.append(panel.words if not page.opens(ALLERGIES) else "Some allergies are withheld: ask before acting")
    return told


def _named(fact: Fact) -> str:
    title = fact.title.removeprefix("Allergy to ").removeprefix("allergy to ")
    title = title[:1].upper() + title[1:]
    words = f"{title} ({fact.value[:1].lower()}{fact.value[1:]})" if fact.value else title
    return f"{words} (said not to be theirs)" if fact.not_hers else words
