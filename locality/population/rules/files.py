"""Where the analytical copy lies on disk: Parquet files by table and part, and the manifest that names the whole ones.

    copy/manifest.json
    copy/conditions/part=07/<run>.parquet
    copy/places/<run>.parquet

Whoever reads asks the manifest, which is replaced in one step: a refresh that is half written is never read.
"""

import json
from dataclasses import dataclass, field

from locality.base import Refused
from locality.population.rules.columns import VERSION

FOLDER = "copy"
MANIFEST = "manifest.json"
# a few people who changed rewrite as many small files; a whole borough has about 3,000 people in each
PARTS = 64
# a table of the pack lies in one file
WHOLE = -1
OTHER_VERSION = "The analytical copy was made by another version of Locality: run `locality refresh --full`."


@dataclass(frozen=True, slots=True)
class Manifest:
    """The files of one finished refresh, by table and part."""

    run: str
    made_at: str
    version: int = VERSION
    files: dict[str, dict[int, str]] = field(default_factory=dict)

    def written(self) -> str:
        """As it stands in its file."""
        return json.dumps(
            {"run": self.run, "made_at": self.made_at, "version": self.version, "files": self.files}, indent=1
        )


def manifest_of(text: str) -> Manifest:
    """Read a manifest; Refused for one of other columns than ours, ValueError for what is none."""
    told = json.loads(text)
    if told["version"] != VERSION:
        raise Refused(OTHER_VERSION)
    files = {table: {int(part): name for part, name in parts.items()} for table, parts in told["files"].items()}
    return Manifest(told["run"], told["made_at"], told["version"], files)


def part_of(person: str) -> int:
    """The part in which a person's rows lie, by the beginning of their pseudonym."""
    return int(person[:4], 16) % PARTS


def file_of(table: str, part: int, run: str) -> str:
    """The file that a run writes of one part of a table, below the folder of the copy."""
    return f"{table}/{run}.parquet" if part == WHOLE else f"{table}/part={part:02d}/{run}.parquet"
