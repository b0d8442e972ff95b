"""The lines of the record that reasons are about: where each stands, and how it is marked."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Coalesce

from locality.access.rules import Label, Seal
from locality.base.periods import day_of
from locality.people.models import Link, Person
from locality.population.queries.asked import Why
from locality.population.rules.lists import TYPES, Line, tells
from locality.record.models import Resource


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """One line of somebody's record: what it is known by, and the columns that guard it."""

    line: Line
    thing: UUID
    data_class: str
    sender: UUID
    source: UUID


WANTED = tuple(dict.fromkeys(type_ for types in TYPES.values() for type_ in types))


def lines_of(people: Collection[UUID]) -> dict[UUID, list[Marked]]:
    """The lines of these people that reasons can be about, none that its sender labelled or sealed. Two queries.

    For the work on the record as a whole: who may see which of them is asked when a list is shown.
    """
    same = Person.objects.filter(Q(pk__in=list(people)) | Q(merged_into__in=list(people)))
    links = Link.objects.filter(ended_at=None, person__in=same)
    whose = dict(links.values_list("patient", Coalesce("person__merged_into", "person")))
    rows = (
        Resource.objects.filter(patient__in=list(whose), is_current=True, removed=False, type__in=WANTED)
        .filter(label=Label.NORMAL, seal=Seal.NONE)
        .exclude(state="wrong")
        .order_by("happened_at", "thing")
        .values_list(
            *("patient", "type", "source__code", "code", "happened_at", "thing", "data_class", "sender", "source")
        )
    )
    found: dict[UUID, list[Marked]] = {}
    for patient, type_, named, code, happened_at, thing, data_class, sender, source in rows:
        line = Line(type_, named, code, _days(happened_at))
        marked = Marked(line=line, thing=thing, data_class=data_class, sender=sender, source=source)
        found.setdefault(whose[patient], []).append(marked)
    return found


def said_by(reasons: Sequence[Why], *, lines: Sequence[Marked]) -> Iterator[tuple[Why, Marked | None]]:
    """Each reason with the line that says it, or None where there is none."""
    for reason in reasons:
        day = reason.on_day.isoformat() if reason.on_day else ""
        said = (
            one for one in lines if tells(one.line, kind=reason.kind, code=reason.code, day=day, source=reason.source)
        )
        yield reason, next(said, None)


def _days(at: datetime | None) -> frozenset[str]:
    # a moment is a day in the place, and a day in the copy, which counts in UTC
    return frozenset({at.astimezone(UTC).date().isoformat(), day_of(at).isoformat()}) if at else frozenset()
