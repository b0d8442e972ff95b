"""Keeps one PostgreSQL server for the commands that use it; started by postgres.py, on the standard library alone.

Usage: keeper.py COMMANDS_LOCK KEEPER_FD SERVER_FDS UID GID PROGRAM [ARGUMENT]...
"""

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
from typing import Any

# told to stop while it mends itself after a crash, PostgreSQL 18 may wait for ever; stopped at once, it loses nothing
STOPS_IN_SECONDS = 15
PR_SET_PDEATHSIG = 1


def stop_if_the_keeper_dies(keeper: int) -> None:
    # nobody is left behind to stop the server if its keeper is killed, so the kernel tells the server
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)
    if os.getppid() != keeper:
        os._exit(1)


def start(*, program: list[str], uid: int, gid: int, fds: list[int]) -> subprocess.Popen[bytes]:
    account: dict[str, Any] = {"user": uid, "group": gid, "extra_groups": []} if uid >= 0 else {}
    keeper = os.getpid()
    return subprocess.Popen(  # noqa: S603 -- the program and its arguments are our own
        program,
        preexec_fn=lambda: stop_if_the_keeper_dies(keeper),
        pass_fds=fds,
        stdin=subprocess.DEVNULL,
        **account,
    )


def stop(server: subprocess.Popen[bytes]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    server.send_signal(signal.SIGINT)
    try:
        server.wait(timeout=STOPS_IN_SECONDS)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)
        server.wait()


def keep(commands_lock: str, keeper_fd: str, server_fds: str, uid: str, gid: str, *program: str) -> None:
    fds = [int(fd) for fd in server_fds.split(",")]
    os.set_inheritable(int(keeper_fd), False)
    signal.signal(signal.SIGCHLD, lambda *_: sys.exit())
    server = start(program=list(program), uid=int(uid), gid=int(gid), fds=fds)
    for fd in fds:
        os.close(fd)
    # granted when the last command is out, however it went; kept until the server has stopped
    fcntl.flock(os.open(commands_lock, os.O_RDONLY), fcntl.LOCK_EX)
    stop(server)


if __name__ == "__main__" and os.fork() == 0:
    keep(*sys.argv[1:])
