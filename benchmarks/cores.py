"""Core-seconds: the user and system time of our processes and of the database server's, from the kernel's own books.

Our commands are children that we wait for (getrusage). The server is not our child: its time is read from /proc, the
living processes and those it has already waited for. Linux only; the kernel counts in hundredths of a second.
"""

import os
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Spent:
    """What one run took."""

    seconds: float = 0.0
    ours: float = 0.0
    others: float = 0.0

    @property
    def core_seconds(self) -> float:
        """Ours and the others' together."""
        return self.ours + self.others


@contextmanager
def measured(*others: int) -> Iterator[Spent]:
    """What happens inside: wall time, core-seconds of us and our children, and those of these process trees."""
    spent = Spent()
    before, theirs, began = ours(), sum(map(tree, others)), time.perf_counter()
    yield spent
    spent.seconds = time.perf_counter() - began
    spent.ours, spent.others = ours() - before, sum(map(tree, others)) - theirs


def ours() -> float:
    """Core-seconds of this process and of the children it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def tree(top: int) -> float:
    """Core-seconds of a living process, its living descendants, and all that these have waited for."""
    parents, ticks = processes()
    return sum(ticks[pid] for pid in ticks if belongs(pid, top, parents)) / TICKS


def family(top: int) -> set[int]:
    """A living process and its living descendants."""
    parents, _ = processes()
    return {pid for pid in parents if belongs(pid, top, parents)}


def processes() -> tuple[dict[int, int], dict[int, int]]:
    """Each process's parent, and its ticks with those of the children it has waited for."""
    parents, ticks = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            said = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended meanwhile: whoever waited for it has its time
        pid = int(folder.name)
        parents[pid], ticks[pid] = int(said[1]), sum(map(int, said[11:15]))
    return parents, ticks


def belongs(pid: int, top: int, parents: dict[int, int]) -> bool:
    while pid and pid != top:
        pid = parents.get(pid, 0)
    return pid == top
