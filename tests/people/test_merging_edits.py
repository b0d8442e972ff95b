"""People decide, sources go on sending, people take back what they said: in the end everybody is who they were."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from uuid import UUID

import pytest
from django.db import transaction

from locality.base import Refused, Viewer, system
from locality.people.actions import receive_patients
from locality.people.actions.deciding import join, take_back
from locality.people.models import Label, Link, Merge, Person
from locality.people.rules import NHS_NUMBER_SYSTEM, PatientSent
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

NAMES = ("Ann Taylor", "Beth Entwistle", "Carol Pickersgill", "Dora Rigby")
NUMBERS = ("9990000018", "9990000026", "9990000034", "9990000042")
STEPS, IN_A_TEST, PROVED = 6, 12, 200
Sent = dict[tuple[str, int], PatientSent]


class World:
    """Four people, each at two organisations; and what their senders say of them now."""

    def __init__(self, seed: int):
        self.random, self.minutes = Random(seed), 0
        self.sent: Sent = {(code, who): self.words(code, who) for code in ("gp", "acute") for who in range(len(NAMES))}

    def by(self) -> Viewer:
        self.minutes += 1
        return system(at=make.AT + timedelta(minutes=self.minutes))

    def words(self, code: str, who: int, **other) -> PatientSent:
        given, family = NAMES[who].split()
        told = {
            "given": given,
            "family": family,
            "birth_on": date(1940 + 7 * who, 3, 5 + who),
            "postcode": f"ZZ{who} 1AA",
        }
        told |= {"address_lines": (f"{who + 3} Mill Lane",), "local_id": str(who), "said_at": self.by().at}
        told |= {"identifiers": ((NHS_NUMBER_SYSTEM, NUMBERS[who]),)}
        return PatientSent(source=make.source(code, last_at=None).pk, **(told | other))

    def receive(self, *patients: PatientSent) -> None:
        receive_patients(sent=patients, by=self.by())

    def clusters(self) -> set[frozenset[UUID]]:
        of: dict[UUID, set[UUID]] = {}
        for patient, person in Link.objects.filter(ended_at=None).values_list("patient", "person"):
            of.setdefault(person, set()).add(patient)
        return {frozenset(patients) for patients in of.values()}


def decide(world: World) -> None:
    people = list(Person.objects.filter(merged_into=None, links__ended_at=None).distinct().order_by("pk"))
    if len(people) > 1:
        person, other = world.random.sample(people, 2)
        try:
            join(person=person, other=other, reason="They said so", by=world.by())
        except Refused:
            return


def edit(world: World) -> None:
    """A source moves somebody, or gives them a telephone, or loses their number for a while."""
    code, who = world.random.choice(sorted(world.sent))
    other = world.random.choice(
        [{"phone": f"0161 496 01{who}0"}, {"postcode": "ZZ9 9ZZ", "address_lines": ()}, {"identifiers": ()}]
    )
    world.receive(world.words(code, who, **other))


def take_back_one(world: World) -> None:
    standing = list(Label.objects.filter(withdrawn_at=None).order_by("pk"))
    if standing:
        take_back(label=world.random.choice(standing), by=world.by())


WHAT: tuple[Callable[[World], None], ...] = (decide, decide, edit, edit, take_back_one)


def play(seed: int) -> None:
    world = World(seed)
    world.receive(*world.sent.values())
    before = world.clusters()
    assert len(before) == len(NAMES)
    for _ in range(STEPS):
        world.random.choice(WHAT)(world)
        assert not Link.objects.filter(ended_at=None, person__merged_into__isnull=False).exists()
        standing = set(Merge.objects.filter(undone_at=None).values_list("alias", flat=True))
        assert standing == set(Person.objects.filter(merged_into__isnull=False).values_list("pk", flat=True))
    while label := Label.objects.filter(withdrawn_at=None).order_by("pk").first():
        take_back(label=label, by=world.by())
    world.receive(*(world.words(code, who) for code, who in sorted(world.sent)))
    assert world.clusters() == before


def play_each(seeds: range) -> None:
    for seed in seeds:
        with transaction.atomic():
            try:
                play(seed)
            except AssertionError as wrong:
                raise AssertionError(f"sequence {seed}") from wrong
            transaction.set_rollback(True)


def test_what_was_decided_and_taken_back_leaves_everybody_who_they_were():
    play_each(range(IN_A_TEST))


@pytest.mark.prove
def test_two_hundred_sequences_of_decisions_and_edits_leave_everybody_who_they_were():
    play_each(range(1000, 1000 + PROVED))
