"""`locality train-model` and `locality score-people`: the place's own model of emergency admission."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from locality.base import Refused, system
from locality.base.periods import day_of
from locality.cli import edge

SYNTHETIC = "Learned from and judged on invented people: this says nothing about any real place."
WHY = 3
Until = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="The day up to which outcomes are known; the day of the copy by itself."),
]
On = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="The day they are scored on; the day of the copy by itself."),
]
ModelFile = Annotated[Path | None, typer.Option("--model", help="A model's file; the newest one by itself.")]
Out = Annotated[Path | None, typer.Option("--out", help="Where to write everybody's: CSV, or Parquet by its name.")]
Person = Annotated[str | None, typer.Option(help="Explain one person's instead: their pseudonym in the copy.")]


@edge.says_it_clearly
def train_model(
    until: Until = None,
    seed: Annotated[int, typer.Option(min=0, help="Another seed leaves out other people in turn.")] = 1,
    renew: Annotated[bool, typer.Option("--renew", help="Only fit the newest model's level and spread anew.")] = False,
    model: ModelFile = None,
    as_json: bool = edge.Json,
) -> None:
    """Learn emergency admission in the next year from this place's own past, and judge it on the last year known."""
    edge.with_database()
    from locality.population.actions import local_model as actions
    from locality.population.queries.copy import open_copy

    if model is not None and not renew:
        raise Refused("--model names a model to renew: say --renew with it.")
    by = system(at=edge.now())
    with open_copy() as duck, edge.people.status("Opening the copy") as status:
        if renew:
            made, path = actions.renew_model(
                duck=duck, model=_model(model)[0], until=_day(until), folder=_folder(), by=by
            )
        else:
            made, path = actions.train_model(
                duck=duck,
                until=_day(until),
                seed=seed,
                synthetic=edge.is_synthetic(),
                folder=_folder(),
                by=by,
                tell=status.update,
            )
    if as_json:
        edge.line(file=str(path), **made.written())
        return
    _tell(made.said)
    edge.people.print(f"Written to {path}.", markup=False, soft_wrap=True)


@edge.says_it_clearly
def score_people(
    out: Out = None, on: On = None, model: ModelFile = None, person: Person = None, as_json: bool = edge.Json
) -> None:
    """Score everybody in the copy with the local model, each with the reasons that raise it; or explain one."""
    if (out is None) == (person is None):
        raise Refused("Say --out FILE for everybody, or --person PSEUDONYM for one.")
    if out is not None and not out.resolve().parent.is_dir():
        raise Refused(f"There is no folder {out.resolve().parent} to write {out.name} into.")
    edge.with_database()
    from locality.population.actions import local_model as actions
    from locality.population.queries.copy import open_copy

    held, path = _model(model)
    by = system(at=edge.now())
    with open_copy() as duck:
        if person is not None:
            found = actions.explain_person(
                duck=duck, model=held, file=path.name, person=person, key=_key(), on=_day(on), by=by
            )
            _explained(found, as_json=as_json)
            return
        seen, chances = actions.score_people(duck=duck, model=held, file=path.name, on=_day(on), by=by)
    assert out is not None
    _write(out, held, seen, chances)
    synthetic = bool(held.said.get("synthetic"))
    if as_json:
        edge.line(people=len(chances), model=str(path), on=str(seen.on), out=str(out), synthetic=synthetic)
        return
    edge.people.print(f"{len(chances):,} people scored by {path.name}, written to {out}.", markup=False, soft_wrap=True)
    if synthetic:
        edge.people.print(SYNTHETIC)


def _model(path: Path | None) -> Any:
    from locality.population.rules.model_files import read_model, saved_model

    return saved_model(_folder()) if path is None else (read_model(path), path)


def _folder() -> Path:
    from django.conf import settings

    from locality.population.rules.model_files import FOLDER

    return Path(settings.LOCALITY_HOME) / FOLDER


def _key() -> bytes:
    from django.conf import settings

    from locality.config.pseudonyms import copy_key

    return copy_key(settings.LOCALITY_HOME)


def _day(asked: datetime | None) -> date:
    from locality.population.queries.copy import manifest

    return asked.date() if asked is not None else day_of(datetime.fromisoformat(manifest().made_at))


def _write(out: Path, model: Any, seen: Any, chances: Any) -> None:
    import pyarrow as pa
    from pyarrow import csv, parquet

    from locality.methods.additive import foremost

    why = foremost(model, seen.columns, many=WHY)
    columns = {"person": pa.array(seen.people, type=pa.string()), "chance": pa.array(chances.round(6))}
    columns |= {f"why_{at + 1}": pa.array(why[:, at], type=pa.string()) for at in range(WHY)}
    write = parquet.write_table if out.suffix == ".parquet" else csv.write_csv
    write(pa.table(columns), str(out))


def _explained(one: Any, *, as_json: bool) -> None:
    if as_json:
        rows = [
            {
                "words": why.reason.words,
                "adds": why.reason.adds,
                "odds_times": why.reason.times,
                "rows": [{"what": row.what, "on": row.on_day, "source": row.source} for row in why.rows],
            }
            for why in one.why
        ]
        edge.line(chance=one.chance, average_log_odds=one.base, why=rows)
        return
    edge.people.print(f"Chance within a year: {one.chance:.1%}. What makes it differ from the average person's:")
    for why in one.why:
        edge.people.print(f"  {why.reason.words}: odds x {why.reason.times:.2f}", markup=False)
        for row in why.rows:
            edge.people.print(f"      {row.on_day or 'no day'}  {row.what} ({row.source})", markup=False)


def _tell(said: Any) -> None:
    if said.get("synthetic"):
        edge.people.print(SYNTHETIC)
    for one in (*said["learned_from"], said["judged_on"]):
        edge.people.print(
            f"{one['on']}: {_count(one['people'])} people, {_count(one['outcomes'])} with the outcome"
            f" ({_count(one['objected'])} who object and {_count(one['no_practice'])} without a practice left out)"
        )
    overall = said["judged"]["overall"]
    for name in ("expected_over_observed", "slope", "area_under_curve"):
        edge.people.print(f"  {name.replace('_', ' ')}: {_figure(overall[name])}")
    table = Table("people on the list", "with the outcome", "of all outcomes", "to review for one")
    for one in said["judged"]["lists"]:
        review = f"{one['to_review']:.1f}" if one["to_review"] else "few found"
        table.add_row(f"{one['size']:,}", _share(one["predictive"]), _share(one["captured"]), review)
    edge.people.print(table)
    for aspect in said["label_bias"]:
        for one in aspect["groups"]:
            if one["verdict"] in ("fewer", "measures disagree"):
                edge.people.print(f"  {aspect['aspect']} {one['group']}: {one['words']}", markup=False)


def _count(one: int | None) -> str:
    return "few" if one is None else f"{one:,}"


def _figure(one: Any) -> str:
    return "too few to tell" if one is None else f"{one['value']:.3f} ({_end(one['low'])} to {_end(one['high'])})"


def _end(value: float | None) -> str:
    return "no end" if value is None else f"{value:.3f}"


def _share(one: Any) -> str:
    return "few" if one["value"] is None else f"{one['value']:.1%} ({one['low']:.1%} to {one['high']:.1%})"
