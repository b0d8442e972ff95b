"""What the local model looks at, as model_features.toml lists it, and the SQL that counts it on any day.

The SQL stays in what sqlglot carries from DuckDB to Spark; days go in as parameters ($on, $since, $lately, $until).
"""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from locality.methods.additive import Asked
from locality.population.rules.code_lists import in_sql

FILE = Path(__file__).parents[1] / "model_features.toml"
LATELY = timedelta(days=90)
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One thing the model looks at: rows of a table counted for each person, or a value of the person's own row."""

    name: str
    words: str
    table: str
    cuts: tuple[float, ...]
    rises: bool = True
    yes_or_no: bool = False
    value: str = ""
    count: str = ""
    where: str = ""
    # the day of a counted row, and its words
    when: str = ""
    what: str = ""

    @property
    def asked(self) -> Asked:
        """The same, as the method knows it."""
        return Asked(self.name, self.words, self.cuts, self.rises, self.yes_or_no)


@dataclass(frozen=True, slots=True)
class Features:
    """All of them, and what is to be foreseen."""

    version: int
    outcome: str
    outcome_table: str
    outcome_where: str
    each: tuple[Feature, ...]

    @property
    def asked(self) -> tuple[Asked, ...]:
        return tuple(one.asked for one in self.each)


def read_features(text: str) -> Features:
    """The features of a file of that form."""
    told = tomllib.loads(text)
    each = tuple(
        Feature(name=name, **{**one, "cuts": tuple(map(float, one["cuts"])), "where": in_sql(one.get("where", ""))})
        for name, one in told["features"].items()
    )
    outcome = told["outcome"]
    return Features(told["version"], outcome["words"], outcome["table"], outcome["where"], each)


FEATURES = read_features(FILE.read_text(encoding="utf-8"))


def days(on: date) -> dict[str, date]:
    """The days that the SQL asks for: features end before `on`, the outcome lies from it up to `until`."""
    return {"on": on, "since": on - YEAR, "lately": on - LATELY, "until": on + YEAR}


# everyone known on the day: born, alive, and not written down as having come later
HERE = """
    select person, birth_month, sex, ethnicity, neighbourhood, deprivation, practice, opted_out, died_on
    from people
    where (not died or died_on >= $on)
      and (birth_month is null or birth_month <= $on)
      and (registered_on is null or registered_on <= $on)
"""


def table_steps(features: Features = FEATURES, *, one_person: bool = False) -> dict[str, str]:
    """Named steps whose last, `seen`, has one row for each person here on $on, with a column a feature.

    With `one_person`, for $person alone.
    """
    steps = {"here": HERE + ("      and person = $person\n" if one_person else "")}
    only = "    where person = $person\n" if one_person else ""
    for table in dict.fromkeys(one.table for one in features.each if one.count):
        counted = ",\n      ".join(f"{_counted(one)} as {one.name}" for one in features.each if one.table == table)
        steps[f"{table}_seen"] = f"select person,\n      {counted}\n    from {table}\n{only}    group by person"
    columns = ",\n      ".join(_column(one) for one in features.each)
    joins = "\n    ".join(
        f"left join {name} on {name}.person = here.person" for name in steps if name.endswith("_seen")
    )
    steps["seen"] = (
        f"select here.person, here.sex, here.ethnicity, here.neighbourhood, here.deprivation, here.practice,\n"
        f"      here.opted_out, here.died_on,\n      {columns}\n    from here\n    {joins}"
    )
    return steps


def outcome_steps(features: Features = FEATURES) -> dict[str, str]:
    """The same with `happened`: 1 for whom the outcome came within the year after $on, else 0."""
    steps = table_steps(features)
    steps["came"] = f"select distinct person from {features.outcome_table} where {features.outcome_where}"
    steps["with_outcome"] = (
        "select seen.*, case when came.person is null then 0 else 1 end as happened\n"
        "    from seen left join came on came.person = seen.person"
    )
    return steps


def query(steps: dict[str, str]) -> str:
    """The steps as one question, in the order of the pseudonyms, so that the same copy gives the same rows."""
    *before, last = steps
    parts = ",\n".join(f"{name} as ({steps[name]})" for name in [*before, last])
    return f"with {parts}\nselect * from {last} order by person"


def rows_behind(feature: Feature) -> str:
    """The rows of one person that a feature counts: what, when and who sent it."""
    return (
        f"select {feature.what} as what, {feature.when} as on_day, source from {feature.table} "
        f"where person = $person and ({feature.where}) order by on_day desc, what"
    )


def _counted(feature: Feature) -> str:
    if feature.count == "*":
        return f"sum(case when {feature.where} then 1 else 0 end)"
    return f"count(distinct case when {feature.where} then {feature.count} end)"


def _column(feature: Feature) -> str:
    if feature.value:
        return f"{feature.value} as {feature.name}"
    return f"coalesce({feature.table}_seen.{feature.name}, 0) as {feature.name}"
