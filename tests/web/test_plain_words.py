"""Our own words to people are easy to read: each page, each letter, and no sentence by itself is hard."""

import pytest

from benchmarks.reading import (
    EXCUSED,
    LONG_WORDS,
    MOST_GRADE,
    MOST_OF_ONE,
    PAGES,
    everything,
    letter,
    said_in_code,
    sentences,
)
from locality.methods.readability import reading

MEASURED = list(everything())


@pytest.mark.parametrize("read", MEASURED, ids=[one.name for one in MEASURED])
def test_a_reader_of_eleven_can_read_it(read):
    too_long = read.hardest if len(read.hardest.split()) >= LONG_WORDS and read.hardest_grade > MOST_OF_ONE else ""

    assert (read.grade <= MOST_GRADE, too_long) == (True, "")


def test_every_page_of_ones_own_and_for_everybody_is_measured():
    pages = {path.relative_to(PAGES).as_posix() for name in ("me", "public") for path in PAGES.glob(f"{name}/*.jinja")}
    without_a_sentence = {"public/base.jinja"}

    assert pages - {one.name for one in MEASURED} == without_a_sentence


def test_words_that_only_those_who_work_here_use_are_found_hard():
    page = "<p>Multidisciplinary coordination of your intermediate care provision requires authorisation.</p>"

    assert reading("\n".join(sentences(page)), excused=EXCUSED).grade > MOST_GRADE


def test_both_ways_of_a_page_are_read_and_what_is_no_word_is_not():
    page = """<h1 class="one two three four five">{{ answer }} is here for you now</h1>
    {% if a %}<p>We wrote to you last week.</p>{% else %}<p>Nobody wrote to you last week.</p>{% endif %}
    {{ empty_state("Nothing is written down here yet.", url("help")) }}
    {{ field(form, "why", "Why?", hint="Tell us what you would like") }}
    {# What nobody reads is not read here. #}
    <p>{{ "They" if acting else "You" }} said {{ 3 | counted("thing") }} to us</p>"""

    assert sentences(page) == [
        "Ann is here for you now",
        "We wrote to you last week.",
        "Nothing is written down here yet.",
        "Tell us what you would like",
        "You said three things to us",
        "Nobody wrote to you last week.",
    ]


def test_a_letter_is_read_with_its_gaps_filled_and_code_without_what_it_says_of_itself():
    code = '"""This is said to us and not to you."""\nWORDS = f"We will ring you {when} at home"\n'

    assert letter("Dear {name},\n\nWe come on [day and time].") == "Dear Ann,.\nWe come on Ann."
    assert said_in_code(code) == ["We will ring you Ann at home"]
