"""The first place says of itself what the published documents and open data say."""

from datetime import date, time
from decimal import Decimal

import pytest
from django.db.models import Sum

from locality.directory import queries
from locality.directory.models import Figure, OpeningHours, Organisation, Postcode, Service, Site, Source
from locality.directory.pack import pack_folder, read_table
from locality.directory.queries.spans import held_on
from locality.directory.rules import AboutKind, is_open
from tests.packs.conftest import loaded_once

TODAY = date(2026, 11, 21)
FOLDER = pack_folder("bury")


@pytest.fixture(scope="module")
def bury_once(django_db_setup, django_db_blocker):
    with loaded_once("bury", blocker=django_db_blocker) as loaded:
        yield loaded


@pytest.fixture
def bury(bury_once, db):
    return bury_once


# an organisation, a day, and who stands where it stood
STANDING = [
    ("bury-lca", date(2019, 3, 31), ["bury-lca"]),
    ("bury-lca", date(2019, 4, 1), ["bury-lco"]),
    ("bury-lca", TODAY, ["bury-idc"]),
    ("00V", date(2022, 6, 30), ["00V"]),
    ("00V", date(2022, 7, 1), ["QOP"]),
    ("bury-oco", TODAY, ["305", "QOP"]),
    ("bury-scb", TODAY, ["bury-locality-board"]),
    ("gm-hscp", TODAY, ["QOP", "gm-icp"]),
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


def members(code: str, on: date) -> list[str]:
    history = queries.organisation_history(code, on=on)
    held = [one for one in history.members if (one.starts_on or on) <= on and (one.ends_on is None or on < one.ends_on)]
    return sorted(one.member.code for one in held if one.role == "member")


def test_the_partners_of_the_alliance_are_those_of_the_day(bury):
    partners = ["305", "RT2", "bardoc", "bury-gp-federation", "bury-vcfa", "nca-group", "persona"]
    after = ["305", "RM3", *partners[1:5], "persona"]

    assert members("bury-lco", date(2019, 3, 31)) == []
    assert members("bury-lco", date(2019, 4, 1)) == partners
    assert members("bury-lco", date(2021, 10, 1)) == after
    assert members("nca-group", date(2019, 4, 1)) == ["RW6", "salford-royal"]


def test_the_commissioning_board_answers_to_the_cabinet_and_to_both_scrutiny_committees(bury):
    history = queries.organisation_history("bury-scb", on=TODAY)

    assert [(one.role, one.body.code) for one in history.belongs_to] == [
        ("accountable-to", "bury-cabinet"),
        ("scrutinised-by", "bury-health-scrutiny"),
        ("scrutinised-by", "bury-overview-scrutiny"),
    ]


def test_the_locality_board_answers_to_the_nhs_and_to_the_council(bury):
    history = queries.organisation_history("bury-locality-board", on=TODAY)

    assert {one.body.code for one in history.belongs_to if one.role == "accountable-to"} == {"QOP", "305"}


def test_community_services_moved_from_one_trust_to_the_other(bury):
    history = queries.organisation_history("RT2", on=TODAY)

    assert [(one.to_organisation.code, one.on, one.verified) for one in history.followed_by] == [
        ("nca-group", date(2019, 7, 1), False)
    ]
    before = [one.code for one in Service.objects.filter(held_on(date(2019, 6, 30)), kind="community-nursing")]
    assert "community-services-pennine-care" in before
    assert "community-services-nca-group" not in before


def test_a_practice_is_in_the_network_of_the_day(bury):
    networks = {
        day: [code for code in ("U49226", "U49525") if "P83620" in members(code, day)]
        for day in (date(2024, 7, 31), date(2024, 8, 1))
    }

    assert networks == {date(2024, 7, 31): ["U49226"], date(2024, 8, 1): ["U49525"]}
    assert [len(members(code, TODAY)) for code in ("U49226", "U49525", "U73478", "U76801")] == [8, 7, 6, 4]


def test_there_are_25_practices_and_one_that_closed(bury):
    practices = Organisation.objects.filter(kind="practice")

    assert (practices.filter(ends_on=None).count(), practices.count()) == (25, 26)
    assert Site.objects.filter(kind="surgery", ends_on=None).exclude(phone="").exclude(address="").count() == 25


def test_practices_lie_where_their_surgery_does(bury):
    overview = queries.overview(TODAY)

    assert {one.neighbourhood.code: sorted(row.code for row in one.practices) for one in overview.neighbourhoods} == {
        "bury-east": ["P83005", "P83015", "P83021", "P83024", "P83611", "P83621", "Y02755"],
        "bury-west": ["P83006", "P83012", "P83017", "P83612", "P83620"],
        "prestwich": ["P83001", "P83025", "P83027", "P83605", "P83609", "P83623"],
        "radcliffe": ["P83007", "P83010", "P83603"],
        "whitefield": ["P83004", "P83009", "P83011", "P83608"],
    }


def test_the_lists_of_one_practice_stand_side_by_side(bury):
    history = queries.organisation_history("P83012", on=TODAY)

    assert {one.series.code: one.value for one in history.figures} == {
        "list-april-2020": Decimal("30567"),
        "list-may-2022": Decimal("49751"),
        "list-by-area-2022": Decimal("49650"),
        "list-allocation-2025-26": Decimal("48945.41035"),
    }
    assert [(one.from_organisation.code, one.on) for one in history.followed] == [("P83020", date(2022, 12, 1))]


# the totals that the publications give, and which of them count different people
TOTALS = {
    "residents-census-2021": 193_861,
    "residents-mid-2020": 190_708,
    "registered-residents-2022": 208_018,
    "list-april-2020": 207_043,
    "list-may-2022": 209_012,
    "list-by-area-2022": 209_209,
    "borough-census-2021": 193_851,
}


def test_no_population_is_made_to_agree_with_another(bury):
    rows = Figure.objects.filter(series__code__in=TOTALS).values_list("series__code")

    assert dict(rows.annotate(total=Sum("value")).order_by()) == TOTALS


def test_the_documents_figures_of_one_fund_stand_side_by_side(bury):
    rows = Figure.objects.filter(series__kind="transformation-fund").order_by("series__code")

    assert [(row.series.code, int(row.value)) for row in rows] == [
        ("local-investment-2017", 4_000_000_00),
        ("locality-plan-2017", 23_000_000_00),
        ("transformation-fund-2017", 19_200_000_00),
        ("transformation-fund-april-2019", 19_200_000_00),
        ("transformation-fund-february-2019", 19_200_000_00),
        ("transformation-fund-june-2019", 19_000_000_00),
    ]
    assert set(rows.values_list("series__unit", flat=True)) == {"pence"}


def test_who_is_old_lives_where_the_census_says_and_not_where_the_documents_do(bury):
    shares = {}
    for one in queries.overview(TODAY).neighbourhoods:
        added = {total.series.code: total.value for total in one.totals}
        old = added["residents-65-mid-2020"] / added["residents-mid-2020"]
        shares[one.neighbourhood.code] = round(100 * float(old), 1)

    assert shares == {"bury-east": 13.7, "prestwich": 16.1, "radcliffe": 16.7, "whitefield": 20.2, "bury-west": 23.0}


def test_every_ward_of_today_lies_in_one_of_the_five(bury):
    overview = queries.overview(TODAY)

    assert {one.neighbourhood.code: (len(one.wards), one.areas) for one in overview.neighbourhoods} == {
        "bury-east": (3, 20),
        "bury-west": (5, 35),
        "prestwich": (3, 22),
        "radcliffe": (3, 22),
        "whitefield": (3, 21),
    }
    assert Postcode.objects.count() == 4997


def test_where_somebody_lives_decides_and_for_others_whose_list_they_are_on(bury):
    people = [("M26 2SP", "P83001"), ("M60 2LA", "P83001"), ("M60 2LA", "P86001"), ("M26 2SP", "P83020")]

    answers = queries.teams_responsible(people, on=TODAY)

    assert [(one.team and one.team.code, one.by) for one in answers] == [
        ("radcliffe", "residence"),
        ("prestwich", "registration"),  # lives in Manchester
        (None, None),
        ("radcliffe", "residence"),  # on the list of a practice that has closed
    ]
    assert (answers[0].residence.code, answers[0].registration.code) == ("radcliffe", "prestwich")


def test_41_pharmacies_say_when_they_are_open(bury):
    radcliffe = OpeningHours.objects.get(site__code="FC610")

    assert OpeningHours.objects.filter(site__kind="pharmacy", site__is_public=True).count() == 41
    assert (radcliffe.wednesday, radcliffe.sunday) == ("09:00-13:00", "closed")
    assert is_open(opening=radcliffe.monday, at=time(13, 30)) is False
    assert is_open(opening=radcliffe.monday, at=time(14, 0)) is True


def test_55_care_homes_have_their_leading_0_back_and_are_not_said_to_be_there_still(bury):
    homes = Site.objects.filter(kind="care_home")

    assert homes.count() == 55
    assert {phone[:1] for phone in homes.exclude(phone="").values_list("phone", flat=True)} == {"0"}
    assert homes.get(code="home-woodbury-short-stay-and-shared-lives-scheme").phone == "0161 253 6000"
    assert set(homes.values_list("verified", "is_public")) == {(False, False)}


def test_hospitals_are_places_to_visit_and_homes_are_not(bury):
    to_visit = {site.code: site.kind for site in Site.objects.filter(held_on(TODAY), is_public=True)}

    hospitals = {code for code, kind in to_visit.items() if kind == "hospital"}
    assert {"fairfield-general", "prestwich-hospital", "R0A66"} <= hospitals
    assert "bealey" not in hospitals  # closed in 2024
    assert set(to_visit.values()) == {"hospital", "health_centre", "surgery", "pharmacy"}


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


# ---- the tables that invented people are grown from


def test_registrations_add_up_to_both_populations():
    rows = read_table("registrations", FOLDER)
    ours = {row["lsoa"] for row in read_table("ages", FOLDER)}
    practices = {row["practice"] for row in read_table("prevalence", FOLDER)}

    assert len(ours) == 120
    assert sum(row["people"] for row in rows if row["lsoa"] in ours) == 208_018
    assert sum(row["people"] for row in rows if row["practice"] in practices) == 209_209
    assert sum(row["people"] for row in rows if row["practice"] in practices and row["lsoa"] in ours) == 196_113
    assert [row["people"] > 0 for row in rows if row["lsoa"] == ""] == [True] * 18


def test_ages_and_sexes_add_up_to_their_publications():
    ages, sexes = read_table("ages", FOLDER), read_table("sexes", FOLDER)

    assert sum(row["persons"] for row in ages) == 190_708
    assert {row["age"] for row in ages} == set(range(91)) == {row["age"] for row in sexes}
    assert sum(row["persons"] for row in sexes if row["sex"] == "female") == 98_748
    # four more together than the borough has: each published table is slightly changed on its own
    assert sum(row["persons"] for row in sexes if row["sex"] == "male") == 95_107


def test_a_register_is_a_whole_number_of_a_list_and_gives_back_the_published_share():
    rows = {(row["practice"], row["condition"]): row for row in read_table("prevalence", FOLDER)}

    assert len(rows) == 25 * 21
    diabetes, dementia = rows["P83001", "DM"], rows["P83001", "DEM"]
    assert (diabetes["register"], diabetes["list"], diabetes["ages"]) == (652, 10287, "17+")
    assert diabetes["register"] / diabetes["list"] == 0.06338096626810538
    assert dementia["register"] / dementia["list"] == 0.008597320114630935
    for practice in {practice for practice, _ in rows}:
        by_age = {row["ages"]: row["list"] for (one, _), row in rows.items() if one == practice}
        assert by_age["18+"] < by_age["17+"] < by_age["15+"] < by_age["6+"] < by_age["all"]


def test_the_census_tables_cover_every_area_or_the_whole_place():
    rows = read_table("census", FOLDER)
    areas: dict[str, set[str]] = {}
    for row in rows:
        areas.setdefault(row["topic"], set()).add(row["area"])

    by_area = {topic for topic, codes in areas.items() if len(codes) == 120}
    whole = {topic for topic, codes in areas.items() if codes == {"E08000002"}}
    assert by_area == {"ethnicity", "tenure", "occupancy", "dwelling", "disability", "household deprivation"}
    assert whole == {
        "household composition",
        "household size",
        "unpaid care",
        "detailed ethnicity",
        "communal residents",
    }


def test_a_figure_about_the_borough_is_found_with_its_series(bury):
    figures = queries.figures_about(AboutKind.PLACE, "bury")

    assert {one.series.kind for one in figures} == {"population", "deprivation", "transformation-fund", "financial-gap"}
