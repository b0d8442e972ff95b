"""The pages of measures: what is told, what is kept back, what is real, and who reads them."""

import csv
import io
import re
from html import unescape

import pytest

from locality.population.queries.measures import measures
from locality.population.rules.kept import FIGURES
from locality.population.rules.measures import AREAS
from tests.population import measure_world
from tests.population.measure_world import ADMISSIONS

pytestmark = pytest.mark.django_db
# the session and the viewer: no figure is worked out and no table asked while somebody waits
QUERIES = 2


@pytest.fixture
def kept(tmp_path, settings):
    """The place's figures, worked out and kept."""
    settings.LOCALITY_HOME = tmp_path
    return measure_world.kept_already(tmp_path, "usual")


@pytest.fixture
def analyst(sign_in):
    return sign_in("Ada", "Lister", roles=("analyst",), teams=())


def words(browser, address: str) -> str:
    page = re.sub(r"<(svg|style).*?</\1>", " ", browser.get(address).content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def table(browser, address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(browser.get(address).content.decode())))


def test_the_list_says_what_changed_under_each_area_with_figure_direction_and_mark(kept, analyst):
    page = words(analyst, "/measures")

    assert re.search(r"\d+ measures: \d+ getting better, \d+ getting worse, beyond chance", page)
    headings = re.findall(r'<h2 id="area-\d+">([^<]+)', analyst.get("/measures").content.decode())
    assert headings == [name for name in AREAS if name in headings]
    assert len(headings) == len(AREAS)
    assert "Synthetic Of invented people, Jan 2025 to Dec 2025" in page
    figure = kept.measures[ADMISSIONS].figures.whole.value
    assert f"{figure:,.0f} admissions for each 100,000 people of 65 and over a year" in page
    assert "lower is better" in page


def test_a_measure_that_is_not_worked_out_says_why_and_stays_on_the_list(kept, analyst):
    listed, one = words(analyst, "/measures"), words(analyst, "/measures/preferred-place-of-death")

    assert "The copy holds no wishes" in listed
    assert "The copy holds no wishes" in one
    assert analyst.get("/measures/preferred-place-of-death/groups.csv").status_code == 404


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("falls", "found for “falls”"),
        ("fals admisions", "Read as fall"),
        ("strength training", "measures found"),
        ("zzyzx", "0 measures found for “zzyzx”"),
    ],
)
def test_the_search_forgives(kept, analyst, typed, told):
    assert told in words(analyst, f"/measures?words={typed}")


def test_a_measure_is_told_with_its_definition_its_chart_and_its_groups(kept, analyst):
    page = words(analyst, f"/measures/{ADMISSIONS}")
    whole = kept.measures[ADMISSIONS].figures.whole

    assert f"{whole.value:,.0f} admissions for each 100,000 people of 65 and over a year (95% interval" in page
    assert f"{whole.count:,} in {whole.of:,} years of people’s lives" in page
    assert "How often people of 65 and over are admitted to hospital in an emergency." in page
    assert "These people are invented: it says nothing of the real place." in page
    assert "Common cause: months differ by chance alone." in page
    assert [
        way for way in ("neighbourhood", "deprivation", "age", "sex", "ethnic group") if f"By {way}" not in page
    ] == []
    assert ("Eastside" in page, "Westside" in page, "By practice" in page) == (True, True, False)
    assert "steps of SQL" in page


def test_the_chart_has_a_mark_for_each_month_and_the_same_in_a_table_and_a_file(kept, analyst):
    page = analyst.get(f"/measures/{ADMISSIONS}").content.decode()
    months = table(analyst, f"/measures/{ADMISSIONS}/months.csv")

    assert page.count('class="control__mark ') == len(months) == 24
    assert (months[0]["month"], months[-1]["month"]) == ("Jan 2024", "Dec 2025")
    assert {row["data"] for row in months} == {"synthetic"}
    assert [row["month"] for row in months if f'<th scope="row">{row["month"]}</th>' not in page] == []


def test_what_is_real_stands_beside_and_is_marked_so_with_what_it_differs_in(kept, analyst):
    falls, dementia = words(analyst, "/measures/falls-admissions-65"), words(analyst, "/measures/dementia-known-65")
    told = table(analyst, "/measures/falls-admissions-65/published.csv")

    assert (
        "Emergency hospital admissions due to falls in people aged 65 and over Real The same, as it was published."
        in falls
    )
    assert "2017/18 2178.0 2531.0 2170.0" in falls
    assert "Not the same: of the people of 65 and over expected to have dementia" in dementia
    assert ({row["data"] for row in told}, len(told)) == ({"real"}, 8)


def test_a_copy_of_real_people_is_marked_real(tmp_path, settings, analyst):
    settings.LOCALITY_HOME = tmp_path
    measure_world.kept_already(tmp_path, "usual")
    told = tmp_path / "copy" / FIGURES
    told.write_text(told.read_text().replace('"synthetic":true', '"synthetic":false'))

    page = words(analyst, f"/measures/{ADMISSIONS}")

    assert ("invented" in page, "Synthetic" in page, "Real" in page) == (False, False, True)


def test_before_anything_is_kept_the_page_says_which_commands_to_run_and_shows_what_is_published(
    tmp_path, settings, analyst
):
    settings.LOCALITY_HOME = tmp_path

    listed, one = words(analyst, "/measures"), words(analyst, "/measures/falls-admissions-65")

    assert "measures, and no figures yet" in listed
    assert "locality refresh, then locality measure --keep" in listed
    assert (
        "Not worked out yet. An administrator works the figures out: locality refresh, then locality measure --keep"
        in one
    )
    assert "Published of the real place" in one


def test_what_is_no_measure_is_not_found(kept, analyst):
    addresses = ("/measures/none", "/measures/none/months.csv", "/measures/none/published.csv")

    assert [analyst.get(address).status_code for address in addresses] == [404] * 3


ADDRESSES = ("/measures", "/measures/table.csv", *(f"/measures/{ADMISSIONS}{rest}" for rest in
             ("", "/months.csv", "/groups.csv", "/published.csv")))  # fmt: skip


@pytest.mark.parametrize("role", ["link_worker", "administrator"])
def test_a_role_that_sees_no_figures_is_refused_everywhere(kept, sign_in, role):
    other = sign_in("Olga", "Nowak", roles=(role,), teams=())

    assert [other.get(address).status_code for address in ADDRESSES] == [403] * len(ADDRESSES)
    assert 'href="/measures"' not in other.get("/place").content.decode()


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_asks_the_database_for_nobody_but_the_viewer(kept, analyst, django_assert_num_queries, address):
    analyst.get(address)

    with django_assert_num_queries(QUERIES):
        analyst.get(address)


# ---- attempts to undo disclosure control


def small_world() -> dict[str, list[dict]]:
    """Few people, so that much must be kept back: seven in the west, three of whom were admitted."""
    told = measure_world.tables(120, seed=3)
    for number, row in enumerate(told["people"]):
        row["neighbourhood"] = "west" if number % 17 == 1 else "east"
    return told


def test_no_page_and_no_file_holds_a_count_of_one_to_seven_or_one_that_is_not_rounded(tmp_path, settings, analyst):
    settings.LOCALITY_HOME = tmp_path
    measure_world.kept_already(tmp_path, "small", **small_world())

    counts = []
    for name in measures(place="bury"):
        answer = analyst.get(f"/measures/{name}/groups.csv")
        if answer.status_code == 200:
            told = csv.DictReader(io.StringIO(answer.content.decode()))
            counts += [int(one.replace(",", "")) for row in told for one in re.findall(r"[\d,]+", row["counted"])]
    assert len(counts) > 30
    assert [one for one in counts if one % 5 or 0 < one <= 7] == []


def test_what_is_kept_back_in_a_table_is_nowhere_else_on_the_page(tmp_path, settings, analyst):
    settings.LOCALITY_HOME = tmp_path
    measure_world.kept_already(tmp_path, "small", **small_world())

    groups = {row["group"]: row for row in table(analyst, f"/measures/{ADMISSIONS}/groups.csv")}
    page = analyst.get(f"/measures/{ADMISSIONS}").content.decode()

    hidden = [name for name, row in groups.items() if row["counted"] == "" and name]
    assert "Westside" in hidden
    rows = dict(re.findall(r'<th scope="row" role="rowheader">([^<]+)</th>(.*?)</tr>', page, flags=re.S))
    # neither a figure, nor a bar whose length would tell it
    assert [name for name in hidden if name in rows and re.search(r"\d|<svg", re.sub(r"95%", "", rows[name]))] == []


def test_the_pages_read_no_file_but_what_may_be_told(kept, analyst, tmp_path):
    for path in (tmp_path / "copy").rglob("*"):
        if path.is_file() and path != tmp_path / "copy" / FIGURES:
            path.unlink()

    assert [analyst.get(address).status_code for address in ADDRESSES] == [200] * len(ADDRESSES)


def test_a_file_that_cannot_be_read_is_told_and_nothing_is_made_up(kept, analyst, tmp_path):
    (tmp_path / "copy" / FIGURES).write_text('{"run": 1}')

    answer = analyst.get("/measures")

    assert (answer.status_code, "locality measure --keep" in answer.content.decode()) == (409, True)


def test_a_search_is_shown_as_typed_and_is_never_markup(kept, analyst):
    page = analyst.get("/measures?words=<script>alert(1)</script>").content.decode()

    assert "<script>alert" not in page
