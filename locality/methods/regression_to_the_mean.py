"""What a list of people chosen for many events will fall by in the next year if nothing at all is done.

Robbins H, Proc 3rd Berkeley Symp 1956; 1: 157-163: with Poisson events, somebody who had x is expected to have
(x + 1) f(x + 1) / f(x), whatever the spread of risk. Few people make that unsteady, so the gamma prior beside it draws
everybody towards the mean by how much of the spread is chance (Morris CN, J Am Stat Assoc 1983; 78: 47-55). Checked
against the insurance claims in Efron B, Hastie T, Computer Age Statistical Inference, CUP 2016, table 6.1. For how much
that is in practice: Roland M, Abel G, BMJ 2012; 345: e6017.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fall:
    """Of a list chosen for at least so many events a person: events a person now, and next year with nothing done."""

    people: int
    now: float
    robbins: float
    gamma: float

    @property
    def expected(self) -> float:
        """The share of their events that goes by itself, by the steadier of the two."""
        return 1 - self.gamma / self.now


def robbins(people: Mapping[int, int], events: int) -> float | None:
    """Events expected next year of somebody who had `events`; `people`: how many had each number, nobody left out."""
    had = people.get(events, 0)
    return (events + 1) * people.get(events + 1, 0) / had if had else None


def gamma(people: Mapping[int, int], events: float) -> float:
    """The same from a gamma spread of risk fitted by its mean and variance; raises ValueError on nobody."""
    total = sum(people.values())
    if not total:
        raise ValueError("nobody was counted")
    mean = sum(had * count for had, count in people.items()) / total
    variance = sum((had - mean) ** 2 * count for had, count in people.items()) / total
    # where there is no more spread than chance makes, everybody is expected to have the mean
    chance = min(1.0, mean / variance) if variance else 1.0
    return mean + (1 - chance) * (events - mean)


def expected_fall(people: Mapping[int, int], *, at_least: int) -> Fall | None:
    """What the list of all who had `at_least` events falls by of itself; None where the list is empty.

    people: how many people had each number of events in the year, those with none included.
    """
    listed = {had: count for had, count in people.items() if had >= at_least and count}
    if not listed:
        return None
    length = sum(listed.values())
    now = sum(had * count for had, count in listed.items()) / length
    # over all of the list the formula's sum is that of whoever had more, also where nobody had one fewer
    by_robbins = sum(had * count for had, count in people.items() if had > at_least) / length
    return Fall(length, now, by_robbins, foretold(people, listed))


def foretold(people: Mapping[int, int], listed: Mapping[int, int]) -> float:
    """Events expected next year of each person of a list, by the gamma prior; raises ValueError on nobody.

    listed: how many of the list had each number of events, however they were chosen.
    """
    if not sum(listed.values()):
        raise ValueError("nobody is on the list")
    return sum(gamma(people, had) * count for had, count in listed.items()) / sum(listed.values())
