"""Practitioners at their browsers: each signs in over HTTP and opens one page after another, with or without pauses."""

import re
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from http.client import HTTPConnection
from urllib.parse import parse_qsl, urlencode

FORM_MARK = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Viewer:
    """One browser, its connection kept open."""

    def __init__(self, port: int):
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}
        self.shown = ""

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """One request; returns its status and its page."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body=urlencode(form) if form is not None else None, headers=headers)
        answer = self.connection.getresponse()
        page = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, page

    def sign_in(self, username: str, password: str) -> None:
        """With the form, as a browser would."""
        mark = FORM_MARK.search(self.ask("GET", "/sign-in")[1])
        form = {"csrfmiddlewaretoken": mark[1] if mark else "", "username": username, "password": password, "next": ""}
        status, _ = self.ask("POST", "/sign-in", form)
        if status != 302:
            raise SystemExit(f"Signing in as {username} was answered with {status}.")

    def timed(self, path: str, form: dict[str, str] | None = None) -> tuple[float, int]:
        """Seconds from asking to the last byte, and how many characters came; a form is sent with the page's mark.

        A form may stand behind its address, as `benchmarks.queries_of_a_page` reads it: "/referrals words=falls".
        """
        path, _, typed = path.partition(" ")
        form = dict(parse_qsl(typed)) if typed else form
        if form is not None:
            form = form | {"csrfmiddlewaretoken": self.mark}
        began = time.perf_counter()
        status, page = self.ask("GET" if form is None else "POST", path, form)
        seconds = time.perf_counter() - began
        if status != 200:
            raise SystemExit(f"{path} was answered with {status}.")
        self.shown = page
        return seconds, len(page)

    @cached_property
    def mark(self) -> str:
        """What every form carries, so that no other site can send it."""
        found = FORM_MARK.search(self.ask("GET", "/find")[1])
        return found[1] if found else ""


Asked = tuple[str, dict[str, str] | None]


def one_by_one(viewer: Viewer, asked: Sequence[Asked], *, pause: float) -> list[tuple[float, int]]:
    """One viewer, who reads a while before opening the next page."""
    found = []
    for path, form in asked:
        time.sleep(pause)
        found.append(viewer.timed(path, form))
    return found


def each_their_own(viewers: Sequence[Viewer], asked: Sequence[Sequence[Asked]]) -> list[tuple[float, int]]:
    """Every viewer opens pages of their own, all at the same time and without a pause."""

    def turn(number: int) -> list[tuple[float, int]]:
        return [viewers[number].timed(path, form) for path, form in asked[number]]

    with ThreadPoolExecutor(len(viewers)) as pool:
        return [one for found in pool.map(turn, range(len(viewers))) for one in found]


def all_at_once(viewers: Sequence[Viewer], paths: Sequence[str]) -> list[tuple[float, int]]:
    """Deal the pages out like cards, and have every viewer open theirs, all at the same time."""
    dealt = [[(path, None) for path in paths[number :: len(viewers)]] for number in range(len(viewers))]
    return each_their_own(viewers, dealt)
