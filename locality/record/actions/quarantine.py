"""What could not be stored is kept with its reason, and tried again after a fix."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from locality.base import NotFound, Refused, Viewer
from locality.base.ids import new_id
from locality.directory.models import Source
from locality.journal.actions import log
from locality.record import rules
from locality.record.intake.entry import Unreadable
from locality.record.intake.prepare import Prepared
from locality.record.models import Quarantine
from locality.record.queries.shapes import RefusedEntry
from locality.record.queries.sources import refused_content

# A whole unreadable file may be large. Its beginning is kept, and the reason says so.
MOST_BYTES = 16 * 1024 * 1024
TOO_LONG = " Only the first 16 MB are kept here; the file itself is still where it was sent from."
WAITS = "It is about {}, whom this source has not sent. It will be stored when they arrive."

KEEP = """
insert into record_quarantine
    (id, source_id, intake_id, place, content, digest, reason, awaits, full_url, readable, state, first_at, last_at,
     times)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'open', %s, %s, 1)
on conflict (source_id, digest) do update set
    last_at = excluded.last_at, times = record_quarantine.times + 1, reason = excluded.reason,
    awaits = excluded.awaits, intake_id = excluded.intake_id, place = excluded.place, state = 'open',
    closed_at = null, closed_by = null
"""


def keep(
    *,
    source: Source,
    intake: UUID,
    refused: Sequence[Unreadable],
    waiting: Sequence[tuple[Prepared, str]],
    by: Viewer,
) -> None:
    """Keep what could not be stored: once, however often it is sent."""
    rows = [
        _row(source, intake, one.place, one.content, _digest(one), one.reason, "", "", one.resource, by)
        for one in refused
    ]
    rows += [
        _row(
            source,
            intake,
            one.entry.place,
            one.entry.content,
            one.digest,
            WAITS.format(_whom(awaits)),
            awaits,
            one.entry.full_url,
            True,
            by,
        )
        for one, awaits in waiting
    ]
    rows.sort(key=lambda row: row[5])
    with connection.cursor() as cursor:
        cursor.executemany(KEEP, rows)


def _digest(one: Unreadable) -> bytes:
    # two empty files are two things that went wrong
    return rules.digest_of(one.content or one.place.encode())


def _whom(awaits: str) -> str:
    # a condition may hold an NHS number, and a reason is read by people who may not
    return awaits if rules.PATIENT_REFERENCE.fullmatch(awaits) else "somebody it names in another way"


def _row(
    source: Source,
    intake: UUID,
    place: str,
    content: bytes,
    digest: bytes,
    reason: str,
    awaits: str,
    full_url: str,
    readable: bool,
    by: Viewer,
) -> tuple:
    if len(content) > MOST_BYTES:
        content, reason = content[:MOST_BYTES], reason + TOO_LONG
    return (new_id(), source.pk, intake, place, content, digest, reason, awaits, full_url, readable, by.at, by.at)


CLOSE = """
update record_quarantine set state = 'stored', closed_at = %s, closed_by = %s
where source_id = %s and state = 'open' and digest = any(%s)
"""


def close_stored(*, source: Source, digests: Sequence[bytes], by: Viewer) -> None:
    """What has been stored after all no longer waits."""
    with connection.cursor() as cursor:
        cursor.execute(CLOSE, [by.at, by.id, source.pk, list(digests)])


HAS_ARRIVED = """
select waiting.id from record_quarantine waiting
where waiting.source_id = %(source)s and waiting.state = 'open' and waiting.readable and waiting.awaits <> '' and (
    exists (
        select from people_patient patient
        where patient.source_id = waiting.source_id
          and patient.local_id = substr(waiting.awaits, length('Patient/') + 1)
          and waiting.awaits like 'Patient/%%'
    ) or exists (
        select from people_identifier identifier
        join people_patient patient on patient.id = identifier.patient_id
        where patient.source_id = waiting.source_id
          and waiting.awaits = 'Patient?identifier=' || identifier.system || '|' || identifier.value
    )
)
order by waiting.first_at, waiting.id
limit %(most)s
"""


def waiting_now(*, source: Source, most: int) -> list[Quarantine]:
    """Refused entries of this source that waited for somebody who has since arrived."""
    return list(Quarantine.objects.raw(HAS_ARRIVED, {"source": source.pk, "most": most}))


def open_refused(*, refused: UUID, by: Viewer) -> tuple[RefusedEntry, str]:
    """What was sent and refused, as text, written down as opened: it may say anything of anybody.

    Raises NoAccess for a role that runs no sources, NotFound for an entry that is not there.
    """
    entry, text = refused_content(viewer=by, refused=refused)
    log(what="quarantine.opened", by=by, about=refused)
    return entry, text


def dismiss(*, refused: UUID, by: Viewer) -> Quarantine:
    """Let a refused entry go: it stays on the books, and is no longer counted as open."""
    row = Quarantine.objects.filter(pk=refused).first()
    if row is None:
        raise NotFound("There is no such refused entry.")
    if row.state != "open":
        raise Refused(f"This entry is already {row.state}.")
    row.state, row.closed_at, row.closed_by = "dismissed", by.at, by.id
    row.save(update_fields=["state", "closed_at", "closed_by"])
    log(what="quarantine.dismissed", by=by, about=row.pk)
    return row
