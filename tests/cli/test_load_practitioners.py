"""Staff in bulk, as somebody types it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

LOCALITY = Path(sys.executable).with_name("locality")
HEAD = "code,given,family,profession,employer,team,role,starts_on,ends_on"


def locality(home: Path, *words: object) -> subprocess.CompletedProcess:
    settings = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.run(
        [LOCALITY, *map(str, words)],
        env=settings | {"LOCALITY_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture(scope="module")
def home() -> Path:
    """A home with its place loaded."""
    folder = Path("/tmp") / f"locality-staff-{os.getpid()}"
    assert locality(folder, "migrate").returncode == 0
    assert locality(folder, "load-pack").returncode == 0
    yield folder
    subprocess.run(["rm", "-rf", folder], check=True)


def test_a_list_is_loaded_and_again_without_a_change(home, tmp_path):
    path = tmp_path / "staff.csv"
    path.write_text(f"{HEAD}\nn1,Bo,Birch,Nurse,RM3,radcliffe,clinician,2026-01-05,\n")

    first, second = locality(home, "load-practitioners", path), locality(home, "load-practitioners", "--json", path)

    assert (first.returncode, first.stderr.strip()) == (0, "1 line read: 1 joined.")
    told = json.loads(second.stdout)
    assert (second.returncode, told["unchanged"], told["refused"]) == (0, 1, [])


def test_refused_lines_are_told_and_the_command_fails(home, tmp_path):
    path = tmp_path / "staff.csv"
    path.write_text(
        f"{HEAD}\nn2,Cy,Elm,GP,P83007,radcliffe,clinician,05/01/2026,\nn3,Di,Fir,GP,P83007,radcliffe,clinician,2026-01-05,\n"
    )

    done, again = locality(home, "load-practitioners", path), locality(home, "load-practitioners", "--json", path)

    assert done.returncode == again.returncode == 1
    assert done.stderr.splitlines() == [
        "2 lines read: 1 joined. 1 line refused.",
        f"  {path} line 2: 'starts_on' must be a day such as 2019-04-01, not '05/01/2026': "
        "write 2026-01-05 for 5 January 2026 or 2026-05-01 for 1 May 2026",
    ]
    (refused,) = json.loads(again.stdout)["refused"]
    assert (refused["line"], refused["code"]) == (2, "n2")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "There is no file"),
        ("code,surname\n", "line 1: 'surname' is not a column here (did you mean 'username'?)"),
    ],
)
def test_bad_input_ends_in_one_clear_sentence(home, tmp_path, content, says):
    path = tmp_path / "staff.csv"
    if content:
        path.write_text(content)

    done = locality(home, "load-practitioners", path)

    assert (done.returncode, done.stdout) == (1, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr
