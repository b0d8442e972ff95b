"""Analysts' tables for tests: real ones with known truth, and people written as an analyst might write them."""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from locality.methods.linkage.table import CLUSTERED, SCORED, Linked, link_table
from locality.methods.linkage.table_columns import Source
from locality.methods.linkage.table_reading import SAID

KEPT = Path(__file__).parents[2] / "data" / "record_linkage"
FEBRL = {
    "given_name": "given_name", "family_name": "surname", "birth_date": "date_of_birth", "postcode": "postcode",
    "house_number": "street_number", "address_line": "address_1", "address_line2": "address_2", "locality": "suburb",
    "state": "state",
}  # fmt: skip
PEOPLE = {"given_name": "given", "family_name": "family", "birth_date": "born", "postcode": "postcode"}
HOUSEHOLDS = (
    ("Hargreaves", "M26 2XN", "Margaret 1942-05-03", "Harold 1940-11-28", "Ruth 1968-02-14"),
    ("Adeyemi", "BL9 0EZ", "Oluwaseun 1990-11-21", "Folasade 1992-04-17"),
    ("Kowalczyk", "BL8 1LJ", "Piotr 1985-01-30", "Agnieszka 1986-09-19", "Zofia 2014-07-25"),
    ("Hussain", "BL9 7TD", "Mohammed 1978-10-23", "Nasreen 1981-12-16", "Amina 2009-08-29", "Yusuf 2011-03-13"),
    ("O'Brien", "M45 7RJ", "Siobhan 1957-06-18", "Declan 1955-02-27"),
    ("Featherstone", "BL0 9AN", "Ivy 1936-10-31", "Ernest 1934-04-15"),
    ("Patel", "M25 1JD", "Hetal 1983-05-26", "Jignesh 1980-08-22", "Kavya 2012-01-17"),
    ("Szymanski", "OL10 4NN", "Tomasz 1979-07-14", "Ewa 1980-03-20"),
    ("Battersby", "BL8 3PW", "Clive 1961-09-13", "Doreen 1963-12-24", "Lee 1988-06-30"),
    ("Nwosu", "M26 4GG", "Chidi 1995-05-15", "Ngozi 1996-10-19"),
)

Row = dict[str, Any]


def people() -> list[Row]:
    """Each of 26 people of ten households in two rows, the second a little otherwise: ids 1a and 1b, and so on."""
    found = []
    for name, postcode, *members in HOUSEHOLDS:
        for member in members:
            given, born = member.split()
            one = {"given": given, "family": name, "born": born, "postcode": postcode}
            number = len(found) // 2 + 1
            found.append({"id": f"{number}a", **one})
            found.append({"id": f"{number}b", **one, **_otherwise(one, number)})
    return found


def _otherwise(one: Mapping[str, str], number: int) -> Row:
    slips = [
        {"given": one["given"][:-1]},
        {"family": one["family"].upper()},
        {"postcode": one["postcode"].replace(" ", "").lower()},
        {"given": one["family"], "family": one["given"]},
        {"postcode": None},
    ]
    return slips[number % len(slips)]


TRUTH = {frozenset((f"{number}a", f"{number}b")) for number in range(1, 27)}


def write(path: Path, rows: Sequence[Row], *, delimiter: str = ",", encoding: str = "utf-8") -> Path:
    with path.open("w", newline="", encoding=encoding) as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def columns(mapped: Mapping[str, str | Sequence[str]]) -> dict[str, list[str]]:
    return {field: [named] if isinstance(named, str) else list(named) for field, named in mapped.items()}


class Table:
    """What link-table made of a file or two: for a test to look at."""

    def __init__(self, *paths: Path, mapped: Mapping[str, Any] = PEOPLE, id: str = "id", **asked: Any):
        self.engine = duckdb.connect(config={"threads": 1})
        sources = [Source(path, id, columns(mapped)) for path in paths]
        self.linked: Linked = link_table(self.engine, sources, **asked)

    @property
    def clusters(self) -> dict[tuple[int, str], int]:
        rows = self._rows(f"select s.src, s.key, c.cluster from {CLUSTERED} c join {SAID} s on s.id = c.n")
        return {(src, key): cluster for src, key, cluster in rows}

    @property
    def together(self) -> set[frozenset[str]]:
        """The ids of each cluster of two rows or more."""
        found: dict[int, set[str]] = {}
        for (_, key), cluster in self.clusters.items():
            found.setdefault(cluster, set()).add(key)
        return {frozenset(one) for one in found.values() if len(one) > 1}

    def weight(self, one: str, other: str) -> float | None:
        sql = (
            f"select p.weight from {SCORED} p join {SAID} a on a.id = p.l join {SAID} b on b.id = p.r"
            " where [a.key, b.key] = list_sort([?, ?])"
        )
        found = self.engine.execute(sql, [one, other]).fetchall()
        return found[0][0] if found else None

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.engine.execute(sql).fetchall()


def febrl_pairs(clusters: Mapping[tuple[int, str], int], *, two: bool) -> tuple[int, int, int]:
    """How many pairs were found, how many of them are one person's, and how many there are in truth."""
    found = _pairs(clusters.items(), two=two)
    right = _pairs(((row, (cluster, _person(row[1]))) for row, cluster in clusters.items()), two=two)
    return found, right, _pairs(((row, _person(row[1])) for row in clusters), two=two)


def _person(key: str) -> str:
    found = re.match(r"rec-(\d+)-", key)
    assert found
    return found[1]


def _pairs(rows: Iterable[tuple[tuple[int, str], Any]], *, two: bool) -> int:
    sizes: dict[Any, list[int]] = {}
    for (src, _), cluster in rows:
        sizes.setdefault(cluster, [0, 0])[src] += 1
    return sum(first * second if two else first * (first - 1) // 2 for first, second in sizes.values())
