"""Counts before names: how many are in a cohort, whom each line leaves out, and what may be told of it."""

from datetime import date
from itertools import product

import pytest

from locality.base import NoAccess, Purpose, Refused
from locality.directory.pack.reading import PACKS
from locality.journal.models import Event
from locality.methods.small_numbers import HIDDEN_TO, ROUND_TO
from locality.population.actions.cohorts import those_of_mine
from locality.population.queries.cohorts import cohorts_of, count_cohort, count_lines, how_far_apart
from locality.population.queries.copy import open_copy
from locality.population.queries.segments import told_segments
from locality.population.rules.cohort_counts import Exact, tell
from locality.population.rules.cohorts import Cohort, said
from locality.population.rules.pseudonyms import pseudonym
from tests import factories as make
from tests.population.copies import write_copy

ON, KEY = date(2026, 4, 20), b"k" * 32
OLD, CARERS = {"age_from": 65}, {"carer": True}


def cohort(*who) -> Cohort:
    return Cohort("drawn", 1, "Drawn", tuple(who))


def people(**groups) -> list[dict]:
    """So many people of each kind: 'old_east_carer=12'."""
    found = []
    for name, many in groups.items():
        words = name.split("_")
        row = {
            "birth_month": date(1950 if "old" in words else 1990, 1, 1),
            "neighbourhood": next((word for word in words if word in ("east", "west")), None),
            "carer": "carer" in words,
            "opted_out": "out" in words,
        }
        found += [{"person": f"{name}{at}", **row} for at in range(many)]
    return found


def counted(folder, *who):
    with open_copy(folder=folder) as duck:
        return count_lines(duck=duck, cohort=cohort(*who), on=ON)


def test_each_line_says_whom_it_leaves_out_of_those_whom_the_lines_before_it_left(tmp_path):
    write_copy(tmp_path, people=people(old_east_carer=30, old_west_carer=20, old_east=40, young_carer=60, young_west=5))

    found = counted(tmp_path, OLD, CARERS)

    assert found == Exact(50, (65, 40), {"east": 30, "west": 20}, 0)
    assert found.everybody == 155


def test_who_opted_out_is_counted_apart_and_nowhere_else(tmp_path):
    write_copy(tmp_path, people=people(old_east_carer=30, old_east_carer_out=9, young_out=3))

    found = counted(tmp_path, OLD, CARERS)

    assert found == Exact(30, (0, 0), {"east": 30}, 12)


def test_what_may_be_told_is_rounded_and_few_are_kept_back():
    told = tell(Exact(52, (1_000, 3, 98), {"east": 30, "west": 22}, 4))

    assert (told.within, told.everybody, told.opted_out) == (50, 1_155, None)
    assert told.left_out[1] is None
    assert dict(told.by_neighbourhood) == {"east": 30, "west": 20}


def test_of_a_cohort_of_few_nothing_is_told_but_how_many_people_there_are():
    told = tell(Exact(5, (1_000, 300), {"east": 3, "west": 2}, 0))

    assert (told.within, told.left_out, told.by_neighbourhood) == (None, (None, None), {})
    assert told.everybody == 1_305


def test_nobody_is_told_to_be_nobody():
    assert tell(Exact(0, (1_000,), {}, 0)).within == 0


# ---- attempts to undo it


def possible(told: int | None, count_from: int = 0) -> range:
    """What a count may be to somebody who sees what is told of it: any small number where it is kept back."""
    if told is None:
        return range(count_from, 120)
    slack = (ROUND_TO - 1) // 2
    return range(max(0, told - slack), told + slack + 1) if told else range(1)


@pytest.mark.parametrize("small", range(1, HIDDEN_TO + 1))
@pytest.mark.parametrize("others", [(40, 61), (98, 33), (8, 9)])
def test_whoever_knows_every_total_finds_all_seven_values_possible_of_a_line_that_leaves_out_few(small, others):
    told = tell(Exact(52, (others[0], small, others[1]), {"east": 30, "west": 22}, 0))

    left_out = sum(others) + small
    found = {
        second
        for first, second in product(possible(told.left_out[0]), possible(told.left_out[1]))
        if 1 <= second <= HIDDEN_TO and left_out - first - second in possible(told.left_out[2])
    }
    assert found == set(range(1, HIDDEN_TO + 1))


@pytest.mark.parametrize("small", range(1, HIDDEN_TO + 1))
def test_whoever_knows_the_cohort_exactly_finds_all_seven_values_possible_of_a_neighbourhood_with_few(small):
    told = tell(Exact(60 + small, (200,), {"east": small, "north": 28, "west": 32}, 0))

    places = told.by_neighbourhood
    found = {
        east
        for east, north in product(possible(places["east"]), possible(places["north"]))
        if 1 <= east <= HIDDEN_TO and 60 + small - east - north in possible(places["west"])
    }
    assert found == set(range(1, HIDDEN_TO + 1))


@pytest.mark.parametrize("small", range(1, HIDDEN_TO + 1))
def test_whoever_knows_how_many_people_there_are_learns_nothing_of_a_cohort_of_few(small):
    told = [tell(Exact(small, (500 - small,), {"east": small}, 0)) for small in range(1, HIDDEN_TO + 1)]

    assert {one.within for one in told} == {None}
    assert len({(one.everybody, one.left_out, str(one.by_neighbourhood)) for one in told}) == 1
    assert tell(Exact(small, (500 - small,), {"east": small}, 0)) == told[0]


def test_two_cohorts_are_as_far_apart_as_the_people_in_one_of_them_alone(tmp_path):
    write_copy(tmp_path, people=people(old_east_carer=30, old_west_carer=3, old_east=10, young_carer=2, old_out=9))

    with open_copy(folder=tmp_path) as duck:
        east = cohort(OLD, CARERS, {"neighbourhood": ["east"]})
        apart = how_far_apart(duck=duck, cohort=cohort(OLD, CARERS), other=east, on=ON)
        same = how_far_apart(duck=duck, cohort=east, other=east, on=ON)

    assert (apart, same) == (3, 0)


# ---- the pack's


@pytest.mark.parametrize("place", [path.name for path in PACKS.iterdir() if (path / "cohorts").is_dir()])
def test_every_cohort_of_a_pack_can_be_asked_and_read_aloud(tmp_path, place):
    write_copy(tmp_path, people=people(old_east_carer=3))

    with open_copy(folder=tmp_path) as duck:
        counts = {
            one.code: count_cohort(duck=duck, cohort=one, on=ON).people for one in cohorts_of(place=place).values()
        }

    assert len(counts) >= 4
    assert [code for code, one in cohorts_of(place=place).items() if not one.says or one.code != code] == []


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({"age_from": 65}, "65 or older"),
        ({"not": {"care_home": True}}, "not: lives in a care home"),
        ({"score": "hfrs", "value_from": 5}, "scores 5 or more by hfrs"),
        ({"event": ["fall"], "within_days": 365, "at_least": 2}, "had fall 2 times or more within 365 days"),
        ({"any": [{"diagnosis": ["I50"]}, {"carer": True}]},
         "(was diagnosed with ICD-10 I50) or (is known to look after somebody)"),
        ({"measurement": ["HbA1c"], "value_from": 58, "value_below": 75},
         "was measured for HbA1c 58 or more and below 75"),
        ({"neighbourhood": ["east", "west"]}, "neighbourhood east or west"),
        ({"medicines_at_least": 10}, "takes 10 medicines or more"),
        ({"deprivation_to": 4}, "in the 4 most deprived tenths"),
    ],
)  # fmt: skip
def test_a_line_can_be_read_aloud(line, words):
    assert said(line) == words


# ---- names, for whoever may open them


@pytest.fixture
def two(db, tmp_path):
    """Two people of 65 and over, one of whom the nurse's team looks after."""
    hers, other = make.person("Hers", "Hetty"), make.person("Other", "Olive")
    make.relationship(hers, starts_on=date(2026, 1, 1))
    names = [pseudonym(key=KEY, person=one.pk) for one in (hers, other)]
    write_copy(tmp_path, people=[{"person": name, "birth_month": date(1950, 1, 1)} for name in names])
    return hers, tmp_path


def test_a_clinician_sees_those_of_a_cohort_whom_they_may_open_and_each_is_written_down(two):
    hers, folder = two

    with open_copy(folder=folder) as duck:
        found = those_of_mine(duck=duck, cohort=cohort(OLD), on=ON, key=KEY, why="Ring them", by=make.viewer())

    lines = Event.objects.filter(what="copy.gone-back").values_list("person_id", "detail__why")
    assert found == [hers]
    assert list(lines) == [(hers.pk, "Drawn (cohort drawn, version 1): Ring them")]


@pytest.mark.parametrize(
    ("viewer", "why", "refusal", "told"),
    [
        ({"code": "analyst"}, "a plan", NoAccess, "nobody by name"),
        ({"code": "board"}, "a plan", NoAccess, "nobody by name"),
        ({"code": "social_worker"}, "a visit", NoAccess, "nobody by name"),
        ({"code": "care_coordinator"}, "a visit", NoAccess, "nobody by name"),
        ({"code": "clinician", "purpose": Purpose.PLANNING}, "a plan", NoAccess, "for their care alone"),
        ({"code": "clinician"}, "  ", Refused, "Say for what list"),
    ],
)
def test_names_are_refused_without_the_role_the_purpose_or_the_reason(two, viewer, why, refusal, told):
    _, folder = two
    by = make.viewer(viewer.pop("code"), **viewer)

    with open_copy(folder=folder) as duck, pytest.raises(refusal, match=told):
        those_of_mine(duck=duck, cohort=cohort(OLD), on=ON, key=KEY, why=why, by=by)

    assert Event.objects.filter(what="copy.gone-back").count() == 0


# ---- segments


def test_segments_are_told_rounded_and_few_are_kept_back(tmp_path):
    conditions = [{"person": f"young{at}", "code": "58214004"} for at in range(3)]
    conditions += [{"person": f"old_east{at}", "code": "84114007"} for at in range(22)]
    write_copy(tmp_path, people=people(young=60, old_east=40, old_out=5), conditions=conditions)

    with open_copy(folder=tmp_path) as duck:
        told = told_segments(duck=duck, on=ON)

    by_code = {one.code: people for one, people in told.segments}
    # with everybody counted, three in one segment could be worked out: another is kept back with them
    assert (by_code["mental-health"], by_code["organ-failure"]) == (None, None)
    assert (by_code["healthy"], by_code["cancer"]) == (75, 0)
    assert (told.everybody, told.opted_out) == (100, None)
