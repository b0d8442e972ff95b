"""The button pressed twice at once: one opening, one alert."""

import pytest

from locality.access.actions import break_glass
from locality.access.models import Override
from locality.journal.models import News
from tests import factories as make
from tests.access.test_postings_together import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sql]


def test_broken_four_times_at_once_it_is_broken_once():
    peggy, _ = make.peggy()
    ruth = make.stranger()
    told = {"person_id": peggy.pk, "reason_code": "emergency", "words": "Seen in A&E, confused", "by": ruth}

    answers = at_once(*[lambda: break_glass(**told)] * 4)

    assert len({answer.pk for answer in answers}) == 1
    assert (Override.objects.count(), News.objects.filter(what="glass.broken").count()) == (1, 1)
