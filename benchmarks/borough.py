"""The whole register: what making it takes, and what it then takes on disk.

`locality demo --people 208000 --depth light` makes the people and has them received, linked and related by the real
intake into a fresh home. Meanwhile, every two seconds: the memory of the command and of the server (each process's own
share of what it shares, so that nothing counts twice; Linux only) and the size of the write-ahead log's folder. With
`--home` an existing home is looked at: the time, memory and peaks of its making are then not known.
"""

import json
import os
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks import place, table
from benchmarks.cores import Spent, family, measured
from benchmarks.place import Place
from locality.config import postgres

SEED = 20261122
LOOKS_EVERY_SECONDS = 2
SMALLEST_BYTES = 10_000_000
COUNTED = {
    "people": "select count(*) from people_person where merged_into_id is null",
    "patients": "select count(*) from people_patient",
    "resources": "select count(*) from record_resource where is_current",
    "reasons to know somebody": "select count(*) from access_relationship",
    "audit lines": "select count(*) from journal_event",
}
TABLES = """
select relname, reltuples::bigint, pg_table_size(oid), pg_indexes_size(oid)
from pg_class where relkind = 'r' and pg_total_relation_size(oid) >= %s order by pg_total_relation_size(oid) desc
"""
INDEXES = """
select tables.relname, indexes.relname, pg_relation_size(indexes.oid)
from pg_index
join pg_class indexes on indexes.oid = indexrelid join pg_class tables on tables.oid = indrelid
where pg_relation_size(indexes.oid) >= %s order by 1, 3 desc
"""
THEIRS = """
select distinct coalesce(person.merged_into_id, person.id)::text
from access_account account
join access_role role on role.practitioner_id = account.practitioner_id
join access_relationship relationship
    on relationship.organisation_id = role.organisation_id and relationship.kind = 'registered_practice'
    or relationship.team_id in (
        select member.team_id from directory_teammembership member
        where member.practitioner_id = account.practitioner_id and member.employer_id = role.organisation_id
    )
join people_person person on person.id = relationship.person_id
where account.username = %s and relationship.ends_on is null
order by 1
"""
WRITTEN = "select wal_bytes, wal_fpi, pg_database_size(current_database()) from pg_stat_wal"


@dataclass
class Made:
    """What a borough took to make; the most memory and log that were seen on the way."""

    spent: Spent
    ours_bytes: int = 0
    server_bytes: int = 0
    log_bytes: int = 0


@dataclass(frozen=True)
class Borough:
    """A place full of people, and what its making took where it was made just now."""

    place: Place
    made: Made | None

    @property
    def words(self) -> str:
        """How many people it was asked for, and how much of each."""
        told = json.loads((self.place.home / "demo" / "borough.json").read_text())
        return f"{told['people']:,} people made with seed {told['seed']}, {told['depth']}"

    @property
    def password(self) -> str:
        """That of the demo's accounts."""
        return json.loads((self.place.home / "demo" / "accounts.json").read_text())["demo_password"]

    def forget(self) -> None:
        """Start the server anew, and have the machine drop what it keeps of the server's files."""
        self.place.settle()
        self.place.server.release()
        for path in (self.place.home / "postgres").rglob("*"):
            if path.is_file():
                opened = os.open(path, os.O_RDONLY)
                os.posix_fadvise(opened, 0, 0, os.POSIX_FADV_DONTNEED)
                os.close(opened)
        self.place.server = postgres.start(home=self.place.home)

    def theirs(self, username: str) -> list[str]:
        """The people whom one of the demo's accounts may open, in an order drawn with a fixed seed."""
        with self.place.connect() as admin:
            people = [person for (person,) in admin.execute(THEIRS, [username])]
        random.Random(SEED).shuffle(people)
        return people


@contextmanager
def at_hand(home: Path | None, *, people: int) -> Iterator[Borough]:
    """The borough of a home that is there, or one made for the purpose and gone afterwards."""
    if home is not None:
        here = Place(home.absolute(), postgres.start(home=home))
        try:
            yield Borough(here, None)
        finally:
            here.server.release()
        return
    with place.fresh() as here:
        yield Borough(here, make(here, people=people))


def make(here: Place, *, people: int) -> Made:
    """Fill a fresh place, watching."""
    done = threading.Event()
    with measured(here.postmaster) as spent:
        made = Made(spent)
        watching = threading.Thread(target=watch, args=(here, made, done))
        watching.start()
        try:
            here.run("demo", "--no-serve", "--no-browser", "--people", str(people), "--depth", "light")
        finally:
            done.set()
            watching.join()
    return made


def watch(here: Place, made: Made, done: threading.Event) -> None:
    while not done.wait(LOOKS_EVERY_SECONDS):
        server = family(here.postmaster)
        ours = family(os.getpid()) - server - {os.getpid()}
        made.ours_bytes = max(made.ours_bytes, sum(map(memory, ours)))
        made.server_bytes = max(made.server_bytes, sum(map(memory, server)))
        made.log_bytes = max(made.log_bytes, size(here.home / "postgres" / "pg_wal"))


def memory(pid: int) -> int:
    """The bytes of a process's own, and its share of what it shares."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def size(folder: Path) -> int:
    found = 0
    for path in folder.rglob("*"):
        with suppress(OSError):  # a log that is used again has another name by now
            found += path.stat().st_size
    return found


def run(here: Borough) -> list[str]:
    """What it holds and takes, table by table and index by index."""
    with here.place.connect() as admin:
        counts = {what: admin.execute(asked).fetchone()[0] for what, asked in COUNTED.items()}
        tables = admin.execute(TABLES, [SMALLEST_BYTES]).fetchall()
        indexes = admin.execute(INDEXES, [SMALLEST_BYTES]).fetchall()
        log, images, database = admin.execute(WRITTEN).fetchone()
    held = ", ".join(f"{count:,} {what}" for what, count in counts.items())
    said = [f"{here.words}: {held}."]
    if here.made:
        said.append(made_words(here.made))
    home = size(here.place.home)
    said.append(
        f"The home takes {gigabytes(home)} GB: the database {gigabytes(database)}, the write-ahead log (kept to be "
        f"used again) most of the rest. Written to the log in all: {gigabytes(log)} GB, with {images:,} whole pages."
    )
    head = ("table", "rows", "MB of rows", "MB of indexes", "of these")
    return [*table.rows(head, (row(*one, indexes) for one in tables)), "", *said]


def row(name: str, rows: int, own: int, of_indexes: int, indexes: list[tuple[str, str, int]]) -> list[str]:
    large = ", ".join(f"{index} {megabytes(bytes_)}" for whose, index, bytes_ in indexes if whose == name)
    return [name, f"{rows:,}", megabytes(own), megabytes(of_indexes), large]


def made_words(made: Made) -> str:
    spent = made.spent
    return (
        f"Made in {spent.seconds / 60:.1f} minutes, {spent.core_seconds / 60:.1f} core-minutes "
        f"({spent.ours / 60:.1f} ours, {spent.others / 60:.1f} the server's). The most memory: "
        f"{megabytes(made.ours_bytes)} MB ours, {megabytes(made.server_bytes)} MB the server's; the most write-ahead "
        f"log at once {megabytes(made.log_bytes)} MB."
    )


def megabytes(count: int) -> str:
    return f"{count / 1e6:,.0f}"


def gigabytes(count: int) -> str:
    return f"{int(count) / 1e9:.2f}"
