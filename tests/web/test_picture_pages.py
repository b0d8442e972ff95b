"""The picture's pages: who may see them, what they say, and that nothing on them tells more than was released."""

import csv
import io
import re

import pytest
from django.conf import settings

from locality.journal.models import Event
from locality.population.actions import draw_picture
from locality.population.models import Picture
from tests import factories as make
from tests.population.copies import write_copy

from .picture_world import drawn, rows, world
from .place_rows import words_of

pytestmark = pytest.mark.django_db

PAGES = ("/place/picture", "/place/picture/people", "/place/picture/needs", "/place/picture/conditions",
         "/place/picture/services", "/place/picture/outcomes", "/place/picture/inequality", "/place/picture/falls",
         "/place/neighbourhood/hilltop/picture")  # fmt: skip
FILES = ("people", "needs", "conditions", "services", "outcomes", "inequality", "falls", "published")


def table(answer):
    return list(csv.reader(io.StringIO(answer.content.decode())))


@pytest.mark.parametrize("address", PAGES)
def test_before_the_first_picture_each_page_says_what_would_be_there_and_how_to_make_it(sign_in, address):
    answer = sign_in().get(address)

    said = words_of(answer)
    assert answer.status_code == 200
    assert "No picture has been drawn yet" in said
    assert "locality refresh, then locality picture" in said


@pytest.mark.parametrize("address", [*PAGES, "/place/picture/people.csv", "/place/neighbourhood/hilltop/picture.csv"])
@pytest.mark.parametrize("role", ["care_home", "privacy_officer", "identity_custodian"])
def test_who_neither_plans_nor_serves_a_neighbourhood_is_refused(sign_in, tmp_path, address, role):
    drawn(tmp_path)

    answer = sign_in(roles=(role,)).get(address)

    assert answer.status_code == 403
    assert "does not look at figures of the neighbourhoods" in words_of(answer)


@pytest.mark.parametrize("role", ["clinician", "link_worker", "analyst", "board", "administrator"])
def test_teams_analysts_and_boards_see_it(sign_in, tmp_path, role):
    drawn(tmp_path)

    browser = sign_in(roles=(role,))

    assert [browser.get(address).status_code for address in PAGES] == [200] * len(PAGES)
    assert "The picture of the neighbourhoods" in words_of(browser.get("/place"))


def test_who_may_not_see_it_is_not_led_to_it(sign_in, tmp_path):
    drawn(tmp_path)

    browser = sign_in(roles=("privacy_officer",))

    assert "/place/picture" not in browser.get("/place").content.decode()
    assert "/picture" not in browser.get("/place/neighbourhood/hilltop").content.decode()


def test_what_sets_a_neighbourhood_apart_is_said_first(sign_in, tmp_path):
    drawn(tmp_path)

    said = words_of(sign_in().get("/place/picture/conditions"))

    assert re.search(r"Hilltop: diabetes \d\d\.\d%, \d\d\.\d% in the whole place", said)


def test_a_figure_says_as_at_when_and_whose_it_is(sign_in, tmp_path):
    drawn(tmp_path)

    said = words_of(sign_in().get("/place/neighbourhood/hilltop/picture"))

    assert "480 people who live here, as at" in said
    assert "Thu 1 Jan 2026" in said
    assert "From the record" in said
    assert "2,000 residents Real" in said


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("neighbourhoods", [1, 3])
def test_a_page_asks_for_the_picture_once_however_many_neighbourhoods(
    sign_in, tmp_path, address, neighbourhoods, django_assert_num_queries
):
    drawn(tmp_path, neighbourhoods=neighbourhoods)
    browser = sign_in()
    browser.get(address)

    # the session, who is looking, and the picture; falls have their outlines besides
    with django_assert_num_queries(QUERIES + (4 if address.endswith("falls") else 0)):
        browser.get(address)


QUERIES = 3


def test_on_the_demo_what_comes_of_the_copy_is_marked_synthetic_on_page_and_file(sign_in, tmp_path, monkeypatch):
    drawn(tmp_path)
    browser = sign_in()
    monkeypatch.setattr(settings, "DEMO_ACCOUNTS", "somewhere")

    said = words_of(browser.get("/place/neighbourhood/hilltop/picture"))
    head, *rows = table(browser.get("/place/picture/people.csv"))

    assert ("Synthetic" in said, "From the record" in said) == (True, False)
    assert {row[head.index("figures")] for row in rows} == {"synthetic", "published"}


def test_each_chart_stands_with_its_table_and_says_the_same(sign_in, tmp_path):
    drawn(tmp_path)

    html = sign_in().get("/place/picture/conditions").content.decode()

    charts = re.findall(r'<svg class="dots".*?</svg>', html, re.DOTALL)
    described = [re.search(r"<desc[^>]*>(.*?)</desc>", one)[1] for one in charts]
    assert len(charts) >= 1
    said = next(one for one in described if "Hilltop" in one and "kept back" not in one)
    share = re.search(r"Hilltop: (\d+\.\d%)", said)[1]
    assert f"<div>{share}" in html


@pytest.mark.parametrize("topic", FILES)
def test_each_subject_is_a_file_too(sign_in, tmp_path, topic):
    drawn(tmp_path)

    answer = sign_in().get(f"/place/picture/{topic}.csv")

    assert answer["Content-Disposition"] == f'attachment; filename="picture-{topic}-2026-01.csv"'
    lengths = {len(row) for row in table(answer)}
    assert len(lengths) == 1


def test_no_file_holds_a_small_or_unrounded_count_of_the_record(sign_in, tmp_path):
    drawn(tmp_path)
    browser = sign_in()

    counts = []
    for topic in ("people", "needs", "conditions"):
        head, *rows = table(browser.get(f"/place/picture/{topic}.csv"))
        held = [dict(zip(head, row, strict=True)) for row in rows]
        counts += [int(row[column]) for row in held for column in ("count", "out of")
                   if row["figures"] == "from the record" and row[column] not in ("", "kept back")]  # fmt: skip

    assert len(counts) > 100
    assert [count for count in counts if 0 < count <= 7 or count % 5] == []


def test_what_is_kept_back_is_nowhere_on_the_page(sign_in, tmp_path):
    """Of two hundred and forty people each, one in Hilltop and forty in Meadows have dementia."""
    folder = world(tmp_path)
    told = rows(2, 120)
    told["conditions"] += [{"person": "E01000000-1", "code": "52448006", "said": "Dementia"}]
    told["conditions"] += [
        {"person": f"E01001000-{number}", "code": "52448006", "said": "Dementia"} for number in range(40)
    ]
    write_copy(folder, **told)
    draw_picture(by=make.viewer(), folder=folder)

    browser = sign_in()
    head, *held = table(browser.get("/place/picture/conditions.csv"))
    of = {row[2]: row[4] for row in held if row[1] == "Dementia"}
    html = browser.get("/place/picture/conditions").content.decode()

    assert (of["Hilltop"], of["Meadows"]) == ("kept back", "kept back")
    line = re.search(r'role="rowheader">Dementia.*?</tr>', html, re.DOTALL)[0]
    assert (line.count("kept back"), "0.4%" in line) == (2, False)


def test_a_month_is_told_once_and_again_holds_to_what_was_told(tmp_path):
    folder = world(tmp_path)

    first = draw_picture(by=make.viewer(), folder=folder)
    same = draw_picture(by=make.viewer(), folder=folder)
    again = draw_picture(by=make.viewer(), folder=folder, again=True)

    assert (first.pk == same.pk, again.nth, Picture.objects.count()) == (True, 2, 2)
    assert again.told == first.told
    assert Event.objects.filter(what="picture.drawn").count() == 2


def test_one_person_more_does_not_show_in_a_picture_of_the_same_month(tmp_path):
    folder = world(tmp_path)
    first = draw_picture(by=make.viewer(), folder=folder)
    told = rows(2, 120)
    told["people"] += [{**told["people"][0], "person": f"new-{number}"} for number in range(3)]
    write_copy(folder, **told)

    again = draw_picture(by=make.viewer(), folder=folder, again=True)

    # 480 became 483, which alone would be told as 485
    assert again.told["safe"]["whole"]["tables"] == first.told["safe"]["whole"]["tables"]


def test_a_subject_or_a_neighbourhood_that_is_not_there_is_not_found(sign_in, tmp_path):
    drawn(tmp_path)
    browser = sign_in()

    addresses = ("/place/picture/nothing", "/place/picture/nothing.csv", "/place/neighbourhood/nowhere/picture",
                 "/place/neighbourhood/nowhere/picture.csv")  # fmt: skip
    assert [browser.get(address).status_code for address in addresses] == [404] * 4


def test_what_nobody_has_in_the_copy_is_not_told_as_none(sign_in, tmp_path):
    drawn(tmp_path)
    browser = sign_in()

    said = words_of(browser.get("/place/picture/services"))
    _, *rows = table(browser.get("/place/picture/services.csv"))

    assert "The copy holds nobody of whom it says: Were admitted in an emergency;" in said
    assert "Either no source sends it, or there is nobody" in said
    assert [row for row in rows if row[1] == "Were admitted in an emergency"] == []


# ---- falls


def test_the_promise_stands_beside_how_far_the_parts_of_each_neighbourhood_differ(sign_in, tmp_path):
    drawn(tmp_path)

    said = words_of(sign_in().get("/place/picture/falls"))

    assert "Prestwich has a high proportion of older people" in said
    # four small areas alike: two of them hold a third of everybody of 65 and over
    assert "A third of everybody of 65 and over lives in 2 of 4 small areas: 2 in Hilltop." in said
    assert re.search(r"Hilltop 20\.0% Real 400 of 2,000 20% to 20% Real 2 small areas", said)


def test_who_fell_is_told_by_small_area_where_there_are_people_enough(sign_in, tmp_path):
    drawn(tmp_path)

    head, *rows = table(sign_in().get("/place/picture/falls.csv"))

    fell = {row[1]: row[head.index("fell (from the record)")] for row in rows if row[0] == "small area"}
    assert len(fell) == 4
    assert [count for count in fell.values() if count and int(count) % 5] == []
    assert sum(bool(count) for count in fell.values()) >= 3


@pytest.mark.parametrize("measure", ["older", "share", "oldest", "fallen"])
def test_the_map_shows_one_measure_at_a_time_and_leads_to_the_rows(sign_in, tmp_path, measure):
    drawn(tmp_path)

    html = sign_in().get(f"/place/picture/falls?measure={measure}").content.decode()

    led = re.findall(r'<a class="map__area map__area--\d" href="#([^"]*)"', html)
    assert sorted(led) == sorted(re.findall(r'<tr role="row" id="([^"]*)"', html))
    assert f'href="?measure={measure}#areas" aria-current="true"' in html
