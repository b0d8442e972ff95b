"""What was asked of others for somebody, and what was answered: of a team, of a person, waiting."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Func, Model, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce

from locality.access.queries import Grant, visible
from locality.access.queries.kept import place_kept_from
from locality.access.rules import Context, DataClass, Relation, opening
from locality.base import NotFound, Viewer
from locality.directory.models import Organisation, Practitioner, Service, Team
from locality.directory.queries import SOMEBODY, called, names_of
from locality.neighbourhoods.models import Referral, ReferralHistory
from locality.neighbourhoods.queries.seen import received_by, seen_by, sent_by
from locality.neighbourhoods.rules.referrals import (
    DUPLICATE_DAYS,
    OPEN,
    ReferralState,
    Urgency,
    is_overdue,
    may_undo,
)
from locality.people.models import Person

MOST_SHOWN = 100
ANSWERED_LATELY = timedelta(days=7)
NO_REFERRAL = "There is no such referral here."
OVERDUE = "overdue"


class Side(StrEnum):
    """Which referrals a list is of."""

    ANSWER = "answer"  # sent to us and not over
    SENT = "sent"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which referrals a list is of, and what narrows it; `state` is one, or `overdue`."""

    side: Side = Side.ANSWER
    words: str = ""
    state: str = ""
    urgency: Urgency | None = None


TO_ANSWER = Asked()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One referral as a list shows it: `person` as they are called today."""

    id: UUID
    person: Person
    from_name: str
    to_name: str
    to_organisation: str
    owner: str
    need: str
    asked: str
    wanted: str
    urgency: Urgency
    state: ReferralState
    declined: str
    outcome: str
    booked_at: datetime | None
    booked_where: str
    sent_at: datetime
    answer_by: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    is_overdue: bool
    is_ours: bool
    is_for_us: bool

    @property
    def is_open(self) -> bool:
        """Whether it is still to come to an end."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that was done with a referral, by whom and when."""

    what: str
    became: str
    why: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class One:
    """One referral with all that was said, newest step first; `may_undo` what the viewer has just done."""

    referral: Listed
    words: str
    facts: tuple[dict[str, Any], ...]
    contact: str
    agreed: str
    about: str
    about_id: UUID | None
    all_the_same: str
    declined_words: str
    seen_at: datetime | None
    outcome_words: str
    sent_by: str
    version: int
    to_service: UUID | None
    to_organisation: UUID
    email: str
    steps: tuple[Step, ...]
    may_undo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What of referrals waits for a viewer: for home."""

    to_answer: int
    overdue: int
    asked_of_us: int
    answered_lately: int


def seen_referrals(viewer: Viewer, side: Side = Side.ALL) -> QuerySet[Referral]:
    """The predicate: what was sent by, or to, the viewer's teams or organisation, about people whom they may know."""
    rows = Referral.objects.all()
    found = [seen_by(viewer, rows, relation=relation, whose=whose) for relation, whose in _ends(viewer, side)]
    return reduce(or_, found)


def listed(*, viewer: Viewer, asked: Asked = TO_ANSWER, most: int = MOST_SHOWN) -> list[Listed]:
    """The referrals of a list, what is due first, of those sent the latest; one more than `most` where there are more.

    Two queries.
    """
    order = ("answer_by", "pk") if asked.side == Side.ANSWER else ("-sent_at", "-pk")
    wanted = _wanted(asked, at=viewer.at)
    # a team's and an organisation's, sent and received, each along its own index until there are enough of it
    heads = [
        seen_by(viewer, wanted, relation=relation, whose=Q(part)).order_by(*order).values("pk")[: most + 1]
        for relation, whose in _ends(viewer, asked.side)
        for part in whose.children
    ]
    # which first, then all that is told of them: asked at once, what is told of all of a team's is joined and sorted
    shown = _told(Referral.objects.filter(pk__in=[row["pk"] for row in heads[0].union(*heads[1:])]))
    return [_listed(row, viewer) for row in shown.order_by(*order)[: most + 1]]


def _ends(viewer: Viewer, side: Side) -> Iterator[tuple[Relation, Q]]:
    """By which of its ends a referral is the viewer's, and as what they know the person then."""
    if side != Side.ANSWER:
        yield Relation.OWN_TEAM, sent_by(viewer)
    if side != Side.SENT:
        yield Relation.REFERRAL, received_by(viewer)


def referral(*, viewer: Viewer, referral_id: UUID) -> One:
    """One referral and how it came to be what it is; raises NotFound for one between others. Three queries."""
    row = _told(seen_referrals(viewer)).annotate(email=F("to_service__email")).filter(pk=referral_id).first()
    if row is None:
        raise NotFound(NO_REFERRAL)
    return _one(row, viewer)


def is_seen(*, viewer: Viewer, referral_id: UUID) -> bool:
    """Whether the viewer may open this referral. One query."""
    return seen_referrals(viewer).filter(pk=referral_id).exists()


def of_person(*, grant: Grant) -> list[Listed]:
    """What was asked for the person whose record is open, by anybody: the open first, the latest first. One query."""
    rows = Referral.objects.alias(thing=F("pk")).filter(visible(grant), person__in=grant.person_ids)
    found = [_listed(row, grant.viewer) for row in _told(rows).order_by("-sent_at", "-pk")]
    return sorted(found, key=lambda one: not one.is_open)


def duplicates(
    *,
    grant: Grant,
    need: str = "",
    to_team: UUID | None = None,
    to_service: UUID | None = None,
    to_organisation: UUID | None = None,
) -> list[Listed]:
    """What was asked for them of the same receiver, or for the same need, and is open or ended lately. One query."""
    same = Q(to_team=to_team) if to_team else Q(to_service=to_service) if to_service else Q()
    if to_organisation:
        same = Q(to_organisation=to_organisation, to_team=None, to_service=None)
    if need.strip():
        same |= Q(need__iexact=need.strip())
    lately = Q(state__in=OPEN) | Q(ended_at__gt=grant.viewer.at - timedelta(days=DUPLICATE_DAYS))
    rows = Referral.objects.alias(thing=F("pk")).filter(visible(grant), same, lately, person__in=grant.person_ids)
    return [_listed(row, grant.viewer) for row in _told(rows).order_by("-sent_at", "-pk")]


def waiting(*, viewer: Viewer) -> Waiting:
    """What waits for an answer of the viewer's teams, what they are asked, what was answered lately. Two queries."""
    # narrowed before they are counted: what is over is most of it
    to_answer = (
        seen_referrals(viewer, Side.ANSWER)
        .filter(state=ReferralState.SENT)
        .aggregate(all=Count("pk"), late=Count("pk", filter=Q(answer_by__lte=viewer.at)))
    )
    more, lately = Q(state=ReferralState.MORE_ASKED), Q(answered_at__gt=viewer.at - ANSWERED_LATELY)
    sent = (
        seen_referrals(viewer, Side.SENT)
        .filter(more | lately)
        .aggregate(more=Count("pk", filter=more), answered=Count("pk", filter=lately))
    )
    return Waiting(
        to_answer=to_answer["all"],
        overdue=to_answer["late"],
        asked_of_us=sent["more"],
        answered_lately=sent["answered"],
    )


def history_of(row: Referral) -> list[ReferralHistory]:
    """What became of a referral, the oldest first. One query."""
    return list(row.history.order_by("at", "pk"))


def people_of(rows: Sequence[Listed]) -> list[UUID]:
    """Everybody named in a list, once."""
    return list(dict.fromkeys(one.person.pk for one in rows))


def names_of_ends(row: Referral) -> tuple[str, str]:
    """From whom, and to whom."""
    sender = row.team.name if row.team else (row.sender.short_name if row.sender else SOMEBODY)
    to = row.to_team or row.to_service
    return sender, to.name if to else row.to_organisation.name


def _wanted(asked: Asked, *, at: datetime) -> QuerySet[Referral]:
    found = Q(state__in=OPEN) if asked.side == Side.ANSWER and not asked.state else Q()
    if asked.state == OVERDUE:
        found &= Q(state=ReferralState.SENT, answer_by__lte=at)
    elif asked.state:
        found &= Q(state=asked.state)
    rows = Referral.objects.filter(found, **({"urgency": asked.urgency} if asked.urgency else {}))
    for word in asked.words.split():
        rows = rows.filter(_said(word))
    return rows


def _said(word: str) -> Q:
    found = Q()
    for field in ("asked", "need", "person__family", "person__given", "person__likes"):
        found |= Q((f"{field}__icontains", word))
    # of a few hundred teams and services once, not of every referral
    for end, rows in NAMED.items():
        found |= Q((f"{end}__in", rows.filter(name__icontains=word).values("pk")))
    return found


NAMED: dict[str, QuerySet[Any]] = {
    "team": Team.objects.all(),
    "to_team": Team.objects.all(),
    "to_service": Service.objects.all(),
    "to_organisation": Organisation.objects.all(),
}


def _told(rows: QuerySet[Referral]) -> QuerySet[Referral]:
    """With the names of all ends, each asked for apart: to plan a join of nine tables takes longer than to read it."""
    named = rows.annotate(
        from_name=Coalesce(
            _of(Team, "team"), _of(Organisation, "sender", "short_name"), Value(SOMEBODY), output_field=TextField()
        ),
        to_name=Coalesce(
            _of(Team, "to_team"), _of(Service, "to_service"), "to_organisation__name", output_field=TextField()
        ),
        receiver=F("to_organisation__short_name"),
        owner_name=Coalesce(_of(Practitioner, "owner", called()), Value(""), output_field=TextField()),
    )
    return named.select_related("person", "person__merged_into")


def _of(model: type[Model], way: str, what: str | Func = "name") -> Subquery:
    return Subquery(model._default_manager.filter(pk=OuterRef(way)).values_list(what), output_field=TextField())


def _listed(row: Any, viewer: Viewer) -> Listed:
    state = ReferralState(row.state)
    return Listed(
        id=row.pk,
        person=row.person.merged_into or row.person,
        from_name=row.from_name,
        to_name=row.to_name,
        to_organisation=row.receiver,
        owner=row.owner_name,
        need=row.need,
        asked=row.asked,
        wanted=row.wanted,
        urgency=Urgency(row.urgency),
        state=state,
        declined=row.declined,
        outcome=row.outcome,
        booked_at=row.booked_at,
        booked_where=row.booked_where,
        sent_at=row.sent_at,
        answer_by=row.answer_by,
        answered_at=row.answered_at,
        ended_at=row.ended_at,
        is_overdue=is_overdue(state, answer_by=row.answer_by, at=viewer.at),
        is_ours=_is_of(viewer, team=row.team_id, organisation=row.sender_id),
        is_for_us=_is_of(viewer, team=row.to_team_id, organisation=row.to_organisation_id),
    )


def _is_of(viewer: Viewer, *, team: UUID | None, organisation: UUID | None) -> bool:
    """Whether one end is the viewer's own: `sent_by` and `received_by` say the same of lists."""
    return team in viewer.teams if team else organisation is not None and organisation == viewer.organisation


def _day(told: str | None) -> date | None:
    return date.fromisoformat(told) if told else None


def _one(row: Any, viewer: Viewer) -> One:
    steps = history_of(row)
    names = names_of([*(one.by for one in steps), row.made_by])
    last = steps[-1] if steps else None
    undoes = last is not None and may_undo(
        what=last.what, was=last.was, done_at=last.at, done_by=last.by, at=viewer.at, by=viewer.id
    )
    return One(
        referral=_listed(row, viewer),
        words=row.words,
        facts=tuple(_facts(row, viewer)),
        contact=_contact(row, viewer),
        agreed=row.agreed,
        about=row.about,
        about_id=row.about_id,
        all_the_same=row.all_the_same,
        declined_words=row.declined_words,
        seen_at=row.seen_at,
        outcome_words=row.outcome_words,
        sent_by=names.get(row.made_by, SOMEBODY),
        version=row.version,
        to_service=row.to_service_id,
        to_organisation=row.to_organisation_id,
        email=row.email or "",
        steps=tuple(
            Step(what=one.what, became=one.became, why=one.why, by=one.who or names.get(one.by, SOMEBODY), at=one.at)
            for one in reversed(steps)
        ),
        may_undo=undoes,
    )


def _facts(row: Any, viewer: Viewer) -> Iterator[dict[str, Any]]:
    """What went with it, as far as the record itself would show it to this role."""
    of = Relation.OWN_TEAM if _is_of(viewer, team=row.team_id, organisation=row.sender_id) else Relation.REFERRAL
    opens = opening(viewer=viewer, context=Context(relation=of))
    for one in row.facts:
        # of which nobody wrote down what class it is, it may be the most closed
        if (one.get("data_class") or DataClass.SENS) in opens.whole | opens.redacted:
            yield one | {"on": _day(one.get("on"))}


def _contact(row: Any, viewer: Viewer) -> str:
    """How they are reached, as it was typed: kept since their address is, whatever was known when it was sent."""
    if not row.contact or not place_kept_from(viewer=viewer, people=[row.person.merged_into_id or row.person_id]):
        return str(row.contact)
    return ""
