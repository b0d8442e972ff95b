"""Staff, as whoever keeps the list of them sees it: who may, the list, one of them. Nothing here is about a person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from locality.access.models import Account, Role
from locality.access.rules import RoleCode
from locality.base import NoAccess, Viewer, ViewerKind
from locality.base.periods import day_of
from locality.base.words import sort_key
from locality.directory import queries as directory
from locality.directory.models import Organisation, Practitioner, TeamMembership
from locality.directory.rules import answering

MAY_KEEP_STAFF = frozenset({RoleCode.ADMINISTRATOR})
NOT_YOURS = "The role you signed in with does not keep the list of staff."
ENDS_SOON_DAYS = 28
A_PAGE = 50


def may_keep_staff(viewer: Viewer) -> bool:
    """Whether this role adds, moves and ends staff: never a role that sees people, and never somebody's own rows."""
    return viewer.kind == ViewerKind.SYSTEM or viewer.role in MAY_KEEP_STAFF


def keeps_staff(viewer: Viewer) -> None:
    """Raise NoAccess for whoever may not keep the list of staff."""
    if not may_keep_staff(viewer):
        raise NoAccess(NOT_YOURS)


class Here(StrEnum):
    """Which staff a list shows."""

    HERE = "here"
    LEFT = "left"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody looks for in the list of staff."""

    words: str = ""
    employer: str = ""
    team: str = ""
    ends_soon: bool = False
    here: Here = Here.HERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One of the staff, with what they do, did and will do, the latest first."""

    practitioner: Practitioner
    memberships: Sequence[TeamMembership]
    roles: Sequence[Role]
    username: str = ""

    @property
    def rows(self) -> list[Role | TeamMembership]:
        """All their roles and teams."""
        return [*self.roles, *self.memberships]

    def held(self, on: date) -> list[Role | TeamMembership]:
        """The roles and teams that are not over."""
        return [one for one in self.rows if one.ends_on is None or one.ends_on > on]

    def ends_on(self, on: date) -> date | None:
        """The next end of something they do; nothing when nothing has an end."""
        return min((one.ends_on for one in self.held(on) if one.ends_on is not None), default=None)

    def left_on(self, on: date) -> date | None:
        """The first day on which they did nothing here any more; nothing for who is here, or never began."""
        ends = [one.ends_on for one in self.rows if one.ends_on is not None]
        return max(ends) if ends and not self.held(on) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """A part of the list of staff, how long the whole is, and what was made of words that are in no line."""

    members: Sequence[Member]
    total: int
    page: int
    pages: int
    read_as: str


def staff(*, viewer: Viewer, asked: Asked, page: int = 1, most: int = A_PAGE) -> Staff:
    """The staff who answer, by name, a page at a time: four queries. Raises NoAccess for a role that may not."""
    keeps_staff(viewer)
    on = day_of(viewer.at)
    rows = Practitioner.objects.filter(_asked(asked, on), place__is_default=True).order_by("sort_key", "code")
    told = rows.values_list("pk", "prefix", "given", "family", "code", "profession", "employer__name")
    texts = {pk: sort_key(" ".join(part for part in parts if part)) for pk, *parts in told}
    found, read_as = answering(texts, words=sort_key(asked.words).split())
    pages = max(1, -(-len(found) // most))
    page = min(max(page, 1), pages)
    shown = found[(page - 1) * most : page * most]
    return Staff(members=_members(shown), total=len(found), page=page, pages=pages, read_as=read_as)


def ending_soon(*, viewer: Viewer) -> int:
    """How many of the staff have a role or a team that ends soon. Raises NoAccess for a role that may not."""
    keeps_staff(viewer)
    asked = _asked(Asked(ends_soon=True), day_of(viewer.at))
    return Practitioner.objects.filter(asked, place__is_default=True).count()


def member(*, viewer: Viewer, practitioner_id: UUID) -> Member:
    """One of the staff, with the name they sign in with. Raises NoAccess for a role that may not, else NotFound."""
    keeps_staff(viewer)
    found = directory.practitioner(practitioner_id)
    account = Account.objects.filter(practitioner=found).values_list("username", flat=True).first()
    (one,) = _members([found.pk])
    return Member(practitioner=one.practitioner, memberships=one.memberships, roles=one.roles, username=account or "")


def ending(rows: Iterable[Any], *, on: date) -> list[Any]:
    """Those of some roles or teams that would still hold on a day or begin after it: what a leaver's day ends."""
    return [row for row in rows if row.ends_on is None or row.ends_on > max(on, row.starts_on)]


def ending_words(roles: Sequence[Any], memberships: Sequence[Any]) -> str:
    """What ends when somebody leaves: `1 role and 2 teams end`."""
    parts = [(len(roles), "role"), (len(memberships), "team")]
    said = [f"{many} {word}{'' if many == 1 else 's'}" for many, word in parts if many]
    return f"{' and '.join(said)} {'ends' if len(roles) + len(memberships) == 1 else 'end'}"


def employers(*, viewer: Viewer) -> QuerySet[Organisation]:
    """Whoever employs some of the staff, by name, for choosing from."""
    keeps_staff(viewer)
    employed = Practitioner.objects.filter(employer=OuterRef("pk"))
    members = TeamMembership.objects.filter(employer=OuterRef("pk"))
    roles = Role.objects.filter(organisation=OuterRef("pk"))
    return directory.organisations().filter(Exists(employed) | Exists(members) | Exists(roles))


def _members(ids: Sequence[UUID]) -> list[Member]:
    """These practitioners, in this order, with their roles and teams; what was undone on its first day left out."""
    rows = directory.practitioners(ids)
    memberships = _by_practitioner(
        TeamMembership.objects.filter(_REAL, practitioner__in=ids)
        .select_related("team", "employer")
        .order_by("-starts_on", "team__name")
    )
    roles = _by_practitioner(
        Role.objects.filter(_REAL, practitioner__in=ids)
        .select_related("organisation")
        .order_by("-starts_on", "organisation__name", "code")
    )
    return [Member(practitioner=rows[pk], memberships=memberships.get(pk, ()), roles=roles.get(pk, ())) for pk in ids]


def _by_practitioner(rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for row in rows:
        found.setdefault(row.practitioner_id, []).append(row)
    return found


# ---- filters

_REAL = Q(ends_on=None) | ~Q(ends_on=F("starts_on"))


def _asked(asked: Asked, on: date) -> Q:
    not_over = _REAL & (Q(ends_on=None) | Q(ends_on__gt=on))
    # of those who have left, the list asks what they did
    counted = not_over if asked.here == Here.HERE else _REAL
    found = Q()
    if asked.here != Here.ALL:
        left = _does(_REAL) & ~_does(not_over)
        found &= left if asked.here == Here.LEFT else ~left
    if asked.employer:
        found &= Q(employer__code=asked.employer) | _does(
            counted, team=Q(employer__code=asked.employer), role=Q(organisation__code=asked.employer)
        )
    if asked.team:
        found &= Q(_in_teams(counted & Q(team__code=asked.team)))
    if asked.ends_soon:
        found &= _does(_REAL & Q(ends_on__gt=on, ends_on__lte=on + timedelta(days=ENDS_SOON_DAYS)))
    return found


_NOTHING_MORE = Q()


def _does(rows: Q, *, team: Q = _NOTHING_MORE, role: Q = _NOTHING_MORE) -> Q:
    """Whether somebody has such a row among their teams or their roles."""
    held = Role.objects.filter(rows & role, practitioner=OuterRef("pk"))
    return Q(_in_teams(rows & team)) | Q(Exists(held))


def _in_teams(rows: Q) -> Exists:
    return Exists(TeamMembership.objects.filter(rows, practitioner=OuterRef("pk")))
