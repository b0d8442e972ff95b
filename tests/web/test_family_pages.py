"""Who is close to a person on its pages; the key safe, shown on asking and nowhere else."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from locality.access import actions
from locality.access.models import Draft
from locality.journal.models import Event
from locality.neighbourhoods.models import Contact, KeySafe
from tests import factories as make
from tests.neighbourhoods.notes_world import kept, wrote
from tests.neighbourhoods.test_families import sent_ann
from tests.web.conftest import PASSWORD

pytestmark = pytest.mark.django_db
CODE, WHERE = "4711", "Behind the drainpipe"


def sent(browser, person, route, args=(), **told):
    return browser.post(reverse(route, args=[person.pk, *args]), {"about": str(person.pk)} | told)


def family(browser, person) -> str:
    return browser.get(reverse("family", args=[person.pk])).text


def test_written_down_changed_and_ended_with_what_was_kept_before(joanne, peggy):
    told = {"name": "Ann Lomas", "relation": "daughter", "phone": "07700 900456", "said_by": "Peggy herself"}
    sent(joanne, peggy, "contact_add", **told, roles=["next of kin", "attorney health"])
    row = Contact.objects.get()
    assert "Ann Lomas (next of kin) is the one to ring first" in family(joanne, peggy)

    changed = {"version": "1", "phone": "07700 900457", "ends_on": "2026-11-04", "why": "She moved to Spain"}
    sent(joanne, peggy, "contact", [row.thing], **(told | changed))

    page = joanne.get(reverse("contact", args=[peggy.pk, row.thing])).text
    assert ("What was kept before" in page, "07700 900456" in page, "She moved to Spain" in page) == (True, True, True)
    assert "1 who is no longer" in family(joanne, peggy)


def test_sent_back_as_it_is_read_nothing_of_them_changes_but_the_number(joanne, peggy):
    told = {"name": "Ann Lomas", "said_by": "Peggy herself", "starts_on": "2026-01-01", "ends_on": "2026-12-31"}
    sent(joanne, peggy, "contact_add", **told, roles=["attorney health"])
    row = Contact.objects.get()
    page = joanne.get(reverse("contact", args=[peggy.pk, row.thing])).text
    typed = dict(re.findall(r'<input[^>]*name="(starts_on|ends_on)"[^>]*value="([^"]*)"', page))

    again = {"version": "1", "phone": "07700 900457", "why": "A new telephone"}
    sent(joanne, peggy, "contact", [row.thing], roles=["attorney health"], **(told | typed | again))

    now = Contact.objects.get(is_current=True)
    assert (typed["ends_on"], now.ends_on, now.phone) == ("2026-12-31", row.ends_on, "07700 900457")


def test_a_link_to_the_wrong_person_can_be_cut(joanne, peggy):
    stan = make.person("Whitworth", "Stanley", nhs_number="9990000026")
    make.relationship(stan)
    told = {"name": "Ann Lomas", "said_by": "Peggy herself"}
    sent(joanne, peggy, "contact_add", **told, number="9990000026")
    row = Contact.objects.get()
    assert row.who_id == stan.pk

    sent(joanne, peggy, "contact", [row.thing], **told, version="1", why="Another Ann", unlinked="yes")

    assert Contact.objects.get(is_current=True).who_id is None


def test_the_page_about_the_person_the_paper_and_the_pack_tell_them_as_they_are_kept_here(joanne, peggy):
    sent(
        joanne, peggy, "contact_add", name="Ann Lomas", said_by="Peggy", phone="07700 900456", roles=["do not contact"]
    )

    pages = [joanne.get(reverse(name, args=[peggy.pk])).text for name in ("person", "person_print")]

    assert [("Ann Lomas" in page, "07700 900456" in page) for page in pages] == [(True, False)] * 2


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"name": ""}, "name"),
        ({"said_by": ""}, "said_by"),
        ({"starts_on": "soon"}, "starts_on"),
        ({"number": "9990000034"}, "number"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(joanne, peggy, told, field):
    fields = {"name": "Ann Lomas", "said_by": "Peggy herself", "words": "Works nights"} | told

    page = sent(joanne, peggy, "contact_add", **fields)

    assert (page.status_code, Contact.objects.count()) == (422, 0)
    assert (f'<a href="#{field}">' in page.text, "Works nights</textarea>" in page.text) == (True, True)


def test_whom_a_source_sent_is_kept_in_one_press(joanne, peggy):
    sent_ann(peggy)
    assert "What others sent" in family(joanne, peggy)

    sent(joanne, peggy, "contact_take", key="ann lomas")

    page = family(joanne, peggy)
    assert ("What others sent" in page, "Said by Mill Lane Practice, 4 November 2026" in page) == (False, True)
    assert sent(joanne, peggy, "contact_take", key="ann lomas").status_code == 409


def keeps_a_safe(browser, person):
    return sent(browser, person, "key_safe_kept", secret=CODE, where=WHERE, code_said_by="Peggy herself")


def test_the_code_is_shown_on_asking_alone_and_each_asking_is_on_the_books(joanne, peggy):
    keeps_a_safe(joanne, peggy)

    quiet = [family(joanne, peggy), joanne.get(reverse("person", args=[peggy.pk])).text]
    quiet += [joanne.get(reverse("person_print", args=[peggy.pk])).text]
    assert [one for one in quiet if CODE in one or WHERE in one] == []
    assert joanne.get(reverse("key_safe", args=[peggy.pk])).status_code == 405
    shown = sent(joanne, peggy, "key_safe")
    assert (CODE in shown.text, WHERE in shown.text, shown["Cache-Control"]) == (True, True, "no-store")
    assert Event.objects.filter(what="key-safe.opened", person_id=peggy.pk).count() == 1
    kept_of_it = [*Event.objects.values_list("reason", "detail"), bytes(KeySafe.objects.get().sealed)]
    assert CODE not in str(kept_of_it)


LATE = {"name": "Ann Lomas", "said_by": "Peggy herself"}


@pytest.mark.parametrize(("told", "said", "count"), [({"secret": CODE}, "yes", 0), (LATE, "kept", 1)])
def test_a_code_that_was_sent_too_late_is_not_kept_as_other_forms_are(joanne, peggy, told, said, count):
    route = "key_safe_kept" if "secret" in told else "contact_add"

    with time_machine.travel(make.AT + timedelta(minutes=31), tick=False):
        late = sent(joanne, peggy, route, **told)

    assert (late["Location"], Draft.objects.count()) == (f"/sign-in?over={said}", count)
    assert (KeySafe.objects.count(), Contact.objects.count()) == (0, 0)


def test_a_code_that_was_mistyped_is_not_written_into_the_page_again(joanne, peggy):
    page = sent(joanne, peggy, "key_safe_kept", secret=CODE, where=WHERE, code_said_by="")

    assert (page.status_code, CODE in page.text, WHERE in page.text) == (422, False, True)


def test_taken_away_it_is_there_no_more(joanne, peggy):
    keeps_a_safe(joanne, peggy)

    sent(joanne, peggy, "key_safe_ended")

    assert sent(joanne, peggy, "key_safe").status_code == 404
    assert "No key safe is written down here." in family(joanne, peggy)


def test_of_a_protected_address_the_code_is_told_to_nobody_without_leave(joanne, peggy):
    keeps_a_safe(joanne, peggy)
    peggy.protected = True
    peggy.save()

    assert sent(joanne, peggy, "key_safe").status_code == 404
    assert "How one comes in is not told to you" in family(joanne, peggy)
    assert keeps_a_safe(joanne, peggy).status_code == 409


def test_whoever_may_not_open_the_person_sees_and_writes_nothing(sign_in, peggy):
    row = kept(peggy)
    ruth = sign_in("Ruth", teams=("hilltop",))

    answers = [ruth.get(reverse("family", args=[peggy.pk])), ruth.get(reverse("contact", args=[peggy.pk, row.thing]))]
    answers += [keeps_a_safe(ruth, peggy), sent(ruth, peggy, "key_safe"), sent(ruth, peggy, "contact_take", key="x")]

    assert [one.status_code for one in answers] == [403] * 5
    assert KeySafe.objects.count() == 0


def test_the_person_reads_the_notes_about_them_and_no_page_of_staff(peggy, sign_in):
    wrote(peggy)
    actions.add_account(username="peggy", password=PASSWORD, person=peggy, by=make.viewer())
    herself = Client()
    herself.post("/sign-in", {"username": "peggy", "password": PASSWORD})

    page = herself.get(reverse("me_notes"))
    assert (page.status_code, "Dressed her shin." in page.text) == (200, True)
    assert [herself.get(reverse(route, args=[peggy.pk])).status_code for route in ("notes", "family", "note")] == [
        404
    ] * 3
