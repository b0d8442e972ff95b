"""What the machine may do with a pair, whatever the weight says."""

import pytest

from locality.methods.linkage.comparing import levels
from locality.methods.linkage.judging import contradicts, judge
from locality.methods.linkage.model import default_model
from locality.methods.linkage.standard import standard
from tests.methods.linkage.rows import number

PEGGY = {
    "given_name": "Margaret",
    "family_name": "Ashworth",
    "birth_date": "1941-05-07",
    "sex": "female",
    "postcode": "M25 2AB",
    "address_line": "12 Mill Street",
    "phone": "07700 900123",
    "nhs_number": number(1),
}
NO_NUMBER = {"nhs_number": None}


def judged(**other):
    a, b = standard(PEGGY | NO_NUMBER if other.pop("neither", False) else PEGGY), standard(PEGGY | other)
    model = default_model()
    agreed = levels(a, b)
    return judge(agreed, model.probability(model.weight(agreed, a, b)))


def words(*names):
    said = {one.name: one.words for one in default_model().settings.cautions}
    return tuple(said[name] for name in names)


def test_one_number_one_birth_date_and_one_name_is_certain():
    found = judged()

    assert (found.state, found.cautions, found.certain) == ("match", (), True)


def test_without_a_number_the_rest_is_a_match_that_is_not_certain():
    found = judged(**NO_NUMBER)

    assert (found.state, found.certain) == ("match", False)


def test_a_nickname_and_a_married_name_are_no_obstacle_to_a_shared_number():
    found = judged(given_name="Peg", family_name="Pilling")

    assert (found.state, found.certain) == ("match", True)


def test_two_valid_numbers_are_never_joined_by_the_machine():
    found = judged(nhs_number=number(2))

    assert (found.state, found.cautions) == ("possible", words("two numbers"))


def test_a_twin_is_never_asked_about():
    assert judged(given_name="Dorothy", **NO_NUMBER).state == "low"


def test_a_twin_with_a_like_name_is_asked_about():
    found = judged(given_name="Marianne", **NO_NUMBER)

    assert (found.state, found.cautions) == ("possible", words("twins"))


def test_father_and_son_of_one_name_are_asked_about():
    found = judged(birth_date="1971-05-07", **NO_NUMBER)

    assert found.state == "possible"
    assert set(words("generation")) <= set(found.cautions)


def test_somebody_elses_number_is_asked_about():
    found = judged(given_name="Harold", birth_date="1939-11-20", sex="male")

    assert (found.state, found.certain) == ("possible", False)


@pytest.mark.parametrize("given_name", ["Baby", "", "M"])
def test_a_newborn_or_an_initial_is_asked_about(given_name):
    assert judged(given_name=given_name, **NO_NUMBER).state == "possible"


def test_nobody_learns_of_an_earlier_identity_that_has_a_number_of_its_own():
    found = judged(given_name="Mark", sex="male", nhs_number=number(3))

    assert found.state == "low"


def test_given_names_or_birth_dates_that_differ_contradict():
    one = standard(PEGGY)
    others = ({"given_name": "Dorothy"}, {"birth_date": "1971-11-20"}, {"family_name": "Pilling"})

    assert [contradicts(levels(one, standard(PEGGY | other))) for other in others] == [True, True, False]


def test_cautions_are_words_only_where_there_is_something_to_ask():
    assert judged(given_name="Dorothy", **NO_NUMBER).cautions == ()


MOVED = {"postcode": "BL8 1LJ", "address_line": "3 Lark Road", "phone": None}
OFTEN = {"given_name": "Susan", "family_name": "Holt"}


def asked_at(probability, **other):
    one = PEGGY | OFTEN | NO_NUMBER
    return judge(levels(standard(one), standard(one | MOVED | other)), probability).state


def test_one_slip_in_a_birth_date_is_asked_about_from_one_in_five_where_whole_names_agree():
    slipped = {"birth_date": "1941-05-17"}

    assert [asked_at(chance, **slipped) for chance in (0.19, 0.2, 0.84, 0.96)] == ["low", *["possible"] * 3]


def test_two_spellings_of_somebody_born_on_one_day_are_asked_about_from_one_in_five():
    assert [asked_at(chance, given_name="Suzan") for chance in (0.19, 0.2)] == ["low", "possible"]


def test_what_is_unlikely_is_not_asked_about_where_more_than_a_slip_speaks_against_it():
    others = ({"sex": "male"}, {"family_name": "Pilling"}, {"birth_date": "1961-05-07"}, {"given_name": "Sharon"})

    assert {asked_at(0.84, **({"birth_date": "1941-05-17"} | other)) for other in others} == {"low"}
