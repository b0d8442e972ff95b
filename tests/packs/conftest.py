import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

SMALLPLACE = Path(__file__).parents[1] / "data" / "packs" / "smallplace"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the small pack, for a test to spoil."""
    return Path(shutil.copytree(SMALLPLACE, tmp_path / "smallplace"))


@pytest.fixture
def spoil(pack: Path) -> Callable[[str, str, str], str]:
    """Change words in one of the pack's files; gives back the file as faults name it."""

    def change(file: str, words: str, into: str) -> str:
        path = pack / file
        before = path.read_text()
        assert words in before
        path.write_text(before.replace(words, into, 1))
        return f"{pack}/{file}"

    return change
