"""Reading a caseload is written down too: everybody whom a list names, and each place that is opened."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from locality.access.actions import open_record, show
from locality.access.queries import Grant
from locality.base import Viewer
from locality.base.parts import Part
from locality.base.periods import day_of
from locality.neighbourhoods.queries import caseload
from locality.neighbourhoods.queries.candidates import MOST_SHOWN, PutForward, candidate, candidates, candidates_waiting
from locality.neighbourhoods.queries.caseload import Asked, Counts, OnIt, Place
from locality.neighbourhoods.queries.plan_reviews import plans_due


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A caseload as a page shows it: who waits (the first of `waits`), who is on it, how many."""

    waiting: list[PutForward]
    waits: int
    on_it: list[OnIt]
    part: Part
    counts: Counts


@transaction.atomic
def list_caseload(
    *, asked: Asked, by: Viewer, page: int = 1, most: int = caseload.MOST, what: str = "caseload.listed"
) -> Desk:
    """Who is on the caseload of the viewer's teams and who waits; everybody named is written down as shown."""
    waiting = candidates(viewer=by, team=asked.team, most=MOST_SHOWN)
    # counted only where they are more than are shown
    waits = len(waiting) if len(waiting) < MOST_SHOWN else candidates_waiting(viewer=by, team=asked.team)
    plans = plans_due(viewer=by, on=day_of(by.at))
    found, shown = caseload.on_it(viewer=by, asked=asked, page=page, most=most, plans=plans)
    named = dict.fromkeys([*(one.person.pk for one in waiting), *(one.person.pk for one in found)])
    show(people_ids=list(named), what=what, by=by)
    counts = caseload.counts(viewer=by, team=asked.team, plans=plans)
    return Desk(waiting=waiting, waits=waits, on_it=found, part=shown, counts=counts)


@transaction.atomic
def open_place(*, caseload_id: UUID, by: Viewer) -> tuple[Place, Grant]:
    """One place with its history, and leave to read the record of whose it is, written down; raises NotFound."""
    one = caseload.place(viewer=by, caseload=caseload_id)
    return one, open_record(person_id=one.on_it.person.pk, by=by, what="caseload.opened", about=caseload_id)


@transaction.atomic
def open_candidate(*, candidate_id: UUID, by: Viewer) -> tuple[PutForward, Grant]:
    """One who waits, and leave to read their record, written down; raises NotFound."""
    one = candidate(viewer=by, candidate_id=candidate_id)
    return one, open_record(person_id=one.person.pk, by=by, what="caseload.opened", about=candidate_id)
