"""Patients come in and are joined to people."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction

from locality.base import Viewer
from locality.base.ids import new_id
from locality.journal.actions import tell
from locality.journal.models import News
from locality.people import rules
from locality.people.actions.faces import refresh_faces
from locality.people.models import Identifier, Link, Merge, Patient, Person
from locality.people.rules import Key, PatientSent

SENT_COLUMNS = (
    *("said_at", "active", "family", "given", "prefix", "likes", "birth_on", "birth_text", "sex", "nhs_number"),
    *("died", "died_on", "postcode", "protected", "phone", "email", "language", "interpreter"),
    *("practice_code", "practice_words", "name_key"),
)


@transaction.atomic
def receive_patients(*, sent: Sequence[PatientSent], by: Viewer) -> dict[UUID, UUID]:
    """Keep what sources say of their patients and join each to a person.

    Returns the person of each patient by patient id. Safe to repeat and to run at the same time as others:
    the same words change nothing, and two files naming one NHS number at once make one person.
    """
    newest = {one.id: one for one in sorted(sent, key=lambda one: one.said_at)}
    ordered = [newest[key] for key in sorted(newest)]
    _one_at_a_time(ordered)
    ordered = _not_older(ordered)
    _keep(ordered)
    moved = _link(ordered, by=by)
    _join_replaced(ordered, by=by)
    refresh_faces(people=_people(newest))
    tell([News(at=by.at, what="patient.linked", patient_id=key, person_id=value) for key, value in moved.items()])
    return _people_of(newest)


def _people_of(patients: dict[UUID, PatientSent]) -> dict[UUID, UUID]:
    rows = Link.objects.filter(patient__in=list(patients), ended_at=None)
    return dict(rows.values_list("patient_id", "person_id"))


def _people(patients: dict[UUID, PatientSent]) -> list[UUID]:
    return sorted(set(_people_of(patients).values()))


def _one_at_a_time(ordered: Sequence[PatientSent]) -> None:
    # Two files may name one NHS number, or one patient, at once: the second waits to see what the first made.
    names = {str(one.id) for one in ordered} | {one.nhs_number for one in ordered if one.nhs_number}
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(k) from (select distinct hashtextextended(n, 0) as k"
            " from unnest(%s::text[]) as names(n) order by 1) as keys",
            [sorted(names)],
        )


def _not_older(ordered: list[PatientSent]) -> list[PatientSent]:
    """A copy that says less recent words than those already held changes nothing here."""
    held = dict(Patient.objects.filter(pk__in=[one.id for one in ordered]).values_list("pk", "said_at"))
    return [one for one in ordered if one.id not in held or one.said_at >= held[one.id]]


def _keep(ordered: Sequence[PatientSent]) -> None:
    Patient.objects.bulk_create(
        [
            Patient(
                id=one.id,
                source_id=one.source,
                local_id=one.local_id,
                former_names=list(one.former_names),
                address_lines=list(one.address_lines),
                **{column: getattr(one, column) for column in SENT_COLUMNS},
            )
            for one in ordered
        ],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[*SENT_COLUMNS, "former_names", "address_lines"],
        batch_size=500,
    )
    Identifier.objects.filter(patient__in=[one.id for one in ordered]).delete()
    Identifier.objects.bulk_create(
        [
            Identifier(patient_id=one.id, system=system, value=value, nhs_state=nhs_state)
            for one in ordered
            for system, value, nhs_state in rules.identifier_rows(one)
        ],
        batch_size=2000,
    )


@dataclass(frozen=True, slots=True)
class _Held:
    person: UUID
    link: UUID
    method: str


Sharing = dict[Key, list[tuple[UUID, UUID]]]


def _link(ordered: Sequence[PatientSent], *, by: Viewer) -> dict[UUID, UUID]:
    """Link what is new or no longer agrees; returns the patients that moved and their new person."""
    held = _held([one.id for one in ordered])
    sharing = _sharing([one.nhs_number for one in ordered if one.nhs_number])
    alone = _people_alone([one.person for one in held.values()])
    new_people: list[Person] = []
    moves: list[tuple[_Held, UUID]] = []
    links: list[Link] = []
    for one in ordered:
        key = rules.key_of(nhs_number=one.nhs_number, birth_on=one.birth_on)
        now = held.get(one.id)
        person = _person_for(patient=one.id, key=key, held=now, sharing=sharing, alone=alone)
        if person is None:
            person = new_id()
            new_people.append(Person(id=person, made_at=by.at))
        if key is not None:
            sharing.setdefault(key, []).append((one.id, person))
        if now is not None and now.person == person:
            continue
        if now is not None:
            moves.append((now, person))
        links.append(_link_row(one.id, person, key, by=by))
    Person.objects.bulk_create(new_people, batch_size=1000)
    Link.objects.filter(pk__in=[now.link for now, _ in moves]).update(
        ended_at=by.at, ended_by=by.id, ended_reason="The sender's words changed."
    )
    Link.objects.bulk_create(links, batch_size=1000)
    _alias_the_emptied(moves, by=by)
    return {link.patient_id: link.person_id for link in links}


def _held(patients: list[UUID]) -> dict[UUID, _Held]:
    rows = Link.objects.filter(patient__in=patients, ended_at=None)
    return {row.patient_id: _Held(row.person_id, row.id, row.method) for row in rows}


def _person_for(
    *, patient: UUID, key: Key | None, held: _Held | None, sharing: Sharing, alone: set[UUID]
) -> UUID | None:
    """The person to link to; None asks for a new one."""
    if held is not None and held.method == rules.METHOD_SOURCE_SAYS:
        return held.person
    others = [person for other, person in sharing.get(key, []) if other != patient] if key else []
    if others:
        return held.person if held is not None and held.person in others else others[0]
    # alone with these words: a person shared with patients who say otherwise is left to them
    return held.person if held is not None and held.person in alone else None


def _alias_the_emptied(moves: list[tuple[_Held, UUID]], *, by: Viewer) -> None:
    """A person whose last patient moved on follows it as an alias: what was written for them is still found."""
    emptied = {now.person: (now.link, person) for now, person in moves}
    for old in Link.objects.filter(person__in=list(emptied), ended_at=None).values_list("person_id", flat=True):
        emptied.pop(old, None)
    for old, (link, person) in emptied.items():
        Person.objects.filter(merged_into=old).update(merged_into=person)
        Person.objects.filter(pk=old).update(merged_into=person)
        Merge.objects.create(
            kept_id=person,
            alias_id=old,
            moved=[link],
            reason="Its only patient now agrees with this person.",
            merged_at=by.at,
            merged_by=by.id,
        )


def _link_row(patient: UUID, person: UUID, key: Key | None, *, by: Viewer) -> Link:
    return Link(
        patient_id=patient,
        person_id=person,
        method=rules.METHOD_NHS_NUMBER if key else rules.METHOD_ALONE,
        evidence=rules.evidence_of(key),
        linked_at=by.at,
        linked_by_kind=by.kind,
        linked_by=by.id,
    )


def _sharing(numbers: list[str]) -> Sharing:
    """Which patients hold each NHS number with which birth date, and whose they are; the oldest link first."""
    rows = Link.objects.filter(
        ended_at=None, patient__nhs_number__in=numbers, patient__birth_on__isnull=False
    ).order_by("linked_at", "id")
    found: Sharing = {}
    for number, birth_on, patient, person in rows.values_list(
        "patient__nhs_number", "patient__birth_on", "patient_id", "person_id"
    ):
        if birth_on is not None:
            found.setdefault(Key(number, birth_on), []).append((patient, person))
    return found


def _people_alone(people: list[UUID]) -> set[UUID]:
    """Of these people, those whom exactly one patient is linked to."""
    counts: dict[UUID, int] = {}
    for person in Link.objects.filter(person__in=people, ended_at=None).values_list("person_id", flat=True):
        counts[person] = counts.get(person, 0) + 1
    return {person for person, count in counts.items() if count == 1}


def _join_replaced(ordered: Sequence[PatientSent], *, by: Viewer) -> None:
    """A source that says one of its patients was replaced by another has said they are one person."""
    for one in ordered:
        if not one.replaced_by:
            continue
        other = rules.patient_id(source=one.source, local_id=one.replaced_by)
        held = _held([one.id, other])
        if other in held and one.id in held and held[one.id].person != held[other].person:
            _move_link(patient=one.id, to=held[other].person, by=by)
            _alias_the_emptied([(held[one.id], held[other].person)], by=by)


def _move_link(*, patient: UUID, to: UUID, by: Viewer) -> None:
    Link.objects.filter(patient=patient, ended_at=None).update(
        ended_at=by.at, ended_by=by.id, ended_reason="The source merged this patient into another."
    )
    Link.objects.create(
        patient_id=patient,
        person_id=to,
        method=rules.METHOD_SOURCE_SAYS,
        evidence={"agrees_on": ["source"]},
        linked_at=by.at,
        linked_by_kind=by.kind,
        linked_by=by.id,
    )


@transaction.atomic
def take_away_patients(*, patients: Sequence[UUID], by: Viewer) -> None:
    """A source took these patients away: they stay linked and are believed last."""
    Patient.objects.filter(pk__in=patients).update(active=False)
    refresh_faces(
        people=sorted(set(Link.objects.filter(patient__in=patients, ended_at=None).values_list("person", flat=True)))
    )
    tell([News(at=by.at, what="patient.taken-away", patient_id=patient) for patient in patients])


def heard_of(*, patients: Sequence[UUID], by: Viewer) -> None:
    """Note that something new was said of these patients now."""
    # in one order, so that two intakes noting the same patients wait for each other and never lock crosswise
    held = Patient.objects.select_for_update().filter(pk__in=patients).order_by("pk").values("pk")
    Patient.objects.filter(pk__in=held).update(heard_at=by.at)
