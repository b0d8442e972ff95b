"""Working time: 9 to 5 where the place is, from Monday to Friday, and not on bank holidays."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from locality.base.periods import LONDON, day_of

OPENS, CLOSES = time(9), time(17)
SATURDAY = 5
NOTHING = timedelta(0)

# from when on a clock runs, or stands still
Turn = tuple[datetime, bool]


def working_day(on: date, *, holidays: Collection[date]) -> bool:
    """Whether people are at work on a day."""
    return on.weekday() < SATURDAY and on not in holidays


def later(since: datetime, *, by: timedelta, holidays: Collection[date]) -> datetime:
    """The moment at which so much working time has passed."""
    for opens, closes in _spans(since, holidays=holidays):
        # told of instants, since a day on which the clocks change is no shorter between 9 and 5
        if closes - opens >= by:
            return opens + by
        by -= closes - opens
    raise AssertionError("there is always another day")


def worked(since: datetime, until: datetime, *, holidays: Collection[date]) -> timedelta:
    """How much working time passed between two moments."""
    total = NOTHING
    for opens, closes in _spans(since, holidays=holidays):
        if opens >= until:
            return total
        total += min(closes, until) - opens
    return total


def due_at(turns: Sequence[Turn], *, allowed: timedelta, holidays: Collection[date]) -> datetime | None:
    """When a clock that started, stood still and went on again runs out; None while it stands still."""
    left = allowed
    for (since, runs), (until, _) in pairwise(turns):
        spent = worked(since, until, holidays=holidays) if runs else NOTHING
        if spent > left:
            # it had run out before it was stopped
            return later(since, by=left, holidays=holidays)
        left -= spent
    since, runs = turns[-1]
    return later(since, by=left, holidays=holidays) if runs else None


def _spans(since: datetime, *, holidays: Collection[date]) -> Iterator[tuple[datetime, datetime]]:
    on = day_of(since)
    while True:
        if working_day(on, holidays=holidays):
            opens, closes = (datetime.combine(on, at, LONDON).astimezone(since.tzinfo) for at in (OPENS, CLOSES))
            if closes > since:
                yield max(opens, since), closes
        on += timedelta(days=1)
