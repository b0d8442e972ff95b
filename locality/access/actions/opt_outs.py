"""The national data opt-out: which of the numbers asked about came back, and what follows from it. Never touches care.

The national service is sent a list of NHS numbers and sends back those that may be used for planning and research: who
has opted out is missing from the answer. https://digital.nhs.uk/services/national-data-opt-out
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Coalesce

from locality.access.models import Objection, ObjectionIntake, ObjectionRejected
from locality.access.rules import ObjectionKind, may_run_sources
from locality.base import NoAccess, Refused, Viewer
from locality.base.periods import day_of
from locality.journal.actions import line, log, log_rows
from locality.methods.nhs_number import NhsNumberState, plain, state
from locality.people.models import Identifier, Link
from locality.people.rules import NHS_NUMBER_SYSTEM

SAID = "National data opt-out: missing from the national service's answer."
SAID_NO_MORE = "The national service's answer holds this number again."
NOT_A_NUMBER = "This is not a valid NHS number."
TWICE = "This number stands in the list already."
NOBODY = "Nobody here has this number."
NOT_ASKED = "It came back without having been asked about."
NOTHING_ASKED = "The list that was sent holds no number."
NOTHING_BACK = (
    "The answer holds none of the numbers that were asked about, so everybody would have opted out: nothing was done. "
    "It may be the wrong file, or cut short; if it is right, say so with --everybody."
)
BATCH = 5000
LONGEST = 40


@dataclass(slots=True)
class _Read:
    """What is to be done, once both lists are read."""

    numbers: dict[str, int] = field(default_factory=dict)
    rejected: list[tuple[int, str, str]] = field(default_factory=list)
    received: int = 0


@transaction.atomic
def receive_opt_outs(
    *, asked: Sequence[str], answer: Sequence[str], everybody: bool = False, by: Viewer
) -> ObjectionIntake:
    """Apply an answer of the national service: the lines that were sent, and the lines that came back.

    received = applied + unchanged + rejected, counting each number asked about and each that came back unasked; applied
    are objections begun or ended. Raises NoAccess for a role that runs no sources, Refused for an answer that would opt
    everybody out, unless `everybody`.
    """
    if not may_run_sources(by):
        raise NoAccess("The role you signed in with does not take in objections.")
    read = _asked(asked)
    back = _answered(answer, read=read, after=len(asked))
    if not read.received:
        raise Refused(NOTHING_ASKED)
    if not back and not everybody:
        raise Refused(NOTHING_BACK)
    people = _people(list(read.numbers))
    read.rejected += [(at, number, NOBODY) for number, at in read.numbers.items() if number not in people]
    known = {number: found for number, found in people.items() if number in read.numbers}
    changed = _apply(known, back=back, by=by)
    intake = ObjectionIntake.objects.create(
        at=by.at,
        by_id=by.id,
        received=read.received,
        applied=changed,
        unchanged=len(known) - changed,
        rejected=len(read.rejected),
    )
    ObjectionRejected.objects.bulk_create(
        [
            ObjectionRejected(intake=intake, line=at, nhs_number=number, reason=reason)
            for at, number, reason in sorted(read.rejected)
        ],
        batch_size=BATCH,
    )
    counts = {name: getattr(intake, name) for name in ("received", "applied", "unchanged", "rejected")}
    log(what="opt-outs.received", by=by, about=intake.pk, detail=counts)
    return intake


def _numbers(lines: Sequence[str], *, after: int = 0) -> Iterator[tuple[int, str]]:
    """The numbers of a list, one a line with or without a comma, each with its line; empty lines say nothing."""
    for at, words in enumerate(lines, start=after + 1):
        number = plain(words.strip('\ufeff \t\r\n,"'))
        if number:
            yield at, number


def _asked(lines: Sequence[str]) -> _Read:
    read = _Read()
    for at, number in _numbers(lines):
        read.received += 1
        if state(number) != NhsNumberState.VALID:
            read.rejected.append((at, number[:LONGEST], NOT_A_NUMBER))
        elif number in read.numbers:
            read.rejected.append((at, number, TWICE))
        else:
            read.numbers[number] = at
    return read


def _answered(lines: Sequence[str], *, read: _Read, after: int) -> set[str]:
    """The numbers that came back; one that was not asked about is told, and changes nothing."""
    back: set[str] = set()
    for at, number in _numbers(lines, after=after):
        if number in read.numbers:
            back.add(number)
        else:
            read.received += 1
            read.rejected.append((at, number[:LONGEST], NOT_ASKED))
    return back


def _people(numbers: list[str]) -> dict[str, set[UUID]]:
    """Who holds each number today: more than one where it is in doubt, and then the objection is everybody's."""
    found: dict[str, set[UUID]] = {}
    for start in range(0, len(numbers), BATCH):
        some = numbers[start : start + BATCH]
        holders = Identifier.objects.filter(system=NHS_NUMBER_SYSTEM, value__in=some).exclude(nhs_state="another's")
        links = Link.objects.filter(ended_at=None, patient__in=holders.values("patient"))
        roots = dict(links.annotate(root=Coalesce("person__merged_into", "person")).values_list("patient", "root"))
        for patient, number in holders.values_list("patient", "value"):
            if patient in roots:
                found.setdefault(number, set()).add(roots[patient])
    return found


def _apply(known: dict[str, set[UUID]], *, back: set[str], by: Viewer) -> int:
    """Begin an objection for whoever is missing, end it for whoever came back; returns of how many numbers."""
    on = day_of(by.at)
    out = {number for number in known if number not in back}
    # a number in doubt and one that is not may be the same person's: who has opted out under one has opted out
    objecting = {person for number in out for person in known[number]}
    everyone = {person for people in known.values() for person in people}
    held = _held(everyone)
    begin = objecting - set(held)
    end = {person for person in everyone - objecting if person in held and held[person].reason == SAID}
    rows = [
        Objection(
            person_id=person, kind=ObjectionKind.SECONDARY_USE, starts_on=on, reason=SAID, made_at=by.at, made_by=by.id
        )
        for person in sorted(begin)
    ]
    Objection.objects.bulk_create(rows, batch_size=BATCH)
    _end([held[person] for person in sorted(end)], on=on, by=by)
    log_rows(
        [line(what="objection.made", by=by, person=row.person_id, about=row.pk, reason=SAID) for row in rows]
        + [line(what="objection.withdrawn", by=by, person=one, reason=SAID_NO_MORE) for one in sorted(end)]
    )
    return sum(bool(people & (begin | end)) for people in known.values())


def _held(people: set[UUID]) -> dict[UUID, Objection]:
    found: dict[UUID, Objection] = {}
    rest = sorted(people)
    for start in range(0, len(rest), BATCH):
        rows = Objection.objects.filter(kind=ObjectionKind.SECONDARY_USE, ends_on=None).annotate(
            root=Coalesce("person__merged_into", "person")
        )
        found |= {row.root: row for row in rows.filter(root__in=rest[start : start + BATCH])}
    return found


def _end(rows: list[Objection], *, on: date, by: Viewer) -> None:
    for row in rows:
        row.ends_on, row.ended_at, row.ended_by = max(on, row.starts_on), by.at, by.id
        row.ended_reason = SAID_NO_MORE
    Objection.objects.bulk_update(rows, ["ends_on", "ended_at", "ended_by", "ended_reason"], batch_size=BATCH)
