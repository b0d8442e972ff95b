"""Two people become one, and are parted again. Links move; nothing else does."""

from uuid import UUID

from django.db import transaction

from locality.base import Refused, Viewer
from locality.journal.actions import log
from locality.people.actions.faces import refresh_faces
from locality.people.models import Link, Merge, Person


@transaction.atomic
def merge_people(*, kept: Person, alias: Person, reason: str, by: Viewer) -> Merge:
    """Make one person the alias of another: its links move, and can be moved back."""
    rows = {row.pk: row for row in Person.objects.select_for_update().filter(pk__in=[kept.pk, alias.pk]).order_by("pk")}
    if kept.pk == alias.pk:
        raise Refused("These two are already one person.")
    if rows[kept.pk].merged_into_id or rows[alias.pk].merged_into_id:
        raise Refused("One of these two has already been merged into somebody else.")
    links = list(Link.objects.select_for_update().filter(person=alias, ended_at=None))
    moved = [_moved(link, to=kept.pk, method="merged", by=by).pk for link in links]
    # an alias of the alias follows, so that a merged person is always one step from the kept one
    Person.objects.filter(merged_into=alias).update(merged_into=kept)
    Person.objects.filter(pk=alias.pk).update(merged_into=kept)
    merge = Merge.objects.create(kept=kept, alias=alias, moved=moved, reason=reason, merged_at=by.at, merged_by=by.id)
    refresh_faces(people=[kept.pk])
    log(what="person.merged", by=by, person=kept.pk, about=merge.pk, reason=reason)
    return merge


@transaction.atomic
def undo_merge(*, merge: Merge, by: Viewer) -> Merge:
    """Part two merged people again: the same links move back; links made since stay where they are."""
    merge = Merge.objects.select_for_update().select_related("alias", "kept").get(pk=merge.pk)
    if merge.undone_at is not None:
        raise Refused("This merge has already been undone.")
    Person.objects.filter(pk=merge.alias_id).update(merged_into=None)
    for link in Link.objects.select_for_update().filter(pk__in=merge.moved, ended_at=None):
        _moved(link, to=merge.alias_id, method="merge-undone", by=by)
    merge.undone_at, merge.undone_by = by.at, by.id
    merge.save(update_fields=["undone_at", "undone_by"])
    refresh_faces(people=[merge.kept_id, merge.alias_id])
    log(what="person.merge-undone", by=by, person=merge.kept_id, about=merge.pk)
    return merge


def _moved(link: Link, *, to: UUID, method: str, by: Viewer) -> Link:
    link.ended_at, link.ended_by, link.ended_reason = by.at, by.id, method
    link.save(update_fields=["ended_at", "ended_by", "ended_reason"])
    return Link.objects.create(
        patient_id=link.patient_id,
        person_id=to,
        method=method,
        evidence=link.evidence,
        linked_at=by.at,
        linked_by_kind=by.kind,
        linked_by=by.id,
    )
