"""One batch of entries into the record, in one transaction: stored, unchanged, or kept with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, OperationalError, connection
from django.db.models import F

from locality.access import wall
from locality.access.actions import Arrived, follow_patients, relate_from_source
from locality.base import Viewer
from locality.base.ids import new_id
from locality.directory.models import Source
from locality.journal.actions import tell
from locality.journal.models import News
from locality.people.actions import Kept, keep_patients, link_patients
from locality.people.models import Identifier, Patient
from locality.people.queries import people_of_patients
from locality.people.rules import patient_id
from locality.record import rules
from locality.record.actions import copying
from locality.record.actions.heard import hear
from locality.record.actions.quarantine import close_stored, keep
from locality.record.intake.entry import Unreadable
from locality.record.intake.prepare import Prepared
from locality.record.models import Intake, Original
from locality.record.rules import Version

TRIES = 4


@dataclass(slots=True)
class Counts:
    """What became of the entries of one batch, and whose they were."""

    received: int = 0
    stored: int = 0
    unchanged: int = 0
    rejected: int = 0
    patients: set[UUID] = field(default_factory=set)

    def add(self, other: "Counts") -> None:
        """Take another batch's counts into these."""
        self.received += other.received
        self.stored += other.stored
        self.unchanged += other.unchanged
        self.rejected += other.rejected
        self.patients |= other.patients


@dataclass(frozen=True, slots=True)
class Run:
    """What every batch of one run shares."""

    source: Source
    intake: UUID
    by: Viewer


def store_batch(*, run: Run, batch: Sequence[Prepared | Unreadable]) -> Counts:
    """Store a batch whole or not at all; tried again when another run was storing the same things."""
    for left in reversed(range(TRIES)):
        try:
            with wall.down():
                return _store(run=run, batch=batch)
        except (IntegrityError, OperationalError):
            if not left:
                raise
    raise AssertionError("unreachable")


def _store(*, run: Run, batch: Sequence[Prepared | Unreadable]) -> Counts:
    refused = [one for one in batch if isinstance(one, Unreadable)]
    ready = [one for one in batch if isinstance(one, Prepared)]
    held = _held([one.thing for one in ready])
    kept = _keep_patients(run=run, ready=ready, held=held)
    patients = {one.sent.id for one in ready if one.sent is not None}
    placed, waiting = _place(run=run, ready=ready, known=patients)
    _keep_originals(run=run, placed=placed)
    stored, unchanged = _write(run=run, placed=placed, held=held)
    touched = {patient for _, patient in placed if patient is not None}
    keep(source=run.source, intake=run.intake, refused=refused, waiting=waiting, by=run.by)
    close_stored(source=run.source, digests=[one.digest for one, _ in placed], by=run.by)
    heard = [patient for patient in stored if patient is not None]
    # From here on nobody else links until this transaction ends, and nothing waits for a row that another intake has.
    _link(run=run, ready=ready, kept=kept)
    _tell_news(run=run, stored=stored, patients=heard)
    counts = Counts(
        received=len(batch),
        stored=sum(stored.values()),
        unchanged=unchanged,
        rejected=len(refused) + len(waiting),
        patients=touched,
    )
    _count(run=run, counts=counts)
    return counts


def _count(*, run: Run, counts: Counts) -> None:
    Intake.objects.filter(pk=run.intake).update(
        received=F("received") + counts.received,
        stored=F("stored") + counts.stored,
        unchanged=F("unchanged") + counts.unchanged,
        rejected=F("rejected") + counts.rejected,
    )


def _held(things: Sequence[UUID]) -> dict[UUID, list[Version]]:
    """The versions already held of these things."""
    found: dict[UUID, list[Version]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "select thing, digest, said_at, said_no, version, is_current, id from record_resource"
            " where thing = any(%s)",
            [list(things)],
        )
        for thing, digest, said_at, said_no, number, is_current, row in cursor:
            found.setdefault(thing, []).append(Version(bytes(digest), (said_at, said_no), number, is_current, row))
    return found


# ---- whom it is about


def _keep_patients(*, run: Run, ready: Sequence[Prepared], held: dict[UUID, list[Version]]) -> Kept:
    """Patients first, so that what is about them finds them."""
    sent = [one.sent for one in ready if one.sent is not None and not _is_current(one, held)]
    gone = [patient_id(source=run.source.pk, local_id=one.local_id) for one in ready if _is_gone_patient(one)]
    return keep_patients(sent=sent, gone=gone, by=run.by)


def _link(*, run: Run, ready: Sequence[Prepared], kept: Kept) -> None:
    """Join those kept to people, and write what this source's word gives a reason to."""
    if not kept:
        return
    linked = link_patients(kept=kept, by=run.by)
    follow_patients(moves=linked.moves, by=run.by)
    relate_from_source(
        source=run.source,
        people=[
            Arrived(person=linked.people[one.sent.id], practice_code=one.sent.practice_code, postcode=one.sent.postcode)
            for one in ready
            if one.sent is not None and one.sent.id in linked.people
        ],
        by=run.by,
    )


def _is_current(one: Prepared, held: dict[UUID, list[Version]]) -> bool:
    return any(version.was_current and version.digest == one.digest for version in held.get(one.thing, ()))


def _is_gone_patient(one: Prepared) -> bool:
    return one.removed and one.type == "Patient"


Placed = list[tuple[Prepared, UUID | None]]


def _place(*, run: Run, ready: Sequence[Prepared], known: set[UUID]) -> tuple[Placed, list[tuple[Prepared, str]]]:
    """Find the patient each resource is about; what is about somebody not yet sent waits."""
    by_identifier = _by_identifier(run=run, ready=ready)
    wanted: list[tuple[Prepared, UUID | None, str]] = []
    for one in ready:
        subject = one.subject
        if subject is None:
            wanted.append((one, None, ""))
        elif subject.local_id:
            patient = patient_id(source=run.source.pk, local_id=subject.local_id)
            wanted.append((one, patient, f"Patient/{subject.local_id}"))
        elif subject.identifier:
            wanted.append((one, by_identifier.get(subject.identifier), one.headline.patient))
        else:
            wanted.append((one, None, subject.unknown))
    asked = {patient for _, patient, _ in wanted if patient is not None} - known
    here = known | set(Patient.objects.filter(pk__in=asked).values_list("pk", flat=True))
    placed = [(one, patient) for one, patient, awaits in wanted if not awaits or patient in here]
    waiting = [(one, awaits) for one, patient, awaits in wanted if awaits and patient not in here]
    return placed, waiting


def _by_identifier(*, run: Run, ready: Sequence[Prepared]) -> dict[tuple[str, str], UUID]:
    """Conditional references, within this source; one that fits two patients fits nobody."""
    asked = {one.subject.identifier for one in ready if one.subject is not None and one.subject.identifier}
    if not asked:
        return {}
    rows = Identifier.objects.filter(patient__source=run.source, value__in=[value for _, value in asked])
    found: dict[tuple[str, str], set[UUID]] = {}
    for system, value, patient in rows.values_list("system", "value", "patient_id"):
        found.setdefault((system, value), set()).add(patient)
        found.setdefault(("", value), set()).add(patient)
    return {key: patients.pop() for key, patients in found.items() if len(patients) == 1 and key in asked}


# ---- the rows


@dataclass(slots=True)
class _Changes:
    inserts: list[tuple]
    not_current: list[UUID]
    current: list[UUID]
    said_again: list[tuple[UUID, datetime, int]]
    unchanged: int = 0


def _write(*, run: Run, placed: Placed, held: dict[UUID, list[Version]]) -> tuple[dict[UUID | None, int], int]:
    """Write new versions and say which is current. Returns how many were stored, by patient, and how many unchanged."""
    changes = _changes(run=run, placed=placed, held=held)
    with connection.cursor() as cursor:
        if changes.said_again:
            cursor.executemany(
                "update record_resource set said_at = %s, said_no = %s where id = %s",
                [(at, number, row) for row, at, number in changes.said_again],
            )
        if changes.not_current:
            cursor.execute("update record_resource set is_current = false where id = any(%s)", [changes.not_current])
        written = copying.insert(cursor, changes.inserts)
        if changes.current:
            cursor.execute("update record_resource set is_current = true where id = any(%s)", [changes.current])
    hear(rows=[*(row[0] for row in changes.inserts), *changes.current], at=run.by.at)
    # another run wrote the same content a moment ago
    raced = len(changes.inserts) - sum(written.values())
    return written, changes.unchanged + raced


def _changes(*, run: Run, placed: Placed, held: dict[UUID, list[Version]]) -> _Changes:
    arriving: dict[UUID, list[tuple[Prepared, UUID | None]]] = {}
    for one, patient in placed:
        arriving.setdefault(one.thing, []).append((one, patient))
    changes = _Changes([], [], [], [])
    # in the order of their ids, so that two runs writing the same things wait for each other, never crosswise
    for thing in sorted(arriving):
        _change(run=run, sent=arriving[thing], versions=held.get(thing, []), changes=changes)
    return changes


def _change(*, run: Run, sent: list[tuple[Prepared, UUID | None]], versions: list[Version], changes: _Changes) -> None:
    """Work out what one thing's arrivals change: new contents, contents said again, and which is current now."""
    every = list(versions)
    rows: dict[bytes, tuple[Prepared, UUID | None]] = {}
    for one, patient in sent:
        known = next((version for version in every if version.digest == one.digest), None)
        if known is None:
            number = max((version.number for version in every), default=0) + 1
            every.append(Version(one.digest, (one.said_at, one.number), number, False))
            rows[one.digest] = (one, patient)
        else:
            changes.unchanged += 1
            _say_again(known, said=(one.said_at, one.number), alone=len(every) == 1, changes=changes)
    last = rules.current_of(every)
    for version in every:
        if version.id is None:
            one, patient = rows[version.digest]
            changes.inserts.append(_row(run=run, one=one, patient=patient, version=version, is_current=version is last))
        elif version.was_current and version is not last:
            changes.not_current.append(version.id)
        elif not version.was_current and version is last:
            changes.current.append(version.id)


def _say_again(known: Version, *, said: tuple[datetime, int], alone: bool, changes: _Changes) -> None:
    # of a thing with one content there is nothing to choose: spare the write
    if alone or said <= known.said:
        return
    known.said = said
    if known.id is not None:
        changes.said_again.append((known.id, *said))


def _row(*, run: Run, one: Prepared, patient: UUID | None, version: Version, is_current: bool) -> tuple:
    line = one.headline
    return (
        new_id(),
        one.thing,
        version.number,
        is_current,
        one.removed,
        run.source.pk,
        patient,
        run.intake,
        _original(run, one),
        one.type,
        one.local_id,
        one.entry.content,
        one.digest,
        run.by.at,
        *version.said,
        line.topic,
        line.code,
        line.code_system,
        line.title,
        line.value,
        line.value_number,
        line.unit,
        line.happened_at,
        line.happened_text,
        line.ends_at,
        line.status,
        line.state,
        line.by,
        line.encounter,
        line.group_key,
        copying.trend_of(line),
        line.caution,
        line.data_class,
        line.label,
        one.seal,
        run.source.organisation_id,
    )


def _original(run: Run, one: Prepared) -> UUID | None:
    return rules.original_id(source=run.source.pk, content=one.entry.sent) if one.entry.sent else None


def _keep_originals(*, run: Run, placed: Placed) -> None:
    """Keep what resources were made from, before the rows that point to it."""
    sent = {one.entry.sent for one, _ in placed if one.entry.sent}
    rows = [
        Original(
            id=rules.original_id(source=run.source.pk, content=content),
            source=run.source,
            content=content,
            received_at=run.by.at,
        )
        for content in sent
    ]
    rows.sort(key=lambda row: row.pk)
    Original.objects.bulk_create(rows, ignore_conflicts=True, batch_size=100)


def _tell_news(*, run: Run, stored: dict[UUID | None, int], patients: Sequence[UUID]) -> None:
    everyone = people_of_patients(list(patients)) if patients else {}
    tell(
        [
            News(
                at=run.by.at,
                what="record.received",
                patient_id=patient,
                person_id=everyone.get(patient),
                about_id=run.intake,
                detail={"stored": stored[patient], "source": run.source.code},
            )
            for patient in patients
        ]
    )
