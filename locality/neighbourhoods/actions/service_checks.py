"""Reminding the owner of a service that nobody made sure of it within a year; making sure of it is the end of that."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from locality.base import Viewer
from locality.base.periods import day_of
from locality.directory.models import Service, TeamMembership
from locality.directory.queries.spans import held_on
from locality.directory.rules.services import STALE_AFTER_DAYS, checked_words
from locality.neighbourhoods.actions import inbox
from locality.neighbourhoods.models import Alert
from locality.neighbourhoods.rules.inbox import OPEN, AlertKind

CHECKED = "It was made sure of, or is there no more, or somebody else owns it now."


@transaction.atomic
def remind_owners(*, by: Viewer) -> int:
    """Remind each owner once of each service that is to be checked; end what was seen to. Returns how many were new."""
    on = day_of(by.at)
    rows = list(_stale(on).select_related("owner").order_by("code"))
    waits = {_once(row) for row in rows}
    for alert in Alert.objects.filter(kind=AlertKind.TO_CHECK, state__in=OPEN):
        if alert.once not in waits and alert.about_id is not None:
            inbox.settle(about=alert.about_id, kind=AlertKind.TO_CHECK, once=alert.once, words=CHECKED, by=by)
    told = set(Alert.objects.filter(kind=AlertKind.TO_CHECK, once__in=waits).values_list("once", flat=True))
    new = [row for row in rows if _once(row) not in told]
    return inbox.tell_of(told=_told(new, on=on, by=by), by=by)


def _stale(on: date) -> QuerySet[Service]:
    late = Q(assured_on=None) | Q(assured_on__lt=on - timedelta(days=STALE_AFTER_DAYS))
    # somebody who works for nobody here has no inbox
    return Service.objects.filter(held_on(on), late, owner__isnull=False, owner__employer__isnull=False)


def _told(rows: Sequence[Service], *, on: date, by: Viewer) -> list[inbox.ToTell]:
    """For each owner alone, in the inbox of a team of theirs, else of whoever employs them."""
    team_of = _teams_of([row.owner_id for row in rows if row.owner_id], on=on)
    found = []
    for row in rows:
        assert row.owner is not None
        team = team_of.get(row.owner.pk)
        checked = checked_words(assured_on=row.assured_on, on=on)
        found.append(
            inbox.ToTell(
                person=None,
                team=team,
                organisation=None if team else row.owner.employer_id,
                owner=row.owner.pk,
                kind=AlertKind.TO_CHECK,
                words=f"{row.name}: is what the directory says of it still right? {checked}",
                once=_once(row),
                about_id=row.pk,
                happened_at=by.at,
                sender=row.organisation_id,
            )
        )
    return found


def _teams_of(owners: Sequence[UUID], *, on: date) -> Mapping[UUID, UUID]:
    rows = TeamMembership.objects.filter(held_on(on), practitioner__in=owners).order_by("-starts_on", "-pk")
    return dict(rows.values_list("practitioner", "team"))


def _once(row: Service) -> str:
    return f"service {row.pk} of {row.owner_id} assured {row.assured_on or 'never'}"
