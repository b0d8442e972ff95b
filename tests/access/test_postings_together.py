"""Two administrators who change one of the staff at the same time: the second sees what the first did."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from locality.access.actions.postings import Change, Move, give_role, move_staff
from locality.access.models import Role
from locality.access.rules import RoleCode
from locality.base import Refused
from locality.directory.models import TeamMembership
from tests import factories as make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sql]

NEXT_MONTH = date(2026, 12, 1)


def at_once(*changes) -> list:
    """What each of these gave back, or the sentence of its refusal."""
    start = Barrier(len(changes))

    def run(change):
        try:
            start.wait()
            return change()
        except Refused as refused:
            return str(refused)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(changes)) as threads:
        return list(threads.map(run, changes))


@pytest.fixture
def ruth():
    who = make.practitioner("Ruth", "Adler")
    make.member(who, make.team())
    return who


def test_of_two_who_give_the_same_role_at_once_the_second_is_told(ruth):
    sam = make.viewer(RoleCode.ADMINISTRATOR, given="Sam")
    told = {"organisation": make.organisation("RSB"), "code": "clinician", "starts_on": NEXT_MONTH}

    answers = at_once(*[lambda: give_role(practitioner=ruth, by=sam, **told)] * 4)

    assert sum(isinstance(answer, Change) for answer in answers) == 1
    assert {answer for answer in answers if isinstance(answer, str)} == {
        "Ruth Adler has this role at Smallborough Hospitals already."
    }
    assert Role.objects.filter(practitioner=ruth).count() == 1


def test_of_two_who_move_somebody_at_once_the_second_is_told(ruth):
    sam = make.viewer(RoleCode.ADMINISTRATOR, given="Sam")
    hilltop, now_in = make.team("hilltop"), ruth.memberships.get()
    move = Move(leaves=now_in.pk, ends_on=NEXT_MONTH, joins=hilltop, starts_on=NEXT_MONTH)

    answers = at_once(*[lambda: move_staff(practitioner=ruth, move=move, by=sam)] * 3)

    assert sum(isinstance(answer, Change) for answer in answers) == 1
    assert {answer for answer in answers if isinstance(answer, str)} == {
        "Ruth Adler is already in Hilltop team from 1 December 2026."
    }
    assert TeamMembership.objects.filter(practitioner=ruth).count() == 2
