"""Reading who looked, each reading on the books; asking the privacy officer; what the officer does about it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from locality.access.actions.opening import refuse_conflict
from locality.access.models import Override
from locality.access.queries import looked, looking
from locality.access.queries.acting import acts_for
from locality.access.queries.conflicting import barred_to
from locality.access.queries.looked import Asked, WhoLooked
from locality.access.queries.overrides import Pace, override, pace_by_team, to_review
from locality.access.queries.tried import Tried, tried
from locality.access.queries.ways_changed import WayChanged, ways_changed
from locality.access.queries.whom import Whom, practitioners_named, redacted, whoever
from locality.access.rules import may_review
from locality.base import NoAccess, NotFound, Viewer, ViewerKind
from locality.base.parts import part
from locality.base.periods import day_of
from locality.journal import actions as journal
from locality.journal import queries
from locality.journal.models import Question, UnusualLook
from locality.journal.queries import Health
from locality.methods.unusual_looking import Unusual, alarms, unusual
from locality.people.queries import same_person
from locality.people.queries.earlier import who_is_earlier

NOT_THEIRS = "There is no such page here."
NOT_YOURS = "The role you signed in with does not see who looked. The privacy officer does."
LEFT = "Somebody who has left"
NOBODY = "There is no such person here."
MOST_WAITING = 50
TRIED_LATELY = timedelta(days=7)

Row = TypeVar("Row", Question, UnusualLook, Override)


# ---- the person, and who acts for them


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """Who looked at the viewer's own record (or at that of whom they act for), and what they asked about it."""

    found: WhoLooked
    questions: tuple[Question, ...]
    acts_for: bool


@transaction.atomic
def own(*, asked: Asked, by: Viewer, what: str = "looked.opened", untold: Collection[UUID] = ()) -> Own:
    """Who looked at the viewer's own record, or at that of whom they act for. Raises NotFound for anybody else.

    Of the organisations `untold` nothing is said to whoever acts for them.
    """
    ids = [row.pk for row in same_person(_whose(by))]
    found = _told(ids, asked=asked, by=by, untold=untold)
    mine = tuple(one for one in queries.questions_of(ids) if one.asked_by == by.id)
    journal.log(what=what, by=by, person=ids[0])
    return Own(found=found, questions=mine, acts_for=by.kind == ViewerKind.PROXY)


def _whose(by: Viewer) -> UUID:
    if by.kind == ViewerKind.PERSON:
        return by.id
    if by.kind != ViewerKind.PROXY or by.acts_for is None:
        raise NotFound(NOT_THEIRS)
    right = acts_for(viewer=by).filter(Q(person=by.acts_for) | Q(person__merged_into=by.acts_for)).first()
    if right is None:
        raise NotFound(NOT_THEIRS)
    return right.whom.pk


def _told(ids: list[UUID], *, asked: Asked, by: Viewer, untold: Collection[UUID]) -> WhoLooked:
    if by.kind == ViewerKind.PERSON:
        return looked.own(person_ids=ids, asked=asked)
    # whoever acts for somebody may be whom they have to be kept safe from
    if looked.concerned(ids):
        return looked.nobody(asked)
    return looked.for_proxy(person_ids=ids, asked=asked, untold=untold)


@transaction.atomic
def ask(*, words: str, looked_by: UUID | None, looked_on: date | None, by: Viewer) -> Question:
    """Ask the privacy officer about a look at one's own record, or at that of whom one acts for."""
    person = same_person(_whose(by))[0]
    return journal.ask(person=person.pk, words=words, looked_by=looked_by, looked_on=looked_on, by=by)


# ---- every night


@transaction.atomic
def look_through(*, until: date, by: Viewer) -> int:
    """Keep the unusual looks since the last time, up to, not including, a day; returns how many are new.

    Compared with all looks of the four weeks before. Done again, it finds the same and keeps nothing twice.
    """
    looks = looking.looks(until=until)
    last = queries.health().last.get("looked through")
    since = date.fromisoformat(last[1]["until"]) if last else date.min
    told = [one for one in alarms(unusual(looks), looks=len(looks)) if one.on >= since]
    new = journal.keep_unusual(found=[_found(one) for one in told], at=by.at)
    journal.note_upkeep(
        kind="looked through", at=by.at, detail={"until": until.isoformat(), "looks": len(looks), "found": new}
    )
    return new


def _found(one: Unusual) -> journal.Found:
    first = one.looks[0].looked
    return journal.Found(
        by=UUID(str(one.by)),
        on=one.on,
        role=first.role,
        organisation=UUID(str(first.organisation)) if first.organisation else None,
        bits=round(one.bits, 2),
        looks=[
            {
                "person": str(weighed.looked.person),
                "bits": round(weighed.bits, 2),
                "reasons": [reason.words for reason in weighed.reasons],
            }
            for weighed in one.looks
        ],
    )


# ---- the privacy officer


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting(Generic[Row]):
    """One thing that waits for the officer, with whom it is about in few words."""

    row: Row
    who: str
    whom: tuple[Whom, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What waits for the privacy officer, and how the audit stands."""

    overrides: tuple[Waiting[Override], ...]
    questions: tuple[Waiting[Question], ...]
    unusual: tuple[Waiting[UnusualLook], ...]
    pace: tuple[Pace, ...]
    tried: tuple[tuple[Tried, str], ...]
    ways: tuple[tuple[WayChanged, str, str], ...]
    health: Health
    # how many wait of each, shown or not
    all_overrides: int
    all_questions: int
    all_unusual: int


@transaction.atomic
def summary(*, by: Viewer) -> Summary:
    """What waits for the privacy officer; everybody named on it is written down as shown."""
    _may(by)
    barred = _barred(by)
    waiting = queries.unusual_waiting().exclude(_looked_at(barred))
    asked, of_asked = part(queries.questions_waiting().exclude(person_id__in=barred), most=MOST_WAITING)
    unusual, of_unusual = part(waiting, most=MOST_WAITING)
    broken, of_broken = part(to_review(viewer=by).exclude(person__in=barred), most=MOST_WAITING)
    shown = {(row.person_id, row.pk) for row in asked} | {(row.person_id, row.pk) for row in broken}
    shown |= {(UUID(row.looks[0]["person"]), row.by_id) for row in unusual}
    whom = redacted({person for person, _ in shown})
    guessed = tried(since=by.at - TRIED_LATELY, until=by.at)[:MOST_WAITING]
    asked_of = {row.looked_by for row in asked if row.looked_by}
    ways = ways_changed(since=by.at - TRIED_LATELY, until=by.at, most=MOST_WAITING)
    signing_in = {one.by for one in ways} | {one.whose for one in ways}
    names = whoever({row.by_id for row in unusual} | asked_of | {one.by for one in guessed} | signing_in)
    _listed(shown, by=by)
    journal.log(what="looked.summarised", by=by)
    return Summary(
        questions=tuple(
            Waiting(row=row, who=names.get(row.looked_by, "") if row.looked_by else "", whom=(whom[row.person_id],))
            for row in asked
            if row.person_id in whom
        ),
        unusual=tuple(
            Waiting(row=row, who=names.get(row.by_id, LEFT), whom=_whom(row, whom, most=1)) for row in unusual
        ),
        overrides=tuple(
            Waiting(row=row, who=f"{row.practitioner.name}, {row.organisation.name}", whom=(whom[row.person_id],))
            for row in broken
        ),
        pace=tuple(pace_by_team(viewer=by, on=day_of(by.at), at=by.at)),
        tried=tuple((one, names.get(one.by, LEFT)) for one in guessed),
        ways=tuple((one, names.get(one.by, LEFT), names.get(one.whose, LEFT)) for one in ways),
        health=queries.health(),
        all_overrides=of_broken.total,
        all_questions=of_asked.total,
        all_unusual=of_unusual.total,
    )


def _barred(by: Viewer) -> set[UUID]:
    """The people at whom an officer must not look, under all their ids: a line keeps that which they had then."""
    return {row.pk for one in barred_to(by) for row in same_person(one)}


def _looked_at(people: Collection[UUID]) -> Q:
    found = Q(pk__in=[])
    for one in people:
        found |= Q(looks__contains=[{"person": str(one)}])
    return found


def _whom(row: UnusualLook, whom: dict[UUID, Whom], *, most: int) -> tuple[Whom, ...]:
    people = [UUID(one["person"]) for one in row.looks[:most]]
    return tuple(whom[person] for person in people if person in whom)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfPerson:
    """One person, as much as the officer sees of them, and who looked."""

    whom: Whom
    found: WhoLooked


@transaction.atomic
def of_person(*, person_id: UUID, asked: Asked, by: Viewer) -> OfPerson:
    """Who looked at one person. Raises NotFound for an earlier identity, as everywhere."""
    _may(by)
    rows = same_person(person_id)
    if who_is_earlier([rows[0].pk]):
        raise NotFound(NOBODY)
    ids = [row.pk for row in rows]
    refuse_conflict(ids, by=by)
    found = looked.of_person(person_ids=ids, asked=asked)
    journal.log(what="looked.opened", by=by, person=ids[0])
    return OfPerson(whom=redacted(ids[:1])[ids[0]], found=found)


def find_practitioners(*, words: str, by: Viewer) -> list[tuple[UUID, str]]:
    """Practitioners of this name, with what they are and for whom they work."""
    _may(by)
    return practitioners_named(words)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfPractitioner:
    """One practitioner, and whom they looked at."""

    id: UUID
    name: str
    found: WhoLooked
    tried: Tried | None


@transaction.atomic
def of_practitioner(*, practitioner_id: UUID, asked: Asked, by: Viewer) -> OfPractitioner:
    """Whom one practitioner looked at; everybody named is written down as shown."""
    _may(by)
    name = whoever([practitioner_id]).get(practitioner_id)
    if name is None:
        raise NotFound("There is no such practitioner here.")
    found = looked.of_practitioner(practitioner_id=practitioner_id, asked=asked, but=_barred(by))
    people = {looker.whom.id for day in found.days for looker in day.lookers if looker.whom}
    _listed({(person, practitioner_id) for person in people}, by=by)
    since, until = looked.instants(asked)
    guessed = tried(since=since, until=until, least=1, whom=[practitioner_id])
    return OfPractitioner(id=practitioner_id, name=name, found=found, tried=guessed[0] if guessed else None)


@transaction.atomic
def open_question(*, question_id: UUID, by: Viewer) -> Waiting[Question]:
    """One question, with whom it is about."""
    _may(by)
    row = queries.question(question_id)
    if row is None:
        raise NotFound("There is no such question here.")
    _refuse_conflict([row.person_id], by=by)
    whom = redacted([row.person_id])
    names = whoever([row.looked_by]) if row.looked_by else {}
    _listed({(row.person_id, row.pk)}, by=by)
    return Waiting(row=row, who=names.get(row.looked_by, "") if row.looked_by else "", whom=tuple(whom.values()))


@transaction.atomic
def open_unusual(*, look_id: UUID, by: Viewer) -> Waiting[UnusualLook]:
    """One practitioner's day that stood out, with everybody it is about."""
    _may(by)
    row = queries.unusual_look(look_id)
    if row is None:
        raise NotFound("There is no such look to review here.")
    people = [UUID(one["person"]) for one in row.looks]
    _refuse_conflict(people, by=by)
    whom = redacted(people)
    _listed({(person, row.by_id) for person in people}, by=by)
    name = whoever([row.by_id]).get(row.by_id, LEFT)
    return Waiting(row=row, who=name, whom=_whom(row, whom, most=len(people)))


@transaction.atomic
def open_override(*, override_id: UUID, by: Viewer) -> Waiting[Override]:
    """One opening without a relationship, with its reason."""
    _may(by)
    row = override(viewer=by, override_id=override_id)
    _refuse_conflict([row.person_id], by=by)
    _listed({(row.person_id, row.pk)}, by=by)
    whom = redacted([row.person_id])
    return Waiting(row=row, who=f"{row.practitioner.name}, {row.organisation.name}", whom=tuple(whom.values()))


@transaction.atomic
def answer(*, question_id: UUID, words: str, by: Viewer) -> Question:
    """Answer a question; the person reads it."""
    _may(by)
    if (row := queries.question(question_id)) is not None:
        _refuse_conflict([row.person_id], by=by)
    return journal.answer(question_id=question_id, words=words, by=by)


@transaction.atomic
def review(*, look_id: UUID, verdict: str, words: str, by: Viewer) -> UnusualLook:
    """Say what came of an unusual look."""
    _may(by)
    if (row := queries.unusual_look(look_id)) is not None:
        _refuse_conflict([UUID(one["person"]) for one in row.looks], by=by)
    return journal.review(look_id=look_id, verdict=verdict, words=words, by=by)


def _refuse_conflict(people: Collection[UUID], *, by: Viewer) -> None:
    refuse_conflict({same_person(one)[0].pk for one in people}, by=by)


def _listed(shown: set[tuple[UUID, UUID]], *, by: Viewer) -> None:
    """Write down whom the officer's page showed, each with what it was about: an opening, a question, a practitioner.

    What is kept back from the person is kept back with whatever the officer then looked at.
    """
    rows = [journal.line(what="looked.listed", by=by, person=one, about=about) for one, about in sorted(shown)]
    journal.log_rows(rows)


def _may(by: Viewer) -> None:
    if not may_review(by):
        raise NoAccess(NOT_YOURS)
