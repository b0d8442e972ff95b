"""Nobody gets in without a name and a password, and nobody stays longer than they may."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from locality.access import actions
from locality.access.models import Role, Session
from tests import factories as make
from tests.web.conftest import PASSWORD

pytestmark = pytest.mark.django_db

GUARDED = ["/", "/find", f"/person/{make.AT:%Y}0000-0000-4000-8000-000000000001", "/sources"]


@pytest.mark.parametrize("address", GUARDED)
def test_a_guarded_page_sends_a_stranger_to_sign_in(address):
    answer = Client().get(address)

    assert (answer.status_code, answer.url.split("?")[0]) == (302, "/sign-in")


def test_the_right_password_leads_home(sign_in):
    answer = sign_in().get("/")

    assert answer.status_code == 200
    assert "Joanne Fielding" in answer.content.decode()


def test_somebody_who_reads_about_themselves_begins_with_what_happens_next():
    actions.add_account(username="peggy", password=PASSWORD, person=make.person(), by=make.viewer())

    answer = Client().post("/sign-in", {"username": "peggy", "password": PASSWORD})

    assert (answer.status_code, answer.url) == (302, "/me")


def test_a_wrong_password_says_so_without_saying_which_part_was_wrong(sign_in):
    sign_in()

    for username in ("joanne-fielding", "nobody-at-all"):
        answer = Client().post("/sign-in", {"username": username, "password": "wrong"})
        assert (answer.status_code, "user name or password is not right" in answer.content.decode()) == (401, True)


def test_signing_in_gives_a_new_session(sign_in):
    sign_in()
    browser = Client()
    browser.get("/sign-in")
    browser.session["planted"] = "1"
    browser.session.save()
    before = browser.session.session_key

    browser.post("/sign-in", {"username": "joanne-fielding", "password": PASSWORD})

    assert browser.session.session_key != before


def test_a_joint_post_chooses_one_role_at_a_time(sign_in):
    browser = sign_in(roles=("clinician", "care_coordinator"))
    assert browser.get("/").url == "/role"

    chosen = Role.objects.get(code="care_coordinator")
    browser.post("/role", {"role": str(chosen.pk)})

    assert "Care coordinator" in browser.get("/").content.decode()


def test_somebody_elses_role_cannot_be_chosen(sign_in):
    browser = sign_in(roles=("clinician", "care_coordinator"))
    others = make.role(make.practitioner("Ruth", "Adler"), "clinician")

    browser.post("/role", {"role": str(others.pk)})

    assert browser.get("/").url == "/role"


@pytest.mark.parametrize(("idle", "inside"), [(timedelta(minutes=29), True), (timedelta(minutes=31), False)])
def test_whoever_stops_looking_is_signed_out(sign_in, idle, inside):
    browser = sign_in()

    with time_machine.travel(make.datetime.now(make.UTC) + idle, tick=False):
        answer = browser.get("/find")

    assert (answer.status_code == 200) == inside


def test_nobody_stays_signed_in_for_longer_than_ten_hours(sign_in):
    browser, start = sign_in(), make.datetime.now(make.UTC)

    statuses = []
    for minutes in range(0, 11 * 60, 20):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            statuses.append(browser.get("/find").status_code)

    # the page at ten hours to the minute is already later than that: signing in came a moment before
    assert statuses.count(200) == 30


def test_a_role_that_ends_is_gone_at_the_next_page(sign_in):
    browser = sign_in()

    Role.objects.update(ends_on=make.datetime.now(make.UTC).date())

    assert browser.get("/find").status_code == 302


def test_signing_out_ends_the_session(sign_in):
    browser = sign_in()

    assert Session.objects.filter(account__username="joanne-fielding").count() == 1

    browser.post("/sign-out")

    assert browser.get("/").status_code == 302
    assert Session.objects.filter(account__username="joanne-fielding").count() == 0


def test_the_way_back_never_leads_elsewhere(sign_in):
    sign_in()
    answer = Client().post(
        "/sign-in", {"username": "joanne-fielding", "password": PASSWORD, "next": "https://evil.example/"}
    )

    assert answer.url == "/"


def test_accounts_are_listed_nowhere_but_in_the_demo(sign_in):
    sign_in()

    assert "joanne" not in Client().get("/sign-in").content.decode().lower()


def test_a_form_of_another_site_does_nothing(sign_in):
    sign_in()
    browser = Client(enforce_csrf_checks=True)

    answer = browser.post("/sign-in", {"username": "joanne-fielding", "password": PASSWORD})

    assert (answer.status_code, "Nothing was done" in answer.content.decode()) == (403, True)
