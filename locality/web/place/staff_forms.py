"""What is typed about staff: read field by field, or told what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from locality.access.actions.postings import Joiner, Move
from locality.access.rules import RoleCode
from locality.directory import queries as directory

DAY_FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d %b %Y", "%d %B %Y")
# nobody's work here began before or ends after; a slip in the year is told, and no calendar runs out
YEARS = range(1950, 2101)
Found = TypeVar("Found")


@dataclass(slots=True)
class Form:
    """A form as it was sent, and what is wrong with it: by field, in words."""

    typed: Mapping[str, str]
    errors: list[tuple[str, str]] = field(default_factory=list)

    def words(self, name: str, *, needed: str = "") -> str:
        """What was typed; `needed` is what to say where nothing was."""
        typed = " ".join(self.typed.get(name, "").split())
        if needed and not typed:
            self.errors.append((name, needed))
        return typed

    def day(self, name: str, *, needed: str = "") -> date | None:
        """The day that was typed, day first or as the browser writes it."""
        typed = self.words(name, needed=needed)
        read = _day(typed)
        if typed and read is None:
            said = f"\u201c{typed}\u201d is not a day: type day, month and year, such as 30/11/2026."
            self.errors.append((name, said))
        return read

    def first_day_after(self, name: str, *, needed: str = "") -> date | None:
        """People type a last day; what is kept is the first day on which it no longer holds."""
        last = self.day(name, needed=needed)
        return last + timedelta(days=1) if last else None

    def chosen(self, name: str, known: Mapping[str, Found], *, needed: str = "") -> Found | None:
        """One of what was offered."""
        typed = self.words(name, needed=needed)
        if typed and typed not in known:
            self.errors.append((name, "Choose one of those in the list."))
        return known.get(typed)


def _day(typed: str) -> date | None:
    for form in DAY_FORMS:
        try:
            read = datetime.strptime(typed, form).date()  # noqa: DTZ007 -- a day, not a moment
        except ValueError:
            continue
        return read if read.year in YEARS else None
    return None


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
