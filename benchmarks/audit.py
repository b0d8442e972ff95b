"""The audit: what verifying and sealing it takes, and what pages take with and without access and audit.

A fresh database takes in the demo (its cast and its Synthea people) and copies of the Synthea people, as for the person
page. A practitioner's person pages, home as a list of 50 people, and searches by name are asked in a process of their
own (benchmarks/with_and_without.py), each as it is and without access and audit, one after the other in changing
order, so that both see the same machine; what is told is the median of both and of their ratio. Then a million lines
are written by SQL, spread over people and practitioners as a month has them; they are sealed by the background work's
own action in a process of its own, and `locality verify-audit` reads them again, so many times.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from statistics import median

from benchmarks import person_page, place, table
from benchmarks.place import Place

EVENTS = 1_000_000
AIM_A_SECOND = 100_000
PEOPLE, TIMES = 100, 30
WRITE = """
insert into journal_event
    (at, what, outcome, by_kind, by_id, role, organisation_id, purpose, person_id, about_id, reason, detail)
select now() - number * interval '2 seconds', 'record.opened', 'done', 'practitioner',
    md5('practitioner' || number %% 2500)::uuid, 'clinician', md5('organisation' || number %% 60)::uuid, 'care',
    md5('person' || number %% 208000)::uuid, null, '', '{"right": "relation", "relation": "own team"}'
from generate_series(1, %s) number
"""
SEAL = """
import sys, time
import django
django.setup()
from datetime import UTC, datetime
from pathlib import Path
from django.conf import settings
from locality.config import database, signing
from locality.journal.actions import highest, seal
database.ready()
until, horizon = highest()
key = signing.signing(settings.LOCALITY_HOME, make=True)
began = time.perf_counter()
made = seal(until=until, horizon=horizon, sign=key.sign, at=datetime.now(UTC))
seconds = time.perf_counter() - began
signing.copy_out(made, folders=[settings.LOCALITY_HOME])
print(sum(one.events for one in made), seconds)
"""


@dataclass(frozen=True)
class Asked:
    """One kind of page, asked both ways."""

    page: str
    as_it_is: list[float]
    without: list[float]

    def row(self) -> list[str]:
        ratio = median(one / other for one, other in zip(self.as_it_is, self.without, strict=True))
        middles = [f"{1000 * median(one):.1f}" for one in (self.as_it_is, self.without)]
        return [self.page, f"{len(self.as_it_is)}", *middles, f"{ratio:.2f}"]


def run(*, copies: int, repeats: int) -> list[str]:
    """Two tables: pages with and without, and the chain."""
    with place.fresh() as here:
        person_page.load(here, copies=copies)
        pages = asked(here)
        chain = sealed_and_verified(here, repeats=repeats)
    return [
        *table.rows(("page", "asked", "as it is, ms", "without access and audit, ms", "ratio"), pages),
        "",
        *table.rows(("audit", "lines", "seconds", "lines a second"), chain),
        "",
        "Medians.",
        table.aim(f"to verify {AIM_A_SECOND:,} lines a second", chain[1:], column=3, least=AIM_A_SECOND),
    ]


def asked(here: Place) -> list[list[str]]:
    """What each kind of page took both ways."""
    people = person_page.on_their_teams(here)[:PEOPLE]
    lines = {
        "person": [f"/person/{person}" for person in people],
        "home, a list of 50": ["/"] * TIMES,
        "find, by name": [f"/find words={name}" for name in names(here)],
    }
    words = [sys.executable, "-m", "benchmarks.with_and_without", person_page.USERNAMES[0], person_page.PASSWORD]
    ran = subprocess.run(
        words,
        env=here.environment,
        input="\n".join(line for some in lines.values() for line in some),
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise SystemExit(f"The pages could not be asked:\n{ran.stderr}")
    told = iter([json.loads(line) for line in ran.stdout.splitlines()])
    rows = []
    for page, some in lines.items():
        took = [next(told) for _ in some]
        rows.append(Asked(page, [one["as it is"] for one in took], [one["without"] for one in took]).row())
    return rows


def names(here: Place) -> list[str]:
    """The commonest surnames: a search for one shows many people."""
    with here.connect() as admin:
        found = admin.execute(
            "select lower(family) from people_person where merged_into_id is null and family ~ '^[A-Za-z]+$'"
            " group by 1 order by count(*) desc, 1 limit %s",
            [TIMES],
        )
        return [name for (name,) in found]


def sealed_and_verified(here: Place, *, repeats: int) -> list[list[str]]:
    """What sealing a million lines took, and verifying them."""
    with here.connect() as admin:
        admin.execute(WRITE, [EVENTS])
        admin.execute("vacuum analyze journal_event")
    here.settle()
    environment = here.environment | {"DJANGO_SETTINGS_MODULE": "locality.config.settings"}
    ran = subprocess.run([sys.executable, "-c", SEAL], env=environment, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise SystemExit(f"The audit could not be sealed:\n{ran.stderr}")
    lines, seconds = int(ran.stdout.split()[0]), float(ran.stdout.split()[1])
    told = [json.loads(here.run("verify-audit", "--json")) for _ in range(repeats)]
    if any(one["faults"] for one in told):
        raise SystemExit("The audit does not verify.")
    verified = median(one["seconds"] for one in told)
    return [
        ["sealed", f"{lines:,}", f"{seconds:.1f}", f"{lines / seconds:,.0f}"],
        ["verified", f"{told[0]['events']:,}", f"{verified:.1f}", f"{told[0]['events'] / verified:,.0f}"],
    ]
