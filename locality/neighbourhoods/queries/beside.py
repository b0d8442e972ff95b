"""What teams are doing for a person, beside what is held of them: for the page about the person."""

from dataclasses import dataclass

from locality.access.queries import Grant
from locality.neighbourhoods.queries import caseload, meetings, notes, plans, tasks


@dataclass(frozen=True, slots=True, kw_only=True)
class AtWork:
    """Whose caseload they are on, what is to be done, the plan in three lines, what meetings said, the newest notes."""

    places: list[caseload.OfPerson]
    tasks: list[tasks.Listed]
    plan: plans.OfPerson
    meetings: list[meetings.SaidOf]
    notes: list[notes.Written]


def at_work(*, grant: Grant) -> AtWork:
    """As much of it as this grant opens: five queries, and four more where there is something to tell."""
    return AtWork(
        places=caseload.of_person(grant=grant),
        tasks=tasks.of_person(grant=grant),
        plan=plans.of_person(grant=grant),
        meetings=meetings.of_person(grant=grant),
        notes=notes.latest(grant=grant),
    )
