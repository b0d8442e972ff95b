"""The example files of others (tests/data), and ways to spoil a resource."""

import copy
import re
import tarfile
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path

import msgspec

DATA = Path(__file__).parent.parent / "data"


@cache
def files(archive: str) -> dict[str, bytes]:
    """The files of tests/data/ARCHIVE.tgz by name."""
    with tarfile.open(DATA / f"{archive}.tgz") as opened:
        return {
            Path(member.name).name: opened.extractfile(member).read()
            for member in opened
            if member.isfile() and not Path(member.name).name.startswith(".")
        }


@cache
def one_of_each_type() -> list[dict]:
    """The shortest of HL7's examples of each type that says more than its name."""
    shortest: dict[str, dict] = {}
    examples = files("fhir_r4_examples/instances") | files("fhir_r4_examples/bundles")
    for content in sorted(examples.values(), key=len):
        if len(content) >= 600:
            resource = msgspec.json.decode(content)
            shortest.setdefault(resource["resourceType"], resource)
    return list(shortest.values())


Place = tuple[str | int, ...]
CHOICE = re.compile(r"(value|effective|onset|deceased|occurrence|medication)([A-Z]\w+)")


def spoiled(resource: dict, *, every: int) -> Iterator[tuple[str, Place, dict]]:
    """The resource with one thing changed, every so many ways: what was done, where, and what came of it."""
    ways = ((*way, place) for place in _paths(resource, ()) for way in _changes(place, _at(resource, place)))
    for name, change, place in islice(ways, 0, None, every):
        changed = copy.deepcopy(resource)
        change(_at(changed, place[:-1]), place[-1])
        yield name, place, changed


def _changes(path: Place, value: object) -> Iterator[tuple[str, Callable]]:
    yield "a number", lambda inside, key: inside.__setitem__(key, 5)
    yield "a text", lambda inside, key: inside.__setitem__(key, "zzz wrong")
    yield "an object", lambda inside, key: inside.__setitem__(key, {})
    yield "null", lambda inside, key: inside.__setitem__(key, None)
    yield "an empty text", lambda inside, key: inside.__setitem__(key, "")
    yield "an empty list", lambda inside, key: inside.__setitem__(key, [])
    yield "a list of it", lambda inside, key: inside.__setitem__(key, [inside[key]])
    if isinstance(path[-1], str):
        yield "dropped", lambda inside, key: inside.pop(key)
    if isinstance(value, list) and value:
        yield "no list", lambda inside, key: inside.__setitem__(key, inside[key][0])
    if isinstance(value, dict):
        yield "an unknown name", lambda inside, key: inside[key].__setitem__("notInFhir", 1)
    if found := CHOICE.fullmatch(str(path[-1])):
        other, said = ("Boolean", True) if found[2] == "String" else ("String", "x")
        yield "two of a choice", lambda inside, _: inside.__setitem__(found[1] + other, said)


def _at(resource: object, path: Place) -> object:
    for step in path:
        resource = resource[step]
    return resource


def _paths(node: object, path: Place) -> Iterator[Place]:
    """Every place, the first of each list, and none inside contained resources."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name != "resourceType":
                yield (*path, name)
                yield from _paths(value, (*path, name)) if name != "contained" else ()
    elif isinstance(node, list) and node:
        yield (*path, 0)
        yield from _paths(node[0], (*path, 0))
