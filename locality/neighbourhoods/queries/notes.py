"""What was written of a person, as far as a grant shows it: newest first, with trends of what was measured."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import F, QuerySet

from locality.access.queries import Grant, visible
from locality.access.queries.granted import redacts
from locality.access.rules import DataClass
from locality.base import NotFound, ViewerKind
from locality.base.parts import Part, part
from locality.base.periods import day_of
from locality.directory.queries import names_of
from locality.methods.scores.news2 import News2
from locality.neighbourhoods.models import Note, NoteFile
from locality.neighbourhoods.rules.news import age_on
from locality.neighbourhoods.rules.notes import (
    FALL_FIELDS,
    KIND_WORDS,
    MEASURES,
    NEWS2_FROM_AGE,
    WOUND_FIELDS,
    NoteKind,
    early_warning,
    parts_words,
)
from locality.record.queries.shapes import Point, Readings

MOST_SHOWN = 20
MOST_POINTS = 30
NOT_THERE = "There is no such note in this record, or it is not shown to you."
NO_FILE = "There is no such file with this note, or it is not shown to you."
GONE = "Somebody who works here no longer"
Words = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A file with a note, without its bytes."""

    id: UUID
    name: str
    kind: str
    size: int

    @property
    def is_picture(self) -> bool:
        return self.kind.startswith("image/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A note as it reads now. `redacted`: its line alone; `about_another`: it was about somebody else, and says so."""

    thing: UUID
    version: int
    kind: NoteKind
    kind_words: str
    happened_at: datetime
    with_whom: str
    words: str
    readings: Words
    news2: News2 | None
    fall: Words
    wound: Words
    mood: str
    by: UUID
    by_name: str
    corrected_by: str
    by_organisation: str
    written_at: datetime
    why: str
    restricted_why: str
    sensitive: bool
    redacted: bool
    about_another: bool
    files: tuple[Carried, ...] = ()


def seen(grant: Grant) -> QuerySet[Note]:
    """The predicate: the notes of this person, each as it reads now, that this grant may show."""
    return Note.objects.filter(visible(grant), person__in=grant.person_ids, is_current=True)


def of_person(*, grant: Grant, kind: str = "", page: int = 1, most: int = MOST_SHOWN) -> tuple[list[Written], Part]:
    """A page of the notes of one person, newest first, all or of one kind. At most four queries."""
    rows = seen(grant).select_related("sender").order_by("-happened_at", "-id")
    if kind:
        rows = rows.filter(kind=kind)
    found, shown = part(rows, most=most, page=page)
    return _written(found, grant), shown


def latest(*, grant: Grant, most: int = 3) -> list[Written]:
    """The newest notes, for the page about the person, without what was about somebody else. Three queries."""
    rows = seen(grant).filter(about_another=False).select_related("sender").order_by("-happened_at", "-id")
    return _written(list(rows[:most]), grant)


def note(*, grant: Grant, thing: UUID) -> Written:
    """One note as it reads now; raises NotFound where it is hidden or absent."""
    row = seen(grant).select_related("sender").filter(thing=thing).first()
    if row is None:
        raise NotFound(NOT_THERE)
    return _written([row], grant)[0]


def is_seen(*, grant: Grant, thing: UUID) -> bool:
    """Whether there is such a note in this record, and it is shown. One query."""
    return seen(grant).filter(thing=thing).exists()


def row(*, grant: Grant, thing: UUID) -> Note:
    """The row of a note that opens whole, for correcting it; raises NotFound otherwise."""
    found = seen(grant).filter(thing=thing, about_another=False).first()
    if found is None or redacts(grant, found.data_class):
        raise NotFound(NOT_THERE)
    return found


def earlier(*, grant: Grant, thing: UUID) -> list[Written]:
    """What a note said before it was corrected, newest first; nothing of one that was about somebody else.

    What is closed now was closed by whoever corrected it: an earlier version opens only where the present one does.
    """
    now = seen(grant).filter(thing=thing, about_another=False).first()
    if now is None or redacts(grant, now.data_class):
        return []
    rows = Note.objects.filter(visible(grant), thing=thing, person__in=grant.person_ids, is_current=False)
    rows = rows.filter(about_another=False).select_related("sender").order_by("-version")
    return _written(list(rows), grant, carry=False)


def file(*, grant: Grant, thing: UUID, file_id: UUID) -> NoteFile:
    """A file with its bytes, where its note opens whole; raises NotFound otherwise."""
    now = seen(grant).filter(thing=thing, about_another=False).first()
    rows = NoteFile.objects.alias(thing=F("note")).filter(visible(grant), person__in=grant.person_ids)
    row = rows.filter(pk=file_id, note=thing).first()
    if now is None or row is None or row.taken_out_at or redacts(grant, now.data_class):
        raise NotFound(NO_FILE)
    return row


# ---- from rows to what a page shows


def _written(rows: Sequence[Note], grant: Grant, *, carry: bool = True) -> list[Written]:
    first = _first_writers(rows)
    names = names_of({row.written_by for row in rows} | set(first.values()))
    files = _files([row.thing for row in rows], grant) if carry and rows else {}
    return [_one(row, grant, first.get(row.thing, row.written_by), names, files.get(row.thing, ())) for row in rows]


def _first_writers(rows: Sequence[Note]) -> dict[UUID, UUID]:
    """Who wrote what somebody else corrected since."""
    things = [row.thing for row in rows if row.version > 1 and not row.about_another]
    return dict(Note.objects.filter(thing__in=things, version=1).values_list("thing", "written_by")) if things else {}


def _one(row: Note, grant: Grant, writer: UUID, names: dict[UUID, str], files: Iterable[Carried]) -> Written:
    closed = redacts(grant, row.data_class)
    opens = not closed and not row.about_another
    # to whom a mistake of this place's is theirs to read about, its reason may name somebody else
    tells_why = not row.about_another or grant.viewer.kind == ViewerKind.PRACTITIONER
    return Written(
        thing=row.thing,
        version=row.version,
        kind=NoteKind(row.kind),
        kind_words=KIND_WORDS[NoteKind(row.kind)],
        happened_at=row.happened_at,
        with_whom=row.with_whom if opens else "",
        words=row.words if opens else "",
        readings=readings_words(row) if opens else (),
        news2=_early_warning(row, grant) if opens else None,
        fall=parts_words(row.fall, FALL_FIELDS) if opens else (),
        wound=parts_words(row.wound, WOUND_FIELDS) if opens else (),
        mood=row.mood if opens else "",
        by=row.written_by,
        by_name=names.get(writer, GONE),
        corrected_by=names.get(row.written_by, GONE) if row.version > 1 else "",
        by_organisation=row.sender.name,
        written_at=row.written_at,
        why=row.why if tells_why and not closed else "",
        restricted_why=row.restricted_why if opens else "",
        sensitive=row.data_class == DataClass.SENS,
        redacted=closed,
        about_another=row.about_another,
        files=tuple(files) if opens else (),
    )


def _early_warning(row: Note, grant: Grant) -> News2 | None:
    """NEWS2 is for whoever was 16 or older that day: of anybody else, or whose age nobody knows, it says nothing."""
    age = age_on(birth_on=grant.person.birth_on, on=day_of(row.happened_at))
    return early_warning(vars(row)) if age is not None and age >= NEWS2_FROM_AGE else None


def readings_words(row: Note) -> Words:
    """What was measured, in words; the two numbers of a blood pressure as one."""
    told = []
    for one in MEASURES:
        value = getattr(row, one.name)
        if value is None or one.name == "diastolic":
            continue
        if one.name == "systolic":
            told.append(("Blood pressure", f"{value}/{row.diastolic} mmHg"))
        else:
            told.append((one.words, f"{value} {one.unit}"))
    return tuple(told)


def _files(things: Sequence[UUID], grant: Grant) -> dict[UUID, list[Carried]]:
    # who seals a note seals what it carries
    carried = NoteFile.objects.alias(thing=F("note"))
    rows = carried.filter(visible(grant), note__in=things, person__in=grant.person_ids, taken_out_at=None)
    found: dict[UUID, list[Carried]] = {}
    for row in rows.defer("content").order_by("made_at", "id"):
        found.setdefault(row.note, []).append(Carried(id=row.pk, name=row.name, kind=row.kind, size=row.size))
    return found


# ---- trends


def trends(*, grant: Grant) -> list[Readings]:
    """What was measured in the last notes that measured anything, by kind. One query."""
    found: dict[str, list[Point]] = {}
    for row in _measuring(grant):
        for one in MEASURES:
            value = getattr(row, one.name)
            if value is None or one.name == "diastolic":
                continue
            words = f"{value}/{row.diastolic} mmHg" if one.name == "systolic" else f"{value} {one.unit}"
            found.setdefault(one.name, []).append(Point(at=row.happened_at, value=Decimal(value), words=words))
        score = _early_warning(row, grant)
        if score is not None and score.total is not None:
            point = Point(at=row.happened_at, value=Decimal(score.total), words=f"{score.total}")
            found.setdefault("news2", []).append(point)
    told = {one.name: (one.words, one.unit) for one in MEASURES}
    told |= {"systolic": ("Blood pressure", "mmHg"), "news2": ("NEWS2", "points")}
    return [
        Readings(id=f"trend-{name}", label=words, unit=unit, points=tuple(found[name]))
        for name, (words, unit) in told.items()
        if name in found
    ]


def _measuring(grant: Grant) -> list[Note]:
    """The last notes with a reading, oldest first, of those that open whole."""
    rows = seen(grant).filter(about_another=False).exclude(**{f"{one.name}__isnull": True for one in MEASURES})
    rows = rows.exclude(data_class__in=[str(one) for one in grant.opening.redacted])
    return sorted(rows.order_by("-happened_at", "-id")[:MOST_POINTS], key=lambda row: row.happened_at)
