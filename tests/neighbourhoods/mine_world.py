"""The person themselves, and whoever acts for them, as viewers with their grants."""

from datetime import date
from typing import Any

from locality.access.actions import open_record
from locality.access.models import Proxy
from locality.access.queries import Grant
from locality.base import SYSTEM_ID, Viewer, ViewerKind
from locality.directory.models import Organisation
from locality.neighbourhoods.actions.corrections import NewCorrection
from locality.neighbourhoods.rules.corrections import CorrectionAbout
from locality.people.models import Person
from locality.record.models import Resource
from tests import factories as make


def as_person(person: Person, **other: Any) -> Viewer:
    told = {"kind": ViewerKind.PERSON, "id": person.pk, "role": "person", "at": make.AT, "name": person.given}
    return Viewer(**(told | other))


def own(person: Person, **other: Any) -> Grant:
    """Their own record, opened by themselves."""
    return open_record(person_id=person.pk, by=as_person(person, **other))


def acts_for(person: Person, proxy: Person, **other: Any) -> tuple[Viewer, Grant]:
    """Somebody who acts for them, and the record as it opens to those."""
    told = {"kind": "chosen", "reason": "She asked her to", "starts_on": date(2026, 1, 1), "made_by": SYSTEM_ID}
    Proxy.objects.create(person=person, proxy=proxy, made_at=make.AT, **told | other)
    by = Viewer(
        kind=ViewerKind.PROXY,
        id=proxy.pk,
        role="proxy",
        at=make.AT,
        name=proxy.given,
        acts_for=person.pk,
        acts_for_name=person.given,
    )
    return by, open_record(person_id=person.pk, by=by)


def on_the_list_of(person: Person, code: str = "MILL") -> Organisation:
    """Registered with a practice."""
    practice = make.organisation(code, kind="gp_practice")
    make.relationship(person, kind="registered_practice", team=None, organisation=practice)
    return practice


def of_line(line: Resource, **other: Any) -> NewCorrection:
    """That one line is wrong."""
    told = {"about": CorrectionAbout.LINE, "thing": line.thing, "wrong": "That is not so"}
    return NewCorrection(**(told | other))
