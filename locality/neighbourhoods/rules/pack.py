"""A day pack is one file that opens with nothing running: signed in its last line, so that a change of it shows."""

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from locality.base import Refused
from locality.base.periods import LONDON

# what is signed begins so: a signature of a pack is none of anything else that the same key signs
KIND = b"locality day pack 1\n"
OPENS, CLOSES = b"\n<!-- signature of this day pack: ", b" -->\n"
NO_PACK = "This is no day pack: its last line holds no signature."
MOST_PEOPLE, MOST_TASKS = 60, 300
TOO_MANY = "That is more than {people} people or {tasks} tasks: narrow the list to today's own, then take it along."


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """When a pack was made, and until when it may be relied on: the end of its day, where the place is."""

    made_at: datetime
    valid_until: datetime


def stamp(at: datetime) -> Stamp:
    """The stamp of a pack that is made at a moment."""
    day = at.astimezone(LONDON)
    midnight = datetime(day.year, day.month, day.day, tzinfo=LONDON) + timedelta(days=1)
    return Stamp(made_at=at, valid_until=midnight)


def signed(content: bytes, *, sign: Callable[[bytes], bytes]) -> bytes:
    """The file: its content, and in its last line the signature of all that stands before."""
    return content + OPENS + b64encode(sign(_head(content))) + CLOSES


def is_whole(file: bytes, *, verify: Callable[[bytes, bytes], bool]) -> bool:
    """Whether a file is as it was made, by whoever holds the key. Raises Refused where it is no pack at all."""
    content, opens, rest = file.rpartition(OPENS)
    if not opens or not rest.endswith(CLOSES):
        raise Refused(NO_PACK)
    try:
        signature = b64decode(rest[: -len(CLOSES)], validate=True)
    except NotBase64:
        return False
    return verify(_head(content), signature)


def _head(content: bytes) -> bytes:
    return KIND + sha256(content).digest()
