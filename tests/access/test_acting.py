"""Whoever may act for several opens the one they chose, and nobody by somebody else's right."""

import pytest

from locality.access.queries.acting import acts_for
from tests import factories as make
from tests.access.test_marks import acting, ann, herself, opens, proxied

pytestmark = pytest.mark.django_db


def test_by_rights_for_two_people_the_one_who_was_chosen_opens_and_the_other_does_not():
    daughter, peggy, stan = ann(), make.person(), make.person("Entwistle", "Stanley", nhs_number="")
    for one in (peggy, stan):
        make.relationship(one)
        proxied(one, daughter)

    found = {whom.pk: [opens(one, acting(daughter, whom)) for one in (peggy, stan)] for whom in (peggy, stan)}

    assert found == {peggy.pk: [True, False], stan.pk: [False, True]}


def test_the_rights_of_others_are_offered_to_nobody():
    daughter, peggy, stranger = ann(), make.person(), make.person("Stranger", "Sid", nhs_number="")
    make.relationship(peggy)
    proxied(peggy, daughter)

    offered = [[row.person for row in acts_for(viewer=herself(one))] for one in (daughter, stranger)]

    assert offered == [[peggy], []]
