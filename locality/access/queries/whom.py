"""Whom a look was at, and who looked: as much of either as the privacy officer is told."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from locality.base.words import sort_key
from locality.directory.models import Practitioner


@dataclass(frozen=True, slots=True, kw_only=True)
class Whom:
    """As much of a person as the privacy officer sees: enough to know them by, no more."""

    id: UUID
    name: str
    born: str
    number_end: str

    @property
    def id_words(self) -> str:
        """The id as it is kept where there are no foreign keys."""
        return str(self.id)


REDACTED = """
select person.id, coalesce(kept.family, person.family), coalesce(kept.given, person.given),
    coalesce(kept.birth_text, person.birth_text), coalesce(kept.nhs_number, person.nhs_number),
    exists (
        select from people_earlieridentity earlier where earlier.earlier_id in (person.id, person.merged_into_id)
    )
from people_person person left join people_person kept on kept.id = person.merged_into_id
where person.id = any(%s)
"""
KEPT_APART = "Somebody whose name is kept back"


def redacted(person_ids: Collection[UUID]) -> dict[UUID, Whom]:
    """Name, year of birth and the end of the NHS number; an earlier identity is named to nobody."""
    with connection.cursor() as cursor:
        cursor.execute(REDACTED, [list(person_ids)])
        return {
            pk: Whom(id=pk, name=KEPT_APART, born="", number_end="")
            if is_earlier
            else Whom(id=pk, name=f"{family.upper()}, {given}", born=born[:4], number_end=number[-3:])
            for pk, family, given, born, number, is_earlier in cursor
        }


def whoever(practitioner_ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of practitioners, for lists of what they did."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select practitioner.id, concat_ws(', ', concat_ws(' ', nullif(prefix, ''), given, family),"
            " nullif(profession, ''), organisation.name)"
            " from directory_practitioner practitioner"
            " left join directory_organisation organisation on organisation.id = practitioner.employer_id"
            " where practitioner.id = any(%s)",
            [list(practitioner_ids)],
        )
        return dict(cursor.fetchall())


MOST_NAMED = 20


def practitioners_named(words: str) -> list[tuple[UUID, str]]:
    """Practitioners whose name has each of these words in it, by name."""
    rows = Practitioner.objects.order_by("sort_key", "id")
    for word in sort_key(words).split():
        rows = rows.filter(sort_key__contains=word)
    ids = list(rows.values_list("pk", flat=True)[:MOST_NAMED])
    names = whoever(ids)
    return [(pk, names[pk]) for pk in ids]
