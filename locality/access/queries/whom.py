"""Whom a look was at, and who looked: as much of either as the privacy officer is told."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from locality.access.models import Role
from locality.base.words import sort_key
from locality.directory.models import Practitioner, TeamMembership


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
    """Practitioners of whose name each of these words begins a part, those who have left too, by name."""
    return _told(_named(words), most=MOST_NAMED)


def staff_named(words: str, *, on: date) -> tuple[list[tuple[UUID, str]], bool]:
    """The same of those who have a role or a team today or from a day to come, and whether there are more of them."""
    lasts = Q(ends_on=None) | Q(ends_on__gt=on)
    rows = _named(words).filter(
        Exists(Role.objects.filter(lasts, practitioner=OuterRef("pk")))
        | Exists(TeamMembership.objects.filter(lasts, practitioner=OuterRef("pk")))
    )
    found = _told(rows, most=MOST_NAMED + 1)
    return found[:MOST_NAMED], len(found) > MOST_NAMED


def _named(words: str) -> QuerySet[Practitioner]:
    # a word within another names somebody else: "Ann Lee" is not Joanna Leeds
    rows = Practitioner.objects.order_by("sort_key", "id")
    for word in sort_key(words).split():
        rows = rows.filter(sort_key__regex=rf"(^|[ '-]){re.escape(word)}")
    return rows


def _told(rows: QuerySet[Practitioner], *, most: int) -> list[tuple[UUID, str]]:
    ids = list(rows.values_list("pk", flat=True)[:most])
    names = whoever(ids)
    return [(pk, names[pk]) for pk in ids]
