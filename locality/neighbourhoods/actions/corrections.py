"""Asking for something that is held to be put right, and answering it. What is held is never changed by either."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from locality.access.actions import open_record, show
from locality.access.models import Relationship
from locality.access.queries import Grant, visible
from locality.access.queries.conflicting import barred_from
from locality.access.queries.knowing import holds
from locality.access.rules import OWN_TEAM_KINDS, DataClass, Label, RelationKind, Seal
from locality.base import NotFound, Refused, Viewer, ViewerKind
from locality.base.parts import Part
from locality.base.periods import day_of
from locality.base.words import moment_words
from locality.directory.models import Team
from locality.directory.queries import SOMEBODY, names_of
from locality.journal.actions import log
from locality.neighbourhoods.actions import inbox, tasks
from locality.neighbourhoods.models import Allocation, Caseload, Correction, CorrectionHistory
from locality.neighbourhoods.queries import corrections as queries
from locality.neighbourhoods.queries.corrections import NO_CORRECTION, Asked, may_see, places_kept, seen_whole
from locality.neighbourhoods.rules.corrections import (
    ANSWER_WITHIN_DAYS,
    MOVES,
    CorrectionAbout,
    CorrectionMove,
    CorrectionMoveNotAllowed,
    CorrectionState,
    WhyNot,
    next_state,
)
from locality.neighbourhoods.rules.inbox import AlertKind
from locality.neighbourhoods.rules.tasks import OPEN, UNDO_MINUTES, TaskMove, is_undo
from locality.people.models import Person
from locality.record.models import Resource
from locality.record.queries.rows import held

SAY_WHAT = "Say what is wrong: whoever answers reads it."
SAY_ANSWER = "Write an answer: the person reads it."
SAY_WHY = "Choose why it stays as it is."
ALREADY = "You asked for this line to be put right already, and it is not answered yet."
ASK_THE_OFFICER = "This line cannot be asked about here. Ask the privacy officer, on the page of who looked."
NOBODY = "No team and no practice looks after you here yet. Ask the privacy officer, on the page of who looked."
NOT_FOR_STAFF = "The person asks for this themselves, or whoever acts for them."
NOT_YOURS = "Your role does not see all of this, so it cannot answer: somebody else of your team can."
TOO_LATE = f"Somebody else answered, or it is more than {UNDO_MINUTES} minutes ago: they may have read it."
TASK = "Answer: they ask for something that is held about them to be put right"
TOLD = "{who} for something that is held about them to be put right"
LONGEST = 4000
TOO_LONG = f"That is too long: at most {LONGEST:,} letters."


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCorrection:
    """What is wrong, and what it should say; `thing` is the line it is about, where it is about one."""

    about: CorrectionAbout
    wrong: str
    should: str = ""
    thing: UUID | None = None
    heading: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Marks:
    """The guarded columns of a request, and what its line said."""

    data_class: str
    label: str
    seal: str
    sender: UUID | None
    heading: str


# who they are is where they live too: every role and whoever acts for them opens the rest of it whole
CLASSES = {CorrectionAbout.PLAN: DataClass.PLAN, CorrectionAbout.WHO_I_AM: DataClass.LOC}


@transaction.atomic
def ask(*, new: NewCorrection, grant: Grant, by: Viewer) -> Correction:
    """Ask for something to be put right, of the team that looks after them or of their practice. Raises Refused."""
    if by.kind not in (ViewerKind.PERSON, ViewerKind.PROXY) or by.id != grant.viewer.id:
        raise Refused(NOT_FOR_STAFF)
    wrong, should = _whole(new.wrong), _whole(new.should)
    if not wrong:
        raise Refused(SAY_WHAT)
    # one line asked about twice at once: before the first request there is no row to lock
    Person.objects.select_for_update(no_key=True).get(pk=grant.person.pk)
    marks = _marks(new, grant)
    team, organisation = _receiver(new.about, grant, sender=marks.sender)
    standing = Correction.objects.filter(person__in=grant.person_ids, thing=new.thing, state=CorrectionState.ASKED)
    if new.thing is not None and standing.exists():
        raise Refused(ALREADY)
    row = Correction.objects.create(
        person_id=grant.person.pk,
        team_id=team,
        to_organisation_id=organisation,
        about=new.about,
        thing=new.thing,
        heading=marks.heading,
        wrong=wrong,
        should=should,
        data_class=marks.data_class,
        label=marks.label,
        seal=marks.seal,
        sender_id=marks.sender or organisation,
        asked_at=by.at,
        asked_by=by.id,
        asked_by_kind=by.kind,
    )
    _keep(row, "asked", was="", by=by)
    if team is not None:
        _tell_team(row, team=team, by=by)
    return row


def _marks(new: NewCorrection, grant: Grant) -> _Marks:
    if new.about != CorrectionAbout.LINE or new.thing is None:
        data_class = CLASSES.get(new.about, DataClass.WORK)
        return _Marks(
            data_class=data_class, label=Label.NORMAL, seal=Seal.NONE, sender=None, heading=_whole(new.heading)
        )
    line = held(grant).filter(thing=new.thing).first()
    if line is None:
        raise NotFound(NO_CORRECTION)
    # such a line is shown by a decision on it alone, which a request could not carry
    if line.label == Label.VERY_RESTRICTED or line.data_class == DataClass.SAFE:
        raise Refused(ASK_THE_OFFICER)
    return _Marks(
        data_class=line.data_class, label=line.label, seal=line.seal, sender=line.sender_id, heading=_said(line)
    )


def _said(line: Resource) -> str:
    return f"{line.title}: {line.value}" if line.value else line.title


def _receiver(about: CorrectionAbout, grant: Grant, *, sender: UUID | None) -> tuple[UUID | None, UUID]:
    """The team and its organisation, or the practice alone: who a person is, and what it sent, the practice keeps."""
    rows = Relationship.objects.filter(holds(grant.on), person__in=grant.person_ids, ended_at=None)
    practice = (
        rows.filter(kind=RelationKind.REGISTERED_PRACTICE).order_by("-starts_on", "-pk").values_list("organisation")
    ).first()
    if practice and practice[0] and (about == CorrectionAbout.WHO_I_AM or sender == practice[0]):
        return None, practice[0]
    on_it = Caseload.objects.filter(person__in=grant.person_ids, off_at=None).order_by("-taken_on_at", "-pk")
    team = on_it.values_list("team", "team__lead_organisation").first()
    if team is None:
        known = rows.filter(kind__in=OWN_TEAM_KINDS, team__isnull=False).order_by("-starts_on", "-pk")
        team = known.values_list("team", "team__lead_organisation").first()
    if team is not None:
        return team
    if practice and practice[0]:
        return None, practice[0]
    raise Refused(NOBODY)


def _tell_team(row: Correction, *, team: UUID, by: Viewer) -> None:
    owner = _coordinator(row, team=team, by=by)
    organisation = Team.objects.values_list("lead_organisation", flat=True).get(pk=team)
    # what is wrong stands in the request alone: not everybody of the team may read it
    new = tasks.NewTask(
        title=TASK,
        team=team,
        owner=owner,
        person=row.person_id,
        due_on=day_of(by.at) + timedelta(days=ANSWER_WITHIN_DAYS),
        sender=organisation,
        words="Open it from \u201cAsked to be put right\u201d.",
        about_id=row.pk,
    )
    row.task = tasks.ask(new=new, by=by)
    row.save(update_fields=["task"])
    told = inbox.ToTell(
        person=row.person_id,
        team=team,
        owner=owner,
        kind=AlertKind.ASKED,
        words=TOLD.format(who="They ask" if by.kind == ViewerKind.PERSON else "Whoever acts for them asks"),
        once=f"correction {row.pk}",
        about_id=row.task.pk,
        happened_at=by.at,
        sender=organisation,
    )
    inbox.tell_of(told=[told], by=by)


def _coordinator(row: Correction, *, team: UUID, by: Viewer) -> UUID | None:
    on_it = Caseload.objects.filter(person=row.person_id, team=team, off_at=None)
    owner = Allocation.objects.filter(caseload__in=on_it, ends_at=None).values_list("coordinator", flat=True).first()
    if owner is None or owner in barred_from(row.person_id, practitioners=[owner], on=day_of(by.at)):
        return None
    return owner


@transaction.atomic
def withdraw(*, correction: UUID, grant: Grant, by: Viewer) -> Correction:
    """Take a request back before it is answered. Raises NotFound, CorrectionMoveNotAllowed."""
    rows = Correction.objects.filter(visible(grant), person__in=grant.person_ids, pk=correction)
    row = rows.select_for_update(of=("self",)).first()
    if row is None or by.id != grant.viewer.id or by.kind not in (ViewerKind.PERSON, ViewerKind.PROXY):
        raise NotFound(NO_CORRECTION)
    if by.kind == ViewerKind.PROXY and row.asked_by != by.id:
        raise NotFound(NO_CORRECTION)
    _move(row, CorrectionMove.WITHDRAW, by=by)
    if row.task is not None:
        # the team's to close, with the reason before its eyes: whoever asked may not end a team's work
        once = f"correction back {row.pk}"
        _say(row, "They took back what they asked to be put right: nothing is to be answered.", once=once, by=by)
    return row


@transaction.atomic
def accept(*, correction: UUID, words: str, by: Viewer) -> Correction:
    """Say that it is so, and what was done about it. Raises NotFound, Refused, CorrectionMoveNotAllowed."""
    row = _locked(correction, by=by)
    row.answer = _answer(words)
    return _answered(row, CorrectionMove.ACCEPT, by=by)


@transaction.atomic
def decline(*, correction: UUID, why: WhyNot | None, words: str, by: Viewer) -> Correction:
    """Say why it stays as it is. Raises NotFound, Refused, CorrectionMoveNotAllowed."""
    row = _locked(correction, by=by)
    if why is None:
        raise Refused(SAY_WHY)
    row.answer, row.why_not = _answer(words), why
    return _answered(row, CorrectionMove.DECLINE, by=by)


def _answered(row: Correction, move: CorrectionMove, *, by: Viewer) -> Correction:
    _move(row, move, why=row.answer, by=by)
    if row.task is not None and row.task.state in OPEN:
        tasks.move(task=row.task.pk, move=TaskMove.FINISH, came=tasks.Came(outcome="They were answered"), by=by)
    return row


@transaction.atomic
def reopen(*, correction: UUID, by: Viewer) -> Correction:
    """Take back an answer that was given by mistake, soon after and by whoever gave it. Raises NotFound, Refused."""
    row = _locked(correction, by=by)
    next_state(CorrectionState(row.state), CorrectionMove.REOPEN)
    ended_at = row.ended_at or by.at
    if not is_undo(ended_at=ended_at, ended_by=row.ended_by, at=by.at, by=by.id):
        raise Refused(TOO_LATE)
    row.answer, row.why_not = "", ""
    _move(row, CorrectionMove.REOPEN, by=by)
    if row.task is not None and row.task.state not in OPEN:
        tasks.move(task=row.task.pk, move=TaskMove.REOPEN, by=by)
    return row


@transaction.atomic
def list_corrections(*, by: Viewer, which: str = "open", page: int = 1) -> tuple[list[Asked], Part]:
    """What the viewer's teams or practice are asked to put right; everybody named is written down as shown."""
    found, shown = queries.received(viewer=by, which=which, page=page)
    show(people_ids=list(dict.fromkeys(one.person.pk for one in found)), what="correction.listed", by=by)
    return found, shown


@transaction.atomic
def open_correction(*, correction: UUID, by: Viewer) -> tuple[Asked, Grant]:
    """One request, and leave to read the record of whose it is, written down; raises NotFound."""
    one = queries.correction(viewer=by, correction=correction)
    return one, open_record(person_id=one.person.pk, by=by, what="correction.opened", about=correction)


def _locked(correction: UUID, *, by: Viewer) -> Correction:
    rows = may_see(by, Correction.objects.select_for_update(of=("self",)))
    row = rows.select_related("task", "person").filter(pk=correction).first()
    if row is None:
        raise NotFound(NO_CORRECTION)
    if row.data_class not in seen_whole(by) or places_kept(by, [row]):
        raise Refused(NOT_YOURS)
    return row


def _move(row: Correction, move: CorrectionMove, *, why: str = "", by: Viewer) -> None:
    was = CorrectionState(row.state)
    if was not in MOVES[move][0]:
        raise CorrectionMoveNotAllowed(was, who=_who(row), when=moment_words(row.ended_at) if row.ended_at else "")
    row.state = next_state(was, move)
    is_over = row.state != CorrectionState.ASKED
    row.ended_at, row.ended_by = (by.at, by.id) if is_over else (None, None)
    row.save()
    _keep(row, move, was=was, why=why, by=by)


def _who(row: Correction) -> str:
    if row.state == CorrectionState.WITHDRAWN:
        return "Whoever asked for it"
    return names_of([row.ended_by]).get(row.ended_by, SOMEBODY) if row.ended_by else ""


def _keep(row: Correction, what: str, *, was: str, why: str = "", by: Viewer) -> None:
    CorrectionHistory.objects.create(
        correction=row, what=what, was=was, became=row.state, why=why, at=by.at, by=by.id, by_kind=by.kind
    )
    log(what=f"correction.{what}", by=by, person=row.person_id, about=row.pk)


def _say(row: Correction, words: str, *, once: str, by: Viewer) -> None:
    assert row.team_id is not None
    told = inbox.ToTell(
        person=row.person_id,
        team=row.team_id,
        owner=row.task.owner_id if row.task else None,
        kind=AlertKind.ASKED,
        words=words,
        once=once,
        about_id=row.task_id,
        happened_at=by.at,
        sender=row.to_organisation_id,
    )
    inbox.tell_of(told=[told], by=by)


def _answer(words: str) -> str:
    said = _whole(words)
    if not said:
        raise Refused(SAY_ANSWER)
    return said


def _whole(words: str) -> str:
    said = words.strip()
    if len(said) > LONGEST:
        raise Refused(TOO_LONG)
    return said
