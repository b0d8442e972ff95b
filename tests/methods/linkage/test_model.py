"""A model is written and read, says what it was trained on, and explains itself."""

import json
import math

import pytest

from locality.base import Refused
from locality.methods.linkage.comparing import levels
from locality.methods.linkage.model import DEFAULT, Model, default_model
from locality.methods.linkage.settings import settings
from locality.methods.linkage.standard import standard
from tests.methods.linkage.rows import borough


def test_a_model_is_read_as_it_was_written():
    written = json.loads(json.dumps(default_model().written()))

    assert Model.read(written).written() == written


def test_the_shipped_model_is_of_the_settings_in_use_dated_and_says_what_it_learned_from():
    said = json.loads(DEFAULT.read_text(encoding="utf-8"))

    assert said["settings_version"] == settings().version
    assert said["trained_on"] > 200_000
    assert len(said["trained_at"]) == len("2026-11-22")
    assert "demo borough" in said["source"]


def test_a_model_of_other_settings_is_refused_in_words():
    with pytest.raises(Refused, match="train a new one"):
        Model.read(default_model().written() | {"settings_version": "2001-01-01"})


def test_the_steps_of_the_evidence_add_up_to_the_weight():
    model = default_model()
    told = [standard(row) for row in borough(12)]

    for a in told:
        agreed = levels(told[0], a)
        steps = model.steps(agreed, told[0], a)
        assert math.fsum(step.bits for step in steps) == pytest.approx(model.weight(agreed, told[0], a), abs=1e-9)


def test_the_evidence_is_told_in_words():
    model = default_model()
    a = standard({"given_name": "Peg", "family_name": "Ashworth", "birth_date": "1941-05-07"})
    b = standard({"given_name": "Margaret", "family_name": "Ashworth", "birth_date": "1941-07-05"})

    steps = model.steps(levels(a, b), a, b)

    assert [(step.comparison, step.words) for step in steps] == [
        ("beforehand", "before anything is compared"),
        ("given name", "a name and what it is short for"),
        ("family name", "the same family name"),
        ("family name", "and it is rarer than most"),
        ("birth date", "day and month in each other's place"),
    ]


def test_agreement_on_a_rare_name_weighs_more_than_on_a_common_one():
    model = default_model()
    common, rare = (standard({"family_name": name}) for name in ("Khan", "Zzyzxwick"))

    weights = [model.weight(levels(one, one), one, one) for one in (common, rare)]

    assert weights[0] < weights[1]


def test_a_name_never_seen_counts_as_rare_and_no_rarer():
    model = default_model()
    never, hardly = standard({"family_name": "Zzyzxwick"}), standard({"family_name": "Qwertyuiop"})

    assert model.frequency("family", never) == model.frequency("family", hardly) == model.settings.rare


@pytest.mark.parametrize(("weight", "probability"), [(0.0, 0.5), (1.0, 2 / 3), (-2000.0, 0.0), (2000.0, 1.0)])
def test_a_weight_of_so_many_bits_is_a_probability(weight, probability):
    assert Model.probability(weight) == pytest.approx(probability)


def test_every_level_that_agrees_more_weighs_more_in_the_shipped_model():
    model = default_model()
    strongest = {"given": "same", "family": "same", "born": "same", "home": "same", "number": "same", "sex": "same"}

    for name, best in strongest.items():
        one = next(one for one in model.settings.comparisons if one.name == name)
        bits = {
            level.name: math.log2(model.m[name][level.value] / model.u[name][level.value])
            for level in one.levels
            if level.value >= 0
        }
        assert bits[best] > 0 > bits["differs"]
