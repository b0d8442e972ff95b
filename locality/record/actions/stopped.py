"""What comes while a source's agreement does not hold: kept unread with the reason, to be tried again once it does."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F

from locality.base import Viewer
from locality.record.actions.quarantine import keep
from locality.record.intake.archives import Damaged, Member, Work
from locality.record.intake.entry import Unreadable
from locality.record.models import Intake

KEPT = "What was sent is kept, unread: once the agreement holds again, load the pack and try it again."


def keep_unread(*, works: Iterable[Work], intake: Intake, reason: str, by: Viewer) -> None:
    """Keep every file, or file of an archive, with the one reason why none of it was taken in; each counts as one."""
    for work in works:
        for member in work.members():
            _keep(_unread(member, reason=reason), intake=intake, by=by)


def _unread(member: Member | Unreadable, *, reason: str) -> Unreadable:
    if isinstance(member, Unreadable):
        return member
    try:
        return Unreadable(member.name, member.read(), reason)
    except Damaged as fault:
        return Unreadable(member.name, b"", f"{reason} {fault}")


@transaction.atomic
def _keep(one: Unreadable, *, intake: Intake, by: Viewer) -> None:
    keep(source=intake.source, intake=intake.pk, refused=[one], waiting=[], by=by)
    Intake.objects.filter(pk=intake.pk).update(received=F("received") + 1, rejected=F("rejected") + 1)
