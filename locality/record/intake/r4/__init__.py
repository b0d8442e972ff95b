"""FHIR R4 (4.0.1) as a table: every type, its elements and the codes they must use.

The two JSON files beside this one are written by scripts/build_r4.py from HL7's own definitions.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Element:
    name: str  # as FHIR writes it: "value[x]"
    kinds: tuple[str, ...]  # the types it may hold; "Patient.contact" is a part of its own
    required: bool
    many: bool
    attribute: bool  # an attribute in XML, and without extensions of its own
    codes: tuple[str, ...]  # the only codes it may hold; none: any

    def names(self) -> Iterator[tuple[str, str]]:
        """The names it has in JSON and XML, each with its type: `valueQuantity`, `Quantity`."""
        if not self.name.endswith("[x]"):
            yield self.name, self.kinds[0]
            return
        for kind in self.kinds:
            yield self.name.removesuffix("[x]") + kind[0].upper() + kind[1:], kind


@dataclass(frozen=True, slots=True)
class Field:
    """One name that may stand in an object of some type."""

    element: Element
    kind: str

    @property
    def has_sibling(self) -> bool:
        """Whether `_name` may stand beside it, holding the id and extensions of a plain value."""
        bare = self.kind == "xhtml" or self.element.attribute or self.element.name == "id"
        return is_plain(self.kind) and not bare


def is_plain(kind: str) -> bool:
    """True for FHIR's primitive types, which are one JSON value: string, date, decimal."""
    return kind[0].islower()


@cache
def resources() -> frozenset[str]:
    return frozenset(_table()[""]["resources"])


@cache
def elements(kind: str) -> tuple[Element, ...]:
    return tuple(_element(name, row) for name, row in _table()[kind].items())


@cache
def fields(kind: str) -> dict[str, Field]:
    """Every name an object of this type may hold (but `resourceType` and the `_` siblings)."""
    return {name: Field(element, one) for element in elements(kind) for name, one in element.names()}


def _element(name: str, row: str) -> Element:
    often, held = row.split(" ")
    held, _, codes = held.partition("=")
    return Element(
        name=name,
        kinds=tuple(held.removeprefix("@").split("|")),
        required=not often.startswith("0"),
        many=not often.endswith("..1"),
        attribute=held.startswith("@"),
        codes=tuple(_codes()[codes]) if codes else (),
    )


@cache
def _table() -> dict:
    return json.loads((HERE / "elements.json").read_bytes())


@cache
def _codes() -> dict[str, list[str]]:
    return json.loads((HERE / "codes.json").read_bytes())
