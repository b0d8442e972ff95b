"""Every NHS number that somebody has corrected, and whose records hold it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from locality.people.rules import NHS_NUMBER_SYSTEM


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A record that holds one of the numbers, and whose it is now."""

    person: UUID
    family: str
    given: str
    likes: str
    source: str
    number: str  # which of the two it holds
    holds: str  # "was" or "now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A number that is not, or no longer, what senders say; who says so, and who holds it."""

    id: UUID
    kind: str
    was: str
    now: str
    provenance: str
    said_at: datetime
    said_by_name: str  # "" for the machine
    settled_at: datetime | None
    settled_by_name: str
    withdrawn_at: datetime | None
    withdrawn_by_name: str
    holders: tuple[Holder, ...]

    @property
    def people(self) -> tuple[UUID, ...]:
        """Whom it concerns, each once."""
        return tuple(dict.fromkeys(one.person for one in self.holders))

    @property
    def open(self) -> bool:
        """Whether nobody has looked at both records yet."""
        return self.settled_at is None and self.withdrawn_at is None


CORRECTIONS = """
select correction.id, correction.kind, correction.was, correction.now, correction.provenance, correction.said_at,
    concat_ws(' ', nullif(said.prefix, ''), said.given, said.family),
    correction.settled_at, concat_ws(' ', nullif(settled.prefix, ''), settled.given, settled.family),
    correction.withdrawn_at, concat_ws(' ', nullif(back.prefix, ''), back.given, back.family),
    coalesce(holders.told, '{}')
from people_numbercorrection correction
left join directory_practitioner said on said.id = correction.said_by
left join directory_practitioner settled on settled.id = correction.settled_by
left join directory_practitioner back on back.id = correction.withdrawn_by
left join lateral (
    select array_agg(distinct array[
        coalesce(person.merged_into_id, person.id)::text, person.family, person.given, person.likes, source.name,
        identifier.value
    ]) as told
    from people_identifier identifier
    join people_patient patient on patient.id = identifier.patient_id
    join directory_source source on source.id = patient.source_id
    join people_link link on link.patient_id = patient.id and link.ended_at is null
    join people_person person on person.id = link.person_id
    where identifier.system = %(system)s and identifier.value in (correction.was, correction.now)
        and identifier.value <> '' and (correction.patient_id is null or identifier.value = correction.now
        or patient.id = correction.patient_id)
) holders on true
where %(only)s::uuid is null or correction.id = %(only)s
order by (correction.settled_at is null and correction.withdrawn_at is null) desc, correction.said_at desc,
    correction.id
"""


def corrections(*, only: UUID | None = None) -> list[Correction]:
    """Every correction, or one; those nobody has looked at first, then the newest. One query."""
    with connection.cursor() as cursor:
        cursor.execute(CORRECTIONS, {"system": NHS_NUMBER_SYSTEM, "only": only})
        return [_correction(*row) for row in cursor.fetchall()]


def _correction(*row: Any) -> Correction:
    pk, kind, was, now, provenance, said_at, said, settled_at, settled, withdrawn_at, back, told = row
    holders = [
        Holder(
            person=UUID(person),
            family=family,
            given=given,
            likes=likes,
            source=source,
            number=number,
            holds="now" if number == now else "was",
        )
        for person, family, given, likes, source, number in told
    ]
    return Correction(
        id=pk,
        kind=kind,
        was=was,
        now=now,
        provenance=provenance,
        said_at=said_at,
        said_by_name=said,
        settled_at=settled_at,
        settled_by_name=settled,
        withdrawn_at=withdrawn_at,
        withdrawn_by_name=back,
        holders=tuple(holders),
    )
