"""Reading a pack: what a place is made of, as files that people write. Every fault names its file and line."""

from locality.directory.pack.reading import (
    PACKS,
    Pack,
    PackFaults,
    default_pack,
    pack_folder,
    read_pack,
    read_table,
    table_rows,
)
from locality.directory.pack.rows import Row, file_text
from locality.directory.pack.staff import OF_THE_PERSON, StaffLine, read_staff

__all__ = [
    "OF_THE_PERSON",
    "PACKS",
    "Pack",
    "PackFaults",
    "Row",
    "StaffLine",
    "default_pack",
    "file_text",
    "pack_folder",
    "read_pack",
    "read_staff",
    "read_table",
    "table_rows",
]
