"""A row's words made comparable: names, dates, addresses and numbers as people write them."""

from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.methods import nhs_number
from locality.methods.linkage.folding import fold
from locality.methods.linkage.names import kin_of, sound_of
from locality.methods.linkage.numbers import nhs
from locality.methods.linkage.sounds import sound, spelt
from locality.methods.linkage.standard import Standard, standard
from tests.methods.linkage.rows import ROWS


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Łukasz O’Hagan-Müller", "lukasz ohagan muller"),
        ("  MARY\u200b  ANN\u202e ", "mary ann"),
        ("ＳＭＩＴＨ", "smith"),
        ("Маrgaret", "margaret"),  # the first two letters are Cyrillic
        ("Маргарита", "margarita"),
        ("Σοφία", "sofia"),
        ("Ionașcu, Văduva", "ionascu vaduva"),
        ("\u0000\u200e", ""),
    ],
)
def test_names_fold_to_plain_letters_whatever_script_or_keyboard_they_came_from(written, folded):
    assert fold(written) == folded


@given(st.text())
def test_folded_words_are_letters_digits_and_single_spaces(text):
    folded = fold(text)

    assert folded == fold(folded)
    assert all(letter.isascii() and (letter.isalnum() or letter == " ") for letter in folded)
    assert "  " not in folded


@pytest.mark.parametrize(
    "spellings",
    [
        "Mohammed Muhammad Mohamed Muhammed Mohammad Mohd",
        "Hussain Husain Hossain Hussein",
        "Chaudhry Choudhury Chowdhury Chaudhary",
        "Akhtar Akthar Akter",
        "Yusuf Yousaf Yousef",
        "Aisha Ayesha Aysha",
        "Kowalski Kowalska Kovalski",
        "Wisniewski Wisniewska",
        "Catherine Katherine Kathryn",
        "Smith Smyth",
        "Begum Begam Begom",
        "Niamh Neve",
    ],
)
def test_spellings_of_one_name_sound_alike(spellings):
    assert len({sound_of(name.lower()) for name in spellings.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("mohammed", "mahmood"), ("hussain", "hassan"), ("jan", "jon"), ("umar", "amir"), ("ali", "ola")]
)
def test_other_names_sound_otherwise(one, other):
    assert sound(one) != sound(other)


@pytest.mark.parametrize(
    ("one", "other"), [("zara", "sara"), ("amina", "amna"), ("sana", "zaina"), ("hussain", "hassan")]
)
def test_names_that_twins_are_given_are_not_taken_for_two_spellings(one, other):
    assert spelt(one) != spelt(other)


@pytest.mark.parametrize(
    ("short", "formal"), [("peg", "margaret"), ("mo", "mohammed"), ("kasia", "katarzyna"), ("liv", "olivia")]
)
def test_a_nickname_is_known_for_the_name_it_is_short_for(short, formal):
    assert formal in kin_of(short)


@pytest.mark.parametrize(
    ("slip", "meant"),
    [("Dabe", "david"), ("Maggiie", "margaret"), ("Ayesja", "aisha"), ("Zeinba", "zainab"), ("Tnia", "christine")],
)
def test_a_slip_in_a_nickname_or_another_spelling_still_means_the_name(slip, meant):
    assert meant in standard({"given_name": slip}).given_meant


@pytest.mark.parametrize("name", ["Dave", "Maggie", "Ayesha", "Jo", "Karsm"])
def test_a_name_that_is_known_is_no_slip_for_another_and_nothing_is_made_of_a_strange_one(name):
    assert standard({"given_name": name}).given_meant == ()


def test_spellings_too_far_apart_for_any_rule_are_one_family_name():
    assert standard({"family_name": "Wu"}).family_spelt == standard({"family_name": "Ng"}).family_spelt


@pytest.mark.parametrize(
    ("said", "given", "doubt"),
    [
        ("Baby of Sarah", None, "given_name newborn"),
        ("Twin one", None, "given_name newborn"),
        ("UNKNOWN", None, "given_name placeholder"),
        ("Test", None, "given_name placeholder"),
        ("Mrs Margaret Anne", "margaret", None),
        ("Abdul Rahman", "abdulrahman", None),
        ("J", "j", None),
        ("Ma1colm", "malcolm", None),
    ],
)
def test_what_is_no_given_name_is_set_aside_and_says_why(said, given, doubt):
    found = standard({"given_name": said})

    assert (found.given, found.doubts) == (given, (doubt,) if doubt else ())


@pytest.mark.parametrize(
    ("said", "families"),
    [
        ("Smith-Jones", ("smithjones", "smith", "jones")),
        ("Al-Hakim", ("alhakim", "hakim")),
        ("ALHAKIM", ("alhakim", "hakim")),
        ("O'Brien", ("obrien",)),
        ("van der Berg", ("vanderberg", "derberg")),
        (["Ashworth", "Pilling"], ("ashworth", "pilling")),
    ],
)
def test_a_family_name_keeps_its_parts_and_former_ones_beside_it(said, families):
    assert standard({"family_name": said}).families == families


@pytest.mark.parametrize(
    "said",
    [
        "1980-03-07",
        "07/03/1980",
        "7.3.1980",
        "7 March 1980",
        "7th Mar 1980",
        "March 7, 1980",
        "19800307",
        date(1980, 3, 7),
    ],
)
def test_a_birth_date_is_read_in_any_common_form(said):
    assert standard({"birth_date": said}).born == "19800307"


@pytest.mark.parametrize(
    ("said", "doubt"),
    [("1980-02-30", "impossible"), ("31/04/1980", "impossible"), ("1780-01-05", "impossible"), ("soon", "unreadable")]
    + [("1900-01-01", "placeholder")],
)
def test_an_impossible_birth_date_is_missing_and_says_why(said, doubt):
    found = standard({"birth_date": said})

    assert (found.born, found.doubts) == (None, (f"birth_date {doubt}",))


def test_the_first_of_january_is_known_as_a_default():
    assert [standard({"birth_date": said}).new_year for said in ("1980-01-01", "1980-01-02")] == [True, False]


def test_day_and_month_are_looked_up_whichever_way_about():
    there, back = standard({"birth_date": "1980-03-07"}), standard({"birth_date": "1980-07-03"})

    assert (there.born_turned, there.born_either) == (back.born, back.born_either)


@pytest.mark.parametrize(
    ("lines", "house", "street"),
    [
        (("12 Mill St", ""), "12", "mill street"),
        (("Flat 3, Oak Court", "12 Mill Street"), "3 12", "mill street"),
        (("Rose Cottage", "14 Lark Rd"), "14", "lark road"),
        (("", "12 Mill Street"), "12", "mill street"),
        (("no fixed abode", ""), None, None),
    ],
)
def test_a_house_is_found_on_whichever_line_it_stands(lines, house, street):
    found = standard({"address_line": lines[0], "address_line2": lines[1]})

    assert (found.house, found.street) == (house, street)


def test_a_postcode_is_compared_whole_by_sector_and_by_district_with_earlier_ones():
    found = standard({"postcode": ["m25 2ab", "BL9 0AA"], "address_line": "12 Mill Street"})

    assert (found.postcodes, found.sectors, found.districts) == (
        ("m252ab", "bl90aa"),
        ("m25 2", "bl9 0"),
        ("m25", "bl9"),
    )
    assert found.homes == ("m252ab 12", "bl90aa 12")


def test_a_postcode_that_stands_for_no_address_is_none():
    assert standard({"postcode": "ZZ99 3VZ"}).postcodes == ()


@pytest.mark.parametrize(
    ("said", "phones"),
    [("+44 7700 900123", ("7700900123",)), ("07700 900 123", ("7700900123",)), ("000 000 0000", ()), ("12", ())],
)
def test_a_telephone_is_its_last_ten_digits(said, phones):
    assert standard({"phone": said}).phones == phones


@pytest.mark.parametrize(
    ("said", "valid", "typed"),
    [
        ("943 476 5919", "9434765919", "9434765919"),
        ("943 476 5910", None, "9434765910"),
        ("0000000000", None, None),
        ("1234567890", None, None),
        ("12", None, None),
    ],
)
def test_an_nhs_number_is_valid_or_mistyped_or_stands_for_none(said, valid, typed):
    found = standard({"nhs_number": said})

    assert (found.nhs, found.nhs_typed) == (valid, typed)


def test_numbers_are_judged_as_the_check_digit_rule_judges_them():
    rng = Random(1)
    numbers = [f"{rng.randrange(10**10):010d}" for _ in range(5000)]

    assert [nhs(one).nhs is not None for one in numbers] == [
        nhs_number.state(one) == nhs_number.NhsNumberState.VALID for one in numbers
    ]


@pytest.mark.parametrize("said", ["", " ", "x", "x" * 200, "Unknown", "\u200b", "0", "ñ" * 300])
def test_no_words_of_any_kind_break_it(said):
    fields = "given_name family_name birth_date sex postcode address_line phone email nhs_number locality eye_colour"

    found = standard(dict.fromkeys(fields.split(), said))

    assert isinstance(found, Standard)
    assert len(found.family or "") <= 40


@given(ROWS)
def test_a_standard_row_is_the_same_whenever_it_is_made(row):
    assert standard(row) == standard(dict(reversed(row.items())))
