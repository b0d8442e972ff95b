"""The pack that comes with Locality loads, and says of the place what the published documents say."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import locality
from locality.base import system
from locality.directory import queries
from locality.directory.actions import load_pack
from locality.directory.models import Organisation, Postcode, Practitioner, Site, Source, Team, Ward
from locality.directory.pack import PACKS, pack_folder, read_pack

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
CODE = Path(locality.__file__).parent


@pytest.fixture
def bury(db):
    return load_pack(pack="", by=system(at=AT))


def test_it_is_the_default_and_loads_twice_without_a_change(bury):
    again = load_pack(pack="bury", by=system(at=AT))

    assert bury.added[0] == "place bury"
    assert again.sentence == "bury: nothing to change, all is already as the pack says."


# an organisation, a day, and who stands where it stood
STANDING = [
    ("bury-lca", date(2019, 3, 31), ["bury-lca"]),
    ("bury-lca", date(2019, 4, 1), ["bury-lco"]),
    ("bury-lca", TODAY, ["bury-idc"]),
    ("00V", date(2022, 6, 30), ["00V"]),
    ("00V", date(2022, 7, 1), ["QOP"]),
    ("bury-oco", TODAY, ["305", "QOP"]),
    ("bury-scb", TODAY, ["bury-locality-board"]),
    ("RW6", date(2021, 9, 30), ["RW6"]),
    ("RW6", TODAY, ["R0A", "RM3"]),
    ("nca-group", TODAY, ["RM3"]),
    ("P83020", date(2022, 11, 30), ["P83020"]),
    ("P83020", TODAY, ["P83012"]),
    ("RT2", TODAY, ["RT2"]),
]


def test_the_organisations_of_the_documents_become_those_of_today(bury):
    found = [
        (code, on, [one.code for one in queries.successors_of(queries.organisation(code), on=on)])
        for code, on, _ in STANDING
    ]

    assert found == STANDING


def test_the_partners_of_the_alliance_are_all_there(bury):
    partners = ["RT2", "305", "bury-gp-federation", "bardoc", "bury-vcfa", "salford-royal", "RW6", "persona"]

    on_the_day = Organisation.objects.filter(code__in=partners).order_by("code")
    standing = queries.organisations_on(date(2019, 4, 1)).filter(code__in=partners)

    assert sorted(on_the_day.values_list("code", flat=True)) == sorted(partners)
    assert sorted(standing.values_list("code", flat=True)) == sorted(partners)


def test_each_of_the_five_neighbourhoods_has_its_team_and_none_is_said_to_be_confirmed(bury):
    areas = list(queries.neighbourhoods(TODAY))

    teams = [queries.team_of_neighbourhood(area, on=TODAY).code for area in areas]

    assert [area.code for area in areas] == ["bury-east", "bury-west", "prestwich", "radcliffe", "whitefield"]
    assert teams == [area.code for area in areas]
    assert {area.verified for area in areas} == {False}
    assert set(Ward.objects.values_list("verified", flat=True)) == {False}


def test_every_postcode_and_ward_lies_in_a_neighbourhood(bury):
    assert Postcode.objects.count() == 4997
    assert not Postcode.objects.filter(neighbourhood=None).exists()
    assert not Ward.objects.filter(neighbourhood=None).exists()
    assert queries.neighbourhood_of("m26 2sp").code == "radcliffe"
    assert queries.neighbourhood_of("M60 2LA") is None


def test_practices_lie_where_their_surgery_does(bury):
    surgeries = Site.objects.filter(kind="surgery", ends_on=None).order_by("code")

    areas = {site.code: queries.neighbourhood_of(site.postcode).code for site in surgeries}

    assert areas == {
        "P83001": "prestwich",
        "P83004": "whitefield",
        "P83006": "bury-west",
        "P83007": "radcliffe",
        "P83010": "radcliffe",
        "P83012": "bury-west",
        "P83017": "bury-west",
        "P83021": "bury-east",
        "P83025": "prestwich",
        "P83603": "radcliffe",
    }


def test_team_hubs_are_known_and_never_places_to_visit(bury):
    hubs = Site.objects.filter(kind="hub")
    to_visit = [site.code for site in queries.sites_to_visit(TODAY)]

    assert hubs.count() == 5
    assert set(hubs.values_list("is_public", "address", "postcode")) == {(False, "", "")}
    assert "fairfield-general" in to_visit
    assert [code for code in to_visit if code.endswith("-hub")] == []


def test_files_tried_by_hand_join_a_teams_caseload(bury):
    trial = queries.source("trial")

    assert (trial.is_trial, trial.relates_team.code, trial.asserts) == (
        True,
        "radcliffe",
        ["registered_practice", "caseload"],
    )
    assert trial.formats == ["fhir", "hl7v2"]


def test_the_hospitals_two_feeds_speak_of_the_same_patients(bury):
    systems = set(Source.objects.filter(code__startswith="acute").values_list("patient_system", flat=True))

    assert systems == {"https://acute.example/Id/patient-number"}


def test_no_real_staff_and_no_real_telephone_of_a_team_stands_in_a_pack(bury):
    assert Practitioner.objects.count() == 0
    assert {phone[:8] for phone in Team.objects.values_list("phone", flat=True)} == {"0161 496"}


def test_every_row_says_where_it_comes_from():
    pack = read_pack(pack_folder("bury"))
    unsaid = [
        row.fault("no origin")
        for name, rows in pack.sections.items()
        if name not in ("postcodes", "memberships")
        for row in rows
        if not row.values["origin"]
    ]

    assert unsaid == []
    assert "Royal Mail" in (pack.folder / "SOURCES.md").read_text()


def test_nothing_outside_the_packs_names_a_place():
    names = [read_pack(path.parent).place.values["code"] for path in sorted(PACKS.glob("*/pack.toml"))]
    says = re.compile(rf"\b({'|'.join(names)})\b", re.IGNORECASE)

    found = [
        f"{path.relative_to(CODE)} line {number}"
        for path in sorted(CODE.rglob("*.py"))
        if PACKS not in path.parents
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if says.search(line)
    ]

    assert names == ["bury"]
    assert found == []
