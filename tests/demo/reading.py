"""The cast as its sources send it, read the way the intake reads it."""

import csv
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson

from locality.demo.cast_files import CAST, the_cast, write_cast
from locality.record.intake.archives import members
from locality.record.intake.formats import entries

SATURDAY = date(2026, 11, 21)
PACK = CAST.parents[1] / "packs" / "bury"
NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
MIDDLE_OF_THE_NIGHT = "T00:00:00+00:00"


def mapping_of(source: str) -> dict | None:
    path = PACK / "mappings" / f"{source}.toml"
    return tomllib.loads(path.read_text()) if path.exists() else None


def rows_of(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((PACK / name).read_text(encoding="utf-8").splitlines()))


def read(source: str, path: Path) -> Iterator:
    for member in members(path):
        yield from entries(member, mapping=mapping_of(source))


@cache
def sent(on: date) -> dict[str, list[dict]]:
    """Every resource of the cast as its source sends it on a day, in the order sent."""
    found = defaultdict(list)
    with TemporaryDirectory() as folder:
        for source, path in write_cast(Path(folder), on=on):
            found[source] += [orjson.loads(one.content) for one in read(source, path)]
    return dict(found)


@cache
def held(on: date) -> dict[tuple[str, str, str], dict]:
    """What stands once all is received: the last that each source said of each thing."""
    ordered = (
        (source, one)
        for source, resources in sent(on).items()
        for one in sorted(resources, key=lambda one: at(one["meta"]["lastUpdated"]) if "meta" in one else at("1900"))
    )
    return {(source, one["resourceType"], one["id"]): one for source, one in ordered}


def at(moment: str) -> datetime:
    found = datetime.fromisoformat(moment if len(moment) > 4 else f"{moment}-01-01")
    return found if found.tzinfo else datetime.fromisoformat(moment[:10] + MIDDLE_OF_THE_NIGHT)


def of(source: str, kind: str, person: str) -> list[dict]:
    """What one source holds of one kind about one person of the cast."""
    ids = {f"Patient/{one}" for one in the_cast()["people"][person]["patients"][source]}
    about = [(one.get("subject") or one.get("patient") or {}) for one in sent(SATURDAY)[source]]
    return [
        one
        for one, subject in zip(sent(SATURDAY)[source], about, strict=True)
        if one["resourceType"] == kind and subject.get("reference") in ids
    ]


def patients(source: str, person: str) -> list[dict]:
    ids = the_cast()["people"][person]["patients"][source]
    return [one for one in sent(SATURDAY)[source] if one["resourceType"] == "Patient" and one["id"] in ids]


def marks_of(resource: dict) -> set[str]:
    return {one["code"] for one in resource.get("meta", {}).get("security", [])}


def numbers_of(patient: dict) -> list[str]:
    return [one["value"] for one in patient.get("identifier", []) if one.get("system") == NHS_NUMBER]


def everything(on: date = SATURDAY) -> Iterator[tuple[str, dict]]:
    return ((source, one) for source, resources in sent(on).items() for one in resources)


def written() -> str:
    """All that a person could read in the files, with the documents."""
    texts = [path.read_text() for path in sorted(CAST.rglob("*.*")) if path.suffix not in {".pdf", ".md"}]
    return "\n".join([*texts, (CAST.parent / "cast.toml").read_text()])
