"""What sources get wrong, and what a profile of errors may say."""

import tomllib
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

from locality.base import Refused
from locality.demo.borough import read_errors, write_borough
from locality.demo.borough.slips import KINDS, SOURCES, USUAL
from tests.demo.borough.reading import ON, SEED, prepared, read, rows, small

FHIR = {"gp", "acute", "community", "mental-health", "social-care", "out-of-hours", "children"}


def profile(tmp_path, text: str):
    path = tmp_path / "errors.toml"
    path.write_text(text)
    return path


def patients(written) -> dict[tuple[str, str], object]:
    return {
        (source, one.local_id): one.sent for source, one in read(written) if one.type == "Patient" and source in FHIR
    }


def test_without_errors_every_source_tells_the_truth(tmp_path):
    errors = read_errors(profile(tmp_path, ""))

    written = write_borough(tmp_path / "b", people=150, seed=SEED, on=ON, depth="light", errors=errors)

    truth = {row["person"]: row for row in rows(written.people)}
    for row in rows(written.labels):
        assert row["slips"] == ""
    told = patients(written)
    for row in rows(written.labels):
        if row["source"] in FHIR:
            sent, true = told[row["source"], row["local_id"]], truth[row["person"]]
            assert (sent.family, sent.given, sent.birth_on.isoformat(), sent.sex) == (
                true["family"], true["given"], true["born"], true["sex"],
            )  # fmt: skip
            assert ("https://fhir.nhs.uk/Id/nhs-number", true["nhs_number"]) in sent.identifiers


def test_a_profile_that_nobody_has_seen_is_followed(tmp_path):
    errors = read_errors(profile(tmp_path, "[number_missing]\nrates = { acute = 1.0 }\n"))

    written = write_borough(tmp_path / "b", people=150, seed=SEED, on=ON, depth="light", errors=errors)

    told = patients(written)
    with_number = {
        source: {len(sent.identifiers) for (one, _), sent in told.items() if one == source}
        for source in ("acute", "gp")
    }
    assert with_number == {"acute": {1}, "gp": {2}}


def test_a_group_may_be_wronged_more_often_than_others(tmp_path):
    text = "[number_missing]\nrates = { gp = 0.0001 }\ntimes = { asian = 1000 }\n"
    errors = read_errors(profile(tmp_path, text))

    assert errors.chances("gp", frozenset({"asian"})) == {"number_missing": pytest.approx(0.1)}
    assert errors.chances("gp", frozenset({"white"})) == {"number_missing": pytest.approx(0.0001)}
    assert errors.chances("acute", frozenset({"asian"})) == {}


def test_somebody_written_down_twice_has_two_numbers_at_one_source_and_one_person(tmp_path):
    errors = read_errors(profile(tmp_path, "[written_down_twice]\nrates = { acute = 1.0 }\n"))

    written = write_borough(tmp_path / "b", people=150, seed=SEED, on=ON, depth="light", errors=errors)

    at_the_hospital = [row for row in rows(written.labels) if row["source"] == "acute"]
    assert len(at_the_hospital) == 2 * len({row["person"] for row in at_the_hospital})
    assert len({row["local_id"] for row in at_the_hospital}) == len(at_the_hospital)


@cache
def without_errors() -> dict[tuple[str, str], object]:
    folder = Path(mkdtemp(prefix="borough-"))
    errors = read_errors(profile(folder, ""))
    return patients(write_borough(folder / "b", people=150, seed=SEED, on=ON, depth="light", errors=errors))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "baby_name"])
def test_each_slip_changes_what_is_told_and_is_labelled(kind, tmp_path):
    sources = ", ".join(f"{source} = 1.0" for source in SOURCES)
    errors = read_errors(profile(tmp_path, f"[{kind}]\nrates = {{ {sources} }}\n"))

    written = write_borough(tmp_path / "b", people=150, seed=SEED, on=ON, depth="light", errors=errors)

    labelled = [row for row in rows(written.labels) if kind in row["slips"].split()]
    clean = without_errors()
    told = patients(written)
    changed = {key for key, sent in told.items() if key not in clean or sent != clean[key]}
    assert labelled
    # ethnic categories are not among what joins people
    if not kind.startswith("ethnicity"):
        assert {(row["source"], row["local_id"]) for row in labelled if row["source"] in FHIR} == changed


def test_the_usual_profile_knows_every_kind_and_says_where_each_is_from():
    said = tomllib.loads(USUAL.read_text())

    assert set(said) == set(KINDS)
    assert [kind for kind, one in said.items() if not one.get("origin") and not one.get("assumed")] == []


def test_slips_are_made_about_as_often_as_said():
    labels = [row for row in rows(small().labels) if row["source"] == "acute"]
    dropped = sum("second_name_dropped" in row["slips"] for row in labels)

    two_names = [one for one in prepared()["gp"] if one.type == "Patient" and " " in one.sent.given]
    share_of_two = len(two_names) / sum(one.type == "Patient" for one in prepared()["gp"])
    assert dropped / len(labels) == pytest.approx(0.45 * share_of_two, abs=0.1)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[nicknames]\n", "'nicknames' is no kind of error: write one of number_missing"),
        ("[nickname]\nrates = { GP = 0.1 }\n", "'GP' is no rate: write one of gp, acute"),
        ("[nickname]\nrates = { gp = 1.5 }\n", "gp must be a number between 0 and 1, and is 1.5"),
        ("[nickname]\nrates = { gp = true }\n", "gp must be a number between 0 and 1, and is True"),
        ("[nickname]\ntimes = { elderly = 2 }\n", "'elderly' is no time: write one of white"),
        ("[nickname]\nrates = 0.1\n", "rates must be a table"),
        ("nickname = 0.1\n", "nickname must be a table"),
        ("[nickname\n", "cannot be read as TOML"),
    ],
)
def test_a_profile_with_a_fault_is_refused_with_what_to_write_instead(text, why, tmp_path):
    with pytest.raises(Refused, match=why):
        read_errors(profile(tmp_path, text))


def test_a_profile_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(Refused, match="There is no file"):
        read_errors(tmp_path / "nothing.toml")
