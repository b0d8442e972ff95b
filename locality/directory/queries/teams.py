"""Teams, who works in them, and which of them is responsible for somebody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, Func, QuerySet, TextField, Value
from django.db.models.functions import NullIf

from locality.base import NotFound
from locality.directory import rules
from locality.directory.models import (
    Neighbourhood,
    Organisation,
    PracticeNeighbourhood,
    Practitioner,
    Safeguarding,
    Team,
    TeamMembership,
    Ward,
)
from locality.directory.queries.places import neighbourhoods_of
from locality.directory.queries.places import place as the_place
from locality.directory.queries.spans import held_on, in_place
from locality.directory.rules import NEIGHBOURHOOD_TEAM, ResponsibleBy, SafeguardingOf


def teams(on: date, *, place: str = "") -> QuerySet[Team]:
    """The teams that are there on a day, by name."""
    rows = Team.objects.filter(in_place(place), held_on(on))
    return rows.select_related("neighbourhood", "lead_organisation").order_by("name", "code")


def safeguarding(whose: SafeguardingOf, *, place: str = "") -> Safeguarding | None:
    """Which team receives safeguarding concerns, and whom to ring; none where the pack does not say."""
    rows = Safeguarding.objects.filter(in_place(place), code=whose)
    return rows.select_related("team", "team__lead_organisation", "deputy", "deputy__lead_organisation").first()


def team(code: str, *, place: str = "") -> Team:
    """The team of this code, whether or not it still is one."""
    rows = Team.objects.filter(in_place(place), code=code)
    row = rows.select_related("neighbourhood", "lead_organisation").first()
    if row is None:
        raise NotFound(f"There is no team with the code '{code}'.")
    return row


def practitioner(practitioner_id: UUID) -> Practitioner:
    """One practitioner, with the employer."""
    row = Practitioner.objects.select_related("employer").filter(pk=practitioner_id).first()
    if row is None:
        raise NotFound("There is no such practitioner here.")
    return row


def practitioner_with_code(code: str, *, place: str = "") -> Practitioner:
    """One practitioner by code, with the employer."""
    row = Practitioner.objects.select_related("employer").filter(in_place(place), code=code).first()
    if row is None:
        raise NotFound(f"There is no practitioner with the code '{code}'.")
    return row


def practitioners(ids: Iterable[UUID]) -> dict[UUID, Practitioner]:
    """Many practitioners in one query, by id."""
    return Practitioner.objects.select_related("employer").in_bulk(list(ids))


SOMEBODY = "Somebody"


def names_of(practitioners: Iterable[UUID | None]) -> dict[UUID, str]:
    """What practitioners are called, those who have left too, in one query; none where there is nobody to name."""
    wanted = {one for one in practitioners if one}
    rows = Practitioner.objects.filter(pk__in=wanted) if wanted else Practitioner.objects.none()
    return dict(rows.values_list("pk", called()))


def called(practitioner: str = "") -> Func:
    """What a practitioner is called, for a list that names one a row: `practitioner` is the way to them from the row.

    It is what `Practitioner.name` says, and empty where there is nobody. To make a Practitioner of each row costs more.
    """
    way = f"{practitioner}__" if practitioner else ""
    parts = [NullIf(F(f"{way}{part}"), Value("")) for part in ("prefix", "given", "family")]
    return Func(Value(" "), *parts, function="concat_ws", output_field=TextField())


def name_of(practitioner: UUID | None) -> str:
    """What one practitioner is called, for a sentence: "Somebody" where nobody is known by this id."""
    return names_of([practitioner]).get(practitioner, SOMEBODY) if practitioner else SOMEBODY


def members_of(team: Team, *, on: date) -> QuerySet[TeamMembership]:
    """Who works in a team on a day, and for whom, by name."""
    rows = TeamMembership.objects.filter(held_on(on), team=team)
    return rows.select_related("practitioner", "employer").order_by("practitioner__sort_key", "starts_on")


def is_member(practitioner_id: UUID, *, team: UUID, on: date) -> bool:
    """Whether somebody works in a team on a day."""
    return TeamMembership.objects.filter(held_on(on), practitioner=practitioner_id, team=team).exists()


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamOfTheDay:
    """A team as it is on a day: who works in it, and whom it looks after."""

    team: Team
    members: list[TeamMembership]
    practices: list[Organisation]
    wards: list[Ward]


def team_on(code: str, *, on: date, place: str = "") -> TeamOfTheDay:
    """A team with its members on a day, the practices whose lists are its neighbourhood's, and the wards it covers."""
    found = team(code, place=place)
    looked_after = PracticeNeighbourhood.objects.filter(held_on(on), neighbourhood=found.neighbourhood_id)
    practices = looked_after.select_related("practice").order_by("practice__name", "practice__code")
    wards = Ward.objects.filter(neighbourhood=found.neighbourhood_id).order_by("name")
    # a team of the whole place looks after no neighbourhood, and would find those that lie in none
    of_one = found.neighbourhood_id is not None
    return TeamOfTheDay(
        team=found,
        members=list(members_of(found, on=on)),
        practices=[row.practice for row in practices] if of_one else [],
        wards=list(wards) if of_one else [],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PractitionerHistory:
    """A practitioner and every team they have worked in, are in, or will be in."""

    practitioner: Practitioner
    memberships: list[TeamMembership]


def practitioner_history(practitioner_id: UUID) -> PractitionerHistory:
    """One practitioner with all their time in teams, the latest first; what ended on its first day never was."""
    times = TeamMembership.objects.filter(practitioner=practitioner_id).exclude(ends_on=F("starts_on"))
    rows = times.select_related("team", "employer")
    return PractitionerHistory(
        practitioner=practitioner(practitioner_id), memberships=list(rows.order_by("-starts_on", "team__name"))
    )


# ---- which team is responsible for somebody


@dataclass(frozen=True, slots=True, kw_only=True)
class Responsible:
    """The team that is responsible for somebody, why, and where they belong by residence and by registration.

    Both neighbourhoods are kept, since they often differ; nobody here is responsible when `team` is None.
    """

    team: Team | None
    by: ResponsibleBy | None
    residence: Neighbourhood | None
    registration: Neighbourhood | None


NOBODY = Responsible(team=None, by=None, residence=None, registration=None)


def team_responsible(*, postcode: str = "", practice: str = "", on: date, place: str = "") -> Responsible:
    """The team responsible on a day for somebody who lives at a postcode and is on a practice's list.

    The place's own rule decides (`responsible_team` in its pack). A practice that is over has no list any more.
    """
    return teams_responsible([(postcode, practice)], on=on, place=place)[0]


def teams_responsible(people: Sequence[tuple[str, str]], *, on: date, place: str = "") -> list[Responsible]:
    """The same for many people at once, each a postcode and a practice's ODS code, in their order; four queries."""
    ways = the_place(place).responsible_team
    lives = neighbourhoods_of({postcode for postcode, _ in people}, place=place)
    lists = _neighbourhoods_of_practices({practice for _, practice in people}, on=on, place=place)
    rows = Team.objects.filter(in_place(place), held_on(on), kind=NEIGHBOURHOOD_TEAM)
    teams = {row.neighbourhood_id: row for row in rows.select_related("neighbourhood", "lead_organisation")}
    found: dict[tuple[str, str], Responsible] = {}
    for postcode, practice in set(people):
        residence, registration = lives.get(postcode), lists.get(practice.strip().upper())
        # a neighbourhood without a team leads nowhere, so that the next way is tried
        answer = rules.responsible(
            ways=ways,
            residence=teams.get(residence.pk) if residence else None,
            registration=teams.get(registration.pk) if registration else None,
        )
        by, team = answer or (None, None)
        found[postcode, practice] = Responsible(team=team, by=by, residence=residence, registration=registration)
    return [found[one] for one in people]


def _neighbourhoods_of_practices(codes: set[str], *, on: date, place: str) -> dict[str, Neighbourhood]:
    asked = {code.strip().upper() for code in codes if code}
    rows = PracticeNeighbourhood.objects.filter(in_place(place, way="practice__place"), held_on(on))
    of_those = rows.filter(practice__code__in=asked).select_related("practice", "neighbourhood")
    return {row.practice.code: row.neighbourhood for row in of_those}


def practitioners_named(words: str, *, place: str = "") -> set[UUID]:
    """Everybody who works here and may be named in these words; which these are, `rules.named_in` says."""
    rows = Practitioner.objects.filter(in_place(place)).values_list("pk", "given", "family")
    return rules.named_in(words, names={pk: (given, family) for pk, given, family in rows})
