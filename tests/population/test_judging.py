"""What is told of a model beside it: nobody is picked out by it."""

import json
import random

import numpy as np
import pytest

from locality.methods.label_bias import TOO_FEW, Finding
from locality.methods.small_numbers import HIDDEN_TO
from locality.population.rules.judging import biases, judged


def place(seed, *, people=600):
    rng = np.random.default_rng(seed)
    chances = rng.uniform(0.01, 0.6, people)
    happened = (rng.random(people) < chances * rng.choice([0.2, 1.0])).astype(float)
    draw = random.Random(seed)
    weights = [draw.random() ** 4 + 0.005 for _ in range(6)]
    groups = {name: np.array(draw.choices("ABCDEF", weights, k=people)) for name in ("neighbourhood", "ethnicity")}
    return {"chances": chances, "happened": happened, "groups": groups}


def counts(told):
    """Every whole number anywhere in what is told, by its name, but the sizes of lists, which are ours."""
    if isinstance(told, dict):
        for name, one in told.items():
            if isinstance(one, int) and name != "size":
                yield name, one
            yield from counts(one)
    if isinstance(told, list):
        for one in told:
            yield from counts(one)


@pytest.mark.parametrize("seed", range(20))
def test_no_count_of_one_to_seven_and_none_unrounded_is_told(seed):
    told = judged(**place(seed))

    found = list(counts(json.loads(json.dumps(told))))
    # how many are expected is nobody in particular
    assert [one for one in found if one[1] % 5 or 0 < one[1] <= HIDDEN_TO and one[0] != "expected"] == []
    assert {name for name, _ in found} >= {"people", "observed", "expected", "count", "of"}


def test_a_group_of_few_with_the_outcome_is_left_out_with_its_people_counted():
    happened = np.array([1.0] * 3 + [0.0] * 97 + [1.0] * 100 + [0.0] * 100)
    groups = {"sex": np.array(["few"] * 100 + ["many"] * 100 + ["more"] * 100)}

    told = judged(chances=np.linspace(0.1, 0.9, 300), happened=happened, groups=groups)["by"][0]

    assert "few" not in {one["group"] for one in told["groups"]}
    assert told["left_out"] >= 100


def test_a_share_of_a_list_is_of_rounded_counts_and_few_are_not_told():
    happened = np.array([1.0] * 12 + [0.0] * 13 + [1.0] * 4 + [0.0] * 171)

    told = judged(chances=np.linspace(0.9, 0.1, 200), happened=happened, groups={})["lists"]

    assert [(one["size"], one["predictive"]["count"], one["predictive"]["of"]) for one in told[:2]] == [
        (25, 10, 25),
        (50, 15, 50),
    ]
    # 4 of 16 are not among the first 25
    assert (told[0]["captured"]["value"], told[1]["captured"]["value"]) == (None, 1.0)


def test_of_a_group_with_few_labels_the_verdict_alone_is_told():
    few = Finding("few", 40, 4, 5.1, None, None, TOO_FEW)
    many = [Finding(name, 900, 300, 303.3, None, None, TOO_FEW) for name in ("one", "two", "three")]

    told = biases("ethnicity", [few, *many])["groups"]

    assert [(one["group"], one["people"], one["counted"], one["expected"]) for one in told][:2] == [
        ("few", None, None, None),
        ("one", 900, 300, 305),
    ]
    assert told[0]["words"] == few.words
