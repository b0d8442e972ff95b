"""A full-size team over HTTP: 300 on the caseload, 600 practitioners in the place; each page of its work.

Whoever is new to the team has five tasks: 1,290 when it was measured.

One viewer who reads a while before opening the next page, and four at once without a pause. Queries are counted by
Django in a process of its own, without those that begin and end transactions.
"""

import csv
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import place, table
from benchmarks.person_page import Looked, spent, timed
from benchmarks.place import Place
from benchmarks.serving import Serving, serving
from benchmarks.viewers import Viewer, one_by_one

USERNAME, PASSWORD = "joanne.fielding", "tell-it-once"
PEOPLE, STAFF, OPENED = 1000, 600, 40
AIM, P95 = "95 of 100 pages under 100 ms", 3
HEAD = (
    *("page", "opened", "p50, ms", "p95, ms", "slowest, ms", "core-ms a page", "kB a page"),
    *("queries, median and most", "asked by"),
)
TEAMS = ("whitefield", "radcliffe", "prestwich", "bury-east", "bury-west")
STAFF_HEAD = ("code", "given", "family", "profession", "employer", "team", "post", "starts_on")
# one page a line: what it is called, and its address
PAGES = {
    "the team": "/team",
    "the caseload": "/team/caseload",
    "today's tasks": "/tasks",
    "the team's tasks": "/tasks?of=team",
    "the inbox": "/inbox",
    "meetings": "/meeting",
}


def run(*, copies: int, repeats: int) -> list[str]:
    """The table; `copies` and `repeats` are of other benchmarks."""
    with place.fresh() as here:
        made = load(here)
        here.restart()
        pages = PAGES | ones(here, made)
        queries = counted(here, pages)
        with serving(here) as server:
            rows = [*looked(here, server, pages, queries)]
    said = (
        f"300 people on one team's caseload, {5 * len(made['people']):,} tasks, {STAFF} more "
        f"practitioners in the place, {made['members']} in this team. Four at once wait for nothing."
    )
    alone = [row for row in rows if row[-1] == "one"]
    return [*table.rows(HEAD, rows), "", said, table.aim(f"{AIM}, for one viewer", alone, column=P95, most=100)]


def load(here: Place) -> dict:
    here.run("demo", "--no-serve", "--no-browser", "--people", str(PEOPLE))
    with tempfile.TemporaryDirectory(prefix="locality-staff-") as folder:
        here.run("load-practitioners", str(staff(Path(folder) / "staff.csv")))
    words = [sys.executable, "-m", "benchmarks.team_made", USERNAME]
    ran = subprocess.run(words, env=here.environment, stdout=subprocess.PIPE, text=True, check=True)
    with here.connect() as admin:
        admin.execute("vacuum analyze")  # as autovacuum would have done by the next morning
    return json.loads(ran.stdout.splitlines()[-1])


def staff(path: Path) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file)
        lines.writerow(STAFF_HEAD)
        for number in range(STAFF):
            team = TEAMS[number % len(TEAMS)]
            name = f"Given{number}", f"Family{number}"
            lines.writerow([f"b{number:04d}", *name, "District nurse", "RM3", team, "District nurse", "2026-01-05"])
    return path


def ones(here: Place, made: dict) -> dict[str, str]:
    """Pages of one person or thing, of the middle of what was made."""
    person, meeting = made["people"][len(made["people"]) // 2], made["meeting"]
    return {
        "a meeting's agenda": f"/meeting/{meeting}",
        "the meeting's screen": f"/meeting/{meeting}/live",
        "a person's page": f"/person/{person}",
        "their plan": f"/person/{person}/plan",
        "their notes": f"/person/{person}/notes",
        "a new note": f"/person/{person}/note",
    }


def counted(here: Place, pages: dict[str, str]) -> dict[str, str]:
    words = [sys.executable, "-m", "benchmarks.queries_of_a_page", USERNAME, PASSWORD]
    asked = "\n".join(path for path in pages.values() for _ in range(3))
    ran = subprocess.run(words, env=here.environment, input=asked, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise SystemExit(f"The queries could not be counted:\n{ran.stderr}")
    counts = [int(line) for line in ran.stdout.split()]
    each = [sorted(counts[at : at + 3]) for at in range(0, len(counts), 3)]
    return {name: f"{found[1]}, {found[2]}" for name, found in zip(pages, each, strict=True)}


def looked(here: Place, server: Serving, pages: dict[str, str], queries: dict[str, str]) -> Iterator[list[str]]:
    viewers = [Viewer(server.port) for _ in range(4)]
    for viewer in viewers:
        viewer.sign_in(USERNAME, PASSWORD)
    for name, path in pages.items():
        one_by_one(viewers[0], [(path, None)] * 3, pause=0)
        alone = timed_alone(here, server, viewers[0], path)
        yield [*alone.row(name, queries[name]), "one"]
        yield [*timed(here, server, viewers, [path] * 2 * OPENED).row(name, queries[name]), "four at once"]


def timed_alone(here: Place, server: Serving, viewer: Viewer, path: str) -> Looked:
    return spent(here, server, lambda: one_by_one(viewer, [(path, None)] * OPENED, pause=0.05))
