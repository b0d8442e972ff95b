"""What people get wrong in a pack is refused with the file, the line, and what to write instead."""

import pytest

from locality.directory.pack import PackFaults, read_pack, read_table


def faults_of(folder) -> tuple[str, ...]:
    with pytest.raises(PackFaults) as refused:
        read_pack(folder)
    return refused.value.faults


# ---- an unknown column


def test_an_unknown_column_is_told_once_where_it_is_named(pack, spoil):
    named = spoil(
        "organisations.csv", "code,name,short_name,kind,starts_on,ends_on", "code,name,short,kind,starts,ends_on"
    )

    assert faults_of(pack) == (f"{named} line 1: 'short' is not a column here (did you mean 'short_name'?)",)


def test_a_column_that_is_like_no_other_is_told_with_those_there_are(pack, spoil):
    named = spoil("practices.csv", "origin,verified", "origin,xyz")

    assert faults_of(pack) == (
        f"{named} line 1: 'xyz' is not a column here: write one of practice, neighbourhood, starts_on, ends_on, "
        "origin, verified, or leave it out",
    )


def test_an_unknown_key_in_toml_is_told_at_its_own_line(pack, spoil):
    named = spoil("affiliations.toml", "starts_on = 2019-07-01", "started = 2019-07-01")

    assert faults_of(pack) == (f"{named} line 4: 'started' is not a key of affiliation (did you mean 'starts_on'?)",)


def test_an_empty_column_that_a_spreadsheet_left_behind_is_passed_over(pack):
    lines = (pack / "practices.csv").read_text().splitlines()
    (pack / "practices.csv").write_text("\n".join(f"{line},," for line in lines) + "\n")

    assert len(read_pack(pack).rows("practices")) == 1


# ---- a postcode in two neighbourhoods


def test_a_postcode_in_two_neighbourhoods_is_told_with_both(pack):
    with (pack / "postcodes.csv").open("a") as file:
        file.write("zz1 1aa,E01999003,E05999002,\n")

    assert faults_of(pack) == (
        f"{pack}/postcodes.csv line 6: postcode ZZ1 1AA is in two neighbourhoods: downhill here, uphill on "
        f"{pack}/postcodes.csv line 2. Keep the line that is right",
    )


def test_a_postcode_said_twice_is_told_even_where_both_lines_agree(pack):
    with (pack / "postcodes.csv").open("a") as file:
        file.write("ZZ1 1AA,E01999001,E05999001,\n")

    assert faults_of(pack) == (
        f"{pack}/postcodes.csv line 6: postcode ZZ1 1AA is there already ({pack}/postcodes.csv line 2): "
        "keep one of the two lines",
    )


# ---- an organisation that ends before it starts


def test_an_organisation_that_ends_before_it_starts_is_told_with_both_days(pack, spoil):
    named = spoil("organisations.csv", "trust,2001-04-01,,,invented,yes", "trust,2001-04-01,2000-04-01,,invented,yes")

    assert faults_of(pack) == (
        f"{named} line 2: 'ends_on' (1 April 2000) is before 'starts_on' (1 April 2001): "
        "write a day after it, or leave 'ends_on' out while it still holds",
    )


# ---- a practice without a team


def test_an_open_practice_without_a_neighbourhood_is_told_where_to_write_one(pack):
    (pack / "practices.csv").unlink()

    assert faults_of(pack) == (
        f"{pack}/organisations.csv line 5: the practice ZZ99901 has no neighbourhood: "
        "write its code and a neighbourhood's in practices.csv",
    )


def test_a_practice_that_has_closed_needs_no_neighbourhood(pack, spoil):
    (pack / "practices.csv").unlink()
    spoil(
        "organisations.csv",
        "ZZ99901,Mill Lane Surgery,,practice,,,",
        "ZZ99901,Mill Lane Surgery,,practice,,2024-01-01,",
    )

    assert read_pack(pack).rows("practices") == []


def test_a_practice_whose_neighbourhood_has_no_team_is_told_what_is_missing(pack, spoil):
    named = spoil("practices.csv", "uphill", "downhill")

    assert faults_of(pack) == (
        f"{named} line 2: no team answers for the practice ZZ99901: "
        "give downhill a team of the kind neighbourhood in teams.csv",
    )


def test_only_a_practice_has_a_list_and_only_one_neighbourhood_at_a_time(pack):
    with (pack / "practices.csv").open("a") as file:
        file.write("ZZ1,uphill,,,invented,no\nZZ99901,uphill,2020-01-01,,invented,no\n")

    assert faults_of(pack) == (
        f"{pack}/practices.csv line 4: ZZ99901 has a neighbourhood on these days already "
        f"({pack}/practices.csv line 2): give the earlier one an 'ends_on'",
        f"{pack}/practices.csv line 3: ZZ1 is not an organisation of the kind practice",
    )


# ---- days


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("04/13/2019", ": write 2019-04-13 for 13 April 2019"),
        ("13/04/2019", ": write 2019-04-13 for 13 April 2019"),
        ("04/05/2019", ": write 2019-05-04 for 4 May 2019 or 2019-04-05 for 5 April 2019"),
        ("4.5.2019", ": write 2019-05-04 for 4 May 2019 or 2019-04-05 for 5 April 2019"),
        ("05/05/2019", ": write 2019-05-05 for 5 May 2019"),
        ("31/31/2019", ""),
        ("2019-13-04", ""),
        ("20190405", ""),
        ("2019-W14-5", ""),
        ("April 2019", ""),
    ],
)
def test_a_day_in_any_other_order_is_refused_with_what_to_write(pack, spoil, written, instead):
    named = spoil("teams.csv", "2019-04-01", written)

    assert faults_of(pack)[0] == (
        f"{named} line 2: 'starts_on' must be a day such as 2019-04-01, not '{written}'{instead}"
    )


def test_a_day_in_the_american_order_is_refused_in_toml_too(pack, spoil):
    quoted = spoil("affiliations.toml", "starts_on = 2019-07-01", 'starts_on = "07/13/2019"')
    assert faults_of(pack) == (
        f"{quoted} line 4: 'starts_on' must be a day such as 2019-04-01, not '07/13/2019': write 2019-07-13 for "
        "13 July 2019",
    )

    bare = spoil("affiliations.toml", '"07/13/2019"', "07/13/2019")
    (fault,) = faults_of(pack)
    assert fault.startswith(f"{bare} line 4: not valid TOML:")
    assert fault.endswith("(07/13/2019 is no day here: write 2019-07-13 for 13 July 2019)")


# ---- figures, hours, outlines, networks


FAULTS = [
    (
        "figures.csv",
        "census,E01999001",
        "census,E01999009",
        2,
        "'about' names E01999009, which areas.csv does not have",
    ),
    (
        "figures.csv",
        "fund,smallplace",
        "fund,bigplace",
        9,
        "'about' names bigplace, which is not the place itself: write",
    ),
    (
        "figures.csv",
        "census,E01999001",
        "sensus,E01999001",
        2,
        "'series' names sensus, which series.toml does not have",
    ),
    ("figures.csv", ",1600", ',"1,600"', 2, "'value' must be a number such as 1234.5 (no commas, signs or units), not"),
    ("figures.csv", "1920000000", "1920000000.5", 9, "'value' must be whole pence"),
    ("series.toml", '"area"', '"street"', 5, "'about_kind' must be one of place, neighbourhood, ward, area, organi"),
    (
        "hours.csv",
        ",closed,",
        ",half day,",
        2,
        "'saturday' must be closed, or times such as 09:00-13:00;14:00-18:00, not",
    ),
    ("hours.csv", "08:00-12:00;14:00-20:00", "14:00-20:00;08:00-12:00", 2, "'thursday' must be closed, or times such"),
    ("hours.csv", "mill-lane", "mill-road", 2, "'site' names mill-road, which sites.csv does not have"),
    ("affiliations.toml", "ends_on = 2022-04-01", "", 8, "ZZ99901 is in a network on these days already"),
    ("affiliations.toml", '"small-board"', '"small-council"', 16, "small-council would belong to itself"),
    ("areas.csv", "E05999002", "E05999003", 4, "'ward' names E05999003, which wards.csv does not have"),
    ("postcodes.csv", "E01999001,E05999001,\n", "E01999009,E05999001,\n", 2, "'lsoa' names E01999009, which areas.csv"),
    ("neighbourhoods.geojson", '"downhill"', '"sidehill"', 3, "there is no neighbourhood sidehill"),
    ("neighbourhoods.geojson", '"Polygon"', '"Point"', 2, "the geometry of uphill must be a Polygon or a MultiPolygon"),
    ("neighbourhoods.geojson", '"code"', '"name"', 1, 'each feature needs a geometry and the property "code"'),
    ("neighbourhoods.geojson", "}}\n]}", "}}\n]", 5, "not valid JSON"),
    (
        "pack.toml",
        "header",
        'responsible_team = ["luck"]\nheader',
        3,
        "'responsible_team' must be one of residence, regis",
    ),
]


@pytest.mark.parametrize(("file", "words", "into", "line", "fault"), FAULTS)
def test_a_fault_names_its_file_and_line(pack, spoil, file, words, into, line, fault):
    named = spoil(file, words, into)

    assert faults_of(pack)[0].startswith(f"{named} line {line}: {fault}")


def test_outlines_that_are_no_collection_are_refused(pack):
    (pack / "areas.geojson").write_text("[]")

    assert faults_of(pack) == (f"{pack}/areas.geojson line 1: must be a GeoJSON FeatureCollection",)


def test_a_misspelt_file_of_outlines_is_not_passed_over(pack):
    (pack / "neighbourhoods.geojson").rename(pack / "neighborhoods.geojson")

    assert faults_of(pack) == (
        f"{pack}/neighborhoods.geojson line 1: no pack has a file of this name "
        "(did you mean 'neighbourhoods.geojson'?)",
    )


def test_a_table_that_is_not_loaded_is_read_as_strictly(pack):
    (pack / "registrations.csv").write_text("practice,lsoa,people\nZZ99901,E01999001,12\nZZ99901,,x\n")

    with pytest.raises(PackFaults) as refused:
        read_table("registrations", pack)

    assert refused.value.faults == (
        f"{pack}/registrations.csv line 3: 'people' must be a whole number such as 12 or 0, not 'x'",
    )
    assert read_table("ages", pack) == []
    read_pack(pack)  # loading leaves it alone
