"""Which columns of a file hold what, as an analyst said and as is plain besides.

A field may be called by another common name; a whole name in one column is parted into given and family name; a birth
date in three columns becomes one.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from locality.base import Refused
from locality.methods.linkage.fields import FIELDS, NAMES
from locality.methods.linkage.table_settings import also_called, said_again
from locality.methods.table_files import APART, place

SEVERAL = ("given_name", "family_name", "postcode", "phone", "email")  # fields that may hold more values than one
WHOLE, PARTS = "full_name", ("birth_year", "birth_month", "birth_day")
FIELD = re.compile(r"[a-z][a-z0-9_]*")
MOSTLY = 0.75  # of the values of a name: from which share on they are whole names
# what is typed where nothing is known; of names, names.py says it
NOTHING = (
    "na", "n/a", "#n/a", "n.a.", "null", "(null)", "none", "nan", "nil", "nat", "<na>", "-", "--", ".", "?", "unknown",
    "unk", "not known", "not stated", "not applicable", "missing", "no data",
)  # fmt: skip

Map = Mapping[str, Sequence[str]]
LETTERS = f"chr({ord(APART)})"


@dataclass(frozen=True, slots=True)
class Source:
    """One file: its path, which column is the id, and the columns of each field."""

    path: Path
    id: str
    columns: Map


def meant(columns: Map) -> dict[str, tuple[str, ...]]:
    """The columns by the names of our own fields; what says again what another field says is left out."""
    for field in columns:
        if not FIELD.fullmatch(field):
            raise Refused(f"{field!r} cannot be a field's name: write small letters, figures and _, as in soc_sec_id.")
    found: dict[str, tuple[str, ...]] = {}
    for field, named in columns.items():
        ours = also_called().get(field, field)
        found[field if ours in columns or ours in found else ours] = tuple(named)
    if WHOLE in found and not {*NAMES} & {*found}:
        found |= dict.fromkeys(NAMES, found.pop(WHOLE))
    if "birth_date" not in found and (parts := [one for one in PARTS if one in found]) and parts[0] == PARTS[0]:
        found["birth_date"] = tuple(column for one in parts for column in found.pop(one))
    again = [one for one, fields in said_again().items() if {*fields} <= {*found}]
    return {field: named for field, named in found.items() if field not in again}


def fields_of(sources: Sequence[Source]) -> tuple[str, ...]:
    """The fields that are compared, ours first; raise Refused where there are none, or a file lacks one."""
    maps = [meant(one.columns) for one in sources]
    named = [*dict.fromkeys(field for one in maps for field in one)]
    if not named:
        raise Refused("Nothing to compare: say with --map which column holds what, as in given_name=first_name.")
    for one, columns in zip(sources, maps, strict=True):
        if absent := [field for field in named if field not in columns]:
            raise Refused(f"Nothing of {one.path} is mapped to {absent[0]}.")
    return (*[one for one in FIELDS if one in named], *[one for one in named if one not in FIELDS])


def places(source: Source, headers: list[str]) -> dict[str, tuple[str, ...]]:
    """The places of each field's columns in the file, as c0, c1 ...; "a+b" is two where no column is called so."""
    found = {}
    for field, names in meant(source.columns).items():
        apart = [part for name in names for part in ([name] if name in headers else name.split("+"))]
        found[field] = tuple(place(source.path, name.strip(), headers) for name in apart)
    return found


def value_sql(field: str, columns: Sequence[str]) -> str:
    """The value of a field out of its column or columns."""
    plain = [one if field in NAMES else _known(one) for one in columns]
    if field in PARTED:
        plain = [PARTED[field].format(one) for one in plain]
    if len(plain) == 1:
        return plain[0]
    return f"nullif(concat_ws({LETTERS if field in SEVERAL else ' '!r}, {', '.join(plain)}), '')"


def _known(column: str) -> str:
    """The value, where it is one; a number that a spreadsheet wrote with a point is whole again."""
    words = ", ".join(f"'{one}'" for one in NOTHING)
    return (
        f"case when lower({column}) in ({words}) then null"
        f" when ends_with({column}, '.0') and regexp_full_match({column}, '[0-9]+[.]0')"
        f" then left({column}, -2) else {column} end"
    )


# several telephones or addresses of e-mail in one cell
BETWEEN = r"\s*(?:[;,|/&]|\bor\b|\band\b)\s*"
A_PHONE = r"[+(]?[0-9][0-9 ()\-+.]{{5,}}"
PARTED = {
    "phone": f"case when regexp_matches({{0}}, '{A_PHONE}{BETWEEN}{A_PHONE}')"
    f" then regexp_replace({{0}}, '{BETWEEN}', {LETTERS}, 'g') else {{0}} end",
    "email": "case when regexp_matches({0}, '@.*@')"
    f" then regexp_replace({{0}}, '[;,|/&\\s]+', {LETTERS}, 'g') else {{0}} end",
}

# what follows a family name, and is none
AFTER = r"(?i)[\s,]+(?:jr|jnr|junior|sr|snr|senior|ii|iii|iv|esq)[.]?$"


def share_of_whole_names(column: str) -> str:
    """How large a share of the values of a column are of two words or more, as SQL."""
    return f"avg(regexp_matches({column}, '\\S[\\s,]+\\S')::integer)"


def whole_name_sql(field: str, column: str) -> str:
    """A part of a column that holds the whole name: "Ada King" or "King, Ada"; one word is a family name."""
    bare = f"regexp_replace({column}, '{AFTER}', '')"
    given = (
        f"case when contains({bare}, ',') then nullif(trim(split_part({bare}, ',', 2)), '')"
        f" else nullif(trim(regexp_replace({bare}, '\\S+$', '')), '') end"
    )
    family = (
        f"case when contains({bare}, ',') then nullif(trim(split_part({bare}, ',', 1)), '')"
        f" else nullif(regexp_extract({bare}, '(\\S+)$', 1), '') end"
    )
    return given if field == "given_name" else family
