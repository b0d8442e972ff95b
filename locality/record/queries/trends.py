"""The last readings of each kind, as small trends. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from locality.access.rules import DataClass
from locality.record.queries.grouping import is_new, sender_of
from locality.record.queries.panels import MEASUREMENTS, Page, panel
from locality.record.queries.rows import Row
from locality.record.queries.shapes import Panel, Point, Trend

POINTS = 12
NOT_PLAIN = re.compile(r"[^a-z0-9]+")
# the order in which a practitioner asks for them
ORDER = ("NEWS2", "blood pressure", "pulse", "temperature", "oxygen saturation", "weight", "HbA1c", "eGFR")


# Royal College of Physicians, National Early Warning Score (NEWS) 2, 2017: an aggregate of 5 or 6 is medium risk, 7 or
# more high. Below 5 a single parameter may still score 3, which the aggregate does not tell: nothing is said there.
NEWS2_HIGH, NEWS2_MEDIUM = Decimal(7), Decimal(5)


@dataclass(frozen=True, slots=True)
class Reading:
    at: datetime
    number: Decimal
    row: Row


def trends_panel(page: Page, rows: Sequence[Row]) -> Panel:
    """One small trend a kind of reading: the last dozen points, and how many are held in all."""
    kinds: dict[str, list[Reading]] = {}
    for row in rows:
        if row.trend and row.value_number is not None and row.happened_at is not None:
            kinds.setdefault(row.trend, []).append(Reading(row.happened_at, row.value_number, row))
    ordered = sorted(kinds, key=lambda kind: (ORDER.index(kind) if kind in ORDER else len(ORDER), kind))
    trends = [_trend(page, kind, kinds[kind]) for kind in ordered]
    cut = [f"{trend.label}: showing {len(trend.points)} of {trend.total}" for trend in trends if _is_cut(trend)]
    return panel(page, MEASUREMENTS, trends, rows, note="; ".join(cut))


def _is_cut(trend: Trend) -> bool:
    return len(trend.points) < trend.total


def _trend(page: Page, kind: str, readings: Sequence[Reading]) -> Trend:
    """A reading that two senders sent alike is one point; where the class shows lines only, the last one alone."""
    ordered = sorted(readings, key=lambda one: (one.at, one.row.said_at))
    kept = list({(one.at, one.row.value): one for one in ordered}.values())
    repeated = len(readings) - len(kept)
    if DataClass(kept[-1].row.data_class) in page.opening.redacted:
        kept = kept[-1:]
    last = kept[-1]
    words, tag = band(kind, last.number)
    return Trend(
        id="trend-" + NOT_PLAIN.sub("-", kind.casefold()).strip("-"),
        label=kind.capitalize() if kind.islower() else kind,
        unit=last.row.unit,
        points=tuple(Point(at=one.at, value=plain(one.number), words=one.row.value) for one in kept),
        total=last.row.of - repeated,
        sender=sender_of(last.row, page.view),
        state=words,
        state_kind=tag,
        is_new=is_new([one.row for one in kept], page.view),
    )


def band(kind: str, number: Decimal) -> tuple[str, str]:
    """What a published scale says of the last reading; nothing where we know no scale."""
    if kind != "NEWS2" or number < NEWS2_MEDIUM:
        return "", "quiet"
    return ("High", "urgent") if number >= NEWS2_HIGH else ("Medium", "caution")


def plain(number: Decimal) -> Decimal:
    """A number without the zeros that its column adds."""
    return Decimal(f"{number.normalize():f}")
