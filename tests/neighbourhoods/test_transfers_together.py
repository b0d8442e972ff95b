"""Two who press at the same moment, and work that is written while a service moves."""

import pytest

from locality.base import system
from locality.directory.models import Team
from locality.neighbourhoods.actions import tasks, transfer_moving, transfers
from locality.neighbourhoods.actions.tasks import NewTask
from locality.neighbourhoods.models import Referral, Task, Transfer, TransferAgreement
from locality.neighbourhoods.queries.transfer_counts import counts, within
from locality.neighbourhoods.rules.referrals import ReferralMove
from locality.neighbourhoods.rules.tasks import TaskMove
from tests import factories as make
from tests.neighbourhoods.referral_world import refer, say
from tests.neighbourhoods.transfer_world import (
    administrator,
    agreed,
    at_work,
    moved,
    new_side,
    northmoor,
    old_side,
    planned,
    referral,
    service,
)
from tests.population.test_reviewing_together import while_the_first_is_not_done

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sql]


def test_of_two_who_move_it_at_once_it_moves_once_and_the_second_reads_who_did():
    at_work()
    row, by, other = agreed(), administrator(), system(at=make.AT)

    _, second = while_the_first_is_not_done(
        lambda: transfer_moving.move(transfer=row.pk, by=by), lambda: transfer_moving.move(transfer=row.pk, by=other)
    )

    assert second == (
        "This move is: moved; waiting for both to sign. So that cannot be done now. Sam Fielding did that, "
        "5 November 2026 at 09:40."
    )
    row.refresh_from_db()
    assert (row.run, row.counts.values("run").distinct().count()) == (1, 1)


def test_of_two_who_undo_it_at_once_it_is_undone_once():
    at_work()
    row, by = moved(), administrator()

    _, second = while_the_first_is_not_done(
        lambda: transfer_moving.undo(transfer=row.pk, by=by), lambda: transfer_moving.undo(transfer=row.pk, by=by)
    )

    assert second.startswith("This move is: agreed by both. So that cannot be done now. Sam Fielding did that")


def test_of_one_who_signs_while_another_undoes_it_is_undone_and_not_signed():
    at_work()
    row, by, signs = moved(), administrator(), new_side()

    _, second = while_the_first_is_not_done(
        lambda: transfer_moving.undo(transfer=row.pk, by=by),
        lambda: transfers.sign(transfer=row.pk, words="", by=signs),
    )

    assert second == "This move is: agreed by both. So that cannot be done now."
    assert TransferAgreement.objects.filter(step="moved", ended_at=None).count() == 0


def test_of_two_of_one_side_who_agree_at_once_the_second_reads_who_was_first():
    row, first, other = planned(), old_side(), old_side(given="Oscar")

    _, second = while_the_first_is_not_done(
        lambda: transfers.agree(transfer=row.pk, words="", by=first),
        lambda: transfers.agree(transfer=row.pk, words="", by=other),
    )

    assert second == "Your organisation has agreed already: Olive Fielding did, 5 November 2026 at 09:40."


def test_of_two_who_plan_the_same_at_once_the_second_finds_that_it_moves_already():
    make.team(), service(), northmoor(), make.practitioner("Sam")

    _, second = while_the_first_is_not_done(planned, planned)

    assert second == "Riverside team is part of another move that is not over yet."
    assert Transfer.objects.count() == 1


def test_a_task_asked_for_while_it_moves_waits_and_is_the_new_organisations():
    world = at_work()
    row, by, sadia = agreed(), administrator(), make.viewer("care_coordinator", given="Sadia")
    new = NewTask(
        title="Ring her daughter", team=make.team().pk, due_on=make.TODAY, sender=make.organisation().pk,
        person=world["peggy"].pk,
    )  # fmt: skip

    while_the_first_is_not_done(
        lambda: transfer_moving.move(transfer=row.pk, by=by), lambda: tasks.ask(new=new, by=sadia)
    )

    row.refresh_from_db()
    found = counts(within=within(row), organisation=northmoor().pk, on=row.on)
    assert (found["tasks"], row.counts.get(code="tasks").before_from) == (2, 1)


def test_a_referral_that_is_withdrawn_while_it_moves_is_withdrawn_and_it_moves():
    world, hilltop = at_work(), make.team("hilltop")
    asked = referral(world["peggy"], to_team=make.team(), team=hilltop)
    make.relationship(world["peggy"], team=hilltop)
    row, by, tom = agreed(), administrator(), make.viewer(given="Tom", teams=frozenset({hilltop.pk}))

    while_the_first_is_not_done(
        lambda: say(asked, ReferralMove.WITHDRAW, by=tom), lambda: transfer_moving.move(transfer=row.pk, by=by)
    )

    row.refresh_from_db(), asked.refresh_from_db()
    assert (row.state, asked.state) == ("moved", "withdrawn")


def test_somebody_who_is_referred_to_the_service_again_while_it_moves_is_the_new_organisations():
    world, hilltop = at_work(), make.team("hilltop")
    make.relationship(world["peggy"], team=hilltop)
    row, by, tom = agreed(), administrator(), make.viewer(given="Tom", teams=frozenset({hilltop.pk}))
    told = {"to_service": service().pk, "team": hilltop.pk, "by": tom}
    first = refer(world["peggy"], **told)

    _, moves = while_the_first_is_not_done(
        lambda: refer(world["peggy"], need="lonely", all_the_same="It is another need", **told),
        lambda: transfer_moving.move(transfer=row.pk, by=by),
    )

    asked = Referral.objects.filter(person=world["peggy"]).select_related("relationship")
    assert (moves.state, {one.to_organisation for one in asked}) == ("moved", {northmoor()})
    assert ({one.relationship.organisation for one in asked}, first in asked) == ({northmoor()}, True)


def test_a_task_that_is_done_while_it_moves_is_not_missed_by_the_counts():
    world = at_work()
    row, by, sadia = agreed(), administrator(), make.viewer("care_coordinator", given="Sadia")

    while_the_first_is_not_done(
        lambda: tasks.move(task=world["task"].pk, move=TaskMove.FINISH, by=sadia),
        lambda: transfer_moving.move(transfer=row.pk, by=by),
    )

    row.refresh_from_db()
    assert (row.state, Task.objects.get().state) == ("moved", "done")
    assert Team.objects.get(pk=make.team().pk).lead_organisation == northmoor()


def test_a_referral_sent_at_that_moment_is_left_behind_seen_and_taken_along():
    world = at_work()
    row, by = agreed(), administrator()

    while_the_first_is_not_done(lambda: transfer_moving.move(transfer=row.pk, by=by), lambda: referral(world["peggy"]))

    row.refresh_from_db()
    left = counts(within=within(row), organisation=make.organisation("RSB").pk, on=row.on)
    assert {code: many for code, many in left.items() if many} == {"referrals-service": 1, "reasons-referral": 1}
    transfer_moving.take_along(transfer=row.pk, by=by)
    left = counts(within=within(row), organisation=make.organisation("RSB").pk, on=row.on)
    assert set(left.values()) == {0}
