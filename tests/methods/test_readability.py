"""The grade of a text: its published formula, and syllables as a pronouncing dictionary has them."""

import pytest

from locality.methods.readability import Reading, reading, syllables

# as the CMU Pronouncing Dictionary has them; where it gives two ways, one of them
AS_SAID = {
    1: ("the", "prints", "asked", "help", "need", "used", "through", "closed", "looked", "whose", "care", "lives"),
    2: ("changes", "needed", "doing", "going", "people", "lunches", "simply", "others", "being", "isn't", "places"),
    3: ("pharmacy", "telephone", "hospital", "usual", "area", "idea", "agreement", "medicine", "anyone", "whoever"),
    4: ("information", "anybody", "january", "usually"),
}


def test_the_formula_is_the_published_one():
    # thirteen words, one sentence, 24 syllables: 0.39 * 13 + 11.8 * 24 / 13 - 15.59
    assert round(Reading(words=13, sentences=1, syllables=24).grade, 2) == 11.26
    assert round(reading("The cat sat on the mat.").grade, 2) == -1.45


def test_sentences_words_and_syllables_are_counted_as_one_would():
    found = reading("Ring 111, day or night.\nYou don\u2019t need to book!  Ask: who helps?")

    assert found == Reading(words=12, sentences=4, syllables=12)


@pytest.mark.parametrize(("many", "word"), [(many, word) for many, words in AS_SAID.items() for word in words])
def test_syllables_are_those_of_the_dictionary(many, word):
    assert syllables(word) == many


def test_words_that_are_excused_count_as_easy_ones():
    text = "Neighbourhood pharmacies help."

    found = reading(text, excused=frozenset({"neighbourhood", "pharmacies"}))

    assert (reading(text).syllables, found.syllables) == (7, 5)


def test_no_words_have_no_grade():
    assert reading("111, 999!").grade is None
