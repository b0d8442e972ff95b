"""The services in a file: a page of a list, a bare list, or one service."""

from dataclasses import dataclass
from typing import Any

import jiter

from locality.base import Refused

LARGEST_FILE = 64 * 1024 * 1024
MOST_SERVICES = 20_000


@dataclass(frozen=True, slots=True)
class Page:
    """The services of a file, and whether they are all that the sender has: of a part, nothing that is missing ends."""

    entries: list[Any]
    whole: bool


def pages_of(content: bytes) -> Page:
    """Read a file; raises Refused, in a sentence, for what is no list of services."""
    if len(content) > LARGEST_FILE:
        raise Refused(f"The file is larger than {LARGEST_FILE // 1024 // 1024} MB.")
    try:
        read = jiter.from_json(content, catch_duplicate_keys=True, allow_inf_nan=False)
    except ValueError as error:
        raise Refused(f"The file is not JSON: {error}.") from error
    page = _page(read)
    if len(page.entries) > MOST_SERVICES:
        raise Refused(f"The file has more than {MOST_SERVICES:,} services.")
    return page


def _page(read: Any) -> Page:
    if isinstance(read, list):
        return Page(read, whole=True)
    if isinstance(read, dict) and isinstance(read.get("contents"), list):
        return Page(read["contents"], whole=read.get("total_pages") in (None, 0, 1))
    if isinstance(read, dict) and isinstance(read.get("service"), list):
        return Page(read["service"], whole=True)
    if isinstance(read, dict) and "id" in read and "status" in read:
        return Page([read], whole=False)
    raise Refused("The file is no list of services: it has neither 'contents' nor a service's 'id' and 'status'.")
