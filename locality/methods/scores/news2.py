"""National Early Warning Score 2: seven observations at one moment, 0 to 20 points.

Royal College of Physicians. National Early Warning Score (NEWS) 2: standardising the assessment of acute-illness
severity in the NHS. London 2017. Oxygen scale 2 is only for people in whom a clinician has set a target of 88 to 92%.
Not for children under 16, nor in pregnancy. The table is in `data/news2.toml`.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

TABLE = tomllib.loads((Path(__file__).parent / "data" / "news2.toml").read_text(encoding="utf-8"))
STEPS: Mapping[str, list[list[float]]] = TABLE["steps"]
MEASURED = ("resp_rate", "spo2", "systolic", "pulse", "temperature")
PARTS = ("resp_rate", "spo2", "on_oxygen", "systolic", "pulse", "consciousness", "temperature")
HIGHEST = 20
MEDIUM, HIGH, ALONE = 5, 7, 3  # points from which a risk is medium and high, and of one part that is noticed alone
SCORED = "news2_scored"


@dataclass(frozen=True, slots=True)
class Observations:
    """What was measured at one moment; None is not measured. Pressure in mmHg, temperature in °C, spo2 in percent."""

    resp_rate: float | None = None
    spo2: float | None = None
    on_oxygen: bool | None = None
    systolic: float | None = None
    pulse: float | None = None
    consciousness: str | None = None  # A, C, V, P or U
    temperature: float | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One observation, and its points."""

    name: str
    value: Any
    points: int

    @property
    def words(self) -> str:
        """In words a person could be told."""
        value = {True: "yes", False: "no"}.get(self.value, self.value) if self.name == "on_oxygen" else self.value
        return f"{TABLE['words'][self.name]}: {value} ({self.points} {'point' if self.points == 1 else 'points'})"


@dataclass(frozen=True, slots=True)
class News2:
    """The total and the risk it means; neither is told while an observation is missing or cannot be."""

    total: int | None
    risk: str | None
    parts: tuple[Part, ...]
    missing: tuple[str, ...]


def news2(*, observations: Observations, scale: int = 1) -> News2:
    """The score of one moment, by oxygen scale 1 or 2; ValueError for another scale."""
    points = {name: _points(name, observations, scale) for name in PARTS}
    missing = tuple(name for name, many in points.items() if many is None)
    parts = tuple(Part(name, getattr(observations, name), many) for name, many in points.items() if many is not None)
    if missing:
        return News2(None, None, parts, missing)
    total = sum(one.points for one in parts)
    return News2(total, _risk(total, max(one.points for one in parts)), parts, ())


def _points(name: str, observations: Observations, scale: int) -> int | None:
    value = getattr(observations, name)
    if value is None:
        return None
    if name == "on_oxygen":
        return int(TABLE["on_oxygen"]["points"]) if value else 0
    if name == "consciousness":
        found = TABLE["consciousness"].get(str(value).strip().upper())
        return None if found is None else int(found)
    low, high = TABLE["possible"][name]
    if not low <= value <= high:
        return None
    steps = _oxygen_steps(scale, observations.on_oxygen) if name == "spo2" else name
    return None if steps is None else next(int(many) for up_to, many in STEPS[steps] if value <= up_to)


def _oxygen_steps(scale: int, on_oxygen: bool | None) -> str | None:
    if scale not in (1, 2):
        raise ValueError(f"there are oxygen scales 1 and 2, not {scale}")
    if scale == 1:
        return "spo2"
    return None if on_oxygen is None else f"spo2_scale_2_on_{'oxygen' if on_oxygen else 'air'}"


def _risk(total: int, highest: int) -> str:
    if total >= HIGH:
        return "high"
    if total >= MEDIUM:
        return "medium"
    return "low-medium" if highest == ALONE else "low"


def score_observations(*, engine: "duckdb.DuckDBPyConnection", rows: str) -> None:
    """Make the table `news2_scored`: id, total and risk, and NAME_points of each observation.

    `rows` is a query of id, scale (1 or 2) and the observations by the names of `Observations`.
    """
    points = ", ".join(f"{sql} as {name}_points" for name, sql in _points_sql().items())
    total = " + ".join(f"{name}_points" for name in PARTS)
    highest = f"greatest({', '.join(f'{name}_points' for name in PARTS)})"
    engine.execute(
        f"create or replace temp table {SCORED} as"
        f" with points as (select id, {points} from ({rows})),"
        f" summed as (select *, {total} as total, {highest} as highest from points)"
        f" select id, total, case when total is null then null when total >= {HIGH} then 'high'"
        f" when total >= {MEDIUM} then 'medium' when highest = {ALONE} then 'low-medium' else 'low' end as risk,"
        f" {', '.join(f'{name}_points' for name in PARTS)} from summed"
    )


def _points_sql() -> dict[str, str]:
    letters = " ".join(f"when '{letter}' then {many}" for letter, many in TABLE["consciousness"].items())
    oxygen = f"case when on_oxygen then {TABLE['on_oxygen']['points']} when not on_oxygen then 0 end"
    second = (
        f"case when on_oxygen then {_steps_sql('spo2', 'spo2_scale_2_on_oxygen')}"
        f" when not on_oxygen then {_steps_sql('spo2', 'spo2_scale_2_on_air')} end"
    )
    found = {name: _steps_sql(name, name) for name in MEASURED}
    found["spo2"] = f"case scale when 1 then {found['spo2']} when 2 then {second} end"
    found["on_oxygen"] = oxygen
    found["consciousness"] = f"case upper(trim(consciousness)) {letters} end"
    return {name: found[name] for name in PARTS}


def _steps_sql(name: str, steps: str) -> str:
    low, high = TABLE["possible"][name]
    *some, (_, last) = STEPS[steps]
    told = " ".join(f"when {name} <= {up_to} then {many}" for up_to, many in some)
    return f"case when {name} < {low} or {name} > {high} then null {told} when {name} is not null then {last} end"
