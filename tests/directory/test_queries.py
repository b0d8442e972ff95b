"""Questions about the place."""

from datetime import date
from uuid import uuid4

import pytest

from locality.base import NotFound
from locality.directory import queries
from locality.directory.models import Team

TODAY = date(2026, 11, 21)


def test_before_a_pack_is_loaded_it_is_said_how_to_load_one(db):
    with pytest.raises(NotFound, match="The place is not loaded yet: run `locality load-pack`"):
        queries.place()
    with pytest.raises(NotFound, match="The place 'atlantis' is not loaded yet"):
        queries.place("atlantis")


def test_an_unknown_source_is_told_with_those_that_are_known(smallplace):
    with pytest.raises(NotFound) as refused:
        queries.source("fax")

    assert str(refused.value) == "There is no source 'fax'. The sources are: council, hospital, visits."


def test_a_source_comes_with_its_organisation_and_team_in_one_question(smallplace, django_assert_num_queries):
    with django_assert_num_queries(1):
        source = queries.source("visits")
        found = (source.organisation.name, source.relates_team.code, source.asserts, source.every_hours)

    assert found == ("Kind Neighbours", "uphill", ["caseload"], None)


def test_the_sources_are_one_question_however_many(smallplace, django_assert_num_queries):
    with django_assert_num_queries(1):
        names = [(source.code, source.organisation.short_name) for source in queries.sources()]

    assert names == [("council", "the council"), ("hospital", "Small Hospital"), ("visits", "Kind Neighbours")]


@pytest.mark.parametrize(
    ("on", "codes"),
    [
        (date(1999, 3, 31), ["ZZ2", "ZZ3"]),
        (date(1999, 4, 1), ["ZZ2"]),
        (date(2001, 4, 1), ["ZZ1"]),
    ],
)
def test_organisations_are_those_of_the_day(smallplace, on, codes):
    assert [row.code for row in queries.organisations_on(on).filter(kind="trust")] == codes


@pytest.mark.parametrize(
    ("on", "codes"),
    [
        (date(1999, 3, 31), ["ZZ3"]),
        (date(2000, 1, 1), ["ZZ2"]),
        (TODAY, ["ZZ1", "small-council"]),
    ],
)
def test_successors_are_followed_until_one_that_is_there(smallplace, on, codes):
    standing = queries.successors_of(queries.organisation("ZZ3"), on=on)

    assert [row.code for row in standing] == codes


def test_a_practice_is_found_by_its_ods_code_and_nothing_else_is(smallplace):
    assert queries.practice(" zz99901 ").name == "Mill Lane Surgery"
    assert queries.practice("ZZ1") is None
    assert queries.practice("P83007") is None


def test_neighbourhoods_of_many_postcodes_are_one_question(smallplace, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = queries.neighbourhoods_of(["zz11aa", "ZZ1 1AB", "ZZ2  2AA", "ZZ9 9ZZ", "nowhere"])
        names = {words: area.name for words, area in found.items()}

    assert names == {"zz11aa": "Uphill", "ZZ1 1AB": "Downhill", "ZZ2  2AA": "Downhill"}
    assert queries.neighbourhood_of("ZZ9 9ZZ") is None


def test_teams_are_those_of_the_day_in_one_question(smallplace, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = [(team.code, team.lead_organisation.code) for team in queries.teams(TODAY)]

    assert found == [("rapid", "ZZ1"), ("uphill", "ZZ1")]


def test_a_team_that_has_ended_is_still_found_by_its_code(smallplace):
    assert queries.team("uphill-first").ends_on == date(2024, 4, 1)
    with pytest.raises(NotFound, match="There is no team with the code 'downhill'"):
        queries.team("downhill")


def test_members_are_those_of_the_day_each_with_their_employer(smallplace, django_assert_num_queries):
    team = queries.team("uphill")

    with django_assert_num_queries(1):
        members = [(row.practitioner.name, row.employer.code) for row in queries.members_of(team, on=TODAY)]

    assert members == [("Ben Ash", "small-council"), ("Ms Amy Oak", "ZZ1")]
    assert list(queries.members_of(team, on=date(2024, 3, 31))) == []


def test_practitioners_are_found_one_or_many(smallplace):
    amy, ben = queries.practitioner_with_code("amy-oak"), queries.practitioner_with_code("ben-ash")

    assert queries.practitioner(amy.pk).employer.name == "Small Hospital NHS Trust"
    assert queries.practitioners([amy.pk, ben.pk, uuid4()]) == {amy.pk: amy, ben.pk: ben}
    with pytest.raises(NotFound, match="There is no such practitioner here"):
        queries.practitioner(uuid4())
    with pytest.raises(NotFound, match="There is no practitioner with the code 'cy-elm'"):
        queries.practitioner_with_code("cy-elm")


def test_neighbourhoods_are_those_of_the_day(smallplace):
    assert [area.name for area in queries.neighbourhoods(TODAY)] == ["Downhill", "Uphill"]


def test_another_place_is_asked_for_by_its_code(smallplace):
    assert [team.code for team in queries.teams(TODAY, place="smallplace")] == ["rapid", "uphill"]
    assert list(queries.teams(TODAY, place="atlantis")) == []
    assert Team.objects.count() == 3
