"""`refresh`: the record as the analytical copy, whole or of those whom anything was heard of since the last one."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import duckdb
from django.db import connection, transaction

from locality.base import NotFound, Refused, Viewer
from locality.base.ids import new_id
from locality.base.periods import day_of
from locality.journal.actions import log
from locality.population.actions import gathering
from locality.population.actions.places import pack, write_places
from locality.population.actions.shaping import Job, Shaped, shape
from locality.population.actions.writing import forget_files, rows_of, write_manifest
from locality.population.models import Refresh
from locality.population.queries import reading
from locality.population.queries.copy import copy_folder, manifest
from locality.population.queries.refreshes import last_refresh
from locality.population.rules import steps
from locality.population.rules.columns import VERSION
from locality.population.rules.files import Manifest
from locality.population.rules.pseudonyms import fingerprint, salt

Tell = Callable[[str, int, int], None]
ALONE = "select pg_try_advisory_xact_lock(hashtextextended('population.refresh', 0))"
# so many lines take about 3 GB; more are kept in a file, which costs a quarter more, and this much of it in memory
MOST_IN_MEMORY, MOST_MEMORY = 2_500_000, "4GB"
COUNTS = ("kind", "people", "touched", "read", "used", "said_again", "left_out")
BUSY = "Another refresh of the analytical copy is at work: this one did nothing."


@dataclass(frozen=True, slots=True)
class Before:
    """From where a run goes on: what the last one wrote and had heard; nothing where everything is made anew."""

    read_now: tuple[Manifest, ...] = ()
    last: Refresh | None = None

    @property
    def files(self) -> dict[str, dict[int, str]]:
        return self.read_now[0].files if self.last else {}

    @property
    def parts(self) -> int:
        return self.read_now[0].parts if self.last else 0

    def state(self, folder: Path) -> Path | None:
        """The file of what the last run knew of everybody."""
        return folder / self.read_now[0].state if self.last else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One refresh at work: `heard` is the snapshot in which it reads, the highest news there, and which database."""

    id: UUID
    folder: Path
    key: bytes
    by: Viewer
    heard: tuple[str, int, str]
    before: Before


@transaction.atomic
def refresh(
    *,
    key: bytes,
    by: Viewer,
    full: bool = False,
    folder: Path | None = None,
    now: Callable[[], datetime],
    tell: Tell = lambda words, done, of: None,
) -> Refresh:
    """Bring the analytical copy up to date with the record, and say what became of every line that was read.

    `key` keys the pseudonyms; another key, other rules or another database make everything anew, as `full` does.
    The copy that was there is read until this one is whole. Raises Refused while another refresh is at work.
    """
    folder = folder or copy_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with connection.cursor() as cursor:
        cursor.execute(ALONE)
        if not cursor.fetchone()[0]:
            raise Refused(BUSY)
    heard = reading.moment()
    before = _before(folder, key=key, server=heard[2], full=full)
    run = Run(id=new_id(), folder=folder, key=key, by=by, heard=heard, before=before)
    with _engine(folder) as duck:
        made, kept = _make(duck, run, now=now, tell=tell)
    write_manifest(folder=folder, manifest=made)
    forget_files(folder=folder, keep=[made, *before.read_now])
    return kept


def _make(
    duck: duckdb.DuckDBPyConnection, run: Run, *, now: Callable[[], datetime], tell: Tell
) -> tuple[Manifest, Refresh]:
    """Read, shape and write; what was made is not yet what is read."""
    on, name = day_of(run.by.at), str(run.id)
    parts = gathering.gather(
        duck,
        last=run.before.last,
        state=run.before.state(run.folder),
        key=run.key,
        parts=run.before.parts,
        on=on,
        tell=tell,
    )
    job = Job(
        folder=run.folder,
        run=name,
        parts=parts,
        old=run.before.files,
        on=on,
        until=run.by.at.astimezone(UTC).replace(tzinfo=None) + timedelta(days=1),
        salt=salt(key=run.key, word="event"),
    )
    done = shape(duck, job, tell=tell)
    done.files |= write_places(folder=run.folder, run=name, old=run.before.files)
    state = gathering.write_state(duck, folder=run.folder, run=name)
    made = Manifest(name, run.by.at.isoformat(), fingerprint(key=run.key), state, parts, files=done.files, pack=pack())
    return made, _keep(duck, run, done, finished_at=now())


def _before(folder: Path, *, key: bytes, server: str, full: bool) -> Before:
    try:
        held = manifest(folder=folder)
    except (NotFound, Refused):
        return Before()
    last = last_refresh()
    goes_on = (
        not full
        and last is not None
        and str(last.pk) == held.run
        and last.server == server
        and last.rules_digest == steps.digest()
        and held.key == fingerprint(key=key)
    )
    return Before((held,), last if goes_on else None)


@contextmanager
def _engine(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """An engine in memory, or for a whole borough in a file of its own; nothing of it stays when the run ends."""
    (folder / "tmp").mkdir(mode=0o700, exist_ok=True)
    place = Path(tempfile.mkdtemp(dir=folder / "tmp"))
    try:
        in_memory = reading.about_how_many_lines() < MOST_IN_MEMORY
        with duckdb.connect(":memory:" if in_memory else place / "work.duckdb") as duck:
            duck.execute("set temp_directory = ?", [str(place / "spill")])
            duck.execute(f"set memory_limit = '{MOST_MEMORY}'")
            duck.execute("set preserve_insertion_order = false")
            yield duck
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _keep(duck: duckdb.DuckDBPyConnection, run: Run, done: Shaped, *, finished_at: datetime) -> Refresh:
    """Write down what became of every line, and from where in the news the next run goes on."""
    snapshot, highest, server = run.heard
    people, touched = duck.execute("select count(*), count(*) filter (where is_touched) from faces").fetchall()[0]
    left_out = sum(done.reasons.values())
    kept = Refresh.objects.create(
        id=run.id,
        kind="changed" if run.before.last else "full",
        started_at=run.by.at,
        finished_at=finished_at,
        by_id=run.by.id,
        columns_version=VERSION,
        rules_digest=steps.digest(),
        people=people,
        touched=touched + gathering.gone(duck),
        read=done.kept + left_out,
        used=done.used,
        said_again=done.kept - done.used,
        left_out=left_out,
        reasons=dict(sorted(done.reasons.items())),
        noted=dict(sorted(done.noted.items())),
        rows=rows_of(run.folder, done.files),
        parts=done.written,
        settled=_settled(run.before.last, snapshot=snapshot),
        highest=highest,
        snapshot=snapshot,
        server=server,
    )
    log(what="copy.refreshed", by=run.by, about=kept.pk, detail={name: getattr(kept, name) for name in COUNTS})
    return kept


def _settled(last: Refresh | None, *, snapshot: str) -> int:
    """Every number of news up to this one was there when this run began to read, or never will be."""
    if last is None:
        return 0
    return last.highest if reading.finished_before(snapshot=snapshot, horizon=last.snapshot) else last.settled
