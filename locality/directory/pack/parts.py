"""What the sections of a pack are made of: the columns that many of them share."""

from dataclasses import dataclass

from locality.directory.pack.columns import Column, code, day, text, yes_no
from locality.directory.rules import CODE, ORGANISATION_CODE, WARD_CODE


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of row: in `<name>.toml` as [[singular]] tables, in `<name>.csv` as lines, or in both."""

    name: str
    singular: str
    words: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ("code",)  # what names a row of this kind, once


area_code = code(WARD_CODE, "E01005014")
own_code = code(CODE, "early-help (small letters, digits and hyphens)")
organisation_code = code(ORGANISATION_CODE, "RM3 (ODS) or early-help (our own)")

CODE_COLUMN = Column("code", own_code, "its code, used by other files; never changed", required=True)
NAME = Column("name", text, "what people call it", required=True)
ORIGIN = Column("origin", text, "where this row comes from: publication and date", required=True)
VERIFIED = Column("verified", yes_no, "false while nobody has confirmed it", otherwise=True)
STARTS_ON = Column("starts_on", day, "first day; left out when nobody knows it", otherwise=None)
ENDS_ON = Column("ends_on", day, "the first day on which it no longer holds", otherwise=None)
NOTE = Column("note", text, "a remark for people")


def organisation(name: str, words: str, *, required: bool = True) -> Column:
    return Column(
        name, organisation_code, words, required, otherwise=None if not required else "", names="organisations"
    )


def names(name: str, section: str, words: str, *, required: bool = False) -> Column:
    return Column(name, own_code, words, required, otherwise=None, names=section)
