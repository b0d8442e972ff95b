"""A voluntary organisation's spreadsheet in: each row becomes FHIR by a mapping file, and is kept as it was written."""

import base64
import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.base import Refused
from locality.record.intake import csv_rows, structure
from locality.record.intake.entry import Entry, Unreadable

SAMPLES = Path(__file__).parent.parent / "data" / "csv"
MAPPING = tomllib.loads((SAMPLES / "befriending.toml").read_text())
SHEET = (SAMPLES / "befriending.csv").read_bytes()
HEADER = SHEET.decode().split("\n")[0]
MAUD = {
    "Our ID": "BF001",
    "Date of birth": "14/02/1938",
    "Date": "03/09/2026 14:00",
    "Activity": "Home visit",
    "Outcome": "Attended",
}


def mapped(*resources: dict, **file) -> dict:
    return {"file": file, "resource": list(resources)}


def patient(**fields) -> dict:
    return {"type": "Patient", "id": "{ID}", "fields": fields}


def row(**changed: str) -> str:
    cells = MAUD | {name.replace("_", " "): value for name, value in changed.items()}
    return ",".join(cells.get(name, "") for name in HEADER.split(","))


def read(content: bytes | str, mapping: dict = MAPPING) -> list[dict]:
    found = list(csv_rows.entries("x.csv", content if isinstance(content, bytes) else content.encode(), mapping))
    assert [one for one in found if isinstance(one, Unreadable)] == []
    return [json.loads(one.content) for one in found]


def refused(content: bytes | str, mapping: dict = MAPPING) -> Unreadable:
    [one] = csv_rows.entries("x.csv", content if isinstance(content, bytes) else content.encode(), mapping)
    assert isinstance(one, Unreadable)
    return one


def without_meta(resource: dict) -> dict:
    return {name: value for name, value in resource.items() if name != "meta"}


def test_a_row_becomes_the_person_their_referral_the_visit_and_what_was_measured():
    person, referral, visit, score, binary = read(SHEET)[:5]

    assert without_meta(person) == {
        "resourceType": "Patient",
        "id": "BF001",
        "active": True,
        "identifier": [
            {"system": "urn:befriending:our-id", "value": "BF001"},
            {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990001014"},
        ],
        "name": [{"use": "usual", "given": ["Maud"], "family": "Inventley"}],
        "birthDate": "1938-02-14",
        "gender": "female",
        "address": [{"use": "home", "postalCode": "BL9 0AA"}],
        "telecom": [{"system": "phone", "value": "0161 496 0001"}],
    }
    assert without_meta(referral) == {
        "resourceType": "ServiceRequest",
        "id": "BF001-referral",
        "status": "active",
        "intent": "order",
        "code": {"text": "Befriending"},
        "subject": {"reference": "Patient/BF001"},
        "authoredOn": "2026-09-01",
        "requester": {"display": "Pretend Road Surgery"},
        "reasonCode": [{"text": "Lives alone since May"}],
    }
    assert (visit["status"], visit["class"]["code"], visit["period"]) == (
        "finished",
        "HH",
        {"start": "2026-09-03T14:00:00+01:00"},
    )
    assert (score["valueQuantity"], score["note"]) == (
        {"value": 8.0, "unit": "points"},
        [{"text": 'Likes dominoes, dislikes\nbeing called "dear"'}],
    )
    assert person["meta"] == {"lastUpdated": "2026-09-05T00:00:00+01:00", "source": f"Binary/{binary['id']}"}


def test_each_row_makes_what_applies_to_it_and_an_empty_row_nothing():
    places = [one.place for one in csv_rows.entries("x.csv", SHEET, MAPPING)]

    assert places == [
        *(f"x.csv line 2, {kind}" for kind in ("Patient", "ServiceRequest", "Encounter", "Observation", "Binary")),
        *(f"x.csv line 4, {kind}" for kind in ("Patient", "ServiceRequest", "Encounter", "Binary")),
        *(f"x.csv line 5, {kind}" for kind in ("Patient", "Encounter", "Observation", "Binary")),
        *(f"x.csv line 7, {kind}" for kind in ("Patient", "ServiceRequest", "Binary")),
    ]


def test_a_row_is_kept_as_it_was_written_below_its_header():
    binary = read(SHEET)[4]

    lines = SHEET.split(b"\n")
    assert base64.b64decode(binary["data"]) == b"\n".join([lines[0], *lines[1:3], b""])
    assert (binary["contentType"], binary["securityContext"]) == (
        "text/csv; charset=utf-8",
        {"reference": "Patient/BF001"},
    )


def test_a_row_about_somebody_without_a_patient_of_its_own_is_kept_as_carefully():
    visit = {"type": "Encounter", "id": "{ID}", "fields": {"subject": {"reference": "Patient", "id": "{Who}"}}}

    assert read("ID,Who\n1,7\n", mapped(visit))[-1]["securityContext"] == {"reference": "Patient/7"}


def test_what_comes_of_a_row_is_sound_fhir_and_always_the_same_bytes():
    once = [one.content for one in csv_rows.entries("x.csv", SHEET, MAPPING)]

    assert [structure.check(content)[1] for content in once] == [[]] * 16
    assert once == [one.content for one in csv_rows.entries("again.csv", SHEET, MAPPING)]


def test_a_part_with_nothing_to_say_is_left_out_with_its_fixed_words():
    person = read(SHEET)[9]

    assert without_meta(person) == {
        "resourceType": "Patient",
        "id": person["id"],
        "active": True,
        "identifier": [{"system": "urn:befriending:our-id", "value": "BF/7"}],
        "name": [{"use": "usual", "given": ["Zoë"], "family": "Prétend"}],
        "birthDate": "2001-04-06",
        "address": [{"use": "home", "postalCode": "BL9 0AB"}],
    }


def test_an_id_that_fhir_does_not_allow_is_derived_and_references_follow_it():
    person, visit = read(SHEET)[9:11]

    assert person["id"] != "BF/7"
    assert visit["subject"] == {"reference": f"Patient/{person['id']}"}


def test_a_cell_that_looks_like_a_formula_is_text():
    assert read(SHEET)[11]["note"] == [{"text": '=HYPERLINK("x")'}]


def test_a_later_row_with_the_same_id_is_the_same_resource():
    first, later = [one for one in read(SHEET) if one["resourceType"] == "Patient"][:2]

    assert first["id"] == later["id"]
    assert [one["meta"]["lastUpdated"][:10] for one in (first, later)] == ["2026-09-05", "2026-09-12"]


@pytest.mark.parametrize(
    ("encoding", "mark", "ends"),
    [
        ("utf-8", ",", "\n"),
        ("utf-8-sig", ";", "\r\n"),
        ("cp1252", "\t", "\r\n"),
        ("utf-16", "\t", "\n"),
        ("utf-8", "|", "\r"),
    ],
)
def test_a_sheet_is_read_in_the_ways_that_spreadsheets_are_saved(encoding, mark, ends):
    rows = ["Our ID,Name", "7,Zoë", "8,Noël"]
    mapping = mapped({"type": "Patient", "id": "{our id}", "fields": {"name.0.text": "{ NAME }"}}, encoding="cp1252")

    found = read(ends.join(rows).replace(",", mark).encode(encoding), mapping)

    assert [one["name"][0]["text"] for one in found if one["resourceType"] == "Patient"] == ["Zoë", "Noël"]


def test_the_separator_is_the_one_by_which_the_columns_are_there():
    mapping = mapped(patient(**{"name.0.text": "{Name, as said}"}))

    assert read('ID;"Name, as said";Notes, and more, and more\n7;Zed;a, b\n', mapping)[0]["name"] == [{"text": "Zed"}]


def test_lines_above_the_header_are_passed_over():
    mapping = mapped(patient(), header_line=3)

    found = list(csv_rows.entries("x.csv", b"Our people\n\nID\n7\n", mapping))

    assert found[0].place == "x.csv line 4, Patient"


@pytest.mark.parametrize(
    ("content", "mapping", "reason"),
    [
        (b"", MAPPING, "The file has no header line."),
        (b"\n \n", MAPPING, "The file has no header line."),
        (b"Name\nx\n", mapped(patient()), 'The file has no column "ID", which the mapping names.'),
        (
            b"ID\n7\n",
            mapped(patient(birthDate="{Born}", gender="{Sex}")),
            'The file has no column "Born" and no column "Sex", which the mapping names.',
        ),
        (b"ID,id \n7,8\n", mapped(patient()), 'The file has more than one column "ID".'),
        (
            b"ID\nZo\xeb\n",
            mapped(patient()),
            "The file is not in UTF-8, and the mapping names no other encoding.",
        ),
        (
            b"ID\nZo\x81\n",
            mapped(patient(), encoding="cp1252"),
            "The file is neither in UTF-8 nor in cp1252.",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(content, mapping, reason):
    assert refused(content, mapping) == Unreadable("x.csv", content, reason)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (row(Date_of_birth="31/02/1938"), 'The column "Date of birth" does not hold a date like 31/12/1999.'),
        (row(Date_of_birth="14/02/38"), 'The column "Date of birth" does not hold a date like 31/12/1999.'),
        (row(Date_of_birth="14/02/0938"), 'The column "Date of birth" does not hold a date like 31/12/1999.'),
        (row(Date="03/09/2026"), 'The column "Date" does not hold a date like 31/12/1999 14:30.'),
        (row(Outcome="Moved away"), 'The column "Outcome" holds a word that the mapping does not know.'),
        (row(Loneliness_score="high"), 'The column "Loneliness score" does not hold a number like 12.5.'),
        (row(Our_ID=""), 'The column "Our ID" is empty, and it names the Patient.'),
        (row(Notes="a\x00b"), "The row holds a NUL character."),
        (
            row() + ",more",
            "The row has 19 cells where the header has 18: a separator or a line end inside a cell needs quotes.",
        ),
        (
            "BF001,Maud",
            "The row has 2 cells where the header has 18: a separator or a line end inside a cell needs quotes.",
        ),
        (row(Notes='"a"b'), "The quotes of the row are not closed, or not at the ends of a cell."),
    ],
)
def test_a_bad_row_is_one_refusal_that_names_the_column_and_its_neighbours_are_read(line, reason):
    content = f"{HEADER}\n{row()}\n{line}\n{row(Our_ID='BF002')}\n"

    found = list(csv_rows.entries("x.csv", content.encode(), MAPPING))

    bad = [one for one in found if isinstance(one, Unreadable)]
    assert bad == [Unreadable("x.csv line 3", f"{HEADER}\n{line}\n".encode(), reason)]
    assert {one.place.split(",")[0] for one in found if isinstance(one, Entry)} == {"x.csv line 2", "x.csv line 4"}


def test_a_refused_row_can_be_tried_again_by_itself():
    bad = refused(f"{HEADER}\n{row(Sex='M', Outcome='Moved away')}\n")

    changed = json.loads(json.dumps(MAPPING))
    changed["resource"][2]["fields"]["status"]["otherwise"] = "unknown"

    assert [one["resourceType"] for one in read(bad.content, changed)] == ["Patient", "Encounter", "Binary"]


def test_a_quote_that_is_never_closed_takes_the_rest_of_the_file_and_says_so():
    found = list(csv_rows.entries("x.csv", b'ID\n7\n"8\n9\n', mapped(patient())))

    reason = "The quotes of the row are not closed, or not at the ends of a cell."
    assert [one.place for one in found] == ["x.csv line 2, Patient", "x.csv line 2, Binary", "x.csv line 3"]
    assert found[-1] == Unreadable("x.csv line 3", b'ID\n"8\n9\n', reason)


def test_a_row_to_which_nothing_applies_is_told_and_not_lost():
    mapping = mapped({"type": "Patient", "id": "{ID}", "when": "Name"})

    assert refused("ID,Name\n7,\n", mapping) == Unreadable(
        "x.csv line 2", b"ID,Name\n7,\n", "No part of the mapping applies to this row."
    )


def test_a_resource_may_wait_for_certain_words_in_a_column():
    mapping = mapped(patient(), {"type": "Encounter", "id": "{ID}", "when": {"Outcome": ["Attended"]}})

    found = read("ID,Outcome\n7, attended \n8,Cancelled\n", mapping)

    assert [(one["resourceType"], one["id"]) for one in found if one["resourceType"] != "Binary"] == [
        ("Patient", "7"),
        ("Encounter", "7"),
        ("Patient", "8"),
    ]


def test_a_number_keeps_its_digits():
    score = {"type": "Observation", "id": "{ID}", "fields": {"valueQuantity.value": {"column": "S", "number": True}}}

    [entry, _] = csv_rows.entries("x.csv", b"ID,S\n7,0.10\n", mapped(score))

    assert b'"value":0.10}' in entry.content


def test_places_in_a_list_close_up_where_one_was_left_out():
    mapping = mapped(patient(**{"name.0.given.0": "{A}", "name.0.given.1": "{B}", "name.0.given.12": "{C}"}))

    assert read("ID,A,B,C\n7,,Bo,Cy\n", mapping)[0]["name"] == [{"given": ["Bo", "Cy"]}]


def test_a_moment_has_the_offset_of_its_day():
    fields = {"authoredOn": {"column": "At", "time": "%d/%m/%Y %H:%M"}}
    mapping = mapped({"type": "ServiceRequest", "id": "{ID}", "fields": fields})

    found = read("ID,At\n1,25/10/2026 00:30\n2,25/10/2026 02:30\n", mapping)

    assert [one["authoredOn"] for one in found[::2]] == ["2026-10-25T00:30:00+01:00", "2026-10-25T02:30:00+00:00"]


@pytest.mark.parametrize(
    ("mapping", "reason"),
    [
        ({}, "The mapping has no [[resource]]: it would make nothing of any row."),
        ({"resources": []}, "The mapping's top level has an unknown word: resources."),
        (mapped(patient(), sheet=1), "The mapping's [file] has an unknown word: sheet."),
        (
            mapped(patient(), encoding="klingon"),
            "The mapping's [file] encoding is not one that is known, such as cp1252.",
        ),
        (mapped(patient(), header_line=0), "The mapping's [file] header_line is not the number of a line."),
        (mapped(patient(), delimiter=", "), "The mapping's [file] delimiter is not one character."),
        (mapped({"id": "{ID}"}), "The mapping's [[resource]] 1 names no type of resource."),
        (
            mapped({"type": "Patient", "id": "always the same"}),
            "The mapping's [[resource]] 1 needs an id with at least one {column} in it.",
        ),
        (
            mapped(patient(), patient(id="{Other}")),
            "The mapping's [[resource]] 2 says id twice: it stands beside the fields.",
        ),
        (
            mapped(patient(**{"name..text": "x"})),
            'The mapping\'s [[resource]] 1 has a path that leads nowhere: "name..text".',
        ),
        (
            mapped(patient(**{"name": "x", "name.0.text": "y"})),
            "The mapping's [[resource]] 1 says name in two ways: as a whole, a list or parts.",
        ),
        (
            mapped(patient(**{"name.0.text": "x", "name.text": "y"})),
            "The mapping's [[resource]] 1 says name in two ways: as a whole, a list or parts.",
        ),
        (
            mapped(patient(birthDate={"column": "Born", "date": "%d/%m/%y"})),
            "The mapping's [[resource]] 1 birthDate needs a format with a year of four digits (%Y).",
        ),
        (
            mapped(patient(birthDate={"column": "Born", "date": "%Y", "number": True})),
            "The mapping's [[resource]] 1 birthDate needs a column, and at most one of date, time, number and map.",
        ),
        (
            mapped(patient(gender={"column": "Sex", "mapp": {}})),
            "The mapping's [[resource]] 1 gender needs a column, and at most one of date, time, number and map.",
        ),
        (
            mapped(patient(gender={"column": "Sex", "map": "M"})),
            "The mapping's [[resource]] 1 gender needs a map from the sheet's words to FHIR's.",
        ),
        (
            mapped(patient(managingOrganization={"reference": "Organization"})),
            "The mapping's [[resource]] 1 managingOrganization needs a reference (a type) and an id, and nothing else.",
        ),
        (
            mapped(patient(birthDate=1.5)),
            "The mapping's [[resource]] 1 birthDate is neither words, a number, true or false, nor a table.",
        ),
        (
            mapped({"type": "Patient", "id": "{ID}", "when": 7}),
            "The mapping's [[resource]] 1 has a `when` that is not a column, columns, or columns with their words.",
        ),
    ],
)
def test_a_mistake_in_the_mapping_is_told_with_its_place(mapping, reason):
    with pytest.raises(Refused) as refusal:
        csv_rows.read_mapping(mapping)

    assert str(refusal.value) == reason


CELLS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00\r\n"), max_size=12)


@given(st.lists(st.tuples(st.integers(1, 999), CELLS), min_size=1, max_size=6))
def test_whatever_stands_in_the_cells_comes_out_as_it_was_written(rows):
    quoted = ['{},"{}"\n'.format(number, cell.replace('"', '""')) for number, cell in rows]
    mapping = mapped(patient(**{"name.0.text": "{Name}"}), delimiter=",")

    found = read("ID,Name\n" + "".join(quoted), mapping)

    assert [(one["id"], one.get("name", [{"text": ""}])[0]["text"]) for one in found[::2]] == [
        (str(number), cell.strip()) for number, cell in rows
    ]


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_and_never_raise(content):
    found = list(csv_rows.entries("x.csv", b"ID,Name\n" + content, mapped(patient(**{"name.0.text": "{Name}"}))))

    assert all(isinstance(one, Entry) or one.reason for one in found)
