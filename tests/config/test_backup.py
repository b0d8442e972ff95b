"""What docs/operating.md says of a backup brings everything back."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from locality.config import database, programs
from tests import factories as make

DOCS = Path(__file__).parents[2] / "docs" / "operating.md"
# the lines that begin so in the page
DUMP, RESTORE = (re.search(f"^{word}.*$", DOCS.read_text(), re.MULTILINE)[0] for word in ("PGOPTIONS", "pg_restore"))
TABLES = "select tablename from pg_tables where schemaname = 'public' order by 1"
WALLED = "select tablename, policyname, qual from pg_policies order by 1, 2"


@pytest.fixture
def keeper(transactional_db):
    """A login that owns nothing and is a member of those who own the tables; and an empty database of theirs."""
    admin = database.administrator()
    with database.connect(admin, "postgres") as server:
        server.execute("create role test_keeper login in role locality_owner")
        server.execute("create database test_back owner locality_owner template template0 encoding 'UTF8'")
        yield server
        server.execute("drop database test_back with (force)")
        server.execute("drop role test_keeper")


def run(server, words: str, name: str, folder: Path) -> tuple[int, str]:
    host = server.info.host.replace("/", "%2F")
    url = f"postgres://test_keeper@{host}:{server.info.port}/{name}"
    env = {"PATH": f"{programs.folder()}{os.pathsep}{os.environ['PATH']}", "LOCALITY_OWNER_URL": url}
    done = subprocess.run(words, shell=True, cwd=folder, env=env, capture_output=True, text=True, timeout=120)
    return done.returncode, done.stderr


def held(name: str) -> tuple[dict[str, set[str]], list]:
    """Every row of every table, and the policies before them."""
    with database.connect(database.administrator(), name) as one:
        tables = [table for (table,) in one.execute(TABLES)]
        rows = {table: {row for (row,) in one.execute(f'select one::text from "{table}" one')} for table in tables}
        return rows, one.execute(WALLED).fetchall()


def test_a_backup_brings_every_row_and_the_wall_back(keeper, tmp_path):
    _, (patient,) = make.peggy("gp")
    make.resource(patient, make.problem("Asthma", "195967001"))
    name = database.administrator()["NAME"]

    assert run(keeper, DUMP, name, tmp_path) == (0, "")
    assert run(keeper, RESTORE, "test_back", tmp_path) == (0, "")

    assert held("test_back") == held(name)
    assert len(held("test_back")[0]["record_resource"]) == 1


def test_without_the_wall_taken_down_a_dump_is_refused_and_not_empty(keeper, tmp_path):
    code, said = run(keeper, DUMP.replace("--enable-row-security ", ""), database.administrator()["NAME"], tmp_path)

    assert (code, "would be affected by row-level security policy" in said) == (1, True)
