"""A made-up table of diagnoses: so many people, about six codes each, every code of the check tables among them."""

from pathlib import Path

from locality.methods.scores.catalogue import OF_ICD10

# letters and figures of codes that no method knows, or that it knows only in part
OTHERS = [
    f"{letter}{two:02}{last}" for letter in "ABDHKLMNOPQRSTVXYZ" for two in range(100) for last in ("0", "2", "5", "8")
]
MEAN = 6.0  # codes a person; as many have none as an exponential makes


def codes() -> list[str]:
    """Codes as hospitals write them, four letters and figures each."""
    known = sorted({code for method in OF_ICD10 for code in method.codes if len(code) > 2})
    return [*(code + last if len(code) == 3 else code for code in known for last in "019"), *OTHERS]


def make(folder: Path, *, people: int) -> Path:
    """Write PEOPLE.parquet with person, code and on_day; the same rows each time."""
    import duckdb

    path = folder / f"{people}.parquet"
    engine = duckdb.connect(config={"temp_directory": str(folder)})
    engine.execute("set enable_progress_bar = false")
    engine.execute("create table codes as select unnest(?) as code", [codes()])
    engine.execute(
        "create table pool as select code, row_number() over (order by hash(code)) - 1 as place from codes;"
        f" copy (with chance as (select n, 'p' || lpad(n::varchar, 8, '0') as person, {_share('n, 1')} as drawn"
        f" from range({people}) t(n)),"
        # some have no code at all: a row with nothing in it, as a list of people has
        f" rows as (select n, person, unnest(range(greatest(1, floor(-ln(1 - drawn) * {MEAN}))::integer)) as line,"
        f" drawn from chance)"
        " select person, case when line = 0 and drawn < 0.15 then null else pool.code end as code,"
        " date '2021-01-01' + (hash(n, line, 3) % 1825)::integer as on_day"
        # few codes are said often, and many seldom
        f" from rows join pool on pool.place = cast(floor({len(codes())} * pow({_share('n, line, 2')}, 3)) as bigint)"
        f" order by n, line) to '{path}' (format parquet)"
    )
    return path


def _share(of: str) -> str:
    """A number from 0 to 1, without 1, from a hash."""
    return f"((hash({of}) % 1000003) / 1000003.0)"
