"""A practitioner adds a person whom nobody has sent: who came themselves, walked in, or is new to the area."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from django.db import transaction

from locality.access import queries
from locality.access.actions.finding import Found, _found, show
from locality.access.actions.relating import Reason, relate
from locality.access.rules import RelationKind, RoleCode
from locality.base import NoAccess, NotFound, Refused, Viewer, ViewerKind
from locality.base.periods import day_of
from locality.base.words import sort_key
from locality.directory.queries import source
from locality.journal.actions import log
from locality.methods.nhs_number import NhsNumberState, state
from locality.people.actions.adding import HereAlready
from locality.people.actions.adding import add_person as add
from locality.people.models import Patient, Person
from locality.people.queries.earlier import who_is_earlier
from locality.people.queries.resembling import Resembling, resembling
from locality.people.queries.same_person import people_of_patients
from locality.people.rules import NHS_NUMBER_SYSTEM, PatientSent

# the place's own source, which every pack declares: what nobody else has sent
SOURCE = "locality"
MAY_ADD = frozenset({RoleCode.CLINICIAN, RoleCode.SOCIAL_WORKER, RoleCode.CARE_COORDINATOR, RoleCode.LINK_WORKER})
ROLE_CANNOT = "The role you signed in with does not add people."
NO_NAME = "Type at least one name, or what they are called."
NO_REASON = "Say why you add them, so that the next reader knows."
NOT_YOUR_TEAM = "Choose one of your own teams."
NOT_A_NUMBER = "This is not a valid NHS number: check the digits, or leave it empty."
NO_SOURCE = "This place cannot add people yet: its administrator adds a source called 'locality' to its pack."
NOT_TO_BE_SHOWN = "This person cannot be added here: ask your identity custodian, who looks into it with you."


class Came(StrEnum):
    """How somebody whom nobody has sent came to us."""

    SELF = "self"
    WALKED_IN = "walked-in"
    FAMILY = "family"
    SERVICE = "service"
    MET = "met"
    MOVED = "moved"


CAME_WORDS = {
    Came.SELF: "Asked for help themselves",
    Came.WALKED_IN: "Walked in",
    Came.FAMILY: "Family, a friend or a neighbour asked",
    Came.SERVICE: "Another service asked",
    Came.MET: "Met on a visit or in the street",
    Came.MOVED: "Has just moved here",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """What is told of somebody new. `birth_text` where only a year, or about what year, is known."""

    came: Came
    why: str
    given: str = ""
    family: str = ""
    likes: str = ""
    birth_on: date | None = None
    birth_text: str = ""
    born: tuple[date, date] | None = None
    sex: str = ""
    postcode: str = ""
    address_lines: tuple[str, ...] = ()
    phone: str = ""
    nhs_number: str = ""
    team: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Adding:
    """Somebody was added; or nobody yet, since these may be the same person, and `certain` are taken to be."""

    person: UUID | None = None
    alike: tuple[Found, ...] = ()
    certain: frozenset[UUID] = frozenset()


def may_add(viewer: Viewer) -> bool:
    """Whether this role may add a person whom nobody has sent."""
    return viewer.kind == ViewerKind.PRACTITIONER and viewer.role in MAY_ADD


def add_person(*, form: str, newcomer: Newcomer, not_these: Collection[UUID] = (), by: Viewer) -> Adding:
    """Add a person, and write down why the team that adds them may know them, unless they may be here already.

    Whoever may be the same person is shown first, and written down as shown; those in `not_these` have been. `form`
    names one filling of the form, so that sent twice it adds once. Raises NoAccess for a role that adds nobody, Refused
    for what does not suffice.
    """
    if not may_add(by):
        raise NoAccess(ROLE_CANNOT)
    _check(newcomer, by=by)
    told = _told(newcomer, form=form, by=by)
    here = Patient.objects.filter(pk=told.id).exists()
    alike = [] if here else resembling(told, name_key=sort_key(f"{told.given} {told.family}"), born=newcomer.born)
    asked = [one for one in alike if one.certain or one.person not in not_these]
    if asked:
        return _asked(asked, by=by)
    try:
        return Adding(person=_add(told, newcomer, by=by))
    except HereAlready as already:
        return _asked([Resembling(person=already.person, probability=1.0, certain=True)], by=by)


@transaction.atomic
def _add(told: PatientSent, newcomer: Newcomer, *, by: Viewer) -> UUID:
    if known := people_of_patients([told.id]).get(told.id):
        return known
    person = add(told=told, by=by)
    words = f"{CAME_WORDS[newcomer.came]}: {newcomer.why}"
    reason = Reason(
        person=person,
        kind=RelationKind.CASELOAD,
        starts_on=day_of(by.at),
        words=words,
        team=newcomer.team,
        practitioner=None if newcomer.team else by.id,
    )
    relate(reasons=[reason], by=by)
    log(what="person.added", by=by, person=person, about=told.id, reason=words, detail={"came": newcomer.came})
    return person


def _check(newcomer: Newcomer, *, by: Viewer) -> None:
    if not any((newcomer.given, newcomer.family, newcomer.likes)):
        raise Refused(NO_NAME)
    if not newcomer.why.strip():
        raise Refused(NO_REASON)
    if newcomer.team is not None and newcomer.team not in by.teams:
        raise Refused(NOT_YOUR_TEAM)
    if newcomer.nhs_number and state(newcomer.nhs_number) != NhsNumberState.VALID:
        raise Refused(NOT_A_NUMBER)


def _told(newcomer: Newcomer, *, form: str, by: Viewer) -> PatientSent:
    try:
        own = source(SOURCE)
    except NotFound:
        raise Refused(NO_SOURCE) from None
    same = ("given", "family", "likes", "birth_on", "birth_text", "sex", "postcode", "address_lines", "phone")
    number = ((NHS_NUMBER_SYSTEM, newcomer.nhs_number),) if newcomer.nhs_number else ()
    return PatientSent(
        source=own.pk,
        local_id=form,
        said_at=by.at,
        identifiers=number,
        **{name: getattr(newcomer, name) for name in same},
    )


def _asked(alike: Collection[Resembling], *, by: Viewer) -> Adding:
    hidden = who_is_earlier({one.person for one in alike})
    ids = [one.person for one in alike if one.person not in hidden]
    if not ids:
        raise Refused(NOT_TO_BE_SHOWN)
    people = Person.objects.in_bulk(ids)
    mine = queries.visible_people(viewer=by, on=day_of(by.at)).filter(pk__in=ids)
    openable = set(mine.values_list("pk", flat=True))
    show(people_ids=ids, what="person.shown-as-alike", by=by)
    return Adding(
        alike=tuple(_found(people[pk], may_open=pk in openable) for pk in ids),
        certain=frozenset(one.person for one in alike if one.certain),
    )
