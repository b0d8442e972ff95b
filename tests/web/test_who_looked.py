"""Who looked, as the person reads it: every look by somebody, none about safeguarding, machines in one line a day."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from locality.access.actions import open_record, seal, show, unseal
from locality.access.actions.glass import break_glass
from locality.access.models import Proxy
from locality.access.queries.looked import asked, own
from locality.base import Viewer, ViewerKind, system
from locality.journal.actions import log
from locality.journal.models import Event, Question, UnusualLook
from locality.people.models import Person
from locality.web import session
from tests import factories as make

pytestmark = pytest.mark.django_db

WHO = "/me/who-looked?since=2026-11-01&until=2026-11-30"


@pytest.fixture
def as_person(monkeypatch):
    """The person signed in: people's own signing in is tried elsewhere, so this stands where a session would."""

    def signed_in(person: Person, *, kind: ViewerKind = ViewerKind.PERSON, acts_for: Person | None = None) -> Client:
        whom = {"acts_for": acts_for.pk, "acts_for_name": acts_for.given} if acts_for else {}

        def viewer_of(_request, *, at) -> Viewer:
            name = f"{person.given} {person.family}"
            return Viewer(kind=kind, id=person.pk, role=str(kind), name=name, at=at, **whom)

        monkeypatch.setattr(session, "viewer_of", viewer_of)
        make.place()
        return Client()

    return signed_in


@pytest.fixture
def now(time_machine_at):
    return time_machine_at


@pytest.fixture
def time_machine_at():
    import time_machine

    with time_machine.travel(make.AT + timedelta(hours=8), tick=False):
        yield


def words_of(browser: Client, address: str = WHO) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def without_marks(words: str) -> str:
    """The page without what differs each time: its form's mark and its script's nonce."""
    import re

    return re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]+"', r'\1=""', words)


def test_a_look_is_told_with_who_for_whom_when_what_and_why(as_person, now):
    person, _ = make.peggy("gp")
    open_record(person_id=person.pk, by=make.viewer())
    open_record(person_id=person.pk, by=replace(make.viewer(), at=make.AT + timedelta(minutes=25)))

    words = words_of(as_person(person))

    assert "1 person looked at your record from Sun 1 Nov 2026 to Thu 5 Nov 2026" in words
    assert "Thu 5 Nov 2026" in words
    assert "<bdi>Joanne Fielding</bdi></b>, District nurse" in words
    assert "Smallborough Hospitals" in words
    assert "Opened your record, 2 times <span" in words
    assert "09:40 to 10:05" in words
    assert "Why: you are on their team&#39;s or practice&#39;s list" in words


def test_a_refused_look_is_told_too(as_person, now, sign_in):
    person, _ = make.peggy("gp")
    refused = sign_in("Ruth", "Adler", teams=("hilltop",)).get(f"/person/{person.pk}")

    words = words_of(as_person(person))

    assert refused.status_code == 403
    assert "Ruth Adler" in words
    assert "Asked for your record and was refused" in words


@pytest.mark.parametrize(
    "looks",
    [
        lambda person: open_record(person_id=person.pk, by=make.viewer("safeguarding_lead", given="Nadia")),
        lambda person: log(what="concern.raised", by=make.viewer(), person=person.pk),
        lambda person: show(
            people_ids=[person.pk], what="home.shown", by=make.viewer("safeguarding_lead", given="Nadia")
        ),
        lambda person: log(
            what="page.person", by=make.viewer("safeguarding_lead", given="Nadia"), person=person.pk, outcome="refused"
        ),
    ],
    ids=["a lead opens", "a concern is raised", "a lead's list", "a lead is refused"],
)
@pytest.mark.parametrize("address", [WHO, "/me/who-looked/print?since=2026-11-01&until=2026-11-30"])
def test_with_and_without_a_safeguarding_look_the_page_is_the_same_to_the_letter(as_person, now, looks, address):
    person, _ = make.peggy("gp")
    open_record(person_id=person.pk, by=make.viewer())
    browser = as_person(person)

    before = without_marks(words_of(browser, address))
    looks(person)
    after = without_marks(words_of(browser, address))

    assert Event.objects.exclude(what__startswith="looked.").count() == 2
    assert before == after


def test_a_line_opened_is_told_in_the_same_words_whatever_its_class(as_person, now):
    person, (patient,) = make.peggy("gp")
    ordinary = make.resource(patient, make.problem("Asthma"))
    safeguarding = make.resource(patient, make.problem("Bruises", "1"), data_class="SAFE")
    open_record(person_id=person.pk, by=make.viewer(), what="line.opened", about=ordinary.thing)
    browser = as_person(person)

    one = without_marks(words_of(browser))
    # the audit is never changed, so another person has the other look
    other_person, (other,) = make.peggy("gp", given="Margaret", nhs_number="")
    open_record(person_id=other_person.pk, by=make.viewer(), what="line.opened", about=safeguarding.thing)
    two = without_marks(words_of(as_person(other_person)))

    assert "Asthma" not in one
    assert one == two
    assert other.pk != patient.pk


def test_what_machines_did_is_one_line_a_day_that_opens(as_person, now):
    person, _ = make.peggy("gp")
    for _ in range(40):
        log(what="relationship.made", by=system(at=make.AT), person=person.pk)
    open_record(person_id=person.pk, by=make.viewer())

    words = words_of(as_person(person))

    assert words.count("Computers handled the record 40 times; nobody read it") == 1
    assert words.count("Wrote down why a team may see your record, 40 times") == 1
    assert "1 person looked" in words


def test_only_the_looks_of_one_organisation_when_that_is_asked(as_person, now):
    person, _ = make.peggy("gp")
    practice = make.organisation("MILL")
    open_record(person_id=person.pk, by=make.viewer())
    open_record(person_id=person.pk, by=make.viewer(given="Sadia", organisation=practice.pk))
    browser = as_person(person)

    both = words_of(browser)
    one = words_of(browser, f"{WHO}&organisation={practice.pk}")

    assert ("Sadia Fielding" in both, "Joanne Fielding" in both) == (True, True)
    assert ("Sadia Fielding" in one, "Joanne Fielding" in one) == (True, False)


def test_looks_at_another_record_of_theirs_are_told_and_looks_at_somebody_else_are_not(as_person, now):
    person, _ = make.peggy("gp")
    alias = make.person("Hargreave", "Peg", merged_into=person)
    other = make.person("Somebody", "Else")
    make.relationship(other)
    log(what="record.opened", by=make.viewer(given="Sadia"), person=alias.pk)
    log(what="record.opened", by=make.viewer(), person=other.pk)

    words = words_of(as_person(person))

    assert ("Sadia" in words, "Joanne" in words) == (True, False)


def test_reading_the_list_is_on_the_books_and_not_in_the_list(as_person, now):
    person, _ = make.peggy("gp")
    browser = as_person(person)

    words_of(browser)
    words = words_of(browser)

    assert Event.objects.filter(what="looked.opened", by_kind="person", person_id=person.pk).count() == 2
    assert "Nobody is listed as having looked at your record" in words


def test_a_question_reaches_the_privacy_officer_and_its_answer_comes_back(as_person, now, sign_in, monkeypatch):
    person, _ = make.peggy("gp")
    open_record(person_id=person.pk, by=make.viewer())
    browser = as_person(person)
    joanne = make.practitioner().pk

    told = browser.post("/me/who-looked/ask", {"words": "She is my neighbour", "by": str(joanne), "on": "2026-11-05"})
    row = Question.objects.get()
    monkeypatch.undo()
    officer = sign_in("Priya", "Nair", roles=("privacy_officer",), teams=())
    seen = officer.get("/privacy").content.decode()
    opened = officer.get(f"/privacy/question/{row.pk}").content.decode()
    officer.post(f"/privacy/question/{row.pk}", {"words": "She was on call for your team."})
    mine = words_of(as_person(person))

    assert (told.status_code, row.person_id, row.looked_by, str(row.looked_on)) == (
        302,
        person.pk,
        joanne,
        "2026-11-05",
    )
    assert "1 question waits for you" in seen
    assert "HARGREAVES, Margaret" in opened
    assert "7 Weaver" not in opened
    assert "She was on call for your team." in mine
    assert list(
        Event.objects.filter(what__in=["looked.asked", "looked.answered"]).order_by("pk").values_list("what", flat=True)
    ) == [
        "looked.asked",
        "looked.answered",
    ]


def test_a_question_without_words_is_not_asked(as_person, now):
    person, _ = make.peggy("gp")

    told = as_person(person).post("/me/who-looked/ask", {"words": " "})

    assert (told.status_code, Question.objects.count()) == (422, 0)


@pytest.mark.parametrize("address", ["/me/who-looked", "/me/who-looked/print"])
def test_a_practitioner_has_no_such_page(sign_in, address):
    assert sign_in().get(address).status_code == 404


def test_whoever_acts_for_nobody_has_no_such_page(as_person, now):
    person, _ = make.peggy("gp")

    assert as_person(person, kind=ViewerKind.PROXY).get("/me/who-looked").status_code == 404


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_costs_the_same_for_one_look_and_for_three(as_person, now, many, django_assert_num_queries):
    person, _ = make.peggy("gp")
    for number in range(many):
        open_record(person_id=person.pk, by=make.viewer(given=("Joanne", "Sadia", "Nadia")[number]))
    browser = as_person(person)
    browser.get(WHO)

    # who they are, who looked, what they asked, that they read it; and the transaction's two ends
    with django_assert_num_queries(6):
        browser.get(WHO)


# ---- somebody who acts for them


def acting_for(person: Person) -> Person:
    """Ann, who acts for Peggy by Peggy's own choice."""
    ann = make.person("Whittle", "Ann")
    Proxy.objects.create(
        person=person,
        proxy=ann,
        kind="chosen",
        starts_on=make.ago(days=90).date(),
        reason="She asked for it",
        made_at=make.ago(days=90),
        made_by=make.practitioner().pk,
    )
    return ann


def test_who_acts_for_them_reads_organisations_and_days_and_no_names_times_or_reasons(as_person, now):
    person, _ = make.peggy("gp")
    ann = acting_for(person)
    open_record(person_id=person.pk, by=make.viewer())
    log(
        what="record.opened",
        by=replace(make.viewer(), kind=ViewerKind.PERSON, id=person.pk, role="person"),
        person=person.pk,
    )

    words = words_of(as_person(ann, kind=ViewerKind.PROXY, acts_for=person))

    assert ("District nurse" in words, "Smallborough Hospitals" in words) == (True, True)
    told = ("Joanne", "09:40", "Why:", "The person themselves", "You</bdi>")
    assert [one for one in told if one in words] == []


@pytest.mark.parametrize(
    "concern",
    [
        lambda person: log(what="concern.raised", by=make.viewer(), person=person.pk),
        lambda person: log(what="record.opened", by=make.viewer("safeguarding_lead"), person=person.pk),
        lambda person: break_glass(
            person_id=person.pk, reason_code="safeguarding", words="I found her alone and cold.", by=make.stranger()
        ),
    ],
    ids=["a concern", "a lead's look", "glass broken for safeguarding"],
)
def test_once_there_is_a_concern_who_acts_for_them_reads_what_they_would_if_nobody_had_looked(as_person, now, concern):
    person, _ = make.peggy("gp")
    other, _ = make.peggy("gp", nhs_number="")
    open_record(person_id=person.pk, by=make.viewer())
    concern(person)

    looked_at, not_looked_at = (
        without_marks(words_of(as_person(acting_for(one), kind=ViewerKind.PROXY, acts_for=one)))
        for one in (person, other)
    )

    assert looked_at == not_looked_at
    assert "Nobody is listed" in looked_at


def test_glass_broken_because_they_may_be_at_risk_is_not_told_and_other_broken_glass_is(as_person, now):
    person, _ = make.peggy("gp")
    ruth, sadia = make.practitioner("Ruth", "Adler"), make.practitioner("Sadia", "Rahman")
    for who, why in ((ruth, "safeguarding"), (sadia, "emergency")):
        by = make.viewer(given=who.given, id=who.pk, teams=frozenset({make.team("hilltop").pk}))
        break_glass(person_id=person.pk, reason_code=why, words="I found her alone and cold in the hall.", by=by)
        open_record(person_id=person.pk, by=by)

    words = words_of(as_person(person))

    assert ("Ruth" in words, "Sadia Rahman" in words) == (False, True)
    assert "they had no listed reason and gave one; the privacy officer checks each time" in words
    assert "alone and cold" not in words


def test_what_led_to_glass_broken_for_safeguarding_and_what_came_of_it_leaves_the_page_as_if_nobody_had_looked(
    as_person, sign_in, now
):
    person, _ = make.peggy("gp")
    ruth = sign_in("Ruth", "Adler", teams=("hilltop",))
    officer = sign_in("Priya", "Nair", roles=("privacy_officer",), teams=())
    about = {"about": str(person.pk)}
    ruth.post("/find", {"words": "Hargreaves Margaret"})
    ruth.get(f"/person/{person.pk}/confirm")
    assert ruth.get(f"/person/{person.pk}").status_code == 403
    ruth.get(f"/person/{person.pk}/break-glass")
    why = {"why": "safeguarding", "words": "I found her alone and cold in the hall."}
    ruth.post(f"/person/{person.pk}/break-glass", about | why)
    assert ruth.get(f"/person/{person.pk}").status_code == 200
    glass = Event.objects.get(what="glass.broken").about_id
    looks = UnusualLook.objects.create(
        found_at=make.AT, looked_on=make.TODAY, by_id=make.practitioner("Ruth", "Adler").pk, role="clinician", bits=12,
        looks=[{"person": str(person.pk), "bits": 12, "reasons": ["No relationship"]}],
    )  # fmt: skip
    for page in (f"glass/{glass}", f"unusual/{looks.pk}", f"practitioner/{looks.by_id}", f"person/{person.pk}"):
        assert officer.get(f"/privacy/{page}").status_code == 200
    officer.get("/privacy")
    officer.post(f"/privacy/glass/{glass}", {"verdict": "appropriate", "words": ""})
    other, _ = make.peggy("gp", nhs_number="")
    told = [row.what for row in Event.objects.filter(person_id=person.pk).order_by("pk")]
    assert {"person.found", "person.confirmed", "page.person", "glass.broken", "looked.listed"} <= set(told)

    looked_at, not_looked_at = (without_marks(words_of(as_person(one))) for one in (person, other))

    assert looked_at == not_looked_at
    assert "Nobody" in looked_at


def test_what_the_same_practitioner_did_on_another_day_is_told(as_person, now):
    person, _ = make.peggy("gp")
    days_before = replace(make.viewer(given="Ruth"), at=make.AT - timedelta(days=2))
    open_record(person_id=person.pk, by=days_before)
    break_glass(person_id=person.pk, reason_code="safeguarding", words="Alone and cold.", by=make.stranger())

    words = words_of(as_person(person))

    assert words.count("Opened your record") == 1


@pytest.mark.parametrize("kind", ["sealed", "locked"])
def test_closing_a_line_and_opening_it_again_leaves_the_page_of_whoever_acts_to_the_byte_as_it_was(
    as_person, now, kind
):
    pages = []
    for closes in (True, False):
        person, _ = make.peggy("gp", nhs_number="")
        open_record(person_id=person.pk, by=make.viewer())
        if closes:
            told = {"person_id": person.pk, "thing": make.new_id(), "by": make.viewer()}
            seal(**told, kind=kind, words="She told me")
            unseal(**told)
        ann = acting_for(person)
        pages.append(without_marks(words_of(as_person(ann, kind=ViewerKind.PROXY, acts_for=person))))

    assert pages[0] == pages[1]
    assert "Opened their record" in pages[0]


@pytest.mark.parametrize(
    ("what", "role", "told"),
    [
        ("record.opened", "clinician", True),
        ("record.opened", "safeguarding_lead", False),
        ("concern.raised", "clinician", False),
        ("safeguarding.opened", "social_worker", False),
        ("relationship.made", "system", False),
        ("remark.made", "clinician", False),
        ("page.person", "clinician", True),
        ("a.look-nobody-described", "clinician", True),
    ],
)
def test_the_person_is_told_of_every_look_but_those_about_safeguarding(what, role, told):
    person = make.person()
    log(what=what, by=make.viewer(role), person=person.pk)

    found = own(person_ids=[person.pk], asked=asked(since=None, until=None, on=make.TODAY))

    assert bool(found.days) is told
