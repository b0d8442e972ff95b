"""The figures that tell how well patients were linked: of all, and of each group; fit to be kept as JSON.

They name nobody: groups of fewer than ten people are left out and counted, as small numbers are elsewhere.
"""

import math
import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from locality.methods.agreement import (
    Agreement,
    Band,
    Counted,
    Two,
    agreement,
    brier,
    counted,
    missed_ratio,
    reliability,
)
from locality.methods.intervals import Share, share

FEWEST = 10  # people of a group that is shown
SHARES = ("precision", "recall", "reached", "f1", "whole", "apart")
DIGITS = re.compile(r"\d+")

Json = dict[str, Any]
Groups = Mapping[Any, Mapping[str, str]]  # person -> aspect -> group


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """Who patients truly are, in whose word, and which groups people belong to by aspect ("Age": "80 and over")."""

    origin: str
    # source and the source's own number -> person
    people: Mapping[tuple[str, str], str]
    groups: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def figures(
    *,
    truth: Mapping[Hashable, Hashable],
    found: Mapping[Hashable, Hashable],
    asked: Iterable[Two],
    weighed: Iterable[tuple[Hashable, Hashable, float]],
    groups: Groups,
) -> Json:
    """Everything that is told of one linkage.

    `truth` says who each patient is and `found` whom they were linked to; `asked` are the pairs that somebody is asked
    about; `weighed` pairs with their probability; `groups` the groups of each person by aspect ("Age": "80 and over").
    """
    people = counted(truth=truth, found=found, asked=asked)
    known = [(chance, truth[one] == truth[two]) for one, two, chance in weighed if one in truth and two in truth]
    return {
        "people": len(people),
        "patients": sum(one.patients for one in people.values()),
        "overall": _told(agreement(list(people.values()))),
        "by": [_aspect(aspect, people, groups) for aspect in _aspects(groups)],
        "calibration": [_band(one) for one in reliability(known)],
        "brier": brier(known),
    }


def _aspects(groups: Groups) -> list[str]:
    return list(dict.fromkeys(aspect for of in groups.values() for aspect in of))


def _aspect(aspect: str, people: Mapping[Hashable, Counted], groups: Groups) -> Json:
    """One way to part people into groups; each group's misses against those of the group with the most pairs."""
    held: defaultdict[str, list[Counted]] = defaultdict(list)
    for person, one in people.items():
        held[groups.get(person, {}).get(aspect, "") or "not known"].append(one)
    shown = {group: agreement(rows) for group, rows in held.items() if len(rows) >= FEWEST}
    most = max(shown, key=lambda group: shown[group].recall.of, default="")
    return {
        "aspect": aspect,
        "against": most,
        "left_out": sum(len(rows) for rows in held.values() if len(rows) < FEWEST),
        "groups": [
            {"group": group, **_told(shown[group]), **_against(shown[group], shown[most])}
            for group in sorted(shown, key=_order)
        ],
    }


def _order(group: str) -> tuple[bool, int, str]:
    """By the first number in its name, as of ages and fifths; those without one after, by name; "not known" last."""
    number = DIGITS.search(group)
    return group == "not known", int(number[0]) if number else 1_000, group


def _told(one: Agreement) -> Json:
    return {"people": one.people, "patients": one.patients, **{name: _share(getattr(one, name)) for name in SHARES}}


def _against(one: Agreement, most: Agreement) -> Json:
    return {
        "missed": _times(one, most, "reached"),
        "not_joined": _times(one, most, "recall"),
    }


def _times(one: Agreement, most: Agreement, of: str) -> Json:
    ends = missed_ratio(one, most, of=of)
    here, there = ((held.of - held.count, held.of) for held in (getattr(one, of), getattr(most, of)))
    times = (here[0] / here[1]) / (there[0] / there[1]) if here[1] and there[0] else None
    # JSON has no number without end
    return {"times": times, "low": ends.low, "high": ends.high if math.isfinite(ends.high) else None}


def _share(one: Share) -> Json:
    return {"count": one.count, "of": one.of, "value": one.value, "low": one.low, "high": one.high}


def _band(one: Band) -> Json:
    return {"from": one.low, "to": one.high, "said": one.said, "so": _share(one.so)}


def by_review(pairs: Sequence[tuple[str, float, bool]]) -> Json:
    """What clerical review tells, of pairs in each state: how many were the same. `pairs`: (state, probability, same).

    Reviewed pairs are no sample of all: precision and recall of the whole cannot be told from them.
    """
    states: defaultdict[str, list[bool]] = defaultdict(list)
    for state, _, same in pairs:
        states[state].append(same)
    known = [(chance, same) for _, chance, same in pairs]
    return {
        "pairs": len(pairs),
        "states": [
            {"state": state, "same": _share(share(count=sum(said), of=len(said)))}
            for state, said in sorted(states.items())
        ],
        "calibration": [_band(one) for one in reliability(known)],
        "brier": brier(known),
    }


# ---- the same figures as tables


Rows = tuple[list[str], list[list[Any]]]


def tables(told: Mapping[str, Any]) -> dict[str, Rows]:
    """The figures as tables to take away, by name: a first line, and rows."""
    found = {
        "groups": _groups_table(told),
        "calibration": _calibration_table(told),
        "queue": (
            ["waiting", "doubts"],
            [[one["words"], one["count"]] for one in told.get("queue", {}).get("ages", ())],
        ),
        "states": (
            ["state", *_head("same")],
            [[one["state"], *_cells(one["same"])] for one in told.get("states", ())],
        ),
    }
    return {name: (head, rows) for name, (head, rows) in found.items() if rows}


def _head(name: str) -> list[str]:
    return [f"{name} {part}" for part in ("count", "of", "share", "low", "high")]


def _cells(one: Mapping[str, Any]) -> list[Any]:
    return [one[part] for part in ("count", "of", "value", "low", "high")]


def _groups_table(told: Mapping[str, Any]) -> Rows:
    times = [f"{name} {part}" for name in ("missed", "not joined") for part in ("times", "low", "high")]
    head = [
        "aspect",
        "group",
        "people",
        "patients",
        *(part for name in SHARES for part in _head(name)),
        *times,
        "against",
    ]
    listed = [("all", "all", told["overall"], "")] if "overall" in told else []
    listed += [(by["aspect"], one["group"], one, by["against"]) for by in told.get("by", ()) for one in by["groups"]]
    rows = []
    for aspect, group, one, against in listed:
        shares = [cell for name in SHARES for cell in _cells(one[name])]
        ends = [one.get(name, {}).get(part) for name in ("missed", "not_joined") for part in ("times", "low", "high")]
        rows.append([aspect, group, one["people"], one["patients"], *shares, *ends, against])
    return head, rows


def _calibration_table(told: Mapping[str, Any]) -> Rows:
    rows = [[one["from"], one["to"], one["said"], *_cells(one["so"])] for one in told.get("calibration", ())]
    return ["from", "to", "probability said", *_head("one person")], rows
