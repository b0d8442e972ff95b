"""NHS numbers corrected by hand, looked at and taken back: the custodian's pages."""

from datetime import date

import pytest
from django.urls import reverse

from locality.journal.models import Event
from locality.people.actions.earlier import keep_apart
from locality.people.actions.numbers import corrected
from locality.people.models import Identifier, NumberCorrection, Patient, Person
from locality.people.rules import NHS_NUMBER_SYSTEM
from locality.web.identity import numbers
from tests import factories as make

pytestmark = pytest.mark.django_db

BORN = {"birth_on": date(1960, 3, 14), "birth_text": "1960-03-14"}
OLD, NEW, OTHER = make.PEGGY_NUMBER, make.STAN_NUMBER, "9990000042"
WHO = "Personal Demographics Service, asked today"


@pytest.fixture
def desmond(sign_in):
    return sign_in("Desmond", "Clarke", roles=("identity_custodian",), teams=())


def somebody(source: str, number: str, *, family: str = "Hargreaves") -> tuple[Person, Patient]:
    row = make.person(family, "Peg", nhs_number=number, **BORN)
    patient = make.patient(row, make.source(source), local_id=f"{source}-{family}", nhs_number=number)
    Identifier.objects.get_or_create(
        patient=patient, system=NHS_NUMBER_SYSTEM, value=number, defaults={"nhs_state": "valid"}
    )
    return row, patient


def words_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def correct(browser, person: Person, patient: Patient, **other):
    told = {"which": f"{patient.pk}:{OLD}", "kind": "superseded", "now": NEW, "provenance": WHO}
    address = reverse("identity_number", args=[person.pk])
    return browser.post(address, {"about": str(person.pk), **told, **other})


def test_a_number_is_corrected_and_stands_on_the_list_with_who_says_so_and_who_holds_it(desmond):
    person, patient = somebody("gp", OLD)

    done = correct(desmond, person, patient)
    words = words_of(desmond.get(done.url))

    assert (done.status_code, done.url) == (302, reverse("identity_numbers"))
    assert Patient.objects.get(pk=patient.pk).nhs_number == NEW
    assert "<h1>1 corrected NHS number to look at</h1>" in words
    wanted = ["999 000 0018", "was replaced by a new number", "999 000 0026", WHO, "Desmond Clarke", "HARGREAVES, Peg"]
    assert [part for part in wanted if part not in words] == []
    assert Event.objects.filter(what="number.listed", person_id=person.pk).count() == 1


def test_looked_at_it_waits_no_longer_and_taken_back_the_old_number_is_believed_again(desmond):
    person, patient = somebody("gp", OLD)
    correct(desmond, person, patient)
    row = NumberCorrection.objects.get()

    desmond.post(reverse("identity_number_settle", args=[row.pk]))
    looked_at = words_of(desmond.get(reverse("identity_numbers")))
    desmond.post(reverse("identity_number_back", args=[row.pk]))
    taken_back = words_of(desmond.get(reverse("identity_numbers")))

    assert ("All corrected NHS numbers were looked at" in looked_at, "Looked at by Desmond Clarke" in looked_at) == (
        True,
        True,
    )
    assert ("Taken back by Desmond Clarke" in taken_back, Patient.objects.get().nhs_number) == (True, OLD)


@pytest.mark.parametrize(
    ("sent", "asked"),
    [
        ({"provenance": ""}, "Say who says so, and when."),
        ({"kind": ""}, "Say what happened to the number."),
        ({"kind": "eaten"}, "Choose one of those in the list."),
        ({"which": "anything"}, "Choose one of those in the list."),
        ({"now": "12345"}, "This is not a valid NHS number: 12345. Nothing was changed."),
        ({"now": ""}, "Say which number took its place: nothing was changed."),
        ({"now": OLD}, "The two numbers are the same: nothing was changed."),
    ],
)
def test_what_does_not_suffice_is_said_and_what_was_typed_stays(desmond, sent, asked):
    person, patient = somebody("gp", OLD)

    answer = correct(desmond, person, patient, **sent)

    assert (answer.status_code, NumberCorrection.objects.count()) == (422, 0)
    assert asked in words_of(answer).replace("&#39;", "'")


def test_a_record_that_is_no_longer_theirs_is_not_corrected_from_their_page(desmond):
    person, _ = somebody("gp", OLD)
    _, theirs = somebody("acute", OTHER, family="Entwistle")

    answer = correct(desmond, person, theirs, which=f"{theirs.pk}:{OTHER}")

    assert (answer.status_code, NumberCorrection.objects.count()) == (422, 0)


def test_a_correction_between_somebody_and_their_earlier_identity_is_shown_to_nobody(desmond):
    now, _ = somebody("gp", NEW)
    before, _ = somebody("acute", OLD, family="Entwistle")
    keep_apart(person=now, earlier=before, kind="adoption", reason="The order was seen", by=make.viewer())
    row = corrected(was=OLD, now=NEW, kind="superseded", provenance=WHO, by=make.viewer())

    words = words_of(desmond.get(reverse("identity_numbers")))
    answers = [
        desmond.post(reverse(way, args=[row.pk])).status_code
        for way in ("identity_number_settle", "identity_number_back")
    ]

    assert ("No NHS number was corrected" in words, "HARGREAVES" in words, answers) == (True, False, [404, 404])


def test_without_a_correction_the_page_says_how_they_come(desmond):
    assert "No NHS number was corrected" in words_of(desmond.get(reverse("identity_numbers")))


def test_a_nurse_is_refused_every_way(sign_in):
    person, patient = somebody("gp", OLD)
    row = corrected(was=OLD, now=NEW, kind="superseded", provenance=WHO, by=make.viewer())
    nurse = sign_in()

    answers = [
        nurse.get(reverse("identity_numbers")),
        nurse.get(reverse("identity_number", args=[person.pk])),
        correct(nurse, person, patient),
        nurse.post(reverse("identity_number_settle", args=[row.pk])),
        nurse.post(reverse("identity_number_back", args=[row.pk])),
    ]

    assert [one.status_code for one in answers] == [403] * 5
    row.refresh_from_db()
    assert (row.settled_at, row.withdrawn_at) == (None, None)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(desmond, rows, django_assert_num_queries):
    for number, was in enumerate([OLD, NEW, OTHER][:rows]):
        somebody(f"source{number}", was)
        corrected(was=was, now="", kind="void", provenance=WHO, by=make.viewer())
    desmond.get(reverse("identity_numbers"))

    # session, viewer, a savepoint and its release; those apart, the corrections, the audit
    with django_assert_num_queries(7):
        desmond.get(reverse("identity_numbers"))


def test_the_heading_counts_what_waits_on_every_page_of_the_list(desmond, monkeypatch):
    monkeypatch.setattr(numbers, "A_PAGE", 2)
    made = {"kind": "superseded", "provenance": WHO, "said_at": make.AT, "said_by": make.viewer().id}
    for number in range(3):
        NumberCorrection.objects.create(was=f"99900010{number:02}", now=f"99900020{number:02}", **made)
    way = reverse("identity_numbers")

    pages = [words_of(desmond.get(f"{way}?page={number}")) for number in (1, 2, 5)]

    assert [page.count("<h1>3 corrected NHS numbers to look at</h1>") for page in pages] == [1, 1, 1]
    assert ["3 to 3 of 3 corrections" in page for page in pages] == [False, True, True]
