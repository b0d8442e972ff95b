"""Patients come in: their words are kept, and each is joined to a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import orjson
from django.db import transaction

from locality.base import Viewer
from locality.journal.actions import tell
from locality.journal.models import News
from locality.methods.linkage.standard import standard
from locality.people import rules
from locality.people.actions.comparing import Arrived
from locality.people.actions.linking import Linking, link
from locality.people.models import Patient
from locality.people.queries import linking as queries
from locality.people.queries.asking import Statement, write_now
from locality.people.queries.corrected import as_corrected
from locality.people.rules import PatientSent

SENT_COLUMNS = (
    *("said_at", "active", "family", "given", "prefix", "likes", "birth_on", "birth_text", "sex", "nhs_number"),
    *("nhs_typed", "died", "died_on", "postcode", "protected", "phone", "email", "language", "interpreter"),
    *("practice_code", "practice_words"),
)
KINDS = {
    "id": "uuid",
    "source_id": "uuid",
    "local_id": "text",
    **dict.fromkeys(SENT_COLUMNS, "text"),
    **dict.fromkeys(("active", "died", "protected", "interpreter"), "bool"),
    **dict.fromkeys(("birth_on", "died_on"), "date"),
    **dict.fromkeys(("said_at", "compared_at"), "timestamptz"),
    **dict.fromkeys(("address_lines", "former_names", "former_postcodes"), "text[]"),
    "name_key": "text",
    "replaced_by": "uuid",
    "keys": "bigint[]",
}
KEPT_COLUMNS = [name for name in KINDS if name not in ("id", "source_id", "local_id")]


@dataclass(slots=True)
class Kept:
    """Patients whose words have been kept and that wait to be linked, in the same transaction."""

    sent: list[UUID] = field(default_factory=list)
    gone: list[UUID] = field(default_factory=list)
    arrived: Arrived = field(default_factory=Arrived)
    writes: list[Statement] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.sent or self.gone)


@transaction.atomic
def receive_patients(*, sent: Sequence[PatientSent], by: Viewer) -> dict[UUID, UUID]:
    """Keep what sources say of their patients and join each to a person.

    Returns the person of each patient by patient id. Safe to repeat and to run at the same time as others: the same
    words change nothing, and two files that tell of one person at once make one person.
    """
    return link_patients(kept=_keep(sent=sent, by=by), by=by).people


@transaction.atomic(savepoint=False)
def keep_patients(*, sent: Sequence[PatientSent], by: Viewer, gone: Sequence[UUID] = ()) -> Kept:
    """Keep what sources say of their patients, and note those that they took away. `link_patients` must follow.

    What is done under the lock of all linking is left to it, so that two intakes wait for each other no longer than
    they must.
    """
    kept = _keep(sent=sent, by=by, gone=gone)
    write_now(kept.writes)
    return kept


def _keep(*, sent: Sequence[PatientSent], by: Viewer, gone: Sequence[UUID] = ()) -> Kept:
    """What is to be kept, once nobody else keeps words of these patients; `writes` is yet to be done."""
    ids = sorted({one.id for one in sent})
    known, corrected = queries.known(ids, locked=sorted({*ids, *gone}))
    versions: dict[UUID, list[PatientSent]] = {}
    for one in sorted(as_corrected(sent) if corrected else sent, key=lambda one: one.said_at):
        versions.setdefault(one.id, []).append(one)
    held = Patient.objects.in_bulk(known) if known else {}
    rows = [row for key in ids if (row := _row(versions[key], held.get(key), by=by)) is not None]
    arrived = _with_keys(rows, held)
    newest = [versions[row.pk][-1] for row in rows if _is_newest(versions[row.pk], held.get(row.pk))]
    if gone:
        Patient.objects.filter(pk__in=gone).update(active=False)
    told = (_columns(rows), *_beside(newest, arrived)) if rows else ()
    writes: list[Statement] = [(KEEP, [orjson.dumps(one).decode() for one in told])] if rows else []
    return Kept(sent=ids, gone=list(gone), arrived=arrived, writes=writes)


@transaction.atomic(savepoint=False)
def link_patients(*, kept: Kept, by: Viewer) -> Linking:
    """Join patients just kept to people. Nobody else links until this transaction ends, so it comes last.

    A patient taken away stays linked and is believed last.
    """
    if not kept:
        return Linking(people={}, moves=[])
    linked = link(arrived=kept.arrived, also=[*kept.sent, *kept.gone], first=kept.writes, by=by)
    if kept.gone:
        tell([News(at=by.at, what="patient.taken-away", patient_id=patient) for patient in kept.gone])
    sent = {patient: linked.people[patient] for patient in kept.sent if patient in linked.people}
    return replace(linked, people=sent)


def _is_newest(sent: Sequence[PatientSent], held: Patient | None) -> bool:
    """Whether the last of these words are no older than those held: a late copy changes nothing but what was."""
    return held is None or sent[-1].said_at >= held.said_at


def _row(sent: Sequence[PatientSent], held: Patient | None, *, by: Viewer) -> Patient | None:
    """What to keep of one patient, given every version sent, oldest first; None when there is nothing new."""
    now: PatientSent | Patient = sent[-1]
    before: list[PatientSent | Patient] = [*sent[:-1]]
    if held is not None and _is_newest(sent, held):
        before = [held, *before]
    elif held is not None:
        now, before = held, [*before, sent[-1]]
    former = rules.former(now=now, before=before)
    if now is held and (former.names, former.postcodes) == (tuple(held.former_names), tuple(held.former_postcodes)):
        return None
    replaced_by = now.replaced_by
    if isinstance(now, PatientSent):
        replaced_by = rules.patient_id(source=now.source, local_id=now.replaced_by) if now.replaced_by else None
    return Patient(
        id=now.id,
        source_id=sent[-1].source,
        local_id=sent[-1].local_id,
        former_names=list(former.names),
        former_postcodes=list(former.postcodes),
        address_lines=list(now.address_lines),
        name_key=rules.name_key(now, former=former.names),
        replaced_by=replaced_by,
        compared_at=by.at,
        **{column: getattr(now, column) for column in SENT_COLUMNS},
    )


def _with_keys(rows: Sequence[Patient], held: Mapping[UUID, Patient]) -> Arrived:
    """Write each row's keys into it; returns those whose words are to be compared."""
    arrived = Arrived()
    for row in rows:
        was, words = held.get(row.pk), rules.words_of(row)
        if was is not None and was.compared_at is not None and words == rules.words_of(was):
            row.keys = was.keys
        else:
            row.keys = list(arrived.add(row.pk, standard(words), before=was.keys if was else None))
    return arrived


KEEP = f"""
with sent as (
    select * from jsonb_to_recordset(%s::jsonb) as sent({", ".join(f"{name} {kind}" for name, kind in KINDS.items())})
),
numbered as (
    select * from jsonb_to_recordset(%s::jsonb) as one(patient_id uuid, system text, value text, nhs_state text)
),
gained as (select * from jsonb_to_recordset(%s::jsonb) as one(key bigint, patient_id uuid)),
lost as (select * from jsonb_to_recordset(%s::jsonb) as one(key bigint, patient_id uuid)),
kept as (
    insert into people_patient ({", ".join(KINDS)}) select {", ".join(KINDS)} from sent order by id
    on conflict (id) do update set {", ".join(f"{name} = excluded.{name}" for name in KEPT_COLUMNS)}
),
taken_back as (
    delete from people_identifier held
    where held.patient_id in (select patient_id from numbered)
        and not exists (
            select from numbered now
            where now.patient_id = held.patient_id and now.system = held.system and now.value = held.value
        )
),
given as (
    insert into people_identifier (patient_id, system, value, nhs_state)
    select patient_id, system, value, nhs_state from numbered where system is not null
    on conflict (patient_id, system, value) do update set nhs_state = excluded.nhs_state
    where people_identifier.nhs_state <> excluded.nhs_state
),
named as (
    insert into people_nameword (word)
    select distinct told.word from sent, regexp_split_to_table(sent.name_key, '[ -]+') as told(word)
    where told.word <> '' and not exists (select from people_nameword known where known.word = told.word)
),
no_longer as (
    delete from people_blockingkey held using lost where held.key = lost.key and held.patient_id = lost.patient_id
)
insert into people_blockingkey (key, patient_id) select key, patient_id from gained order by key, patient_id
on conflict do nothing
"""  # noqa: S608 -- only our own names stand in it


def _columns(rows: Sequence[Patient]) -> list[dict[str, Any]]:
    return [{name: getattr(row, name) for name in KINDS} for row in rows]


def _beside(sent: Sequence[PatientSent], arrived: Arrived) -> tuple[list[dict[str, Any]], ...]:
    """The identifiers of patients (of one without any, a row that says so), and the keys gained and lost."""
    numbered = [
        {"patient_id": one.id, "system": system, "value": value, "nhs_state": state}
        for one in sent
        for system, value, state in (*rules.identifier_rows(one), *([] if one.identifiers else [(None, None, None)]))
    ]
    gained, lost = (
        [{"key": key, "patient_id": patient} for key, patient in keys] for keys in (arrived.gained, arrived.lost)
    )
    return numbered, gained, lost
