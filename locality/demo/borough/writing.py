"""Writing a borough: pieces of work, each to files of its own; what they tell is the same however they are spread."""

import csv
import gzip
import io
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from locality.base import Refused
from locality.demo.borough.conditions import Drawing, Factors, factors
from locality.demo.borough.counting import count_household, count_life, count_person
from locality.demo.borough.families import people_of
from locality.demo.borough.living import live
from locality.demo.borough.people import Household, Window, window
from locality.demo.borough.plan import PEOPLE_A_PIECE, Piece, blocks, pieces
from locality.demo.borough.published import areas
from locality.demo.borough.slips import Errors, read_errors
from locality.demo.borough.telling import sheets, staff
from locality.demo.borough.telling.everyone import TELLERS, tell_all
from locality.demo.borough.telling.out import Out

FILE_BYTES = 20_000_000
# fast rather than small: the files are read once, and soon
LEVEL = 1
SUFFIXES = {"acute-adt": ".hl7", "persona": ".csv", "vcfa": ".csv"}
FHIR = ".ndjson.gz"

Spread = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of the work, which any process can do by itself."""

    piece: Piece
    folder: Path
    seed: int
    on: date
    depth: str
    errors: Errors
    raked: Factors


@dataclass(slots=True)
class Done:
    """What came of one piece."""

    number: int
    files: list[tuple[str, Path]]
    counts: Counter[str]


@dataclass(frozen=True, slots=True)
class Written:
    """A borough on disk: its files by source in the order to receive them, who everybody truly is, and the counts."""

    files: list[tuple[str, Path]]
    labels: Path
    people: Path
    counts: Counter[str] = field(default_factory=Counter)


def write_borough(
    folder: Path,
    *,
    people: int,
    seed: int,
    on: date,
    depth: str = "full",
    errors: Errors | None = None,
    spread: Spread = map,
    tell: Callable[[int, int], None] = lambda done, of: None,
) -> Written:
    """Write what every source tells of so many invented people, up to a day; the same for the same words.

    `spread` hands pieces to other processes; `tell` hears how many people of how many are written. Raises Refused
    for a depth or a number of people that there is not.
    """
    if depth not in PEOPLE_A_PIECE:
        raise Refused(f"There is no depth {depth!r}: say {' or '.join(sorted(PEOPLE_A_PIECE))}.")
    blocks(people)
    folder.mkdir(parents=True, exist_ok=True)
    errors, raked = errors or read_errors(), factors()
    todo = [Job(piece, folder, seed, on, depth, errors, raked) for piece in pieces(people, depth=depth)]
    files = _write_staff(folder)
    done: list[Done] = []
    counts: Counter[str] = Counter()
    for one in spread(write_piece, todo):
        done.append(one)
        tell(sum(int(each.counts["people"]) for each in done), people)
    for one in sorted(done, key=lambda each: each.number):
        files += one.files
        counts.update(one.counts)
    _join(folder, "labels.csv.gz", [one.number for one in done], b"person,source,local_id,slips\n")
    _join(folder, "people.csv.gz", [one.number for one in done], _PEOPLE_HEAD)
    return Written(_in_order(_sheets_joined(files)), folder / "labels.csv.gz", folder / "people.csv.gz", counts)


def write_piece(job: Job) -> Done:
    """Make the people of one piece and write what is told of them."""
    files = _Files(job)
    out, counts = Out(files.write), Counter[str]()
    held = window(job.on)
    drawing = Drawing(job.raked)
    truth = io.StringIO()
    for block in job.piece.blocks:
        for household in people_of(block, seed=job.seed, drawing=drawing, window=held):
            _household(household, job, out, counts, held=held, truth=truth)
            files.between_people()
    files.close()
    _write_rows(job, "labels", _labels(out))
    _write_rows(job, "people", truth.getvalue())
    counts.update(out.counts)
    return Done(job.piece.number, files.written, counts)


def _household(
    household: Household, job: Job, out: Out, counts: Counter[str], *, held: Window, truth: io.StringIO
) -> None:
    area = areas()[household.area]
    count_household(household, counts, window=held)
    rows = csv.writer(truth, lineterminator="\n")
    # everybody's life first: what is told of one may name another who has died
    lives = [live(person, held, seed=job.seed, quintile=area.quintile) for person in household.people]
    for life in lives:
        person = life.person
        tell_all(life, out, errors=job.errors, area=area, window=held, seed=job.seed, full=job.depth == "full")
        count_person(person, counts)
        count_life(life, counts, window=held)
        rows.writerow(
            [person.key, f"{job.piece.number}-{household.number}", area.code, area.quintile, person.sex, person.age,
             person.category, person.group, person.practice, person.nhs_number, person.born.isoformat(),
             " ".join(person.given), person.family, person.died is not None, household.home]
        )  # fmt: skip


_PEOPLE_HEAD = (
    b"person,household,lsoa,quintile,sex,age,category,group,practice,nhs_number,born,given,family,died,home\n"
)


def _labels(out: Out) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(out.labels)
    return text.getvalue()


class _Files:
    """A file for each source of one piece; a new one once it has grown large, but never within a household."""

    def __init__(self, job: Job):
        self.job = job
        self.opened: dict[str, Any] = {}
        self.sizes: Counter[str] = Counter()
        self.parts: Counter[str] = Counter()
        self.written: list[tuple[str, Path]] = []

    def write(self, source: str, content: bytes) -> None:
        """One line or message."""
        if source not in self.opened:
            self.opened[source] = self._open(source)
        self.opened[source].write(content)
        self.sizes[source] += len(content)

    def _open(self, source: str) -> Any:
        self.parts[source] += 1
        suffix = SUFFIXES.get(source, FHIR)
        path = self.job.folder / source / f"{self.job.piece.number:04d}-{self.parts[source]}{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        self.written.append((source, path))
        return _gzip(path) if suffix == FHIR else path.open("wb")

    def between_people(self) -> None:
        """Close what has grown large: nobody's record is torn in two."""
        for source in [one for one, size in self.sizes.items() if size >= FILE_BYTES]:
            self.opened.pop(source).close()
            self.sizes[source] = 0

    def close(self) -> None:
        """No more is to come."""
        for one in self.opened.values():
            one.close()


def _gzip(path: Path) -> gzip.GzipFile:
    # without the hour in it, the same words make the same file
    return gzip.GzipFile(path, "wb", compresslevel=LEVEL, mtime=0)


def _write_rows(job: Job, name: str, text: str) -> None:
    with _gzip(job.folder / f"{name}-{job.piece.number:04d}.csv.gz") as out:
        out.write(text.encode())


def _join(folder: Path, name: str, numbers: list[int], head: bytes) -> None:
    """The pieces' rows, one after another, in one file."""
    stem = name.partition(".")[0]
    with _gzip(folder / name) as out:
        out.write(head)
        for number in sorted(numbers):
            part = folder / f"{stem}-{number:04d}.csv.gz"
            with gzip.open(part) as rows:
                while some := rows.read(1 << 20):
                    out.write(some)
            part.unlink()


def _write_staff(folder: Path) -> list[tuple[str, Path]]:
    """Who works there, before anybody whom they see."""
    files = []
    for teller in TELLERS:
        path = folder / teller.source / f"staff{FHIR}"
        path.parent.mkdir(parents=True, exist_ok=True)
        with _gzip(path) as lines:
            out = Out(_into(lines))
            for resource in staff.everybody(teller.source):
                out.resource(teller.source, resource)
        files.append((teller.source, path))
    return files


def _into(lines: gzip.GzipFile) -> Callable[[str, bytes], None]:
    def write(source: str, content: bytes) -> None:
        lines.write(content)

    return write


def _sheets_joined(files: list[tuple[str, Path]]) -> list[tuple[str, Path]]:
    """One sheet for each organisation that sends sheets, with one first line."""
    others = [(source, path) for source, path in files if SUFFIXES.get(source) != ".csv"]
    for source in ("persona", "vcfa"):
        parts = [path for one, path in files if one == source]
        if parts:
            whole = parts[0].parent / "sheet.csv"
            with whole.open("wb") as out:
                out.write(sheets.head(source))
                for path in parts:
                    out.write(path.read_bytes())
                    path.unlink()
            others.append((source, whole))
    return others


def _in_order(files: list[tuple[str, Path]]) -> list[tuple[str, Path]]:
    order = [*(teller.source for teller in TELLERS), "acute-adt", "persona", "vcfa"]
    return sorted(files, key=lambda one: order.index(one[0]))
