"""What identifies a person, as each source sends it, beside another's: for whoever decides who is who.

Where somebody lives and how to reach them is never told here: it is compared, and only what came of it is said.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from locality.base import NotFound
from locality.people.models import Identifier, Label, Link, Pair, Patient, Person
from locality.people.queries.evidence import Evidence, evidence
from locality.people.queries.review import APART, Waiting, apart_for_good, doubts_about, mark_of
from locality.people.queries.same_person import people_of_patients, same_person
from locality.people.rules import NHS_NUMBER_SYSTEM

NOT_THERE = "There is no such pair here."
HIDDEN = "Not compared here: an address is protected."
DIGITS_OF_A_PHONE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What one source holds that identifies, without where they live or how to reach them; and how it is linked."""

    id: UUID
    source_id: UUID
    source: str
    source_short: str
    local_id: str
    person: UUID
    family: str
    given: str
    prefix: str
    likes: str
    former_names: tuple[str, ...]
    birth_on: date | None
    birth_text: str
    sex: str
    died: bool
    died_on: date | None
    numbers: tuple[tuple[str, str], ...]  # each NHS number with its state: valid, invalid, placeholder
    other_numbers: tuple[str, ...]
    active: bool
    said_at: datetime
    linked_at: datetime
    method: str
    agrees_with: UUID | None  # the patient it is likest to of those it is linked with, and by how many bits
    bits: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One person of a pair: the patient that is asked about first, then whatever else is linked to them."""

    person: UUID
    records: tuple[Record, ...]
    protected: bool

    @property
    def asked(self) -> Record:
        """The record that the pair is about."""
        return self.records[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """One pair with all that may be known to decide it. `mark` tells later whether anything changed meanwhile."""

    pair: Pair
    mark: str
    one: Side
    other: Side
    places: tuple[tuple[str, str], ...]
    label: Label | None
    others: tuple[Waiting, ...]
    since: datetime | None
    evidence: Evidence

    @property
    def protected(self) -> bool:
        """Whether the address of either is protected."""
        return self.one.protected or self.other.protected

    @property
    def is_one(self) -> bool:
        """Whether the two are one person already."""
        return self.one.person == self.other.person


def reviewed(pair_id: UUID, *, at: datetime) -> Reviewed:
    """One pair and both of its people. Raises NotFound where there is none, or where it must never be shown."""
    pair = Pair.objects.filter(pk=pair_id).select_related("first", "second").first()
    if pair is None:
        raise NotFound(NOT_THERE)
    whose = people_of_patients([pair.first_id, pair.second_id])
    people = set(whose.values())
    if len(whose) < 2 or apart_for_good(people):
        raise NotFound(NOT_THERE)
    records = records_of(list(people))
    hidden = _protected(people)
    sides = [_side(patient, whose[patient], records, hidden) for patient in (pair.first_id, pair.second_id)]
    label = Label.objects.filter(first=pair.first_id, second=pair.second_id, withdrawn_at=None).first()
    others = [one for one in doubts_about(list(people), at=at) if {one.one.person, one.other.person} != people]
    return Reviewed(
        pair=pair,
        mark=mark_of(pair),
        one=sides[0],
        other=sides[1],
        places=(("Where they live", HIDDEN),) if hidden else tuple(places_compared(pair.first, pair.second)),
        label=label,
        others=tuple(others),
        since=pair.asked_at,
        evidence=evidence(pair.first_id, pair.second_id, hide_places=bool(hidden)),
    )


def _protected(people: set[UUID]) -> set[UUID]:
    # the face of whoever is asked about holds it too; a patient's own word counts before the face is made again
    patients = Link.objects.filter(person__in=people, ended_at=None, patient__protected=True)
    faces = Person.objects.filter(pk__in=people, protected=True)
    return {*patients.values_list("person_id", flat=True), *faces.values_list("pk", flat=True)}


def _side(patient: UUID, person: UUID, records: Sequence[Record], hidden: set[UUID]) -> Side:
    theirs = [one for one in records if one.person == person]
    theirs.sort(key=lambda one: (one.id != patient, one.source, one.local_id))
    return Side(person=person, records=tuple(theirs), protected=person in hidden)


def records_of(people: Sequence[UUID]) -> list[Record]:
    """What each source holds of these people now, source by source: two queries."""
    links = Link.objects.filter(person__in=people, ended_at=None).select_related("patient__source__organisation")
    rows = list(links.order_by("patient__source__name", "patient__local_id"))
    numbers: dict[UUID, list[Identifier]] = {}
    for one in Identifier.objects.filter(patient__in=[row.patient_id for row in rows]).order_by("system", "value"):
        numbers.setdefault(one.patient_id, []).append(one)
    return [_record(row, numbers.get(row.patient_id, [])) for row in rows]


def _record(link: Link, numbers: Iterable[Identifier]) -> Record:
    patient = link.patient
    nhs = [(one.value, one.nhs_state) for one in numbers if one.system == NHS_NUMBER_SYSTEM]
    others = [one.value for one in numbers if one.system != NHS_NUMBER_SYSTEM and one.value != patient.local_id]
    return Record(
        id=patient.pk,
        source_id=patient.source_id,
        source=patient.source.name,
        source_short=patient.source.organisation.short_name or patient.source.name,
        local_id=patient.local_id,
        person=link.person_id,
        family=patient.family,
        given=patient.given,
        prefix=patient.prefix,
        likes=patient.likes,
        former_names=tuple(patient.former_names),
        birth_on=patient.birth_on,
        birth_text=patient.birth_text,
        sex=patient.sex,
        died=patient.died,
        died_on=patient.died_on,
        # a number may stand in the column only, where no identifier was kept with it
        numbers=tuple(nhs) or (((patient.nhs_number, "valid"),) if patient.nhs_number else ()),
        other_numbers=tuple(others),
        active=patient.active,
        said_at=patient.said_at,
        linked_at=link.linked_at,
        method=link.method,
        agrees_with=UUID(link.evidence["with"]) if "with" in link.evidence else None,
        bits=link.evidence.get("bits"),
    )


# ---- where they live and how to reach them: what came of comparing, never what was compared


def places_compared(first: Patient, second: Patient) -> list[tuple[str, str]]:
    """How two patients compare in postcode, house, street, phone, e-mail and practice, in words without any value."""
    return [
        ("Postcode", _postcodes(first, second)),
        ("House and street", _alike(first, second, _street, near=_same_street)),
        ("Phone", _alike(first, second, lambda one: _digits(one.phone)[-DIGITS_OF_A_PHONE:])),
        ("E-mail", _alike(first, second, lambda one: one.email.strip().casefold())),
        ("GP practice", _alike(first, second, lambda one: one.practice_code.strip().upper())),
    ]


Read = Callable[[Patient], str]


def _alike(first: Patient, second: Patient, read: Read, near: Callable[[str, str], str] | None = None) -> str:
    one, other = read(first), read(second)
    if not one or not other:
        return "neither says" if not one and not other else f"only the {'left' if one else 'right'} says"
    if one == other:
        return "the same"
    return (near(one, other) if near else "") or "different"


def _postcodes(first: Patient, second: Patient) -> str:
    words = _alike(first, second, lambda one: _packed(one.postcode), near=_near_postcode)
    if words == "different":
        if _packed(first.postcode) in map(_packed, second.former_postcodes):
            return "different; the right lived before where the left lives now"
        if _packed(second.postcode) in map(_packed, first.former_postcodes):
            return "different; the left lived before where the right lives now"
    return words


def _near_postcode(one: str, other: str) -> str:
    if len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) == 1:
        return "different in one letter"
    return "different, in one district" if one[:-3] == other[:-3] else ""


def _packed(postcode: str) -> str:
    return "".join(postcode.upper().split())


def _street(patient: Patient) -> str:
    first = " ".join(patient.address_lines[:1]).casefold()
    return " ".join("".join(letter if letter.isalnum() else " " for letter in first).split())


def _same_street(one: str, other: str) -> str:
    streets = ["".join(letter for letter in words if letter.isalpha()) for words in (one, other)]
    return "another house in a street of that name" if streets[0] and streets[0] == streets[1] else ""


def _digits(phone: str) -> str:
    return "".join(letter for letter in phone if letter.isdigit())


# ---- one person, as the custodian sees them


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A link that was: which record left, when and why, and who it is with now."""

    source: str
    local_id: str
    method: str
    linked_at: datetime
    ended_at: datetime
    reason: str
    person: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """One merge into this person, undone or not."""

    alias: UUID
    reason: str
    merged_at: datetime
    merged_by: str
    undone_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Everything that makes one person one."""

    person: Person
    records: tuple[Record, ...]
    ended: tuple[Ended, ...]
    joined: tuple[Joined, ...]
    doubts: tuple[Waiting, ...]


def identity_of(person_id: UUID, *, at: datetime) -> Identity:
    """One person: what is linked, what was, who was merged in, and the doubts. Raises NotFound for nobody."""
    same = same_person(person_id)
    ids = [one.pk for one in same]
    return Identity(
        person=same[0],
        records=tuple(records_of([same[0].pk])),
        ended=tuple(_ended(ids)),
        joined=tuple(_joined(ids)),
        doubts=tuple(doubts_about([same[0].pk], at=at)),
    )


# what went from one of these people to another of them never left; nor is a record shown that is apart for good
ENDED = f"""
with {APART}
select source.name, patient.local_id, link.method, link.linked_at, link.ended_at, link.ended_reason, now.person_id
from people_link link
join people_patient patient on patient.id = link.patient_id
join directory_source source on source.id = patient.source_id
left join people_link now on now.patient_id = link.patient_id and now.ended_at is null
where link.person_id = any(%(people)s) and link.ended_at is not null
    and not coalesce(now.person_id = any(%(people)s), false)
    and not exists (select from apart where now.person_id in (apart.one, apart.other)
        and (apart.one = any(%(people)s) or apart.other = any(%(people)s)))
order by link.ended_at desc, link.id
"""  # noqa: S608 -- only the step above stands in it


def _ended(people: Sequence[UUID]) -> list[Ended]:
    with connection.cursor() as cursor:
        cursor.execute(ENDED, {"people": list(people)})
        return [
            Ended(
                source=source,
                local_id=local_id,
                method=method,
                linked_at=linked_at,
                ended_at=ended_at,
                reason=reason,
                person=person,
            )
            for source, local_id, method, linked_at, ended_at, reason, person in cursor
        ]


JOINED = """
select joined.alias_id, joined.reason, joined.merged_at, joined.undone_at,
    concat_ws(' ', nullif(by.prefix, ''), by.given, by.family)
from people_merge joined
left join directory_practitioner by on by.id = joined.merged_by
where joined.kept_id = any(%(people)s)
order by joined.merged_at desc, joined.id
"""


def _joined(people: Sequence[UUID]) -> list[Joined]:
    with connection.cursor() as cursor:
        cursor.execute(JOINED, {"people": list(people)})
        return [
            Joined(alias=alias, reason=reason, merged_at=merged_at, merged_by=by, undone_at=undone_at)
            for alias, reason, merged_at, undone_at, by in cursor
        ]
