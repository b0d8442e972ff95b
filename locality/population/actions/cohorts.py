"""A cohort as a list: pseudonyms for a list that is worked on, or people for whoever may open their records."""

from datetime import date
from typing import TextIO

import duckdb
from django.db import transaction

from locality.base import NoAccess, Refused, Viewer
from locality.journal.actions import log
from locality.people.models import Person
from locality.population.actions.going_back import go_back
from locality.population.queries.cohorts import people_of_cohort
from locality.population.rules.cohorts import Cohort
from locality.population.rules.kept import may_name_people

MOST = 200
TOO_MANY = f"More than {MOST} people of yours are in it, which is no list to work through: nobody was named."
NOT_YOURS = "The role you signed in with sees how many there are, and nobody by name."


@transaction.atomic
def write_pseudonyms(*, duck: duckdb.DuckDBPyConnection, cohort: Cohort, on: date, lines: TextIO, by: Viewer) -> int:
    """Write a cohort's pseudonyms, one a line, and that it was done; returns how many. Objectors too: it is care."""
    found = people_of_cohort(duck=duck, cohort=cohort, on=on)
    lines.writelines(f"{one}\n" for one in found)
    log(what="cohort.written", by=by, detail={"cohort": cohort.code, "version": cohort.version, "on": str(on)})
    return len(found)


@transaction.atomic
def those_of_mine(
    *, duck: duckdb.DuckDBPyConnection, cohort: Cohort, on: date, key: bytes, why: str, by: Viewer
) -> list[Person]:
    """Go back to the people of a cohort whom this viewer may open today, by name, each with a line in the audit.

    Nothing says how many there are besides. Raises NoAccess for any role but a clinician's and any purpose but
    care, and Refused without a reason or where there are more than a person works through.
    """
    if not may_name_people(by):
        raise NoAccess(NOT_YOURS)
    found = people_of_cohort(duck=duck, cohort=cohort, on=on)
    words = f"{cohort.says} (cohort {cohort.code}, version {cohort.version}): {why.strip()}" if why.strip() else ""
    back = go_back(pseudonyms=found, key=key, why=words, by=by)
    if len(back) > MOST:
        raise Refused(TOO_MANY)
    return list(Person.objects.filter(pk__in=back.values()).order_by("family", "given", "pk"))
