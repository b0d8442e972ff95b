"""Staff come, move and go, each with a day and a name behind it."""

from datetime import date

import pytest

from locality.base import Refused
from locality.directory import queries
from locality.directory.actions import add_practitioner, change_end, join_team, leave_team
from locality.directory.models import Practitioner, TeamMembership
from locality.directory.queries.spans import held_on
from locality.journal.models import Event

TODAY = date(2026, 11, 21)


@pytest.fixture
def cy(smallplace, by):
    return add_practitioner(
        place=queries.place(),
        code="Cy-Elm",
        prefix="Dr",
        given="Cy",
        family="Élm",
        profession="GP",
        employer=queries.practice("ZZ99901"),
        origin="by hand",
        by=by,
    )


def put_into_uphill(practitioner, *, by, starts_on=TODAY, ends_on=None) -> TeamMembership:
    return join_team(
        practitioner=practitioner,
        team=queries.team("uphill"),
        employer=practitioner.employer,
        post="GP",
        starts_on=starts_on,
        ends_on=ends_on,
        by=by,
    )


def audited(what: str) -> list[tuple]:
    return [(line.about_id, line.by_id, line.detail) for line in Event.objects.filter(what=what).order_by("pk")]


def test_a_practitioner_is_added_and_sorts_without_accents(cy, by):
    assert queries.practitioner_with_code("cy-elm") == cy
    assert (cy.name, cy.sort_key) == ("Dr Cy Élm", "elm cy")
    assert audited("practitioner.add") == [(cy.pk, by.id, {"code": "cy-elm"})]


@pytest.mark.parametrize(
    ("code", "family", "sentence"),
    [
        ("amy-oak", "Oak", "There is already a practitioner with the code 'amy-oak'."),
        ("amy oak!", "Oak", "'amy oak!' is not a code: small letters, digits and hyphens, such as early-help."),
        ("amy-2", " ", "A practitioner needs a given name, a family name and a profession."),
    ],
)
def test_a_practitioner_who_cannot_be_added_is_refused_in_words(smallplace, by, code, family, sentence):
    before = Practitioner.objects.count()

    with pytest.raises(Refused) as refused:
        add_practitioner(
            place=queries.place(), code=code, given="Amy", family=family, profession="Nurse", origin="x", by=by
        )

    assert str(refused.value) == sentence
    assert Practitioner.objects.count() == before


def test_someone_joins_a_team_and_leaves_it(cy, by):
    membership = put_into_uphill(cy, by=by)
    leave_team(membership=membership, ends_on=date(2026, 12, 1), by=by)

    days = [date(2026, 11, 20), TODAY, date(2026, 11, 30), date(2026, 12, 1)]
    there = [TeamMembership.objects.filter(held_on(day), practitioner=cy).count() for day in days]

    assert there == [0, 1, 1, 0]
    told = {"team": "uphill", "practitioner": "cy-elm", "starts_on": "2026-11-21"}
    assert audited("team.join") == [(membership.pk, by.id, told)]
    assert audited("team.leave") == [(membership.pk, by.id, {"ends_on": "2026-12-01"})]


def test_nobody_is_in_a_team_twice_on_one_day(cy, by):
    put_into_uphill(cy, by=by, starts_on=date(2026, 6, 1), ends_on=date(2026, 9, 1))

    with pytest.raises(Refused, match="Dr Cy Élm is already in Uphill team from 1 June 2026"):
        put_into_uphill(cy, by=by, starts_on=date(2026, 5, 1), ends_on=date(2026, 6, 2))
    with pytest.raises(Refused, match="is already in Uphill team from 1 June 2026"):
        put_into_uphill(cy, by=by, starts_on=date(2026, 8, 31))

    put_into_uphill(cy, by=by, starts_on=date(2026, 9, 1))
    assert TeamMembership.objects.filter(practitioner=cy).count() == 2


def test_someone_who_left_on_their_first_day_may_join_again_that_day(cy, by):
    first = put_into_uphill(cy, by=by)
    leave_team(membership=first, ends_on=TODAY, by=by)

    again = put_into_uphill(cy, by=by)

    assert (again.pk, again.ends_on) == (first.pk, None)
    assert [row.pk for row in TeamMembership.objects.filter(held_on(TODAY), practitioner=cy)] == [again.pk]


def test_a_team_is_joined_only_while_it_is_there(cy, by):
    with pytest.raises(Refused, match="First Uphill team is not there on 1 April 2024"):
        join_team(
            practitioner=cy,
            team=queries.team("uphill-first"),
            employer=cy.employer,
            post="GP",
            starts_on=date(2024, 4, 1),
            by=by,
        )
    with pytest.raises(Refused, match="The last day in a team must come after the first"):
        put_into_uphill(cy, by=by, ends_on=TODAY)


def test_leaving_twice_or_before_joining_is_refused(cy, by):
    membership = put_into_uphill(cy, by=by)

    with pytest.raises(Refused, match="This cannot end before it began on 21 November 2026"):
        leave_team(membership=membership, ends_on=date(2026, 11, 20), by=by)
    leave_team(membership=membership, ends_on=date(2026, 12, 1), by=by)
    with pytest.raises(Refused, match="This already ended on 1 December 2026"):
        leave_team(membership=membership, ends_on=date(2027, 1, 1), by=by)


# ---- another end


def test_an_end_may_come_sooner_be_taken_back_or_be_the_first_day(cy, by):
    membership = put_into_uphill(cy, by=by, ends_on=date(2027, 1, 1))

    for ends_on in (date(2026, 12, 1), None, TODAY):
        assert change_end(membership=membership, ends_on=ends_on, by=by).ends_on == ends_on

    assert [detail for _, _, detail in audited("team.end-changed")] == [
        {"was": "2027-01-01", "ends_on": "2026-12-01"},
        {"was": "2026-12-01", "ends_on": None},
        {"was": None, "ends_on": "2026-11-21"},
    ]
    assert TeamMembership.objects.filter(held_on(TODAY), practitioner=cy).count() == 0


def test_an_end_never_comes_before_the_first_day_nor_meets_another_time_in_the_team(cy, by):
    first = put_into_uphill(cy, by=by, starts_on=date(2026, 6, 1), ends_on=date(2026, 9, 1))
    put_into_uphill(cy, by=by, starts_on=date(2026, 9, 1))

    with pytest.raises(Refused, match="This cannot end before it began on 1 June 2026"):
        change_end(membership=first, ends_on=date(2026, 5, 31), by=by)
    with pytest.raises(Refused, match="They are in this team again from 1 September 2026: change that first"):
        change_end(membership=first, ends_on=None, by=by)

    assert TeamMembership.objects.get(pk=first.pk).ends_on == date(2026, 9, 1)


def test_a_time_in_a_team_that_was_undone_is_in_nobodys_way(cy, by):
    later = put_into_uphill(cy, by=by, starts_on=date(2027, 1, 1))
    change_end(membership=later, ends_on=date(2027, 1, 1), by=by)

    put_into_uphill(cy, by=by)

    assert TeamMembership.objects.filter(practitioner=cy, ends_on=None).count() == 1
