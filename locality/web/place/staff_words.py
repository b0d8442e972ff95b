"""What staff do, in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from locality.access.queries.staff import ENDS_SOON_DAYS, Asked, Here, Member, Staff
from locality.access.rules import ROLE_WORDS, RoleCode
from locality.web.place.words import inside, listed
from locality.web.words import counted, short_day

SOON = f"within {ENDS_SOON_DAYS // 7} weeks"


@dataclass(frozen=True, slots=True)
class Line:
    """One of the staff, as a line of the list."""

    practitioner: Any
    employer: str
    teams: tuple[str, ...]
    roles: tuple[str, ...]
    tag: str
    tag_kind: str


def answer(found: Staff, asked: Asked) -> str:
    """How many there are, and of what kind, in one sentence."""
    of = f" answering to \u201c{asked.words}\u201d" if asked.words else ""
    if not found.total:
        return f"Nobody{of or ' on the list'}{_narrowed(asked)}"
    people = counted(found.total, "person", "people")
    one = found.total == 1
    if asked.ends_soon:
        return f"{people}{of} {'has' if one else 'have'} a role or team that ends {SOON}"
    if asked.here == Here.LEFT:
        return f"{people}{of} {'has' if one else 'have'} left"
    if asked.here == Here.ALL:
        return f"{people}{of} on the list, here or left"
    return f"{people}{of} {'works' if one else 'work'} here"


def _narrowed(asked: Asked) -> str:
    if asked.employer or asked.team or asked.ends_soon or asked.here != Here.ALL:
        return ", with these choices"
    return ""


def chosen(asked: Asked) -> str:
    """Which part of the list this is, for paper."""
    parts = [
        f"words: {asked.words}" if asked.words else "",
        f"employer: {asked.employer}" if asked.employer else "",
        f"team: {asked.team}" if asked.team else "",
        f"ending {SOON}" if asked.ends_soon else "",
        {Here.HERE: "those who are here", Here.LEFT: "those who have left", Here.ALL: "here or left"}[asked.here],
    ]
    said = "; ".join(part for part in parts if part)
    return said[:1].upper() + said[1:]


def lines(members: Iterable[Member], on: date) -> list[Line]:
    """The list, line by line."""
    return [_line(one, on) for one in members]


def _line(one: Member, on: date) -> Line:
    who = one.practitioner
    memberships = [row for row in one.memberships if row.ends_on is None or row.ends_on > on]
    roles = [row for row in one.roles if row.ends_on is None or row.ends_on > on]
    tag, kind = _tag(one, on)
    return Line(
        practitioner=who,
        employer=(who.employer.short_name or who.employer.name) if who.employer else "Not said",
        teams=tuple(f"{row.team.name}{_when(row, on)}" for row in memberships),
        roles=tuple(f"{ROLE_WORDS[RoleCode(row.code)]}{_at(row, who)}{_when(row, on)}" for row in roles),
        tag=tag,
        tag_kind=kind,
    )


def _at(role: Any, who: Any) -> str:
    """Where a role is held, when not with the main employer."""
    if role.organisation_id == who.employer_id:
        return ""
    return f" at {role.organisation.short_name or role.organisation.name}"


def _when(row: Any, on: date) -> str:
    starts = f"from {short_day(row.starts_on)}" if row.starts_on > on else ""
    ends = f"until {_last(row.ends_on)}" if row.ends_on else ""
    said = " ".join(part for part in (starts, ends) if part)
    return f" ({said})" if said else ""


def _tag(one: Member, on: date) -> tuple[str, str]:
    left, ends = one.left_on(on), one.ends_on(on)
    if left is not None:
        return f"Left after {_last(left)}", "quiet"
    if ends is not None and ends <= on + timedelta(days=ENDS_SOON_DAYS):
        return f"Ends {_last(ends)}", "caution"
    if not one.held(on):
        return "No role, no team", "info"
    return "", ""


def _last(ends_on: date) -> str:
    """The last day, as people say it, of what ends on a day."""
    return short_day(ends_on - timedelta(days=1))


def member_answer(one: Member, on: date) -> str:
    """`Joanne Fielding, District nurse: signs in as Clinician; in the Radcliffe team`."""
    who = f"{one.practitioner.name}, {one.practitioner.profession}"
    left = one.left_on(on)
    if left is not None:
        return f"{who}: left after {_last(left)}"
    line = _line(one, on)
    signs_in = f"signs in as {listed([inside(role) for role in line.roles])}" if line.roles else "does not sign in"
    teams = f"in the {listed(line.teams)}" if line.teams else "in no team"
    return f"{who}: {signs_in}; {teams}"


def now_and_other(one: Member, on: date) -> tuple[list[Any], list[Any]]:
    """What they do or will do, and what is over: roles before teams."""
    now = one.held(on)
    return now, [row for row in one.rows if row not in now]


def role_choices() -> Sequence[tuple[str, str]]:
    """Every role with its words, for choosing from."""
    return [(str(code), words) for code, words in ROLE_WORDS.items()]
