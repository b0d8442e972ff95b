"""The hazard log claims nothing that does not hold: every test it names is there, and what is controlled is tested."""

import ast
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
SAFETY = ROOT / "docs" / "safety"
HAZARDS = yaml.safe_load((SAFETY / "hazards.yaml").read_text(encoding="utf-8"))
KEYS = [
    *("id", "hazard", "cause", "effect", "severity", "likelihood_before", "likelihood_after", "controls", "tests"),
    *("owner", "status", "missing"),
]
SEVERITIES = ("Catastrophic", "Major", "Considerable", "Significant", "Minor")
LIKELIHOODS = ("very low", "low", "medium", "high", "very high")

each_hazard = pytest.mark.parametrize("hazard", HAZARDS, ids=[one["id"] for one in HAZARDS])


def faults(hazard: dict) -> list[str]:
    """What the log may not say of a hazard."""
    found = [f"no test {one}" for one in hazard["tests"] if not is_there(one)]
    if not hazard["controls"]:
        found.append("no control")
    if hazard["status"] not in ("controlled", "partly", "open"):
        found.append("unknown status")
    if hazard["status"] in ("controlled", "partly") and not hazard["tests"]:
        found.append(f"{hazard['status']} without a test")
    if hazard["status"] != "controlled" and not hazard["missing"]:
        found.append("does not say what is missing")
    if hazard["status"] == "controlled" and hazard["missing"]:
        found.append("controlled, and something is missing")
    if not hazard["owner"]:
        found.append("no owner")
    return found


def is_there(named: str) -> bool:
    path, _, name = named.partition("::")
    if not (ROOT / path).is_file():
        return False
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and not is_skipped(node)}


def is_skipped(test: ast.FunctionDef) -> bool:
    return any("skip" in ast.unparse(mark) or "xfail" in ast.unparse(mark) for mark in test.decorator_list)


@each_hazard
def test_a_hazard_names_tests_that_exist_controls_and_an_owner(hazard):
    assert faults(hazard) == []


@each_hazard
def test_a_hazard_says_all_that_the_log_asks_in_the_words_of_the_scale(hazard):
    assert list(hazard) == KEYS
    assert hazard["severity"] in SEVERITIES
    assert {hazard["likelihood_before"], hazard["likelihood_after"]} <= set(LIKELIHOODS)
    assert LIKELIHOODS.index(hazard["likelihood_after"]) <= LIKELIHOODS.index(hazard["likelihood_before"])


def test_no_hazard_of_the_fields_own_log_is_left_out():
    ids = [one["id"] for one in HAZARDS]

    assert ids[:36] == [f"H{number}" for number in range(1, 37)]
    assert len(set(ids)) == len(ids)


def test_what_is_open_claims_no_lower_likelihood():
    claimed = [
        one["id"] for one in HAZARDS if one["status"] == "open" and one["likelihood_after"] != one["likelihood_before"]
    ]

    assert claimed == []


HERE = "tests/test_safety.py::test_no_hazard_of_the_fields_own_log_is_left_out"
WELL = {"tests": [HERE], "controls": ["one"], "status": "controlled", "missing": "", "owner": "somebody"}


@pytest.mark.parametrize(
    ("spoiled", "fault"),
    [
        ({}, []),
        ({"tests": ["tests/test_safety.py::test_of_nothing"]}, ["no test tests/test_safety.py::test_of_nothing"]),
        ({"tests": ["tests/nowhere.py::test_x"]}, ["no test tests/nowhere.py::test_x"]),
        ({"tests": []}, ["controlled without a test"]),
        ({"controls": []}, ["no control"]),
        ({"status": "partly"}, ["does not say what is missing"]),
        ({"status": "done"}, ["unknown status", "does not say what is missing"]),
        ({"missing": "much"}, ["controlled, and something is missing"]),
        ({"owner": ""}, ["no owner"]),
    ],
)
def test_a_log_that_claims_too_much_is_told(spoiled, fault):
    assert faults(WELL | spoiled) == fault


def test_a_skipped_test_is_no_test():
    skipped = ast.parse("@pytest.mark.skip\ndef test_x(): ...").body[0]

    assert (is_skipped(skipped), is_there(HERE)) == (True, True)


@pytest.mark.parametrize("name", ["README.md", "dpia.md"])
def test_the_safety_file_says_that_people_must_accept_it(name):
    words = " ".join((SAFETY / name).read_text(encoding="utf-8").split())

    assert "named Clinical Safety Officer" in words
    assert "does not claim compliance with DCB0129" in words


def test_every_hazard_that_the_assessment_names_is_in_the_log():
    words = (SAFETY / "dpia.md").read_text(encoding="utf-8")
    named = {word.strip("|,. ") for word in words.replace("|", " ").split() if word.strip("|,. ")[1:].isdigit()}

    assert {one for one in named if one[:1] in "HL"} - {one["id"] for one in HAZARDS} == set()
