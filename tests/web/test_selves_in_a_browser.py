"""The pages of the person, of whoever acts, and of naming and releasing, in a real browser: they fit, please axe."""

from pathlib import Path

import pytest

from locality.access import actions
from locality.access.models import Proxy
from locality.record.models import Resource
from locality.web import pages
from tests import factories as make
from tests.web.browser import DESK, PHONE, signed_in, wrong_of, wrong_on
from tests.web.conftest import PASSWORD
from tests.web.test_acting import right
from tests.web.test_own_files import CONTENT, letter

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def peggy():
    """Peggy, her daughter Ann who acts for her, and Nadia, a safeguarding lead of the team."""
    pages._names.clear()
    make.place()
    person, (gp,) = make.peggy("gp")
    make.resource(gp, make.problem("Asthma", id="c1"))
    make.resource(gp, make.problem("Bruises seen", id="c2"), data_class="SAFE")
    make.resource(make.patient(person, make.source("acute"), local_id="d1"), letter("d1"), data_class="SUM")
    ann = make.person("Lomas", "Ann", nhs_number="", address="9 Other Road", postcode="BL1 1AA")
    right(person, ann, kept_back=["SOC"])
    nadia = make.practitioner("Nadia", "Khan")
    make.role(nadia, "safeguarding_lead")
    make.member(nadia, make.team("riverside"))
    for name, whose in (("peggy", {"person": person}), ("ann", {"person": ann}), ("nadia", {"practitioner": nadia})):
        actions.add_account(username=name, password=PASSWORD, by=make.viewer(), **whose)
    return person


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_pages_of_the_person_and_of_whoever_acts_fit_and_please_axe(chromium, live_server, peggy, size):
    line = f"/me/record/{Resource.objects.get(type='DocumentReference').thing}"
    mine = ["/me/record", line, "/me/acting", "/me/who-looked", "/me/who-looked/ask"]
    herself = signed_in(chromium, live_server.url, "peggy", size)
    daughter = signed_in(chromium, live_server.url, "ann", size)
    daughter.goto(f"{live_server.url}/me/acting")
    daughter.click("text=Peggy Hargreaves >> nth=0")
    daughter.wait_for_url("**/me")

    assert wrong_on(herself, live_server.url, mine, size) == []
    assert wrong_on(daughter, live_server.url, mine, size) == []
    for page in (herself, daughter):
        page.goto(f"{live_server.url}{line}")
        with page.expect_download() as kept:
            page.click("text=Keep Letter of 3 November")
        assert Path(kept.value.path()).read_bytes() == CONTENT
    assert "You act for Peggy Hargreaves" in daughter.locator(".acting").inner_text()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_pages_of_naming_and_releasing_fit_and_please_axe(chromium, live_server, peggy, size):
    lead, ann = signed_in(chromium, live_server.url, "nadia", size), Proxy.objects.get().proxy_id
    about = f"/person/{peggy.pk}"
    ways = [f"{about}/consent", f"{about}/acting", f"{about}/acting/{ann}", f"{about}/release"]

    wrong = wrong_on(lead, live_server.url, ways, size)
    lead.click("summary:has-text('Decide') >> nth=0")
    wrong += wrong_of(lead, size)
    lead.click("form:has(textarea) button >> visible=true")

    assert "There is a problem" in lead.locator("main").inner_text()
    assert wrong + wrong_of(lead, size) == []
