"""Finding people from this place's own copy: by a command, and once a day in the background."""

from datetime import timedelta

import pytest

from locality.base import NotFound, system
from locality.journal.models import Event
from locality.population.actions.finding import criteria_to_run, run_on_copy
from locality.population.models import CaseFindingRun, Found
from locality.population.rules.pseudonyms import pseudonym
from locality.watch.finding import finding
from tests import factories as make
from tests.population.copies import write_copy
from tests.population.finding_world import build

KEY = b"k" * 32


@pytest.fixture
def place(db, tmp_path, settings):
    """The place, with a copy of its own whose people stand under their keyed pseudonyms."""
    settings.LOCALITY_HOME = tmp_path
    found = build(tmp_path)
    ann = found.person("ann")
    hers = pseudonym(key=KEY, person=ann.pk)
    tables = {name: [row | {"person": hers} for row in rows] for name, rows in found.rows.items()}
    write_copy(tmp_path / "copy", **tables)
    return found


def test_from_the_copys_pseudonyms_it_comes_back_to_people_with_a_line_for_each_and_the_reason(place):
    run_on_copy(criterion=place.criterion, key=KEY, by=system(at=make.AT))

    assert [row.person.family for row in Found.objects.select_related("person")] == ["Ann"]
    gone_back = Event.objects.filter(what="copy.gone-back").values_list("person_id", "detail__why")
    assert list(gone_back) == [(place.people["ann"].pk, "At risk of falling (criterion fell, version 1)")]


def test_with_another_key_nobody_is_listed_and_they_are_counted(place):
    run = run_on_copy(criterion=place.criterion, key=b"x" * 32, by=system(at=make.AT))

    assert (run.found, run.listed, run.left_out) == (1, 0, {"died, moved away or not to be listed": 1})


def test_in_the_background_each_list_is_made_once_a_day(place):
    moments = iter([make.AT, make.AT + timedelta(hours=1), make.AT + timedelta(days=1)])
    turn = finding(key=KEY, now=lambda: next(moments))

    for _ in range(3):
        turn()

    assert list(CaseFindingRun.objects.order_by("on").values_list("on", flat=True)) == [
        make.TODAY,
        make.TODAY + timedelta(days=1),
    ]


def test_without_a_copy_the_background_waits_for_one(db, tmp_path, settings):
    settings.LOCALITY_HOME = tmp_path / "nowhere"
    build(tmp_path)

    finding(key=KEY, now=lambda: make.AT)()

    assert CaseFindingRun.objects.count() == 0


def test_a_criterion_that_is_not_there_is_refused_with_those_that_are(place):
    with pytest.raises(NotFound, match="^There is no criterion 'fall' here: fell.$"):
        criteria_to_run(place_id=make.place().pk, code="fall")
