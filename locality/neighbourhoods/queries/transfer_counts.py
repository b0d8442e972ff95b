"""What is part of a move, how many of each kind on which side, and what was changed since it was moved."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Count, F, Q, QuerySet

from locality.access import wall
from locality.access.models import Objection
from locality.access.queries.knowing import KEPT
from locality.access.queries.knowing import holds as holds_on
from locality.access.rules import ObjectionKind
from locality.directory.models import TeamMembership
from locality.neighbourhoods.models import (
    Alert,
    Allocation,
    Caseload,
    PostFilled,
    Support,
    Task,
    Transfer,
    TransferLine,
    WorkingDay,
)
from locality.neighbourhoods.rules import inbox, referrals, tasks
from locality.neighbourhoods.rules.transfers import KINDS, Kind, Names, Scope, TransferState

MEMBERSHIPS, BEGUN = "directory.TeamMembership", "begun"


def from_day(on: date) -> Q:
    """Dated rows that hold on a day or will hold after it; what ended on its first day never was."""
    return Q(ends_on=None) | (Q(ends_on__gt=on) & Q(ends_on__gt=F("starts_on")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """What is within a move: its teams and services, and of the staff who moves, wholly or in part, and who stays."""

    teams: frozenset[UUID]
    services: frozenset[UUID]
    movers: frozenset[UUID]
    wholly: frozenset[UUID]
    stayers: frozenset[UUID]

    def ids(self, scope: Scope) -> frozenset[UUID]:
        """What a row of this scope hangs on, where it is part of the move."""
        return {Scope.TEAM: self.teams, Scope.SERVICE: self.services, Scope.STAFF: self.wholly}[scope]


def within(transfer: Transfer) -> Within:
    """What a move takes along: whoever of the old organisation works in its teams from the day on, but who stays."""
    parts: dict[str, set[UUID]] = {kind: set() for kind in Names}
    for kind, team, service, who in transfer.parts.values_list("kind", "team", "service", "practitioner"):
        parts[kind].add(team or service or who)
    old = TeamMembership.objects.filter(from_day(transfer.on), employer=transfer.from_organisation_id)
    members = set(old.filter(team__in=parts[Names.TEAM]).values_list("practitioner", flat=True))
    movers = members - parts[Names.STAYS]
    if transfer.state in (TransferState.MOVED, TransferState.SIGNED):
        moved = transfer.lines.filter(run=transfer.run, table=MEMBERSHIPS, undone_at=None)
        rows = TeamMembership.objects.filter(pk__in=moved.values("row")).exclude(practitioner__in=parts[Names.STAYS])
        movers |= set(rows.values_list("practitioner", flat=True))
    elsewhere = old.exclude(team__in=parts[Names.TEAM]).filter(practitioner__in=movers)
    return Within(
        teams=frozenset(parts[Names.TEAM]),
        services=frozenset(parts[Names.SERVICE]),
        movers=frozenset(movers),
        wholly=frozenset(movers - set(elsewhere.values_list("practitioner", flat=True))),
        stayers=frozenset(parts[Names.STAYS]),
    )


def rows_of(kind: Kind, *, within: Within, organisation: UUID, on: date) -> QuerySet[Any]:
    """The rows of one kind that are part of a move and, on a day, of one organisation."""
    return _part_of(kind, within=within, on=on).filter(**{kind.owner: organisation})


def _part_of(kind: Kind, *, within: Within, on: date) -> QuerySet[Any]:
    told: dict[str, Any] = {f"{kind.path}__in": within.ids(kind.scope), **kind.where}
    rows = apps.get_model(kind.model)._default_manager.filter(**told)
    if kind.held:
        rows = rows.filter(from_day(on))
    if kind.staff:
        rows = rows.exclude(**{f"{kind.staff}__in": within.stayers})
    return rows


def counts(*, within: Within, organisation: UUID, on: date) -> dict[str, int]:
    """How many there are of each kind on one side. One query a kind."""
    return counts_of_both(within=within, organisations=(organisation,), on=on)[organisation]


# of whole teams, for those who move them and are of none of them: in figures alone, and of nobody
@wall.down()
def counts_of_both(*, within: Within, organisations: Sequence[UUID], on: date) -> dict[UUID, dict[str, int]]:
    """How many there are of each kind on each side. One query a kind."""
    found: dict[UUID, dict[str, int]] = {one: {} for one in organisations}
    for kind in KINDS:
        rows = _part_of(kind, within=within, on=on).filter(**{f"{kind.owner}__in": organisations})
        many = dict(rows.order_by().values_list(kind.owner).annotate(many=Count("pk")))
        for one in organisations:
            found[one][kind.code] = many.get(one, 0)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """What ends for the staff who do not move, and goes back to the team; and whom the move hides something from."""

    memberships: int = 0
    coordinated: int = 0
    tasks: int = 0
    supports: int = 0
    alerts: int = 0
    objecting: int = 0


def of_stayers(within: Within, *, on: date) -> dict[str, QuerySet[Any]]:
    """What the staff who do not move hold in the teams that do."""
    who, teams = within.stayers, within.teams
    return {
        "memberships": TeamMembership.objects.filter(from_day(on), practitioner__in=who, team__in=teams),
        "filled": PostFilled.objects.filter(from_day(on), practitioner__in=who, post__team__in=teams),
        "weeks": WorkingDay.objects.filter(from_day(on), practitioner__in=who, team__in=teams),
        "coordinated": Allocation.objects.filter(ends_at=None, coordinator__in=who, caseload__team__in=teams),
        "tasks": Task.objects.filter(state__in=tasks.OPEN, owner__in=who, team__in=teams),
        "supports": Support.objects.filter(ended_at=None, owner__in=who, team__in=teams),
        "alerts": Alert.objects.filter(state__in=inbox.OPEN, owner__in=who, team__in=teams),
    }


def ends(transfer: Transfer, *, within: Within, on: date) -> Ends:
    """What ends on the day, in figures: of those who stay, and of people who object to sharing what was written."""
    held = of_stayers(within, on=transfer.on)
    own = held["memberships"].filter(employer=transfer.from_organisation_id)
    objections = Objection.objects.filter(
        holds_on(on),
        Q(organisation=None) | Q(organisation=transfer.from_organisation_id),
        kind=ObjectionKind.SHARING,
    )
    led = Caseload.objects.filter(
        off_at=None, team__in=within.teams, team__lead_organisation=transfer.from_organisation_id
    )
    objecting = led.annotate(kept=KEPT).filter(kept__in=objections.annotate(who=KEPT).values("who"))
    return Ends(
        memberships=own.count(),
        coordinated=held["coordinated"].count(),
        tasks=held["tasks"].count(),
        supports=held["supports"].count(),
        alerts=held["alerts"].count(),
        objecting=objecting.values("kept").distinct().count(),
    )


# ---- what was changed since


# what may have gone on by itself since: it is left as it is, and undoing does not wait for it
REFERRAL, REASON, ALLOCATION = "neighbourhoods.Referral", "access.Relationship", "neighbourhoods.Allocation"
GOES_ON = frozenset(
    {"neighbourhoods.Task", "neighbourhoods.Support", "neighbourhoods.Alert", ALLOCATION, REFERRAL, REASON}
)
TABLE_WORDS = {
    "directory.Team": "the team {name}",
    "directory.Service": "the service {name}",
    "directory.Practitioner": "{name}'s employer",
    "directory.TeamMembership": "{name}'s time in a team",
    "access.Role": "{name}'s role",
    "access.Relationship": "a reason to know a person",
    "neighbourhoods.Post": "the post {name}",
    "neighbourhoods.PostFilled": "{name}'s filling of a post",
    "neighbourhoods.WorkingDay": "{name}'s usual week",
    "neighbourhoods.Referral": "a referral",
    "neighbourhoods.Task": "who does a task",
    "neighbourhoods.Support": "who supports somebody",
    "neighbourhoods.Alert": "who sees to an alert",
    "neighbourhoods.Allocation": "who coordinates somebody's care",
}
# a way to the practitioner whom a row is of
OF_SOMEBODY = frozenset(
    {"directory.TeamMembership", "access.Role", "neighbourhoods.PostFilled", "neighbourhoods.WorkingDay"}
)


def plain(value: Any) -> Any:
    """A value as a line keeps it, and compares it."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value) if isinstance(value, UUID) else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """What was changed since a move: lines that undoing waits for, in words, and lines that it leaves as they are."""

    waits_for: list[str] = field(default_factory=list)
    left: frozenset[UUID] = frozenset()
    left_words: list[str] = field(default_factory=list)


@wall.down()
def since(transfer: Transfer) -> Since:
    """What of a move was changed again since, and what began since under the new organisation."""
    lines = list(transfer.lines.filter(run=transfer.run, undone_at=None).order_by("number"))
    rows = _rows(lines)
    stands = _newest(lines)
    over = _over(rows)
    gone = [line for line in lines if line.row in over or not _still(rows.get((line.table, line.row)), stands[line.pk])]
    waits_for = [f"{_words(line, rows)} was changed" for line in gone if line.table not in GOES_ON]
    left = [line for line in gone if line.table in GOES_ON]
    told = Counter(_words(line, rows) for line in left if line.table != REASON)
    return Since(
        waits_for=[*waits_for, *_begun_since(transfer, lines)],
        left=frozenset({line.pk for line in left} | _not_wanted(lines, left={line.pk for line in left})),
        left_words=[f"{words} ({many})" if many > 1 else words for words, many in told.items()],
    )


def _words(line: TransferLine, rows: Mapping[tuple[str, UUID], Any]) -> str:
    return TABLE_WORDS[line.table].format(name=_name(rows.get((line.table, line.row))))


def _over(rows: Mapping[tuple[str, UUID], Any]) -> set[UUID]:
    """What goes on without the old organisation: a referral that ended since, and coordinating that is another's."""
    ended = {pk for (table, pk), row in rows.items() if table == REFERRAL and row.state not in referrals.OPEN}
    coordinated = {pk: row.caseload_id for (table, pk), row in rows.items() if table == ALLOCATION}
    others = Allocation.objects.filter(ends_at=None, caseload__in=coordinated.values())
    again = set(others.values_list("caseload", flat=True))
    return ended | {pk for pk, caseload in coordinated.items() if caseload in again}


def _not_wanted(lines: list[TransferLine], *, left: set[UUID]) -> set[UUID]:
    """Reasons to know somebody that ended with the move, where no referral that goes back stands on them any more."""
    back = [line.was.get("relationship_id") for line in lines if line.table == REFERRAL and line.pk not in left]
    reasons = [line for line in lines if line.table == REASON and line.how == "ended"]
    return {line.pk for line in reasons if str(line.row) not in back}


def _still(row: Any, became: Mapping[str, Any]) -> bool:
    return row is not None and all(plain(getattr(row, name)) == value for name, value in became.items())


def _rows(lines: Iterable[TransferLine]) -> dict[tuple[str, UUID], Any]:
    found: dict[tuple[str, UUID], Any] = {}
    for table in {line.table for line in lines}:
        manager = apps.get_model(table)._default_manager
        rows = manager.select_related("practitioner") if table in OF_SOMEBODY else manager
        wanted = [line.row for line in lines if line.table == table]
        found |= {(table, pk): row for pk, row in rows.in_bulk(wanted).items()}
    return found


def _newest(lines: list[TransferLine]) -> dict[UUID, Mapping[str, Any]]:
    """What each line may still be held against: where a later line changed the same again, that one alone is."""
    later: dict[tuple[str, UUID], set[str]] = {}
    found: dict[UUID, Mapping[str, Any]] = {}
    for line in reversed(lines):
        changed = later.setdefault((line.table, line.row), set())
        found[line.pk] = {name: value for name, value in line.became.items() if name not in changed}
        changed |= line.became.keys()
    return found


def _name(row: Any) -> str:
    who = getattr(row, "practitioner", None) or row
    return getattr(who, "name", "") or getattr(row, "title", "") or "somebody"


def _begun_since(transfer: Transfer, lines: list[TransferLine]) -> list[str]:
    """Staff and posts that the new organisation added to what moved: undoing would leave them with it."""
    ours = {line.row for line in lines}
    before = dict(transfer.counts.filter(run=transfer.run).values_list("code", "before_to"))
    told, inside = [], within(transfer)
    for kind in KINDS:
        if kind.code not in ("memberships", "posts"):
            continue
        now = set(
            rows_of(kind, within=inside, organisation=transfer.to_organisation_id, on=transfer.on).values_list(
                "pk", flat=True
            )
        )
        if (many := len(now - ours) - before.get(kind.code, 0)) > 0:
            told.append(f"{kind.words}: {many} begun since at the new organisation")
    return told
