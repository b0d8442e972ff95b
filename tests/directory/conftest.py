from datetime import UTC, datetime
from pathlib import Path

import pytest

from locality.base import Viewer, system
from locality.directory.actions import load_pack

SMALLPLACE = Path(__file__).parents[1] / "data" / "packs" / "smallplace"


@pytest.fixture
def by() -> Viewer:
    return system(at=datetime(2026, 11, 21, 9, 0, tzinfo=UTC))


@pytest.fixture
def smallplace(db, by) -> None:
    load_pack(pack=SMALLPLACE, by=by)
