"""What somebody outside might try at the door."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from locality.access import actions
from locality.access.models import Account, Forgotten, Role, WayIn, WrongTry
from locality.watch.mail import answering
from tests import factories as make
from tests.web.conftest import PASSWORD

pytestmark = pytest.mark.django_db

NEW = "quite another passphrase"


def now():
    return make.datetime.now(make.UTC)


def tried(username: str, password: str = "wrong", *, at: str = "192.0.2.1") -> int:
    return Client(REMOTE_ADDR=at).post("/sign-in", {"username": username, "password": password}).status_code


# ---- who has an account?


def test_text_code_and_work_do_not_tell_which_names_exist(sign_in, monkeypatch):
    sign_in()
    make.account(make.practitioner("Ruth", "Adler"), is_active=False)
    make.account(make.practitioner("Sam", "Whitaker"))  # has no password
    hashed: list[str] = []
    Client().get("/sign-in")  # the place's name is asked for once
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda self, *words: hashed.append("once") or encode(self, *words))

    told = set()
    for username in ("joanne-fielding", "nobody-at-all", "ruth-adler", "sam-whitaker"):
        hashed.clear()
        browser = Client(REMOTE_ADDR="192.0.2.9")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = browser.post("/sign-in", {"username": username, "password": "wrong"})
        words = re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]+"', "", answer.content.decode())
        words = words.replace(username, "")
        told.add((answer.status_code, words, len(hashed), len(asked)))

    assert len(told) == 1


def test_asking_for_a_link_answers_the_same_and_does_the_same_for_a_name_that_nobody_has(sign_in, settings):
    sign_in()
    Account.objects.update(email="joanne@example.org")
    Client().get("/sign-in")

    told = set()
    for username in ("joanne-fielding", "nobody-at-all"):
        with CaptureQueriesContext(connection) as asked:
            answer = Client().post("/sign-in/forgotten", {"username": username})
        told.add((answer.status_code, "Look at your mail" in answer.content.decode(), len(asked)))

    assert told == {(200, True, 5)}
    assert mail.outbox == []


# ---- links in mail


def asked_for_link(**headers: str) -> str:
    Client().post("/sign-in/forgotten", {"username": "joanne-fielding"}, **headers)
    answering(now=now)()
    return mail.outbox[-1].body.split("http", 1)[1].split()[0]


def test_the_secret_of_a_link_lies_nowhere_in_the_database(sign_in):
    sign_in()
    Account.objects.update(email="joanne@example.org")
    link = asked_for_link()
    browser = Client()

    browser.get(link[link.index("/sign-in/") :])
    shown = browser.get("/sign-in/new-password")

    assert (shown.status_code, browser.session["link"]["purpose"]) == (200, "forgotten")
    assert link.rsplit("/", 1)[1] not in str(browser.session.items())


def test_a_link_on_another_page_signs_nobody_out_until_a_password_is_set(sign_in):
    inside = sign_in()
    Account.objects.update(email="joanne@example.org")
    link = asked_for_link()

    inside.get("/sign-in/link/forgotten/nothing")
    still_in = inside.get("/find").status_code
    inside.get(link[link.index("/sign-in/") :])
    set_ = inside.post("/sign-in/new-password", {"new_password": NEW})

    assert (still_in, set_.status_code, inside.get("/find").status_code) == (200, 200, 302)


def test_a_link_comes_by_mail_lets_in_once_and_leads_where_the_settings_say(sign_in, settings):
    settings.LOCALITY_URL = "https://here.example"
    inside = sign_in()
    Account.objects.update(email="joanne@example.org")

    link = asked_for_link(HTTP_X_FORWARDED_HOST="evil.example")
    browser = Client()
    path = link.removeprefix("s://here.example")
    followed = browser.get(path)
    weak = browser.post("/sign-in/new-password", {"new_password": "short"})
    set_ = browser.post("/sign-in/new-password", {"new_password": NEW})

    assert link.startswith("s://here.example/sign-in/link/forgotten/")
    assert (followed.url, weak.status_code, set_.status_code) == ("/sign-in/new-password", 422, 200)
    assert inside.get("/find").status_code == 302
    assert tried("joanne-fielding", NEW) == 302
    assert tried("joanne-fielding", PASSWORD) == 401
    again = Client()
    again.get(path)
    assert again.get("/sign-in/new-password").status_code == 404
    assert again.post("/sign-in/new-password", {"new_password": "a third passphrase"}).status_code == 404
    assert [to for one in mail.outbox for to in one.to] == ["joanne@example.org"]


def test_a_host_that_is_not_ours_is_not_answered(sign_in):
    sign_in()

    answer = Client().post("/sign-in/forgotten", {"username": "joanne-fielding"}, HTTP_HOST="evil.example")

    assert (answer.status_code, Forgotten.objects.count()) == (400, 0)


def test_a_link_is_good_for_an_hour_for_its_own_purpose_and_is_not_in_the_database(sign_in):
    sign_in()
    Account.objects.update(email="joanne@example.org")
    token = asked_for_link().rsplit("/", 1)[1]
    other, late = Client(), Client()

    other.get(f"/sign-in/link/invitation/{token}")
    late.get(f"/sign-in/link/forgotten/{token}")

    assert other.get("/sign-in/new-password").status_code == 404
    assert late.get("/sign-in/new-password").status_code == 200
    with time_machine.travel(now() + timedelta(minutes=61)):
        assert late.get("/sign-in/new-password").status_code == 404
    assert token not in str(list(WayIn.objects.values()))


def test_nobodys_mail_is_filled_with_links(sign_in):
    sign_in()
    Account.objects.update(email="joanne@example.org")

    for _ in range(5):
        asked_for_link()

    assert len(mail.outbox) == 3


def test_each_link_ends_the_one_before(sign_in):
    sign_in()
    Account.objects.update(email="joanne@example.org")
    first = asked_for_link().rsplit("/", 1)[1]
    asked_for_link()
    browser = Client()

    browser.get(f"/sign-in/link/forgotten/{first}")

    assert browser.get("/sign-in/new-password").status_code == 404


# ---- waiting


def test_wrong_tries_from_elsewhere_do_not_make_somebody_wait_where_they_sign_in(sign_in):
    """Many addresses against one account."""
    sign_in()
    tried("joanne-fielding", PASSWORD, at="10.0.0.7")
    for number in range(40):
        tried("joanne-fielding", at=f"198.51.100.{number}")

    # the ward, where she was before; and a network that nobody knows of her
    assert tried("joanne-fielding", PASSWORD, at="10.0.0.7") == 302
    assert tried("joanne-fielding", PASSWORD, at="203.0.113.5") == 401


def test_a_colleague_behind_the_same_address_makes_nobody_wait(sign_in):
    """Many accounts behind one address."""
    sign_in()
    tried("joanne-fielding", PASSWORD, at="10.0.0.7")
    for number in range(210):
        WrongTry.objects.create(at=now(), name=f"n{number}", network=actions.signing_in.mark("network", "10.0.0.7"))

    assert tried("joanne-fielding", PASSWORD, at="10.0.0.7") == 302
    # one who was never signed in from there waits: that is somebody going through names
    sign_in("Ruth", "Adler")
    assert tried("ruth-adler", PASSWORD, at="10.0.0.7") == 401
    assert tried("ruth-adler", PASSWORD, at="10.0.0.8") == 302


def test_five_wrong_tries_make_one_name_wait_at_one_address_and_no_longer_than_ten_minutes(sign_in):
    sign_in()
    start = now()
    with time_machine.travel(start, tick=False):
        for _ in range(5):
            tried("joanne-fielding", at="192.0.2.1")
        assert tried("joanne-fielding", PASSWORD, at="192.0.2.1") == 401
        assert tried("joanne-fielding", PASSWORD, at="192.0.2.2") == 302
    with time_machine.travel(start + timedelta(minutes=10), tick=False):
        assert tried("joanne-fielding", PASSWORD, at="192.0.2.1") == 302


def test_an_administrator_and_a_link_end_the_wait(sign_in):
    sign_in()
    sam = sign_in("Sam", "Whitaker", roles=("administrator",), teams=())
    for _ in range(5):
        tried("joanne-fielding")
    assert tried("joanne-fielding", PASSWORD) == 401

    sam.post(f"/place/staff/{make.practitioner().pk}/sign-in/try-again")

    assert tried("joanne-fielding", PASSWORD) == 302


def test_a_made_up_forwarding_header_is_not_somebodys_network(sign_in, settings):
    sign_in()

    def tries_of_one_machine() -> int:
        WrongTry.objects.all().delete()
        for number in range(6):
            Client(REMOTE_ADDR="192.0.2.1").post(
                "/sign-in",
                {"username": "joanne-fielding", "password": "wrong"},
                HTTP_X_FORWARDED_FOR=f"203.0.113.{number}, 192.0.2.77",
            )
        return WrongTry.objects.values("network").distinct().count()

    settings.PROXIES = 0
    assert tries_of_one_machine() == 1
    settings.PROXIES = 1
    assert tries_of_one_machine() == 1


# ---- other doors


def test_no_form_of_another_site_signs_anybody_in_or_changes_anything(sign_in):
    sign_in()
    browser = Client(enforce_csrf_checks=True)
    addresses = [
        "/sign-in",
        "/sign-in/second-factor",
        "/sign-in/passkey",
        "/sign-in/forgotten",
        "/sign-in/new-password",
    ]
    addresses += ["/account/password", "/account/app", "/account/passkey", "/account/codes", "/account/prove"]
    addresses += ["/account/sign-out-everywhere", "/account/session/end", "/role", "/sign-out"]

    assert {browser.post(address, {"username": "x"}).status_code for address in addresses} == {403}


def test_a_link_or_picture_of_another_site_has_no_effect(sign_in):
    browser = sign_in()
    addresses = ["/sign-out", "/account/sign-out-everywhere", "/account/session/end", "/account/codes"]
    addresses += [f"/account/factor/{make.organisation().pk}/remove", f"/account/kept/{make.organisation().pk}/drop"]

    assert {browser.get(address).status_code for address in addresses} == {405}
    assert browser.get("/find").status_code == 200


def test_nobody_gives_themselves_a_role_or_another_account_by_a_field_of_a_form(sign_in):
    browser = sign_in()
    sign_in("Sam", "Whitaker", roles=("administrator",), teams=())
    sam = Account.objects.get(username="sam-whitaker")
    more = {"account": str(sam.pk), "role": str(Role.objects.get(code="administrator").pk), "code": "administrator"}
    more |= {"username": "sam-whitaker", "practitioner": str(sam.practitioner_id), "is_active": "on", "email": "x@y.z"}
    before = list(Account.objects.order_by("pk").values("username", "practitioner", "email", "is_active"))

    browser.post("/account/password", {"password": PASSWORD, "new_password": NEW} | more)
    browser.post("/role", more)
    browser.post("/account/prove", {"password": NEW} | more)

    assert list(Account.objects.order_by("pk").values("username", "practitioner", "email", "is_active")) == before
    assert actions.try_password(username="sam-whitaker", password=NEW, at=now()) is None
    assert (browser.get("/find").status_code, browser.get("/sources").status_code) == (200, 403)


def test_a_session_planted_before_is_worth_nothing_at_any_step(sign_in):
    sign_in()
    account = Account.objects.get()
    make.app(account)
    browser = Client()
    keys = [browser.session.session_key]
    browser.post("/sign-in", {"username": "joanne-fielding", "password": PASSWORD})
    keys.append(browser.session.session_key)
    browser.post("/sign-in/second-factor", {"code": make.code_of_app(now())})
    keys.append(browser.session.session_key)

    assert browser.get("/find").status_code == 200
    assert len(set(keys)) == 3


def test_wherever_one_comes_from_one_goes_on_to_a_page_of_ours(sign_in):
    sign_in()
    for back in (
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:evil.example",
    ):
        answer = Client().post("/sign-in", {"username": "joanne-fielding", "password": PASSWORD, "next": back})
        assert answer.url == "/", back
