"""Working out every measure once, and keeping what may be told of it for the pages to read."""

import os
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

import duckdb
from django.db import connection, transaction

from locality.base import Refused, Viewer
from locality.base.periods import day_of
from locality.directory import queries as directory
from locality.journal.actions import log
from locality.methods.small_numbers import HIDDEN_TO
from locality.population.queries.cohorts import cohorts_of, count_lines, how_far_apart
from locality.population.queries.copy import copy_folder, manifest
from locality.population.queries.kept import digest, told_before
from locality.population.queries.measures import Counter, kinds_of_contact, last_whole_month, measures
from locality.population.queries.segments import told_segments
from locality.population.rules import cohort_counts, telling
from locality.population.rules.cohorts import Cohort, said
from locality.population.rules.kept import (
    FIGURES,
    FOLDER,
    Kept,
    KeptCohort,
    KeptMeasure,
    KeptSegment,
    Releases,
    releases_file,
    written,
)
from locality.population.rules.measures import Measure

Tell = Callable[[str, int, int], None]
ALONE = "select pg_try_advisory_xact_lock(hashtextextended('population.measures', 0))"
TOO_NEAR = "It is not told: it means nearly the same people as “{other}”, and the difference would tell of few."
BUSY = "The measures are being worked out already: this run did nothing."


@transaction.atomic
def keep_measures(
    *,
    duck: duckdb.DuckDBPyConnection,
    folder: Path | None = None,
    synthetic: bool,
    by: Viewer,
    tell: Tell = lambda words, done, of: None,
) -> Kept:
    """Work out every measure over an open copy, and keep what may be told of it: one file, replaced in one step.

    A figure of twelve months that were told before stands until it has moved by more than a small count, so that no two
    refreshes show what one person did. `synthetic` marks figures of invented people. Refused while another does it.
    """
    folder = folder or copy_folder()
    _alone()
    copied = manifest(folder=folder)
    place = copied.pack
    until = last_whole_month(copied)
    before = told_before(until=until, folder=folder)
    made = datetime.fromisoformat(copied.made_at)
    kept = Kept(
        run=copied.run,
        copied_at=made,
        kept_at=by.at,
        until=until,
        digest=digest(place=place),
        synthetic=synthetic,
        names={one.code: one.name for one in directory.neighbourhoods(by.at.date())},
        measures=_measured(duck, before, place=place, until=until, tell=tell),
        cohorts=tuple(_counted(duck, cohorts_of(place=place), before, on=day_of(made))),
        segments=_segments(duck, on=day_of(made)),
    )
    computed = sum(one.figures is not None for one in kept.measures.values())
    log(what="measures.kept", by=by, detail={"copy": copied.run, "until": str(until), "computed": computed})
    (folder / FOLDER).mkdir(mode=0o700, exist_ok=True)
    # what was told is written first: figures that nobody remembers having told could be told otherwise
    _write(folder / releases_file(until), written(before))
    _write(folder / FIGURES, written(kept))
    return kept


def _alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute(ALONE)
        if not cursor.fetchone()[0]:
            raise Refused(BUSY)


def _measured(
    duck: duckdb.DuckDBPyConnection, before: Releases, *, place: str, until: date, tell: Tell
) -> dict[str, KeptMeasure]:
    known, held = measures(place=place), {}
    counter = Counter(duck, until, kinds_of_contact(place=place))
    for number, one in enumerate(known.values()):
        tell("working out measures", number, len(known))
        held[one.id] = _worked_out(counter, one, before)
    return held


def _worked_out(counter: Counter, one: Measure, before: Releases) -> KeptMeasure:
    """One measure as it may be told; what was told is put among what was told before."""
    try:
        counted = counter.count(one)
    except Refused as why:
        return KeptMeasure(None, str(why).removeprefix(f"{one.name} is not computed. "))
    safe = telling.releases(one, counted.groups, earlier=before.get(one.id))
    before[one.id] = safe
    return KeptMeasure(telling.tell(one, counted.groups, left_out=counted.left_out, safe=safe))


def _counted(
    duck: duckdb.DuckDBPyConnection, known: Mapping[str, Cohort], before: Releases, *, on: date
) -> Iterator[KeptCohort]:
    """Each cohort as it may be told; none of two that a few people are apart, since their difference is those few."""
    told: list[Cohort] = []
    for one in known.values():
        near = [
            other.says for other in told if 0 < how_far_apart(duck=duck, cohort=one, other=other, on=on) <= HIDDEN_TO
        ]
        lines = tuple(said(line) for line in one.who)
        if near:
            yield KeptCohort(one.code, one.version, one.says, lines, None, TOO_NEAR.format(other=near[0]))
            continue
        told.append(one)
        name = f"cohort {one.code} {one.version}"
        exact = count_lines(duck=duck, cohort=one, on=on)
        before[name] = cohort_counts.releases(exact, earlier=before.get(name))
        safe = cohort_counts.tell(exact, safe=before[name])
        yield KeptCohort(one.code, one.version, one.says, lines, safe)


def _segments(duck: duckdb.DuckDBPyConnection, *, on: date) -> tuple[KeptSegment, ...]:
    told = told_segments(duck=duck, on=on).segments
    return tuple(KeptSegment(one.name, one.told, people) for one, people in told)


def _write(path: Path, words: bytes) -> None:
    written_to = path.with_name(f"{path.name}.{os.getpid()}")
    # nobody else on this machine reads what is not yet published
    with os.fdopen(os.open(written_to, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(words)
        file.flush()
        os.fsync(file.fileno())
    written_to.replace(path)
