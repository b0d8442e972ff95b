import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import transaction

from locality.base import system
from locality.directory.actions import Loaded, load_pack

SMALLPLACE = Path(__file__).parents[1] / "data" / "packs" / "smallplace"


@contextmanager
def loaded_once(name: str, *, blocker) -> Iterator[Loaded]:
    """A whole place for a module's tests, which only read: loading one takes a second."""
    with blocker.unblock(), transaction.atomic():
        yield load_pack(pack=name, by=system(at=datetime(2026, 11, 21, 9, 0, tzinfo=UTC)))
        transaction.set_rollback(True)


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
