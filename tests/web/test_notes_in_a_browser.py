"""Notes and families in a real browser: they fit, please axe, and what is typed survives."""

import pytest

from locality.access import actions
from locality.neighbourhoods.models import NoteDraft
from locality.web import pages
from tests import factories as make
from tests.neighbourhoods.notes_world import kept, weighed, wrote
from tests.web.browser import DESK, PHONE, signed_in, wrong_of, wrong_on
from tests.web.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def peggy():
    """Peggy with a few notes and a daughter; Joanne of her team."""
    pages._names.clear()
    make.place()
    person = make.person()
    make.relationship(person)
    joanne = make.practitioner()
    make.role(joanne)
    make.member(joanne, make.team())
    actions.add_account(username="joanne", password=PASSWORD, practitioner=joanne, by=make.viewer())
    for days, kilograms in ((1, "51.8"), (9, "52.6")):
        wrote(person, as_said=weighed(kilograms, happened_at=make.ago(days=days)))
    kept(person, phone="07700 900456")
    return person


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_pages_of_notes_and_families_fit_and_please_axe(chromium, live_server, peggy, size):
    page, about = signed_in(chromium, live_server.url, "joanne", size), f"/person/{peggy.pk}"

    wrong = wrong_on(page, live_server.url, [f"{about}/notes", f"{about}/family", f"{about}/family/add"], size)
    page.goto(f"{live_server.url}{about}/note")
    for part in page.locator(".note-part > summary").all():
        part.click()

    assert wrong + wrong_of(page, size) == []


def test_the_cursor_is_in_the_box_and_what_is_typed_is_kept_while_one_types_and_offered_again(
    chromium, live_server, peggy
):
    page, way = signed_in(chromium, live_server.url, "joanne", PHONE), f"{live_server.url}/person/{peggy.pk}/note"
    page.goto(way)

    page.keyboard.type("She told me that")
    page.wait_for_selector("#draft-said:has-text('Kept for you at')")

    page.goto(way)
    assert (page.input_value("#words"), NoteDraft.objects.count()) == ("She told me that", 1)
    page.click("text=Keep the note")
    page.wait_for_url("**/notes")
    assert "She told me that" in page.locator("main").inner_text()
    assert NoteDraft.objects.count() == 0
