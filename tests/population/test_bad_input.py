"""Bad input: unknown codes, codes with endings, wrong dates, rows said twice, a practice that closed, a move."""

from datetime import date, timedelta

import pytest

from locality.base.ids import new_id
from locality.directory.models import Neighbourhood, Postcode
from tests import factories as make
from tests.population.test_refresh import AT, refreshed
from tests.population.test_refreshing_again import ask

pytestmark = pytest.mark.django_db
ICD10 = "http://hl7.org/fhir/sid/icd-10"


def diagnosis(code: str, *, words: str = "Said so", **other) -> dict:
    sent = make.problem(words, "", onsetDateTime="2026-01-05", **other)
    return sent | {"code": make.coded(words, code, ICD10)}


@pytest.fixture
def ann(db):
    """What the hospital holds of somebody born in 1942."""
    return make.patient(make.person("Ann", "Ann", birth_on=date(1942, 3, 14)), make.source("acute"))


def conserved(run) -> bool:
    return run.read == run.used + run.said_again + run.left_out


def test_what_is_no_code_is_counted_and_what_is_a_code_that_nobody_knows_is_kept(ann, tmp_path):
    for number, code in enumerate(("??", "heart", "12", "Q999", "Z99.9")):
        make.resource(ann, diagnosis(code, id=f"d{number}"))
    make.resource(ann, make.problem("Something new", "999999999999"))

    run = refreshed(tmp_path)

    assert run.reasons == {"not a code of ICD-10": 3}
    assert ask(tmp_path, "select code from diagnoses order by code") == [("Q999",), ("Z999",)]
    assert ask(tmp_path, "select code, said from conditions where system = 'snomed'") == [
        ("999999999999", "Something new")
    ]
    assert conserved(run)


@pytest.mark.parametrize("written", ["I50.0", "i50.0", " I500 ", "I50.0D", "I50.0+", "I50.0-"])
def test_a_code_with_dots_and_endings_scores_as_the_plain_one(ann, tmp_path, written):
    make.resource(ann, diagnosis(written))

    run = refreshed(tmp_path)

    assert ask(tmp_path, "select score from scores where method = 'charlson'") == [(1.0,)]
    assert (run.reasons, conserved(run)) == ({}, True)


def test_one_code_written_in_two_ways_is_one_row_and_the_other_is_counted_as_said_again(ann, tmp_path):
    for number, written in enumerate(("I50.0", "i500", "I50.0")):
        make.resource(ann, diagnosis(written, id=f"d{number}"))

    run = refreshed(tmp_path)

    assert ask(tmp_path, "select code from diagnoses") == [("I500",)]
    assert (run.said_again > 0, conserved(run)) == (True, True)


def test_wrong_dates_are_left_out_each_with_its_reason(ann, tmp_path):
    days = ("2031-01-01", "1899-12-31", "1942-02-01", "2026-02-30", "2026-01-05")
    for number, day in enumerate(days):
        make.resource(ann, make.problem("Gout", f"9{number}", onsetDateTime=day, id=f"p{number}"))
    make.resource(
        ann,
        make.problem("Cough", "98", onsetDateTime="2026-01-05", abatementDateTime="2025-01-05", id="ended"),
    )

    run = refreshed(tmp_path)

    assert run.reasons == {"dated before 1900": 1, "dated before their birth": 1, "dated in the future": 1}
    assert run.noted["an end before its beginning, left out"] == 1
    # a day that there never was is no day: the problem stays, without one
    assert run.noted["a condition without a day"] == 1
    assert ask(tmp_path, "select code, started_on, ended_on from conditions order by code") == [
        ("93", None, None),
        ("94", date(2026, 1, 5), None),
        ("98", date(2026, 1, 5), None),
    ]
    assert conserved(run)


def test_rows_that_say_the_same_are_one_and_counted(ann, tmp_path):
    for number in range(3):
        make.resource(ann, make.problem("Gout", "90560007", onsetDateTime="2026-01-05", id=f"p{number}"))

    run = refreshed(tmp_path)

    assert ask(tmp_path, "select code, sources from conditions") == [("90560007", 1)]
    assert (run.used, run.said_again, run.left_out, conserved(run)) == (1, 2, 0, True)


def test_the_day_on_which_their_practice_closed_stands_beside_them_once_it_has(tmp_path):
    gp = make.source("gp")
    make.organisation("P12345", ends_on=AT.date() + timedelta(days=2))
    make.patient(make.person("Dee", "Dee", practice_code="P12345"), gp)

    runs, told = [], []
    for days in (0, 3):
        runs.append(refreshed(tmp_path, at=AT + timedelta(days=days)))
        told.append(ask(tmp_path, "select practice, left_on from people"))

    assert told == [[("P12345", None)], [("P12345", AT.date() + timedelta(days=2))]]
    assert [(run.kind, run.touched) for run in runs] == [("full", 1), ("changed", 1)]
    assert runs[1].noted["registered with a practice that has closed"] == 1


def test_whoever_moves_is_where_they_live_now_and_whoever_moves_away_is_counted(tmp_path):
    here = make.place()
    for code, name in (("east", "Eastside"), ("west", "Westside")):
        told = {"place": here, "origin": "invented", "verified": False}
        area = Neighbourhood.objects.create(id=new_id(), code=code, name=name, **told)
        Postcode.objects.create(id=new_id(), place=here, code=f"ZZ1 {len(name)}{name[:2].upper()}", neighbourhood=area)
    east, west = Postcode.objects.order_by("neighbourhood__code").values_list("code", flat=True)
    ann = make.person("Ann", "Ann", postcode=east)
    make.patient(ann, make.source("gp"))

    found = []
    for number, postcode in enumerate((east, west, "AB1 1AA")):
        ann.postcode = postcode
        ann.save(update_fields=["postcode"])
        run = refreshed(tmp_path, at=AT + timedelta(minutes=15 * number))
        (where,) = ask(tmp_path, "select neighbourhood from people")
        found.append((where[0], run.touched, run.noted.get("a postcode that is not of the place", 0)))

    assert found == [("east", 1, 0), ("west", 1, 0), (None, 1, 1)]
