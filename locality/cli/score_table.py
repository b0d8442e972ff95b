"""`locality score-table`: an analyst's own table of diagnoses, scored by published methods."""

import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from locality.base import Refused
from locality.cli import edge
from locality.methods.scores.catalogue import METHODS, OF_ICD10
from locality.methods.scores.method import Method

if TYPE_CHECKING:
    from locality.methods.scores.table_reading import Account

MEMORY = "3500MB"  # for the engine; what does not fit waits on disk
ALL = "all"
NAMES = ", ".join(METHODS)

File = Annotated[Path, typer.Argument(metavar="FILE", help="A CSV or Parquet file with a header, a row a diagnosis.")]
Methods = Annotated[
    list[str],
    typer.Option(
        "--method",
        help=f"Which score, or several with commas between: {NAMES}; or {ALL}: all those of ICD-10 codes."
        " cambridge and efi read names of conditions, or codes by --codes.",
    ),
]
Person = Annotated[str, typer.Option("--person", help="The column that says whose row it is.")]
Code = Annotated[str, typer.Option("--code", help="The column that holds the code, one in a row.")]
Dated = Annotated[
    str | None,
    typer.Option(
        "--date",
        help="The column that holds the day of each diagnosis. Without it all rows count; with it those up to the last"
        " day, and for hfrs those of the two years before it.",
    ),
]
On = Annotated[
    datetime | None,
    typer.Option("--on", formats=["%Y-%m-%d"], help="The last day that counts; without it, each person's latest."),
]
Codes = Annotated[
    Path | None,
    typer.Option("--codes", help="For cambridge and efi: a file of your own with the columns code and condition."),
]
Out = Annotated[Path, typer.Option("--out", help="Where to write person,score,band (CSV, or Parquet by its name).")]
RefusedOut = Annotated[
    Path | None, typer.Option("--refused", help="Where to write each row that does not count, with its reason.")
]


@edge.says_it_clearly
def score_table(
    file: File,
    method: Methods,
    person: Person,
    code: Code,
    out: Out,
    date_column: Dated = None,
    on: On = None,
    codes: Codes = None,
    refused: RefusedOut = None,
    as_json: bool = edge.Json,
) -> None:
    """Score the people of any table of diagnoses by published methods; nobody is left out, and no row unsaid.

    Nothing is sent anywhere and nothing is kept but what --out and --refused name; no database is needed.
    """
    methods = chosen(method, codes)
    edge.check_outputs([one for one in (out, refused) if one], [file, *([codes] if codes else [])])
    account = _score(file, (person, code, date_column), methods, on.date() if on else None, out, refused, quiet=as_json)
    if as_json:
        edge.line(**_figures(account, methods, file))
    else:
        _tell(account, methods, out, refused)


def chosen(names: list[str], codes: Path | None) -> list[Method]:
    """The methods of these names, over the code list given where there is one."""
    asked = [name.strip().lower() for one in names for name in one.split(",") if name.strip()]
    if unknown := [name for name in asked if name not in {*METHODS, ALL}]:
        raise Refused(f"There is no method {unknown[0]!r}. There are {NAMES}; and {ALL}, those of ICD-10 codes.")
    found = [one for name in asked for one in (OF_ICD10 if name == ALL else [METHODS[name]])]
    methods = list({one.name: one for one in found}.values())
    if not methods:
        raise Refused(f"Name a method: {NAMES}.")
    if codes:
        methods = [_over(one, codes) for one in methods]
    if len({one.reads for one in methods}) > 1:
        raise Refused("These methods read different things (" + _reads(methods) + "): score them one after the other.")
    return methods


def _reads(methods: list[Method]) -> str:
    return "; ".join(f"{one.name}: {one.reads}" for one in methods)


def _over(method: Method, codes: Path) -> Method:
    import duckdb

    from locality.methods.scores.code_lists import read_codes

    if method.begins:
        raise Refused(f"--codes is for methods without codes of their own; {method.name} has its published ones.")
    return read_codes(engine=duckdb.connect(), method=method, path=codes)


def _score(
    file: Path,
    named: tuple[str, str, str | None],
    methods: list[Method],
    on: date | None,
    out: Path,
    refused: Path | None,
    *,
    quiet: bool,
) -> "Account":
    import duckdb

    from locality.methods.scores import table_reading, table_writing

    with tempfile.TemporaryDirectory(prefix="locality-score-") as folder:
        engine = duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": folder})
        engine.execute("set enable_progress_bar = false")
        with edge.progress(quiet=quiet) as bar:
            row = bar.add_task("scoring", total=None)
            try:
                account = table_reading.score_file(
                    engine=engine,
                    path=file,
                    columns=table_reading.Columns(*named),
                    methods=methods,
                    today=edge.now().date(),
                    on=on,
                )
            except table_reading.NothingRead:
                if refused:
                    table_writing.write_refused(engine=engine, methods=methods, out=refused)
                raise
            bar.update(row, description="writing")
            table_writing.write_scores(engine=engine, methods=methods, out=out)
            if refused:
                table_writing.write_refused(engine=engine, methods=methods, out=refused)
    return account


def _figures(account: "Account", methods: list[Method], file: Path) -> dict[str, Any]:
    return {
        "file": str(file),
        "methods": [one.name for one in methods],
        "unverified": {one.name: one.unverified for one in methods if not one.verified},
        "people": account.people,
        "rows": account.rows,
        "read": account.read,
        "repeated": account.repeated,
        "refused": account.refused,
        "without_points": account.without_points,
        "outside": account.outside,
        "people_without_a_row_read": account.unread_people,
    }


def _tell(account: "Account", methods: list[Method], out: Path, refused: Path | None) -> None:
    for sentence in sentences(account, methods, out, refused):
        edge.people.print(sentence, markup=False, soft_wrap=True)


def sentences(account: "Account", methods: list[Method], out: Path, refused: Path | None) -> list[str]:
    """What was done, for the person who asked."""
    told = [f"People scored by {', '.join(one.name for one in methods)}: {account.people:,}. Written to {out}."]
    refusals = sum(account.refused.values())
    told.append(
        f"Rows: {account.rows:,}; read: {account.read:,}; repeated, and counted once: {account.repeated:,};"
        f" refused: {refusals:,}."
    )
    told += [f"  {reason}: {many:,}" for reason, many in account.refused.items()]
    told.append(f"Read, but their code gives no points: {account.without_points:,}.")
    told += [f"Read, but outside the time that {name} looks at: {many:,}." for name, many in account.outside.items()]
    if account.unread_people:
        told.append(f"People of whom no row could be read: {account.unread_people:,}; their 0 says nothing.")
    told += [f"{one.name} is not wholly verified: {one.unverified}." for one in methods if not one.verified]
    if refused:
        told.append(f"The rows that do not count are in {refused}, each with its reason.")
    elif refusals:
        told.append("--refused FILE lists the rows that do not count, each with its reason.")
    return told
