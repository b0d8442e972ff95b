"""What the local model sees of everybody on a day, whom it says needs a look, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from locality.base import NotFound, Refused
from locality.methods.additive import Additive, Columns, Reason
from locality.population.rules.features import (
    FEATURES,
    YEAR,
    Feature,
    Features,
    days,
    outcome_steps,
    query,
    rows_behind,
    table_steps,
)
from locality.population.rules.groups import FIFTHS, NOT_KNOWN, ethnic_group_of

HALF_A_YEAR = timedelta(days=182)
# a history that begins with a month's fewer days is as good
NEARLY = timedelta(days=31)
TOO_SHORT = (
    "The copy's emergency admissions begin on {first}: to learn and to judge on a later year, with a year before, they"
    " must reach from {needed} to {until}."
)
NO_HISTORY = "The analytical copy holds no emergency admissions to learn from."
NOT_HERE = "Nobody of that pseudonym is in the copy on {on}."
GROUPS = ("neighbourhood", "deprivation", "age", "sex", "ethnicity")
AGES = ((0, "0 to 17"), (18, "18 to 44"), (45, "45 to 64"), (65, "65 to 74"), (75, "75 to 84"), (85, "85 and over"))


@dataclass(frozen=True, slots=True)
class Seen:
    """Everybody here on a day, in the order of their pseudonyms: arrays of one length."""

    on: date
    people: NDArray[Any]
    columns: Columns
    # 1 for whom the outcome came within the year after; empty where that was not asked
    happened: NDArray[np.float64]
    opted_out: NDArray[np.bool_]
    no_practice: NDArray[np.bool_]
    died: NDArray[np.bool_]
    groups: dict[str, NDArray[Any]]

    def only(self, which: NDArray[np.bool_]) -> "Seen":
        """The same of some people."""
        return Seen(
            on=self.on,
            people=self.people[which],
            columns={name: values[which] for name, values in self.columns.items()},
            happened=self.happened[which] if len(self.happened) else self.happened,
            opted_out=self.opted_out[which],
            no_practice=self.no_practice[which],
            died=self.died[which],
            groups={name: values[which] for name, values in self.groups.items()},
        )


@dataclass(frozen=True, slots=True)
class IndexDays:
    """The days to learn from, oldest first, the later day to judge on, and the day up to which outcomes are known."""

    learn: tuple[date, ...]
    judge: date
    until: date


def index_days(duck: duckdb.DuckDBPyConnection, *, until: date) -> IndexDays:
    """Which days a copy whose outcomes are known up to `until` can be learned from and judged on.

    No outcome that is learned from lies on or after the day of judging. Raises Refused where the history is too short.
    """
    first = _first_day(duck)
    judge, learn = until - YEAR, []
    on = judge - YEAR
    while on - YEAR >= first - NEARLY:
        learn.append(on)
        on -= HALF_A_YEAR
    if not learn:
        raise Refused(TOO_SHORT.format(first=first, needed=until - 3 * YEAR, until=until))
    return IndexDays(tuple(reversed(learn)), judge, until)


def _first_day(duck: duckdb.DuckDBPyConnection) -> date:
    """The day before which one emergency admission in a hundred lies: a few are told of long ago."""
    months = duck.execute(
        "select started_on as on_day, count(*) as many from events"
        " where kind = 'emergency admission' and started_at is not null group by on_day order by on_day"
    ).fetchall()
    if not months:
        raise Refused(NO_HISTORY)
    left = sum(many for _, many in months) // 100
    for on_day, many in months:
        left -= many
        if left < 0:
            return on_day
    return months[-1][0]


def on_day(
    duck: duckdb.DuckDBPyConnection,
    *,
    on: date,
    outcome: bool = False,
    person: str | None = None,
    features: Features = FEATURES,
) -> Seen:
    """Everybody here on a day, or one person, with all features, and with `outcome` what came in the year after."""
    steps = outcome_steps(features) if outcome else table_steps(features, one_person=person is not None)
    rows = _asked(duck, query(steps), {**days(on), "person": person}).fetchnumpy()
    columns = {one.name: _numbers(rows[one.name]) for one in features.each}
    practice, died = np.ma.asarray(rows["practice"]), np.ma.asarray(rows["died_on"])
    many = len(rows["person"])
    return Seen(
        on=on,
        people=np.asarray(rows["person"]),
        columns=columns,
        happened=_numbers(rows["happened"]) if outcome else np.empty(0),
        opted_out=_yes(rows["opted_out"]),
        no_practice=_nothing(practice, many),
        died=~_nothing(died, many) & (np.ma.filled(died, np.datetime64("2999-01-01")) < np.datetime64(on + YEAR)),
        groups={
            "neighbourhood": _words(rows["neighbourhood"]),
            "deprivation": _fifths(_numbers(rows["deprivation"])),
            "age": _banded(columns["age"]),
            "sex": _words(rows["sex"]),
            "ethnicity": _ethnic(_words(rows["ethnicity"])),
        },
    )


def _asked(duck: duckdb.DuckDBPyConnection, asked: str, values: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    # a value that the question does not name is refused by the engine
    return duck.execute(asked, {name: value for name, value in values.items() if f"${name}" in asked})


def _numbers(column: Any) -> NDArray[np.float64]:
    return np.ma.filled(np.ma.asarray(column).astype(np.float64), np.nan)


def _yes(column: Any) -> NDArray[np.bool_]:
    return np.ma.filled(np.ma.asarray(column).astype(bool), False)


def _nothing(column: Any, many: int) -> NDArray[np.bool_]:
    return np.broadcast_to(np.ma.getmaskarray(column), (many,))


def _words(column: Any) -> NDArray[Any]:
    return np.asarray([NOT_KNOWN if one is np.ma.masked or one is None else str(one) for one in np.ma.asarray(column)])


def _fifths(tenths: NDArray[np.float64]) -> NDArray[Any]:
    return np.asarray([*FIFTHS, NOT_KNOWN])[
        np.where(np.isnan(tenths), 5, (np.nan_to_num(tenths, nan=1) - 1) // 2).astype(int)
    ]


def _banded(ages: NDArray[np.float64]) -> NDArray[Any]:
    names = np.asarray([name for _, name in AGES] + [NOT_KNOWN])
    place = np.searchsorted([start for start, _ in AGES], np.nan_to_num(ages), side="right") - 1
    return names[np.where(np.isnan(ages), len(AGES), place)]


def _ethnic(letters: NDArray[Any]) -> NDArray[Any]:
    return np.asarray([ethnic_group_of(one or None) for one in letters])


@dataclass(frozen=True, slots=True)
class Behind:
    """One row that a reason counts: what, on which day, who sent it."""

    what: str | None
    on_day: date | None
    source: str | None


@dataclass(frozen=True, slots=True)
class Why:
    """One reason of one person's chance, with the rows it counts."""

    reason: Reason
    rows: tuple[Behind, ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """A person's chance as a sum: the log-odds of the average person and the reasons', largest first."""

    chance: float
    base: float
    why: tuple[Why, ...]


def scores(duck: duckdb.DuckDBPyConnection, *, model: Additive, on: date) -> tuple[Seen, NDArray[np.float64]]:
    """Everybody here on a day, objectors too, since finding who needs help is care; and each one's chance."""
    seen = on_day(duck, on=on)
    return seen, model.chances(seen.columns)


def values_of(seen: Seen, at: int) -> dict[str, float | None]:
    """The features of the person at a place."""
    return {name: None if np.isnan(of[at]) else float(of[at]) for name, of in seen.columns.items()}


def explain(
    duck: duckdb.DuckDBPyConnection, *, model: Additive, person: str, on: date, features: Features = FEATURES
) -> Explained:
    """Why a person's chance is what it is; raises NotFound for who is not in the copy on that day."""
    seen = on_day(duck, on=on, person=person, features=features)
    if not len(seen.people):
        raise NotFound(NOT_HERE.format(on=on))
    values, chance = values_of(seen, 0), float(model.chances(seen.columns)[0])
    named = {one.name: one for one in features.each}
    why = [Why(one, tuple(_behind(duck, named[one.name], person, on))) for one in model.reasons(values)]
    return Explained(chance, model.base, tuple(why))


def _behind(duck: duckdb.DuckDBPyConnection, feature: Feature, person: str, on: date) -> Iterable[Behind]:
    if not feature.count:
        return ()
    rows = _asked(duck, rows_behind(feature), {**days(on), "person": person}).fetchall()
    return [Behind(*row) for row in rows]
