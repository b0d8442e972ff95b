"""Where the analytical copy lies on disk: Parquet files by table and part, and the manifest that names the whole ones.

    copy/manifest.json
    copy/conditions/part=0007/<run>.parquet
    copy/places/<run>.parquet

Whoever reads asks the manifest, which is replaced in one step: a refresh that is half written is never read.
"""

import json
from dataclasses import asdict, dataclass, field

from locality.base import Refused
from locality.population.rules.columns import VERSION

FOLDER = "copy"
MANIFEST = "manifest.json"
# about so many people lie in each part, of which there are 1, 2, 4, 8 ...
PEOPLE_A_PART = 12_500
MOST_PARTS = 4096
# a table of the pack lies in one file
WHOLE = -1
OTHER_VERSION = "The analytical copy was made by another version of Locality: run `locality refresh --full`."


@dataclass(frozen=True, slots=True)
class Manifest:
    """The files of one finished refresh, by table and part."""

    run: str
    made_at: str
    # by what the next run knows that it can go on from here: the key's fingerprint, and a file of what was known of all
    key: str = ""
    state: str = ""
    parts: int = 1
    version: int = VERSION
    files: dict[str, dict[int, str]] = field(default_factory=dict)
    # the pack of the place that it is of, by name or folder: its own measures and the words of its services
    pack: str = ""

    def written(self) -> str:
        """As it stands in its file."""
        return json.dumps(asdict(self), indent=1)


def manifest_of(text: str) -> Manifest:
    """Read a manifest; Refused for one of other columns than ours, ValueError for what is none."""
    told = json.loads(text)
    if told["version"] != VERSION:
        raise Refused(OTHER_VERSION)
    files = {table: {int(part): name for part, name in parts.items()} for table, parts in told["files"].items()}
    return Manifest(**{**told, "files": files})


def parts_for(people: int) -> int:
    """Into how many parts a copy of so many people is cut: few changes rewrite little, few people are few files."""
    wanted = max(1, -(-people // PEOPLE_A_PART))
    return min(1 << (wanted - 1).bit_length(), MOST_PARTS)


def part_of(person: str, *, parts: int) -> int:
    """The part in which a person's rows lie, by the beginning of their pseudonym: the parts lie in its order."""
    return int(person[:4], 16) * parts >> 16


def bounds_of(part: int, *, parts: int) -> tuple[str, str]:
    """From which pseudonym on, and before which, everybody lies in this part."""
    last = "g" if part + 1 == parts else f"{((part + 1) << 16) // parts:04x}"
    return f"{(part << 16) // parts:04x}", last


def file_of(table: str, part: int, run: str) -> str:
    """The file that a run writes of one part of a table, below the folder of the copy."""
    return f"{table}/{run}.parquet" if part == WHOLE else f"{table}/part={part:04d}/{run}.parquet"
