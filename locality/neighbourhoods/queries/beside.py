"""What teams are doing for a person, beside what is held of them: for the page about the person."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Model

from locality.access.queries import Grant
from locality.neighbourhoods.models import (
    Caseload,
    Correction,
    CoursePlace,
    MeetingItem,
    Note,
    PlanPart,
    Referral,
    Support,
    Task,
)
from locality.neighbourhoods.queries import (
    caseload,
    corrections,
    courses,
    meetings,
    notes,
    plans,
    referrals,
    support,
    tasks,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AtWork:
    """Whose caseload they are on, what is to be done, the plan in three lines, what meetings said, the newest notes.

    Besides what is asked of others, who supports them, to which classes they come, and what they say is wrong.
    """

    places: list[caseload.OfPerson]
    tasks: list[tasks.Listed]
    plan: plans.OfPerson
    meetings: list[meetings.SaidOf]
    notes: list[notes.Written]
    referrals: list[referrals.Listed]
    supports: list[support.OfPerson]
    classes: list[courses.OfPerson]
    corrections: list[corrections.Asked]


# of most people most of it is empty, and to ask whether anything is there costs less than to ask what
PARTS: tuple[type[Model], ...] = (
    *(Caseload, Task, PlanPart, MeetingItem, Note),
    *(Referral, Support, CoursePlace, Correction),
)
ANYTHING = ", ".join(f"exists (select from {part._meta.db_table} where person_id = any(%(people)s))" for part in PARTS)


def at_work(*, grant: Grant) -> AtWork:
    """As much of it as this grant opens: one query, at most nine for what is there, and up to seven to tell of it."""
    there = _there(grant)
    return AtWork(
        places=caseload.of_person(grant=grant) if Caseload in there else [],
        tasks=tasks.of_person(grant=grant) if Task in there else [],
        plan=plans.of_person(grant=grant) if PlanPart in there else plans.NO_PLAN,
        meetings=meetings.of_person(grant=grant) if MeetingItem in there else [],
        notes=notes.latest(grant=grant) if Note in there else [],
        referrals=referrals.of_person(grant=grant) if Referral in there else [],
        supports=support.of_person(grant=grant) if Support in there else [],
        classes=courses.of_person(grant=grant) if CoursePlace in there else [],
        corrections=corrections.of_person(grant=grant) if Correction in there else [],
    )


def _there(grant: Grant) -> set[type[Model]]:
    """Which parts hold anything of this person, shown to the viewer or not: nothing of it is told, only asked for."""
    with connection.cursor() as cursor:
        cursor.execute(f"select {ANYTHING}", {"people": list(grant.person_ids)})
        row = cursor.fetchone()
    return {part for part, is_there in zip(PARTS, row, strict=True) if is_there}
