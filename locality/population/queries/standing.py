"""What a run must know of the place before it makes lists: whose team, how much room, whom to leave alone."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Coalesce

from locality.access.queries.knowing import KEPT
from locality.directory.models import Organisation, Place, PracticeNeighbourhood, Team
from locality.directory.queries import teams
from locality.directory.queries.spans import held_on
from locality.directory.rules import NEIGHBOURHOOD_TEAM, responsible
from locality.neighbourhoods.models import Candidate
from locality.neighbourhoods.rules import CandidateState
from locality.people.models import Person
from locality.people.queries.earlier import who_is_earlier
from locality.population.criteria import Criterion
from locality.population.models import Found, Review
from locality.population.queries.asked import Asked
from locality.population.rules.finding import EACH_NEIGHBOURHOOD, MONTH_DAYS, Answer, FoundState

OF_FOUND = Coalesce("found__person__merged_into", "found__person")


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """One team's list: how many it takes on in a month, how many it was given in the last, and what room is left."""

    team: Team
    a_month: int
    accepted: int

    @property
    def left(self) -> int:
        return max(self.a_month - self.accepted, 0)


class Teams:
    """Which team answers for whom on a day, as the place's own rule says: read once, asked for everybody."""

    def __init__(self, *, place: Place, criterion: Criterion, on: date):
        self.place, self.ways = place, place.responsible_team
        self.by_code = {row.code: row for row in teams(on, place=place.code)}
        self.limits = {limit.team: limit for limit in criterion.limits}
        self.by_neighbourhood = {
            row.neighbourhood.code: row
            for row in self.by_code.values()
            if row.kind == NEIGHBOURHOOD_TEAM and row.neighbourhood is not None
        }
        lists = PracticeNeighbourhood.objects.filter(held_on(on), practice__place=place)
        self.of_practices = dict(lists.values_list("practice__code", "neighbourhood__code"))

    def team_of(self, one: Asked) -> Team | None:
        """The team whose list somebody would go on; None where nobody here is responsible."""
        if EACH_NEIGHBOURHOOD not in self.limits:
            return next((self.by_code[code] for code in self.limits if code in self.by_code), None)
        lists = self.by_neighbourhood.get(self.of_practices.get(one.practice, ""))
        answer = responsible(ways=self.ways, residence=self.by_neighbourhood.get(one.neighbourhood), registration=lists)
        return answer[1] if answer else None

    def rooms(self, *, code: str, on: date) -> list[Room]:
        """How much room each team has that this criterion makes lists for, by name."""
        since = on - timedelta(days=MONTH_DAYS)
        accepted = Review.objects.filter(
            found__code=code, found__criterion__place=self.place, answer=Answer.ACCEPTED, withdrawn_at=None
        ).filter(said_at__date__gt=since)
        given = list(accepted.values_list("found__team", flat=True))
        wanted = {row.code: self.limits.get(row.code) for row in self.by_code.values()}
        for row in self.by_neighbourhood.values():
            wanted[row.code] = wanted[row.code] or self.limits.get(EACH_NEIGHBOURHOOD)
        rows = sorted(self.by_code.values(), key=lambda row: row.name)
        return [
            Room(team=row, a_month=limit.a_month, accepted=given.count(row.pk))
            for row in rows
            if (limit := wanted[row.code]) is not None
        ]


def practices_of(place: Place, *, codes: Collection[str]) -> dict[str, Organisation]:
    """The practices of a place by their codes."""
    return {row.code: row for row in Organisation.objects.filter(place=place, code__in=set(codes))}


def reviewed_lately(*, criterion: Criterion, place: Place, on: date) -> set[UUID]:
    """Everybody whom a place is not to be asked about again yet: reviewed within the criterion's period, or put off."""
    since = on - timedelta(days=criterion.asked_again_after_days)
    said = Review.objects.filter(found__code=criterion.code, found__criterion__place=place, withdrawn_at=None)
    said = said.exclude(answer=Answer.LATER)
    put_off = Found.objects.filter(code=criterion.code, criterion__place=place, state=FoundState.LATER, later_on__gt=on)
    return set(said.filter(said_at__date__gt=since).values_list(OF_FOUND, flat=True)) | set(
        put_off.values_list(KEPT, flat=True)
    )


def put_forward_already(*, team_ids: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """Who waits for which of these teams."""
    rows = Candidate.objects.filter(team__in=list(team_ids), state=CandidateState.WAITING)
    return set(rows.values_list(KEPT, "team"))


def still_here(person_ids: Sequence[UUID]) -> dict[UUID, Person]:
    """Those of these people who can be listed, by the id asked for: alive, and under who they are today."""
    rows = Person.objects.filter(Q(pk__in=person_ids)).select_related("merged_into")
    kept = {row.pk: row.merged_into or row for row in rows}
    hidden = who_is_earlier([row.pk for row in kept.values()])
    return {pk: row for pk, row in kept.items() if not row.died and row.pk not in hidden}
