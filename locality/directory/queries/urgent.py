"""Whether what somebody looks for says that they should be told first whom to ring now."""

from functools import lru_cache
from pathlib import Path

from locality.base import NotFound
from locality.directory.pack import pack_folder, read_table
from locality.directory.queries.places import pack_of, place
from locality.directory.rules.services import is_among


def is_urgent(words: str) -> bool:
    """Whether one of the place's own urgent words is among these; never where its pack says none. One query."""
    if not words:
        return False
    try:
        return is_among(_urgent_words(pack_of(place())), words)
    except NotFound:
        return False


# a pack is loaded once, and its words are asked for by every search
@lru_cache(maxsize=8)
def _urgent_words(folder: Path) -> tuple[str, ...]:
    return tuple(one for row in read_table("urgent-words", pack_folder(folder)) for one in row["said_as"])
