"""A link holds as long as it is needed; what the sender says reaches it by mail; what was said by it is taken back."""

from datetime import timedelta

import pytest

from locality.base import NotFound, system
from locality.neighbourhoods.actions import referral_answers, referral_links
from locality.neighbourhoods.actions.referral_link_life import tell_run_out
from locality.neighbourhoods.models import Alert, Message, ReferralHistory, ReferralLink
from locality.neighbourhoods.queries.leaving import checked
from locality.neighbourhoods.queries.referral_links import by_link
from locality.neighbourhoods.rules.outbox import Stop
from locality.neighbourhoods.rules.referrals import Declined, ReferralMove
from tests import factories as make
from tests.neighbourhoods.referral_world import later, nurse, refer, say
from tests.neighbourhoods.test_referral_links import TOKEN, answer, link, sent
from tests.neighbourhoods.work import known

pytestmark = pytest.mark.django_db


def mails() -> list[str]:
    return list(Message.objects.order_by("made_at", "pk").values_list("subject", flat=True))


def until():
    return ReferralLink.objects.get().expires_at


def undo(*, minutes, token=TOKEN):
    return referral_links.undo_by_link(token=token, at=make.AT + timedelta(minutes=minutes))


def test_what_was_asked_and_answered_stands_on_the_page_of_the_link():
    row = sent(words="Knock loudly")
    answer(ReferralMove.ASK_MORE, words="Has she a dog?")
    asked = by_link(token=TOKEN, at=make.AT)
    say(row, ReferralMove.ANSWER_MORE, by=later(nurse(), minutes=6), words="Two cats")

    one = by_link(token=TOKEN, at=make.AT)

    assert (asked.words, asked.question, asked.answer) == ("Knock loudly", "Has she a dog?", "")
    assert (one.question, one.answer) == ("Has she a dog?", "Two cats")


def test_a_link_that_was_ended_before_its_mail_left_does_not_go_and_taken_back_it_goes():
    row = sent()
    say(row, ReferralMove.WITHDRAW, by=later(nurse(), seconds=20))
    first = Message.objects.get(subject="Riverside team asks you for something for somebody")

    ended = checked(message=first, secure=(), at=make.AT).stop
    referral_answers.undo(referral=row.pk, by=later(nurse(), seconds=40))

    assert (ended, checked(message=first, secure=(), at=make.AT).stop) == (Stop.LINK_OVER, None)


def test_what_the_sender_says_goes_by_mail_and_names_nobody():
    peggy = known()
    row = sent(peggy)
    answer(ReferralMove.ASK_MORE, words="Has she a dog?")

    say(row, ReferralMove.ANSWER_MORE, by=later(nurse(), minutes=6), words="Two cats")
    say(row, ReferralMove.WITHDRAW, by=later(nurse(), minutes=7))
    say(row, ReferralMove.REOPEN, by=later(nurse(), minutes=8))

    assert mails() == [
        "Riverside team asks you for something for somebody",
        "Riverside team answered what you asked",
        "Riverside team no longer asks you for anything",
        "Riverside team asks you again for something for somebody",
    ]
    said = " ".join(Message.objects.values_list("body", flat=True))
    assert [one for one in (peggy.given, peggy.likes, peggy.family, "cats", TOKEN) if one in said] == []
    assert by_link(token=TOKEN, at=make.AT).state == "sent"


def test_where_no_link_was_sent_no_mail_goes():
    row = refer()

    say(row, ReferralMove.WITHDRAW, by=nurse())

    assert mails() == []


def test_a_link_holds_until_a_fortnight_after_what_was_said_and_what_is_booked():
    booked = make.AT + timedelta(days=20)
    sent()
    first = until()

    answer(ReferralMove.ACCEPT, minutes=60)
    accepted = until()
    answer(ReferralMove.BOOK, minutes=61, at=booked, where="At the hall")

    assert first == make.AT + timedelta(days=14)
    assert accepted == make.AT + timedelta(days=14, minutes=60)
    assert until() == booked + timedelta(days=14)


def test_when_a_link_runs_out_on_an_open_referral_whoever_asked_is_told_once():
    sent()
    early, late = (system(at=make.AT + timedelta(days=14, seconds=one)) for one in (-1, 0))

    told = [tell_run_out(by=by) for by in (early, late, late)]

    assert told == [0, 1, 0]
    alert = Alert.objects.get()
    assert (alert.team, alert.words) == (
        make.team(),
        "The link of Riverside Tea Circle has run out and nothing has come of it yet: A rail on the stairs. "
        "Send them another.",
    )


def test_of_a_link_whose_referral_is_over_nobody_is_told():
    sent()
    answer(ReferralMove.DECLINE, declined=Declined.NO_CAPACITY)

    assert tell_run_out(by=system(at=make.AT + timedelta(days=60))) == 0


def test_what_was_said_by_a_link_is_taken_back_within_a_quarter_of_an_hour_though_it_ended_the_link():
    row = sent()
    answer(ReferralMove.DECLINE, minutes=1, declined=Declined.NO_CAPACITY)
    with pytest.raises(NotFound):
        by_link(token=TOKEN, at=make.AT + timedelta(minutes=2))

    undo(minutes=16)

    row.refresh_from_db()
    one = by_link(token=TOKEN, at=make.AT + timedelta(minutes=17))
    assert (row.state, row.ended_at, row.declined, one.state, one.may_undo) == ("sent", None, "", "sent", False)
    assert ReferralHistory.objects.get(what="undone").who == "Riverside Tea Circle"
    told = Alert.objects.order_by("made_at").values_list("words", flat=True)
    assert list(told)[-1] == "Riverside Tea Circle took back what they said: A rail on the stairs"


def test_what_was_said_longer_ago_or_by_another_is_not_taken_back_by_a_link():
    row = sent()
    answer(ReferralMove.ACCEPT, minutes=1)
    offered = by_link(token=TOKEN, at=make.AT + timedelta(minutes=16)).may_undo

    with pytest.raises(NotFound):
        undo(minutes=17)
    with pytest.raises(NotFound):
        undo(minutes=2, token="another secret")
    referral_links.send_link(referral=row.pk, link=link("another secret"), by=later(nurse(), minutes=3))
    with pytest.raises(NotFound):
        undo(minutes=4)
    say(row, ReferralMove.WITHDRAW, by=later(nurse(), minutes=5))
    with pytest.raises(NotFound):
        undo(minutes=6, token="another secret")

    row.refresh_from_db()
    assert (offered, row.state) == (True, "withdrawn")


def test_a_withdrawal_that_is_taken_back_opens_the_link_again_and_says_so():
    row = sent()
    say(row, ReferralMove.WITHDRAW, by=nurse())

    referral_answers.undo(referral=row.pk, by=later(nurse(), minutes=1))

    assert by_link(token=TOKEN, at=make.AT).state == "sent"
    assert mails()[-1] == "Riverside team asks you again for something for somebody"
