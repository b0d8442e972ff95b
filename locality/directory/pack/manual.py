"""The tables of docs/packs.md, from the sections as they are read."""

from locality.directory.pack.columns import Column
from locality.directory.pack.sections import BOUNDARIES, PLACE, SECTIONS, Section
from locality.directory.pack.staff import STAFF
from locality.directory.pack.tables import TABLES

BEGINS = "<!-- from here on written by locality.directory.pack.manual -->"


def manual() -> str:
    """Every file of a pack and every key in it, as Markdown."""
    parts = ["### pack.toml", "", "The place itself.", "", *_table(PLACE)]
    for section in SECTIONS:
        parts += ["", *_section(section)]
    parts += ["", f"### {BOUNDARIES.name}", "", BOUNDARIES.words, ""]
    parts += ["## Tables that are not loaded", "", "Open data that invented people are grown from. A pack needs none."]
    for table in TABLES:
        parts += ["", *_section(table)]
    parts += ["", "## A list of staff", "", "One CSV file for `locality load-practitioners FILE`.", "", *_table(STAFF)]
    return "\n".join([BEGINS, "", *parts, ""])


def _section(section: Section) -> list[str]:
    words = f"{section.words} `{section.name}.csv`, or `[[{section.singular}]]` in `{section.name}.toml`."
    return [f"### {section.name}", "", words, "", *_table(section.columns)]


def _table(columns: tuple[Column, ...]) -> list[str]:
    lines = ["| key | needed | what |", "|---|---|---|"]
    for column in columns:
        names = f" (a code of {column.names})" if column.names else ""
        lines.append(f"| `{column.name}` | {'yes' if column.required else ''} | {column.words}{names} |")
    return lines
