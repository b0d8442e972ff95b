"""Merging and parting, case by case: links move and come back, aliases of aliases too, flags hold over all of them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connection

from locality.access.actions import open_record
from locality.access.queries import Grant
from locality.access.rules import DataClass, Label, RoleCode, Seal
from locality.base import NoAccess, Refused, Viewer, system
from locality.people.actions.earlier import keep_apart
from locality.people.actions.faces import refresh_faces
from locality.people.actions.merging import Emptied, came_from, follow, merge_people, undo_merge
from locality.people.models import Link, Merge, Pair, Patient, Person
from locality.people.queries import same_person
from locality.record.queries import summary
from locality.record.queries.flags import flagged_elsewhere
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


def at(minutes: int) -> Viewer:
    return system(at=make.AT + timedelta(minutes=minutes))


# whom the tests call what: a face changes with whoever is merged
NAMES: dict[UUID, str] = {}


def somebody(given: str, *codes: str, **other) -> Person:
    """A person of this name, as each of these sources knows them."""
    row = make.person("Hargreaves", given)
    NAMES[row.pk] = given
    for code in codes or ("gp",):
        make.patient(row, make.source(code), local_id=f"{given}-{code}", **other)
    refresh_faces(people=[row.pk])
    return row


def merged(kept: Person, alias: Person, minutes: int = 1) -> Merge:
    return merge_people(kept=kept, alias=alias, reason="They said so", by=at(minutes))


def undone(merge: Merge, minutes: int = 9) -> Merge:
    return undo_merge(merge=merge, by=at(minutes))


def links() -> dict[str, str]:
    """Whose each patient is, by the name of its local id."""
    rows = Link.objects.filter(ended_at=None).values_list("patient__local_id", "person")
    return {local_id: NAMES[person] for local_id, person in rows}


def aliases() -> dict[str, str]:
    rows = Person.objects.filter(merged_into__isnull=False).values_list("pk", "merged_into")
    return {NAMES[alias]: NAMES[kept] for alias, kept in rows}


def three() -> tuple[Person, Person, Person]:
    return somebody("Ann"), somebody("Beth"), somebody("Carol")


def test_an_alias_of_an_alias_is_one_step_from_whoever_is_kept():
    ann, beth, carol = three()

    merged(ann, beth, 1)
    merged(carol, ann, 2)

    assert aliases() == {"Ann": "Carol", "Beth": "Carol"}
    assert links() == {"Ann-gp": "Carol", "Beth-gp": "Carol", "Carol-gp": "Carol"}
    assert same_person(beth.pk)[0] == carol


def test_the_first_merge_undone_while_the_second_stands_parts_only_the_first():
    ann, beth, carol = three()
    first, _ = merged(ann, beth, 1), merged(carol, ann, 2)

    undone(first)

    assert aliases() == {"Ann": "Carol"}
    assert links() == {"Ann-gp": "Carol", "Beth-gp": "Beth", "Carol-gp": "Carol"}


def test_the_second_merge_undone_takes_the_first_alias_along():
    ann, beth, carol = three()
    first, second = merged(ann, beth, 1), merged(carol, ann, 2)

    undone(second)

    assert aliases() == {"Beth": "Ann"}
    assert links() == {"Ann-gp": "Ann", "Beth-gp": "Ann", "Carol-gp": "Carol"}
    undone(first, 10)
    assert (aliases(), links()["Beth-gp"]) == ({}, "Beth")


@pytest.mark.parametrize("order", ["first second", "second first"])
def test_both_undone_in_either_order_everything_is_as_it_was(order):
    ann, beth, carol = three()
    before = (links(), aliases(), list(Person.objects.order_by("pk").values()))
    merges = {"first": merged(ann, beth, 1), "second": merged(carol, ann, 2)}

    for minutes, name in enumerate(order.split(), start=3):
        undone(merges[name], minutes)

    assert (links(), aliases(), list(Person.objects.order_by("pk").values())) == before


def test_parted_and_merged_elsewhere_they_go_where_they_were_merged_last():
    ann, beth, carol = three()
    first, second = merged(ann, beth, 1), merged(carol, ann, 2)
    undone(first, 3)
    third = merged(carol, beth, 4)

    undone(second, 5)
    assert links() == {"Ann-gp": "Ann", "Beth-gp": "Carol", "Carol-gp": "Carol"}
    undone(third, 6)

    assert (aliases(), links()) == ({}, {"Ann-gp": "Ann", "Beth-gp": "Beth", "Carol-gp": "Carol"})


def test_a_patient_who_came_since_stays_where_it_was_linked():
    ann, beth, _ = three()
    merge = merged(ann, beth, 1)
    make.patient(ann, make.source("acute"), local_id="since")

    undone(merge)

    assert links() == {"Ann-gp": "Ann", "Beth-gp": "Beth", "Carol-gp": "Carol", "since": "Ann"}


def relinked(patient: str, to: Person, minutes: int) -> UUID:
    """As the machine does when a patient's words change."""
    row = Link.objects.get(patient__local_id=patient, ended_at=None)
    Link.objects.filter(pk=row.pk).update(ended_at=at(minutes).at, ended_by=row.linked_by, ended_reason="Changed.")
    make.link(Patient(pk=row.patient_id), to, linked_at=at(minutes).at, method="compared")
    return row.patient_id


def test_a_patient_who_has_left_since_is_not_brought_back():
    ann, beth = somebody("Ann"), somebody("Beth", "gp", "acute")
    carol = somebody("Carol")
    merge = merged(ann, beth, 1)
    relinked("Beth-acute", carol, 2)

    undone(merge)

    assert links() == {"Ann-gp": "Ann", "Beth-gp": "Beth", "Beth-acute": "Carol", "Carol-gp": "Carol"}


def test_nobody_is_left_without_a_patient_they_follow_their_last_one():
    ann, beth, carol = three()
    merge = merged(ann, beth, 1)
    relinked("Ann-gp", carol, 2)

    undone(merge)

    assert (aliases(), links()) == ({"Ann": "Carol"}, {"Ann-gp": "Carol", "Beth-gp": "Beth", "Carol-gp": "Carol"})


def test_whoever_the_machine_emptied_follows_and_takes_their_aliases_along():
    ann, beth, carol = three()
    first = merged(ann, beth, 1)
    gone = tuple(relinked(one, carol, 2) for one in ("Ann-gp", "Beth-gp"))

    (machine,) = follow(emptied=[Emptied(person=ann.pk, into=carol.pk, patients=gone)], reason="Left.", by=at(2))

    assert aliases() == {"Ann": "Carol", "Beth": "Carol"}
    undone(first, 3)
    assert (aliases(), links()["Beth-gp"], links()["Ann-gp"]) == ({"Ann": "Carol"}, "Beth", "Carol")
    undone(machine, 4)
    assert (aliases(), links()["Ann-gp"]) == ({}, "Ann")


def test_it_is_known_by_which_merge_they_came():
    ann, beth, carol = three()
    first, second = merged(ann, beth, 1), merged(carol, ann, 2)
    of = dict(Patient.objects.values_list("local_id", "pk"))

    def came(*names: str) -> Merge | None:
        return came_from(person=carol.pk, patients=[of[name] for name in names])

    assert (came("Beth-gp"), came("Ann-gp", "Beth-gp")) == (first, second)
    assert [came(*names) for names in [(), ("Ann-gp",), ("Carol-gp",), ("Beth-gp", "Carol-gp")]] == [None] * 4


@pytest.mark.parametrize("names", [("Ann", "Beth"), ("Beth", "Ann")])
def test_an_earlier_identity_is_never_merged(names):
    people = dict(zip(("Ann", "Beth", "Carol"), three(), strict=True))
    keep_apart(person=people["Ann"], earlier=people["Beth"], kind="adoption", reason="The adoption order", by=at(0))

    with pytest.raises(Refused, match="may not be made one person"):
        merged(people[names[0]], people[names[1]])

    assert aliases() == {}


def test_nor_through_an_alias():
    ann, beth, carol = three()
    keep_apart(person=ann, earlier=beth, kind="protection", reason="Asked for by the police", by=at(0))
    merged(carol, beth, 1)

    with pytest.raises(Refused, match="may not be made one person"):
        merged(carol, ann, 2)


# ---- flags hold over all of them


def protected() -> dict[str, bool]:
    rows = Person.objects.filter(merged_into=None).values_list("pk", "protected")
    return {NAMES[person]: held for person, held in rows}


def test_a_protected_address_holds_over_the_merged_and_goes_with_whom_it_came():
    ann, beth = somebody("Ann"), somebody("Beth", protected=True)

    merge = merged(ann, beth, 1)
    while_one = protected()
    undone(merge)

    assert (while_one, protected()) == ({"Ann": True}, {"Ann": False, "Beth": True})


def safeguarding(**other) -> dict:
    return {
        "resourceType": "Flag",
        "status": "active",
        "code": {"text": "Child protection plan"},
        "category": [{"text": "Safeguarding"}],
        **other,
    }


def asked_about(one: Person, other: Person) -> None:
    first, second = sorted(Patient.objects.get(links__person=row, links__ended_at=None).pk for row in (one, other))
    Pair.objects.create(
        first_id=first,
        second_id=second,
        weight=3.0,
        probability=0.9,
        levels=[],
        state="possible",
        compared_at=make.AT,
        asked_at=make.AT,
    )


def opened_by(role: RoleCode, person: Person) -> Grant:
    return open_record(person_id=person.pk, by=make.viewer(role))


def flagged(role: RoleCode, person: Person) -> bool:
    return flagged_elsewhere(grant=opened_by(role, person), at=make.AT)


def two_records_of_one_child(**flag) -> tuple[Person, Person]:
    """Primary care has registered a child twice; the flag is on the one that the social worker does not have."""
    seen, other = somebody("Ann"), somebody("Anne", "social-care")
    make.relationship(seen)
    make.resource(Patient.objects.get(local_id="Anne-social-care"), safeguarding(), **flag)
    return seen, other


def test_a_duplicate_cannot_defeat_a_safeguarding_flag():
    seen, other = two_records_of_one_child()
    before = flagged(RoleCode.SOCIAL_WORKER, seen)

    asked_about(seen, other)
    while_in_doubt = flagged(RoleCode.SOCIAL_WORKER, seen)
    merged(seen, other)
    joined = summary(grant=opened_by(RoleCode.SOCIAL_WORKER, seen), at=make.AT)

    assert (before, while_in_doubt) == (False, True)
    assert [fact.title for fact in joined.risks.facts] == ["Child protection plan"]
    assert flagged(RoleCode.SOCIAL_WORKER, seen) is False  # it is on this record now


def test_the_flag_on_a_third_record_of_the_other_is_told_too():
    seen, other = two_records_of_one_child()
    third = somebody("Annie", "acute")
    merged(third, other, 1)
    (patient,) = Patient.objects.filter(local_id="Annie-acute")
    Pair.objects.all().delete()
    first, second = sorted([patient.pk, Patient.objects.get(local_id="Ann-gp").pk])
    make_pair = {"weight": 3.0, "probability": 0.9, "levels": [], "state": "possible", "compared_at": make.AT}
    Pair.objects.create(first_id=first, second_id=second, asked_at=make.AT, **make_pair)

    assert flagged(RoleCode.SOCIAL_WORKER, seen) is True


@pytest.mark.parametrize("role", [RoleCode.CLINICIAN, RoleCode.CARE_COORDINATOR, RoleCode.LINK_WORKER])
def test_a_role_that_sees_no_safeguarding_is_not_told_of_it(role):
    seen, other = two_records_of_one_child()
    asked_about(seen, other)

    assert flagged(role, seen) is False


@pytest.mark.parametrize(
    "flag",
    [
        {"state": "past"},
        {"state": "wrong"},
        {"ends_at": make.ago(days=1)},
        {"removed": True},
        {"is_current": False},
        {"label": Label.RESTRICTED},
        {"seal": Seal.SEALED},
        {"data_class": DataClass.SUM},
    ],
)
def test_a_flag_that_does_not_hold_or_may_not_be_shown_is_not_told(flag):
    seen, other = two_records_of_one_child(**flag)
    asked_about(seen, other)

    assert flagged(RoleCode.SOCIAL_WORKER, seen) is False


def test_a_pair_that_nobody_is_asked_about_any_more_tells_nothing():
    seen, other = two_records_of_one_child()
    asked_about(seen, other)
    Pair.objects.update(asked_at=None)

    assert flagged(RoleCode.SOCIAL_WORKER, seen) is False


# ---- two at once


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Each in a connection of its own, begun together; what each gave, or the words of its refusal."""
    together = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            together.wait(timeout=10)
            return act()
        except (Refused, NoAccess) as refusal:
            return str(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def whole() -> None:
    """Every patient is linked once, to somebody who is no alias; every alias has one merge that stands."""
    assert Link.objects.filter(ended_at=None).count() == Patient.objects.count()
    assert not Link.objects.filter(ended_at=None, person__merged_into__isnull=False).exists()
    assert not Person.objects.filter(merged_into__merged_into__isnull=False).exists()
    standing = Merge.objects.filter(undone_at=None).values_list("alias", flat=True)
    assert sorted(standing) == sorted(Person.objects.filter(merged_into__isnull=False).values_list("pk", flat=True))


@pytest.mark.django_db(transaction=True)
def test_merged_both_ways_at_once_one_wins_and_the_other_is_told():
    ann, beth, _ = three()

    answers = at_once(lambda: merged(ann, beth), lambda: merged(beth, ann))

    told = [one for one in answers if isinstance(one, str)]
    assert told == ["One of these two has already been merged into somebody else."]
    whole()


@pytest.mark.django_db(transaction=True)
def test_undone_twice_at_once_it_is_undone_once():
    ann, beth, _ = three()
    merge = merged(ann, beth)

    answers = at_once(lambda: undone(merge), lambda: undone(merge))

    assert [one for one in answers if isinstance(one, str)] == ["This merge has already been undone."]
    assert (aliases(), links()["Beth-gp"]) == ({}, "Beth")
    whole()


@pytest.mark.django_db(transaction=True)
def test_the_first_undone_while_the_second_is_made_nothing_is_lost():
    ann, beth, carol = three()
    first = merged(ann, beth)

    at_once(lambda: undone(first), lambda: merged(carol, ann, 2))

    assert (aliases(), links()) == ({"Ann": "Carol"}, {"Ann-gp": "Carol", "Beth-gp": "Beth", "Carol-gp": "Carol"})
    whole()


@pytest.mark.django_db(transaction=True)
def test_a_ring_of_merges_at_once_never_closes():
    ann, beth, carol = three()

    answers = at_once(lambda: merged(ann, beth), lambda: merged(beth, carol), lambda: merged(carol, ann))

    assert len([one for one in answers if isinstance(one, Merge)]) in (1, 2)
    assert Person.objects.filter(merged_into=None).count() >= 1
    whole()
