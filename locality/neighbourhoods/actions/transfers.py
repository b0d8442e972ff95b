"""Planning the move of services from one organisation to another: begun by one, agreed to and signed by two sides."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from locality.base import NoAccess, NotFound, Refused, Viewer
from locality.base.ids import new_id
from locality.base.periods import LONDON, day_of
from locality.base.words import date_words
from locality.directory.models import Organisation, Service, Successor, Team, TeamMembership
from locality.directory.queries import SOMEBODY, names_of
from locality.directory.rules import holds
from locality.journal.actions import log
from locality.neighbourhoods.models import Transfer, TransferAgreement, TransferPart
from locality.neighbourhoods.queries.transfer_counts import counts, from_day, within
from locality.neighbourhoods.rules.transfers import (
    BY_CODE,
    OPEN,
    Names,
    Side,
    Step,
    TransferMove,
    TransferState,
    check_move,
    may_begin,
    side_of,
)

NOT_YOURS = "Administrators plan the move of a service, do it and undo it."
NO_SIDE = (
    "Somebody of each of the two organisations agrees, for their own alone: an administrator, a board member or a "
    "coordinator."
)
FOR_BOTH = "You agreed for the other side already: nobody agrees for both."
AGREED_ALREADY = "Your organisation has agreed already: {name} did, {when}."
NOTHING_MOVES = "Choose at least one team or service that moves."
ITSELF = "Choose another organisation than the one that it moves from."
NOT_BEFORE_TODAY = "The day is over: choose today or a day to come."
SAY_WHY = "Say why it moves, in a few words."
NOT_OF_THEM = "{name} neither leads nor employs anybody in {team}, so nothing of it can move."
NOT_THEIR_SERVICE = "{service} is not a service of {name}."
MOVES_ALREADY = "{name} is part of another move that is not over yet."
LEFT_BEHIND = "Not all of it has moved: {words}. Take along what came since, then sign."
NO_TRANSFER = "There is no such move here."


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTransfer:
    """What moves, from whom to whom, on which day and why; `stays` are those of the staff who do not move."""

    from_organisation: UUID
    to_organisation: UUID
    on: date
    why: str
    teams: tuple[UUID, ...] = ()
    services: tuple[UUID, ...] = ()
    stays: tuple[UUID, ...] = ()


@transaction.atomic
def plan(*, new: NewTransfer, by: Viewer) -> Transfer:
    """Plan the move of teams and services; nothing moves before both sides agreed. Raises NoAccess, Refused."""
    begins(by)
    _check(new, by=by)
    row = Transfer.objects.create(
        from_organisation_id=new.from_organisation,
        to_organisation_id=new.to_organisation,
        on=new.on,
        why=new.why.strip(),
        made_at=by.at,
        made_by=by.id,
    )
    parts = [TransferPart(transfer=row, kind=Names.TEAM, team_id=one) for one in dict.fromkeys(new.teams)]
    parts += [TransferPart(transfer=row, kind=Names.SERVICE, service_id=one) for one in dict.fromkeys(new.services)]
    TransferPart.objects.bulk_create(parts)
    _stay(row, new.stays)
    log(what="transfer.planned", by=by, about=row.pk)
    return row


@transaction.atomic
def change(*, transfer: UUID, on: date, stays: Iterable[UUID], by: Viewer) -> Transfer:
    """Change the day, and who of the staff does not move; what was agreed to is to be agreed again. Raises Refused."""
    begins(by)
    row = locked(transfer)
    check_move(TransferState(row.state), TransferMove.CHANGE)
    if on < day_of(by.at):
        raise Refused(NOT_BEFORE_TODAY)
    wanted = set(stays)
    before = set(row.parts.filter(kind=Names.STAYS).values_list("practitioner", flat=True))
    if (on, wanted) == (row.on, before):
        return row
    row.parts.filter(kind=Names.STAYS).delete()
    row.on, row.state = on, TransferState.PLANNED
    row.save(update_fields=["on", "state"])
    _stay(row, wanted)
    end_agreements(row, Step.PLAN, by=by)
    log(what="transfer.changed", by=by, about=row.pk)
    return row


@transaction.atomic
def agree(*, transfer: UUID, words: str, by: Viewer) -> Transfer:
    """Agree to the plan for one's own side, with the counts as they stand; the second to agree makes it so."""
    row = locked(transfer)
    side = _side(row, by=by)
    check_move(TransferState(row.state), TransferMove.AGREE)
    _agree(row, Step.PLAN, side, words=words, by=by)
    if _both(row, Step.PLAN):
        row.state = TransferState.AGREED
        row.save(update_fields=["state"])
    log(what="transfer.agreed", by=by, about=row.pk, detail={"side": side})
    return row


@transaction.atomic
def sign(*, transfer: UUID, words: str, by: Viewer) -> Transfer:
    """Sign for one's own side that all of it has moved: with both signatures it can be undone no more.

    Raises Refused where anything is left behind.
    """
    row = locked(transfer)
    side = _side(row, by=by)
    check_move(TransferState(row.state), TransferMove.SIGN)
    left = counts(within=within(row), organisation=row.from_organisation_id, on=row.on)
    if behind := [f"{BY_CODE[code].words}: {many}" for code, many in left.items() if many]:
        raise Refused(LEFT_BEHIND.format(words="; ".join(behind)))
    _agree(row, Step.MOVED, side, words=words, by=by)
    if _both(row, Step.MOVED):
        row.state, row.ended_at, row.ended_by = TransferState.SIGNED, by.at, by.id
        row.save(update_fields=["state", "ended_at", "ended_by"])
        _succeed(row)
    log(what="transfer.signed", by=by, about=row.pk, detail={"side": side})
    return row


@transaction.atomic
def withdraw(*, transfer: UUID, by: Viewer) -> Transfer:
    """Let a move that was planned not be done; raises Refused once it was."""
    begins(by)
    row = locked(transfer)
    check_move(TransferState(row.state), TransferMove.WITHDRAW)
    row.state, row.ended_at, row.ended_by = TransferState.WITHDRAWN, by.at, by.id
    row.save(update_fields=["state", "ended_at", "ended_by"])
    end_agreements(row, Step.PLAN, by=by)
    log(what="transfer.withdrawn", by=by, about=row.pk)
    return row


# ---- shared with the moving itself


def begins(by: Viewer) -> None:
    """Raise NoAccess for whoever does not plan moves."""
    if not may_begin(by):
        raise NoAccess(NOT_YOURS)


def locked(transfer: UUID) -> Transfer:
    """The move, with whoever else presses waiting until this is done; raises NotFound."""
    rows = Transfer.objects.select_for_update(of=("self",)).select_related("from_organisation", "to_organisation")
    row = rows.filter(pk=transfer).first()
    if row is None:
        raise NotFound(NO_TRANSFER)
    return row


def end_agreements(row: Transfer, step: Step, *, by: Viewer) -> None:
    """What was agreed to is not so any more."""
    row.agreements.filter(step=step, ended_at=None).update(ended_at=by.at, ended_by=by.id)


# ---- parts


def _check(new: NewTransfer, *, by: Viewer) -> None:
    if not (new.teams or new.services):
        raise Refused(NOTHING_MOVES)
    if new.from_organisation == new.to_organisation:
        raise Refused(ITSELF)
    if not new.why.strip():
        raise Refused(SAY_WHY)
    if new.on < day_of(by.at):
        raise Refused(NOT_BEFORE_TODAY)
    named = Organisation.objects.in_bulk([new.from_organisation, new.to_organisation])
    if len(named) < 2:
        raise NotFound("There is no such organisation here.")
    to = named[new.to_organisation]
    if not holds(starts_on=to.starts_on, ends_on=to.ends_on, on=new.on):
        raise Refused(f"{to.name} is not there on {date_words(new.on)}.")
    # two may plan to move the same at once: the second finds that it moves already
    teams = list(Team.objects.select_for_update(of=("self",)).filter(pk__in=new.teams).order_by("pk"))
    services = list(Service.objects.select_for_update(of=("self",)).filter(pk__in=new.services).order_by("pk"))
    if (len(teams), len(services)) != (len(set(new.teams)), len(set(new.services))):
        raise NotFound("There is no such team or service here.")
    _check_theirs(named[new.from_organisation], teams, services, on=new.on)


def _check_theirs(whose: Organisation, teams: list[Team], services: list[Service], *, on: date) -> None:
    employing = TeamMembership.objects.filter(from_day(on), employer=whose, team__in=teams)
    employs = set(employing.values_list("team", flat=True))
    for team in teams:
        if team.lead_organisation_id != whose.pk and team.pk not in employs:
            raise Refused(NOT_OF_THEM.format(name=whose.name, team=team.name))
    for service in services:
        if service.organisation_id != whose.pk:
            raise Refused(NOT_THEIR_SERVICE.format(service=service.name, name=whose.name))
    others = TransferPart.objects.filter(transfer__state__in=OPEN, transfer__from_organisation=whose)
    taken = set(others.values_list("team", flat=True)) | set(others.values_list("service", flat=True))
    for pk, name in [(one.pk, one.name) for one in teams] + [(one.pk, one.name) for one in services]:
        if pk in taken:
            raise Refused(MOVES_ALREADY.format(name=name))


def _stay(row: Transfer, stays: Iterable[UUID]) -> None:
    members = TeamMembership.objects.filter(
        from_day(row.on), employer=row.from_organisation_id, team__in=row.parts.exclude(team=None).values("team")
    )
    known = set(members.values_list("practitioner", flat=True))
    wanted = [one for one in dict.fromkeys(stays) if one in known]
    TransferPart.objects.bulk_create(
        [TransferPart(transfer=row, kind=Names.STAYS, practitioner_id=one) for one in wanted]
    )


def _side(row: Transfer, *, by: Viewer) -> Side:
    side = side_of(by, from_=row.from_organisation_id, to=row.to_organisation_id)
    if side is None:
        raise NoAccess(NO_SIDE)
    return side


def _agree(row: Transfer, step: Step, side: Side, *, words: str, by: Viewer) -> None:
    for one in row.agreements.filter(step=step, ended_at=None):
        if one.side == side:
            name, when = names_of([one.practitioner_id]).get(one.practitioner_id, SOMEBODY), one.at.astimezone(LONDON)
            raise Refused(AGREED_ALREADY.format(name=name, when=f"{when:%-d %B %Y at %H:%M}"))
        if one.practitioner_id == by.id:
            raise Refused(FOR_BOTH)
    organisation = row.from_organisation_id if step == Step.PLAN else row.to_organisation_id
    TransferAgreement.objects.create(
        transfer=row,
        step=step,
        side=side,
        practitioner_id=by.id,
        role=by.role,
        words=words.strip(),
        counts=counts(within=within(row), organisation=organisation, on=row.on),
        at=by.at,
    )


def _both(row: Transfer, step: Step) -> bool:
    return row.agreements.filter(step=step, ended_at=None).count() == len(Side)


def _succeed(row: Transfer) -> None:
    """The link between the two in the directory; where there is one from before, its words stay."""
    names = row.parts.values_list("team__name", "service__name").filter(practitioner=None)
    moved = ", ".join(sorted(team or service for team, service in names))
    Successor.objects.get_or_create(
        from_organisation=row.from_organisation,
        to_organisation=row.to_organisation,
        defaults={
            "id": new_id(),
            "on": row.on,
            "note": f"In part: {moved}.",
            "origin": "a move that both signed here",
            "verified": True,
        },
    )
