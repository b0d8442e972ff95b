"""What each page of the place answers in its heading, before it shows anything."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from locality.directory.queries import (
    NeighbourhoodOverview,
    OrganisationHistory,
    PlaceOverview,
    PractitionerHistory,
    TeamOfTheDay,
)
from locality.directory.rules import OrganisationKind, holds
from locality.web.place.words import KINDS, listed, numbered
from locality.web.words import counted, short_day


def place(seen: PlaceOverview) -> str:
    """`Smallborough: five neighbourhoods, each with its team, and 25 practices`."""
    divided = seen.neighbourhoods
    if not divided:
        return f"{seen.place.name} is not divided into neighbourhoods yet"
    teams = sum(one.team is not None for one in divided)
    practices = sum(len(one.practices) for one in divided)
    with_teams = "each with its team" if teams == len(divided) > 1 else numbered(teams, "team")
    parts = [numbered(len(divided), "neighbourhood"), f"{with_teams}, and {numbered(practices, 'practice')}"]
    return f"{seen.place.name}: {', '.join(parts)}"


def neighbourhood(one: NeighbourhoodOverview) -> str:
    """`Radcliffe: three practices and three wards, looked after by the Radcliffe neighbourhood team`."""
    holds_ = f"{numbered(len(one.practices), 'practice')} and {numbered(len(one.wards), 'ward')}"
    by = f"looked after by the {one.team.name}" if one.team else "without a team of its own today"
    return f"{one.neighbourhood.name}: {holds_}, {by}"


def organisation(seen: OrganisationHistory, on: date) -> str:
    """What it is today, or who stands in its place."""
    it = seen.organisation
    kind = KINDS[OrganisationKind(it.kind)][0]
    if it.ends_on is None or it.ends_on > on:
        said = "" if kind.casefold() in it.name.casefold() else f": {kind}"
        return f"{it.name}{said}{f', since {short_day(it.starts_on)}' if it.starts_on else ''}"
    standing = [one.name for one in seen.standing]
    ended = f"{it.name} ended on {short_day(it.ends_on - timedelta(days=1))}"
    if not standing:
        return f"{ended}; nobody is said to have taken over"
    return f"{ended}; today {listed(standing)} {'stands' if len(standing) == 1 else 'stand'} in its place"


def team(seen: TeamOfTheDay) -> str:
    """`Radcliffe neighbourhood team: 8 people from 4 organisations`."""
    employers = {member.employer_id for member in seen.members}
    if not employers:
        return f"{seen.team.name}: nobody is listed in it yet"
    people, from_ = counted(len(seen.members), "person", "people"), counted(len(employers), "organisation")
    return f"{seen.team.name}: {people} from {from_}"


def practitioner(seen: PractitionerHistory, now: Sequence[Any]) -> str:
    """`Joanne Fielding, District nurse: in the Radcliffe neighbourhood team`."""
    who = f"{seen.practitioner.name}, {seen.practitioner.profession}"
    return f"{who}: {listed([f'in the {m.team.name}' for m in now])}" if now else f"{who}: in no team today"


def by_employer(members: Sequence[Any]) -> list[tuple[Any, list[Any]]]:
    """Members by who employs them, those of the largest group first."""
    groups: dict[Any, list[Any]] = {}
    for member in members:
        groups.setdefault(member.employer_id, []).append(member)
    found = [(alike[0].employer, alike) for alike in groups.values()]
    return sorted(found, key=lambda one: (-len(one[1]), one[0].name))


def now_and_other(memberships: Sequence[Any], on: date) -> tuple[list[Any], list[Any]]:
    """The teams somebody works in on a day, and those before or after it."""
    now = [one for one in memberships if holds(starts_on=one.starts_on, ends_on=one.ends_on, on=on)]
    return now, [one for one in memberships if one not in now]
