"""Two who press at the same moment: one is first, and the other reads who it was, or what was asked before."""

import pytest

from locality.neighbourhoods.actions import referral_links, tasks
from locality.neighbourhoods.actions.referral_answers import Said
from locality.neighbourhoods.actions.tasks import NewTask
from locality.neighbourhoods.models import Referral, ReferralHistory
from locality.neighbourhoods.queries.referrals import listed
from locality.neighbourhoods.queries.tasks import to_do
from locality.neighbourhoods.rules.referrals import Declined, ReferralMove
from tests import factories as make
from tests.neighbourhoods.referral_world import accept, later, nurse, refer, say, therapist
from tests.neighbourhoods.test_referral_links import TOKEN, sent
from tests.neighbourhoods.work import known
from tests.population.test_reviewing_together import while_the_first_is_not_done

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sql]


def test_accepted_and_withdrawn_at_once_the_second_reads_what_the_first_said():
    row, tom, joanne = refer(), later(therapist(), minutes=1), later(nurse(), minutes=1)

    _, second = while_the_first_is_not_done(
        lambda: say(row, ReferralMove.WITHDRAW, by=joanne), lambda: accept(row, by=tom)
    )

    assert second == (
        "This referral is: withdrawn. That cannot be done with it now. Joanne Fielding did that, Thu 5 Nov 2026, 09:41."
    )
    assert Referral.objects.get().state == "withdrawn"


def test_of_two_who_answer_at_once_one_answers():
    row, tom = refer(), later(therapist(), minutes=1)
    una = make.viewer(given="Una", teams=tom.teams, at=tom.at)

    _, second = while_the_first_is_not_done(
        lambda: say(row, ReferralMove.DECLINE, by=una, declined=Declined.NO_CAPACITY), lambda: accept(row, by=tom)
    )

    assert "Una Fielding did that" in second
    assert ReferralHistory.objects.filter(became="declined").count() == 1


def test_of_two_who_ask_for_the_same_at_once_the_second_is_shown_what_the_first_asked():
    peggy, joanne = known(), nurse()

    _, second = while_the_first_is_not_done(lambda: refer(peggy, by=joanne), lambda: refer(peggy, by=joanne))

    assert second.startswith("The same was asked for them lately")
    assert Referral.objects.count() == 1


@pytest.mark.parametrize("first_is", ["sent", "declined"])
def test_while_one_is_declined_another_to_the_same_team_keeps_its_reason_to_know_them(first_is):
    peggy, tom, joanne = known(), later(therapist(), minutes=1), later(nurse(), minutes=1)
    first = refer(peggy)

    def send():
        return refer(peggy, by=joanne, asked="Somebody to walk with", need="lonely", all_the_same="It is another need")

    def decline():
        return say(first, ReferralMove.DECLINE, by=tom, declined=Declined.NO_CAPACITY)

    while_the_first_is_not_done(*((send, decline) if first_is == "sent" else (decline, send)))

    second = Referral.objects.exclude(pk=first.pk).select_related("relationship").get()
    assert (second.state, second.relationship.ends_on) == ("sent", None)
    assert [one.id for one in listed(viewer=later(therapist(), days=2))] == [second.pk]


def test_while_one_is_declined_a_task_handed_to_the_same_team_keeps_its_reason_to_know_them():
    peggy, tom, joanne = known(), later(therapist(), minutes=1), later(nurse(), minutes=1)
    first, hilltop = refer(peggy), make.team("hilltop").pk
    told = {"title": "Ring her", "team": hilltop, "due_on": make.TODAY, "sender": make.organisation().pk}

    while_the_first_is_not_done(
        lambda: tasks.ask_about(new=NewTask(**told, person=peggy.pk), grant=make.opened(peggy, joanne), by=joanne),
        lambda: say(first, ReferralMove.DECLINE, by=tom, declined=Declined.NO_CAPACITY),
    )

    assert [one.title for one in to_do(viewer=later(therapist(), days=2))] == ["Ring her"]


def test_withdrawn_while_a_link_answers_the_link_is_over():
    row, joanne = sent(), later(nurse(), minutes=1)

    def by_link():
        try:
            referral_links.answer_by_link(token=TOKEN, move=ReferralMove.ACCEPT, said=Said(), at=joanne.at)
        except Exception as refused:  # noqa: BLE001 -- what the second reads is what is asked
            return str(refused)
        return "accepted"

    _, second = while_the_first_is_not_done(lambda: say(row, ReferralMove.WITHDRAW, by=joanne), by_link)

    assert second.startswith("This link opens nothing any more")
    assert Referral.objects.get().state == "withdrawn"
