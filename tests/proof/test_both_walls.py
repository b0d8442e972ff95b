"""The two walls together: a page starts with nothing opened, and with both up it shows what it shows with one."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import structlog
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from locality.access import wall
from locality.access.rules import DataClass
from locality.base import NotFound
from locality.config import logs
from locality.web import guard, session
from locality.web.person import views
from tests.proof import routes
from tests.proof.crawl import ask, plain, said
from tests.proof.routes import Ask

NOTHING_OPENED = wall.NOTHING_OPENED


@pytest.fixture
def both(monkeypatch, whole_world):
    """As in earnest: the world's fixture takes the second wall down, and here it is put up again."""

    def put_up() -> None:
        monkeypatch.setattr(wall, "NOTHING_OPENED", NOTHING_OPENED)

    return put_up


def test_a_page_that_asks_no_rule_is_shown_nothing(world, both, monkeypatch):
    both()

    def forgetful(request: HttpRequest) -> HttpResponse:
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from record_resource")
            return HttpResponse(str(cursor.fetchone()[0]))

    request = RequestFactory().get("/")
    request.session = world.lookers["clinician"].client.session
    monkeypatch.setattr(session, "SEEN_EVERY", session.SEEN_EVERY * 100)

    answer = guard.needs("read", DataClass.SUM)(forgetful)(request)

    assert answer.content == b"0"


@pytest.mark.parametrize("key", ["clinician", "link_worker", "identity_custodian"])
def test_both_walls_show_what_the_first_shows(world, both, key):
    """The second wall keeps nothing back that the rule would show: it is a second lock with the same key."""
    looker = world.lookers[key]
    # the second wall knows of a line whose it is and its class, so that one viewer's lines tell as much as everybody's
    lines_of = ["own"] if key == "clinician" else []
    asks = list(routes.reached(world, keys=["own", "objector"], lines_of=lines_of))
    asks = [one for one in asks if one.route not in routes.NEW_EACH_TIME]
    one_wall = [_answer(looker, one) for one in asks]

    both()
    two_walls = [_answer(looker, one) for one in asks]

    assert [str(one) for one, a, b in zip(asks, one_wall, two_walls, strict=True) if a != b] == []


def _answer(looker, one: Ask) -> tuple[int, str]:
    with transaction.atomic():
        response = ask(looker, one)
        transaction.set_rollback(True)
    return response.status_code, plain(said(response))


def test_a_page_that_fails_tells_nothing_of_what_it_was_about(world, monkeypatch):
    looker, one = world.lookers["clinician"], world.people["own"]
    word = next(marker.text for marker in world.markers.every if marker.of == "own" and marker.data_class == "SAFE")

    def fails(**_told: object) -> None:
        raise ValueError(f"cannot read {word} of {one.family}")

    monkeypatch.setattr(views.queries, "summary", fails, raising=False)
    monkeypatch.setattr(views, "open_record_summary", fails, raising=False)
    monkeypatch.setattr(views, "open_record", fails)
    with written() as log:
        response = ask(looker, Ask("person", reverse("person", args=[one.person])))

    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert response.status_code == 500
    assert world.markers.found_in(said(response) + log.getvalue()) == set()
    # both that the page failed and what failed in it are on the books, by kind and place
    assert [line["event"] for line in lines if line.get("fault") == "ValueError"] == ["page failed"]
    assert [line["where"][-1].endswith(" fails") for line in lines if line.get("error") == "ValueError"] == [True]


def test_a_page_that_is_not_there_tells_nothing_of_why(world, monkeypatch):
    """Whatever a query says of what it hides, the page says what it says of nothing."""
    looker, one = world.lookers["clinician"], world.people["own"]
    word = next(marker.text for marker in world.markers.every if marker.of == "own" and marker.data_class == "SAFE")
    hers, nobodys = (Ask("person", reverse("person", args=[pk])) for pk in (one.person, routes.ABSENT))
    absent = ask(looker, nobodys)

    def hides(**_told: object) -> None:
        raise NotFound(f"{word} of {one.family} is here, and it is not shown to you.")

    monkeypatch.setattr(views, "open_record", hides)
    hidden = ask(looker, hers)

    assert (hidden.status_code, world.markers.found_in(said(hidden))) == (404, set())
    assert plain(said(hidden)) == plain(said(absent))


@contextmanager
def written() -> Iterator[io.StringIO]:
    """Every line that goes to the log meanwhile, as it is written there: none left out, the words of errors too."""
    lines, root, told = io.StringIO(), logging.getLogger(), logs.LOGGING["formatters"]["json"]
    handler = logging.StreamHandler(lines)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(**{key: told[key] for key in told if key != "()"}))
    root.addHandler(handler)
    try:
        yield lines
    finally:
        root.removeHandler(handler)
