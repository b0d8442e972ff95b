"""Whom somebody may know: an earlier identity is nobody's, and a team that somebody left gives no reason any more."""

from datetime import timedelta

import pytest

from locality.access import queries
from locality.access.actions import open_record
from locality.base import NotFound
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    """Peggy, and who she was before: a nurse's team has a reason to know both."""
    peggy, earlier = make.person(), make.person("Hargreaves", "Martin", nhs_number="")
    for one in (peggy, earlier):
        make.relationship(one)
    make.earlier_identity(peggy, earlier)
    return peggy, earlier


def test_an_earlier_identity_is_on_no_list(two):
    peggy, _ = two

    for own in (True, False):
        assert list(queries.visible_people(viewer=make.viewer(), on=make.TODAY, own=own)) == [peggy]


def test_an_earlier_identity_is_not_among_those_who_may_be_opened(two):
    peggy, earlier = two

    found = queries.openable(viewer=make.viewer(), person_ids=[peggy.pk, earlier.pk], on=make.TODAY)

    assert found == {peggy.pk}


def test_an_earlier_identity_opens_to_nobody_as_if_it_were_not_there(two):
    _, earlier = two

    with pytest.raises(NotFound):
        open_record(person_id=earlier.pk, by=make.viewer())


@pytest.mark.parametrize(("days", "still"), [(0, False), (1, True)])
def test_a_team_gives_reasons_until_the_day_on_which_somebody_leaves_it(days, still):
    jo, team = make.practitioner(), make.team()
    role, account = make.role(jo), make.account(jo)
    make.member(jo, team, ends_on=make.TODAY + timedelta(days=days))

    viewer = queries.viewer(account_id=account.pk, role_id=role.pk, at=make.AT)

    assert viewer.teams == (frozenset({team.pk}) if still else frozenset())
