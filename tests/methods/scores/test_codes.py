"""A diagnosis code read, however hospitals write it."""

import pytest

from locality.methods.scores.codes import Read, as_icd10, as_name


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("I509", "I509"),
        ("I50.9", "I509"),
        ("i50.9", "I509"),
        ("  I50.9 ", "I509"),
        ("\u00a0I50.9\ufeff", "I509"),
        ("I509D", "I509"),
        ("I50.9A", "I509"),
        ("I50.9 A", "I509"),
        ("I50.9+", "I509"),
        ("I50.9*", "I509"),
        ("I50.9\u2020", "I509"),
        ("I509-", "I509"),
        ("I50", "I50"),
        ("I50D", "I50"),
        ("I50.", "I50"),
        ("I50.-", "I50"),
        ("I10X", "I10X"),
        ("S72.00", "S7200"),
        ("S72.001A", "S72001"),
        ("M16 9", "M169"),
        ("C7A.1", "C7A1"),
    ],
)
def test_a_code_is_read_without_its_dot_and_endings(said, code):
    assert as_icd10(said) == Read(code)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("", "no code"),
        ("  ", "no code"),
        ("I50.9, E11.9", "several codes in one cell"),
        ("I50.9;E11.9", "several codes in one cell"),
        ("4280", "not an ICD-10 code"),
        ("84114007", "not an ICD-10 code"),
        ("heart failure", "not an ICD-10 code"),
        ("I5", "not an ICD-10 code"),
        ("IO9", "not an ICD-10 code"),
        ("I5.09", "not an ICD-10 code"),
        ("I50.99999", "not an ICD-10 code"),
        ("NULL", "not an ICD-10 code"),
    ],
)
def test_what_is_no_code_is_refused_with_a_reason(said, reason):
    assert as_icd10(said) == Read(None, reason)


def test_a_name_is_read_whatever_its_capitals_and_blanks():
    assert [as_name(said) for said in ("Heart failure", "heart_failure", " HEART-FAILURE ")] == ["heart-failure"] * 3
