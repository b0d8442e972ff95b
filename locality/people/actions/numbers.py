"""An NHS number is corrected: it was superseded, made invalid, was another person's, or is given for the first time.

What a source sent stays as it sent it, marked; the right number is believed from then on, also when the source goes on
sending the old one. The record it left and the record it came to both say so until somebody has looked.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import transaction

from locality.base import Refused, Viewer
from locality.journal.actions import line, log, log_rows, tell
from locality.journal.models import News
from locality.methods.nhs_number import NhsNumberState, plain, state
from locality.people.actions.merging import one_at_a_time
from locality.people.actions.patients import SENT_COLUMNS, receive_patients
from locality.people.models import Identifier, NumberCorrection, Patient
from locality.people.queries.corrected import GIVEN, OF_A_NUMBER, OF_A_PATIENT, SUPERSEDED
from locality.people.queries.same_person import people_of_patients
from locality.people.rules import NHS_NUMBER_SYSTEM, PatientSent

NOT_A_NUMBER = "This is not a valid NHS number: {}. Nothing was changed."
NO_PROVENANCE = "Say who says so, and when: nothing was changed."
NO_PATIENT = "Say of which source's patient the number is wrong: nothing was changed."
NO_NEW = "Say which number took its place: nothing was changed."
SAME = "The two numbers are the same: nothing was changed."


@transaction.atomic
def corrected(
    *, was: str, now: str, kind: str, provenance: str, by: Viewer, patient: Patient | None = None
) -> NumberCorrection:
    """Write down that an NHS number is not, or no longer, what senders say, and link again everybody it touches.

    `superseded`, `void` and `restricted` are so of a number, whoever sends it; `another's` and `given` of one patient.
    Said again, it is left as it was; said the other way round, the first is withdrawn. Raises Refused for a number
    that is none, or without its provenance.
    """
    one_at_a_time()
    was, now = plain(was), plain(now)
    _check(was=was, now=now, kind=kind, provenance=provenance, patient=patient)
    scope = patient if kind in OF_A_PATIENT else None
    standing = NumberCorrection.objects.filter(patient=scope, withdrawn_at=None)
    back = standing.filter(was=now, now=was).first() if was and now else None
    if back is not None:
        return withdrawn(correction=back, by=by)
    known = standing.filter(was=was, kind=kind).first()
    if known is not None and known.now == now:
        return known
    if known is not None:
        _withdraw(known, by=by)
    row = NumberCorrection.objects.create(
        patient=scope, was=was, now=now, kind=kind, provenance=provenance.strip(), said_at=by.at, said_by=by.id
    )
    _settle(row, undone=[known] if known else [], by=by)
    return row


@transaction.atomic
def withdrawn(*, correction: NumberCorrection, by: Viewer) -> NumberCorrection:
    """Take a correction back: what senders say is believed again. Raises Refused when it has been taken back already.

    An address that was protected because of it stays so until its source says otherwise.
    """
    one_at_a_time()
    row = NumberCorrection.objects.get(pk=correction.pk)
    if row.withdrawn_at is not None:
        raise Refused("This correction has already been taken back.")
    _withdraw(row, by=by)
    _settle(row, undone=[row], by=by)
    return row


@transaction.atomic
def settled(*, correction: NumberCorrection, by: Viewer) -> NumberCorrection:
    """Somebody has looked at both records: the correction stays, and the records no longer ask for it."""
    row = NumberCorrection.objects.select_for_update().get(pk=correction.pk)
    if row.settled_at is not None:
        raise Refused("Somebody has looked at this already.")
    row.settled_at, row.settled_by = by.at, by.id
    row.save(update_fields=["settled_at", "settled_by"])
    log(what="number.settled", by=by, about=row.pk)
    return row


def _check(*, was: str, now: str, kind: str, provenance: str, patient: Patient | None) -> None:
    if kind not in (*OF_A_NUMBER, *OF_A_PATIENT):
        raise Refused(f"Say what happened to the number: {', '.join((*OF_A_NUMBER, *OF_A_PATIENT))}.")
    if not provenance.strip():
        raise Refused(NO_PROVENANCE)
    if kind in OF_A_PATIENT and patient is None:
        raise Refused(NO_PATIENT)
    if kind in (SUPERSEDED, GIVEN) and not now:
        raise Refused(NO_NEW)
    for number in [was] * (kind != GIVEN) + [now] * bool(now):
        if state(number) == NhsNumberState.INVALID:
            raise Refused(NOT_A_NUMBER.format(number or "none was given"))
    if was == now:
        raise Refused(SAME)


def _withdraw(row: NumberCorrection, *, by: Viewer) -> None:
    row.withdrawn_at, row.withdrawn_by = by.at, by.id
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])


def _settle(row: NumberCorrection, *, undone: Sequence[NumberCorrection], by: Viewer) -> None:
    """Keep and link again everybody whose number this is about, and write it down for each of them."""
    held = Identifier.objects.filter(system=NHS_NUMBER_SYSTEM, value__in={row.was, row.now} - {""})
    concerned = set(held.values_list("patient_id", flat=True)) | ({row.patient_id} if row.patient_id else set())
    before = people_of_patients(list(concerned))
    _receive_again({row.patient_id} if row.patient_id else concerned, undone=undone, by=by)
    after = people_of_patients(list(concerned))
    _write_down(row, {*before.values(), *after.values()}, by=by)


def _receive_again(patients: Collection[UUID], *, undone: Sequence[NumberCorrection], by: Viewer) -> None:
    """Keep these patients as their sources last said, the corrections applied anew."""
    rows = list(Patient.objects.filter(pk__in=patients).order_by("pk"))
    replaced = {row.replaced_by for row in rows if row.replaced_by}
    local_ids = dict(Patient.objects.filter(pk__in=replaced).values_list("pk", "local_id"))
    held: dict[UUID, list[tuple[str, str]]] = {row.pk: [] for row in rows}
    for one in Identifier.objects.filter(patient__in=rows).order_by("pk"):
        held[one.patient_id].append((one.system, one.value))
    sent = [_as_sent(row, _without_added(row, held[row.pk], undone), local_ids) for row in rows]
    receive_patients(sent=sent, by=by)


def _without_added(
    row: Patient, identifiers: Sequence[tuple[str, str]], undone: Sequence[NumberCorrection]
) -> list[tuple[str, str]]:
    """What the source itself sent: the number that a correction put in the place of one of these is left out."""
    added = {
        one.now for one in undone if one.patient_id == row.pk or (NHS_NUMBER_SYSTEM, one.was) in identifiers if one.now
    }
    return [(system, value) for system, value in identifiers if system != NHS_NUMBER_SYSTEM or value not in added]


SAME_WORDS = tuple(name for name in SENT_COLUMNS if name not in ("nhs_number", "nhs_typed"))


def _as_sent(row: Patient, identifiers: Sequence[tuple[str, str]], local_ids: dict[UUID, str]) -> PatientSent:
    return PatientSent(
        source=row.source_id,
        local_id=row.local_id,
        former_names=tuple(row.former_names),
        former_postcodes=tuple(row.former_postcodes),
        address_lines=tuple(row.address_lines),
        identifiers=tuple(identifiers),
        replaced_by=local_ids.get(row.replaced_by, "") if row.replaced_by else "",
        **{name: getattr(row, name) for name in SAME_WORDS},
    )


def _write_down(row: NumberCorrection, people: set[UUID], *, by: Viewer) -> None:
    what = "number.corrected" if row.withdrawn_at is None else "number.correction-withdrawn"
    log_rows(
        [
            line(what=what, by=by, person=person, about=row.pk, reason=row.provenance, detail={"kind": row.kind})
            for person in sorted(people)
        ]
    )
    tell([News(at=by.at, what=what, person_id=person, about_id=row.pk) for person in sorted(people)])
