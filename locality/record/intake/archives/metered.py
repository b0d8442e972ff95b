"""Reading a stream with care: bounded, counted, and with what went wrong said in words."""

import io
import tarfile
import zipfile
import zlib
from typing import Protocol

from locality.base import Refused
from locality.record.intake.archives.limits import Limits

BUFFER = 1 << 18
ERRORS = (
    EOFError,
    OSError,
    RuntimeError,
    NotImplementedError,
    zlib.error,
    zipfile.BadZipFile,
    tarfile.TarError,
)


class Damaged(Refused):
    """What was sent cannot be read to its end; the sentence says why."""


class Meter:
    """Counts what is unpacked out of one path, and stops a bomb before it fills anything."""

    def __init__(self, *, limits: Limits, packed: int):
        self.limits, self.packed = limits, packed
        self.unpacked = 0

    def add(self, size: int) -> None:
        """Count so many more bytes; raise Damaged when it has become too much."""
        self.unpacked += size
        if self.unpacked > self.limits.unpacked:
            raise Damaged(f"It unpacks to more than {self.limits.unpacked // 1_000_000:,} MB.")
        if self.unpacked > self.limits.ratio_from and self.unpacked > self.limits.ratio * self.packed:
            raise Damaged(f"It unpacks to more than {self.limits.ratio} times its size, so it was not read.")


class Inner(Protocol):
    """What can be read in pieces: a file, or what gzip, zipfile and tarfile open."""

    def read1(self, size: int = -1, /) -> bytes: ...


class Metered(io.RawIOBase):
    """A stream whose bytes are counted and whose errors are told in words."""

    def __init__(self, inner: Inner, meter: Meter | None, outer: "Metered | None"):
        self.inner, self.meter, self.outer = inner, meter, outer
        self.failure: Damaged | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        if self.failure:
            raise self.failure
        filled = 0
        while filled < len(buffer):
            try:
                chunk = self.inner.read1(len(buffer) - filled)
                if self.meter:
                    self.meter.add(len(chunk))
            except (Damaged, *ERRORS) as error:
                # what could be read comes first, and the failure with the next call
                self.failure = (self.outer and self.outer.failure) or Damaged(words_of(error))
                break
            if not chunk:
                break
            buffer[filled : filled + len(chunk)] = chunk
            filled += len(chunk)
        if self.failure and not filled:
            raise self.failure
        return filled


class Reader(io.BufferedReader):
    """A metered stream with a buffer, so that it can be looked into."""

    def __init__(self, source: Metered):
        super().__init__(source, BUFFER)
        self.source = source


def metered(inner: Inner, meter: Meter | None = None, *, outer: Metered | None = None) -> Reader:
    """The stream, counted by this meter when there is one; `outer` knows what ails the archive it lies in."""
    if meter is None and isinstance(inner, Reader):
        return inner
    return Reader(Metered(inner, meter, outer))


def read_up_to(stream: io.BufferedReader, most: int) -> bytes:
    """What is left of a stream, and no more than so many bytes and a few: asked for all at once,
    Python would set aside the most there may be."""
    found, size = [], 0
    while size <= most and (chunk := stream.read(BUFFER)):
        found.append(chunk)
        size += len(chunk)
    return b"".join(found)


def peek(stream: io.BufferedReader) -> bytes:
    """The first bytes, without moving on."""
    return stream.peek(BUFFER)


def words_of(error: Exception) -> str:
    """What went wrong, for the person who sent it."""
    if isinstance(error, Damaged):
        return str(error)
    if isinstance(error, PermissionError):
        return "It may not be read with the rights of this account."
    if isinstance(error, EOFError) or "unexpected end" in str(error):
        return "It is cut short."
    if isinstance(error, NotImplementedError | RuntimeError):
        return "It is packed in a way that is not read: send it as an ordinary .zip, .gz or .tgz."
    if isinstance(error, OSError) and error.strerror:
        return f"It could not be read ({error.strerror.lower()})."
    return "It is damaged: its checksum or its structure is wrong."
