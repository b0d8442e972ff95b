"""Finding a person, and making sure it is the right one."""

from datetime import date

import pytest

from locality.web.find.views import born_between
from tests import factories as make

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 5)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("14/3/1942", date(1942, 3, 14)),
        ("14/03/42", date(1942, 3, 14)),
        ("14.3.1942", date(1942, 3, 14)),
        ("14 Mar 1942", date(1942, 3, 14)),
        ("14 March 1942", date(1942, 3, 14)),
        ("1942-03-14", date(1942, 3, 14)),
        ("5/11/26", TODAY),
        ("6/11/26", date(1926, 11, 6)),
    ],
)
def test_a_birth_date_is_read_as_people_type_it(typed, read):
    assert born_between(typed, today=TODAY) == (read, read)


def test_a_year_alone_means_any_day_of_it():
    assert born_between("1942", today=TODAY) == (date(1942, 1, 1), date(1942, 12, 31))


@pytest.mark.parametrize("typed", ["", "soon", "31/2/1942", "14/3"])
def test_what_is_no_date_is_not_read_as_one(typed):
    assert born_between(typed, today=TODAY) is None


def test_a_search_shows_whom_it_found_and_keeps_the_words_out_of_the_address(sign_in):
    make.peggy("gp")

    answer = sign_in().post("/find", {"words": "hargreves margret", "born": ""})

    assert answer.request["QUERY_STRING"] == ""
    assert "HARGREAVES, Margaret" in answer.content.decode()


def test_nobody_found_says_what_was_searched_and_what_to_do(sign_in):
    words = sign_in().post("/find", {"words": "zzyzx quux", "born": ""}).content.decode()

    assert "Nobody found" in words
    assert "in every organisation connected" in words


def test_more_people_than_a_page_holds_are_said_to_be_more_and_not_counted(sign_in):
    for number in range(22):
        make.patient(make.person("Hargreaves", f"Ann {number:02}"), make.source("gp"), local_id=str(number))

    words = sign_in().post("/find", {"words": "hargreaves"}).content.decode()

    assert "<h1>More than 20 people found</h1>" in words
    assert "These are the first 20, by name. Type more of the name, or a birth date, to see fewer." in words


def test_an_empty_search_says_what_to_type(sign_in):
    answer = sign_in().post("/find", {"words": " ", "born": "tomorrow"})

    assert answer.status_code == 422
    assert "Type an NHS number, or a name." in answer.content.decode()
    assert "Type the birth date as day, month, year" in answer.content.decode()


def test_a_stranger_confirms_by_little_and_the_team_by_all(sign_in):
    person, _ = make.peggy("gp")
    ours = sign_in().get(f"/person/{person.pk}/confirm").content.decode()
    theirs = sign_in("Ruth", "Adler", teams=("hilltop",)).get(f"/person/{person.pk}/confirm").content.decode()

    assert "14 Mar 1942" in ours
    assert ("14 Mar 1942" in theirs, "1942" in theirs, make.PEGGY_NUMBER[-3:] in theirs) == (False, True, True)


@pytest.mark.parametrize("people", [1, 3])
def test_a_search_costs_the_same_for_one_found_and_for_three(sign_in, people, django_assert_num_queries):
    for number in range(people):
        row = make.person("Hargreaves", f"Margaret {number}")
        make.relationship(row)
        make.patient(row, make.source("gp"), local_id=str(number))
    browser = sign_in()
    browser.get("/find")

    # session, viewer, a savepoint and its release; those named so, likeness, words alike, those alike, those whom a
    # sender names so; who is an earlier identity, who may be opened, the audit
    with django_assert_num_queries(12):
        browser.post("/find", {"words": "hargreaves"})
