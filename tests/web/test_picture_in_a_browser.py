"""The picture's pages in a real browser: they fit a desk and a phone, keep the policy and please axe."""

import os
import shutil
import threading
from functools import partial
from http.server import ThreadingHTTPServer

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from tests.web.browser import DESK, PHONE
from tests.web.conftest import CHROMIUM

from .picture_world import drawn
from .test_pages_in_a_browser import STATIC, UnderPolicy

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

ADDRESSES = {
    "glance": "/place/picture",
    "people": "/place/picture/people",
    "conditions": "/place/picture/conditions",
    "outcomes": "/place/picture/outcomes",
    "inequality": "/place/picture/inequality",
    "falls": "/place/picture/falls",
    "hilltop": "/place/neighbourhood/hilltop/picture",
}


@pytest.fixture
def site(sign_in, tmp_path):
    """What the server answers, kept as files: a browser looks at them under the same policy."""
    drawn(tmp_path / "copy")
    browser = sign_in()
    folder = tmp_path / "site"
    shutil.copytree(STATIC, folder / "static")
    for name, address in ADDRESSES.items():
        (folder / f"{name}.html").write_text(browser.get(address).content.decode())
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(UnderPolicy, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_every_page_of_the_picture_fits_its_screen_and_pleases_axe(site, monkeypatch):
    # Playwright runs a loop of its own in this thread, where Django would refuse to close its database
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    wrong = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        tab = browser.new_page()
        for size in (DESK, PHONE):
            tab.set_viewport_size(size)
            for name in ADDRESSES:
                tab.goto(f"{site}/{name}.html")
                found = Axe().run(tab).response["violations"]
                wrong += [(size["width"], name, broken["id"], broken["nodes"][0]["html"]) for broken in found]
                if tab.evaluate("document.documentElement.scrollWidth") > size["width"]:
                    wrong.append((size["width"], name, "is wider than the screen", ""))
        browser.close()

    assert wrong == []
