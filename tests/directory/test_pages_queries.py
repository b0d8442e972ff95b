"""What the pages of the place ask: as many questions for three rows as for one."""

from datetime import date

import pytest

from locality.base.ids import new_id
from locality.directory import queries
from locality.directory.models import (
    Affiliation,
    Area,
    Boundary,
    Figure,
    Neighbourhood,
    Organisation,
    Place,
    PracticeNeighbourhood,
    Practitioner,
    Series,
    Service,
    Site,
    Successor,
    Team,
    TeamMembership,
    Ward,
)
from locality.directory.rules import AboutKind

TODAY = date(2026, 11, 21)


def copy(row, **other):
    """The same row again, but for what is said."""
    row.pk = new_id()
    for name, value in other.items():
        setattr(row, name, value)
    row.save(force_insert=True)
    return row


def organisation(code: str) -> Organisation:
    return Organisation.objects.get(code=code)


# ---- the place


def grow_the_place(many: int) -> None:
    for number in range(many):
        area = copy(Neighbourhood.objects.get(code="uphill"), code=f"more-{number}", name=f"More {number}")
        copy(Ward.objects.get(code="E05999001"), code=f"E0500000{number}", neighbourhood=area)
        copy(Team.objects.get(code="uphill"), code=f"more-{number}", neighbourhood=area)
        copy(Area.objects.get(code="E01999001"), code=f"E0100000{number}", neighbourhood=area)
        for series in ("census", "decile"):
            copy(Figure.objects.get(series__code=series, about="E01999001"), about=f"E0100000{number}")
        practice = copy(organisation("ZZ99901"), code=f"ZZ9990{number + 2}")
        copy(PracticeNeighbourhood.objects.first(), practice=practice, neighbourhood=area)


@pytest.mark.parametrize("more", [0, 2])
def test_the_place_is_as_many_questions_however_many_neighbourhoods(smallplace, django_assert_num_queries, more):
    grow_the_place(more)

    with django_assert_num_queries(11):
        overview = queries.overview(TODAY)
        names = [
            (one.neighbourhood.name, one.team and one.team.lead_organisation.name, [row.name for row in one.practices])
            for one in overview.neighbourhoods
        ]
        kinds = [(total.series.name, total.value) for one in overview.neighbourhoods for total in one.totals]

    assert len(names) == 2 + more
    assert len(kinds) == 2 + more


def test_the_place_at_a_glance(smallplace):
    overview = queries.overview(TODAY)
    downhill, uphill = overview.neighbourhoods

    assert [(one.series.code, one.value) for one in overview.figures] == [("fund", 1_920_000_000)]
    assert (uphill.team.code, [ward.name for ward in uphill.wards], uphill.areas) == ("uphill", ["Upper"], 1)
    assert [practice.code for practice in uphill.practices] == ["ZZ99901"]
    assert [(total.series.code, total.value, total.areas) for total in uphill.totals] == [("census", 1600, 1)]
    assert [(spread.series.code, spread.areas) for spread in uphill.tenths] == [("decile", {1: 1})]
    assert (downhill.team, downhill.areas, downhill.practices) == (None, 2, [])
    assert [(total.value, total.areas) for total in downhill.totals] == [(2900, 2)]
    assert [spread.areas for spread in downhill.tenths] == [{1: 1, 10: 1}]


def test_the_place_is_as_it_was_on_a_day(smallplace):
    before = queries.overview(date(2024, 3, 31)).neighbourhoods[1]

    assert before.team.code == "uphill-first"


# ---- an organisation


def grow_an_organisation(many: int) -> None:
    for number in range(many):
        other = copy(organisation("ZZ3"), code=f"ZZ3{number}", name=f"Another {number}")
        copy(
            Successor.objects.get(from_organisation__code="ZZ3"),
            from_organisation=other,
            to_organisation_id=id_of("ZZ1"),
        )
        copy(Affiliation.objects.get(body__code="small-board"), member_id=id_of("ZZ1"), body=other)
        copy(Site.objects.get(code="mill-lane"), code=f"site-{number}", organisation_id=id_of("ZZ1"))
        copy(Service.objects.first(), code=f"service-{number}", organisation_id=id_of("ZZ1"))
        copy(Team.objects.get(code="rapid"), code=f"rapid-{number}")
        series = copy(Series.objects.get(code="list"), code=f"list-{number}")
        copy(Figure.objects.get(about="ZZ99901"), series=series, about="ZZ1")


def id_of(code: str):
    return organisation(code).pk


@pytest.mark.parametrize("more", [1, 3])
def test_an_organisation_is_as_many_questions_however_long_its_history(smallplace, django_assert_num_queries, more):
    grow_an_organisation(more)

    with django_assert_num_queries(13):
        history = queries.organisation_history("ZZ1", on=TODAY)
        names = [one.from_organisation.name for one in history.followed]
        bodies = [one.body.name for one in history.belongs_to]
        figures = [one.series.name for one in history.figures]
        hours = [getattr(site, "hours", None) for site in history.sites]
        sites = [service.site for service in history.services]

    assert (len(names), len(bodies), len(figures), len(hours), len(sites)) == (more + 1, more, more, more, more)


def test_a_practice_with_all_that_is_known_of_it(smallplace):
    history = queries.organisation_history("ZZ99901", on=TODAY)

    assert [(one.body.code, one.starts_on, one.ends_on) for one in history.belongs_to] == [
        ("UZZ01", date(2019, 7, 1), date(2022, 4, 1)),
        ("UZZ02", date(2022, 4, 1), None),
    ]
    assert [one.neighbourhood.code for one in history.neighbourhoods] == ["uphill"]
    assert [(site.code, site.hours.friday) for site in history.sites] == [("mill-lane", "08:00-18:30")]
    assert [(one.series.counts, str(one.value)) for one in history.figures] == [("Patients on the list", "3210.500000")]


def test_what_was_before_an_organisation_and_what_came_after(smallplace):
    history = queries.organisation_history("ZZ2", on=TODAY)

    assert [one.from_organisation.code for one in history.followed] == ["ZZ3"]
    assert [one.to_organisation.code for one in history.followed_by] == ["ZZ1", "small-council"]
    assert [one.code for one in history.standing] == ["ZZ1", "small-council"]


def test_a_board_knows_who_belongs_to_it(smallplace):
    history = queries.organisation_history("UZZ02", on=TODAY)

    assert [one.member.name for one in history.members] == ["Mill Lane Surgery"]


# ---- a team, and who works in it


def grow_the_team(many: int) -> None:
    for number in range(many):
        person = copy(Practitioner.objects.get(code="ben-ash"), code=f"more-{number}")
        copy(TeamMembership.objects.get(practitioner__code="ben-ash"), practitioner=person)
        practice = copy(organisation("ZZ99901"), code=f"ZZ9990{number + 2}")
        copy(PracticeNeighbourhood.objects.first(), practice=practice)
        copy(Ward.objects.get(code="E05999001"), code=f"E0500000{number}")


@pytest.mark.parametrize("more", [0, 2])
def test_a_team_is_as_many_questions_however_many_work_in_it(smallplace, django_assert_num_queries, more):
    grow_the_team(more)

    with django_assert_num_queries(4):
        found = queries.team_on("uphill", on=TODAY)
        names = [(row.practitioner.name, row.employer.name, row.post) for row in found.members]
        practices = [practice.name for practice in found.practices]

    assert (len(names), len(practices), len(found.wards)) == (2 + more, 1 + more, 1 + more)


def test_a_team_of_the_whole_place_has_no_wards_or_practices_of_its_own(smallplace):
    Ward.objects.filter(code="E05999002").update(neighbourhood=None)

    found = queries.team_on("rapid", on=TODAY)

    assert (found.members, found.practices, found.wards) == ([], [], [])


@pytest.mark.parametrize("more", [0, 2])
def test_a_practitioner_is_two_questions_however_often_they_moved(smallplace, django_assert_num_queries, more):
    amy = queries.practitioner_with_code("amy-oak")
    first = TeamMembership.objects.get(practitioner=amy, team__code="uphill-first")
    for number in range(more):
        copy(first, starts_on=date(2010 + number, 1, 1), ends_on=date(2010 + number, 2, 1))

    with django_assert_num_queries(2):
        history = queries.practitioner_history(amy.pk)
        told = [(row.team.name, row.employer.name) for row in history.memberships]

    assert history.practitioner.employer.code == "ZZ1"
    assert told[0] == ("Uphill team", "Small Hospital NHS Trust")
    assert len(told) == 2 + more


# ---- which team is responsible


@pytest.mark.parametrize(
    ("postcode", "practice", "team", "way"),
    [
        ("ZZ1 1AA", "ZZ99901", "uphill", "residence"),
        ("zz11aa", "", "uphill", "residence"),
        ("ZZ9 9ZZ", "zz99901 ", "uphill", "registration"),
        ("ZZ2 2AA", "ZZ99901", "uphill", "registration"),  # downhill has no team
        ("ZZ2 2AA", "", None, None),
        ("", "", None, None),
    ],
)
def test_a_team_is_responsible_by_residence_or_else_by_registration(smallplace, postcode, practice, team, way):
    answer = queries.team_responsible(postcode=postcode, practice=practice, on=TODAY)

    assert (answer.team and answer.team.code, answer.by) == (team, way)


def test_both_where_somebody_lives_and_whose_list_they_are_on_are_kept(smallplace):
    answer = queries.team_responsible(postcode="ZZ2 2AA", practice="ZZ99901", on=TODAY)

    assert (answer.residence.code, answer.registration.code) == ("downhill", "uphill")


def test_the_team_responsible_is_the_one_of_the_day(smallplace):
    days = [date(2019, 3, 31), date(2024, 3, 31), date(2024, 4, 1)]

    teams = [queries.team_responsible(postcode="ZZ1 1AA", on=day).team for day in days]

    assert [team and team.code for team in teams] == [None, "uphill-first", "uphill"]


def test_a_list_that_has_ended_leads_nowhere(smallplace):
    PracticeNeighbourhood.objects.update(ends_on=TODAY)

    answer = queries.team_responsible(postcode="ZZ9 9ZZ", practice="ZZ99901", on=TODAY)

    assert (answer.team, answer.registration) == (None, None)


@pytest.mark.parametrize("many", [1, 3])
def test_the_teams_of_many_people_are_four_questions(smallplace, django_assert_num_queries, many):
    people = [("ZZ1 1AA", "ZZ99901"), ("ZZ9 9ZZ", "ZZ99901"), ("ZZ1 1AA", "ZZ99901")][:many]

    with django_assert_num_queries(4):
        answers = queries.teams_responsible(people, on=TODAY)
        names = [(one.team.name, one.team.neighbourhood.name) for one in answers]

    assert names == [("Uphill team", "Uphill")] * many


# ---- the map


def test_the_map_is_two_questions_and_names_what_it_draws(smallplace, django_assert_num_queries):
    with django_assert_num_queries(2):
        drawn = queries.outlines(AboutKind.NEIGHBOURHOOD)

    assert [feature["properties"] for feature in drawn["features"]] == [
        {"code": "downhill", "name": "Downhill"},
        {"code": "uphill", "name": "Uphill"},
    ]
    assert drawn["features"][1]["geometry"]["coordinates"] == [[[0, 1], [1, 1], [1, 2], [0, 1]]]


def test_the_map_of_some_small_areas_holds_no_others(smallplace):
    for code in ("E01999001", "E01999003"):
        copy(Boundary.objects.first(), about_kind=AboutKind.AREA, about=code)

    drawn = queries.outlines(AboutKind.AREA, only=["E01999003"])

    assert [feature["properties"] for feature in drawn["features"]] == [{"code": "E01999003", "name": "Small 001C"}]


# ---- a neighbourhood in full


def test_a_neighbourhood_is_made_of_its_small_areas_each_with_its_ward(smallplace, django_assert_num_queries):
    downhill = Neighbourhood.objects.get(code="downhill")

    with django_assert_num_queries(1):
        areas = [(row.name, row.ward.name) for row in queries.areas_of(downhill)]

    assert areas == [("Small 001B", "Upper"), ("Small 001C", "Lower")]


@pytest.mark.parametrize("codes", [["E01999001"], ["E01999001", "E01999002", "E01999003"]])
def test_the_figures_of_many_areas_are_one_question(smallplace, django_assert_num_queries, codes):
    with django_assert_num_queries(1):
        found = queries.figures_about_each(AboutKind.AREA, codes)
        said = {code: [(one.series.code, one.value) for one in each] for code, each in found.items()}

    told = {
        "E01999001": [("decile", 1), ("census", 1600)],
        "E01999002": [("decile", 10), ("census", 1500)],
        "E01999003": [("decile", 1), ("census", 1400)],
    }
    assert said == {code: told[code] for code in codes}


def test_what_no_figure_is_about_has_none(smallplace):
    assert queries.figures_about_each(AboutKind.ORGANISATION, ["ZZ99901", "ZZ1"]).keys() == {"ZZ99901"}


# ---- organisations


def test_every_organisation_is_listed_over_or_not(smallplace):
    # of another place: it could leak
    elsewhere = copy(Place.objects.get(), code="elsewhere", is_default=False)
    copy(organisation("ZZ1"), place=elsewhere)

    listed = [row.code for row in queries.organisations()]

    assert listed == [
        "kind-neighbours",
        "UZZ02",
        "ZZ99901",
        "ZZ2",
        "ZZ3",
        "small-board",
        "ZZ1",
        "small-council",
        "UZZ01",
    ]
