"""What a meeting says and decides of somebody: written, carried out and asked for in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from locality.access.actions import open_record
from locality.access.queries import Grant
from locality.access.queries.whom import whoever
from locality.base import NotFound, Overtaken, Purpose, Refused, Viewer
from locality.base.periods import day_of
from locality.journal.actions import log
from locality.neighbourhoods.actions import caseload, caseload_progress, tasks
from locality.neighbourhoods.actions.agenda import lock
from locality.neighbourhoods.actions.candidates import decline, let_wait
from locality.neighbourhoods.actions.caseload import TakenOn
from locality.neighbourhoods.actions.meetings import NOT_OPEN, know, turn_away
from locality.neighbourhoods.actions.tasks import NewTask
from locality.neighbourhoods.models import Candidate, Caseload, Meeting, MeetingEntry, MeetingItem, Task
from locality.neighbourhoods.queries import meetings
from locality.neighbourhoods.queries.agenda import NOBODY, Line, lines
from locality.neighbourhoods.queries.candidates import candidate_of
from locality.neighbourhoods.rules.candidates import Agreed, CandidateState
from locality.neighbourhoods.rules.caseload import CameFrom, OffReason
from locality.neighbourhoods.rules.meetings import (
    CAN_BE_TAKEN_BACK,
    DECISION_WORDS,
    Decision,
    EntryKind,
    ItemState,
    MeetingState,
    check_decision,
)
from locality.neighbourhoods.rules.tasks import UNDO_MINUTES, About, NotDone, TaskMove, TaskState, is_undo
from locality.people.queries import same_person

SAY_WHAT = "Write what was said."
IN_THE_MEETING = "Decided in the team's meeting"
SAY_WHO_DISAGREES = "Say who disagreed, and why."
NOT_CLOSED = "The meeting is not closed yet: write it where it is decided."
NOT_OF_THE_TEAM = "Whoever coordinates, or is asked to do something, is one of the team on the day of the meeting."
NOT_TAKEN_BACK = f"Only whoever wrote a decision takes it back, for {UNDO_MINUTES} minutes. Add to the minutes instead."
STANDS = "\u201c{decision}\u201d is not taken back by a press: change it on the caseload, and add to the minutes."
DECIDED = ("state", "decision", "decision_words", "off_reason", "review_on", "coordinator", "decided_at", "decided_by")
DECIDED_FIRST = "{who} wrote the decision down at {at:%H:%M}. It stands as they wrote it; you can add to it."
WROTE_FIRST = (
    "{who} wrote something at {at:%H:%M}, after you opened this page. Read it, then save again: nothing is overwritten."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreed:
    """Who disagreed with a decision, and why: one of the team, or a guest, by name."""

    who: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDo:
    """What the meeting asks for: of whom (of the team where nobody is named), by when."""

    title: str
    due_on: date
    owner: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What a meeting decides of somebody; `version` is of the item as the scribe saw it."""

    decision: Decision
    version: int
    words: str = ""
    review_on: date | None = None
    coordinator: UUID | None = None
    off_reason: OffReason | None = None
    agreed: Agreed | None = None
    said: str = ""
    dissent: Sequence[Disagreed] = ()
    asked: Sequence[ToDo] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What the screen of a meeting shows one viewer: where it is, and one person, whose record opens by the grant."""

    meeting: Meeting
    lines: list[Line]
    line: Line | None
    grant: Grant | None


@transaction.atomic
def open_screen(*, meeting_id: UUID, item_id: UUID | None = None, by: Viewer) -> Screen:
    """Open the record of whoever is talked about (or `item_id`), for the purpose of the meeting.

    Nobody is shown who is not the viewer's to know, and nobody unasked once it is over. Raises NotFound, NoAccess.
    """
    meeting = meetings.meeting(viewer=by, meeting_id=meeting_id)
    told = lines(viewer=by, meeting=meeting) if item_id or meeting.state == MeetingState.LIVE else []
    found = next((one for one in told if one.id == (item_id or meeting.on_screen_id)), None)
    if item_id is not None and found is None:
        raise NotFound(NOBODY)
    if found is None:
        return Screen(meeting=meeting, lines=told, line=None, grant=None)
    for_this = replace(by, purpose=Purpose.MEETING)
    grant = open_record(person_id=found.person.pk, by=for_this, what="meeting.person-opened", about=found.id)
    return Screen(meeting=meeting, lines=told, line=found, grant=grant)


@transaction.atomic
def turn_to(*, item_id: UUID, leaving: UUID | None = None, said: str = "", by: Viewer) -> Meeting:
    """Put somebody on the screen of their open meeting; the time until now counts for who was there before.

    What was typed of whoever is left (`leaving`) and not saved yet is written down first.
    """
    if leaving is not None and said.strip():
        say(item_id=leaving, words=said, by=by)
    row, meeting = _locked(item_id, by=by)
    turn_away(meeting, by=by)
    meeting.on_screen, meeting.turned_at = row, by.at
    meeting.save(update_fields=["on_screen", "turned_at"])
    if row.relationship_id is None:
        know(meeting, [row], by=by)  # brought while it was open
    log(what="meeting.turned", by=by, person=row.person_id, about=row.pk)
    return meeting


@transaction.atomic
def say(*, item_id: UUID, words: str, by: Viewer) -> MeetingEntry:
    """Write down what is said of somebody, beside what others wrote. Raises NotFound, Refused once it is closed."""
    row, _ = _locked(item_id, by=by)
    if not words.strip():
        raise Refused(SAY_WHAT)
    made = _entry(row, EntryKind.SAID, words, by=by)
    _changed(row, by=by)
    log(what="meeting.said", by=by, person=row.person_id, about=row.pk)
    return made


@transaction.atomic
def decide(*, item_id: UUID, decided: Decided, by: Viewer) -> MeetingItem:
    """Decide of somebody: carried out on the caseload, and everything asked for asked, or nothing of it at all.

    Raises NotFound, Overtaken where somebody wrote since the scribe's page was made, and Refused where it is not whole.
    """
    row, meeting = _locked(item_id, by=by)
    if row.state == ItemState.DISCUSSED or row.version != decided.version:
        raise _overtaken(row)
    if row.state != ItemState.WAITING:
        raise Refused(f"They are {row.state} on this agenda: put them back first.")
    person = row.person.merged_into_id or row.person_id
    looked_after = _looked_after(row)
    check_decision(
        decided.decision,
        on_caseload=looked_after is not None,
        words=decided.words,
        review_on=decided.review_on,
        off_reason=decided.off_reason or "",
        on=day_of(by.at),
    )
    _are_of_the_team(meeting, [decided.coordinator, *(one.owner for one in decided.asked)])
    row.caseload = _carry_out(row, looked_after, decided, person=person, by=by)
    _ask(row, decided.asked, person=person, by=by)
    _write(row, decided, by=by)
    log(what="meeting.decided", by=by, person=row.person_id, about=row.pk)
    return row


@transaction.atomic
def add_to_decided(
    *, item_id: UUID, said: str, dissent: Sequence[Disagreed], asked: Sequence[ToDo], by: Viewer
) -> None:
    """Add to what is decided already, while the meeting is open: more said, dissent, something more asked for."""
    row, meeting = _locked(item_id, by=by)
    if row.state != ItemState.DISCUSSED:
        raise Refused("Nothing is decided of them yet.")
    if not said.strip() and not dissent and not asked:
        raise Refused(SAY_WHAT)
    _are_of_the_team(meeting, [one.owner for one in asked])
    _ask(row, asked, person=row.person.merged_into_id or row.person_id, by=by)
    _entries(row, said, dissent, by=by)
    _changed(row, by=by)
    log(what="meeting.said", by=by, person=row.person_id, about=row.pk)


@transaction.atomic
def take_back(*, item_id: UUID, by: Viewer) -> MeetingItem:
    """Take back what was just decided, by whoever wrote it, while the meeting is open: what it did is undone.

    That it was decided stays in the minutes. Raises NotFound, Refused where it is too late, another's, or not undone.
    """
    row, _ = _locked(item_id, by=by)
    if row.state != ItemState.DISCUSSED or row.decided_at is None:
        raise Refused("Nothing is decided of them yet.")
    if not is_undo(ended_at=row.decided_at, ended_by=row.decided_by, at=by.at, by=by.id):
        raise Refused(NOT_TAKEN_BACK)
    decision = Decision(row.decision)
    if decision not in CAN_BE_TAKEN_BACK:
        raise Refused(STANDS.format(decision=DECISION_WORDS[decision]))
    _undo(row, decision, decided_at=row.decided_at, by=by)
    told = f"{DECISION_WORDS[decision]}: {row.decision_words}" if row.decision_words else DECISION_WORDS[decision]
    _entry(row, EntryKind.SAID, f"Taken back, and decided anew: \u201c{told}\u201d", by=by)
    row.state, row.decision, row.decision_words, row.off_reason = ItemState.WAITING, "", "", ""
    row.review_on, row.coordinator_id, row.decided_at, row.decided_by = None, None, None, None
    _changed(row, *DECIDED, by=by)
    log(what="meeting.decision-taken-back", by=by, person=row.person_id, about=row.pk)
    return row


@transaction.atomic
def add_after(*, item_id: UUID, words: str, by: Viewer) -> MeetingEntry:
    """Correct the minutes of a closed meeting: a dated addition beside what stands there, which stays as it is."""
    row, meeting = _found(item_id, by=by)
    if meeting.state != MeetingState.CLOSED:
        raise Refused(NOT_CLOSED)
    if not words.strip():
        raise Refused(SAY_WHAT)
    made = _entry(row, EntryKind.ADDITION, words, by=by)
    log(what="meeting.added-to", by=by, person=row.person_id, about=row.pk)
    return made


# ---- parts


def _found(item_id: UUID, *, by: Viewer) -> tuple[MeetingItem, Meeting]:
    """The meeting is locked before the item, so that two who write never wait for each other crosswise."""
    of = meetings.seen_items(by).filter(pk=item_id).values_list("meeting", flat=True).first()
    if of is None:
        raise NotFound(NOBODY)
    meeting = lock(of, by=by)
    rows = MeetingItem.objects.select_for_update(of=("self",)).select_related("person")
    return rows.get(pk=item_id), meeting


def _locked(item_id: UUID, *, by: Viewer) -> tuple[MeetingItem, Meeting]:
    row, meeting = _found(item_id, by=by)
    if meeting.state != MeetingState.LIVE:
        raise Refused(NOT_OPEN.format(state=meeting.state))
    return row, meeting


def _overtaken(row: MeetingItem) -> Overtaken:
    words = DECIDED_FIRST if row.state == ItemState.DISCUSSED else WROTE_FIRST
    return Overtaken(words, who=whoever([row.changed_by]).get(row.changed_by, ""), at=row.changed_at)


def _looked_after(row: MeetingItem) -> Caseload | None:
    """Whether the team looks after them now, however they came to the agenda."""
    kept = row.person.merged_into_id or row.person_id
    same = Caseload.objects.filter(team=row.team_id, off_at=None)
    return (same.filter(person=kept) | same.filter(person__merged_into=kept)).first()


def _are_of_the_team(meeting: Meeting, named: Sequence[UUID | None]) -> None:
    known = meetings.members(team=meeting.team, on=meeting.on)
    if not {one for one in named if one is not None} <= known.keys():
        raise Refused(NOT_OF_THE_TEAM)


def _carry_out(
    row: MeetingItem, looked_after: Caseload | None, decided: Decided, *, person: UUID, by: Viewer
) -> Caseload | None:
    if decided.decision == Decision.TAKE_ON:
        return _take_on(row, decided, person=person, by=by)
    if decided.decision == Decision.NOT_TAKE_ON:
        waiting = candidate_of(person=person, team=row.team_id)
        if waiting is not None:
            decline(candidate=waiting.pk, why=decided.words, by=by)
    if decided.decision == Decision.COME_OFF and looked_after is not None and decided.off_reason is not None:
        return caseload.come_off(caseload=looked_after.pk, reason=decided.off_reason, words=decided.words, by=by)
    if decided.decision == Decision.KEEP and looked_after is not None:
        _look_again(looked_after, decided, by=by)
    return looked_after or row.caseload


def _take_on(row: MeetingItem, decided: Decided, *, person: UUID, by: Viewer) -> Caseload:
    assert decided.review_on is not None
    put: Candidate | None = row.candidate
    new = TakenOn(
        person=person,
        team=row.team_id,
        why=decided.words,
        agreed=decided.agreed or (Agreed(put.agreed) if put else Agreed.NOT_ASKED),
        review_on=decided.review_on,
        sender=row.sender_id,
        came_from=CameFrom(put.came_from) if put else CameFrom.NOMINATION,
        coordinator=decided.coordinator,
    )
    return caseload.take_on(new=new, by=by)


def _look_again(row: Caseload, decided: Decided, *, by: Viewer) -> None:
    """Whoever is kept was reviewed, and is looked at again on the day that was said, by whoever coordinates now."""
    if decided.review_on is not None:
        caseload_progress.review(
            caseload=row.pk, next_on=decided.review_on, words=decided.words.strip() or IN_THE_MEETING, by=by
        )
    if decided.coordinator is not None:
        caseload.allocate(row=row, coordinator=decided.coordinator, why=IN_THE_MEETING, by=by)


def _ask(row: MeetingItem, asked: Sequence[ToDo], *, person: UUID, by: Viewer) -> None:
    for one in asked:
        new = NewTask(
            title=one.title,
            team=row.team_id,
            owner=one.owner,
            person=person,
            due_on=one.due_on,
            about=About.MEETING,
            about_id=row.pk,
            sender=row.sender_id,
        )
        tasks.ask(new=new, by=by)


def _write(row: MeetingItem, decided: Decided, *, by: Viewer) -> None:
    row.state, row.decision, row.decision_words = ItemState.DISCUSSED, decided.decision, decided.words.strip()
    row.off_reason = decided.off_reason or "" if decided.decision == Decision.COME_OFF else ""
    row.review_on, row.coordinator_id = decided.review_on, decided.coordinator
    row.decided_at, row.decided_by = by.at, by.id
    _entries(row, decided.said, decided.dissent, by=by)
    _changed(row, *DECIDED, "caseload", by=by)


def _undo(row: MeetingItem, decision: Decision, *, decided_at: datetime, by: Viewer) -> None:
    """Undo what a decision did, by the acts that are there for it, and the tasks that it asked for and nobody began."""
    if decision == Decision.COME_OFF and row.caseload_id is not None:
        caseload.come_back(caseload=row.caseload_id, by=by)
    if decision == Decision.NOT_TAKE_ON:
        person = same_person(row.person_id)
        answered = Candidate.objects.filter(person__in=[one.pk for one in person], team=row.team_id)
        for one in answered.filter(state=CandidateState.NOT_TAKEN_ON, answered_at=decided_at):
            let_wait(candidate=one.pk, by=by)
    asked = Task.objects.filter(about=About.MEETING, about_id=row.pk, made_at=decided_at, state=TaskState.REQUESTED)
    for pk in list(asked.values_list("pk", flat=True)):
        tasks.move(task=pk, move=TaskMove.LEAVE, came=tasks.Came(because=NotDone.MISTAKE), by=by)


def _entries(row: MeetingItem, said: str, dissent: Sequence[Disagreed], *, by: Viewer) -> None:
    if said.strip():
        _entry(row, EntryKind.SAID, said, by=by)
    for one in dissent:
        if not one.who.strip() or not one.words.strip():
            raise Refused(SAY_WHO_DISAGREES)
        _entry(row, EntryKind.DISSENT, one.words, whose=one.who, by=by)


def _entry(row: MeetingItem, kind: EntryKind, words: str, *, whose: str = "", by: Viewer) -> MeetingEntry:
    return MeetingEntry.objects.create(
        item=row, kind=kind, whose=whose.strip(), words=words.strip(), at=by.at, by=by.id
    )


def _changed(row: MeetingItem, *fields: str, by: Viewer) -> None:
    row.version, row.changed_at, row.changed_by = row.version + 1, by.at, by.id
    row.save(update_fields=[*fields, "version", "changed_at", "changed_by"])
