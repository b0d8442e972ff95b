"""Moves of services: those that a viewer may see, what waits for their side, and one of them with its counts."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from locality.access.rules import ROLE_WORDS, RoleCode
from locality.base import NoAccess, NotFound, Viewer
from locality.base.periods import day_of
from locality.directory.models import Service, Team, TeamMembership
from locality.directory.queries import SOMEBODY, names_of
from locality.directory.queries.spans import held_on
from locality.neighbourhoods.models import Transfer
from locality.neighbourhoods.queries.transfer_counts import (
    Ends,
    Since,
    Within,
    counts_of_both,
    ends,
    from_day,
    since,
    within,
)
from locality.neighbourhoods.rules.transfers import (
    KINDS,
    OPEN,
    Counted,
    Kind,
    Names,
    Side,
    Step,
    TransferState,
    may_begin,
    may_look,
    side_of,
)

NOT_YOURS = "Moves of services are for administrators, and for board members and coordinators of the two organisations."
NO_TRANSFER = "There is no such move here."
STEP_OF = {TransferState.PLANNED: Step.PLAN, TransferState.MOVED: Step.MOVED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One move in a list: what moves from whom to whom, when, how far it is, and which sides have yet to say yes."""

    id: UUID
    from_name: str
    to_name: str
    on: date
    state: TransferState
    parts: list[str]
    waits_for: list[str]
    waits_for_viewer: bool


def moves(*, viewer: Viewer) -> list[Listed]:
    """The moves that a viewer may see, those that are not over first; three queries. Raises NoAccess."""
    if not may_look(viewer):
        raise NoAccess(NOT_YOURS)
    return _listed(seen_moves(viewer).order_by("-on", "-made_at"), viewer)


def waiting(*, viewer: Viewer) -> list[Listed]:
    """What waits for this viewer's side to agree or to sign; nothing for whoever does neither."""
    if not may_look(viewer) or viewer.organisation is None:
        return []
    return [
        one for one in _listed(seen_moves(viewer).filter(state__in=OPEN).order_by("on"), viewer) if one.waits_for_viewer
    ]


def seen_moves(viewer: Viewer) -> QuerySet[Transfer]:
    """The predicate: all moves for whoever begins them, their own organisation's for whoever agrees to them."""
    rows = Transfer.objects.select_related("from_organisation", "to_organisation")
    if may_begin(viewer):
        return rows
    return rows.filter(Q(from_organisation=viewer.organisation) | Q(to_organisation=viewer.organisation))


def _listed(rows: Iterable[Transfer], viewer: Viewer) -> list[Listed]:
    found = list(rows.prefetch_related("parts__team", "parts__service", "agreements"))  # type: ignore[attr-defined]
    told = [_line(row, viewer) for row in found]
    return sorted(told, key=lambda one: one.state not in OPEN)


def _line(row: Transfer, viewer: Viewer) -> Listed:
    step = STEP_OF.get(TransferState(row.state))
    said = {one.side for one in row.agreements.all() if one.step == step and one.ended_at is None}
    missing = [side for side in Side if side not in said] if step else []
    own = side_of(viewer, from_=row.from_organisation_id, to=row.to_organisation_id)
    by = {one.practitioner_id for one in row.agreements.all() if one.step == step and one.ended_at is None}
    names = {Side.FROM: row.from_organisation.name, Side.TO: row.to_organisation.name}
    parts = [one.team.name if one.team else one.service.name for one in row.parts.all() if one.kind != Names.STAYS]  # type: ignore[union-attr]
    return Listed(
        id=row.pk,
        from_name=names[Side.FROM],
        to_name=names[Side.TO],
        on=row.on,
        state=TransferState(row.state),
        parts=sorted(parts),
        waits_for=[names[side] for side in missing],
        waits_for_viewer=own in missing and viewer.id not in by,
    )


# ---- one of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One kind on both sides: now, as agreed to, and as it was counted before and after it moved."""

    kind: Kind
    from_now: int
    to_now: int
    agreed: int | None = None
    counted: Counted | None = None

    @property
    def is_any(self) -> bool:
        """Whether there is anything of it on either side, now or before."""
        told = self.counted
        return bool(self.from_now or self.to_now or self.agreed or told and (told.before_from or told.after_to))


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One of the staff of the old organisation in what moves."""

    id: UUID
    name: str
    profession: str
    teams: list[str]
    stays: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Somebody agreed or signed for a side."""

    step: Step
    side: Side
    organisation: str
    name: str
    role: str
    words: str
    at: datetime
    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PackLine:
    """What the place's own file has to say from the day on, so that loading it again undoes nothing."""

    file: str
    code: str
    column: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One move, whole."""

    line: Listed
    why: str
    from_code: str
    to_code: str
    run: int
    rows: list[Row]
    staff: list[Member]
    ends: Ends
    said: list[Said]
    own_side: Side | None
    begins: bool
    made_by: str
    made_at: datetime
    moved_by: str = ""
    moved_at: datetime | None = None
    undone_by: str = ""
    undone_at: datetime | None = None
    ended_by: str = ""
    ended_at: datetime | None = None
    stopped_at: datetime | None = None
    stopped_words: str = ""
    led: list[str] = field(default_factory=list)
    services: list[str] = field(default_factory=list)
    shared: list[str] = field(default_factory=list)
    written: list[tuple[str, str, int]] = field(default_factory=list)
    pack: list[PackLine] = field(default_factory=list)
    is_due: bool = False

    @property
    def left_behind(self) -> int:
        """How many rows are still the old organisation's."""
        return sum(one.from_now for one in self.rows)

    @property
    def holds(self) -> bool:
        """Whether what was counted before and after is the same, kind by kind."""
        return all(one.counted is None or one.counted.holds for one in self.rows)


def move(*, viewer: Viewer, transfer: UUID) -> Told:
    """One move with its counts, staff, agreements and what was written. Raises NoAccess, NotFound."""
    if not may_look(viewer):
        raise NoAccess(NOT_YOURS)
    row = seen_moves(viewer).prefetch_related("parts__team", "parts__service", "agreements").filter(pk=transfer).first()
    if row is None:
        raise NotFound(NO_TRANSFER)
    inside, on = within(row), day_of(viewer.at)
    names = names_of([row.made_by, row.moved_by, row.undone_by, row.ended_by])
    whose = _whose(row)
    return Told(
        line=_line(row, viewer),
        why=row.why,
        from_code=row.from_organisation.code,
        to_code=row.to_organisation.code,
        run=row.run,
        rows=_rows(row, inside),
        staff=_staff(row, inside),
        ends=ends(row, within=inside, on=on),
        said=_said(row),
        own_side=side_of(viewer, from_=row.from_organisation_id, to=row.to_organisation_id),
        begins=may_begin(viewer),
        made_by=names.get(row.made_by, SOMEBODY),
        made_at=row.made_at,
        moved_by=_by(names, row.moved_by),
        moved_at=row.moved_at,
        undone_by=_by(names, row.undone_by),
        undone_at=row.undone_at,
        ended_by=_by(names, row.ended_by),
        ended_at=row.ended_at,
        stopped_at=row.stopped_at,
        stopped_words=row.stopped_words,
        led=whose[0],
        services=[one.service.name for one in row.parts.all() if one.service],
        shared=whose[1],
        written=_written(row),
        pack=_pack(row),
        is_due=row.on <= on,
    )


def one_listed(*, viewer: Viewer, transfer: UUID) -> Listed:
    """One move as a list says it. Raises NoAccess, NotFound."""
    if not may_look(viewer):
        raise NoAccess(NOT_YOURS)
    found = _listed(seen_moves(viewer).filter(pk=transfer), viewer)
    if not found:
        raise NotFound(NO_TRANSFER)
    return found[0]


def changed_since(*, viewer: Viewer, transfer: UUID) -> Since:
    """What was changed since it was moved: for whoever is about to undo it. Raises NoAccess, NotFound."""
    row = seen_moves(viewer).filter(pk=transfer).first()
    if not may_begin(viewer) or row is None:
        raise NotFound(NO_TRANSFER)
    return since(row)


def _by(names: dict[UUID, str], who: UUID | None) -> str:
    # the background work has no name
    return "" if who is None else names.get(who, "Locality, on the day")


def _whose(row: Transfer) -> tuple[list[str], list[str]]:
    """The teams that the old organisation leads, or led, and those of others in which it employs."""
    sides = {row.from_organisation_id, row.to_organisation_id}
    teams = sorted((one.team for one in row.parts.all() if one.team), key=lambda one: one.name)
    led = [one.name for one in teams if one.lead_organisation_id in sides]
    return led, [one.name for one in teams if one.lead_organisation_id not in sides]


def _rows(row: Transfer, inside: Within) -> list[Row]:
    sides = (row.from_organisation_id, row.to_organisation_id)
    old, new = counts_of_both(within=inside, organisations=sides, on=row.on).values()
    agreed: dict[str, int] = next(
        (one.counts for one in row.agreements.all() if one.step == Step.PLAN and not one.ended_at), {}
    )
    kept = {one.code: one for one in row.counts.filter(run=row.run)} if row.moved_at else {}
    return [
        Row(
            kind=kind,
            from_now=old[kind.code],
            to_now=new[kind.code],
            agreed=agreed.get(kind.code),
            counted=_counted(kept.get(kind.code)),
        )
        for kind in KINDS
    ]


def _counted(one: object) -> Counted | None:
    if one is None:
        return None
    names = ("code", "before_from", "before_to", "after_from", "after_to", "there")
    return Counted(**{name: getattr(one, name) for name in names})


def _staff(row: Transfer, inside: Within) -> list[Member]:
    who = inside.movers | inside.stayers
    rows = TeamMembership.objects.filter(
        from_day(row.on) | Q(ends_on=row.on), team__in=inside.teams, practitioner__in=who
    )
    found: dict[UUID, Member] = {}
    for one in rows.select_related("team", "practitioner").order_by("practitioner__sort_key", "team__name"):
        told = found.setdefault(
            one.practitioner_id,
            Member(
                id=one.practitioner_id,
                name=one.practitioner.name,
                profession=one.practitioner.profession,
                teams=[],
                stays=one.practitioner_id in inside.stayers,
            ),
        )
        if one.team.name not in told.teams:
            told.teams.append(one.team.name)
    return list(found.values())


def _said(row: Transfer) -> list[Said]:
    agreements = sorted(row.agreements.all(), key=lambda one: one.at)
    names = names_of(one.practitioner_id for one in agreements)
    whose = {Side.FROM: row.from_organisation.name, Side.TO: row.to_organisation.name}
    return [
        Said(
            step=Step(one.step),
            side=Side(one.side),
            organisation=whose[Side(one.side)],
            name=names.get(one.practitioner_id, SOMEBODY),
            role=ROLE_WORDS[RoleCode(one.role)],
            words=one.words,
            at=one.at,
            holds=one.ended_at is None,
        )
        for one in agreements
    ]


def _written(row: Transfer) -> list[tuple[str, str, int]]:
    """How many rows of each table were changed, ended and begun, as they stand on the books."""
    lines = row.lines.filter(run=row.run, undone_at=None).values_list("table", "how")
    return [
        (table.partition(".")[2], how, many)
        for table, how, many in lines.annotate(many=Count("pk")).order_by("table", "how")
    ]


def _pack(row: Transfer) -> list[PackLine]:
    sides, to = {row.from_organisation_id, row.to_organisation_id}, row.to_organisation.code
    lines = [
        PackLine(file="teams.toml", code=one.team.code, column="lead_organisation", value=to)
        for one in row.parts.all()
        if one.team and one.team.lead_organisation_id in sides
    ]
    lines += [
        PackLine(file="services.csv", code=one.service.code, column="organisation", value=to)
        for one in row.parts.all()
        if one.service and not one.service.feed
    ]
    return sorted(lines, key=lambda one: (one.file, one.code))


# ---- what may be chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What of one organisation may move: teams that it leads or employs in, and its services."""

    teams: list[tuple[UUID, str, bool, int]]
    services: list[tuple[UUID, str]]


def offered(*, organisation: UUID, on: date, viewer: Viewer) -> Offered:
    """Teams (id, name, whether it leads them, how many it employs there) and services, by name. Raises NoAccess."""
    if not may_begin(viewer):
        raise NoAccess(NOT_YOURS)
    held = TeamMembership.objects.filter(from_day(on), employer=organisation)
    employed = dict(held.values_list("team").annotate(many=Count("practitioner", distinct=True)))
    teams = Team.objects.filter(held_on(on)).filter(Q(lead_organisation=organisation) | Q(pk__in=employed))
    services = Service.objects.filter(held_on(on), organisation=organisation).order_by("name")
    return Offered(
        teams=[
            (one.pk, one.name, one.lead_organisation_id == organisation, employed.get(one.pk, 0))
            for one in teams.order_by("name")
        ],
        services=list(services.values_list("pk", "name")),
    )
