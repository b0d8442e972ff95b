"""A refused referral for which nothing is left to do is dismissed, stays readable, and can be put back."""

import pytest
from django.db import IntegrityError, transaction

from locality.access.rules import RoleCode
from locality.base import NoAccess, NotFound, Refused
from locality.base.ids import new_id
from locality.journal.models import Event
from locality.neighbourhoods.actions.referral_dismissed import dismiss, put_back
from locality.neighbourhoods.actions.referral_in import open_refused, try_again
from locality.neighbourhoods.models import Referral, ReferralReceived
from locality.neighbourhoods.queries import referrals_received as queries
from locality.neighbourhoods.rules import referrals_in as rules
from locality.neighbourhoods.rules.referrals_in import Dismissal
from tests import factories as make
from tests.neighbourhoods.test_bars import julie, received, sender
from tests.neighbourhoods.test_referrals_received import keeper, numbered
from tests.population.test_reviewing_together import while_the_first_is_not_done

pytestmark = pytest.mark.django_db


def refused(number: int = 7, **other) -> ReferralReceived:
    """One about somebody whom nobody here knows."""
    received(numbered(number), **other)
    return ReferralReceived.objects.get(identifier=f"R{number}")


def dismissed(row: ReferralReceived | None = None, **other) -> ReferralReceived:
    told = {"why": Dismissal.DUPLICATE, "words": "", "by": keeper()} | other
    return dismiss(received=(row or refused()).pk, **told)


def stands() -> tuple[list[str], list[str]]:
    """The numbers of what waits, and of what is dismissed, as whoever keeps the sources sees them."""
    found = queries.received(viewer=keeper(), code="one-one-one")
    return (
        [one.identifier for why in found.reasons for one in why.rows],
        [one.came.identifier for one in found.dismissed],
    )


def test_dismissed_it_leaves_what_waits_and_stands_with_who_when_and_why():
    refused(8)

    dismissed(refused(7), why=Dismissal.OTHER, words=" Asked by telephone instead ")

    found = queries.received(viewer=keeper(), code="one-one-one")
    [one] = found.dismissed
    assert stands() == (["R8"], ["R7"])
    assert (found.refused, found.dismissed_of, found.taken_in, found.received) == (1, 1, 0, 2)
    assert (one.why, one.words, one.by, one.at) == (
        "Another reason",
        "Asked by telephone instead",
        "Sam Fielding",
        make.AT,
    )
    assert one.came.refused == rules.NOBODY
    assert [(one.refused, one.dismissed) for one in queries.senders(viewer=keeper())] == [(1, 1)]


def test_it_is_written_down_with_why_and_without_the_words():
    row = dismissed(why=Dismissal.OTHER, words="Of Julie, who moved away")

    line = Event.objects.get(what="referral.dismissed")
    assert (line.about_id, line.by_id, line.detail) == (row.pk, keeper().id, {"why": "other"})


def test_dismissed_it_is_kept_as_it_was_sent_and_opened_as_before():
    row = refused()
    content = bytes(row.content)

    dismissed(row)

    assert open_refused(received=row.pk, by=keeper()) == (rules.NOBODY, content.decode())


def test_what_is_dismissed_is_not_tried_again():
    dismissed()
    julie()

    tried = try_again(code="one-one-one", by=keeper())

    assert (tried, Referral.objects.count()) == ((0, 0), 0)


def test_put_back_it_waits_and_is_tried_again_and_that_it_was_dismissed_stays_on_it():
    row = dismissed()
    julie()

    put_back(received=row.pk, by=keeper(at=make.ago(hours=-1)))
    waits = stands()
    tried = try_again(code="one-one-one", by=keeper())

    row.refresh_from_db()
    assert (waits, tried) == ((["R7"], []), (1, 1))
    assert (row.dismissed_why, row.dismissed_by, row.put_back_at) == ("duplicate", keeper().id, make.ago(hours=-1))
    assert Event.objects.get(what="referral.put-back").about_id == row.pk


def test_dismissed_a_second_time_it_is_dismissed_by_whoever_did_so_last():
    row = dismissed()
    put_back(received=row.pk, by=keeper())

    dismissed(row, why=Dismissal.MISTAKE)

    row.refresh_from_db()
    assert (row.dismissed_why, row.put_back_at, stands()) == ("mistake", None, ([], ["R7"]))


def test_pressed_twice_nothing_happens_twice():
    row = refused()

    for _ in range(2):
        dismissed(row)
    for _ in range(2):
        put_back(received=row.pk, by=keeper())

    counted = Event.objects.filter(what__in=["referral.dismissed", "referral.put-back"]).values_list("what", flat=True)
    assert sorted(counted) == ["referral.dismissed", "referral.put-back"]


def test_whoever_comes_second_reads_who_was_first_and_when():
    row, other = refused(), keeper(id=make.practitioner("Olive").pk)
    dismissed(row)

    with pytest.raises(Refused, match="Sam Fielding dismissed it already, 5 November 2026 at 09:40."):
        dismissed(row, by=other)

    put_back(received=row.pk, by=keeper())
    with pytest.raises(Refused, match="Sam Fielding put it back already, 5 November 2026 at 09:40."):
        put_back(received=row.pk, by=other)


@pytest.mark.parametrize(
    ("words", "told"), [(" ", "Say in words why"), ("x" * 501, "That is longer than 500 letters: say it shorter.")]
)
def test_another_reason_is_said_in_words_and_not_too_many(words, told):
    with pytest.raises(Refused, match=told):
        dismissed(why=Dismissal.OTHER, words=words)

    assert stands() == (["R7"], [])


def test_what_was_taken_in_cannot_be_dismissed():
    julie()
    row = refused()

    with pytest.raises(Refused, match="taken in meanwhile"):
        dismissed(row)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReferralReceived.objects.update(dismissed_at=make.AT, dismissed_by=keeper().id, dismissed_why="mistake")


def test_what_was_never_dismissed_is_not_put_back_and_what_is_not_there_is_not_found():
    with pytest.raises(Refused, match="It is not dismissed"):
        put_back(received=refused().pk, by=keeper())
    with pytest.raises(NotFound):
        put_back(received=new_id(), by=keeper())
    with pytest.raises(NotFound):
        dismiss(received=new_id(), why=Dismissal.MISTAKE, by=keeper())


def test_the_same_file_again_leaves_it_dismissed_where_nothing_has_changed():
    dismissed()

    refused()

    assert stands() == ([], ["R7"])


def test_the_same_file_again_is_taken_in_where_it_can_be_now():
    row = dismissed()
    julie()

    refused(at=make.ago(hours=-1))

    row.refresh_from_db()
    assert (stands(), row.refused, row.put_back_at) == (([], []), "", make.ago(hours=-1))
    assert Referral.objects.get() == row.referral


def test_the_same_file_again_waits_where_it_is_refused_for_another_reason():
    dismissed()
    person = julie()
    person.died = True
    person.save(update_fields=["died"])

    refused()

    assert (ReferralReceived.objects.get().refused, stands()) == (rules.DIED, (["R7"], []))


@pytest.mark.parametrize("role", sorted(set(RoleCode) - {RoleCode.ADMINISTRATOR}))
def test_no_other_role_dismisses_or_puts_back(role):
    row, viewer = refused(), make.viewer(role, given="Joanne")

    for ask in (
        lambda: dismissed(row, by=viewer),
        lambda: put_back(received=row.pk, by=viewer),
        lambda: queries.refused_one(viewer=viewer, code="one-one-one", received=row.pk),
    ):
        with pytest.raises(NoAccess):
            ask()

    assert stands() == (["R7"], [])


def test_one_of_another_source_is_not_there_to_be_dismissed():
    row, _ = refused(), make.source("acute")

    with pytest.raises(NotFound):
        queries.refused_one(viewer=keeper(), code="acute", received=row.pk)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_dismissed_and_for_three(django_assert_num_queries, count):
    source = sender()
    for number in range(count):
        dismissed(refused(number, source=source))
    viewer = keeper()

    with django_assert_num_queries(7):
        found = queries.received(viewer=viewer, code=source.code)

    assert len(found.dismissed) == count


# ---- two at once


@pytest.mark.django_db(transaction=True)
@pytest.mark.sql
def test_of_two_who_dismiss_it_at_once_one_does_and_the_other_reads_who():
    row, by, other = refused(), keeper(), keeper(id=make.practitioner("Olive").pk)

    _, second = while_the_first_is_not_done(
        lambda: dismissed(row, by=by), lambda: dismissed(row, why=Dismissal.MISTAKE, by=other)
    )

    row.refresh_from_db()
    assert second.startswith("Sam Fielding dismissed it already, ")
    assert (row.dismissed_by, row.dismissed_why) == (by.id, "duplicate")


@pytest.mark.django_db(transaction=True)
@pytest.mark.sql
def test_of_one_who_dismisses_it_while_it_is_tried_again_it_is_taken_in_and_said():
    row, by = refused(), keeper()
    julie()

    tried, second = while_the_first_is_not_done(
        lambda: try_again(code="one-one-one", by=by), lambda: dismissed(row, by=by)
    )

    assert (tried, second) == ((1, 1), "It was taken in meanwhile, so there is nothing to dismiss.")


@pytest.mark.django_db(transaction=True)
@pytest.mark.sql
def test_of_one_who_tries_again_while_it_is_dismissed_it_stays_dismissed():
    row, by = refused(), keeper()
    julie()

    _, tried = while_the_first_is_not_done(lambda: dismissed(row, by=by), lambda: try_again(code="one-one-one", by=by))

    assert (tried, Referral.objects.count(), stands()) == ((0, 0), 0, ([], ["R7"]))
