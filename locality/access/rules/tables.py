"""Reading `tables.toml`: once, and only if every cell of it is there and makes sense."""

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from locality.access.rules.kinds import PERSON, PROXY, Action, Answer, DataClass, Factor, Relation, RoleCode

FILE = Path(__file__).with_name("tables.toml")

LETTERS = {"H": Answer.HIDE, "M": Answer.MASK, "A": Answer.ASK, "R": Answer.REDACT, "P": Answer.PERMIT}
ROLES = (*RoleCode, PERSON, PROXY)
# what the table of relations calls them
RELATIONS = {one.name.lower(): one for one in Relation}
RELATION_CLASSES = tuple(DataClass)[:9]
MARKS = (
    *("label_R", "label_V", "seal_sealed", "seal_locked", "dissent", "address", "prior", "conflict", "purpose"),
    *("scope", "second_factor", "action", "deceased", "limits"),
)
# what an override may ever lift, whatever the file says
LIFTABLE = (Factor.RELATION, Factor.DISSENT, Factor.LABEL, Factor.SEAL)
LISTS: dict[str, Collection[str]] = {
    "told_of_safeguarding": ROLES,
    "export": ROLES,
    "write": RELATIONS,
    "write_plan": RELATIONS,
    "contact": RELATIONS,
    "decide": RELATIONS,
    "prior_identity": ROLES,
    "names_proxies": ROLES,
    "releases_safeguarding": ROLES,
    "releases_restricted": ROLES,
    "second_factor": tuple(Action),
}
# breaking the glass is for hours, whatever the file says; the database holds it too
MOST_HOURS = 3
SECTIONS = ("roles", "relations", "marks", "break_glass", "lists", "proxies")


class TableError(ValueError):
    """The tables are not as they must be: where, and what to write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """The tables as they were read. Keys of roles are role codes, and `person` and `proxy`."""

    roles: Mapping[str, Mapping[DataClass, Answer]]
    relations: Mapping[Relation, Mapping[DataClass, Answer]]
    marks: Mapping[str, Answer]
    lifts: frozenset[Factor]
    lifts_seal: frozenset[str]
    may_ask: frozenset[str]
    longest_hours: int
    lists: Mapping[str, frozenset[str]]
    parent_until_age: int


@dataclass(frozen=True, slots=True)
class _Reading:
    """A file being read: its text, for saying where a mistake stands."""

    name: str
    text: str
    told: Mapping[str, Any]

    def wrong(self, section: str, key: str, write: str) -> TableError:
        number = self._line(section, key)
        return TableError(f"{self.name}, line {number}, [{section}] {key}: {write}")

    def _line(self, section: str, key: str) -> int:
        """Where a key stands; where its section begins if it is missing; the last line if that is missing too."""
        lines = self.text.splitlines()
        begins = next((number for number, one in enumerate(lines, 1) if one.strip() == f"[{section}]"), len(lines))
        for number, one in enumerate(lines[begins:], begins + 1):
            if one.startswith("["):
                break
            if one.partition("=")[0].strip() == key:
                return number
        return begins

    def section(self, section: str, keys: Iterable[str]) -> dict[str, Any]:
        """A section with exactly these keys."""
        found, wanted = self.told.get(section, {}), list(keys)
        for key in found:
            if key not in wanted:
                raise self.wrong(section, key, f"nobody knows this. Write one of: {', '.join(wanted)}.")
        for key in wanted:
            if key not in found:
                raise self.wrong(section, key, f'this is missing. Write a line that begins: {key} = "')
        return found

    def answers(self, section: str, key: str, words: Any, *, of: int) -> list[Answer]:
        cells = words.split() if isinstance(words, str) else []
        if len(cells) != of or not set(cells) <= set(LETTERS):
            letters = ", ".join(LETTERS)
            raise self.wrong(section, key, f"write {of} of the letters {letters}, in quotation marks, a space between.")
        return [LETTERS[cell] for cell in cells]

    def names(self, section: str, key: str, words: Any, *, among: Collection[str]) -> frozenset[str]:
        cells = words.split() if isinstance(words, str) else [""]
        if unknown := [cell for cell in cells if cell not in among]:
            known = ", ".join(str(name) for name in among)
            raise self.wrong(section, key, f"{unknown[0]!r} is not known. Write some of: {known}.")
        return frozenset(cells)

    def number(self, section: str, key: str, found: Any, *, least: int, most: int) -> int:
        if type(found) is not int or not least <= found <= most:
            raise self.wrong(section, key, f"write a whole number from {least} to {most}.")
        return found


def read_tables(*, text: str, name: str) -> Tables:
    """The tables in a text; raises TableError with the line and what to write where anything is missing or unknown."""
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise TableError(f"{name} cannot be read: {fault}.") from fault
    reading = _Reading(name, text, told)
    for section in told:
        if section not in SECTIONS:
            raise reading.wrong(section, "", f"there is no such section. The sections are: {', '.join(SECTIONS)}.")
    lifting = reading.section("break_glass", ("lifts", "lifts_seal", "may_ask", "longest_hours"))
    lists = reading.section("lists", LISTS)
    age = reading.section("proxies", ("parent_until_age",))["parent_until_age"]
    lifts = reading.names("break_glass", "lifts", lifting["lifts"], among=LIFTABLE)
    hours = lifting["longest_hours"]
    return Tables(
        roles=_grid(reading, "roles", {str(role): str(role) for role in ROLES}, tuple(DataClass)),
        relations=_grid(reading, "relations", RELATIONS, RELATION_CLASSES),
        marks=_marks(reading),
        lifts=frozenset(Factor(one) for one in lifts),
        lifts_seal=reading.names("break_glass", "lifts_seal", lifting["lifts_seal"], among=tuple(RoleCode)),
        may_ask=reading.names("break_glass", "may_ask", lifting["may_ask"], among=tuple(RoleCode)),
        longest_hours=reading.number("break_glass", "longest_hours", hours, least=1, most=MOST_HOURS),
        lists={key: reading.names("lists", key, lists[key], among=among) for key, among in LISTS.items()},
        parent_until_age=reading.number("proxies", "parent_until_age", age, least=0, most=18),
    )


def _grid(reading: _Reading, section: str, rows: Mapping[str, Any], columns: tuple[DataClass, ...]) -> dict[Any, Any]:
    found = reading.section(section, ("columns", *rows))
    if not isinstance(found["columns"], str) or tuple(found["columns"].split()) != columns:
        raise reading.wrong(section, "columns", f"write: {' '.join(columns)}.")
    return {
        row: dict(zip(columns, reading.answers(section, key, found[key], of=len(columns)), strict=True))
        for key, row in rows.items()
    }


def _marks(reading: _Reading) -> dict[str, Answer]:
    found = reading.section("marks", MARKS)
    return {key: reading.answers("marks", key, words, of=1)[0] for key, words in found.items()}


TABLES = read_tables(text=FILE.read_text(encoding="utf-8"), name=FILE.name)
BY_ROLE = TABLES.roles
BY_RELATION = TABLES.relations
BY_MARK = TABLES.marks
