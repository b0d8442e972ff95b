"""The books of a move: each row that it changes, ends or begins is written down with what was there before."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

from locality.base import Viewer
from locality.journal.actions import line, log_rows
from locality.journal.models import Event
from locality.neighbourhoods.models import Transfer, TransferLine
from locality.neighbourhoods.queries.transfer_counts import plain

CHANGED, ENDED, BEGUN = "changed", "ended", "begun"
Values = Mapping[str, Any]
# who works where and who may know whom is on the books as it is when it is done by hand
WORDS = {
    ("directory.TeamMembership", BEGUN): "team.join",
    ("directory.TeamMembership", ENDED): "team.leave",
    ("directory.TeamMembership", "undone"): "team.end-changed",
    ("access.Role", BEGUN): "role.added",
    ("access.Role", ENDED): "role.ended",
    ("access.Role", "undone"): "role.end-changed",
    ("access.Relationship", BEGUN): "relationship.made",
    ("access.Relationship", ENDED): "relationship.ended",
    ("access.Relationship", "undone"): "relationship.ended",
}
BATCH, FEW = 500, 10


class Books:
    """Writes rows of one run of a move, and keeps a line of each until `close`."""

    def __init__(self, transfer: Transfer, *, by: Viewer) -> None:
        self.transfer, self.by = transfer, by
        self.lines: list[TransferLine] = []
        self.events: list[Event] = []
        self.there: dict[str, int] = {}
        # reasons to know somebody that stand for others, which cannot open again
        self.instead: dict[str, str] = {}
        last = transfer.lines.filter(run=transfer.run).aggregate(last=models.Max("number"))["last"]
        self._number = last or 0

    def change(self, rows: Sequence[Any], values: Values | Callable[[Any], Values], *, how: str = CHANGED) -> None:
        """Give rows of one table other values, by the names of their columns."""
        names: tuple[str, ...] = ()
        for row in rows:
            told = values(row) if callable(values) else values
            names = tuple(told)
            was = {name: plain(getattr(row, name)) for name in told}
            for name, value in told.items():
                setattr(row, name, value)
            self._line(row, how, was=was, became={name: plain(value) for name, value in told.items()})
        _write(rows, names)

    def end(self, rows: Sequence[Any], on: date) -> None:
        """End dated rows on a day; what would begin later never does."""
        self.change(rows, lambda row: {"ends_on": max(on, row.starts_on)}, how=ENDED)

    def begin(self, rows: Sequence[Any], names: Sequence[str]) -> None:
        """Make new rows; `names` are the columns by which it is told later whether they were changed again."""
        if not rows:
            return
        type(rows[0])._default_manager.bulk_create(rows, batch_size=BATCH)
        for row in rows:
            self._line(row, BEGUN, was={}, became={name: plain(getattr(row, name)) for name in names})

    def _line(self, row: Any, how: str, *, was: Values, became: Values) -> None:
        table = row._meta.label
        self._number += 1
        self.lines.append(
            TransferLine(
                transfer=self.transfer,
                run=self.transfer.run,
                number=self._number,
                table=table,
                row=row.pk,
                how=how,
                was=was,
                became=became,
                at=self.by.at,
            )
        )
        self.say(table, how, row)

    def say(self, table: str, how: str, row: Any) -> None:
        """A line of the audit, where such a change has one of its own."""
        if words := WORDS.get((table, how)):
            person = getattr(row, "person_id", None)
            self.events.append(line(what=words, by=self.by, person=person, about=row.pk, reason="a service moves"))

    def close(self) -> None:
        """Write the lines down."""
        TransferLine.objects.bulk_create(self.lines, batch_size=BATCH)
        log_rows(self.events)


def _write(rows: Sequence[Any], names: Sequence[str]) -> None:
    """Write some columns of rows of one table: one statement for all that become alike, where many do."""
    alike: dict[tuple[Any, ...], list[UUID]] = {}
    for row in rows:
        alike.setdefault(tuple(getattr(row, name) for name in names), []).append(row.pk)
    if not alike:
        return
    manager = type(rows[0])._default_manager
    if len(alike) * FEW > len(rows) + FEW:
        manager.bulk_update(rows, names, batch_size=BATCH)
        return
    for values, ids in alike.items():
        manager.filter(pk__in=ids).update(**dict(zip(names, values, strict=True)))


def put_back(lines: Sequence[TransferLine], *, books: Books) -> None:
    """Put back what the lines changed, the last first; what they began ends on its first day."""
    for group in _runs_of_alike(sorted(lines, key=lambda one: -one.number)):
        model = apps.get_model(group[0].table)
        rows = model._default_manager.select_for_update(of=("self",)).in_bulk([one.row for one in group])
        changed, names = [], tuple(_before(group[0], rows[group[0].row], books=books))
        for one in group:
            row = rows[one.row]
            for name, value in _before(one, row, books=books).items():
                setattr(row, name, _read(model, name, value))
            changed.append(row)
            books.say(one.table, "undone", row)
        _write(changed, names)
    TransferLine.objects.filter(pk__in=[one.pk for one in lines]).update(undone_at=books.by.at)


def _runs_of_alike(lines: Sequence[TransferLine]) -> list[list[TransferLine]]:
    """Lines of one table and of the same columns that follow one another, each row once."""
    found: list[list[TransferLine]] = []
    seen: set[UUID] = set()
    before: tuple[Any, ...] = ()
    for one in lines:
        kind = (one.table, one.how, tuple(one.was))
        if kind != before or one.row in seen:
            found.append([])
            seen, before = set(), kind
        found[-1].append(one)
        seen.add(one.row)
    return found


def _before(one: TransferLine, row: Any, *, books: Books) -> Values:
    by = books.by
    if one.how != BEGUN:
        reason = one.was.get("relationship_id")
        return one.was | {"relationship_id": books.instead[reason]} if reason in books.instead else one.was
    ended: dict[str, Any] = {"ends_on": plain(row.starts_on)}
    if one.table == "access.Relationship":
        ended |= {"ended_at": plain(by.at), "ended_by": plain(by.id), "ended_reason": "The move was undone."}
    return ended


def _read(model: type[models.Model], name: str, value: Any) -> Any:
    """A value as the row holds it, from how a line keeps it."""
    if value is None:
        return None
    column = model._meta.get_field(name)
    if isinstance(column, models.DateTimeField):
        return datetime.fromisoformat(value)
    if isinstance(column, models.DateField):
        return date.fromisoformat(value)
    if isinstance(column, models.ForeignKey | models.UUIDField):
        return UUID(value)
    return value
