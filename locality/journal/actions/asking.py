"""Questions about looks, unusual looks and their reviews, and when the audit was last looked after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from locality.base import NotFound, Refused, Viewer
from locality.journal.actions.writing import log
from locality.journal.models import VERDICTS, Question, UnusualLook, Upkeep

LONGEST = 2000
NO_WORDS = "Say what looks wrong, in your own words."
TOO_LONG = f"Keep it below {LONGEST:,} letters."
NO_ANSWER = "Write the answer: the person will read it."
ANSWERED = "This question has been answered already."
NO_QUESTION = "There is no such question here."
NO_LOOK = "There is no such look to review here."
REVIEWED = "Somebody has reviewed this already."
CHOOSE = "Choose what came of it."


@transaction.atomic
def ask(*, person: UUID, words: str, looked_by: UUID | None, looked_on: date | None, by: Viewer) -> Question:
    """Ask the privacy officer about a look at a person's record. Raises Refused without words."""
    said = _whole(words)
    if not said:
        raise Refused(NO_WORDS)
    row = Question.objects.create(
        person_id=person,
        asked_at=by.at,
        asked_kind=by.kind,
        asked_by=by.id,
        looked_by=looked_by,
        looked_on=looked_on,
        words=said,
    )
    log(what="looked.asked", by=by, person=person, about=row.pk)
    return row


@transaction.atomic
def answer(*, question_id: UUID, words: str, by: Viewer) -> Question:
    """Answer a question, once. Raises Refused when it has been answered, or without words."""
    row = Question.objects.select_for_update().filter(pk=question_id).first()
    if row is None:
        raise NotFound(NO_QUESTION)
    if row.answered_at is not None:
        raise Refused(ANSWERED)
    said = _whole(words)
    if not said:
        raise Refused(NO_ANSWER)
    row.answered_at, row.answered_by, row.answer = by.at, by.id, said
    row.save(update_fields=["answered_at", "answered_by", "answer"])
    log(what="looked.answered", by=by, person=row.person_id, about=row.pk)
    return row


def _whole(words: str) -> str:
    # nothing is cut off what somebody meant
    said = words.strip()
    if len(said) > LONGEST:
        raise Refused(TOO_LONG)
    return said


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A practitioner's day that stands out; `looks` are the people, the bits and the reasons, weightiest first."""

    by: UUID
    on: date
    role: str
    organisation: UUID | None
    bits: float
    looks: Sequence[dict[str, Any]]


@transaction.atomic
def keep_unusual(*, found: Sequence[Found], at: datetime) -> int:
    """Keep what was found for review; a day that is kept already stays as it is. Returns how many are new."""
    before = UnusualLook.objects.count()
    UnusualLook.objects.bulk_create(
        [
            UnusualLook(
                found_at=at,
                looked_on=one.on,
                by_id=one.by,
                role=one.role,
                organisation_id=one.organisation,
                bits=one.bits,
                looks=list(one.looks),
            )
            for one in found
        ],
        ignore_conflicts=True,
    )
    return UnusualLook.objects.count() - before


@transaction.atomic
def review(*, look_id: UUID, verdict: str, words: str, by: Viewer) -> UnusualLook:
    """Say what came of an unusual look: explained, asked about, or wrong. Raises Refused when it has been said."""
    row = UnusualLook.objects.select_for_update().filter(pk=look_id).first()
    if row is None:
        raise NotFound(NO_LOOK)
    if row.reviewed_at is not None:
        raise Refused(REVIEWED)
    if verdict not in VERDICTS:
        raise Refused(CHOOSE)
    row.reviewed_at, row.reviewed_by, row.verdict, row.words = by.at, by.id, verdict, _whole(words)
    row.save(update_fields=["reviewed_at", "reviewed_by", "verdict", "words"])
    for one in row.looks:
        log(what="looked.reviewed", by=by, person=UUID(one["person"]), about=row.pk, detail={"verdict": verdict})
    return row


def note_upkeep(*, kind: str, at: datetime, detail: dict[str, Any]) -> None:
    """Write down that the audit was looked after: copied, verified, archived, looked through."""
    Upkeep.objects.create(kind=kind, at=at, detail=detail)
