"""Segments by life stage and need: each person is in the first whose rule fits, as segments.toml orders them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from locality.base import Refused
from locality.population.rules.code_lists import in_line
from locality.population.rules.cohorts import Asked, check_line, line_condition

FILE = Path(__file__).parents[1] / "segments.toml"


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: its name, the words that may be said to whoever is in it, and its rule."""

    code: str
    name: str
    told: str
    who: tuple[dict[str, Any], ...]


def read_segments(text: str, *, name: str = "segments.toml") -> tuple[int, tuple[Segment, ...]]:
    """The version and the segments of a file, in order; Refused where the last does not take whoever is left."""
    told = tomllib.loads(text)
    found = tuple(Segment(one["code"], one["name"], one["told"], tuple(in_line(one["who"]))) for one in told["segment"])
    for one in found:
        for line in one.who:
            check_line(line, name=f"{name}, {one.code}")
    if not found or found[-1].who or any(not one.who for one in found[:-1]):
        raise Refused(f"{name}: the last segment, and it alone, takes whoever is left: it has no rule.")
    if len({one.code for one in found}) < len(found):
        raise Refused(f"{name}: two segments have one code.")
    return told["version"], found


VERSION, SEGMENTS = read_segments(FILE.read_text(encoding="utf-8"))


def chosen(segments: tuple[Segment, ...], *, on: date) -> tuple[str, Mapping[str, Any]]:
    """The code of everybody's segment as one expression on `people`, and the values it names."""
    asked = Asked(on)
    return chosen_in(segments, asked), asked.values


def chosen_in(segments: tuple[Segment, ...], asked: Asked) -> str:
    """The same as part of a longer question, whose values it names."""
    cases = []
    for one in segments[:-1]:
        rule = " and ".join(f"({line_condition(line, asked)})" for line in one.who)
        cases.append(f"when {rule} then {asked.value(one.code)}")
    return f"case {' '.join(cases)} else {asked.value(segments[-1].code)} end"
