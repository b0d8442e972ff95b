"""What a newcomer does in the first ten minutes, in a real browser: `locality demo`, and one file of their own."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.intake_fixtures import bundle, patient, problem, written
from tests.web.conftest import CHROMIUM

LOCALITY = Path(sys.executable).with_name("locality")
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
STARTS_IN_SECONDS = 120


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    folder = Path("/tmp") / f"locality-newcomer-{os.getpid()}"
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def site(home) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (Path("/tmp") / f"{home.name}.log").open("w")
    words = [LOCALITY, "demo", "--no-browser", "--people", "0", "--port", str(port)]
    demo = subprocess.Popen(words, env=environment(home), stdout=log, stderr=log)
    address = f"http://localhost:{port}"
    try:
        wait_for(address, demo, Path(log.name))
        yield address
    finally:
        demo.terminate()
        demo.wait(timeout=30)
        log.close()
        Path(log.name).unlink()


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "DISPLAY"}}
    return kept | {"LOCALITY_HOME": str(home)}


def wait_for(address: str, demo: subprocess.Popen, log: Path) -> None:
    for _ in range(STARTS_IN_SECONDS * 2):
        assert demo.poll() is None, f"the demo stopped: {log.read_text()[-2000:]}"
        try:
            urllib.request.urlopen(f"{address}/sign-in", timeout=1).close()
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise AssertionError("the demo did not start")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield browser
        browser.close()


def signed_in(chromium: Browser, site: str, username: str, screen=DESK) -> Page:
    page = chromium.new_context(viewport=screen).new_page()
    page.goto(site)
    page.fill("#username", username)
    page.fill("#password", "tell-it-once")
    page.click("button:has-text('Sign in')")
    return page


def found(page: Page, words: str) -> Page:
    page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2] + "/find")
    page.fill("#words", words)
    page.press("#words", "Enter")
    page.click(".people--found a >> nth=0")
    page.click("button:has-text('Yes, open the record')")
    page.wait_for_load_state("networkidle")
    return page


def in_sight(page: Page) -> str:
    """The words that stand on the screen without scrolling."""
    return page.evaluate(
        """() => [...document.querySelectorAll('main :is(h1, h2, h3, li, dd, p, blockquote, q)')]
            .filter(one => { const box = one.getBoundingClientRect();
                             return box.height && box.top >= 0 && box.bottom <= window.innerHeight; })
            .map(one => one.innerText).join('\\n')"""
    )


def test_the_district_nurse_reads_the_essentials_of_peggy_on_the_first_screen(chromium, site):
    page = found(signed_in(chromium, site, "joanne.fielding"), "peggy hargreaves")

    words = in_sight(page)

    assert 'HARGREAVES, Margaret Rose (likes "Peggy")' in words  # who
    assert "My own front door" in words  # what matters
    assert "Allergy: Penicillin" in words  # the risks
    assert "Sadia Rahman" in words  # who is involved
    assert "What happens next" in words
    assert "Overdue by" in words  # what is next


def test_on_a_phone_the_essentials_come_within_two_screens(chromium, site):
    page = found(signed_in(chromium, site, "joanne.fielding", PHONE), "peggy hargreaves")

    tops = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll('main h2')]
            .map(one => [one.innerText.trim(), one.getBoundingClientRect().top + window.scrollY]))"""
    )

    assert tops["What happens next"] < PHONE["height"]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    in_order = sorted(tops, key=tops.__getitem__)
    wanted = ["What happens next", "What matters to me", "Risks and allergies", "Who is involved"]
    assert [title for title in in_order if title in wanted] == wanted


def test_peggys_page_is_told_by_at_least_five_organisations(chromium, site):
    page = found(signed_in(chromium, site, "joanne.fielding"), "999 516 8073")

    text = page.inner_text("main")

    told_by = [
        name for name in ("NCA", "GP practices", "Bury Council", "Persona", "Bury VCFA", "BARDOC") if name in text
    ]
    assert len(told_by) >= 5, told_by


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
def test_the_real_page_about_peggy_pleases_axe(chromium, site, screen):
    page = found(signed_in(chromium, site, "joanne.fielding", screen), "peggy hargreaves")

    found_wrong = Axe().run(page).response["violations"]

    assert [(one["id"], one["nodes"][0]["target"]) for one in found_wrong] == []


def test_a_nurse_of_another_team_is_refused_and_told_what_to_do(chromium, site):
    page = found(signed_in(chromium, site, "ruth.adler"), "peggy hargreaves")

    words = page.inner_text("main")

    assert "You cannot open this" in words
    assert "Nobody has recorded why your team may see this person" in words
    assert "Hargreaves" not in words


def test_a_file_of_ones_own_is_received_and_its_person_found_by_the_coordinator(chromium, site, home, tmp_path):
    mine = written(
        tmp_path,
        "mine.json",
        bundle(
            patient(name=[{"family": "Quillfeather", "given": ["Tabitha"]}], nhs="9990000026", born="1951-05-01"),
            problem(words="Hay fever"),
        ),
    )
    done = subprocess.run(
        [LOCALITY, "receive", "--source", "trial", mine], env=environment(home), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr

    page = found(signed_in(chromium, site, "sadia.rahman"), "Quilfeather Tabita")

    assert "QUILLFEATHER, Tabitha" in page.inner_text("main")
    assert "Hay fever" in page.inner_text("main")


def test_the_keyboard_alone_signs_in_and_finds(chromium, site):
    page = chromium.new_context(viewport=DESK).new_page()
    page.goto(site)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Skip to main content"
    page.focus("#username")
    page.keyboard.type("joanne.fielding")
    page.keyboard.press("Tab")
    page.keyboard.type("tell-it-once")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1")

    page.keyboard.press("/")
    page.keyboard.type("peggy")
    page.keyboard.press("Enter")
    page.wait_for_selector(".people--found")

    assert "HARGREAVES" in page.inner_text(".people--found")
