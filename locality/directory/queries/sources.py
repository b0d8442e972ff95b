"""Who sends data, and on what terms."""

from django.db.models import QuerySet

from locality.base import NotFound
from locality.directory.models import Source
from locality.directory.queries.spans import in_place


def source(code: str, *, place: str = "") -> Source:
    """The source of this code, with its organisation and the team whose caseload its people join."""
    row = sources(place=place).filter(code=code).first()
    if row is None:
        known = ", ".join(sources(place=place).values_list("code", flat=True)) or "none"
        raise NotFound(f"There is no source '{code}'. The sources are: {known}.")
    return row


def sources(*, place: str = "") -> QuerySet[Source]:
    """Every source, connected or not, by code."""
    return Source.objects.filter(in_place(place)).select_related("organisation", "relates_team").order_by("code")
