"""Finding people: everybody whom a search shows is written down as shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from locality.access import queries, rules
from locality.base import NoAccess, NotFound, Viewer
from locality.base.periods import day_of
from locality.base.words import sort_key
from locality.journal.actions import log_each
from locality.methods.nhs_number import NhsNumberState, plain, state
from locality.people import queries as people
from locality.people.models import Person
from locality.people.queries.earlier import who_is_earlier

MOST_FOUND = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """As much of a person as confirms that they are the right one; more where the viewer may open them.

    Of a protected address nothing is told here, nor of the practice, which says about where it is.
    """

    id: UUID
    family: str
    given: str
    likes: str
    sex: str
    birth_on: date | None
    birth_year: str
    nhs_number_end: str
    postcode_area: str
    practice_words: str
    died: bool
    may_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What was searched for and who was found."""

    found: tuple[Found, ...]
    more: bool
    looked_for: str
    hint: str


@transaction.atomic
def find(*, words: str, born: people.Born | None, by: Viewer) -> Search:
    """Find a person by NHS number in any spacing, or by name and, better, birth date.

    Forgiving of spelling. Everyone shown is written down as shown. Raises NoAccess for a role that finds nobody.
    """
    if not rules.may_find(by):
        raise NoAccess("The role you signed in with does not look people up.")
    number, hint, looked_for = plain(words), "", "name"
    if number.isdigit() and len(number) >= 9:
        looked_for = "NHS number"
        rows = list(people.found_by_number(number)[: MOST_FOUND + 1])
        if state(number) != NhsNumberState.VALID:
            hint = "This is not a valid NHS number: a digit may be wrong or missing."
    else:
        key = sort_key(words)
        rows, hint = _by_name(key, born=born)
    shown = rows[:MOST_FOUND]
    openable = queries.openable(viewer=by, person_ids=[row.pk for row in shown], on=day_of(by.at))
    show(people_ids=[row.pk for row in shown], what="person.found", by=by)
    return Search(
        found=tuple(found(row, may_open=row.pk in openable) for row in shown),
        more=len(rows) > MOST_FOUND,
        looked_for=looked_for,
        hint=hint,
    )


@transaction.atomic
def confirm(*, person_id: UUID, by: Viewer) -> Found:
    """As much of one person as tells whether they are the right one; raises NoAccess for a role that finds nobody."""
    if not rules.may_find(by):
        raise NoAccess("The role you signed in with does not look people up.")
    person = people.same_person(person_id)[0]
    if who_is_earlier([person.pk]):
        raise NotFound("There is no such person here.")
    openable = queries.openable(viewer=by, person_ids=[person.pk], on=day_of(by.at))
    show(people_ids=[person.pk], what="person.confirmed", by=by)
    return found(person, may_open=person.pk in openable)


def _by_name(key: str, *, born: people.Born | None) -> tuple[list[Person], str]:
    if len(key) < 2:
        return [], "Type at least two letters of a name."
    rows = list(people.found_by_name(words=key, born=born, most=MOST_FOUND + 1))
    if rows or born is None or born[0] != born[1]:
        return rows, ""
    others = list(people.found_by_birth_date(born=born, most=MOST_FOUND + 1))
    return others, "Nobody of that name was born on that day. These people were." if others else ""


def found(person: Person, *, may_open: bool) -> Found:
    """As much of a person as confirms that they are the right one; more where the viewer may open them."""
    return Found(
        id=person.pk,
        family=person.family,
        given=person.given,
        likes=person.likes,
        sex=person.sex,
        birth_on=person.birth_on if may_open else None,
        birth_year=person.birth_text[:4],
        nhs_number_end=person.nhs_number[-3:],
        postcode_area=person.postcode.split(" ")[0] if may_open and not person.protected else "",
        practice_words=person.practice_words if may_open and not person.protected else "",
        died=person.died,
        may_open=may_open,
    )


def show(*, people_ids: Sequence[UUID], what: str, by: Viewer) -> None:
    """Write down whom a list showed: one insert for all of them."""
    log_each(what=what, by=by, people=people_ids)
