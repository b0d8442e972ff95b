"""`make demo` from a fresh clone to the first answered page.

The repository is cloned into a temporary folder and `make demo` runs there with nothing of ours in its environment, no
package cache of pip's, and a virtual environment of its own; the clock stops when the first page is answered whole. It
includes fetching every package from the registry. What the machine already has (Python, make, and as root our copy of
PostgreSQL's programs) is not installed again. Only what is committed is in a clone.
"""

import os
import signal
import subprocess
import tempfile
import time
from http.client import HTTPException
from pathlib import Path

from benchmarks import table
from benchmarks.place import NOT_OURS, free_port
from benchmarks.viewers import Viewer

HERE = Path(__file__).parents[1]
LONGEST_SECONDS = 900
OF_THIS_SHELL = (
    *("LOCALITY_HOME", "VIRTUAL_ENV", "PYTHONPATH", "DJANGO_SETTINGS_MODULE", "PIP_FIND_LINKS"),
    *("MAKEFLAGS", "MAKELEVEL", "DISPLAY", "WAYLAND_DISPLAY"),
)


def run(*, copies: int, repeats: int) -> list[str]:
    """The table; run once however many repeats are asked for, since it fetches everything anew."""
    with tempfile.TemporaryDirectory(prefix="locality-clone-") as folder:
        # PostgreSQL runs as an account of its own when we are root, and must come through
        Path(folder).chmod(0o755)
        clone = Path(folder) / "locality"
        began = time.perf_counter()
        subprocess.run(["git", "clone", "-q", "--no-hardlinks", str(HERE), str(clone)], check=True)
        answered = answered_at(clone, log=Path(folder) / "log")
    line = ["the sign-in page of the demo", f"{answered - began:.0f}"]
    aim = table.aim("under 3 minutes", [line], column=1, most=180)
    return [*table.rows(("from `git clone` to", "seconds"), [line]), "", aim]


def answered_at(clone: Path, *, log: Path) -> float:
    """Start the demo, wait for its first page, stop it again."""
    port = free_port()
    without = (*NOT_OURS, *OF_THIS_SHELL)
    environment = {name: value for name, value in os.environ.items() if name not in without} | {"PIP_NO_CACHE_DIR": "1"}
    with log.open("wb") as said:
        demo = subprocess.Popen(
            ["make", "demo", f"PORT={port}"],
            cwd=clone,
            env=environment,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    try:
        return first_answer(demo, port, log=log)
    finally:
        if demo.poll() is None:
            os.killpg(demo.pid, signal.SIGINT)
            demo.wait(timeout=60)


def first_answer(demo: subprocess.Popen[bytes], port: int, *, log: Path) -> float:
    latest = time.perf_counter() + LONGEST_SECONDS
    while time.perf_counter() < latest and demo.poll() is None:
        try:
            Viewer(port).timed("/sign-in")
            return time.perf_counter()
        except (OSError, HTTPException):
            time.sleep(0.2)
    raise SystemExit(f"`make demo` did not get to its first page:\n{log.read_text()[-3000:]}")
