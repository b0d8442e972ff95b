"""Old lines leave the database for a file, and the chain holds over both; whatever is done to the file is found."""

import gzip
import json

import pytest
from django.db import OperationalError, connection
from typer.testing import CliRunner

from locality.base import system
from locality.cli import app
from locality.config import archive, signing
from locality.config.database import administrator
from locality.config.database import connect as connected
from locality.journal import actions, queries
from locality.journal.actions import drop_part, highest, log_rows, make_part, seal
from locality.journal.actions.writing import line
from locality.journal.models import Event, Upkeep
from locality.journal.queries import Part
from tests.factories import AT
from tests.journal.test_sealing import PERSON

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sql]

FIRST = Part(0, 25_000_000, "journal_event_0")


def as_owner(words: str) -> None:
    with connected(administrator(), connection.settings_dict["NAME"]) as admin:
        admin.execute(words)


@pytest.fixture
def over_the_edge(settings):
    """Five events of which three lie in the first part and two in the next, all sealed."""
    as_owner(f"alter sequence journal_event_id_seq restart with {FIRST.until - 3}")
    log_rows([line(what="record.opened", by=system(at=AT), person=PERSON, reason=f"visit {n}") for n in range(5)])
    key = signing.signing(settings.LOCALITY_HOME, make=True)
    until, horizon = highest()
    made = seal(until=until, horizon=horizon, sign=key.sign, at=AT)
    signing.copy_out(made, folders=[settings.LOCALITY_HOME])
    yield settings.LOCALITY_HOME / archive.FOLDER
    for _, _, path in archive.files(settings.LOCALITY_HOME / archive.FOLDER):
        path.unlink()
    (settings.LOCALITY_HOME / signing.HEADS).unlink()
    if FIRST not in queries.parts():
        with connected(administrator(), connection.settings_dict["NAME"]) as owner:
            make_part(owner=owner, part=FIRST)


def run(*words: str):
    return CliRunner().invoke(app, [*words, "--json"])


def test_a_part_is_moved_into_a_file_and_the_audit_still_verifies(over_the_edge):
    moved = run("archive-audit", "--keep", "1")
    verified = run("verify-audit")

    assert json.loads(moved.stdout)["moved"] == ["audit-0-25000000.gz"]
    assert FIRST not in queries.parts()
    assert Event.objects.filter(what="record.opened").count() == 2
    told = json.loads(verified.stdout)
    # and the line that says that they were moved, not sealed yet
    assert (verified.exit_code, told["events"], told["unsealed"], told["faults"]) == (0, 6, 1, [])
    assert Upkeep.objects.get(kind="archived").detail["file"] == "audit-0-25000000.gz"
    assert Upkeep.objects.get(kind="verified").detail["faults"] == 0


def test_moving_again_moves_nothing(over_the_edge):
    run("archive-audit", "--keep", "1")

    assert json.loads(run("archive-audit", "--keep", "1").stdout)["moved"] == []


def change(path, how) -> None:
    with gzip.open(path) as file:
        lines = file.readlines()
    with gzip.open(path, "wb") as file:
        file.writelines(how(lines))


@pytest.mark.parametrize(
    "how",
    [
        lambda lines: [lines[0].replace(b"visit 0", b"visit 9"), *lines[1:]],
        lambda lines: lines[1:],
        lambda lines: lines[:-1],
        lambda lines: [lines[1], lines[0], lines[2]],
        lambda lines: [lines[0], lines[0], *lines[1:]],
        lambda lines: [b"1" + lines[0][8:], *lines],
        lambda lines: [],
    ],
    ids=["edited", "first cut", "last cut", "reordered", "doubled", "put in front", "emptied"],
)
def test_whatever_is_done_to_the_file_is_found(over_the_edge, how):
    run("archive-audit", "--keep", "1")
    change(over_the_edge / "audit-0-25000000.gz", how)

    told = run("verify-audit")

    assert (told.exit_code, len(json.loads(told.stdout.splitlines()[0])["faults"])) == (1, 1)


def test_a_file_that_is_gone_or_broken_is_found(over_the_edge):
    run("archive-audit", "--keep", "1")
    path = over_the_edge / "audit-0-25000000.gz"
    whole = path.read_bytes()

    path.write_bytes(whole[:-20])
    broken = run("verify-audit")
    path.unlink()
    gone = run("verify-audit")

    assert (broken.exit_code, gone.exit_code) == (1, 1)


def test_what_was_changed_in_the_database_before_is_not_taken_out_of_it(over_the_edge):
    with connected(administrator(), connection.settings_dict["NAME"]) as admin:
        admin.execute("set session_replication_role = replica")
        admin.execute(f"update journal_event set reason = 'another' where id = {FIRST.until - 2}")

    told = run("archive-audit", "--keep", "1")

    assert told.exit_code == 1
    assert FIRST in queries.parts()


def test_what_is_not_sealed_yet_or_still_written_to_stays(over_the_edge):
    assert actions.archivable(keep=2) == []
    assert actions.archivable(keep=1) == [FIRST]
    as_owner("truncate journal_seal")
    assert actions.archivable(keep=1) == []


def test_parts_are_made_ahead_of_what_is_written(over_the_edge):
    as_owner(f"alter sequence journal_event_id_seq restart with {6 * FIRST.until + 5}")
    log_rows([line(what="record.opened", by=system(at=AT), person=PERSON)])

    with connected(administrator(), connection.settings_dict["NAME"]) as owner:
        made = actions.make_parts(owner=owner)
    try:
        assert (made, queries.parts()[-1]) == (3, Part(250_000_000, 275_000_000, "journal_event_10"))
        with pytest.raises(Exception, match="permission denied"):
            connection.cursor().execute("insert into journal_event_10 (id) values (250000001)")
    finally:
        for number in (8, 9, 10):
            as_owner(f"drop table journal_event_{number}")


class Refusing:
    """The owner's connection, over which no table can be dropped or made."""

    def __init__(self, owner):
        self.owner, self.asked = owner, []

    def execute(self, words: str):
        self.asked.append(words)
        if words.startswith(("drop table", "create table")):
            raise OperationalError("canceling statement due to lock timeout")
        return self.owner.execute(words)

    def is_itself(self) -> bool:
        return self.owner.execute("select current_user = session_user").fetchone()[0]


def test_a_part_is_never_gone_without_a_line_and_a_failure_leaves_the_connection_as_it_was(over_the_edge):
    with connected(administrator(), connection.settings_dict["NAME"]) as owner:
        refusing = Refusing(owner)

        with pytest.raises(OperationalError, match="lock timeout"):
            drop_part(owner=refusing, part=FIRST, file="audit.gz", by=system(at=AT))
        with pytest.raises(OperationalError, match="lock timeout"):
            make_part(owner=refusing, part=Part(9, 10, "journal_event_9"))

        assert refusing.is_itself() is True
    assert FIRST in queries.parts()
    assert Event.objects.get(what="audit.archived").detail["file"] == "audit.gz"
