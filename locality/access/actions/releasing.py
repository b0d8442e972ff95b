"""Deciding that a person may see a line that is kept back from them, or that they may not; and taking it back.

Whoever decides has read the line whole: the record's floor sees to it, since what a line says is no business of this
one. It asks for a second factor shown a short while ago.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from locality.access import rules
from locality.access.actions.ending import end_dated
from locality.access.actions.glass import said_words
from locality.access.models import Release
from locality.access.queries import Grant
from locality.access.queries.releases import OVERRIDDEN
from locality.access.rules import ReleaseVerdict, Right
from locality.base import NoAccess, NotFound, Refused, Viewer
from locality.base.periods import day_of
from locality.journal.actions import log

MAY_NOT = (
    "The role you signed in with does not decide what is released to the person. A safeguarding lead who looks after "
    "them does, for safeguarding."
)
CHOOSE = "Choose whether it is released or kept back."
SAY_OTHERS = "Say whether it tells of somebody else, and whether they agreed."
SAY_HARM = "Say whether reading it could seriously harm them or somebody else, and whom you asked."
SAY_WHY = "Say why, so that whoever reads it next can judge."
DECIDED = "This line has been decided already. Take that back first."
NO_DECISION = "There is no such decision here, or it has been taken back already."


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What was read whole: the line, the version of it that was read, and its class and label."""

    thing: UUID
    version: UUID
    data_class: str
    label: str


@transaction.atomic
def decide_release(
    *, line: Line, verdict: str, others_words: str, harm_words: str, words: str, grant: Grant, by: Viewer
) -> Release:
    """Decide whether the person may see one version of a line, having weighed others in it and serious harm.

    Raises NoAccess for a role that may not, Refused without words for each, or where it has been decided.
    """
    if not rules.may_release(by, data_class=line.data_class, label=line.label):
        raise NoAccess(MAY_NOT)
    if verdict not in set(ReleaseVerdict):
        raise Refused(CHOOSE)
    row = Release(
        person=grant.person,
        thing=line.thing,
        version_id=line.version,
        data_class=line.data_class,
        label=line.label,
        verdict=verdict,
        others_words=said_words(others_words, blank=SAY_OTHERS),
        harm_words=said_words(harm_words, blank=SAY_HARM),
        reason=said_words(words, blank=SAY_WHY),
        starts_on=day_of(by.at),
        made_at=by.at,
        made_by=by.id,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as already:
        raise Refused(DECIDED) from already
    log(
        what="release.decided",
        by=by,
        person=row.person_id,
        about=row.pk,
        reason=row.reason,
        detail={"verdict": verdict},
    )
    return row


@transaction.atomic
def take_back_release(*, release_id: UUID, words: str, grant: Grant, by: Viewer) -> Release:
    """Take a decision back: from the next page on, the line is kept back again, and may be decided anew.

    Raises NoAccess for a role that may not decide on a line of this class and label, and where the glass was broken.
    """
    row = Release.objects.select_for_update(of=("self",)).filter(pk=release_id, ended_at=None).first()
    if row is None or row.person_id not in grant.person_ids:
        raise NotFound(NO_DECISION)
    if grant.opening.right == Right.OVERRIDE:
        raise NoAccess(OVERRIDDEN)
    if not rules.may_release(by, data_class=row.data_class, label=row.label):
        raise NoAccess(MAY_NOT)
    end_dated(row, reason=said_words(words, blank=SAY_WHY), by=by)
    log(what="release.taken-back", by=by, person=row.person_id, about=row.pk, reason=row.ended_reason)
    return row
