"""Published figures, side by side, each with its series: what it counts, when, and where it comes from."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum

from locality.directory.models import Area, Figure, Series
from locality.directory.queries.spans import in_place
from locality.directory.rules import AboutKind

TENTHS = "decile"


def series(*, place: str = "") -> QuerySet[Series]:
    """What was published of a place, by kind and date."""
    return Series.objects.filter(in_place(place)).order_by("kind", "about_kind", "on", "code")


def figures_about(kind: AboutKind, code: str, *, place: str = "") -> list[Figure]:
    """Every figure about one thing, with its series: figures of one kind side by side, the oldest first."""
    rows = Figure.objects.filter(in_place(place, way="series__place"), series__about_kind=kind, about=code)
    return list(rows.select_related("series").order_by("series__kind", "series__on", "series__code"))


def figures_about_each(kind: AboutKind, codes: Iterable[str], *, place: str = "") -> dict[str, list[Figure]]:
    """The same for many things at once, by code; one query, and nothing for what no figure is about."""
    rows = Figure.objects.filter(in_place(place, way="series__place"), series__about_kind=kind, about__in=list(codes))
    found: dict[str, list[Figure]] = {}
    for row in rows.select_related("series").order_by("series__kind", "series__on", "series__code", "about"):
        found.setdefault(row.about, []).append(row)
    return found


@dataclass(frozen=True, slots=True)
class Total:
    """The figures of one series added up over the small areas of a neighbourhood."""

    series: Series
    value: Decimal
    areas: int


@dataclass(frozen=True, slots=True)
class Spread:
    """How many small areas of a neighbourhood a series gives each value; for what cannot be added up, as tenths."""

    series: Series
    areas: dict[int, int]


def totals_by_neighbourhood(*, place: str = "") -> dict[UUID, list[Total]]:
    """Of each neighbourhood, what its small areas add up to, series by series."""
    found: dict[UUID, list[Total]] = {}
    rows = _by_area(place=place).filter(series__adds_up=True).values("neighbourhood", "series")
    added = rows.annotate(total=Sum("value"), areas=Count("pk")).order_by("series__on", "series__code")
    known = _known(row["series"] for row in added)
    for row in added:
        total = Total(series=known[row["series"]], value=row["total"], areas=row["areas"])
        found.setdefault(row["neighbourhood"], []).append(total)
    return found


def tenths_by_neighbourhood(*, place: str = "") -> dict[UUID, list[Spread]]:
    """Of each neighbourhood, how many of its small areas lie in which tenth of the country, series by series."""
    rows = _by_area(place=place).filter(series__unit=TENTHS).values("neighbourhood", "series", "value")
    counted = rows.annotate(areas=Count("pk")).order_by("series__on", "series__code", "value")
    known = _known(row["series"] for row in counted)
    spreads: dict[tuple[UUID, UUID], dict[int, int]] = {}
    for row in counted:
        spreads.setdefault((row["neighbourhood"], row["series"]), {})[int(row["value"])] = row["areas"]
    found: dict[UUID, list[Spread]] = {}
    for (neighbourhood, series_id), areas in spreads.items():
        found.setdefault(neighbourhood, []).append(Spread(series=known[series_id], areas=areas))
    return found


def _by_area(*, place: str) -> QuerySet[Any]:
    lies = Area.objects.filter(place=OuterRef("series__place"), code=OuterRef("about")).values("neighbourhood")
    rows = Figure.objects.filter(in_place(place, way="series__place"), series__about_kind=AboutKind.AREA)
    return rows.annotate(neighbourhood=Subquery(lies)).exclude(neighbourhood=None)


def _known(ids: Iterable[UUID]) -> dict[UUID, Series]:
    return Series.objects.in_bulk(set(ids))
