"""`locality link-table`: an analyst's own file, or two, linked."""

import math
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

from locality.base import Refused
from locality.cli import edge

MEMORY = "3500MB"  # for the engine; what does not fit waits on disk
REFUSED_TOLD = 20

File = Annotated[Path, typer.Argument(metavar="FILE", help="A CSV or Parquet file with a header.")]
File2 = Annotated[
    Path | None,
    typer.Argument(metavar="[FILE2]", help="A second file: pairs are looked for between the two, never within one."),
]
Map = Annotated[
    list[str],
    typer.Option(
        "--map",
        help="Which column holds what, as in given_name=first,family_name=last,birth_date=dob. Fields: given_name,"
        " family_name (or full_name), birth_date, sex, postcode, house_number, address_line, address_line2, locality,"
        " phone, email, nhs_number, birth_place, occupation, local_id; any other name is compared as a whole.",
    ),
]
Map2 = Annotated[
    list[str] | None, typer.Option("--map2", help="The same for FILE2, where its columns are called otherwise.")
]
Id = Annotated[str, typer.Option("--id", help="The column that holds each row's own id.")]
Id2 = Annotated[str | None, typer.Option("--id2", help="The same for FILE2, where it is called otherwise.")]
Out = Annotated[Path, typer.Option("--out", help="Where to write id,cluster (CSV, or Parquet by its name).")]
Pairs = Annotated[Path | None, typer.Option("--pairs", help="Where to write id_l,id_r,probability.")]
RefusedRows = Annotated[
    Path | None,
    typer.Option("--refused", help="Where to write file,id,reason of the rows that could not be compared (CSV)."),
]
Threshold = Annotated[
    float | None,
    typer.Option("--threshold", help="Join at this probability or above; without it, where the best F1 is expected."),
]
OneToOne = Annotated[
    bool, typer.Option("--one-to-one", help="Each file holds nobody twice: every row has one partner at most.")
]


@edge.says_it_clearly
def link_table(
    file: File,
    mapped: Map,
    id: Id,
    out: Out,
    file2: File2 = None,
    mapped2: Map2 = None,
    id2: Id2 = None,
    pairs: Pairs = None,
    refused: RefusedRows = None,
    threshold: Threshold = None,
    one_to_one: OneToOne = False,
    as_json: bool = edge.Json,
) -> None:
    """Link the rows of any file of people, without labels: duplicates in one, or one with another.

    Nothing is sent anywhere and nothing is kept but what --out, --pairs and --refused name; no database is needed.
    """
    files = [one for one in (file, file2) if one is not None]
    edge.check_outputs([one for one in (out, pairs, refused) if one is not None], files)
    bits = _bits(threshold)
    columns = [_columns(mapped), _columns(mapped2 or mapped)]
    with tempfile.TemporaryDirectory(prefix="locality-link-") as folder:
        linked, written = _link(
            files,
            columns,
            (id, id2 or id),
            bits,
            one_to_one=one_to_one,
            out=out,
            pairs=pairs,
            refused=refused,
            folder=folder,
            quiet=as_json,
        )
    if as_json:
        edge.line(**_figures(linked, files, written))
    else:
        _tell(linked, files, out)


def _link(
    files: list[Path],
    columns: list[dict[str, list[str]]],
    ids: tuple[str, str],
    bits: float | None,
    *,
    one_to_one: bool,
    out: Path,
    pairs: Path | None,
    refused: Path | None,
    folder: str,
    quiet: bool,
) -> tuple[Any, int | None]:
    import duckdb

    from locality.methods.linkage import table, table_columns, table_writing

    sources = [
        table_columns.Source(path, key, mapping) for path, key, mapping in zip(files, ids, columns, strict=False)
    ]
    engine = duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": folder})
    engine.execute("set enable_progress_bar = false")
    with edge.progress(quiet=quiet) as bar:
        row = bar.add_task("reading", total=None)
        linked = table.link_table(
            engine,
            sources,
            threshold=bits,
            one_to_one=one_to_one,
            tell=lambda word, done, of: bar.update(row, description=word, completed=done, total=max(of, 1)),
        )
        bar.update(row, description="writing", completed=0, total=1)
        table_writing.write_clusters(engine, linked, out)
        written = table_writing.write_pairs(engine, pairs) if pairs else None
        if refused:
            table_writing.write_refused(engine, linked, [path.name for path in files], refused)
    return linked, written


def _columns(mapped: list[str]) -> dict[str, list[str]]:
    """`given_name=first,given_name=middle` as the columns of each field."""
    found: dict[str, list[str]] = {}
    for part in (part.strip() for one in mapped for part in one.split(",")):
        field, given, column = part.partition("=")
        if not given or not field.strip() or not column.strip():
            raise Refused(f"--map says {part!r}: write it as given_name=first_name, with commas between.")
        found.setdefault(field.strip().lower(), []).append(column.strip())
    return found


def _bits(threshold: float | None) -> float | None:
    if threshold is None:
        return None
    if not 0 < threshold < 1:
        raise Refused("--threshold is a probability: more than 0, less than 1.")
    return math.log2(threshold / (1 - threshold))


def _figures(linked: Any, files: list[Path], written: int | None) -> dict[str, Any]:
    return {
        "rows": dict(zip(map(str, files), linked.said.rows, strict=True)),
        "clusters": linked.clusters,
        "joined": linked.joined,
        "pairs": written,
        "threshold": round(_probability(linked.threshold), 6),
        "compared": linked.blocked.candidates,
        "expected_pairs": round(linked.learned.matches, 1) if linked.learned else 0,
        "shared_ids": linked.said.shared_ids,
        "impossible_dates": linked.said.impossible_dates,
        "kept_from_growing": linked.too_many,
        "refused": [{"file": str(files[one.src]), "id": one.key, "reason": one.word} for one in linked.refused],
    }


def _probability(bits: float) -> float:
    return 1 / (1 + 2**-bits)


def _tell(linked: Any, files: list[Path], out: Path) -> None:
    say = edge.people.print
    rows = " and ".join(f"{many:,} rows of {path.name}" for many, path in zip(linked.said.rows, files, strict=True))
    say(
        f"{rows}: {linked.clusters:,} clusters, {linked.joined:,} rows in one with others,"
        f" joined at a probability of {_probability(linked.threshold):.3g} or above. Written to {out}.",
        markup=False,
        soft_wrap=True,
    )
    if linked.said.shared_ids:
        say(f"{linked.said.shared_ids:,} ids stand in both files, so each is written with its file: 1:... or 2:...")
    if linked.said.impossible_dates:
        say(f"{linked.said.impossible_dates:,} birth dates name a day that cannot be.")
    if linked.too_many:
        say(f"{linked.too_many:,} times two clusters were too large together to be one person, and were kept apart.")
    for one in linked.refused[:REFUSED_TOLD]:
        say(f"  {files[one.src].name}, {one.key}: not compared: {one.word}.", markup=False, soft_wrap=True)
    if len(linked.refused) > REFUSED_TOLD:
        say(f"  There are {len(linked.refused) - REFUSED_TOLD:,} more such rows: --refused FILE writes them all.")
