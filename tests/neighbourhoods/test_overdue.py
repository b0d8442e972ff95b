"""An answer that is late is told once to whoever is to answer and to whoever asked, and that ends when it comes."""

from datetime import timedelta

import pytest

from locality.base import system
from locality.neighbourhoods.actions import referral_answers
from locality.neighbourhoods.actions.referral_overdue import tell_overdue
from locality.neighbourhoods.models import Alert, Referral
from locality.neighbourhoods.queries import inbox
from locality.neighbourhoods.queries.inbox import Wanted
from locality.neighbourhoods.rules.referrals import ReferralMove, Urgency
from locality.watch.reminding import reminding
from tests import factories as make
from tests.neighbourhoods.referral_world import accept, later, nurse, refer, say, therapist, volunteer
from tests.neighbourhoods.work import known

pytestmark = pytest.mark.django_db
ALL = Wanted(mine=False)
# four hours of work from the Thursday morning on which it is sent
LATE = timedelta(hours=5)


def urgent(**other):
    return refer(urgency=Urgency.URGENT, **other)


def turn(at=make.AT + LATE) -> int:
    return tell_overdue(by=system(at=at))


def told(viewer, at=make.AT + LATE) -> list[tuple[str, str]]:
    rows = inbox.told(viewer=make.replace(viewer, at=at), wanted=ALL)
    return [(one.words, one.owner) for one in rows if one.kind == "overdue"]


def test_both_sides_are_told_once_whose_turn_it_is():
    make.member(make.practitioner(), make.team())
    row = urgent()
    due = row.answer_by - timedelta(seconds=1)

    turns = [turn(due), turn(row.answer_by), turn(), turn(make.AT + timedelta(days=3))]

    assert turns == [0, 1, 0, 0]
    [(asked, whose)] = told(therapist())
    assert (asked.startswith(f"{make.team().name} waits for your answer, due "), whose) == (True, "")
    [(waited, whose)] = told(nurse())
    assert (waited.startswith(f"No answer from {make.team('hilltop').name}, due "), whose) == (True, "Joanne Fielding")
    # a third team knows her too, and is told of nothing
    make.relationship(row.person, team=make.team("bridge"))
    assert told(make.viewer(given="Omar", teams=frozenset({make.team("bridge").pk}))) == []


def test_it_is_due_in_working_time_so_that_a_weekend_makes_nothing_late():
    friday_evening = make.AT + timedelta(days=1, hours=7)
    urgent(by=nurse(at=friday_evening))

    assert [turn(friday_evening + timedelta(hours=hours)) for hours in (12, 24, 48, 72)] == [0, 0, 0, 1]


def test_what_is_answered_in_time_or_waits_for_its_sender_is_told_to_nobody():
    accept(urgent())
    say(urgent(need="stairs", all_the_same="Another need"), ReferralMove.ASK_MORE, by=therapist(), words="Which?")

    assert (turn(make.AT + timedelta(days=30)), Alert.objects.filter(kind="overdue").count()) == (0, 0)


@pytest.mark.parametrize("move", [ReferralMove.ACCEPT, ReferralMove.ASK_MORE])
def test_an_answer_is_the_end_of_it_on_both_sides(move):
    row = urgent()
    turn()

    say(row, move, by=later(therapist(), hours=6), words="Which side?")

    assert (told(nurse()), told(therapist())) == ([], [])
    assert set(Alert.objects.filter(kind="overdue").values_list("state", "done_by")) == {("done", therapist().id)}


def test_withdrawn_nobody_waits_and_taken_back_both_are_told_again():
    row = urgent()
    turn()
    say(row, ReferralMove.WITHDRAW, by=later(nurse(), hours=6))
    withdrawn = Alert.objects.filter(kind="overdue", state="done").count()

    referral_answers.undo(referral=row.pk, by=later(nurse(), hours=6, minutes=1))

    assert (withdrawn, Alert.objects.filter(kind="overdue", state="new").count()) == (2, 2)
    assert turn(make.AT + timedelta(hours=7)) == 0


def test_asked_anew_and_late_again_it_is_told_again():
    row = urgent()
    turn()
    say(row, ReferralMove.WITHDRAW, by=later(nurse(), hours=6))
    say(row, ReferralMove.REOPEN, by=later(nurse(), days=1))

    again = turn(make.AT + timedelta(days=5))

    due = Referral.objects.get().answer_by
    assert (again, Alert.objects.filter(kind="overdue", state="new", happened_at=due).count()) == (1, 2)


def test_what_was_late_before_more_was_asked_is_late_as_soon_as_that_is_answered():
    row = urgent()
    turn()
    say(row, ReferralMove.ASK_MORE, by=later(therapist(), hours=6), words="Which side?")
    while_asked = Alert.objects.filter(kind="overdue", state="done").count()

    say(row, ReferralMove.ANSWER_MORE, by=later(nurse(), days=1), words="The left")

    assert (while_asked, Alert.objects.filter(kind="overdue", state="new").count()) == (2, 2)
    assert turn(make.AT + timedelta(days=5)) == 0


def test_an_organisation_without_a_team_is_told_as_a_whole():
    urgent(person=known(), to_organisation=make.organisation("circle").pk)

    reminding(now=lambda: make.AT + LATE)()

    assert [words.partition(", due")[0] for words, _ in told(volunteer())] == [
        f"{make.team().name} waits for your answer"
    ]
    assert told(make.viewer(given="Nell", organisation=make.organisation("carers").pk, teams=frozenset())) == []


@pytest.mark.parametrize("count", [1, 3])
def test_a_turn_without_anything_new_costs_the_same_for_one_and_for_three(django_assert_num_queries, count):
    for number in range(count):
        urgent(person=known(make.person(given=f"Given{number}", family=f"F{number}")))
    turn()

    # the transaction, what is late, and the putting of nothing
    with django_assert_num_queries(5):
        turn()
