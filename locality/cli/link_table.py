"""`locality link-table`: the same people found in an analyst's file, or between two."""

import time
from pathlib import Path
from typing import Annotated, Any

import typer

from locality.base import Refused
from locality.cli import edge

SHOWN = 5  # refused rows said in full; the rest are counted


@edge.says_it_clearly
def link_table(
    files: Annotated[list[Path], typer.Argument(metavar="FILE [FILE2]", help="CSV or Parquet: one file, or two.")],
    out: Annotated[Path, typer.Option("--out", help="Where the clusters go: columns id and cluster.")],
    columns: Annotated[str, typer.Option("--map", help="Which column holds what: given_name=first,birth_date=dob,...")],
    id_column: Annotated[str, typer.Option("--id", help="The column that names a row.")],
    pairs: Annotated[Path | None, typer.Option("--pairs", help="Where the pairs and their probability go.")] = None,
    threshold: Annotated[
        float | None, typer.Option(help="Join from this probability on (by itself if unsaid).")
    ] = None,
    one_to_one: Annotated[
        bool, typer.Option("--one-to-one", help="Each row has at most one in the other file.")
    ] = False,
    as_json: bool = edge.Json,
) -> None:
    """Link the rows of one file (duplicates) or of two (between them), without labels; needs no database."""
    import duckdb

    from locality.methods.linkage.table import link_table as linked_by
    from locality.methods.linkage.table_reading import Source

    if len(files) > 2:
        raise Refused("Name one file, or two.")
    started, mapped = time.perf_counter(), _mapped(columns)
    with duckdb.connect() as engine:
        engine.execute("set enable_progress_bar = false")
        sources = [Source(path, id_column, mapped) for path in files]
        found = linked_by(engine, sources, threshold=_bits(threshold), one_to_one=one_to_one, tell=_teller(as_json))
        _write_clusters(engine, out, both=found.said.shared_ids > 0)
        if pairs is not None:
            _write_pairs(engine, pairs, least=found.threshold)
    _report(found, seconds=time.perf_counter() - started, as_json=as_json)


def _mapped(columns: str) -> dict[str, list[str]]:
    mapped: dict[str, list[str]] = {}
    for one in columns.split(","):
        name, equals, column = (part.strip() for part in one.partition("="))
        if not (name and equals and column):
            raise Refused(f"--map says {one.strip()!r}: write it as given_name=first_name, with commas between.")
        mapped.setdefault(name, []).append(column)
    return mapped


def _bits(threshold: float | None) -> float | None:
    import math

    if threshold is None:
        return None
    if not 0 < threshold < 1:
        raise Refused("--threshold is a probability: more than 0, less than 1.")
    return math.log2(threshold / (1 - threshold))


def _teller(quiet: bool) -> Any:
    told: set[str] = set()

    def tell(words: str, done: int, of: int) -> None:
        if not quiet and words not in told:
            told.add(words)
            edge.people.print(f"  {words[:1].upper()}{words[1:]}")

    return tell


def _key(row: str, *, both: bool) -> str:
    # an id that stands in both files would name two rows: then each says which file it is of
    return f"(case when {both} then (src + 1)::varchar || ':' || key else key end) as {row}"


def _write_clusters(engine: Any, path: Path, *, both: bool) -> None:
    _copy(
        engine,
        f"select {_key('id', both=both)}, cluster from table_clustered c join table_said s on s.id = c.n order by s.id",
        path,
    )


def _write_pairs(engine: Any, path: Path, *, least: float) -> None:
    _copy(
        engine,
        "select a.key as id_l, b.key as id_r, round(1 / (1 + pow(2, -weight)), 6) as probability"
        " from table_scored p join table_said a on a.id = p.l join table_said b on b.id = p.r"
        f" where weight >= {min(least, -3.0)} order by p.l, p.r",
        path,
    )


def _copy(engine: Any, question: str, path: Path) -> None:
    import duckdb

    form = "parquet" if path.suffix == ".parquet" else "csv, header"
    try:
        engine.execute(f"copy ({question}) to '{str(path).replace(chr(39), chr(39) * 2)}' (format {form})")
    except duckdb.IOException as closed:
        raise Refused(f"{path} cannot be written.") from closed


def _report(found: Any, *, seconds: float, as_json: bool) -> None:
    if as_json:
        edge.line(
            rows=list(found.said.rows),
            clusters=found.clusters,
            joined=found.joined,
            refused=[{"file": one.src + 1, "id": one.key, "why": one.word} for one in found.refused],
            threshold=round(1 / (1 + 2**-found.threshold), 4),
            too_many=found.too_many,
            seconds=round(seconds, 3),
        )
        return
    for one in found.refused[:SHOWN]:
        edge.people.print(f"Row {one.key} of file {one.src + 1} stands alone: {one.word}.", markup=False)
    if len(found.refused) > SHOWN:
        edge.people.print(f"... and {len(found.refused) - SHOWN:,} more rows like these.")
    if found.said.shared_ids:
        edge.people.print("The files share ids, so each id is written with the number of its file: 1:... or 2:...")
    edge.people.print(
        f"{sum(found.said.rows):,} rows in {found.clusters:,} clusters ({found.joined:,} rows are not alone), "
        f"joined from a probability of {1 / (1 + 2**-found.threshold):.2f}; {seconds:.1f} seconds."
    )
