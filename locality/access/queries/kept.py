"""What is kept of people besides their record: whose looks are reviewed, who must not look, what they sealed.

For the privacy officer. Who may know a protected address is for safeguarding leads too.
"""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from locality.access.models import AddressGrant, Conflict, PersonSeal, Watch
from locality.access.queries.knowing import holds
from locality.people.models import Person


def address_grants(*, person_ids: Collection[UUID], on: date) -> Sequence[AddressGrant]:
    """Who may know where somebody lives today, or from a day to come; the first to end first."""
    rows = AddressGrant.objects.filter(person__in=person_ids, ends_on__gt=on)
    return list(rows.select_related("practitioner", "team").order_by("ends_on", "id"))


def is_protected(person_ids: Collection[UUID]) -> bool:
    """Whether where somebody lives is protected, on any of what is held of them."""
    return Person.objects.filter(pk__in=person_ids, protected=True).exists()


def watches_of(*, person_ids: Collection[UUID], on: date) -> Sequence[Watch]:
    """Why every look at somebody is reviewed today."""
    return list(Watch.objects.filter(holds(on), person__in=person_ids).order_by("starts_on", "id"))


def conflicts_of(*, person_ids: Collection[UUID], on: date) -> Sequence[Conflict]:
    """Who must not look at somebody today."""
    rows = Conflict.objects.filter(holds(on), person__in=person_ids)
    return list(rows.select_related("practitioner").order_by("starts_on", "id"))


def seals_of(*, person_ids: Collection[UUID], on: date) -> Sequence[PersonSeal]:
    """The lines that somebody sealed or locked: how and since when, never what they say."""
    return list(PersonSeal.objects.filter(holds(on), person__in=person_ids).order_by("starts_on", "id"))
