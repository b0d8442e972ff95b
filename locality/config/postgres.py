"""Locality's own PostgreSQL, for trying out, developing and testing, in the folder `postgres` of LOCALITY_HOME.

Four locks, which the kernel frees however their holder dies: `start` (one command starts it at a time), `commands`
(shared by all that use it), `keeper` (held by keeper.py, which stops it when no command is left) and `server` (held
by the server's own processes: whoever gets it knows that no server is left in this folder).
"""

import fcntl
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from locality.base import Refused
from locality.config import keeper, programs

ADMIN = "postgres"
PORT = 5432
SOCKET = f".s.PGSQL.{PORT}"
LONGEST_SOCKET_PATH = 107
ANSWERS_IN_SECONDS = 120
STOPS_IN_SECONDS = 30
LOOKS_EVERY_SECONDS = 0.02
# it may be killed while it starts
LAUNCHES = 3

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    # a tenth of a borough may be one team's, received at once: until it is analysed, plans take it for a handful
    "autovacuum_analyze_scale_factor": "0.02",
    # a container's 64 MB of shared memory is too little for parallel joins
    "max_parallel_workers_per_gather": "0",
    # statements and the details of errors carry personal data
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
NOT_DURABLE = {"fsync": "off"}
# the same letters on every machine: the wheel has no ICU, and the machine's own locales differ
LETTERS = [
    "--encoding=UTF8",
    "--locale=C",
    "--lc-ctype=C.UTF-8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
]


@dataclass(frozen=True)
class Server:
    """A server in use: `folder` holds its data and its socket."""

    folder: Path
    in_use: int

    def release(self) -> None:
        """Stop using it; the last one out returns when the server has stopped."""
        free(self.in_use)
        locks = self.folder.parent / "locks"
        for _ in range(round(STOPS_IN_SECONDS / LOOKS_EVERY_SECONDS)):
            time.sleep(LOOKS_EVERY_SECONDS)
            stopped, others = try_to_hold(locks / "server"), try_to_hold(locks / "commands", fcntl.LOCK_SH)
            free(stopped, others)
            if stopped is not None or others is not None:
                return


def start(*, home: Path, create: bool = False, durable: bool = True) -> Server:
    """Use the server of a home, starting it when no other command has; `durable=False` is for tests."""
    folder = home.absolute() / "postgres"
    locks = folder.parent / "locks"
    try:
        refuse_what_cannot_work(folder, create=create)
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        locks.mkdir(mode=0o700, exist_ok=True)
        starting = hold(locks / "start", fcntl.LOCK_EX)
    except OSError as closed:
        raise Refused(f"The folder {folder.parent} (LOCALITY_HOME) cannot be used: {closed.strerror}.") from closed
    # a keeper that is stopping the server holds this one until it has stopped
    in_use = hold(locks / "commands", fcntl.LOCK_SH)
    try:
        if not folder.exists():
            make(folder, starting=starting, durable=durable)
        wait_for_an_answer(folder, durable=durable)
    except BaseException:
        free(in_use)
        raise
    finally:
        free(starting)
    return Server(folder=folder, in_use=in_use)


def refuse_what_cannot_work(folder: Path, *, create: bool) -> None:
    if len(os.fsencode(folder / SOCKET)) > LONGEST_SOCKET_PATH:
        raise Refused(
            f"The path {folder / SOCKET} is too long for a socket (at most {LONGEST_SOCKET_PATH} bytes): "
            "set LOCALITY_HOME to a folder with a shorter path."
        )
    if not create and not folder.exists():
        raise Refused(
            f"There is no Locality database in {folder.parent} (LOCALITY_HOME). "
            "Start with `locality demo` or `locality migrate`, or set LOCALITY_HOME or DATABASE_URL to where it is."
        )


def hold(lock: Path, kind: int) -> int:
    """Take a lock; it is held until every copy of the returned file descriptor is closed."""
    held = os.open(lock, os.O_RDONLY | os.O_CREAT, 0o644)
    try:
        fcntl.flock(held, kind)
    except BaseException:
        os.close(held)
        raise
    return held


def try_to_hold(lock: Path, kind: int = fcntl.LOCK_EX) -> int | None:
    try:
        return hold(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return None


def free(*locks: int | None) -> None:
    for lock in locks:
        if lock is not None:
            os.close(lock)


@contextmanager
def within_reach(folder: Path, *, of_root: bool) -> Iterator[tuple[int, str]]:
    """A folder opened for the server, and its path; root's goes by the open folder, since a parent may be closed."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield opened, f"/proc/self/fd/{opened}" if of_root else str(folder)
    finally:
        os.close(opened)


def make(folder: Path, *, starting: int, durable: bool) -> None:
    """Make the data folder under another name first, so that a half-made one is never used."""
    for half_made in folder.parent.glob("half-made-*"):
        shutil.rmtree(half_made)
    half_made = Path(tempfile.mkdtemp(prefix="half-made-", dir=folder.parent))
    owner = programs.account()
    if owner is not None:
        os.chown(half_made, *owner)
    with within_reach(half_made, of_root=owner is not None) as (opened, path):
        made = subprocess.run(  # noqa: S603 -- our own program and words
            [programs.folder() / "initdb", "-D", path, "-U", ADMIN, *LETTERS, *([] if durable else ["--no-sync"])],
            # an initdb that outlives its command keeps the next one waiting until it is gone
            pass_fds=(opened, starting),
            capture_output=True,
            text=True,
            check=False,
            **programs.run_as(owner),
        )
    if made.returncode:
        raise Refused(f"The database could not be made in {folder.parent}: {made.stderr.strip() or made.returncode}")
    half_made.rename(folder)


def wait_for_an_answer(folder: Path, *, durable: bool) -> None:
    """Alive means that it answers and has a keeper; what does neither and is no longer there is started."""
    locks, log = folder.parent / "locks", folder.parent / "postgres.log"
    launches = 0
    for _ in range(round(ANSWERS_IN_SECONDS / LOOKS_EVERY_SECONDS)):
        keeping = try_to_hold(locks / "keeper")
        if keeping is None and answers(folder):
            return
        serving = try_to_hold(locks / "server")
        try:
            if keeping is not None and serving is not None:
                if launches == LAUNCHES:
                    raise Refused(f"PostgreSQL did not start in {folder}: {last_words(log)}")
                launch(folder, keeping=keeping, serving=serving, durable=durable)
                launches += 1
        finally:
            free(keeping, serving)
        time.sleep(LOOKS_EVERY_SECONDS)
    raise Refused(f"The PostgreSQL server in {folder} has not answered for {ANSWERS_IN_SECONDS} seconds; see {log}.")


def answers(folder: Path) -> bool:
    try:
        with psycopg.connect(host=str(folder), port=PORT, user=ADMIN, dbname="postgres", connect_timeout=3) as asked:
            return asked.execute("select 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def launch(folder: Path, *, keeping: int, serving: int, durable: bool) -> None:
    """Clear away what a killed server left, and let a keeper start a new one that inherits its two locks."""
    refuse_a_server_not_ours(folder)
    for left in ("postmaster.pid", SOCKET, f"{SOCKET}.lock"):
        (folder / left).unlink(missing_ok=True)
    owner = folder.stat()
    let_in = {pwd.getpwuid(uid).pw_name for uid in (os.geteuid(), owner.st_uid)}
    (folder / "pg_hba.conf").write_text("local all all peer map=commands\n")
    (folder / "pg_ident.conf").write_text("".join(f'commands "{name}" all\n' for name in sorted(let_in)))
    as_root = os.geteuid() == 0
    settings = SETTINGS | ({} if durable else NOT_DURABLE)
    with within_reach(folder, of_root=as_root) as (opened, path), (folder.parent / "postgres.log").open("wb") as log:
        asked = [str(folder.parent / "locks" / "commands"), str(keeping), f"{serving},{opened}"]
        run_as = [str(owner.st_uid), str(owner.st_gid)] if as_root else ["-1", "-1"]
        options = [f"--{name}={value}" for name, value in (settings | {"unix_socket_directories": path}).items()]
        subprocess.run(  # noqa: S603 -- our own program and words
            [
                sys.executable,
                "-I",
                "-S",
                keeper.__file__,
                *asked,
                *run_as,
                str(programs.folder() / "postgres"),
                "-D",
                path,
                *options,
            ],
            pass_fds=(keeping, serving, opened),
            stdout=log,
            stderr=log,
            start_new_session=True,
            check=False,
            **programs.run_as(None),
        )


def refuse_a_server_not_ours(folder: Path) -> None:
    """A server started by hand holds none of our locks, but it works in this folder."""
    try:
        pid = (folder / "postmaster.pid").read_text().splitlines()[0]
        ours = os.path.samefile(f"/proc/{int(pid)}/cwd", folder)
    except (OSError, ValueError, IndexError):
        return
    if ours:
        raise Refused(f"Process {pid}, which Locality did not start, uses the database in {folder}: stop it first.")


def last_words(log: Path) -> str:
    return " ".join(log.read_text(errors="replace").split("\n")[-4:]).strip()
