"""Rows of a small place: each neighbourhood is a square of land with two small areas, and what is published of them."""

import re
from datetime import date
from html import unescape

from locality.base.ids import named_id, new_id
from locality.directory.models import (
    Affiliation,
    Area,
    Boundary,
    Figure,
    Neighbourhood,
    PracticeNeighbourhood,
    Series,
    Site,
    Successor,
    Ward,
)
from tests import factories as make

CENSUS_DAY, MID_2020 = date(2021, 3, 21), date(2020, 6, 30)


def neighbourhood(code="hilltop", *, at=0, residents=1000, older=200, tenths=(1, 5)) -> Neighbourhood:
    told = {"place": make.place(), "code": code, "name": code.capitalize(), "note": f"{code} note", **make.ORIGIN}
    row = Neighbourhood.objects.create(id=new_id(), **told)
    ward_of(row, at)
    for number, tenth in enumerate(tenths):
        area = f"E01{at:03}{number:03}"
        Area.objects.create(
            id=new_id(), place=make.place(), code=area, name=area, neighbourhood=row, origin="ONS", verified=True
        )
        figure(series("residents-census", "population", CENSUS_DAY), area, residents / 2)
        figure(series("residents-mid-2020", "population", MID_2020), area, residents / 2)
        figure(series("older-mid-2020", "population-65", MID_2020), area, older / 2)
        figure(series("tenth-2025", "deprivation", None, unit="decile", adds_up=False), area, tenth)
        outline("area", area, at + number / len(tenths), at + (number + 1) / len(tenths))
    outline("neighbourhood", code, at, at + 1)
    return row


def outline(kind: str, about: str, west: float, east: float) -> None:
    """A strip of land one degree high."""
    square = [[west, 53], [east, 53], [east, 54], [west, 54], [west, 53]]
    geometry = {"type": "Polygon", "coordinates": [square]}
    Boundary.objects.create(id=new_id(), place=make.place(), about_kind=kind, about=about, geometry=geometry)


def ward_of(row: Neighbourhood, at: int) -> None:
    told = {"code": f"E05{at:06}", "name": f"{row.name} ward", "neighbourhood": row, "origin": "ONS 2024"}
    Ward.objects.create(id=new_id(), place=make.place(), verified=False, **told)


def series(code: str, kind: str, on: date | None, **other: object) -> Series:
    told = {"place": make.place(), "code": code, "name": f"{kind}, {code}", "kind": kind, "about_kind": "area"}
    told |= {"unit": "people", "counts": "Who was counted", "period": f"day of {code}", "on": on, "adds_up": True}
    told |= {"origin": f"the office of {code}", "verified": True}
    return Series.objects.get_or_create(id=named_id("series", code), defaults=told | other)[0]


def figure(of: Series, about: str, value: float) -> None:
    Figure.objects.create(id=new_id(), series=of, about=about, value=value)


def neighbourhood_team(row: Neighbourhood):
    return make.team(f"{row.code}-team", kind="neighbourhood", neighbourhood=row)


def practice(code: str, row: Neighbourhood):
    made = make.organisation(code, kind="practice", name=f"Practice {code}")
    PracticeNeighbourhood.objects.create(id=new_id(), practice=made, neighbourhood=row, **make.ORIGIN)
    return made


def took_over(came_from, went_to, on: date, note="") -> None:
    Successor.objects.create(
        id=new_id(), from_organisation=came_from, to_organisation=went_to, on=on, note=note, **make.ORIGIN
    )


def belongs(member, body, **other: object) -> None:
    Affiliation.objects.create(id=new_id(), member=member, body=body, role="member", **make.ORIGIN | other)


def site(code: str, organisation, **other: object) -> Site:
    told = {"place": make.place(), "code": code, "name": code.capitalize(), "organisation": organisation}
    return Site.objects.create(id=new_id(), **told | {"kind": "office", **make.ORIGIN} | other)


def the_group():
    """A commissioning group that ended, and the board that stands where it stood."""
    group = make.organisation(
        "GRP", name="Commissioning Group", kind="commissioner", starts_on=date(2013, 4, 1), ends_on=date(2022, 7, 1)
    )
    board = make.organisation("BRD", name="Integrated Board", kind="commissioner", starts_on=date(2022, 7, 1))
    took_over(group, board, date(2022, 7, 1), "A new Act.")
    return group, board


def words_of(answer) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", answer.content.decode()))).strip()


def headed(answer) -> str:
    return re.search(r"<h1>(.*?)</h1>", answer.content.decode(), re.DOTALL)[1]
