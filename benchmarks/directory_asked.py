"""The searches of benchmarks/directory.py, in a process of its own: `python -m benchmarks.directory_asked TIMES`."""

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

WARMING = 5


def main(times: int) -> None:
    from locality.cli import edge

    edge.with_database()
    from locality.base.periods import day_of
    from locality.directory.models import Postcode
    from locality.directory.queries import services
    from locality.directory.rules.services import ServiceAsked

    at = datetime.now(UTC)
    # a Wednesday noon, whenever this is run
    open_at = datetime(2026, 11, 25, 12, tzinfo=UTC)
    on, near = day_of(at), Postcode.objects.order_by("code")[2500].code
    asked = {
        "nothing: all of them": ServiceAsked(),
        "one word": ServiceAsked(words="lunch"),
        "a sentence that means a need": ServiceAsked(words="I am behind with the rent and hungry"),
        "two words, each with a slip": ServiceAsked(words="luncj clib"),
        "a need near a postcode": ServiceAsked(needs=["food"], near=near, within_miles=2),
        "all at once": ServiceAsked(
            words="advice",
            near=near,
            within_miles=5,
            free=True,
            access=["step-free"],
            age=70,
            open_at=open_at,
            public_only=True,
        ),
        "words that nothing has": ServiceAsked(words="submarine xylophones"),
    }
    told = {name: _timed(lambda one=one: services.search(asked=one, on=on), times) for name, one in asked.items()}
    first = [one.service.pk for one in services.search(asked=ServiceAsked(), on=on).rows]
    needs = services.needs()
    rows = [(pk, None) for pk in first]
    by_id = _timed(lambda: services._beside(rows, needs=needs, asked=ServiceAsked(), on=on), times)
    sys.stdout.write(json.dumps({**told, "the same rows by their ids": by_id}) + "\n")


def _timed(ask: Callable[[], Any], times: int) -> dict[str, Any]:
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    with transaction.atomic():
        for _ in range(WARMING):
            ask()
        with CaptureQueriesContext(connection) as queries:
            found = ask()
        taken = []
        for _ in range(times):
            begun = time.perf_counter()
            ask()
            taken.append((time.perf_counter() - begun) * 1000)
    return {"ms": taken, "queries": len(queries), "found": getattr(found, "total", 0)}


if __name__ == "__main__":
    main(int(sys.argv[1]))
