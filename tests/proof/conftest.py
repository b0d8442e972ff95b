"""The world, built once for every proof, and put back as it was after each."""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import transaction

from locality.access import wall
from locality.config.signing import Signing
from locality.web import pages
from tests import factories as make
from tests.proof import desks, listed, meetings, mine, noted, offered
from tests.proof import world as building
from tests.proof.world import World

# the first wall is proven with the second one down; `PROOF_WALL=up` proves both together
KEY = Signing(Ed25519PrivateKey.from_private_bytes(bytes(32)))
WALL = os.environ.get("PROOF_WALL", "down")


@pytest.fixture(scope="package")
def whole_world(django_db_setup, django_db_blocker) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic(), TemporaryDirectory() as folder:
        with time_machine.travel(make.AT, tick=False):
            found = building.build(Path(folder))
            desks.lay_out(found)
            listed.lay_out(found)
            meetings.lay_out(found)
            noted.lay_out(found)
            offered.lay_out(found)
            mine.lay_out(found)
        yield found
        transaction.set_rollback(True)
        pages._names.clear()


@pytest.fixture
def world(whole_world, monkeypatch) -> Iterator[World]:
    if WALL == "down":
        monkeypatch.setattr(wall, "NOTHING_OPENED", wall.DOWN)
    # a place has a key that signs what is taken along
    monkeypatch.setattr(settings, "PACK_KEY", lambda: KEY)
    with time_machine.travel(make.AT, tick=False), transaction.atomic():
        yield whole_world
        transaction.set_rollback(True)
