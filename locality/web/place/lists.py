"""How many patients are on the lists of some practices, publication by publication, side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from locality.web.place.measures import latest
from locality.web.place.words import numbered
from locality.web.words import counted

LIST, PEOPLE = "list", "people"
BAR = 120  # the width of the longest bar, in its own units


@dataclass(frozen=True, slots=True)
class Row:
    """One practice: what each publication says of its list, in words, and a bar for the chosen one."""

    practice: Any
    cells: tuple[str, ...]
    bar: float


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of some practices: the publications in order of their day, and which of them the words speak of."""

    answer: str
    series: tuple[Any, ...]
    chosen: Any
    rows: tuple[Row, ...]
    together: tuple[str, ...]


def lists(practices: Sequence[Any], figures: Mapping[str, Sequence[Any]]) -> Lists | None:
    """What was published of these practices' lists; nothing where nothing was."""
    counts = {
        (practice.code, one.series_id): one.value
        for practice in practices
        for one in figures.get(practice.code, ())
        if one.series.kind == LIST and one.series.unit == PEOPLE
    }
    known = {one.series_id: one.series for each in figures.values() for one in each}
    series = tuple(row for pk, row in known.items() if any(key[1] == pk for key in counts))
    chosen = latest(series)
    if chosen is None:
        return None
    of = {practice: counts.get((practice.code, chosen.pk)) for practice in practices}
    most = max(value for value in of.values() if value is not None)
    ranked = sorted(practices, key=lambda practice: (-(of[practice] or 0), practice.name))
    return Lists(
        answer=_answer({practice.name: value for practice, value in of.items() if value is not None}, chosen),
        series=series,
        chosen=chosen,
        rows=tuple(
            Row(
                practice,
                tuple(_said(counts.get((practice.code, one.pk))) for one in series),
                round(float(BAR * (of[practice] or 0) / most), 1),
            )
            for practice in ranked
        ),
        together=tuple(_together([counts.get((practice.code, one.pk)) for practice in practices]) for one in series),
    )


def _said(value: Decimal | None) -> str:
    return "No figure" if value is None else f"{value:,.0f}"


def _together(values: Sequence[Decimal | None]) -> str:
    """Nobody is on two lists, so they add up; where one is not known, nor is the whole."""
    known = [value for value in values if value is not None]
    return f"{sum(known):,.0f}" if len(known) == len(values) else "Not all known"


def _answer(of: Mapping[str, Decimal], chosen: Any) -> str:
    ranked = sorted(of, key=lambda name: (of[name], name))
    least, most = ranked[0], ranked[-1]
    patients = counted(round(sum(of.values())), "patient")
    said = f"{patients} on {numbered(len(of), 'list')} together ({chosen.period})"
    if of[least] == of[most]:
        return said
    return f"{said}: {most} has the longest, {of[most]:,.0f}; {least} the shortest, {of[least]:,.0f}"
