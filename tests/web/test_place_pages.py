"""The place, its neighbourhoods, teams and practitioners: what is published of them, and nothing about people."""

import re
import shutil
import threading
from datetime import date, timedelta
from functools import partial
from http.server import ThreadingHTTPServer

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import sync_playwright

from locality.access.rules import RoleCode
from locality.base.ids import named_id, new_id
from locality.directory.models import Neighbourhood, OpeningHours, Service
from tests import factories as make
from tests.web.browser import DESK, PHONE
from tests.web.conftest import CHROMIUM

from .place_rows import (
    belongs,
    figure,
    headed,
    neighbourhood,
    neighbourhood_team,
    practice,
    series,
    site,
    took_over,
    words_of,
)
from .test_pages_in_a_browser import STATIC, UnderPolicy

pytestmark = pytest.mark.django_db

# ---- who may look


ADDRESSES = ["/place", "/place/neighbourhood/hilltop", "/place/organisations", "/place/organisation/RSB"]
ADDRESSES += ["/place/team/riverside", f"/place/practitioner/{named_id('practitioner', 'Joanne', 'Fielding')}"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_nobody_sees_the_place_without_signing_in(address):
    neighbourhood()
    make.member(make.practitioner(), make.team())

    answer = Client().get(address)

    assert (answer.status_code, answer.url.split("?")[0]) == (302, "/sign-in")


@pytest.mark.parametrize("role", list(RoleCode))
def test_every_role_finds_the_place_on_the_way_there(sign_in, role):
    browser = sign_in(roles=(role,))
    neighbourhood()

    answers = [browser.get(address) for address in ADDRESSES]

    assert [answer.status_code for answer in answers] == [200] * len(ADDRESSES)
    assert '<a href="/place" aria-current="page">The place</a>' in answers[0].content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/place/neighbourhood/nowhere",
        "/place/organisation/NONE",
        "/place/team/none",
        f"/place/practitioner/{named_id('nobody')}",
    ],
)
def test_what_is_not_there_is_not_found(sign_in, address):
    assert sign_in().get(address).status_code == 404


# ---- the place


def test_the_place_says_in_words_how_it_is_divided(sign_in):
    browser = sign_in()
    for number, code in enumerate(("hilltop", "meadows")):
        row = neighbourhood(code, at=number)
        neighbourhood_team(row)
        practice(f"PR{number}", row)

    answer = browser.get("/place")

    assert headed(answer) == "Smallborough: two neighbourhoods, each with its team, and two practices"


def test_the_map_is_drawn_here_each_neighbourhood_a_link_with_its_name_and_figure(sign_in):
    browser = sign_in()
    neighbourhood("hilltop", residents=1000, older=150)
    neighbourhood("meadows", at=1, residents=1000, older=250)

    html = browser.get("/place").content.decode()

    links = re.findall(r'<a class="map__area map__area--(\d)" href="([^"]*)" aria-label="([^"]*)"', html)
    assert links == [
        ("1", "/place/neighbourhood/hilltop", "Hilltop: 15.0% (150 of 1,000)"),
        ("5", "/place/neighbourhood/meadows", "Meadows: 25.0% (250 of 1,000)"),
    ]
    assert re.findall(r'<text class="map__value"[^>]*>([^<]*)<', html) == ["15.0%", "25.0%"]
    assert re.findall(r"<[^>]*\sstyle=", html) == []


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        ("older", "Meadows has the largest share of people of 65 and over, 25.0%; Hilltop the smallest, 10.0%."),
        (
            "deprivation",
            "2 of 2 small areas of Hilltop are in the most deprived fifth of the country; 0 of 2 of Meadows.",
        ),
        ("residents", "Hilltop has the most residents, 1,500; Meadows the fewest, 1,000."),
        ("of-nothing", "Meadows has the largest share of people of 65 and over, 25.0%; Hilltop the smallest, 10.0%."),
    ],
)
def test_one_measure_at_a_time_is_said_in_words(sign_in, measure, words):
    browser = sign_in()
    neighbourhood("hilltop", residents=1500, older=150, tenths=(1, 2))
    neighbourhood("meadows", at=1, residents=1000, older=250, tenths=(3, 10))

    assert words in words_of(browser.get(f"/place?measure={measure}"))


def test_every_figure_is_marked_real_with_its_origin_and_date(sign_in):
    browser = sign_in()
    neighbourhood()

    words = words_of(browser.get("/place"))

    assert "Real 65 and over , day of older-mid-2020." in words
    assert "the office of older-mid-2020" in words
    assert "the office of residents-mid-2020" in words
    assert "Real Residents , day of residents-census." in words


def test_what_nobody_has_confirmed_is_marked(sign_in):
    browser = sign_in()
    neighbourhood("hilltop")
    Neighbourhood.objects.filter(code="hilltop").update(verified=True)
    neighbourhood("meadows", at=1)

    words = words_of(browser.get("/place"))

    assert "Meadows Unverified" in words
    assert "Hilltop Unverified" not in words


def test_conflicting_figures_of_the_place_stand_side_by_side(sign_in):
    browser = sign_in()
    for code, pence in (("plan", 1_920_000_000), ("minutes", 1_900_000_000), ("press", 2_300_000_000)):
        of = series(code, "fund", None, about_kind="place", unit="pence", adds_up=False, verified=code != "press")
        figure(of, "smallborough", pence)

    words = words_of(browser.get("/place"))

    assert "Fund 3 figures, as each was published" in words
    assert [said in words for said in ("£19.2 million Real", "£19 million Real", "£23 million Real Unverified")] == [
        True,
        True,
        True,
    ]


def test_a_place_without_neighbourhoods_says_what_would_be_here(sign_in):
    words = words_of(sign_in().get("/place"))

    assert "Smallborough is not divided into neighbourhoods yet" in words
    assert "The neighbourhoods would be here" in words


def test_neighbourhoods_without_figures_or_outlines_have_a_table_and_no_map(sign_in):
    browser = sign_in()
    told = {"place": make.place(), "code": "hilltop", "name": "Hilltop", **make.ORIGIN}
    Neighbourhood.objects.create(id=new_id(), **told)

    answer = browser.get("/place")

    assert "<svg" not in answer.content.decode()
    assert "No figure of small areas is loaded." in words_of(answer)
    assert "<caption" in answer.content.decode()


# ---- one neighbourhood


def test_a_neighbourhood_names_its_team_practices_and_wards(sign_in):
    browser = sign_in()
    row = neighbourhood("hilltop")
    neighbourhood_team(row)
    practice("PR1", row)
    practice("PR2", neighbourhood("meadows", at=1))  # of another neighbourhood: it could leak

    words = words_of(browser.get("/place/neighbourhood/hilltop"))

    assert "Hilltop: one practice and one ward, looked after by the Hilltop-team team" in words
    assert "Practice PR1" in words
    assert "Practice PR2" not in words
    assert "Hilltop ward Unverified" in words
    assert "2 small areas" in words


def test_a_neighbourhood_shows_published_figures_that_differ_beside_each_other(sign_in):
    browser = sign_in()
    neighbourhood("hilltop", residents=1000)
    figure(series("lists", "population", None, period="2022"), "E01000000", 700)
    figure(series("lists", "population", None), "E01000001", 450)

    words = words_of(browser.get("/place/neighbourhood/hilltop"))

    assert "Residents 3 figures, as each was published" in words
    assert "1,150 people Real population, lists 2022 Who was counted. the office of lists" in words
    assert "1,000 people Real population, residents-census day of residents-census" in words


def test_a_neighbourhood_without_a_team_says_so(sign_in):
    browser = sign_in()
    neighbourhood("hilltop")

    words = words_of(browser.get("/place/neighbourhood/hilltop"))

    assert "without a team of its own today" in words
    assert "No team looks after this neighbourhood today." in words


# ---- teams and who works in them


def test_a_team_shows_who_works_in_it_by_employer_and_who_has_left(sign_in):
    browser = sign_in()
    council = make.organisation("council")
    marcus = make.practitioner("Marcus", "Obi", employer=council)
    make.member(marcus, make.team(), post="Social worker")
    make.member(make.practitioner("Ruth", "Adler"), make.team(), ends_on=date(2026, 6, 1))
    make.member(make.practitioner("Nathan", "Quayle"), make.team("hilltop"))  # of another team: it could leak

    words = words_of(browser.get("/place/team/riverside"))

    assert "Riverside team: 2 people from 2 organisations" in words
    assert "Joanne Fielding District nurse SBH since 1 Apr 2026" in words
    assert "Marcus Obi Social worker Council since 1 Apr 2026" in words
    assert "Ruth Adler District nurse SBH 1 Apr 2026 to 31 May 2026" in words
    assert "Nathan Quayle" not in words


def test_a_team_with_nobody_in_it_says_how_people_come(sign_in):
    browser = sign_in()
    make.team("hilltop")

    words = words_of(browser.get("/place/team/hilltop"))

    assert "Hilltop team: nobody is listed in it yet" in words
    assert "Nobody is listed in this team. An administrator adds staff" in words
    assert "Nobody yet. Whoever leaves stays here" in words


def test_a_practitioners_page_says_where_they_work_and_nothing_of_whom_they_know(sign_in):
    browser = sign_in()
    person, _ = make.peggy("gp")  # on Joanne's team's caseload: she could leak
    joanne = make.practitioner()
    make.member(joanne, make.team("hilltop"), starts_on=date(2025, 1, 1), ends_on=date(2026, 4, 1))

    words = words_of(browser.get(f"/place/practitioner/{joanne.pk}"))

    assert "Joanne Fielding, District nurse: in the Riverside team" in words
    assert "Riverside team District nurse Smallborough Hospitals since 1 Apr 2026" in words
    assert "Hilltop team District nurse Smallborough Hospitals 1 Jan 2025 to 31 Mar 2026" in words
    assert [part for part in (person.family, person.nhs_number, person.postcode) if part.lower() in words.lower()] == []


def test_a_practitioner_who_has_left_every_team_is_in_none_today(sign_in):
    browser = sign_in()
    ruth = make.practitioner("Ruth", "Adler")
    make.member(ruth, make.team(), ends_on=date(2026, 6, 1))

    words = words_of(browser.get(f"/place/practitioner/{ruth.pk}"))

    assert "Ruth Adler, District nurse: in no team today" in words
    assert "In no team today. An administrator adds people" in words


# ---- as many questions for three as for one


@pytest.fixture
def grown(sign_in, request):
    """Somebody signed in, and so many rows of everything; the first page is free of what is asked once."""
    browser = sign_in()
    mine, joanne = make.organisation("RSB"), make.practitioner()
    for number in range(request.param):
        row = neighbourhood(f"area-{number}", at=number)
        neighbourhood_team(row)
        one = practice(f"PR{number}", row)
        old = make.organisation(f"OLD{number}", ends_on=date(2020, 1, 1))
        took_over(old, mine, date(2020, 1, 1) + timedelta(days=number))
        took_over(mine, make.organisation(f"NEW{number}"), date(2021, 1, 1))
        belongs(one, mine)
        belongs(mine, old)
        made = site(f"site-{number}", mine)
        OpeningHours.objects.create(id=new_id(), site=made, **make.ORIGIN)
        told = {"place": make.place(), "organisation": mine, "site": made, "kind": "nursing"}
        Service.objects.create(id=new_id(), code=f"service-{number}", name=f"Service {number}", **told, **make.ORIGIN)
        figure(series(f"list-{number}", "list", None, about_kind="organisation"), "RSB", number)
        make.source(f"source-{number}", organisation=mine)
        make.member(make.practitioner("Ruth", f"Adler-{number}"), make.team())
        make.member(make.practitioner("Tom", f"Gone-{number}"), make.team(), ends_on=date(2026, 6, 1))
        make.member(joanne, make.team(f"team-{number}"))
    browser.get("/place/team/riverside")
    return browser


def counts(address: str, queries: int):
    return [pytest.param(rows, address, queries, id=f"{address} with {rows}") for rows in (1, 3)]


# two for the session and the viewer, and what each page asks of the directory
@pytest.mark.parametrize(
    ("grown", "address", "queries"),
    [
        *counts("/place", 16),
        *counts("/place/neighbourhood/area-0", 20),
        *counts("/place/organisations", 8),
        *counts("/place/organisation/RSB", 16),
        *counts("/place/team/riverside", 5),
        *counts("/place/team/area-0-team", 7),
        *counts(f"/place/practitioner/{named_id('practitioner', 'Joanne', 'Fielding')}", 4),
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
    addresses = [*ADDRESSES, "/place?measure=deprivation", "/place/organisations?words=nothing-like-it"]
    addresses[1] = "/place/neighbourhood/area-1"
    for number, address in enumerate(addresses):
        # the policy of this server knows one nonce
        html = re.sub(r'nonce="[^"]*"', 'nonce="known"', grown.get(address).content.decode())
        (tmp_path / f"{number}.html").write_text(html)
    shutil.copytree(STATIC, tmp_path / "static")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(UnderPolicy, directory=tmp_path))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        wrong = faults(f"http://127.0.0.1:{server.server_port}", addresses)
    finally:
        server.shutdown()
        server.server_close()

    assert wrong == []


def faults(root: str, addresses: list[str]) -> list[tuple]:
    wrong: list[tuple] = []

    def heard(said) -> None:
        if said.type == "error":
            wrong.append(("said", said.text))

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        for size in (DESK, PHONE):
            tab = chromium.new_page(viewport=size)
            tab.on("console", heard)
            for number, address in enumerate(addresses):
                tab.goto(f"{root}/{number}.html")
                found = Axe().run(tab).response["violations"]
                wrong += [(address, broken["id"], broken["nodes"][0]["html"]) for broken in found]
                if tab.evaluate("document.documentElement.scrollWidth") > size["width"]:
                    wrong.append((address, size["width"], "is wider than the screen"))
        chromium.close()
    return wrong


def held(browser) -> str:
    words = " ".join(browser.get("/place").content.decode().split())
    found = re.search(r'<p class="lead">(.*?)</p>', words)
    return re.sub(r"<[^>]+>", "", found[1]).strip() if found else ""


def test_who_may_see_figures_is_told_how_many_people_are_held_rounded(sign_in):
    for number in range(13):
        make.person("Hargreaves", f"Ann {number}")
    make.person("Ash", "Alias", merged_into=make.person("Hargreaves", "Kept"))

    told = held(sign_in("Priya", "Nair", roles=("analyst",), teams=()))

    assert told == (
        "Real About 15 people are held here, each once, whoever sent them."
        " Rounded to five; where seven or fewer, not told."
    )


def test_so_few_people_that_somebody_could_be_picked_out_are_not_counted(sign_in):
    make.person("Hargreaves", "Ann")

    told = held(sign_in("Priya", "Nair", roles=("analyst",), teams=()))

    assert told == "Real Seven people or fewer are held here. Rounded to five; where seven or fewer, not told."


def test_invented_people_are_said_to_be_invented(sign_in, settings):
    settings.DEMO_ACCOUNTS = "accounts.json"

    assert held(sign_in("Priya", "Nair", roles=("analyst",), teams=())).startswith("Invented About 0 people")


def test_a_nurse_is_not_told_how_many_people_are_held(sign_in):
    assert held(sign_in()) == ""
