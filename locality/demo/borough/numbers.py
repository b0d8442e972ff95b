"""NHS numbers from the range kept for synthetic people, sources' own ids, and telephone numbers kept for drama."""

from functools import cache
from random import Random

from locality.demo.cast_files import the_cast

# 999 and five digits leave a sixth that fits: of its ten, at least nine give a check digit that is issued
PREFIXES = 100_000
ISSUED_A_PREFIX = 9
SLOTS = PREFIXES * ISSUED_A_PREFIX
SPARE = 1_000
MOST_PEOPLE = 300_000
# each has no factor in common with the number of slots, so that stepping by it comes to every slot
STEP = 618_077


def nhs_number(person: int, *, seed: int) -> str:
    """The number of the borough's person so numbered; no two are the same, and none is one of the cast's."""
    number = _issued((person * STEP + seed * 7_919) % SLOTS)
    spare = 0
    while number in _of_the_cast():
        number = _issued((_spare(_of_the_cast().index(number), spare) * STEP + seed * 7_919) % SLOTS)
        spare += 1
    return number


def _spare(place: int, times: int) -> int:
    return SLOTS - 1 - place - times * SPARE


@cache
def _of_the_cast() -> tuple[str, ...]:
    people = the_cast()["people"].values()
    earlier = [one["earlier"]["nhs_number"] for one in people if "earlier" in one]
    return tuple([*(one["nhs_number"] for one in people), *earlier])


def _issued(slot: int) -> str:
    """The slot's number: nine of the ten sixth digits of a prefix, passing over the one without a check digit."""
    prefix, choice = divmod(slot, ISSUED_A_PREFIX)
    start = f"999{prefix:05d}"
    before = sum(int(digit) * weight for digit, weight in zip(start, range(10, 2, -1), strict=True))
    issued = [digit for digit in range(10) if (before + digit * 2) % 11 != 1]
    digit = issued[choice]
    check = -(before + digit * 2) % 11
    return f"{start}{digit}{check}"


def mobile(rng: Random) -> str:
    """07700 900, which no telephone has."""
    return f"07700 900{rng.randrange(1000):03d}"


def landline(rng: Random) -> str:
    """0161 496 0, which no telephone has."""
    return f"0161 496 0{rng.randrange(1000):03d}"


# How each source numbers its own: what stands before, the first number, how many there may be. None meets the cast's.
SERIES = {
    "gp": ("", 2_000_000, 900_000, 271_829),
    "acute": ("", 70_000_000, 9_000_000, 3_141_593),
    "community": ("C", 2_000_000, 900_000, 271_829),
    "mental-health": ("PC", 200_000, 700_000, 161_803),
    "social-care": ("M", 3_000_000, 900_000, 314_159),
    "out-of-hours": ("", 300_000, 690_000, 144_287),
    "persona": ("P-", 200_000, 700_000, 112_359),
    "vcfa": ("BF-", 200_000, 700_000, 112_361),
    "children": ("CH", 2_000_000, 900_000, 223_607),
}


def local_id(source: str, person: int, *, again: bool = False) -> str:
    """What a source calls its patient; `again` where it has written the same person down twice."""
    before, first, many, step = SERIES[source]
    slot = ((person * 2 + again) * step) % many
    return f"{before}{first + slot}"
