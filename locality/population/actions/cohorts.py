"""A cohort as a list: pseudonyms for a list that is worked on, or people for whoever may open their records."""

from dataclasses import dataclass
from datetime import date
from typing import TextIO
from uuid import UUID

import duckdb
from django.db import transaction

from locality.base import NoAccess, Viewer
from locality.journal.actions import log
from locality.population.actions.going_back import go_back
from locality.population.queries.cohorts import people_of_cohort
from locality.population.rules.cohorts import Cohort
from locality.population.rules.finding import may_review_found

NOT_YOURS = "The role you signed in with sees how many there are, and nobody by name."


@transaction.atomic
def write_pseudonyms(*, duck: duckdb.DuckDBPyConnection, cohort: Cohort, on: date, lines: TextIO, by: Viewer) -> int:
    """Write a cohort's pseudonyms, one a line, and that it was done; returns how many. Objectors too: it is care."""
    found = people_of_cohort(duck=duck, cohort=cohort, on=on)
    lines.writelines(f"{one}\n" for one in found)
    log(what="cohort.written", by=by, detail={"cohort": cohort.code, "version": cohort.version, "on": str(on)})
    return len(found)


@dataclass(frozen=True, slots=True)
class Mine:
    """Those of a cohort whom a viewer may open; nothing says how many there are besides."""

    people: tuple[UUID, ...]


@transaction.atomic
def those_of_mine(
    *, duck: duckdb.DuckDBPyConnection, cohort: Cohort, on: date, key: bytes, why: str, by: Viewer
) -> Mine:
    """Go back to the people of a cohort whom this viewer may open today, each with a line in the audit.

    Raises NoAccess for a role that reviews nobody or a purpose other than care, and Refused without a reason.
    """
    if not may_review_found(by):
        raise NoAccess(NOT_YOURS)
    found = people_of_cohort(duck=duck, cohort=cohort, on=on)
    words = f"{cohort.says} (cohort {cohort.code}, version {cohort.version}): {why.strip()}" if why.strip() else ""
    back = go_back(pseudonyms=found, key=key, why=words, by=by)
    return Mine(tuple(sorted(back.values())))
