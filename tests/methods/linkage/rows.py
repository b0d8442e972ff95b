"""Rows of words as organisations hold them: drawn ones, and made ones of whom we know who is who."""

from collections.abc import Sequence
from typing import Any

import duckdb
import pyarrow
from hypothesis import strategies as st

from locality.methods.linkage.fields import OF_PATIENTS

Row = dict[str, Any]

GIVEN = (
    "Mohammed", "Muhammad", "Mohd", "Margaret", "Peg", "Maggie", "Aisha", "Ayesha", "Jan", "Ian", "Mary-Ann",
    "Zoe", "Zoé", "Łukasz", "Lukasz", "Siobhan", "Abdul", "Baby", "J", "Xiu", "Jing", "Harpreet", "Steven",
    "Stephen", "Stephanie", "Unknown", "Ng", "Ali",
)  # fmt: skip
FAMILY = (
    "Hussain", "Husain", "Smith", "Smyth", "Smith-Jones", "Jones", "Al-Hakim", "Alhakim", "Hakim", "Begum",
    "Kaur", "Singh", "Kowalski", "Kowalska", "O'Brien", "Khan", "Ng", "Lee", "Test", "Van-Dijk", "Mohammed",
    "Ali",
)  # fmt: skip
DATES = (
    "1980-03-07", "1980-07-03", "1980-01-01", "1980-03-08", "1950-03-07", "1990-03-07", "1981-11-30",
    "07/03/1980", "1980-02-30", "1900-01-01",
)  # fmt: skip
POSTCODES = ["M25 2AB", "m252ab", "M25 2AC", "M25 1AA", "BL9 0AA", "ZZ99 3VZ", "90210"]
LINES = ["12 Mill Street", "12 Mill St", "Flat 3, Oak Court", "Rose Cottage", "14 Lark Road", "no fixed abode"]
PHONES = ["07700 900123", "+44 7700 900123", "07700 900124", "0161 496 0000", "000"]
EMAILS = ["a.khan@example.org", "A.Khan@example.org", "a.khan@example.com", "none@none.com", "nothing"]
NUMBERS = ["943 476 5919", "9434765919", "9434765928", "9434765910", "999 000 0018", "0000000000", "12"]


def _names(words: Sequence[str]) -> st.SearchStrategy[list[str]]:
    one = st.lists(st.sampled_from(words), min_size=1, max_size=3).map(" ".join)
    return st.lists(st.one_of(one, st.text(max_size=12)), max_size=2)


def _maybe(values: Sequence[str]) -> st.SearchStrategy[str | None]:
    return st.one_of(st.none(), st.sampled_from(values), st.text(max_size=8))


ROWS = st.fixed_dictionaries(
    {
        "given_name": _names(GIVEN),
        "family_name": _names(FAMILY),
        "birth_date": _maybe(DATES),
        "sex": st.sampled_from([None, "female", "M", "x"]),
        "postcode": st.lists(st.sampled_from(POSTCODES), max_size=2),
        "address_line": _maybe(LINES),
        "address_line2": _maybe(LINES),
        "phone": st.lists(st.sampled_from(PHONES), max_size=2),
        "email": st.lists(st.sampled_from(EMAILS), max_size=2),
        "nhs_number": _maybe(NUMBERS),
    }
)
LISTED = ("given_name", "family_name", "postcode", "phone", "email")


def table(engine: duckdb.DuckDBPyConnection, rows: Sequence[Row], *, fields: Sequence[str] = OF_PATIENTS) -> str:
    """The rows as a table of the engine, numbered from 1 in their order; returns its name."""
    text, texts = pyarrow.string(), pyarrow.list_(pyarrow.string())
    columns = {"id": pyarrow.array(range(1, len(rows) + 1), pyarrow.int64())}
    for name in fields:
        columns[name] = pyarrow.array([row.get(name) for row in rows], texts if name in LISTED else text)
    engine.register("rows_said", pyarrow.table(columns))
    engine.execute("create or replace temp table rows_given as select * from rows_said")
    engine.unregister("rows_said")
    return "rows_given"


# ---- people of whom it is known who they are: each as three organisations hold them, with slips in a known order

FIRST = (
    "Margaret", "Susan", "Aisha", "Harpreet", "Zofia", "Niamh", "Grace", "John", "David", "Mohammed",
    "Tariq", "Pawel", "Liam", "Emmanuel", "Winston",
)  # fmt: skip
LAST = (
    "Ashworth", "Birtwell", "Hussain", "Gill", "Kowalska", "Tierney", "Adewumi", "Ogden", "Holt", "Khan",
    "Malik", "Nowak", "Coyne", "Mensah", "Grantley",
)  # fmt: skip
ENDINGS = (
    "ley", "ton", "worth", "field", "shaw", "den", "croft", "bank", "gate", "more",
)  # fmt: skip


def number(index: int) -> str:
    """A valid NHS number of the range kept for tests; another for each index."""
    for start in range(999_123_000 + index * 3, 999_123_000 + index * 3 + 3):
        digits = f"{start:09d}"
        check = -sum(int(digit) * (10 - place) for place, digit in enumerate(digits)) % 11
        if check < 10:
            return f"{digits}{check}"
    raise AssertionError("two of three numbers have a check digit")


def borough(people: int) -> list[Row]:
    """Made rows, three a person, with `person` beside the fields; the same whenever it is called."""
    return [row for index in range(people) for row in _known(index)]


def _known(index: int) -> list[Row]:
    born = f"{1930 + index * 7 % 90}-{1 + index % 12:02d}-{1 + index * 5 % 28:02d}"
    family = LAST[index // 15 % 15] + ENDINGS[index * 7 % 10] * (index % 3 > 0)
    true = {
        "person": index,
        "given_name": [FIRST[index % 15]],
        "family_name": [family],
        "birth_date": born,
        "sex": "female" if index % 15 < 7 else "male",
        "postcode": [f"M{20 + index % 9} {index % 7}{'ABDEFGHJ'[index % 8]}{'LNPQRSTU'[index // 8 % 8]}"],
        "address_line": f"{1 + index % 97} {ENDINGS[index % 10].capitalize()} Street",
        "address_line2": None,
        "phone": [f"07700 9{index % 90000:05d}"],
        "email": [],
        "nhs_number": number(index),
    }
    second = true | {"given_name": [_slipped(FIRST[index % 15])]} if index % 9 == 0 else dict(true)
    third = true | {"nhs_number": None, "phone": []} if index % 4 else true | {"postcode": [], "nhs_number": None}
    if index % 11 == 0:
        third = third | {"birth_date": born[:-1] + str((int(born[-1]) + 1) % 10)}
    if index % 13 == 0:
        third = third | {"family_name": [_slipped(family)]}
    return [true, second, third]


def _slipped(name: str) -> str:
    return name[:2] + name[3] + name[2] + name[4:]
