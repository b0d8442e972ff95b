"""Patients are joined to people: the partition of those who hang together, worked out again and carried into links.

The partition is a pure function of what is held (`methods.linkage.partition`): the words of the patients as their pairs
weigh them, what people have said of them, and earlier identities. It is worked out for the whole of every component
that is touched, so that it does not matter who came first.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from locality.base import Viewer
from locality.base.ids import new_id
from locality.journal.actions import telling
from locality.journal.models import News
from locality.methods.linkage.comparing import levels
from locality.methods.linkage.judging import MATCH, contradicts
from locality.methods.linkage.partition import (
    CONTRADICTS,
    POSSIBLE,
    RIVAL,
    TOO_MANY,
    TWO_NUMBERS,
    Edge,
    Partition,
    partition,
)
from locality.methods.linkage.settings import settings
from locality.methods.linkage.standard import Standard, standard
from locality.people import rules
from locality.people.actions.comparing import Arrived, Touched, compare, compare_again
from locality.people.actions.faces import faces
from locality.people.actions.merging import ONE_AT_A_TIME, Emptied, came_from, follow, undo_merge
from locality.people.models import Merge
from locality.people.queries import linking as queries
from locality.people.queries.asking import BY_INDEX, Statement, at_once, write_now
from locality.people.queries.linking import Components, Two, Weighed
from locality.people.rules import Held, Moved

MANY = "many"
REFUSALS = {TWO_NUMBERS, TOO_MANY, CONTRADICTS, RIVAL, POSSIBLE}
METHODS = {True: rules.METHOD_COMPARED, False: rules.METHOD_SAID}
WORDS_CHANGED = "The sender's words changed."
ANOTHERS = "It agrees with another person's records."
FOLLOWS = "All of its patients are this person's now."


@dataclass(frozen=True, slots=True)
class Linking:
    """Who each patient is now, and which were somebody else before; how many links and questions were written."""

    people: dict[UUID, UUID]
    moves: list[Moved]
    links: int = 0
    asked: int = 0


@transaction.atomic(savepoint=False)
def link(*, arrived: Arrived, also: Collection[UUID] = (), first: Sequence[Statement] = (), by: Viewer) -> Linking:
    """Compare patients whose words are kept, and join them and all who hang together with them to people.

    `also` are patients of whom something else than the words that are compared has changed; what is still to be
    written of the words goes `first`. Nobody else links until the transaction ends.
    """
    writes: list[Statement] = [*first, (ONE_AT_A_TIME, None)]
    touched = compare(arrived=arrived, first=writes, by=by) if arrived.keys else Touched(writes=writes)
    return _settle({*touched.patients, *also}, first=touched.writes, changed=arrived.changed, by=by)


@transaction.atomic(savepoint=False)
def link_again(*, patients: Collection[UUID], by: Viewer) -> Linking:
    """Work out again who these patients are, and whom to ask about, after people have said something of them."""
    return _settle(set(patients), first=[(ONE_AT_A_TIME, None), (BY_INDEX, None)], changed=set(), by=by)


@dataclass(slots=True)
class Whole:
    """Whole components of patients, and the words of those patients once they are asked for."""

    of: Components
    told: dict[UUID, Standard] = field(default_factory=dict)

    def contradict(self, one: UUID, other: UUID) -> bool:
        """Whether two patients who are no pair worth keeping clearly differ."""
        if not self.told:
            everybody = queries.compared(row.patient for row in self.of.linked)
            self.told |= {row.id: standard(rules.words_of(row)) for row in everybody}
        return contradicts(levels(self.told[one], self.told[other]))

    def apart(self) -> list[Two]:
        """The pairs of patients that are linked to a person and to an earlier identity of theirs."""
        of: dict[UUID | None, list[UUID]] = {}
        for row in self.of.linked:
            of.setdefault(row.person, []).append(row.patient)
        return [(a, b) for one, other in self.of.apart for a in of.get(one, ()) for b in of.get(other, ())]


def _partition(whole: Whole) -> Partition:
    said = whole.of.said
    replaced = [(row.patient, row.replaced_by) for row in whole.of.linked if row.replaced_by is not None]
    ordered = [(min(two), max(two)) for two in replaced]
    edges = [
        Edge(
            one.first,
            one.second,
            one.weight,
            state=MATCH if one.state == MANY else one.state,
            certain=one.certain,
            contradicts=contradicts(tuple(one.levels)),
        )
        for one in whole.of.pairs
    ]
    return partition(
        [row.patient for row in whole.of.linked],
        edges,
        # what a person says of two patients is believed before what their source says
        same=[two for two, answer in said.items() if answer == "same"] + [two for two in ordered if two not in said],
        different=[two for two, answer in said.items() if answer == "different"],
        apart=whole.apart(),
        numbers={row.patient: row.number for row in whole.of.linked if row.number},
        contradict=whole.contradict,
    )


def _settle(
    patients: Collection[UUID], *, first: Sequence[Statement], changed: Collection[UUID], by: Viewer
) -> Linking:
    if not patients:
        at_once(*first)
        return Linking({}, [])
    whole = Whole(_as_compared_now(patients, first=first, by=by))
    found = _partition(whole)
    writes: list[Statement] = []
    asked = _ask(whole, found, writes, by=by)
    moves = _move(whole, found, writes, changed=changed, by=by)
    people = {row.patient: row.person for row in whole.of.linked if row.person is not None} | moves
    was = {row.patient: row.person for row in whole.of.linked}
    writes += faces(sorted({*people.values(), *(one for one in was.values() if one is not None)}))
    linked = [News(at=by.at, what="patient.linked", patient_id=one, person_id=now) for one, now in moves.items()]
    writes += telling(linked)
    write_now(writes)
    moved = [
        Moved(patient=patient, was=before, now=now)
        for patient, now in moves.items()
        if (before := was[patient]) is not None
    ]
    return Linking(people, moved, links=len(moves), asked=asked)


def _as_compared_now(patients: Collection[UUID], *, first: Sequence[Statement], by: Viewer) -> Components:
    """These and all who hang together with them; pairs compared under other settings are compared anew first."""
    found = queries.components(patients, first=first)
    old = [(one.first, one.second) for one in found.pairs if one.version != settings().version]
    if not old:
        return found
    compare_again(old, by=by)
    # all of them: without a pair that is gone they may hang together no longer
    return queries.components(row.patient for row in found.linked)


# ---- who is asked about


ASK = """
update people_pair pair set state = asked.state, asked_at = asked.at, cautions =
    array(select jsonb_array_elements_text(asked.cautions::jsonb))
from unnest(%s::uuid[], %s::text[], %s::timestamptz[], %s::text[]) as asked(id, state, at, cautions)
where pair.id = asked.id
"""


def _ask(whole: Whole, found: Partition, writes: list[Statement], *, by: Viewer) -> int:
    """Mark the pairs that somebody is asked about, since when and why; let go those that are settled."""
    cluster = {patient: number for number, members in enumerate(found.clusters) for patient in members}
    since: dict[frozenset[int], datetime] = {}
    for one in whole.of.pairs:
        if one.asked_at is not None:
            two = frozenset((cluster[one.first], cluster[one.second]))
            since[two] = min(one.asked_at, since.get(two, one.asked_at))
    words = {(one.first, one.second): one.word for one in found.asked}
    told = []
    for one in whole.of.pairs:
        word = words.get((one.first, one.second), "")
        at = since.get(frozenset((cluster[one.first], cluster[one.second])), by.at) if word else None
        if (now := _asked(one, word)) != (one.state, one.cautions) or at != one.asked_at:
            told.append((one.id, now[0], at, json.dumps(now[1])))
        if word == TOO_MANY and one.asked_at is None and at == by.at:
            # two patients were not joined because their person would be too large to be one
            writes += telling([News(at=by.at, what="person.too-large", patient_id=one.first, about_id=one.id)])
    if told:
        writes.append((ASK, [list(column) for column in zip(*told, strict=True)]))
    return len(told)


def _asked(one: Weighed, word: str) -> tuple[str, list[str]]:
    """A pair's state and cautions when this is why somebody is asked about it, or nobody is."""
    judged = MATCH if one.state == MANY else one.state
    cautions = [told for told in one.cautions if told not in REFUSALS]
    return MANY if word == RIVAL else judged, [*cautions, word] if word else cautions


# ---- whose links move

# written as they are read: the columns of a face are filled in by the next step
NEW_PEOPLE = """
insert into people_person
    (id, made_at, family, given, prefix, likes, birth_text, sex, nhs_number, died, address, postcode, protected, phone,
    language, interpreter, practice_code, practice_words, sort_key)
select id, %s::timestamptz, '', '', '', '', '', '', '', false, '', '', false, '', '', false, '', '', ''
from unnest(%s::uuid[]) as new(id)
"""
NEW_LINKS = """
insert into people_link
    (linked_at, linked_by_kind, linked_by, ended_reason, id, patient_id, person_id, method, evidence)
select %s::timestamptz, %s::text, %s::uuid, '', id, patient, person, method, evidence::jsonb
from unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::text[], %s::text[]) as new(id, patient, person, method, evidence)
"""
END_LINKS = """
update people_link set ended_at = %s::timestamptz, ended_by = %s::uuid, ended_reason = %s::text
where id = any(%s::uuid[])
"""


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link to be made, and what it rests on."""

    patient: UUID
    person: UUID
    method: str
    evidence: dict[str, Any]


def _move(
    whole: Whole, found: Partition, writes: list[Statement], *, changed: Collection[UUID], by: Viewer
) -> dict[UUID, UUID]:
    """Carry the partition into links; returns the patients that moved or are new here, and their person now."""
    linked = {row.patient: row.person for row in whole.of.linked if row.person is not None}
    made = {row.person: row.made_at for row in whole.of.linked if row.person is not None and row.made_at is not None}
    beyond = whole.of.elsewhere
    back = _going_back(found, linked)
    kept = rules.kept_people(
        found.clusters,
        linked={patient: person for patient, person in linked.items() if patient not in back},
        people={person: Held(at, beyond.get(person, 0)) for person, at in made.items()},
        changed=changed,
    )
    if back:
        write_now(writes)
    now = _people(found, kept, back, writes, by=by)
    moves = {patient: person for patient, person in now.items() if linked.get(patient) != person}
    links = _links(whole, found, {patient: moves[patient] for patient in moves.keys() - back.keys()})
    writes += _relinking(whole, links, changed=changed, by=by)
    left = set(made) - set(now.values()) - set(beyond)
    if left:
        write_now(writes)
        follow(emptied=[_emptied(person, linked, now) for person in sorted(left)], reason=FOLLOWS, by=by)
    return moves


def _going_back(found: Partition, linked: Mapping[UUID, UUID]) -> dict[UUID, Merge]:
    """Of people who are parted, the patients who once came from somebody else together: they go back to them."""
    parts: dict[UUID, list[tuple[UUID, ...]]] = {}
    for members in found.clusters:
        for person in {linked[patient] for patient in members if patient in linked}:
            parts.setdefault(person, []).append(members)
    back: dict[UUID, Merge] = {}
    for clusters in parts.values():
        if len(clusters) > 1:
            came = [(members, merge) for members in clusters if (merge := _brought(members, linked)) is not None]
            # somebody stays
            for members, merge in came[len(came) == len(clusters) :]:
                back |= dict.fromkeys(members, merge)
    return back


def _people(
    found: Partition, kept: Sequence[UUID | None], back: Mapping[UUID, Merge], writes: list[Statement], *, by: Viewer
) -> dict[UUID, UUID]:
    """The person of each patient: the one that its cluster keeps or goes back to, else a new one."""
    now: dict[UUID, UUID] = {}
    new: list[UUID] = []
    for members, person in zip(found.clusters, kept, strict=True):
        if (merge := back.get(members[0])) is not None:
            undo_merge(merge=merge, by=by)
            person = merge.alias_id
        elif person is None:
            new.append(person := new_id())
        now |= dict.fromkeys(members, person)
    if new:
        writes.append((NEW_PEOPLE, [by.at, new]))
    return now


def _brought(members: Sequence[UUID], linked: Mapping[UUID, UUID]) -> Merge | None:
    """The merge by which just these patients came to the person whom they now leave."""
    people = {linked.get(patient) for patient in members}
    person = people.pop()
    return None if people or person is None else came_from(person=person, patients=members)


def _links(whole: Whole, found: Partition, moves: Mapping[UUID, UUID]) -> list[NewLink]:
    """A link for each patient that moves, on the evidence of its likeliest pair within its cluster."""
    best: dict[UUID, tuple[float, UUID]] = {}
    cluster = {patient: members for members in found.clusters for patient in members}
    for one in whole.of.pairs:
        if cluster[one.first] is cluster[one.second]:
            for patient, other in ((one.first, one.second), (one.second, one.first)):
                best[patient] = max(best.get(patient, (one.weight, other)), (one.weight, other))
    alone = {patient for patient in moves if len(cluster[patient]) == 1}
    return [
        NewLink(
            patient,
            person,
            rules.METHOD_ALONE if patient in alone else METHODS[patient in best],
            {"with": str(best[patient][1]), "bits": best[patient][0]} if patient in best else {},
        )
        for patient, person in moves.items()
    ]


def _relinking(whole: Whole, links: Sequence[NewLink], *, changed: Collection[UUID], by: Viewer) -> list[Statement]:
    """What ends the links of patients that move, and makes the new ones."""
    was = {row.patient: row.link for row in whole.of.linked if row.link is not None}
    writes: list[Statement] = []
    for reason, its_own in ((WORDS_CHANGED, True), (ANOTHERS, False)):
        ended = [was[one.patient] for one in links if one.patient in was and (one.patient in changed) == its_own]
        if ended:
            writes.append((END_LINKS, [by.at, by.id, reason, ended]))
    if links:
        told = [(new_id(), one.patient, one.person, one.method, json.dumps(one.evidence)) for one in links]
        writes.append((NEW_LINKS, [by.at, by.kind, by.id, *map(list, zip(*told, strict=True))]))
    return writes


def _emptied(person: UUID, linked: Mapping[UUID, UUID], now: Mapping[UUID, UUID]) -> Emptied:
    """Somebody whose patients have all left, and whom most of them have become."""
    gone = [now[patient] for patient, was in linked.items() if was == person]
    into = max(sorted(set(gone)), key=gone.count)
    patients = tuple(patient for patient, was in linked.items() if was == person and now[patient] == into)
    return Emptied(person=person, into=into, patients=patients)
