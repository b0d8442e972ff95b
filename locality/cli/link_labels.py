"""Reading who patients truly are: a table of labels, and the groups that people belong to."""

import csv
import gzip
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from locality.base import Refused
from locality.methods.linkage_figures import Truth

NEEDED = ("person", "source", "local_id")
# what the synthetic borough's own files say besides, and is no group to part people by
NO_GROUP = {*NEEDED, "slips"}
AGES = (
    *((1, "0 to 11 months"), (16, "1 to 15"), (35, "16 to 34"), (65, "35 to 64"), (80, "65 to 79")),
    (200, "80 and over"),
)
FIFTHS = {"1": "1 (the most deprived fifth)", "5": "5 (the least deprived fifth)"}
ETHNIC_GROUPS = {"white": "White", "asian": "Asian", "black": "Black", "mixed": "Mixed", "other": "Other"}
# whose names people bear, by the ethnic categories of the NHS Data Dictionary: demo/borough/tables/names.toml
NAMES = {
    "A": "British", "B": "Irish", "C": "Other European", "D": "British and Caribbean", "E": "British and African",
    "F": "British and Pakistani", "G": "British and European", "H": "Indian", "J": "Pakistani", "K": "Bangladeshi",
    "L": "Other Asian", "M": "Caribbean", "N": "African", "P": "Caribbean and African", "R": "Chinese",
    "S": "Arab, Persian and other",
}  # fmt: skip


def read_labels(path: Path, *, origin: str, neighbourhoods: Mapping[str, str]) -> Truth:
    """Who each patient is, from a table with the columns person, source and local_id (CSV, or CSV in gzip).

    Any other column parts people into groups. Where the synthetic borough's `people.csv.gz` lies beside it, the groups
    are its: `neighbourhoods` names the neighbourhood of each small area. Raises Refused where it cannot be read.
    """
    people: dict[tuple[str, str], str] = {}
    groups: dict[str, dict[str, str]] = {}
    for number, row in enumerate(_rows(path, NEEDED), 2):
        patient = (row["source"].strip(), row["local_id"].strip())
        if not all((*patient, row["person"].strip())):
            raise Refused(f"{path}, line {number}: person, source and local_id must all be filled.")
        if people.setdefault(patient, row["person"]) != row["person"]:
            raise Refused(f"{path}, line {number}: {patient[1]} of {patient[0]} was said to be somebody else before.")
        groups.setdefault(row["person"], {name: words for name, words in row.items() if name not in NO_GROUP})
    beside = path.with_name("people.csv.gz")
    if beside.exists():
        groups = {row["person"]: groups_of_person(row, neighbourhoods) for row in _rows(beside, ("person",))}
    return Truth(origin=origin, people=people, groups=groups)


def _rows(path: Path, needed: tuple[str, ...]) -> Iterator[dict[str, str]]:
    opened: Callable = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8-sig", newline="") as lines:
            rows = csv.DictReader(lines)
            if missing := [name for name in needed if name not in (rows.fieldnames or ())]:
                raise Refused(f"{path} has no column {missing[0]}: its first line must name {', '.join(needed)}.")
            for row in rows:
                yield {name: value or "" for name, value in row.items() if name}
    except FileNotFoundError:
        raise Refused(f"There is no file {path}.") from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Refused(f"{path} cannot be read as a table: {error}") from None


def groups_of_person(row: Mapping[str, str], neighbourhoods: Mapping[str, str]) -> dict[str, str]:
    """The groups of one person of the synthetic borough, as a row of its `people.csv.gz` tells of them."""
    return {
        "Neighbourhood": neighbourhoods.get(row["lsoa"], ""),
        "Deprivation": FIFTHS.get(row["quintile"], row["quintile"]),
        "Age": next(words for below, words in AGES if int(row["age"]) < below),
        "Ethnic group": ETHNIC_GROUPS.get(row["group"], row["group"]),
        "Origin of names": NAMES.get(row["category"], ""),
    }
