"""Reading what is kept of people besides their record; each reading is on the books."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from locality.access import rules
from locality.access.actions.finding import show
from locality.access.actions.marking import OFFICER_ONLY, to_grant_address
from locality.access.actions.opening import there
from locality.access.models import AddressGrant, Conflict, PersonSeal, Proxy, Watch
from locality.access.queries import Grant, conflicts, kept, watched
from locality.access.queries.rights import RightsAsked, rights_to_act
from locality.access.queries.whom import Whom, redacted
from locality.base import NoAccess, Viewer
from locality.base.periods import day_of
from locality.journal.actions import log

MOST_LISTED = 200


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
    """Everybody whose looks are reviewed, and everybody who must not look at somebody; at most so many of each."""

    watches: Sequence[tuple[Watch, Whom]]
    conflicts: Sequence[tuple[Conflict, Whom]]


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
    rows, on = there(person_id), day_of(by.at)
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
def open_everybody(*, by: Viewer) -> Everybody:
    """All that is kept, newest first; everybody named is written down as shown. For the privacy officer alone."""
    looks = list(watched(viewer=by)[:MOST_LISTED])
    barred = list(conflicts(viewer=by)[:MOST_LISTED])
    whom = redacted({row.person_id for row in looks} | {row.person_id for row in barred})
    show(people_ids=sorted(whom), what="marks.listed", by=by)
    return Everybody(
        watches=[(row, whom[row.person_id]) for row in looks], conflicts=[(row, whom[row.person_id]) for row in barred]
    )


@transaction.atomic
def open_rights(*, asked: RightsAsked, by: Viewer) -> RightsToAct:
    """Who may act for whom; everybody named is written down as shown. For the privacy officer alone."""
    found = rights_to_act(viewer=by, asked=asked)
    rows = list(found[:MOST_LISTED])
    total = len(rows) if len(rows) < MOST_LISTED else found.count()
    whom = redacted({row.whom.pk for row in rows} | {row.who.pk for row in rows})
    show(people_ids=sorted(whom), what="proxy.listed", by=by)
    shown = [
        RightToAct(row=row, whom=whom[row.whom.pk], who=whom[row.who.pk], rests=row.rests)  # type: ignore[attr-defined]
        for row in rows
    ]
    return RightsToAct(total=total, shown=shown)
