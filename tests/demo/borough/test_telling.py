"""What the sources tell of the synthetic borough, read as the intake reads it."""

import tomllib
from collections import Counter
from pathlib import Path

import orjson
import pytest

from locality.base import Refused
from locality.demo.borough import write_borough
from locality.demo.borough.published import practices
from locality.demo.borough.telling.acute import news2
from locality.record.headlines import headline
from locality.record.intake.entry import Unreadable
from tests.demo.borough.reading import ON, PEOPLE, SEED, everybody, prepared, read, rows, small
from tests.demo.reading import PACK

ABOUT_NOBODY = {"Practitioner", "Organization"}


def test_nothing_that_is_told_is_refused():
    refused = [
        (source, one.reason) for source, told in prepared().items() for one in told if isinstance(one, Unreadable)
    ]

    assert refused == []


def test_every_resource_says_what_it_is():
    silent = [
        (source, one.type)
        for source, told in prepared().items()
        for one in told
        if not one.headline.title or one.headline.caution
    ]

    assert silent == []


def test_patients_come_before_what_is_about_them():
    for source, told in prepared().items():
        met = set()
        early = []
        for one in told:
            if one.type == "Patient":
                met.add(one.local_id)
            elif one.type not in ABOUT_NOBODY and (one.subject is None or one.subject.local_id not in met):
                early.append((one.type, one.local_id))

        assert (source, early) == (source, [])


def test_no_source_uses_an_id_twice():
    for source, told in prepared().items():
        if source in ("acute-adt", "persona"):
            continue  # a later message or row says the same thing again
        counts = Counter((one.type, one.local_id) for one in told)

        assert (source, [key for key, many in counts.items() if many > 1]) == (source, [])


def test_sources_send_only_what_the_pack_says_they_send():
    pack = tomllib.loads((PACK / "sources.toml").read_text())
    said = {one["code"]: set(one.get("sends", ())) for one in pack["source"]}

    for source, told in prepared().items():
        assert (source, {one.type for one in told} - said[source]) == (source, set())


def test_nothing_is_told_of_the_days_to_come_but_bookings():
    late = [
        (source, one.type, one.headline.happened_at)
        for source, told in prepared().items()
        for one in told
        if one.headline.happened_at is not None
        and one.headline.happened_at.date() > ON
        and one.headline.status not in ("planned", "booked")
    ]

    assert late == []


def test_labels_name_every_patient_that_was_told_and_no_other():
    labels = {(row["source"], row["local_id"]) for row in rows(small().labels)}

    told = {(source, one.local_id) for source, some in prepared().items() for one in some if one.type == "Patient"}

    assert told == labels


def test_labels_and_people_are_not_among_what_is_received():
    kept_apart = {small().labels, small().people}

    assert kept_apart & {path for _, path in small().files} == set()


def test_the_truth_is_told_of_everybody_once():
    truth = rows(small().people)

    assert [int(row["person"]) for row in truth] == list(range(PEOPLE))
    assert {row["nhs_number"] for row in truth} == {person.nhs_number for person in everybody()}


def test_a_person_at_a_practice_elsewhere_is_not_told_of_by_the_practices_here():
    ours = {code for code, one in practices().items() if one.ours}
    here = {row["person"] for row in rows(small().labels) if row["source"] == "gp"}

    assert here == {row["person"] for row in rows(small().people) if row["practice"] in ours}
    assert 0 < len(here) < PEOPLE


def test_about_forty_resources_a_person_in_full_and_about_ten_in_light(tmp_path):
    light = write_borough(tmp_path, people=PEOPLE, seed=SEED, on=ON, depth="light")

    def a_person(written) -> float:
        return sum(int(n) for name, n in written.counts.items() if name[5:].islower() and name[:5] == "told.") / PEOPLE

    assert a_person(small()) == pytest.approx(40, abs=6)
    assert a_person(light) == pytest.approx(11, abs=3)


def test_what_was_counted_as_told_is_what_is_read():
    read_of = {source: len(told) for source, told in prepared().items()}
    staff = {source: sum(one.type in ABOUT_NOBODY for one in told) for source, told in prepared().items()}

    assert {source: small().counts[f"told.{source}"] for source in read_of} == {
        source: many - staff[source] for source, many in read_of.items()
    }


def test_the_same_people_are_told_of_in_light_as_in_full(tmp_path):
    light = write_borough(tmp_path, people=PEOPLE, seed=SEED, on=ON, depth="light")

    assert rows(light.people) == rows(small().people)
    assert {row["local_id"] for row in rows(light.labels)} == {row["local_id"] for row in rows(small().labels)}


def test_the_same_words_make_the_same_files_however_the_work_is_spread(tmp_path):
    def backwards(function, jobs):
        return [function(job) for job in reversed(list(jobs))]

    def content(written) -> dict[str, bytes]:
        return {f"{source}/{path.name}": path.read_bytes() for source, path in written.files}

    one = write_borough(tmp_path / "one", people=900, seed=SEED, on=ON, depth="light")
    other = write_borough(tmp_path / "other", people=900, seed=SEED, on=ON, depth="light", spread=backwards)

    assert content(one) == content(other)
    assert [path.name for _, path in one.files] == [path.name for _, path in other.files]
    assert one.labels.read_bytes() == other.labels.read_bytes()
    assert one.counts == other.counts


def test_no_record_is_torn_between_two_files(tmp_path, monkeypatch):
    monkeypatch.setattr("locality.demo.borough.writing.FILE_BYTES", 50_000)

    written = write_borough(tmp_path, people=200, seed=SEED, on=ON)

    homes = {}
    for source, path in written.files:
        if source == "gp" and not path.name.startswith("staff"):
            for _, one in read(type(written)([(source, path)], written.labels, written.people)):
                homes.setdefault(one.subject.local_id, set()).add(path.name)
    assert len({name for names in homes.values() for name in names}) > 3
    assert [names for names in homes.values() if len(names) > 1] == []


def test_the_dead_are_dead_at_their_practice():
    died = {row["person"] for row in rows(small().people) if row["died"] == "True"}
    known = {row["local_id"] for row in rows(small().labels) if row["source"] == "gp" and row["person"] in died}

    told = {one.local_id for one in prepared()["gp"] if one.type == "Patient" and one.sent.died}

    assert died
    assert told == known


def test_a_stay_is_one_visit_in_the_record_and_in_the_messages():
    def visits(source: str) -> set[str]:
        told = [orjson.loads(one.entry.content) for one in prepared()[source] if one.type == "Encounter"]
        return {number["value"] for one in told for number in one.get("identifier", [])}

    assert visits("acute-adt")
    assert visits("acute-adt") <= visits("acute")


@pytest.mark.parametrize(
    ("signs", "total"),
    [
        ({"respiration": 12, "saturation": 96, "pulse": 51, "temperature": 36.1, "bp": 111}, 0),
        ({"respiration": 21, "saturation": 95, "pulse": 91, "temperature": 38.1, "bp": 110}, 6),
        ({"respiration": 25, "saturation": 91, "pulse": 131, "temperature": 35.0, "bp": 90}, 15),
        ({"respiration": 8, "saturation": 93, "pulse": 40, "temperature": 39.1, "bp": 220}, 13),
    ],
)
def test_news2_totals_are_as_its_table_has_them(signs, total):
    assert news2(signs) == total


def test_an_unknown_depth_is_refused(tmp_path):
    with pytest.raises(Refused, match="There is no depth 'deep': say full or light"):
        write_borough(tmp_path, people=10, seed=1, on=ON, depth="deep")


def test_headlines_read_a_sensitive_condition_as_restricted():
    marked = [
        headline(orjson.loads(one.entry.content))
        for told in prepared().values()
        for one in told
        if one.type == "Condition" and one.headline.label == "R"
    ]

    assert marked
    assert {one.data_class for one in marked} == {"SENS"}


def test_the_folder_holds_nothing_but_what_is_said(tmp_path: Path):
    written = write_borough(tmp_path, people=60, seed=SEED, on=ON, depth="light")

    assert {path for path in tmp_path.rglob("*") if path.is_file()} == {
        *(path for _, path in written.files), written.labels, written.people,
    }  # fmt: skip
