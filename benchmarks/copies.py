"""More work of the same kind: the demo's Synthea bundles, copied as other people: other ids, names and birth dates.

Were the names left, linking would rightly make one person of the copies, with ten times the record of anybody.
"""

import re
import tarfile
from datetime import date, timedelta
from pathlib import Path
from random import Random
from string import ascii_lowercase
from typing import Any

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
                copy = _another(IDS.sub(rb"%04x\1" % number, content), number)
                (folder / f"{number:04}-{Path(member.name).name}").write_bytes(copy)
    return folder


def _another(content: bytes, number: int) -> bytes:
    """The bundle as it would be of somebody else."""
    bundle = msgspec.json.decode(content)
    for entry in bundle["entry"]:
        if entry["resource"]["resourceType"] == "Patient":
            _rename(entry["resource"], Random(f"{number} {entry['resource']['id']}"))
    return msgspec.json.encode(bundle)


def _rename(patient: dict[str, Any], chance: Random) -> None:
    for name in patient["name"]:
        name["family"] = _word(chance)
        name["given"] = [_word(chance) for _ in name["given"]]
    born = date.fromisoformat(patient["birthDate"]) + timedelta(days=chance.randrange(-1500, 1500))
    patient["birthDate"] = min(born, date(2025, 1, 1)).isoformat()
    for told in ("identifier", "telecom"):
        patient.pop(told, None)
    for address in patient["address"]:
        address["line"] = [f"{chance.randrange(1, 300)} {_word(chance)} Road"]
        address.pop("postalCode", None)


def _word(chance: Random) -> str:
    return "".join(chance.choices(ascii_lowercase, k=8)).title()


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
