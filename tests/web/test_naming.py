"""Writing down who acts for a person: by whom, with what limits, until when, and after proving again who one is."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from locality.access.models import Account, Conflict, Draft, Proxy
from locality.journal.models import Event
from tests import factories as make
from tests.web.conftest import PASSWORD

pytestmark = pytest.mark.django_db

TOLD = {"kind": "chosen", "words": "She asked for it, alone", "kept": ["CLIN", "SOC"], "last_day": "2030-12-31"}


@pytest.fixture
def peggy():
    return make.peggy("gp")[0]


@pytest.fixture
def ann():
    return make.person("Lomas", "Ann", nhs_number="", address="9 Other Road", postcode="BL1 1AA")


def words(answer) -> str:
    return " ".join(answer.content.decode().split())


def send(browser, peggy, ann, **other):
    address = reverse("proxy_made", args=[peggy.pk, ann.pk])
    return browser.post(address, TOLD | {"about": str(peggy.pk)} | other)


def test_found_chosen_and_written_down_with_limits_an_end_and_a_reason(sign_in, peggy, ann):
    browser, address = sign_in(), reverse("proxy_find", args=[peggy.pk])
    form = reverse("proxy_form", args=[peggy.pk, ann.pk])
    assert address in words(browser.get(reverse("consent", args=[peggy.pk])))

    found = words(browser.post(address, {"about": str(peggy.pk), "words": "Lomas Ann"}))
    asked = words(browser.get(form))
    made = send(browser, peggy, ann)
    row = Proxy.objects.get()
    page = words(browser.get(made.url))

    assert (form in found, "LOMAS, Ann" in asked) == (True, True)
    assert (row.person, row.proxy, row.kind, row.kept_back) == (peggy, ann, "chosen", ["CLIN", "SOC"])
    assert str(row.ends_on) == "2031-01-01"
    assert "Kept from them: results, letters and details and social care." in page
    assert set(Event.objects.filter(person_id=ann.pk).values_list("what", flat=True)) == {
        "person.found",
        "person.confirmed",
        "proxy.listed",
    }
    assert Event.objects.get(what="proxy.made").reason == "She asked for it, alone"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"kind": ""}, "Choose by what right they act."),
        ({"words": " "}, "Say what was agreed"),
        ({"last_day": "soon"}, "is not a day"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(sign_in, peggy, ann, wrong, said):
    answer = send(sign_in(), peggy, ann, **wrong)

    assert (answer.status_code, said in words(answer), Proxy.objects.count()) == (422, True, 0)
    assert 'value="CLIN" checked' in words(answer)


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("clinician", 200),
        ("social_worker", 200),
        ("safeguarding_lead", 200),
        ("care_coordinator", 403),
        ("care_home", 403),
        ("link_worker", 403),
        ("privacy_officer", 403),
        ("administrator", 403),
    ],
)
def test_only_who_looks_after_them_in_some_roles_writes_it_down(sign_in, peggy, ann, role, status):
    browser = sign_in(roles=(role,))

    asked = [browser.get(reverse("proxy_find", args=[peggy.pk]))]
    sent = send(browser, peggy, ann)

    assert [one.status_code for one in asked] == [status]
    # the privacy officer may write it down, and opens nobody's record
    may = status == 200 or role == "privacy_officer"
    assert (sent.status_code, Proxy.objects.count()) == ((302, 1) if may else (403, 0))


def test_another_team_writes_nothing_down(sign_in, peggy, ann):
    assert send(sign_in("Ruth", "Adler", teams=("hilltop",)), peggy, ann).status_code == 403
    assert Proxy.objects.count() == 0


def test_nobody_writes_down_that_they_themselves_act(sign_in, peggy, ann):
    browser = sign_in()
    own = {"practitioner": make.practitioner(), "person": ann, "kind": "own_record", "starts_on": make.TODAY}
    Conflict.objects.create(**own, made_at=make.AT, made_by=make.practitioner().pk)

    answer = send(browser, peggy, ann)

    assert (answer.status_code, Proxy.objects.count()) == (409, 0)
    assert "You cannot write down that you yourself act" in words(answer)


# ---- step-up


def later() -> object:
    return timezone.now() + timedelta(minutes=16)


def test_it_asks_for_a_fresh_proof_and_comes_back_to_what_was_being_done(sign_in, peggy, ann):
    browser = sign_in()
    make.app(Account.objects.get())
    moment = later()

    with time_machine.travel(moment, tick=False):
        asked = send(browser, peggy, ann)
        assert (asked.url, Proxy.objects.count(), Draft.objects.count()) == ("/account/prove", 0, 1)
        assert browser.post("/account/prove", {"password": PASSWORD}).status_code == 401
        proved = browser.post("/account/prove", {"code": make.code_of_app(moment)})
        assert proved.url == "/account/kept"
        kept = reverse("send_kept", args=[Draft.objects.get().pk])
        browser.post(kept, TOLD | {"about": str(peggy.pk)}, follow=True)

    assert (Proxy.objects.get().kept_back, Draft.objects.count()) == (["CLIN", "SOC"], 0)


def test_where_the_place_asks_for_a_second_factor_a_password_is_not_enough(sign_in, peggy, ann, settings):
    settings.SECOND_FACTOR = True
    browser = sign_in()

    asked = send(browser, peggy, ann)

    assert (asked.url, Proxy.objects.count()) == ("/account", 0)
    assert "That needs a second factor, and you have none yet." in words(browser.get("/account"))
    assert Event.objects.filter(outcome="refused").count() == 0


def test_a_place_may_ask_everybody_for_one(sign_in, peggy, settings):
    settings.SECOND_FACTOR_FOR_ALL = True

    assert sign_in().get(f"/person/{peggy.pk}").url == "/account"


def test_ending_it_asks_for_nothing(sign_in, peggy, ann):
    browser = sign_in()
    send(browser, peggy, ann)
    with time_machine.travel(later(), tick=False):
        address = reverse("proxy_ended", args=[peggy.pk, Proxy.objects.get().pk])
        browser.post(address, {"about": str(peggy.pk), "words": "She changed her mind"})

    assert Proxy.objects.get().ended_reason == "She changed her mind"
