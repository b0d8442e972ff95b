"""What became of a referral goes back to the system that sent it: each step in words, and of the dead as well."""

from datetime import timedelta
from typing import Any

import pytest

from locality.base import system
from locality.neighbourhoods.actions import referral_answers, sending
from locality.neighbourhoods.models import Alert, Message, Referral
from locality.neighbourhoods.rules.outbox import STOP_WORDS, Channel, Stop
from locality.neighbourhoods.rules.referrals import Declined, Outcome, ReferralMove
from tests import factories as make
from tests.neighbourhoods.referral_world import accept, later, refer, say
from tests.neighbourhoods.test_bars import julie, part, received
from tests.neighbourhoods.work import known

pytestmark = pytest.mark.django_db


def there(row: Referral, **span: float) -> Any:
    """Somebody of the organisation that was asked, so much later."""
    return later(make.viewer(given="Tom", organisation=row.to_organisation_id, teams=frozenset()), **span)


def sent() -> Referral:
    julie()
    received()
    return Referral.objects.get()


def backs() -> list[tuple[str, list[str]]]:
    """What went back, in order: the state, and the notes that stand in it besides what they sent."""
    row = Referral.objects.get(identifier__gt="")
    found = []
    for message in Message.objects.order_by("made_at"):
        request = part(message.payload, "ServiceRequest")
        found.append((request["status"], [one["text"] for one in request["note"] if one["text"] != row.words]))
    return found


def turn(*, hours: float = 1) -> tuple[sending.Turn, list[Any]]:
    went: list[Any] = []
    came = sending.send_due(post=went.append, by=system(at=make.AT + timedelta(hours=hours)))
    return came, went


def test_what_became_of_it_goes_back_and_of_our_own_nothing_does():
    row = sent()

    say(row, ReferralMove.DECLINE, by=there(row, minutes=1), declined=Declined.NO_CAPACITY, words="Ask in May")
    accept(refer(known()))

    back = Message.objects.get()
    request = part(back.payload, "ServiceRequest")
    assert (back.channel, back.to_organisation_id, back.person_id) == ("referral", row.sender_id, row.person_id)
    assert (request["status"], request["identifier"][0]["value"]) == ("revoked", row.identifier)
    assert request["note"][-1]["text"] == "Declined: There is no room now: Ask in May"
    assert part(back.payload, "MessageHeader")["eventCoding"]["code"] == "servicerequest-response"


def test_each_step_goes_back_with_its_words_what_is_booked_and_what_came_of_it():
    row = sent()
    name = row.to_organisation.name
    day = make.AT.replace(day=9)

    say(row, ReferralMove.ACCEPT, by=there(row, minutes=1))
    say(row, ReferralMove.BOOK, by=there(row, minutes=2), at=day, where="At home", words="Ring twice")
    say(row, ReferralMove.SEE, by=there(row, minutes=3))
    say(row, ReferralMove.FINISH, by=there(row, minutes=4), outcome=Outcome.NOT_MET, words="She moved")

    assert backs() == [
        ("active", [f"{name} accepted"]),
        ("active", [f"{name} booked it: Mon 9 Nov 2026, 09:40, At home, Ring twice"]),
        ("active", [f"{name} saw them", "Booked: Mon 9 Nov 2026, 09:40, At home"]),
        ("completed", [f"{name} finished: It did not come about: She moved", "Booked: Mon 9 Nov 2026, 09:40, At home"]),
    ]
    last = Message.objects.order_by("made_at").last()
    assert last.body.splitlines() == [f"{row.asked}: done.", *backs()[-1][1]]


def test_what_is_asked_goes_back_with_the_question_and_so_does_what_is_taken_back():
    row = sent()
    say(row, ReferralMove.ASK_MORE, by=there(row, minutes=1), words="Which leg?")
    say(row, ReferralMove.ACCEPT, by=there(row, minutes=2))

    referral_answers.undo(referral=row.pk, by=there(row, minutes=3))

    name = row.to_organisation.name
    assert backs() == [
        ("on-hold", [f"{name} asks for more: Which leg?"]),
        ("active", [f"{name} accepted"]),
        ("on-hold", [f"{name} took back what they said"]),
    ]


def test_that_somebody_died_goes_back_to_whoever_asked():
    row = sent()
    say(row, ReferralMove.ACCEPT, by=there(row, minutes=1))
    row.person.died = True
    row.person.save()

    say(row, ReferralMove.FINISH, by=there(row, minutes=2), outcome=Outcome.DIED)
    came, went = turn()

    assert came == sending.Turn(sent=2)
    assert [part(one.payload, "ServiceRequest")["status"] for one in went] == ["active", "completed"]
    assert "died" in part(went[-1].payload, "ServiceRequest")["note"][-1]["text"].lower()


def test_nothing_else_about_the_dead_goes_to_another_organisation():
    row = sent()
    say(row, ReferralMove.ACCEPT, by=there(row, minutes=1))
    row.person.died = True
    row.person.save()
    Message.objects.update(about="support")

    turn()

    assert Message.objects.get().stopped_why == STOP_WORDS[Stop.DIED]


def test_an_answer_that_is_stopped_is_told_to_the_organisation_where_no_team_was_asked():
    row = sent()
    say(row, ReferralMove.ACCEPT, by=there(row, minutes=1))
    Message.objects.update(to_id=make.organisation("carers", ends_on=make.TODAY).pk)

    turn()

    told = Alert.objects.get(about_id=Message.objects.get().pk)
    assert (told.organisation_id, told.team) == (row.to_organisation_id, None)
    assert STOP_WORDS[Stop.CLOSED] in told.words
    assert Message.objects.get().channel == Channel.REFERRAL
