"""The roles, and what each needs before the first migration; nothing is done that is already so."""

from collections.abc import Iterable
from contextlib import suppress

import psycopg
from psycopg import errors
from psycopg.sql import SQL, Composed, Identifier, Literal

from locality.base import Refused
from locality.population.rules.copier import COPIER

OWNER = "locality_owner"
APPLICATION = "locality_app"
OLDEST_SERVER = 15
# from this version on, a role may belong to another without being allowed to act as it
MEMBERS_MAY_NOT_SET = 16_00_00

# a question that is true when there is nothing to do, and what to do otherwise
Step = tuple[SQL | Composed, SQL | Composed]


def prepare_server(server: psycopg.Connection, *, login: str, database: str, ours: bool) -> None:
    """Make the roles and the database that are missing; raise Refused with the words for an administrator."""
    if server.info.server_version < OLDEST_SERVER * 10_000:
        raise Refused(f"Locality needs PostgreSQL {OLDEST_SERVER} or later; this is {server.info.server_version}.")
    asked_by, login = server.info.user, login or server.info.user
    steps = [role(OWNER), role(APPLICATION), role(COPIER)]
    if ours:
        steps.append(role(login, "login"))
    steps += [member(server, asked_by, OWNER), member(server, login, APPLICATION), member(server, login, COPIER)]
    made = SQL("exists (select from pg_database where datname = {})").format(Literal(database))
    words = SQL("create database {} owner {} template template0 encoding 'UTF8'")
    carry_out(server, [*steps, (made, words.format(Identifier(database), Identifier(OWNER)))])


def prepare_database(database: psycopg.Connection) -> None:
    """Let the owner make tables and extensions here, and nobody else."""
    if database.info.parameter_status("server_encoding") != "UTF8":
        raise Refused(
            f"The database {database.info.dbname} does not keep text as UTF8: make it anew, with encoding UTF8."
        )
    name = Identifier(database.info.dbname)
    may_create = SQL("has_database_privilege({}, current_database(), 'create')").format(Literal(OWNER))
    owns = SQL("has_schema_privilege({}, 'public', 'create')").format(Literal(OWNER))
    closed = SQL("not has_schema_privilege('public', 'public', 'create')")
    carry_out(
        database,
        [
            (may_create, SQL("grant create, temporary on database {} to {}").format(name, Identifier(OWNER))),
            (owns, SQL("alter schema public owner to {}").format(Identifier(OWNER))),
            (closed, SQL("revoke create on schema public from public")),
        ],
    )


def role(name: str, kind: str = "nologin") -> Step:
    there = SQL("to_regrole({}) is not null").format(Literal(name))
    return there, SQL("create role {} {}").format(Identifier(name), SQL(kind))


def member(server: psycopg.Connection, login: str, group: str) -> Step:
    may = "set" if server.info.server_version >= MEMBERS_MAY_NOT_SET else "member"
    acts = SQL("pg_has_role({}, {}, {})").format(Literal(login), Literal(group), Literal(may))
    return acts, SQL("grant {} to {}").format(Identifier(group), Identifier(login))


def carry_out(connection: psycopg.Connection, steps: Iterable[Step]) -> None:
    left = [step for step in steps if not is_so(connection, step)]
    for number, (_, words) in enumerate(left):
        try:
            # another that migrates may have been faster
            with suppress(errors.DuplicateObject, errors.DuplicateDatabase, errors.UniqueViolation):
                connection.execute(words)
        except errors.InsufficientPrivilege as refused:
            for_administrator = "; ".join(words.as_string(connection) for _, words in left[number:])
            raise Refused(
                f"The login {connection.info.user} may not prepare this database. "
                f"Ask its administrator to run: {for_administrator};"
            ) from refused


def is_so(connection: psycopg.Connection, step: Step) -> bool:
    try:
        row = connection.execute(SQL("select {}").format(step[0])).fetchone()
    except errors.UndefinedObject:
        # it asks about a role that is still to be made
        return False
    return row == (True,)
