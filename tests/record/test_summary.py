import pytest
from locality.record import queries
from tests import factories as make

pytestmark = [pytest.mark.django_db]

def test_it_runs():
    peggy, (gp, acute) = make.peggy("gp", "acute")
    make.resource(gp, make.allergy())
    make.resource(acute, make.problem())
    grant = make.opened(peggy)
    known = queries.summary(grant=grant, at=make.AT)
    import pprint; pprint.pprint(known)
    assert 0
