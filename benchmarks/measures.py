"""Every measure parted in every way on a whole borough's analytical copy, beside a plain reading of its files.

    .venv/bin/python -m benchmarks.measures                    # a copy drawn for it: 208,000 people
    .venv/bin/python -m benchmarks.measures --copy FOLDER      # a copy that is there
    .venv/bin/python -m benchmarks.measures --people 2000000

The drawn copy has the columns, files and about the rows of a borough's (20 million resources in three years); its
figures mean nothing. Reading all columns of all files of the same copy, in the same run, is what no question can beat
that needs them all.
"""

import argparse
import os
import resource
import tempfile
import time
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import duckdb

from benchmarks import table

UNTIL = date(2026, 1, 1)
PARTS = 64
SERVICES = (
    "District nursing", "Community physiotherapy", "Podiatry", "Occupational therapy", "Intermediate care at home",
    "Community mental health team", "Child and adolescent mental health", "Surgery consultation",
    "Telephone consultation", "Rapid response", "Talking therapies",
)  # fmt: skip
EVENTS = ("emergency admission", "planned admission", "attendance", "attendance", "out of hours", "fall", "ambulance")
# rows for each person, and the columns of each table as they are drawn
ROWS = {
    "conditions": 4.5,
    "events": 3.0,
    "diagnoses": 2.5,
    "contacts": 25.0,
    "medicines": 4.0,
    "measurements": 20.0,
    "social_care": 0.12,
    "deaths": 0.03,
}
WHEN = "date '2023-01-01' + cast(random() * 1095 as integer)"
PERSON = "md5(cast(1 + cast(floor(random() * $people) as integer) as varchar))"


def pick(*words: str) -> str:
    listed = ", ".join("'" + word.replace("'", "''") + "'" for word in words)
    return f"list_extract([{listed}], 1 + cast(floor(random() * {len(words)}) as integer))"


DRAWN = {
    "people": f"""
        select md5(cast(i as varchar)) as person,
          cast(date_trunc('month', date '1932-01-01' + cast(random() * 34000 as integer)) as date) as birth_month,
          {pick("female", "male")} as sex, {pick("A", "A", "A", "A", "J", "N", "R", "G")} as ethnicity,
          'E0100' || cast(4941 + i % 120 as varchar) as small_area, 'w' || cast(i % 17 as varchar) as ward,
          {pick("bury-east", "bury-west", "prestwich", "radcliffe", "whitefield")} as neighbourhood,
          cast(1 + floor(random() * 10) as smallint) as deprivation, 'P83' || cast(i % 25 as varchar) as practice,
          cast(null as date) as registered_on, cast(null as date) as left_on,
          random() < 0.01 as care_home, random() < 0.05 as carer,
          died_on, died_on is not null as died, random() < 0.05 as opted_out
        from (select i, case when random() < 0.03 then {WHEN} end as died_on from range(1, $people + 1) t(i)) p""",
    "conditions": f"""
        select {PERSON} as person, 'snomed' as system,
          {pick("59621000", "44054006", "52448006", "195967001", "73211009", "84114007")} as code, 'x' as said,
          {WHEN} as started_on, cast(null as date) as ended_on, true as is_current, 'gp' as source,
          cast(1 as smallint) as sources, {WHEN} as heard_on
        from range($rows)""",
    "events": f"""
        select *, cast(started_at as date) as started_on, cast(ended_at as date) as ended_on,
          cast(ready_at as date) as ready_on
        from (select *, started_at + to_hours(cast(random() * 300 as integer)) as ended_at,
          case when random() < 0.6 then started_at + to_hours(cast(random() * 200 as integer)) end as ready_at,
          cast(null as varchar) as ward_or_service, 'acute' as source, cast(1 as smallint) as sources
          from (select {PERSON} as person, cast(i as varchar) as event,
            {pick(*EVENTS)} as kind,
            cast({WHEN} as timestamp) + to_minutes(cast(random() * 1440 as integer)) as started_at
            from range($rows) t(i))) e""",
    "diagnoses": f"""
        select {PERSON} as person, cast(i as varchar) as event,
          {pick("S720", "S099", "W19", "I639", "J440", "I500", "E119", "N390")} as code,
          cast(1 + i % 3 as smallint) as position, {WHEN} as on_day
        from range($rows) t(i)""",
    "contacts": f"""
        select person, kind, how, cast(asked as date) as referred_on, asked as referred_at,
          cast(began as date) as on_day, began as started_at, 'finished' as outcome, true as happened,
          'community' as source
        from (select *, asked + to_minutes(cast(random() * 200000 as integer)) as began
          from (select {PERSON} as person, {pick(*SERVICES)} as kind, {pick("home", "clinic")} as how,
            cast({WHEN} as timestamp) + to_minutes(cast(random() * 1440 as integer)) as asked from range($rows)))""",
    "medicines": f"""
        select {PERSON} as person, 'snomed' as system, cast(cast(random() * 400 as integer) as varchar) as code,
          'x' as said, {WHEN} as started_on, cast(null as date) as ended_on, true as is_current, 'gp' as source
        from range($rows)""",
    "measurements": f"""
        select {PERSON} as person, 'snomed' as system,
          {pick("72313002", "1091811000000102", "999791000000106", "27113001")} as code,
          {pick("Blood pressure", "HbA1c", "Good level of development, end of Reception")} as said,
          cast(floor(random() * 160) as double) as value, 'x' as unit, cast(null as varchar) as answer,
          {WHEN} as on_day, 'gp' as source
        from range($rows)""",
    "social_care": f"""
        select person, kind, began as started_on, began + cast(random() * 300 as integer) as ended_on,
          'social-care' as source
        from (select {PERSON} as person, {WHEN} as began,
          {pick("home care", "permanent residential", "permanent nursing", "reablement", "request")} as kind
          from range($rows))""",
    "deaths": f"""
        select {PERSON} as person, {WHEN} as on_day, {pick("hospital", "care home")} as place,
          cast(null as varchar) as code
        from range($rows)""",
}


def drawn(folder: Path, *, people: int) -> Path:
    """A copy with as many rows as a borough of so many people has."""
    from locality.population.actions.writing import write_manifest
    from locality.population.rules.columns import TABLES
    from locality.population.rules.files import Manifest

    files: dict[str, dict[int, str]] = {}
    with duckdb.connect(config={"threads": 2, "memory_limit": "3GB", "temp_directory": str(folder)}) as duck:
        duck.execute("select setseed(0.6)")
        for name, words in DRAWN.items():
            rows = int(ROWS.get(name, 1) * people)
            asked = words.replace("$people", str(people)).replace("$rows", str(rows))
            columns = ", ".join(f'cast("{one.name}" as {one.type}) as "{one.name}"' for one in TABLES[name].columns)
            parted = f"select {columns}, cast('0x' || person[1:4] as integer) % {PARTS} as part from ({asked})"
            duck.execute(f"copy ({parted}) to '{folder / name}' (format parquet, partition_by (part))")
            files[name] = {
                int(path.parent.name.removeprefix("part=")): str(path.relative_to(folder))
                for path in sorted((folder / name).rglob("*.parquet"))
            }
    write_manifest(folder=folder, manifest=Manifest(run="drawn", made_at=f"{UNTIL}T00:00:00+00:00", files=files))
    return folder


Spent = tuple[float, float]


def now() -> Spent:
    """Seconds on the clock, and of the cores: what others do on the machine hardly changes those."""
    return time.perf_counter(), time.process_time()


def since(began: Spent) -> Spent:
    ended = now()
    return ended[0] - began[0], ended[1] - began[1]


def read_all(folder: Path) -> Spent:
    """Seconds to read every column of every row."""
    from locality.population.queries.copy import open_copy
    from locality.population.rules.columns import TABLES

    with open_copy(folder=folder) as duck:
        began = now()
        for table in TABLES.values():
            duck.execute(f"select {', '.join(f'max({one})' for one in table.names)} from {table.name}").fetchall()
        return since(began)


def measured(folder: Path) -> tuple[list[tuple[str, Spent, int]], list[str]]:
    """Each measure that can be computed, parted in every way and made safe to tell: its seconds, and figures told.

    And those that have steps, and are not computed over this copy.
    """
    from locality.base import Refused
    from locality.population.queries import measures
    from locality.population.queries.copy import open_copy
    from locality.population.rules.telling import tell

    kinds = [*measures.kinds_of_contact(place="bury"), *MORE_KINDS]
    told, left_out = [], []
    with open_copy(folder=folder) as duck:
        counter = measures.Counter(duck, UNTIL, kinds)
        for name, one in measures.measures(place="bury").items():
            began = now()
            try:
                counted = counter.count(one)
            except Refused:
                left_out += [name] if one.steps else []
                continue
            figures = tell(one, counted.groups, left_out=counted.left_out)
            shown = 1 + sum(len(groups or ()) for groups in figures.by.values())
            told.append((name, since(began), shown))
    return told, left_out


# so that the drawn copy has something for the measures whose services Bury's pack does not name
MORE_KINDS = [("rapid-response", "Rapid response"), ("talking-therapies", "Talking therapies")]


def run(*, copies: int = 0, repeats: int = 0, people: int = 208_000, copy: Path | None = None) -> list[str]:
    """What all measures took, the slowest ten, and which were not computed; once, however many repeats are asked."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "locality.config.settings")
    import django

    django.setup()
    with tempfile.TemporaryDirectory() as there:
        folder = copy or drawn(Path(there), people=people)
        size = sum(path.stat().st_size for path in folder.rglob("*.parquet")) / 2**20
        before, (told, left_out), after = read_all(folder), measured(folder), read_all(folder)
    (clock, cores), (plain_clock, plain_cores) = total(took for _, took, _ in told), total([before, after])
    slowest = sorted(told, key=lambda one: -one[1][1])[:10]
    lines = [[name, f"{took[0]:.2f}", f"{took[1]:.2f}", f"{shown}"] for name, took, shown in slowest]
    return [
        f"{people:,} people drawn. " if copy is None else "A copy that was there. ",
        f"{len(told)} measures, {sum(shown for _, _, shown in told):,} figures in all ways of parting, of 24 months:"
        f" {clock:.1f} s, {cores:.1f} s of cores. Reading all columns of all rows ({size:.0f} MB):"
        f" {plain_clock / 2:.1f} s, {plain_cores / 2:.1f} s of cores, in the mean of a run before and one after."
        f" Most memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.1f} GB.",
        f"Worked out by Bury's pack or by the words that are drawn besides; nothing drawn for: {', '.join(left_out)}.",
        table.aim("30 measures in 30 s", [["all of them", f"{30 * clock / len(told):.1f}"]], column=1, most=30),
        "",
        *table.rows(("the ten slowest", "seconds", "of cores", "figures"), lines),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=208_000)
    parser.add_argument("--copy", type=Path)
    asked = parser.parse_args()
    print(*run(people=asked.people, copy=asked.copy), sep="\n")


def total(spent: Iterable[Spent]) -> Spent:
    clock, cores = zip(*spent, strict=True)
    return sum(clock), sum(cores)


if __name__ == "__main__":
    main()
