"""Writing a note, correcting it, and saying that it was about somebody else. Nothing is ever written over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import transaction

from locality.access import wall
from locality.access.queries import Grant
from locality.access.queries.granted import redacts
from locality.access.rules import DataClass, Label
from locality.base import NotFound, Overtaken, Refused, Viewer
from locality.base.ids import named_id, new_id
from locality.directory.queries import name_of
from locality.journal.actions import log
from locality.neighbourhoods.actions import inbox, tasks, tasks_by_mistake
from locality.neighbourhoods.actions.caseload_progress import note_contact
from locality.neighbourhoods.actions.locks import locked
from locality.neighbourhoods.actions.note_drafts import drop_draft
from locality.neighbourhoods.actions.relationships import check_may_write
from locality.neighbourhoods.models import Note, NoteFile
from locality.neighbourhoods.queries.knowers import knowers, own_teams
from locality.neighbourhoods.queries.notes import NOT_THERE, seen
from locality.neighbourhoods.rules import attachments
from locality.neighbourhoods.rules.inbox import AlertKind
from locality.neighbourhoods.rules.notes import (
    FALL_FIELDS,
    WOUND_FIELDS,
    Mood,
    NoteKind,
    check_parts,
    check_readings,
    class_of,
)
from locality.neighbourhoods.rules.tasks import About
from locality.people.models import Person

SAY_WHAT = "Write what you did, saw or were told."
SAY_WHY = "Say why, so that the next reader can judge."
TOO_LONG = "That is longer than 20,000 letters: write it in two notes."
NOT_YET = "That has not happened yet. What is to come is a task."
NOT_KNOWN_TO = (
    "Somebody you chose may not open this record, so nothing was told and nothing kept. Refer the person to them first."
)
NOT_YOUR_TEAM = "A task from a note is for a team of yours that knows the person."
WAS_FIRST = "{who} corrected this note at {at:%H:%M}, while you wrote. Read what it says now, then write yours."
SAME_PERSON = "That is the same person."
ON_ANOTHER = "It stands on the record of whom it is about now. Whoever looks after them can give it back."
WAS_ABOUT_ANOTHER = "The note that asked for this was about somebody else."
TOO_MANY = f"A note carries {attachments.MOST_FILES} files at the most."
LONGEST = 20_000
CONTENTS = (
    *("kind", "happened_at", "with_whom", "words", "weight", "systolic", "diastolic", "pulse", "resp_rate", "spo2"),
    *("on_oxygen", "oxygen_scale_2", "consciousness", "temperature", "glucose", "pain", "fall", "wound", "mood"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a note says. Readings by their column (rules.notes.MEASURES), in their units; `fall` and `wound` by field.

    `restricted_why` closes it to all who do not break the glass, whoever wrote it among them; the person reads it.
    """

    kind: NoteKind
    happened_at: datetime
    words: str
    with_whom: str = ""
    readings: Mapping[str, Decimal] = field(default_factory=dict)
    on_oxygen: bool | None = None
    oxygen_scale_2: bool = False
    consciousness: str = ""
    fall: Mapping[str, str] = field(default_factory=dict)
    wound: Mapping[str, str] = field(default_factory=dict)
    mood: Mood | str = ""
    sensitive: bool = False
    restricted_why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """A file as it was brought: its name and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """One line that somebody is to do: by a team of the writer's, by when."""

    title: str
    team: UUID
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Also:
    """What a note brings with it: files, those who should know of it, and what is to be done."""

    files: Sequence[Brought] = ()
    tell: Sequence[UUID] = ()
    follow_up: FollowUp | None = None


NOTHING_ELSE = Also()


@transaction.atomic
def write(*, form: UUID, said: Said, also: Also = NOTHING_ELSE, grant: Grant, by: Viewer) -> Note:
    """Write a note about the person of this grant; sent twice from one filling of the form (`form`), it is one.

    Raises Refused where nothing is said, a reading cannot be, a file is not what may be kept, or somebody who should
    know may not open the record; then nothing is kept at all.
    """
    check_may_write(grant, by)
    thing = named_id("note", str(by.id), str(grant.person.pk), str(form))
    # the same form sent twice at once: the second waits, and finds what the first wrote
    Person.objects.select_for_update(no_key=True).get(pk=grant.person.pk)
    told = _columns(said, grant=grant, by=by)
    first = Note.objects.filter(thing=thing, version=1).first()
    if first is not None:
        if all(getattr(first, name) == told.get(name) for name in CONTENTS if name != "happened_at"):
            drop_draft(person_id=grant.person.pk, by=by)
            return Note.objects.get(thing=thing, is_current=True)
        # the mark of a form came back with its draft, and other words: another note
        thing = new_id()
    row = Note(thing=thing, **told)
    row.save(force_insert=True)
    _attach(row, also.files, by=by)
    _tell(row, also.tell, grant=grant, by=by)
    _follow(row, also.follow_up, grant=grant, by=by)
    if row.kind != NoteKind.ABOUT:
        note_contact(person=grant.person.pk, teams=by.teams, at=row.happened_at)
    drop_draft(person_id=grant.person.pk, by=by)
    log(what="note.written", by=by, person=grant.person.pk, about=row.thing)
    return row


@transaction.atomic
def correct(
    *,
    thing: UUID,
    version: int,
    said: Said,
    why: str,
    grant: Grant,
    by: Viewer,
    files: Sequence[Brought] = (),
    takes_out: Sequence[UUID] = (),
) -> Note:
    """Write what a note should have said, and why; what it said before stays readable.

    `version` is the one that was read: raises Overtaken where somebody has corrected it since, NotFound where it does
    not open, Refused without a reason. `takes_out` are files that do not belong to it.
    """
    check_may_write(grant, by)
    now = _locked(thing, version, grant=grant)
    if not why.strip():
        raise Refused(SAY_WHY)
    told = _columns(said, grant=grant, by=by)
    if not said.sensitive:
        # what somebody of another role wrote keeps its class, and nobody opens wider what was closed
        told["data_class"] = now.data_class
    if not said.restricted_why.strip():
        told |= {"label": now.label, "restricted_why": now.restricted_why}
    # whoever corrects it did not make the visit: it stays a note of whose it was
    told |= {"person_id": now.person_id, "team_id": now.team_id, "sender_id": now.sender_id, "why": why.strip()}
    row = _next(now, told)
    NoteFile.objects.filter(pk__in=list(takes_out), note=thing, taken_out_at=None).update(
        taken_out_at=by.at, taken_out_by=by.id
    )
    _attach(row, files, by=by)
    log(what="note.corrected", by=by, person=grant.person.pk, about=thing)
    return row


@transaction.atomic
def say_about_another(*, thing: UUID, version: int, why: str, grant: Grant, by: Viewer) -> Note:
    """Say that a note is about somebody else: on this record it then says only that, with who said so and why.

    Raises as `correct` does.
    """
    check_may_write(grant, by)
    now = _locked(thing, version, grant=grant)
    if not why.strip():
        raise Refused(SAY_WHY)
    row = _next(now, _empty(now, why=why.strip(), by=by))
    _leave_what_came_of(now, by=by)
    log(what="note.about-another", by=by, person=grant.person.pk, about=thing)
    return row


@transaction.atomic
def theirs_after_all(*, thing: UUID, version: int, grant: Grant, by: Viewer) -> Note:
    """Take back that a note was about somebody else: it says again what it said.

    Raises as `correct` does, and Refused where it was given to whom it is about: they alone give it back.
    """
    check_may_write(grant, by)
    now = _locked(thing, version, grant=grant, about_another=True)
    said = Note.objects.filter(thing=thing, about_another=False).order_by("-version").first()
    if said is None:
        raise NotFound(NOT_THERE)
    with wall.down():
        moved = named_id("moved", str(said.pk))
        if Note.objects.filter(thing=moved, is_current=True, about_another=False).exists():
            raise Refused(ON_ANOTHER)
    told = {name: getattr(said, name) for name in (*CONTENTS, "data_class", "label", "restricted_why")}
    told |= {"person_id": said.person_id, "team_id": said.team_id, "sender_id": said.sender_id}
    row = _next(now, told | {"why": "It is about this person after all.", **_who(by)})
    log(what="note.theirs-after-all", by=by, person=grant.person.pk, about=thing)
    return row


@wall.down()
def move(*, thing: UUID, version: int, why: str, grant: Grant, to: Grant, by: Viewer) -> Note:
    """Give a note to the person whom it is about: written there anew, with its files, and struck here.

    Needs leave to write in both records. Raises as `correct` does, and Refused where both are one person.
    """
    for one in (grant, to):
        check_may_write(one, by)
    if to.person.pk == grant.person.pk:
        raise Refused(SAME_PERSON)
    now = _locked(thing, version, grant=grant)
    if not why.strip():
        raise Refused(SAY_WHY)
    told = {name: getattr(now, name) for name in (*CONTENTS, "data_class", "label", "restricted_why")}
    told |= {"sender_id": now.sender_id, "team_id": None, "written_at": now.written_at, "written_by": now.written_by}
    row = Note(thing=named_id("moved", str(now.pk)), person_id=to.person.pk, **told)
    row.save(force_insert=True)
    kept = NoteFile.objects.filter(note=thing, taken_out_at=None)
    NoteFile.objects.bulk_create([_copied(one, row) for one in kept])
    _next(now, _empty(now, why=why.strip(), by=by))
    _leave_what_came_of(now, by=by)
    if row.kind != NoteKind.ABOUT:
        note_contact(person=to.person.pk, teams=by.teams, at=row.happened_at)
    log(what="note.about-another", by=by, person=grant.person.pk, about=thing)
    log(what="note.moved", by=by, person=to.person.pk, about=row.thing)
    return row


def _locked(thing: UUID, version: int, *, grant: Grant, about_another: bool = False) -> Note:
    """The note as it reads now, held until the end; Overtaken where it is not the version that was read."""
    row = locked(seen(grant).filter(thing=thing), none=NOT_THERE)
    if redacts(grant, row.data_class):
        # whoever reads its line alone cannot say what it should have said, nor whose it is
        raise NotFound(NOT_THERE)
    if row.version != version or row.about_another != about_another:
        raise Overtaken(WAS_FIRST, who=name_of(row.written_by), at=row.written_at)
    return row


def _next(now: Note, told: dict[str, Any]) -> Note:
    """The version after this one, which is current from now on."""
    Note.objects.filter(pk=now.pk).update(is_current=False)
    row = Note(thing=now.thing, version=now.version + 1, **told)
    row.save(force_insert=True)
    return row


def _columns(said: Said, *, grant: Grant, by: Viewer) -> dict[str, Any]:
    """A note's columns, from what is said; raises Refused where it cannot be kept so."""
    words = said.words.strip()
    if not words:
        raise Refused(SAY_WHAT)
    if len(words) > LONGEST:
        raise Refused(TOO_LONG)
    if said.happened_at > by.at + timedelta(minutes=5):
        raise Refused(NOT_YET)
    check_readings(said.readings)
    check_parts(said.fall, FALL_FIELDS)
    check_parts(said.wound, WOUND_FIELDS)
    teams = own_teams(grant=grant)
    return {
        "person_id": grant.person.pk,
        "team_id": teams[0][0] if teams else None,
        "kind": said.kind,
        "happened_at": said.happened_at,
        "with_whom": said.with_whom.strip(),
        "words": words,
        "on_oxygen": said.on_oxygen,
        "oxygen_scale_2": said.oxygen_scale_2,
        "consciousness": said.consciousness,
        "fall": dict(said.fall) or None,
        "wound": dict(said.wound) or None,
        "mood": said.mood,
        "data_class": class_of(role=by.role, sensitive=said.sensitive),
        "label": Label.RESTRICTED if said.restricted_why.strip() else Label.NORMAL,
        "restricted_why": said.restricted_why.strip(),
        "sender_id": by.organisation,
        **said.readings,
        **_who(by),
    }


def _who(by: Viewer) -> dict[str, Any]:
    return {"written_at": by.at, "written_by": by.id}


def _empty(now: Note, *, why: str, by: Viewer) -> dict[str, Any]:
    """A version that says only that the note was about somebody else."""
    told = {name: getattr(now, name) for name in ("kind", "happened_at", "data_class", "label", "restricted_why")}
    told |= {"person_id": now.person_id, "team_id": now.team_id, "sender_id": now.sender_id}
    return told | {"about_another": True, "why": why, **_who(by)}


# ---- what comes with it


def _leave_what_came_of(now: Note, *, by: Viewer) -> None:
    """What a note asked for about the wrong person is not to be done, and nobody is to be told of it any more."""
    tasks_by_mistake.leave_all(about_id=now.thing, outcome=WAS_ABOUT_ANOTHER, by=by)
    inbox.finish_all(about_id=now.thing, words=WAS_ABOUT_ANOTHER, by=by)


def _attach(row: Note, files: Sequence[Brought], *, by: Viewer) -> None:
    if not files:
        return
    if NoteFile.objects.filter(note=row.thing, taken_out_at=None).count() + len(files) > attachments.MOST_FILES:
        raise Refused(TOO_MANY)
    for one in files:
        kind, content = attachments.kept(one.content)
        NoteFile.objects.get_or_create(
            note=row.thing,
            digest=sha256(content).digest(),
            taken_out_at=None,
            defaults={
                "person_id": row.person_id,
                "name": one.name.strip()[:200] or f"File{attachments.ENDINGS[kind]}",
                "kind": kind,
                "size": len(content),
                "content": content,
                "data_class": row.data_class,
                "label": row.label,
                "sender_id": row.sender_id,
                "made_at": by.at,
                "made_by": by.id,
            },
        )


def _copied(one: NoteFile, row: Note) -> NoteFile:
    told = {name: getattr(one, name) for name in ("name", "kind", "size", "digest", "content", "made_at", "made_by")}
    told |= {"data_class": row.data_class, "label": row.label, "sender_id": row.sender_id}
    return NoteFile(note=row.thing, person_id=row.person_id, **told)


def _tell(row: Note, chosen: Sequence[UUID], *, grant: Grant, by: Viewer) -> None:
    """Put it into the inbox of each who should know; what the note says is not told there."""
    if not chosen:
        return
    known = {one.id: one for one in knowers(grant=grant, of=DataClass(row.data_class))}
    # nobody is told of what they could not open
    if row.label != Label.NORMAL or set(chosen) - known.keys():
        raise Refused(NOT_KNOWN_TO)
    told = [
        inbox.ToTell(
            person=row.person_id,
            team=known[one].team,
            owner=one,
            kind=AlertKind.MENTIONED,
            words=f"{by.name} thought that you should know of a note.",
            once=f"note {row.thing} {one}",
            about_id=row.thing,
            happened_at=by.at,
            sender=row.sender_id,
            data_class=DataClass.WORK,
        )
        for one in dict.fromkeys(chosen)
    ]
    inbox.tell_of(told=told, by=by)


def _follow(row: Note, asked: FollowUp | None, *, grant: Grant, by: Viewer) -> None:
    if asked is None:
        return
    if asked.team not in dict(own_teams(grant=grant)):
        raise Refused(NOT_YOUR_TEAM)
    new = tasks.NewTask(
        title=asked.title,
        team=asked.team,
        due_on=asked.due_on,
        sender=row.sender_id,
        person=row.person_id,
        about=About.NOTE,
        about_id=row.thing,
    )
    tasks.ask(new=new, by=by)
