"""The pages of marks: sealing a line, who may know an address, whose looks are reviewed, who must not look."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from locality.access.models import AddressGrant, Conflict, PersonSeal, Watch
from locality.base.ids import new_id
from locality.directory.models import Practitioner
from locality.journal.models import Event
from locality.web.words import day
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def asthma():
    """Peggy, and a line of her record that she wants closed."""
    person, (gp,) = make.peggy("gp")
    return person, make.resource(gp, make.problem("Asthma")).thing


@pytest.fixture
def hidden():
    """Peggy, whose address is protected."""
    return make.peggy("gp", protected=True)[0]


@pytest.fixture
def officer(sign_in):
    return sign_in("Priya", "Nair", roles=("privacy_officer",), teams=())


def words_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def sent(browser, name, *ids, about, **fields):
    return browser.post(reverse(name, args=ids), {"about": str(about)} | fields)


def last(what: str) -> Event:
    return Event.objects.get(what=what)


# ---- sealing a line


@pytest.mark.parametrize(("kind", "announced"), [("sealed", True), ("sealed", False), ("locked", False)])
def test_a_line_is_closed_from_the_line_itself_and_opened_again_from_the_next_page(sign_in, asthma, kind, announced):
    (person, thing), browser = asthma, sign_in()
    line, seal = (reverse(name, args=[person.pk, thing]) for name in ("document", "seal"))
    assert seal in words_of(browser.get(line))

    fields = {"kind": kind, "words": "She told me at home"} | ({"announced": "yes"} if announced else {})
    answer = sent(browser, "seal", person.pk, thing, about=person.pk, **fields)

    row = PersonSeal.objects.get()
    assert (row.thing, row.seal, row.announced, row.reason) == (thing, kind, announced, "She told me at home")
    assert (answer.status_code, last("line.sealed").person_id) == (302, person.pk)
    page = words_of(browser.get(answer.url))
    assert ("Asthma" in page, reverse("unseal", args=[person.pk, thing]) in page) == (False, True)
    assert [browser.get(one).status_code for one in (line, seal)] == [404, 404]
    colleague = sign_in("Sadia", "Rahman")
    refused = sent(colleague, "unseal", person.pk, thing, about=person.pk)
    nothing = sent(colleague, "unseal", person.pk, new_id(), about=person.pk)
    assert "No line was opened" in words_of(colleague.get(refused.url))
    assert (refused.url, browser.get(line).status_code) == (nothing.url, 404)
    sent(browser, "unseal", person.pk, thing, about=person.pk)
    assert "Asthma" in words_of(browser.get(line))


def test_a_locked_line_is_not_announced_whatever_is_ticked(sign_in, asthma):
    (person, thing), browser = asthma, sign_in()

    sent(browser, "seal", person.pk, thing, about=person.pk, kind="locked", words="She told me", announced="yes")

    assert PersonSeal.objects.get().announced is False
    assert "sealed" not in words_of(browser.get(reverse("consent", args=[person.pk])))


@pytest.mark.parametrize("fields", [{}, {"kind": "sealed"}, {"words": "Why"}, {"kind": "else", "words": "Why"}])
def test_without_how_it_is_closed_and_how_they_asked_nothing_is_closed(sign_in, asthma, fields):
    (person, thing), browser = asthma, sign_in()

    answer = sent(browser, "seal", person.pk, thing, about=person.pk, **fields)

    assert (answer.status_code, PersonSeal.objects.count()) == (422, 0)


def test_before_an_allergy_is_closed_the_danger_is_told(sign_in):
    person, (gp,) = make.peggy("gp")
    rows = make.resource(gp, make.allergy("Penicillin")), make.resource(gp, make.problem("Asthma"))
    browser = sign_in()

    told = ["This is an allergy" in words_of(browser.get(reverse("seal", args=[person.pk, row.thing]))) for row in rows]

    assert told == [True, False]


def test_whoever_broke_the_glass_reads_and_closes_nothing(sign_in, asthma):
    (person, thing), browser = asthma, sign_in("Ruth", "Adler", teams=("hilltop",))
    told = {"why": "emergency", "words": "She fell in the street"}
    sent(browser, "break_glass", person.pk, about=person.pk, **told)

    line = words_of(browser.get(reverse("document", args=[person.pk, thing])))
    answer = sent(browser, "seal", person.pk, thing, about=person.pk, kind="sealed", words="-")

    assert ("Asthma" in line, "They want it sealed" in line) == (True, False)
    assert (answer.status_code, PersonSeal.objects.count()) == (409, 0)


def test_the_officer_sees_that_a_line_is_closed_and_not_what_it_says_and_opens_it_again(sign_in, officer, asthma):
    person, thing = asthma
    sent(sign_in(), "seal", person.pk, thing, about=person.pk, kind="locked", words="She told me")

    page = words_of(officer.get(reverse("privacy_marks", args=[person.pk])))
    silent = sent(officer, "seal_ended", person.pk, thing, about=person.pk, words=" ")
    answer = sent(officer, "seal_ended", person.pk, thing, about=person.pk, words="She asked for it")

    assert (silent.status_code, "Say why" in words_of(silent)) == (422, True)
    assert ("Locked: nobody is told of it" in page, "Asthma" in page) == (True, False)
    assert (answer.status_code, PersonSeal.objects.filter(ended_at=None).count()) == (302, 0)
    again = sent(officer, "seal_ended", person.pk, thing, about=person.pk, words="She asked for it")
    assert (again.status_code, PersonSeal.objects.get().ended_reason) == (404, "She asked for it")
    assert set(Event.objects.filter(what="marks.opened").values_list("person_id", flat=True)) == {person.pk}


# ---- who may know a protected address


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def chosen(fields: dict[str, str]) -> dict[str, str]:
    """The practitioner whose whole name was typed, as the second step chooses them."""
    found = [one for one in Practitioner.objects.all() if one.name == fields.get("who")]
    return {"practitioner": str(found[0].pk)} if found else {}


def granted(browser, person, *, last_in=7, **fields):
    told = {"last_day": in_days(last_in).strftime("%d/%m/%Y"), "why": "She visits her"} | chosen(fields) | fields
    return sent(browser, "address_granted", person.pk, about=person.pk, **told)


def test_a_lead_lets_a_practitioner_know_an_address_until_a_day_and_takes_it_back(sign_in, hidden):
    nurse, lead = sign_in(), sign_in("Leah", "Lead", roles=("safeguarding_lead",))
    page = f"/person/{hidden.pk}"
    assert "Weaver" not in words_of(nurse.get(page))
    assert reverse("address", args=[hidden.pk]) in words_of(lead.get(reverse("consent", args=[hidden.pk])))

    answer = granted(lead, hidden, who="Joanne Fielding")

    row = AddressGrant.objects.get()
    assert (answer.status_code, row.ends_on, row.reason) == (302, in_days(8), "She visits her")
    assert (row.practitioner.family, row.team, last("address.granted").person_id) == ("Fielding", None, hidden.pk)
    assert "Weaver" in words_of(nurse.get(page))
    assert "Joanne Fielding" in words_of(lead.get(answer.url))
    sent(lead, "address_ended", hidden.pk, row.pk, about=hidden.pk, words="She moved on")
    assert "Weaver" not in words_of(nurse.get(page))


def test_the_officer_lets_a_whole_team_know_an_address_without_ever_reading_it(sign_in, officer, hidden):
    nurse = sign_in()
    page = words_of(officer.get(reverse("privacy_marks", args=[hidden.pk])))

    answer = granted(officer, hidden, team=str(make.team("riverside").pk))

    assert ("Where they live is protected" in page, reverse("address", args=[hidden.pk]) in page) == (True, True)
    assert "Weaver" in words_of(nurse.get(f"/person/{hidden.pk}"))
    assert "Weaver" not in words_of(officer.get(answer.url))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Type a practitioner&#39;s name, or choose a team: one of the two."),
        ({"who": "Joanne Fielding", "team": "riverside"}, "Type a practitioner&#39;s name, or choose a team"),
        ({"who": "Nobody Atall"}, "Nobody of that name works here today."),
        ({"who": "Joanne Fielding", "last_day": ""}, "Type the last day on which they may know it."),
        ({"who": "Joanne Fielding", "last_in": 366}, "Choose a last day within a year"),
        ({"who": "Joanne Fielding", "last_in": -1}, "Choose a last day that is not before the first."),
        ({"who": "Joanne Fielding", "why": " "}, "Say why they need to know it."),
        ({"who": "Leah Lead"}, "Somebody else has to let you or your team know where they live"),
    ],
)
def test_what_is_wrong_with_a_leave_to_know_an_address_is_said_and_nothing_is_kept(sign_in, hidden, fields, words):
    sign_in()
    lead = sign_in("Leah", "Lead", roles=("safeguarding_lead",))
    if "team" in fields:
        fields = fields | {"team": str(make.team("riverside").pk)}

    answer = granted(lead, hidden, **fields)

    assert (answer.status_code, words in words_of(answer), AddressGrant.objects.count()) == (422, True, 0)


def test_of_two_practitioners_of_one_name_one_is_chosen_and_named(sign_in, officer, hidden):
    sign_in()
    other = make.practitioner("Joanna", "Fielding", profession="Physiotherapist")
    make.role(other)

    asked = granted(officer, hidden, who="Fielding")
    answer = granted(officer, hidden, who="Fielding", practitioner=str(other.pk))

    assert ("Choose who is meant." in words_of(asked), answer.status_code) == (True, 302)
    assert AddressGrant.objects.get().practitioner == other
    told = f"Physiotherapist, Smallborough Hospitals may know the address from now on, until {day(in_days(7))}"
    assert f"Joanna Fielding, {told}" in words_of(officer.get(answer.url))


@pytest.mark.parametrize("typed", ["Ann Lee", "Joa Leeds", "leeds"])
def test_nobody_is_taken_for_another_however_few_have_the_name(officer, hidden, typed):
    make.role(make.practitioner("Joanna", "Leeds"))

    answer = granted(officer, hidden, who=typed)

    assert (answer.status_code, AddressGrant.objects.count()) == (422, 0)
    assert ("Joanna Leeds" in words_of(answer)) == (typed != "Ann Lee")


def test_whoever_has_left_is_not_offered_and_a_list_that_is_cut_says_so(officer, hidden):
    left, here = make.practitioner("Lea", "Ash"), make.practitioner("Lee", "Ash")
    make.role(left, ends_on=date(2026, 5, 1))
    make.member(here, make.team())

    few = words_of(granted(officer, hidden, who="Ash"))
    for number in range(20):
        make.role(make.practitioner(f"Tom{number}", "Ash"))
    many = words_of(granted(officer, hidden, who="Ash"))

    assert ("Lea Ash" in few, "Lee Ash" in few, "More have that name" in few) == (False, True, False)
    assert "More have that name than are listed" in many


@pytest.mark.parametrize(
    "role", ["clinician", "social_worker", "care_coordinator", "administrator", "identity_custodian"]
)
def test_nobody_else_reads_or_says_who_may_know_an_address(sign_in, hidden, role):
    browser = sign_in(roles=(role,))

    assert browser.get(reverse("address", args=[hidden.pk])).status_code == 403
    assert granted(browser, hidden, who="Joanne Fielding").status_code == 403
    assert AddressGrant.objects.count() == 0


def test_who_may_know_an_address_is_told_to_them_to_whoever_may_say_so_and_to_nobody_else(sign_in, officer, hidden):
    told = {"starts_on": make.TODAY, "made_at": make.AT, "made_by": new_id(), "reason": "-", "ends_on": in_days(9)}
    AddressGrant.objects.create(person=hidden, team=make.team("refuge", name="Elm Street refuge"), **told)
    AddressGrant.objects.create(person=hidden, practitioner=make.practitioner("Sadia", "Rahman"), **told)
    AddressGrant.objects.update(starts_on=in_days(-1))
    consent = reverse("consent", args=[hidden.pk])
    lead = sign_in("Leah", "Lead", roles=("safeguarding_lead",))
    other = sign_in("Lena", "Lead", roles=("safeguarding_lead",), teams=("hilltop",))
    sent(other, "break_glass", hidden.pk, about=hidden.pk, why="emergency", words="She fell in the street")

    pages = [words_of(one.get(consent)) for one in (sign_in(), sign_in("Sadia", "Rahman"), lead, other)]

    assert ["Elm Street refuge" in one for one in pages] == [False, True, True, False]
    assert ["Some practitioners or teams may" in one for one in pages] == [True, False, False, True]


def test_a_lead_who_may_not_open_the_record_says_nothing_of_its_address(sign_in, hidden):
    stranger = sign_in("Leah", "Lead", roles=("safeguarding_lead",), teams=("hilltop",))

    assert stranger.get(reverse("address", args=[hidden.pk])).status_code == 403
    assert (granted(stranger, hidden, who="Leah Lead").status_code, AddressGrant.objects.count()) == (403, 0)


# ---- whose looks are reviewed, and who must not look


def test_every_look_at_somebody_is_reviewed_and_nothing_withheld_until_it_is_ended(sign_in, officer, asthma):
    (person, _), nurse = asthma, sign_in()

    answer = sent(officer, "watch_made", person.pk, about=person.pk, watch="public_figure", watch_words="In the paper")

    row = Watch.objects.get()
    assert (answer.status_code, row.kind, row.reason) == (302, "public_figure", "In the paper")
    assert "Asthma" in words_of(nurse.get(f"/person/{person.pk}"))
    assert Event.objects.get(what="record.opened").detail["owed"] == ["review"]
    everybody = words_of(officer.get(reverse("privacy_kept")))
    assert ("HARGREAVES, Margaret" in everybody, "In the public eye" in everybody) == (True, True)
    assert last("marks.listed").person_id == person.pk
    sent(officer, "watch_ended", person.pk, row.pk, about=person.pk, words="It is over")
    page = words_of(officer.get(reverse("privacy_marks", args=[person.pk])))
    assert "are not reviewed" in page


def test_the_officer_closes_a_record_to_one_practitioner_and_opens_it_again(sign_in, officer, asthma):
    (person, _), nurse = asthma, sign_in()
    page = f"/person/{person.pk}"

    told = {"who": "Joanne Fielding", "conflict": "family", "conflict_words": "Her aunt"}
    asked = sent(officer, "conflict_made", person.pk, about=person.pk, **told)
    assert (asked.status_code, Conflict.objects.count()) == (422, 0)
    assert "Joanne Fielding, District nurse, Smallborough Hospitals" in words_of(asked)
    answer = sent(officer, "conflict_made", person.pk, about=person.pk, **told, **chosen(told))
    assert "The record is closed to Joanne Fielding, District nurse" in words_of(officer.get(answer.url))

    row = Conflict.objects.get()
    assert (row.practitioner.family, row.kind, row.reason) == ("Fielding", "family", "Her aunt")
    assert nurse.get(page).status_code == 403
    assert "Joanne Fielding" in words_of(officer.get(reverse("privacy_kept")))
    sent(officer, "conflict_ended", person.pk, row.pk, about=person.pk, words="Not her aunt after all")
    assert nurse.get(page).status_code == 200


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("watch_made", {}),
        ("watch_made", {"watch": "else"}),
        ("conflict_made", {"conflict": "family"}),
        ("conflict_made", {"who": "Joanne Fielding"}),
        ("conflict_made", {"who": "Nobody Atall", "conflict": "family"}),
    ],
)
def test_what_is_not_said_in_full_is_not_kept(sign_in, officer, asthma, name, fields):
    sign_in()

    answer = sent(officer, name, asthma[0].pk, about=asthma[0].pk, **fields)

    assert (answer.status_code, Watch.objects.count(), Conflict.objects.count()) == (422, 0, 0)


@pytest.mark.parametrize("name", ["watch_ended", "conflict_ended", "address_ended"])
def test_a_mark_ends_with_a_reason_and_on_the_page_of_its_own_person(officer, hidden, name):
    told = {"starts_on": make.TODAY, "made_at": make.AT, "made_by": new_id(), "reason": "-"}
    nurse, until = make.practitioner(), {"ends_on": in_days(9)}
    row = {
        "watch_ended": lambda: Watch.objects.create(person=hidden, kind="staff", **told),
        "conflict_ended": lambda: Conflict.objects.create(person=hidden, practitioner=nurse, kind="family", **told),
        "address_ended": lambda: AddressGrant.objects.create(person=hidden, practitioner=nurse, **told, **until),
    }[name]()
    other = make.person("Other", "Olive")

    silent = sent(officer, name, hidden.pk, row.pk, about=hidden.pk, words=" ")
    elsewhere = sent(officer, name, other.pk, row.pk, about=other.pk, words="Why")
    row.refresh_from_db()
    assert (silent.status_code, elsewhere.status_code, row.ended_at) == (422, 404, None)
    ended = sent(officer, name, hidden.pk, row.pk, about=hidden.pk, words="It is over")
    again = sent(officer, name, hidden.pk, row.pk, about=hidden.pk, words="It is over")

    row.refresh_from_db()
    assert (ended.status_code, again.status_code, row.ended_reason) == (302, 404, "It is over")


@pytest.mark.parametrize("role", ["clinician", "safeguarding_lead", "administrator", "identity_custodian", "analyst"])
def test_nobody_else_keeps_who_is_reviewed_or_must_not_look(sign_in, asthma, role):
    (person, thing), browser = asthma, sign_in(roles=(role,))
    about, itself = {"about": str(person.pk)}, Practitioner.objects.get(family="Fielding").name

    answers = [
        browser.get(reverse("privacy_kept")),
        browser.get(reverse("privacy_marks", args=[person.pk])),
        browser.post(reverse("watch_made", args=[person.pk]), about | {"watch": "staff"}),
        browser.post(reverse("conflict_made", args=[person.pk]), about | {"who": itself, "conflict": "family"}),
        browser.post(reverse("watch_ended", args=[person.pk, new_id()]), about | {"words": "Why"}),
        browser.post(reverse("conflict_ended", args=[person.pk, new_id()]), about | {"words": "Why"}),
        browser.post(reverse("seal_ended", args=[person.pk, thing]), about),
    ]

    assert {one.status_code for one in answers} == {403}
    assert (Watch.objects.count(), Conflict.objects.count()) == (0, 0)


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_of_all_that_is_kept_costs_the_same_for_one_and_for_three(officer, many, django_assert_num_queries):
    told = {"starts_on": make.TODAY, "made_at": make.AT, "made_by": new_id(), "reason": "-"}
    for number in range(many):
        person, who = make.person("Somebody", str(number)), make.practitioner(f"Tom{number}", "Ash")
        Watch.objects.create(person=person, kind="staff", **told)
        Conflict.objects.create(person=person, practitioner=who, kind="family", **told)
    officer.get(reverse("privacy_kept"))

    # session, viewer; at whom they must not look; watches, conflicts, whom; the lines of the audit; the transaction
    with django_assert_num_queries(9):
        officer.get(reverse("privacy_kept"))
