"""Safeguarding concerns: for the leads of the team that each went to, and a receipt for whoever raised one.

Everybody else finds nothing, and so does a lead who may be the cause: nothing tells them that there is a concern.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import Case, Count, F, Q, QuerySet, Value, When

from locality.access.models import Role
from locality.access.queries.conflicting import barred_from, barred_to
from locality.access.rules import RoleCode
from locality.base import NotFound, Viewer, ViewerKind
from locality.base.parts import Part, part
from locality.base.periods import day_of
from locality.directory.models import Safeguarding, Team
from locality.directory.queries import names_of, practitioners, safeguarding
from locality.directory.rules import SafeguardingOf
from locality.people.models import Person
from locality.people.queries.earlier import who_is_earlier
from locality.record.models import Concern
from locality.record.rules import ConcernState, is_child, raiser_reads

NO_CONCERN = "There is no such concern."
WITHHELD = "Ask your identity custodian"
OPEN = (ConcernState.RAISED, ConcernState.ACKNOWLEDGED)
MOST_SHOWN = 200
MOST_DONE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Whom a concern is about: as much as tells a lead who it is, and never where they live."""

    id: UUID
    family: str
    given: str
    likes: str
    birth_on: date | str | None
    sex: str
    nhs_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """One concern in a list."""

    id: UUID
    about: About
    state: str
    danger: bool
    raised_at: datetime
    due_on: date
    late: bool
    by_name: str
    by_organisation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What whoever raised a concern is told of it; `words` is empty once they may read it no longer."""

    id: UUID
    about: About
    raised_at: datetime
    received_by: str
    due_on: date
    acknowledged_at: datetime | None
    withdrawn_at: datetime | None
    may_withdraw: bool
    danger: bool
    words: str
    seen_text: str
    ring: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened:
    """A concern was opened again: by whom and why, and what had been decided."""

    at: datetime
    by: str
    why: str
    closed_at: datetime
    closed_by: str
    outcome: str
    outcome_words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Full:
    """One concern as its lead reads it."""

    raised: Raised
    team: str
    words: str
    seen_text: str
    knows: str
    cause: str
    cause_words: str
    by_phone: str
    acknowledged_at: datetime | None
    acknowledged_by: str
    closed_at: datetime | None
    closed_by: str
    outcome: str
    outcome_words: str
    withdrawn_at: datetime | None
    reopened: tuple[Reopened, ...] = ()


def may_receive(viewer: Viewer) -> bool:
    """Whether this role receives concerns at all."""
    return viewer.kind == ViewerKind.PRACTITIONER and viewer.role == RoleCode.SAFEGUARDING_LEAD


def seen_by_lead(viewer: Viewer) -> QuerySet[Concern]:
    """The predicate: the concerns of the viewer's own teams that are not kept from them.

    Kept from whoever may be the cause, and from whoever must not look at the person.
    """
    if not may_receive(viewer):
        return Concern.objects.none()
    rows = Concern.objects.filter(team__in=viewer.teams).exclude(kept_from__contains=[viewer.id])
    if barred := barred_to(viewer):
        # said of an alias before a merge, it is said of the person
        rows = rows.exclude(Q(person__in=barred) | Q(person__merged_into__in=barred))
    return rows.select_related("person", "person__merged_into", "sender", "team")


def seen_by_raiser(viewer: Viewer) -> QuerySet[Concern]:
    """What the viewer raised themselves."""
    if viewer.kind != ViewerKind.PRACTITIONER:
        return Concern.objects.none()
    rows = Concern.objects.filter(raised_by=viewer.id)
    return rows.select_related("person", "person__merged_into", "sender", "team")


def waiting_count(*, viewer: Viewer) -> int:
    """How many concerns wait for this lead to acknowledge them."""
    return seen_by_lead(viewer).filter(state=ConcernState.RAISED).count() if may_receive(viewer) else 0


def waiting_counts(*, viewer: Viewer) -> tuple[int, int]:
    """How many concerns wait for this lead to acknowledge them, and in how many of these danger is immediate."""
    new = seen_by_lead(viewer).filter(state=ConcernState.RAISED)
    told = new.aggregate(all=Count("pk"), danger=Count("pk", filter=Q(danger=True)))
    return told["all"], told["danger"]


def queue(*, viewer: Viewer, page: int = 1) -> tuple[list[Raised], Part]:
    """What waits for this lead and their team: not acknowledged first, immediate danger first, then the oldest."""
    rows = seen_by_lead(viewer).filter(state__in=OPEN)
    first = Case(When(state=ConcernState.RAISED, then=Value(0)), default=Value(1))
    found, shown = part(rows.order_by(first, F("danger").desc(), "raised_at", "id"), most=MOST_SHOWN, page=page)
    return _raised(found, on=day_of(viewer.at)), shown


def done(*, viewer: Viewer, page: int = 1) -> tuple[list[Raised], Part]:
    """What was closed or withdrawn, the last first: a concern taken back under pressure is still there to be seen."""
    rows = seen_by_lead(viewer).exclude(state__in=OPEN).order_by("-raised_at", "id")
    found, shown = part(rows, most=MOST_DONE, page=page)
    return _raised(found, on=day_of(viewer.at)), shown


def receipts(*, viewer: Viewer, page: int = 1) -> tuple[list[Receipt], Part]:
    """What the viewer raised, newest first."""
    rows, shown = part(seen_by_raiser(viewer).order_by("-raised_at", "id"), most=MOST_DONE, page=page)
    hidden = who_is_earlier([_person(row).pk for row in rows])
    return [_receipt(row, on=day_of(viewer.at), hidden=hidden) for row in rows], shown


def concern(*, viewer: Viewer, concern_id: UUID) -> Full | Receipt:
    """One concern: whole for its leads, a receipt for its raiser; NotFound for anybody else, as if there were none."""
    on = day_of(viewer.at)
    row = seen_by_lead(viewer).filter(pk=concern_id).select_related("alleged").first()
    if row is not None:
        return _full(row, on=on)
    row = seen_by_raiser(viewer).filter(pk=concern_id).first()
    if row is None:
        raise NotFound(NO_CONCERN)
    where = route(_person(row), on=on)
    told = _receipt(row, on=on, hidden=who_is_earlier([_person(row).pk]))
    return replace(told, ring=where.ring if where else "")


# ---- where one goes


def route(person: Person, *, on: date) -> Safeguarding | None:
    """Where the place sends concerns about this person; none where its pack does not say."""
    child = is_child(birth_on=person.birth_on, on=on)
    return safeguarding(SafeguardingOf.CHILDREN if child else SafeguardingOf.ADULTS)


def received_by(where: Safeguarding, *, person: Person, kept_from: Iterable[UUID], on: date) -> tuple[Team, bool]:
    """The team that receives it, and whether anybody there can: the deputy where nobody in the first may see it."""
    for team in (where.team, where.deputy):
        leads = _leads_of(team, on=on) - set(kept_from)
        if leads - barred_from(person.pk, practitioners=leads, on=on):
            return team, True
    return where.deputy, False


def _leads_of(team: Team, *, on: date) -> set[UUID]:
    held = Q(starts_on__lte=on) & (Q(ends_on=None) | Q(ends_on__gt=on))
    memberships = team.members.filter(held)
    works = dict.fromkeys(memberships.values_list("practitioner", "employer"))
    roles = Role.objects.filter(held, code=RoleCode.SAFEGUARDING_LEAD, practitioner__in=[who for who, _ in works])
    return {who for who, for_whom in roles.values_list("practitioner", "organisation") if (who, for_whom) in works}


# ---- in words


def _person(row: Concern) -> Person:
    # said of an alias before a merge, it is said of the person
    return row.person.merged_into or row.person


def _about(row: Concern, *, hidden: set[UUID]) -> About:
    person = _person(row)
    withheld = person.pk in hidden
    return About(
        id=person.pk,
        family=WITHHELD if withheld else person.family,
        given="" if withheld else person.given,
        likes="" if withheld else person.likes,
        birth_on=None if withheld else person.birth_on or person.birth_text,
        sex="" if withheld else person.sex,
        nhs_number="" if withheld else person.nhs_number,
    )


def _raised(rows: Iterable[Concern], *, on: date) -> list[Raised]:
    found = list(rows)
    names = names_of(row.raised_by for row in found)
    hidden = who_is_earlier([_person(row).pk for row in found])
    return [_one(row, names=names, hidden=hidden, on=on) for row in found]


def _one(row: Concern, *, names: dict[UUID, str], hidden: set[UUID], on: date) -> Raised:
    return Raised(
        id=row.pk,
        about=_about(row, hidden=hidden),
        state=row.state,
        danger=row.danger,
        raised_at=row.raised_at,
        due_on=row.due_on,
        late=row.state == ConcernState.RAISED and on > row.due_on,
        by_name=names.get(row.raised_by, ""),
        by_organisation=row.sender.name,
    )


def _full(row: Concern, *, on: date) -> Full:
    asked = [who for who in (row.raised_by, row.acknowledged_by, row.closed_by) if who]
    asked += [UUID(one[key]) for one in row.reopenings for key in ("by", "closed_by")]
    asked_of = practitioners(asked)
    names = {pk: one.name for pk, one in asked_of.items()}
    return Full(
        raised=_one(row, names=names, hidden=who_is_earlier([_person(row).pk]), on=on),
        team=row.team.name,
        words=row.words,
        seen_text=row.seen_text,
        knows=row.knows,
        cause=row.alleged.kind,
        cause_words=row.alleged.words,
        by_phone=asked_of[row.raised_by].phone if row.raised_by in asked_of else "",
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=names[row.acknowledged_by] if row.acknowledged_by else "",
        closed_at=row.closed_at,
        closed_by=names[row.closed_by] if row.closed_by else "",
        outcome=row.outcome,
        outcome_words=row.outcome_words,
        withdrawn_at=row.withdrawn_at,
        reopened=tuple(
            Reopened(
                at=datetime.fromisoformat(one["at"]),
                by=names[UUID(one["by"])],
                why=one["why"],
                closed_at=datetime.fromisoformat(one["closed_at"]),
                closed_by=names[UUID(one["closed_by"])],
                outcome=one["outcome"],
                outcome_words=one["outcome_words"],
            )
            for one in row.reopenings
        ),
    )


def _receipt(row: Concern, *, on: date, hidden: set[UUID]) -> Receipt:
    reads = raiser_reads(raised_on=day_of(row.raised_at), on=on)
    return Receipt(
        id=row.pk,
        about=_about(row, hidden=hidden),
        raised_at=row.raised_at,
        received_by=row.team.name,
        due_on=row.due_on,
        acknowledged_at=row.acknowledged_at,
        withdrawn_at=row.withdrawn_at,
        may_withdraw=row.state == ConcernState.RAISED,
        danger=reads and row.danger,
        words=row.words if reads else "",
        seen_text=row.seen_text if reads else "",
    )
