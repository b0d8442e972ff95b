"""Moving a service with 5,000 people from one trust to another: moved, undone, moved again, and counted each time."""

import json
import subprocess
import sys
from typing import Any

from benchmarks import place, table

HEAD = ("what", "seconds", "queries", "rows changed, ended or begun", "counted before", "the same after")


def run(*, copies: int, repeats: int) -> list[str]:
    """The table; `copies` and `repeats` are of other benchmarks."""
    with place.fresh() as here:
        words = [sys.executable, "-m", "benchmarks.transfer_made"]
        ran = subprocess.run(words, env=here.environment, stdout=subprocess.PIPE, text=True, check=True)
    told: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    rows = [
        (
            one["what"],
            f"{one['seconds']:.2f}",
            f"{one['queries']:,}",
            f"{one['lines']:,}",
            f"{one['before']:,}",
            f"{one['after']:,}",
        )
        for one in told["steps"]
    ]
    said = (
        f"{told['people']:,} people on one team's caseload, {told['tasks']:,} open tasks, {told['alerts']:,} alerts, "
        f"{told['referrals']:,} referrals to its service, {told['staff']} staff of whom {told['stay']} do not move. "
        f"All of it is one transaction. Undone, every row that it may change was held against how it stood before: "
        f"{told['differ']:,} differed."
    )
    return [*table.rows(HEAD, rows), "", said]
