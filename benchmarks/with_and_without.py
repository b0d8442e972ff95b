"""Pages with and without access and audit, in a process of its own: `... benchmarks.with_and_without NAME PASSWORD`.

Reads what to ask for, one a line, as queries_of_a_page does, and asks each four times: twice to warm up, then once as
it is and once without. Without access the grant is the one that was given before, every row is shown and everybody
opens; without the audit nothing is written down. What is left is finding out who somebody is, and their record. Prints
one line of JSON for each: what was asked, and the seconds of both ways. LOCALITY_HOME says whose.
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from benchmarks.queries_of_a_page import ask

LIST = 50


@contextmanager
def without(grants: dict[Any, Any]) -> Iterator[None]:
    """Nothing of access and audit but what a page cannot be made without."""
    from django.db import transaction
    from django.db.models import Q

    from locality.access import wall
    from locality.access.actions import finding, opening
    from locality.record.queries import changes, document, flags, references, rows
    from locality.web.person import views

    def granted(*, person_id: Any, by: Any, **_: Any) -> Any:
        same = opening.there(person_id)
        opening._look(person=same[0], by=by)
        return grants[same[0].pk]

    everything, nothing = Q(data_class__isnull=False), Q(data_class__isnull=True)
    with ExitStack() as patched:
        for place in (document, flags, references, rows):
            patched.enter_context(patch.object(place, "visible", lambda grant: everything))
        patched.enter_context(patch.object(rows, "withheld", lambda grant: nothing))
        patched.enter_context(patch.object(changes, "visible_of_own", lambda **_: everything))
        patched.enter_context(patch.object(wall, "up", lambda _viewer: transaction.atomic()))
        patched.enter_context(patch.object(views, "open_record", granted))
        patched.enter_context(patch.object(finding.queries, "openable", lambda **told: set(told["person_ids"])))
        patched.enter_context(patch.object(finding, "log_each", lambda **_: None))
        yield


@contextmanager
def keeping(grants: dict[Any, Any]) -> Iterator[None]:
    """Keep each grant that is given, for the time without."""
    from locality.web.person import views

    given = views.open_record

    def kept(**told: Any) -> Any:
        grant = given(**told)
        grants[grant.person.pk] = grant
        return grant

    with patch.object(views, "open_record", kept):
        yield


def main(username: str, password: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "locality.config.settings")
    import django

    django.setup()
    from django.test import Client

    from locality.config import database, serving
    from locality.record.queries import changes

    database.ready()
    serving.collect_static_files()
    # home shows twenty people: here as many as a long list has
    changes.my_people.__kwdefaults__["most"] = LIST
    browser, grants = Client(SERVER_NAME="localhost"), {}
    browser.post("/sign-in", {"username": username, "password": password, "next": ""})
    for number, line in enumerate(sys.stdin.read().splitlines()):
        with keeping(grants):
            ask(browser, line)
        with without(grants):
            ask(browser, line)
        seconds = {}
        # each goes first as often as the other
        for way in ("as it is", "without") if number % 2 else ("without", "as it is"):
            with without(grants) if way == "without" else ExitStack():
                seconds[way] = timed(browser, line)
        print(json.dumps({"asked": line} | seconds))


def timed(browser: Any, line: str) -> float:
    began = time.perf_counter()
    ask(browser, line)
    return time.perf_counter() - began


if __name__ == "__main__":
    main(*sys.argv[1:])
