"""Who is made where: people by area, and the pieces of work that each stand alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from locality.base import Refused
from locality.demo.borough.chance import largest_remainder
from locality.demo.borough.numbers import MOST_PEOPLE
from locality.demo.borough.published import GROUPS, OLDEST, TENURES, Area, areas

# too few people make no households: neighbouring areas are then put together as one
PEOPLE_A_BLOCK = 400
# so many that a piece's files are worth opening, so few that a machine's cores finish together
PEOPLE_A_PIECE = {"full": 400, "light": 1600}


@dataclass(frozen=True, slots=True)
class Block:
    """The people of one area, or of a few neighbouring ones, numbered from `first`."""

    number: int
    first: int
    areas: tuple[tuple[int, int], ...]  # which, and how many people each

    @property
    def people(self) -> int:
        return sum(people for _, people in self.areas)

    def as_one(self) -> Area:
        """These areas as if they were one, each counting for its people."""
        if len(self.areas) == 1:
            return areas()[self.areas[0][0]]
        parts = [(areas()[number], people / self.people) for number, people in self.areas]

        def mean(of: list[float]) -> float:
            return sum(value * share for value, (_, share) in zip(of, parts, strict=True))

        return Area(
            number=self.areas[0][0],
            code="",
            registered=self.people,
            quintile=0,
            ethnic={group: mean([one.ethnic[group] for one, _ in parts]) for group in GROUPS},
            jewish=mean([one.jewish for one, _ in parts]),
            tenures={tenure: mean([one.tenures[tenure] for one, _ in parts]) for tenure in TENURES},
            crowded=mean([one.crowded for one, _ in parts]),
            homes=mean([one.homes for one, _ in parts]),
            ages=tuple(mean([one.ages[age] for one, _ in parts]) for age in range(OLDEST + 1)),
            postcodes=(),
            lists={},
        )


@dataclass(frozen=True, slots=True)
class Piece:
    """Some blocks that are told together, into files of their own."""

    number: int
    blocks: tuple[Block, ...]


@cache
def blocks(people: int) -> tuple[Block, ...]:
    """The register scaled to so many people: every area keeps its share."""
    if not 1 <= people <= MOST_PEOPLE:
        raise Refused(f"Ask for 1 to {MOST_PEOPLE:,} people: that many synthetic NHS numbers there are.")
    found: list[Block] = []
    held: list[tuple[int, int]] = []
    first = 0
    for area, count in zip(areas(), largest_remainder([one.registered for one in areas()], people), strict=True):
        held += [(area.number, count)] if count else []
        if sum(some for _, some in held) >= PEOPLE_A_BLOCK:
            found.append(Block(len(found), first, tuple(held)))
            first, held = first + found[-1].people, []
    if held:
        found.append(Block(len(found), first, tuple(held)))
    return tuple(found)


def pieces(people: int, *, depth: str) -> Iterator[Piece]:
    """Neighbouring blocks together; the same whatever machine does the work."""
    held: list[Block] = []
    number = 0
    for block in blocks(people):
        held.append(block)
        if sum(one.people for one in held) >= PEOPLE_A_PIECE[depth]:
            yield Piece(number, tuple(held))
            number, held = number + 1, []
    if held:
        yield Piece(number, tuple(held))
