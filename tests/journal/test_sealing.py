"""Sealing a real audit, in a real database."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest
from django.db import connection, transaction
from typer.testing import CliRunner

from locality.base import system
from locality.cli import app
from locality.config import signing
from locality.config.database import administrator
from locality.config.database import connect as connected
from locality.journal import queries
from locality.journal.actions import highest, log, log_rows, seal
from locality.journal.actions.writing import line
from locality.journal.models import Event, Seal
from locality.watch.sealing import sealing

AT = datetime(2026, 11, 3, 14, 5, tzinfo=UTC)
BY = system(at=AT)
PERSON = UUID(int=7)

pytestmark = pytest.mark.sql


@pytest.fixture
def key(tmp_path):
    return signing.signing(tmp_path, make=True)


def write(count: int) -> None:
    log_rows([line(what="record.opened", by=BY, person=PERSON, reason=f"visit\t{n}\n") for n in range(count)])


def sealed_now(key) -> int:
    until, horizon = highest()
    return sum(one.events for one in seal(until=until, horizon=horizon, sign=key.sign, at=AT))


def as_owner(words: str) -> None:
    with connected(administrator(), connection.settings_dict["NAME"]) as admin:
        admin.execute("set session_replication_role = replica")
        admin.execute(words)


@pytest.mark.django_db(transaction=True)
def test_what_is_sealed_is_found_as_it_was(key):
    write(3)
    sealed_now(key)
    write(2)

    found = queries.verified(heads=[], verify=key.verify)

    assert (found.events, found.seals, found.unsealed, found.missing_unsealed, found.faults) == (5, 1, 2, 0, [])


@pytest.mark.django_db(transaction=True)
def test_sealing_again_seals_only_what_is_new(key):
    write(3)

    assert [sealed_now(key), sealed_now(key)] == [3, 0]
    write(1)
    assert sealed_now(key) == 1
    assert list(Seal.objects.order_by("id").values_list("id", "events")) == [(1, 3), (2, 1)]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sealed_while_somebody_may_still_write_a_lower_number(key):
    slow = psycopg.connect(**connection.get_connection_params())
    slow.execute("select pg_current_xact_id(), nextval('journal_event_id_seq')")
    write(2)
    until, horizon = highest()

    before = seal(until=until, horizon=horizon, sign=key.sign, at=AT)
    slow.rollback()
    slow.close()
    after = seal(until=until, horizon=horizon, sign=key.sign, at=AT)

    assert (before, [one.events for one in after]) == ([], [2])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "words",
    [
        "update journal_event set reason = 'none' where id = (select min(id) + 1 from journal_event)",
        "update journal_event set at = at + interval '1 second' where id = (select max(id) from journal_event)",
        "update journal_event set detail = '{\"a\": 1}' where id = (select max(id) from journal_event)",
        "delete from journal_event where id = (select min(id) from journal_event)",
        "insert into journal_event (id, at, what, outcome, by_kind, by_id, role, purpose, reason, detail)"
        " select min(id) - 1, max(at), 'x', 'done', 'system', gen_random_uuid(), '', 'care', '', '{}'"
        " from journal_event",
        "update journal_event set id = case id when (select min(id) from journal_event) then -1 else id end",
        "delete from journal_seal where id = 1",
        "update journal_seal set events = events + 1",
    ],
)
def test_what_the_owner_of_the_tables_changes_is_found(key, words):
    write(5)
    sealed_now(key)
    write(2)
    sealed_now(key)
    as_owner(words)

    assert queries.verified(heads=[], verify=key.verify).faults != []


@pytest.mark.django_db(transaction=True)
def test_the_application_cannot_change_or_remove_what_it_wrote(key):
    write(1)
    sealed_now(key)

    for words in [
        "update journal_event set reason = ''",
        "delete from journal_event",
        "truncate journal_event",
        "update journal_event_0 set reason = ''",
        "insert into journal_event_0 (id) values (1)",
        "update journal_seal set events = 2",
        "delete from journal_seal",
    ]:
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            connection.cursor().execute(words)
    assert (Event.objects.count(), Seal.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_the_chore_seals_what_was_there_at_its_last_turn_and_copies_the_head_out(key, tmp_path):
    turn = sealing(
        sign=key.sign,
        copy_out=lambda made: signing.copy_out(made, folders=[tmp_path]),
        now=lambda: AT + timedelta(seconds=5),
    )
    write(2)
    turn()
    write(1)
    turn()

    heads = signing.copies([tmp_path])

    assert Seal.objects.get().events == 2
    assert [(one.number, one.head) for one in heads] == [(1, bytes(Seal.objects.get().head))]


@pytest.mark.django_db(transaction=True)
def test_the_command_says_that_all_is_well_and_stops_with_one_when_it_is_not(settings, tmp_path):
    settings.LOCALITY_AUDIT_COPIES = [tmp_path]
    own = signing.signing(settings.LOCALITY_HOME, make=True)
    log(what="record.opened", by=BY, person=PERSON)
    until, horizon = highest()
    signing.copy_out(seal(until=until, horizon=horizon, sign=own.sign, at=AT), folders=[tmp_path])

    well = CliRunner().invoke(app, ["verify-audit", "--json"])
    as_owner("update journal_event set reason = 'another'")
    wrong = CliRunner().invoke(app, ["verify-audit"])

    assert (well.exit_code, {name: json.loads(well.stdout)[name] for name in ("events", "copies", "faults")}) == (
        0,
        {"events": 1, "copies": 1, "faults": []},
    )
    assert (wrong.exit_code, "not as it was written" in wrong.stderr) == (1, True)
