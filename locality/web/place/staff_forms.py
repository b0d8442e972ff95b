"""What is typed about staff."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from locality.access.actions.postings import Joiner, Move
from locality.access.rules import RoleCode
from locality.directory import queries as directory
from locality.web.forms import Form


@dataclass(frozen=True, slots=True)
class Offered:
    """The organisations and teams that a form offers to choose from, by code."""

    organisations: Mapping[str, Any]
    teams: Mapping[str, Any]


def offered(on: date) -> Offered:
    """Those of a day: two queries."""
    return Offered(
        organisations={row.code: row for row in directory.organisations_on(on)},
        teams={row.code: row for row in directory.teams(on)},
    )


def joiner(form: Form, choices: Offered) -> Joiner | None:
    """Who joins; nothing when something is wrong, which the form then says."""
    names = {
        "given": form.words("given", needed="Type the given name."),
        "family": form.words("family", needed="Type the family name."),
        "profession": form.words("profession", needed="Say what they are: district nurse, social worker."),
        "code": form.words("code", needed="Type their staff number, or another code that is theirs alone."),
    }
    employer = form.chosen("employer", choices.organisations, needed="Choose who employs them.")
    starts_on = form.day("starts_on", needed="Type their first day.")
    team = form.chosen("team", choices.teams)
    role = form.chosen("role", {code: code for code in RoleCode})
    others = {name: form.words(name) for name in ("prefix", "registration", "phone", "post", "username")}
    if others["username"] and not role:
        form.errors.append(("role", "Choose what they sign in as, or leave the user name out."))
    if form.errors or employer is None or starts_on is None:
        return None
    return Joiner(**names, **others, employer=employer, starts_on=starts_on, team=team, role=role or "")


def move(form: Form, choices: Offered, *, memberships: Mapping[str, Any]) -> Move | None:
    """From which team to which, and when; nothing when something is wrong, which the form then says."""
    leaves = form.chosen("leaves", memberships)
    joins = form.chosen("joins", choices.teams)
    if not (form.typed.get("leaves") or form.typed.get("joins")):
        form.errors.append(("leaves", "Choose a team to leave, a team to join, or both."))
    ends_on = form.first_day_after("last_day", needed="Type the last day in the team they leave." if leaves else "")
    starts_on = form.day("first_day", needed="Type the first day in the team they join." if joins else "")
    employer = form.chosen("employer", choices.organisations)
    post = form.words("post")
    if form.errors:
        return None
    return Move(
        leaves=leaves.pk if leaves else None,
        ends_on=ends_on,
        joins=joins,
        employer=employer,
        post=post,
        starts_on=starts_on,
    )
