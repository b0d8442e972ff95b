"""What a run tells to those who see figures: no count gives away what another keeps back."""

import pytest

from locality.methods.list_length import AtLength
from locality.population.models import CaseFindingRun
from locality.population.queries.runs import _length, run_released


def run(*, listed, teams, **left_out):
    lists = [{"team": name, "listed": count, "accepted": 0} for name, count in teams.items()]
    found = listed + sum(left_out.values())
    return CaseFindingRun(found=found, listed=listed, left_out=left_out, lists=lists)


def test_found_listed_and_left_out_are_told_rounded():
    told = run_released(run(listed=52, teams={"east": 30, "west": 22}, reviewed=18))

    assert (told.found, told.listed, told.left_out, told.teams) == (70, 50, {"reviewed": 20}, {"east": 30, "west": 20})


def test_a_few_left_out_take_another_reason_with_them_where_the_rest_would_tell_them():
    told = run_released(run(listed=41, teams={"east": 41}, reviewed=4))

    # of 45 found and 40 listed the rest would be 1 to 7 and no more than some of them
    assert (told.found, told.left_out, told.listed, told.teams) == (45, {"reviewed": None}, None, {"east": None})


def test_a_team_whose_list_is_short_takes_another_with_it():
    told = run_released(run(listed=44, teams={"east": 3, "west": 41}))

    assert told.teams == {"east": None, "west": None}


def test_reasons_without_a_line_are_counted_apart():
    row = run(listed=52, teams={"east": 52})
    row.left_out = {"reasons whose line in the record was not found": 9}

    assert run_released(row).left_out == {"reasons whose line in the record was not found": 10}


@pytest.mark.parametrize(
    ("length", "hits", "events", "told"),
    [(100, 40, 90, 0.4), (100, 96, 200, None), (50, 5, 90, None), (100, 40, 44, None)],
    ids=["told", "few of the list without it", "few with it", "few with it beside the list"],
)
def test_a_share_of_a_list_is_not_told_of_few(length, hits, events, told):
    assert _length(AtLength(length=length, hits=hits, events=events)).value == told
