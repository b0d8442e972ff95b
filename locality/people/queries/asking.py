"""Statements that are asked for every patient who arrives: planned now and then, not each time they are asked.

Django writes parameters into the text, so that PostgreSQL must read and plan each statement anew: of one arrival that
would be half the time. These go to psycopg with their parameters beside them. A place whose connections go through a
pooler that knows no prepared statements says so in the usual way: OPTIONS = {"prepare_threshold": None}.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.db import connection

Params = Sequence[Any] | Mapping[str, Any] | None
AFTER = 5  # as psycopg itself does
MANY, MANY_LETTERS = 20, 20_000  # rows asked about, as a list or as JSON
# Until the transaction ends, a plan is made without looking at what is asked for, and goes by indexes: every statement
# is about the few rows that it names.
BY_INDEX = """
select set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true),
    set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)
"""


def rows(sql: str, params: Params = None) -> list[tuple[Any, ...]]:
    """The rows of a statement."""
    with _cursor() as cursor:
        return _ask(cursor, sql, params).fetchall()


def written(sql: str, params: Params = None) -> int:
    """How many rows a statement of an action's wrote."""
    with _cursor() as cursor:
        return _ask(cursor, sql, params).rowcount


# how often each statement has been asked on a connection
asked: WeakKeyDictionary[psycopg.Connection, Counter[str]] = WeakKeyDictionary()


def _ask(cursor: psycopg.Cursor, sql: str, params: Params) -> psycopg.Cursor:
    if _is_of_many(params):
        # to plan it is little beside what it does, and a plan of yesterday's smaller tables would do it slowly
        return cursor.execute(sql, params, prepare=False)  # type: ignore[arg-type]
    return cursor.execute(_planned(sql), params)  # type: ignore[arg-type]


def _is_of_many(params: Params) -> bool:
    values = params.values() if isinstance(params, Mapping) else params or ()
    return any(
        len(one) > (MANY_LETTERS if isinstance(one, str) else MANY) for one in values if isinstance(one, str | list)
    )


def _planned(sql: str) -> str:
    """The statement, planned anew once it has been asked twice as often as when it was planned last.

    While a place fills, a plan that was good for an empty table would be kept, and read all of a full one.
    """
    times = asked.setdefault(connection.connection, Counter())
    times[sql] += 1
    return f"{sql} -- {times[sql].bit_length()}"


def at_once(*statements: tuple[str, Sequence[Any]]) -> list[list[tuple[Any, ...]]]:
    """The rows of each of these statements, sent together; each sees what was committed before it began."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(";".join(sql for sql, _ in statements), [one for _, params in statements for one in params])
        for _ in statements:
            found.append(cursor.fetchall())
            cursor.nextset()
    return found


@contextmanager
def _cursor() -> Iterator[psycopg.Cursor]:
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    raw = connection.connection
    if raw.prepare_threshold is None and "prepare_threshold" not in connection.settings_dict["OPTIONS"]:
        raw.prepare_threshold = AFTER
    with connection.wrap_database_errors, psycopg.Cursor(raw) as cursor:
        yield cursor
