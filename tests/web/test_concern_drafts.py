"""A concern that was typed for too long is not lost: it waits, folded away, and is raised once."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from locality.access.models import Draft
from locality.record.models import Concern
from tests import factories as make
from tests.web.concern_world import PASSWORD, SECRET, lead, routes, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def peggy():
    routes()
    lead()
    return make.peggy("gp")[0]


def too_late(browser: Client, peggy):
    with time_machine.travel(timezone.now() + timedelta(minutes=31), tick=False):
        return browser.post(reverse("concern_raise", args=[peggy.pk]), typed(peggy))


def test_a_concern_sent_after_a_time_out_is_kept_sealed_and_raised_once(sign_in, peggy):
    browser = sign_in()

    answer = too_late(browser, peggy)
    sealed = bytes(Draft.objects.get().sealed)
    browser.post("/sign-in", {"username": "joanne-fielding", "password": PASSWORD})
    page = browser.get(reverse("kept")).content.decode()
    send = reverse("send_kept", args=[Draft.objects.get().pk])
    first = browser.post(send, typed(peggy), follow=True)
    second = browser.post(send, typed(peggy))

    assert (answer.url, SECRET.encode() in sealed) == ("/sign-in?over=kept", False)
    assert page.index("Show what it says") < page.index(SECRET) < page.index("Send it now")
    assert (first.status_code, second.status_code) == (200, 404)
    assert [SECRET in row.words for row in Concern.objects.all()] == [True]


def test_a_form_about_nothing_grave_is_shown_at_once(sign_in, peggy):
    browser = sign_in()
    with time_machine.travel(timezone.now() + timedelta(minutes=31), tick=False):
        browser.post(reverse("conflict", args=[peggy.pk]), {"about": str(peggy.pk), "words": "We were at school"})
    browser.post("/sign-in", {"username": "joanne-fielding", "password": PASSWORD})

    page = browser.get(reverse("kept")).content.decode()

    assert ("We were at school" in page, "Show what it says" in page) == (True, False)


def test_nobody_else_reads_or_sends_it(sign_in, peggy):
    browser, ruth = sign_in(), sign_in("Ruth", "Adler")
    too_late(browser, peggy)

    assert ruth.get(reverse("kept")).url == "/"
    assert ruth.post(reverse("send_kept", args=[Draft.objects.get().pk]), typed(peggy)).status_code == 404
    assert Concern.objects.count() == 0
