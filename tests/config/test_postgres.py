"""Our own PostgreSQL is killed in every way we could think of; it is there again with every row, and nobody is left."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import permutations
from pathlib import Path

import psycopg
import pytest

from locality.base import Refused
from locality.config import postgres, programs

COMMAND = """
import sys
from pathlib import Path
from locality.config import postgres
server = postgres.start(home=Path(sys.argv[1]), create=True, durable=False)
print("ready", flush=True)
sys.stdin.read()
server.release()
"""


@dataclass
class Place:
    """A home, the commands that use it, and the rows that were written in it."""

    home: Path
    rows: list[int] = field(default_factory=list)
    commands: list[subprocess.Popen] = field(default_factory=list)

    def command(self) -> subprocess.Popen:
        started = subprocess.Popen(
            [sys.executable, "-c", COMMAND, str(self.home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.commands.append(started)
        return started

    def commands_end(self) -> None:
        for command in self.commands:
            command.communicate()
        self.commands.clear()

    def connect(self) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.home / "postgres"), user=postgres.ADMIN, dbname="postgres", autocommit=True
        )

    def write(self) -> None:
        self.rows.append(len(self.rows))
        with self.connect() as connection:
            connection.execute("create table if not exists written (number int)")
            connection.execute("insert into written values (%s)", self.rows[-1:])

    def read(self) -> list[int]:
        with self.connect() as connection:
            return [number for (number,) in connection.execute("select number from written order by number")]

    def holders(self, *locks: str) -> set[int]:
        """Who has one of the home's locks open; whoever belongs to the home has."""
        wanted = {str(self.home / "locks" / lock) for lock in locks or ("start", "commands", "keeper", "server")}
        everybody = {int(pid) for pid in os.listdir("/proc") if pid.isdigit()} - {os.getpid()}
        return {pid for pid in everybody if wanted & open_files(pid)}


def open_files(pid: int) -> set[str]:
    try:
        return {os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")}
    except OSError:
        return set()


@pytest.fixture(scope="module")
def lasting() -> Iterator[Place]:
    with tempfile.TemporaryDirectory(prefix="locality-") as folder:
        yield Place(home=Path(folder) / "home")


@pytest.fixture
def fresh() -> Iterator[Place]:
    with tempfile.TemporaryDirectory(prefix="locality-") as folder:
        place = Place(home=Path(folder) / "home")
        yield place
        place.commands_end()


def kill(pids: set[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def postmaster(place: Place) -> int:
    return int((place.home / "postgres" / "postmaster.pid").read_text().splitlines()[0])


TO_KILL = {
    "the commands": lambda place: {command.pid for command in place.commands},
    "one command": lambda place: {place.commands[0].pid},
    "the keeper": lambda place: place.holders("keeper"),
    "the server": lambda place: {postmaster(place)},
    "what works for the server": lambda place: place.holders("server") - {postmaster(place)},
}
ORDERS = [
    *permutations(["the commands", "the keeper", "the server"]),
    ("the commands", "what works for the server"),
    ("what works for the server",),
    ("the commands",),
    ("one command",),
    ("the keeper",),
    ("the server",),
]


def until(so: Callable[[], object]) -> bool:
    deadline = time.monotonic() + 20
    while not so() and time.monotonic() < deadline:
        time.sleep(0.01)
    return bool(so())


def nobody_is_left(place: Place) -> bool:
    return until(lambda: not place.holders())


@pytest.mark.parametrize("order", ORDERS, ids=", then ".join)
def test_after_a_kill_the_next_command_finds_every_row_and_nobody_is_left(lasting, order):
    for command in (lasting.command(), lasting.command()):
        assert command.stdout.readline() == "ready\n"
    lasting.write()
    targets = [TO_KILL[name](lasting) for name in order]

    for pids in targets:
        kill(pids)
    server = postgres.start(home=lasting.home, durable=False)

    assert lasting.read() == lasting.rows
    lasting.commands_end()
    server.release()
    assert nobody_is_left(lasting)


@pytest.mark.parametrize("whom", ["the command", "initdb", "both"])
def test_a_half_made_database_is_never_used_but_made_anew(fresh, whom):
    command = fresh.command()
    assert until(lambda: list(fresh.home.glob("half-made-*/base")))
    initdb = fresh.holders("start") - {command.pid}

    kill({"the command": {command.pid}, "initdb": initdb, "both": {command.pid} | initdb}[whom])
    server = postgres.start(home=fresh.home, create=True, durable=False)

    fresh.write()
    assert fresh.read() == fresh.rows
    assert list(fresh.home.glob("half-made-*")) == []
    fresh.commands_end()
    server.release()
    assert nobody_is_left(fresh)


def test_commands_that_start_at_once_share_one_server(fresh):
    commands = [fresh.command() for _ in range(3)]

    assert [command.stdout.readline() for command in commands] == ["ready\n"] * 3
    assert len(fresh.holders("keeper")) == 1
    fresh.commands_end()
    assert nobody_is_left(fresh)


@pytest.fixture
def zombie() -> Iterator[int]:
    gone = subprocess.Popen(["true"])
    assert until(lambda: Path(f"/proc/{gone.pid}/stat").read_text().split()[2] == "Z")
    yield gone.pid
    gone.wait()


@pytest.mark.parametrize("whose", ["a zombie", "somebody else", "nobody"])
def test_what_a_killed_server_left_lying_is_cleared_away(fresh, zombie, whose):
    postgres.start(home=fresh.home, create=True, durable=False).release()
    pid = {"a zombie": zombie, "somebody else": os.getpid(), "nobody": 2**22 + 1}[whose]
    folder = fresh.home / "postgres"
    for left in ("postmaster.pid", ".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
        (folder / left).write_text(f"{pid}\n{folder}\n1\n5432\n{folder}\n\n 1 1\nready\n")

    server = postgres.start(home=fresh.home, durable=False)

    fresh.write()
    assert fresh.read() == fresh.rows
    server.release()


def test_a_server_that_somebody_started_by_hand_is_named_and_left_alone(fresh):
    postgres.start(home=fresh.home, create=True, durable=False).release()
    folder = fresh.home / "postgres"
    # on a busy machine the keeper may still be stopping it
    assert until(lambda: not (folder / "postmaster.pid").exists())
    os.chmod(fresh.home, 0o755)
    os.chmod(fresh.home.parent, 0o755)
    by_hand = subprocess.Popen(
        [programs.folder() / "postgres", "-D", folder, "-c", "listen_addresses=", "-c", "unix_socket_directories="],
        stderr=subprocess.DEVNULL,
        **programs.run_as(programs.account()),
    )
    assert until((folder / "postmaster.pid").exists)

    with pytest.raises(Refused) as refused:
        postgres.start(home=fresh.home, durable=False)

    assert str(refused.value) == (
        f"Process {by_hand.pid}, which Locality did not start, uses the database in {folder}: stop it first."
    )
    assert by_hand.poll() is None
    by_hand.terminate()
    by_hand.wait()


def test_the_server_is_on_no_network_and_takes_nobody_elses_login(fresh):
    server = postgres.start(home=fresh.home, create=True, durable=False)

    with fresh.connect() as connection:
        asked = connection.execute("select current_setting('listen_addresses'), current_setting('data_checksums')")
        assert asked.fetchone() == ("", "on")
        rules = connection.execute("select type, auth_method, options from pg_hba_file_rules").fetchall()
    assert rules == [("local", "peer", ["map=commands"])]
    assert [oct((fresh.home / name).stat().st_mode) for name in ("", "postgres", "locks")] == ["0o40700"] * 3
    server.release()


def test_a_home_below_a_closed_folder_works_and_the_folder_stays_closed(fresh):
    closed = fresh.home.parent / "closed"
    closed.mkdir(mode=0o700)
    below = Place(home=closed / "deep" / "home")

    server = postgres.start(home=below.home, create=True, durable=False)

    below.write()
    assert below.read() == below.rows
    assert oct(closed.stat().st_mode) == "0o40700"
    server.release()


def test_a_home_that_was_never_made_is_not_made_by_looking(fresh):
    with pytest.raises(Refused) as refused:
        postgres.start(home=fresh.home)

    assert str(refused.value) == (
        f"There is no Locality database in {fresh.home} (LOCALITY_HOME). "
        "Start with `locality demo` or `locality migrate`, or set LOCALITY_HOME or DATABASE_URL to where it is."
    )
    assert not fresh.home.exists()


def test_a_path_too_long_for_a_socket_is_refused_in_one_sentence(fresh):
    long = fresh.home / ("long" * 30)

    with pytest.raises(Refused) as refused:
        postgres.start(home=long, create=True)

    assert str(refused.value) == (
        f"The path {long}/postgres/.s.PGSQL.5432 is too long for a socket (at most 107 bytes): "
        "set LOCALITY_HOME to a folder with a shorter path."
    )
    assert not fresh.home.exists()
