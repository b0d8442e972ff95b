"""What somebody asked to be put right: for themselves, beside their record, and for whoever is to answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from locality.access.queries import Grant, visible
from locality.access.queries.granted import redacts
from locality.access.queries.kept import place_kept_from
from locality.access.rules import Context, DataClass, Relation, opening
from locality.base import NotFound, Viewer, ViewerKind
from locality.base.parts import Part, part
from locality.base.periods import day_of
from locality.directory.queries import SOMEBODY, names_of
from locality.neighbourhoods.models import Correction
from locality.neighbourhoods.queries.seen import seen_by
from locality.neighbourhoods.rules.corrections import (
    ABOUT_WORDS,
    ANSWER_WITHIN_DAYS,
    STATE_WORDS,
    WHY_NOT_WORDS,
    CorrectionAbout,
    CorrectionState,
    WhyNot,
)
from locality.people.models import Person

MOST_SHOWN = 50
NO_CORRECTION = "There is no such request here."
HIDDEN = "What it is about, your role does not open: somebody else of your team reads it."
PROTECTED = "Where they live is protected: whoever of you may know it reads this and answers."
KEPT_FOR = "This is kept for {name} alone. Ask {whom}, or {whose} team."
PRONOUNS = {"female": ("her", "her"), "male": ("him", "his")}
PERSON_ASKED, PROXY_ASKED = "the person themselves", "somebody who acts for them"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as it stands. `opens`: whether its words are shown; where not, that it was made is all there is."""

    id: UUID
    person: Person
    about_words: str
    thing: UUID | None
    heading: str
    wrong: str
    should: str
    opens: bool
    state: CorrectionState
    state_words: str
    why_not_words: str
    answer: str
    to_name: str
    asked_at: datetime
    asked_by: UUID
    asked_words: str
    answer_by: date
    is_late: bool
    ended_at: datetime | None
    ended_name: str
    task: UUID | None

    @property
    def waits(self) -> bool:
        """Whether it is still to be answered."""
        return self.state == CorrectionState.ASKED


def received_by(viewer: Viewer) -> Q:
    """What was asked of the viewer's teams, and of their organisation where it was asked of no team of it."""
    return Q(team__in=viewer.teams) | Q(team=None, to_organisation=viewer.organisation)


def may_see(viewer: Viewer, rows: QuerySet[Correction]) -> QuerySet[Correction]:
    """The predicate of the list of whoever answers."""
    return seen_by(viewer, rows, whose=received_by(viewer))


def seen_whole(viewer: Viewer) -> frozenset[DataClass]:
    """The classes of which this role reads the words and not the line alone."""
    return opening(viewer=viewer, context=Context(relation=Relation.OWN_TEAM)).whole


def places_kept(viewer: Viewer, rows: Sequence[Correction]) -> set[UUID]:
    """Which of these requests would tell this viewer a protected address. No query where none is about an address."""
    of = {row.pk: row.person.merged_into_id or row.person_id for row in rows if row.data_class == DataClass.LOC}
    kept = place_kept_from(viewer=viewer, people=list(of.values())) if of else set()
    return {pk for pk, person in of.items() if person in kept}


def received(*, viewer: Viewer, which: str = "open", page: int = 1) -> tuple[list[Asked], Part]:
    """What is to be answered (`open`, the longest waiting first) or was (`all`, the newest first). Three queries."""
    rows = may_see(viewer, Correction.objects.all()).select_related(*BESIDE)
    if which == "open":
        rows = rows.filter(state=CorrectionState.ASKED).order_by("asked_at", "pk")
    else:
        rows = rows.order_by("-asked_at", "-pk")
    found, shown = part(rows, most=MOST_SHOWN, page=page)
    return _of_viewer(viewer, found), shown


def correction(*, viewer: Viewer, correction: UUID) -> Asked:
    """One request that the viewer may see; raises NotFound."""
    row = may_see(viewer, Correction.objects.filter(pk=correction)).select_related(*BESIDE).first()
    if row is None:
        raise NotFound(NO_CORRECTION)
    return _of_viewer(viewer, [row])[0]


def waiting(*, viewer: Viewer) -> int:
    """How many requests wait for an answer of the viewer's teams or practice. One query."""
    return may_see(viewer, Correction.objects.filter(state=CorrectionState.ASKED)).count()


def of_person(*, grant: Grant, thing: UUID | None = None) -> list[Asked]:
    """What was asked of this person's record, or of one line of it, newest first, as this grant shows it. Two queries.

    For the person, for whoever acts for them, and to stand beside the record for staff.
    """
    rows = Correction.objects.filter(visible(grant), person__in=grant.person_ids).select_related(*BESIDE)
    if thing is not None:
        rows = rows.filter(thing=thing)
    found = list(rows.order_by("-asked_at", "-pk"))
    names = names_of(row.ended_by for row in found)
    on = grant.on
    return [
        _asked(row, opens=_opens(grant, row), hidden=hidden_words(row, grant.viewer), names=names, on=on)
        for row in found
    ]


BESIDE = ("person__merged_into", "team", "to_organisation")


def _opens(grant: Grant, row: Correction) -> bool:
    """Their own words are theirs; to others they open as far as what they are about does, and to no proxy."""
    if grant.viewer.kind == ViewerKind.PERSON or row.asked_by == grant.viewer.id:
        return True
    # what she says is wrong may be what whoever acts for her does
    hers = grant.viewer.kind == ViewerKind.PROXY and row.asked_by_kind == ViewerKind.PERSON
    return not hers and not redacts(grant, row.data_class)


def _of_viewer(viewer: Viewer, rows: Sequence[Correction]) -> list[Asked]:
    whole, names = seen_whole(viewer), names_of(row.ended_by for row in rows)
    on, kept = day_of(viewer.at), places_kept(viewer, rows)
    return [
        _asked(
            row,
            opens=row.data_class in whole and row.pk not in kept,
            hidden=PROTECTED if row.pk in kept else HIDDEN,
            names=names,
            on=on,
        )
        for row in rows
    ]


def hidden_words(row: Correction, viewer: Viewer) -> str:
    """What stands in place of its words: whoever acts for somebody is no colleague of whoever reads it."""
    if viewer.kind != ViewerKind.PROXY:
        return HIDDEN
    person = row.person.merged_into or row.person
    whom, whose = PRONOUNS.get(person.sex, ("them", "their"))
    return KEPT_FOR.format(name=person.likes or person.given or "them", whom=whom, whose=whose)


def _asked(row: Correction, *, opens: bool, hidden: str = HIDDEN, names: dict[UUID, str], on: date) -> Asked:
    answer_by = day_of(row.asked_at) + timedelta(days=ANSWER_WITHIN_DAYS)
    waits = row.state == CorrectionState.ASKED
    return Asked(
        id=row.pk,
        person=row.person.merged_into or row.person,
        about_words=ABOUT_WORDS[CorrectionAbout(row.about)],
        thing=row.thing,
        heading=row.heading if opens else hidden,
        wrong=row.wrong if opens else "",
        should=row.should if opens else "",
        opens=opens,
        state=CorrectionState(row.state),
        state_words=STATE_WORDS[CorrectionState(row.state)],
        why_not_words=WHY_NOT_WORDS[WhyNot(row.why_not)] if row.why_not and opens else "",
        answer=row.answer if opens else "",
        to_name=row.team.name if row.team else row.to_organisation.name,
        asked_at=row.asked_at,
        asked_by=row.asked_by,
        asked_words=PERSON_ASKED if row.asked_by_kind == ViewerKind.PERSON else PROXY_ASKED,
        answer_by=answer_by,
        is_late=waits and answer_by < on,
        ended_at=row.ended_at,
        ended_name=names.get(row.ended_by, SOMEBODY) if row.ended_by else "",
        task=row.task_id,
    )
