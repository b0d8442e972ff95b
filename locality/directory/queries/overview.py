"""A place at a glance: its neighbourhoods, each with its team, wards, practices and published figures."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count

from locality.directory.models import (
    Area,
    Figure,
    Neighbourhood,
    Organisation,
    Place,
    PracticeNeighbourhood,
    Team,
    Ward,
)
from locality.directory.queries.figures import (
    Spread,
    Total,
    figures_about,
    tenths_by_neighbourhood,
    totals_by_neighbourhood,
)
from locality.directory.queries.places import neighbourhoods
from locality.directory.queries.places import place as the_place
from locality.directory.queries.spans import held_on, in_place
from locality.directory.rules import NEIGHBOURHOOD_TEAM, AboutKind


@dataclass(frozen=True, slots=True, kw_only=True)
class NeighbourhoodOverview:
    """One neighbourhood at a glance."""

    neighbourhood: Neighbourhood
    team: Team | None
    wards: list[Ward]
    practices: list[Organisation]
    areas: int
    totals: list[Total]
    tenths: list[Spread]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOverview:
    """A place at a glance."""

    place: Place
    figures: list[Figure]
    neighbourhoods: list[NeighbourhoodOverview]


def overview(on: date, *, place: str = "") -> PlaceOverview:
    """The place with its neighbourhoods as they are on a day; as many questions for three as for one."""
    found = the_place(place)
    teams, wards = _teams(on, place=place), _wards(place=place)
    practices, areas = _practices(on, place=place), _areas(place=place)
    totals, tenths = totals_by_neighbourhood(place=place), tenths_by_neighbourhood(place=place)
    return PlaceOverview(
        place=found,
        figures=figures_about(AboutKind.PLACE, found.code, place=place),
        neighbourhoods=[
            NeighbourhoodOverview(
                neighbourhood=one,
                team=teams.get(one.pk),
                wards=wards.get(one.pk, []),
                practices=practices.get(one.pk, []),
                areas=areas.get(one.pk, 0),
                totals=totals.get(one.pk, []),
                tenths=tenths.get(one.pk, []),
            )
            for one in neighbourhoods(on, place=place)
        ],
    )


def _teams(on: date, *, place: str) -> dict[UUID | None, Team]:
    rows = Team.objects.filter(in_place(place), held_on(on), kind=NEIGHBOURHOOD_TEAM)
    return {row.neighbourhood_id: row for row in rows.select_related("lead_organisation")}


def _wards(*, place: str) -> dict[UUID | None, list[Ward]]:
    found: dict[UUID | None, list[Ward]] = {}
    for row in Ward.objects.filter(in_place(place)).order_by("name"):
        found.setdefault(row.neighbourhood_id, []).append(row)
    return found


def _practices(on: date, *, place: str) -> dict[UUID, list[Organisation]]:
    rows = PracticeNeighbourhood.objects.filter(in_place(place, way="practice__place"), held_on(on))
    found: dict[UUID, list[Organisation]] = {}
    for row in rows.select_related("practice").order_by("practice__name", "practice__code"):
        found.setdefault(row.neighbourhood_id, []).append(row.practice)
    return found


def _areas(*, place: str) -> dict[UUID | None, int]:
    rows = Area.objects.filter(in_place(place)).values_list("neighbourhood").annotate(areas=Count("pk"))
    return dict(rows)
