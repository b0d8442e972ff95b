"""The real web server of a place, on a port that is free."""

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException

from benchmarks.place import LOCALITY, Place, free_port
from benchmarks.viewers import Viewer

ANSWERS_IN_SECONDS = 60


@dataclass(frozen=True)
class Serving:
    """Where it listens, and its process."""

    port: int
    pid: int


@contextmanager
def serving(here: Place) -> Iterator[Serving]:
    """`locality serve`, until it is no longer needed."""
    port = free_port()
    with tempfile.TemporaryFile() as said:
        server = subprocess.Popen([str(LOCALITY), "serve", "--port", str(port)], env=here.environment, stderr=said)
        try:
            wait_for(server, port)
            yield Serving(port, server.pid)
        finally:
            server.terminate()
            server.wait(timeout=30)


def wait_for(server: subprocess.Popen[bytes], port: int) -> None:
    latest = time.perf_counter() + ANSWERS_IN_SECONDS
    while time.perf_counter() < latest and server.poll() is None:
        try:
            Viewer(port).timed("/help")
            return
        except (OSError, HTTPException):
            time.sleep(0.1)
    raise SystemExit(f"`locality serve` did not answer within {ANSWERS_IN_SECONDS} seconds.")
