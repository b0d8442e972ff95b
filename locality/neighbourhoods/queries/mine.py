"""What happens next, as the person whom it is about, or whoever acts for them, may read it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, Min, Q

from locality.access.queries import Grant, visible
from locality.neighbourhoods.models import Referral, Task
from locality.neighbourhoods.queries import courses, untold
from locality.neighbourhoods.queries.course_shapes import OfPerson
from locality.neighbourhoods.rules.referrals import OPEN, ReferralState
from locality.neighbourhoods.rules.tasks import OPEN as TO_DO
from locality.record.headlines import Topic
from locality.record.queries.rows import held

ENDED_LATELY_DAYS = 28
# of what others ask for them they read to whom it went and how far it is: its words are the work of those who help
TOLD = {
    ReferralState.SENT: "Sent. They have not answered yet.",
    ReferralState.MORE_ASKED: "They asked for more before they answer.",
    ReferralState.ACCEPTED: "They said yes. They will be in touch to make a time.",
    ReferralState.BOOKED: "A time is booked.",
    ReferralState.SEEN: "You were seen.",
    ReferralState.DONE: "It is finished.",
    ReferralState.DECLINED: "They cannot help with this. Ask whoever sent it what happens now.",
    ReferralState.WITHDRAWN: "It was taken back. Ask whoever sent it why.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Referred:
    """What was asked of others for them: of whom, by whom, how far it is, and when and where they are seen."""

    to_name: str
    to_phone: str
    by_name: str
    by_phone: str
    words: str
    sent_at: datetime
    booked_at: datetime | None
    booked_where: str
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamToDo:
    """That a team has things to do for them, how many, and by when the next."""

    team: str
    phone: str
    many: int
    next_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """What comes, besides what the record and the plan say: `booked` is what has a time still to come."""

    booked: Sequence[Referred]
    referred: Sequence[Referred]
    classes: Sequence[OfPerson]
    to_do: Sequence[TeamToDo]


def coming(*, grant: Grant) -> Coming:
    """What others do next for the person whose record is open. Three queries; four for whoever acts for them."""
    told = _referrals(grant)
    now = grant.viewer.at
    booked = sorted((one for one in told if one.is_open and one.booked_at and one.booked_at >= now), key=_booked_at)
    return Coming(
        booked=booked,
        referred=[one for one in told if one not in booked],
        classes=courses.of_person(grant=grant),
        to_do=_to_do(grant),
    )


def times_of(*, grant: Grant, lines: Collection[UUID]) -> dict[UUID, datetime]:
    """When those of these lines of the record that are appointments still to come happen. One query."""
    rows = held(grant).filter(thing__in=lines, topic=Topic.NEXT, happened_at__gte=grant.viewer.at)
    return {thing: at for thing, at in rows.values_list("thing", "happened_at") if at}


def _booked_at(one: Referred) -> datetime:
    assert one.booked_at is not None
    return one.booked_at


def _referrals(grant: Grant) -> list[Referred]:
    lately = grant.viewer.at - timedelta(days=ENDED_LATELY_DAYS)
    rows = Referral.objects.alias(thing=F("pk")).filter(visible(grant), person__in=grant.person_ids)
    rows = rows.filter(Q(state__in=OPEN) | Q(ended_at__gte=lately))
    if untold.is_told_less(grant.viewer):
        rows = rows.exclude(pk__in=untold.private_referrals(grant.person_ids).values("pk"))
    rows = rows.select_related("to_organisation", "to_team", "to_service", "team", "sender")
    return [_referred(row) for row in rows.order_by("-sent_at", "-pk")]


def _referred(row: Referral) -> Referred:
    to_team, to_service = row.to_team, row.to_service
    return Referred(
        to_name=to_service.name if to_service else to_team.name if to_team else row.to_organisation.name,
        to_phone=to_service.phone if to_service else to_team.phone if to_team else "",
        by_name=row.team.name if row.team else row.sender.name,
        by_phone=row.team.phone if row.team else "",
        words=TOLD[ReferralState(row.state)],
        sent_at=row.sent_at,
        booked_at=row.booked_at if row.state == ReferralState.BOOKED else None,
        booked_where=row.booked_where if row.state == ReferralState.BOOKED else "",
        is_open=row.state in OPEN,
    )


def _to_do(grant: Grant) -> list[TeamToDo]:
    rows = Task.objects.alias(thing=F("pk")).filter(visible(grant), person__in=grant.person_ids, state__in=TO_DO)
    if untold.is_told_less(grant.viewer):
        rows = rows.exclude(team__lead_organisation__in=untold.private_organisations().values("pk"))
    found = rows.values("team__name", "team__phone").annotate(many=Count("pk"), next_on=Min("due_on"))
    return [
        TeamToDo(team=one["team__name"], phone=one["team__phone"], many=one["many"], next_on=one["next_on"])
        for one in found.order_by("next_on", "team__name")
    ]
