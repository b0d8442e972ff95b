"""Which machine it was: a figure without it says nothing."""

import os
import platform
import subprocess
import time
from pathlib import Path

from benchmarks import place


def words(*, note: str) -> str:
    """One sentence: cores, memory, versions, day, how busy it was, which commit, and what else must be known."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    said = [
        f"{len(os.sched_getaffinity(0))} cores ({processor()}), {memory:.0f} GB of memory",
        f"{platform.system()} {platform.release()}",
        f"Python {platform.python_version()}",
        f"PostgreSQL {place.server_version()} (our own start of the wheel, settings of config/postgres.py)",
        f"load of the machine before the run {os.getloadavg()[0]:.1f}",
        f"{commit()}",
    ]
    return f"Measured {time.strftime('%Y-%m-%d')} on {'; '.join(said)}.{f' {note}' if note else ''}"


def processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def commit() -> str:
    """The commit that was measured, and whether files had changed since."""
    try:
        named = git("rev-parse", "--short", "HEAD")
        changed = git("status", "--porcelain", "--untracked-files=normal", "--", "locality")
    except (OSError, subprocess.CalledProcessError):
        return "no repository"
    return f"commit {named}" + (" with changes not yet committed" if changed else "")


def git(*asked: str) -> str:
    folder = Path(__file__).parents[1]
    return subprocess.run(["git", *asked], cwd=folder, capture_output=True, text=True, check=True).stdout.strip()
