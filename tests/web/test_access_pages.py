"""Breaking the glass in two clicks and a reason; what I can see and why; what a person objects to."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from locality.access.models import Conflict, Objection, Override, Proxy
from locality.base import SYSTEM_ID
from locality.journal.models import Event, News
from locality.people.models import Person
from tests import factories as make

pytestmark = pytest.mark.django_db

WHY = {"why": "emergency", "words": "Seen in A&E now, confused, need allergies"}


def peggy():
    person, (gp,) = make.peggy("gp")
    make.resource(gp, make.problem("Asthma", id="c1"))
    return person


@pytest.fixture
def ruth(sign_in) -> Client:
    return sign_in("Ruth", "Adler", teams=("hilltop",))


def words_of(answer) -> str:
    return answer.content.decode()


def break_it(browser, person, **other):
    return browser.post(reverse("break_glass", args=[person.pk]), WHY | {"about": str(person.pk)} | other)


def test_the_refusal_offers_it_and_two_clicks_and_a_reason_open_the_record(ruth):
    person = peggy()
    address = reverse("break_glass", args=[person.pk])

    refused = ruth.get(f"/person/{person.pk}")
    assert (refused.status_code, address in words_of(refused), "Hargreaves" in words_of(refused)) == (403, True, False)
    form = ruth.get(address)
    opened = ruth.post(address, WHY | {"about": str(person.pk)}, follow=True)

    assert ("HARGREAVES" in words_of(form), "9990000018" in words_of(form), "Asthma" in words_of(form)) == (
        True,
        False,
        False,
    )
    assert (opened.status_code, "Asthma" in words_of(opened)) == (200, True)
    assert "You broke the glass to open this record." in words_of(opened)
    assert News.objects.filter(what="glass.broken").count() == 1


def test_nothing_opens_before_the_reason_is_given_and_looking_at_the_form_breaks_nothing(ruth):
    person = peggy()
    ruth.get(reverse("break_glass", args=[person.pk]))

    assert ruth.get(f"/person/{person.pk}").status_code == 403
    assert Override.objects.count() == 0


@pytest.mark.parametrize(
    "wrong", [{"why": ""}, {"why": "curious"}, {"words": ""}, {"words": " . "}, {"words": "x" * 2001}]
)
def test_without_a_reason_the_form_comes_back_and_says_what_is_missing(ruth, wrong):
    person = peggy()

    answer = break_it(ruth, person, **wrong)

    assert (answer.status_code, "There is a problem" in words_of(answer), Override.objects.count()) == (422, True, 0)


def test_markup_in_a_reason_is_shown_as_words(ruth):
    break_it(ruth, peggy(), words="<script>alert(1)</script> need her allergies")

    page = words_of(ruth.get(reverse("my_access")))

    assert ("<script>alert(1)" in page, "&lt;script&gt;alert(1)" in page) == (False, True)


def test_closed_early_it_is_refused_again(ruth):
    person = peggy()
    break_it(ruth, person)

    closed = ruth.post(reverse("close_glass", args=[person.pk]), {"about": str(person.pk)})

    assert (closed.status_code, ruth.get(f"/person/{person.pk}").status_code) == (302, 403)


def test_what_was_opened_of_an_alias_is_closed_with_it(ruth):
    person, alias = peggy(), make.person("Hargreaves", "Alias", nhs_number="")
    break_it(ruth, alias)
    Person.objects.filter(pk=alias.pk).update(merged_into=person)
    opened = ruth.get(f"/person/{person.pk}").status_code

    closed = ruth.post(reverse("close_glass", args=[person.pk]), {"about": str(person.pk)})

    assert (opened, closed.status_code, ruth.get(f"/person/{person.pk}").status_code) == (200, 302, 403)
    assert Override.objects.filter(ended_at=None).count() == 0


def test_three_hours_later_it_is_refused_again(ruth):
    person = peggy()
    break_it(ruth, person)
    now = timezone.now()
    Override.objects.update(made_at=now - timedelta(hours=3), ends_at=now)

    assert ruth.get(f"/person/{person.pk}").status_code == 403


def test_a_stale_tab_breaks_no_glass(ruth):
    person = peggy()

    answer = break_it(ruth, person, about=str(make.new_id()))

    assert (answer.status_code, Override.objects.count()) == (409, 0)


@pytest.mark.parametrize("role", ["care_coordinator", "link_worker", "privacy_officer", "administrator"])
def test_to_other_roles_it_is_neither_offered_nor_open(sign_in, role):
    person = peggy()
    browser = sign_in("Ruth", "Adler", roles=(role,), teams=("hilltop",))
    address = reverse("break_glass", args=[person.pk])

    refused = browser.get(f"/person/{person.pk}")

    assert (refused.status_code, address in words_of(refused)) == (403, False)
    assert (browser.get(address).status_code, break_it(browser, person).status_code) == (403, 403)
    assert Override.objects.count() == 0


def test_a_conflict_is_refused_without_a_way_round_and_alerts(sign_in):
    person = peggy()
    browser = sign_in()
    browser.post(reverse("conflict", args=[person.pk]), {"about": str(person.pk), "conflict": "family"})

    refused = browser.get(f"/person/{person.pk}")

    assert (refused.status_code, reverse("break_glass", args=[person.pk]) in words_of(refused)) == (403, False)
    assert Conflict.objects.get().kind == "family"
    assert Event.objects.get(what="page.person", outcome="refused").detail == {"factor": "conflict"}
    assert News.objects.filter(what="conflict.refused").count() == 1


# ---- what I can see, and why


@pytest.mark.parametrize("people", [1, 3])
def test_what_i_can_see_tells_my_part_of_the_tables_and_how_many_people(sign_in, people, django_assert_num_queries):
    for number in range(people):
        make.relationship(make.person("Ash", str(number), nhs_number=""))
    browser = sign_in()
    browser.get(reverse("my_access"))

    # the session, who is looking, the reasons counted, the teams, what was broken
    with django_assert_num_queries(5):
        page = words_of(browser.get(reverse("my_access")))

    assert f"<b>{people} {'person' if people == 1 else 'people'}</b>" in page
    assert "Allergies" not in page
    assert "with a reason" in page


def test_a_role_that_opens_nobody_is_told_so(sign_in):
    page = words_of(sign_in(roles=("administrator",)).get(reverse("my_access")))

    assert "Your role opens nobody&#39;s record." in page


# ---- what a person objects to


def test_an_objection_is_written_down_and_withdrawn(sign_in):
    person, browser = peggy(), sign_in()
    about = {"about": str(person.pk)}
    asked = {"kind": "sharing", "organisation": "", "words": "She told me at home"}

    browser.post(reverse("objection", args=[person.pk]), about | asked)
    row = Objection.objects.get()
    page = words_of(browser.get(reverse("consent", args=[person.pk])))
    assert "They object to their record being shared between organisations." in page
    assert "Asthma" not in words_of(browser.get(f"/person/{person.pk}"))

    browser.post(reverse("objection_withdrawn", args=[person.pk, row.pk]), about | {"words": "She changed her mind"})

    assert "They have not objected to sharing." in words_of(browser.get(reverse("consent", args=[person.pk])))
    assert "Asthma" in words_of(browser.get(f"/person/{person.pk}"))


def test_without_a_kind_and_words_nothing_is_written(sign_in):
    person, browser = peggy(), sign_in()

    answer = browser.post(reverse("objection", args=[person.pk]), {"about": str(person.pk)})

    assert (answer.status_code, Objection.objects.count()) == (422, 0)


def test_who_acts_for_a_person_is_shown_and_ended(sign_in):
    person, browser = peggy(), sign_in()
    ann = make.person("Hargreaves", "Ann", nhs_number="")
    row = Proxy.objects.create(
        person=person,
        proxy=ann,
        kind="chosen",
        reason="She asked her to",
        starts_on=make.TODAY,
        made_at=make.AT,
        made_by=SYSTEM_ID,
    )
    assert "HARGREAVES, Ann" in words_of(browser.get(reverse("consent", args=[person.pk])))
    address = reverse("proxy_ended", args=[person.pk, row.pk])

    browser.post(address, {"about": str(person.pk), "words": "She no longer wants it"})

    assert "HARGREAVES, Ann" not in words_of(browser.get(reverse("consent", args=[person.pk])))


@pytest.mark.parametrize("name", ["consent", "objection"])
def test_another_team_reads_and_writes_nothing_of_it(ruth, name):
    person = peggy()
    address = reverse(name, args=[person.pk])

    answer = ruth.get(address) if name == "consent" else ruth.post(address, {"about": str(person.pk), **OBJECTION})

    assert (answer.status_code, "Hargreaves" in words_of(answer), Objection.objects.count()) == (403, False, 0)


OBJECTION = {"kind": "sharing", "organisation": "", "words": "She told me"}


def test_somebody_who_broke_the_glass_reads_it_and_writes_nothing(ruth):
    person = peggy()
    break_it(ruth, person)

    page = words_of(ruth.get(reverse("consent", args=[person.pk])))
    answer = ruth.post(reverse("objection", args=[person.pk]), {"about": str(person.pk), **OBJECTION})

    assert ("Write down an objection" in page, answer.status_code, Objection.objects.count()) == (False, 409, 0)
