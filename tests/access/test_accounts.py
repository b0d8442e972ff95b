"""Who waits, what is fresh, what is a network; links and wrong tries come to an end."""

from datetime import timedelta

import pytest
from django.db import connection

from locality.access import actions
from locality.access.actions import factors, signing_in, ways_in
from locality.access.models import Forgotten, KnownNetwork, Session, WrongTry
from locality.access.queries import accounts
from locality.access.rules import RoleCode
from locality.access.rules import signing_in as rules
from locality.base import NoAccess, NotFound, Refused
from tests import factories as make
from tests.factories import AT

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough one"


def jo():
    return actions.add_account(username="jo", password=PASSWORD, practitioner=make.practitioner(), by=make.viewer())


def sam():
    return make.viewer(RoleCode.ADMINISTRATOR, given="Sam")


@pytest.mark.parametrize(
    ("here", "everywhere", "network", "knows", "waits"),
    [
        (4, 4, 4, False, False),
        (5, 5, 5, False, True),
        (5, 5, 5, True, True),
        (0, 29, 0, False, False),
        (0, 30, 0, False, True),
        (0, 30, 0, True, False),
        (0, 0, 199, False, False),
        (0, 0, 200, False, True),
        (0, 0, 200, True, False),
    ],
)
def test_who_must_wait(here, everywhere, network, knows, waits):
    tries = rules.Tries(here=here, everywhere=everywhere, network=network)

    assert rules.must_wait(tries, knows_network=knows) == waits


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", ""),
        ("somewhere", ""),
    ],
)
def test_a_network_is_an_address_or_the_64_bits_that_one_office_has(address, network):
    assert rules.network_of(address) == network


def test_a_proof_is_fresh_for_a_quarter_of_an_hour():
    minutes = (0, 14, 15)

    assert [rules.is_fresh(AT - timedelta(minutes=one), at=AT) for one in minutes] == [True, True, False]
    assert not rules.is_fresh(None, at=AT)


def test_a_persons_viewer_is_the_kept_person_and_nobody_else_is_one():
    kept, alias = make.person(), make.person("Hargraves", "Peg")
    type(alias).objects.filter(pk=alias.pk).update(merged_into=kept)
    peg = actions.add_account(username="peg", password=PASSWORD, person=alias, by=make.viewer())

    viewer = accounts.person_viewer(account_id=peg.pk, at=AT, second_factor=True)

    assert (viewer.kind, viewer.id, viewer.role, viewer.second_factor) == ("person", kept.pk, "person", True)
    with pytest.raises(NotFound):
        accounts.person_viewer(account_id=jo().pk, at=AT)


def test_a_code_is_never_used_twice_even_when_two_ask_at_once():
    account = jo()
    make.app(account)
    code = make.code_of_app(AT)

    told = [
        factors.try_code(account_id=account.pk, code=code, reveal=reveal, network="", at=AT)
        for reveal in [lambda _sealed: make.APP_SECRET.encode()] * 2
    ]

    assert told == ["app", ""]


def test_a_passkey_whose_count_does_not_rise_was_copied_and_one_that_never_counts_is_trusted():
    account = jo()
    key = factors.add_passkey(account_id=account.pk, name="Key", credential=b"1", key=b"k", at=AT)

    for count in (0, 0, 3, 4):
        assert factors.use_passkey(factor_id=key.pk, count=count, at=AT) == account
    with pytest.raises(Refused):
        factors.use_passkey(factor_id=key.pk, count=4, at=AT)
    with pytest.raises(Refused):
        factors.add_passkey(account_id=account.pk, name="Again", credential=b"1", key=b"k", at=AT)


def with_address(username: str, given: str = "Joanne"):
    told = {"username": username, "password": PASSWORD, "practitioner": make.practitioner(given)}
    account = actions.add_account(**told, by=make.viewer())
    actions.set_email(account=account, email=f"{username}@example.org", by=make.viewer())
    return account


def answered(send, *, token=lambda: "t", at=AT) -> int:
    return ways_in.answer_forgotten(token=token, send=send, at=at)


def waiting() -> list[str]:
    return list(Forgotten.objects.filter(answered_at=None).values_list("username", flat=True))


def test_a_mail_that_cannot_be_sent_is_sent_at_the_next_turn():
    account = with_address("jo")
    ways_in.ask_for_link(username=" JO ", at=AT)
    sent: list[str] = []

    def sends(letter) -> bool:
        sent.append(letter.token)
        return True

    counts = [answered(lambda _letter: False, token=lambda: "first"), answered(sends, token=lambda: "second")]
    counts.append(answered(sends, token=lambda: "third"))

    assert (sent, counts, waiting()) == (["second"], [0, 1, 0], [])
    assert accounts.way_in(token="second", purpose="forgotten", at=AT).account_id == account.pk


def test_one_address_that_takes_no_mail_holds_up_nobody_elses_and_is_tried_a_few_times():
    for name, given in (("bad", "Ruth"), ("jo", "Joanne")):
        with_address(name, given)
        ways_in.ask_for_link(username=name, at=AT)
    tried: list[str] = []

    def sends(letter) -> bool:
        tried.append(letter.account.username)
        return letter.account.username != "bad"

    for turn in range(5):
        answered(sends, token=iter([f"{turn}-1", f"{turn}-2"]).__next__)

    assert tried == ["bad", "jo", "bad", "bad"]
    assert waiting() == []


@pytest.mark.django_db(transaction=True)
def test_a_link_is_kept_before_it_is_sent():
    with_address("jo")
    ways_in.ask_for_link(username="jo", at=AT)

    def sends(_letter) -> bool:
        assert not connection.in_atomic_block
        return accounts.way_in(token="t", purpose="forgotten", at=AT) is not None

    assert answered(sends) == 1


def test_a_name_that_nobody_has_or_without_an_address_gets_no_mail():
    jo()
    for name in ("jo", "nobody"):
        ways_in.ask_for_link(username=name, at=AT)

    assert (answered(lambda _letter: True), waiting()) == (0, [])


def test_a_name_waits_once_and_one_network_asks_for_so_many_in_an_hour():
    many = rules.ASKED_OF_A_NETWORK
    for number in range(many + 5):
        ways_in.ask_for_link(username=f"junk{number // 2}", network="192.0.2.1", at=AT)
    assert len(waiting()) == many // 2 + 3
    for number in range(many):
        ways_in.ask_for_link(username=f"more{number}", network="192.0.2.1", at=AT)

    answered(lambda _letter: True)
    ways_in.ask_for_link(username="jo", network="192.0.2.1", at=AT)
    ways_in.ask_for_link(username="ruth", network="192.0.2.2", at=AT)
    assert (Forgotten.objects.count(), waiting()) == (many + 1, ["ruth"])
    ways_in.ask_for_link(username="jo", network="192.0.2.1", at=AT + rules.FORGOTTEN_LASTS)
    assert waiting() == ["ruth", "jo"]


def test_only_whoever_keeps_staff_invites_ends_and_lets_try_again_and_never_for_themselves():
    account, nurse = jo(), make.viewer(given="Ruth")
    own = make.viewer(RoleCode.ADMINISTRATOR, given="Joanne")

    for act in (
        lambda by: ways_in.invite(account=account, token="t", by=by),
        lambda by: signing_in.let_try_again(account=account, by=by),
        lambda by: factors.remove_factors(account=account, by=by),
    ):
        with pytest.raises(NoAccess):
            act(nurse)
        with pytest.raises(Refused):
            act(own)
    with pytest.raises(NoAccess):
        actions.end_sessions(account=account, by=nurse)
    assert actions.end_sessions(account=account, by=sam()) == 0


def test_what_is_over_is_forgotten_and_what_is_not_stays():
    account = jo()
    for days in (0, 2, 61):
        at = AT - timedelta(days=days)
        WrongTry.objects.create(at=at, name="n", network="w")
        KnownNetwork.objects.create(account=account, network=f"w{days}", last_at=at)
        Session.objects.create(session_key=f"k{days}", session_data="", account=account, expire_date=at)

    signing_in.forget_what_is_over(at=AT)

    assert WrongTry.objects.count() == 1
    assert sorted(KnownNetwork.objects.values_list("network", flat=True)) == ["w0", "w2"]
    assert list(Session.objects.values_list("session_key", flat=True)) == ["k0"]
