"""How to speak with the person, and what matters to them in their own words. Pure."""

from collections.abc import Sequence

from locality.record.headlines import communication_lines
from locality.record.queries.freshness import Connected
from locality.record.queries.grouping import (
    also_held_by,
    best_first,
    class_of,
    is_new,
    is_over,
    same_facts,
    sender_of,
    senders_of,
)
from locality.record.queries.panels import ABOUT_ME, COMMUNICATION, Page, panel, shown_groups
from locality.record.queries.rows import Row
from locality.record.queries.shapes import Fact, Panel, Quote
from locality.record.queries.words import listed


def communication_panel(page: Page, *, rows: Sequence[Row], patients: Sequence[Row]) -> Panel:
    """Every need somebody sent, each once: those sent as rows, then those written in a Patient."""
    groups = shown_groups(rows, page, keep=lambda row: not is_over(row, page.view.at))
    facts = [page.fact(group) for group in groups]
    needs: dict[str, list[Row]] = {}
    for row in patients:
        for words in communication_lines(page.contents.resources[row.id]) if page.contents.opens(row) else ():
            needs.setdefault(words, []).append(row)
    said_already = {fact.title.casefold() for fact in facts}
    facts += [_need(page, words, told) for words, told in needs.items() if words.casefold() not in said_already]
    return panel(page, COMMUNICATION, facts, [*rows, *(row for told in needs.values() for row in told)])


def _need(page: Page, words: str, told: Sequence[Row]) -> Fact:
    senders = senders_of(told, page.view)
    return Fact(
        id=told[0].thing,
        title=words,
        senders=senders,
        also_held_by=also_held_by(senders),
        is_new=is_new(told, page.view),
        is_row=False,
        data_class=class_of(told),
    )


def communication_words(panel: Panel, sources: Sequence[Connected]) -> tuple[str, ...]:
    """The banner's words: needs that were sent, then a language or interpreter no row says."""
    words = [f"{fact.title}: {fact.value}" if fact.value else fact.title for fact in panel.facts]
    patients = [patient for one in sources for patient in one.patients]
    languages = list(dict.fromkeys(one.language for one in patients if one.language not in ("", "English")))
    told = " ".join(words).casefold()
    unsaid = [language for language in languages if language.casefold() not in told]
    if unsaid:
        words.append(f"Speaks {listed(unsaid)}")
    if any(one.interpreter for one in patients) and "interpreter" not in told:
        words.append("Needs an interpreter")
    return tuple(words)


def about_me_panel(page: Page, rows: Sequence[Row]) -> Panel:
    """The latest About Me of each sender, newest first, question by question."""
    at = page.view.at
    latest: dict[str, Row] = {}
    for group in same_facts(rows):
        best = best_first(group, at)[0]
        known = latest.get(best.source)
        if not is_over(best, at) and (known is None or _written(best) > _written(known)):
            latest[best.source] = best
    telling = sorted(latest.values(), key=_written, reverse=True)
    return panel(page, ABOUT_ME, [quote for row in telling for quote in _quotes(page, row)], rows)


def _written(row: Row) -> tuple[float, float]:
    return (row.happened_at or row.said_at).timestamp(), row.said_at.timestamp()


def _quotes(page: Page, row: Row) -> list[Quote]:
    """Question and answer as written; the line alone where nothing opens under it."""
    pairs = page.contents.detail(row).pairs or [(row.title, row.value)]
    sender = sender_of(row, page.view)
    return [
        Quote(
            id=row.thing,
            question=question,
            words=words,
            author=row.author,
            sender=sender,
            is_new=is_new([row], page.view),
            remark=row.remark,
            data_class=row.data_class,
        )
        for question, words in pairs
        if words
    ]
