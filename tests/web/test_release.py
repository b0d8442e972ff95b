"""What is kept back from the person, shown to them line by line once somebody has read and weighed it."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from locality.access import actions
from locality.access.actions.releasing import take_back_release
from locality.access.models import Release
from locality.access.rules import Right
from locality.base import SYSTEM_ID, NoAccess
from locality.journal.models import Event
from locality.people.models import Patient, Person
from locality.record.models import Resource
from tests import factories as make
from tests.web.test_acting import choose, right, signed_in

pytestmark = pytest.mark.django_db

TOLD = {
    "verdict": "released",
    "read": "yes",
    "others_words": "Names nobody else",
    "harm_words": "No: asked her doctor",
    "words": "She asked to read it",
}


@pytest.fixture
def rows():
    """Peggy, with a line of safeguarding, one very restricted, and an ordinary one."""
    person, (gp,) = make.peggy("gp")
    make.resource(gp, make.problem("Asthma", id="c1"))
    safe = make.resource(gp, make.problem("Bruises seen", id="c2"), data_class="SAFE")
    restricted = make.resource(gp, make.problem("Told in confidence", id="c3"), label="V")
    return person, safe, restricted


@pytest.fixture
def lead(sign_in) -> Client:
    return sign_in("Nadia", "Khan", roles=("safeguarding_lead",))


def words(browser: Client, name: str, *parts) -> str:
    return " ".join(browser.get(reverse(name, args=parts)).content.decode().split())


def decide(browser: Client, person: Person, row: Resource, **other):
    sent = TOLD | {"about": str(person.pk), "version": str(row.pk)} | other
    return browser.post(reverse("release_decided", args=[person.pk, row.thing]), sent)


def test_until_somebody_decides_the_person_does_not_see_it(rows, lead):
    person, safe, _ = rows
    herself = signed_in(person, "peggy")

    assert "1 line is kept back, and nobody has decided" in words(lead, "release", person.pk)
    assert ("Asthma" in words(herself, "me_record"), "Bruises" in words(herself, "me_record")) == (True, False)
    assert herself.get(reverse("me_line", args=[safe.thing])).status_code == 404


def test_released_it_is_theirs_to_read_and_taken_back_it_is_not(rows, lead):
    person, safe, _ = rows
    herself = signed_in(person, "peggy")

    decide(lead, person, safe)
    row = Release.objects.get()
    shown, line = words(herself, "me_record"), words(herself, "me_line", safe.thing)
    back = reverse("release_taken_back", args=[person.pk, row.pk])
    lead.post(back, {"about": str(person.pk), "words": "It was the wrong letter"})

    assert ("Bruises seen" in shown, "Released to you" in shown, "Bruises seen" in line) == (True, True, True)
    assert "Bruises" not in words(herself, "me_record")
    assert herself.get(reverse("me_line", args=[safe.thing])).status_code == 404
    lines = Event.objects.filter(what__startswith="release.").order_by("pk")
    assert [(one.what, one.reason, one.person_id) for one in lines] == [
        ("release.decided", "She asked to read it", person.pk),
        ("release.taken-back", "It was the wrong letter", person.pk),
    ]
    row.refresh_from_db()
    assert (row.verdict, row.harm_words, row.ended_reason) == (
        "released",
        "No: asked her doctor",
        "It was the wrong letter",
    )


def test_kept_back_by_a_decision_it_stays_kept_back_and_the_decision_is_on_the_books(rows, lead):
    person, safe, _ = rows
    herself = signed_in(person, "peggy")

    decide(lead, person, safe, verdict="kept_back")

    assert "Kept back from the person" in words(lead, "release", person.pk)
    assert "Bruises" not in words(herself, "me_record")
    assert Release.objects.get().verdict == "kept_back"


def test_whoever_acts_for_them_never_sees_what_was_released(rows, lead):
    person, safe, _ = rows
    ann = make.person("Lomas", "Ann", nhs_number="")
    right(person, ann)
    daughter = signed_in(ann, "ann.lomas")
    decide(lead, person, safe)
    choose(daughter, person)

    assert "Bruises" not in words(daughter, "me_record")
    assert daughter.get(reverse("me_line", args=[safe.thing])).status_code == 404


def test_a_line_that_was_released_and_that_they_sealed_themselves_is_still_theirs_to_read(rows, lead):
    person, safe, _ = rows
    decide(lead, person, safe)
    own = make.viewer("person", kind="person", id=person.pk, organisation=None)
    actions.seal(person_id=person.pk, thing=safe.thing, kind="locked", by=own)

    assert "Bruises seen" in words(signed_in(person, "peggy"), "me_record")


def test_a_release_opens_it_to_no_practitioner(rows, lead, sign_in):
    person, safe, _ = rows
    decide(lead, person, safe)

    page = words(sign_in(), "person", person.pk)

    assert ("Asthma" in page, "Bruises" in page) == (True, False)


def test_what_is_sent_anew_is_kept_back_until_it_is_decided_anew(rows, lead):
    person, safe, _ = rows
    herself = signed_in(person, "peggy")
    decide(lead, person, safe)
    Resource.objects.filter(pk=safe.pk).update(is_current=False)
    make.resource(safe.patient, make.problem("Bruises, and who did it", id="c2"), data_class="SAFE", version=2)

    assert "Bruises" not in words(herself, "me_record")
    assert "It was sent anew since it was decided" in words(lead, "release", person.pk)
    assert decide(lead, person, safe).status_code == 409


def test_looking_at_what_may_be_released_and_deciding_leaves_nothing_in_the_persons_own_list(rows, lead):
    person, safe, _ = rows
    herself = signed_in(person, "peggy")
    before = words(herself, "me_who_looked")

    lead.get(reverse("release", args=[person.pk]))
    decide(lead, person, safe)

    after = words(herself, "me_who_looked")
    assert ("Nadia" in after, "Nobody is listed" in before, "Nobody is listed" in after) == (False, True, True)


@pytest.mark.parametrize("missing", ["verdict", "read", "others_words", "harm_words", "words"])
def test_nothing_is_decided_before_everything_is_weighed(rows, lead, missing):
    person, safe, _ = rows

    answer = decide(lead, person, safe, **{missing: ""})

    assert (answer.status_code, Release.objects.count()) == (422, 0)
    assert "There is a problem" in answer.content.decode()


def test_one_line_is_decided_once_until_it_is_taken_back(rows, lead):
    person, safe, _ = rows
    decide(lead, person, safe)

    assert (decide(lead, person, safe).status_code, Release.objects.count()) == (409, 1)


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("safeguarding_lead", 200),
        ("clinician", 200),
        ("social_worker", 403),
        ("care_coordinator", 403),
        ("care_home", 403),
        ("link_worker", 403),
        ("privacy_officer", 403),
        ("administrator", 403),
    ],
)
def test_who_decides(rows, sign_in, role, status):
    person, safe, restricted = rows
    browser = sign_in("Somebody", "Else", roles=(role,))

    seen = browser.get(reverse("release", args=[person.pk]))
    sent = [decide(browser, person, row).status_code for row in (safe, restricted)]

    assert (seen.status_code, "Told in confidence" in seen.content.decode()) == (status, False)
    # what is very restricted opens to nobody yet, so nobody decides on it
    closed = 403 if role in ("privacy_officer", "administrator") else 404
    assert sent == ([302, 404] if role == "safeguarding_lead" else [closed, closed])
    assert Release.objects.count() == (role == "safeguarding_lead")


def test_a_very_restricted_line_that_was_released_is_shown_to_the_person_alone(rows, sign_in):
    person, _, restricted = rows
    at = {"made_at": make.AT, "made_by": SYSTEM_ID, "starts_on": timezone.localdate() - timedelta(days=1)}
    said = {"others_words": "-", "harm_words": "-", "reason": "-", "verdict": "released", "data_class": "SUM"}
    Release.objects.create(person=person, thing=restricted.thing, version_id=restricted.pk, **said, **at)

    assert "Told in confidence" in words(signed_in(person, "peggy"), "me_record")
    assert "Told in confidence" not in words(sign_in(), "person", person.pk)


def test_a_decision_of_another_person_is_not_taken_back_under_ones_own(rows, lead):
    person, safe, _ = rows
    other = make.person("Somebody", "Else", nhs_number="")
    make.relationship(other)
    decide(lead, person, safe)
    address = reverse("release_taken_back", args=[other.pk, Release.objects.get().pk])

    answer = lead.post(address, {"about": str(other.pk), "words": "No"})

    assert (answer.status_code, Release.objects.get().ended_at) == (404, None)


def test_a_line_said_to_be_somebody_elses_is_not_on_the_persons_own_page(rows, sign_in):
    person, *_ = rows
    row = Resource.objects.get(title="Asthma")
    herself = signed_in(person, "peggy")
    address = reverse("not_hers", args=[person.pk, row.thing])
    sign_in().post(address, {"about": str(person.pk), "reason": "It is her neighbour's"})

    assert "Asthma" not in words(herself, "me_record")
    assert herself.get(reverse("me_line", args=[row.thing])).status_code == 404


def main_of(browser: Client) -> str:
    main = words(browser, "me_record").split("<main")[1].split("</main>")[0]
    # a form's own mark is another each time
    return re.sub(r'(csrfmiddlewaretoken" value)="[^"]+"', r'\1=""', main)


@pytest.mark.parametrize("who", ["herself", "her daughter"])
def test_what_was_said_to_be_somebody_elses_is_in_no_count_either(rows, who):
    """The page of a person from whom a line is kept so is, to the byte, that of somebody who never had it."""
    person, gp = rows[0], Patient.objects.get()
    others = [Resource.objects.get(title="Asthma"), make.resource(gp, make.problem("Gout", id="c9"))]
    make.resource(gp, make.problem("Migraine", id="c8"))
    if who == "herself":
        browser = signed_in(person, "peggy")
    else:
        ann = make.person("Lomas", "Ann", nhs_number="")
        right(person, ann)
        browser = signed_in(ann, "ann")
        choose(browser, person)
    before = main_of(browser)
    for one in others:
        make.remark(one, person)
    said = main_of(browser)
    Resource.objects.filter(pk__in=[one.pk for one in others]).update(removed=True)

    without = main_of(browser)

    assert ("Gout" in before, "Gout" in said) == (True, False)
    assert said == without
    assert ("Migraine" in said, "1 line is held" in said, "Showing 1 of 1 line" in said) == (True, True, True)


@pytest.mark.parametrize("many", [1, 3])
def test_the_persons_own_page_costs_the_same_for_one_line_and_for_three(many):
    person, (gp,) = make.peggy("gp")
    for number in range(many):
        make.resource(gp, make.problem(f"Problem {number}", id=f"p{number}"))
    herself = signed_in(person, "peggy")
    herself.get(reverse("me_record"))

    with CaptureQueriesContext(connection) as asked:
        herself.get(reverse("me_record"))

    reads = [one for one in asked.captured_queries if "record_resource" in one["sql"]]
    assert len(reads) == 2


# ---- what may be told, and no more


@pytest.mark.parametrize(("role", "told"), [("care_coordinator", True), ("clinician", False), ("link_worker", False)])
def test_who_may_be_told_that_there_is_more_is_told_whom_to_ring_and_nothing_else(rows, sign_in, role, told):
    person, *_ = rows

    page = words(sign_in("Somebody", "Else", roles=(role,)), "person", person.pk)

    assert ("Ask before you act alone" in page) == told
    assert ("Bruises" in page, "Safeguarding concerns" in page) == (False, False)


def test_without_safeguarding_nobody_is_told_to_ask(sign_in):
    person, (gp,) = make.peggy("gp")
    make.resource(gp, make.problem("Asthma", id="c1"))

    assert "Ask before you act alone" not in words(sign_in(roles=("care_coordinator",)), "person", person.pk)


def test_an_announced_seal_is_told(sign_in):
    person, (gp,) = make.peggy("gp")
    row = make.resource(gp, make.problem("Asthma", id="c1"))
    herself = make.viewer("person", kind="person", id=person.pk, organisation=None)
    actions.seal(person_id=person.pk, thing=row.thing, kind="sealed", announced=True, by=herself)

    page = words(sign_in(roles=("care_coordinator",)), "person", person.pk)

    assert ("They sealed a part of this record" in page, "Asthma" in page) == (True, False)


# ---- taking a decision back asks what deciding asks


def take_back(browser: Client, person: Person):
    address = reverse("release_taken_back", args=[person.pk, Release.objects.get().pk])
    return browser.post(address, {"about": str(person.pk), "words": "I see it otherwise"})


def test_who_may_not_decide_on_a_line_does_not_take_back_what_was_decided_of_it(rows, lead, sign_in):
    person, safe, _ = rows
    decide(lead, person, safe)

    answer = take_back(sign_in(), person)

    assert (answer.status_code, Release.objects.get().ended_at) == (403, None)
    assert take_back(lead, person).status_code == 302


def test_by_broken_glass_nothing_is_taken_back(rows, lead, sign_in):
    person, safe, _ = rows
    decide(lead, person, safe)
    grant = make.opened(person, make.viewer("safeguarding_lead"))
    broken = replace(grant, opening=replace(grant.opening, right=Right.OVERRIDE))

    with pytest.raises(NoAccess, match="broke the glass"):
        take_back_release(release_id=Release.objects.get().pk, words="Why", grant=broken, by=grant.viewer)

    other = sign_in("Leah", "Lead", roles=("safeguarding_lead",), teams=("hilltop",))
    other.post(reverse("break_glass", args=[person.pk]), {"about": person.pk, "why": "emergency", "words": "She fell"})
    assert (take_back(other, person).status_code, Release.objects.get().ended_at) == (403, None)


def test_taking_back_asks_for_a_fresh_proof_of_who_somebody_is(rows, lead):
    person, safe, _ = rows
    decide(lead, person, safe)

    with time_machine.travel(timezone.now() + timedelta(minutes=20), tick=False):
        answer = take_back(lead, person)

    assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("prove"))
    assert Release.objects.get().ended_at is None


def test_a_decision_keeps_the_label_of_the_line_that_was_read(rows, lead):
    person, safe, _ = rows

    decide(lead, person, safe)

    assert (Release.objects.get().label, Release.objects.get().data_class) == ("N", "SAFE")
