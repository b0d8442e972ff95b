"""The background work tells of the neighbourhoods once a month, when there is a copy."""

from datetime import UTC, datetime

import pytest
from django.conf import settings

from locality.population.models import Picture
from locality.watch.picturing import picturing
from tests import factories as make

from . import pictured as slow
from .copies import write_copy

pytestmark = pytest.mark.django_db


def test_there_is_nothing_to_tell_before_the_first_copy_and_then_once_a_month(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "LOCALITY_HOME", tmp_path)
    make.place()
    turn = picturing(now=lambda: datetime(2026, 1, 5, 9, tzinfo=UTC))

    turn()
    without = Picture.objects.count()
    write_copy(tmp_path / "copy", **slow.drawn_tables(31))
    turn()
    turn()

    assert (without, Picture.objects.count()) == (0, 1)
