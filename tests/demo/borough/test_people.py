"""Who lives in the synthetic borough."""

from collections import Counter

import nhs_number
import pytest

from locality.base import Refused
from locality.demo.borough import numbers
from locality.demo.borough.conditions import Drawing, factors
from locality.demo.borough.families import people_of
from locality.demo.borough.people import window
from locality.demo.borough.plan import blocks, pieces
from locality.demo.borough.published import areas, practices
from locality.demo.cast_files import the_cast
from tests.demo.borough.reading import ON, PEOPLE, everybody, households


def test_as_many_people_are_made_as_were_asked_for():
    assert [person.key for person in everybody()] == list(range(PEOPLE))


def test_everybody_has_an_nhs_number_of_the_synthetic_range_that_nobody_else_has():
    found = [person.nhs_number for person in everybody()]

    assert len(set(found)) == PEOPLE
    assert all(number.startswith("999") and nhs_number.is_valid(number) for number in found)


def test_no_number_is_one_of_the_casts_whatever_the_seed():
    cast = {one["nhs_number"] for one in the_cast()["people"].values()}

    made = [numbers.nhs_number(person, seed=seed) for seed in (1, 2) for person in range(0, 300_000, 7)]

    assert cast & set(made) == set()
    assert len(set(made[: len(made) // 2])) == len(made) // 2


def test_a_number_that_the_cast_has_is_passed_over():
    taken = next(iter(the_cast()["people"].values()))["nhs_number"]
    # the person and seed that would have come to it
    slot = next(slot for slot in range(numbers.SLOTS) if numbers._issued(slot) == taken)
    person = slot * pow(numbers.STEP, -1, numbers.SLOTS) % numbers.SLOTS

    assert numbers.nhs_number(person, seed=0) != taken
    assert nhs_number.is_valid(numbers.nhs_number(person, seed=0))


def test_no_source_calls_two_people_by_one_number_nor_by_one_of_the_casts():
    cast = {
        (source, local_id)
        for one in the_cast()["people"].values()
        for source, local_ids in one["patients"].items()
        for local_id in local_ids
    }

    for source in numbers.SERIES:
        made = [numbers.local_id(source, person, again=again) for person in range(20_000) for again in (False, True)]

        assert len(set(made)) == len(made)
        assert {(source, local_id) for local_id in made} & cast == set()


def test_every_area_keeps_its_share_of_the_register():
    made = Counter()
    for block in blocks(20_801):
        made.update(dict(block.areas))

    # one in ten of the register of 208,018
    assert {area.code: made[area.number] for area in areas()} == {
        area.code: pytest.approx(area.registered / 10, abs=1) for area in areas()
    }


def test_people_live_in_postcodes_of_the_area_they_are_counted_in():
    outside = [one for one in households() if one.address.postcode not in areas()[one.area].postcodes]

    assert outside == []


def test_a_household_with_children_has_somebody_grown():
    alone = [one for one in households(5000) if one.people and max(person.age for person in one.people) < 18]

    assert alone == []


def test_a_mother_is_older_than_her_children():
    wrong = [
        (close.person.age, person.age)
        for person in everybody(5000)
        for close in person.close
        if close.kind == "Mother" and close.person is not None and close.person.age < person.age + 14
    ]

    assert wrong == []


def test_brothers_and_sisters_do_not_share_a_first_name():
    shared = [
        one
        for one in households(5000)
        if not one.home and len({person.given[0] for person in one.people}) < len(one.people)
    ]

    assert len(shared) <= 3  # after eight draws the ninth stands


def test_everybody_but_a_few_has_somebody_to_ring():
    without = [person for person in everybody() if sum(close.next_of_kin for close in person.close) != 1]

    assert without == []


def test_people_are_on_lists_that_take_people_of_their_area():
    wrong = [person for person in everybody(5000) if person.practice not in areas()[person.household.area].lists]

    assert wrong == []


def test_most_are_on_lists_of_the_borough_and_some_are_on_lists_elsewhere():
    ours = [practices()[person.practice].ours for person in everybody(5000) if person.practice in practices()]
    elsewhere = 1 - sum(ours) / 5000

    # 11,905 of 208,018 registered residents
    assert elsewhere == pytest.approx(0.0572, abs=0.015)


def test_a_diagnosis_is_made_within_a_persons_life():
    wrong = [
        (person.key, held.code)
        for person in everybody(5000)
        for held in person.conditions.values()
        if not person.born.toordinal() <= held.since < ON.toordinal()
    ]

    assert wrong == []


def test_the_same_seed_makes_the_same_people_and_another_makes_others():
    block, held = blocks(PEOPLE)[0], window(ON)

    def names(seed: int) -> list[str]:
        made = people_of(block, seed=seed, drawing=Drawing(factors()), window=held)
        return [person.name for household in made for person in household.people]

    assert names(1) == names(1)
    assert names(1) != names(2)


@pytest.mark.parametrize("people", [0, 300_001])
def test_a_number_of_people_that_there_is_not_is_refused(people):
    with pytest.raises(Refused, match="Ask for 1 to 300,000 people"):
        blocks(people)


def test_pieces_hold_every_block_once_however_many_there_are():
    for depth in ("full", "light"):
        held = [block for piece in pieces(5000, depth=depth) for block in piece.blocks]

        assert held == list(blocks(5000))
