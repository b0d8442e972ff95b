"""One person's pages: open to those with a reason, refused to everybody else, and always in the audit."""

import json

import pytest
from django.urls import reverse

from locality.access.actions import record_objection
from locality.journal.models import Event
from locality.record.models import Remark
from tests import factories as make

pytestmark = pytest.mark.django_db


def peggy_with_rows():
    person, (gp, acute) = make.peggy("gp", "acute")
    problem = make.resource(gp, make.problem("Asthma", id="c1"))
    make.resource(gp, make.allergy())
    make.resource(acute, make.visit("2026-11-01T10:00:00Z", "2026-11-04T10:00:00Z", "Hospital stay", id="e1"))
    return person, problem


def pages_of(person, row):
    return {
        "person": reverse("person", args=[person.pk]),
        "person_print": reverse("person_print", args=[person.pk]),
        "timeline": reverse("timeline", args=[person.pk, "all"]),
        "document": reverse("document", args=[person.pk, row.thing]),
        "original": reverse("original", args=[person.pk, row.thing]),
        "not_hers": reverse("not_hers", args=[person.pk, row.thing]),
    }


def test_the_team_reads_who_it_is_and_what_is_known(sign_in):
    person, _ = peggy_with_rows()

    words = sign_in().get(f"/person/{person.pk}").content.decode()

    for said in (
        "HARGREAVES, Margaret",
        "999 000 0018",
        "Asthma",
        "Penicillin",
        "What happens next",
        "Who is involved",
    ):
        assert said in words


@pytest.mark.parametrize("name", ["person", "person_print", "timeline", "document", "original", "not_hers"])
def test_every_page_about_a_person_is_refused_to_another_team_and_shows_nothing(sign_in, name):
    person, row = peggy_with_rows()

    answer = sign_in("Ruth", "Adler", teams=("hilltop",)).get(pages_of(person, row)[name])

    words = answer.content.decode()
    assert answer.status_code == 403
    assert [leak for leak in ("Asthma", "Hargreaves", "HARGREAVES", "9990000018", "Penicillin") if leak in words] == []
    refused = Event.objects.get(outcome="refused")
    assert (refused.what, refused.person_id) == (f"page.{name}", person.pk)


@pytest.mark.parametrize("role", ["analyst", "board", "administrator"])
def test_roles_that_see_no_records_are_refused_even_in_the_team(sign_in, role):
    person, _ = peggy_with_rows()

    assert sign_in(roles=(role,)).get(f"/person/{person.pk}").status_code == 403


def test_a_refusal_says_why_and_what_to_do_now(sign_in):
    person, _ = peggy_with_rows()

    words = sign_in("Ruth", "Adler", teams=("hilltop",)).get(f"/person/{person.pk}").content.decode()

    assert "Nobody has recorded why your team may see this person" in words
    assert "Find another person" in words


def test_opening_and_being_refused_both_stand_in_the_audit(sign_in):
    person, _ = peggy_with_rows()
    ours, theirs = sign_in(), sign_in("Ruth", "Adler", teams=("hilltop",))

    ours.get(f"/person/{person.pk}")
    theirs.get(f"/person/{person.pk}")

    lines = Event.objects.filter(person_id=person.pk).order_by("at", "id")
    assert list(lines.values_list("what", "outcome")) == [("record.opened", "done"), ("page.person", "refused")]


@pytest.mark.parametrize("rows", [1, 30])
def test_the_person_page_takes_at_most_twenty_four_queries_however_much_is_known(
    sign_in, rows, django_assert_max_num_queries
):
    person, (gp,) = make.peggy("gp")
    for number in range(rows):
        make.resource(gp, make.problem(f"Problem {number}", code="", id=f"c{number}"))
        make.resource(gp, make.visit(f"2026-10-{number % 27 + 1:02}T10:00:00Z", id=f"e{number}"))
        make.resource(
            gp, make.reading("29463-7", 60 + number / 10, "kg", f"2026-10-{number % 27 + 1:02}", id=f"o{number}")
        )
    browser = sign_in()
    browser.get("/find")

    # besides, the test's own transaction makes a savepoint and its release of what is a transaction in earnest
    with django_assert_max_num_queries(24 + 2):
        browser.get(f"/person/{person.pk}")


def test_a_line_of_somebody_else_is_not_found_under_this_person(sign_in):
    person, _ = peggy_with_rows()
    stan = make.person("Entwistle", "Stanley", nhs_number="")
    theirs = make.resource(make.patient(stan, make.source("gp")), make.problem("Gout", id="g"))

    answer = sign_in().get(reverse("document", args=[person.pk, theirs.thing]))

    assert (answer.status_code, "Gout" in answer.content.decode()) == (404, False)


def test_hidden_and_absent_lines_are_the_same_bytes(sign_in):
    person, (gp,) = make.peggy("gp")
    hidden = make.resource(gp, make.problem("HIV", id="h"), label="V")
    browser = sign_in()
    absent = reverse("document", args=[person.pk, "00000000-0000-4000-8000-000000000000"])

    answers = [browser.get(address) for address in (reverse("document", args=[person.pk, hidden.thing]), absent)]

    bodies = {without_token(answer.content.decode()) for answer in answers}
    assert ([answer.status_code for answer in answers], len(bodies)) == ([404, 404], 1)


def without_token(page: str) -> str:
    import re

    return re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]*"', "", page)


def test_a_part_of_the_page_comes_alone_to_a_browser_with_scripts(sign_in):
    person, _ = peggy_with_rows()
    browser = sign_in()
    address = reverse("timeline", args=[person.pk, "hospital"])

    part, whole = browser.get(address, headers={"HX-Request": "true"}), browser.get(address)

    assert ("<html" in part.content.decode(), "<html" in whole.content.decode()) == (False, True)
    assert f'data-about="{person.pk}"' in part.content.decode()


def test_a_line_may_be_said_to_be_somebody_elses_and_that_can_be_undone(sign_in):
    person, row = peggy_with_rows()
    browser = sign_in()
    address = reverse("not_hers", args=[person.pk, row.thing])

    assert "Say how you know" in browser.post(address, {"reason": " ", "about": str(person.pk)}).content.decode()
    browser.post(address, {"reason": "She has never had asthma", "about": str(person.pk)})
    said = browser.get(f"/person/{person.pk}").content.decode()
    browser.post(reverse("hers_after_all", args=[person.pk, row.thing]), {"about": str(person.pk)})

    assert "marked as somebody else" in said
    assert Remark.objects.get().withdrawn_at is not None


def test_a_stale_tab_about_somebody_else_writes_nothing(sign_in):
    person, row = peggy_with_rows()
    other = make.person("Entwistle", "Stanley", nhs_number="")

    answer = sign_in().post(reverse("not_hers", args=[person.pk, row.thing]), {"reason": "No", "about": str(other.pk)})

    assert (answer.status_code, Remark.objects.count()) == (409, 0)


def test_what_was_sent_is_shown_as_text_and_nothing_of_it_runs(sign_in):
    person, (gp,) = make.peggy("gp")
    bad = make.problem(
        "<script>alert(1)</script>", id="x", text={"status": "generated", "div": "<div><script>alert(2)</script></div>"}
    )
    row = make.resource(gp, bad)
    browser = sign_in()

    pages = [
        browser.get(reverse(name, args=[person.pk, row.thing])).content.decode() for name in ("document", "original")
    ]

    assert [page for page in pages if "<script>alert" in page] == []
    assert json.dumps("<script>alert(1)</script>")[1:-1].replace("<", "&lt;").replace(">", "&gt;") in pages[1]


def test_pages_are_never_kept_by_the_browser(sign_in):
    person, _ = peggy_with_rows()

    assert sign_in().get(f"/person/{person.pk}")["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", ["", "/print"])
def test_an_objection_to_sharing_is_said_so_that_nothing_shown_is_not_read_as_nothing_recorded(sign_in, address):
    peggy, (gp,) = make.peggy("gp")
    make.resource(gp, make.problem("Asthma"))
    nurse = sign_in()

    before = nurse.get(f"/person/{peggy.pk}{address}").content.decode()
    record_objection(person_id=peggy.pk, kind="sharing", words="She said so", by=make.viewer())
    after = nurse.get(f"/person/{peggy.pk}{address}").content.decode()

    assert ("They object to sharing" in before, "Asthma" in before) == (False, True)
    assert ("They object to sharing" in after, "Asthma" in after) == (True, False)
