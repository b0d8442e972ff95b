"""The privacy officer's pages: for the privacy officer, at a fixed cost, and on the books."""

import pytest
from django.core import mail

from locality.access.actions import keeping, looking
from locality.access.actions.opt_outs import receive_opt_outs
from locality.access.models import Account, Conflict, Override, Role, Watch
from locality.base import system
from locality.base.ids import new_id
from locality.directory.models import Practitioner
from locality.journal.actions import ask, log
from locality.journal.actions.asking import Found, keep_unusual
from locality.journal.models import Event, News, Question, UnusualLook
from locality.watch.mail import telling
from tests import factories as make
from tests.access.test_glass import broken

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(sign_in):
    return sign_in("Priya", "Nair", roles=("privacy_officer",), teams=())


def question(number: int) -> None:
    person = make.person("Somebody", str(number))
    ask(person=person.pk, words="Why?", looked_by=make.practitioner().pk, looked_on=make.TODAY, by=make.viewer())


def test_with_nothing_waiting_each_list_says_what_would_be_here(officer):
    words = officer.get("/privacy").content.decode()

    assert "Nothing waits for you" in words
    empty = ("Whoever opens a record without being", "No question waits", "Nothing unusual waits", "No team has broken")
    assert [one for one in empty if one not in words] == []


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_costs_the_same_for_one_question_and_for_three(officer, many, django_assert_num_queries):
    for number in range(many):
        question(number)
    officer.get("/privacy")

    # session, viewer; at whom they must not look; questions, unusual, glass, pace, tried, ways in, health; whom, who;
    # both lines of the audit; transaction
    with django_assert_num_queries(16):
        officer.get("/privacy")


def test_everybody_on_the_list_is_written_down_as_shown(officer):
    question(1)
    officer.get("/privacy")

    shown = Event.objects.filter(what="looked.listed", role="privacy_officer")
    assert [row.person_id for row in shown] == [Event.objects.get(what="looked.asked").person_id]


def test_whom_one_practitioner_looked_at_is_told_by_name_and_year_alone(officer):
    person, _ = make.peggy("gp")
    log(what="record.opened", by=make.viewer(), person=person.pk, detail={"relation": "own team"})

    address = f"/privacy/practitioner/{make.practitioner().pk}?since=2026-11-01&until=2026-11-30"
    words = officer.get(address).content.decode()

    assert ("HARGREAVES, Margaret" in words, "born 1942" in words, "ends 018" in words) == (True, True, True)
    assert [one for one in ("Weaver", make.PEGGY_NUMBER, "999 000 0018", "0161 496 0127") if one in words] == []


def test_an_earlier_identity_is_named_to_nobody(officer):
    person, earlier = make.person(), make.person("Hargreaves", "Martin")
    make.earlier_identity(person, earlier)
    log(what="record.opened", by=make.viewer(), person=earlier.pk)

    address = f"/privacy/practitioner/{make.practitioner().pk}?since=2026-11-01&until=2026-11-30"
    words = officer.get(address).content.decode()

    assert ("Martin" in words, "Somebody whose name is kept back" in words) == (False, True)
    assert officer.get(f"/privacy/person/{earlier.pk}").status_code == 404


@pytest.mark.parametrize("address", ["/privacy", "/privacy/print", "/privacy/find"])
@pytest.mark.parametrize("role", ["clinician", "administrator", "safeguarding_lead", "identity_custodian"])
def test_nobody_else_comes_in(sign_in, role, address):
    assert sign_in(roles=(role,)).get(address).status_code == 403


def test_whoever_guesses_ids_is_listed_by_how_many_they_tried_and_nobody_is_named(officer, sign_in):
    person, (gp,) = make.peggy("gp")
    hidden = make.resource(gp, make.problem("Asthma"), label="V")
    guesser = sign_in("Gus", "Guesser")
    for thing in (hidden.thing, new_id(), new_id(), new_id()):
        assert guesser.get(f"/person/{person.pk}/open/{thing}").status_code == 404
    once = sign_in("Olga", "Once")
    once.get(f"/person/{new_id()}")

    page = officer.get("/privacy").content.decode()

    lines = Event.objects.filter(outcome="refused").values_list("what", "person_id", "reason").distinct()
    assert sorted(lines) == [
        ("page.document", None, "Nothing that they may see is at this address."),
        ("page.person", None, "Nothing that they may see is at this address."),
    ]
    told = " ".join(page.split("Tried what is not there")[1].split("</section>")[0].split())
    assert ("Gus Guesser" in told, "Olga" in told, "4 times, 4 different addresses" in told) == (True, False, True)
    assert "HARGREAVES" not in page


def test_how_often_one_practitioner_tried_what_is_not_there_stands_above_whom_they_looked_at(officer, sign_in):
    sign_in("Gus", "Guesser").get(f"/person/{new_id()}")
    guesser = Practitioner.objects.get(family="Guesser")

    page = officer.get(f"/privacy/practitioner/{guesser.pk}").content.decode()

    assert "1 time in these days they asked for 1 address at which nothing is theirs to see" in page


@pytest.mark.parametrize("address", ["/place/team/nowhere", "/concern/{id}", "/person/{id}", "/me/who-looked"])
def test_what_is_not_there_is_refused_in_one_line_wherever_it_is_asked_for(sign_in, address):
    client, tried = sign_in(), new_id()
    before = Event.objects.count()

    assert client.get(address.format(id=tried)).status_code == 404

    row = Event.objects.order_by("pk").last()
    assert (Event.objects.count() - before, row.outcome, row.person_id) == (1, "refused", None)
    assert row.about_id == (tried if "{id}" in address else None)


# ---- what was typed is not lost


LONG = "long " * 401
WRONG = {"verdict": "wrong", "words": LONG}


def waiting(kind: str) -> str:
    """The address of something that waits for the officer."""
    person, _ = make.peggy("gp")
    if kind == "question":
        question(1)
        return f"/privacy/question/{Question.objects.get().pk}"
    if kind == "unusual":
        looks = [{"person": str(person.pk), "bits": 9.0, "reasons": ["at night"]}]
        found = Found(
            by=make.practitioner().pk, on=make.TODAY, role="clinician", organisation=None, bits=9.0, looks=looks
        )
        keep_unusual(found=[found], at=make.AT)
        return f"/privacy/unusual/{UnusualLook.objects.get().pk}"
    return f"/privacy/glass/{broken(person).pk}"


@pytest.mark.parametrize(
    ("kind", "typed", "field"),
    [
        ("glass", {"words": "I spoke to her lead"}, "verdict"),
        ("glass", {"verdict": "inappropriate", "words": " "}, "words"),
        ("glass", {"verdict": "inappropriate", "words": LONG}, "words"),
        ("unusual", {"words": "I spoke to her lead"}, "verdict"),
        ("unusual", WRONG, "words"),
        ("question", {"words": LONG}, "words"),
    ],
)
def test_a_review_that_lacks_something_keeps_the_rest_and_says_so_at_its_field(officer, kind, typed, field):
    way = waiting(kind)

    answer = officer.post(way, typed)

    page = answer.content.decode()
    fault = page.split(f'id="{field}-fault"')[1].split("</p>")[0]
    assert (answer.status_code, page.count("nhsuk-error-message")) == (422, 1)
    assert page.split(f'<a href="#{field}">')[1].split("</a>")[0] in fault
    assert f'id="{field}"' in page
    assert (typed["words"].strip() in page, page.count(" checked")) == (True, int("verdict" in typed))
    assert [one.what for one in Event.objects.filter(outcome="refused")] == [f"page.privacy_{ROUTE[kind]}"]


ROUTE = {"glass": "override", "unusual": "unusual", "question": "question"}


def test_a_review_of_ones_own_opening_is_refused_and_written_down(sign_in):
    person, _ = make.peggy("gp")
    officer = sign_in("Priya", "Nair", roles=("privacy_officer", "clinician"), teams=())
    row = broken(person)
    Override.objects.update(practitioner=make.practitioner("Priya", "Nair"))
    officer.post("/role", {"role": str(Role.objects.get(code="privacy_officer").pk)})

    answer = officer.post(f"/privacy/glass/{row.pk}", {"verdict": "appropriate"})

    assert (answer.status_code, Override.objects.get().reviewed_at) == (422, None)
    assert [one.what for one in Event.objects.filter(outcome="refused")] == ["page.privacy_override"]


# ---- a part is not taken for the whole


def test_the_heading_counts_what_waits_and_each_list_says_how_much_of_it_is_shown(officer, monkeypatch):
    monkeypatch.setattr(looking, "MOST_WAITING", 2)
    for number in range(3):
        question(number)

    for way in ("/privacy", "/privacy/print"):
        page = officer.get(way).content.decode()
        assert ("3 questions wait for you" in page, page.count("2 of 3")) == (True, 1)


def test_everybody_whose_looks_are_reviewed_is_reached_and_counted_once(officer, monkeypatch):
    monkeypatch.setattr(keeping, "MOST_LISTED", 2)
    told = {"starts_on": make.TODAY, "made_at": make.AT, "made_by": new_id(), "reason": "-"}
    people = [make.person("Somebody", f"Number{number}") for number in range(3)]
    alias = make.person("Somebody", "Alias", merged_into=people[0])
    for person in (*people, alias):
        Watch.objects.create(person=person, kind="staff", **told)
        Conflict.objects.create(person=person, practitioner=make.practitioner(), kind="family", **told)

    pages = [officer.get(f"/privacy/kept?watches={n}&conflicts={n}").content.decode() for n in (1, 2)]

    assert [page.count("Every look at 3 people is reviewed; 4 conflicts of interest are kept") for page in pages] == [
        1,
        1,
    ]
    assert [page.count("3 to 4 of 4") for page in pages] == [0, 2]
    assert {one.pk for one in people if any(f"/privacy/person/{one.pk}/kept" in page for page in pages)} == {
        one.pk for one in people
    }


def test_an_officer_in_conflict_is_refused_and_the_others_are_alerted_to_a_line_that_names_them(officer):
    priya, person = make.practitioner("Priya", "Nair"), make.person("Nair", "Asha")
    told = {"starts_on": make.TODAY, "made_at": make.AT, "made_by": new_id(), "reason": "-"}
    Conflict.objects.create(practitioner=priya, person=person, kind="family", **told)

    answer = officer.get(f"/privacy/person/{person.pk}")

    assert (answer.status_code, "Asha" in answer.content.decode()) == (403, False)
    (news,) = News.objects.filter(what="conflict.refused")
    assert (news.person_id, Event.objects.get(pk=news.detail["event"]).by_id) == (None, priya.pk)


def test_what_an_administrator_changed_of_how_somebody_signs_in_is_told_to_them_and_to_the_officer(officer, sign_in):
    sign_in("Olwen", "Pryce", roles=("privacy_officer",), teams=())
    account = Account.objects.get(practitioner__given="Olwen")
    Account.objects.filter(pk=account.pk).update(email="olwen@example.org")
    sam = sign_in("Sam", "Whitaker", roles=("administrator",), teams=())
    way = f"/place/staff/{account.practitioner_id}/sign-in"
    before = officer.get("/privacy").content.decode()

    assert sam.post(f"{way}/email", {"email": "sam@example.org"}).status_code == 302
    assert sam.post(f"{way}/invite").status_code == 200

    after = " ".join(officer.get("/privacy").content.decode().split())
    telling()()
    assert "No administrator changed in a week how anybody else signs in" in before
    assert "The address that a link for a new password goes to, by <bdi>Sam Whitaker" in after
    assert "An invitation was made, by which a password can be set, by <bdi>Sam Whitaker" in after
    assert [(one.to, "user name olwen-pryce" in one.body) for one in mail.outbox] == [
        (["olwen@example.org"], True),
        (["sam@example.org"], True),
    ]
    assert News.objects.filter(about_id=account.pk).count() == 2


def test_each_line_of_an_opt_out_that_was_rejected_is_there_to_be_looked_at(officer, sign_in):
    assert "No line of an opt-out was rejected" in officer.get("/privacy/opt-outs").content.decode()
    receive_opt_outs(asked=["9990000018", "not a number"], answer=["9990000018"], by=system(at=make.AT))

    page = " ".join(officer.get("/privacy/opt-outs").content.decode().split())

    assert "2 lines of the last 1 list of opt-outs were rejected" in page
    assert ("<b>Line 1</b>" in page, "<b>Line 2</b>" in page) == (True, True)
    assert ("NHS number ends 018" in page, "9990000018" in page) == (True, False)
    assert Event.objects.filter(what="opt-outs.opened").count() == 2
    assert sign_in().get("/privacy/opt-outs").status_code == 403
