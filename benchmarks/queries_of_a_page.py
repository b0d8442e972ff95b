"""Count the queries of person pages, in a process of its own: `python -m benchmarks.queries_of_a_page NAME PASSWORD`.

Reads people's ids, one a line; prints how many queries the page of each took, without those that only begin, end or
mark a transaction.
"""

import os
import sys

TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def main(username: str, password: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "locality.config.settings")
    import django

    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from locality.config import database

    database.ready()
    browser = Client(SERVER_NAME="localhost")
    browser.post("/sign-in", {"username": username, "password": password, "next": ""})
    for person in sys.stdin.read().split():
        with CaptureQueriesContext(connection) as queries:
            answer = browser.get(f"/person/{person}")
        if answer.status_code != 200:
            raise SystemExit(f"The page of a person was answered with {answer.status_code}.")
        print(sum(not query["sql"].startswith(TRANSACTION) for query in queries))


if __name__ == "__main__":
    main(*sys.argv[1:])
