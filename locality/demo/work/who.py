"""Who of the demo's cast does what, and about whom: as the parts of a team's work are told."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from uuid import UUID

from locality.base import Viewer
from locality.base.periods import LONDON, day_of

# `viewer(username, at=)`: somebody of the staff, as they were then
ViewerOf = Callable[..., Viewer | None]
# somebody whom it is about, by their name in the cast
PersonOf = Callable[[str], UUID]


def earlier_today(now: datetime, *, hours: int) -> datetime:
    """So many hours ago, or when the day began: sources say today who knows whom, so nobody knew anybody yesterday."""
    return max(now - timedelta(hours=hours), datetime.combine(day_of(now), time.min, tzinfo=LONDON))
