"""The queries of pages, in a process of its own: `python -m benchmarks.queries_of_a_page NAME PASSWORD [--plans]`.

Reads what to ask for, one a line: an address, and where a form is sent its fields after it, written like the query of
an address (`/find words=hargreaves&born=1942`). Prints how many queries each took, without those that only begin, end
or mark a transaction. With `--plans` each query's plan is asked for just before it runs, as the application itself and
within its transaction (a writing one is rolled back to where it was), and a line of JSON a query says what it took and
what is wrong with its plan (plans.py). LOCALITY_HOME says whose:

    echo /person/ID | .venv/bin/python -m benchmarks.queries_of_a_page joanne.fielding tell-it-once --plans
"""

import json
import os
import re
import sys
from typing import Any
from urllib.parse import parse_qsl

from benchmarks.plans import findings

TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
READS, WRITES = ("SELECT", "WITH"), ("INSERT", "UPDATE", "DELETE")
LISTS = re.compile(r"(%s(, )?){2,}")


class Plans:
    """Explains every query before it runs, and keeps what was found."""

    def __init__(self, connection: Any):
        self.connection = connection
        self.found: list[dict[str, Any]] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        begins = sql.split(None, 1)[0].upper()
        if begins in READS + WRITES and not many:
            self.keep(sql, self.explained(sql, params, writes=begins in WRITES))
        return execute(sql, params, many, context)

    def explained(self, sql: str, params: Any, *, writes: bool) -> dict[str, Any]:
        from psycopg import ClientCursor

        driver = self.connection.connection
        with driver.transaction(force_rollback=writes), ClientCursor(driver) as cursor:
            cursor.execute(f"explain (analyze, buffers, format json) {sql}", params)
            return cursor.fetchone()[0][0]

    def keep(self, sql: str, plan: dict[str, Any]) -> None:
        self.found.append(
            {
                "sql": LISTS.sub("%s", " ".join(sql.split())),
                "ms": plan["Execution Time"],
                "planning_ms": plan["Planning Time"],
                "pages": plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"],
                "findings": findings(plan),
            }
        )


def main(username: str, password: str, *, plans: bool) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "locality.config.settings")
    import django

    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from locality.config import database, serving

    database.ready()
    serving.close_the_pages()
    serving.collect_static_files()
    browser = Client(SERVER_NAME="localhost")
    browser.post("/sign-in", {"username": username, "password": password, "next": ""})
    browser.get("/help")
    for number, line in enumerate(sys.stdin.read().splitlines()):
        if plans:
            explain = Plans(connection)
            with connection.execute_wrapper(explain):
                ask(browser, line)
            for found in explain.found:
                print(json.dumps({"number": number, "asked": line} | found))
            continue
        with CaptureQueriesContext(connection) as queries:
            ask(browser, line)
        print(sum(not query["sql"].startswith(TRANSACTION) for query in queries))


def ask(browser: Any, line: str) -> None:
    address, _, form = line.partition(" ")
    answer = browser.post(address, dict(parse_qsl(form))) if form else browser.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address} was answered with {answer.status_code}.")


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if word != "--plans"]
    main(*words, plans="--plans" in sys.argv)
