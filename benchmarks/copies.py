"""More work of the same kind: the demo's Synthea bundles, copied with every id changed."""

import re
import tarfile
from pathlib import Path

import msgspec

import locality

BUNDLES = next((Path(locality.__file__).parent / "demo" / "synthea").glob("*.tgz"))
IDS = re.compile(rb"[0-9a-f]{4}([0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})")


def write(folder: Path, *, times: int) -> Path:
    """Write so many copies of every bundle; ids differ from copy to copy, and from the demo's own."""
    folder.mkdir()
    with tarfile.open(BUNDLES) as archive:
        for member in archive.getmembers():
            content = archive.extractfile(member).read()
            for number in range(1, times + 1):
                copy = IDS.sub(rb"%04x\1" % number, content)
                (folder / f"{number:04}-{Path(member.name).name}").write_bytes(copy)
    return folder


class _Entry(msgspec.Struct):
    resource: msgspec.Raw


class _Bundle(msgspec.Struct):
    entry: list[_Entry]


def texts(folder: Path) -> list[str]:
    """The text of every resource in these bundles, as it stands there."""
    read = msgspec.json.Decoder(_Bundle)
    return [
        bytes(entry.resource).decode()
        for path in sorted(folder.iterdir())
        for entry in read.decode(path.read_bytes()).entry
    ]
