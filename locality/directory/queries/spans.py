"""Of which place, and on which day: what most questions to the directory begin with."""

from datetime import date

from django.db.models import Q


def in_place(place: str, *, way: str = "place") -> Q:
    """The rows of the place of this code, or of the default one; `way` leads from a row to its place."""
    return Q(**{f"{way}__code": place}) if place else Q(**{f"{way}__is_default": True})


def held_on(on: date) -> Q:
    """The rows that hold on a day; what began on an unknown day holds on every day before it ends."""
    return (Q(starts_on=None) | Q(starts_on__lte=on)) & (Q(ends_on=None) | Q(ends_on__gt=on))
