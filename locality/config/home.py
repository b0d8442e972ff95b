"""LOCALITY_HOME: the folder in which one machine keeps what belongs to its place."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from locality.base import Refused

SECRET_KEY = "secret_key"  # noqa: S105 -- the name of the file
SHORTEST_SECRET_KEY = 50


def make(folder: Path) -> None:
    """Make the folder, closed to others, with a secret key of its own."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not (folder / SECRET_KEY).exists():
            write_once(folder / SECRET_KEY, secrets.token_urlsafe(SHORTEST_SECRET_KEY).encode())
    except OSError as closed:
        raise Refused(f"The folder {folder} (LOCALITY_HOME) cannot be used: {closed.strerror}.") from closed


def write_once(path: Path, key: bytes) -> None:
    """Write a key that nobody else may read, unless another command was faster; it outlives a power cut."""
    # written first and named afterwards: another command sees a whole key or none
    written, name = tempfile.mkstemp(dir=path.parent)
    os.write(written, key)
    os.fsync(written)
    os.close(written)
    with suppress(FileExistsError):
        os.link(name, path)
    os.unlink(name)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def secret_key(folder: Path) -> str:
    """The key that signs sessions here, or nothing where no home has been made or it is not ours to read."""
    try:
        return (folder / SECRET_KEY).read_text()
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return ""
