"""Whatever is merged, moved, written and undone, in any order: undoing a merge gives back exactly what it took."""

import pytest
from django.db import transaction

from tests import factories as make
from tests.people.merging_world import play

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

IN_A_TEST, PROVED = 32, 250


def play_each(seeds: range) -> None:
    source, team = make.source("gp", last_at=None), make.team()
    for seed in seeds:
        with transaction.atomic():
            try:
                play(seed, source=source, team=team)
            except AssertionError as wrong:
                raise AssertionError(f"sequence {seed}") from wrong
            transaction.set_rollback(True)


@pytest.mark.parametrize("start", range(0, 5 * IN_A_TEST, IN_A_TEST))
def test_undoing_a_merge_gives_back_what_it_took_whatever_happened_between(start):
    play_each(range(start, start + IN_A_TEST))


@pytest.mark.prove
@pytest.mark.parametrize("start", range(10_000, 10_000 + 8 * PROVED, PROVED))
def test_two_thousand_sequences_give_back_what_was_taken(start):
    play_each(range(start, start + PROVED))
