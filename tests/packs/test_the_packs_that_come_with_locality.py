"""Every pack that comes with Locality loads, and holds what a place must hold, whichever place it is."""

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import locality
from locality.base import system
from locality.directory import queries
from locality.directory.actions import Loaded, load_pack
from locality.directory.models import (
    Area,
    Figure,
    Neighbourhood,
    Organisation,
    Postcode,
    Practitioner,
    Site,
    Team,
    Ward,
)
from locality.directory.pack import PACKS, default_pack, pack_folder, read_pack
from locality.directory.queries.spans import held_on
from locality.directory.rules import AboutKind
from tests.packs.conftest import loaded_once

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
CODE = Path(locality.__file__).parent
NAMES = [path.parent.name for path in sorted(PACKS.glob("*/pack.toml"))]
SAID_ELSEWHERE = {"postcodes", "memberships", "figures", "boundaries"}  # in SOURCES.md, or by the series


@pytest.fixture(scope="module", params=NAMES)
def once(request, django_db_setup, django_db_blocker):
    with loaded_once(request.param, blocker=django_db_blocker) as loaded:
        yield loaded


@pytest.fixture
def loaded(once, db) -> Loaded:
    return once


def test_there_are_two_and_one_of_them_is_the_default():
    assert NAMES == ["bury", "rochdale"]
    assert default_pack() == "bury"


def test_it_loads_twice_without_a_change(loaded):
    again = load_pack(pack=loaded.place, by=system(at=AT))

    assert loaded.added[0] == f"place {loaded.place}"
    assert again.sentence == f"{loaded.place}: nothing to change, all is already as the pack says."


def test_every_postcode_area_and_ward_lies_in_a_neighbourhood(loaded):
    lost = [model.objects.filter(neighbourhood=None).count() for model in (Postcode, Area, Ward)]

    assert lost == [0, 0, 0]
    assert not Postcode.objects.filter(area=None).exists()


def test_each_neighbourhood_has_its_team(loaded):
    areas = list(queries.neighbourhoods(TODAY))

    teams = [Team.objects.get(held_on(TODAY), neighbourhood=area, kind="neighbourhood").code for area in areas]

    assert len(areas) == 5
    assert teams == [area.code for area in areas]


def test_which_ward_lies_where_is_nowhere_said_to_be_confirmed(loaded):
    assert set(Ward.objects.values_list("verified", flat=True)) == {False}
    assert set(Neighbourhood.objects.values_list("verified", flat=True)) == {False}


def test_every_open_practice_has_a_surgery_to_visit_a_network_and_a_team_that_answers_for_its_list(loaded):
    practices = Organisation.objects.filter(kind="practice", ends_on=None).order_by("code")
    to_visit = {site.organisation_id for site in Site.objects.filter(held_on(TODAY), is_public=True, kind="surgery")}

    by_list = queries.teams_responsible([("", practice.code) for practice in practices], on=TODAY)
    in_networks = [practice.belongs_to.filter(ends_on=None).count() for practice in practices]

    assert [one.by for one in by_list] == ["registration"] * len(practices)
    assert in_networks == [1] * len(practices)
    assert {practice.pk for practice in practices} <= to_visit


def test_a_practices_list_belongs_to_where_its_surgery_lies(loaded):
    surgeries = Site.objects.filter(kind="surgery", ends_on=None).order_by("code")

    by_list = queries.teams_responsible([("", site.code) for site in surgeries], on=TODAY)
    by_place = queries.teams_responsible([(site.postcode, "") for site in surgeries], on=TODAY)

    assert [one.team for one in by_list] == [one.team for one in by_place]


def test_team_hubs_are_known_and_never_places_to_visit(loaded):
    hubs = Site.objects.filter(kind="hub")
    to_visit = [site.code for site in Site.objects.filter(held_on(TODAY), is_public=True)]

    assert hubs.count() == 5
    assert set(hubs.values_list("is_public", "address", "postcode")) == {(False, "", "")}
    assert [code for code in to_visit if code.endswith("-hub")] == []


def test_no_real_staff_and_no_real_telephone_of_a_team_stands_in_it(loaded):
    assert Practitioner.objects.count() == 0
    assert {phone[:8] for phone in Team.objects.values_list("phone", flat=True)} == {"0161 496"}
    # a mobile telephone may be somebody's own
    assert not Site.objects.filter(phone__startswith="07").exists()


def test_every_area_has_its_figures_and_every_figure_its_series_with_an_origin(loaded):
    areas = set(Area.objects.values_list("code", flat=True))

    of_areas = Figure.objects.filter(series__about_kind=AboutKind.AREA)
    counted = set(of_areas.filter(series__code="residents-census-2021").values_list("about", flat=True))
    ranked = set(of_areas.filter(series__code="iod-2025-decile").values_list("about", flat=True))

    assert counted == areas
    assert ranked == areas
    assert [series.code for series in queries.series() if not (series.origin and series.counts and series.period)] == []
    assert [series.code for series in queries.series() if not series.figures.exists()] == []


def test_the_map_has_an_outline_of_every_neighbourhood_and_area_and_is_light_enough_for_a_page(loaded):
    codes = {
        kind: sorted(feature["properties"]["code"] for feature in queries.outlines(kind)["features"])
        for kind in (AboutKind.NEIGHBOURHOOD, AboutKind.AREA)
    }
    folder = pack_folder(loaded.place)

    assert codes[AboutKind.NEIGHBOURHOOD] == sorted(Neighbourhood.objects.values_list("code", flat=True))
    assert codes[AboutKind.AREA] == sorted(Area.objects.values_list("code", flat=True))
    assert (folder / "neighbourhoods.geojson").stat().st_size < 150_000
    assert (folder / "areas.geojson").stat().st_size < 300_000


def test_the_outlines_lie_in_the_north_of_england(loaded):
    points = re.findall(r"\[(-?[\d.]+),(-?[\d.]+)\]", (pack_folder(loaded.place) / "areas.geojson").read_text())

    assert json.loads((pack_folder(loaded.place) / "areas.geojson").read_text())["type"] == "FeatureCollection"
    assert {int(float(east)) for east, _ in points} == {-2}
    assert {int(float(north)) for _, north in points} == {53}


@pytest.mark.parametrize("name", NAMES)
def test_every_row_says_where_it_comes_from(name):
    pack = read_pack(pack_folder(name))
    unsaid = [
        row.fault("no origin")
        for section, rows in pack.sections.items()
        if section not in SAID_ELSEWHERE
        for row in rows
        if not row.values["origin"]
    ]

    assert unsaid == []


@pytest.mark.parametrize("name", NAMES)
def test_what_it_was_made_from_is_named_with_its_licence(name):
    folder = pack_folder(name)
    words = (folder / "SOURCES.md").read_text()
    files = {path.name for path in folder.iterdir() if path.is_file()} - {"SOURCES.md", "pack.toml"}

    assert [file for file in sorted(files) if f"`{file}`" not in words] == []
    for owner in ("Open Government Licence v3.0", "Royal Mail", "OS data", "National Statistics", "NHS England"):
        assert owner in words


def test_nothing_outside_the_packs_names_a_place():
    says = re.compile(rf"\b({'|'.join(NAMES)})\b", re.IGNORECASE)

    found = [
        f"{path.relative_to(CODE)} line {number}"
        for path in sorted(CODE.rglob("*.py"))
        if PACKS not in path.parents
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if says.search(line)
    ]

    assert found == []
