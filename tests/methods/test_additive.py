"""A model that is a sum of steps: added up by hand, kept as JSON, applied without the library that learned it."""

import json
import subprocess
import sys
from math import exp, isclose, nan

import numpy as np
import pytest

from locality.base import Refused
from locality.methods.additive import Additive, Asked, Part, foremost, step_words

FALLS = Asked("falls", "falls in the last year", (1.0, 2.0, 4.0))
DEMENTIA = Asked("dementia", "dementia", (1.0,), yes_or_no=True)
MALE = Asked("male", "recorded as male", (1.0,), rises=False)


def model():
    parts = (
        Part(FALLS, (-0.25, 0.5, 1.0, 1.5)),
        Part(DEMENTIA, (-0.125, 0.75)),
        Part(MALE, (-0.0625, 0.0625), unsaid=0.25),
    )
    return Additive(outcome="an admission", base=-2.0, parts=parts, said={"seed": 1})


def columns(**values):
    return {name: np.asarray(of, dtype=float) for name, of in values.items()}


def test_log_odds_are_the_sum_of_the_steps_that_values_lie_in():
    found = model().log_odds(columns(falls=[0, 1, 3, 9], dementia=[0, 0, 1, 1], male=[0, 1, 1, nan]))

    assert found.tolist() == [
        -2 - 0.25 - 0.125 - 0.0625,
        -2 + 0.5 - 0.125 + 0.0625,
        -2 + 1 + 0.75 + 0.0625,
        -2 + 1.5 + 0.75 + 0.25,
    ]


def test_the_reasons_of_a_person_sum_to_their_chance_and_stand_largest_first():
    reasons = model().reasons({"falls": 3.0, "dementia": 1.0, "male": None})

    log_odds = -2.0 + sum(one.adds for one in reasons)
    chance = model().chances(columns(falls=[3], dementia=[1], male=[nan]))[0]
    assert isclose(1 / (1 + exp(-log_odds)), chance, rel_tol=1e-15)
    assert [(one.words, one.adds) for one in reasons] == [
        ("3 falls in the last year", 1.0),
        ("dementia: yes", 0.75),
        ("recorded as male: not known", 0.25),
    ]
    assert reasons[0].times == exp(1.0)


def test_a_model_kept_as_json_is_the_same_model():
    kept = json.loads(json.dumps(model().written()))

    assert Additive.read(kept) == model()
    assert kept["parts"][0]["steps"] == ["0", "1", "2 to 3", "4 or more"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"format": 99}, "no model of form 1"),
        ({"parts": [{"name": "falls"}]}, "damaged"),
        ({"base": "much"}, "damaged"),
        ({"parts": [{**model().written()["parts"][0], "points": [1.0]}]}, "damaged"),
    ],
)
def test_what_is_no_model_is_refused(change, sentence):
    with pytest.raises(Refused, match=sentence):
        Additive.read(model().written() | change)


def test_a_column_that_is_not_there_is_named():
    with pytest.raises(Refused, match="^The model looks at male, which is not there.$"):
        model().log_odds(columns(falls=[0], dementia=[0]))


def test_a_moved_model_moves_every_log_odds_by_the_same_line():
    people = columns(falls=[0, 1, 3, 9], dementia=[0, 0, 1, 1], male=[0, 1, 1, nan])

    moved = model().moved(intercept=0.5, slope=2.0)

    assert moved.log_odds(people).tolist() == (0.5 + 2.0 * model().log_odds(people)).tolist()


def test_the_foremost_reasons_are_those_that_raise_most_and_only_those_that_raise():
    people = columns(falls=[0, 2, 9], dementia=[0, 1, 0], male=[0, 0, 1])

    found = foremost(model(), people, many=2)

    assert found.tolist() == [
        ["", ""],
        ["2 to 3 falls in the last year", "dementia: yes"],
        ["4 or more falls in the last year", "recorded as male: yes"],
    ]


def test_a_yes_or_no_has_two_steps_in_words():
    assert (step_words(DEMENTIA), step_words(MALE)) == (["no", "yes"], ["no", "yes"])


def test_a_model_is_applied_without_the_library_that_learned_it():
    asked = (
        "import sys, json, numpy as np\n"
        "from locality.methods.additive import Additive\n"
        "model = Additive.read(json.loads(sys.argv[1]))\n"
        "rows = {'falls': np.asarray([3.0]), 'dementia': np.asarray([1.0]), 'male': np.asarray([1.0])}\n"
        "print(model.log_odds(rows)[0], any(name.startswith('sklearn') for name in sys.modules))"
    )

    answer = subprocess.run(
        [sys.executable, "-c", asked, json.dumps(model().written())], capture_output=True, text=True, check=True
    )

    assert answer.stdout.split() == ["-0.1875", "False"]
