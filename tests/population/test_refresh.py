"""The analytical copy is what the record says: held against a slow, obvious making of it on small drawn worlds."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from locality.base import system
from locality.population.actions import refresh
from locality.population.queries.copy import open_copy
from tests.population.slow_copy import slow_copy
from tests.population.worlds import World

pytestmark = pytest.mark.django_db

KEY = bytes(range(32))
AT = datetime(2026, 4, 20, 9, 0, tzinfo=UTC)
COMPARED = {
    "events": "select * exclude (event) from events",
    "conditions": "select * from conditions",
    "diagnoses": "select d.person, kind, started_at, code, position, on_day"
    " from diagnoses d left join events using (event)",
    "medicines": "select * from medicines",
    "measurements": "select * from measurements",
    "social_care": "select * from social_care",
    "contacts": "select * from contacts",
    "deaths": "select * from deaths",
    "people": "select * from people",
    "scores": "select * from scores",
}


def refreshed(folder, *, at=AT, full=False, key=KEY):
    return refresh(key=key, by=system(at=at), folder=folder, full=full, now=lambda: at + timedelta(seconds=2))


def tables(folder) -> dict[str, Counter]:
    with open_copy(folder=folder) as duck:
        return {name: Counter(duck.execute(words).fetchall()) for name, words in COMPARED.items()}


def held_against_the_slow_one(seed, folder):
    world = World(seed)
    for name in ("Ann", "Bob", "Cy"):
        world.person(name, lines=35, dies=name != "Ann")

    run = refreshed(folder)
    fast, slow = tables(folder), slow_copy(key=KEY, at=AT)

    for name in COMPARED:
        assert fast[name] == slow.tables[name], name
    assert (run.reasons, run.used + run.said_again) == (dict(sorted(slow.reasons.items())), slow.kept)


@pytest.mark.parametrize("seed", range(5))
def test_the_fast_copy_of_a_drawn_world_is_the_slow_one_row_for_row(seed, tmp_path):
    held_against_the_slow_one(seed, tmp_path)


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(5, 105))
def test_the_fast_copy_is_the_slow_one_in_a_hundred_more_worlds(seed, tmp_path):
    held_against_the_slow_one(seed, tmp_path)
