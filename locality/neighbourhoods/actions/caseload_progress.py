"""How far a team is with somebody: the stage, the priority, what may break down, the review, the last contact."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from locality.access.queries.knowing import KEPT
from locality.base import Refused, Viewer
from locality.base.periods import day_of
from locality.journal.actions import log
from locality.neighbourhoods.actions.caseload_rows import changed, history, open_place, says_why
from locality.neighbourhoods.models import Caseload
from locality.neighbourhoods.rules.caseload import Happened, Stage, check_review_day, check_stage
from locality.neighbourhoods.rules.tasks import Priority

SAY_WHY = "Say why, in a few words."
NOTHING_CHANGED = "It is so already: nothing was changed."


@transaction.atomic
def move_on(*, caseload: UUID, stage: Stage, why: str, by: Viewer, version: int | None = None) -> Caseload:
    """Say how far the team is with somebody; raises StageNotAllowed, NotFound, Overtaken."""
    row = open_place(caseload, version=version, by=by)
    was = Stage(row.stage)
    check_stage(was, stage)
    row.stage = stage
    changed(row, "stage")
    history(row, Happened.STAGE, was=was, became=stage, why=why.strip(), by=by)
    log(what="caseload.changed", by=by, person=row.person_id, about=row.pk)
    return row


@transaction.atomic
def prioritise(*, caseload: UUID, priority: Priority, why: str, by: Viewer, version: int | None = None) -> Caseload:
    """Say how soon somebody comes, and why; raises Refused without a reason, NotFound, Overtaken."""
    words = says_why(why, SAY_WHY)
    row = open_place(caseload, version=version, by=by)
    if (row.priority, row.priority_why) == (priority, words):
        raise Refused(NOTHING_CHANGED)
    was, row.priority, row.priority_why = row.priority, priority, words
    changed(row, "priority", "priority_why")
    history(row, Happened.PRIORITY, was=str(int(was)), became=str(int(priority)), why=words, by=by)
    log(what="caseload.changed", by=by, person=row.person_id, about=row.pk)
    return row


@transaction.atomic
def mark_at_risk(*, caseload: UUID, words: str, by: Viewer, version: int | None = None) -> Caseload:
    """Say what may break down of what keeps somebody going; with no words, that it holds again."""
    row = open_place(caseload, version=version, by=by)
    said = says_why(words, SAY_WHY) if words.strip() else ""
    if row.at_risk == said:
        raise Refused(NOTHING_CHANGED)
    was, row.at_risk = row.at_risk, said
    changed(row, "at_risk")
    history(row, Happened.AT_RISK, was=was, became=said, by=by)
    log(what="caseload.changed", by=by, person=row.person_id, about=row.pk)
    return row


@transaction.atomic
def review(*, caseload: UUID, next_on: date, words: str, by: Viewer, version: int | None = None) -> Caseload:
    """Write down that somebody was reviewed, what was found, and the day of the next; raises Refused, Overtaken."""
    said = says_why(words, "Say what you found, in a few words.")
    check_review_day(review_on=next_on, on=day_of(by.at))
    row = open_place(caseload, version=version, by=by)
    was, row.review_on, row.reviewed_at = row.review_on, next_on, by.at
    changed(row, "review_on", "reviewed_at")
    history(row, Happened.REVIEWED, was=was.isoformat(), became=next_on.isoformat(), why=said, by=by)
    log(what="caseload.reviewed", by=by, person=row.person_id, about=row.pk)
    return row


def note_contact(*, person: UUID, teams: Collection[UUID], at: datetime) -> None:
    """Somebody of these teams saw or spoke to a person: their places there are not quiet. Part of another action."""
    rows = Caseload.objects.filter(team__in=teams, off_at=None).alias(kept=KEPT).filter(kept=person)
    rows = rows.filter(Q(contact_at=None) | Q(contact_at__lt=at))
    Caseload.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).update(contact_at=at)
