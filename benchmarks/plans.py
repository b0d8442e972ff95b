"""What is wrong with a query's plan, in words, from EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON); nothing where all is well.

What runs only until a limit above it has enough rows is not held against its estimate.
"""

from collections.abc import Iterator
from typing import Any

LONG_SCAN_ROWS = 10_000
SLOW_MS = 20
# an estimate so many times off, of so many rows, chooses another way to go about it
FAR_OFF, MANY_ROWS = 100, 1_000
# these ask for every row below them before they give their first
TAKES_ALL = ("Sort", "Aggregate", "Hash", "WindowAgg", "Materialize")

Node = dict[str, Any]


def findings(plan: Node) -> list[str]:
    """Long scans, what did not fit into memory, estimates far off, and slowness; the longest scan first."""
    nodes = list(every(plan["Plan"]))
    stopped = {id(node) for node in stopped_early(plan["Plan"])}
    scans = sorted(((rows_read(node), node) for node in nodes if "Relation Name" in node), key=lambda one: -one[0])
    found = [f"{words(node)} reads {rows:,} rows" for rows, node in scans if rows > LONG_SCAN_ROWS]
    found += [f"{node['Node Type']} does not fit into memory" for node in nodes if spills(node)]
    found += [
        f"{words(node)} gives {node['Actual Rows']:,.0f} rows and {node['Plan Rows']:,} were expected"
        for node in nodes
        if is_far_off(node) and id(node) not in stopped
    ]
    if plan["Execution Time"] > SLOW_MS:
        found.append(f"takes {plan['Execution Time']:.0f} ms")
    return found


def every(node: Node) -> Iterator[Node]:
    yield node
    for one in node.get("Plans", ()):
        yield from every(one)


def stopped_early(node: Node, *, limited: bool = False) -> Iterator[Node]:
    if limited:
        yield node
    limited = (limited or node["Node Type"] == "Limit") and node["Node Type"] not in TAKES_ALL
    for one in node.get("Plans", ()):
        yield from stopped_early(one, limited=limited)


def words(node: Node) -> str:
    return " ".join(filter(None, [node["Node Type"], node.get("Relation Name", "")]))


def rows_read(node: Node) -> int:
    """What a scan gave and what it threw away, in all its turns."""
    thrown = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    return round((node["Actual Rows"] + thrown) * node["Actual Loops"])


def spills(node: Node) -> bool:
    return node.get("Sort Space Type") == "Disk" or node.get("Hash Batches", 1) > 1 or node.get("Disk Usage", 0) > 0


def is_far_off(node: Node) -> bool:
    # a bitmap holds what may fit, and of several does not know how much: the scan of the table above it counts
    if node["Node Type"].startswith("Bitmap") and "Relation Name" not in node or not node["Actual Loops"]:
        return False
    fewer, more = sorted((node["Actual Rows"], node["Plan Rows"]))
    return more >= MANY_ROWS and more >= FAR_OFF * max(fewer, 1)
