"""A pack's criteria, read and checked whole: every fault is told with its file and line."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from locality.directory.pack import PackFaults
from locality.directory.pack.reading import checked
from locality.directory.pack.rows import Fault, Row, file_text, toml_rows
from locality.population.criteria.sections import CAPACITY, GIVES, HEAD, OUTCOME, OUTCOME_GIVES, STEP
from locality.population.criteria.sql import NotAsked, columns_of
from locality.population.rules.columns import TABLES

FOLDER = "criteria"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a criterion: its name, what it does in words, its query."""

    name: str
    says: str
    sql: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """How many people a team says it can take on in a month, and who said so."""

    team: str
    a_month: int
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One criterion as its file says it. `outcome` is what happened next, for judging it on the past."""

    code: str
    version: int
    name: str
    who: str
    why: str
    offer: str
    data_class: str
    risk: str
    services: tuple[str, ...]
    asked_again_after_days: int
    origin: str
    verified: bool
    limits: tuple[Limit, ...]
    steps: tuple[Step, ...]
    outcome_words: str
    outcome_days: int
    outcome_sql: str

    @property
    def written(self) -> dict[str, Any]:
        """All of it, as it is kept."""
        return asdict(self)

    @property
    def digest(self) -> str:
        """What tells this text from any other under the same version."""
        return hashlib.sha256(json.dumps(self.written, sort_keys=True).encode()).hexdigest()


def criterion_of(written: Mapping[str, Any]) -> Criterion:
    """A criterion from what was kept of it."""
    limits = tuple(Limit(**one) for one in written["limits"])
    steps = tuple(Step(**one) for one in written["steps"])
    told = dict(written) | {"limits": limits, "steps": steps, "services": tuple(written["services"])}
    return Criterion(**told)


def read_criteria(folder: Path, *, shown: str) -> list[Criterion]:
    """The criteria of a pack's folder by code; none where it has none. Raises PackFaults with every fault."""
    faults: list[str] = []
    found = []
    for path in sorted((folder / FOLDER).glob("*")):
        named = f"{shown}/{FOLDER}/{path.name}"
        if path.suffix != ".toml":
            faults.append(f"{named} line 1: only .toml files stand here")
            continue
        try:
            criterion = _criterion(path, shown=named, faults=faults)
        except Fault as fault:
            faults.append(str(fault))
            continue
        if criterion is not None:
            found.append(criterion)
    if faults:
        raise PackFaults(faults)
    return found


def _criterion(path: Path, *, shown: str, faults: list[str]) -> Criterion | None:
    top, tables = toml_rows(file_text(path, shown=shown), shown=shown)
    written = dict(top.values)
    outcome = written.pop("outcome", None)
    before = len(faults)
    head = checked(Row(shown, top.line, written, top.key_lines), HEAD, "a criterion", faults=faults)
    for name in sorted(tables.keys() - {"capacity", "step"}):
        faults.append(tables[name][0].fault(f"[[{name}]] is unknown here; write [[capacity]] or [[step]]"))
    capacity = [checked(row, CAPACITY, "capacity", faults=faults) for row in tables.get("capacity", [])]
    steps = [checked(row, STEP, "step", faults=faults) for row in tables.get("step", [])]
    next_ = checked(_table(shown, path, outcome), OUTCOME, "outcome", faults=faults)
    if len(faults) > before:
        return None
    faults += _faults(path, head, capacity, steps, next_)
    return _made(head, capacity, steps, next_) if len(faults) == before else None


def _table(shown: str, path: Path, outcome: Any) -> Row:
    lines = path.read_text(encoding="utf-8").splitlines()
    at = next((number for number, line in enumerate(lines, 1) if line.strip() == "[outcome]"), 1)
    return Row(shown, at, outcome if isinstance(outcome, dict) else {})


def _faults(path: Path, head: Row, capacity: list[Row], steps: list[Row], outcome: Row) -> list[str]:
    faults = []
    if head.values["code"] != path.stem:
        words = f"'code' is '{head.values['code']}', but the file is '{path.stem}.toml'"
        faults.append(head.fault(words, key="code"))
    if not capacity:
        faults.append(
            head.fault("a list without a [[capacity]] has no end: say how many people which team can take on")
        )
    known: dict[str, list[str]] = {}
    for step in steps:
        name = step.values["name"]
        if name in known or name in TABLES or name.endswith("_then"):
            faults.append(step.fault(f"the name '{name}' is taken", key="name"))
            continue
        try:
            known[name] = columns_of(step.values["sql"], steps=known)
        except NotAsked as why:
            known[name] = list(GIVES.get(name, ()))
            faults.append(step.fault(f"the step '{name}' {why}", key="sql"))
    return faults + _missing(head, steps, known) + _outcome_faults(outcome)


def _missing(head: Row, steps: list[Row], known: Mapping[str, list[str]]) -> list[str]:
    rows = {step.values["name"]: step for step in steps}
    faults = [
        head.fault(f"there is no step '{name}', which gives {', '.join(columns)}")
        for name, columns in GIVES.items()
        if name not in known
    ]
    return faults + [
        rows[name].fault(
            f"the step '{name}' gives {', '.join(known[name])}; it must give {', '.join(columns)}", key="sql"
        )
        for name, columns in GIVES.items()
        if name in known and tuple(known[name]) != columns
    ]


def _outcome_faults(outcome: Row) -> list[str]:
    try:
        gives = columns_of(outcome.values["sql"], steps={})
    except NotAsked as why:
        return [outcome.fault(f"the outcome {why}")]
    return [] if tuple(gives) == OUTCOME_GIVES else [outcome.fault("the outcome must give person, and nothing else")]


def _made(head: Row, capacity: list[Row], steps: list[Row], outcome: Row) -> Criterion:
    told = head.values | {"data_class": head.values["class"], "services": tuple(head.values["services"])}
    told.pop("class")
    return Criterion(
        **told,
        limits=tuple(Limit(**row.values) for row in capacity),
        steps=tuple(Step(**row.values) for row in steps),
        outcome_words=outcome.values["words"],
        outcome_days=outcome.values["days"],
        outcome_sql=outcome.values["sql"],
    )
