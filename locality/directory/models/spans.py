"""What the database holds of every code and every span of days here."""

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q

from locality.directory.rules import CODE


class Days(models.Func):
    """The days from the first until, not including, the end."""

    function = "daterange"
    output_field = DateRangeField()


def code_once(kind: str, pattern: str = CODE) -> list[models.BaseConstraint]:
    """A code names one row of a kind in a place, and looks like a code."""
    return [
        models.UniqueConstraint(fields=["place", "code"], name=f"{kind}_code_once_a_place"),
        models.CheckConstraint(condition=Q(code__regex=pattern), name=f"{kind}_code_is_well_formed"),
    ]


def ends_after_it_starts(kind: str) -> models.CheckConstraint:
    """A span ends on or after its first day, where both are known."""
    return models.CheckConstraint(
        condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
        name=f"{kind}_ends_after_it_starts",
    )
