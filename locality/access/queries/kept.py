"""What is kept of people besides their record: whose looks are reviewed, who must not look, what they sealed.

For the privacy officer. Who may know a protected address is for safeguarding leads too.
"""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from locality.access.models import AddressGrant, Conflict, PersonSeal, Watch
from locality.access.queries.knowing import KEPT, holds
from locality.base import Viewer
from locality.base.periods import day_of
from locality.people.models import Person


def address_grants(*, person_ids: Collection[UUID], on: date) -> Sequence[AddressGrant]:
    """Who may know where somebody lives today, or from a day to come; the first to end first."""
    rows = AddressGrant.objects.filter(person__in=person_ids, ends_on__gt=on)
    return list(rows.select_related("practitioner", "team").order_by("ends_on", "id"))


def is_protected(person_ids: Collection[UUID]) -> bool:
    """Whether where somebody lives is protected, on any of what is held of them."""
    return Person.objects.filter(pk__in=person_ids, protected=True).exists()


def place_kept_from(*, viewer: Viewer, people: Collection[UUID]) -> set[UUID]:
    """Of these people, those whose address is protected and was not granted to this viewer today. Two queries."""
    same = Q(pk__in=people) | Q(merged_into__in=people)
    rows = Person.objects.filter(same, protected=True).annotate(kept=Coalesce("merged_into", F("pk")))
    protected = set(rows.values_list("kept", flat=True))
    if not protected:
        return protected
    whose = Q(practitioner=viewer.id) | Q(team__in=viewer.teams)
    granted = AddressGrant.objects.filter(whose, holds(day_of(viewer.at))).annotate(kept=KEPT)
    return protected - set(granted.filter(kept__in=protected).values_list("kept", flat=True))


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
