"""Questions about the place and who works in it; never writes.

Codes are asked of the default place; another place is named by its `place` code.
"""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import F, Q, QuerySet

from locality.base import NotFound
from locality.directory import rules
from locality.directory.models import (
    Neighbourhood,
    Organisation,
    Place,
    Postcode,
    Practitioner,
    Service,
    Site,
    Source,
    Successor,
    Team,
    TeamMembership,
)
from locality.directory.rules import NEIGHBOURHOOD_TEAM, OrganisationKind


def _in(place: str) -> Q:
    return Q(place__code=place) if place else Q(place__is_default=True)


def _holds(on: date) -> Q:
    return (Q(starts_on=None) | Q(starts_on__lte=on)) & (Q(ends_on=None) | Q(ends_on__gt=on))


def place(code: str = "") -> Place:
    """The place of this code, or the default one."""
    found = Place.objects.filter(code=code) if code else Place.objects.filter(is_default=True)
    row = found.first()
    if row is None:
        named = f"'{code}' " if code else ""
        raise NotFound(f"The place {named}is not loaded yet: run `locality load-pack`.")
    return row


def source(code: str, *, place: str = "") -> Source:
    """The source of this code, with its organisation and the team whose caseload its people join."""
    row = sources(place=place).filter(code=code).first()
    if row is None:
        known = ", ".join(sources(place=place).values_list("code", flat=True)) or "none"
        raise NotFound(f"There is no source '{code}'. The sources are: {known}.")
    return row


def sources(*, place: str = "") -> QuerySet[Source]:
    """Every source, connected or not, by code."""
    return Source.objects.filter(_in(place)).select_related("organisation", "relates_team").order_by("code")


def organisation(code: str, *, place: str = "") -> Organisation:
    """The organisation of this code, whether or not it still is one."""
    row = Organisation.objects.filter(_in(place), code=code).first()
    if row is None:
        raise NotFound(f"There is no organisation with the code '{code}'.")
    return row


def organisations_on(on: date, *, place: str = "") -> QuerySet[Organisation]:
    """The organisations that are there on a day, by name."""
    return Organisation.objects.filter(_in(place), _holds(on)).order_by("name", "code")


def practice(ods: str, *, place: str = "") -> Organisation | None:
    """The GP practice of this ODS code, open or closed; nothing for one from elsewhere."""
    row = Organisation.objects.filter(_in(place), kind=OrganisationKind.PRACTICE, code=ods.strip().upper())
    return row.first()


def successors_of(organisation: Organisation, *, on: date) -> list[Organisation]:
    """Who stands where this organisation stood, on a day: itself while it is there, else whoever followed.

    One that was divided has several; one that ended without a successor has none.
    """
    links = Successor.objects.filter(from_organisation__place=organisation.place_id, on__lte=on)
    followed_by: dict[UUID, list[UUID]] = {}
    for came_from, went_to in links.order_by("on", "to_organisation__code").values_list(
        "from_organisation", "to_organisation"
    ):
        followed_by.setdefault(came_from, []).append(went_to)
    over = Organisation.objects.filter(place=organisation.place_id, ends_on__lte=on)
    found = rules.standing(
        organisation=organisation.pk, followed_by=followed_by, over=set(over.values_list("pk", flat=True))
    )
    rows = Organisation.objects.in_bulk(found)
    return [rows[pk] for pk in found]


def sites_to_visit(on: date, *, place: str = "") -> QuerySet[Site]:
    """The places that people may be sent to; a team's hub is never among them."""
    sites = Site.objects.filter(_in(place), _holds(on), is_public=True)
    return sites.select_related("organisation").order_by("name", "code")


def services_on(on: date, *, place: str = "") -> QuerySet[Service]:
    """The services that are offered on a day, by name."""
    services = Service.objects.filter(_in(place), _holds(on))
    return services.select_related("organisation", "site").order_by("name", "code")


def neighbourhoods(on: date, *, place: str = "") -> QuerySet[Neighbourhood]:
    """The areas that the place is divided into on a day, by name."""
    return Neighbourhood.objects.filter(_in(place), _holds(on)).order_by("name")


def neighbourhood_of(postcode: str, *, place: str = "") -> Neighbourhood | None:
    """The neighbourhood in which a postcode lies, in any spacing and case; nothing for one from elsewhere."""
    return neighbourhoods_of([postcode], place=place).get(postcode)


def neighbourhoods_of(postcodes: Iterable[str], *, place: str = "") -> dict[str, Neighbourhood]:
    """The neighbourhoods of many postcodes in one query, by the postcodes as they were asked for."""
    asked = {words: code for words in postcodes if (code := rules.postcode(words))}
    rows = Postcode.objects.filter(_in(place), code__in=set(asked.values()))
    areas = rows.select_related("neighbourhood")
    found = {row.code: row.neighbourhood for row in areas if row.neighbourhood is not None}
    return {words: found[code] for words, code in asked.items() if code in found}


def teams(on: date, *, place: str = "") -> QuerySet[Team]:
    """The teams that are there on a day, by name."""
    rows = Team.objects.filter(_in(place), _holds(on))
    return rows.select_related("neighbourhood", "lead_organisation").order_by("name", "code")


def team(code: str, *, place: str = "") -> Team:
    """The team of this code, whether or not it still is one."""
    rows = Team.objects.filter(_in(place), code=code)
    row = rows.select_related("neighbourhood", "lead_organisation").first()
    if row is None:
        raise NotFound(f"There is no team with the code '{code}'.")
    return row


def team_of_neighbourhood(neighbourhood: Neighbourhood, *, on: date) -> Team | None:
    """The team that looks after a neighbourhood on a day."""
    rows = Team.objects.filter(_holds(on), neighbourhood=neighbourhood, kind=NEIGHBOURHOOD_TEAM)
    return rows.order_by(F("starts_on").desc(nulls_last=True), "code").first()


def practitioner(practitioner_id: UUID) -> Practitioner:
    """One practitioner, with the employer."""
    row = Practitioner.objects.select_related("employer").filter(pk=practitioner_id).first()
    if row is None:
        raise NotFound("There is no such practitioner here.")
    return row


def practitioner_with_code(code: str, *, place: str = "") -> Practitioner:
    """One practitioner by code, with the employer."""
    row = Practitioner.objects.select_related("employer").filter(_in(place), code=code).first()
    if row is None:
        raise NotFound(f"There is no practitioner with the code '{code}'.")
    return row


def practitioners(ids: Iterable[UUID]) -> dict[UUID, Practitioner]:
    """Many practitioners in one query, by id."""
    return Practitioner.objects.select_related("employer").in_bulk(list(ids))


def memberships_of(practitioner_id: UUID, *, on: date) -> QuerySet[TeamMembership]:
    """The teams that a practitioner works in on a day, and for whom."""
    rows = TeamMembership.objects.filter(_holds(on), practitioner=practitioner_id)
    return rows.select_related("team", "employer").order_by("team__name", "starts_on")


def members_of(team: Team, *, on: date) -> QuerySet[TeamMembership]:
    """Who works in a team on a day, and for whom, by name."""
    rows = TeamMembership.objects.filter(_holds(on), team=team)
    return rows.select_related("practitioner", "employer").order_by("practitioner__sort_key", "starts_on")
