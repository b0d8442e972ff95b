"""Staff in bulk, from an employer's list: who joins, who moves, who leaves, and what each may sign in as.

A person's lines together say all that they do for the employers that the list speaks for. What is loaded and stands in
none of them any more has ended: nobody keeps the people of a team that they have left. Whoever is not in the list at
all is left alone, and so is what people do for employers that the list does not name.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from locality.access.actions.accounts import add_account, add_role, end_role
from locality.access.models import Account, Role
from locality.access.queries.staff import keeps_staff
from locality.access.rules import RoleCode
from locality.base import Refused, Viewer
from locality.base.periods import day_of
from locality.base.words import date_words
from locality.directory import actions as directory
from locality.directory.actions.packs import one_loader_at_a_time
from locality.directory.models import Organisation, Place, Practitioner, Team, TeamMembership
from locality.directory.pack import OF_THE_PERSON, Row, StaffLine, read_staff
from locality.directory.pack.rows import csv_rows, file_text, meant
from locality.directory.pack.staff import STAFF
from locality.directory.queries import place as the_place
from locality.directory.rules import Spell, changed_spells
from locality.journal.actions import log

# called after each person, with how many of how many are done
Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A line that was not taken, why, in a sentence with its file and line, and the line as it was sent."""

    line: int
    code: str
    reason: str
    sent: Mapping[str, str]


@dataclass(slots=True)
class StaffLoaded:
    """What a list of staff did: people by their codes, and the lines that were refused. Again, and nothing changes."""

    file: str
    lines: int = 0
    joined: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How many people of each, and how many lines were refused."""
        return {
            word: len(getattr(self, word)) for word in ("joined", "moved", "left", "changed", "unchanged", "refused")
        }

    @property
    def sentence(self) -> str:
        """What was done, for a person."""
        people = [f"{many:,} {word}" for word, many in self.counts.items() if many and word != "refused"]
        refused = f" {_lines(len(self.refused))} refused." if self.refused else ""
        return f"{_lines(self.lines)} read: {', '.join(people) or 'nobody'}.{refused}"


def _lines(many: int) -> str:
    return f"{many:,} line{'s' if many != 1 else ''}"


@dataclass(frozen=True, slots=True)
class _Known:
    """What lines may name, and what is loaded of the people they are about."""

    place: Place
    on: date
    speaks_for: set[str]
    organisations: dict[str, Organisation]
    teams: dict[str, Team]
    practitioners: dict[str, Practitioner]
    memberships: dict[Any, list[TeamMembership]]
    roles: dict[Any, list[Role]]
    accounts: dict[Any, Account]


class _LineRefused(Refused):
    def __init__(self, row: Row, reason: str):
        super().__init__(reason)
        self.row = row


@transaction.atomic
def load_practitioners(
    *, path: Path, by: Viewer, place: str = "", trial: bool = False, tell: Tell = lambda done, of: None
) -> StaffLoaded:
    """Load a list of staff (CSV): add who joins, move who moves, end who leaves. Safe to repeat.

    A line that cannot be taken is refused with its reason, and all lines of that person with it; everybody else is
    loaded. A `trial` says what loading would do, and changes nothing. Raises NoAccess for a role that keeps no staff,
    PackFaults when the file or its heading cannot be read, NotFound when there is none.
    """
    keeps_staff(by)
    lines = read_staff(path)
    sent = _as_sent(path)
    one_loader_at_a_time()
    loaded = StaffLoaded(file=str(path), lines=len(lines))
    people: dict[str, list[StaffLine]] = {}
    for number, line in enumerate(lines):
        # a line that does not even say whose it is stands alone
        people.setdefault(line.row.values["code"] or f"?{number}", []).append(line)
    employers = {str(line.row.values.get("employer", "")) for line in lines}
    known = _known(the_place(place), on=day_of(by.at), codes=list(people), speaks_for=employers)
    for done, (code, of_person) in enumerate(people.items(), start=1):
        try:
            _refuse_oneself(of_person, known, by=by)
            _refuse_what_cannot_be_read(of_person, known)
            outcome = _load([line.row for line in of_person], known=known, by=by)
            getattr(loaded, outcome).append(code)
        except _LineRefused as refused:
            loaded.refused += _refused_rows(of_person, refused, sent=sent)
        tell(done, len(people))
    detail = {"file": path.name, "lines": loaded.lines, **loaded.counts}
    log(what="staff.load", by=by, about=known.place.pk, detail=detail)
    if trial:
        transaction.set_rollback(True)
    return loaded


def _as_sent(path: Path) -> dict[int, Mapping[str, str]]:
    """Each line by its number, as it was written: what is refused is shown as its sender knows it."""
    shown, known = str(path), [column.name for column in STAFF]
    return {row.line: row.values for row in csv_rows(file_text(path, shown=shown), shown=shown, known=known)}


def _known(place: Place, *, on: date, codes: list[str], speaks_for: set[str]) -> _Known:
    practitioners = Practitioner.objects.filter(place=place, code__in=codes).select_related("place", "employer")
    ids = [row.pk for row in practitioners]
    memberships = TeamMembership.objects.filter(practitioner__in=ids, employer__code__in=speaks_for)
    roles = Role.objects.filter(practitioner__in=ids, organisation__code__in=speaks_for)
    return _Known(
        place=place,
        on=on,
        speaks_for=speaks_for,
        organisations={row.code: row for row in Organisation.objects.filter(place=place)},
        teams={row.code: row for row in Team.objects.filter(place=place)},
        practitioners={row.code: row for row in practitioners},
        memberships=_by_practitioner(memberships.select_related("team", "employer")),
        roles=_by_practitioner(roles.select_related("organisation")),
        accounts={row.practitioner_id: row for row in Account.objects.filter(practitioner__in=ids)},
    )


def _by_practitioner(rows: Any) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = {}
    for row in rows:
        found.setdefault(row.practitioner_id, []).append(row)
    return found


# ---- what cannot be read


def _refuse_oneself(lines: Sequence[StaffLine], known: _Known, *, by: Viewer) -> None:
    # nobody gives themselves a role that sees people
    practitioner = known.practitioners.get(lines[0].row.values["code"])
    if practitioner is not None and practitioner.pk == by.id:
        row = lines[0].row
        raise _LineRefused(row, row.fault("this is you: another administrator loads your own lines"))


def _refuse_what_cannot_be_read(lines: Sequence[StaffLine], known: _Known) -> None:
    first = lines[0].row
    for line in lines:
        row = line.row
        if line.faults:
            raise _LineRefused(row, line.faults[0])
        for name in OF_THE_PERSON:
            mine, theirs = row.values[name], first.values[name]
            if mine != theirs:
                words = f"'{name}' is {mine!r} here and {theirs!r} on line {first.line}: write the same in both"
                raise _LineRefused(row, row.fault(words))
        _refuse_what_names_nothing(row, known)


def _refuse_what_names_nothing(row: Row, known: _Known) -> None:
    values = row.values
    for name, codes in (("employer", known.organisations), ("team", known.teams), ("role", list(RoleCode))):
        named = values[name]
        if named and named not in codes:
            near = meant(named, codes) if len(codes) < 20 or name == "role" else ", which the pack does not have"
            raise _LineRefused(row, row.fault(f"'{name}' names {named}{near}"))
    employer = known.organisations[values["employer"]]
    if values["ends_on"] is None and employer.ends_on is not None and employer.ends_on <= known.on:
        over = f"{employer.name} is over since {date_words(employer.ends_on)}"
        raise _LineRefused(row, row.fault(f"{over}: write who employs them now, or the day on which this ended"))


def _refused_rows(
    lines: Sequence[StaffLine], refused: _LineRefused, *, sent: Mapping[int, Mapping[str, str]]
) -> Iterator[RefusedRow]:
    for line in lines:
        row = line.row
        if row.line == refused.row.line:
            why = str(refused)
        elif line.faults:
            why = line.faults[0]
        else:
            why = row.fault(f"not taken, since line {refused.row.line} of the same person was refused")
        yield RefusedRow(row.line, row.values["code"], why, sent[row.line])


# ---- one person


@dataclass(frozen=True, slots=True)
class _Plan:
    """What has to be done for one person; nothing, for most people in a list that is loaded again."""

    rows: Sequence[Row]
    practitioner: Practitioner | None
    details: dict[str, str]
    employer: Organisation
    corrects: bool
    teams: tuple[list[Spell], list[tuple[Spell, date]]]
    roles: tuple[list[Spell], list[tuple[Spell, date]]]
    account: Row | None

    @property
    def moves(self) -> bool:
        return any((*self.teams, *self.roles))


def _plan(rows: Sequence[Row], known: _Known) -> _Plan:
    # whoever employs them for what they still do, else for what they did
    now = next((row for row in rows if row.values["ends_on"] is None), rows[0])
    practitioner = known.practitioners.get(rows[0].values["code"])
    details = {name: rows[0].values[name] for name in OF_THE_PERSON if rows[0].values[name]}
    employer = known.organisations[now.values["employer"]]
    if practitioner and practitioner.employer and practitioner.employer.code not in known.speaks_for:
        employer = practitioner.employer  # of two employers, each with a list of its own, the first stays the main one
    corrects = practitioner is not None and (
        practitioner.employer_id != employer.pk
        or any(getattr(practitioner, name) != words for name, words in details.items())
    )
    pk = practitioner.pk if practitioner else None
    teams = [_spell(row, row.values["team"], row.values["employer"], _post(row)) for row in rows if row.values["team"]]
    roles: dict[tuple[str, ...], Spell] = {}
    for row in (row for row in rows if row.values["role"]):
        spell = _spell(row, row.values["employer"], row.values["role"])
        roles[spell.key] = spell.joined_with(roles.get(spell.key))
    return _Plan(
        rows=rows,
        practitioner=practitioner,
        details=details,
        employer=employer,
        corrects=corrects,
        teams=changed_spells(said=teams, held=[_held_team(one) for one in known.memberships.get(pk, [])], on=known.on),
        roles=changed_spells(
            said=list(roles.values()), held=[_held_role(one) for one in known.roles.get(pk, [])], on=known.on
        ),
        account=_account_wanted(rows, held=known.accounts.get(pk)),
    )


def _account_wanted(rows: Sequence[Row], *, held: Account | None) -> Row | None:
    row = next((row for row in rows if row.values["username"]), None)
    if row is None or held is None:
        return row
    if held.username != row.values["username"].casefold():
        raise _LineRefused(row, row.fault(f"they sign in as {held.username} already: write that, or leave it blank"))
    return None


def _load(rows: Sequence[Row], *, known: _Known, by: Viewer) -> str:
    plan = _plan(rows, known)
    if plan.practitioner and not (plan.corrects or plan.moves or plan.account):
        return "unchanged"
    with transaction.atomic():
        practitioner = plan.practitioner or _add(plan, known=known, by=by)
        if plan.corrects:
            directory.change_practitioner(
                practitioner=practitioner, details=plan.details, employer=plan.employer, by=by
            )
        _change_teams(practitioner, plan, known=known, by=by)
        _change_roles(practitioner, plan, known=known, by=by)
        if plan.account:
            with _of(plan.account):
                username = plan.account.values["username"]
                add_account(username=username, password=None, practitioner=practitioner, by=by)
    if plan.practitioner is None:
        return "joined"
    if not plan.moves:
        return "changed"
    return "moved" if _still_here(practitioner) else "left"


def _add(plan: _Plan, *, known: _Known, by: Viewer) -> Practitioner:
    first = plan.rows[0]
    with _of(first):
        return directory.add_practitioner(
            place=known.place,
            code=first.values["code"],
            employer=plan.employer,
            origin=Path(first.file).name,
            by=by,
            **plan.details,
        )


def _still_here(practitioner: Practitioner) -> bool:
    teams = TeamMembership.objects.filter(practitioner=practitioner, ends_on=None)
    return teams.exists() or Role.objects.filter(practitioner=practitioner, ends_on=None).exists()


def _change_teams(practitioner: Practitioner, plan: _Plan, *, known: _Known, by: Viewer) -> None:
    begin, end = plan.teams
    # what ends makes room for what begins in the same team
    for gone, ends_on in end:
        directory.leave_team(membership=gone.row, ends_on=ends_on, by=by)
    for spell in begin:
        team, employer, post = spell.key
        with _of(spell.row):
            directory.join_team(
                practitioner=practitioner,
                team=known.teams[team],
                employer=known.organisations[employer],
                post=post,
                starts_on=spell.starts_on,
                ends_on=spell.ends_on,
                by=by,
            )


def _change_roles(practitioner: Practitioner, plan: _Plan, *, known: _Known, by: Viewer) -> None:
    begin, end = plan.roles
    for gone, ends_on in end:
        end_role(role=gone.row, ends_on=ends_on, by=by)
    for spell in begin:
        employer, code = spell.key
        with _of(spell.row):
            add_role(
                practitioner=practitioner,
                organisation=known.organisations[employer],
                code=code,
                starts_on=spell.starts_on,
                ends_on=spell.ends_on,
                by=by,
            )


def _held_team(one: TeamMembership) -> Spell:
    return Spell(
        key=(one.team.code, one.employer.code, one.post), starts_on=one.starts_on, ends_on=one.ends_on, row=one
    )


def _held_role(one: Role) -> Spell:
    return Spell(key=(one.organisation.code, one.code), starts_on=one.starts_on, ends_on=one.ends_on, row=one)


def _spell(row: Row, *key: str) -> Spell:
    return Spell(key=key, starts_on=row.values["starts_on"], ends_on=row.values["ends_on"], row=row)


def _post(row: Row) -> str:
    return row.values["post"] or row.values["profession"]


@contextmanager
def _of(row: Row) -> Iterator[None]:
    """What an action refuses, it refuses of this line."""
    try:
        yield
    except Refused as refused:
        raise _LineRefused(row, row.fault(str(refused))) from refused
