"""Writing the audit: one line, and one for each of many."""

from uuid import uuid4

import pytest

from locality.journal.actions import log, log_each
from locality.journal.models import Event
from tests import factories as make

pytestmark = pytest.mark.django_db


def lines():
    return list(Event.objects.order_by("pk").values(*(one.attname for one in Event._meta.fields if one.name != "id")))


@pytest.mark.parametrize("detail", [None, {"run": str(uuid4()), "words": "Zoë: “all”", "most": 3}])
def test_a_line_for_each_of_many_is_the_line_for_each_alone_in_their_order(detail):
    joanne, people = make.viewer(), [uuid4() for _ in range(5)]
    for person in people:
        log(what="finding.listed", by=joanne, person=person, detail=detail)
    one_by_one = lines()

    log_each(what="finding.listed", by=joanne, people=iter(people), detail=detail)

    assert lines() == [*one_by_one, *one_by_one]
    assert len(one_by_one) == 5


def test_a_list_of_nobody_is_not_written_down(django_assert_num_queries):
    joanne = make.viewer()

    with django_assert_num_queries(0):
        log_each(what="finding.listed", by=joanne, people=[])

    assert lines() == []
