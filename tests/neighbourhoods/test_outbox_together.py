"""Two at one message at the same moment: it goes once or not at all, and whoever was second is told."""

from datetime import timedelta
from threading import Event, Thread

import pytest
from django.db import connection

from locality.base import system
from locality.neighbourhoods.actions import outbox, sending
from locality.neighbourhoods.actions.sending import send_due
from locality.neighbourhoods.models import Message, MessageHistory
from tests import factories as make
from tests.neighbourhoods.outbox_world import Posted, letter_to, message, peggy
from tests.neighbourhoods.work import as_viewer, colleague
from tests.population.test_reviewing_together import while_the_first_is_not_done

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sql]
LATER = make.AT + timedelta(minutes=5)
NOT_NOW = "This message is {}: that cannot be done with it now."


def test_what_is_being_sent_cannot_be_taken_back():
    row, nurse, way = message(peggy()), make.viewer(), Posted()

    _, second = while_the_first_is_not_done(
        lambda: send_due(post=way, by=system(at=LATER)), lambda: outbox.withdraw(message=row.pk, by=nurse)
    )

    assert second == NOT_NOW.format("sent")
    assert (Message.objects.get().state, len(way.went)) == ("sent", 1)


def test_what_is_being_taken_back_is_passed_over_and_does_not_go():
    row, nurse, way = message(peggy()), make.viewer(), Posted()

    _, turn = while_the_first_is_not_done(
        lambda: outbox.withdraw(message=row.pk, by=nurse), lambda: send_due(post=way, by=system(at=LATER))
    )

    assert (Message.objects.get().state, turn.sent, way.went) == ("withdrawn", 0, [])


def test_two_that_send_at_once_never_send_the_same():
    person = peggy()
    for number in range(6):
        message(person, subject=f"Message {number}")
    went, begun = [], Event()

    def post(one):
        went.append(one.id)
        begun.set()

    def send():
        try:
            send_due(post=post, by=system(at=LATER))
        finally:
            connection.close()

    both = [Thread(target=send) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert (len(went), len(set(went)), begun.is_set()) == (6, 6, True)
    assert MessageHistory.objects.filter(what="sent").count() == 6


def test_of_two_who_post_one_letter_the_second_is_told():
    row, sadia, nurse = letter_to(peggy()), as_viewer(colleague()), make.viewer()

    _, second = while_the_first_is_not_done(
        lambda: sending.posted(message=row.pk, by=sadia), lambda: sending.posted(message=row.pk, by=nurse)
    )

    assert (second, MessageHistory.objects.filter(what="sent").count()) == (NOT_NOW.format("sent"), 1)
