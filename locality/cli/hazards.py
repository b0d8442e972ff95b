"""The hazard log as people read it, from docs/safety/hazards.yaml."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import locality

HAZARDS = Path(locality.__file__).parents[1] / "docs" / "safety" / "hazards.yaml"
SEVERITIES = ("Catastrophic", "Major", "Considerable", "Significant", "Minor")
STATUSES = ("open", "partly", "controlled")
HEAD = """# Hazard log

Every severity and likelihood here is a proposal: a named Clinical Safety Officer must score and accept each, and
this does not claim compliance with DCB0129. [What the statuses mean](README.md#what-the-statuses-mean).
"""


def hazard_log() -> Iterator[str]:
    """The gravest first; of one severity, what is open first."""
    # for whoever writes the documents: a place that only runs Locality has no need of it
    import yaml

    hazards = yaml.safe_load(HAZARDS.read_text(encoding="utf-8"))
    yield HEAD
    yield from _counts(hazards)
    for severity in SEVERITIES:
        those = [one for one in hazards if one["severity"] == severity]
        if those:
            yield from (f"## {severity}", "")
        for one in sorted(those, key=lambda one: STATUSES.index(one["status"])):
            yield from _hazard(one)


def _counts(hazards: list[dict[str, Any]]) -> Iterator[str]:
    count = Counter((one["severity"], one["status"]) for one in hazards)
    yield f"| severity | {' | '.join(STATUSES)} | all |"
    yield "|---|---|---|---|---|"
    for severity in SEVERITIES:
        row = [count[severity, status] for status in STATUSES]
        if sum(row):
            yield f"| {severity} | {' | '.join(str(number) for number in (*row, sum(row)))} |"
    row = [sum(count[severity, status] for severity in SEVERITIES) for status in STATUSES]
    yield f"| all | {' | '.join(str(number) for number in (*row, sum(row)))} |"
    yield ""


def _hazard(one: dict[str, Any]) -> Iterator[str]:
    yield from (f"### {one['id']}: {one['hazard']}", "")
    yield f"**{one['status'].capitalize()}.** Cause: {one['cause']}. Effect: {one['effect']}."
    yield f"Likelihood: {one['likelihood_before']}, then {one['likelihood_after']}. Owner: {one['owner']}."
    yield ""
    yield from (f"- {control}" for control in one["controls"])
    if one["missing"]:
        yield f"- **Missing**: {one['missing']}"
    yield ""
    if one["tests"]:
        yield from ("Held by: " + "; ".join(_test(named) for named in one["tests"]) + ".", "")


def _test(named: str) -> str:
    path, _, name = named.partition("::")
    return f"`{path}` {name.removeprefix('test_').replace('_', ' ')}"
