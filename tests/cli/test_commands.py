"""The commands as a newcomer types them: each in a process of its own, on a home of its own."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from locality.methods.additive import Additive, Part
from locality.population.rules.features import FEATURES
from tests.intake_fixtures import bundle, patient, problem, written

LOCALITY = Path(sys.executable).with_name("locality")
SYNTHEA = Path(__file__).parents[1] / "data" / "synthea" / "bundles.tgz"


def locality(home: Path, *words: object, **env: str) -> subprocess.CompletedProcess:
    settings = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL"}}
    return subprocess.run(
        [LOCALITY, *map(str, words)],
        env=settings | {"LOCALITY_HOME": str(home), "LOCALITY_PASSWORD": "a long enough one"} | env,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """A home as the first three commands leave it."""
    folder = Path("/tmp") / f"locality-cli-{os.getpid()}"
    migrated = locality(folder, "migrate")
    assert (migrated.returncode, migrated.stdout) == (0, ""), migrated.stderr
    assert locality(folder, "load-pack").returncode == 0
    yield folder
    subprocess.run(["rm", "-rf", folder], check=True)


def test_without_a_home_a_command_says_where_it_looked(tmp_path):
    done = locality(Path("/tmp/no-such-home"), "receive", "--source", "trial", "x.json")

    assert (done.returncode, done.stdout) == (1, "")
    assert "/tmp/no-such-home" in done.stderr
    assert not Path("/tmp/no-such-home").exists()


def test_the_pack_loaded_twice_changes_nothing(home):
    assert "nothing to change" in locality(home, "load-pack").stderr


def test_the_first_administrator_is_added_and_not_twice(home):
    words = ("add-practitioner", "sam.first", "--given", "Sam", "--family", "First", "--organisation", "RM3")

    first, second = locality(home, *words), locality(home, *words)

    assert "Sam First can sign in as" in first.stderr or first.returncode == 1
    assert second.returncode == 1
    assert "Traceback" not in first.stderr + second.stderr


def test_receive_prints_exactly_one_line_for_machines(home, tmp_path):
    path = written(tmp_path, "mine.json", bundle(patient(), problem()))

    done = locality(home, "receive", "--source", "trial", "--json", path)

    (line,) = done.stdout.splitlines()
    told = json.loads(line)
    assert (told["received"], told["stored"], told["unchanged"], told["rejected"], told["people"]) == (2, 2, 0, 0, 1)
    assert told["seconds"] > 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--source", "nowhere", "x.json"), "There is no source 'nowhere'."),
        (("--source", "trial", "/no/such/file.json"), "There is no file or folder /no/such/file.json."),
        (("--source", "ambulance", "/etc/hostname"), "is not connected"),
    ],
)
def test_bad_input_ends_in_one_clear_sentence(home, words, says):
    done = locality(home, "receive", *words)

    assert (done.returncode, done.stdout) == (1, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_refresh_prints_exactly_one_line_for_machines_and_goes_on_from_there(home, tmp_path):
    file = written(tmp_path, "bundle.json", bundle(patient(), problem()))
    assert locality(home, "receive", "--source", "trial", file).returncode == 0

    runs = [locality(home, "refresh", "--json", *words) for words in ([], [], ["--full"])]

    told = [json.loads(run.stdout) for run in runs]
    assert [run.stdout.count("\n") for run in runs] == [1, 1, 1]
    assert [(one["kind"], one["touched"] == one["people"]) for one in told] == [
        ("full", True),
        ("changed", False),
        ("full", True),
    ]
    assert {one["rows"]["conditions"] for one in told} == {told[0]["rows"]["conditions"]}
    assert told[0]["read"] == told[0]["used"] + told[0]["said_again"] + told[0]["left_out"] > 0
    assert (home / "copy_key").stat().st_mode & 0o077 == 0


def test_everybody_is_scored_into_a_file_and_one_of_them_is_explained(home, tmp_path):
    file = written(tmp_path, "bundle.json", bundle(patient(), problem()))
    assert locality(home, "receive", "--source", "trial", file).returncode == 0
    assert locality(home, "refresh").returncode == 0
    model = tmp_path / "emergency-admission-2026-11-22-01.json"
    parts = tuple(Part(one, (0.0,) * (len(one.cuts) + 1)) for one in FEATURES.asked)
    model.write_text(json.dumps(Additive(outcome=FEATURES.outcome, base=0.0, parts=parts).written()))
    out = tmp_path / "everybody.csv"

    scored = locality(home, "score-people", "--model", model, "--out", out, "--json")
    person = out.read_text().splitlines()[1].split(",")[0].strip('"')
    one = locality(home, "score-people", "--model", model, "--person", person, "--json")
    neither = locality(home, "score-people", "--model", model)

    assert json.loads(scored.stdout)["people"] == len(out.read_text().splitlines()) - 1 > 0
    assert json.loads(one.stdout)["chance"] == 0.5
    assert (neither.returncode, "Say --out FILE" in neither.stderr) == (1, True)


def test_the_picture_is_drawn_once_a_month_and_anew_when_asked(home):
    assert locality(home, "refresh").returncode == 0

    runs = [locality(home, "picture", "--json", *words) for words in ([], [], ["--again"])]

    told = [json.loads(run.stdout) for run in runs]
    assert [one["nth"] for one in told] == [1, 1, 2]
    assert {one["on"] for one in told} == {told[0]["on"]}
    assert told[0]["on"].endswith("-01")


def test_a_run_killed_half_way_and_run_again_ends_as_if_it_had_run_once(home):
    env = os.environ | {"LOCALITY_HOME": str(home)}
    words = [str(LOCALITY), "receive", "--source", "synthea", "--json", str(SYNTHEA)]
    killed = subprocess.Popen(words, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    time.sleep(2.5)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate()

    again, once_more = locality(home, *words[1:]), locality(home, *words[1:])

    told, last = json.loads(again.stdout), json.loads(once_more.stdout)
    assert (told["received"], told["stored"] + told["unchanged"], told["rejected"]) == (5134, 5134, 0)
    assert (last["stored"], last["unchanged"], last["people"]) == (0, 5134, 28)
