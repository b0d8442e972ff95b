"""The background work refreshes the copy, and makes it anew once a night."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings

from locality.base import Refused
from locality.config.pseudonyms import copy_key
from locality.population.models import Refresh
from locality.population.queries.kept import last_kept
from locality.watch.measuring import measuring
from locality.watch.refreshing import refreshing
from tests import factories as make
from tests.population import measure_world
from tests.population.worlds import World

pytestmark = pytest.mark.django_db


def test_each_turn_takes_in_what_was_heard_and_once_a_night_everything_is_read_again(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "LOCALITY_HOME", tmp_path)
    World(31).person("Ann", lines=4)
    hours = iter(
        [datetime(2026, 4, 20, 9), datetime(2026, 4, 20, 10), datetime(2026, 4, 21, 3), datetime(2026, 4, 21, 4)]
    )
    clock: list[datetime] = []

    def now() -> datetime:
        return clock[-1]

    turn = refreshing(key=bytes(32), now=now)
    for at in hours:
        clock.append(at.replace(tzinfo=UTC))
        turn()

    runs = Refresh.objects.order_by("started_at").values_list("kind", flat=True)
    assert list(runs) == ["full", "changed", "full", "changed"]


def test_the_key_is_made_once_and_closed_to_others(tmp_path):
    with pytest.raises(Refused, match="`locality refresh` makes one"):
        copy_key(tmp_path)

    made = copy_key(tmp_path, make=True)

    assert (len(made), copy_key(tmp_path, make=True), copy_key(tmp_path)) == (32, made, made)
    assert (tmp_path / "copy_key").stat().st_mode & 0o077 == 0


def test_a_key_that_was_cut_short_is_not_used(tmp_path):
    (tmp_path / "copy_key").write_bytes(b"short")

    with pytest.raises(Refused, match="restore it from a backup"):
        copy_key(tmp_path)


def test_measures_are_worked_out_once_and_again_in_another_month(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "LOCALITY_HOME", tmp_path)
    clock = [make.AT]
    turn = measuring(synthetic=True, now=lambda: clock[-1])
    turn()
    nothing = last_kept()
    folder = measure_world.build(tmp_path)

    kept = []
    for month in ("2026-01-01T", "2026-01-01T", "2026-02-01T"):
        manifest = folder / "manifest.json"
        manifest.write_text(manifest.read_text().replace("2026-01-01T", month))
        clock.append(clock[-1] + timedelta(minutes=15))
        turn()
        kept.append(last_kept())

    assert nothing is None
    assert [one.kept_at for one in kept] == [clock[1], clock[1], clock[3]]
    assert [one.synthetic for one in kept] == [True] * 3
