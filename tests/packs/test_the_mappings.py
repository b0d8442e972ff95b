"""The sheets that the pack's senders keep become what intake stores."""

import json
import tomllib
from pathlib import Path

import pytest

from locality.directory.pack import pack_folder
from locality.record.intake import csv_rows, structure
from locality.record.intake.entry import Entry

SHEETS = Path(__file__).parents[1] / "data" / "packs" / "sheets"


def received(name: str) -> list[dict]:
    mapping = tomllib.loads((pack_folder("bury") / "mappings" / f"{name}.toml").read_text())
    entries = list(csv_rows.entries(f"{name}.csv", (SHEETS / f"{name}.csv").read_bytes(), mapping))
    assert [entry for entry in entries if not isinstance(entry, Entry)] == []
    assert [problems for entry in entries if (problems := structure.check(entry.content)[1])] == []
    return [json.loads(entry.content) for entry in entries]


def told(resources: list[dict], kind: str) -> list[dict]:
    return [
        {key: value for key, value in resource.items() if key not in ("id", "meta", "resourceType")}
        for resource in resources
        if resource["resourceType"] == kind
    ]


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("vcfa", ["Patient", "CareTeam", "Communication", "Appointment", "Binary", "Patient", "Binary"]),
        (
            "persona",
            [
                *("Patient", "CareTeam", "Encounter", "Communication", "Binary"),
                *("Patient", "CareTeam", "Encounter", "Binary"),
                *("Patient", "Encounter", "Binary"),
            ],
        ),
    ],
)
def test_each_row_becomes_what_it_says_and_is_kept_as_written(name, kinds):
    assert [resource["resourceType"] for resource in received(name)] == kinds


def test_a_befriending_row_says_who_visits_what_happened_and_when_next():
    rows = received("vcfa")

    assert told(rows, "Patient")[0] == {
        "identifier": [
            {"system": "https://vcfa.example/Id/patient-number", "value": "B-17"},
            {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"},
        ],
        "active": True,
        "name": [
            {"use": "official", "text": "Edith O'Hara", "family": "O'Hara", "given": ["Edith"]},
            {"use": "nickname", "text": "Edie"},
        ],
        "birthDate": "1941-03-12",
        "gender": "female",
        "address": [{"use": "home", "line": ["4 Made Up Row"], "city": "Radcliffe", "postalCode": "M26 2TH"}],
        "telecom": [{"system": "phone", "value": "0161 496 0123"}],
    }
    assert told(rows, "CareTeam") == [
        {
            "status": "active",
            "name": "Befriending",
            "subject": {"reference": "Patient/B-17"},
            "period": {"start": "2026-09-01"},
            "participant": [{"role": [{"text": "Befriender"}], "member": {"display": "Rita Invented"}}],
            "telecom": [{"system": "phone", "value": "07700 900111"}],
        }
    ]
    assert told(rows, "Communication") == [
        {
            "status": "completed",
            "category": [{"text": "Befriending visit"}],
            "subject": {"reference": "Patient/B-17"},
            "sent": "2026-10-22T14:00:00+01:00",
            "payload": [{"contentString": "Played cards, in good spirits"}],
        }
    ]
    assert told(rows, "Appointment") == [
        {
            "status": "booked",
            "description": "Befriending visit",
            "start": "2026-11-05T14:00:00+00:00",
            "end": "2026-11-05T15:00:00+00:00",
            "participant": [{"actor": {"reference": "Patient/B-17"}, "status": "accepted"}],
        }
    ]


def test_a_befriending_row_that_says_little_becomes_little():
    rows = received("vcfa")

    assert told(rows, "Patient")[1] == {
        "identifier": [{"system": "https://vcfa.example/Id/patient-number", "value": "B-18"}],
        "active": True,
        "name": [{"use": "official", "text": "Tom Ash", "family": "Ash", "given": ["Tom"]}],
        "birthDate": "1950-01-01",
    }


def test_a_visit_is_one_and_the_same_from_its_booking_on():
    visits = told(received("persona"), "Encounter")

    assert [(visit["status"], visit["class"]["code"], visit["period"]["start"]) for visit in visits] == [
        ("finished", "AMB", "2026-10-20T10:00:00+01:00"),
        ("planned", "HH", "2026-11-27T09:30:00+00:00"),
        ("cancelled", "AMB", "2026-10-21T10:00:00+01:00"),
    ]


def test_what_a_key_worker_noticed_is_kept_in_their_words():
    rows = received("persona")

    assert [note["payload"] for note in told(rows, "Communication")] == [
        [{"contentString": "Ate well; walked to the café with her frame"}]
    ]
    assert told(rows, "CareTeam")[0]["participant"] == [
        {"role": [{"text": "Key worker"}], "member": {"display": "Sam Invented"}}
    ]
