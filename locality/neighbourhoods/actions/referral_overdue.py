"""Telling both sides, once, that the answer to a referral is overdue; answering it is the end of that."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from locality.access.rules import DataClass
from locality.base import Viewer
from locality.base.periods import day_of
from locality.base.words import moment_words
from locality.neighbourhoods.actions import inbox
from locality.neighbourhoods.models import Alert, Referral
from locality.neighbourhoods.queries import bars
from locality.neighbourhoods.queries.names import is_there
from locality.neighbourhoods.queries.referrals import names_of_ends
from locality.neighbourhoods.rules.inbox import AlertKind
from locality.neighbourhoods.rules.referrals import ReferralState

# in one turn; the next comes soon
MOST = 200


@transaction.atomic
def tell_overdue(*, by: Viewer, most: int = MOST) -> int:
    """Tell whoever is to answer, and whoever asked, of each answer that has become overdue; returns how many of those.

    When it is due was worked out in working time. An answer that is waited for anew, and is late again, is told again.
    """
    # one that is answered at this moment is not told of after its end
    rows = _untold(by.at).select_for_update(of=("self",), skip_locked=True)
    found = list(rows.select_related(*bars.ENDS).order_by("answer_by", "pk")[:most])
    inbox.tell_of(told=[told for row in found for told in (_receiver(row), _sender(row, by=by))], by=by)
    return len(found)


def _untold(at: datetime) -> QuerySet[Referral]:
    told = Alert.objects.filter(about_id=OuterRef("pk"), kind=AlertKind.OVERDUE, happened_at=OuterRef("answer_by"))
    return Referral.objects.filter(~Exists(told), state=ReferralState.SENT, answer_by__lte=at)


def _receiver(row: Referral) -> inbox.ToTell:
    sender, _ = names_of_ends(row)
    return inbox.ToTell(
        person=row.person_id,
        team=row.to_team_id,
        organisation=None if row.to_team_id else row.to_organisation_id,
        kind=AlertKind.OVERDUE,
        words=f"{sender} waits for your answer, due {moment_words(row.answer_by)}: {row.asked}",
        once=_once(row),
        about_id=row.pk,
        happened_at=row.answer_by,
        sender=row.sender_id,
        data_class=DataClass(row.data_class),
    )


def _sender(row: Referral, *, by: Viewer) -> inbox.ToTell:
    _, to = names_of_ends(row)
    there = is_there(row.made_by, team=row.team_id, organisation=row.sender_id, on=day_of(by.at))
    return inbox.ToTell(
        person=row.person_id,
        team=row.team_id,
        organisation=None if row.team_id else row.sender_id,
        owner=row.made_by if there else None,
        kind=AlertKind.OVERDUE,
        words=f"No answer from {to}, due {moment_words(row.answer_by)}: {row.asked}",
        once=_once(row),
        about_id=row.pk,
        happened_at=row.answer_by,
        sender=row.sender_id,
        data_class=DataClass(row.data_class),
    )


def _once(row: Referral) -> str:
    return f"referral {row.pk} overdue {row.answer_by.isoformat()}"
