"""What makes a person one, for the custodian: a record split off, another person joined, and both undone."""

from datetime import date

import pytest
from django.urls import reverse

from locality.journal.models import Event
from locality.people.models import Label, Patient, Person
from locality.people.queries import people_of_patients
from tests import factories as make

pytestmark = pytest.mark.django_db

GROWN = {"birth_on": date(1960, 3, 14), "birth_text": "1960-03-14", "nhs_number": ""}
WHY = "The hospital's record is her sister's"


@pytest.fixture
def desmond(sign_in):
    return sign_in("Desmond", "Clarke", roles=("identity_custodian",), teams=())


def somebody(*sources: str, family: str = "Hargreaves", **other) -> tuple[Person, list[Patient]]:
    """One person as the machine joined them from these sources."""
    row = make.person(family, "Peg", **(GROWN | other))
    patients = [make.patient(row, make.source(code)) for code in sources]
    for other_one in patients[1:]:
        make.pair(patients[0], other_one, state="match", weight=9.5, probability=0.998, asked_at=None)
    return row, patients


def address(person: Person, page: str = "person") -> str:
    return reverse(f"identity_{page}", args=[person.pk])


def post(browser, person: Person, page: str, **sent):
    return browser.post(address(person, page), {"about": str(person.pk), **sent})


def words_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def whose(*patients: Patient) -> list:
    found = people_of_patients([one.pk for one in patients])
    return [found[one.pk] for one in patients]


def test_the_page_says_what_makes_this_person(desmond):
    person, (gp, acute) = somebody("gp", "acute")

    words = words_of(desmond.get(address(person)))

    assert "<h1>2 records of 2 senders make this person</h1>" in words
    assert [part for part in (gp.local_id, acute.local_id, "Mill Lane Practice") if part not in words] == []


def test_neither_address_nor_phone_stands_there(desmond):
    person, _ = somebody("gp")

    words = words_of(desmond.get(address(person)))

    assert [leak for leak in ("Weaver", "ZZ1", "0161 496 0127") if leak in words] == []


def test_an_alias_leads_to_the_person_it_became(desmond):
    person, _ = somebody("gp")
    alias = make.person("Ash", "Peg", merged_into=person)

    assert "HARGREAVES, Peg" in words_of(desmond.get(address(alias)))


def test_a_doubt_stands_in_the_banner_with_the_way_to_decide_it(desmond):
    person, (gp,) = somebody("gp")
    pair = make.pair(gp, somebody("acute", family="Hargraves")[1][0])

    words = words_of(desmond.get(address(person)))

    assert "Another person here may be the same: it waits to be decided." in words
    assert reverse("identity_pair", args=[pair.pk]) in words


def test_who_is_named_beside_is_written_down_as_shown(desmond):
    person, (gp,) = somebody("gp")
    other, (acute,) = somebody("acute", family="Hargraves")
    make.pair(gp, acute)

    desmond.get(address(person))

    assert list(Event.objects.filter(what="identity.listed").values_list("person_id", flat=True)) == [other.pk]


def test_nobody_is_no_page(desmond):
    patient = somebody("gp")[1][0]

    assert desmond.get(reverse("identity_person", args=[patient.pk])).status_code == 404


# ---- split


def test_before_a_split_the_page_says_what_becomes_of_both_sides(desmond):
    person, (gp, acute) = somebody("gp", "acute")
    make.resource(acute, make.problem("Asthma", id="c1"))

    words = words_of(post(desmond, person, "split", leaves=str(acute.pk)))

    assert "<h1>1 record would leave to a person of its own</h1>" in words
    assert "1 resource with those that leave, 0 resources with those that stay." in words
    assert (len(set(whose(gp, acute))), "Asthma" in words) == (1, False)


def test_a_split_is_done_and_undone(desmond):
    person, (gp, acute) = somebody("gp", "acute")

    done = post(desmond, person, "split", leaves=str(acute.pk), sure="yes", reason=WHY)
    apart = whose(gp, acute)
    words = words_of(desmond.get(done.url))
    label = Label.objects.filter(withdrawn_at=None).first()
    back = desmond.post(f"{reverse('identity_take_back', args=[label.pk])}?person={person.pk}")

    assert (apart[0], apart[1] != person.pk, whose(gp, acute)) == (person.pk, True, [person.pk, person.pk])
    assert ("they are two people now, for good" in words, back.url) == (True, address(person))


@pytest.mark.parametrize(
    ("sent", "status", "asked"),
    [
        ({}, 422, "Choose the records that leave"),
        ({"leaves": "not an id"}, 422, "Choose the records that leave"),
        ({"leaves": "acute", "sure": "yes"}, 422, "Say why"),
    ],
)
def test_what_a_split_needs_is_asked_for(desmond, sent, status, asked):
    person, (_, acute) = somebody("gp", "acute")
    told = {name: str(acute.pk) if words == "acute" else words for name, words in sent.items()}

    answer = post(desmond, person, "split", **told)

    assert (answer.status_code, asked in words_of(answer), Label.objects.count()) == (status, True, 0)


def test_not_everything_can_leave(desmond):
    person, patients = somebody("gp", "acute")

    answer = post(desmond, person, "split", leaves=[str(one.pk) for one in patients])

    assert (answer.status_code, "not all of them" in words_of(answer)) == (409, True)


# ---- join


def test_the_other_person_is_found_by_number_or_name_and_never_the_same_one(desmond):
    person, _ = somebody("gp", family="Ash")
    other, _ = somebody("acute", family="Ashe")

    words = words_of(post(desmond, person, "join", words="ashe peg"))

    assert (f'value="{other.pk}"' in words, f'name="other" value="{person.pk}"' in words) == (True, False)


def test_two_people_are_looked_at_side_by_side_before_they_are_joined(desmond):
    person, _ = somebody("gp", family="Ash")
    other, _ = somebody("acute", family="Ashe")

    words = words_of(post(desmond, person, "join", other=str(other.pk)))

    assert "<bdi>Ash<mark>e</mark></bdi>" in words
    assert "2 records become one person" in words


def test_a_join_is_done_and_undone(desmond):
    person, (gp,) = somebody("gp", family="Ash")
    other, (acute,) = somebody("acute", family="Ashe")

    post(desmond, person, "join", other=str(other.pk), sure="yes", reason="She married")
    together = set(whose(gp, acute))
    desmond.post(reverse("identity_take_back", args=[Label.objects.get().pk]))

    assert (len(together), whose(gp, acute)) == (1, [person.pk, other.pk])


@pytest.mark.parametrize(("sent", "asked"), [({}, "Type the other"), ({"other": "self"}, "very person")])
def test_what_a_join_needs_is_asked_for(desmond, sent, asked):
    person, _ = somebody("gp")
    told = {name: str(person.pk) for name in sent}

    answer = post(desmond, person, "join", **told)

    assert (answer.status_code in (409, 422), asked in words_of(answer)) == (True, True)


def test_a_join_without_a_reason_is_asked_for_one(desmond):
    person, _ = somebody("gp")
    other, _ = somebody("acute")

    answer = post(desmond, person, "join", other=str(other.pk), sure="yes", reason=" ")

    assert (answer.status_code, "Say why" in words_of(answer), Label.objects.count()) == (422, True, 0)


def test_a_form_about_another_person_does_nothing(desmond):
    person, (_, acute) = somebody("gp", "acute")
    other, _ = somebody("circle")

    answer = desmond.post(
        address(person, "split"), {"about": str(other.pk), "leaves": str(acute.pk), "sure": "yes", "reason": WHY}
    )

    assert (answer.status_code, Label.objects.count()) == (409, 0)


@pytest.mark.parametrize("page", ["split", "join"])
def test_nobody_else_splits_or_joins(sign_in, page):
    person, (_, acute) = somebody("gp", "acute")
    other, _ = somebody("circle")
    make.relationship(person)

    answer = post(sign_in(), person, page, leaves=str(acute.pk), other=str(other.pk), sure="yes", reason=WHY)

    assert (answer.status_code, Label.objects.count()) == (403, 0)


@pytest.mark.parametrize("records", [1, 3])
def test_a_person_costs_the_same_however_many_records(desmond, records, django_assert_num_queries):
    person, _ = somebody(*["gp", "acute", "circle"][:records])
    desmond.get("/find")

    with django_assert_num_queries(QUERIES_OF_A_PERSON):
        desmond.get(address(person))


# session, viewer; at whom they must not look;
# who it is, records, numbers, what left, who was joined, the doubts; the audit; how much is held, what
# was decided; and the transactions' own four
QUERIES_OF_A_PERSON = 16
