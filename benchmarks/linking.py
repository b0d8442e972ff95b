"""One arrival linked at once, in a table of 200,000 people and of a million, beside Splink's way of scoring one record.

The table is made of invented people (crowd.py) by COPY: one patient each, with the keys it is found by, linked to a
person. Then people of the table are told of again by another source, one by one, each in its own transaction, through
the same action that intake calls: `receive_patients`. Milliseconds are those of the whole call, commit included; what
of it is comparing is told too. Splink scores one new record against the same table in the same run, on DuckDB in this
process: the way its users are left with, a prediction between a table of one row and the table of all.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from statistics import median, quantiles
from typing import Any
from uuid import UUID

from benchmarks import crowd, place, table
from benchmarks.crowd import Row
from benchmarks.place import Place

SIZES = (200_000, 1_000_000)
ARRIVALS, SPLINKS = 400, 15
AT = datetime(2026, 11, 5, 9, tzinfo=UTC)
HEAD = (
    "people in the table",
    "one arrival: p50 ms",
    "p95 ms",
    "joined to the right person",
    "Splink, one record: p50 ms",
    "p95 ms",
    "Splink / ours, p50",
)


def run(*, copies: int, repeats: int) -> list[str]:
    """The table; `copies` and `repeats` are of other benchmarks, and one run of each size is made."""
    found = [json.loads(_in_its_place(size)) for size in SIZES]
    return [*table.rows(HEAD, [row(one) for one in found]), "", *(one["said"] for one in found)]


def row(one: dict[str, Any]) -> list[str]:
    ours, splinks = one["arrivals"], one["splinks"]
    return [
        f"{one['size']:,}",
        f"{median(ours):.1f}",
        f"{quantiles(ours, n=20)[-1]:.1f}",
        f"{one['right']} of {len(ours)}",
        f"{median(splinks):.0f}",
        f"{quantiles(splinks, n=20)[-1]:.0f}",
        f"{median(splinks) / median(ours):.0f}",
    ]


def _in_its_place(size: int) -> str:
    """In a fresh place and a process of its own, since Django has one database."""
    with place.fresh() as here:
        return measured_in(here, size)


def measured_in(here: Place, size: int) -> str:
    words = [sys.executable, "-m", "benchmarks.linking", str(size)]
    ran = subprocess.run(words, env=here.environment, stdout=subprocess.PIPE, text=True, check=True)
    return ran.stdout


# ---- in the place's own process


def main(size: int) -> None:
    from locality.cli import edge

    edge.with_database()
    fill(size)
    arrivals, right = arrive(size)
    splinks = list(score_by_splink(size))
    said = f"{size:,}: {ARRIVALS} arrivals, {SPLINKS} records scored by Splink."
    print(json.dumps({"size": size, "arrivals": arrivals, "right": right, "splinks": splinks, "said": said}))


def fill(size: int) -> None:
    """So many people, one patient each, by COPY."""
    from django.db import connection

    source = _source("gp")
    with connection.cursor() as cursor:
        rows = (_held(row, source) for row in crowd.people(size))
        while some := list(islice(rows, 20_000)):
            _copy(cursor, PATIENTS, some)
        cursor.execute(
            "insert into people_blockingkey (key, patient_id)"
            " select unnest(keys) as key, id from people_patient order by key, id"
        )
        cursor.execute(
            "insert into people_person (id, made_at, family, given, prefix, likes, birth_text, sex, nhs_number, died,"
            " address, postcode, protected, phone, language, interpreter, practice_code, practice_words, sort_key)"
            " select id, said_at, family, given, '', '', '', sex, nhs_number, false, '', postcode, false, phone, '',"
            " false, '', '', name_key from people_patient"
        )
        cursor.execute(
            "insert into people_link"
            " (id, patient_id, person_id, method, evidence, linked_at, linked_by_kind, linked_by, ended_reason)"
            " select id, id, id, 'nobody-else-yet', '{}', said_at, 'system', id, '' from people_patient"
        )
        for name in ("people_patient", "people_blockingkey", "people_person", "people_link"):
            cursor.execute(f"analyze {name}")


PATIENTS = (
    *("id", "source_id", "local_id", "said_at", "active", "family", "given", "prefix", "likes", "former_names"),
    *("birth_on", "birth_text", "sex", "nhs_number", "nhs_typed", "died", "address_lines", "postcode"),
    *("former_postcodes", "protected", "phone", "email", "language", "interpreter", "practice_code"),
    *("practice_words", "name_key", "keys", "compared_at"),
)
NOTHING = {"prefix", "likes", "nhs_typed", "email", "language", "practice_code", "practice_words"}


def _held(row: Row, source: UUID) -> tuple:
    from locality.methods.linkage.keys import keys
    from locality.methods.linkage.standard import standard
    from locality.people import rules

    sent = told(row, source)
    kept: dict[str, Any] = dict.fromkeys(NOTHING, "") | {
        "source_id": source,
        "former_names": [],
        "former_postcodes": [],
        "address_lines": list(sent.address_lines),
        "name_key": rules.name_key(sent, former=()),
        "keys": list(keys(standard(rules.words_of(sent)))),
        "compared_at": AT,
    }
    return tuple(kept[name] if name in kept else getattr(sent, name) for name in PATIENTS)


def _copy(cursor: Any, names: tuple[str, ...], rows: list[tuple]) -> None:
    with cursor.copy(f"copy people_patient ({', '.join(names)}) from stdin") as lines:
        for one in rows:
            lines.write_row(one)


def told(row: Row, source: UUID) -> Any:
    from locality.people.rules import NHS_NUMBER_SYSTEM, PatientSent

    return PatientSent(
        source=source,
        local_id=str(row.number),
        said_at=AT,
        family=row.family,
        given=row.given,
        birth_on=row.born,
        birth_text=row.born.isoformat(),
        sex=row.sex,
        address_lines=(row.line, "Elmbridge"),
        postcode=row.postcode,
        phone=row.phone,
        identifiers=((NHS_NUMBER_SYSTEM, row.nhs),) if row.nhs else (),
    )


def arrive(size: int) -> tuple[list[float], int]:
    """Milliseconds of each arrival, and how many were joined to whom they are."""
    from locality.base import system
    from locality.people.actions import receive_patients
    from locality.people.rules import patient_id

    here, there = _source("gp"), _source("acute")
    spent, right = [], 0
    # the first find nothing in any memory yet
    for number, row in enumerate(_some(size, ARRIVALS + 50)):
        sent = told(crowd.told_again(row), there)
        started = time.perf_counter()
        person = receive_patients(sent=[sent], by=system(at=AT))[sent.id]
        if number >= 50:
            spent.append(1000 * (time.perf_counter() - started))
            right += person == patient_id(source=here, local_id=str(row.number))
    return spent, right


def _some(size: int, count: int) -> list[Row]:
    step = size // count
    return [row for row in crowd.people(size) if row.number % step == 0][:count]


def _source(code: str) -> UUID:
    from locality.directory import queries

    return queries.source(code).pk


def score_by_splink(size: int) -> Iterator[float]:
    """Milliseconds of scoring one new record against the table, as Splink's users do."""
    import duckdb

    engine = duckdb.connect(config={"threads": len(os.sched_getaffinity(0))})
    engine.register("rows", _arrow(crowd.people(size)))
    engine.execute("create table everybody as select * from rows")
    for row in _some(size, SPLINKS):
        yield _scored(engine, crowd.told_again(row))


def _arrow(rows: Iterator[Row]) -> Any:
    import pyarrow

    told = [(one.number, one.given, one.family, one.born.isoformat(), one.postcode, one.nhs or None) for one in rows]
    names = ("unique_id", "given", "family", "born", "postcode", "nhs")
    return pyarrow.table(dict(zip(names, map(list, zip(*told, strict=True)), strict=True)))


def _scored(engine: Any, row: Row) -> float:
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on
    from splink import comparison_library as compare

    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            compare.NameComparison("given"),
            compare.NameComparison("family"),
            compare.DateOfBirthComparison("born", input_is_string=True),
            compare.PostcodeComparison("postcode"),
            compare.ExactMatch("nhs"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("nhs"),
            block_on("born"),
            block_on("given", "family"),
            block_on("postcode", "given"),
        ],
    )
    engine.register("arrived", _arrow(iter([row])))
    api = DuckDBAPI(connection=engine)
    started = time.perf_counter()
    tables = [api.register("everybody", table_name="held"), api.register("arrived", table_name="new")]
    Linker(tables, settings, log_level=None).inference.predict(
        0.01, warning_mode="never"
    ).as_duckdbpyrelation().fetchall()
    return 1000 * (time.perf_counter() - started)


if __name__ == "__main__":
    main(int(sys.argv[1]))
