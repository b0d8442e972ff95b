"""The key of the pseudonyms in the analytical copy, kept outside the database and outside the copy."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from locality.base import Refused

KEY = "copy_key"
BYTES = 32


def copy_key(folder: Path, *, make: bool = False) -> bytes:
    """The place's key for its analytical copy; made once, by the first refresh. Raises Refused where there is none."""
    path = folder / KEY
    if make and not path.exists():
        _write(path)
    try:
        key = path.read_bytes()
    except FileNotFoundError as missing:
        raise Refused(f"There is no key of the analytical copy in {folder}: `locality refresh` makes one.") from missing
    except OSError as closed:
        raise Refused(f"The key of the analytical copy cannot be read from {path}.") from closed
    if len(key) != BYTES:
        raise Refused(f"The key of the analytical copy in {path} is not {BYTES} bytes long: restore it from a backup.")
    return key


def _write(path: Path) -> None:
    # written first and named afterwards: another command sees a whole key or none
    written = path.with_suffix(f".{os.getpid()}")
    opened = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    os.write(opened, secrets.token_bytes(BYTES))
    os.close(opened)
    with suppress(FileExistsError):
        os.link(written, path)
    written.unlink()
