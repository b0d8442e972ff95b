"""Measures worked out over the analytical copy: what was counted, before any of it may be told."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from locality.base import NotFound, Refused
from locality.base.periods import day_of
from locality.directory.pack import pack_folder
from locality.directory.pack.reading import read_table
from locality.population.rules.asking import question, question_at_risk
from locality.population.rules.files import Manifest
from locality.population.rules.measures import AT_RISK, FOLDER, By, Kind, Measure, read_measures
from locality.population.rules.telling import BEFORE, NOW, Counting

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """A measure as counted. Not for telling: see rules.telling.

    groups: by base ('now' the twelve months to `until`, 'before' the twelve before them), way of parting ('' for none)
    and group.
    """

    measure: Measure
    since: date
    until: date
    groups: Mapping[tuple[str, str], Mapping[str, Counting]]
    left_out: int


def measures(*, place: str = "") -> dict[str, Measure]:
    """Every measure, those of the place's pack beside those of all places, by id."""
    folder = pack_folder(place)
    known = {**general_measures(), **read_measures(folder / "measures")}
    promised: dict[str, list[tuple[str, str]]] = {}
    for row in read_table("promises", folder):
        promised.setdefault(row["measure"], []).append((row["promise"], row["origin"]))
    return {name: replace(one, promises=tuple(promised.get(name, ()))) for name, one in sorted(known.items())}


@dataclass(frozen=True, slots=True)
class Published:
    """One published series of the real place: the period with the place's, the region's and England's figure.

    apart: in what it differs from the measure beside which it stands; '' where it is the same.
    """

    name: str
    unit: str
    apart: str
    origin: str
    rows: tuple[tuple[str, Decimal, Decimal | None, Decimal | None], ...]


def published(*, place: str = "") -> dict[str, list[Published]]:
    """What is published of the real place beside each measure, by the measure's id, oldest period first."""
    held: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in read_table("published", pack_folder(place)):
        held.setdefault((row["measure"], row["name"]), []).append(row)
    found: dict[str, list[Published]] = {}
    for (name, called), rows in held.items():
        figures = tuple((row["period"], row["place"], row["region"], row["england"]) for row in rows)
        one = Published(called, rows[0]["unit"], rows[0]["apart"], rows[0]["origin"], figures)
        found.setdefault(name, []).append(one)
    return found


@cache
def known_here(place: str) -> tuple[Mapping[str, Measure], Mapping[str, list[Published]], list[tuple[str, str]]]:
    """The measures, what is published beside them, and the kinds of contact: of a pack that stays as it is."""
    return measures(place=place), published(place=place), kinds_of_contact(place=place)


@cache
def general_measures() -> Mapping[str, Measure]:
    """The measures that every place has."""
    return read_measures(FOLDER)


def measure(name: str, *, place: str = "") -> Measure:
    """One measure by its id; NotFound names those that are near."""
    known = measures(place=place)
    if name not in known:
        near = [one for one in known if set(name.split("-")) & set(one.split("-"))] or list(known)
        raise NotFound(f"There is no measure '{name}'. Near it: {', '.join(near)}.")
    return known[name]


def last_whole_month(copied: Manifest) -> date:
    """Up to which day a copy is told of: the month in which it was made is not over."""
    return day_of(datetime.fromisoformat(copied.made_at)).replace(day=1)


def kinds_of_contact(*, place: str | Path = "") -> list[tuple[str, str]]:
    """What each service's own words for a contact mean, as the place's pack says: (class, kind)."""
    rows = read_table("contact-kinds", pack_folder(place))
    return sorted((row["class"], row["kind"]) for row in rows)


NOTHING = "The copy holds nothing that it counts, in two years: no source sends it, or there was none."


def why_not(one: Measure, kinds: list[tuple[str, str]]) -> str:
    """Why a measure is not computed here, in a sentence; '' where it is."""
    missing = sorted(set(one.needs) - {group for group, _ in kinds})
    if one.not_computed or not missing:
        return one.not_computed
    return f"No service's contacts are known here as {', '.join(missing)}: the pack's contact-kinds say which are."


@dataclass(slots=True)
class Counter:
    """Counts measures over one open copy, for the twelve months to `until` and the twelve before.

    Who opted out is in no table that steps read. Who is at risk is worked out once for all measures that ask the same.
    """

    duck: duckdb.DuckDBPyConnection
    until: date
    kinds: list[tuple[str, str]]
    at_risk: dict[str, list[Row]] = field(default_factory=dict)

    def count(self, one: Measure) -> Counted:
        """One measure; Refused, with the reason, where it is not computed."""
        if reason := why_not(one, self.kinds):
            raise Refused(f"{one.name} is not computed. {reason}")
        since = self.until.replace(year=self.until.year - 2)
        rows = self.duck.execute(question(one, since=since, until=self.until, kinds=self.kinds)).fetchall()
        groups = _grouped([*rows, *self._at_risk(one, since)])
        if not any(groups.get((base, ""), {}).get("", Counting()).n for base in (NOW, BEFORE)):
            raise Refused(f"{one.name} is not computed. {NOTHING}")
        asked = "select count(*) from people where opted_out and not died"
        (left_out,) = self.duck.execute(asked).fetchone() or (0,)
        return Counted(one, since, self.until, groups, left_out)

    def _at_risk(self, one: Measure, since: date) -> list[Row]:
        if one.kind is not Kind.RATE:
            return []
        asked = question_at_risk(one, since=since, until=self.until, kinds=self.kinds)
        name = _what_it_reads(one) + str((one.by, one.standardised))
        if name not in self.at_risk:
            self.at_risk[name] = self.duck.execute(asked).fetchall()
        return self.at_risk[name]


def _what_it_reads(one: Measure) -> str:
    """The step that says who is at risk, with those before it where it reads any: the same words, the same people."""
    at = next(at for at, step in enumerate(one.steps) if step.name == AT_RISK)
    own, before = one.steps[at].sql, one.steps[:at]
    return "\n".join([*(step.sql for step in before), own]) if any(step.name in own for step in before) else own


def count(duck: duckdb.DuckDBPyConnection, one: Measure, *, until: date, kinds: list[tuple[str, str]]) -> Counted:
    """Work one measure out; see Counter."""
    return Counter(duck, until, kinds).count(one)


def _grouped(rows: list[Row]) -> dict[tuple[str, str], dict[str, Counting]]:
    held: dict[tuple[str, str], dict[str, dict[str, object]]] = {}
    for base, by, part, band, banded, *figures in rows:
        group = held.setdefault((str(base), str(by)), {}).setdefault(str(part), {"bands": {}})
        told = dict(zip(("n", "met", "people", "total", "squares", "median", "months"), figures, strict=True))
        if banded:
            _add_band(group["bands"], band, told)
        else:
            group.update({name: figure for name, figure in told.items() if figure is not None})
    return {
        key: {part: Counting(**group) for part, group in sorted(groups.items())}  # type: ignore[arg-type]
        for key, groups in sorted(held.items())
    }


def _add_band(bands: object, band: object, told: Mapping[str, object]) -> None:
    assert isinstance(bands, dict)
    if band is not None:
        events, months = bands.get(band, (0, 0))
        bands[band] = (events + int(told["n"] or 0), months + int(told["months"] or 0))  # type: ignore[call-overload]


def by_of(name: str, one: Measure) -> By:
    """A way of parting by its name; Refused where the measure is not parted so."""
    if name not in set(one.by):
        raise Refused(f"{one.name} is told by {', '.join(one.by) or 'nothing'}, not by {name}.")
    return By(name)
