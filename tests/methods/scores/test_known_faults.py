"""What other implementations of these scores have got wrong, each tried on ours."""

import pytest

from locality.methods.scores.charlson import CHARLSON, CHARLSON_QUAN, CHARLSON_SHMI
from locality.methods.scores.elixhauser import ELIXHAUSER
from locality.methods.scores.hfrs import HFRS
from locality.methods.scores.method import Diagnosis
from locality.methods.scores.scoring import score


def of(method, *codes):
    return score(method=method, diagnoses=[Diagnosis(code) for code in codes])


def counted(found):
    return [one.group.name for one in found.reasons if one.instead is None]


def test_a_code_said_again_counts_once():
    assert of(HFRS, "F00", "F00", "F001", "f00.9").value == 7.1


def test_two_codes_of_one_illness_count_once():
    assert of(CHARLSON, "I21.1", "I21.2", "I252").value == 1


def test_dementia_and_a_fall_are_ten_point_three():
    assert of(HFRS, "F00", "W19").value == 10.3


@pytest.mark.parametrize(
    ("codes", "value", "band"),
    [
        (("N39", "R55"), 5.0, "intermediate"),  # 3.2 + 1.8: exactly 5
        (("F00", "N39", "S00", "J96"), 15.0, "intermediate"),  # exactly 15
        (("N39", "L89"), 4.9, "low"),
        (("F00", "N39", "S00", "L97"), 15.1, "high"),
        ((), 0.0, "low"),
    ],
)
def test_the_ends_of_the_bands_of_frailty(codes, value, band):
    found = of(HFRS, *codes)

    assert (found.value, found.band) == (value, band)


def test_tenths_add_up_exactly():
    # added as floating numbers, in this order, these nine are 15.000000000000002 and so "high"
    nine = ("R40", "Z93", "R45", "J18", "J96", "R54", "E87", "Z60", "S32")

    found = of(HFRS, *nine)

    assert (found.value, found.band) == (15.0, "intermediate")


def test_a_heart_weakened_by_alcohol_is_in_two_groups():
    assert counted(of(ELIXHAUSER, "I42.6")) == ["heart-failure", "alcohol"]


def test_psychosis_with_depression_is_in_two_groups():
    assert counted(of(ELIXHAUSER, "F31.5")) == ["psychosis", "depression"]


@pytest.mark.parametrize(
    ("code", "groups"),
    [
        ("I110", ["heart-failure", "hypertension-complicated"]),
        ("I120", ["hypertension-complicated", "kidney"]),
        ("I130", ["heart-failure", "hypertension-complicated"]),
        ("I131", ["hypertension-complicated", "kidney"]),
        ("I132", ["heart-failure", "hypertension-complicated"]),
        ("I278", ["lung-circulation", "lung"]),
        ("G114", ["paralysis", "other-neurological"]),
        ("K700", ["liver", "alcohol"]),
        ("K703", ["liver", "alcohol"]),
        ("K709", ["liver", "alcohol"]),
        ("F204", ["psychosis", "depression"]),
    ],
)
def test_a_code_within_a_wider_one_is_in_both_groups(code, groups):
    assert counted(of(ELIXHAUSER, code)) == groups


def test_aids_has_four_points_by_quan_and_six_by_charlson():
    assert (of(CHARLSON_QUAN, "B20").value, of(CHARLSON, "B20").value) == (4, 6)


@pytest.mark.parametrize(
    ("method", "mild", "severe", "value"),
    [
        (CHARLSON, "K73", "K721", 3),
        (CHARLSON, "E109", "E102", 2),
        (CHARLSON, "C509", "C780", 6),
        (CHARLSON_QUAN, "K73", "K721", 4),
        (CHARLSON_QUAN, "E109", "E102", 1),
        (CHARLSON_QUAN, "C509", "C780", 6),
        (CHARLSON_SHMI, "K73", "K721", 18),
        (CHARLSON_SHMI, "C509", "C780", 14),
        (ELIXHAUSER, "C509", "C780", 12),
        (ELIXHAUSER, "I10", "I119", 0),
        (ELIXHAUSER, "E109", "E102", 0),
    ],
    ids=lambda value: getattr(value, "name", value),
)
@pytest.mark.parametrize("turned", [False, True])
def test_the_severer_form_counts_instead_of_the_milder(method, mild, severe, value, turned):
    found = of(method, *((severe, mild) if turned else (mild, severe)))

    assert (found.value, len(counted(found)), len(found.reasons)) == (value, 1, 2)


def test_complicated_high_blood_pressure_leaves_no_uncomplicated_beside_it():
    assert counted(of(ELIXHAUSER, "I10", "I11.9")) == ["hypertension-complicated"]


def test_a_sum_below_nothing_is_nothing_in_the_mortality_indicator_only():
    assert of(CHARLSON_SHMI, "E102").value == 0
    assert of(CHARLSON_SHMI, "E102", "E109").value == 0
    # one library raises these to 0 as well, which loses who is below it
    assert of(ELIXHAUSER, "E660", "F110").value == -11


def test_no_points_for_age_are_added():
    assert (of(CHARLSON).value, of(CHARLSON).band) == (0, "0")


def test_codes_that_only_begin_alike_are_not_taken():
    # hypertension and diabetes in pregnancy, a family's history, skin cancer
    assert counted(of(CHARLSON, "O10", "O24", "Z80", "C44", "E15", "I20", "K29")) == []
