"""Two custodians who decide at the same moment: one is first, and the other is told."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from locality.base import Overtaken
from locality.people.actions import deciding
from locality.people.actions.deciding import Decided
from locality.people.models import Label, Link, Merge
from locality.people.queries.review import mark_of
from tests import factories as make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sql]


def at_once(*runs) -> list:
    start = Barrier(len(runs))

    def run(one):
        try:
            start.wait()
            return one()
        except Overtaken:
            return "told"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(runs)) as threads:
        return list(threads.map(run, runs))


def test_of_two_who_answer_at_once_one_is_kept_and_the_other_is_told():
    one, two = (make.patient(make.person(nhs_number=""), make.source(code)) for code in ("gp", "acute"))
    pair = make.pair(one, two)
    seen = mark_of(pair)
    desmond = make.viewer("identity_custodian", given="Desmond")

    ends = at_once(
        *[
            lambda answer=answer: deciding.say(pair=pair, answer=answer, reason="I know", by=desmond, seen=seen)
            for answer in ("same", "different", "same")
        ]
    )

    assert sorted(isinstance(end, Decided) for end in ends) == [False, False, True]
    (label,) = Label.objects.filter(withdrawn_at=None)
    people = set(Link.objects.filter(ended_at=None).values_list("person_id", flat=True))
    assert (len(people), Merge.objects.count()) == ((1, 1) if label.answer == "same" else (2, 0))
