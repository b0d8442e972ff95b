"""Supporting somebody as a link worker does: beginning, what is needed, and how it ends."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from locality.access.queries import Grant
from locality.access.queries.knowing import KEPT
from locality.access.rules import DataClass
from locality.base import NotFound, Refused, Viewer
from locality.base.periods import day_of
from locality.directory.queries import is_member, name_of
from locality.journal.actions import log
from locality.neighbourhoods.actions import caseload_progress, taking_part
from locality.neighbourhoods.actions.relationships import check_may_be_given
from locality.neighbourhoods.models import (
    Referral,
    Support,
    SupportContact,
    SupportHistory,
    SupportNeed,
    Wellbeing,
)
from locality.neighbourhoods.queries.seen import received_by, seen_by
from locality.neighbourhoods.rules.candidates import Agreed
from locality.neighbourhoods.rules.needs import NEED_WORDS
from locality.neighbourhoods.rules.referrals import ReferralState
from locality.neighbourhoods.rules.support import ChangedMeanwhile, NeedState, Outcome, Reached, SupportOver, Way
from locality.neighbourhoods.rules.wellbeing import Question, check_scores

NOT_THERE = "There is no such support here."
NOT_YOURS = "You may read this record and not act on it, so you cannot begin to support them."
NOT_YOUR_TEAM = "You are not in that team: support is given by a team of your own."
SAY_WHY = "Say why, in a few words: what they would like help with."
SAY_WHAT = "Say in a few words what came of it."
SAY_NEED = "Choose what they need help with."
OF_THE_TEAM = "Whoever supports them works in the team."
THEIRS_ALREADY = "{name} supports them already."
HAS_ONE = "Your team supports them already."
NOT_ACCEPTED = "Accept the referral first: then begin the support."
NOT_YET = "That is in the future: what is to come is planned, and written down when it happened."
NEED_NOTED = "That need stands there already."
ONCE_A_DAY = "They answered these questions today already."
TAKEN_BACK_FOR = timedelta(hours=24)
TOO_LATE = "Only whoever wrote it can take it back, and within a day."


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSupport:
    """Whom a team begins to support, and why; `referral` is what it came from."""

    team: UUID
    why: str
    sender: UUID
    agreed: Agreed = Agreed.AGREED
    owner: UUID | None = None
    referral: UUID | None = None
    next_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewContact:
    """One time that one met, or tried to; `next_on` is when one means to be in touch again."""

    at: datetime
    way: Way
    reached: Reached = Reached.YES
    words: str = ""
    next_on: date | None = None


@transaction.atomic
def begin(*, new: NewSupport, grant: Grant, by: Viewer) -> Support:
    """Begin to support somebody whose record is open; the team may know them until it ends. Raises Refused."""
    _check_new(new, grant=grant, by=by)
    open_now = Support.objects.alias(kept=KEPT).filter(kept=grant.person.pk, team=new.team, ended_at=None)
    if open_now.exists():
        raise Refused(HAS_ONE)
    row, is_new = Support.objects.get_or_create(
        person_id=grant.person.pk,
        team_id=new.team,
        ended_at=None,
        defaults={
            "owner_id": _owner(new, by=by),
            "referral_id": _referral(new, grant=grant, by=by),
            "relationship": taking_part.let_know(person=grant.person.pk, team=new.team, by=by),
            "why": new.why.strip(),
            "agreed": new.agreed,
            "next_on": new.next_on,
            "data_class": DataClass.WORK,
            "sender_id": new.sender,
            "begun_at": by.at,
            "begun_by": by.id,
        },
    )
    if not is_new:
        # two of the team began it at the same moment
        raise Refused(HAS_ONE)
    _history(row, "begun", by=by)
    log(what="support.begun", by=by, person=row.person_id, about=row.pk)
    return row


def _check_new(new: NewSupport, *, grant: Grant, by: Viewer) -> None:
    if not grant.opening.writes or DataClass.WORK not in grant.opening.whole:
        raise Refused(NOT_YOURS)
    if new.team not in by.teams:
        raise Refused(NOT_YOUR_TEAM)
    if not new.why.strip():
        raise Refused(SAY_WHY)


def _owner(new: NewSupport, *, by: Viewer) -> UUID:
    owner = new.owner or by.id
    if owner != by.id and not is_member(owner, team=new.team, on=day_of(by.at)):
        raise Refused(OF_THE_TEAM)
    return owner


def _referral(new: NewSupport, *, grant: Grant, by: Viewer) -> UUID | None:
    return _referral_of(new.referral, grant=grant, by=by).pk if new.referral else None


def _referral_of(referral: UUID, *, grant: Grant, by: Viewer) -> Referral:
    rows = seen_by(by, Referral.objects.filter(person__in=grant.person_ids), whose=received_by(by))
    row = rows.filter(pk=referral).first()
    if row is None:
        raise NotFound("There is no such referral here.")
    if row.state in (ReferralState.SENT, ReferralState.MORE_ASKED):
        raise Refused(NOT_ACCEPTED)
    return row


@transaction.atomic
def belongs(*, support: UUID, referral: UUID, grant: Grant, by: Viewer) -> Support:
    """Say that a referral which was accepted belongs to the support that is given already. Raises NotFound, Refused."""
    row = locked(support, by=by)
    found = _referral_of(referral, grant=grant, by=by)
    if row.person_id not in grant.person_ids:
        raise NotFound(NOT_THERE)
    Referral.objects.filter(pk=found.pk).update(support=row)
    if row.referral_id is None:
        row.referral = found
    changed(row, "referral", what=f"referral added: {found.asked}", by=by)
    return row


@transaction.atomic
def note_need(*, support: UUID, need: str, words: str = "", by: Viewer) -> SupportNeed:
    """Write down something that they need help with. Raises NotFound, SupportOver, Refused."""
    row = locked(support, by=by)
    if need not in NEED_WORDS:
        raise Refused(SAY_NEED)
    if row.needs.filter(need=need).exists():
        raise Refused(NEED_NOTED)
    found = SupportNeed.objects.create(support=row, need=need, words=words.strip(), made_at=by.at, made_by=by.id)
    changed(row, what=f"need: {need}", by=by)
    return found


@transaction.atomic
def settle_need(*, need: UUID, state: NeedState, by: Viewer) -> SupportNeed:
    """Say whether a need was met, or that it is worked on again. Raises NotFound, SupportOver."""
    found = SupportNeed.objects.filter(pk=need).first()
    row = locked(found.support_id if found else need, by=by)
    found = SupportNeed.objects.select_for_update().get(pk=need)
    found.state, found.changed_at = state, by.at
    found.save(update_fields=["state", "changed_at"])
    changed(row, what=f"need {state}: {found.need}", by=by)
    return found


@transaction.atomic
def note_contact(*, support: UUID, new: NewContact, by: Viewer) -> SupportContact:
    """Write down that one met, or tried to. Raises NotFound, SupportOver, Refused for what has yet to come."""
    row = locked(support, by=by)
    if new.at > by.at:
        raise Refused(NOT_YET)
    found = SupportContact.objects.create(
        support=row,
        at=new.at,
        way=new.way,
        reached=new.reached,
        words=new.words.strip(),
        made_at=by.at,
        made_by=by.id,
    )
    row.next_on = new.next_on
    if new.reached == Reached.YES:
        row.contact_at = max(row.contact_at or new.at, new.at)
        caseload_progress.note_contact(person=row.person_id, teams=[row.team_id], at=new.at)
    changed(row, "next_on", "contact_at", what="contact", by=by)
    return found


@transaction.atomic
def strike_contact(*, contact: UUID, by: Viewer) -> SupportContact:
    """Take back a contact that was written by mistake: by whoever wrote it, within a day. Raises NotFound, Refused."""
    found = SupportContact.objects.filter(pk=contact, struck_at=None).first()
    row = locked(found.support_id if found else contact, by=by)
    found = SupportContact.objects.select_for_update().get(pk=contact)
    if found.struck_at is not None or found.made_by != by.id or by.at - found.made_at > TAKEN_BACK_FOR:
        raise Refused(TOO_LATE)
    found.struck_at, found.struck_by = by.at, by.id
    found.save(update_fields=["struck_at", "struck_by"])
    spoke = row.contacts.filter(struck_at=None, reached=Reached.YES).order_by("-at").first()
    row.contact_at = spoke.at if spoke else None
    changed(row, "contact_at", what="contact taken back", by=by)
    return found


@transaction.atomic
def note_answers(*, support: UUID, answers: dict[Question, int], on: date, by: Viewer) -> Wellbeing:
    """Write down how they answered the four questions on a day. Raises NotFound, SupportOver, Refused."""
    row = locked(support, by=by)
    check_scores(answers)
    if row.answers.filter(asked_on=on).exists():
        raise Refused(ONCE_A_DAY)
    told = {question.value: answers.get(question) for question in Question}
    found = Wellbeing.objects.create(support=row, asked_on=on, made_at=by.at, made_by=by.id, **told)
    changed(row, what="wellbeing", by=by)
    return found


@transaction.atomic
def hand_over(*, support: UUID, owner: UUID, why: str = "", version: int | None = None, by: Viewer) -> Support:
    """Let somebody of the team support them from now on. Raises NotFound, SupportOver, ChangedMeanwhile, Refused."""
    row = locked(support, by=by)
    if version is not None and version != row.version:
        raise ChangedMeanwhile
    if owner == row.owner_id:
        raise Refused(THEIRS_ALREADY.format(name=name_of(owner)))
    if not is_member(owner, team=row.team_id, on=day_of(by.at)):
        raise Refused(OF_THE_TEAM)
    check_may_be_given(owner, person=row.person_id, by=by)
    row.owner_id = owner
    told = f"To {name_of(owner)}" + (f": {why.strip()}" if why.strip() else "")
    changed(row, "owner", what="handed over", why=told, by=by)
    return row


@transaction.atomic
def finish(*, support: UUID, outcome: Outcome, words: str, by: Viewer, version: int | None = None) -> Support:
    """End it, and say what came of it. Raises NotFound, SupportOver, ChangedMeanwhile, Refused without words."""
    row = locked(support, by=by)
    if version is not None and version != row.version:
        raise ChangedMeanwhile
    if not words.strip():
        raise Refused(SAY_WHAT)
    row.ended_at, row.ended_by, row.outcome, row.outcome_words = by.at, by.id, outcome, words.strip()
    row.next_on = None
    changed(row, "ended_at", "ended_by", "outcome", "outcome_words", "next_on", what="ended", why=words, by=by)
    taking_part.no_longer(row.relationship, by=by)
    return row


@transaction.atomic
def reopen(*, support: UUID, by: Viewer) -> Support:
    """It had not ended. Raises NotFound where the team may know them no more, Refused where another was begun."""
    row = locked(support, by=by, is_over=True)
    if Support.objects.filter(person=row.person_id, team=row.team_id, ended_at=None).exists():
        raise Refused(HAS_ONE)
    row.ended_at, row.ended_by, row.outcome, row.outcome_words = None, None, "", ""
    row.relationship = taking_part.let_know(person=row.person_id, team=row.team_id, by=by)
    changed(
        row, "ended_at", "ended_by", "outcome", "outcome_words", "relationship", what="begun again", by=by
    )  # fmt: skip
    return row


def locked(support: UUID, *, by: Viewer, is_over: bool = False) -> Support:
    """A support of the viewer's teams, locked; NotFound for everybody else, SupportOver where it has ended."""
    rows = seen_by(by, Support.objects.select_for_update(of=("self",)).select_related("relationship"))
    row = rows.filter(pk=support).first()
    if row is None:
        raise NotFound(NOT_THERE)
    if (row.ended_at is not None) != is_over:
        raise SupportOver if not is_over else Refused("This support has not ended.")
    return row


def changed(row: Support, *columns: str, what: str, why: str = "", by: Viewer) -> None:
    """Write these columns and what was done; it is another version from now on. Part of another action."""
    row.version += 1
    row.save(update_fields=["version", *columns])
    _history(row, what, why=why, by=by)
    log(what="support.changed", by=by, person=row.person_id, about=row.pk)


def _history(row: Support, what: str, *, why: str = "", by: Viewer) -> None:
    SupportHistory.objects.create(support=row, what=what, why=why.strip(), at=by.at, by=by.id)
