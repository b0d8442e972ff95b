"""Opening what was sent: a file, a folder or an archive, without ever writing to disk.

A member must be read before the next one is asked for: archives are read as they stream by.
"""

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from locality.base import Refused
from locality.record.intake.archives.limits import LIMITS, Limits
from locality.record.intake.archives.member import WHOLE, Member, Share, printable
from locality.record.intake.archives.metered import Damaged, Meter, words_of
from locality.record.intake.archives.opening import Opening
from locality.record.intake.entry import Unreadable

__all__ = ["LIMITS", "WHOLE", "Damaged", "Limits", "Member", "Share", "Work", "members", "printable", "split"]


@dataclass(frozen=True, slots=True)
class Work:
    """What one worker process opens by itself: a file, or its share of the file's members and lines."""

    path: Path
    name: str
    size: int = 0
    share: Share = WHOLE
    refusal: str = ""

    def members(self, *, limits: Limits = LIMITS) -> Iterator[Member | Unreadable]:
        """The members of this file that are this worker's, each to be read before the next."""
        if self.refusal:
            yield Unreadable(self.name, b"", self.refusal)
            return
        try:
            stream = self.path.open("rb")
        except OSError as error:
            yield Unreadable(self.name, b"", words_of(error))
            return
        with stream:
            opening = Opening(limits=limits, share=self.share, meter=Meter(limits=limits, packed=self.size))
            yield from opening.anything(self.name, stream, depth=0, size=self.size)


def split(paths: Iterable[Path], *, ways: int = 1, limits: Limits = LIMITS) -> list[Work]:
    """Spread paths over workers: a file each, and a large file or archive to all of them in shares.

    Every share reads the whole archive as it streams by and keeps its own members: unpacking costs little beside
    what follows, and nothing is handed from process to process. Raise Refused when a path is missing.
    """
    work = []
    for path in paths:
        if not _exists(path):
            raise Refused(f"There is no file or folder {printable(str(path))}.")
        for found in _files(path):
            of = ways if found.size >= limits.share_from and not found.refusal else 1
            work += [Work(found.path, found.name, found.size, Share(number, of), found.refusal) for number in range(of)]
    return work


def members(path: Path, *, limits: Limits = LIMITS) -> Iterator[Member | Unreadable]:
    """All that a file, folder or archive holds, in name order; raise Refused when there is no such path."""
    for work in split([path], limits=limits):
        yield from work.members(limits=limits)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:
        raise Refused(f"{printable(str(path))}: {words_of(error)}") from None


def _files(path: Path) -> Iterator[Work]:
    """A file itself, or the files of a folder; what is not an ordinary file comes with its refusal."""
    if not path.is_dir():
        yield _file(path, path.name, followed=True)
        return
    empty = True
    top = printable(path.resolve().name)
    for found in _walk(path):
        empty = False
        yield _file(found, f"{top}/{found.relative_to(path)}", followed=False)
    if empty:
        yield Work(path, top, refusal="The folder holds no files.")


def _walk(folder: Path) -> Iterator[Path]:
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        yield folder
        return
    for name in names:
        path = folder / name
        if name.startswith("."):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _walk(path)
        else:
            yield path


def _file(path: Path, name: str, *, followed: bool) -> Work:
    name = printable(name)
    try:
        about = path.stat() if followed else path.lstat()
    except OSError as error:
        return Work(path, name, refusal=words_of(error))
    if stat.S_ISREG(about.st_mode):
        return Work(path, name, about.st_size)
    if stat.S_ISLNK(about.st_mode):
        return Work(path, name, refusal="It is a link, and links are not followed.")
    if stat.S_ISDIR(about.st_mode):
        return Work(path, name, refusal="The folder may not be read with the rights of this account.")
    return Work(path, name, refusal="It is not an ordinary file.")
