"""Figures of measures as they were last kept: read from one file, never worked out while somebody waits."""

import hashlib
from datetime import date
from functools import lru_cache
from pathlib import Path

from locality.base import NoAccess, Refused, Viewer
from locality.population.queries.cohorts import cohorts_of
from locality.population.queries.copy import copy_folder, manifest
from locality.population.queries.measures import kinds_of_contact, last_whole_month, measures
from locality.population.queries.refreshes import last_full_refresh
from locality.population.rules.kept import (
    FIGURES,
    Kept,
    Releases,
    kept_of,
    may_see_measures,
    releases_file,
    releases_of,
)
from locality.population.rules.segments import SEGMENTS

NOT_YOURS = "The role you signed in with does not see figures of the place."
NOT_READ = "What was kept of the measures cannot be read: run `locality measure --keep`."


def kept_measures(*, viewer: Viewer) -> Kept | None:
    """The figures that were last kept, or None; NoAccess for a role that sees no figures. It asks no database."""
    if not may_see_measures(viewer):
        raise NoAccess(NOT_YOURS)
    return last_kept()


def last_kept(*, folder: Path | None = None) -> Kept | None:
    """The figures that were last kept, for whoever keeps them."""
    path = (folder or copy_folder()) / FIGURES
    try:
        state = path.stat()
    except FileNotFoundError:
        return None
    return _read(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int, _size: int) -> Kept:
    try:
        return kept_of(path.read_bytes())
    except (OSError, ValueError) as fault:
        raise Refused(NOT_READ) from fault


def told_before(*, until: date, folder: Path | None = None) -> Releases:
    """What was told of the same twelve months before, by measure; nothing where nothing was."""
    path = (folder or copy_folder()) / releases_file(until)
    try:
        return releases_of(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as fault:
        raise Refused(f"{path} cannot be read, and says what was told before: nothing is told without it.") from fault


def digest(*, place: str = "") -> str:
    """Changes with the files of the measures and cohorts, and with what the place's words for contacts mean."""
    told = repr(
        (sorted(measures(place=place).items()), kinds_of_contact(place=place), cohorts_of(place=place), SEGMENTS)
    )
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def is_behind(*, folder: Path | None = None) -> bool:
    """Whether there is a copy of which the measures should be worked out anew: another month, other files, a new night.

    Raises NotFound where there is no copy.
    """
    held, copied = last_kept(folder=folder), manifest(folder=folder)
    if held is None or held.until != last_whole_month(copied) or held.digest != digest(place=copied.pack):
        return True
    full = last_full_refresh()
    return full is not None and full.finished_at > held.kept_at
