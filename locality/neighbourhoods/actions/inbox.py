"""Telling a team, or one of it, what they ought to know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from locality.access.rules import DataClass
from locality.base import Viewer
from locality.neighbourhoods.models import Alert
from locality.neighbourhoods.rules.inbox import AlertKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ToTell:
    """One thing to know; `once` names it, so that it is told a team once however often it is said."""

    person: UUID
    team: UUID
    kind: AlertKind
    words: str
    once: str
    happened_at: datetime
    sender: UUID
    owner: UUID | None = None
    about_id: UUID | None = None
    data_class: DataClass = DataClass.WORK


@transaction.atomic
def tell_of(*, told: Sequence[ToTell], by: Viewer) -> int:
    """Put these into the inboxes of their teams; returns how many are new."""
    rows = [
        Alert(
            person_id=one.person,
            team_id=one.team,
            owner_id=one.owner,
            kind=one.kind,
            words=one.words,
            once=one.once,
            about_id=one.about_id,
            happened_at=one.happened_at,
            data_class=one.data_class,
            sender_id=one.sender,
            made_at=by.at,
            made_by=by.id,
        )
        for one in told
    ]
    Alert.objects.bulk_create(rows, ignore_conflicts=True)
    return Alert.objects.filter(pk__in=[row.pk for row in rows]).count()
