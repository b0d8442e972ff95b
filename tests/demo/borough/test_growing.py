"""Growing the borough into a database, once."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from locality.base import Refused
from locality.base.viewer import system
from locality.demo.growing import BEGUN, FOLDER, REMEMBERED, Wanted, grow
from locality.directory import actions as directory
from locality.people.models import Patient
from locality.record.models import Intake, Quarantine, Resource

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
FEW = Wanted(people=60, depth="light")


@pytest.fixture
def home(tmp_path) -> Path:
    directory.load_pack(pack="bury", by=system(at=NOW, role="demo"))
    return tmp_path / "demo"


def grown(home: Path, wanted: Wanted, *, at: datetime = NOW, spread=map) -> list[str]:
    told: list[str] = []
    grow(
        home=home,
        wanted=wanted,
        now=lambda: at,
        spread=spread,
        tell=told.append,
        show=lambda words, done, of: None,
    )
    return told


def test_a_borough_is_received_whole_and_remembered(home):
    told = grown(home, FEW)

    assert [line for line in told if "refused" in line] == []
    assert Quarantine.objects.count() == 0
    assert Patient.objects.filter(source__code="gp").count() > 50
    assert json.loads((home / REMEMBERED).read_text())["people"] == 60
    assert sorted(path.name for path in (home / FOLDER).iterdir()) == [
        BEGUN, "labels.csv.gz", "people.csv.gz", "targets.csv",
    ]  # fmt: skip


def test_a_second_start_on_another_day_makes_nothing_anew(home):
    grown(home, FEW)
    before = (Resource.objects.count(), Intake.objects.count())

    told = grown(home, Wanted(), at=NOW + timedelta(days=40))

    assert told == ["Borough: 60 people (seed 1, light), told up to 2026-11-21: here already"]
    assert (Resource.objects.count(), Intake.objects.count()) == before


def test_another_borough_in_the_same_home_is_refused(home):
    grown(home, FEW)

    with pytest.raises(Refused, match="already holds a borough of 60 people"):
        grown(home, Wanted(people=60, seed=2, depth="light"))


def test_a_start_that_was_cut_short_ends_the_same_on_another_day(home):
    rounds = iter(("made", "practices received"))

    def stops(function, pieces):
        if next(rounds, None) is None:
            raise KeyboardInterrupt
        return map(function, pieces)

    with pytest.raises(KeyboardInterrupt):
        grown(home, FEW, spread=stops)
    assert not (home / REMEMBERED).exists()

    grown(home, Wanted(), at=NOW + timedelta(days=3))

    assert json.loads((home / REMEMBERED).read_text())["on"] == "2026-11-21"
    # nothing was told twice with other words
    assert Resource.objects.filter(version__gt=1).exclude(source__code__in=("acute-adt", "persona")).count() == 0


def test_a_home_whose_database_was_emptied_is_filled_again(home):
    grown(home, FEW)
    (home / FOLDER / "labels.csv.gz").unlink()

    told = grown(home, Wanted())

    assert "here already" not in told[0]
    assert any(line.endswith("unchanged") for line in told)


def test_nobody_is_made_when_nobody_is_wanted(home):
    told = grown(home, Wanted(people=0))

    assert told == ["Borough: nobody but the cast, as asked"]
    assert not home.exists()


def test_a_damaged_memory_is_said_to_be(home):
    (home / FOLDER).mkdir(parents=True)
    (home / FOLDER / BEGUN).write_text("{")

    with pytest.raises(Refused, match="is damaged"):
        grown(home, Wanted())
