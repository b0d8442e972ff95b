"""The runs that made the analytical copy."""

from django.db.models import QuerySet

from locality.population.models import Refresh


def refreshes() -> QuerySet[Refresh]:
    """Every run, the latest first: figures only, about nobody."""
    return Refresh.objects.order_by("-finished_at", "-id")


def last_refresh() -> Refresh | None:
    """The latest run, or none."""
    return refreshes().first()


def last_full_refresh() -> Refresh | None:
    """The latest run that made everything anew, or none."""
    return refreshes().filter(kind="full").first()
