"""What referrals other systems sent: told to those who look after sources, by reason, and about nobody."""

import json

import pytest

from locality.access.rules import RoleCode
from locality.base import NoAccess, NotFound
from locality.journal.models import Event
from locality.neighbourhoods.actions.referral_in import open_refused, try_again
from locality.neighbourhoods.models import Referral, ReferralReceived
from locality.neighbourhoods.queries import referrals_received as queries
from locality.neighbourhoods.rules import referrals_in as rules
from tests import factories as make
from tests.neighbourhoods.test_bars import example, julie, part, received, sender
from tests.neighbourhoods.work import known

pytestmark = pytest.mark.django_db


def keeper(**other):
    """Who looks after the sources, and sees no people."""
    return make.viewer(RoleCode.ADMINISTRATOR, given="Sam", teams=frozenset(), **other)


def withdrawn() -> dict:
    message = example()
    part(message, "MessageHeader")["reason"]["coding"][0]["code"] = "delete"
    return message


def numbered(number: int) -> dict:
    message = example()
    part(message, "ServiceRequest")["identifier"] = [{"value": f"R{number}"}]
    return message


def test_what_was_refused_stands_by_reason_with_what_mends_it_and_what_went_in_with_whom_it_is_for():
    received(withdrawn())
    julie()
    received(numbered(7), at=make.AT.replace(hour=10))

    found = queries.received(viewer=keeper(), code="one-one-one")

    [why] = found.reasons
    assert (why.words, why.what_to_do, why.count) == (rules.NOT_KNOWN, rules.WHAT_TO_DO[rules.NOT_KNOWN], 1)
    assert [one.identifier for one in why.rows] == ["236bb75d-90ef-461f-b71e-fde7f899802c"]
    assert [(one.identifier, one.to, one.refused) for one in found.taken] == [("R7", make.organisation("RYE").name, "")]
    assert (found.received, found.refused) == (2, 1)


def test_each_source_stands_with_how_many_it_sent_and_how_many_were_refused():
    received(withdrawn())
    received(numbered(2), source=make.source("acute"))
    received(numbered(3), source=make.source("acute"))

    found = queries.senders(viewer=keeper())

    assert [(one.code, one.received, one.refused) for one in found] == [("acute", 2, 2), ("one-one-one", 1, 1)]


def test_tried_again_after_mending_it_goes_in_as_if_it_had_been_right_and_the_rest_stays():
    received()
    received(numbered(2) | {"type": "collection"})
    julie()

    tried = try_again(code="one-one-one", by=keeper())

    row = Referral.objects.get()
    assert tried == (2, 1)
    assert (row.to_organisation.code, row.state) == ("RYE", "sent")
    assert sorted(ReferralReceived.objects.values_list("referral", flat=True), key=bool) == [None, row.pk]
    assert Event.objects.filter(what="referral.tried-again").count() == 1


def test_trying_again_twice_or_what_another_source_sent_changes_nothing():
    received()
    make.source("acute")
    julie()

    others = try_again(code="acute", by=keeper())
    turns = [try_again(code="one-one-one", by=keeper()) for _ in range(2)]

    assert (others, turns, Referral.objects.count()) == ((0, 0), [(1, 1), (0, 0)], 1)


def test_a_refused_one_is_opened_as_it_was_sent_and_that_is_written_down():
    received(withdrawn())
    row = ReferralReceived.objects.get()

    refused, text = open_refused(received=row.pk, by=keeper())

    assert (refused, json.loads(text)) == (rules.NOT_KNOWN, withdrawn())
    assert Event.objects.get(what="referral.refused-opened").about_id == row.pk


def test_one_that_was_taken_in_is_about_somebody_and_is_not_opened_here():
    julie()
    received()

    with pytest.raises(NotFound, match="no such refused referral"):
        open_refused(received=ReferralReceived.objects.get().pk, by=keeper())


@pytest.mark.parametrize("role", sorted(set(RoleCode) - {RoleCode.ADMINISTRATOR}))
def test_no_other_role_sees_or_tries_anything(role):
    received()
    known()
    viewer = make.viewer(role, given="Joanne")
    row = ReferralReceived.objects.get()

    for ask in (
        lambda: queries.senders(viewer=viewer),
        lambda: queries.received(viewer=viewer, code="one-one-one"),
        lambda: try_again(code="one-one-one", by=viewer),
        lambda: open_refused(received=row.pk, by=viewer),
    ):
        with pytest.raises(NoAccess):
            ask()

    assert Event.objects.filter(what__in=["referral.tried-again", "referral.refused-opened"]).count() == 0


def test_every_reason_says_what_to_do_about_it():
    reasons = [
        rules.NOT_SENDER.format(said="RYE", known="RND"),
        rules.NO_RECEIVER.format(code="XYZ"),
        rules.NOT_TAKEN.format(reason="update"),
        rules.CLOSED.format(code="XYZ"),
        rules.OVER.format(state="withdrawn"),
        rules.SAYS_OTHER,
        rules.NOBODY,
        rules.NOT_JSON,
        "It is no referral that can be taken in: it has no MessageHeader.",
    ]

    told = [rules.what_to_do(one) for one in reasons]

    assert told == [
        rules.WHAT_TO_DO[rules.NOT_SENDER],
        rules.WHAT_TO_DO[rules.NO_RECEIVER],
        rules.WHAT_TO_DO[rules.NOT_TAKEN],
        rules.WHAT_TO_DO[rules.CLOSED],
        rules.WHAT_TO_DO[rules.OVER],
        rules.WHAT_TO_DO[rules.SAYS_OTHER],
        rules.WHAT_TO_DO[rules.NOBODY],
        rules.TELL_SENDER,
        rules.TELL_SENDER,
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(django_assert_num_queries, count):
    source = sender()
    for number in range(count):
        received(numbered(number), source=source)
    julie()
    for number in range(count):
        received(numbered(10 + number), source=source)

    viewer = keeper()

    with django_assert_num_queries(6):
        found = queries.received(viewer=viewer, code=source.code)
    with django_assert_num_queries(1):
        queries.senders(viewer=viewer)

    assert (len(found.reasons[0].rows), len(found.taken)) == (count, count)
