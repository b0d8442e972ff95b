"""One neighbourhood in full: its practices' lists and its small areas, each figure real, dated and from somewhere."""

import re
from datetime import date

import pytest

from locality.directory.models import Area

from .place_rows import CENSUS_DAY, figure, neighbourhood, practice, series, words_of

pytestmark = pytest.mark.django_db

ADDRESS = "/place/neighbourhood/hilltop"


def lists_of(*codes: str) -> None:
    """Two publications of the lists of these practices, the later one 100 patients up."""
    for number, code in enumerate(codes):
        for year in (2020, 2022):
            told = {"about_kind": "organisation", "period": f"May {year}", "adds_up": False}
            of = series(f"list-{year}", "list", date(year, 5, 1), **told)
            figure(of, code, 4000 + 1000 * number + 50 * (year - 2020))


def section(answer, id: str) -> str:
    html = answer.content.decode()
    return re.search(rf'aria-labelledby="{id}".*?</section>', html, re.DOTALL)[0]


def rows(html: str) -> list[str]:
    """What a reader sees of each line of a table, its heading left out."""
    lines = re.findall(r"<tr role=\"row\"[^>]*>(.*?)</tr>", html, re.DOTALL)[1:]
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", line)).strip() for line in lines]


# ---- the lists of its practices


def test_the_lists_of_its_practices_are_said_in_words_and_then_shown_by_publication(sign_in):
    browser = sign_in()
    row = neighbourhood("hilltop")
    practice("PR1", row)
    practice("PR2", row)
    practice("PR3", neighbourhood("meadows", at=1))  # of another neighbourhood: it could leak
    lists_of("PR1", "PR2", "PR3")

    answer = browser.get(ADDRESS)

    said = "9,200 patients on two lists together (May 2022): Practice PR2 has the longest, 5,100; Practice PR1 the "
    assert f"{said}shortest, 4,100." in words_of(answer)
    assert rows(section(answer, "lists")) == [
        "Practice PR2 5,000 5,100",
        "Practice PR1 4,000 4,100",
        "Together 9,000 9,200",
    ]
    assert "Real list, list-2022 , May 2022. Who was counted. the office of list-2022." in words_of(answer)


def test_a_list_that_was_not_published_is_no_figure_and_not_nought(sign_in):
    browser = sign_in()
    row = neighbourhood("hilltop")
    practice("PR1", row)
    practice("PR2", row)
    lists_of("PR1")

    answer = browser.get(ADDRESS)

    assert "4,100 patients on one list together (May 2022)." in words_of(answer)
    assert rows(section(answer, "lists")) == [
        "Practice PR1 4,000 4,100",
        "Practice PR2 No figure No figure",
        "Together Not all known Not all known",
    ]


def test_without_a_published_list_the_page_says_what_would_be_here(sign_in):
    browser = sign_in()
    practice("PR1", neighbourhood("hilltop"))

    assert "How many patients are on the list of each practice would be here" in words_of(browser.get(ADDRESS))


# ---- its small areas


def test_its_small_areas_stand_by_name_with_the_most_deprived_first(sign_in):
    browser = sign_in()
    neighbourhood("hilltop", residents=1000, older=200, tenths=(9, 2))
    neighbourhood("meadows", at=1, tenths=(1, 1))  # another neighbourhood's areas: they could leak
    rank = series("rank-2025", "deprivation", None, unit="rank", adds_up=False, period="day of tenth-2025")
    figure(rank, "E01000001", 4321)

    answer = browser.get(ADDRESS)

    assert "1 of its 2 small areas is in the most deprived fifth of the country." in words_of(answer)
    assert rows(section(answer, "areas-title")) == [
        "E01000001 E01000001 Tenth 2, rank 4,321 500 20% (100 of 500)",
        "E01000000 E01000000 Tenth 9 500 20% (100 of 500)",
    ]
    assert "Real Deprivation , day of tenth-2025. As published. Who was counted. the office of tenth-2025." in words_of(
        answer
    )


@pytest.mark.parametrize(
    ("measure", "words", "first"),
    [
        ("residents", "E01000001 has the most residents, 700; E01000000 the fewest, 500.", "E01000001"),
        (
            "older",
            "E01000000 has the largest share of people of 65 and over, 20% (100 of 500); E01000001 the smallest, "
            "14% (100 of 700).",
            "E01000000",
        ),
        ("of-nothing", "1 of its 2 small areas is in the most deprived fifth of the country.", "E01000000"),
    ],
)
def test_small_areas_are_shown_by_one_measure_at_a_time(sign_in, measure, words, first):
    browser = sign_in()
    neighbourhood("hilltop", residents=1000, older=200, tenths=(1, 5))
    for code in ("residents-census", "residents-mid-2020"):
        of = series(code, "population", CENSUS_DAY)
        of.figures.filter(about="E01000001").update(value=700)

    answer = browser.get(f"{ADDRESS}?measure={measure}")

    assert words in words_of(answer)
    assert rows(section(answer, "areas-title"))[0].split()[0] == first


def test_each_small_area_of_the_map_leads_to_its_row_and_is_as_dark_as_the_countrys_tenths_say(sign_in):
    browser = sign_in()
    neighbourhood("hilltop", tenths=(1, 9))

    html = section(browser.get(ADDRESS), "areas-title")

    assert re.findall(r'<a class="map__area map__area--(\d)" href="([^"]*)" aria-label="([^"]*)"', html) == [
        ("5", "#E01000000", "E01000000: Tenth 1"),
        ("1", "#E01000001", "E01000001: Tenth 9"),
    ]
    assert re.findall(r'<text class="map__name"[^>]*>([^<]*)<', html) == ["1", "9"]
    assert re.findall(r'<tr role="row" id="([^"]*)"', html) == ["E01000000", "E01000001"]


def test_small_areas_without_outlines_or_figures_are_still_named(sign_in):
    browser = sign_in()
    neighbourhood("hilltop")
    Area.objects.update(name="Small 001A")
    for one in ("tenth-2025", "residents-census", "residents-mid-2020", "older-mid-2020"):
        series(one, "", None).figures.all().delete()

    html = section(browser.get(ADDRESS), "areas-title")

    assert rows(html) == ["Small 001A E01000000", "Small 001A E01000001"]
    assert "map__area--plain" in html
