"""A small world of people and patients, and what it must look like whatever is merged, parted, moved and written.

The obvious way to say what merging means: every patient has a home, every alias a person they were merged into, and
a patient is linked to whoever is at the end of the road from its home. Nothing here asks the code under test.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.db import connection

from locality.access.models import Relationship
from locality.access.rules import RelationKind
from locality.base import SYSTEM_ID, Viewer, system
from locality.base.ids import new_id
from locality.directory.models import Source, Team
from locality.people.actions.faces import refresh_faces
from locality.people.actions.merging import Emptied, came_from, follow, merge_people, undo_merge
from locality.people.models import Link, Merge, Patient, Person
from locality.people.queries import same_person
from locality.record.models import Remark
from tests import factories as make

PEOPLE, STEPS = 5, 8


@dataclass
class World:
    """What must be so: homes, who was merged into whom, who is protected, and for whom each row was written."""

    random: Random
    source: Source
    minutes: int = 0
    home: dict[UUID, UUID] = field(default_factory=dict)
    up: dict[UUID, UUID] = field(default_factory=dict)
    merges: dict[UUID, UUID] = field(default_factory=dict)
    protected: dict[UUID, bool] = field(default_factory=dict)
    people: list[UUID] = field(default_factory=list)
    written: dict[UUID, UUID] = field(default_factory=dict)

    def by(self) -> Viewer:
        self.minutes += 1
        return system(at=make.AT + timedelta(minutes=self.minutes))

    def root(self, person: UUID) -> UUID:
        while person in self.up:
            person = self.up[person]
        return person

    def roots(self) -> list[UUID]:
        return [person for person in self.people if person not in self.up]

    def at(self, root: UUID) -> list[UUID]:
        """The patients linked to a person."""
        return [patient for patient, home in self.home.items() if self.root(home) == root]

    def pick(self, some: Iterable[UUID]) -> UUID:
        return self.random.choice(sorted(some))


def a_world(seed: int, *, source: Source, team: Team) -> World:
    """Five people, each with one or two patients; a team knows each of them."""
    world, patients = World(Random(seed), source=source), []
    world.people = [new_id() for _ in range(PEOPLE)]
    Person.objects.bulk_create(
        Person(id=one, made_at=make.ago(days=100 - at), family=f"Family {at}") for at, one in enumerate(world.people)
    )
    for person in world.people:
        patients += [_patient(world, person) for _ in range(world.random.choice([1, 1, 2]))]
    Patient.objects.bulk_create(patients)
    Link.objects.bulk_create(_link(one, person, at=make.ago(days=9)) for one, person in world.home.items())
    known = Relationship.objects.bulk_create(_known(person, team) for person in world.people)
    world.written = {row.pk: row.person_id for row in known}
    refresh_faces(people=world.people)
    return world


# ---- what happens


def merge(world: World) -> None:
    """Somebody says that two are one."""
    roots = world.roots()
    if len(roots) < 2:
        return
    kept, alias = world.random.sample(roots, 2)
    row = merge_people(kept=Person(pk=kept), alias=Person(pk=alias), reason="They said so", by=world.by())
    world.up[alias], world.merges[alias] = kept, row.pk


def undo(world: World, alias: UUID | None = None) -> None:
    """One of the merges is undone, whichever: not always the last."""
    if not world.merges:
        return
    alias = alias or world.pick(world.merges)
    was = world.root(alias)
    undo_merge(merge=Merge(pk=world.merges.pop(alias)), by=world.by())
    del world.up[alias]
    for emptied in {was, alias}:
        if not world.at(emptied):
            _whom_it_follows(world, emptied)


def merge_and_undo(world: World) -> None:
    """Merged and parted again at once, all is as it was before: links, aliases, faces, flags, rows."""
    before, known = state(), set(world.merges)
    merge(world)
    made = set(world.merges) - known
    for alias in made:
        undo_merge(merge=Merge(pk=world.merges.pop(alias)), by=world.by())
        del world.up[alias]
    assert state() == before


def arrive(world: World) -> None:
    """A source sends somebody, and the machine links them to a person."""
    person = world.pick(world.roots())
    patient = _patient(world, person)
    patient.save(force_insert=True)
    _link(patient.pk, person, at=world.by().at).save(force_insert=True)
    refresh_faces(people=[person])


def move(world: World) -> None:
    """Words change, and the machine links some of a person's patients to somebody else, or to somebody new."""
    was = world.pick(world.roots())
    held = world.at(was)
    if not held:
        return
    leaving = world.random.sample(sorted(held), world.random.randint(1, len(held)))
    back = came_from(person=was, patients=leaving)
    if back is not None and world.random.random() < 0.5:
        assert back.pk == world.merges[back.alias_id]
        undo_merge(merge=back, by=world.by())
        del world.merges[back.alias_id], world.up[back.alias_id]
        if not world.at(was):
            _whom_it_follows(world, was)
        return
    now = world.pick([one for one in world.roots() if one != was] or [_somebody_new(world)])
    _relink(world, leaving, was=was, now=now)


def write(world: World) -> None:
    """A practitioner writes something for a person, as they are known now."""
    person = world.pick(world.roots())
    row = Remark(thing=new_id(), person_id=person, words="Not hers", said_at=world.by().at, said_by=new_id())
    row.save(force_insert=True)
    world.written[row.pk] = person


def protect(world: World) -> None:
    """A source says that an address is protected, or no longer."""
    patient = world.pick(world.home)
    world.protected[patient] = not world.protected[patient]
    Patient.objects.filter(pk=patient).update(protected=world.protected[patient])
    refresh_faces(people=[world.root(world.home[patient])])


WHAT: tuple[Callable[[World], None], ...] = (
    merge,
    merge,
    merge,
    undo,
    undo,
    merge_and_undo,
    arrive,
    move,
    write,
    protect,
)


# ---- what must be so

STATE = """
select
    (select coalesce(json_object_agg(patient_id, person_id), '{}') from people_link where ended_at is null),
    (select coalesce(json_object_agg(id, merged_into_id), '{}') from people_person where merged_into_id is not null),
    (select coalesce(json_object_agg(id, row_to_json(person)), '{}') from people_person person
        where merged_into_id is null),
    (select coalesce(json_object_agg(alias_id, kept_id), '{}') from people_merge where undone_at is null),
    (select coalesce(json_object_agg(id, row_to_json(known)), '{}') from access_relationship known),
    (select coalesce(json_object_agg(id, person_id), '{}') from record_remark)
"""
Ids = dict[str, str]


@dataclass(frozen=True)
class State:
    """What the database says."""

    links: Ids
    aliases: Ids
    faces: dict[str, dict[str, Any]]
    standing: Ids
    relationships: dict[str, dict[str, Any]]
    remarks: Ids


def state() -> State:
    with connection.cursor() as cursor:
        cursor.execute(STATE)
        return State(*cursor.fetchone())


def told(ids: dict[UUID, UUID]) -> Ids:
    return {str(one): str(other) for one, other in ids.items()}


def check(world: World) -> None:
    """The database says what the world says."""
    now = state()
    written = now.remarks | {row: known["person_id"] for row, known in now.relationships.items()}
    held = {str(root): world.at(root) for root in world.roots()}
    assert now.links == told({patient: world.root(home) for patient, home in world.home.items()})
    assert now.aliases == told({alias: world.root(alias) for alias in world.up})
    assert now.standing == told(world.up)
    assert {one: now.faces[one]["protected"] for one in held if held[one]} == {
        one: any(world.protected[patient] for patient in patients) for one, patients in held.items() if patients
    }
    assert written == told(world.written)


def check_what_is_read(world: World) -> None:
    """What was written for anybody is read for the person they are now, once, and nobody else's is."""
    for root in world.roots():
        same = [one.pk for one in same_person(world.pick([one for one in world.people if world.root(one) == root]))]
        rows = [*Relationship.objects.filter(person__in=same), *Remark.objects.filter(person__in=same)]

        assert same[0] == root
        assert {row.pk for row in rows} == {row for row, whose in world.written.items() if world.root(whose) == root}


def play(seed: int, *, source: Source, team: Team, steps: int = STEPS) -> None:
    """One drawn sequence, checked after each step, then every merge undone in any order."""
    world = a_world(seed, source=source, team=team)
    for _ in range(steps):
        world.random.choice(WHAT)(world)
        check(world)
    check_what_is_read(world)
    # nobody is left without a patient: whoever would be is somebody's alias again, so the end may keep some
    for alias in world.random.sample(sorted(world.merges), len(world.merges)):
        undo(world, alias)
    check(world)


# ---- how it is done


def _patient(world: World, person: UUID) -> Patient:
    patient = new_id()
    world.home[patient], world.protected[patient] = person, False
    told = {"local_id": str(patient), "said_at": make.ago(days=9), "family": "Somebody"}
    return Patient(id=patient, source=world.source, **told)


def _link(patient: UUID, person: UUID, *, at: datetime) -> Link:
    told = {"method": "compared", "linked_at": at, "linked_by_kind": "system", "linked_by": SYSTEM_ID}
    return Link(patient_id=patient, person_id=person, **told)


def _known(person: UUID, team: Team) -> Relationship:
    told = {"kind": RelationKind.CASELOAD, "starts_on": date(2026, 6, 1), "reason": "Referred after a fall"}
    return Relationship(person_id=person, team=team, made_at=make.ago(days=60), made_by=SYSTEM_ID, **told)


def _somebody_new(world: World) -> UUID:
    person = Person.objects.create(made_at=world.by().at).pk
    world.people.append(person)
    return person


def _relink(world: World, leaving: list[UUID], *, was: UUID, now: UUID) -> None:
    """As linking does: the links end and begin elsewhere; whoever has no patient left follows theirs."""
    by = world.by()
    ending = Link.objects.filter(patient__in=leaving, ended_at=None)
    ending.update(ended_at=by.at, ended_by=by.id, ended_reason="The words changed.")
    Link.objects.bulk_create(_link(patient, now, at=by.at) for patient in leaving)
    if set(world.at(was)) == set(leaving):
        gone = Emptied(person=was, into=now, patients=tuple(leaving))
        (row,) = follow(emptied=[gone], reason="Nobody is left.", by=by)
        world.up[was], world.merges[was] = now, row.pk
    else:
        world.home.update(dict.fromkeys(leaving, now))
    refresh_faces(people=[was, now])


def _whom_it_follows(world: World, emptied: UUID) -> None:
    """A person left without a patient by an undoing follows one of its own earlier patients, where it has any."""
    own = Link.objects.filter(person=emptied).exclude(method="merged").values_list("patient", flat=True)
    elsewhere = {world.home[patient] for patient in own}
    standing = Merge.objects.filter(alias=emptied, undone_at=None).first()
    if not elsewhere:
        assert standing is None
        return
    assert standing is not None
    assert standing.kept_id in elsewhere
    came = Link.objects.filter(pk__in=standing.moved).values_list("patient", flat=True)
    world.home.update(dict.fromkeys(came, emptied))
    world.up[emptied], world.merges[emptied] = standing.kept_id, standing.pk
