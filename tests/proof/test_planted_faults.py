"""Guards are taken away one at a time, in a copy of the code: every time, a test must turn red."""

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import locality
from tests.proof.faults import FAULTS, Fault, stale

PACKAGE = Path(locality.__file__).parent
REPOSITORY = Path(__file__).parents[2]
SEED = int(os.environ.get("PROOF_SEED", random.randrange(10**6)))  # noqa: S311 -- printed, so that it can be repeated
COUNT = int(os.environ.get("PROOF_FAULTS", "30"))
FAILED = 1  # https://docs.pytest.org/en/stable/reference/exit-codes.html: tests ran, and some failed


def test_every_fault_to_plant_still_finds_its_place():
    assert stale(PACKAGE) == []


def test_there_are_more_faults_to_choose_from_than_are_planted_at_once():
    assert (len(FAULTS) >= 60, len({one.name for one in FAULTS})) == (True, len(FAULTS))


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("planted")
    for part in ("locality", "tests"):
        shutil.copytree(REPOSITORY / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(REPOSITORY / "pyproject.toml", folder)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def judged(copy: Path, tests: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    """These tests, in a process of their own, with the second wall down."""
    here = {"PYTHONPATH": str(copy), "LOCALITY_HOME": str(copy / "home"), "PROOF_WALL": "down"}
    asked = [sys.executable, "-m", "pytest", "-q", "-x", "-m", "not prove and not browser", "-p", "no:cacheprovider"]
    asked += ["--show-capture=no", "--tb=line", *tests]
    return subprocess.run(asked, cwd=copy, env=os.environ | here, capture_output=True, text=True, check=False)


@pytest.mark.prove
def test_without_a_fault_these_tests_are_green(copy):
    tests = dict.fromkeys(test for one in FAULTS for asked in one.tests for test in asked)

    found = judged(copy, tuple(tests))

    assert found.returncode == 0, found.stdout[-3000:]


@pytest.mark.prove
def test_no_planted_fault_stays_green(copy):
    chosen = random.Random(SEED).sample(FAULTS, min(COUNT, len(FAULTS)))  # noqa: S311 -- repeatable
    print(f"PROOF_SEED={SEED}, {len(chosen)} of {len(FAULTS)} faults")  # noqa: T201 -- how to repeat it

    green = [one.name for one in chosen if not turns_red(copy, one)]

    assert green == [], f"PROOF_SEED={SEED}"


def turns_red(copy: Path, fault: Fault) -> bool:
    """Plant one fault, ask its tests, take it out again; a fault that does not even load proves nothing."""
    file = copy / "locality" / fault.file
    kept = file.read_text("utf-8")
    file.write_text(fault.planted(kept), "utf-8")
    try:
        red = any(_fails(copy, fault, asked) for asked in fault.tests)
    finally:
        file.write_text(kept, "utf-8")
    print(f"{'red  ' if red else 'GREEN'} {fault.name}", flush=True)  # noqa: T201
    return red


def _fails(copy: Path, fault: Fault, asked: tuple[str, ...]) -> bool:
    found = judged(copy, asked)
    last = found.stdout.splitlines()[-1] if found.stdout else "error"
    broke = found.returncode not in (0, FAILED) or " error" in last
    assert not broke, f"{fault.name}: {found.stdout[-2000:]}{found.stderr[-2000:]}"
    return found.returncode == FAILED
