"""The templates: strict, escaped, complete, quick, and clean enough for the strict content security policy."""

import re
import time
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from django.urls import reverse
from jinja2 import UndefinedError

from locality.record.queries.freshness import known_words
from locality.record.queries.shapes import Known
from locality.web.jinja import environment, furniture, url
from locality.web.urls import urlpatterns

from .fixtures import ABOUT_ME, ALLERGIES, EVERYWHERE, KNOWN, MEDICINES, NOW, PAGES, PEGGY, PROBLEMS, TRENDS, nca
from .shapes import Fact, Panel, Point

WEB = Path(__file__).parents[2] / "locality" / "web"
TEMPLATES = sorted((WEB / "jinja2").rglob("*.jinja"))
VENDOR = WEB / "static" / "vendor"


@pytest.fixture(scope="module")
def templates():
    made = environment()
    made.globals.update(
        static=lambda path: f"/static/{path}", url=lambda name, *parts: "/".join(["", name, *map(str, parts)])
    )
    return made


def rendered(templates, name: str) -> str:
    template, given = PAGES[name]
    return templates.get_template(template).render(EVERYWHERE | given)


def macro(templates, path: str, name: str):
    return getattr(templates.get_template(f"components/{path}.jinja").module, name)


def words_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html)).strip()


@pytest.mark.parametrize("name", PAGES)
def test_every_page_has_one_heading_one_main_and_the_name_of_the_place(templates, name):
    html = rendered(templates, name)

    assert (html.count("<h1"), html.count("<main"), html.count('class="place-header__name"')) == (1, 1, 1)


@pytest.mark.parametrize("name", PAGES)
def test_no_page_breaks_the_content_security_policy(templates, name):
    html = rendered(templates, name)

    assert re.findall(r"<[^>]*\s(?:style|on\w+)=", html) == []
    assert re.findall(r"<script(?![^>]*(?:src|nonce)=)", html) == []
    assert re.findall(r"(?:src|href)=\"(?:https?:)?//[^\"]*", html) == []


@pytest.mark.parametrize("name", [name for name, (_, given) in PAGES.items() if "about" in given])
def test_the_banner_is_on_every_page_about_a_person(templates, name):
    html, about = rendered(templates, name), PAGES[name][1]["about"]

    assert html.count('class="person-banner__name"') == 1
    assert f'data-about="{about.id}"' in html


def test_every_form_that_writes_about_a_person_says_whom_it_is_about(templates):
    for name in ("confirm", "confirm_person"):
        assert 'name="about" value="' in rendered(templates, name)


def test_a_page_that_was_not_given_something_fails_instead_of_showing_a_blank(templates):
    template, given = PAGES["person"]

    with pytest.raises(UndefinedError):
        templates.get_template(template).render(EVERYWHERE | given | {"known": {}})


def test_an_address_in_a_list_is_the_one_that_leads_to_the_page():
    ids = [uuid4() for _ in range(3)]
    taking = {one.name: len(one.pattern.converters) for one in urlpatterns if _takes_ids(one)}

    assert [url(name, *ids[:number]) for name, number in taking.items()] == [
        reverse(name, args=ids[:number]) for name, number in taking.items()
    ]
    assert set(taking.values()) == {0, 1, 2, 3}
    assert url("person", str(ids[0])) == reverse("person", args=[str(ids[0])])


def _takes_ids(one):
    return hasattr(one, "name") and {type(each).__name__ for each in one.pattern.converters.values()} <= {
        "UUIDConverter"
    }


def test_what_people_and_senders_type_is_shown_as_typed(templates):
    fact = Fact("x", "<b>Loud</b>", '"><script>alert(1)</script>', (nca(),))

    html = macro(templates, "fact", "fact_line")(fact, PEGGY)

    assert "<script" not in html
    assert "&lt;b&gt;Loud&lt;/b&gt;" in html


def test_nothing_but_a_cleaned_narrative_goes_unescaped():
    unescaped = re.compile(r"\|\s*safe\b|autoescape false|Markup\(|mark_safe")
    files = [*TEMPLATES, *WEB.rglob("*.py")]

    found = {file.name for file in files if unescaped.search(file.read_text())}

    assert found == {"words.py"}


def test_a_narrative_loses_its_script_and_picture_on_the_page(templates):
    html = rendered(templates, "document")

    assert ("beacon.gif" in html, "alert(" in html, "Wound check in 10 days" in html) == (False, False, True)


@pytest.mark.parametrize("state", [state for state in Known if state != Known.PRESENT])
def test_each_way_of_not_knowing_says_its_own_words_and_only_one_says_none(templates, state):
    panel = Panel(state, words=known_words(state, "allergies"))

    said = words_of(macro(templates, "panel", "facts_panel")(panel, "Allergies", "allergies", PEGGY, "allergies"))

    assert known_words(state, "allergies") in said
    assert ("No known" in said) == (state == Known.NONE_KNOWN)


def test_a_line_shows_its_sender_and_date_and_everybody_else_who_holds_it(templates):
    html = macro(templates, "fact", "fact_line")(ALLERGIES[0], PEGGY)

    assert words_of(html) == (
        "Penicillin anaphylaxis, 1988 Severe GP 4 Nov 2026 also held by Northern Care Alliance Said to be Confirmed"
        " Sent by Canal Side Practice, Wed 4 Nov 2026, 18:05 This is not hers : Penicillin"
    )


def test_a_disagreement_shows_both_sides(templates):
    html = macro(templates, "fact", "fact_line")(MEDICINES[0], PEGGY)

    assert "Sources disagree. Canal Side Practice says 5 mg; Northern Care Alliance says 2.5 mg" in words_of(html)


def test_a_line_that_is_not_hers_is_struck_and_stays(templates):
    html = macro(templates, "fact", "fact_line")(PROBLEMS[4], PEGGY)

    assert "fact--struck" in html
    assert words_of(html).startswith("Asthma Said to be not hers")


def test_lines_beyond_the_first_are_counted_and_none_is_lost(templates):
    html = macro(templates, "panel", "fact_lines")(PROBLEMS, PEGGY, 2, "problems")

    assert "Show 3 more problems" in html
    assert [problem.title in html for problem in PROBLEMS] == [True] * 5


def test_her_own_words_carry_who_wrote_them_down(templates):
    html = macro(templates, "about_me", "quotes")(ABOUT_ME[:1])

    assert words_of(html).endswith("Peggy, with Ann Council 24 Oct 2026")


def test_a_part_is_never_taken_for_the_whole(templates):
    showing = macro(templates, "pagination", "showing")

    assert words_of(showing(20, 83, "event", "/more")) == "Showing 20 of 83 events, newest first. Show more"
    assert words_of(showing(1, 1, "event")) == "All 1 event shown."


def test_a_trend_says_in_words_what_it_draws_and_has_its_table(templates):
    weight = TRENDS[0]

    svg = macro(templates, "sparkline", "sparkline")(weight.points, weight.label, weight.unit, weight.id)
    table = macro(templates, "sparkline", "readings")(weight.points, weight.label)

    assert words_of(svg) == (
        "Weight 5 readings from 9 Jan 2026 to 2 Nov 2026: first 66.4 kg, last 61.7 kg, lowest 61.7, highest 66.4 kg."
    )
    assert table.count("<td>") == 5


def test_a_trend_of_one_point_or_of_equal_points_is_drawn_in_the_middle(templates):
    dots = templates.filters["dots"]

    assert dots([Point(NOW, 5, "5")]) == [(60.0, 14.0)]
    assert [y for _, y in dots([Point(NOW, 5, "5"), Point(NOW.replace(hour=11), 5, "5")])] == [14.0, 14.0]


def test_the_banner_says_doubt_death_and_what_is_not_known(templates):
    died = {"died_on": "2026-11-03", "died": True}
    doubtful = replace(PEGGY, nhs_number=None, birth_on="1942", identity_doubt="Two records.", **died)

    said = words_of(macro(templates, "person_banner", "person_banner")(doubtful, NOW))

    assert "Born 1942 died aged 83 or 84 years" in said
    assert "NHS number not known" in said
    assert "Died Tue 3 Nov 2026. Do not contact as if living. Is this the right person? Two records." in said
    assert "no doubt" not in said


def test_an_address_that_is_not_shown_is_nowhere_on_the_page(templates):
    template, given = PAGES["person"]
    hidden = replace(PEGGY, address=None, address_words="Not shown")

    html = templates.get_template(template).render(EVERYWHERE | given | {"about": hidden})

    assert ("Tannery" in html, "M26" in html, "Not shown" in html) == (False, False, True)


def test_a_fragment_of_the_timeline_names_the_person_it_is_about(templates):
    given = {"about": PEGGY, "now": NOW, "timeline": PAGES["timeline"][1]["timeline"]}

    html = templates.get_template("timeline.jinja").render(given)

    assert html.lstrip().startswith(f'<section class="panel timeline" id="timeline" data-about="{PEGGY.id}"')
    assert "HARGREAVES, Margaret" in html


def test_the_person_page_is_made_in_a_few_milliseconds(templates):
    template, given = PAGES["person"]
    page, many = templates.get_template(template), replace(KNOWN, problems=Panel("present", PROBLEMS * 20))
    took = []

    for _ in range(5):
        began = time.perf_counter()
        page.render(EVERYWHERE | given | {"known": many})
        took.append(time.perf_counter() - began)

    assert min(took) < 0.05


def test_the_design_systems_macros_escape_what_they_are_given():
    html = furniture("button", {"text": "<b>"})

    assert ("&lt;b&gt;" in html, "<b>" in html) == (True, False)


def test_the_vendored_files_ask_nothing_of_the_network_and_name_their_licences():
    css = (VENDOR / "nhsuk-frontend.min.css").read_text()
    files = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()}

    assert [word for word in ("@font-face", "Frutiger", "sourceMappingURL", "http") if word in css] == []
    assert {address for address in re.findall(r"url\(([^)]*)\)", css)} <= files
    assert [name for name in files - {"LICENCES.md"} if f"`{name}`" not in (VENDOR / "LICENCES.md").read_text()] == []
