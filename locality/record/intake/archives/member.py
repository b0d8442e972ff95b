"""A member: one file, or one file of an archive, ready to be read; and what it may hold."""

import io
from dataclasses import dataclass

from locality.record.intake.archives.metered import Damaged, read_up_to

MB = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one path may hold; sizes in bytes."""

    members: int = 1_000_000
    whole: int = 512 * MB  # read into memory at once: all but NDJSON
    line: int = 64 * MB
    unpacked: int = 100_000 * MB  # out of one path, everything together
    ratio: int = 200  # unpacked to packed; NDJSON of FHIR reaches 30
    ratio_from: int = 64 * MB  # below this no ratio is too high
    depth: int = 2  # an archive in an archive
    small: int = 16 * MB  # beyond this a member is streamed, and shared by lines
    share_from: int = 256_000  # a smaller file is not worth two workers


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Share:
    """One worker's part of a file: every `of`-th member or line, from `number` on."""

    number: int = 0
    of: int = 1

    def holds(self, ordinal: int) -> bool:
        """Whether the member or line with this number is this worker's."""
        return ordinal % self.of == self.number


WHOLE = Share()


@dataclass(frozen=True, slots=True)
class Member:
    """One file, or one file of an archive, that can be read once."""

    name: str  # for people: "sent.tgz: folder/a.json"
    stream: io.BufferedReader
    size: int | None
    share: Share
    limits: Limits

    def open(self) -> io.BufferedReader:
        """The content as a stream; reading it may raise Damaged."""
        return self.stream

    def read(self) -> bytes:
        """The whole content; raise Damaged when it is too large or cannot be read to its end."""
        content = read_up_to(self.stream, self.limits.whole)
        if len(content) > self.limits.whole:
            raise Damaged(too_large(self.limits))
        return content


def too_large(limits: Limits) -> str:
    """The sentence for what does not fit into memory."""
    return f"It is larger than {limits.whole // MB} MB: only NDJSON, one resource a line, may be."


def printable(name: str) -> str:
    """A file name that can be shown and stored: no control characters, no broken bytes, not endless."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(letter if letter.isprintable() else "?" for letter in text)[:300]
