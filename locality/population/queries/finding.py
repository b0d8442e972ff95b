"""Who waits to be reviewed by the viewer, and why: as much of the reasons as they may see in the record itself."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from locality.access.models import Objection
from locality.access.queries import rows_of, visible_of_own, visible_people
from locality.access.queries.knowing import KEPT, holds
from locality.access.rules import Context, ObjectionKind, Relation
from locality.base import NotFound, Viewer
from locality.base.periods import day_of
from locality.directory.models import Service
from locality.directory.queries import names_of
from locality.neighbourhoods.models import Candidate
from locality.neighbourhoods.rules.candidates import CandidateState
from locality.people.models import Person
from locality.population.models import Found, FoundReason, Review
from locality.population.rules.finding import FoundState, may_review_found
from locality.record.models import Resource

NOBODY = "There is nobody like that on your lists."
MOST_SHOWN = 60
MOST_TODAY = 10
MOST_ANSWERED = 40
LOOKS_BACK = timedelta(days=91)
OWN = Context(relation=Relation.OWN_TEAM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason as its sender said it: words, code, day and sender; the points it gives."""

    kind: str
    system: str
    code: str
    said: str
    on_day: date | None
    sender: str
    sender_name: str
    points: int
    thing: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What was answered of somebody, by whom and when."""

    answer: str
    reason: str
    words: str
    later_on: date | None
    at: datetime
    by_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Became:
    """What the team answered of somebody who was accepted, when and by whom; or that they wait for it still."""

    state: CandidateState
    why: str
    at: datetime
    by_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OnList:
    """One person on a list: why (`reasons`, their points `risk`), and apart from it whether anybody can help."""

    id: UUID
    person: Person
    code: str
    criterion: str
    offer: str
    state: str
    later_on: date | None
    rank: int | None
    risk: int
    risk_words: str
    reasons: tuple[Reason, ...]
    in_place: tuple[Reason, ...]
    could_help: tuple[str, ...]
    team: str
    practice: str
    words: str
    nominated_by: str
    found_at: datetime
    said: tuple[Said, ...] = ()
    became: Became | None = None


def seen(viewer: Viewer) -> QuerySet[Found]:
    """The predicate: people on the lists of the viewer's own practice and teams, whom they look after today."""
    if not may_review_found(viewer):
        return Found.objects.none()
    mine = Q(team__in=viewer.teams)
    if viewer.organisation is not None:
        mine |= Q(practice=viewer.organisation)
    known = visible_people(viewer=viewer, on=day_of(viewer.at), own=True).values("pk")
    rows = Found.objects.filter(rows_of(viewer=viewer, context=OWN), mine).alias(kept=KEPT)
    return rows.filter(kept__in=known, person__died=False)


def waiting(on: date) -> Q:
    """Those who wait on a day: whoever was put off, from the day that was said."""
    return Q(state=FoundState.WAITING) | Q(state=FoundState.LATER, later_on__lte=on)


def to_review(*, viewer: Viewer, code: str | None = None, most: int = MOST_SHOWN) -> list[OnList]:
    """Who waits for the viewer's answer, list by list, those named by hand first, then the most at risk.

    Whoever has no reason that the viewer may see is not here. Seven queries, however many wait.
    """
    rows = seen(viewer).filter(waiting(day_of(viewer.at)))
    if code is not None:
        rows = rows.filter(code=code)
    named_first = rows.order_by("code", F("rank").asc(nulls_first=True), "found_at", "id")
    return _told(list(_joined(named_first)[:most]), viewer=viewer)


def waiting_by_list(*, viewer: Viewer) -> Counter[tuple[str, str]]:
    """How many wait for the viewer by list (code and name), those alone whom they would be shown."""
    if not seen(viewer).filter(waiting(day_of(viewer.at))).exists():
        return Counter()
    return Counter((one.code, one.criterion) for one in to_review(viewer=viewer, most=1000))


def on_list(*, viewer: Viewer, found_id: UUID) -> OnList:
    """One person on a list, reviewed or not, with all that was answered; NotFound for whoever does not see them."""
    row = _joined(seen(viewer)).filter(pk=found_id).exclude(state=FoundState.OVER).first()
    told = _told([row], viewer=viewer, with_answers=True) if row else []
    if not told:
        raise NotFound(NOBODY)
    return told[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """Whom the viewer answered for today, so that a slip can be taken back; who was accepted lately, by anybody."""

    today: list[OnList]
    accepted: list[OnList]


def answered(*, viewer: Viewer, most: int = MOST_ANSWERED) -> Answered:
    """Whom the viewer answered for last, and what became of those who were accepted in the last quarter of a year."""
    mine = Review.objects.filter(said_by=viewer.id, withdrawn_at=None, said_at__date=day_of(viewer.at))
    last = mine.filter(found=OuterRef("pk")).order_by("-said_at").values("said_at")[:1]
    lately = Q(state=FoundState.ACCEPTED, candidate__made_at__gte=viewer.at - LOOKS_BACK)
    rows = _joined(seen(viewer)).filter(lately | Q(pk__in=mine.values("found"))).exclude(waiting(day_of(viewer.at)))
    rows = rows.annotate(mine_at=Subquery(last)).order_by(
        F("mine_at").desc(nulls_last=True), "-candidate__made_at", "-pk"
    )
    found = list(rows[:most])
    told = {one.id: one for one in _told(found, viewer=viewer, with_answers=True)}
    today = [told[row.pk] for row in found if row.mine_at and row.pk in told]
    return Answered(today=today[:MOST_TODAY], accepted=[one for one in told.values() if one.became is not None])


def _joined(rows: QuerySet[Found]) -> QuerySet[Found]:
    return rows.select_related("person", "person__merged_into", "criterion", "team", "practice")


def _told(rows: Sequence[Found], *, viewer: Viewer, with_answers: bool = False) -> list[OnList]:
    if not rows:
        return []
    reasons = _reasons(rows, viewer=viewer)
    answers = _answers(rows) if with_answers else {}
    who = {row.nominated_by for row in rows if row.nominated_by}
    said_by = {one.said_by for of in answers.values() for one in of}
    candidates = _candidates(rows, viewer=viewer)
    names = names_of(who | said_by | {one.answered_by for one in candidates.values() if one.answered_by})
    services = _services(rows)
    found = [
        _one(row, reasons.get(row.pk, []), services=services, names=names, answers=answers.get(row.pk, []))
        for row in rows
    ]
    found = [
        replace(one, became=_became(candidates[row.candidate_id], names=names))
        if row.candidate_id in candidates
        else one
        for row, one in zip(rows, found, strict=True)
    ]
    return [one for one in found if one.reasons or one.words]


def _one(
    row: Found,
    reasons: Sequence[tuple[str, Reason]],
    *,
    services: Mapping[str, str],
    names: Mapping[UUID, str],
    answers: Sequence[Review],
) -> OnList:
    rule = row.criterion.written if row.criterion else {}
    risk = tuple(reason for part, reason in reasons if part == "risk")
    return OnList(
        id=row.pk,
        person=row.person.merged_into or row.person,
        code=row.code,
        criterion=row.criterion.name if row.criterion else "",
        offer=rule.get("offer", ""),
        state=row.state,
        later_on=row.later_on,
        rank=row.rank,
        # of what is shown, not of what is not: a sum would tell of a line that is hidden
        risk=sum(reason.points for reason in risk),
        risk_words=rule.get("risk", ""),
        reasons=risk,
        in_place=tuple(reason for part, reason in reasons if part == "in place"),
        could_help=tuple(services[code] for code in rule.get("services", ()) if code in services),
        team=row.team.name,
        practice=row.practice.short_name if row.practice else "",
        words=row.words,
        nominated_by=names.get(row.nominated_by, "") if row.nominated_by else "",
        found_at=row.found_at,
        said=tuple(_said(one, names=names) for one in answers),
    )


def _said(one: Review, *, names: Mapping[UUID, str]) -> Said:
    return Said(
        answer=one.answer,
        reason=one.reason,
        words=one.words,
        later_on=one.later_on,
        at=one.said_at,
        by_name=names.get(one.said_by, ""),
    )


def _reasons(rows: Sequence[Found], *, viewer: Viewer) -> dict[UUID, list[tuple[str, Reason]]]:
    """The reasons that the viewer may see: those whose line they may see, and what is worked out, by its class."""
    whose = {row.pk: row.person.merged_into_id or row.person_id for row in rows}
    kept = list(
        FoundReason.objects.filter(rows_of(viewer=viewer, context=OWN), found__in=list(whose))
        .select_related("source__organisation")
        .order_by("found", "-points", F("on_day").desc(nulls_last=True), "said", "id")
    )
    people = set(whose.values()) | {row.person_id for row in rows}
    lines = _lines_seen([row.thing for row in kept if row.thing], people=people, viewer=viewer)
    objecting = _objecting(people, on=day_of(viewer.at))
    found: dict[UUID, list[tuple[str, Reason]]] = {}
    for row in kept:
        # what is worked out of several organisations' lines is kept from view where sharing them is objected to
        is_seen = row.thing in lines if row.thing else whose[row.found_id] not in objecting
        if is_seen:
            found.setdefault(row.found_id, []).append((row.part, _reason(row)))
    return found


def _reason(row: FoundReason) -> Reason:
    return Reason(
        kind=row.kind,
        system=row.system,
        code=row.code,
        said=row.said,
        on_day=row.on_day,
        sender=row.source.organisation.short_name if row.source else "",
        sender_name=row.source.name if row.source else "",
        points=row.points,
        thing=row.thing,
    )


def _lines_seen(things: Collection[UUID], *, people: Collection[UUID], viewer: Viewer) -> set[UUID]:
    if not things:
        return set()
    may_see = visible_of_own(viewer=viewer, people=people)
    rows = Resource.objects.filter(may_see, thing__in=list(things), is_current=True, removed=False)
    return set(rows.exclude(state="wrong").values_list("thing", flat=True))


def _objecting(people: Collection[UUID], *, on: date) -> set[UUID]:
    rows = Objection.objects.filter(holds(on), person__in=list(people), kind=ObjectionKind.SHARING)
    return set(rows.values_list(KEPT, flat=True))


def _answers(rows: Sequence[Found]) -> dict[UUID, list[Review]]:
    found: dict[UUID, list[Review]] = {}
    for one in Review.objects.filter(found__in=[row.pk for row in rows], withdrawn_at=None).order_by("-said_at"):
        found.setdefault(one.found_id, []).append(one)
    return found


def _candidates(rows: Sequence[Found], *, viewer: Viewer) -> dict[UUID, Candidate]:
    """As whom they were put forward, as far as the viewer may see it."""
    put = {row.candidate_id for row in rows if row.candidate_id}
    return Candidate.objects.filter(rows_of(viewer=viewer, context=OWN)).in_bulk(put) if put else {}


def _became(row: Candidate, *, names: Mapping[UUID, str]) -> Became:
    return Became(
        state=CandidateState(row.state),
        why=row.answer_why,
        at=row.answered_at or row.withdrawn_at or row.made_at,
        by_name=names.get(row.answered_by, "") if row.answered_by else "",
    )


def _services(rows: Sequence[Found]) -> dict[str, str]:
    """The names of the services that the rows' criteria say could help."""
    rules = {row.criterion_id: row.criterion for row in rows if row.criterion}
    wanted = {code for rule in rules.values() for code in rule.written.get("services", ())}
    if not wanted:
        return {}
    places = {rule.place_id for rule in rules.values()}
    return dict(Service.objects.filter(place__in=places, code__in=wanted).values_list("code", "name"))
