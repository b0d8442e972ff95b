"""The labelled traps, and what the machine says of each: read from `by_hand.csv` and `built.csv`.

A value with a bar in it is several: "Margaret|Peggy". `python -m tests.methods.linkage.traps.rows` writes the table
of `docs/linkage.md` anew.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from locality.methods.linkage.comparing import levels
from locality.methods.linkage.judging import judge
from locality.methods.linkage.keys import keys
from locality.methods.linkage.model import Model, default_model
from locality.methods.linkage.settings import NOTHING, Settings
from locality.methods.linkage.standard import standard

FILES = ("by_hand.csv", "built.csv")
FIELDS = {
    "given": "given_name",
    "family": "family_name",
    "born": "birth_date",
    "sex": "sex",
    "number": "nhs_number",
    "postcode": "postcode",
    "address": "address_line",
    "phone": "phone",
}
STATES = ("match", "possible", "low", "none")
PAGE = Path(__file__).parents[4] / "docs" / "linkage.md"
MARKED = r"(<!-- {name} -->\n).*?(<!-- {name}, to here -->)"


@dataclass(frozen=True, slots=True)
class Trap:
    """Two records, whether they are one person's, and which states are right."""

    name: str  # file and line
    kind: str
    truth: str
    allowed: frozenset[str]
    first: dict[str, str | list[str]]
    second: dict[str, str | list[str]]
    words: str


@dataclass(frozen=True, slots=True)
class Said:
    """What the machine says of a trap."""

    trap: Trap
    state: str
    probability: float
    cautions: tuple[str, ...]

    @property
    def right(self) -> bool:
        return self.state in self.trap.allowed

    @property
    def told(self) -> str:
        trap = self.trap
        return (
            f"{trap.name} ({trap.kind}; {trap.truth}): {self.state} at {self.probability:.3f},"
            f" and may be {' or '.join(one for one in STATES if one in trap.allowed)}: {trap.words}"
        )


def traps() -> list[Trap]:
    """Every trap of both files."""
    found = []
    for file in FILES:
        with (Path(__file__).parent / file).open(encoding="utf-8", newline="") as lines:
            found += [
                _trap(f"{file.removesuffix('.csv')} {number}", row)
                for number, row in enumerate(csv.DictReader(lines), 2)
            ]
    return found


def _trap(name: str, row: dict[str, str]) -> Trap:
    first, second = (
        {field: _value(row[f"{column}_{side}"]) for column, field in FIELDS.items()} for side in ("a", "b")
    )
    return Trap(name, row["kind"], row["truth"], frozenset(row["allowed"].split()), first, second, row["words"])


def _value(text: str) -> str | list[str]:
    return text.split("|") if "|" in text else text


def said(trap: Trap, *, model: Model | None = None) -> Said:
    """What the machine says of two records that it meets alone; "none" too where they share no key and never meet."""
    model = model or default_model()
    first, second = standard(trap.first), standard(trap.second)
    found = levels(first, second, by=model.settings)
    probability = model.probability(model.weight(found, first, second))
    if set(keys(first, by=model.settings)).isdisjoint(keys(second, by=model.settings)):
        return Said(trap, "none", probability, ())
    judged = judge(found, probability, by=model.settings)
    return Said(trap, judged.state, probability, judged.cautions)


def table(told: Iterable[Said]) -> list[str]:
    """Kind by state, as rows of a Markdown table: truths together, the wrong ones counted."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    for one in told:
        row = counts.setdefault((one.trap.truth, one.trap.kind), Counter())
        row[one.state] += 1
        row["wrong"] += not one.right
    lines = ["| truth | kind | pairs | match | possible | low | none | wrong |", "|---|---|--:|--:|--:|--:|--:|--:|"]
    for truth in ("different", "earlier", "same"):
        rows = [(kind, row) for (of, kind), row in counts.items() if of == truth]
        lines += [_row(truth, kind, row) for kind, row in rows]
        lines.append(_row(f"**{truth}**", "**all**", sum((row for _, row in rows), Counter())))
    return lines


def _row(truth: str, kind: str, row: Counter[str]) -> str:
    pairs = sum(row[state] for state in STATES)
    cells: Sequence[object] = [truth, kind, pairs, *(row[state] or "" for state in STATES), row["wrong"] or ""]
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def page_with(told: Sequence[Said]) -> str:
    """`docs/linkage.md` with what is compared, the cautions and this table in their places."""
    text = PAGE.read_text(encoding="utf-8")
    by = default_model().settings
    parts = {"compared": _compared(by), "cautions": _cautions(by), "traps": table(told)}
    for name, lines in parts.items():
        inside = "\n".join(["", *lines, "", ""])
        marked = re.compile(MARKED.format(name=name), re.DOTALL)
        text = marked.sub(lambda found, inside=inside: found[1] + inside + found[2], text)
    return text


def _compared(by: Settings) -> list[str]:
    """Each comparison with its levels, from agreeing most to differing."""
    lines = ["| compared | levels |", "|---|---|"]
    for one in by.comparisons:
        said = sorted((level for level in one.levels if level.value != NOTHING), key=lambda level: -level.value)
        lines.append(f"| {one.words} | {'; '.join(level.words for level in said)} |")
    return lines


def _cautions(by: Settings) -> list[str]:
    return [f"- {words}" for words in dict.fromkeys(one.words for one in by.cautions)]


if __name__ == "__main__":
    PAGE.write_text(page_with([said(one) for one in traps()]), encoding="utf-8")
