"""A real browser, and somebody signed in: what every test in a browser begins with, and what it finds wrong."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page

from tests.web.conftest import PASSWORD

DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


def signed_in(chromium, site: str, username: str, size: dict, **more) -> Page:
    page = chromium.new_context(viewport=size, **more).new_page()
    sign_in(page, site, username)
    page.wait_for_url(lambda address: "/sign-in" not in address)
    return page


def sign_in(page: Page, site: str | None, username: str) -> None:
    if site:
        page.goto(f"{site}/sign-in")
    page.fill("#username", username)
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")


def wrong_of(page: Page, size: dict) -> list[tuple]:
    found = [(page.url, broken["id"], broken["nodes"][0]["html"]) for broken in Axe().run(page).response["violations"]]
    wide = page.evaluate("document.documentElement.scrollWidth") > size["width"]
    return [*found, *([(page.url, "is wider than the screen")] if wide else [])]


def wrong_on(page: Page, site: str, ways: list[str], size: dict) -> list[tuple]:
    wrong = []
    for way in ways:
        page.goto(f"{site}{way}")
        wrong += wrong_of(page, size)
    return wrong


def unasked(said: ConsoleMessage) -> bool:
    # a form that is sent back with what is wrong on it answers 422, which the browser notes as an error
    return said.type == "error" and "422" not in said.text
