"""A link for a charity without an account: the least is shown, it answers, it ends; two at once; wrong ones counted."""

from datetime import timedelta

import pytest

from locality.access.actions import record_objection
from locality.access.models import Relationship
from locality.access.rules import ObjectionKind
from locality.base import NotFound, Refused
from locality.journal.models import Event
from locality.neighbourhoods.actions import referral_links
from locality.neighbourhoods.actions.referral_answers import Said
from locality.neighbourhoods.actions.referral_links import NewLink
from locality.neighbourhoods.models import Alert, Message, Referral, ReferralHistory, ReferralLink, ReferralLinkTry
from locality.neighbourhoods.queries.referral_links import by_link, links_of
from locality.neighbourhoods.rules.referrals import WRONG_LINKS, Declined, Outcome, ReferralMove
from tests import factories as make
from tests.neighbourhoods.referral_world import befriending, later, new, nurse, say
from tests.neighbourhoods.work import known

pytestmark = pytest.mark.django_db
TOKEN = "a secret of the tests"


def link(token=TOKEN, **other) -> NewLink:
    told = {"to_name": "Riverside Tea Circle", "to_address": "hello@tea-circle.example", "token": token}
    return NewLink(address=lambda secret: f"https://place.example/referral/link/{secret}", **(told | other))


def sent(person=None, **other) -> Referral:
    """Joanne refers Peggy to the charity by a link."""
    asked = new(to_service=befriending().pk, need="loneliness", contact="0161 496 0127, after ten", **other)
    grant = make.opened(person or known(), nurse())
    return referral_links.refer_by_link(new=asked, link=link(), grant=grant, by=nurse())


def answer(move, *, token=TOKEN, minutes=5, **said):
    at = make.AT + timedelta(minutes=minutes)
    return referral_links.answer_by_link(token=token, move=move, said=Said(**said), at=at)


def test_a_link_shows_a_first_name_and_what_is_asked_and_nothing_else():
    peggy = known()
    sent(peggy, facts=[{"words": "Penicillin"}], words="Her daughter is tired")

    one = by_link(token=TOKEN, at=make.AT)

    told = repr(one)
    assert (one.first_name, one.need, one.asked, one.contact) == (
        "Peggy",
        "loneliness",
        "A rail on the stairs",
        "0161 496 0127, after ten",
    )
    assert one.words == "Her daughter is tired"
    hidden = [peggy.family, peggy.nhs_number, peggy.address, peggy.postcode, "1942", "Penicillin"]
    assert [words for words in hidden if words in told] == []


def test_by_a_link_nobody_may_open_the_record_and_nothing_of_it_goes():
    peggy = known()
    row = sent(peggy, facts=[{"words": "Penicillin"}])

    assert (row.facts, row.relationship_id) == ([], None)
    assert list(Relationship.objects.filter(person=peggy).values_list("kind", flat=True)) == ["caseload"]


def test_the_secret_is_in_the_mail_alone_and_nobody_is_named_there():
    peggy = known()
    sent(peggy)

    mail, kept = Message.objects.get(), ReferralLink.objects.get()
    assert (TOKEN in mail.body, mail.secret) == (False, f"https://place.example/referral/link/{TOKEN}")
    assert (mail.channel, mail.to_kind, mail.to_address) == ("email", "service", "hello@tea-circle.example")
    assert [one for one in (peggy.given, peggy.likes, peggy.family) if one in mail.body + mail.subject] == []
    assert "Read it and answer here, until Thu 19 Nov 2026:" in mail.body
    assert TOKEN.encode() not in bytes(kept.digest)
    assert [one for one in Event.objects.values_list("detail", flat=True) if TOKEN in str(one)] == []


def test_answered_by_a_link_the_sender_is_told_in_the_name_it_was_sent_to():
    row = sent()

    answer(ReferralMove.ASK_MORE, words="Has she a dog?")
    say(row, ReferralMove.ANSWER_MORE, by=later(nurse(), minutes=6), words="No")
    answer(ReferralMove.ACCEPT, minutes=7)
    answer(ReferralMove.BOOK, minutes=8, at=make.AT + timedelta(days=2), where="At the hall")
    answer(ReferralMove.FINISH, minutes=9, outcome=Outcome.MET, words="She comes every week")

    row.refresh_from_db()
    assert (row.state, row.outcome, row.owner_id) == ("done", "met", None)
    told = list(Alert.objects.filter(team=make.team()).order_by("made_at").values_list("words", flat=True))
    assert told[0] == "Riverside Tea Circle asks for more: A rail on the stairs (Has she a dog?)"
    assert len(told) == 4
    said = ReferralHistory.objects.exclude(who="").values_list("who", flat=True).distinct()
    assert list(said) == ["Riverside Tea Circle"]


@pytest.mark.parametrize(
    ("move", "said"),
    [
        (ReferralMove.DECLINE, {"declined": Declined.NO_CAPACITY}),
        (ReferralMove.WITHDRAW, {}),
    ],
)
def test_when_the_referral_is_over_so_is_its_link(move, said):
    row = sent()

    if move == ReferralMove.WITHDRAW:
        say(row, move, by=nurse())
    else:
        answer(move, **said)

    with pytest.raises(NotFound, match="opens nothing any more"):
        by_link(token=TOKEN, at=make.AT + timedelta(minutes=6))
    with pytest.raises(NotFound):
        answer(ReferralMove.ACCEPT, minutes=6)
    assert ReferralLink.objects.get().ended_at is not None


def test_a_link_holds_for_fourteen_days_and_a_new_one_ends_the_one_before():
    row = sent()
    last = make.AT + timedelta(days=14)

    assert by_link(token=TOKEN, at=last - timedelta(seconds=1)).first_name == "Peggy"
    with pytest.raises(NotFound):
        by_link(token=TOKEN, at=last)
    referral_links.send_link(referral=row.pk, link=link("another secret"), by=later(nurse(), days=1))
    with pytest.raises(NotFound):
        by_link(token=TOKEN, at=make.AT + timedelta(days=1))
    assert by_link(token="another secret", at=make.AT + timedelta(days=1)).asked == "A rail on the stairs"
    assert [one.holds(make.AT + timedelta(days=1)) for one in links_of(row.pk)] == [True, False]


def test_after_they_died_a_link_shows_nothing():
    peggy = known()
    sent(peggy)
    peggy.died = True
    peggy.save(update_fields=["died"])

    with pytest.raises(NotFound):
        by_link(token=TOKEN, at=make.AT)


def test_by_a_link_nobody_withdraws_or_asks_again():
    sent()

    for move in (ReferralMove.WITHDRAW, ReferralMove.REOPEN, ReferralMove.ANSWER_MORE):
        with pytest.raises(Refused, match="cannot be said by a link"):
            answer(move)


def test_opening_is_counted_and_wrong_links_stop_a_network():
    sent()

    def follow(token, *, network="192.0.2.1", at=make.AT):
        referral_links.check_link(token=token, network=network, at=at)

    follow(TOKEN)
    follow(TOKEN)
    assert ReferralLink.objects.get().opened_times == 2
    for number in range(WRONG_LINKS):
        with pytest.raises(NotFound, match="opens nothing"):
            follow(f"wrong {number}")
    with pytest.raises(NotFound, match="Wait an hour"):
        follow(TOKEN)
    follow(TOKEN, network="192.0.2.2")
    follow(TOKEN, at=make.AT + timedelta(hours=1))
    with pytest.raises(NotFound):
        follow("wrong", at=make.AT + timedelta(hours=2))
    assert ReferralLinkTry.objects.count() == 1


@pytest.mark.parametrize("other", [{"to_name": " "}, {"to_address": "nowhere"}])
def test_a_link_goes_to_somebody_at_an_address_or_nothing_is_sent(other):
    grant = make.opened(known(), nurse())

    with pytest.raises(Refused, match="to whom the link goes"):
        referral_links.refer_by_link(new=new(to_service=befriending().pk), link=link(**other), grant=grant, by=nurse())
    assert (Referral.objects.count(), Message.objects.count()) == (0, 0)


def test_a_link_that_nobody_ended_opens_nothing_of_a_referral_that_is_over():
    row = sent()
    before = by_link(token=TOKEN, at=make.AT).first_name

    Referral.objects.filter(pk=row.pk).update(state="withdrawn", ended_at=make.AT)

    with pytest.raises(NotFound):
        by_link(token=TOKEN, at=make.AT)
    assert (before, ReferralLink.objects.get().ended_at) == ("Peggy", None)


def objects(person) -> None:
    record_objection(person_id=person.pk, kind=ObjectionKind.SHARING, words="She said so", by=nurse())


def was_before(person) -> None:
    make.earlier_identity(make.person("Hart", "Una", nhs_number=""), person)


@pytest.mark.parametrize("closes", [objects, was_before])
def test_a_link_opens_nothing_more_once_the_person_objects_or_is_an_earlier_identity(closes):
    peggy = known()
    row = sent(peggy)
    before = by_link(token=TOKEN, at=make.AT).first_name

    closes(peggy)

    for act in (lambda: by_link(token=TOKEN, at=make.AT), lambda: answer(ReferralMove.ACCEPT)):
        with pytest.raises(NotFound, match="opens nothing any more"):
            act()
    row.refresh_from_db()
    assert (before, row.state) == ("Peggy", "sent")
