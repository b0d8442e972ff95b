"""Asking for everything as everybody, and noting what came back: words, people, and what was written of it."""

import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from django.core import mail
from django.db import connection
from django.http import HttpResponse

from locality.journal.models import Event
from tests.proof.markers import Marker, squeezed
from tests.proof.routes import Ask
from tests.proof.world import Looker, World

# what is different in every answer, whoever asks
CHANGING = re.compile(
    r'(csrfmiddlewaretoken" value|nonce|name="form" value)="[^"]*"|nonce-[\w+/=-]+|locality-form=[^;]*|expires=[^;]*'
)


@dataclass(slots=True)
class Answer:
    """What came back: its status, every word of ours in it, whose people it names, and what was written down."""

    looker: str
    ask: Ask
    status: int
    text: str
    markers: frozenset[Marker]
    people: frozenset[UUID] = frozenset()
    written: frozenset[UUID] = frozenset()
    refusals: list[tuple[str, UUID | None]] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.looker}: {self.ask} -> {self.status}"


def ask(looker: Looker, one: Ask) -> HttpResponse:
    send = looker.client.get if one.method == "GET" else looker.client.post
    return send(one.path, one.data, headers=one.headers)


def said(response: HttpResponse) -> str:
    """All of an answer as text: its head, its cookies, its body."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    head = "\n".join(f"{name}: {value}" for name, value in response.items())
    cookies = "\n".join(str(cookie) for name, cookie in response.cookies.items() if name != "locality")
    return f"{head}\n{cookies}\n\n{body.decode('utf-8', 'replace')}"


def plain(text: str) -> str:
    """Without the token, the nonce and the mark of a form, which no two answers share."""
    return CHANGING.sub("", text)


def crawled(world: World, looker: Looker, asks: Iterable[Ask]) -> list[Answer]:
    """Every answer to one viewer, with the log and the mail of the time it took."""
    found = []
    last = _last_event()
    for one in asks:
        with listening() as heard:
            response = ask(looker, one)
        text = said(response)
        # a token drawn at random spells a marker once in some thousand crawls
        shown = frozenset(world.markers.found_in(plain(text) + "\n".join(heard)))
        answer = Answer(looker.key, one, response.status_code, "", shown)
        events = list(Event.objects.filter(pk__gt=last).order_by("pk"))
        last = events[-1].pk if events else last
        answer.written = frozenset(event.person_id for event in events if event.outcome == "done" and event.person_id)
        answer.refusals = [(event.what, event.person_id) for event in events if event.outcome == "refused"]
        answer.people = named(world, text, answer)
        for event in events:
            assert not world.markers.found_in(f"{event.what} {event.reason} {event.detail}"), f"{event.what} tells"
        found.append(answer)
    assert mail.outbox == []
    return found


def named(world: World, text: str, answer: Answer) -> frozenset[UUID]:
    """Whom an answer names, by name, number or id; what the viewer sent is no news to them."""
    sent = f"{answer.ask.path} {answer.ask.data}"
    found, plain_text = set(), squeezed(text)
    for one in world.people.values():
        by_name = any(word in plain_text for word in (one.family, one.nhs_number) if word not in sent and len(word) > 1)
        if by_name or (str(one.person) in text and str(one.person) not in sent):
            found.add(one.person)
    return frozenset(found)


class _Ear(logging.Handler):
    def __init__(self) -> None:
        super().__init__(level=logging.DEBUG)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(f"{record.getMessage()} {record.args} {record.exc_text or ''}")


@contextmanager
def listening() -> Iterator[list[str]]:
    """Everything that is logged meanwhile, by anybody."""
    ear, root = _Ear(), logging.getLogger()
    root.addHandler(ear)
    try:
        yield ear.heard
    finally:
        root.removeHandler(ear)


def _last_event() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(max(id), 0) from journal_event")
        return cursor.fetchone()[0]
