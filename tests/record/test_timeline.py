"""The timeline: one line a fact, newest first, by episode, walked page by page without losing or repeating any."""

from datetime import timedelta

import pytest

from locality.access.rules import Label, RoleCode, Seal
from locality.base import NotFound
from locality.record.queries import timeline
from locality.record.queries.chapters import chapter_of
from locality.record.queries.shapes import Timeline
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


def told(person, viewer=None, **other) -> Timeline:
    return timeline(grant=make.opened(person, viewer), at=make.AT, **other)


def lines(found: Timeline) -> list:
    return [fact for group in found.groups for fact in group.lines]


def titles(found: Timeline) -> list[str]:
    return [fact.title for fact in lines(found)]


def events(patient, count: int) -> list:
    return [make.resource(patient, make.visit(make.day(-number), words=f"Visit {number}")) for number in range(count)]


# ---- how it is read


@pytest.mark.parametrize("rows", [1, 3])
def test_it_takes_two_queries_however_many_lines(django_assert_num_queries, rows):
    peggy, (gp,) = make.peggy("gp")
    events(gp, rows)
    grant = make.opened(peggy)

    with django_assert_num_queries(2):
        found = timeline(grant=grant, at=make.AT)

    assert found.total == rows


def test_newest_first():
    peggy, (gp,) = make.peggy("gp")
    events(gp, 3)

    assert titles(told(peggy)) == ["Visit 0", "Visit 1", "Visit 2"]


def test_walking_it_shows_every_line_once_also_those_of_one_moment():
    peggy, (gp,) = make.peggy("gp")
    rows = events(gp, 5)
    rows += [make.resource(gp, make.visit(make.day(-2), words=f"Twin {number}")) for number in range(6)]

    seen, before, places = [], None, []
    while before != "":
        found = told(peggy, before=before, most=4)
        seen += make.things(lines(found))
        places.append((found.first, found.shown, found.total))
        before = found.more

    assert sorted(seen) == sorted(row.thing for row in rows)
    assert places == [(1, 4, 11), (5, 4, 11), (9, 3, 11)]


def test_a_line_that_comes_between_two_pages_moves_none_of_the_others():
    peggy, (gp,) = make.peggy("gp")
    events(gp, 4)
    first = told(peggy, most=2)

    make.resource(gp, make.visit(f"{make.day(0)}T09:00:00Z", words="Just now"))

    assert titles(told(peggy, most=2, before=first.more)) == ["Visit 2", "Visit 3"]


@pytest.mark.parametrize("before", ["", "yesterday", "1.0_x", "1794492000.000000_'; drop table record_resource"])
def test_a_place_that_does_not_exist_is_not_found(before):
    peggy, _ = make.peggy("gp")

    with pytest.raises(NotFound):
        told(peggy, before=before)


def test_a_chapter_that_does_not_exist_is_not_found():
    peggy, _ = make.peggy("gp")

    with pytest.raises(NotFound):
        told(peggy, chapter="secret")


def test_nothing_yet_is_nothing():
    peggy, _ = make.peggy("gp")

    found = told(peggy)

    assert (found.groups, found.first, found.shown, found.total, found.more) == ((), 0, 0, 0, "")


# ---- what may be shown


@pytest.mark.parametrize(
    "hidden",
    [
        {"label": Label.RESTRICTED},
        {"label": Label.VERY_RESTRICTED},
        {"seal": Seal.SEALED},
        {"seal": Seal.LOCKED},
        {"data_class": "SAFE"},
        {"state": "wrong"},
        {"removed": True},
        {"is_current": False},
    ],
    ids=lambda columns: "-".join(columns),
)
def test_what_may_not_be_shown_is_in_no_line_and_no_count(hidden):
    peggy, (gp, acute) = make.peggy("gp", "acute")
    events(gp, 2)
    without = told(peggy)

    make.resource(gp, make.visit(make.day(0), words="Hidden"), **hidden)
    make.resource(acute, make.visit(make.day(-1), words="Visit 1"), **hidden)

    assert told(peggy) == without


def test_it_holds_this_person_and_nobody_else():
    peggy, (gp,) = make.peggy("gp")
    hers = events(gp, 1)
    make.resource(make.patient(make.person("Entwistle", "Stanley"), gp.source), make.visit(make.day(0), words="His"))

    assert make.things(lines(told(peggy))) == [hers[0].thing]


def test_what_is_held_of_an_alias_is_hers():
    peggy, _ = make.peggy("gp")
    alias = make.person("Hargreaves", "Margaret", merged_into=peggy)
    row = make.resource(make.patient(alias, make.source("acute"), local_id="alias"), make.visit(make.day(0)))

    assert make.things(lines(told(peggy))) == [row.thing]


def test_who_she_is_and_who_is_close_to_her_did_not_happen():
    peggy, (gp,) = make.peggy("gp")
    make.resource(gp, {"resourceType": "Patient", "id": gp.local_id})
    make.resource(gp, {"resourceType": "RelatedPerson", "name": [{"text": "Ann Lomas"}]})

    assert told(peggy).total == 0


def test_a_role_that_sees_lines_alone_opens_none():
    peggy, (gp,) = make.peggy("gp")
    make.resource(gp, make.problem())

    nurse, coordinator = told(peggy), told(peggy, make.viewer(RoleCode.CARE_COORDINATOR))

    assert [fact.document_id != "" for fact in lines(nurse)] == [True]
    assert [fact.document_id for fact in lines(coordinator)] == [""]


# ---- one line a fact


def test_the_same_fact_from_two_senders_is_one_line_and_counted_once():
    peggy, (gp, acute) = make.peggy("gp", "acute")
    make.resource(gp, make.problem("Asthma", onsetDateTime="2020-01-01"))
    make.resource(acute, make.problem("Asthma", onsetDateTime="2021-01-01"))

    found = told(peggy)
    (line,) = lines(found)

    assert found.total == 1
    assert (line.at, line.also_held_by) == ("2021-01-01", ("Mill Lane Practice",))
    assert {code: count for code, _, count in found.chapters if count} == {"all": 1, "care": 1, "hospital": 1}


def test_what_one_sender_says_twice_stays_two_lines():
    peggy, (gp, acute) = make.peggy("gp", "acute")
    for year in (2020, 2022):
        make.resource(gp, make.problem("Tonsillitis", onsetDateTime=f"{year}-01-01"))
    make.resource(acute, make.problem("Tonsillitis", onsetDateTime="2022-01-01"))

    assert [(fact.at, fact.also_held_by != ()) for fact in lines(told(peggy))] == [
        ("2022-01-01", True),
        ("2020-01-01", False),
    ]


def test_what_has_no_panel_is_never_taken_for_the_same():
    peggy, (gp, acute) = make.peggy("gp", "acute")
    for patient in (gp, acute):
        make.resource(patient, {"resourceType": "Basic", "code": {"text": "Other"}, "created": "2026-01-01"})

    assert told(peggy).total == 2


def test_what_is_to_come_is_marked_and_stands_apart():
    peggy, (gp,) = make.peggy("gp")
    make.resource(gp, make.appointment(f"{make.day(3)}T10:00:00Z", "Physio"))
    events(gp, 1)

    found = told(peggy)

    assert [(group.title, [fact.is_future for fact in group.lines]) for group in found.groups] == [
        ("To come", [True]),
        ("November 2026", [False]),
    ]


def test_what_has_no_day_of_its_own_stands_where_it_was_said_and_says_so():
    peggy, (gp,) = make.peggy("gp")
    make.resource(gp, make.problem("Asthma"), said_at=make.ago(days=40))
    events(gp, 1)

    found = told(peggy)

    assert [(fact.title, fact.at) for fact in lines(found)] == [("Visit 0", make.day(0)), ("Asthma", None)]
    assert [group.title for group in found.groups] == ["November 2026", "September 2026"]


def test_new_is_marked():
    peggy, (gp,) = make.peggy("gp")
    make.resource(gp, make.visit(make.day(-9), words="Old"), received_at=make.ago(days=2))
    make.resource(gp, make.visit(make.day(-3), words="New"), received_at=make.ago(hours=1))
    grant = make.opened(peggy, looked_before_at=make.ago(days=1))

    found = timeline(grant=grant, at=make.AT)

    assert {fact.title: fact.is_new for fact in lines(found)} == {"New": True, "Old": False}


# ---- episodes


def stay(**other) -> dict:
    return make.visit("2026-10-28T20:00:00Z", "2026-11-03T11:00:00Z", "Hospital stay", id="stay", **other)


@pytest.mark.parametrize(
    "reference",
    [
        "Encounter/stay",
        "Encounter/stay/_history/3",
        "https://acute.example/fhir/Encounter/stay",
        "urn:uuid:stay",
    ],
)
def test_what_belongs_to_a_stay_stands_under_it(reference):
    peggy, (acute,) = make.peggy("acute")
    make.resource(acute, stay())
    make.resource(acute, make.reading("29463-7", 61, "kg", "2026-10-30T09:00:00Z", encounter={"reference": reference}))
    make.resource(acute, make.visit("2026-10-29", words="Ward round"))

    found = told(peggy)

    assert [(group.title, group.span_words, [fact.title for fact in group.lines]) for group in found.groups] == [
        (
            "Hospital stay, Smallborough Hospitals",
            "Wed 28 Oct 2026 to Tue 3 Nov 2026, 6 days",
            ["Hospital stay", "Body weight"],
        ),
        ("October 2026", "", ["Ward round"]),
    ]


def test_another_sources_stay_of_the_same_number_is_not_hers():
    peggy, (acute, gp) = make.peggy("acute", "gp")
    make.resource(acute, stay())
    make.resource(
        gp, make.reading("29463-7", 61, "kg", "2026-10-30T09:00:00Z", encounter={"reference": "Encounter/stay"})
    )

    assert [[fact.title for fact in group.lines] for group in told(peggy).groups] == [
        ["Body weight"],
        ["Hospital stay"],
    ]


def test_a_stay_that_is_hidden_heads_nothing():
    peggy, (acute,) = make.peggy("acute")
    make.resource(acute, stay(), label=Label.RESTRICTED)
    make.resource(acute, make.reading("29463-7", 61, "kg", "2026-10-30", encounter={"reference": "Encounter/stay"}))

    assert [group.title for group in told(peggy).groups] == ["October 2026"]


def test_a_stay_of_another_person_heads_nothing():
    peggy, (acute,) = make.peggy("acute")
    stan = make.patient(make.person("Entwistle", "Stanley"), acute.source)
    make.resource(stan, stay())
    make.resource(acute, make.reading("29463-7", 61, "kg", "2026-10-30", encounter={"reference": "Encounter/stay"}))

    assert [group.title for group in told(peggy).groups] == ["October 2026"]


def test_one_stay_sent_by_two_feeds_is_one_episode():
    peggy, (acute, community) = make.peggy("acute", "community")
    for patient in (acute, community):
        make.resource(patient, stay())
        weight = make.reading("29463-7", 61, "kg", "2026-10-30T09:00:00Z", encounter={"reference": "Encounter/stay"})
        make.resource(patient, weight | {"code": make.coded(f"Weighed by {patient.source.code}")})

    (group,) = told(peggy).groups

    assert sorted(fact.title for fact in group.lines) == [
        "Hospital stay",
        "Weighed by acute",
        "Weighed by community",
    ]


def test_a_visit_alone_needs_no_heading():
    peggy, (gp,) = make.peggy("gp")
    events(gp, 2)

    assert [group.title for group in told(peggy).groups] == ["November 2026"]


# ---- chapters


@pytest.mark.parametrize(
    ("source", "kind", "chapter"),
    [
        ("gp", "partnership", "care"),
        ("mill-lane", "practice", "care"),
        ("acute-adt", "trust", "hospital"),
        ("ambulance", "ambulance", "hospital"),
        ("out-of-hours", "out_of_hours", "hospital"),
        ("community", "trust", "community"),
        ("mental-health", "trust", "community"),
        ("social-care", "council", "social"),
        ("doorstep", "care_provider", "social"),
        ("tea-circle", "voluntary", "community"),
        ("trial", "demonstration", "care"),
    ],
)
def test_a_source_writes_in_one_chapter_and_sql_agrees(source, kind, chapter):
    peggy, _ = make.peggy()
    told_by = make.source(source, organisation=make.organisation(f"k-{source}", kind=kind))
    make.resource(make.patient(peggy, told_by), make.visit(make.day(0)))

    found = told(peggy)

    assert chapter_of(source=source, kind=kind) == chapter
    assert {code for code, _, count in found.chapters if count} == {"all", chapter}
    assert [fact.chapter.lower() for fact in lines(told(peggy, chapter=chapter))] == [chapter]


def test_a_chapter_holds_its_own_lines_and_counts_them():
    peggy, (gp, acute, social) = make.peggy("gp", "acute", "social-care")
    make.resource(gp, make.visit(make.day(-1), words="Surgery"))
    make.resource(acute, make.visit(make.day(-2), words="Clinic"))
    make.resource(social, make.visit(make.day(-3), words="Assessment"))

    found = told(peggy, chapter="hospital")

    assert (titles(found), found.total) == (["Clinic"], 1)
    assert found.chapters == (
        ("all", "All", 3),
        ("care", "Care", 1),
        ("hospital", "Hospital", 1),
        ("social", "Social", 1),
        ("community", "Community", 0),
    )


def test_the_time_it_is_read_changes_only_what_is_to_come():
    peggy, (gp,) = make.peggy("gp")
    make.resource(gp, make.appointment(f"{make.day(3)}T10:00:00Z", "Physio"))
    grant = make.opened(peggy)

    later = timeline(grant=grant, at=make.AT + timedelta(days=5))

    assert [fact.is_future for fact in lines(later)] == [False]
