"""Filling in an assessment question by question, deciding, and adding to what was decided."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from locality.access.actions import show
from locality.access.queries import Grant
from locality.access.rules import DataClass, RoleCode
from locality.base import NotFound, Overtaken, Refused, Viewer
from locality.journal.actions import log
from locality.neighbourhoods.actions.locks import locked
from locality.neighbourhoods.models import Answer, Assessment, AssessmentAddition
from locality.neighbourhoods.queries import assessments as queries
from locality.neighbourhoods.queries.assessments import NOT_THERE, Headline
from locality.neighbourhoods.queries.plans import teams_that_know
from locality.neighbourhoods.rules import assessments as rules
from locality.neighbourhoods.rules.assessments import AssessmentState, FormKind, How, Said
from locality.neighbourhoods.rules.eligibility import RULE, VERDICT_WORDS, Verdict
from locality.people.models import Person
from locality.record.queries import summary

READ_ONLY = "You may not fill in an assessment of this person."
IS_FINISHED = "This assessment is finished and kept as it is. Add to it below, and it says when and who."
A_SOCIAL_WORKER = "A social worker decides who is eligible. You can fill in the answers, and leave it to them."
CHOOSE = "Say what you decide."
DIFFERS = "You decide otherwise than the criteria say: write why."
OTHERWISE_NOW = "Somebody changed an answer while you decided. The answers now say: {verdict}. Read them again."
SAY_WHAT = "Write what is to be added."


class AnsweredMeanwhile(Overtaken):
    """Somebody answered the same questions first: nothing was changed, and whoever comes second reads both."""

    def __init__(self, questions: Collection[str]) -> None:
        super().__init__("Somebody answered this while you wrote. Nothing is lost: read both, and choose.")
        self.questions = frozenset(questions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """An answer, and the version of the one that was read when it was given (0: there was none)."""

    said: Said
    version: int = 0


@transaction.atomic
def begin(*, form: FormKind, grant: Grant, by: Viewer) -> Assessment:
    """Begin an assessment, or go on with the draft that there is. Raises Refused for whoever may not write one."""
    sender = _may_write(grant, by)
    # two begin the same form at once: before the first there is no row to lock
    Person.objects.select_for_update(no_key=True).get(pk=grant.person.pk)
    draft = queries.held(grant).filter(form=form, state=AssessmentState.DRAFT).first()
    if draft is not None:
        return draft
    team = next((team for team in teams_that_know(grant) if team.pk in by.teams), None)
    row = Assessment.objects.create(
        person=grant.person,
        form=form,
        team=team,
        data_class=DataClass.SOC,
        sender_id=sender,
        begun_at=by.at,
        begun_by=by.id,
    )
    log(what="assessment.begun", by=by, person=grant.person.pk, about=row.pk)
    return row


@transaction.atomic
def answer(*, assessment: UUID, given: Mapping[str, Given], grant: Grant, by: Viewer) -> int:
    """Keep these answers, by question; returns how many are new. What says the same as before is left as it was.

    Raises AnsweredMeanwhile where somebody answered first, Refused where an answer is no answer, NotFound.
    """
    row = _draft(assessment, grant=grant, by=by)
    questions = {one.code: one for one in rules.questions_of(FormKind(row.form))}
    before = queries.latest(row)
    fresh = {code: one for code, one in given.items() if code in questions and _is_new(one, before.get(code))}
    meanwhile = {code for code, one in fresh.items() if one.version != (before[code].version if code in before else 0)}
    if meanwhile:
        raise AnsweredMeanwhile(meanwhile)
    for code, one in fresh.items():
        if words := rules.fault(questions[code], one.said):
            raise Refused(f"{questions[code].words} {words}")
    stands = queries.standing(grant, row, summary(grant=grant, at=by.at)) if fresh else {}
    for code, one in fresh.items():
        stood = stands.get(code)
        Answer.objects.create(
            assessment=row,
            person_id=row.person_id,
            question=code,
            version=one.version + 1,
            words=one.said.words,
            chosen=sorted(one.said.chosen),
            how=rules.how(questions[code], one.said, stood, at=by.at),
            from_words=stood.source if stood else "",
            from_at=stood.at if stood else None,
            at=by.at,
            by=by.id,
        )
    if fresh:
        log(what="assessment.answered", by=by, person=row.person_id, about=row.pk, detail={"answers": len(fresh)})
    return len(fresh)


@transaction.atomic
def finish(
    *, assessment: UUID, decided: Verdict | None, why: str, read: Verdict | None, grant: Grant, by: Viewer
) -> Assessment:
    """A social worker decides; where they differ from what the criteria say of the answers, they write why.

    `read` is what the criteria said when they read it. Raises Refused where the answers say something else by now.
    """
    row = _draft(assessment, grant=grant, by=by)
    if by.role != RoleCode.SOCIAL_WORKER:
        raise Refused(A_SOCIAL_WORKER)
    if decided not in (Verdict.ELIGIBLE, Verdict.NOT_ELIGIBLE):
        raise Refused(CHOOSE)
    form = FormKind(row.form)
    said = rules.explain(form, queries.said_of(queries.latest(row)))
    if read != said.verdict:
        raise Refused(OTHERWISE_NOW.format(verdict=VERDICT_WORDS[said.verdict].lower()))
    if decided != said.verdict and not why.strip():
        raise Refused(DIFFERS)
    again = Answer.objects.filter(assessment=row, how=How.AGAIN).values("question").distinct()
    row.state, row.finished_at, row.finished_by = AssessmentState.FINISHED, by.at, by.id
    row.verdict, row.decided, row.decided_why, row.rule = said.verdict, decided, why.strip(), RULE
    row.shown, row.asked_again = len(rules.questions_of(form)), again.count()
    row.save()
    differs = decided != said.verdict
    log(what="assessment.finished", by=by, person=row.person_id, about=row.pk, detail={"differs": differs})
    return row


@transaction.atomic
def add(*, assessment: UUID, words: str, grant: Grant, by: Viewer) -> AssessmentAddition:
    """Correct a finished assessment by what is added, dated, beside it. Raises Refused without words, NotFound."""
    _may_write(grant, by)
    row = queries.held(grant).filter(pk=assessment, state=AssessmentState.FINISHED).first()
    if row is None:
        raise NotFound(NOT_THERE)
    told = words.strip()
    if not told:
        raise Refused(SAY_WHAT)
    if len(told) > rules.MOST_LETTERS:
        raise Refused(f"That is longer than {rules.MOST_LETTERS:,} letters: say it shorter.")
    made = AssessmentAddition.objects.create(assessment=row, person_id=row.person_id, words=told, at=by.at, by=by.id)
    log(what="assessment.added-to", by=by, person=row.person_id, about=row.pk)
    return made


@transaction.atomic
def list_assessments(*, by: Viewer) -> tuple[list[Headline], queries.AskedAgain]:
    """The assessments of the viewer's teams, and how often a question was asked again; the named are written down."""
    found = list(queries.of_team(viewer=by))
    show(people_ids=[one.person.pk for one in found], what="assessment.listed", by=by)
    return found, queries.asked_again(viewer=by)


def _may_write(grant: Grant, by: Viewer) -> UUID:
    """Raise unless whoever holds the grant may; returns for which organisation they write."""
    if (by.kind, by.id, by.role) != (grant.viewer.kind, grant.viewer.id, grant.viewer.role):
        raise NotFound(NOT_THERE)
    if not queries.may_write(grant) or by.organisation is None:
        raise Refused(READ_ONLY)
    return by.organisation


def _draft(assessment: UUID, *, grant: Grant, by: Viewer) -> Assessment:
    _may_write(grant, by)
    row = locked(queries.held(grant).filter(pk=assessment), none=NOT_THERE)
    if row.state != AssessmentState.DRAFT:
        raise Refused(IS_FINISHED)
    return row


def _is_new(given: Given, before: Answer | None) -> bool:
    if before is None:
        return not given.said.is_empty
    return given.said != Said(words=before.words, chosen=frozenset(before.chosen))
