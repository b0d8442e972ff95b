"""The check of plans finds what it says it looks for, and nothing where all is well."""

import os
import subprocess
import sys

import pytest

from benchmarks import table
from benchmarks.plans import findings


def node(kind: str, *below: dict, rows: float = 1, planned: int = 1, loops: int = 1, **more) -> dict:
    told = {"Node Type": kind, "Actual Rows": rows, "Plan Rows": planned, "Actual Loops": loops, "Plans": list(below)}
    return told | more


def scan(rows: float, *, planned: int | None = None, **more) -> dict:
    return node("Seq Scan", rows=rows, planned=planned or int(rows), **{"Relation Name": "people_person"} | more)


def plan(top: dict, *, ms: float = 1.0) -> dict:
    return {"Plan": top, "Execution Time": ms}


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (plan(scan(10_000)), []),
        (plan(scan(10_001)), ["Seq Scan people_person reads 10,001 rows"]),
        (plan(scan(1, **{"Rows Removed by Filter": 20_000})), ["Seq Scan people_person reads 20,001 rows"]),
        (plan(scan(3, planned=3, loops=5_000)), ["Seq Scan people_person reads 15,000 rows"]),
        (plan(node("Sort", **{"Sort Space Type": "Memory"})), []),
        (plan(node("Sort", **{"Sort Space Type": "Disk"})), ["Sort does not fit into memory"]),
        (plan(node("Hash", **{"Hash Batches": 4})), ["Hash does not fit into memory"]),
        (plan(scan(9_000, planned=7)), ["Seq Scan people_person gives 9,000 rows and 7 were expected"]),
        (plan(scan(7, planned=900)), []),
        (plan(node("BitmapOr", rows=0, planned=9_000)), []),
        (plan(node("Bitmap Index Scan", rows=9_000, planned=7)), []),
        (plan(node("Index Scan"), ms=20.4), ["takes 20 ms"]),
    ],
)
def test_what_is_wrong_with_a_plan_is_said(found, said):
    assert findings(found) == said


def test_what_a_limit_stopped_early_is_not_held_against_its_estimate_but_what_it_took_whole_is():
    below = scan(9_000, planned=7)
    sort = node("Sort", below, rows=21, planned=9_000)

    assert findings(plan(node("Limit", sort, rows=21, planned=21))) == [
        "Seq Scan people_person gives 9,000 rows and 7 were expected"
    ]


def test_the_benchmarks_start_without_anything_set():
    bare = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}

    asked = subprocess.run([sys.executable, "-m", "benchmarks", "--help"], env=bare, capture_output=True, check=False)

    assert (asked.returncode, asked.stderr) == (0, b"")


@pytest.mark.parametrize(
    ("rows", "limit", "said"),
    [
        ([["a", "6,100"], ["b", "900.5"]], {"least": 900}, "met"),
        ([["a", "6,100"], ["b", "899"]], {"least": 900}, "not met by b"),
        ([["a", "99"], ["b", "101"], ["b", "200"]], {"most": 100}, "not met by b"),
    ],
)
def test_an_aim_is_said_to_be_met_or_by_what_it_is_not(rows, limit, said):
    assert table.aim("that", rows, column=1, **limit) == f"The aim is that: {said}."
