"""Measures worked out once and kept: what is kept may be told, and is told the same way again."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.conf import settings

from locality.base import NoAccess, NotFound, Refused
from locality.journal.models import Event
from locality.methods.small_numbers import HIDDEN_TO
from locality.population.queries.copy import open_copy
from locality.population.queries.kept import is_behind, kept_measures, last_kept, told_before
from locality.population.queries.measures import count, kinds_of_contact, measures
from locality.population.rules.kept import FIGURES, releases_file
from locality.population.rules.measures import By
from locality.population.rules.telling import tell
from tests import factories as make
from tests.population.measure_world import ADMISSIONS, UNTIL, build, keep, kept_already, tables
from tests.population.test_refresh_together import beside

pytestmark = pytest.mark.django_db
ALL = measures(place="bury")


COUNTS = {"count", "of", "left_out", "people", "everybody", "within", "opted_out", "by_neighbourhood"}


def numbers(told: object, *, counts: bool = False) -> list[int]:
    """Every count in what is kept, however deep."""
    if isinstance(told, dict):
        return [n for name, one in told.items() for n in numbers(one, counts=counts or name in COUNTS)]
    if isinstance(told, list):
        return [n for one in told for n in numbers(one, counts=counts)]
    return [told] if counts and isinstance(told, int) else []


def test_what_is_kept_is_read_back_as_it_was_told(tmp_path):
    kept, folder = kept_already(tmp_path, "usual"), tmp_path / "copy"

    with open_copy(folder=folder) as duck:
        counted = count(duck, ALL[ADMISSIONS], until=UNTIL, kinds=kinds_of_contact(place="bury"))
    told = tell(ALL[ADMISSIONS], counted.groups, left_out=counted.left_out)
    assert last_kept(folder=folder) == kept
    assert kept.measures[ADMISSIONS].figures == told
    assert (kept.until, kept.synthetic, kept.names) == (UNTIL, True, {"east": "Eastside", "west": "Westside"})


def test_a_measure_that_is_not_worked_out_is_kept_with_its_reason(tmp_path):
    kept = kept_already(tmp_path, "usual")

    assert kept.measures["preferred-place-of-death"].figures is None
    assert kept.measures["preferred-place-of-death"].reason.startswith("The copy holds no wishes")
    assert set(kept.measures) == set(ALL)


def test_nothing_of_one_to_seven_and_nothing_unrounded_stands_in_the_file_that_pages_read(tmp_path):
    folder = build(tmp_path, **tables(90))

    keep(folder)

    told = numbers(json.loads((folder / FIGURES).read_text()))
    assert len(told) > 40
    assert [one for one in told if one % 5 or 0 < one <= HIDDEN_TO] == []


def test_what_one_person_did_between_two_refreshes_of_the_same_months_is_not_seen(tmp_path):
    rows = tables()
    whose = next(one for one in rows["people"] if one["neighbourhood"] == "west" and not one["opted_out"])
    new = [{"person": whose["person"], "event": f"n{at}", "kind": "emergency admission"} for at in range(HIDDEN_TO)]
    more = rows | {"events": rows["events"] + [one | {"started_at": datetime(2025, 7, 3)} for one in new]}

    before = told(build(tmp_path / "twice", **rows))
    again = told(build(tmp_path / "twice", **more))
    anew = told(build(tmp_path / "once", **more))

    assert again == before
    # whoever subtracts one page from the other would have seen it
    assert anew != before


def told(folder) -> dict[tuple[str, str], int | None]:
    figures = keep(folder).measures[ADMISSIONS].figures
    ways = {by: figures.by[by] for by in (By.NEIGHBOURHOOD, By.SEX, By.MONTH)}
    return {(str(by), one.group): one.count for by, told in ways.items() for one in told or ()}


def test_what_was_told_is_closed_to_others_and_says_which_groups_were_small(tmp_path):
    kept_already(tmp_path, "usual")
    folder = tmp_path / "copy"

    assert (folder / releases_file(UNTIL)).stat().st_mode & 0o077 == 0
    assert set(told_before(until=UNTIL, folder=folder)[ADMISSIONS]) == {"now", "before"}
    assert told_before(until=date(2025, 12, 1), folder=folder) == {}
    assert b'"kept"' not in (folder / FIGURES).read_bytes()


def test_without_what_was_told_before_nothing_is_told(tmp_path):
    make.place()
    kept_already(tmp_path, "usual")
    folder = tmp_path / "copy"
    (folder / releases_file(UNTIL)).write_text("{")

    with pytest.raises(Refused, match="nothing is told without it"):
        keep(folder)


def test_keeping_leaves_one_line_in_the_journal(tmp_path):
    kept = keep(build(tmp_path))

    computed = sum(one.figures is not None for one in kept.measures.values())
    lines = Event.objects.filter(what="measures.kept").values_list("detail", flat=True)
    assert list(lines) == [{"copy": kept.run, "until": "2026-01-01", "computed": computed}]
    assert computed > 3


def test_who_reads_figures_of_the_place_reads_what_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "LOCALITY_HOME", tmp_path)
    kept = kept_already(tmp_path, "usual")
    roles = ("clinician", "social_worker", "care_coordinator", "analyst", "board")

    assert [kept_measures(viewer=make.viewer(role)) == kept for role in roles] == [True] * 5


@pytest.mark.parametrize("role", ["link_worker", "care_home", "administrator", "identity_custodian", "privacy_officer"])
def test_another_role_is_refused_whether_there_is_anything_or_not(tmp_path, role, monkeypatch):
    monkeypatch.setattr(settings, "LOCALITY_HOME", tmp_path)

    with pytest.raises(NoAccess, match="does not see figures of the place"):
        kept_measures(viewer=make.viewer(role))


def test_it_is_behind_without_a_file_with_other_measures_and_in_another_month(tmp_path):
    kept, folder = kept_already(tmp_path, "usual"), tmp_path / "copy"
    now = is_behind(folder=folder)

    assert (is_behind(folder=build(tmp_path / "never")), now) == (True, False)
    manifest = folder / "manifest.json"
    ours = manifest.read_text()
    manifest.write_text(json.dumps(json.loads(ours) | {"pack": "rochdale"}))
    assert is_behind(folder=folder)
    manifest.write_text(ours)
    manifest.write_text(manifest.read_text().replace("2026-01-01T", "2026-02-01T"))
    assert is_behind(folder=folder)
    assert replace(kept, until=date(2026, 2, 1)).until > kept.until


def test_without_a_copy_nothing_is_kept_and_the_command_is_named(tmp_path):
    with pytest.raises(NotFound, match="locality refresh"):
        is_behind(folder=tmp_path)
    assert last_kept(folder=tmp_path) is None


@pytest.mark.sql
@pytest.mark.django_db(transaction=True)
def test_two_do_not_work_them_out_at_once(tmp_path):
    folder = build(tmp_path)
    with beside() as other:
        other.execute("select pg_advisory_xact_lock(hashtextextended('population.measures', 0))")

        with pytest.raises(Refused, match="being worked out already"):
            keep(folder, at=make.AT + timedelta(minutes=1))
