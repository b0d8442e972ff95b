"""`locality refresh` in a borough, whole and of those who were heard of, beside a raw COPY of the rows it reads.

Each repeat is the real command, its start included: everything anew; then, with news written of one patient in a
hundred, those alone; then with no news. The raw COPY sends every column of every current row about somebody to nowhere
(binary, one connection). Core-seconds are those of the command and the server together.
"""

import json
from statistics import median

from benchmarks import table
from benchmarks.borough import Borough
from benchmarks.cores import Spent, measured

REPEATS = 3
HEARD = """
insert into journal_news (at, what, patient_id, detail)
select now(), 'record.received', patient_id, '{}'
from (select patient_id from people_link where ended_at is null order by md5(patient_id::text) limit
    (select ceil(count(*) / 100.0) from people_link where ended_at is null)) heard
"""
RAW = "copy (select * from record_resource where is_current and patient_id is not null) to stdout (format binary)"
HEAD = (
    "what", "people read", "lines read", "lines a second", "seconds", "core-seconds", "raw COPY of them all: seconds",
    "core-seconds", "refresh / COPY: seconds", "core-seconds",
)  # fmt: skip


def run(here: Borough) -> list[str]:
    """A line each for everything anew, for one in a hundred, and for nothing heard."""
    once(here, "--full")
    raw = [copied(here) for _ in range(REPEATS)]
    whole = [once(here, "--full") for _ in range(REPEATS)]
    some = [heard(here) for _ in range(REPEATS)]
    none = [once(here) for _ in range(REPEATS)]
    rows = [
        row(words, runs, raw)
        for words, runs in (("everything anew", whole), ("one patient in a hundred", some), ("no news", none))
    ]
    told = whole[0][1]["rows"]
    said = f"{here.words}. The copy then holds: " + ", ".join(f"{name} {count:,}" for name, count in told.items())
    return [*table.rows(HEAD, rows), "", f"{said}. The median of {REPEATS} repeats."]


def once(here: Borough, *words: str) -> tuple[Spent, dict]:
    """One run of the command."""
    with measured(here.place.postmaster) as spent:
        told = here.place.run("refresh", "--json", *words)
    return spent, json.loads(told)


def heard(here: Borough) -> tuple[Spent, dict]:
    """News of some, and one run."""
    with here.place.connect() as admin:
        admin.execute(HEARD)
    return once(here)


def copied(here: Borough) -> Spent:
    """Every row as it lies, sent to nowhere."""
    with here.place.connect() as admin, measured(here.place.postmaster) as spent, admin.cursor().copy(RAW) as sent:
        for _ in sent:
            pass
    return spent


def row(words: str, runs: list[tuple[Spent, dict]], raw: list[Spent]) -> list[str]:
    seconds, cores = (median(getattr(spent, name) for spent, _ in runs) for name in ("seconds", "core_seconds"))
    raw_seconds, raw_cores = (median(getattr(spent, name) for spent in raw) for name in ("seconds", "core_seconds"))
    told = runs[0][1]
    return [
        words, f"{told['touched']:,}", f"{told['read']:,}", f"{told['read'] / seconds:,.0f}", f"{seconds:.2f}",
        f"{cores:.2f}", f"{raw_seconds:.2f}", f"{raw_cores:.2f}", f"{seconds / raw_seconds:.2f}",
        f"{cores / raw_cores:.2f}",
    ]  # fmt: skip
