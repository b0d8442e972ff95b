"""The person page over HTTP: random people nobody has looked at, four viewers at once, audit on.

A fresh database takes in the demo (its cast and its Synthea people) and so many copies of the Synthea people. The
database server is started anew, so that nothing is in its own memory (the operating system's is not emptied), and
`locality serve` runs with one process a core. Four practitioners sign in with the form. After a few warming pages of
people who are then left out, they open /help, and then the pages of all people on their teams' caseloads, each person
once and in an order drawn with a fixed seed, without a pause between pages: on two cores the client takes its share of
them too. Core time is that of the web server and the database server. Every page must be answered with 200, and the
audit must hold one line for each opened record. The queries are counted by Django in a process of its own, over every
person once, without those that begin and end transactions.
"""

import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from benchmarks import copies as synthea
from benchmarks import place, table
from benchmarks.borough import Borough
from benchmarks.cores import measured
from benchmarks.place import Place
from benchmarks.serving import Serving, serving
from benchmarks.viewers import Asked, Viewer, all_at_once, each_their_own, one_by_one

TEAMS = ("whitefield", "radcliffe")
EMPLOYER, PASSWORD = "RM3", "good for this run only"
USERNAMES = [f"viewer-{number}" for number in range(1, 5)]
WARMING = 12
SEED = 20261121
AIM, P95 = "95 of 100 pages under 100 ms", 3
HEAD = (
    "page",
    "opened",
    "p50, ms",
    "p95, ms",
    "slowest, ms",
    "core-ms a page",
    "kB a page",
    "queries, median and most",
)
ON_THEIR_TEAMS = """
select distinct relationship.person_id::text
from access_relationship relationship
join directory_team team on team.id = relationship.team_id
join people_person person on person.id = relationship.person_id
where team.code = any(%s) and relationship.ends_on is null and person.merged_into_id is null
order by 1
"""
OPENED = "select count(*) from journal_event where what = 'record.opened' and outcome = 'done'"


def run(*, copies: int, repeats: int) -> list[str]:
    """The table, and who was looked at. One pass: a person is cold only once."""
    with place.fresh() as here:
        resources = load(here, copies=copies)
        people = on_their_teams(here)
        here.restart()
        with serving(here) as server:
            helped, opened = look(here, server, people=people)
        queries = counted(here, people=people)
    said = (
        f"{len(people):,} people on the caseloads of two teams: the demo's cast there, its Synthea people, and "
        f"{copies} copies of these; {resources:,} resources in the database. Four viewers at once, no pauses."
    )
    ratio = f"The person page takes {opened.middle / helped.middle:.1f} times as long as the empty one (medians)."
    rows = [helped.row("help (an empty page)", "-"), opened.row("person, cold", queries)]
    return [*table.rows(HEAD, rows), "", said, ratio, table.aim(AIM, rows, column=P95, most=100)]


def load(here: Place, *, copies: int) -> int:
    here.run("demo", "--no-serve", "--no-browser", "--people", "0")
    with tempfile.TemporaryDirectory(prefix="locality-copies-") as folder:
        bundles = synthea.write(Path(folder) / "bundles", times=copies)
        here.run("receive", "--source", "synthea", "--json", str(bundles))
    teams = [word for team in TEAMS for word in ("--team", team)]
    for name in USERNAMES:
        who = ("--given", "A", "--family", name, "--organisation", EMPLOYER, "--role", "clinician", *teams)
        here.run("add-practitioner", name, *who, "--password", PASSWORD)
    with here.connect() as admin:
        admin.execute("vacuum analyze")  # as autovacuum would have done by the next morning
        return admin.execute("select count(*) from record_resource").fetchone()[0]


def on_their_teams(here: Place) -> list[str]:
    with here.connect() as admin:
        people = [person for (person,) in admin.execute(ON_THEIR_TEAMS, [list(TEAMS)])]
    random.Random(SEED).shuffle(people)
    return people


@dataclass(frozen=True)
class Looked:
    """What opening a page again and again took."""

    seconds: list[float]
    sizes: list[int]
    core_seconds: float

    @property
    def middle(self) -> float:
        return median(self.seconds)

    def row(self, page: str, queries: str) -> list[str]:
        ninety_five = quantiles(self.seconds, n=20, method="inclusive")[-1]
        times = [f"{1000 * one:.0f}" for one in (self.middle, ninety_five, max(self.seconds))]
        cores = f"{1000 * self.core_seconds / len(self.seconds):.0f}"
        return [page, f"{len(self.seconds):,}", *times, cores, f"{median(self.sizes) / 1000:.0f}", queries]


def look(here: Place, server: Serving, *, people: list[str]) -> tuple[Looked, Looked]:
    viewers = [Viewer(server.port) for _ in USERNAMES]
    for viewer, name in zip(viewers, USERNAMES, strict=True):
        viewer.sign_in(name, PASSWORD)
    pages = [f"/person/{person}" for person in people]
    all_at_once(viewers, pages[:WARMING])
    cold, empty = pages[WARMING:], ["/help"] * len(pages[WARMING:])
    before = opened_so_far(here)
    helped = timed(here, server, viewers, empty)
    opened = timed(here, server, viewers, cold)
    if opened_so_far(here) - before != len(cold):
        raise SystemExit("The audit does not hold one line for each record that was opened.")
    return helped, opened


def timed(here: Place, server: Serving, viewers: list[Viewer], paths: list[str]) -> Looked:
    return spent(here, server, lambda: all_at_once(viewers, paths))


def opened_so_far(here: Place) -> int:
    with here.connect() as admin:
        return admin.execute(OPENED).fetchone()[0]


def counted(here: Place, *, people: list[str]) -> str:
    words = [sys.executable, "-m", "benchmarks.queries_of_a_page", USERNAMES[0], PASSWORD]
    asked = "\n".join(f"/person/{person}" for person in people)
    ran = subprocess.run(words, env=here.environment, input=asked, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise SystemExit(f"The queries could not be counted:\n{ran.stderr}")
    counts = [int(line) for line in ran.stdout.split()]
    return f"{median(counts):.0f}, {max(counts)}"


# ---- at full size

# a GP, whose practice's list it is; nurses of two neighbourhood teams; a health visitor
OF_THE_DEMO = ("helen.marsden", "joanne.fielding", "ruth.adler", "maggie.rowbotham")
EACH, PAUSE = 60, 0.1
HEAD_OF_A_BOROUGH = (*HEAD[:-1], "asked by")
WAYS = ("cold", "again")


def run_of_a_borough(here: Borough) -> list[str]:
    """The same pages of a borough's people, by one viewer who reads a while between two, and by four at once.

    Cold: the server has been started anew, the machine has dropped what it kept of its files, and nobody has looked at
    these people; a few pages of others come first. Then the same people again.
    """
    theirs = {name: here.theirs(name) for name in OF_THE_DEMO}
    rows = [*of_one(here, theirs[OF_THE_DEMO[0]]), *of_four(here, theirs)]
    lists = ", ".join(f"{name} {len(people):,}" for name, people in theirs.items())
    said = f"{here.words}. Whom each viewer may open: {lists}."
    alone = [row for row in rows if row[-1].startswith("one")]
    return [
        *table.rows(HEAD_OF_A_BOROUGH, rows),
        "",
        said,
        table.aim(f"{AIM}, for one viewer", alone, column=P95, most=100),
    ]


def of_one(here: Borough, people: list[str]) -> Iterator[list[str]]:
    name, others, asked = OF_THE_DEMO[0], people[:WARMING], people[WARMING : WARMING + 2 * EACH]
    here.forget()
    with serving(here.place) as server:
        viewer = Viewer(server.port)
        viewer.sign_in(name, here.password)
        one_by_one(viewer, pages(others), pause=0)

        def looked(asked: list[Asked]) -> Looked:
            return spent(here.place, server, lambda: one_by_one(viewer, asked, pause=PAUSE))

        words = f"one, a pause of {1000 * PAUSE:.0f} ms"
        yield looked([("/help", None)] * EACH).row("help (an empty page)", words)
        for way in WAYS:
            yield looked(pages(asked)).row(f"person, {way}", words)
        yield looked([("/", None)] * 10).row(f"home, {len(people):,} people on the list", words)


def of_four(here: Borough, theirs: dict[str, list[str]]) -> Iterator[list[str]]:
    here.forget()
    with serving(here.place) as server:
        viewers = [Viewer(server.port) for _ in theirs]
        for viewer, name in zip(viewers, theirs, strict=True):
            viewer.sign_in(name, here.password)
        # from the end, where the one before has not looked
        asked = [pages(people[-EACH:]) for people in theirs.values()]
        each_their_own(viewers, [pages(people[:WARMING]) for people in theirs.values()])
        for way in WAYS:
            looked = spent(here.place, server, lambda: each_their_own(viewers, asked))
            yield looked.row(f"person, {way}", "four at once, no pauses")


def pages(people: list[str]) -> list[Asked]:
    return [(f"/person/{person}", None) for person in people]


def spent(here: Place, server: Serving, ask: Callable[[], list[tuple[float, int]]]) -> Looked:
    """What asking took, the browsers' own time left out."""
    with measured(here.postmaster, server.pid) as used:
        found = ask()
    return Looked([seconds for seconds, _ in found], [size for _, size in found], used.others)
