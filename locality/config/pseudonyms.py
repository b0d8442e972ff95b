"""The key of the pseudonyms in the analytical copy, kept outside the database and outside the copy."""

import secrets
from pathlib import Path

from locality.base import Refused
from locality.config.home import write_once

KEY = "copy_key"
BYTES = 32


def copy_key(folder: Path, *, make: bool = False) -> bytes:
    """The place's key for its analytical copy; made once, by the first refresh. Raises Refused where there is none."""
    path = folder / KEY
    if make and not path.exists():
        write_once(path, secrets.token_bytes(BYTES))
    try:
        key = path.read_bytes()
    except FileNotFoundError as missing:
        raise Refused(f"There is no key of the analytical copy in {folder}: `locality refresh` makes one.") from missing
    except OSError as closed:
        raise Refused(f"The key of the analytical copy cannot be read from {path}.") from closed
    if len(key) != BYTES:
        raise Refused(f"The key of the analytical copy in {path} is not {BYTES} bytes long: restore it from a backup.")
    return key
