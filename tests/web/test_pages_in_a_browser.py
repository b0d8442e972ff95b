"""The pages in a real browser, under the content security policy, at two sizes."""

import shutil
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from locality.web.jinja import environment
from tests.web.browser import DESK, PHONE
from tests.web.conftest import CHROMIUM

from .fixtures import EVERYWHERE, PAGES, PEGGY, TIMELINE

pytestmark = pytest.mark.browser

STATIC = Path(__file__).parents[2] / "locality" / "web" / "static"
POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-known'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class UnderPolicy(SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(STATIC, folder / "static")
    templates = environment()
    templates.globals.update(
        static=lambda path: f"/static/{path}",
        url=lambda name, *parts: f"/timeline-{parts[1]}.html" if name == "timeline" else f"/{name}.html",
    )
    for name, (template, given) in PAGES.items():
        html = templates.get_template(template).render(EVERYWHERE | {"CSP_NONCE": "known"} | given)
        (folder / f"{name}.html").write_text(html)
    for chapter, person in (("hospital", PEGGY.id), ("social", "somebody else")):
        html = templates.get_template("timeline.jinja").render(about=PEGGY, timeline=TIMELINE)
        (folder / f"timeline-{chapter}.html").write_text(html.replace(PEGGY.id, person).replace("Home again", chapter))
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(UnderPolicy, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def tab(chromium):
    page = chromium.new_page(viewport=DESK)
    yield page
    page.close()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_page_fits_its_screen_keeps_the_policy_and_pleases_axe(tab, site, size):
    tab.set_viewport_size(size)
    wrong: list[tuple] = []
    tab.on("console", lambda said: wrong.append((tab.url, said.text)) if said.type == "error" else None)

    for name in PAGES:
        tab.goto(f"{site}/{name}.html")
        found = Axe().run(tab).response["violations"]
        wrong += [(name, broken["id"], broken["nodes"][0]["html"]) for broken in found]
        if tab.evaluate("document.documentElement.scrollWidth") > size["width"]:
            wrong.append((name, "is wider than the screen"))

    assert wrong == []


def test_a_desk_shows_who_what_matters_risks_who_is_involved_and_what_is_next_without_scrolling(tab, site):
    tab.goto(f"{site}/person.html")

    lowest = {
        part: round(tab.locator(part).last.bounding_box()["y"] + tab.locator(part).last.bounding_box()["height"])
        for part in (".person-banner", "#matters .quote", "#alerts .fact", "#next .fact", "#involved .fact")
    }

    assert {part: bottom for part, bottom in lowest.items() if bottom > 800 and part != "#matters .quote"} == {}
    assert tab.locator("#matters .quote").first.bounding_box()["y"] < 800


def test_a_phone_stacks_next_matters_risks_involved_timeline_within_two_screens(tab, site):
    tab.set_viewport_size(PHONE)
    tab.goto(f"{site}/person.html")

    tops = [
        tab.locator(part).bounding_box()["y"] for part in ("#next", "#matters", "#alerts", "#involved", "#timeline")
    ]

    assert tops == sorted(tops)
    assert tops[3] < 2 * PHONE["height"]


def test_a_phone_keeps_who_it_is_in_sight_while_scrolling(tab, site):
    tab.set_viewport_size(PHONE)
    tab.goto(f"{site}/person.html")

    tab.evaluate("window.scrollTo(0, 2500)")

    assert tab.locator(".person-banner__who").bounding_box()["y"] == 0


def test_a_chapter_of_the_timeline_comes_in_place(tab, site):
    tab.goto(f"{site}/person.html")

    tab.locator("#timeline a", has_text="Hospital").first.click()
    tab.locator("h3", has_text="hospital since").wait_for()

    assert tab.url == f"{site}/person.html"
    assert tab.locator(":focus").inner_text().startswith("Timeline")


def test_a_fragment_about_somebody_else_is_never_put_under_this_banner(tab, site):
    tab.goto(f"{site}/person.html")

    with tab.expect_navigation():
        tab.locator("#timeline a", has_text="Social").first.click()

    assert tab.url == f"{site}/timeline-social.html"
    assert tab.locator(".person-banner").count() == 0


def test_a_fragment_that_fails_loads_the_whole_page_that_says_why(tab, site):
    tab.goto(f"{site}/person.html")

    with tab.expect_navigation():
        tab.locator("#timeline a", has_text="Care").first.click()

    assert tab.url == f"{site}/timeline-care.html"


def test_on_paper_the_banner_is_the_head_of_every_sheet_and_the_furniture_is_gone(tab, site):
    tab.goto(f"{site}/person_print.html")
    tab.emulate_media(media="print")

    parts = [tab.locator(part) for part in (".person-banner", ".place-header", ".place-footer")]
    shown = [part.evaluate("element => getComputedStyle(element).display") for part in parts]

    assert shown == ["table-header-group", "none", "none"]
