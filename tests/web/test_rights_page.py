"""Who acts for whom, everywhere: the privacy officer's page, and nobody else's."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from locality.access.models import Proxy
from locality.journal.models import Event
from locality.people.models import Person
from tests import factories as make
from tests.web.test_acting import right

pytestmark = pytest.mark.django_db

PATH = "/privacy/acting"


@pytest.fixture
def officer(sign_in) -> Client:
    return sign_in("Priya", "Nair", roles=("privacy_officer",), teams=())


@pytest.fixture
def peggy() -> Person:
    return make.peggy("gp")[0]


@pytest.fixture
def ann() -> Person:
    return make.person("Lomas", "Ann", nhs_number="")


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def words_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def people(many: int) -> list[Person]:
    return [make.person(f"Bellcote{chr(97 + number)}", "Una", nhs_number="") for number in range(many)]


def heading(officer: Client, **asked: str) -> str:
    page = words_of(officer.post(PATH, asked) if asked else officer.get(PATH))
    return page.partition("<h1>")[2].partition("</h1>")[0]


def test_every_right_that_holds_is_there_with_whom_it_is_about_and_no_more_of_them(officer, peggy, ann):
    right(peggy, ann, ends_on=in_days(10))

    page = words_of(officer.get(PATH))

    assert "1 right to act for somebody holds" in page
    assert ("LOMAS, Ann" in page, "HARGREAVES, Margaret" in page, "She asked her to" in page) == (True, True, True)
    assert (make.PEGGY_NUMBER in page, f"ends {make.PEGGY_NUMBER[-3:]}" in page, peggy.address in page) == (
        False,
        True,
        False,
    )
    lines = Event.objects.filter(what="proxy.listed").values_list("person_id", "role")
    assert sorted(lines) == sorted([(peggy.pk, "privacy_officer"), (ann.pk, "privacy_officer")])


def test_those_that_ended_and_those_of_the_dead_and_of_an_earlier_identity_are_not(officer, peggy, ann):
    one, two, three, earlier = people(4)
    right(peggy, one, ends_on=in_days(0))
    right(peggy, two, ended_at=timezone.now(), ended_by=peggy.pk, ended_reason="No longer", ends_on=in_days(3))
    right(peggy, three)
    Person.objects.filter(pk=three.pk).update(died=True)
    make.earlier_identity(ann, earlier)
    right(peggy, earlier)
    right(earlier, one)

    assert heading(officer) == "No right to act for somebody holds"


@pytest.fixture
def three(peggy, ann) -> None:
    """A parent until a birthday in a year, somebody chosen until next week, one whose right rests."""
    hidden = make.person("Quillfeather", "Nell", nhs_number="", protected=True)
    right(peggy, ann, kind="parent", ends_on=in_days(365))
    right(ann, peggy, ends_on=in_days(7))
    right(hidden, peggy)


@pytest.mark.parametrize(
    ("which", "said"),
    [
        ("", "3 rights to act for somebody hold"),
        ("soon", "1 right to act ends within four weeks"),
        ("birthday", "1 right to act ends on a child&#39;s birthday"),
        ("resting", "1 right to act rests while an address is protected"),
    ],
)
def test_it_is_narrowed_to_what_ends_soon_by_a_birthday_or_rests(officer, three, which, said):
    assert heading(officer, which=which, name="") == said


@pytest.mark.parametrize(("name", "many"), [("lomas", 2), ("Nell Quillfeather", 1), ("Nell Lomas", 0), ("margaret", 3)])
def test_it_is_searched_by_the_whole_name_of_either(officer, three, name, many):
    rows = words_of(officer.post(PATH, {"name": name})).count('class="people__name"')

    assert rows == many


def test_what_ends_first_comes_first(officer, three):
    page = words_of(officer.get(PATH))

    ends = [page.index(one) for one in ("LOMAS, Ann</bdi></a>", ", a birthday", "with no last day")]

    assert ends == sorted(ends)


def test_the_officer_ends_one_with_a_reason_and_it_is_on_the_books(officer, peggy, ann):
    row = right(peggy, ann)
    path = reverse("privacy_proxy_ended", args=[peggy.pk, row.pk])
    about = {"about": str(peggy.pk)}

    silent = officer.post(path, about)
    answer = officer.post(path, about | {"words": "She asked us to"})

    assert (silent.status_code, answer.status_code, answer.url) == (422, 302, PATH)
    row.refresh_from_db()
    assert (row.ended_reason, row.ends_on) == ("She asked us to", timezone.localdate())
    line = Event.objects.get(what="proxy.ended")
    assert (line.person_id, line.about_id, line.reason) == (peggy.pk, row.pk, "She asked us to")
    assert heading(officer) == "No right to act for somebody holds"


def test_a_right_of_somebody_else_is_not_ended_under_this_person(officer, peggy, ann):
    row = right(peggy, ann)
    path = reverse("privacy_proxy_ended", args=[ann.pk, row.pk])

    answer = officer.post(path, {"about": str(ann.pk), "words": "Because"})

    assert (answer.status_code, Proxy.objects.get().ended_at) == (404, None)


@pytest.mark.parametrize("role", ["clinician", "safeguarding_lead", "identity_custodian", "administrator", "analyst"])
def test_nobody_else_sees_or_ends_them_there(sign_in, peggy, ann, role):
    row, browser = right(peggy, ann), sign_in("Nadia", "Khan", roles=(role,))

    path = reverse("privacy_proxy_ended", args=[peggy.pk, row.pk])
    told = [browser.get(PATH), browser.post(path, {"about": str(peggy.pk), "words": "Because"})]

    assert [one.status_code for one in told] == [403, 403]
    assert Proxy.objects.get().ended_at is None


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_costs_the_same_for_one_right_and_for_three(officer, peggy, many, django_assert_num_queries):
    for one in people(many):
        right(peggy, one)
    officer.get(PATH)

    with django_assert_num_queries(8):
        page = words_of(officer.get(PATH))

    assert page.count('class="people__name"') == many
