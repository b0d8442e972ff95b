"""The one way out to another server: to those that the place's configuration names, and nowhere they send us on to."""

from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from locality.base import Refused

SECONDS = 6
MOST_BYTES = 1_000_000


class NotReached(Refused):
    """Another server did not answer, or not with what it should."""


def host(address: str) -> str:
    """The server that an address names, with its scheme and port."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


class OnlyTo(HTTPAdapter):
    """Sends to these servers alone; every step of a redirect comes through here too."""

    def __init__(self, hosts: Collection[str]) -> None:
        super().__init__()
        self.hosts = frozenset(hosts)

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """The answer, if the server is one of ours and answers in time; raises NotReached otherwise."""
        if host(request.url or "") not in self.hosts:
            raise NotReached("That server is not one that this place speaks to.")
        kwargs |= {"timeout": SECONDS, "stream": True}
        try:
            response = super().send(request, *args, **kwargs)
            content = response.raw.read(MOST_BYTES + 1, decode_content=True)
        except (requests.RequestException, OSError) as silent:
            raise NotReached("The other server does not answer.") from silent
        if len(content) > MOST_BYTES:
            raise NotReached("The other server sent far more than was asked for.")
        response._content = content
        return response


def limit(session: requests.Session, *, hosts: Collection[str]) -> None:
    """Let a session speak to these servers and follow no redirect; nothing of the machine's own settings is sent."""
    session.trust_env, session.max_redirects = False, 0
    only = OnlyTo(hosts)
    session.mount("https://", only)
    session.mount("http://", only)
