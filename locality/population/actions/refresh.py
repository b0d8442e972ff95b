"""`refresh`: the record as the analytical copy, whole or of those whom anything was heard of since the last one."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import duckdb
from django.db import connection, transaction

from locality.base import NotFound, Refused, Viewer
from locality.base.ids import new_id
from locality.base.periods import day_of
from locality.journal.actions import log
from locality.population.actions import gathering
from locality.population.actions.places import write_places
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
# so many lines take about 2 GB
MOST_IN_MEMORY = 4_000_000
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
    run = new_id()
    with _engine(folder) as duck:
        parts = gathering.gather(
            duck,
            last=before.last,
            state=before.state(folder),
            key=key,
            parts=before.parts,
            on=day_of(by.at),
            tell=tell,
        )
        job = Job(
            folder=folder,
            run=str(run),
            parts=parts,
            old=before.files,
            on=day_of(by.at),
            until=by.at.replace(tzinfo=None) + timedelta(days=1),
            salt=salt(key=key, word="event"),
        )
        done = shape(duck, job, tell=tell)
        done.files |= write_places(folder=folder, run=job.run)
        state = gathering.write_state(duck, folder=folder, run=job.run)
        kept = _keep(duck, run=run, folder=folder, before=before, done=done, heard=heard, by=by, now=now)
    made = Manifest(str(run), by.at.isoformat(), fingerprint(key=key), state, parts, files=done.files)
    write_manifest(folder=folder, manifest=made)
    forget_files(folder=folder, keep=[made, *before.read_now])
    return kept


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
            duck.execute("set preserve_insertion_order = false")
            yield duck
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _keep(
    duck: duckdb.DuckDBPyConnection,
    *,
    run: UUID,
    folder: Path,
    before: Before,
    done: Shaped,
    heard: tuple[str, int, str],
    by: Viewer,
    now: Callable[[], datetime],
) -> Refresh:
    """Write down what became of every line, and from where in the news the next run goes on."""
    snapshot, highest, server = heard
    people, touched = duck.execute("select count(*), count(*) filter (where is_touched) from faces").fetchall()[0]
    left_out = sum(done.reasons.values())
    kept = Refresh.objects.create(
        id=run,
        kind="changed" if before.last else "full",
        started_at=by.at,
        finished_at=now(),
        by_id=by.id,
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
        rows=rows_of(folder, done.files),
        parts=done.written,
        # every number up to here was there, or never will be, when this run began to read
        settled=_settled(before.last, snapshot=snapshot),
        highest=highest,
        snapshot=snapshot,
        server=server,
    )
    detail = {
        name: getattr(kept, name) for name in ("kind", "people", "touched", "read", "used", "said_again", "left_out")
    }
    log(what="copy.refreshed", by=by, about=kept.pk, detail=detail)
    return kept


def _settled(last: Refresh | None, *, snapshot: str) -> int:
    if last is None:
        return 0
    return last.highest if reading.finished_before(snapshot=snapshot, horizon=last.snapshot) else last.settled
