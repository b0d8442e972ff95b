"""Going back from a pseudonym to the person: for their care alone, and never without a line in the audit."""

from collections.abc import Collection
from uuid import UUID

from locality.access.queries import openable
from locality.base import NoAccess, Purpose, Refused, Viewer, ViewerKind
from locality.base.periods import day_of
from locality.journal.actions import log_each
from locality.people.models import Person
from locality.population.rules.pseudonyms import pseudonym

NOT_FOR_CARE = "Who somebody in the copy is, is told for their care alone, not for planning or research."
NO_REASON = "Say for what list or decision you go back to people."


def go_back(*, pseudonyms: Collection[str], key: bytes, why: str, by: Viewer) -> dict[str, UUID]:
    """Who these pseudonyms are: the people whom this viewer may open today, each with a line in the audit.

    The system goes back to all of them, to write down what it found for those who look after them; whoever reads that
    then stands before the record's own rules. Pseudonyms of nobody, and of people who are not this viewer's, are
    missing from the answer and cannot be told apart. Raises NoAccess for any purpose but care, Refused without `why`.
    """
    if not why.strip():
        raise Refused(NO_REASON)
    if by.kind not in (ViewerKind.SYSTEM, ViewerKind.PRACTITIONER):
        raise NoAccess(NOT_FOR_CARE)
    if by.kind == ViewerKind.PRACTITIONER and by.purpose != Purpose.CARE:
        raise NoAccess(NOT_FOR_CARE)
    found = _people(set(pseudonyms), key=key)
    if by.kind == ViewerKind.PRACTITIONER:
        theirs = openable(viewer=by, person_ids=list(found.values()), on=day_of(by.at))
        found = {name: person for name, person in found.items() if person in theirs}
    log_each(what="copy.gone-back", by=by, people=found.values(), detail={"why": why})
    return found


def _people(asked: set[str], *, key: bytes) -> dict[str, UUID]:
    """No table leads back: everybody's pseudonym is made again, and those asked for are kept (0.2 s a borough)."""
    if not asked:
        return {}
    everybody = Person.objects.filter(merged_into=None).values_list("pk", flat=True)
    named = ((pseudonym(key=key, person=person), person) for person in everybody.iterator(chunk_size=10_000))
    return {name: person for name, person in named if name in asked}
