"""Sessions that can be seen and ended, proving again, what was typed too late, and who may open what kind of page."""

from datetime import timedelta

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client, RequestFactory

from locality.access import actions
from locality.access.actions import signing_in
from locality.access.models import Account, Draft, Role, Session
from locality.access.rules import DataClass
from locality.base import NotFound
from locality.journal.models import Event
from locality.people.models import Person
from locality.web.guard import needs
from tests import factories as make
from tests.web.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def now():
    return make.datetime.now(make.UTC)


def in_again(username: str = "joanne-fielding") -> Client:
    browser = Client(headers={"user-agent": "Mozilla/5.0 (iPhone) Safari/605"})
    browser.post("/sign-in", {"username": username, "password": PASSWORD})
    return browser


def is_in(browser: Client) -> bool:
    return browser.get("/find").status_code == 200


def written(what: str) -> int:
    return Event.objects.filter(what=what, outcome="done").count()


# ---- seeing and ending


def test_one_sees_where_one_is_signed_in_and_ends_one_of_them(sign_in):
    here, there = sign_in(), in_again()

    words = here.get("/account").content.decode()
    began = Session.objects.get(session_key=there.session.session_key).began_at.isoformat()
    here.post("/account/session/end", {"began": began})

    assert ("Safari on iPhone" in words, words.count("Sign out there")) == (True, 1)
    assert (is_in(here), is_in(there)) == (True, False)
    assert written("signed-out.elsewhere") == 1


def test_nobody_ends_somebody_elses_session(sign_in):
    here = sign_in()
    sign_in("Ruth", "Adler")
    theirs = Session.objects.get(account__username="ruth-adler")

    assert here.post("/account/session/end", {"began": theirs.began_at.isoformat()}).status_code == 404
    assert Session.objects.filter(pk=theirs.pk).count() == 1


def test_signing_out_everywhere_ends_every_session_of_this_account_and_no_other(sign_in):
    here, there, ruth = sign_in(), in_again(), sign_in("Ruth", "Adler")

    answer = here.post("/account/sign-out-everywhere")

    assert answer["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert (is_in(here), is_in(there), is_in(ruth)) == (False, False, True)
    assert written("signed-out.everywhere") == 1


def test_an_administrator_signs_somebody_out_everywhere(sign_in):
    joanne, sam = sign_in(), sign_in("Sam", "Whitaker", roles=("administrator",), teams=())
    who = make.practitioner()

    answer = sam.post(f"/place/staff/{who.pk}/sign-in/sign-out")

    assert answer.status_code == 302
    assert (is_in(joanne), sam.get("/sources").status_code) == (False, 200)


def test_a_new_password_ends_every_other_session(sign_in):
    here, there = sign_in(), in_again()

    short = here.post("/account/password", {"password": PASSWORD, "new_password": "too short"})
    wrong = here.post("/account/password", {"password": "wrong", "new_password": "quite another passphrase"})
    here.post("/account/password", {"password": PASSWORD, "new_password": "quite another passphrase"})

    assert (short.status_code, wrong.status_code) == (422, 422)
    assert (is_in(here), is_in(there)) == (True, False)
    assert actions.try_password(username="joanne-fielding", password=PASSWORD, at=now()) is None


def test_a_shut_account_is_out_at_the_next_page(sign_in):
    browser = sign_in()

    Account.objects.update(is_active=False)

    assert not is_in(browser)


def test_signing_in_and_out_are_written_down(sign_in):
    browser = sign_in()

    browser.post("/sign-out")

    told = Event.objects.filter(about_id=Account.objects.get().pk).exclude(what="account.added").order_by("id")
    assert [(one.what, one.by_id, one.detail) for one in told] == [
        ("signed-in", make.practitioner().pk, {"how": "password", "second_factor": False}),
        ("signed-out", make.practitioner().pk, {}),
    ]


# ---- proving again


@pytest.fixture
def sam(sign_in) -> Client:
    make.account(make.practitioner("Ruth", "Adler"))
    return sign_in("Sam", "Whitaker", roles=("administrator",), teams=())


def ruths_page() -> str:
    return f"/place/staff/{make.practitioner('Ruth', 'Adler').pk}/sign-in"


def test_what_matters_asks_again_after_a_quarter_of_an_hour_keeps_what_was_typed_and_comes_back(sam):
    with time_machine.travel(now() + timedelta(minutes=16)):
        asked = sam.post(f"{ruths_page()}/email", {"email": "ruth@example.org"})
        assert (asked.url, Account.objects.get(username="ruth-adler").email) == ("/account/prove", "")
        before = sam.session.session_key
        assert "what you typed is kept" in sam.get(asked.url).content.decode()

        assert sam.post("/account/prove", {"password": "wrong"}).status_code == 401
        proved = sam.post("/account/prove", {"password": PASSWORD})
        offered = sam.get(proved.url).content.decode()
        sent = sam.post(f"/account/kept/{Draft.objects.get().pk}/send", {"email": "ruth@example.org"}, follow=True)

    assert (proved.url, "ruth@example.org" in offered) == ("/account/kept", True)
    assert sam.session.session_key != before
    assert (sent.status_code, sent.redirect_chain[0][1]) == (200, 307)
    assert Account.objects.get(username="ruth-adler").email == "ruth@example.org"
    assert Draft.objects.count() == 0
    assert written("sign-in.proved-again") == 1


def test_whoever_has_a_second_factor_proves_again_with_it_and_not_with_a_password(sam):
    make.app(Account.objects.get(username="sam-whitaker"))
    later = now() + timedelta(minutes=16)
    with time_machine.travel(later, tick=False):
        assert sam.get("/account/app").url == "/account/prove"
        assert sam.post("/account/prove", {"password": PASSWORD}).status_code == 401
        answer = sam.post("/account/prove", {"code": make.code_of_app(later)})
        assert answer.url == "/account/app"
        assert sam.get("/account/app").status_code == 200


def test_a_role_is_given_by_somebody_who_has_just_proved_who_they_are(sam):
    ruth = make.practitioner("Ruth", "Adler")
    given = {"role": "analyst", "organisation": "RSB", "role_from": now().date().isoformat()}
    with time_machine.travel(now() + timedelta(minutes=16)):
        assert sam.post(f"/place/staff/{ruth.pk}/roles", given).url == "/account/prove"
    assert Role.objects.filter(practitioner=ruth).count() == 0

    sam.post(f"/place/staff/{ruth.pk}/roles", given)
    assert [one.code for one in Role.objects.filter(practitioner=ruth)] == ["analyst"]


def test_a_second_factor_can_still_be_added_late_where_a_role_needs_one(sam, settings):
    settings.SECOND_FACTOR = True
    with time_machine.travel(now() + timedelta(minutes=16)):
        assert sam.get("/account/app").url == "/account/prove"
        assert sam.post("/account/prove", {"password": PASSWORD}).url == "/account/app"
        assert (sam.get("/account/app").status_code, sam.get("/sources").url) == (200, "/account")


def test_a_fresh_proof_is_not_asked_for_again(sam):
    with time_machine.travel(now() + timedelta(minutes=14)):
        assert sam.post(f"{ruths_page()}/try-again").status_code == 302


# ---- what was typed too late


WORDS = "Her knee is worse since the fall on Tuesday"


def late(browser: Client, person: Person, **more: str):
    with time_machine.travel(now() + timedelta(minutes=31), tick=False):
        return browser.post(f"/person/{person.pk}/open", {"about": str(person.pk), "reason": WORDS} | more)


def test_what_was_sent_after_a_session_was_over_waits_for_whoever_sent_it(sign_in):
    browser, (peggy, _) = sign_in(), make.peggy("gp")

    answer = late(browser, peggy)
    sealed = bytes(Draft.objects.get().sealed)
    told = browser.get(answer.url).content.decode()
    browser.post("/sign-in", {"username": "joanne-fielding", "password": PASSWORD})
    offered = browser.get("/account/kept").content.decode()

    assert (answer.url, "What you were sending was kept" in told) == ("/sign-in?over=kept", True)
    assert (WORDS in told, WORDS.encode() in sealed) == (False, False)
    assert f"<dd>{WORDS}</dd>" in offered


def test_nobody_else_is_offered_it(sign_in):
    browser, (peggy, _) = sign_in(), make.peggy("gp")
    ruth = sign_in("Ruth", "Adler")
    late(browser, peggy)
    draft = Draft.objects.get()

    assert ruth.get("/account/kept").url == "/"
    assert ruth.post(f"/account/kept/{draft.pk}/send", {"reason": WORDS}).status_code == 404
    ruth.post(f"/account/kept/{draft.pk}/drop")
    assert Draft.objects.count() == 1
    # nor when the row is moved to another account: the seal names whose it is
    Draft.objects.update(account=Account.objects.get(username="ruth-adler"))
    assert ruth.get("/account/kept").url == "/"


def test_secrets_are_never_kept(sign_in):
    browser, (peggy, _) = sign_in(), make.peggy("gp")

    for field in ("password", "new_password", "credential", "old-password", "Secret", "token"):
        late(browser, peggy, **{field: "x"})
        browser.post("/sign-in", {"username": "joanne-fielding", "password": PASSWORD})

    assert Draft.objects.count() == 0


def test_the_last_five_are_kept_for_a_day(sign_in):
    sign_in()
    account = Account.objects.get()
    for number in range(7):
        signing_in.keep_draft(account_id=account.pk, sealed=b"%d" % number, at=make.AT + timedelta(minutes=number))

    assert sorted(bytes(one.sealed) for one in Draft.objects.all()) == [b"2", b"3", b"4", b"5", b"6"]
    signing_in.forget_what_is_over(at=make.AT + timedelta(days=1, minutes=5))
    assert [bytes(one.sealed) for one in Draft.objects.all()] == [b"5", b"6"]


# ---- people, and staff


@needs("read", DataClass.ID)
def of_staff(request):
    return HttpResponse("staff")


@needs("read", DataClass.ID, people=True, practitioners=False)
def of_people(request):
    return HttpResponse(f"{request.viewer.kind} {request.viewer.id}")


@needs("read", DataClass.ID, people=True)
def of_both(request):
    return HttpResponse("both")


def opened(view, browser: Client) -> str:
    request = RequestFactory().get("/x")
    request.session = browser.session
    try:
        answer = view(request)
    except NotFound:
        return "not found"
    return answer.content.decode() or str(answer.status_code)


@pytest.fixture
def peggy_in(sign_in) -> tuple[Client, Person]:
    sign_in("Ruth", "Adler")
    peggy = make.person()
    actions.add_account(username="peggy", password=PASSWORD, person=peggy, by=make.viewer())
    return in_again("peggy"), peggy


def test_a_persons_session_opens_no_page_of_staff_and_the_reverse(peggy_in, sign_in):
    browser, peggy = peggy_in
    joanne = sign_in()

    seen = [[opened(view, who) for view in (of_staff, of_people, of_both)] for who in (browser, joanne)]

    assert seen == [["not found", f"person {peggy.pk}", "both"], ["staff", "not found", "both"]]
    assert browser.get("/").url == "/me"
    for address in ("/find", "/sources", "/identity", "/place/staff", f"/person/{peggy.pk}", "/place"):
        assert browser.get(address).status_code == 404, address


def test_a_person_who_turned_out_to_be_another_is_the_kept_one(peggy_in):
    browser, peggy = peggy_in
    kept = make.person("Hargreaves", "Margaret Rose")
    Person.objects.filter(pk=peggy.pk).update(merged_into=kept)

    assert opened(of_people, browser) == f"person {kept.pk}"
    Person.objects.filter(pk=peggy.pk).update(merged_into=None)
    assert opened(of_people, browser) == f"person {peggy.pk}"


def test_an_earlier_identity_and_somebody_who_died_are_signed_out(peggy_in):
    browser, peggy = peggy_in
    make.earlier_identity(make.person("Lind", "Rosa"), peggy)
    assert (opened(of_people, browser), browser.session.get("account")) == ("302", None)

    again = in_again("peggy")
    assert again.get("/account").status_code in {200, 302}
    assert opened(of_people, again) == "302"


def test_a_person_chooses_no_role(peggy_in):
    browser, _ = peggy_in
    theirs = make.role(make.practitioner("Sadia", "Rahman"))

    browser.post("/role", {"role": str(theirs.pk)})

    assert "role" not in browser.session
    assert browser.get("/find").status_code == 404
