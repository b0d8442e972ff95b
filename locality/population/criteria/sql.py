"""Whether a step of a criterion may be asked of the copy: one query, over tables and columns that are there.

What stands in a pack is asked as it stands, so nothing but a query passes: no second statement, no file, no function
that the engines do not share.
"""

from collections.abc import Mapping, Sequence

import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError
from sqlglot.optimizer.qualify import qualify

from locality.population.rules.columns import TABLES

PARAMETERS = frozenset({"on", "until"})
COPY: dict[str, object] = {
    table.name: {column.name: column.type for column in table.columns} for table in TABLES.values()
}


class NotAsked(ValueError):
    """A step that is not asked of the copy: why, in words."""


def columns_of(sql: str, *, steps: Mapping[str, Sequence[str]]) -> list[str]:
    """The columns that a step gives, `steps` being those before it with theirs; NotAsked with the reason otherwise."""
    query = _one_query(sql)
    _only_what_is_there(query, known={*COPY, *steps})
    schema = COPY | {name: dict.fromkeys(columns, "VARCHAR") for name, columns in steps.items()}
    try:
        query.sql(dialect="spark", unsupported_level=ErrorLevel.RAISE)
        # types are the engines' matter: here only whether every name leads somewhere
        qualify(query, dialect="duckdb", schema=schema, allow_partial_qualification=False)
    except SqlglotError as error:
        raise NotAsked(f"cannot be asked: {_first_line(error)}") from error
    return [name.lower() for name in query.named_selects]


def _one_query(sql: str) -> exp.Query:
    try:
        found = sqlglot.parse(sql, dialect="duckdb")
    except SqlglotError as error:
        raise NotAsked(f"cannot be read as SQL: {_first_line(error)}") from error
    if len(found) != 1 or not isinstance(found[0], exp.Query):
        raise NotAsked("must be one query, and nothing else")
    return found[0]


def _only_what_is_there(query: exp.Query, *, known: set[str]) -> None:
    if query.find(exp.With):
        raise NotAsked("must not have a 'with' of its own: write a step instead")
    for table in query.find_all(exp.Table):
        if not isinstance(table.this, exp.Identifier) or table.args.get("db"):
            raise NotAsked(
                f"reads {table.sql(dialect='duckdb')}: only the copy's tables and the steps before are there"
            )
        if table.name not in known:
            raise NotAsked(f"names {table.name}, which is neither a table of the copy nor a step before")
    for unknown in query.find_all(exp.Anonymous):
        raise NotAsked(f"calls {unknown.name}, which not every engine has")
    for parameter in query.find_all(exp.Parameter, exp.Placeholder):
        if parameter.name not in PARAMETERS:
            raise NotAsked(f"asks for ${parameter.name}: only $on and $until are given")


def _first_line(error: Exception) -> str:
    # where in the query it stands is told by the line of the file
    return str(error).splitlines()[0].split(". Line")[0].rstrip(".")
