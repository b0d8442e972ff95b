"""The day pack: what one needs to know of whom one sees today, to take along for when all is down."""

from dataclasses import dataclass

from django.db import transaction

from locality.access.actions import open_record
from locality.access.queries import Grant
from locality.access.rules import Action
from locality.base import NoAccess, Refused, Viewer
from locality.neighbourhoods.queries import families, plans, tasks
from locality.neighbourhoods.queries.families import Close
from locality.neighbourhoods.queries.tasks import MINE, Asked, Listed
from locality.neighbourhoods.rules.pack import MOST_PEOPLE, MOST_TASKS, TOO_MANY, Stamp, stamp
from locality.neighbourhoods.rules.plans import Content
from locality.neighbourhoods.rules.tasks import Bucket, may_print
from locality.record.queries import summary
from locality.record.queries.shapes import Face, Panel

NOT_TO_TAKE = "The role you signed in with does not take lists of people away: a clinician or social worker does."
PROTECTED = "Not in this pack: this address is protected. Ring the team."
NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """One person in a pack: who and where, what to know, what to do if, and what is to be done."""

    about: Face
    address: str
    phone: str
    allergies: Panel
    risks: Panel
    decisions: Panel
    close: list[Close]
    contacts: Panel
    what_if: tuple[str, ...]
    tasks: list[Listed]
    objects: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A day's work to take along: by whom it was made, until when it holds, each person, and the team's own tasks."""

    stamp: Stamp
    by: str
    organisation: str
    people: list[Packed]
    others: list[Listed]


@transaction.atomic
def make_pack(*, asked: Asked = MINE, by: Viewer) -> Pack:
    """What is due today or overdue, with what must be known of each person. Each is written down as printed.

    Nobody's protected address is in it, whoever may know it. Asks for a second factor as every export does: raises
    NoAccess without one, or for a role that takes nothing away, and Refused for more people than one sees in a day.
    """
    if not may_print(by):
        raise NoAccess(NOT_TO_TAKE)
    # the most overdue come first, so what is due is whole unless there is more of it than one does in a day
    found = tasks.to_do(viewer=by, asked=asked, most=MOST_TASKS)
    due = [one for one in found if one.bucket in (Bucket.OVERDUE, Bucket.TODAY)]
    people = tasks.people_of(due)
    if len(people) > MOST_PEOPLE or len(due) > MOST_TASKS:
        raise Refused(TOO_MANY.format(people=MOST_PEOPLE, tasks=MOST_TASKS))
    packed = []
    for person in people:
        grant = open_record(person_id=person, by=by, what="pack.made", action=Action.EXPORT)
        theirs = [one for one in due if one.person is not None and one.person.pk == person]
        packed.append(_packed(grant, theirs))
    return Pack(
        stamp=stamp(by.at),
        by=by.name,
        organisation=by.organisation_name,
        people=packed,
        others=[one for one in due if one.person is None],
    )


def _packed(grant: Grant, theirs: list[Listed]) -> Packed:
    known = summary(grant=grant, at=grant.viewer.at)
    face = known.face
    # paper is lost: what is protected stays where looking is written down
    close, contacts = families.close_to(grant=grant, sent=known.contacts)
    address = PROTECTED if face.protected else face.address or face.address_words or NOT_KNOWN
    return Packed(
        about=face,
        address=address,
        phone=PROTECTED if face.protected else face.phone or NOT_KNOWN,
        allergies=known.allergies,
        risks=known.risks,
        decisions=known.decisions,
        close=close,
        contacts=contacts,
        what_if=tuple(_what_if(one.content) for one in plans.contingencies(grant=grant)),
        tasks=theirs,
        # what others hold and they keep back is not "none"
        objects=grant.opening.context.dissent or bool(grant.opening.context.dissent_of),
    )


def _what_if(said: Content) -> str:
    return f"If {said.words}: {said.then_words}. Call {said.call_words}"
