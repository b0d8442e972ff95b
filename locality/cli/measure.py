"""`locality measure`: a figure of the place, what it is made of, and how sure it is; safe to tell."""

import csv
import time
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer
from rich.table import Table

from locality.base import Refused, system
from locality.base.periods import day_of
from locality.cli import edge
from locality.cli.shown import Shown

if TYPE_CHECKING:
    from locality.population.queries.measures import Counted
    from locality.population.rules.measures import By, Measure
    from locality.population.rules.telling import Figure, Figures

Name = Annotated[str, typer.Argument(help="The measure; without one, they are listed.")]
Parted = Annotated[
    str, typer.Option("--by", help="neighbourhood, deprivation, ethnicity, age, sex, practice or month.")
]
OutFile = Annotated[Path | None, typer.Option("--out", help="Write the figures here, as CSV.")]
Until = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="The twelve months that end before this day; the last full ones if none."),
]
Keep = Annotated[
    bool, typer.Option("--keep", help="Work out every measure, and keep what may be told of it for the pages.")
]
HEAD = (
    "measure", "by", "group", "count", "of", "value", "low", "high", "median", "standardised", "standardised_low",
    "standardised_high", "unit", "since", "until", "kept_back",
)  # fmt: skip
KEPT = "kept back: few"


@edge.says_it_clearly
def measure(
    name: Name = "",
    by: Parted = "",
    until: Until = None,
    out: OutFile = None,
    keep: Keep = False,
    as_json: bool = edge.Json,
) -> None:
    """Work a measure out over the analytical copy, safe to tell: few are kept back, who opted out is left out."""
    if keep:
        if name or by or until or out:
            raise Refused("--keep works out every measure of the last whole months: say it alone.")
        _keep(as_json=as_json)
        return
    edge.start_django()
    from locality.population.queries import measures

    place = _pack()
    kinds = measures.kinds_of_contact(place=place)
    if not name:
        _list({one: measures.why_not(one, kinds) for one in measures.measures(place=place).values()}, as_json=as_json)
        return
    one = measures.measure(name, place=place)
    parted = measures.by_of(by, one) if by else None
    counted = _counted(one, until=until, kinds=kinds)
    from locality.population.queries.kept import told_before
    from locality.population.rules.telling import tell

    # what the pages told of these months stands here too
    earlier = told_before(until=counted.until).get(one.id)
    figures = tell(one, counted.groups, left_out=counted.left_out, earlier=earlier)
    rows = list(_rows(one, figures, parted, counted=counted))
    if out is not None:
        _write(out, rows)
    if as_json:
        edge.line(**_told(one, figures, rows, counted=counted))
        return
    _show(one, figures, parted, counted=counted)
    if out is not None:
        edge.people.print(f"Written to {out}.", markup=False)


def _keep(*, as_json: bool) -> None:
    edge.with_database()
    from locality.population.actions.keeping import keep_measures
    from locality.population.queries.copy import open_copy

    started = time.perf_counter()
    with open_copy() as duck, Shown("Working out measures", quiet=as_json) as show:
        kept = keep_measures(duck=duck, synthetic=edge.is_synthetic(), by=system(at=edge.now()), tell=show)
    seconds = time.perf_counter() - started
    computed = sum(one.figures is not None for one in kept.measures.values())
    if as_json:
        edge.line(measures=len(kept.measures), computed=computed, until=kept.until, seconds=round(seconds, 3))
        return
    last = kept.until - timedelta(days=1)
    edge.people.print(
        f"{computed} of {len(kept.measures)} measures worked out up to {last:%B %Y} and kept, in {seconds:.1f} seconds."
    )


def _pack() -> str:
    """The pack of whose people the copy is; where there is none yet, the one that would be loaded."""
    from django.conf import settings

    from locality.population.queries.copy import pack

    return pack(otherwise=str(settings.LOCALITY_PLACE or ""))


def _counted(one: "Measure", *, until: datetime | None, kinds: list[tuple[str, str]]) -> "Counted":
    from locality.population.queries import measures
    from locality.population.queries.copy import manifest, open_copy
    from locality.population.rules.measures import last_day_asked

    made_on = day_of(datetime.fromisoformat(manifest().made_at))
    last = last_day_asked(one, made_on=made_on, until=until.date() if until else None)
    with open_copy() as duck:
        return measures.count(duck, one, until=last, kinds=kinds)


# ---- for machines


def _rows(one: "Measure", figures: "Figures", by: "By | None", *, counted: "Counted") -> Iterator[dict[str, Any]]:
    since = date(counted.until.year - 1, counted.until.month, 1)
    same = {"measure": one.id, "unit": one.unit, "since": since, "until": counted.until}
    yield {"by": "", **_row(figures.whole), **same}
    ways: Iterable[tuple[By, tuple[Figure, ...] | None]] = (
        [(by, figures.by[by])] if by is not None else figures.by.items()
    )
    for way, groups in ways:
        for group in groups or ():
            yield {"by": str(way), **_row(group), **same}


def _row(figure: "Figure") -> dict[str, Any]:
    alike = figure.standardised
    return {
        "group": figure.group,
        "count": figure.count,
        "of": figure.of,
        "value": figure.value,
        "low": figure.low,
        "high": figure.high,
        "median": figure.median,
        "standardised": alike.value if alike else None,
        "standardised_low": alike.low if alike else None,
        "standardised_high": alike.high if alike else None,
        "kept_back": "" if figure.is_told else "yes",
    }


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    try:
        with path.open("w", encoding="utf-8", newline="") as lines:
            write_csv(lines, rows)
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror}.") from None


def write_csv(lines: TextIO, rows: Iterable[dict[str, Any]]) -> None:
    """The figures as CSV, in the order of HEAD."""
    written = csv.DictWriter(lines, HEAD, lineterminator="\n")
    written.writeheader()
    written.writerows(rows)


def _told(one: "Measure", figures: "Figures", rows: list[dict[str, Any]], *, counted: "Counted") -> dict[str, Any]:
    chart, slope = figures.chart, figures.slope
    return {
        "measure": one.id,
        "name": one.name,
        "says": one.says,
        "unit": one.unit,
        "better": one.better,
        "source": one.source,
        "verified": one.verified,
        "caveat": one.caveat,
        "target": one.target.value if one.target else None,
        "until": counted.until,
        "left_out": figures.left_out,
        "not_told": [str(by) for by, groups in figures.by.items() if groups is None],
        "chart": None
        if chart is None
        else {
            "variation": chart.variation,
            "assurance": chart.assurance,
            "points": [
                {"month": month, "value": point.value, "rules": point.rules, "variation": point.variation}
                for month, point in zip(figures.months, chart.points, strict=True)
            ],
            "mean": chart.points[-1].limits.mean,
            "low": chart.points[-1].limits.low,
            "high": chart.points[-1].limits.high,
        },
        "slope": None if slope is None else {"index": slope.index, "low": slope.low, "high": slope.high},
        "figures": rows,
    }


# ---- for people


def _list(known: "dict[Measure, str]", *, as_json: bool) -> None:
    if as_json:
        edge.line(
            measures=[
                {"measure": one.id, "name": one.name, "unit": one.unit, "by": one.by, "not_computed": reason}
                for one, reason in known.items()
            ]
        )
        return
    table = Table(box=None, pad_edge=False)
    for words in ("measure", "", "told by"):
        table.add_column(words)
    for one, reason in known.items():
        table.add_row(one.id, one.name, ", ".join(one.by) if not reason else f"not computed. {reason}")
    edge.people.print(table)
    computed = sum(not reason for reason in known.values())
    edge.people.print(f"{len(known)} measures, {computed} of them computed here. One: locality measure NAME --by WAY")


def _show(one: "Measure", figures: "Figures", by: "By | None", *, counted: "Counted") -> None:
    say = edge.people.print
    since = date(counted.until.year - 1, counted.until.month, 1)
    last = counted.until - timedelta(days=1)
    say(f"{one.name}, {since:%B %Y} to {last:%B %Y}", markup=False, style="bold", soft_wrap=True)
    say(one.says, markup=False)
    say(f"{_words(figures.whole)} ({one.unit}; better {one.better})", markup=False)
    if one.target:
        said = "" if one.target.verified else ", not verified"
        say(f"Target: {one.target.says} ({one.target.origin}{said})", markup=False)
    if figures.chart:
        assured = f"; the target is met: {figures.chart.assurance}" if figures.chart.assurance else ""
        say(f"Over {len(figures.months)} months: {figures.chart.variation}{assured}.", markup=False)
    if figures.slope:
        say(f"From the most to the least deprived end: {figures.slope.index:+,.1f}.", markup=False)
    if by is not None:
        _show_parted(figures.by[by], by)
    for words in (one.caveat, f"Definition: {one.source}{'' if one.verified else ' (not verified)'}."):
        if words:
            say(words, markup=False)
    left = "few" if figures.left_out is None else f"{figures.left_out:,}"
    say(f"People who opted out of such use are left out: {left}. Counts are rounded to 5; 1 to 7 are kept back.")


def _show_parted(groups: "tuple[Figure, ...] | None", by: "By") -> None:
    if groups is None:
        edge.people.print(f"By {by} it cannot be told: too few in it.")
        return
    table = Table(box=None, pad_edge=False)
    for words in (str(by), "count", "of", "value", "95% interval", "as the standard's ages", ""):
        table.add_column(words, justify="left" if words in (str(by), "") else "right")
    for one in groups:
        table.add_row(one.group, *_cells(one))
    edge.people.print(table)


def _cells(one: "Figure") -> list[str]:
    if not one.is_told:
        return ["", "", KEPT, "", "", ""]
    alike = f"{one.standardised.value:,.1f}" if one.standardised else ""
    around = "" if one.low is None or one.high is None else f"{one.low:,.1f} to {one.high:,.1f}"
    return [
        f"{one.count:,}",
        "" if one.of is None else f"{one.of:,}",
        "" if one.value is None else f"{one.value:,.1f}",
        around,
        alike,
        "" if one.place is None else str(one.place),
    ]


def _words(one: "Figure") -> str:
    if not one.is_told:
        return KEPT.capitalize()
    if one.value is None:
        return f"Nothing to work it out from: {one.count} counted"
    around = "" if one.low is None or one.high is None else f" ({one.low:,.1f} to {one.high:,.1f})"
    of = "" if one.of is None else f" of {one.of:,}"
    return f"{one.value:,.1f}{around}: {one.count:,}{of}"
