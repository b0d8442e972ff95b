"""One person's score, and the words for it."""

from datetime import date

import pytest

from locality.methods.scores.charlson import CHARLSON
from locality.methods.scores.efi import EFI
from locality.methods.scores.hfrs import HFRS
from locality.methods.scores.method import Diagnosis
from locality.methods.scores.scoring import score

ON = date(2026, 2, 28)


def test_a_score_opens_to_its_codes_days_and_senders():
    diagnoses = [
        Diagnosis("F00.1", date(2026, 1, 3), "Fairfield General"),
        Diagnosis("F002", date(2025, 6, 30)),
        Diagnosis("W19X", date(2026, 2, 1)),
        Diagnosis("I10", date(2026, 2, 1)),
    ]

    found = score(method=HFRS, diagnoses=diagnoses, on=ON)

    assert [one.words for one in found.reasons] == [
        "Dementia in Alzheimer's disease (F00.1 on 3 January 2026 from Fairfield General, F002 on 30 June 2025):"
        " 7.1 points",
        "Unspecified fall (W19X on 1 February 2026): 3.2 points",
    ]
    assert (found.value, found.band, found.verified) == (10.3, "intermediate", True)


def test_what_counts_as_something_severer_says_so():
    found = score(method=CHARLSON, diagnoses=[Diagnosis("E10.9"), Diagnosis("E10.2"), Diagnosis("I21")])

    assert [one.words for one in found.reasons] == [
        "Heart attack (myocardial infarction) (I21): 1 point",
        "Diabetes without long-term complications (E10.9): no points of its own, since it counts as diabetes with"
        " long-term complications",
        "Diabetes with long-term complications (E10.2): 2 points",
    ]
    assert sum(one.points for one in found.reasons) == found.value


def test_frailty_looks_two_years_back_and_both_days_are_in():
    days = [date(2024, 2, 27), date(2024, 2, 28), date(2024, 2, 29), ON, date(2026, 3, 1)]

    counts = [score(method=HFRS, diagnoses=[Diagnosis("F00", day)], on=ON).value for day in days]

    assert counts == [0, 7.1, 7.1, 7.1, 0]


def test_two_years_before_a_leap_day_is_the_twenty_eighth():
    found = score(method=HFRS, diagnoses=[Diagnosis("F00", date(2022, 2, 28))], on=date(2024, 2, 29))

    assert found.value == 7.1


def test_charlson_looks_back_without_end():
    found = score(method=CHARLSON, diagnoses=[Diagnosis("I21", date(1987, 5, 1))], on=ON)

    assert found.value == 1


def test_without_a_day_to_score_as_of_every_diagnosis_counts():
    found = score(method=HFRS, diagnoses=[Diagnosis("F00", date(1999, 1, 1)), Diagnosis("W19")])

    assert found.value == 10.3


def test_what_could_not_be_read_or_is_too_old_is_told():
    old, odd, undated = Diagnosis("F00", date(2020, 1, 1)), Diagnosis("dementia", ON), Diagnosis("W19")

    found = score(method=HFRS, diagnoses=[old, odd, undated], on=ON)

    assert (found.value, found.outside) == (0, (old,))
    assert found.unread == ((odd, "not an ICD-10 code"), (undated, "no date"))


def test_a_code_list_of_ones_own_is_taken_as_it_is_written():
    method = EFI.with_codes({"H33..": ("respiratory-disease",), "H33": ("dyspnoea", "falls")})

    found = score(method=method, diagnoses=[Diagnosis(" H33.. "), Diagnosis("H33"), Diagnosis("H33x")])

    assert [one.group.name for one in found.reasons] == ["dyspnoea", "falls", "respiratory-disease"]
    assert [reason for _, reason in found.unread] == ["not in the list of codes"]


def test_a_code_list_may_only_name_what_the_method_has():
    with pytest.raises(KeyError, match="gout"):
        EFI.with_codes({"C34": ("gout",)})
