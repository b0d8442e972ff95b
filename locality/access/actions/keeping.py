"""Reading what is kept of people besides their record; each reading is on the books."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from locality.access import rules
from locality.access.actions.finding import show
from locality.access.actions.marking import OFFICER_ONLY, to_grant_address
from locality.access.actions.opening import there, there_for
from locality.access.models import (
    AddressGrant,
    Conflict,
    ObjectionIntake,
    ObjectionRejected,
    PersonSeal,
    Proxy,
    Watch,
)
from locality.access.queries import Grant, conflicts, kept, objection_intakes, rejections, watched
from locality.access.queries.conflicting import barred_to
from locality.access.queries.marked import people_watched
from locality.access.queries.rights import RightsAsked, rights_to_act
from locality.access.queries.whom import Whom, redacted
from locality.base import NoAccess, Viewer
from locality.base.parts import Part, part
from locality.base.periods import day_of
from locality.journal.actions import log

MOST_LISTED = 200
MOST_LISTS, MOST_REJECTIONS = 12, 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is kept of one person, with as much of them as the privacy officer is told."""

    whom: Whom
    protected: bool
    grants: Sequence[AddressGrant]
    watches: Sequence[Watch]
    conflicts: Sequence[Conflict]
    seals: Sequence[PersonSeal]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAddress:
    """Whether an address is protected, and who may know it; `grant` is a lead's leave to read the record."""

    whom: Whom
    protected: bool
    grants: Sequence[AddressGrant]
    grant: Grant | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Everybody:
    """A page of those whose looks are reviewed and of those who must not look at somebody; `people` are watched."""

    watches: Sequence[tuple[Watch, Whom]]
    conflicts: Sequence[tuple[Conflict, Whom]]
    of_watches: Part
    of_conflicts: Part
    people: int


def _may_look(by: Viewer) -> Q:
    """Rows about those at whom the officer may look."""
    theirs = barred_to(by)
    return ~(Q(person__in=theirs) | Q(person__merged_into__in=theirs))


@dataclass(frozen=True, slots=True, kw_only=True)
class RightToAct:
    """One right to act: for whom, who has it, and whether it rests while an address is protected."""

    row: Proxy
    whom: Whom
    who: Whom
    rests: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsToAct:
    """The rights that were asked for, at most so many of `total`."""

    total: int
    shown: Sequence[RightToAct]


@transaction.atomic
def open_kept(*, person_id: UUID, by: Viewer) -> Kept:
    """What is kept of one person, for the privacy officer; raises NoAccess for anybody else."""
    if not rules.may_review(by):
        raise NoAccess(OFFICER_ONLY)
    rows, on = there_for(person_id, by=by), day_of(by.at)
    ids = [row.pk for row in rows]
    log(what="marks.opened", by=by, person=ids[0])
    return Kept(
        whom=redacted(ids[:1])[ids[0]],
        protected=any(row.protected for row in rows),
        grants=kept.address_grants(person_ids=ids, on=on),
        watches=kept.watches_of(person_ids=ids, on=on),
        conflicts=kept.conflicts_of(person_ids=ids, on=on),
        seals=kept.seals_of(person_ids=ids, on=on),
    )


@transaction.atomic
def open_address(*, person_id: UUID, by: Viewer) -> KeptAddress:
    """Who may know where somebody lives: for the privacy officer, and a safeguarding lead who may open the record."""
    person, grant = to_grant_address(person_id=person_id, by=by)
    ids = [row.pk for row in there(person.pk)]
    log(what="address.opened", by=by, person=person.pk)
    return KeptAddress(
        whom=redacted(ids[:1])[ids[0]],
        protected=kept.is_protected(ids),
        grants=kept.address_grants(person_ids=ids, on=day_of(by.at)),
        grant=grant,
    )


@transaction.atomic
def open_opt_outs(*, by: Viewer) -> list[tuple[ObjectionIntake, list[ObjectionRejected]]]:
    """The last lists of opt-outs that came, each with the first lines that were rejected; for the privacy officer."""
    lists = list(objection_intakes(viewer=by)[:MOST_LISTS])
    refused = rejections(intakes=lists, most=MOST_REJECTIONS, viewer=by)
    log(what="opt-outs.opened", by=by)
    return [(one, [row for row in refused if row.intake_id == one.pk]) for one in lists]


@transaction.atomic
def open_everybody(*, by: Viewer, watches: int = 1, conflicted: int = 1) -> Everybody:
    """A page of each, newest first; everybody named is written down as shown. For the privacy officer alone."""
    may = _may_look(by)
    of_all = watched(viewer=by).filter(may)
    looks, of_watches = part(of_all, most=MOST_LISTED, page=watches)
    barred, of_conflicts = part(conflicts(viewer=by).filter(may), most=MOST_LISTED, page=conflicted)
    whom = redacted({row.person_id for row in looks} | {row.person_id for row in barred})
    show(people_ids=sorted(whom), what="marks.listed", by=by)
    return Everybody(
        watches=[(row, whom[row.person_id]) for row in looks],
        conflicts=[(row, whom[row.person_id]) for row in barred],
        of_watches=of_watches,
        of_conflicts=of_conflicts,
        people=people_watched(of_all),
    )


@transaction.atomic
def open_rights(*, asked: RightsAsked, by: Viewer) -> RightsToAct:
    """Who may act for whom; everybody named is written down as shown. For the privacy officer alone."""
    found = rights_to_act(viewer=by, asked=asked).filter(_may_look(by))
    rows = list(found[:MOST_LISTED])
    total = len(rows) if len(rows) < MOST_LISTED else found.count()
    whom = redacted({row.whom.pk for row in rows} | {row.who.pk for row in rows})
    show(people_ids=sorted(whom), what="proxy.listed", by=by)
    shown = [
        RightToAct(row=row, whom=whom[row.whom.pk], who=whom[row.who.pk], rests=row.rests)  # type: ignore[attr-defined]
        for row in rows
    ]
    return RightsToAct(total=total, shown=shown)
