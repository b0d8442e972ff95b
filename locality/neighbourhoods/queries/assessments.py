"""Assessments of a person, filled with what is known already; and how often a question was asked again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, QuerySet, Sum

from locality.access import wall
from locality.access.queries import Grant, redacts, visible
from locality.access.queries.whom import whoever
from locality.access.rules import Context, DataClass, Relation, RoleCode, opening
from locality.base import NoAccess, NotFound, Viewer
from locality.neighbourhoods.models import Answer, Assessment, AssessmentAddition, PlanPart
from locality.neighbourhoods.queries.plans import sent_under
from locality.neighbourhoods.queries.seen import seen_by
from locality.neighbourhoods.rules.assessments import (
    FORM_WORDS,
    AssessmentState,
    FormKind,
    How,
    Question,
    Said,
    Stands,
    explain,
    questions_of,
)
from locality.neighbourhoods.rules.eligibility import Explained
from locality.neighbourhoods.rules.plans import PartKind
from locality.people.models import Person
from locality.record.queries import summary
from locality.record.queries.shapes import Fact, Panel, Summary

NOT_THERE = "There is no such assessment, or it is not shown to you."
ONLY_ITS_LINE = "Your role sees that there is an assessment, and not what it says. A social worker can tell you."
MEASURED_DAYS = 365
MOST_SHOWN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question of a form: its answer, if there is one, and what is known already that answers it."""

    question: Question
    said: Said | None
    version: int
    by: str
    at: datetime | None
    confirmed_from: str
    confirmed_at: datetime | None
    stands: Stands | None
    is_fresh: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """What was added to a finished assessment."""

    words: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """One assessment as a line: what it is, how far it is, what was decided."""

    id: UUID
    person: Person
    form: FormKind
    words: str
    state: AssessmentState
    begun_at: datetime
    begun_by: str
    finished_at: datetime | None
    decided: str
    opens: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OneAssessment:
    """One form with its answers, what the regulations say of them, and what was decided."""

    line: Headline
    known: Summary
    asked: tuple[Asked, ...]
    explained: Explained
    finished_by: str
    verdict: str
    rule: str
    decided_why: str
    shown: int
    asked_again: int
    additions: tuple[Addition, ...]
    may_write: bool
    may_decide: bool

    @property
    def answered(self) -> int:
        """How many questions have an answer."""
        return sum(one.said is not None for one in self.asked)


def held(grant: Grant) -> QuerySet[Assessment]:
    """The assessments that this grant shows, whole or as their line."""
    return Assessment.objects.alias(thing=F("pk")).filter(visible(grant), person__in=grant.person_ids)


def assessments(*, grant: Grant) -> list[Headline]:
    """Every assessment of the person, the newest first. Two queries."""
    rows = list(held(grant).select_related("person__merged_into").order_by("-begun_at", "-id"))
    names = whoever([row.begun_by for row in rows]) if rows else {}
    return [_line(row, names, opens=not redacts(grant, DataClass.SOC)) for row in rows]


def assessment(*, grant: Grant, assessment_id: UUID, at: datetime) -> OneAssessment:
    """One assessment with what answers its questions already. Raises NotFound, NoAccess where only its line opens."""
    row = held(grant).select_related("person__merged_into").filter(pk=assessment_id).first()
    if row is None:
        raise NotFound(NOT_THERE)
    if redacts(grant, DataClass.SOC):
        raise NoAccess(ONLY_ITS_LINE)
    known, answers = summary(grant=grant, at=at), latest(row)
    additions = list(AssessmentAddition.objects.filter(assessment=row).order_by("at", "id"))
    wrote = [row.begun_by, *(one.by for one in answers.values()), *(one.by for one in additions)]
    wrote += [row.finished_by] if row.finished_by else []
    names = whoever(wrote)
    stands = standing(grant, row, known)
    writes = may_write(grant)
    return OneAssessment(
        line=_line(row, names, opens=True),
        known=known,
        asked=tuple(
            _asked(one, answers.get(one.code), stands.get(one.code), names, at=row.finished_at or at)
            for one in questions_of(FormKind(row.form))
        ),
        explained=explain(FormKind(row.form), said_of(answers)),
        finished_by=names.get(row.finished_by, "") if row.finished_by else "",
        verdict=row.verdict,
        rule=row.rule,
        decided_why=row.decided_why,
        shown=row.shown,
        asked_again=row.asked_again,
        additions=tuple(Addition(words=one.words, by=names.get(one.by, ""), at=one.at) for one in additions),
        may_write=writes,
        may_decide=writes and grant.viewer.role == RoleCode.SOCIAL_WORKER,
    )


def may_write(grant: Grant) -> bool:
    """Whether whoever holds this grant fills in an assessment of this person."""
    return grant.opening.writes and DataClass.SOC in grant.opening.whole


def latest(row: Assessment) -> dict[str, Answer]:
    """The answer to each question that stands: that of the highest version, unless it says nothing any more."""
    rows = Answer.objects.filter(assessment=row).order_by("question", "-version").distinct("question")
    return {one.question: one for one in rows}


def said_of(answers: Mapping[str, Answer]) -> dict[str, Said]:
    """What the answers say, without who and when; those that were emptied are left out."""
    found = {code: Said(words=one.words, chosen=frozenset(one.chosen)) for code, one in answers.items()}
    return {code: said for code, said in found.items() if not said.is_empty}


def standing(grant: Grant, row: Assessment, known: Summary) -> dict[str, Stands]:
    """What is known already of each question of a form: from the plan, an earlier form, the record. Two queries."""
    earlier = _earlier(grant, row)
    planned = {
        one.heading: Stands(said=Said(words=one.words), source="the plan", at=one.changed_at)
        for one in PlanPart.objects.alias(thing=F("pk")).filter(
            visible(grant), person__in=grant.person_ids, kind=PartKind.ABOUT_ME, removed_at=None
        )
    }
    found: dict[str, Stands] = {}
    for question in questions_of(FormKind(row.form)):
        told = (_from(source, question, earlier, planned, known) for source in question.sources)
        stands = next((one for one in told if one is not None), None)
        if stands is not None:
            found[question.code] = stands
    return found


def _earlier(grant: Grant, row: Assessment) -> dict[str, Stands]:
    others = held(grant).exclude(pk=row.pk).values("pk")
    rows = Answer.objects.filter(assessment__in=others, at__lte=row.finished_at or grant.viewer.at)
    rows = rows.select_related("assessment").order_by("question", "-at", "-version").distinct("question")
    found = {}
    for one in rows:
        said = Said(words=one.words, chosen=frozenset(one.chosen))
        if not said.is_empty:
            source = FORM_WORDS[FormKind(one.assessment.form)]
            found[one.question] = Stands(said=said, source=source, at=one.at)
    return found


def _from(
    source: str, question: Question, earlier: Mapping[str, Stands], planned: Mapping[str, Stands], known: Summary
) -> Stands | None:
    kind, _, rest = source.partition(":")
    if kind == "form":
        return earlier.get(question.code)
    if kind == "plan":
        return planned.get(rest)
    topic, _, heading = rest.partition(":")
    if topic == "about_me":
        return _of_quote(known, heading)
    return _of_panel(getattr(known, topic))


def _of_quote(known: Summary, heading: str) -> Stands | None:
    quote = sent_under(known).get(heading)
    if quote is None or quote.sender.at is None:
        return None
    said_by = ", ".join(one for one in (quote.author, quote.sender.name) if one)
    return Stands(said=Said(words=quote.words), source=said_by, at=quote.sender.at)


def _of_panel(panel: Panel) -> Stands | None:
    facts = [one for one in panel.facts if isinstance(one, Fact) and not one.struck and not one.not_hers]
    days = [sender.at for fact in facts for sender in fact.senders if sender.at is not None]
    if not facts or not days:
        return None
    words = "; ".join(f"{fact.title}: {fact.value}" if fact.value else fact.title for fact in facts)
    senders = ", ".join(dict.fromkeys(sender.name for fact in facts for sender in fact.senders))
    return Stands(said=Said(words=words), source=senders, at=max(days))


def _asked(
    question: Question, answer: Answer | None, stands: Stands | None, names: Mapping[UUID, str], *, at: datetime
) -> Asked:
    said = Said(words=answer.words, chosen=frozenset(answer.chosen)) if answer is not None else None
    return Asked(
        question=question,
        said=None if said is not None and said.is_empty else said,
        version=answer.version if answer is not None else 0,
        by=names.get(answer.by, "") if answer is not None else "",
        at=answer.at if answer is not None else None,
        confirmed_from=answer.from_words if answer is not None and answer.how == How.CONFIRMED else "",
        confirmed_at=answer.from_at if answer is not None and answer.how == How.CONFIRMED else None,
        stands=stands,
        is_fresh=stands is not None and stands.holds(question, at=at),
    )


def _line(row: Assessment, names: Mapping[UUID, str], *, opens: bool) -> Headline:
    return Headline(
        id=row.pk,
        person=row.person.merged_into or row.person,
        form=FormKind(row.form),
        words=FORM_WORDS[FormKind(row.form)],
        state=AssessmentState(row.state),
        begun_at=row.begun_at,
        begun_by=names.get(row.begun_by, "Somebody who has left"),
        finished_at=row.finished_at,
        decided=row.decided if opens else "",
        opens=opens,
    )


# ---- a team's


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedAgain:
    """How often a question was answered anew although an answer stood, over the questions that were shown."""

    forms: int
    shown: int
    again: int


def of_team(*, viewer: Viewer, most: int = MOST_SHOWN) -> Sequence[Headline]:
    """The assessments of the viewer's teams: drafts first, then the newest. Two queries."""
    # of many people at once: what this viewer may see of them, the predicate has said
    with wall.down():
        rows = seen_by(viewer, Assessment.objects.all()).select_related("person__merged_into")
        found = list(rows.order_by("state", "-begun_at", "-id")[:most])
    names = whoever([row.begun_by for row in found]) if found else {}
    opens = DataClass.SOC in opening(viewer=viewer, context=Context(relation=Relation.OWN_TEAM)).whole
    return [_line(row, names, opens=opens) for row in found]


def asked_again(*, viewer: Viewer, days: int = MEASURED_DAYS) -> AskedAgain:
    """Questions asked again over questions shown, in what the viewer's teams finished in so many days. One query."""
    since = viewer.at - timedelta(days=days)
    with wall.down():
        rows = seen_by(viewer, Assessment.objects.filter(finished_at__gte=since))
        told = rows.aggregate(shown=Sum("shown"), again=Sum("asked_again"), forms=Count("pk"))
    return AskedAgain(forms=told["forms"] or 0, shown=told["shown"] or 0, again=told["again"] or 0)
