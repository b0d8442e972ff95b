"""What a team is told of, and whom it is offered after what happened."""

from dataclasses import dataclass
from datetime import date, timedelta

from locality.directory.rules import AfterWhat

# of what lies longer back nobody is told: the first sending of a source is years of it
TOLD_WITHIN = timedelta(days=7)
# the same thing is told by two senders, minutes apart
SAME_WITHIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Whom no team looks after is offered to the one responsible for them, from an age on, for so many days."""

    after: AfterWhat
    least_age: int
    within_days: int


def age_on(*, birth_on: date | None, on: date) -> int | None:
    """Whole years; None where nobody knows the birth date."""
    if birth_on is None:
        return None
    return on.year - birth_on.year - ((on.month, on.day) < (birth_on.month, birth_on.day))


def offers(*, offer: Offer, what: str, age: int | None, days_ago: int) -> bool:
    """Whether somebody is offered after this; whose age nobody knows is not."""
    return what == offer.after and age is not None and age >= offer.least_age and days_ago <= offer.within_days
