"""Organisations: found by whatever is remembered of them, and told from what was before to what came after."""

import re
from datetime import date

import pytest

from locality.base.ids import new_id
from locality.directory.models import OpeningHours
from tests import factories as make

from .place_rows import belongs, figure, headed, series, site, the_group, took_over, words_of

pytestmark = pytest.mark.django_db


def listed(browser, query: str) -> list[str]:
    html = browser.get(f"/place/organisations?{query}").content.decode()
    return re.findall(r'<li><a href="/place/organisation/[^"]*">([^<]*)</a>', html)


def filters(browser, query: str) -> list[tuple[str, str]]:
    """The choices between open and closed, each with how many it would show."""
    html = browser.get(f"/place/organisations?{query}").content.decode()
    choices = re.search(r'aria-label="Open or closed">(.*?)</nav>', html, re.DOTALL)[1]
    return re.findall(r">([A-Z][a-z ]*) <span>(\d+)</span>", choices)


@pytest.mark.parametrize(
    "typed",
    ["integrated", "BOARD", "brd", "intergrated board", "commissioner integrated", "ZZ1 2QX"],
)
def test_an_organisation_is_found_by_name_old_name_code_kind_postcode_and_forgivingly(sign_in, typed):
    browser = sign_in()
    _, board = the_group()
    site("desk", board, is_public=True, postcode="ZZ1 2QX")
    make.organisation("council")

    assert listed(browser, f"words={typed}") == ["Integrated Board"]


def test_an_old_name_finds_whoever_had_it_and_whoever_stands_there_now(sign_in):
    browser = sign_in()
    the_group()
    make.organisation("council")

    assert listed(browser, "words=comissioning grup") == ["Integrated Board", "Commissioning Group"]


def test_one_that_closed_without_a_successor_is_listed_with_the_day(sign_in):
    browser = sign_in()
    make.organisation("OLD", name="Old Mill Surgery", kind="practice", ends_on=date(2020, 1, 1))

    answer = browser.get("/place/organisations?words=old mill")

    assert headed(answer) == "1 organisation answers to \u201cold mill\u201d; it has closed"
    assert "Old Mill Surgery Closed on 31 Dec 2019 Unverified" in words_of(answer)


def test_what_will_close_or_open_says_when(sign_in):
    browser = sign_in()
    make.organisation("AAA", name="Leaving Trust", ends_on=date(2099, 4, 1))
    make.organisation("BBB", name="Coming Trust", starts_on=date(2099, 4, 1))

    words = words_of(browser.get("/place/organisations?words=trust"))

    assert "Coming Trust Opens on 1 Apr 2099 Unverified Leaving Trust Closes on 31 Mar 2099 Unverified" in words


def test_organisations_are_shown_open_or_closed_or_both_with_how_many_of_each(sign_in):
    browser = sign_in()
    make.organisation("AAA", name="A Closed Trust", ends_on=date(2020, 1, 1))
    make.organisation("council")

    both, open_ones, closed = (listed(browser, f"state={state}") for state in ("all", "open", "closed"))

    # those that are over stand after those that are there
    assert both == ["Smallborough Hospitals", "A Closed Trust", "Smallborough Council"]
    assert (open_ones, closed) == (["Smallborough Hospitals", "Smallborough Council"], ["A Closed Trust"])
    assert filters(browser, "") == [("Open and closed", "3"), ("Open", "2"), ("Closed", "1")]
    assert filters(browser, "kind=trust") == [("Open and closed", "2"), ("Open", "1"), ("Closed", "1")]
    assert listed(browser, "state=no-such-state") == both
    assert headed(browser.get("/place/organisations")) == (
        "3 organisations, among them 2 NHS trusts and 1 council; 1 of them has closed"
    )


def test_where_none_is_left_by_the_choices_the_page_leads_back(sign_in):
    answer = sign_in().get("/place/organisations?kind=trust&state=closed&words=small")

    assert "None among those that are closed and of this kind. Search all of them" in words_of(answer)
    assert 'href="/place/organisations?words=small"' in answer.content.decode()


def test_a_spelling_that_was_forgiven_is_said(sign_in):
    browser = sign_in()
    the_group()

    assert "Read as integrated" in words_of(browser.get("/place/organisations?words=intergratd"))


def test_a_hub_is_never_found_by_its_postcode(sign_in):
    browser = sign_in()
    _, board = the_group()
    site("hub", board, kind="hub", postcode="ZZ1 2QX")

    answer = browser.get("/place/organisations?words=ZZ1 2QX")

    assert "No organisation answers to" in words_of(answer)
    assert "Try one word of the name, or its code." in words_of(answer)


def test_organisations_are_listed_by_kind(sign_in):
    browser = sign_in()
    make.organisation("council")

    assert headed(browser.get("/place/organisations")) == "2 organisations, among them 1 NHS trust and 1 council"
    assert listed(browser, "kind=council") == ["Smallborough Council"]
    assert listed(browser, "kind=no-such-kind") == ["Smallborough Hospitals", "Smallborough Council"]


def test_an_organisation_that_ended_says_who_stands_in_its_place(sign_in):
    browser = sign_in()
    the_group()

    answer = browser.get("/place/organisation/GRP")

    assert headed(answer) == "Commissioning Group ended on 30 Jun 2022; today Integrated Board stands in its place"
    assert "1 Apr 2013 to 30 Jun 2022 Commissioning Group Unverified" in words_of(answer)
    assert "Since 1 Jul 2022 Integrated Board Unverified A new Act." in words_of(answer)


def test_its_successor_tells_the_same_story_from_its_end(sign_in):
    browser = sign_in()
    the_group()

    words = words_of(browser.get("/place/organisation/BRD"))

    assert "Integrated Board: Commissioner, since 1 Jul 2022" in words
    assert "Until 30 Jun 2022 Commissioning Group Unverified A new Act. invented Since 1 Jul 2022" in words


def test_a_part_handed_over_ends_nobody(sign_in):
    browser = sign_in()
    trust, other = make.organisation("AAA", name="Old Trust"), make.organisation("BBB", name="New Trust")
    took_over(trust, other, date(2019, 7, 1), "Community services only.")

    assert "1 Jul 2019 New Trust Unverified Took over part of its work. Community services only." in words_of(
        browser.get("/place/organisation/AAA")
    )
    assert "1 Jul 2019 Old Trust Unverified Handed over part of its work. Community services only." in words_of(
        browser.get("/place/organisation/BBB")
    )


def test_a_chain_of_successors_ends_with_who_stands_there_today(sign_in):
    browser = sign_in()
    first = make.organisation("AAA", name="Alliance", ends_on=date(2019, 4, 1))
    group, board = the_group()
    took_over(first, group, date(2019, 4, 1))

    words = words_of(browser.get("/place/organisation/AAA"))

    assert "Since 1 Apr 2019 Commissioning Group" in words
    assert "Today Integrated Board" in words


def test_memberships_that_are_over_stand_apart_from_those_that_hold(sign_in):
    browser = sign_in()
    group, board = the_group()
    trust = make.organisation("RSB")
    belongs(trust, group, ends_on=date(2022, 7, 1), note="End: the group's.")
    belongs(trust, board, starts_on=date(2022, 7, 1))

    words = words_of(browser.get("/place/organisation/RSB"))

    assert "Belongs or answers to 1 Integrated Board Unverified since 1 Jul 2022" in words
    assert "Belonged or answered to 1 Commissioning Group Unverified until 30 Jun 2022. End: the group's." in words


def test_a_hub_is_a_place_of_work_and_a_surgery_says_when_it_opens(sign_in):
    browser = sign_in()
    trust = make.organisation("RSB")
    site("hub", trust, kind="hub")
    surgery = site("surgery", trust, kind="surgery", is_public=True, address="1 Mill Lane", postcode="ZZ1 2QX")
    weekdays = dict.fromkeys(("monday", "tuesday", "wednesday"), "08:30-13:00, 14:00-18:30")
    OpeningHours.objects.create(id=new_id(), site=surgery, **weekdays, sunday="closed", **make.ORIGIN)

    words = words_of(browser.get("/place/organisation/RSB"))

    assert "Hub A place of work, not open to the public Unverified" in words
    assert "Surgery Open to the public Unverified Surgery: 1 Mill Lane, ZZ1 2QX" in words
    assert "Mon to Wed 08:30 to 13:00, 14:00 to 18:30 Sun Closed" in words


def test_a_site_that_has_closed_is_open_to_nobody(sign_in):
    browser = sign_in()
    site("ward", make.organisation("RSB"), kind="hospital", is_public=True, ends_on=date(2024, 11, 1))

    words = words_of(browser.get("/place/organisation/RSB"))

    assert "Ward Closed Unverified Hospital until 31 Oct 2024" in words


def test_an_organisation_says_what_it_sends_and_what_was_published_of_it(sign_in):
    browser = sign_in()
    make.source("gp")
    make.source("acute")  # somebody else's: it could leak
    figure(series("list-2022", "list", None, about_kind="organisation"), "MILL", 9100)
    figure(series("list-2025", "list", None, about_kind="organisation"), "MILL", 9212.5)

    words = words_of(browser.get("/place/organisation/MILL"))

    assert (
        "Mill Lane Practice Connected Unverified allergy, finding, medicine, problem and related person, due daily"
        in words
    )
    assert "Smallborough Hospitals (acute)" not in words
    assert "Patients on the list 2 figures, as each was published 9,100 people Real" in words
    assert "9,212.5 people Real" in words


def test_an_organisation_of_which_little_is_known_says_what_would_be_here(sign_in):
    words = words_of(sign_in().get("/place/organisation/RSB"))

    assert "Nothing is listed that came before or after it." in words
    assert "No site of its own is listed." in words
    assert "would be here with its origin and date." in words
    assert "Nothing. A source would say what it sends" in words
