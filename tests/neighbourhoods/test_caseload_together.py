"""Two of a team who press at the same moment: one is first, and the other sees why nothing was done."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection

from locality.base import NotFound, Refused
from locality.neighbourhoods.actions import put_forward
from locality.neighbourhoods.actions.candidates import decline
from locality.neighbourhoods.actions.caseload import come_off, hand_over, take_on
from locality.neighbourhoods.actions.caseload_progress import move_on, review
from locality.neighbourhoods.actions.staffing import add_post, be_away, fill_post
from locality.neighbourhoods.models import Absence, Allocation, Caseload, CaseloadHistory, PostFilled
from locality.neighbourhoods.rules.caseload import OffReason, Stage
from tests import factories as make
from tests.neighbourhoods.caseload_world import REVIEW_ON, coordinator, new, nurse
from tests.neighbourhoods.test_candidates import doctor, put

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sql]


def at_once(*acts) -> list[str]:
    """What becomes of acts that begin together: done, or the words of the refusal."""
    start = Barrier(len(acts))

    def one(act) -> str:
        try:
            start.wait()
            act()
            return "done"
        except (Refused, NotFound) as why:
            return str(why)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return sorted(threads.map(one, acts))


def test_of_two_who_take_the_same_person_on_one_does():
    told, joanne, sadia = new(make.person()), nurse(), coordinator()

    ends = at_once(lambda: take_on(new=told, by=joanne), lambda: take_on(new=told, by=sadia))

    assert ends == ["They are on this team's caseload already.", "done"]
    assert Caseload.objects.count() == 1


def test_of_two_who_move_them_on_from_what_they_saw_the_second_is_told_who_was_first():
    joanne, sadia = nurse(), coordinator()
    row = take_on(new=new(make.person()), by=joanne)

    ends = at_once(
        lambda: move_on(caseload=row.pk, stage=Stage.ACTIVE, why="", by=joanne, version=row.version),
        lambda: move_on(caseload=row.pk, stage=Stage.STEADY, why="", by=sadia, version=row.version),
    )

    assert (ends[1], ends[0].startswith("Somebody was first, so nothing was changed: ")) == ("done", True)
    assert CaseloadHistory.objects.filter(what="stage").count() == 1


def test_of_a_review_and_coming_off_at_once_the_row_ends_as_one_of_them_left_it():
    joanne, sadia = nurse(), coordinator()
    row = take_on(new=new(make.person()), by=joanne)

    ends = at_once(
        lambda: review(caseload=row.pk, next_on=REVIEW_ON, words="Well", by=joanne, version=row.version),
        lambda: come_off(caseload=row.pk, reason=OffReason.STEADY, words="", by=sadia, version=row.version),
    )

    assert ends.count("done") == 1
    assert CaseloadHistory.objects.filter(what__in=["reviewed", "came off"]).count() == 1


def test_two_who_hand_over_at_once_leave_one_coordinator():
    joanne, tom, sadia = nurse(), nurse("Tom"), coordinator()
    row = take_on(new=new(make.person()), by=joanne)

    ends = at_once(
        lambda: hand_over(caseload=row.pk, coordinator=tom.id, why="", by=joanne),
        lambda: hand_over(caseload=row.pk, coordinator=sadia.id, why="", by=sadia),
    )

    assert ends == ["done", "done"]
    assert Allocation.objects.filter(ends_at=None).count() == 1


def test_two_never_fill_more_hours_of_a_post_than_it_has():
    joanne, tom, sadia = nurse(), nurse("Tom"), coordinator()
    told = {"employer": make.organisation("RSB").pk, "hours": Decimal("37.5"), "starts_on": make.TODAY}
    post = add_post(team=make.team().pk, title="District nurse", by=sadia, **told)
    filled = {"post": post.pk, "hours": Decimal(30), "starts_on": make.TODAY}

    ends = at_once(
        lambda: fill_post(practitioner=joanne.id, by=sadia, **filled),
        lambda: fill_post(practitioner=tom.id, by=sadia, **filled),
    )

    assert ends == ["This post has 7.5 hours a week left to fill, so nothing was changed.", "done"]
    assert PostFilled.objects.count() == 1


def test_the_same_days_away_are_written_down_once():
    joanne, sadia = nurse(), coordinator()
    told = {"team": make.team().pk, "practitioner": joanne.id, "starts_on": make.TODAY, "ends_on": REVIEW_ON}

    ends = at_once(lambda: be_away(cover=None, by=joanne, **told), lambda: be_away(cover=None, by=sadia, **told))

    assert ends == ["They are away on some of these days already.", "done"]
    assert Absence.objects.count() == 1


def test_of_taking_on_and_declining_at_once_the_second_is_told_who_was_first():
    peggy, joanne, sadia = make.person(), nurse(), coordinator()
    waiting = put_forward(put=put(peggy), by=doctor())

    ends = at_once(
        lambda: take_on(new=new(peggy, candidate=waiting.pk), by=joanne),
        lambda: decline(candidate=waiting.pk, why="She does not want it", by=sadia),
    )

    waiting.refresh_from_db()
    refused = next(one for one in ends if one != "done")
    is_declined = waiting.state == "not taken on"
    assert (ends.count("done"), Caseload.objects.count()) == (1, 0 if is_declined else 1)
    assert refused.startswith("Sadia Fielding answered already: not taken on." if is_declined else "Nobody like that")
