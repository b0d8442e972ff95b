"""A member: one file, or one file of an archive, ready to be read; and what it may hold."""

import io
from dataclasses import dataclass

from locality.record.intake.archives.limits import LIMITS, MB, Limits
from locality.record.intake.archives.metered import Damaged, read_up_to


@dataclass(frozen=True, slots=True)
class Share:
    """One worker's part of a file: every `of`-th member or line, from `number` on."""

    number: int = 0
    of: int = 1

    def holds(self, ordinal: int) -> bool:
        """Whether the member or line with this number (the first is 0) is this worker's."""
        return ordinal % self.of == self.number


WHOLE = Share()


@dataclass(frozen=True, slots=True)
class Member:
    """One file, or one file of an archive, that can be read once."""

    name: str  # for people: "sent.tgz: folder/a.json"
    stream: io.BufferedReader
    size: int | None
    share: Share = WHOLE
    limits: Limits = LIMITS

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
