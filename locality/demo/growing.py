"""Growing the demo's borough: made once, received like anyone's data, and remembered for the next start."""

import csv
import gzip
import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path

from locality.base import NotFound, Refused, system
from locality.base.periods import day_of
from locality.demo.borough import Checked, Written, check_targets, read_errors, write_borough
from locality.demo.borough.slips import USUAL
from locality.directory import queries as directory
from locality.people.queries import people_of_patients
from locality.people.rules import patient_id
from locality.record import actions as record
from locality.record.actions.store import Counts

# a borough made by other rules is another borough: one more whenever what is told changes
RULES = 1
PEOPLE, SEED, DEPTH = 5000, 1, "full"
FOLDER, REMEMBERED, BEGUN = "borough", "borough.json", "begun.json"

Tell = Callable[[str], None]
# what is going on, how much of it is done, and of how much
Show = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which borough is asked for; what is not said is left as it is here, or as usual."""

    people: int | None = None
    seed: int | None = None
    depth: str | None = None
    errors: Path | None = None


@dataclass(frozen=True, slots=True)
class Borough:
    """One borough: the same words make the same one on any day and any machine."""

    people: int
    seed: int
    depth: str
    errors: str  # a print of the profile of errors
    on: str  # the day up to which it is told
    rules: int = RULES

    @property
    def words(self) -> str:
        return f"{self.people:,} people (seed {self.seed}, {self.depth}), told up to {self.on}"


def grow(
    *,
    home: Path,
    wanted: Wanted,
    now: Callable[[], datetime],
    spread: record.Spread,
    tell: Tell,
    show: Show,
) -> None:
    """Make and receive the borough that is wanted, unless it is here already.

    Raises Refused when another borough is here: their numbers would meet, and people of one become those of the other.
    """
    if wanted.people == 0:
        tell("Borough: nobody but the cast, as asked")
        return
    profile = wanted.errors or USUAL
    read_errors(profile)
    here, whole = _here(home)
    asked = _asked(wanted, here, print_of=hashlib.sha256(profile.read_bytes()).hexdigest()[:16], on=day_of(now()))
    if here is not None and here != asked:
        raise Refused(
            f"{home.parent} already holds a borough of {here.words}, and another would be mixed up with it. "
            "Set LOCALITY_HOME to a new folder for another, or leave out the options to see this one."
        )
    if whole:
        tell(f"Borough: {asked.words}: here already")
        return
    folder = home / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / BEGUN, asked)
    written = _made(folder, asked, profile=profile, spread=spread, tell=tell, show=show)
    _received(written, now=now, spread=spread, tell=tell, show=show)
    for source in {source for source, _ in written.files}:
        shutil.rmtree(folder / source)
    _write(home / REMEMBERED, asked)


def is_whole(home: Path) -> bool:
    """Whether a borough was received to its end, into the database that is used now."""
    if not (home / REMEMBERED).exists():
        return False
    # the folder may be an older database's: what it says is only believed if its people are in this one
    try:
        with gzip.open(home / FOLDER / "labels.csv.gz", "rt", encoding="utf-8") as rows:
            first = next(csv.DictReader(rows))
        source = directory.source(first["source"])
    except (FileNotFoundError, StopIteration, NotFound):
        return False
    return bool(people_of_patients([patient_id(source=source.pk, local_id=first["local_id"])]))


def _here(home: Path) -> tuple[Borough | None, bool]:
    """The borough that is here, or was begun here, and whether it is whole."""
    whole = is_whole(home)
    for path in (home / REMEMBERED, home / FOLDER / BEGUN):
        try:
            return Borough(**json.loads(path.read_text(encoding="utf-8"))), whole
        except FileNotFoundError:
            continue
        except (ValueError, TypeError) as error:
            raise Refused(f"{path} is damaged. Remove {home.parent} and start again.") from error
    return None, False


def _asked(wanted: Wanted, here: Borough | None, *, print_of: str, on: date) -> Borough:
    """What is wanted, and for what was not said: what is here, or the usual."""
    usual = here or Borough(PEOPLE, SEED, DEPTH, print_of, on.isoformat())
    return replace(
        usual,
        people=usual.people if wanted.people is None else wanted.people,
        seed=usual.seed if wanted.seed is None else wanted.seed,
        depth=wanted.depth or usual.depth,
        errors=print_of if wanted.errors else usual.errors,
        rules=RULES,
    )


def _write(path: Path, borough: Borough) -> None:
    # named only once it is whole: a start that is cut short leaves nothing half said
    part = path.with_suffix(".part")
    part.write_text(json.dumps(asdict(borough)), encoding="utf-8")
    part.replace(path)


def _made(folder: Path, asked: Borough, *, profile: Path, spread: record.Spread, tell: Tell, show: Show) -> Written:
    written = write_borough(
        folder,
        people=asked.people,
        seed=asked.seed,
        on=date.fromisoformat(asked.on),
        depth=asked.depth,
        errors=read_errors(profile),
        spread=spread,
        tell=lambda done, of: show("Making people", done, of),
    )
    checked = check_targets(written.counts, by_practice=True)
    _write_targets(folder / "targets.csv", checked)
    met = sum(one.met for one in checked)
    tell(f"Borough: {asked.words}; {met} of {len(checked)} figures as published ({folder / 'targets.csv'})")
    return written


def _write_targets(path: Path, checked: list[Checked]) -> None:
    with path.open("w", newline="", encoding="utf-8") as out:
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(("name", "unit", "published", "made", "off", "may be off", "met", "assumed", "origin", "year"))
        for one in checked:
            figures = (one.published, round(one.made, 3), f"{one.off:+.1%}", f"{one.within:.0%}")
            rows.writerow((one.name, one.unit, *figures, one.met, one.assumed, one.origin, one.year))


def _received(
    written: Written,
    *,
    now: Callable[[], datetime],
    spread: record.Spread,
    tell: Tell,
    show: Show,
) -> None:
    for code in dict.fromkeys(code for code, _ in written.files):
        source = directory.source(code)
        intake = record.receive(
            source=source,
            paths=[path for one, path in written.files if one == code],
            by=system(at=now(), role="demo"),
            now=now,
            spread=spread,
            # whole files to each worker: lines dealt out in turn would come before those whom they are about, and wait
            ways=1,
            tell_progress=_showing(show, f"Receiving from {source.name}", int(written.counts[f"told.{code}"])),
        )
        refused = f", {intake.rejected:,} refused" if intake.rejected else ""
        tell(f"{source.name}: {intake.stored:,} stored, {intake.unchanged:,} unchanged{refused}")


def _showing(show: Show, words: str, expected: int) -> Callable[[Counts], None]:
    return lambda counts: show(words, counts.received, expected)
