"""Patients come in, are joined to people, and people are merged and parted again. Links move; nothing else does."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction

from locality.base import Refused, Viewer
from locality.base.ids import new_id
from locality.journal.actions import log, tell
from locality.journal.models import News
from locality.people import rules
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


# The registered practice is believed first, then whoever spoke last; each part of the face on its own, so that
# what only one sender knows (the name she likes) is not lost.
FACE = """
with held as (
    select link.person_id, patient.*,
           row_number() over (
               partition by link.person_id
               order by patient.active desc, 'registered_practice' = any(source.asserts) desc,
                        patient.said_at desc, patient.id
           ) as rank
    from people_link link
    join people_patient patient on patient.id = link.patient_id
    join directory_source source on source.id = patient.source_id
    where link.ended_at is null and link.person_id = any(%s)
),
face as (
    select person_id,
        coalesce((array_agg(family order by rank) filter (where family <> ''))[1], '') as family,
        coalesce((array_agg(given order by rank) filter (where given <> ''))[1], '') as given,
        coalesce((array_agg(prefix order by rank) filter (where prefix <> ''))[1], '') as prefix,
        coalesce((array_agg(likes order by rank) filter (where likes <> ''))[1], '') as likes,
        (array_agg(birth_on order by rank) filter (where birth_on is not null))[1] as birth_on,
        coalesce((array_agg(birth_text order by rank) filter (where birth_text <> ''))[1], '') as birth_text,
        coalesce((array_agg(sex order by rank) filter (where sex <> ''))[1], '') as sex,
        coalesce((array_agg(nhs_number order by rank) filter (where nhs_number <> ''))[1], '') as nhs_number,
        bool_or(died) as died,
        (array_agg(died_on order by rank) filter (where died_on is not null))[1] as died_on,
        coalesce((array_agg(array_to_string(address_lines, ', ') order by rank)
            filter (where address_lines <> '{}'))[1], '') as address,
        coalesce((array_agg(postcode order by rank) filter (where postcode <> ''))[1], '') as postcode,
        bool_or(protected) as protected,
        coalesce((array_agg(phone order by rank) filter (where phone <> ''))[1], '') as phone,
        coalesce((array_agg(language order by rank) filter (where language <> ''))[1], '') as language,
        bool_or(interpreter) as interpreter,
        coalesce((array_agg(practice_code order by rank) filter (where practice_code <> ''))[1], '') as practice_code,
        coalesce((array_agg(practice_words order by rank) filter (where practice_words <> ''))[1], '')
            as practice_words,
        coalesce((array_agg(name_key order by rank) filter (where name_key <> ''))[1], '') as sort_key
    from held
    group by person_id
)
update people_person as person set
    family = face.family, given = face.given, prefix = face.prefix, likes = face.likes, birth_on = face.birth_on,
    birth_text = face.birth_text, sex = face.sex, nhs_number = face.nhs_number, died = face.died,
    died_on = face.died_on, address = face.address, postcode = face.postcode, protected = face.protected,
    phone = face.phone, language = face.language, interpreter = face.interpreter,
    practice_code = face.practice_code, practice_words = face.practice_words, sort_key = face.sort_key
from face
where person.id = face.person_id
"""


def refresh_faces(*, people: Sequence[UUID]) -> None:
    """Choose again what each of these people is called, from the patients linked to them now."""
    if people:
        with connection.cursor() as cursor:
            cursor.execute(FACE, [list(people)])


@transaction.atomic
def merge_people(*, kept: Person, alias: Person, reason: str, by: Viewer) -> Merge:
    """Make one person the alias of another: its links move, and can be moved back."""
    rows = {row.pk: row for row in Person.objects.select_for_update().filter(pk__in=[kept.pk, alias.pk]).order_by("pk")}
    if kept.pk == alias.pk:
        raise Refused("These two are already one person.")
    if rows[kept.pk].merged_into_id or rows[alias.pk].merged_into_id:
        raise Refused("One of these two has already been merged into somebody else.")
    links = list(Link.objects.select_for_update().filter(person=alias, ended_at=None))
    moved = [_moved(link, to=kept.pk, method="merged", by=by).pk for link in links]
    # an alias of the alias follows, so that a merged person is always one step from the kept one
    Person.objects.filter(merged_into=alias).update(merged_into=kept)
    Person.objects.filter(pk=alias.pk).update(merged_into=kept)
    merge = Merge.objects.create(kept=kept, alias=alias, moved=moved, reason=reason, merged_at=by.at, merged_by=by.id)
    refresh_faces(people=[kept.pk])
    log(what="person.merged", by=by, person=kept.pk, about=merge.pk, reason=reason)
    return merge


@transaction.atomic
def undo_merge(*, merge: Merge, by: Viewer) -> Merge:
    """Part two merged people again: the same links move back; links made since stay where they are."""
    merge = Merge.objects.select_for_update().select_related("alias", "kept").get(pk=merge.pk)
    if merge.undone_at is not None:
        raise Refused("This merge has already been undone.")
    Person.objects.filter(pk=merge.alias_id).update(merged_into=None)
    for link in Link.objects.select_for_update().filter(pk__in=merge.moved, ended_at=None):
        _moved(link, to=merge.alias_id, method="merge-undone", by=by)
    merge.undone_at, merge.undone_by = by.at, by.id
    merge.save(update_fields=["undone_at", "undone_by"])
    refresh_faces(people=[merge.kept_id, merge.alias_id])
    log(what="person.merge-undone", by=by, person=merge.kept_id, about=merge.pk)
    return merge


def _moved(link: Link, *, to: UUID, method: str, by: Viewer) -> Link:
    link.ended_at, link.ended_by, link.ended_reason = by.at, by.id, method
    link.save(update_fields=["ended_at", "ended_by", "ended_reason"])
    return Link.objects.create(
        patient_id=link.patient_id,
        person_id=to,
        method=method,
        evidence=link.evidence,
        linked_at=by.at,
        linked_by_kind=by.kind,
        linked_by=by.id,
    )
