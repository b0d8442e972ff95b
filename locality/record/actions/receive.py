"""Receiving what a source sends: read, checked, stored, counted."""

import io
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import F

from locality.access.rules import may_run_sources
from locality.base import NoAccess, Refused, Viewer
from locality.base.periods import day_of
from locality.directory.models import Source
from locality.directory.rules import why_intake_stops, why_not_sent
from locality.journal.actions import log
from locality.people.queries import people_of_patients
from locality.record import rules
from locality.record.actions.quarantine import close_stored, waiting_now
from locality.record.actions.stopped import KEPT, keep_unread
from locality.record.actions.store import Counts, Run, store_batch
from locality.record.intake import archives, formats
from locality.record.intake.archives import Work
from locality.record.intake.archives.member import LIMITS, WHOLE, Member
from locality.record.intake.entry import Entry, Unreadable
from locality.record.intake.prepare import Prepared, prepare
from locality.record.models import Intake, Quarantine

# Large enough that a batch's fixed statements cost little, small enough to hold a hospital's documents.
BATCH = 2000
BATCH_BYTES = 32 * 1024 * 1024
PIECE_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a run, which a worker can do by itself: some files, or its share of a large one."""

    source: UUID
    intake: UUID
    files: tuple[tuple[int, Work], ...]  # each with its number in the run
    by: Viewer


# How pieces are spread over workers: the built-in `map`, or a pool of processes that the edge hands in.
Spread = Callable[[Callable[[Piece], Counts], Iterable[Piece]], Iterable[Counts]]


def receive(
    *,
    source: Source,
    paths: Iterable[Path],
    by: Viewer,
    now: Callable[[], datetime],
    spread: Spread = map,
    ways: int = 1,
    tell_progress: Callable[[Counts], None] = lambda counts: None,
) -> Intake:
    """Take in files from one source; received = stored + unchanged + rejected, and nothing is lost.

    Each batch is stored whole or not at all, so a run that is killed and run again ends the same. Raises NoAccess
    for a role that does not look after sources, Refused when a path is not there or the source is not connected; and
    when its agreement is not in force, once all that was sent is kept in quarantine with that reason.
    """
    if why := _why_stopped(source, by=by):
        intake = _begin(source=source, kind="stopped", by=by)
        keep_unread(works=archives.split(paths), intake=intake, reason=why, by=by)
        _finish(intake=intake, patients=set(), at=now(), by=by)
        raise Refused(f"{why} {KEPT}")
    works = archives.split(paths, ways=ways)
    intake = _begin(source=source, kind="received", by=by)
    pieces = [Piece(source=source.pk, intake=intake.pk, files=files, by=by) for files in _grouped(works, ways=ways)]
    total = Counts()
    for counts in spread(receive_piece, pieces):
        total.add(counts)
        tell_progress(total)
    total.add(_store_waiting(source=source, intake=intake, by=by))
    return _finish(intake=intake, patients=total.patients, at=now(), by=by)


def retry(*, source: Source, by: Viewer, chosen: list[UUID] | None = None) -> Intake:
    """Try again what this source's quarantine holds (or the chosen part of it); what now passes is stored.

    Raises NoAccess and Refused as `receive` does, and Refused when nothing is waiting.
    """
    rows = Quarantine.objects.filter(source=source, state="open")
    if chosen is not None:
        rows = rows.filter(pk__in=chosen)
    waiting = list(rows.order_by("first_at", "id").values_list("pk", flat=True))
    if not waiting:
        raise Refused("Nothing is waiting to be tried again.")
    intake = _begin(source=source, kind="retried", by=by)
    run = Run(source=source, intake=intake.pk, by=by)
    patients: set[UUID] = set()
    for some in _in_tens(waiting):
        for row in Quarantine.objects.filter(pk__in=some):
            patients |= _retry_one(run=run, row=row, by=by)
    return _finish(intake=intake, patients=patients, at=by.at, by=by)


def _retry_one(*, run: Run, row: Quarantine, by: Viewer) -> set[UUID]:
    total = Counts()
    for batch in _batches(_read_again(run=run, row=row)):
        total.add(store_batch(run=run, batch=batch))
    if total.received and not total.rejected:
        close_stored(source=run.source, digests=[bytes(row.digest)], by=by)
    return total.patients


def _grouped(works: list[Work], *, ways: int) -> Iterator[tuple[tuple[int, Work], ...]]:
    """Small files go together, since a batch's fixed statements cost more than they do; the order stays."""
    most = min(PIECE_BYTES, sum(work.size for work in works) // (2 * ways) + 1)
    group: list[tuple[int, Work]] = []
    number, weight = -1, 0
    for work in works:
        # the shares of one file have one number
        number += work.share.number == 0
        group.append((number, work))
        weight += work.size
        if weight >= most or work.share.of > 1:
            yield tuple(group)
            group, weight = [], 0
    if group:
        yield tuple(group)


def receive_piece(piece: Piece) -> Counts:
    """Do one piece of a run, in whichever process."""
    source = Source.objects.select_related("organisation", "relates_team").get(pk=piece.source)
    run = Run(source=source, intake=piece.intake, by=piece.by)
    total = Counts()
    for batch in _batches(_prepared(run=run, piece=piece)):
        total.add(store_batch(run=run, batch=batch))
    return total


# ---- the run's own row


def _why_stopped(source: Source, *, by: Viewer) -> str | None:
    """Why nothing of a connected source is taken in today; nothing where it is."""
    return why_intake_stops(
        name=source.name,
        connected=True,
        purpose=source.agreement_purpose,
        starts_on=source.agreement_starts_on,
        ends_on=source.agreement_ends_on,
        on=day_of(by.at),
    )


@transaction.atomic
def _begin(*, source: Source, kind: str, by: Viewer) -> Intake:
    if not may_run_sources(by):
        raise NoAccess("The role you signed in with does not take in data from sources.")
    if not source.connected:
        raise Refused(f"{source.name} is not connected: nothing is taken in from it.")
    if kind != "stopped" and (why := _why_stopped(source, by=by)):
        raise Refused(why)
    intake = Intake.objects.create(source=source, kind=kind, started_at=by.at, by_id=by.id)
    log(what=f"intake.{kind}", by=by, about=intake.pk, detail={"source": source.code})
    return intake


@transaction.atomic
def _finish(*, intake: Intake, patients: set[UUID], at: datetime, by: Viewer) -> Intake:
    people = set()
    for some in _in_tens(sorted(patients), size=10_000):
        people |= set(people_of_patients(some).values())
    Intake.objects.filter(pk=intake.pk).update(finished_at=at, people=len(people))
    intake.refresh_from_db()
    log(
        what="intake.finished",
        by=by,
        about=intake.pk,
        detail={"received": intake.received, "stored": intake.stored, "rejected": intake.rejected},
    )
    return intake


# ---- from files to batches


def _prepared(*, run: Run, piece: Piece) -> Iterator[Prepared | Unreadable]:
    mapping = mapping_of(run.source)
    for file_number, work in piece.files:
        # shares take turns over a file's members or lines, so this is the order in which they stand in it
        number = file_number * rules.ENTRY_NUMBERS + work.share.number
        for one in _read(work, mapping=mapping):
            number += work.share.of
            yield one if isinstance(one, Unreadable) else _prepare(run=run, one=one, number=number)


def _read(work: Work, *, mapping: dict[str, Any] | None) -> Iterator["_InBundle | Unreadable"]:
    for member in work.members():
        if isinstance(member, Unreadable):
            yield member
        else:
            yield from _in_order(formats.entries(member, mapping=mapping))


def mapping_of(source: Source) -> dict[str, Any] | None:
    """The source's own way of reading a spreadsheet, as its pack says it."""
    return tomllib.loads(source.mapping_text) if source.mapping_text else None


@dataclass(frozen=True, slots=True)
class _InBundle:
    entry: Entry
    patients: dict[str, str]


def _in_order(entries: Iterable[Entry | Unreadable]) -> Iterator[_InBundle | Unreadable]:
    """Patients before what is about them, where one envelope holds both; lines of a stream as they come."""
    nothing: dict[str, str] = {}
    held: list[Entry] = []
    for one in entries:
        if isinstance(one, Unreadable):
            yield one
        elif one.full_url:
            held.append(one)
        else:
            yield _InBundle(one, nothing)
    patients = {one.full_url: local_id for one in held if (local_id := _patient_local_id(one)) is not None}
    for one in sorted(held, key=lambda one: one.full_url not in patients):
        yield _InBundle(one, patients)


class _Head(msgspec.Struct):
    """The two words by which a resource is known."""

    resource_type: str = msgspec.field(name="resourceType", default="")
    id: str = ""


_head = msgspec.json.Decoder(_Head)


def _patient_local_id(entry: Entry) -> str | None:
    """The id that this source knows its patient by; None for anything that is not a patient."""
    if entry.verb == "DELETE" or b'"Patient"' not in entry.content:
        return None
    try:
        head = _head.decode(entry.content)
    except msgspec.DecodeError:
        return None  # refused with its reason when it is checked
    if head.resource_type != "Patient":
        return None
    digest = rules.digest_of(entry.content)
    return rules.local_id_of(resource={"id": head.id or None}, full_url=entry.full_url, digest=digest)


def _prepare(*, run: Run, one: _InBundle, number: int) -> Prepared | Unreadable:
    ready = prepare(entry=one.entry, number=number, source=run.source.pk, at=run.by.at, in_bundle=one.patients)
    return _agreed(ready, source=run.source)


def _agreed(one: Prepared | Unreadable, *, source: Source) -> Prepared | Unreadable:
    """A resource of a type that its source's agreement names, else its refusal in words."""
    if isinstance(one, Unreadable):
        return one
    why = why_not_sent(
        name=source.name, sends=source.sends, formats=source.formats, trial=source.is_trial, type=one.type
    )
    return Unreadable(one.entry.place, one.entry.content, why, resource=True) if why else one


def _batches(prepared: Iterator[Prepared | Unreadable]) -> Iterator[list[Prepared | Unreadable]]:
    batch: list[Prepared | Unreadable] = []
    weight = 0
    for one in prepared:
        batch.append(one)
        weight += len(one.content if isinstance(one, Unreadable) else one.entry.content)
        if len(batch) >= BATCH or weight >= BATCH_BYTES:
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch


# ---- what waited


def _store_waiting(*, source: Source, intake: Intake, by: Viewer) -> Counts:
    """Store what waited for somebody who has now arrived, in this run or in an earlier one."""
    total = Counts()
    earlier: Intake | None = None
    while rows := waiting_now(source=source, most=BATCH):
        own = [row for row in rows if row.intake_id == intake.pk]
        if not own and earlier is None:
            earlier = _begin(source=source, kind="retried", by=by)
        counts = _store_again(
            run=Run(source=source, intake=intake.pk if own or earlier is None else earlier.pk, by=by),
            rows=own or rows,
            counted=bool(own),
        )
        total.add(counts)
        if not counts.stored + counts.unchanged:
            break
    if earlier is not None:
        _finish(intake=earlier, patients=total.patients, at=by.at, by=by)
    return total


@transaction.atomic
def _store_again(*, run: Run, rows: list[Quarantine], counted: bool) -> Counts:
    if counted:
        # they were counted as received and rejected when they came; only what becomes of them changes
        Intake.objects.filter(pk=run.intake).update(
            received=F("received") - len(rows), rejected=F("rejected") - len(rows)
        )
    return store_batch(run=run, batch=[_again(run=run, row=row) for row in rows])


def _again(*, run: Run, row: Quarantine) -> Prepared | Unreadable:
    entry = Entry(row.place, bytes(row.content), full_url=row.full_url)
    ready = prepare(entry=entry, number=0, source=run.source.pk, at=row.first_at, in_bundle={})
    return _agreed(ready, source=run.source)


def _read_again(*, run: Run, row: Quarantine) -> Iterator[Prepared | Unreadable]:
    if row.readable:
        yield _again(run=run, row=row)
        return
    content = bytes(row.content)
    member = Member(row.place, io.BufferedReader(io.BytesIO(content)), len(content), WHOLE, LIMITS)
    for one in _in_order(formats.entries(member, mapping=mapping_of(run.source))):
        yield one if isinstance(one, Unreadable) else _prepare(run=run, one=one, number=0)


def _in_tens(many: list[UUID], size: int = 10) -> Iterator[list[UUID]]:
    rest = iter(many)
    while some := list(islice(rest, size)):
        yield some
