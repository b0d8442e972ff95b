"""If a look cannot be written down, nothing is shown: a page says what to do instead, and nothing of the record."""

import pytest
from django.db import connection
from django.urls import reverse

from locality.config.database import administrator
from locality.config.database import connect as connected
from locality.journal.models import Event
from tests import factories as make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sql]

SECRET = "Bromelain-of-the-marker"
FAILS = """
create function refuse_the_audit() returns trigger language plpgsql as
    $$ begin raise exception 'the disk of the audit is full'; end $$;
create trigger refuse_the_audit before insert on journal_event for each row execute function refuse_the_audit()
"""
MENDED = "drop trigger refuse_the_audit on journal_event; drop function refuse_the_audit()"
REVOKED, GRANTED = "revoke insert on journal_event from locality_app", "grant insert on journal_event to locality_app"


def as_owner(words: str) -> None:
    with connected(administrator(), connection.settings_dict["NAME"]) as admin:
        admin.execute(words)


@pytest.fixture(params=[(FAILS, MENDED), (REVOKED, GRANTED)], ids=["the insert fails", "the right was revoked"])
def no_audit(request):
    """From when it is called until the test ends, no line of the audit can be written."""
    fails, mended = request.param
    broken = []

    def break_it() -> None:
        as_owner(fails)
        broken.append(True)

    yield break_it
    if broken:
        as_owner(mended)


@pytest.fixture
def peggy():
    person, (patient,) = make.peggy("gp")
    row = make.resource(patient, make.medicine(SECRET))
    return person, row


ADDRESSES = {
    "person": lambda person, row: ("GET", reverse("person", args=[person.pk])),
    "print": lambda person, row: ("GET", reverse("person_print", args=[person.pk])),
    "timeline": lambda person, row: ("GET", reverse("timeline", args=[person.pk, "all"])),
    "line": lambda person, row: ("GET", reverse("document", args=[person.pk, row.thing])),
    "original": lambda person, row: ("GET", reverse("original", args=[person.pk, row.thing])),
    "list": lambda person, row: ("GET", reverse("home")),
    "find": lambda person, row: ("POST", reverse("find")),
    "confirm": lambda person, row: ("GET", reverse("confirm_person", args=[person.pk])),
}


@pytest.mark.parametrize("page", ADDRESSES)
def test_nothing_is_shown_that_cannot_be_written_down(sign_in, peggy, no_audit, page):
    person, row = peggy
    browser = sign_in()
    method, address = ADDRESSES[page](person, row)
    form = {"words": "hargreaves"} if method == "POST" else {}
    before = browser.generic(method, address) if method == "GET" else browser.post(address, form)
    lines = Event.objects.count()

    no_audit()
    told = browser.get(address) if method == "GET" else browser.post(address, form)

    assert (before.status_code, told.status_code) == (200, 503)
    words = told.content.decode()
    assert "ring 999" in words
    assert [one for one in (SECRET, "Hargreaves", "HARGREAVES", "Weaver", make.PEGGY_NUMBER) if one in words] == []
    assert Event.objects.count() == lines


def test_what_would_have_been_done_is_not_done(sign_in, peggy, no_audit):
    person, row = peggy
    browser = sign_in()
    no_audit()

    address = reverse("not_hers", args=[person.pk, row.thing])
    told = browser.post(address, {"about": str(person.pk), "reason": "She never had it"})

    assert told.status_code == 503
    assert SECRET not in told.content.decode()


def test_a_refusal_that_cannot_be_written_down_shows_nothing_either(sign_in, peggy, no_audit):
    person, _ = peggy
    browser = sign_in("Ruth", "Adler", teams=("hilltop",))
    no_audit()

    told = browser.get(reverse("person", args=[person.pk]))

    assert told.status_code == 503
    assert "Hargreaves" not in told.content.decode()
