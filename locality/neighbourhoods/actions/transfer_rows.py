"""What becomes of each row when a service moves: of the staff, of their work, of referrals, of teams and services."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from locality.access.models import Relationship, Role
from locality.base import Viewer
from locality.base.ids import new_id
from locality.base.periods import day_of
from locality.directory.models import Practitioner, Service, Team, TeamMembership
from locality.neighbourhoods.actions.transfer_books import ENDED, Books
from locality.neighbourhoods.models import (
    Alert,
    AlertHistory,
    Allocation,
    Post,
    PostFilled,
    Referral,
    Support,
    SupportHistory,
    Task,
    TaskHistory,
    Transfer,
    TransferLine,
)
from locality.neighbourhoods.queries.transfer_counts import REASON, Within, from_day, of_stayers
from locality.neighbourhoods.rules.inbox import AlertState
from locality.neighbourhoods.rules.referrals import OPEN

DID_NOT_MOVE = "Did not move with the service"
SERVICE, WHOSE = "directory.Service", "organisation_id"
MOVED_ON = "The service moved to another organisation"


def move_rows(*, books: Books, within: Within) -> None:
    """Move all that is still the old organisation's: what was moved before is left alone."""
    transfer = books.transfer
    of_those_who_stay(books=books, within=within)
    memberships(books=books, within=within)
    posts(books=books, within=within)
    roles(books=books, within=within)
    employed = Practitioner.objects.filter(pk__in=within.wholly, employer=transfer.from_organisation_id)
    books.change(list(employed.order_by("pk")), {"employer_id": transfer.to_organisation_id})
    referrals(books=books, within=within, from_=transfer.from_organisation_id, to=transfer.to_organisation_id)
    led = Team.objects.filter(pk__in=within.teams, lead_organisation=transfer.from_organisation_id)
    books.change(list(led.order_by("pk")), {"lead_organisation_id": transfer.to_organisation_id})
    offered = Service.objects.filter(pk__in=within.services, organisation=transfer.from_organisation_id)
    services = list(offered.order_by("pk"))
    books.change(services, {"organisation_id": transfer.to_organisation_id})
    _keep(services)


def _keep(services: Sequence[Service]) -> None:
    """No pack and no directory's file takes back what moved."""
    for row in services:
        row.kept_here = sorted({*row.kept_here, WHOSE})
    Service.objects.bulk_update(services, ["kept_here"])


def keep_no_more(lines: Iterable[TransferLine]) -> None:
    """Once it was undone, whose a service is is again what its pack or file says; but where it moved before this."""
    moved = {one.row for one in lines if one.table == SERVICE}
    before = TransferLine.objects.filter(table=SERVICE, row__in=moved, undone_at=None).values("row")
    services = list(Service.objects.filter(pk__in=moved).exclude(pk__in=before))
    for row in services:
        row.kept_here = [name for name in row.kept_here if name != WHOSE]
    Service.objects.bulk_update(services, ["kept_here"])


# ---- those who do not move


def of_those_who_stay(*, books: Books, within: Within) -> None:
    """End what holds them in the teams, and give back to the team what was theirs to do."""
    held, on, by = of_stayers(within, on=books.transfer.on), books.transfer.on, books.by
    own = held["memberships"].filter(employer=books.transfer.from_organisation_id)
    books.end(list(own.order_by("pk")), on)
    books.end(list(held["filled"].order_by("pk")), on)
    books.end(list(held["weeks"].order_by("pk")), on)
    coordinated = list(held["coordinated"].select_for_update(of=("self",)).order_by("pk"))
    books.change(coordinated, {"ends_at": by.at, "ended_by": by.id}, how="ended")
    _back_to_the_team(books, list(held["tasks"].select_for_update(of=("self",)).order_by("pk")), by=by)
    _support_back_to_the_team(books, list(held["supports"].select_for_update(of=("self",)).order_by("pk")), by=by)
    alerts = list(held["alerts"].select_for_update(of=("self",)).order_by("pk"))
    told = [
        AlertHistory(
            alert=row, what="hand", was=row.state, became=AlertState.NEW, was_owner=row.owner_id, why=DID_NOT_MOVE,
            at=by.at, by=by.id,
        )
        for row in alerts
    ]  # fmt: skip
    books.change(alerts, {"owner_id": None, "state": AlertState.NEW, "taken_at": None})
    AlertHistory.objects.bulk_create(told, batch_size=500)


def _back_to_the_team(books: Books, rows: list[Any], *, by: Viewer) -> None:
    told = [
        TaskHistory(task=row, what="handed over", was_owner=row.owner_id, why=DID_NOT_MOVE, at=by.at, by=by.id)
        for row in rows
    ]
    books.change(rows, {"owner_id": None})
    # whoever has it open finds that it was changed
    Task.objects.filter(pk__in=[row.pk for row in rows]).update(version=F("version") + 1)
    TaskHistory.objects.bulk_create(told, batch_size=500)


def _support_back_to_the_team(books: Books, rows: list[Any], *, by: Viewer) -> None:
    told = [SupportHistory(support=row, what="handed over", why=DID_NOT_MOVE, at=by.at, by=by.id) for row in rows]
    books.change(rows, {"owner_id": None})
    Support.objects.filter(pk__in=[row.pk for row in rows]).update(version=F("version") + 1)
    SupportHistory.objects.bulk_create(told, batch_size=500)


# ---- those who move

MEMBERSHIP = ("team_id", "practitioner_id", "employer_id", "starts_on", "ends_on")


def memberships(*, books: Books, within: Within) -> None:
    """A time in a team ends, and one for the new employer begins on the same day: there is no gap."""
    old = TeamMembership.objects.filter(
        from_day(books.transfer.on),
        team__in=within.teams,
        employer=books.transfer.from_organisation_id,
        practitioner__in=within.movers,
    )
    _begin_anew(books, list(old.order_by("pk")), column="employer_id", names=MEMBERSHIP)


def posts(*, books: Books, within: Within) -> None:
    """A post ends and begins anew with the new employer, and with it whoever fills it."""
    transfer, on = books.transfer, books.transfer.on
    old = Post.objects.filter(from_day(on), team__in=within.teams, employer=transfer.from_organisation_id)
    rows = list(old.order_by("pk"))
    filled = PostFilled.objects.filter(from_day(on), post__in=rows).exclude(practitioner__in=within.stayers)
    fillings = list(filled.order_by("pk"))
    made = _begin_anew(books, rows, column="employer_id", names=("employer_id", "hours", "starts_on", "ends_on"))
    went = [one for one in fillings if one.post_id in made]
    before, after = [one for one in went if one.starts_on < on], [one for one in went if one.starts_on >= on]
    new = [_copy(one, post_id=made[one.post_id], starts_on=on) for one in before]
    books.end(before, on)
    books.begin(new, ("post_id", "practitioner_id", "hours", "starts_on", "ends_on"))
    books.change(after, lambda one: {"post_id": made[one.post_id]})


def roles(*, books: Books, within: Within) -> None:
    """Whoever moves signs in for the new organisation from the day on; who works elsewhere for the old, for both."""
    transfer, on = books.transfer, books.transfer.on
    held = Role.objects.filter(from_day(on), practitioner__in=within.movers)
    old = list(held.filter(organisation=transfer.from_organisation_id).order_by("pk"))
    there = set(held.filter(organisation=transfer.to_organisation_id).values_list("practitioner", "code"))
    ends = [one for one in old if one.practitioner_id in within.wholly]
    joined = [one for one in old if (one.practitioner_id, one.code) in there]
    books.there["roles"] = len([one for one in joined if one in ends])
    begin = [one for one in old if one not in joined]
    changed = {one.pk for one in begin if one.starts_on >= on and one in ends}
    new = [
        _copy(one, organisation_id=transfer.to_organisation_id, starts_on=max(on, one.starts_on))
        for one in begin
        if one.pk not in changed
    ]
    books.change([one for one in ends if one.pk in changed], {"organisation_id": transfer.to_organisation_id})
    books.end([one for one in ends if one.pk not in changed], on)
    books.begin(new, ("organisation_id", "code", "starts_on", "ends_on"))


def _begin_anew(books: Books, rows: Sequence[Any], *, column: str, names: Sequence[str]) -> dict[UUID, UUID]:
    """End what began before the day and begin it anew; what begins later is changed. Old rows' ids to new ones."""
    on, to = books.transfer.on, books.transfer.to_organisation_id
    before = [one for one in rows if one.starts_on < on]
    new = [_copy(one, starts_on=on, **{column: to}) for one in before]
    books.end(before, on)
    books.begin(new, names)
    books.change([one for one in rows if one.starts_on >= on], {column: to})
    return {old.pk: made.pk for old, made in zip(before, new, strict=True)}


def _copy(row: Any, **other: Any) -> Any:
    told = {column.attname: getattr(row, column.attname) for column in row._meta.concrete_fields}
    return type(row)(**(told | other | {"id": new_id()}))


# ---- referrals


def referrals(*, books: Books, within: Within, from_: UUID, to: UUID) -> None:
    """Open referrals to the teams and services are the new organisation's to answer; who sent them stays."""
    asked = Referral.objects.filter(_asked(within), to_organisation=from_)
    rows = list(asked.select_for_update(of=("self",)).order_by("pk"))
    known = _reasons(books, rows, from_=from_, to=to, on=day_of(books.by.at))
    books.change([row for row in rows if row.pk not in known], {"to_organisation_id": to})
    books.change(
        [row for row in rows if row.pk in known],
        lambda row: {"to_organisation_id": to, "relationship_id": known[row.pk]},
    )


def _asked(within: Within) -> Q:
    """Referrals to the teams and services that are still open."""
    return Q(Q(to_team__in=within.teams) | Q(to_service__in=within.services, to_team=None), state__in=OPEN)


def _reasons(books: Books, rows: Iterable[Referral], *, from_: UUID, to: UUID, on: date) -> dict[UUID, UUID]:
    """For each referral whose receiver knew somebody as a whole organisation, the new one's reason to know them."""
    wanted = {row.pk: row.relationship_id for row in rows if row.relationship_id is not None}
    found = Relationship.objects.select_for_update(of=("self",)).filter(
        pk__in=wanted.values(), organisation=from_, ended_at=None
    )
    old = {row.pk: row for row in found.order_by("pk")}
    # of one person and one kind the new organisation may have a reason already: there is one while it is open
    there = Relationship.objects.filter(
        person__in=[row.person_id for row in old.values()], organisation=to, ends_on=None, team=None
    )
    has = {(row.person_id, row.kind): row.pk for row in there}
    new = []
    for row in old.values():
        if (row.person_id, row.kind) not in has:
            made = _copy(row, organisation_id=to, starts_on=on, made_at=books.by.at, made_by=books.by.id)
            has[row.person_id, row.kind] = made.pk
            new.append(made)
    others = Referral.objects.filter(relationship__in=old, state__in=OPEN).exclude(pk__in=wanted)
    kept = set(others.values_list("relationship", flat=True))
    books.change(
        [row for row in old.values() if row.pk not in kept],
        lambda row: {
            "ends_on": max(on, row.starts_on),
            "ended_at": books.by.at,
            "ended_by": books.by.id,
            "ended_reason": MOVED_ON,
        },
        how="ended",
    )
    books.begin(new, ("organisation_id", "starts_on", "ends_on", "ended_at"))
    return {referral: has[old[pk].person_id, old[pk].kind] for referral, pk in wanted.items() if pk in old}


def same_since(lines: Iterable[TransferLine]) -> dict[str, str]:
    """Reasons that ended with the move and may not open again, since their organisation was given the same anew: the
    one that holds, by the old one."""
    ended = [one.row for one in lines if one.table == REASON and one.how == ENDED and one.was["ends_on"] is None]
    old = list(Relationship.objects.filter(pk__in=ended))
    rows = Relationship.objects.filter(person__in=[row.person_id for row in old], ends_on=None).exclude(pk__in=ended)
    now = {(row.person_id, row.kind, row.team_id, row.organisation_id): row.pk for row in rows}
    keys = {row.pk: (row.person_id, row.kind, row.team_id, row.organisation_id) for row in old}
    return {str(pk): str(now[key]) for pk, key in keys.items() if key in now}


# ---- who waits for whom


def lock(transfer: Transfer, within: Within) -> None:
    """Keep whatever hangs on the teams and services from being added to until this is done: it waits, and then goes
    to whoever they are of then.

    Teams and services come last: whoever answers or does something holds that, and asks for its team when it is done.
    """
    for rows in _work(transfer, within):
        list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    list(Team.objects.select_for_update(of=("self",)).filter(pk__in=within.teams).order_by("pk"))
    list(Service.objects.select_for_update(of=("self",)).filter(pk__in=within.services).order_by("pk"))


def _work(transfer: Transfer, within: Within) -> list[QuerySet[Any]]:
    """What somebody may be at while it moves or is undone, in the order in which they hold it themselves."""
    held = of_stayers(within, on=transfer.on)
    lines = transfer.lines.filter(run=transfer.run, undone_at=None)
    asked = Referral.objects.filter(_asked(within))
    work = {
        Referral: Q(pk__in=asked.values("pk")),
        Task: Q(pk__in=held["tasks"].values("pk")),
        Support: Q(pk__in=held["supports"].values("pk")),
        Alert: Q(pk__in=held["alerts"].values("pk")),
        Allocation: Q(pk__in=held["coordinated"].values("pk")),
        Relationship: Q(pk__in=asked.values("relationship"), team=None),
    }
    return [
        model._default_manager.filter(which | Q(pk__in=lines.filter(table=model._meta.label).values("row")))
        for model, which in work.items()
    ]
