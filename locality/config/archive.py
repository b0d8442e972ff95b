"""Where old lines of the audit lie when they have left the database: one file a part, its lines as they were sealed."""

import gzip
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

FOLDER = "audit_archive"
NAME = re.compile(r"audit-(\d+)-(\d+)\.gz")


def write(folder: Path, *, first: int, until: int, lines: Iterable[bytes]) -> Path:
    """Write the lines from one number up to, not including, another; the file has its name only when it is whole."""
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"audit-{first}-{until}.gz"
    written = path.with_suffix(f".{os.getpid()}")
    with written.open("wb") as file:
        # no name and no time in it: the same lines give the same bytes
        with gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=3, mtime=0) as packed:
            for line in lines:
                packed.write(line)
        file.flush()
        os.fsync(file.fileno())
    written.replace(path)
    return path


def files(folder: Path) -> list[tuple[int, int, Path]]:
    """What is archived there, in the order of the numbers: from, up to, which file."""
    found = ((NAME.fullmatch(path.name), path) for path in folder.iterdir()) if folder.exists() else ()
    return sorted((int(name[1]), int(name[2]), path) for name, path in found if name)


def lines(paths: Iterable[Path]) -> Iterator[bytes]:
    """The lines in these files, as they were written."""
    for path in paths:
        with gzip.open(path) as file:
            yield from file
