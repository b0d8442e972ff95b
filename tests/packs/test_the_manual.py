"""docs/packs.md says what the code reads."""

from pathlib import Path

from locality.directory.pack.manual import BEGINS, manual

DOCS = Path(__file__).parents[2] / "docs" / "packs.md"


def test_the_manual_lists_every_file_and_key_as_the_code_reads_them():
    written = DOCS.read_text()

    assert BEGINS + written.split(BEGINS)[1] == manual(), "put locality.directory.pack.manual.manual() there"
