"""The tests' own database (or TEST_DATABASE_URL): migrated by its owner, used as the application."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from psycopg.sql import SQL, Identifier

from locality.config import database

# tables that the owner fills, and the application only reads
KEPT = ["django_migrations", "django_content_type", "auth_permission"]
EMPTY_THE_TABLES = """
do $$
declare
    name text;
    filled boolean;
    found text[] := '{}';
begin
    for name in
        select format('%I.%I', schemaname, tablename) from pg_tables
        where schemaname = 'public' and not tablename = any (string_to_array(current_setting('tests.kept'), ','))
    loop
        execute format('select exists (select from %s)', name) into filled;
        if filled then found := found || name; end if;
    end loop;
    if found <> '{}' then execute format('truncate %s restart identity cascade', array_to_string(found, ', ')); end if;
end $$
"""


def pytest_configure(config) -> None:
    config.addinivalue_line("markers", "sql: leans on PostgreSQL itself; also run on the oldest supported server")
    settings.SECRET_KEY = "known to everybody, and good for tests only; tests only"
    settings.STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    # styles and scripts straight from where they lie, without collecting them first
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True
    # Argon2 is slow on purpose
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def database_home() -> Iterator[Path]:
    # pytest's own folders have paths too long for a socket
    with tempfile.TemporaryDirectory(prefix="locality-") as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def django_db_setup(database_home, django_db_blocker) -> Iterator[None]:
    url = os.environ.get("TEST_DATABASE_URL", "")
    settings.LOCALITY_HOME, settings.DATABASE_URL, settings.LOCALITY_OWNER_URL = database_home, url, ""
    settings.DATABASES["default"].update(database.given(url) if url else database.embedded(database_home))
    with django_db_blocker.unblock():
        if url:
            forget_the_last_run()
        database.ready(create=True, durable=False)
        database.migrate()
        with administrator() as admin:
            # Django empties tables between transactional tests, which the application may not
            connection.ops.execute_sql_flush = lambda _statements: admin.execute(EMPTY_THE_TABLES)
            yield
        database.release()


def forget_the_last_run() -> None:
    admin = database.administrator()
    assert "test" in admin["NAME"], "TEST_DATABASE_URL must name a database whose name says that it is for tests."
    with database.connect(admin, "postgres") as server:
        server.execute(SQL("drop database if exists {} with (force)").format(Identifier(admin["NAME"])))


def administrator() -> psycopg.Connection:
    admin = database.connect(database.administrator(), settings.DATABASES["default"]["NAME"])
    # triggers that refuse to empty a table are tried elsewhere; a forgotten transaction fails the test, not the clock
    admin.execute("set session_replication_role = replica")
    admin.execute("set lock_timeout = '10s'")
    admin.execute("select set_config('tests.kept', %s, false)", [",".join(KEPT)])
    return admin


# what `access.wall` asks around a page, besides the savepoint that a transaction is inside a test's own
PUTS_UP = "current_setting('locality.wall', true), set_config"


def asked(captured: CaptureQueriesContext) -> list[str]:
    """The queries of a page, without those of the wall, which are the same for every page."""
    told = [one["sql"] for one in captured.captured_queries]
    walls = sum(PUTS_UP in sql for sql in told)
    left = [sql for sql in told if "locality.wall" not in sql and "set_config('locality.people'" not in sql]
    for _ in range(walls):
        left.remove(next(sql for sql in left if sql.startswith("SAVEPOINT")))
        left.remove(next(sql for sql in left if sql.startswith("RELEASE")))
    return left


@contextmanager
def _at_most(most: int, least: int) -> Iterator[None]:
    with CaptureQueriesContext(connection) as captured:
        yield
    told = asked(captured)
    if not least <= len(told) <= most:
        pytest.fail(f"{len(told)} queries, not {most}:\n\n" + "\n\n".join(told))


@pytest.fixture
def django_assert_num_queries(db) -> Callable[[int], AbstractContextManager[None]]:
    return lambda number: _at_most(number, number)


@pytest.fixture
def django_assert_max_num_queries(db) -> Callable[[int], AbstractContextManager[None]]:
    return lambda number: _at_most(number, 0)
