"""The tables of docs/packs.md, from the sections as they are read."""

from locality.directory.pack.columns import Column
from locality.directory.pack.sections import BOUNDARIES, PLACE, SECTIONS, Section
from locality.directory.pack.staff import STAFF
from locality.directory.pack.tables import FOR_MEASURES, FOR_TEAMS, TABLES

BEGINS = "<!-- from here on written by locality.directory.pack.manual -->"

MEASURED = (
    "Read from the folder whenever a measure is worked out, and checked when the pack is loaded. A pack without them "
    "has the measures of all places that need no service's words, and no promises. `measures/*.toml` are the place's "
    "own measures ([measures](measures.md))."
)
WORKED = (
    "Read from the folder by the background work, by referrals and by the pages for everybody. Without `urgent-words` "
    "whom to ring stands after what was found, whatever was asked. Without `offers` nobody is offered: teams are told "
    "of their own people. Without `referral-clocks` the hours are those proposed in the code; a year of which "
    "`bank-holidays` says none has none."
)
OPEN_DATA = (
    "Open data that invented people are grown from; `ages` is also what the analytical copy counts people by. "
    "A pack needs none."
)


def manual() -> str:
    """Every file of a pack and every key in it, as Markdown."""
    parts = ["### pack.toml", "", "The place itself.", "", *_table(PLACE)]
    for section in SECTIONS:
        parts += ["", *_section(section)]
    parts += ["", f"### {BOUNDARIES.name}", "", BOUNDARIES.words, ""]
    parts += ["## What measures read", "", MEASURED]
    for table in FOR_MEASURES:
        parts += ["", *_section(table)]
    parts += ["", "## What teams read", "", WORKED]
    for table in FOR_TEAMS:
        parts += ["", *_section(table)]
    parts += ["", "## Tables that are not loaded", "", OPEN_DATA]
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
