"""`locality cohort` and `locality segments`: how many people are meant, before anybody is named."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from locality.base import NotFound, Refused, system
from locality.cli import edge

if TYPE_CHECKING:
    from locality.population.rules.cohort_counts import Told
    from locality.population.rules.cohorts import Cohort

KEPT = "kept back"
NOBODY_NAMED = "Nobody is named here: the page of the cohort names those whom one may open, with a reason."
LEFT_OUT = "People who opted out of such use are left out: {}. Counts of 1 to 7 are kept back, others are rounded to 5."

File = Annotated[str, typer.Argument(metavar="FILE", help="A cohort's file, or the code of one of the pack's.")]
On = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As of which day; the day of the copy by itself.")
]
Out = Annotated[
    Path | None, typer.Option("--out", help="Write the pseudonyms of all who are meant here, one a line, for care.")
]


@edge.says_it_clearly
def cohort(file: File = "", on: On = None, out: Out = None, as_json: bool = edge.Json) -> None:
    """Say how many people a cohort means, whom each of its lines leaves out, and where they live; counts only."""
    if out is not None:
        edge.check_outputs([out], [Path(file)])
        edge.with_database()
    else:
        edge.start_django()
    from locality.population.queries.cohorts import count_lines
    from locality.population.queries.copy import open_copy
    from locality.population.rules.cohort_counts import tell

    if not file:
        _list(as_json=as_json)
        return
    meant, day = _read(file), _day(on)
    with open_copy() as duck:
        told = tell(count_lines(duck=duck, cohort=meant, on=day))
        written = _write(duck, meant, day, out) if out is not None else None
    if as_json:
        edge.line(**_figures(meant, told, day), pseudonyms=written)
        return
    _show(meant, told, day)
    if written is not None:
        edge.people.print(f"{written:,} pseudonyms written to {out}.", markup=False, soft_wrap=True)


@edge.says_it_clearly
def segments(on: On = None, as_json: bool = edge.Json) -> None:
    """Say how many people are in each segment of life stage and need, in words that they could be told."""
    edge.start_django()
    from locality.population.queries.copy import open_copy
    from locality.population.queries.segments import told_segments

    day = _day(on)
    with open_copy() as duck:
        found = told_segments(duck=duck, on=day)
    if as_json:
        edge.line(on=day, segments=[{"code": one.code, "told": one.told, "people": n} for one, n in found.segments],
                  everybody=found.everybody, opted_out=found.opted_out)  # fmt: skip
        return
    table = Table(box=None, pad_edge=False)
    for words in ("segment", "what they could be told"):
        table.add_column(words)
    table.add_column("people", justify="right")
    for one, people in found.segments:
        table.add_row(one.name, one.told, _number(people))
    edge.people.print(table)
    edge.people.print(LEFT_OUT.format(_few(found.opted_out)))


def _read(file: str) -> "Cohort":
    from locality.population.queries.cohorts import cohorts_of
    from locality.population.rules.cohorts import read_cohort

    path = Path(file)
    if path.is_file():
        return read_cohort(path.read_text(encoding="utf-8"), name=path.name)
    known = cohorts_of(place=_place())
    if file not in known:
        codes = ", ".join(known) or "none"
        raise NotFound(f"There is no file {file}, and the pack has no cohort of that code. It has: {codes}.")
    return known[file]


def _place() -> str:
    from django.conf import settings

    return str(settings.LOCALITY_PLACE or "")


def _day(asked: datetime | None) -> date:
    from locality.population.queries.copy import manifest

    return asked.date() if asked is not None else datetime.fromisoformat(manifest().made_at).date()


def _write(duck: Any, meant: "Cohort", day: date, out: Path) -> int:
    from locality.population.actions.cohorts import write_pseudonyms

    try:
        with out.open("w", encoding="utf-8") as lines:
            return write_pseudonyms(duck=duck, cohort=meant, on=day, lines=lines, by=system(at=edge.now()))
    except OSError as error:
        raise Refused(f"{out} cannot be written: {error.strerror}.") from None


def _figures(meant: "Cohort", told: "Told", day: date) -> dict[str, Any]:
    from locality.population.rules.cohorts import said

    return {
        "cohort": meant.code,
        "version": meant.version,
        "on": day,
        "people": told.within,
        "of": told.everybody,
        "lines": [
            {"says": said(line), "leaves_out": left} for line, left in zip(meant.who, told.left_out, strict=True)
        ],
        "by_neighbourhood": told.by_neighbourhood,
        "opted_out": told.opted_out,
    }


def _show(meant: "Cohort", told: "Told", day: date) -> None:
    from locality.population.rules.cohorts import said

    say = edge.people.print
    say(f"{meant.says} ({meant.code}, version {meant.version})", markup=False, style="bold", soft_wrap=True)
    say(f"{_number(told.within)} of {_number(told.everybody)} people, on {day}.")
    table = Table(box=None, pad_edge=False)
    table.add_column("who")
    table.add_column("leaves out", justify="right")
    for line, left in zip(meant.who, told.left_out, strict=True):
        table.add_row(said(line), _number(left))
    say(table)
    for name, people in told.by_neighbourhood.items():
        say(f"  {name or 'not known'}: {_number(people)}", markup=False)
    say(LEFT_OUT.format(_few(told.opted_out)))
    say(NOBODY_NAMED)


def _list(*, as_json: bool) -> None:
    from locality.population.queries.cohorts import cohorts_of

    known = cohorts_of(place=_place())
    if as_json:
        edge.line(cohorts=[{"cohort": one.code, "version": one.version, "says": one.says} for one in known.values()])
        return
    for one in known.values():
        edge.people.print(f"{one.code}: {one.says}", markup=False)
    edge.people.print(f"{len(known)} cohorts. One: locality cohort CODE, or a file of your own.")


def _number(people: int | None) -> str:
    return KEPT if people is None else f"{people:,}"


def _few(people: int | None) -> str:
    return "few" if people is None else f"{people:,}"
