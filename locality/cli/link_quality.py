"""`locality link-quality`: how well patients are linked, measured, kept for the page, and printed."""

import csv
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from locality.base import Refused, system
from locality.cli import edge
from locality.methods.linkage_figures import tables

Labels = Annotated[
    Path | None,
    typer.Option(
        help="Who patients truly are: CSV with person, source, local_id; other columns part people into groups."
    ),
]
OutFolder = Annotated[Path | None, typer.Option("--out", help="Also write the figures here, as JSON and CSV.")]
BOROUGH, REVIEW = "borough", "review"
SHARES = {"precision": "Joined rightly", "recall": "Joined of those to join", "reached": "Joined or asked about"}


@edge.says_it_clearly
def link_quality(labels: Labels = None, out: OutFolder = None, as_json: bool = edge.Json) -> None:
    """Measure linkage against labels: a file, the demo's truth where it is here, else what review has decided."""
    edge.with_database()
    from locality.people.actions.quality import keep_quality
    from locality.people.queries import quality

    at = edge.now()
    truth = _truth(labels)
    measured = quality.by_reviewed_pairs(at=at) if truth is None else quality.against(truth, at=at)
    kept = keep_quality(measured=measured, by=system(at=at))
    told = {"measured_at": at.isoformat(), "origin": kept.origin, "patients": kept.patients, **kept.figures}
    if out is not None:
        write_figures(out, told)
    if as_json:
        edge.line(**told)
        return
    show(told)
    if out is not None:
        edge.people.print(f"Written to {out}.", markup=False)


def _truth(labels: Path | None) -> Any:
    """The truth that is given, or the demo's; None where only people's decisions can tell."""
    from django.conf import settings

    from locality.cli.link_labels import read_labels

    if labels is not None:
        return read_labels(labels, origin=labels.name, neighbourhoods=_neighbourhoods())
    here = settings.LOCALITY_HOME / "demo" / "borough" / "labels.csv.gz"
    return read_labels(here, origin=BOROUGH, neighbourhoods=_neighbourhoods()) if here.exists() else None


def _neighbourhoods() -> dict[str, str]:
    from locality.base.periods import day_of
    from locality.directory import queries as directory

    here = directory.neighbourhoods(day_of(edge.now()))
    return {area.code: one.name for one in here for area in directory.areas_of(one)}


def show(told: dict[str, Any]) -> None:
    """Print the figures for people to read."""
    edge.people.print(f"{told['patients']:,} patients measured, against {told['origin']}.", markup=False)
    if "overall" in told:
        _table("Everybody", [("all", told["overall"])])
        for one in told["by"]:
            _table(one["aspect"], [(row["group"], row) for row in one["groups"]])
    for one in told.get("states", ()):
        edge.people.print(f"  {one['state']}: {_share(one['same'])} were one person")
    queue, deciding = told["queue"], told["deciding"]
    decided = deciding["same"] + deciding["different"]
    edge.people.print(f"Waiting for review: {queue['waiting']:,}. Decided: {decided:,}.")


def _table(title: str, rows: Iterable[tuple[str, dict[str, Any]]]) -> None:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for words in ("", "people", *SHARES.values(), "missed, against the largest"):
        table.add_column(words, justify="left" if not words else "right")
    for group, row in rows:
        table.add_row(group, f"{row['people']:,}", *(_share(row[name]) for name in SHARES), _times(row.get("missed")))
    edge.people.print(table)


def _share(one: dict[str, Any]) -> str:
    return f"{one['value']:.4%} ({one['low']:.4%} to {one['high']:.4%})" if one["of"] else "-"


def _times(one: dict[str, Any] | None) -> str:
    if one is None or one["times"] is None:
        return "-"
    high = "any" if one["high"] is None else f"{one['high']:.2f}"
    return f"{one['times']:.2f} times ({one['low']:.2f} to {high})"


# ---- the figures as files


def write_figures(folder: Path, told: dict[str, Any]) -> None:
    """Write the figures as one JSON file, and as a table for each thing that is told; raises Refused if it cannot."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "quality.json").write_text(json.dumps(told, indent=1), encoding="utf-8")
        for name, (head, rows) in tables(told).items():
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as lines:
                csv.writer(lines, lineterminator="\n").writerows([head, *rows])
    except OSError as error:
        raise Refused(f"{folder} cannot be written: {error.strerror}.") from None
