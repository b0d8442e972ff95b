"""What a list of each length would be worth: whom to review, in order, against what happened next.

Positive predictive value, share of all events captured and number needed to review, at every length that a team might
carry: what the field asks of a case-finding tool besides its AUC (Lewis, Curry and Bardsley, Choosing a predictive risk
model, Nuffield Trust 2011).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate


@dataclass(frozen=True, slots=True, kw_only=True)
class AtLength:
    """The first `length` people of an order, of whom `hits` had the event; `events` had it in all, listed or not."""

    length: int
    hits: int
    events: int

    @property
    def value(self) -> float | None:
        """Positive predictive value: the share of the list that had the event; None of an empty list."""
        return self.hits / self.length if self.length else None

    @property
    def captured(self) -> float | None:
        """The share of everybody with the event who is on the list; None where nobody had it."""
        return self.hits / self.events if self.events else None

    @property
    def to_review(self) -> float | None:
        """How many have to be looked at to meet one who had the event; None where none on the list had."""
        return self.length / self.hits if self.hits else None


def at_lengths(*, happened: Sequence[bool], events: int, lengths: Iterable[int]) -> list[AtLength]:
    """The worth of the list cut at each length: `happened` in the order of the list, `events` people in all.

    A length beyond the list is the whole list. Raises ValueError where fewer had the event in all than on the list.
    """
    hits = [0, *accumulate(int(one) for one in happened)]
    if hits[-1] > events:
        raise ValueError("more people on the list had the event than people in all")
    cut = sorted({min(length, len(happened)) for length in lengths} - {0})
    return [AtLength(length=length, hits=hits[length], events=events) for length in cut]
