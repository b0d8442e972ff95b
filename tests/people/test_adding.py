"""A person whom nobody has sent is added by a practitioner: once, and never as a way into another's record."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connection

from locality.access.actions import find, open_record
from locality.access.actions.adding import Adding, Came, Newcomer, add_person
from locality.access.models import Relationship
from locality.access.rules import RoleCode
from locality.base import NoAccess, Refused, Viewer, system
from locality.journal.models import Event
from locality.people.actions import receive_patients
from locality.people.actions.earlier import keep_apart
from locality.people.models import Pair, Patient, Person
from locality.people.queries import people_of_patients
from locality.people.rules import NHS_NUMBER_SYSTEM, PatientSent
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

FORM = "0190f0aa-0000-7000-8000-000000000001"
BORN = date(1951, 7, 23)
STAN = Newcomer(
    came=Came.WALKED_IN,
    why="Fell twice, has no practice",
    given="Stanislaw",
    family="Wojcik",
    birth_on=BORN,
    birth_text=BORN.isoformat(),
    born=(BORN, BORN),
    sex="male",
    postcode="ZZ1 4QT",
    address_lines=("12 Weaver's Fold", "Smallborough"),
    phone="0161 496 0188",
)


@pytest.fixture(autouse=True)
def place_of_its_own():
    make.source("locality", last_at=None)


def sent(code: str = "gp", **other) -> PatientSent:
    """The same man, as an organisation sends him."""
    told = {"family": STAN.family, "given": STAN.given, "birth_on": BORN, "birth_text": BORN.isoformat(), "sex": "male"}
    told |= {"postcode": STAN.postcode, "address_lines": STAN.address_lines, "phone": STAN.phone}
    number = other.pop("number", make.STAN_NUMBER)
    identifiers = ((NHS_NUMBER_SYSTEM, number),) if number else ()
    source = make.source(code).pk
    return PatientSent(
        source=source, local_id="77", said_at=make.ago(hours=3), identifiers=identifiers, **(told | other)
    )


def received(*patients: PatientSent) -> dict[UUID, UUID]:
    return receive_patients(sent=patients, by=system(at=make.AT))


def added(newcomer: Newcomer = STAN, *, form: str = FORM, not_these=(), by: Viewer | None = None) -> Adding:
    team = make.team().pk
    return add_person(form=form, newcomer=replace(newcomer, team=team), not_these=not_these, by=by or make.viewer())


def told(what: str) -> list[tuple]:
    return list(Event.objects.filter(what=what).order_by("id").values_list("by_id", "person_id", "reason"))


def test_somebody_new_is_added_with_who_why_and_how_they_came():
    nurse = make.viewer()

    person = added(by=nurse).person

    words = "Walked in: Fell twice, has no practice"
    known = Relationship.objects.get()
    assert (known.person_id, known.team, known.reason, known.made_by) == (person, make.team(), words, nurse.id)
    assert told("person.added") == [(nurse.id, person, words)]
    face = Person.objects.get()
    assert (face.pk, face.family, face.given, face.birth_on, face.postcode) == (
        person,
        "Wojcik",
        "Stanislaw",
        BORN,
        "ZZ1 4QT",
    )


def test_the_team_that_added_them_opens_the_record_and_no_other():
    person = added().person
    assert person is not None

    opened = open_record(person_id=person, by=make.viewer())

    assert opened.person.pk == person
    with pytest.raises(NoAccess):
        open_record(person_id=person, by=make.stranger())


def test_they_are_found_by_whoever_looks_for_them():
    person = added().person

    found = find(words="wojcik stanislav", born=None, by=make.viewer()).found

    assert [(one.id, one.may_open) for one in found] == [(person, True)]


def test_sent_twice_they_are_added_once():
    first, again = added(), added()

    assert first.person == again.person
    assert (Person.objects.count(), Patient.objects.count(), Relationship.objects.count()) == (1, 1, 1)
    assert len(told("person.added")) == 1


def test_filled_in_twice_the_second_is_asked_about():
    first = added()

    again = added(form=FORM[:-1] + "2")

    assert (again.person, [one.id for one in again.alike]) == (None, [first.person])
    assert Person.objects.count() == 1


def test_whoever_may_be_the_same_is_shown_first_and_written_down_as_shown():
    (person,) = received(sent(given="Stan", number="", postcode="ZZ9 9ZZ", address_lines=("1 Far Lane",))).values()
    nurse = make.stranger()

    asked = add_person(form=FORM, newcomer=STAN, by=nurse)

    (one,) = asked.alike
    assert (asked.person, asked.certain, one.id, one.may_open) == (None, frozenset(), person, False)
    assert (one.birth_on, one.birth_year, one.practice_words) == (None, "1951", "")
    assert told("person.shown-as-alike") == [(nurse.id, person, "")]
    assert (Patient.objects.count(), Relationship.objects.count()) == (1, 0)


def test_told_that_it_is_none_of_these_they_are_added_apart_and_somebody_is_asked():
    (person,) = received(sent(number="")).values()
    typed = replace(STAN, birth_on=None, birth_text="1951", born=(date(1951, 1, 1), date(1951, 12, 31)))
    shown = [one.id for one in added(typed).alike]

    new = added(typed, not_these=shown).person

    people = people_of_patients(list(Patient.objects.values_list("pk", flat=True)))
    assert (shown, set(people.values())) == ([person], {new, person})
    assert new != person
    assert Pair.objects.filter(asked_at__isnull=False).count() == 1


def test_somebody_whom_a_number_and_a_birth_date_name_is_never_added_again():
    (person,) = received(sent()).values()

    asked = added(replace(STAN, nhs_number=make.STAN_NUMBER), not_these=[person])

    assert (asked.person, asked.certain, [one.id for one in asked.alike]) == (None, {person}, [person])
    assert (Patient.objects.count(), Relationship.objects.count()) == (1, 0)


def test_adding_is_no_way_into_the_record_of_somebody_who_is_here():
    """Whom the machine would take for one person is not added, whatever is said: it would open their record."""
    (person,) = received(sent(number="")).values()

    asked = add_person(form=FORM, newcomer=STAN, not_these=[person], by=make.stranger())

    assert (asked.person, asked.certain) == (None, {person})
    assert (Patient.objects.count(), Person.objects.count(), Relationship.objects.count()) == (1, 1, 0)
    with pytest.raises(NoAccess):
        open_record(person_id=person, by=make.stranger())


def test_whoever_sends_them_later_is_linked_to_them():
    person = added(replace(STAN, nhs_number=make.STAN_NUMBER)).person
    assert person is not None

    later = received(sent("gp"), sent("acute", given="Stan"))

    assert set(later.values()) == {person}
    assert open_record(person_id=person, by=make.viewer()).person.nhs_number == make.STAN_NUMBER


def test_where_only_about_what_age_is_known_they_are_asked_about_all_the_same():
    (person,) = received(sent(number="")).values()
    about = replace(STAN, birth_on=None, birth_text="1950 or so", born=(date(1947, 1, 1), date(1953, 12, 31)))

    asked = added(replace(about, postcode="", address_lines=(), phone=""))

    assert (asked.person, [one.id for one in asked.alike]) == (None, [person])


def test_a_namesake_of_another_age_is_not_shown():
    elsewhere = {"address_lines": ("9 Far Bank",), "postcode": "ZZ9 9ZZ", "phone": ""}
    received(sent(number="", birth_on=date(1989, 1, 4), birth_text="1989-01-04", **elsewhere))

    assert added().person is not None


def test_of_a_protected_address_nothing_is_shown():
    (person,) = received(sent(given="Stan", number="", protected=True)).values()

    asked = add_person(form=FORM, newcomer=replace(STAN, given="Stanley"), by=make.stranger())

    assert [(one.id, one.postcode_area) for one in asked.alike] == [(person, "")]


def earlier_identity() -> tuple[UUID, UUID]:
    """Rowan, and who they were before: another given name, another number."""
    before = sent("acute", given="Ryan", family="Fairhurst")
    now = sent("gp", given="Rowan", family="Fairhurst", sex="female", number=make.PEGGY_NUMBER, postcode="ZZ8 8ZZ")
    people = received(before, now)
    person, earlier = Person.objects.get(pk=people[now.id]), Person.objects.get(pk=people[before.id])
    keep_apart(person=person, earlier=earlier, kind="gender recognition", reason="She said so", by=system(at=make.AT))
    return person.pk, earlier.pk


@pytest.mark.parametrize("given", ["Rowan", "Ryan", "R"])
def test_nobody_is_told_of_an_earlier_identity(given):
    person, earlier = earlier_identity()
    typed = replace(STAN, given=given, family="Fairhurst", sex="")

    asked = added(typed)

    assert earlier not in [one.id for one in asked.alike]
    assert Event.objects.filter(what="person.shown-as-alike", person_id=earlier).count() == 0


def test_who_they_were_before_is_neither_added_nor_shown_by_the_old_number():
    earlier_identity()
    people = Person.objects.count()
    typed = replace(STAN, given="Ryan", family="Fairhurst", nhs_number=make.STAN_NUMBER)

    with pytest.raises(Refused, match="ask your identity custodian"):
        added(typed)

    assert Person.objects.count() == people


@pytest.mark.parametrize(
    "role",
    [
        *(RoleCode.CARE_HOME, RoleCode.PRIVACY_OFFICER, RoleCode.IDENTITY_CUSTODIAN, RoleCode.ADMINISTRATOR),
        *(RoleCode.ANALYST, RoleCode.BOARD, RoleCode.SAFEGUARDING_LEAD),
    ],
)
def test_other_roles_add_nobody(role):
    with pytest.raises(NoAccess, match="does not add people"):
        added(by=make.viewer(role))

    assert Person.objects.count() == 0


@pytest.mark.parametrize(
    "role", [RoleCode.CLINICIAN, RoleCode.SOCIAL_WORKER, RoleCode.CARE_COORDINATOR, RoleCode.LINK_WORKER]
)
def test_these_roles_do(role):
    assert added(by=make.viewer(role)).person is not None


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"given": "", "family": ""}, "at least one name"),
        ({"why": "  "}, "Say why"),
        ({"nhs_number": "9990000019"}, "not a valid NHS number"),
        ({"nhs_number": "0000000000"}, "not a valid NHS number"),
    ],
)
def test_what_does_not_suffice_is_refused_in_words(typed, words):
    with pytest.raises(Refused, match=words):
        added(replace(STAN, **typed))

    assert Person.objects.count() == 0


def test_nobody_is_added_to_another_team_s_caseload():
    with pytest.raises(Refused, match="one of your own teams"):
        add_person(form=FORM, newcomer=replace(STAN, team=make.team("hilltop").pk), by=make.viewer())


def test_whoever_works_in_no_team_adds_to_their_own_caseload():
    alone = make.viewer(teams=frozenset())

    person = add_person(form=FORM, newcomer=STAN, by=alone).person

    known = Relationship.objects.get()
    assert (known.person_id, known.practitioner_id, known.team) == (person, alone.id, None)


def test_a_place_without_a_source_of_its_own_says_so():
    make.source("locality").delete()

    with pytest.raises(Refused, match="cannot add people yet"):
        added()


@pytest.mark.parametrize("given", ["Ы", "x" * 200, "Unknown", "\u202eNnA", "A"])
def test_any_name_can_be_added(given):
    assert added(replace(STAN, given=given)).person is not None


@pytest.mark.django_db(transaction=True)
def test_sent_twice_at_the_same_moment_they_are_added_once():
    nurse = make.viewer()
    newcomer = replace(STAN, team=make.team().pk)
    together = Barrier(2)

    def add(_place: int) -> UUID | None:
        try:
            together.wait(timeout=10)
            return add_person(form=FORM, newcomer=newcomer, by=nurse).person
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        people = list(pool.map(add, range(2)))

    assert (len(set(people)), Person.objects.count(), Relationship.objects.count()) == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_added_by_one_while_a_source_sends_them_there_is_one_person_or_they_are_told():
    nurse, newcomer = make.viewer(), replace(STAN, nhs_number=make.STAN_NUMBER, team=make.team().pk)
    arriving = sent()
    together = Barrier(2)

    def run(what: Callable[[], object]) -> object:
        try:
            together.wait(timeout=10)
            return what()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        adding = pool.submit(run, lambda: add_person(form=FORM, newcomer=newcomer, by=nurse))
        pool.submit(run, lambda: received(arriving)).result()
        answer = adding.result()

    (person,) = Person.objects.filter(merged_into=None)
    assert isinstance(answer, Adding)
    assert answer.person == person.pk or answer.certain == {person.pk}
    assert Pair.objects.filter(asked_at__isnull=False).count() == 0


@pytest.mark.parametrize("alike", [1, 3])
def test_looking_for_others_costs_the_same_however_many_there_are(alike, django_assert_num_queries):
    numbers = ["", make.STAN_NUMBER, make.PEGGY_NUMBER][:alike]
    received(*(sent(f"s{at}", number=number, birth_on=None) for at, number in enumerate(numbers)))
    nurse, newcomer = make.viewer(), replace(STAN, team=make.team().pk)

    with django_assert_num_queries(13):
        asked = add_person(form=FORM, newcomer=newcomer, by=nurse)

    assert len(asked.alike) == alike
