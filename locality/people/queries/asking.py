"""Statements that are asked for every patient who arrives: planned now and then, not each time they are asked.

Django writes parameters into the text, so that PostgreSQL must read and plan each statement anew: of one arrival that
would be half the time. These go to psycopg with their parameters beside them, and those that need not wait for each
other's answers go together: each way to the server and back is time, and the longer the busier the machine. A place
whose connections go through a pooler that knows no prepared statements says so in the usual way:
OPTIONS = {"prepare_threshold": None}.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections

Params = Sequence[Any] | Mapping[str, Any] | None
Statement = tuple[str, Params]
AFTER = 5  # as psycopg itself does
MANY, MANY_LETTERS = 40, 20_000  # rows or keys asked about, as a list or as JSON
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
    return cursor.execute(_planned(sql, cursor.connection), params)  # type: ignore[arg-type]


def _is_of_many(params: Params) -> bool:
    for one in params.values() if isinstance(params, Mapping) else params or ():
        kind = type(one)
        if (kind is list and len(one) > MANY) or (kind is str and len(one) > MANY_LETTERS):
            return True
    return False


def _planned(sql: str, raw: psycopg.Connection) -> str:
    """The statement, planned anew once it has been asked twice as often as when it was planned last.

    While a place fills, a plan that was good for an empty table would be kept, and read all of a full one.
    """
    times = asked.setdefault(raw, Counter())
    times[sql] += 1
    return f"{sql} -- {times[sql].bit_length()}"


def at_once(*statements: Statement) -> list[list[tuple[Any, ...]]]:
    """The rows of each of these statements (of one that only writes: none), sent together.

    They run in this order, and each sees what was committed before it began.
    """
    if len(statements) == 1:
        with _connected() as raw, psycopg.Cursor(raw) as cursor:
            return [_rows(_ask(cursor, *statements[0]))]
    if not statements:
        return []
    with _connected() as raw:
        with raw.pipeline():
            cursors = [_ask(psycopg.Cursor(raw), sql, params) for sql, params in statements]
        return [_rows(cursor) for cursor in cursors]


def write_now(writes: list[Statement]) -> None:
    """Run what is still to be written, in this order, and forget it: something is to be read that it changes."""
    at_once(*writes)
    writes.clear()


def _rows(cursor: psycopg.Cursor) -> list[tuple[Any, ...]]:
    found = cursor.pgresult
    return cursor.fetchall() if found is not None and found.nfields else []


@contextmanager
def _cursor() -> Iterator[psycopg.Cursor]:
    with _connected() as raw, psycopg.Cursor(raw) as cursor:
        yield cursor


@contextmanager
def _connected() -> Iterator[psycopg.Connection]:
    now = connections[DEFAULT_DB_ALIAS]  # itself, since what stands for it looks it up at every word
    now.ensure_connection()
    now.validate_no_broken_transaction()
    raw = now.connection
    if raw.prepare_threshold is None and "prepare_threshold" not in now.settings_dict["OPTIONS"]:
        raw.prepare_threshold = AFTER
    with now.wrap_database_errors:
        yield raw
