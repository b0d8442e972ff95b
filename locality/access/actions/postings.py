"""Joiners, movers and leavers, one at a time; each change gives back what takes it back."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from locality.access.actions.accounts import add_account, add_role, end_role, open_again, shut_whoever_left
from locality.access.models import Role
from locality.access.queries.staff import ending, ending_words, keeps_staff
from locality.access.rules import ROLE_WORDS, RoleCode
from locality.base import NotFound, Refused, Viewer
from locality.base.periods import day_of
from locality.base.words import date_words
from locality.directory import actions as directory
from locality.directory.models import Organisation, Place, Practitioner, Team, TeamMembership
from locality.directory.rules import holds
from locality.journal.actions import log

OWN = "These are your own roles and teams: another administrator changes them."
CHANGED_SINCE = "This has been changed again since, so it was not taken back: look at it as it is now."


@dataclass(frozen=True, slots=True)
class Ended:
    """A role or a time in a team, with its end as it was and as it became."""

    id: UUID
    was: date | None
    became: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What was changed for one of the staff, in words and row by row, so that it can be taken back."""

    practitioner: UUID
    words: str
    roles: tuple[Ended, ...] = ()
    memberships: tuple[Ended, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Joiner:
    """Who joins, for whom, and what they begin with: a team, a role and an account are each left out when empty."""

    code: str
    given: str
    family: str
    profession: str
    employer: Organisation
    starts_on: date
    prefix: str = ""
    registration: str = ""
    phone: str = ""
    team: Team | None = None
    post: str = ""
    role: str = ""
    username: str = ""


@transaction.atomic
def add_staff(*, place: Place, joiner: Joiner, by: Viewer) -> Practitioner:
    """Add one of the staff with a team, a role and an account; nobody can sign in with it until it has a password.

    Raises NoAccess for a role that keeps no staff, Refused for a code or user name that is taken.
    """
    keeps_staff(by)
    _is_there(joiner.employer, on=joiner.starts_on)
    who = directory.add_practitioner(
        place=place,
        code=joiner.code,
        prefix=joiner.prefix,
        given=joiner.given,
        family=joiner.family,
        profession=joiner.profession,
        registration=joiner.registration,
        phone=joiner.phone,
        employer=joiner.employer,
        origin=f"added by {by.name}" if by.name else "added by hand",
        by=by,
    )
    if joiner.team is not None:
        directory.join_team(
            practitioner=who,
            team=joiner.team,
            employer=joiner.employer,
            post=joiner.post or joiner.profession,
            starts_on=joiner.starts_on,
            by=by,
        )
    if joiner.role:
        add_role(practitioner=who, organisation=joiner.employer, code=joiner.role, starts_on=joiner.starts_on, by=by)
    if joiner.username:
        add_account(username=joiner.username, password=None, practitioner=who, by=by)
    return who


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """From a team to a team, or only out of one, or only into one; `ends_on` is the first day out of the old one."""

    leaves: UUID | None = None
    ends_on: date | None = None
    joins: Team | None = None
    employer: Organisation | None = None
    post: str = ""
    starts_on: date | None = None


@transaction.atomic
def move_staff(*, practitioner: Practitioner, move: Move, by: Viewer) -> Change:
    """Take one of the staff out of a team on a day and into another on a day, both or neither."""
    _may_change(practitioner, by=by)
    changed, words = [], []
    if move.leaves is not None and move.ends_on is not None:
        left = _own(TeamMembership, move.leaves, practitioner)
        changed.append(_end_membership(left, ends_on=move.ends_on, by=by))
        words.append(f"leaves {left.team.name} after {_last_day(move.ends_on)}")
    if move.joins is not None and move.starts_on is not None:
        employer = move.employer or practitioner.employer
        if employer is None:
            raise Refused(f"Say who employs {practitioner.name} in {move.joins.name}.")
        _is_there(employer, on=move.starts_on)
        joined = directory.join_team(
            practitioner=practitioner,
            team=move.joins,
            employer=employer,
            post=move.post or practitioner.profession,
            starts_on=move.starts_on,
            by=by,
        )
        # taken back, it ends on its first day
        changed.append(Ended(joined.pk, was=joined.starts_on, became=joined.ends_on))
        words.append(f"joins {move.joins.name} on {date_words(move.starts_on)}")
    if not changed:
        raise Refused("Choose a team to leave and its last day, a team to join and its first day, or both.")
    said = f"{practitioner.name} {' and '.join(words)}."
    return _written("staff.move", Change(practitioner=practitioner.pk, words=said, memberships=tuple(changed)), by=by)


@transaction.atomic
def give_role(
    *, practitioner: Practitioner, organisation: Organisation, code: str, starts_on: date, by: Viewer
) -> Change:
    """Let one of the staff sign in as something for an organisation from a day."""
    _may_change(practitioner, by=by)
    _is_there(organisation, on=starts_on)
    held = Role.objects.filter(practitioner=practitioner, organisation=organisation, code=code, ends_on=None)
    if held.exists():
        raise Refused(f"{practitioner.name} has this role at {organisation.name} already.")
    role = add_role(practitioner=practitioner, organisation=organisation, code=code, starts_on=starts_on, by=by)
    words = f"{practitioner.name} may sign in as {_role_words(role)} from {date_words(starts_on)}."
    given = Ended(role.pk, was=role.starts_on, became=role.ends_on)
    return _written("staff.role", Change(practitioner=practitioner.pk, words=words, roles=(given,)), by=by)


@transaction.atomic
def end_role_of(*, practitioner: Practitioner, role_id: UUID, ends_on: date, by: Viewer) -> Change:
    """End one role of one of the staff: `ends_on` is the first day on which it can no longer be chosen."""
    _may_change(practitioner, by=by)
    role = _own(Role, role_id, practitioner)
    ended = _end_role(role, ends_on=ends_on, by=by)
    words = f"{practitioner.name} may sign in as {_role_words(role)} until {_last_day(ended.became or ends_on)}."
    return _written("staff.role-end", Change(practitioner=practitioner.pk, words=words, roles=(ended,)), by=by)


@transaction.atomic
def leave(*, practitioner: Practitioner, ends_on: date, by: Viewer) -> Change:
    """End every role and every team of one of the staff: from `ends_on` they can no longer sign in as anything.

    What would have ended later ends now; what would have begun later never does. Refused when nothing is left to end.
    """
    _may_change(practitioner, by=by)
    roles = ending(_rows(Role, practitioner), on=ends_on)
    memberships = ending(_rows(TeamMembership, practitioner), on=ends_on)
    if not (roles or memberships):
        raise Refused(f"{practitioner.name} has no role and no team after {_last_day(ends_on)}: nothing ends.")
    change = Change(
        practitioner=practitioner.pk,
        words=f"{practitioner.name} leaves after {_last_day(ends_on)}: {ending_words(roles, memberships)}.",
        roles=tuple(_end_role(one, ends_on=ends_on, by=by) for one in roles),
        memberships=tuple(_end_membership(one, ends_on=max(ends_on, one.starts_on), by=by) for one in memberships),
    )
    # of whoever leaves on a day to come, the background work does it then
    shut_whoever_left(by=by, practitioner=practitioner.pk)
    return _written("staff.leave", change, by=by)


@transaction.atomic
def take_back(*, change: Change, by: Viewer) -> Practitioner:
    """Take back what was just changed for one of the staff; refused when any of it has been changed again since."""
    keeps_staff(by)
    practitioner = Practitioner.objects.filter(pk=change.practitioner).first()
    if practitioner is None:
        raise NotFound("There is no such practitioner here.")
    _may_change(practitioner, by=by)
    # what began is taken out before what ended comes back: both may be in one team
    for one in sorted(change.memberships, key=lambda one: one.became is not None):
        membership = _own(TeamMembership, one.id, practitioner)
        _as_it_became(membership, one)
        directory.change_end(membership=membership, ends_on=one.was, by=by)
    for one in change.roles:
        role = _own(Role, one.id, practitioner)
        _as_it_became(role, one)
        _change_role_end(role, ends_on=one.was, by=by)
    log(what="staff.undo", by=by, about=practitioner.pk, detail={"undone": change.words})
    return practitioner


# ---- one row at a time


def _may_change(practitioner: Practitioner, *, by: Viewer) -> None:
    keeps_staff(by)
    # nobody gives themselves a role that sees people
    if practitioner.pk == by.id:
        raise Refused(OWN)
    # of two administrators who change the same person at once, the second must see what the first did
    Practitioner.objects.select_for_update().get(pk=practitioner.pk)


def _is_there(organisation: Organisation, *, on: date) -> None:
    if not holds(starts_on=organisation.starts_on, ends_on=organisation.ends_on, on=on):
        raise Refused(f"{organisation.name} is not there on {date_words(on)}.")


def _last_day(ends_on: date) -> str:
    return date_words(ends_on - timedelta(days=1))


def _rows(model: type[Any], practitioner: Practitioner) -> list[Any]:
    related = ("organisation",) if model is Role else ("team",)
    rows = model.objects.select_for_update(of=("self",)).filter(practitioner=practitioner)
    return list(rows.select_related(*related).order_by("starts_on", "id"))


def _own(model: type[Any], pk: UUID, practitioner: Practitioner) -> Any:
    found = next((one for one in _rows(model, practitioner) if one.pk == pk), None)
    if found is None:
        raise NotFound("There is no such role or team of theirs.")
    return found


def _end_membership(membership: TeamMembership, *, ends_on: date, by: Viewer) -> Ended:
    was = membership.ends_on
    if was is None:
        ended = directory.leave_team(membership=membership, ends_on=ends_on, by=by)
    else:
        ended = directory.change_end(membership=membership, ends_on=ends_on, by=by)
    return Ended(ended.pk, was=was, became=ended.ends_on)


def _end_role(role: Role, *, ends_on: date, by: Viewer) -> Ended:
    was = role.ends_on
    if was is None:
        return Ended(role.pk, was=None, became=end_role(role=role, ends_on=ends_on, by=by).ends_on)
    became = max(ends_on, role.starts_on)
    _change_role_end(role, ends_on=became, by=by)
    return Ended(role.pk, was=was, became=became)


def _change_role_end(role: Role, *, ends_on: date | None, by: Viewer) -> None:
    again = Role.objects.filter(
        practitioner=role.practitioner_id, organisation=role.organisation_id, code=role.code, ends_on=None
    )
    if ends_on is None and again.exclude(pk=role.pk).exists():
        raise Refused(f"They have been made {_role_words(role)} again since: end that first.")
    was, role.ends_on = role.ends_on, ends_on
    role.save(update_fields=["ends_on"])
    detail = {"was": was.isoformat() if was else None, "ends_on": ends_on.isoformat() if ends_on else None}
    log(what="role.end-changed", by=by, about=role.pk, detail=detail)
    if ends_on is None or ends_on > day_of(by.at):
        open_again(role.practitioner_id, by=by)


def _as_it_became(row: Any, ended: Ended) -> None:
    if row.ends_on != ended.became:
        raise Refused(CHANGED_SINCE)


def _role_words(role: Role) -> str:
    return f"{ROLE_WORDS[RoleCode(role.code)].lower()} at {role.organisation.name}"


def _written(what: str, change: Change, *, by: Viewer) -> Change:
    log(what=what, by=by, about=change.practitioner, detail={"words": change.words})
    return change
