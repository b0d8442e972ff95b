"""NHS numbers that somebody has corrected: believed over what senders go on sending."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Q

from locality.base.periods import day_of
from locality.base.words import nhs_number_words
from locality.methods.nhs_number import plain
from locality.people.models import NumberCorrection
from locality.people.queries.review import APART
from locality.people.rules import NHS_NUMBER_SYSTEM, PatientSent

SUPERSEDED, VOID, ANOTHERS, GIVEN, RESTRICTED = "superseded", "void", "another's", "given", "restricted"
# what is said of a number itself, and what of the one patient who held it
OF_A_NUMBER, OF_A_PATIENT = (SUPERSEDED, VOID, RESTRICTED), (ANOTHERS, GIVEN)


def as_corrected(sent: Sequence[PatientSent]) -> list[PatientSent]:
    """What sources say of their patients, with the numbers that are right. The others are kept, and say what they are.

    One query for all of them.
    """
    numbers = {number for one in sent for number in _numbers(one)}
    known = Q(patient=None, was__in=numbers) | Q(patient__in=[one.id for one in sent])
    rows = list(NumberCorrection.objects.filter(known, withdrawn_at=None))
    if not rows:
        return list(sent)
    # a number that took another's place may have been superseded in its turn
    while more := {row.now for row in rows if row.now} - numbers:
        numbers |= more
        rows += NumberCorrection.objects.filter(patient=None, was__in=more, withdrawn_at=None)
    of: dict[UUID | None, list[NumberCorrection]] = defaultdict(list)
    for row in rows:
        of[row.patient_id].append(row)
    return [_corrected(one, [*of[None], *of[one.id]]) for one in sent]


def _numbers(one: PatientSent) -> Iterable[str]:
    return (plain(value) for system, value in one.identifiers if system == NHS_NUMBER_SYSTEM)


def _corrected(one: PatientSent, rows: Sequence[NumberCorrection]) -> PatientSent:
    replaced = {row.was: row for row in rows if row.kind in (SUPERSEDED, VOID, ANOTHERS)}
    restricted = {row.was for row in rows if row.kind == RESTRICTED}
    sent = list(dict.fromkeys(_numbers(one)))
    gone: dict[str, str] = {}
    right: list[str] = []
    for number in sent:
        now = _follow(number, replaced, gone)
        right += [now] if now else []
    right = right or [row.now for row in rows if row.kind == GIVEN]
    added = [(NHS_NUMBER_SYSTEM, number) for number in dict.fromkeys(right) if number not in sent]
    return replace(
        one,
        identifiers=(*one.identifiers, *added),
        corrected=tuple(sorted(gone.items())),
        protected=one.protected or bool(restricted & {*sent, *right}),
    )


def _follow(number: str, replaced: Mapping[str, NumberCorrection], gone: dict[str, str]) -> str:
    """The number to use for this one; those on the way are noted as gone, and as what."""
    while number in replaced and number not in gone:
        row = replaced[number]
        gone[number], number = row.kind, row.now
    return "" if number in gone else number


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """A correction that nobody has looked at yet, as a banner says it: on the record it left and the one it came to."""

    id: UUID
    words: str


# every record that holds the number as it was, or as it is now; never one that tells who somebody was before
UNSETTLED = f"""
with {APART}
select distinct correction.id, correction.kind, correction.was, correction.provenance, correction.said_at
from people_link link
join people_person person on person.id = link.person_id
join people_identifier identifier on identifier.patient_id = link.patient_id and identifier.system = %s
join people_numbercorrection correction on identifier.value in (correction.was, correction.now)
where coalesce(person.merged_into_id, person.id) = any(%s) and link.ended_at is null
    and correction.settled_at is null and correction.withdrawn_at is null and correction.kind <> 'restricted'
    and not exists (
        select from apart
        join people_person before on coalesce(before.merged_into_id, before.id) = apart.other
        join people_link theirs on theirs.person_id = before.id and theirs.ended_at is null
        join people_identifier other on other.patient_id = theirs.patient_id and other.system = identifier.system
        where apart.one = coalesce(person.merged_into_id, person.id)
            and other.value in (correction.was, correction.now)
    )
order by correction.said_at, correction.id
"""  # noqa: S608 -- only the step above
WORDS = {
    SUPERSEDED: "The NHS number ending {end} was replaced by a new one",
    VOID: "The NHS number ending {end} was made invalid",
    ANOTHERS: "The NHS number ending {end} was found to be another person's",
    GIVEN: "A new NHS number was given",
}


def corrections_of(person_ids: Sequence[UUID]) -> list[Corrected]:
    """What was corrected of the numbers of these people and waits to be looked at. One query."""
    with connection.cursor() as cursor:
        cursor.execute(UNSETTLED, [NHS_NUMBER_SYSTEM, list(person_ids)])
        rows = cursor.fetchall()
    return [
        Corrected(id=pk, words=_words(kind, was, provenance, day_of(said_at)))
        for pk, kind, was, provenance, said_at in rows
    ]


def _words(kind: str, was: str, provenance: str, on: date) -> str:
    told = WORDS[kind].format(end=nhs_number_words(was)[-4:])
    return f"{told} on {on.day} {on:%b %Y} ({provenance}): check that this is one person and the right one."
