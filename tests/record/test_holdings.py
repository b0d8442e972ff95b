"""How much is held of somebody, for whoever decides who is who: nothing that is kept back is counted."""

import pytest

from locality.access.models import PersonSeal
from locality.record.queries.holdings import holdings
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "kept_back",
    [
        {"label": "R"},
        {"label": "V"},
        {"seal": "sealed"},
        {"seal": "locked"},
        {"state": "wrong"},
        {"data_class": "SENS"},
    ],
)
def test_what_is_kept_back_is_not_counted(kept_back):
    _, (gp,) = make.peggy("gp")
    make.resource(gp, make.problem("Asthma"))
    make.resource(gp, make.problem("Gout", id="c2"), **kept_back)

    found = holdings(patients=[gp.pk], viewer=make.viewer("identity_custodian"))

    assert found[gp.pk].resources == 1


@pytest.mark.parametrize("seal", ["sealed", "locked"])
def test_what_the_person_closed_is_not_counted(seal):
    person, (gp,) = make.peggy("gp")
    make.resource(gp, make.problem("Asthma"))
    closed = make.resource(gp, make.problem("Gout", id="c2")).thing
    told = {"starts_on": make.TODAY, "made_at": make.AT, "made_by": make.viewer().id}
    PersonSeal.objects.create(person=person, thing=closed, seal=seal, **told)

    found = holdings(patients=[gp.pk], viewer=make.viewer("identity_custodian"))

    assert found[gp.pk].resources == 1
