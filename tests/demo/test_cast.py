"""The cast's files: of today, sound, and about nobody real."""

import csv
import gzip
import re
import tomllib
from collections import defaultdict
from datetime import timedelta

import nhs_number
import orjson
import pytest

from locality.demo.cast_files import fill, the_cast, write_cast
from locality.record.intake import structure
from locality.record.intake.entry import Unreadable
from tests.demo.reading import (
    MIDDLE_OF_THE_NIGHT,
    PACK,
    SATURDAY,
    at,
    everything,
    held,
    numbers_of,
    patients,
    read,
    rows_of,
    sent,
    written,
)

# ---- days


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        ("{{day}}", "2026-11-21"),
        ("{{day-21}}", "2026-10-31"),
        ("{{day-28T14:30}}", "2026-10-24T14:30:00+01:00"),
        ("{{day+5T09:00}}", "2026-11-26T09:00:00+00:00"),
        ("{{thu+1}}", "2026-11-26"),
        ("{{thu+2T10:30}}", "2026-12-03T10:30:00+00:00"),
        ("{{sat+1}}", "2026-11-28"),
        ("{{sat-1}}", "2026-11-14"),
        ("{{fri-2}}", "2026-11-13"),
        ("{{month-11}}", "2025-12"),
        ("{{month+2}}", "2027-01"),
        ("{{year-9}}", "2017"),
        ("{{words day-17T14:35}}", "Wed 4 Nov 2026, 14:35"),
        ("{{uk day-17}}", "04/11/2026"),
        ("{{hl7 day-17T14:35}}", "202611041435"),
        ("from {{day-1}} to {{day+1}}", "from 2026-11-20 to 2026-11-22"),
    ],
)
def test_a_mark_says_a_day_counted_from_the_demos(mark, words):
    assert fill(mark, on=SATURDAY) == words


@pytest.mark.parametrize("mark", ["{{thu}}", "{{thu+0}}", "{{someday-3}}", "{{day-3T9:00}}", "{{file ../cast.toml}}"])
def test_a_mark_that_says_no_day_is_refused(mark):
    with pytest.raises(ValueError, match="no day|neither a day nor a file"):
        fill(mark, on=SATURDAY)


def test_the_same_day_gives_the_same_bytes(tmp_path):
    once = write_cast(tmp_path / "once", on=SATURDAY)
    again = write_cast(tmp_path / "again", on=SATURDAY)

    assert [(source, path.name, path.read_bytes()) for source, path in once] == [
        (source, path.name, path.read_bytes()) for source, path in again
    ]


def test_no_mark_is_left_in_what_is_sent(tmp_path):
    sent_files = [path.read_bytes() for _, path in write_cast(tmp_path, on=SATURDAY)]
    plain = [gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content for content in sent_files]

    assert [content for content in plain if b"{{" in content] == []


@pytest.mark.parametrize("on", [SATURDAY + timedelta(days=days) for days in range(7)], ids=lambda on: f"{on:%a}")
def test_whatever_is_booked_is_to_come_and_whatever_is_over_has_been(on):
    today = at(f"{on}{MIDDLE_OF_THE_NIGHT}")
    things = [one for _, one in sorted(held(on).items())]
    booked = [one for one in things if one["resourceType"] == "Appointment" and one["status"] == "booked"]
    over = [one for one in things if one["resourceType"] == "Encounter" and one["status"] == "finished"]

    assert [one["id"] for one in booked if not today < at(one["start"]) < at(one["end"])] == []
    assert [one["id"] for one in over if not at(one["period"]["start"]) <= at(end_of(one)) < today] == []
    assert [one["id"] for one in things if "meta" in one and at(one["meta"]["lastUpdated"]) >= today] == []


def end_of(encounter: dict) -> str:
    return encounter["period"].get("end") or encounter["period"]["start"]


# ---- soundness


def test_every_payload_is_read_and_is_sound_fhir(tmp_path):
    problems = []
    for source, path in write_cast(tmp_path, on=SATURDAY):
        for one in read(source, path):
            found = [one.reason] if isinstance(one, Unreadable) else structure.check(one.content)[1]
            problems += [(one.place, problem) for problem in found]

    assert problems == []


def test_a_reference_names_something_that_its_source_sends():
    names = {(source, f"{one['resourceType']}/{one['id']}") for source, one in everything()}
    dangling = {
        (source, one["id"], reference)
        for source, one in everything()
        for reference in re.findall(r'"reference":"([A-Z]\w+/[^"]+)"', orjson.dumps(one).decode())
        if (source, reference) not in names
    }

    assert dangling == set()


def test_a_code_means_one_thing_across_the_cast():
    meanings = defaultdict(set)
    for code, display in re.findall(
        r'"system": "http://snomed.info/sct", "code": "(\d+)", "display": "([^"]+)"', written()
    ):
        meanings[code].add(display)

    assert {code: words for code, words in meanings.items() if len(words) > 1} == {}
    assert len(meanings) > 50


def test_every_source_of_the_pack_that_is_connected_sends_something():
    sources = tomllib.loads((PACK / "sources.toml").read_text())["source"]
    expected = {one["code"] for one in sources if one["connected"] and not one.get("trial")}

    assert set(sent(SATURDAY)) == expected


# ---- invented


def test_nhs_numbers_are_of_the_range_kept_for_synthetic_people():
    said = {number for _, one in everything() if one["resourceType"] == "Patient" for number in numbers_of(one)}
    people = the_cast()["people"]
    wrong = {people["joyce"]["wrong_number"]["value"]}
    expected = {one["nhs_number"] for one in people.values()} | {people["rowan"]["earlier"]["nhs_number"]} | wrong

    assert said == expected
    assert len(expected) == len(people) + 2
    assert {
        number for number in said if not nhs_number.is_valid(number, for_region=nhs_number.REGION_SYNTHETIC)
    } == wrong


def test_telephone_numbers_are_kept_for_drama():
    numbers = re.findall(r"(?<![\d.-])0\d{2,4} ?\d{3} ?\d{3,4}(?!\d)", written())

    assert len(numbers) > 100
    assert [one for one in numbers if not re.fullmatch(r"07700 900\d{3}|0161 496 0\d{3}", one)] == []


def test_e_mail_goes_nowhere():
    hosts = set(re.findall(r"[\w.]+@([\w.]+)", written()))

    assert hosts == {"example.org", "example.com"}


def test_everyone_lives_in_the_neighbourhood_that_their_postcode_lies_in():
    wards = {row["code"]: row["neighbourhood"] for row in rows_of("wards.csv")}
    with gzip.open(PACK / "postcodes.csv.gz", "rt") as lines:
        areas = {row["code"]: wards.get(row["ward"]) for row in csv.DictReader(lines)}
    people = the_cast()["people"]
    homes = {key: patients("gp", key)[0]["address"][0]["postalCode"] for key in people}

    assert homes == {key: one["postcode"] for key, one in people.items()}
    assert {key: areas.get(home) for key, home in homes.items()} == {
        key: one["neighbourhood"] for key, one in people.items()
    }
