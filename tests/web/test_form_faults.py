"""What is wrong with a form stands at its field: the summary leads there, and who hears the field hears the fault."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from locality.access.models import Proxy, Release
from locality.base import SYSTEM_ID
from locality.record.models import Resource
from tests import factories as make
from tests.web.conftest import PASSWORD
from tests.web.test_acting import right, signed_in

pytestmark = pytest.mark.django_db

TAG = '<(input|select|textarea|[a-z]+)\\b[^>]*\\bid="{id}"[^>]*>'


@pytest.fixture
def peggy():
    person, (gp,) = make.peggy("gp")
    make.resource(gp, make.problem("Asthma", id="c1"))
    make.resource(gp, make.problem("Bruises seen", id="c2"), data_class="SAFE")
    return person


def wrong_with(page: str, fields: list[str]) -> list[str]:
    """What is amiss with how these fields' faults are told: where a link leads, and what says so at the field."""
    linked = re.findall('<li><a href="#([^"]+)">', page.split("There is a problem")[1].split("</ul>")[0])
    wrong = [] if linked == fields else [f"the summary leads to {linked}"]
    for one in dict.fromkeys(linked):
        tag = re.search(TAG.format(id=re.escape(one)), page)
        if tag is None or tag[1] not in ("input", "select", "textarea") and "tabindex" not in tag[0]:
            wrong.append(f"nothing that takes focus is {one}")
            continue
        inside = page[: tag.start()].rsplit("<fieldset", 1)[-1] if "</fieldset" in page[tag.start() :] else ""
        described = re.findall('aria-describedby="([^"]+)"', tag[0] + inside.split(">")[0])
        told = {id for words in described for id in words.split()}
        if not told & {f"{one}-fault", f"{one}-error"}:
            wrong.append(f"{one} is not described by its fault, but by {sorted(told)}")
        wrong += [f"there is no {id}" for id in told if f'id="{id}"' not in page]
    return wrong


def sent(browser: Client, person, name: str, *parts: object, **fields: str) -> str:
    answer = browser.post(reverse(name, args=[person.pk, *parts]), {"about": str(person.pk)} | fields)
    assert answer.status_code in (401, 422)
    return answer.content.decode()


def test_breaking_the_glass(sign_in, peggy):
    ruth = sign_in("Ruth", "Adler", teams=("hilltop",))
    long = "word " * 500

    nothing, far_too_much = sent(ruth, peggy, "break_glass"), sent(ruth, peggy, "break_glass", words=long)

    assert wrong_with(nothing, ["why", "words"]) == []
    assert wrong_with(far_too_much, ["why", "words"]) == []
    assert far_too_much.count("word word") > 1
    assert long in far_too_much


def test_what_is_said_before_the_glass_is_broken_is_true(sign_in, peggy):
    ruth = sign_in("Ruth", "Adler", teams=("hilltop",))

    page = ruth.get(reverse("break_glass", args=[peggy.pk])).content.decode()
    fault = sent(ruth, peggy, "break_glass")

    assert ("Nobody has recorded a reason" in page, "the person and your privacy officer will read" in fault) == (
        False,
        False,
    )
    assert "The person can see that you looked, and not your words" in page


def test_an_objection_and_its_end(sign_in, peggy):
    nurse, nobody = sign_in(), make.person("Lomas", "Ann", nhs_number="")
    row = right(peggy, nobody)

    assert wrong_with(sent(nurse, peggy, "objection", organisation=""), ["kind", "words"]) == []
    assert wrong_with(sent(nurse, peggy, "proxy_ended", row.pk, words=" "), [f"why-{row.pk}"]) == []


def test_naming_who_acts(sign_in, peggy):
    nurse, ann = sign_in(), make.person("Lomas", "Ann", nhs_number="")

    assert wrong_with(sent(nurse, peggy, "proxy_find", born="never"), ["words", "born"]) == []
    made = sent(nurse, peggy, "proxy_made", ann.pk, last_day="never")
    assert wrong_with(made, ["kind", "last_day", "words"]) == []


def test_deciding_on_a_release_and_taking_it_back(sign_in, peggy):
    lead = sign_in("Nadia", "Khan", roles=("safeguarding_lead",))
    row = Resource.objects.get(title="Bruises seen")
    fields = [f"{name}-{row.thing}" for name in ("verdict", "read", "others_words", "harm_words", "words")]

    page = sent(lead, peggy, "release_decided", row.thing, version=str(row.pk))
    at = {"made_at": make.AT, "made_by": SYSTEM_ID, "starts_on": make.TODAY, "data_class": "SAFE"}
    said = {"others_words": "-", "harm_words": "-", "reason": "-", "verdict": "released"}
    Release.objects.create(person=peggy, thing=row.thing, version_id=row.pk, **said, **at)
    made = Release.objects.get()

    assert wrong_with(page, fields) == []
    assert wrong_with(sent(lead, peggy, "release_taken_back", made.pk, words=""), [f"why-{made.pk}"]) == []


def test_sealing_a_line(sign_in, peggy):
    row = Resource.objects.get(title="Asthma")

    assert wrong_with(sent(sign_in(), peggy, "seal", row.thing), ["kind", "words"]) == []


def test_ones_own_sign_in(sign_in):
    browser = sign_in()

    def posted(way: str, **fields: str) -> str:
        return browser.post(way, fields).content.decode()

    assert wrong_with(posted("/account/password", new_password="short"), ["new_password"]) == []
    wrong = posted("/account/password", password="wrong", new_password="quite another passphrase")
    assert wrong_with(wrong, ["password"]) == []
    assert wrong_with(posted("/account/prove", password="wrong"), ["password"]) == []
    assert wrong_with(posted("/account/app", code="000000"), ["code"]) == []
    assert wrong_with(Client().post("/sign-in", {"username": "x"}).content.decode(), ["username"]) == []


def test_a_code_after_a_password(sign_in):
    browser = sign_in()
    make.app(make.Account.objects.get())
    again = Client()
    again.post("/sign-in", {"username": "joanne-fielding", "password": PASSWORD})

    for way, client in (("/sign-in/second-factor", again), ("/account/prove", browser)):
        assert wrong_with(client.post(way, {"code": "000000"}).content.decode(), ["code"]) == []


def test_ending_who_acts_for_oneself(peggy):
    row = right(peggy, make.person("Lomas", "Ann", nhs_number=""))
    herself = signed_in(peggy, "peggy")

    page = herself.post(reverse("me_proxy_ended", args=[row.pk]), {"about": str(peggy.pk), "words": ""})

    assert wrong_with(page.content.decode(), [f"why-{row.pk}"]) == []
    assert Proxy.objects.get().ended_at is None
