"""The sources page: who sends, how lately, what became of it, and what could not be stored and why."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from locality.access.rules import RoleCode
from locality.base import NoAccess, NotFound
from locality.base.ids import new_id
from locality.record.queries import refused, refused_content, sources_state
from locality.record.queries.freshness import due_words
from locality.record.queries.shapes import SourceRow, Standing
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


def admin():
    return make.viewer(RoleCode.ADMINISTRATOR)


def states() -> dict[str, SourceRow]:
    return {row.code: row for row in sources_state(viewer=admin(), at=make.AT)}


# ---- how lately


@pytest.mark.parametrize(
    ("told", "state", "words"),
    [
        ({}, Standing.OK, "On time"),
        ({"every_hours": None}, Standing.OK, "Sent by hand"),
        ({"last_at": make.ago(hours=25)}, Standing.LATE, "Late by 1 hour"),
        ({"last_at": make.ago(hours=24 + 30)}, Standing.LATE, "Late by 1 day"),
        ({"last_at": make.ago(days=5)}, Standing.SILENT, "Silent since Sat 31 Oct 2026"),
        ({"last_at": None}, Standing.NEVER, "Has not sent yet"),
        ({"connected": False}, Standing.NOT_CONNECTED, "Not connected"),
        ({"agreement_ends_on": make.TODAY}, Standing.EXPIRED, "Agreement ended Thu 5 Nov 2026"),
        ({"agreement_starts_on": date(2026, 12, 1)}, Standing.EXPIRED, "Agreement begins Tue 1 Dec 2026"),
    ],
)
def test_the_state_of_a_source_is_said_in_words(told, state, words):
    make.source("gp", **told)

    row = states()["gp"]

    assert (row.state, row.state_words) == (state, words)


@pytest.mark.parametrize(
    ("ends_on", "state", "words"),
    [
        (None, Standing.OK, "No end"),
        (make.TODAY + timedelta(days=61), Standing.OK, "To Tue 5 Jan 2027"),
        (make.TODAY + timedelta(days=60), Standing.LATE, "Ends in 60 days"),
        (make.TODAY + timedelta(days=1), Standing.LATE, "Ends in 1 day"),
        (make.TODAY, Standing.EXPIRED, "Agreement ended Thu 5 Nov 2026"),
    ],
)
def test_an_agreement_is_said_to_end_before_it_does(ends_on, state, words):
    make.source("gp", agreement_ends_on=ends_on)

    row = states()["gp"]

    assert (row.agreement_state, row.agreement_words) == (state, words)


def test_the_terms_of_a_source_are_told_with_it():
    here = make.source("gp")
    here.agreement = make.agreement("mill", controller=here.organisation)
    here.save()
    make.source("acute")

    rows = sources_state(viewer=make.viewer("administrator"), at=make.AT)

    assert {row.code: (row.agreement.name, row.agreement.purpose, row.agreement.controller) for row in rows} == {
        "gp": ("Sharing agreement mill", "Direct care", "Mill Lane Practice"),
        "acute": ("", "Direct care", ""),
    }


@pytest.mark.parametrize(
    ("hours", "words"),
    [(None, "sent by hand"), (1, "due every hour"), (6, "due every 6 hours"), (24, "due daily"),
     (48, "due every 2 days"), (168, "due weekly"), (336, "due every 2 weeks")],
)  # fmt: skip
def test_how_often_a_source_is_due(hours, words):
    assert due_words(hours) == words


# ---- what became of what was sent


def test_counts_are_of_the_last_intake_that_ended():
    gp = make.source("gp", last_at=None)
    make.intake(gp, finished_at=make.ago(days=2), received=9, stored=9)
    make.intake(gp, finished_at=make.ago(hours=2), received=7, stored=4, unchanged=2, rejected=1)
    make.intake(gp, finished_at=make.ago(hours=1), kind="retried", received=1, stored=1)
    make.intake(gp, finished_at=None, received=5, stored=5, started_at=make.ago(minutes=5))

    row = states()["gp"]

    assert (row.received, row.stored, row.unchanged, row.rejected) == (7, 4, 2, 1)
    assert row.last_at == make.ago(hours=2)
    assert (row.unfinished, row.unfinished_since) == (1, make.ago(minutes=5))


def test_what_waits_is_what_is_still_open():
    gp, acute = make.source("gp"), make.source("acute")
    make.quarantined(gp, "Not JSON.")
    make.quarantined(gp, "Not JSON.", state="dismissed", closed_at=make.AT, closed_by=new_id())
    make.quarantined(acute, "Not JSON.")
    make.quarantined(acute, "Not JSON.")

    assert {code: row.waiting for code, row in states().items()} == {"gp": 1, "acute": 2}


def test_sources_of_another_place_are_not_listed():
    make.source("gp")
    make.source("elsewhere", place=make.place("elsewhere"))

    assert list(states()) == ["gp"]


@pytest.mark.parametrize("rows", [1, 3])
def test_it_takes_one_query_however_many_sources(django_assert_num_queries, rows):
    for code in ("gp", "acute", "community")[:rows]:
        make.quarantined(make.source(code), "Not JSON.")
    viewer = admin()

    with django_assert_num_queries(1):
        found = sources_state(viewer=viewer, at=make.AT)

    assert len(found) == rows


# ---- what could not be stored


def test_refused_entries_are_grouped_by_reason_the_commonest_first():
    gp = make.source("gp")
    make.quarantined(gp, "The JSON stops in the middle: it was cut short.")
    for number in range(3):
        make.quarantined(gp, f"It is about Patient/p{number}, whom this source has not sent.")
    make.quarantined(make.source("acute"), "Somebody else's.")

    found = refused(viewer=admin(), code="gp")

    assert (found.name, found.total, found.pages) == ("Mill Lane Practice", 4, 1)
    assert [(reason.words, reason.count, len(reason.refused)) for reason in found.reasons] == [
        ("It is about …, whom this source has not sent.", 3, 3),
        ("The JSON stops in the middle: it was cut short.", 1, 1),
    ]


def test_an_entry_says_where_when_how_large_and_how_often():
    row = make.quarantined(make.source("gp"), "Not JSON.", b"{oops", times=4)

    (reason,) = refused(viewer=admin(), code="gp").reasons
    (entry,) = reason.refused

    assert (entry.id, entry.place, entry.at, entry.size, entry.tries, entry.reason) == (
        row.pk,
        "bundle.json, entry 1",
        make.ago(days=1),
        5,
        4,
        "Not JSON.",
    )


@pytest.mark.parametrize("rows", [1, 3, 120])
def test_it_takes_three_queries_however_many_entries(django_assert_num_queries, rows):
    gp = make.source("gp")
    for number in range(rows):
        make.quarantined(gp, f"Reason {'x' * (number % 3)}.")
    viewer = admin()

    with django_assert_num_queries(3):
        found = refused(viewer=viewer, code="gp")

    assert found.total == rows


def test_walking_the_pages_shows_every_entry_once():
    gp = make.source("gp")
    rows = [make.quarantined(gp, f"Reason {'x' * (number % 3)}.") for number in range(120)]

    pages = [refused(viewer=admin(), code="gp", page=number) for number in (1, 2, 3)]

    seen = [entry.id for page in pages for reason in page.reasons for entry in reason.refused]
    assert sorted(seen) == sorted(row.pk for row in rows)
    assert {page.pages for page in pages} == {3}


@pytest.mark.parametrize(("asked", "given"), [(-4, 1), (0, 1), (99, 1)])
def test_a_page_that_is_not_there_is_the_nearest(asked, given):
    make.quarantined(make.source("gp"), "Not JSON.")

    assert refused(viewer=admin(), code="gp", page=asked).page == given


def test_nothing_refused_is_nothing():
    make.source("gp")

    found = refused(viewer=admin(), code="gp")

    assert (found.total, found.reasons, found.page, found.pages) == (0, (), 1, 1)


def test_a_source_that_is_not_declared_is_not_found():
    with pytest.raises(NotFound):
        refused(viewer=admin(), code="nobody")


def test_what_was_refused_opens_as_text_and_nothing_but_text():
    row = make.quarantined(make.source("gp"), "Not UTF-8.", b"<script>\xff</script>")

    entry, text = refused_content(viewer=admin(), refused=row.pk)

    assert (entry.reason, text) == ("Not UTF-8.", "<script>\ufffd</script>")


def test_a_refused_entry_that_is_not_there_is_not_found():
    with pytest.raises(NotFound):
        refused_content(viewer=admin(), refused=new_id())


# ---- who may


@pytest.mark.parametrize("role", [role for role in RoleCode if role != RoleCode.ADMINISTRATOR])
def test_only_who_runs_the_sources_may_look(role):
    row = make.quarantined(make.source("gp"), "Not JSON.")
    viewer = replace(admin(), role=role)

    with pytest.raises(NoAccess):
        sources_state(viewer=viewer, at=make.AT)
    with pytest.raises(NoAccess):
        refused(viewer=viewer, code="gp")
    with pytest.raises(NoAccess):
        refused_content(viewer=viewer, refused=row.pk)
