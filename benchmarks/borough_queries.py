"""The plans of every query that a borough's pages ask, with what is wrong with them: plans.py says what is looked for.

The home page, the pages of people drawn with a fixed seed, and searches of every kind are asked for through the
application, as its own role and in its own transactions, after the server has been started anew.
"""

import json
import subprocess
import sys
from collections import Counter
from statistics import median
from typing import Any
from urllib.parse import urlencode

from benchmarks import find_a_person, plans, table
from benchmarks.borough import Borough
from benchmarks.person_page import OF_THE_DEMO

PEOPLE, SEARCHES = 15, 5
HEAD = ("page", "asked", "queries", "ms of the server", "of them planning", "buffers", "most ms of one query")


def run(here: Borough) -> list[str]:
    """A line a kind of page; then whatever was found wrong with a plan, or that nothing was."""
    here.place.restart()
    asked: dict[str, list[str]] = {"home": ["/"] * 3}
    for kind, searches in find_a_person.searches(here).items():
        asked[f"find by {kind}"] = [f"/find {urlencode(one.form)}" for one in searches[:SEARCHES]]
    found: dict[str, list[list[dict[str, Any]]]] = {}
    for name in OF_THE_DEMO:
        own = {"person": [f"/person/{person}" for person in here.theirs(name)[-PEOPLE:]]} | asked
        for page, answers in explained(here, name, own).items():
            found.setdefault(page, []).extend(answers)
    said = (
        f"{here.words}, asked for by {', '.join(OF_THE_DEMO)}. Looked for: a scan of more than "
        f"{plans.LONG_SCAN_ROWS:,} rows, what does not fit into memory, an estimate {plans.FAR_OFF} times off, and "
        f"a query of more than {plans.SLOW_MS} ms."
    )
    return [*table.rows(HEAD, (row(page, answers) for page, answers in found.items())), "", said, "", *wrong(found)]


def explained(here: Borough, name: str, asked: dict[str, list[str]]) -> dict[str, list[list[dict[str, Any]]]]:
    """Of each page, the queries of every time it was asked for."""
    words = [sys.executable, "-m", "benchmarks.queries_of_a_page", name, here.password, "--plans"]
    lines = [line for page in asked.values() for line in page]
    ran = subprocess.run(
        words, env=here.place.environment, input="\n".join(lines), capture_output=True, text=True, check=False
    )
    if ran.returncode:
        raise SystemExit(f"The queries could not be explained:\n{ran.stderr}")
    told = [json.loads(line) for line in ran.stdout.splitlines()]
    answers: list[list[dict[str, Any]]] = []
    for one in told:
        if one["number"] == len(answers):
            answers.append([])
        answers[-1].append(one)
    turns = iter(answers)
    return {page: [next(turns) for _ in lines] for page, lines in asked.items()}


def row(page: str, answers: list[list[dict[str, Any]]]) -> list[str]:
    def middle(what: str) -> float:
        return median(sum(query[what] for query in queries) for queries in answers)

    slowest = max(query["ms"] for queries in answers for query in queries)
    count = f"{median(len(queries) for queries in answers):.0f}"
    times = [f"{middle('ms') + middle('planning_ms'):.1f}", f"{middle('planning_ms'):.1f}"]
    return [page, str(len(answers)), count, *times, f"{middle('pages'):,.0f}", f"{slowest:.1f}"]


def wrong(found: dict[str, list[list[dict[str, Any]]]]) -> list[str]:
    """Every finding once a page and query, with how often it was found."""
    lines: Counter[tuple[str, str]] = Counter()
    words: dict[tuple[str, str], str] = {}
    for page, answers in found.items():
        for query in (query for queries in answers for query in queries if query["findings"]):
            lines[page, query["sql"][:80]] += 1
            words[page, query["sql"][:80]] = "; ".join(query["findings"])
    if not lines:
        return ["Nothing was found."]
    return [f"- {page}, `{sql}` ({count} times): {words[page, sql]}" for (page, sql), count in lines.items()]
