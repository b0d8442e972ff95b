"""What teams are doing for a person, beside what is held of them: for the page about the person."""

from dataclasses import dataclass

from locality.access.queries import Grant
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


def at_work(*, grant: Grant) -> AtWork:
    """As much of it as this grant opens: nine queries, and up to seven more where there is something to tell."""
    return AtWork(
        places=caseload.of_person(grant=grant),
        tasks=tasks.of_person(grant=grant),
        plan=plans.of_person(grant=grant),
        meetings=meetings.of_person(grant=grant),
        notes=notes.latest(grant=grant),
        referrals=referrals.of_person(grant=grant),
        supports=support.of_person(grant=grant),
        classes=courses.of_person(grant=grant),
        corrections=corrections.of_person(grant=grant),
    )
