"""What is kept of measures: figures that may be told, of one refresh, and by what they are told the same way again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import msgspec

from locality.access.rules import RoleCode
from locality.base import Viewer, ViewerKind
from locality.methods.small_numbers import Release
from locality.population.rules import cohort_counts
from locality.population.rules.telling import Figures

FOLDER = "measures"
FIGURES = f"{FOLDER}/figures.json"
MAY_SEE_MEASURES = frozenset(
    {RoleCode.CLINICIAN, RoleCode.SOCIAL_WORKER, RoleCode.CARE_COORDINATOR, RoleCode.ANALYST, RoleCode.BOARD}
)


@dataclass(frozen=True, slots=True)
class KeptMeasure:
    """The figures of one measure, or in a sentence why there are none."""

    figures: Figures | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class KeptCohort:
    """How many are in one cohort of the pack, or in a sentence why it is not told; its rule in words."""

    code: str
    version: int
    says: str
    lines: tuple[str, ...]
    told: cohort_counts.Told | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class KeptSegment:
    """How many are in one segment, and what they could be told of it."""

    name: str
    told: str
    people: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The figures of every measure for the twelve months to `until`, and what they were worked out from.

    run, copied_at: which refresh. digest: of the measures' files. names: what codes of neighbourhoods are called.
    Cohorts and segments are of the day of the copy.
    """

    run: str
    copied_at: datetime
    kept_at: datetime
    until: date
    digest: str
    synthetic: bool
    names: Mapping[str, str]
    measures: Mapping[str, KeptMeasure]
    cohorts: tuple[KeptCohort, ...] = ()
    segments: tuple[KeptSegment, ...] = ()


# by measure (a cohort by its code and version), then by base
Releases = dict[str, dict[str, Release]]


def releases_file(until: date) -> str:
    """The file of what was told of the twelve months to a day. Not for publication: it says which groups were small."""
    return f"{FOLDER}/releases-{until.isoformat()}.json"


def written(kept: Kept | Releases) -> bytes:
    """As it stands in its file."""
    return msgspec.json.encode(kept)


def kept_of(text: bytes) -> Kept:
    """Read kept figures; ValueError for what is none."""
    return msgspec.json.decode(text, type=Kept)


def releases_of(text: bytes) -> Releases:
    """Read what was told; ValueError for what is none."""
    return msgspec.json.decode(text, type=Releases)


def may_see_measures(viewer: Viewer) -> bool:
    """Whether this role sees figures of the place, about nobody."""
    return viewer.kind == ViewerKind.SYSTEM or viewer.role in MAY_SEE_MEASURES


def may_name_people(viewer: Viewer) -> bool:
    """Whether this role may go back from a cohort to people: being in one tells as much as the lines that say so."""
    return viewer.kind == ViewerKind.PRACTITIONER and viewer.role == RoleCode.CLINICIAN
