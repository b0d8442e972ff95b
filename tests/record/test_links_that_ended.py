"""What one source holds is somebody's for as long as it is linked to them, and not a page longer."""

import pytest

from locality.base import NotFound
from locality.people.models import Link
from locality.record.actions import say_not_theirs
from locality.record.queries.releasing import kept_back_line
from locality.record.queries.rows import classes_told_of
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def bruises():
    """Peggy, and a line of safeguarding that another source holds of her."""
    person, (acute,) = make.peggy("acute")
    return person, make.resource(acute, make.problem("Bruises"), data_class="SAFE")


def apart() -> None:
    Link.objects.update(ended_at=make.AT, ended_by=make.viewer().id)


def test_it_can_be_released_no_longer(bruises):
    person, row = bruises
    grant = make.opened(person, make.viewer("safeguarding_lead"))
    before = kept_back_line(grant=grant, thing=row.thing)

    apart()

    assert (before, kept_back_line(grant=grant, thing=row.thing)) == (row, None)


def test_nobody_is_told_any_longer_that_there_is_more(bruises):
    person, _ = bruises
    grant = make.opened(person, make.viewer("care_coordinator"))
    before = classes_told_of(grant)

    apart()

    assert (before, classes_told_of(grant)) == ({"SAFE"}, set())


def test_it_can_no_longer_be_said_to_be_somebody_elses(bruises):
    person, row = bruises
    lead = make.viewer("safeguarding_lead")
    grant = make.opened(person, lead)

    apart()

    with pytest.raises(NotFound):
        say_not_theirs(thing=row.thing, grant=grant, words="Not hers", by=lead)
