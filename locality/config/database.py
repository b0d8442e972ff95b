"""The database of a place: a server that DATABASE_URL names, or Locality's own in LOCALITY_HOME.

Two roles own and use it, and neither is a superuser, so that what is revoked from the application stays revoked and
row security holds: migrations work as `locality_owner`, everything else as `locality_app`.
"""

import atexit
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import dj_database_url
import psycopg
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from locality.base import Refused
from locality.config import home, postgres, roles
from locality.config.roles import APPLICATION, OWNER

NAME = LOGIN = "locality"
# commands and background work go through the record as a whole; the pages' connections say no such thing
WORKS = "-c locality.wall=down"

Settings = dict[str, Any]
in_use: dict[Path, postgres.Server] = {}


def given(url: str) -> Settings:
    """Django's settings for the server that a URL names."""
    told = dict(dj_database_url.parse(url))
    if told["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database: postgres://login@server/name")
    return usual(told)


def embedded(folder: Path) -> Settings:
    """Django's settings for Locality's own server in a home, whether it runs yet or not."""
    return usual({"HOST": str(folder / "postgres"), "PORT": postgres.PORT, "NAME": NAME, "USER": LOGIN})


def usual(told: Settings) -> Settings:
    own = told.get("OPTIONS", {})
    options = {"assume_role": APPLICATION, "application_name": "locality"}
    works = {"options": f"{own.get('options', '')} {WORKS}".strip()}
    return told | {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": own | options | works,
    }


def administrator() -> Settings:
    """Who makes roles and runs migrations: our own server's superuser, or the login that the place chose."""
    if settings.DATABASE_URL:
        return given(settings.LOCALITY_OWNER_URL or settings.DATABASE_URL)
    return connection.settings_dict | {"USER": postgres.ADMIN}


def ready(*, create: bool = False, durable: bool = True) -> None:
    """Have the database at hand until this command ends, starting our own server if need be.

    Raises Refused, saying where it looked, when there is none, or none of this version's making;
    with `create` (for those that migrate next) a home is made and the tables may be behind.
    """
    folder = settings.LOCALITY_HOME
    if create:
        home.make(folder)
        settings.SECRET_KEY = os.environ.get("SECRET_KEY") or home.secret_key(folder)
    if not settings.DATABASE_URL and folder not in in_use:
        in_use[folder] = postgres.start(home=folder, create=create, durable=durable)
        atexit.register(release)
    if not create:
        refuse_what_is_behind()


def release() -> None:
    """Let our own server go; the last command to do so returns when it has stopped."""
    connection.close()
    while in_use:
        in_use.popitem()[1].release()


def refuse_what_is_behind() -> None:
    was_open = connection.connection is not None
    try:
        executor = MigrationExecutor(connection)
        behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except OperationalError as unreachable:
        raise Refused(f"The database cannot be used: {first_line(unreachable)}") from unreachable
    finally:
        # a command may fork, and two processes must not share a connection
        if not was_open:
            connection.close()
    if behind:
        raise Refused("The database is not as this version of Locality needs it: run `locality migrate`.")


def migrate(*, verbosity: int = 0) -> None:
    """Make the roles and the database where they are missing, and bring its tables up to date as their owner."""
    ready(create=True)
    admin = administrator()
    login = connection.settings_dict["USER"]
    with at_hand(admin) as server:
        roles.prepare_server(server, login=login, database=admin["NAME"], ours=not settings.DATABASE_URL)
    with connect(admin, admin["NAME"]) as database:
        # two that migrate at once would both make the same tables
        database.execute("select pg_advisory_lock(hashtext('locality migrate'))")
        roles.prepare_database(database)
        with connected(admin | {"OPTIONS": admin["OPTIONS"] | {"assume_role": OWNER}}):
            call_command("migrate", interactive=False, verbosity=verbosity)


@contextmanager
def connected(told: Settings) -> Iterator[None]:
    """Django's connection as somebody else for a while."""
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(told)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


def at_hand(admin: Settings) -> psycopg.Connection:
    """The database itself, or where it is still to be made, the one that every server has."""
    with suppress(psycopg.OperationalError):
        return connect(admin, admin["NAME"])
    try:
        return connect(admin, "postgres")
    except psycopg.OperationalError as unreachable:
        raise Refused(f"The database server cannot be reached: {first_line(unreachable)}") from unreachable


def connect(told: Settings, database: str) -> psycopg.Connection:
    words = {"host": told["HOST"], "port": told["PORT"], "user": told["USER"], "password": told.get("PASSWORD")}
    options = {name: value for name, value in told["OPTIONS"].items() if name != "assume_role"}
    said = {name: value for name, value in words.items() if value}
    return psycopg.connect(dbname=database, autocommit=True, **said, **options)


def first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
