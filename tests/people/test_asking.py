"""Statements that need not wait for each other's answers go to the server together."""

import tempfile
from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from django.db import DataError, connection, transaction

from locality.journal.actions import tell, telling
from locality.journal.models import News
from locality.people.actions import receive_patients
from locality.people.queries import linking
from locality.people.queries.asking import Statement, at_once, rows, write_now
from locality.people.rules import PatientSent, patient_id
from tests.intake_fixtures import AT, by, source

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

COUNT = "select count(*) from journal_news"
WRONG = ("select %s::date", ["no day"])


def told(*what: str) -> list[Statement]:
    return [*telling([News(at=AT, what=one, detail={"of": one}) for one in what])]


def test_they_run_in_order_and_each_sees_what_those_before_it_wrote():
    answers = at_once((COUNT, None), *told("a", "b"), (COUNT, None), *told("c"), (COUNT, None))

    assert answers == [[(0,)], [], [(2,)], [], [(3,)]]


def test_none_and_one_are_asked_as_well():
    assert (at_once(), at_once((COUNT, None))) == ([], [[(0,)]])


def test_when_one_fails_it_is_told_and_none_of_them_stays():
    with pytest.raises(DataError, match="no day"), transaction.atomic():
        at_once(*told("a"), WRONG, *told("b"))

    assert rows(COUNT) == [(0,)]


def test_what_is_written_now_is_not_written_again():
    writes = told("a")

    write_now(writes)
    write_now(writes)

    assert (writes, rows(COUNT)) == ([], [(1,)])


def test_news_told_as_a_statement_are_the_news_that_are_told_alone():
    here = patient_id(source=source("gp").pk, local_id="1")
    news = [
        News(at=AT, what="patient.linked", patient_id=here, person_id=here),
        News(at=AT, what="person.too-large", patient_id=here, about_id=here, detail={"kept": [1, "two", None]}),
    ]

    tell(news)
    at_once(*telling(news))

    lines = News.objects.order_by("id").values_list("at", "what", "person_id", "patient_id", "about_id", "detail")
    assert list(lines[2:]) == list(lines[:2]) != []


def test_whoever_shares_a_key_is_read_with_it_as_they_are_compared():
    here, there = source("gp").pk, source("acute").pk
    receive_patients(sent=[*three(here), *three(there)], by=by())
    both = [sent(here, "1").id, sent(there, "1").id]
    row, other = linking.compared(both)
    rest = linking.compared([sent(here, "2").id, sent(here, "3").id])
    shared, *_ = {*row.keys} & {*other.keys} - {key for one in rest for key in one.keys}

    asked = linking.holders({shared: 101, -1: 101})

    assert {key: sorted(patients) for key, patients in asked.holders.items()} == {shared: sorted(both), -1: []}
    assert asked.compared == {one.id: one for one in (row, other)}


def test_with_many_keys_nobody_is_read_beside_them():
    here = source("gp").pk
    receive_patients(sent=three(here), by=by())
    keys = {key for row in linking.compared([one.id for one in three(here)]) for key in row.keys}

    asked = linking.holders(dict.fromkeys([*keys, *range(-linking.FEW, 0)], 101))

    assert (len(asked.holders), asked.compared) == (len(keys) + linking.FEW, {})


# ---- how often somebody who arrives waits for the server


def waits(act: Callable[[], object]) -> int:
    """How often the server was waited for: each time it says that it is ready for more."""
    raw = connection.connection.pgconn
    with tempfile.TemporaryFile("w+") as told:
        raw.trace(told.fileno())
        try:
            act()
        finally:
            raw.untrace()
        told.seek(0)
        return sum("ReadyForQuery" in line for line in told)


def sent(here: UUID, local_id: str, **other: object) -> PatientSent:
    words = {
        "given": "Margaret", "family": "Hargreaves", "birth_on": date(1942, 2, 12), "sex": "female",
        "address_lines": ("3 Mill Lane", "Elmbridge"), "postcode": "BL9 1AB", "phone": "01614960123",
    }  # fmt: skip
    return PatientSent(source=here, local_id=local_id, said_at=AT, **(words | other))  # type: ignore[arg-type]


def three(here: UUID) -> list[PatientSent]:
    return [sent(here, "1"), sent(here, "2", given="Peter"), sent(here, "3", given="Wilhelmina")]


def test_an_arrival_waits_for_the_server_four_times_and_twice_for_its_savepoint():
    new, known = sent(source("gp").pk, "1"), sent(source("acute").pk, "1")

    alone = waits(lambda: receive_patients(sent=[new], by=by()))
    joined = waits(lambda: receive_patients(sent=[known], by=by()))

    assert (alone, joined) == (4 + 2, 4 + 2)
    assert len(set(receive_patients(sent=[new, known], by=by()).values())) == 1


def test_three_who_arrive_together_wait_no_oftener_than_one():
    here, there = source("gp").pk, source("acute").pk
    receive_patients(sent=three(here), by=by())

    assert waits(lambda: receive_patients(sent=three(there), by=by())) == 4 + 2
