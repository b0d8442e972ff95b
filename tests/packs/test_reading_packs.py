"""A pack's files are read whole, and every fault names its file and line."""

import gzip
from datetime import date

import pytest

from locality.base import NotFound
from locality.directory.pack import PackFaults, default_pack, pack_folder, read_pack

BODIES = ["UZZ01", "UZZ02", "small-board"]


def faults_of(folder) -> tuple[str, ...]:
    with pytest.raises(PackFaults) as refused:
        read_pack(folder)
    return refused.value.faults


def test_a_pack_holds_what_its_files_say_toml_or_csv(pack):
    read = read_pack(pack)

    assert {name: len(rows) for name, rows in read.sections.items()} == {
        "organisations": 9,
        "successors": 3,
        "affiliations": 3,
        "sites": 2,
        "hours": 1,
        "needs": 1,
        "services": 1,
        "neighbourhoods": 2,
        "wards": 2,
        "areas": 3,
        "practices": 1,
        "teams": 3,
        "safeguarding": 1,
        "practitioners": 2,
        "memberships": 3,
        "agreements": 2,
        "sources": 3,
        "postcodes": 4,
        "series": 4,
        "figures": 8,
        "boundaries": 2,
    }
    assert read.place.values == {
        "code": "smallplace",
        "name": "Small Place",
        "tagline": "",
        "header": "Small Place together",
        "default": False,
        "responsible_team": ("residence", "registration"),
    }
    council = read.rows("organisations")[4]
    assert (council.line, council.values) == (
        6,
        {
            "code": "small-council",
            "name": "Small Place Council",
            "short_name": "the council",
            "kind": "council",
            "starts_on": None,
            "ends_on": None,
            "note": "Runs homes, and schools",
            "origin": "invented",
            "verified": True,
        },
    )


def test_one_section_may_stand_in_toml_and_in_csv(pack):
    (pack / "organisations.toml").write_text(
        '[[organisation]]\ncode = "more"\nname = "More"\nkind = "council"\norigin = "invented"\n'
    )

    codes = [row.values["code"] for row in read_pack(pack).rows("organisations")]

    assert codes == ["more", "ZZ1", "ZZ2", "ZZ3", "ZZ99901", "small-council", "kind-neighbours", *BODIES]


def test_a_postcode_lies_where_its_small_area_or_ward_lies_unless_it_says_otherwise(pack):
    read = read_pack(pack)

    assert {row.values["code"]: row.values["neighbourhood"] for row in read.rows("areas")} == {
        "E01999001": "uphill",  # where its ward lies
        "E01999002": "downhill",  # as it says itself
        "E01999003": "downhill",
    }
    assert {row.values["code"]: row.values["neighbourhood"] for row in read.rows("postcodes")} == {
        "ZZ1 1AA": "uphill",  # where its area lies
        "ZZ1 1AB": "downhill",  # as it says itself
        "ZZ1 1AD": "downhill",  # where its area lies, and its ward does not
        "ZZ2 2AA": "downhill",  # where its ward lies, for want of an area
    }


def test_postcodes_may_be_gzipped_and_many(pack):
    lines = [f"ZZ{one} {two}A{letter}" for one in range(1, 100) for two in range(10) for letter in "ABCDEFGHJK"]
    (pack / "postcodes.csv").unlink()
    (pack / "postcodes.csv.gz").write_bytes(gzip.compress("\n".join(["code", *lines]).encode()))

    assert len(read_pack(pack).rows("postcodes")) == 9900


def test_the_folder_of_a_pack_is_found_by_its_name_or_its_path(pack):
    assert pack_folder(pack) == pack
    assert pack_folder(str(pack)) == pack
    assert pack_folder("smallplace", packs=pack.parent) == pack


def test_an_unknown_pack_is_told_with_those_that_are_known(pack):
    with pytest.raises(NotFound, match=r"There is no pack 'atlantis'.* Known packs: smallplace\."):
        pack_folder("atlantis", packs=pack.parent)


def test_the_default_pack_is_the_one_marked_so(pack, spoil):
    with pytest.raises(NotFound, match="Exactly one pack must say `default = true` \\(none does\\)"):
        default_pack(packs=pack.parent)

    spoil("pack.toml", 'name = "Small Place"', 'default = true\nname = "Small Place"')

    assert default_pack(packs=pack.parent) == "smallplace"
    assert pack_folder("", packs=pack.parent) == pack


# each: a file, words in it, what they are spoiled into, the fault's line, the fault
ONE_FAULT = [
    ("pack.toml", "name =", "nmae =", 2, "'nmae' is not a key of pack.toml (did you mean 'name'?)"),
    ("pack.toml", '"smallplace"', '"bigplace"', 1, "'code' is 'bigplace', but the pack's folder is 'smallplace'"),
    ("pack.toml", "name =", "[[team]]\nname =", 2, "[[team]] does not belong here, but in a file of its own"),
    ("pack.toml", '"Small Place"', '"Small Place', 2, "not valid TOML: Illegal character '\\n'"),
    ("sources.toml", '"ZZ1"', '"P99999"', 4, "'organisation' names P99999, which organisations.csv does not have"),
    ("sources.toml", '"uphill"', '"up"', 20, "'relates_team' names up, which teams.csv does not have"),
    ("sources.toml", "= 24", "= 0", 8, "'every_hours' must be a whole number above 0"),
    ("sources.toml", "= 24", "= true", 8, "'every_hours' must be a whole number above 0"),
    ("sources.toml", "= 24", '= "24"\nevery_day = 1', 9, "'every_day' is not a key of source"),
    ("sources.toml", '"hl7v2"', '"fax"', 5, "'formats' must be one of fhir, hl7v2, csv, not 'fax'"),
    ("sources.toml", '["fhir", "hl7v2"]', "[]", 5, "'formats' must not be empty"),
    ("sources.toml", '["fhir", "hl7v2"]', "7", 5, "'formats' must be a list"),
    (
        "sources.toml",
        '"Patient"',
        '"patients"',
        7,
        "'sends' must be a code such as AllergyIntolerance (a FHIR resource type), not 'patients'",
    ),
    ("agreements.toml", "= 2027", "= 2025", 11, "'ends_on' (1 January 2025) is before"),
    ("agreements.toml", 'purpose = "Direct care"\n', "", 3, "'purpose' is missing"),
    ("agreements.toml", 'lawful_basis = "UK', 'lawful_basis = ""  # "', 8, "'lawful_basis' must not be empty"),
    ("agreements.toml", 'controller = "ZZ1"', 'controller = "ZZ9"', 6, "'controller' names ZZ9, which"),
    (
        "sources.toml",
        '["Patient", "Encounter"]',
        '["Patient", "Flag"]',
        7,
        "'sends' holds Flag, which the agreement hospital",
    ),
    (
        "sources.toml",
        'agreement = "hospital"\n',
        'agreement = "visits"\n',
        6,
        "the agreement visits does not say what it",
    ),
    ("safeguarding.toml", '"uphill-first"', '"uphill"', 4, "'deputy' names uphill, which ZZ1 leads, as it does rapid"),
    ("safeguarding.toml", '"adults"', '"everyone"', 2, "'code' must be one of adults, children, not 'everyone'"),
    ("safeguarding.toml", '"The safeguarding team, 0161 496 0998"', '""', 5, "'ring' must not be empty"),
    ("sources.toml", 'agreement = "hospital"\n', "", 9, "a connected source needs an 'agreement'"),
    (
        "sources.toml",
        'agreement = "hospital"',
        'agreement = "mill"',
        6,
        "'agreement' names mill, which agreements.toml",
    ),
    ("sources.toml", 'asserts = ["caseload"]\n', "", 19, "'relates_team' says whose caseload its people join"),
    ("sources.toml", "mappings/visits.toml", "mappings/v.toml", 22, "'mapping' names mappings/v.toml, which is not"),
    ("sources.toml", "mappings/visits.toml", "../../secrets.toml", 22, "'mapping' leads out of the pack"),
    ("sources.toml", 'mapping = "mappings/visits.toml"\n', "", 17, "a source that sends CSV needs a 'mapping'"),
    ("sources.toml", "[[source]]", "[[sources]]", 1, "[[sources]] is unknown here; this file holds [[source]]"),
    ("sources.toml", "[[source]]", "version = 2\n[[source]]", 1, "'version' stands outside any [[source]]"),
    ("services.toml", '"visiting"', '"Visiting!"', 2, "'code' must be a code such as early-help"),
    ("services.toml", '"Visiting"', "7", 3, "'name' must be words in quotes"),
    ("services.toml", '"Visiting"', '""', 3, "'name' must not be empty"),
    ("services.toml", 'origin = "invented"', "", 1, "'origin' is missing"),
    ("services.toml", 'kind = "bef', 'starts_on = 2019-13-01\nkind = "bef', 5, "not valid TOML: Expected newline"),
    ("services.toml", 'kind = "bef', 'starts_on = "soon"\nkind = "bef', 5, "'starts_on' must be a day such as 2019"),
    (
        "services.toml",
        'kind = "bef',
        'starts_on = 2019-04-01T10:00:00\nkind = "bef',
        5,
        "'starts_on' must be a day such as 2019-04-01",
    ),
    ("successors.toml", '"ZZ2"', '"ZZ3"', 3, "ZZ3 would follow itself"),
    ("successors.toml", '"small-council"', '"ZZ3"', 15, "ZZ2 would follow itself"),
    ("organisations.csv", "ZZ2,", "ZZ1,", 3, "organisation ZZ1 is there already"),
    ("organisations.csv", "council,council,", "council,bank,", 6, "'kind' must be one of trust, council,"),
    ("organisations.csv", "2001-04-01,,,invented,yes", "2001-04-01,2000-04-01,,invented,yes", 2, "'ends_on' (1 April"),
    ("organisations.csv", "invented,yes", "invented,perhaps", 2, "'verified' must be true or false (yes or no in CSV)"),
    ("organisations.csv", "Older Hospital,", "Older Hospital,,", 4, "10 cells under 9 columns"),
    ("organisations.csv", "code,name", "code,code", 1, "the column 'code' is there twice"),
    ("organisations.csv", '"Runs', 'x"Runs', 6, "10 cells under 9 columns"),
    ("organisations.csv", 'schools"', "schools", 6, "not valid CSV: unexpected end of data"),
    ("sites.csv", ",hub,,,no", ",hub,,,yes", 3, "a team's hub is never public"),
    ("sites.csv", "ZZ1 1AA", "ZZ11", 2, "'postcode' must be a full postcode, not 'ZZ11'"),
    ("teams.csv", "neighbourhood,uphill,ZZ1", "neighbourhood,,ZZ1", 3, "a neighbourhood team must say its"),
    ("teams.csv", "2024-04-01,,", "2024-03-31,,", 3, "uphill has another team on these days, uphill-first"),
    ("memberships.csv", "uphill,ben-ash", "uphill,amy-oak", 4, "membership uphill amy-oak 2024-04-01 is there"),
    ("memberships.csv", "2024-04-01,\nuphill,ben-ash", "2024-04-01,\nuphill,cy-elm", 4, "'practitioner' names cy-elm"),
    ("postcodes.csv", "E05999002", "E05999003", 5, "'ward' names E05999003, which wards.csv does not have"),
    ("wards.csv", "E05999001", "uptown", 2, "'code' must be a code such as E05014152, not 'uptown'"),
]


@pytest.mark.parametrize(("file", "words", "into", "line", "fault"), ONE_FAULT)
def test_a_fault_names_its_file_and_line(pack, spoil, file, words, into, line, fault):
    named = spoil(file, words, into)

    first = faults_of(pack)[0]

    assert first.startswith(f"{named} line {line}: {fault}")


def test_data_that_leaves_the_place_goes_under_an_agreement_of_its_own(pack, spoil):
    spoil("agreements.toml", 'controller = "ZZ1"', 'controller = "ZZ1"\nrecipient = "small-council"')

    assert faults_of(pack) == (
        f"{pack}/sources.toml line 6: 'agreement' names hospital, under which data leaves the place for small-council: "
        "name one without a 'recipient'",
    )


def test_every_fault_is_told_at_once(pack, spoil):
    one = spoil("sites.csv", "ZZ1 1AA", "ZZ11")
    other = spoil("services.toml", '"Visiting"', "7")

    with pytest.raises(PackFaults) as refused:
        read_pack(pack)

    assert str(refused.value) == (
        f"{one} line 2: 'postcode' must be a full postcode, not 'ZZ11'.\n"
        f"{other} line 3: 'name' must be words in quotes."
    )


def test_of_very_many_faults_twenty_are_told(pack):
    (pack / "postcodes.csv").write_text("code\n" + "nowhere\n" * 25)

    with pytest.raises(PackFaults) as refused:
        read_pack(pack)

    told = str(refused.value).splitlines()
    assert len(refused.value.faults) == 25
    assert (len(told), told[-1]) == (21, "There are 5 more faults.")


def test_a_reference_to_a_file_that_is_not_there_says_so(pack):
    (pack / "neighbourhoods.csv").unlink()

    assert faults_of(pack)[0] == (
        f"{pack}/wards.csv line 2: 'neighbourhood' names uphill, which no file has "
        "(there is no neighbourhoods.csv or neighbourhoods.toml)"
    )


def test_members_may_not_be_in_a_team_twice_at_a_time(pack):
    with (pack / "memberships.csv").open("a") as file:
        file.write("uphill,ben-ash,ZZ1,Again,2025-01-01,2025-02-01\n")

    assert faults_of(pack) == (
        f"{pack}/memberships.csv line 5: ben-ash is in uphill on these days already "
        f"({pack}/memberships.csv line 4): give the earlier one an 'ends_on'",
    )


def test_a_misspelt_file_is_not_passed_over(pack):
    (pack / "sites.csv").rename(pack / "site.csv")

    assert faults_of(pack) == (f"{pack}/site.csv line 1: no pack has a file of this name (did you mean 'sites.csv'?)",)


def test_a_line_is_right_after_lists_comments_and_words_of_many_lines(pack):
    (pack / "services.toml").write_text(
        '# a comment with """ in it\n'
        "\n"
        "[[service]]  # the first\n"
        'code = "one"\n'
        'name = """\n[[service]]\nname = 1\n"""\n'
        "organisation = 'kind-neighbours'\n"
        'kind = "befriending"\n'
        'origin = "a \\" quote # and no comment"\n'
        "\n"
        '[["service"]]\n'
        '"code" = "two"\n'
        'verified = "perhaps"\n'
    )

    assert faults_of(pack) == (
        f"{pack}/services.toml line 13: 'name' is missing",
        f"{pack}/services.toml line 13: 'organisation' is missing",
        f"{pack}/services.toml line 13: 'kind' is missing",
        f"{pack}/services.toml line 13: 'origin' is missing",
        f"{pack}/services.toml line 15: 'verified' must be true or false (yes or no in CSV)",
    )


def test_a_csv_line_is_right_after_a_cell_of_many_lines(pack, spoil):
    spoil("organisations.csv", '"Runs homes, and schools"', '"Runs homes,\nand\nschools"')
    named = spoil("organisations.csv", "neighbours,Kind", "Neighbours!,Kind")

    assert faults_of(pack)[0].startswith(f"{named} line 9: 'code' must be a code")


@pytest.mark.parametrize(
    ("content", "line", "fault"),
    [
        (b"code\nZZ1 1AA\n\xff\n", 3, "the file is not UTF-8 text"),
        (b"code\nZZ1\x00 1AA\n", 2, "there is a NUL character"),
        (b"", 1, "the first line must name the columns"),
    ],
)
def test_a_file_that_is_no_text_is_refused_where_it_goes_wrong(pack, content, line, fault):
    (pack / "postcodes.csv").write_bytes(content)

    assert faults_of(pack)[0].startswith(f"{pack}/postcodes.csv line {line}: {fault}")


def test_a_spoilt_gzip_file_is_refused(pack):
    (pack / "postcodes.csv").unlink()
    whole = gzip.compress(b"code\nZZ1 1AA\n" * 100)
    (pack / "postcodes.csv.gz").write_bytes(whole[:-20])

    assert faults_of(pack)[0].startswith(f"{pack}/postcodes.csv.gz line 1: the file cannot be read")


def test_a_file_from_a_spreadsheet_with_a_byte_order_mark_is_read(pack):
    (pack / "postcodes.csv").write_bytes(b"\xef\xbb\xbfcode\r\nzz11aa\r\n\r\n")

    assert [row.values["code"] for row in read_pack(pack).rows("postcodes")] == ["ZZ1 1AA"]


def test_days_are_read_from_either_kind_of_file(pack):
    read = read_pack(pack)

    assert read.rows("successors")[0].values["on"] == date(1999, 4, 1)
    assert read.rows("teams")[0].values["ends_on"] == date(2024, 4, 1)
