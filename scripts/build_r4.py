"""Write locality/record/intake/r4 from HL7's own FHIR R4 package (`hl7.fhir.r4.core`, version 4.0.1, CC0).

    python scripts/build_r4.py PACKAGE

PACKAGE is the package's .tgz, or the folder it was unpacked into. Two files are written: `elements.json`
(every type, its elements, how often they may stand and which types they may hold) and `codes.json` (the codes
of every `code` element whose value set is required and can be listed).
"""

import json
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

OUT = Path(__file__).parent.parent / "locality" / "record" / "intake" / "r4"
FHIR_TYPE = "http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type"
# Lists kept elsewhere (ISO 4217, BCP 13): they are not in the package, so any code passes.
NOT_LISTED = {"currencies", "mimetypes"}


def definitions(package: Path) -> Iterator[dict]:
    for text in texts(package):
        definition = json.loads(text)
        if isinstance(definition, dict) and "resourceType" in definition:
            yield definition


def texts(package: Path) -> Iterator[bytes]:
    if package.is_dir():
        yield from (path.read_bytes() for path in sorted(package.rglob("*.json")))
        return
    with tarfile.open(package) as archive:
        for member in archive:
            opened = archive.extractfile(member)
            if opened and member.name.endswith(".json"):
                yield opened.read()


def is_type(definition: dict) -> bool:
    """True for a resource or a complex type itself: not a profile of it, not abstract (but Element)."""
    return (
        definition["resourceType"] == "StructureDefinition"
        and definition["kind"] in ("resource", "complex-type")
        and definition.get("derivation") != "constraint"
        and (not definition["abstract"] or definition["type"] == "Element")
    )


def kinds(element: dict, parents: set[str]) -> str:
    """The types an element may hold, `Type|Type`; a part of its own is named by its path."""
    if "contentReference" in element:
        return element["contentReference"].removeprefix("#")
    if element["path"] in parents:
        return element["path"]
    if element["path"].endswith(".id") and element["base"]["path"] == "Resource.id":
        return "id"
    return "|".join(kind(one) for one in element["type"])


def kind(one: dict) -> str:
    if not one["code"].startswith("http://hl7.org/fhirpath/"):
        return one["code"]
    named = next(extension for extension in one["extension"] if extension["url"] == FHIR_TYPE)
    return named["valueUrl"]


def row(element: dict, parents: set[str], codes: dict[str, list[str]]) -> str:
    """One element in one line of text: `1..1 code=observation-status`; `@` marks an XML attribute."""
    attribute = "@" if "xmlAttr" in element.get("representation", []) else ""
    text = f"{element['min']}..{element['max']} {attribute}{kinds(element, parents)}"
    wanted = required_codes(element)
    return f"{text}={wanted}" if wanted in codes else text


def required_codes(element: dict) -> str:
    binding = element.get("binding", {})
    if binding.get("strength") != "required" or [one["code"] for one in element["type"]] != ["code"]:
        return ""
    return binding["valueSet"].split("|")[0].rsplit("/", 1)[1]


def type_rows(definition: dict, codes: dict[str, list[str]]) -> Iterator[tuple[str, dict[str, str]]]:
    elements = definition["snapshot"]["element"]
    parents = {element["path"].rpartition(".")[0] for element in elements} - {""}
    for parent in sorted(parents):
        yield (
            parent,
            {
                element["path"].rpartition(".")[2]: row(element, parents, codes)
                for element in elements
                if element["path"].rpartition(".")[0] == parent and element["max"] != "0"
            },
        )


def value_set_codes(url: str, sets: dict[str, dict], systems: dict[str, dict]) -> set[str]:
    codes: set[str] = set()
    compose = sets[url.split("|")[0]]["compose"]
    if "exclude" in compose:
        raise ValueError(f"{url} excludes codes, which this script does not know how to read")
    for include in compose["include"]:
        if "filter" in include or ("system" in include and "valueSet" in include):
            raise ValueError(f"{url} filters codes, which this script does not know how to read")
        for other in include.get("valueSet", []):
            codes |= value_set_codes(other, sets, systems)
        if "system" in include:
            codes |= set(concept_codes(include.get("concept") or systems[include["system"]]["concept"]))
    return codes


def concept_codes(concepts: list[dict]) -> Iterator[str]:
    for concept in concepts:
        yield concept["code"]
        yield from concept_codes(concept.get("concept", []))


def all_codes(types: list[dict], found: list[dict]) -> dict[str, list[str]]:
    sets = {one["url"]: one for one in found if one["resourceType"] == "ValueSet"}
    systems = {one["url"]: one for one in found if one["resourceType"] == "CodeSystem"}
    wanted = {
        required_codes(element): element["binding"]["valueSet"]
        for definition in types
        for element in definition["snapshot"]["element"]
        if required_codes(element)
    }
    return {
        name: sorted(value_set_codes(url, sets, systems))
        for name, url in sorted(wanted.items())
        if name not in NOT_LISTED
    }


def write_lines(path: Path, rows: dict[str, object]) -> None:
    """One JSON object, one key a line, so that a change shows in a diff."""
    lines = (f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in rows.items())
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def main(package: Path) -> None:
    found = list(definitions(package))
    types = sorted((one for one in found if is_type(one)), key=lambda one: one["type"])
    codes = all_codes(types, found)
    rows: dict[str, object] = {
        "": {
            "fhir": types[0]["fhirVersion"],
            "resources": [one["type"] for one in types if one["kind"] == "resource"],
        }
    }
    for definition in types:
        rows.update(type_rows(definition, codes))
    write_lines(OUT / "elements.json", rows)
    write_lines(OUT / "codes.json", dict(codes))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
