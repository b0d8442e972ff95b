"""Joiners, movers and leavers, as the administrator sees and changes them; closed to every other role."""

import csv
import io
import re
import shutil
import threading
from datetime import date
from functools import partial
from html import unescape
from http.server import ThreadingHTTPServer

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from locality.access.actions import end_role
from locality.access.models import Account, Role
from locality.access.rules import RoleCode
from locality.base.ids import named_id
from locality.directory.models import Practitioner, TeamMembership
from locality.journal.models import Event
from tests import factories as make

from .place_rows import headed, words_of
from .test_pages_in_a_browser import STATIC, UnderPolicy
from .test_place_pages import faults

pytestmark = pytest.mark.django_db

RUTH = named_id("practitioner", "Ruth", "Adler")
OTHERS = [code for code in RoleCode if code != RoleCode.ADMINISTRATOR]
LOOKED_AT = ["/place/staff", "/place/staff/print", "/place/staff/add", "/place/staff/list", f"/place/staff/{RUTH}"]
LOOKED_AT += [f"/place/staff/{RUTH}/leave?leaves_after=2026-11-30", "/place/staff/list/refused.csv"]
SENT = [f"/place/staff/{RUTH}/{way}" for way in ("teams", "roles", "leave", f"roles/{named_id('role')}", "undo")]
SENT += ["/place/staff/add", "/place/staff/list"]


@pytest.fixture(autouse=True)
def _on_the_day():
    with time_machine.travel(make.AT, tick=False):
        yield


@pytest.fixture
def sam(sign_in):
    """Sam keeps the list of staff; Ruth is on it."""
    browser = sign_in("Sam", "Whitaker", roles=("administrator",), teams=())
    # whoever made the account: nobody else is on the list
    Practitioner.objects.filter(given="Joanne").delete()
    ruth()
    return browser


def ruth(**other) -> Practitioner:
    who = make.practitioner("Ruth", "Adler", **other)
    if not who.memberships.exists():
        make.member(who, make.team())
        make.role(who)
    return who


def listed(browser, query: str = "") -> list[str]:
    html = browser.get(f"/place/staff?{query}").content.decode()
    return re.findall(r'<a href="/place/staff/[0-9a-f-]{36}">([^<]*)</a>', html)


def lines(browser, address: str = "/place/staff") -> list[str]:
    """What a reader sees of each line of the table, its heading left out."""
    html = browser.get(address).content.decode()
    rows = re.findall(r'<tr role="row"[^>]*>(.*?)</tr>', html, re.DOTALL)[1:]
    return [re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", row))).strip() for row in rows]


def works() -> list[tuple]:
    rows = TeamMembership.objects.filter(practitioner=RUTH).order_by("starts_on", "team__code")
    return [(row.team.code, row.post, row.starts_on, row.ends_on) for row in rows]


RIVERSIDE = ("riverside", "District nurse", date(2026, 4, 1))


# ---- who may


def test_nobody_sees_staff_without_signing_in():
    answers = [Client().get(address) for address in LOOKED_AT]

    assert {(answer.status_code, answer.url.split("?")[0]) for answer in answers} == {(302, "/sign-in")}


@pytest.mark.parametrize("role", OTHERS)
def test_every_role_but_the_administrators_is_refused_everything(sign_in, role):
    ruth()
    browser = sign_in(roles=(role,))

    looked = [browser.get(address).status_code for address in LOOKED_AT]
    sent = [browser.post(address, {"leaves_after": "2026-11-30"}).status_code for address in SENT]

    assert (looked, sent) == ([403] * len(LOOKED_AT), [403] * len(SENT))
    assert [row[-1] for row in works()] == [None]
    assert "Staff: who joins" not in words_of(browser.get("/place"))
    assert "Change their teams" not in words_of(browser.get(f"/place/practitioner/{RUTH}"))


def test_the_administrator_finds_the_staff_on_the_page_of_the_place(sam):
    assert '<a href="/place/staff">' in sam.get("/place").content.decode()
    assert f'<a href="/place/staff/{RUTH}">' in sam.get(f"/place/practitioner/{RUTH}").content.decode()


def test_who_is_not_there_is_not_found(sam):
    assert sam.get(f"/place/staff/{named_id('nobody')}").status_code == 404


# ---- the list


def test_the_list_says_what_everybody_does_and_when_it_ends(sam):
    council = make.organisation("council")
    marcus = make.practitioner("Marcus", "Obi", profession="Social worker", employer=council)
    make.member(marcus, make.team("hilltop"), ends_on=date(2026, 11, 21))
    make.member(marcus, make.team("meadows"), starts_on=date(2026, 11, 21))
    make.role(marcus, "social_worker")
    make.role(marcus, "analyst", organisation=make.organisation("RSB"))

    assert headed(sam.get("/place/staff")) == "3 people work here"
    assert lines(sam) == [
        "Ruth Adler ruth-adler District nurse SBH Riverside team Clinician No end",
        "Marcus Obi marcus-obi Social worker Council Meadows team (from 21 Nov 2026) Hilltop team (until 20 Nov 2026) "
        "Social worker Analyst at SBH Ends 20 Nov 2026",
        "Sam Whitaker sam-whitaker District nurse SBH None Administrator No end",
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("words=adler", ["Ruth Adler"]),
        ("words=RUTH-AD", ["Ruth Adler"]),
        ("words=nurse ruth", ["Ruth Adler"]),
        ("words=rutth adlre", ["Ruth Adler"]),
        ("words=hospitals", ["Ruth Adler", "Sam Whitaker"]),
        ("words=xylophone", []),
        ("employer=council", ["Marcus Obi"]),
        ("employer=RSB", ["Marcus Obi", "Ruth Adler", "Sam Whitaker"]),
        ("team=hilltop", ["Marcus Obi"]),
        ("team=hilltop&employer=RSB&words=obi", ["Marcus Obi"]),
        ("team=nowhere", []),
        ("soon=yes", ["Marcus Obi"]),
        ("soon=yes&team=riverside", []),
        ("here=left", ["Ada Gone"]),
        ("here=left&team=riverside", ["Ada Gone"]),
        ("here=left&soon=yes", []),
        ("here=all", ["Ada Gone", "Marcus Obi", "Ruth Adler", "Sam Whitaker"]),
        ("here=nonsense&page=99", ["Marcus Obi", "Ruth Adler", "Sam Whitaker"]),
    ],
)
def test_staff_are_found_forgivingly_and_by_employer_team_and_what_ends(sam, query, found):
    marcus = make.practitioner("Marcus", "Obi", profession="Social worker", employer=make.organisation("council"))
    make.member(marcus, make.team("hilltop"), ends_on=date(2026, 11, 21))
    make.role(marcus, "analyst", organisation=make.organisation("RSB"), ends_on=date(2027, 4, 1))
    gone = make.practitioner("Ada", "Gone", employer=make.organisation("circle"), profession="Link worker")
    make.member(gone, make.team(), ends_on=date(2026, 6, 1))
    make.role(gone, "link_worker", ends_on=date(2026, 6, 1))

    assert sorted(listed(sam, query)) == found


def test_a_spelling_that_was_forgiven_is_said_and_where_nobody_answers_the_page_leads_on(sam):
    assert "Nobody is called exactly that. Read as adler ." in words_of(sam.get("/place/staff?words=adlre"))
    nobody = sam.get("/place/staff?words=xylophone")
    assert headed(nobody) == "Nobody answering to \u201cxylophone\u201d, with these choices"
    assert "Show everybody who is here" in words_of(nobody)


def test_who_has_left_is_told_with_the_last_day(sam):
    gone = make.practitioner("Ada", "Gone")
    make.member(gone, make.team(), ends_on=date(2026, 6, 1))

    assert headed(sam.get("/place/staff?here=left")) == "1 person has left"
    assert lines(sam, "/place/staff?here=left") == [
        "Ada Gone ada-gone District nurse SBH None Nothing Left after 31 May 2026"
    ]
    assert headed(sam.get(f"/place/staff/{gone.pk}")) == "Ada Gone, District nurse: left after 31 May 2026"


def test_a_long_list_comes_a_page_at_a_time_and_whole_on_paper(sam):
    for number in range(60):
        make.practitioner("Bo", f"Birch-{number:02}")

    first, second = sam.get("/place/staff?words=birch"), sam.get("/place/staff?words=birch&page=2")

    assert "Page 1 of 2, 60 people in all." in words_of(first)
    assert 'href="?words=birch&amp;here=here&amp;page=2">After' in first.content.decode()
    assert [len(listed(sam, f"words=birch&page={number}")) for number in (1, 2)] == [50, 10]
    assert 'href="?words=birch&amp;here=here&amp;page=1">Before' in second.content.decode()
    assert len(lines(sam, "/place/staff/print?words=birch")) == 60


def test_the_list_on_paper_says_what_it_is_and_who_printed_it(sam):
    words = words_of(sam.get("/place/staff/print?employer=RSB&words=adler"))

    assert "Words: adler; employer: RSB; those who are here. Printed Thu 5 Nov 2026, 09:40 by Sam Whitaker" in words
    assert "Ruth Adler ruth-adler District nurse" in words


# ---- joining


ADDED = {
    "given": "Cy",
    "family": "Elm",
    "profession": "Nurse",
    "code": "N-7",
    "employer": "RSB",
    "starts_on": "2026-12-01",
    "team": "riverside",
    "post": "",
    "role": "clinician",
    "username": "cy.elm",
}


def test_who_is_added_stands_on_their_own_page(sam):
    answer = sam.post("/place/staff/add", ADDED, follow=True)

    assert headed(answer) == (
        "Cy Elm, Nurse: signs in as clinician (from 1 Dec 2026); in the Riverside team (from 1 Dec 2026)"
    )
    assert "Cy Elm was added." in words_of(answer)
    assert "added by Sam Whitaker" in words_of(answer)
    assert Account.objects.filter(username="cy.elm").count() == 1


@pytest.mark.parametrize(
    ("other", "field", "sentence"),
    [
        ({"given": " "}, "given", "Type the given name."),
        ({"employer": "NOWHERE"}, "employer", "Choose one of those in the list."),
        ({"starts_on": ""}, "starts_on", "Type their first day."),
        ({"starts_on": "13/32/2026"}, "starts_on", "\u201c13/32/2026\u201d is not a day: type day, month and year"),
        ({"starts_on": "01/12/9999"}, "starts_on", "\u201c01/12/9999\u201d is not a day"),
        ({"role": ""}, "role", "Choose what they sign in as, or leave the user name out."),
        ({"code": "ruth-adler"}, "form", "There is already a practitioner with the code 'ruth-adler'."),
        ({"code": "7 up"}, "form", "'7 up' is not a code"),
    ],
)
def test_who_cannot_be_added_is_told_why_and_what_was_typed_stays(sam, other, field, sentence):
    answer = sam.post("/place/staff/add", ADDED | other)

    html = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert re.findall(r'<li><a href="#(\w+)">', html) == [field]
    assert sentence in html
    assert 'name="profession" type="text" value="Nurse"' in html
    assert Practitioner.objects.filter(family="Elm").count() == 0


def test_a_day_may_be_typed_day_first(sam):
    sam.post("/place/staff/add", ADDED | {"starts_on": "1/12/2026"})

    assert TeamMembership.objects.get(practitioner__code="n-7").starts_on == date(2026, 12, 1)


# ---- moving


def move(**other) -> dict[str, str]:
    leaves = str(TeamMembership.objects.get(practitioner=RUTH).pk)
    told = {"leaves": leaves, "last_day": "2026-11-30", "joins": "hilltop", "first_day": "2026-12-01"}
    return told | {"post": "Team lead", "employer": "RSB"} | other


def test_who_moves_is_out_of_one_team_and_in_another_and_back_again_by_undo(sam):
    make.team("hilltop")

    moved = sam.post(f"/place/staff/{RUTH}/teams", move(), follow=True)

    assert works() == [(*RIVERSIDE, date(2026, 12, 1)), ("hilltop", "Team lead", date(2026, 12, 1), None)]
    said = "Ruth Adler leaves Riverside team after 30 November 2026 and joins Hilltop team on 1 December 2026."
    assert f"{said} Undo" in words_of(moved)
    undone = sam.post(f"/place/staff/{RUTH}/undo", follow=True)
    assert f"Taken back: {said}" in words_of(undone)
    assert works()[0] == (*RIVERSIDE, None)
    # what was taken back is told nowhere: it never was
    assert "Hilltop" not in words_of(sam.get(f"/place/practitioner/{RUTH}"))
    assert "Ruth Adler" not in words_of(sam.get("/place/team/hilltop"))
    assert headed(undone) == "Ruth Adler, District nurse: signs in as clinician; in the Riverside team"


def test_undo_is_good_for_the_last_change_and_only_once(sam):
    make.team("hilltop")
    sam.post(f"/place/staff/{RUTH}/teams", move())

    other = sam.post(f"/place/staff/{named_id('somebody else')}/undo")
    first, second = (sam.post(f"/place/staff/{RUTH}/undo") for _ in range(2))

    assert [answer.status_code for answer in (other, first, second)] == [409, 302, 409]
    assert Event.objects.filter(what="staff.undo").count() == 1


@pytest.mark.parametrize(
    ("other", "field", "sentence"),
    [
        ({"leaves": "", "joins": ""}, "leaves", "Choose a team to leave, a team to join, or both."),
        ({"last_day": ""}, "last_day", "Type the last day in the team they leave."),
        ({"first_day": "soon"}, "first_day", "\u201csoon\u201d is not a day"),
        ({"leaves": str(named_id("another"))}, "leaves", "Choose one of those in the list."),
        ({"last_day": "2026-03-01"}, "form", "This cannot end before it began on 1 April 2026."),
        ({"joins": "riverside", "last_day": "2026-12-31"}, "form", "Ruth Adler is already in Riverside team"),
    ],
)
def test_a_move_that_cannot_be_made_says_why_and_keeps_what_was_typed(sam, other, field, sentence):
    make.team("hilltop")

    answer = sam.post(f"/place/staff/{RUTH}/teams", move(**other))

    html = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert re.findall(r'<li><a href="#(\w+)">', html) == [field]
    assert sentence in html
    assert 'value="Team lead"' in html
    assert works() == [(*RIVERSIDE, None)]


# ---- roles


def test_a_role_is_given_and_ended_on_a_day(sam):
    make.organisation("council")
    given = {"role": "social_worker", "organisation": "council", "role_from": "2026-12-01"}

    added = sam.post(f"/place/staff/{RUTH}/roles", given, follow=True)
    role = Role.objects.get(practitioner=RUTH, code="clinician")
    ended = sam.post(f"/place/staff/{RUTH}/roles/{role.pk}", {f"role_until_{role.pk}": "30/11/2026"}, follow=True)

    assert "Ruth Adler may sign in as social worker at Smallborough Council from 1 December 2026." in words_of(added)
    assert "Ruth Adler may sign in as clinician at Smallborough Hospitals until 30 November 2026." in words_of(ended)
    role.refresh_from_db()
    assert role.ends_on == date(2026, 12, 1)


def test_a_role_without_its_day_or_office_is_asked_for(sam):
    role = Role.objects.get(practitioner=RUTH)

    unsaid = sam.post(f"/place/staff/{RUTH}/roles", {})
    undated = sam.post(f"/place/staff/{RUTH}/roles/{role.pk}", {})

    fields = [re.findall(r'<li><a href="#([^"]*)">', answer.content.decode()) for answer in (unsaid, undated)]
    assert fields == [["role", "organisation", "role_from"], [f"role_until_{role.pk}"]]


def test_a_role_of_somebody_else_is_not_found(sam):
    theirs = Role.objects.exclude(practitioner=RUTH).get()

    answer = sam.post(f"/place/staff/{RUTH}/roles/{theirs.pk}", {f"role_until_{theirs.pk}": "2026-11-30"})

    theirs.refresh_from_db()
    assert (answer.status_code, theirs.ends_on) == (404, None)


# ---- leaving


def test_before_somebody_leaves_the_page_names_them_and_what_ends(sam):
    answer = sam.get(f"/place/staff/{RUTH}/leave?leaves_after=2026-11-30")

    assert headed(answer) == (
        "Ruth Adler leaves after Mon 30 Nov 2026: 1 role and 1 team end, and from Tue 1 Dec 2026 Ruth Adler can no "
        "longer sign in."
    )
    assert "Clinician for Smallborough Hospitals Riverside team , District nurse" in words_of(answer)
    assert [row[-1] for row in works()] == [None]


def test_who_leaves_has_left_and_is_back_by_undo(sam):
    left = sam.post(f"/place/staff/{RUTH}/leave", {"leaves_after": "2026-11-04"}, follow=True)

    assert headed(left) == "Ruth Adler, District nurse: left after 4 Nov 2026"
    assert "Ruth Adler leaves after 4 November 2026: 1 role and 1 team end. Undo" in words_of(left)
    assert listed(sam, "here=left") == ["Ruth Adler"]
    sam.post(f"/place/staff/{RUTH}/undo")
    assert (works(), listed(sam, "here=left")) == ([(*RIVERSIDE, None)], [])


def test_whoever_leaves_is_signed_out_of_their_role_at_once(sign_in, sam):
    hers = sign_in("Ruth", "Adler", roles=(), teams=())
    assert hers.get("/place").status_code == 200

    sam.post(f"/place/staff/{RUTH}/leave", {"leaves_after": "2026-11-04"})

    assert (hers.get("/place").status_code, hers.get("/place").url) == (302, "/sign-in?next=%2Fplace")


def test_a_last_day_that_is_none_or_ends_nothing_is_said(sam):
    unsaid = sam.get(f"/place/staff/{RUTH}/leave")
    sam.post(f"/place/staff/{RUTH}/leave", {"leaves_after": "2026-11-04"})

    again = sam.get(f"/place/staff/{RUTH}/leave?leaves_after=2026-11-30")
    insisted = sam.post(f"/place/staff/{RUTH}/leave", {"leaves_after": "2026-11-30"})

    assert unsaid.status_code == 422
    assert "Type their last day." in words_of(unsaid)
    assert headed(again) == "Ruth Adler has no role and no team after Mon 30 Nov 2026: there is nothing to end."
    assert '<form class="confirm"' not in again.content.decode()
    assert "Ruth Adler has no role and no team after 30 November 2026: nothing ends." in words_of(insisted)


def test_an_administrators_own_page_offers_no_change(sam):
    me = Practitioner.objects.get(code="sam-whitaker")

    answer = sam.get(f"/place/staff/{me.pk}")
    tried = sam.post(f"/place/staff/{me.pk}/leave", {"leaves_after": "2026-11-30"})

    assert "Another administrator changes your roles and teams" in words_of(answer)
    assert re.findall(r'<form[^>]*action="/place/staff', answer.content.decode()) == []
    assert (tried.status_code, Role.objects.get(practitioner=me).ends_on) == (422, None)


# ---- a list as a file


HEAD = "code,given,family,profession,employer,team,role,starts_on"
GOOD = "n1,Bo,Birch,Nurse,RSB,riverside,clinician,2026-12-01"
BAD = "n2,Di,Elm,Nurse,RSB,riversyde,clinician,12/01/2026"


def send(browser, *rows: str, name: str = "staff.csv", head: str = HEAD, **other):
    file = SimpleUploadedFile(name, "\n".join([head, *rows]).encode(), content_type="text/csv")
    return browser.post("/place/staff/list", {"file": file} | other, follow=True)


def test_a_list_is_loaded_and_each_refused_line_is_kept_with_its_line_and_reason(sam):
    answer = send(sam, GOOD, BAD)

    assert headed(answer) == "1 line of staff.csv was taken, 1 was not"
    assert Practitioner.objects.filter(code="n1").count() == 1
    for seen in (answer, sam.get("/place/staff/list")):  # it stays until another list is sent
        refused = lines_of(seen, "refused")
        assert refused == [
            "3 n2 'starts_on' must be a day such as 2019-04-01, not '12/01/2026': write 2026-01-12 for 12 January 2026 "
            "or 2026-12-01 for 1 December 2026 code n2; given Di; family Elm; profession Nurse; employer RSB; team "
            "riversyde; role clinician; starts_on 12/01/2026"
        ]


def lines_of(answer, id: str) -> list[str]:
    html = re.search(rf'aria-labelledby="{id}".*?</section>', answer.content.decode(), re.DOTALL)[0]
    rows = re.findall(r'<tr role="row"[^>]*>(.*?)</tr>', html, re.DOTALL)[1:]
    return [re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", "", row))).strip() for row in rows]


def test_a_list_that_is_only_looked_at_changes_nothing(sam):
    answer = send(sam, GOOD, BAD, check="yes")

    assert headed(answer) == "1 line of staff.csv can be taken, 1 cannot; nothing has been changed yet"
    assert "Joined: n1" in words_of(answer)
    assert Practitioner.objects.filter(code="n1").count() == 0


def test_a_list_that_was_looked_at_is_loaded_without_being_sent_again(sam):
    send(sam, GOOD, BAD, check="yes")

    loaded = sam.post("/place/staff/list", {"looked": "yes"}, follow=True)
    again = sam.post("/place/staff/list", {"looked": "yes"})

    assert headed(loaded) == "1 line of staff.csv was taken, 1 was not"
    assert Practitioner.objects.filter(code="n1").count() == 1
    assert "Choose the file" in words_of(again)


def test_the_refused_lines_come_back_as_a_file_to_be_put_right_and_sent_again(sam):
    send(sam, GOOD, BAD)

    answer = sam.get("/place/staff/list/refused.csv")

    text = answer.content.decode("utf-8-sig")
    assert answer["Content-Disposition"] == 'attachment; filename="refused-staff.csv"'
    assert list(csv.DictReader(io.StringIO(text))) == [dict(zip(HEAD.split(","), BAD.split(","), strict=True))]
    mended = text.replace("riversyde", "riverside").replace("12/01/2026", "2026-12-01")
    assert headed(send(sam, *mended.splitlines()[1:], head=mended.splitlines()[0])) == "1 line of staff.csv was taken"


@pytest.mark.parametrize(
    ("name", "rows", "head", "sentence"),
    [
        ("staff.csv", (), "code,surname", "staff.csv line 1: 'surname' is not a column here"),
        ("staff.csv", ("a,b",), HEAD, "staff.csv line 2: 2 cells under 8 columns"),
        ("my list (1).csv", (), "", "my_list_1.csv line 1: the first line must name the columns"),
        ("../../etc/passwd.csv", (), "", "passwd.csv line 1: the first line must name the columns"),
        ("staff.csv.gz", (), HEAD, "The file must be a CSV"),
        ("staff.xlsx", (), HEAD, "The file must be a CSV"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_line_and_without_our_folders(sam, name, rows, head, sentence):
    answer = send(sam, *rows, name=name, head=head)

    assert answer.status_code == 422
    assert sentence in words_of(answer)
    assert "/tmp" not in answer.content.decode()


def test_no_file_or_one_that_is_too_large_is_refused(sam):
    none = sam.post("/place/staff/list", {})
    large = send(sam, "x" * 1_000_001)

    assert "Choose the file" in words_of(none)
    assert "The file is larger than 1 MB." in words_of(large)
    assert [none.status_code, large.status_code] == [422, 422]


def test_without_a_refused_line_there_is_no_file_of_them(sam):
    send(sam, GOOD)

    assert sam.get("/place/staff/list/refused.csv").status_code == 404
    assert "the refused lines as a file" not in words_of(sam.get("/place/staff/list"))


# ---- as many questions for three as for one


@pytest.fixture
def grown(sam, request):
    """So many of everybody and everything; the first page is free of what is asked once."""
    for number in range(request.param):
        for who in (make.practitioner("Bo", f"Birch-{number}"), Practitioner.objects.get(pk=RUTH)):
            make.member(who, make.team(f"team-{number}"), employer=make.organisation(f"ORG{number}"))
            role = make.role(who, "analyst", organisation=make.organisation(f"ORG{number}"))
            end_role(role=role, ends_on=date(2026, 12, 1), by=make.viewer())
    send(sam, *[BAD.replace("n2", f"n{number}") for number in range(request.param)])
    sam.get("/place/staff")
    return sam


def counts(address: str, queries: int):
    return [pytest.param(rows, address, queries, id=f"{address} with {rows}") for rows in (1, 3)]


# two for the session and the viewer, four for the staff who answer, and what the page offers to choose from
@pytest.mark.parametrize(
    ("grown", "address", "queries"),
    [
        *counts("/place/staff", 8),
        *counts("/place/staff?words=birhc&employer=ORG0&team=team-0&soon=yes", 8),
        *counts("/place/staff/print", 6),
        *counts("/place/staff/add", 4),
        *counts("/place/staff/list", 2),
        *counts(f"/place/staff/{RUTH}", 9),
        *counts(f"/place/staff/{RUTH}/leave?leaves_after=2026-11-30", 7),
    ],
    indirect=["grown"],
)
def test_a_page_asks_as_much_for_three_rows_as_for_one(grown, address, queries, django_assert_num_queries):
    with django_assert_num_queries(queries):
        answer = grown.get(address)

    assert answer.status_code == 200


# ---- in a real browser


@pytest.mark.browser
@pytest.mark.parametrize("grown", [3], indirect=True)
def test_the_pages_fit_their_screens_keep_the_policy_and_please_axe(grown, tmp_path):
    pages = {address: grown.get(address) for address in LOOKED_AT if not address.endswith(".csv")}
    pages["wrong"] = grown.post("/place/staff/add", {})
    pages["nobody"] = grown.get("/place/staff?words=xylophone")
    pages["left"] = grown.post(f"/place/staff/{RUTH}/leave", {"leaves_after": "2026-11-30"}, follow=True)
    for number, answer in enumerate(pages.values()):
        # the policy of this server knows one nonce
        html = re.sub(r'nonce="[^"]*"', 'nonce="known"', answer.content.decode())
        (tmp_path / f"{number}.html").write_text(html)
    shutil.copytree(STATIC, tmp_path / "static")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(UnderPolicy, directory=tmp_path))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        wrong = faults(f"http://127.0.0.1:{server.server_port}", list(pages))
    finally:
        server.shutdown()
        server.server_close()

    assert wrong == []
