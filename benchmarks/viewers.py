"""Practitioners at their browsers: each signs in over HTTP and opens one page after another without a pause."""

import re
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from urllib.parse import urlencode

FORM_MARK = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Viewer:
    """One browser, its connection kept open."""

    def __init__(self, port: int):
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}

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

    def timed(self, path: str) -> tuple[float, int]:
        """Seconds from asking to the last byte, and how many characters came."""
        began = time.perf_counter()
        status, page = self.ask("GET", path)
        seconds = time.perf_counter() - began
        if status != 200:
            raise SystemExit(f"{path} was answered with {status}.")
        return seconds, len(page)


def all_at_once(viewers: Sequence[Viewer], paths: Sequence[str]) -> list[tuple[float, int]]:
    """Deal the pages out like cards, and have every viewer open theirs, all at the same time."""

    def turn(number: int) -> list[tuple[float, int]]:
        return [viewers[number].timed(path) for path in paths[number :: len(viewers)]]

    with ThreadPoolExecutor(len(viewers)) as pool:
        return [one for found in pool.map(turn, range(len(viewers))) for one in found]
