"""Marks on people: sealing a line, who may know an address, who must not look, who is watched.

Each is a dated row. What ends today is over with the next page.
"""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from locality.access import rules
from locality.access.actions.ending import end_dated
from locality.access.actions.glass import TOO_LONG, said_words
from locality.access.actions.opening import open_record, there, there_for
from locality.access.models import AddressGrant, Conflict, PersonSeal, Watch
from locality.access.queries import Grant
from locality.access.rules import ConflictKind, Seal, WatchKind
from locality.base import NoAccess, NotFound, Refused, Viewer, ViewerKind
from locality.base.periods import day_of
from locality.directory.models import TeamMembership
from locality.journal.actions import log
from locality.people.models import Person

SAY_WHY = "Say why, so that whoever reads it next can judge."
NO_MARK = "There is no such thing here, or it has ended already."
ALREADY = "That is so already."
READ_ONLY = "You may read this record and not write in it."
OFFICER_ONLY = "The role you signed in with does not do this. The privacy officer does."
ADDRESS_ONLY = "The role you signed in with does not say who may know an address. The privacy officer does."
LOCKED_QUIETLY = "A locked line leaves no trace, so it cannot be announced."
NOT_YOURSELF = "Somebody else has to let you or your team know where they live: another lead, or the privacy officer."
ENDS_FIRST = "Choose a last day that is not before the first."

Mark = PersonSeal | AddressGrant | Conflict | Watch


def whose(*, person_id: UUID, by: Viewer, what: str) -> Person:
    """The person on whom somebody writes a mark: the privacy officer, or whoever may write in the record."""
    if rules.may_review(by):
        return there_for(person_id, by=by)[0]
    grant = open_record(person_id=person_id, by=by, what=what)
    if not grant.opening.writes:
        raise Refused(READ_ONLY)
    return grant.person


def is_of(whose_mark: UUID, person_id: UUID | None) -> bool:
    """Whether a mark is about the person on whose page it is ended; where no page says, it is whoever's it is."""
    return person_id is None or whose_mark in {one.pk for one in there(person_id)}


def whole(words: str) -> str:
    """All that was typed, which may be nothing; raises Refused for far too much: nothing is cut off in silence."""
    said = words.strip()
    if len(said) > rules.MOST_LETTERS:
        raise Refused(TOO_LONG)
    return said


@transaction.atomic
def seal(*, person_id: UUID, thing: UUID, kind: Seal, announced: bool = False, words: str = "", by: Viewer) -> None:
    """Close a line for the person: sealed, it may be asked for; locked, it leaves no trace.

    Nothing comes back and a line that is not theirs is sealed as quietly, so that sealing tells nobody what is held.
    """
    if kind not in (Seal.SEALED, Seal.LOCKED):
        raise Refused("Choose whether the line is sealed or locked.")
    if announced and kind == Seal.LOCKED:
        raise Refused(LOCKED_QUIETLY)
    # as any look: that somebody came to lock a line would be the trace of it
    person = whose(person_id=person_id, by=by, what="record.opened")
    now = {"seal": kind, "announced": announced}
    rows = _seals(person, thing)
    if rows:
        PersonSeal.objects.filter(pk__in=[row.pk for row in rows]).update(**now)
    else:
        row = PersonSeal(person=person, thing=thing, reason=whole(words), **now, **_from(by))
        _keep(row)
        rows = [row]
    log(what="line.sealed", by=by, person=person.pk, about=rows[0].pk)


@transaction.atomic
def unseal(*, person_id: UUID, thing: UUID, words: str = "", by: Viewer) -> bool:
    """Open a line again that the person had sealed; as quiet as sealing it. Returns whether anything was.

    Whoever sealed it may undo that for some minutes; after that the person and the privacy officer, who say why.
    """
    person = whose(person_id=person_id, by=by, what="record.opened")
    rows, said = _seals(person, thing), ""
    if by.kind == ViewerKind.PERSON or rules.may_review(by):
        said = said_words(words, blank=SAY_WHY)
    else:
        rows = [row for row in rows if row.made_by == by.id and by.at - row.made_at <= rules.UNDO_FOR]
    for row in rows:
        end_dated(row, reason=said, by=by)
    # that somebody tried to open what is not theirs to open stays on the books
    about, outcome = (rows[0].pk, "done") if rows else (thing, "refused")
    log(what="line.unsealed", by=by, person=person.pk, about=about, outcome=outcome, reason=said)
    return bool(rows)


def _seals(person: Person, thing: UUID) -> list[PersonSeal]:
    """The seals on a line that stand, of an alias too: of one made before a merge, a twin may stand since."""
    rows = PersonSeal.objects.select_for_update(of=("self",)).filter(thing=thing, ends_on=None)
    return list(rows.filter(person__in=[one.pk for one in there(person.pk)]).order_by("made_at", "id"))


@transaction.atomic
def grant_address(
    *,
    person_id: UUID,
    starts_on: date,
    ends_on: date,
    words: str,
    practitioner: UUID | None = None,
    team: UUID | None = None,
    by: Viewer,
) -> AddressGrant:
    """Let one practitioner or one team know a protected address, from a day until a day; raise NoAccess for others.

    Nobody lets themselves know it, nor a team of theirs: that takes two. Nor does whoever only reads the record.
    """
    person = _granting(person_id, by=by)
    if practitioner == by.id or (team is not None and _is_own_team(team, by=by)):
        raise Refused(NOT_YOURSELF)
    if (practitioner is None) == (team is None):
        raise Refused("Choose one practitioner, or one team.")
    if ends_on <= starts_on:
        raise Refused(ENDS_FIRST)
    row = AddressGrant(
        person=person,
        practitioner_id=practitioner,
        team_id=team,
        reason=said_words(words, blank=SAY_WHY),
        **_from(by) | {"starts_on": starts_on, "ends_on": ends_on},
    )
    _keep(row)
    _made(row, "address.granted", by=by)
    return row


def to_grant_address(*, person_id: UUID, by: Viewer) -> tuple[Person, Grant | None]:
    """Whose address somebody says who may know: anybody's for the privacy officer, a record's that opens for a lead."""
    if not rules.may_grant_address(by):
        raise NoAccess(ADDRESS_ONLY)
    if rules.may_review(by):
        return there_for(person_id, by=by)[0], None
    grant = open_record(person_id=person_id, by=by)
    return grant.person, grant


def _granting(person_id: UUID, *, by: Viewer) -> Person:
    person, grant = to_grant_address(person_id=person_id, by=by)
    if grant is not None and not grant.opening.writes:
        raise Refused(READ_ONLY)
    return person


def _is_own_team(team: UUID, *, by: Viewer) -> bool:
    # of whichever of their roles: a joint post is in teams of both
    theirs = TeamMembership.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=day_of(by.at)), practitioner=by.id, team=team
    )
    return team in by.teams or theirs.exists()


@transaction.atomic
def declare_conflict(*, practitioner: UUID, person_id: UUID, kind: str, words: str = "", by: Viewer) -> Conflict:
    """Say that a practitioner must not look at a person: the practitioner of themselves, or the privacy officer.

    With their own record, nobody who lives at its address opens to them either. Raises NoAccess for anybody else.
    """
    if by.id != practitioner and not rules.may_review(by):
        raise NoAccess(OFFICER_ONLY)
    if kind not in set(ConflictKind) or (kind == ConflictKind.INVESTIGATION and not rules.may_review(by)):
        raise Refused("Choose what you are to each other.")
    # what somebody says of themselves they say of somebody at whom they must not look already, too
    same = there(person_id) if by.id == practitioner else there_for(person_id, by=by)
    row = Conflict(
        practitioner_id=practitioner,
        person=same[0],
        kind=kind,
        reason=whole(words),
        **_from(by),
    )
    _keep(row)
    _made(row, "conflict.declared", by=by)
    return row


@transaction.atomic
def watch(*, person_id: UUID, kind: str, words: str = "", by: Viewer) -> Watch:
    """Have every view of a person reviewed; nothing is withheld for it. The privacy officer alone may."""
    _officer(by)
    if kind not in set(WatchKind):
        raise Refused("Choose why.")
    person = there_for(person_id, by=by)[0]
    row = Watch(person=person, kind=kind, reason=whole(words), **_from(by))
    _keep(row)
    _made(row, "watch.made", by=by)
    return row


@transaction.atomic
def end_address_grant(*, grant_id: UUID, words: str, by: Viewer, of: UUID | None = None) -> None:
    """Take back that somebody may know an address, from today; `of` is the person whose page it was said on."""
    if not rules.may_grant_address(by):
        raise NoAccess(ADDRESS_ONLY)
    row = AddressGrant.objects.select_for_update(of=("self",)).filter(pk=grant_id, ended_at=None).first()
    if row is not None:
        _is_here(row, of, by=by)
        _granting(row.person_id, by=by)
    _ended(row, "address.grant-ended", words=words, by=by)


@transaction.atomic
def end_conflict(*, conflict_id: UUID, words: str, by: Viewer, of: UUID | None = None) -> None:
    """Say that a conflict is over, from today; the privacy officer alone may, never whom it is about."""
    _officer(by)
    row = Conflict.objects.select_for_update(of=("self",)).filter(pk=conflict_id, ends_on=None).first()
    if row is not None and row.practitioner_id == by.id:
        raise NoAccess(OFFICER_ONLY)
    _is_here(row, of, by=by)
    _ended(row, "conflict.ended", words=words, by=by)


@transaction.atomic
def unwatch(*, watch_id: UUID, words: str, by: Viewer, of: UUID | None = None) -> None:
    """Stop reviewing every view of a person, from today."""
    _officer(by)
    row = Watch.objects.select_for_update(of=("self",)).filter(pk=watch_id, ends_on=None).first()
    _is_here(row, of, by=by)
    _ended(row, "watch.ended", words=words, by=by)


def _is_here(row: Mark | None, of: UUID | None, *, by: Viewer) -> None:
    if row is None:
        return
    if not is_of(row.person_id, of):
        raise NotFound(NO_MARK)
    there_for(row.person_id, by=by)


def _officer(by: Viewer) -> None:
    if not rules.may_review(by):
        raise NoAccess(OFFICER_ONLY)


def _from(by: Viewer) -> dict[str, Any]:
    return {"starts_on": day_of(by.at), "made_at": by.at, "made_by": by.id}


def _keep(row: Mark) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as already:
        raise Refused(ALREADY) from already


def _made(row: AddressGrant | Conflict | Watch, what: str, *, by: Viewer) -> None:
    log(what=what, by=by, person=row.person_id, about=row.pk, reason=row.reason)


def _ended(row: Mark | None, what: str, *, words: str, by: Viewer) -> None:
    if row is None:
        raise NotFound(NO_MARK)
    end_dated(row, reason=said_words(words, blank=SAY_WHY), by=by)
    log(what=what, by=by, person=row.person_id, about=row.pk, reason=row.ended_reason)
