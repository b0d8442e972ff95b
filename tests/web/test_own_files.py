"""The files that a line carries, kept by the person themselves, or by whoever acts for them, where the line opens."""

from base64 import b64encode

import pytest
from django.test import Client
from django.urls import reverse

from locality.access.models import Release
from locality.journal.models import Event
from locality.people.models import Person
from locality.record.models import Resource
from tests import factories as make
from tests.proof.crawl import plain
from tests.web.test_acting import choose, right, signed_in
from tests.web.test_release import decide

pytestmark = pytest.mark.django_db

CONTENT = b"%PDF-1.4 Bruises"


def letter(local_id: str) -> dict:
    file = {"contentType": "application/pdf", "data": b64encode(CONTENT).decode(), "title": "Letter of 3 November"}
    told = {"resourceType": "DocumentReference", "id": local_id, "status": "current", "date": "2026-11-03T11:20:00Z"}
    return told | {"type": make.coded("Discharge letter"), "content": [{"attachment": file}]}


@pytest.fixture
def peggy() -> Person:
    return make.peggy("gp")[0]


@pytest.fixture
def herself(peggy) -> Client:
    return signed_in(peggy, "peggy")


@pytest.fixture
def daughter(peggy) -> Client:
    ann = make.person("Lomas", "Ann", nhs_number="")
    right(peggy, ann)
    browser = signed_in(ann, "ann.lomas")
    choose(browser, peggy)
    return browser


def sent(peggy: Person, local_id: str = "d1", **other) -> Resource:
    return make.resource(make.patient(peggy, make.source("acute"), local_id=local_id), letter(local_id), **other)


def kept(browser: Client, row: Resource, number: int = 0):
    return browser.get(reverse("me_file", args=[row.thing, number]))


def test_a_file_is_the_persons_to_keep_and_keeping_it_is_on_the_books(peggy, herself):
    row = sent(peggy)

    page = herself.get(reverse("me_line", args=[row.thing])).content.decode()
    answer = kept(herself, row)

    assert f'href="{reverse("me_file", args=[row.thing, 0])}" download>Keep Letter of 3 November</a>' in page
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, CONTENT, "application/pdf")
    assert answer["Content-Disposition"] == 'attachment; filename="Letter_of_3_November.pdf"'
    assert (answer["Cache-Control"], answer["X-Content-Type-Options"]) == ("no-store", "nosniff")
    line = Event.objects.get(what="attachment.opened")
    assert (line.by_kind, line.by_id, line.person_id, line.about_id) == ("person", peggy.pk, peggy.pk, row.thing)


def test_a_file_that_is_kept_back_opens_with_its_line_and_closes_with_it(peggy, herself, sign_in):
    row, lead = sent(peggy, data_class="SAFE"), sign_in("Nadia", "Khan", roles=("safeguarding_lead",))
    before = kept(herself, row).status_code

    decide(lead, peggy, row)
    released = kept(herself, row)
    back = reverse("release_taken_back", args=[peggy.pk, Release.objects.get().pk])
    lead.post(back, {"about": str(peggy.pk), "words": "It was the wrong letter"})

    assert (before, released.status_code, released.content) == (404, 200, CONTENT)
    assert kept(herself, row).status_code == 404


@pytest.mark.parametrize(("data_class", "status"), [("SUM", 200), ("CLIN", 404), ("SENS", 404), ("SAFE", 404)])
def test_whoever_acts_keeps_files_of_what_opens_to_them_whole(peggy, daughter, data_class, status):
    row = sent(peggy, data_class=data_class)

    assert kept(daughter, row).status_code == status


def test_what_was_released_to_the_person_is_no_file_of_whoever_acts(peggy, daughter, sign_in):
    row, lead = sent(peggy, data_class="SAFE"), sign_in("Nadia", "Khan", roles=("safeguarding_lead",))

    decide(lead, peggy, row)

    assert kept(daughter, row).status_code == 404


def test_a_letter_said_to_be_somebody_elses_is_not_there_nor_is_its_file(peggy, herself):
    row = sent(peggy)
    make.remark(row, peggy)

    line = herself.get(reverse("me_line", args=[row.thing]))

    assert (line.status_code, kept(herself, row).status_code) == (404, 404)


def test_another_persons_file_and_one_that_is_not_there_answer_alike(peggy, herself):
    stan = make.person("Kowalczyk", "Stan", nhs_number=make.STAN_NUMBER)
    theirs, mine = sent(stan, "d2"), sent(peggy)

    told = [kept(herself, theirs), kept(herself, mine, number=7)]

    assert [one.status_code for one in told] == [404, 404]
    # each names its own address alone, for the way back of a press
    own = [plain(one.content.decode()).replace(one.request["PATH_INFO"], "") for one in told]
    assert own[0] == own[1]


def test_to_staff_it_is_not_there(peggy, sign_in):
    row = sent(peggy)

    assert kept(sign_in(), row).status_code == 404
