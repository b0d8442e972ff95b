"""Two at the practice who answer for one person at the same moment: one is first, and the other is told."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from locality.neighbourhoods.models import Candidate
from locality.population.actions.reviewing import Overtaken, Said, review
from locality.population.models import Found, Review
from locality.population.rules.finding import Answer, DeclineReason
from tests.population.finding_world import build, gp

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sql]


def test_of_two_who_answer_at_once_one_is_kept_and_the_other_is_told(tmp_path):
    place = build(tmp_path)
    place.person("ann")
    place.find()
    found, start = Found.objects.get(), Barrier(2)
    told = [Said(answer=Answer.ACCEPTED), Said(answer=Answer.DECLINED, reason=DeclineReason.DOING_WELL)]
    doctors = [gp("Helen"), gp("Olga")]

    def answer(said, by):
        try:
            start.wait()
            return review(found_id=found.pk, said=said, by=by).person.family
        except Overtaken:
            return "told"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        ends = sorted(threads.map(answer, told, doctors))

    row = Found.objects.get()
    assert ends == ["Ann", "told"]
    assert Review.objects.count() == 1
    assert (row.state, Candidate.objects.count()) in [("accepted", 1), ("declined", 0)]
