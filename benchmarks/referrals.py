"""Referrals at full size over HTTP: 10,000 of a full-size team, half sent by it and half to it; lists, one, a form."""

import json
import subprocess
import sys

from benchmarks import place, table, team
from benchmarks.place import Place
from benchmarks.serving import serving
from benchmarks.team import AIM, HEAD, P95, USERNAME, counted, looked

PAGES = {
    "to answer": "/referrals?of=answer",
    "sent by us": "/referrals?of=sent",
    "all of them": "/referrals?of=all",
    "searched: one in five has it": "/referrals of=all&words=loneliness",
    "searched: one alone has it": "/referrals of=all&words=9001",
    "overdue": "/referrals?of=answer&state=overdue",
}


def run(*, copies: int, repeats: int) -> list[str]:
    """The table; `copies` and `repeats` are of other benchmarks."""
    with place.fresh() as here:
        made = load(here)
        here.restart()
        pages = PAGES | {"one referral": f"/referrals/{made['one']}", "whom to ask": f"/person/{made['of']}/refer"}
        queries = counted(here, pages)
        with serving(here) as server:
            rows = [*looked(here, server, pages, queries)]
    said = (
        f"{made['referrals']:,} referrals about {made['people']:,} people, one in ten open. Four at once do not wait."
    )
    alone = [row for row in rows if row[-1] == "one"]
    return [*table.rows(HEAD, rows), "", said, table.aim(f"{AIM}, for one viewer", alone, column=P95, most=100)]


def load(here: Place) -> dict:
    team.load(here)
    words = [sys.executable, "-m", "benchmarks.referrals_made", USERNAME]
    ran = subprocess.run(words, env=here.environment, stdout=subprocess.PIPE, text=True, check=True)
    with here.connect() as admin:
        admin.execute("vacuum analyze")  # as autovacuum would have done by the next morning
    return json.loads(ran.stdout.splitlines()[-1])
