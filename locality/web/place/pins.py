"""What was found, on the outline of the place: pins with the numbers that the list has, none over another."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import cos, hypot, pi, sin
from typing import Any
from uuid import UUID

from locality.directory import queries as directory
from locality.directory.queries.services import ServiceFound
from locality.directory.rules import AboutKind
from locality.web.place.maps import Sheet, sheet

# a pin's half width, in the sheet's units: on a phone it is still wide enough for a thumb
RADIUS = 15.0
APART, RINGS = 2 * RADIUS + 1, 14
# of a name on the map: how wide a letter is, and how far apart two lines are
LETTER, LINE = 9.0, 24.0
Spot = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Pin:
    """One place of what was found: its number in the list, where it lies, and where its number stands."""

    number: int
    name: str
    at: Spot
    stands: Spot

    @property
    def is_moved(self) -> bool:
        return self.at != self.stands


@dataclass(frozen=True, slots=True)
class FoundMap:
    """The sheet and its pins; `outside` numbers what lies beyond it, `unknown` what has no known point."""

    sheet: Sheet
    names: tuple[tuple[str, Spot], ...]
    pins: tuple[Pin, ...]
    outside: tuple[int, ...]
    unknown: tuple[int, ...]


def found_map(rows: Sequence[ServiceFound], *, places: Mapping[UUID, Sequence[Any]]) -> FoundMap | None:
    """Where what was found lies, by the `places` that may be told; None where nothing of it is on the map."""
    drawn = sheet(directory.outlines(AboutKind.NEIGHBOURHOOD)) if rows else None
    if drawn is None:
        return None
    spots = {number: _spots(drawn, places.get(one.service.pk, ())) for number, one in enumerate(rows, start=1)}
    inside = {number: [at for at in found if _is_on(drawn, at)] for number, found in spots.items()}
    names = {number: one.service.name for number, one in enumerate(rows, start=1)}
    pins = tuple(_pins(drawn, inside, names))
    outside = tuple(number for number in spots if spots[number] and not inside[number])
    unknown = tuple(number for number in spots if not spots[number])
    return FoundMap(drawn, tuple(_names(drawn, pins)), pins, outside, unknown) if pins else None


def _spots(drawn: Sheet, places: Iterable[Any]) -> list[Spot]:
    known = [drawn.flat.spot(one.longitude, one.latitude) for one in places if one.latitude is not None]
    return list(dict.fromkeys((round(x, 1), round(y, 1)) for x, y in known))


def _is_on(drawn: Sheet, at: Spot) -> bool:
    return 0 <= at[0] <= drawn.width and 0 <= at[1] <= drawn.height


def _pins(drawn: Sheet, spots: Mapping[int, Sequence[Spot]], names: Mapping[int, str]) -> Iterator[Pin]:
    taken: list[Spot] = []
    for number, found in spots.items():
        for at in found:
            stands = next((one for one in _beside(at) if _is_free(drawn, one, taken)), at)
            taken.append(stands)
            yield Pin(number, names[number], at, stands)


def _names(drawn: Sheet, pins: Sequence[Pin]) -> Iterator[tuple[str, Spot]]:
    """Each neighbourhood's name, above or below its middle where a pin would cover it."""
    for shape in drawn.shapes:
        near = [(shape.x, round(shape.y + LINE * lines, 1)) for lines in (0, -1, 1, -2, 2)]
        yield shape.name, next((at for at in near if not any(_covers(one, shape.name, at) for one in pins)), near[0])


def _covers(pin: Pin, name: str, at: Spot) -> bool:
    across, down = abs(pin.stands[0] - at[0]), abs(pin.stands[1] - (at[1] - LETTER / 2))
    return across < RADIUS + LETTER * len(name) / 2 and down < RADIUS + LETTER


def _beside(at: Spot) -> Iterator[Spot]:
    """The spot itself, then round about it, ever further away."""
    yield at
    for ring in range(1, RINGS):
        away, many = ring * APART, 6 * ring
        for step in range(many):
            turn = 2 * pi * step / many
            yield round(at[0] + away * cos(turn), 1), round(at[1] + away * sin(turn), 1)


def _is_free(drawn: Sheet, at: Spot, taken: Iterable[Spot]) -> bool:
    x, y = at
    on_it = RADIUS <= x <= drawn.width - RADIUS and RADIUS <= y <= drawn.height - RADIUS
    return on_it and all(hypot(x - other[0], y - other[1]) >= APART - 0.5 for other in taken)
