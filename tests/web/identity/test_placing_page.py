"""What was written while two people were one is placed by the custodian once they are parted."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from locality.base import system
from locality.journal.models import Event
from locality.people.actions.merging import merge_people, undo_merge
from locality.people.models import Merge, Person
from locality.record.models import Remark
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def desmond(sign_in):
    return sign_in("Desmond", "Clarke", roles=("identity_custodian",), teams=())


def parted() -> tuple[Person, Person, Merge, Remark]:
    """Peggy and Ann were one for an hour, in which Sadia said that a line is not hers."""
    gp = make.source("gp")
    people = [make.person("Hargreaves", given) for given in ("Margaret", "Ann")]
    rows = [make.resource(make.patient(one, gp, local_id=one.given), make.problem(id=one.given)) for one in people]
    merge = merge_people(kept=people[0], alias=people[1], reason="They said so", by=system(at=make.ago(hours=3)))
    remark = make.remark(rows[1], people[0], said_at=make.ago(hours=2))
    undo_merge(merge=merge, by=system(at=make.ago(hours=1)))
    return people[0], people[1], merge, remark


def words_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def place(browser, merge: Merge, remark: Remark, side: str):
    return browser.post(reverse("identity_place", args=[merge.pk, remark.pk]), {"side": side})


def test_what_waits_is_told_without_what_it_says(desmond):
    parted()

    words = words_of(desmond.get("/identity/to-place"))

    assert "1 remark waits to be placed" in words
    assert ("HARGREAVES, Ann" in words, "Sadia Rahman" in words) == (True, True)
    assert ("She has never had it" in words, "Asthma" in words) == (False, False)


def test_nothing_that_waits_says_what_would_be_here(desmond):
    make.source("gp")

    assert "Nothing waits to be placed" in words_of(desmond.get("/identity/to-place"))


def test_it_is_placed_with_one_of_them_and_waits_no_longer(desmond):
    _, ann, merge, remark = parted()

    place(desmond, merge, remark, "parted")

    assert Remark.objects.get().person_id == ann.pk
    assert "Nothing waits to be placed" in words_of(desmond.get("/identity/to-place"))


def test_what_is_true_of_neither_is_taken_back(desmond):
    *_, merge, remark = parted()

    place(desmond, merge, remark, "neither")

    assert Remark.objects.get().withdrawn_at is not None


@pytest.mark.parametrize("side", ["", "both"])
def test_what_is_no_side_places_nothing(desmond, side):
    peggy, _, merge, remark = parted()

    answer = place(desmond, merge, remark, side)

    assert (answer.status_code, Remark.objects.get().person_id) == (404, peggy.pk)


def test_two_who_are_apart_for_good_are_never_named_together(desmond):
    peggy, ann, merge, remark = parted()
    make.earlier_identity(peggy, ann)

    words = words_of(desmond.get("/identity/to-place"))

    assert ("HARGREAVES" in words, place(desmond, merge, remark, "parted").status_code) == (False, 404)


def test_both_are_written_down_as_shown(desmond):
    peggy, ann, *_ = parted()

    desmond.get("/identity/to-place")

    shown = Event.objects.filter(what="identity.to-place-listed").values_list("person_id", flat=True)
    assert set(shown) == {peggy.pk, ann.pk}


def test_nobody_else_sees_or_places_it(sign_in):
    peggy, _, merge, remark = parted()
    browser = sign_in()

    answers = [browser.get("/identity/to-place"), place(browser, merge, remark, "parted")]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert Remark.objects.get().person_id == peggy.pk


def test_what_does_not_wait_is_not_found(desmond):
    *_, remark = parted()

    assert desmond.post(reverse("identity_place", args=[uuid4(), remark.pk]), {"side": "kept"}).status_code == 404


@pytest.mark.parametrize("remarks", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(desmond, remarks, django_assert_num_queries):
    peggy, *_ = parted()
    for number in range(remarks - 1):
        row = make.resource(
            make.patient(peggy, make.source("acute"), local_id=str(number)), make.problem(id=str(number))
        )
        make.remark(row, peggy, said_at=make.ago(hours=2) + timedelta(minutes=number + 1))
    desmond.get("/find")

    # session, viewer; what waits, who is apart for good; the audit; the transaction's own two
    with django_assert_num_queries(7):
        desmond.get("/identity/to-place")
