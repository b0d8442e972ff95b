"""Pharmacies as the public may be told of them: today's hours, whether one is open now, and about how far it is."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import cos, hypot, radians
from types import MappingProxyType
from typing import Any

from locality.base.periods import LONDON
from locality.directory import rules
from locality.directory.models import Boundary, Postcode, Site
from locality.directory.queries.spans import held_on, in_place
from locality.directory.rules import CLOSED, WEEKDAYS, AboutKind, SiteKind

MOST_SHOWN = 100
# a degree of latitude in miles; of longitude it is that by the cosine of the latitude
MILES = 69.05
Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pharmacy:
    """One pharmacy today. `today` is "" where nobody knows its hours; `until` is when it closes, where it is open now,
    and `opens` when it next does, where it is not. `miles` is about how far, None where nobody can tell."""

    site: Site
    today: str
    is_open: bool
    until: str
    opens: str
    miles: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pharmacies:
    """The nearest first, or by name; `near_known` is False where the postcode asked for is none of the place's.

    `holiday` is what today is called where it is a bank holiday: nobody knows any hours then, and none is left out.
    """

    rows: list[Pharmacy]
    near_known: bool
    origin: str
    holiday: str = ""


def pharmacies(
    *,
    at: datetime,
    near: str = "",
    open_now: bool = False,
    holidays: Mapping[date, str] = MappingProxyType({}),
    place: str = "",
) -> Pharmacies:
    """The public pharmacies of the place at a moment. Three queries, whatever their number; `near` is never kept."""
    local = at.astimezone(LONDON)
    rows = Site.objects.filter(in_place(place), held_on(local.date()), kind=SiteKind.PHARMACY, is_public=True)
    sites = list(rows.select_related("hours").order_by("name", "code"))
    points = _points([near, *(site.postcode for site in sites)], place=place) if near.strip() else {}
    here = points.get(rules.postcode(near) or "")
    holiday = holidays.get(local.date(), "")
    found = [_pharmacy(site, local, holidays, miles=_miles(here, points.get(site.postcode))) for site in sites]
    if open_now and not holiday:
        found = [one for one in found if one.is_open]
    if here is not None:
        found.sort(key=lambda one: (one.miles is None, one.miles or 0.0, one.site.name))
    origins = sorted({site.hours.origin for site in sites if hasattr(site, "hours")})
    near_known = here is not None or not near.strip()
    return Pharmacies(rows=found[:MOST_SHOWN], near_known=near_known, origin="; ".join(origins), holiday=holiday)


def _pharmacy(site: Site, local: datetime, holidays: Collection[date], *, miles: float | None) -> Pharmacy:
    today, clock = _hours(site, local.date(), holidays), f"{local:%H:%M}"
    spans = _spans(today)
    now = next((span for span in spans if span[0] <= clock < span[1]), None)
    later = next((span for span in spans if clock < span[0]), None)
    return Pharmacy(
        site=site,
        today=today,
        is_open=now is not None,
        until=now[1] if now else "",
        opens="" if now else f"today at {later[0]}" if later else _next_day(site, local.date(), holidays),
        miles=miles,
    )


def _hours(site: Site, on: date, holidays: Collection[date]) -> str:
    if on in holidays:
        return ""
    return getattr(site.hours, WEEKDAYS[on.weekday()]) if hasattr(site, "hours") else ""


def _spans(hours: str) -> list[tuple[str, str]]:
    if hours in ("", CLOSED):
        return []
    return [(opens, closes) for opens, _, closes in (span.strip().partition("-") for span in hours.split(","))]


def _next_day(site: Site, on: date, holidays: Collection[date]) -> str:
    for days in range(1, 8):
        spans = _spans(_hours(site, on + timedelta(days=days), holidays))
        if spans:
            weekday = WEEKDAYS[(on + timedelta(days=days)).weekday()].capitalize()
            return f"{'tomorrow' if days == 1 else f'on {weekday}'} at {spans[0][0]}"
    return ""


def _points(postcodes: Iterable[str], *, place: str) -> dict[str, Point]:
    """The middle of the small area in which each of these lies: near enough to tell half a mile from three."""
    wanted = {code for one in postcodes if (code := rules.postcode(one))}
    rows = Postcode.objects.filter(in_place(place), code__in=wanted).exclude(area=None)
    areas = dict(rows.values_list("code", "area__code"))
    lines = Boundary.objects.filter(in_place(place), about_kind=AboutKind.AREA, about__in=set(areas.values()))
    middles = {row.about: _middle(row.geometry) for row in lines}
    return {code: middles[area] for code, area in areas.items() if area in middles}


def _middle(geometry: dict[str, Any]) -> Point:
    corners = list(_corners(geometry["coordinates"]))
    return sum(y for _, y in corners) / len(corners), sum(x for x, _ in corners) / len(corners)


def _corners(shape: Any) -> Iterable[Point]:
    if isinstance(shape[0], (int, float)):
        yield shape[0], shape[1]
        return
    for part in shape:
        yield from _corners(part)


def _miles(here: Point | None, there: Point | None) -> float | None:
    if here is None or there is None:
        return None
    return hypot((here[0] - there[0]) * MILES, (here[1] - there[1]) * MILES * cos(radians(here[0])))
