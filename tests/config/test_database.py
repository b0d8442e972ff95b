"""The database of a place: two roles, and what each may do."""

from contextlib import contextmanager

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import ProgrammingError, connection

from locality.base import Refused
from locality.config import database, serving

pytestmark = pytest.mark.sql


def ask(question: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def administrator(name: str = "postgres"):
    with database.connect(database.administrator(), name) as admin:
        yield admin


@pytest.mark.django_db
def test_everything_but_migrations_works_as_the_application():
    assert ask("select current_user") == [("locality_app",)]
    assert ask("select rolsuper or rolbypassrls from pg_roles where rolname = 'locality_app'") == [(False,)]


@pytest.mark.django_db
def test_every_table_belongs_to_the_owner_who_is_no_superuser():
    assert ask("select distinct tableowner::text from pg_tables where schemaname = 'public'") == [("locality_owner",)]
    assert ask("select rolsuper or rolbypassrls from pg_roles where rolname = 'locality_owner'") == [(False,)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wish",
    [
        "create table mine (letter text)",
        "truncate django_session",
        "drop table django_session",
        "delete from django_migrations",
        "alter table django_session disable row level security",
    ],
)
def test_the_application_may_not(wish):
    with pytest.raises(ProgrammingError, match="permission denied|must be owner"):
        ask(wish)


@pytest.mark.django_db
def test_the_application_reads_and_writes_rows_and_stages_them():
    ask("create temporary table staged as select 'a key' as session_key")
    ask("insert into django_session select session_key, '', now() from staged")
    ask("update django_session set session_data = 'said'")

    assert ask("delete from django_session returning session_key, session_data") == [("a key", "said")]


@pytest.mark.django_db
def test_what_the_search_by_name_needs_is_there():
    assert ask("select similarity('margaret', 'margret') > 0.4, unaccent('Zoë')") == [(True, "Zoe")]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", ["first", "second"])
def test_a_test_of_transactions_leaves_no_row_to_the_next(turn):
    assert ask("select count(*) from django_session") == [(0,)]

    ask(f"insert into django_session values ('{turn}', '', now())")


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def address(admin, login: str) -> str:
    return f"postgres://{login}@{admin.info.host.replace('/', '%2F')}:{admin.info.port}/test_of_a_clerk"


@pytest.fixture
def clerk(transactional_db, settings):
    """A login without any right, and the address of a database that does not exist yet, on the tests' own server."""
    with administrator() as admin:
        admin.execute("create role test_clerk login")
        with database.connected(database.given(address(admin, "test_clerk"))):
            settings.DATABASE_URL = address(admin, "test_clerk")
            yield admin
        admin.execute("drop database if exists test_of_a_clerk with (force)")
        admin.execute("drop role test_clerk")


WORDS_FOR_AN_ADMINISTRATOR = (
    'grant "locality_owner" to "test_clerk"; grant "locality_app" to "test_clerk"; '
    'grant "locality_copy" to "test_clerk"; '
    'create database "test_of_a_clerk" owner "locality_owner" template template0 encoding \'UTF8\';'
)


def test_a_login_without_rights_is_told_what_an_administrator_must_run_and_that_is_enough(clerk):
    with pytest.raises(Refused) as refused:
        database.migrate()
    assert str(refused.value) == (
        "The login test_clerk may not prepare this database. "
        f"Ask its administrator to run: {WORDS_FOR_AN_ADMINISTRATOR}"
    )

    for words in WORDS_FOR_AN_ADMINISTRATOR.split("; "):
        clerk.execute(words)
    database.migrate()

    assert ask("select session_user::text, current_user::text") == [("test_clerk", "locality_app")]
    database.ready()
    database.migrate()


def test_migrations_may_have_a_login_of_their_own_and_then_the_application_cannot_become_the_owner(clerk, settings):
    settings.LOCALITY_OWNER_URL = address(clerk, clerk.info.user)

    database.migrate()

    database.ready()
    with pytest.raises(ProgrammingError, match='permission denied to set role "locality_owner"'):
        ask("set role locality_owner")


def test_a_database_that_is_not_there_or_behind_is_refused_with_what_to_do(clerk):
    with pytest.raises(Refused) as missing:
        database.ready()
    assert str(missing.value).startswith("The database cannot be used: ")

    for words in WORDS_FOR_AN_ADMINISTRATOR.split("; "):
        clerk.execute(words)
    with pytest.raises(Refused) as behind:
        database.ready()

    assert str(behind.value) == ("The database is not as this version of Locality needs it: run `locality migrate`.")


def test_a_database_that_keeps_text_otherwise_is_refused(clerk):
    for words in WORDS_FOR_AN_ADMINISTRATOR.replace("'UTF8'", "'LATIN1' locale 'C'").split("; "):
        clerk.execute(words)

    with pytest.raises(Refused) as refused:
        database.migrate()

    assert str(refused.value) == (
        "The database test_of_a_clerk does not keep text as UTF8: make it anew, with encoding UTF8."
    )


def test_an_address_names_a_server_and_its_options():
    told = database.given("postgres://clerk:secret@db.example:5433/bury?sslmode=verify-full")

    assert {name: told[name] for name in ("HOST", "PORT", "NAME", "USER", "PASSWORD", "OPTIONS")} == {
        "HOST": "db.example",
        "PORT": 5433,
        "NAME": "bury",
        "USER": "clerk",
        "PASSWORD": "secret",
        "OPTIONS": {
            **{"sslmode": "verify-full", "assume_role": "locality_app", "application_name": "locality"},
            "options": "-c locality.wall=down",
        },
    }


def test_what_a_place_asks_of_its_connections_is_kept_by_commands_and_by_pages():
    told = database.given("postgres://clerk@db.example/bury?options=-c%20statement_timeout%3D5s")
    assert told["OPTIONS"]["options"] == "-c statement_timeout=5s -c locality.wall=down"

    with database.connected(told):
        serving.close_the_pages()

        assert connection.settings_dict["OPTIONS"]["options"] == "-c statement_timeout=5s"


def test_an_address_of_another_kind_of_database_is_refused():
    with pytest.raises(ImproperlyConfigured, match="must name a PostgreSQL database"):
        database.given("sqlite:///bury.db")
