"""Breaking the glass: two clicks and a reason, some hours at most, and the privacy officer reads of it at once."""

from uuid import UUID

from django.db import transaction

from locality.access import queries, rules
from locality.access.actions.opening import IN_CONFLICT, NotOpened, refuse_conflict, there
from locality.access.models import Override
from locality.access.rules import MOST_LETTERS, Factor, Verdict, WhyBroken, override_ends_at, quality_of
from locality.base import NoAccess, NotFound, Refused, Viewer
from locality.directory.models import Practitioner
from locality.journal.actions import log, tell
from locality.journal.models import News
from locality.people.queries import same_person

ROLE_CANNOT = "The role you signed in with does not break the glass. Ask a clinician or a social worker to."
CHOOSE = "Choose why you need to open this record now."
SAY_WHY = "Say in your own words why you need to open this record now."
TOO_LONG = f"That is longer than {MOST_LETTERS:,} letters: say it shorter."
NOTHING_TO_OPEN = "There is nothing here that breaking the glass would open to you."
NO_OVERRIDE = "There is no such opening here."
OVER = "It has closed already."
REVIEWED = "Somebody has reviewed this already."
NOT_YOURS = "The role you signed in with does not review who broke the glass. The privacy officer does."
YOUR_OWN = "Nobody reviews what they opened themselves."
SAY_WHAT = "Say what is to be followed up, or why it was not appropriate."
REMEMBERED = 20


@transaction.atomic
def break_glass(
    *,
    person_id: UUID,
    reason_code: str,
    words: str,
    by: Viewer,
    team: UUID | None = None,
    hours: float = rules.TABLES.longest_hours,
) -> Override:
    """Open a record without a recorded reason to, for some hours at most: returns what was opened, or is open already.

    Writes the alert to the privacy officer in the same transaction; it names nobody. Raises NoAccess for a role that
    may not and in a conflict of interest, Refused for a blank or endless reason and where nothing would open.
    """
    said = _said(reason_code, words, by=by)
    # pressed twice at once, the second waits here and finds what the first opened
    Practitioner.objects.select_for_update(no_key=True).get(pk=by.id)
    same = there(person_id)
    standing = queries.standing(viewer=by, people=same)
    if standing.conflict:
        raise NotOpened(IN_CONFLICT, factor=Factor.CONFLICT)
    if standing.override is not None:
        return Override.objects.get(pk=standing.override)
    if not rules.lifts_anything(viewer=by, context=standing.context):
        raise Refused(NOTHING_TO_OPEN)
    row = Override(person=same[0], team_id=_team(team, by=by), reason_code=reason_code, words=said)
    row.practitioner_id, row.role, row.organisation_id = by.id, by.role, by.organisation  # type: ignore[assignment]
    row.quality = sorted(quality_of(words=said, said_before=_said_before(by)))
    row.made_at, row.ends_at = by.at, override_ends_at(made_at=by.at, hours=hours)
    row.save(force_insert=True)
    _write_down(row, by=by)
    return row


def _said(reason_code: str, words: str, *, by: Viewer) -> str:
    """What they said, of whoever may break the glass and chose a reason."""
    if not rules.may_break_glass(by) or by.organisation is None:
        raise NoAccess(ROLE_CANNOT)
    said = said_words(words, blank=SAY_WHY)
    if reason_code not in set(WhyBroken):
        raise Refused(CHOOSE)
    return said


def said_words(words: str, *, blank: str) -> str:
    """What somebody typed, without what no keyboard writes; raises Refused when nothing is left, or far too much."""
    said = "".join(letter for letter in words if letter.isprintable() or letter in "\n\t").strip()
    if not any(letter.isalnum() for letter in said):
        raise Refused(blank)
    if len(said) > MOST_LETTERS:
        raise Refused(TOO_LONG)
    return said


def _team(team: UUID | None, *, by: Viewer) -> UUID | None:
    """For which of their teams; where it was not said, the only one they have."""
    if team is not None and team not in by.teams:
        raise Refused("Choose one of your own teams.")
    return team or (next(iter(by.teams)) if len(by.teams) == 1 else None)


def _said_before(by: Viewer) -> list[str]:
    rows = Override.objects.filter(practitioner=by.id).order_by("-made_at")
    return list(rows.values_list("words", flat=True)[:REMEMBERED])


def _write_down(row: Override, *, by: Viewer) -> None:
    told = {"code": row.reason_code, "ends_at": row.ends_at.isoformat(), "quality": row.quality}
    log(what="glass.broken", by=by, person=row.person_id, about=row.pk, reason=row.words, detail=told)
    team = str(row.team_id) if row.team_id else None
    tell([News(at=by.at, what="glass.broken", about_id=row.pk, detail={"team": team})])


@transaction.atomic
def end_override(*, override_id: UUID, by: Viewer) -> Override:
    """Close what one opened by breaking the glass, before its time; the privacy officer may too."""
    row = Override.objects.select_for_update(of=("self",)).filter(pk=override_id).first()
    if row is None or (row.practitioner_id != by.id and not rules.may_review(by)):
        raise NotFound(NO_OVERRIDE)
    if row.practitioner_id != by.id:
        refuse_conflict([same_person(row.person_id)[0].pk], by=by)
    if row.ended_at is not None or row.ends_at <= by.at:
        raise Refused(OVER)
    row.ended_at = max(by.at, row.made_at)
    row.save(update_fields=["ended_at"])
    log(what="glass.closed", by=by, person=row.person_id, about=row.pk)
    return row


@transaction.atomic
def review_override(*, override_id: UUID, verdict: str, words: str = "", by: Viewer) -> Override:
    """Say of broken glass whether it was appropriate; anything else says why.

    Raises NoAccess for a role that does not review, Refused for one's own, a second review, or no words.
    """
    if not rules.may_review(by):
        raise NoAccess(NOT_YOURS)
    row = Override.objects.select_for_update(of=("self",)).filter(pk=override_id).first()
    if row is None:
        raise NotFound(NO_OVERRIDE)
    if row.practitioner_id == by.id:
        raise Refused(YOUR_OWN)
    refuse_conflict([same_person(row.person_id)[0].pk], by=by)
    if row.reviewed_at is not None:
        raise Refused(REVIEWED)
    if verdict not in set(Verdict):
        raise Refused(f"Choose one of: {', '.join(rules.VERDICT_WORDS.values())}.")
    if verdict != Verdict.APPROPRIATE or words.strip():
        row.verdict_words = said_words(words, blank=SAY_WHAT)
    row.verdict, row.reviewed_at, row.reviewed_by = verdict, by.at, by.id
    row.save(update_fields=["verdict", "verdict_words", "reviewed_at", "reviewed_by"])
    detail = {"verdict": verdict}
    log(what="glass.reviewed", by=by, person=row.person_id, about=row.pk, reason=row.verdict_words, detail=detail)
    return row


@transaction.atomic
def end_overrides(*, person_id: UUID, by: Viewer) -> int:
    """Close all that one opened of a person by breaking the glass, also while they were thought to be two people."""
    ids, ended = [row.pk for row in there(person_id)], 0
    for row in queries.overrides_of(by).filter(person__in=ids):
        end_override(override_id=row.pk, by=by)
        ended += 1
    return ended
