"""A password alone lets nobody in who has a second factor, by whichever way they come."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import BadRequest
from django.test import Client

from locality.access.actions import factors, ways_in
from locality.access.models import Account, Factor, Notice, RecoveryCode, Session
from locality.journal.models import Event
from tests import factories as make
from tests.web.conftest import PASSWORD

pytestmark = pytest.mark.django_db

NEW = "quite another passphrase"
SOMEBODY = {"username": "joanne-fielding", "password": PASSWORD}


def now():
    return make.datetime.now(make.UTC)


@pytest.fixture
def with_app(sign_in) -> Account:
    """Joanne, who has an app that shows codes, and is signed in nowhere."""
    sign_in()
    Session.objects.all().delete()
    account = Account.objects.get()
    make.app(account)
    return account


def after_password() -> Client:
    browser = Client()
    assert browser.post("/sign-in", SOMEBODY).url == "/sign-in/second-factor"
    return browser


def is_in(browser: Client) -> bool:
    return browser.get("/find").status_code == 200


def show(browser: Client, code: str) -> int:
    return browser.post("/sign-in/second-factor", {"code": code}).status_code


def test_between_password_and_second_factor_nobody_is_in(with_app):
    browser = after_password()

    for address in ("/", "/find", "/account", "/account/app", "/role", "/account/prove", "/account/kept"):
        assert browser.get(address).url.startswith("/sign-in"), address
    browser.post("/role", {"role": str(make.organisation().pk)})
    assert not is_in(browser)
    assert Session.objects.exclude(account=None).count() == 0


def test_the_code_of_now_lets_in_once(with_app):
    browser, code = after_password(), make.code_of_app(now())

    assert show(browser, f"{code[:3]} {code[3:]}") == 302
    assert is_in(browser)
    told = Event.objects.filter(what="signed-in").latest("id")
    assert told.detail == {"how": "password and app", "second_factor": True}

    again = after_password()
    assert show(again, code) == 401
    assert not is_in(again)


@pytest.mark.parametrize(("minutes", "fits"), [(-1, False), (-0.5, True), (0.5, True), (1.1, False)])
def test_a_telephones_clock_may_be_half_a_minute_out(with_app, minutes, fits):
    start = now().replace(second=15)
    with time_machine.travel(start, tick=False):
        browser = after_password()
        status = show(browser, make.code_of_app(start + timedelta(minutes=minutes)))

    assert (status == 302) == fits


def test_ten_wrong_codes_make_the_right_one_wait_and_ten_minutes_end_it(with_app):
    start = now()
    with time_machine.travel(start, tick=False):
        for _ in range(10):
            assert show(after_password(), "000000") == 401
        assert show(after_password(), make.code_of_app(start)) == 401
    with time_machine.travel(start + timedelta(minutes=10), tick=False):
        assert show(after_password(), make.code_of_app(start + timedelta(minutes=10))) == 302

    refused = Event.objects.filter(what="sign-in", outcome="refused").values_list("reason", flat=True)
    assert sorted(refused) == ["waits", *["wrong"] * 10]


def test_whoever_waits_ten_minutes_with_the_second_factor_begins_again(with_app):
    start = now()
    browser = after_password()

    with time_machine.travel(start + timedelta(minutes=11), tick=False):
        answer = browser.post("/sign-in/second-factor", {"code": make.code_of_app(start + timedelta(minutes=11))})

    assert answer.url == "/sign-in"


def test_a_code_on_paper_lets_in_once_however_it_is_typed(with_app):
    factors.new_recovery_codes(account_id=with_app.pk, codes=["abcde-23456", "fghjk-78923"], at=now())
    browser = after_password()

    assert show(browser, " ABCDE 23456 ") == 302
    assert is_in(browser)
    assert show(after_password(), "abcde-23456") == 401
    assert RecoveryCode.objects.filter(used_at=None).count() == 1
    assert Event.objects.filter(what="factor.recovery-code-used").count() == 1


def test_somebody_elses_code_does_not_fit(with_app):
    sam = make.account(make.practitioner("Sam", "Whitaker"))
    make.app(sam)
    factors.new_recovery_codes(account_id=sam.pk, codes=["abcde-23456"], at=now())
    Factor.objects.filter(account=with_app).update(count=10**9)

    browser = after_password()

    assert show(browser, "abcde-23456") == 401
    assert show(browser, make.code_of_app(now())) == 401


def test_a_new_password_by_a_link_still_asks_for_the_second_factor(with_app):
    token = ways_in.invite(account=with_app, token="t" * 40, by=make.viewer("administrator", given="Sam", at=now()))
    browser = Client()
    browser.get(f"/sign-in/link/invitation/{token}")

    browser.post("/sign-in/new-password", {"new_password": NEW})

    assert not is_in(browser)
    assert browser.post("/sign-in", SOMEBODY | {"password": NEW}).url == "/sign-in/second-factor"


# ---- adding and removing


def secret_on(browser: Client) -> str:
    """The secret that is shown for typing into an app: the one place where it can be read."""
    page = browser.get("/account/app").content.decode()
    return re.search('class="secret">([^<]+)<', page)[1].replace(" ", "")


def test_the_secret_of_an_app_that_is_being_added_lies_nowhere_in_the_database(sign_in):
    browser = sign_in()

    secret = secret_on(browser)

    assert (secret_on(browser), len(secret)) == (secret, 32)
    assert secret not in str(browser.session.items())


def test_adding_an_app_shows_its_picture_takes_a_right_code_and_gives_codes_on_paper(sign_in):
    browser = sign_in()
    before = browser.session.session_key

    secret = secret_on(browser)
    picture = browser.get("/account/app/picture")
    wrong = browser.post("/account/app", {"code": "000000", "name": "Work telephone"})
    right = browser.post("/account/app", {"code": factors.pyotp.TOTP(secret).at(now()), "name": "Work telephone"})

    assert (picture["Content-Type"], picture["Cache-Control"]) == ("image/svg+xml", "no-store")
    assert picture.content.startswith(b'<svg xmlns="http://www.w3.org/2000/svg" ')
    assert (wrong.status_code, right.status_code) == (422, 200)
    assert right.content.decode().count("<li><code>") == 10
    factor = Factor.objects.get()
    assert (factor.name, factor.kind, secret.encode() in bytes(factor.kept)) == ("Work telephone", "app", False)
    assert browser.session.session_key != before
    assert [*Event.objects.filter(what__startswith="factor").values_list("what", flat=True)] == [
        "factor.added",
        "factor.recovery-codes-made",
    ]
    # shown once: neither the page of one's sign-in nor the database has them
    codes = [line.split("<code>")[1].split("<")[0] for line in right.content.decode().split("<li>") if "<code>" in line]
    kept = " ".join(RecoveryCode.objects.values_list("digest", flat=True)) + browser.get("/account").content.decode()
    assert [code for code in codes if code in kept or code.replace("-", "") in kept] == []
    assert browser.get("/account/app/picture").status_code == 404


def test_a_role_that_needs_a_second_factor_opens_nothing_until_one_is_added(sign_in, settings):
    settings.SECOND_FACTOR = True
    browser = sign_in(roles=("administrator",), teams=())

    assert browser.get("/sources").url == "/account"
    assert "Your role needs a second factor" in browser.get("/account").content.decode()

    browser.get("/account/app")
    browser.post("/account/app", {"code": factors.pyotp.TOTP(secret_on(browser)).at(now())})
    assert browser.get("/sources").status_code == 200


@pytest.mark.parametrize(
    ("role", "needs"),
    [
        ("clinician", False),
        ("social_worker", False),
        ("safeguarding_lead", True),
        ("care_coordinator", False),
        ("care_home", False),
        ("link_worker", False),
        ("privacy_officer", True),
        ("identity_custodian", True),
        ("analyst", False),
        ("board", False),
        ("administrator", True),
    ],
)
def test_which_roles_need_a_second_factor(sign_in, settings, role, needs):
    settings.SECOND_FACTOR = True
    browser = sign_in(roles=(role,), teams=())

    assert (browser.get("/").status_code == 302) == needs


def test_the_last_second_factor_stays_while_a_role_needs_it(sign_in, settings):
    settings.SECOND_FACTOR = True
    browser = sign_in(roles=("administrator",), teams=())
    factor = make.app(Account.objects.get())
    browser.session.save()

    refused = browser.post(f"/account/factor/{factor.pk}/remove")
    settings.SECOND_FACTOR = False
    removed = browser.post(f"/account/factor/{factor.pk}/remove")

    assert (refused.status_code, removed.status_code) == (409, 302)
    assert Factor.objects.count() == 0


def test_nobody_removes_somebody_elses_second_factor(sign_in):
    browser = sign_in()
    theirs = make.app(make.account(make.practitioner("Sam", "Whitaker")))

    assert browser.post(f"/account/factor/{theirs.pk}/remove").status_code == 404
    assert Factor.objects.count() == 1


def test_a_passkey_that_was_made_up_is_refused(sign_in):
    browser = sign_in()
    for address in ("/account/passkey", "/sign-in/passkey", "/account/prove"):
        for sent in ("", "{", "[]", "{}", '{"id": "x", "rawId": "eA", "type": "public-key", "response": {}}'):
            browser.get(address)
            answer = browser.post(address, {"credential": sent, "name": "x"})
            assert answer.status_code in {401, 422}, (address, sent, answer.status_code, BadRequest)

    assert Factor.objects.count() == 0


def test_an_administrator_takes_lost_factors_away_but_never_their_own(sign_in):
    nurse = make.account(make.practitioner("Ruth", "Adler"))
    make.app(nurse)
    browser = sign_in("Sam", "Whitaker", roles=("administrator",), teams=())
    own = make.practitioner("Sam", "Whitaker")
    make.app(Account.objects.get(practitioner=own))

    for who, status in ((nurse.practitioner_id, 302), (own.pk, 409)):
        assert browser.post(f"/place/staff/{who}/sign-in/lost").status_code == status

    assert [one.account.practitioner_id for one in Factor.objects.all()] == [own.pk]
    assert Event.objects.filter(what="factor.all-removed").count() == 1


def test_of_a_role_that_needs_a_second_factor_two_administrators_take_it_away(sign_in):
    olwen = make.account(make.practitioner("Olwen", "Pryce"), email="olwen@example.org")
    make.role(olwen.practitioner, "privacy_officer")
    make.app(olwen)
    way = f"/place/staff/{olwen.practitioner_id}/sign-in"
    sam, kit = (sign_in(name, "Whitaker", roles=("administrator",), teams=()) for name in ("Sam", "Kit"))

    counts = []
    for browser in (sam, sam, kit):
        assert browser.post(f"{way}/lost").status_code == 302
        counts.append(Factor.objects.count())

    assert counts == [1, 1, 0]
    said = [row.what for row in Event.objects.filter(about_id=olwen.pk, what__startswith="factor.").order_by("id")]
    assert said == ["factor.said-lost", "factor.said-lost", "factor.all-removed"]
    assert [one.to for one in Notice.objects.all()] == ["olwen@example.org"] * 3


def test_what_one_administrator_said_is_over_after_three_days(sign_in):
    olwen = make.account(make.practitioner("Olwen", "Pryce"))
    make.role(olwen.practitioner, "privacy_officer")
    make.app(olwen)
    sam, kit = (make.viewer("administrator", given=name) for name in ("Sam", "Kit"))
    factors.remove_factors(account=olwen, by=sam)

    late = factors.remove_factors(account=olwen, by=replace(kit, at=make.AT + timedelta(days=3, minutes=1)))

    assert (late, Factor.objects.count()) == (False, 1)


def test_only_an_administrator_looks_after_others_ways_in(sign_in):
    browser = sign_in()
    ruth = make.account(make.practitioner("Ruth", "Adler"))

    assert browser.get(f"/place/staff/{ruth.practitioner_id}/sign-in").status_code == 403
    for what in ("invite", "email", "sign-out", "try-again", "lost"):
        assert browser.post(f"/place/staff/{ruth.practitioner_id}/sign-in/{what}").status_code == 403, what
