"""Two at the practice who answer for one person at the same moment: one is first, and the other is told."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from django.db import connection, transaction

from locality.access.actions import open_record
from locality.base import Overtaken, Refused
from locality.neighbourhoods.actions import put_forward
from locality.neighbourhoods.models import Candidate
from locality.population.actions.reviewing import Said, nominate, review
from locality.population.models import Found, Review
from locality.population.rules.finding import Answer, DeclineReason
from tests import factories as make
from tests.neighbourhoods.test_candidates import doctor, put
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


def while_the_first_is_not_done(first, second):
    """What both return, the second begun after the first has written and before it is done."""
    written, begun = Event(), Event()

    def one():
        try:
            with transaction.atomic():
                done = first()
                written.set()
                begun.wait(5)
                # the second is at work, or waits for this one
                time.sleep(0.3)
            return done
        finally:
            written.set()
            connection.close()

    def other():
        try:
            written.wait(5)
            begun.set()
            return second()
        except Refused as refused:
            return str(refused)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        ends = [threads.submit(one), threads.submit(other)]
        return [end.result() for end in ends]


def test_of_two_who_put_somebody_forward_at_once_the_second_finds_the_firsts(transactional_db):
    asked, by = put(make.person()), doctor()

    first, second = while_the_first_is_not_done(
        lambda: put_forward(put=asked, by=by), lambda: put_forward(put=asked, by=by)
    )

    assert (first.pk, Candidate.objects.count()) == (second.pk, 1)


def test_of_two_who_name_somebody_at_once_the_second_is_told(tmp_path):
    place = build(tmp_path)
    ann = place.person("ann")
    helen, olga = gp("Helen"), gp("Olga")
    grants = [open_record(person_id=ann.pk, by=one) for one in (helen, olga)]

    first, second = while_the_first_is_not_done(
        lambda: nominate(grant=grants[0], words="Her husband died", by=helen),
        lambda: nominate(grant=grants[1], words="Falls", by=olga),
    )

    assert Found.objects.get() == first
    assert second.startswith("They wait on the list already: Helen Marsden named them on ")
