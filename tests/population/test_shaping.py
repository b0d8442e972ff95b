"""The steps from lines to tables, over lines written by hand: no database, so that each rule can be tried alone."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa
import pytest

from locality.population.actions.shaping import Job, shape
from locality.population.queries.reading import FACE, LINE

LONDON = ZoneInfo("Europe/London")
ON, UNTIL = date(2026, 8, 1), datetime(2026, 8, 2)
STAY = {"type": "Encounter", "class": "IMP", "method": "21", "status": "finished", "state": "past"}
VISIT = {"type": "Encounter", "class": "HH", "service": "District nursing", "said": "Contact"}


def here(*when) -> datetime:
    """A moment by the clock in London, as the record keeps it."""
    return datetime(*when, tzinfo=LONDON).astimezone(UTC).replace(tzinfo=None)


def line(number, *, at, ends=None, **told):
    began = at.replace(tzinfo=UTC).astimezone(LONDON).date()
    over = ends.replace(tzinfo=UTC).astimezone(LONDON).date() if ends else None
    days = {"happened_at": at, "happened_on": began, "ends_at": ends, "ends_on": over, "happened_length": 10}
    usual = {"person": "ann", "source": "acute", "sender": "RSB", "about": f"a{number}", "heard_on": ON, "said": ""}
    return {**usual, **days, **told}


def shaped(folder, lines, **face):
    """The tables that these lines of Ann make, each a list of rows."""
    duck = duckdb.connect()
    told = {"person": pa.string(), **{name: kind for name, kind in LINE.items() if name != "patient"}}
    told["patient"] = pa.string()
    rows = pa.table({name: pa.array([one.get(name) for one in lines], kind) for name, kind in told.items()})
    duck.register("rows", rows)
    duck.execute("create table told as select * from rows")
    ann = {"birth_month": date(1940, 5, 1), "died": False, "opted_out": False, **face}
    columns = {name: kind for name, kind in FACE.items() if name not in ("id", "held")}
    faces = pa.table({name: pa.array([ann.get(name)], kind) for name, kind in columns.items()})
    duck.register("face", faces)
    duck.execute(
        "create table faces as select 'ann' as person, 0 as part, true as is_touched, true as in_slice, * from face"
    )
    duck.execute("create table objecting (person varchar, organisation varchar)")
    duck.execute("create table gone (person varchar, part integer)")
    job = Job(folder=folder, run="r", parts=1, old={}, on=ON, until=UNTIL, salt="s")
    done = shape(duck, job)
    return {
        name: duck.execute(f"select * from read_parquet('{folder / parts[0]}')").to_arrow_table().to_pylist()
        for name, parts in done.files.items()
        if 0 in parts
    }


@pytest.mark.parametrize("month", [1, 7], ids=["in winter", "in summer"])
def test_a_stay_that_was_sent_as_days_alone_lies_on_those_days(tmp_path, month):
    stay = line(1, at=here(2026, month, 1), ends=here(2026, month, 4), ready_text=f"2026-{month:02}-02", **STAY)

    (event,) = shaped(tmp_path, [stay])["events"]

    days = [event[name] for name in ("started_on", "ready_on", "ended_on")]
    assert days == [date(2026, month, 1), date(2026, month, 2), date(2026, month, 3)]


def test_of_two_tellings_of_one_visit_the_one_that_names_its_service_leads(tmp_path):
    told = {**STAY, "visit": "RSB/7", "ends": here(2026, 7, 4, 9)}
    bare = line(1, at=here(2026, 7, 1, 9), **told)
    full = line(2, at=here(2026, 7, 1, 15), service="Cardiology", **told)

    (event,) = shaped(tmp_path, [bare, full])["events"]

    assert (event["started_at"], event["ward_or_service"]) == (here(2026, 7, 1, 15), "Cardiology")


def test_a_stay_that_was_sent_to_the_minute_lies_on_its_days_by_the_clock_here(tmp_path):
    ready = "2026-07-02T00:30:00+01:00"
    stay = line(1, at=here(2026, 7, 1, 0, 30), ends=here(2026, 7, 3, 0, 30), ready_text=ready, **STAY)

    (event,) = shaped(tmp_path, [stay])["events"]

    assert event["started_at"] == datetime(2026, 6, 30, 23, 30)
    assert [event[name] for name in ("started_on", "ready_on", "ended_on")] == [
        date(2026, 7, 1), date(2026, 7, 2), date(2026, 7, 3),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("ends", "place"),
    [(here(2026, 7, 4), "hospital"), (here(2026, 7, 3, 23, 30), "hospital"), (here(2026, 7, 3), None), (None, None)],
    ids=["that whole day", "late that day", "the day before", "it goes on"],
)
def test_who_died_on_the_day_a_stay_ended_died_in_hospital(tmp_path, ends, place):
    stay = line(1, at=here(2026, 7, 1), ends=ends, **STAY)

    tables = shaped(tmp_path, [stay], died=True, died_on=date(2026, 7, 3))

    assert [(one["on_day"], one["place"]) for one in tables["deaths"]] == [(date(2026, 7, 3), place)]
    assert [(one["died"], one["died_on"]) for one in tables["people"]] == [(True, date(2026, 7, 3))]


def test_of_who_died_without_a_day_the_fact_is_told(tmp_path):
    tables = shaped(tmp_path, [], died=True)

    assert [(one["died"], one["died_on"]) for one in tables["people"]] == [(True, None)]
    assert [(one["on_day"], one["place"]) for one in tables["deaths"]] == [(None, None)]


@pytest.mark.parametrize(
    ("status", "happened"), [("finished", True), ("in-progress", True), ("planned", False), ("cancelled", False)]
)
def test_a_contact_says_whether_it_happened(tmp_path, status, happened):
    visit = line(1, at=here(2026, 7, 1, 9), status=status, state="past", **VISIT)

    (contact,) = shaped(tmp_path, [visit])["contacts"]

    assert (contact["outcome"], contact["happened"]) == (status, happened)


def test_a_referral_still_waits_while_its_contact_is_only_planned(tmp_path):
    asked = line(1, at=here(2026, 6, 1, 9), type="ServiceRequest", said="District nursing", state="current")
    visit = line(2, at=here(2026, 7, 1, 9), status="planned", state="planned", **VISIT)

    found = shaped(tmp_path, [asked, visit])["contacts"]

    assert sorted((one["outcome"], one["happened"]) for one in found) == [("planned", False), ("waiting", False)]


def test_a_fall_is_one_a_day_by_the_clock_here_and_beside_its_diagnosis(tmp_path):
    stay = line(1, at=here(2026, 7, 1), ends=here(2026, 7, 2), **STAY)
    coded = {"icd10": "W19", "code": "W19", "system": "http://hl7.org/fhir/sid/icd-10", "encounter": "a1"}
    words = {"said": "Fall, not specified", "category": "encounter-diagnosis", "state": "past"}
    hurt = line(2, at=here(2026, 7, 1), type="Condition", **coded, **words)
    told = line(
        3, at=here(2026, 7, 1, 18), type="Condition", said="Fell at home", code="", source="gp", state="current"
    )

    tables = shaped(tmp_path, [stay, hurt, told])

    falls = [one for one in tables["events"] if one["kind"] == "fall"]
    assert [(one["started_on"], one["ended_on"], one["sources"]) for one in falls] == [(date(2026, 7, 1), None, 2)]
    assert [(one["code"], one["on_day"]) for one in tables["diagnoses"]] == [("W19", date(2026, 7, 1))]


def test_who_lives_in_a_care_home_and_who_looks_after_somebody(tmp_path):
    placed = line(1, at=here(2026, 5, 1), type="CarePlan", topic="package", said="Nursing home", status="active")
    cares = line(2, at=here(2026, 5, 1), type="Flag", said="Is a carer", state="current")

    (person,) = shaped(tmp_path, [placed, cares])["people"]

    assert (person["care_home"], person["carer"]) == (True, True)


def test_ethnicity_is_the_one_that_most_senders_tell(tmp_path):
    told = [line(at, at=here(2026, 5, 1), type="Patient", ethnicity=one) for at, one in enumerate("AHHZ")]

    (person,) = shaped(tmp_path, told)["people"]

    assert person["ethnicity"] == "H"
