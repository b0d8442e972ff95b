"""Organisations, whom they belong to, what became of them, and where they are."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from locality.base import NotFound
from locality.directory import rules
from locality.directory.models import (
    Affiliation,
    Figure,
    Organisation,
    PracticeNeighbourhood,
    Service,
    Site,
    Successor,
    Team,
)
from locality.directory.queries.figures import figures_about
from locality.directory.queries.spans import held_on, in_place
from locality.directory.rules import AboutKind, OrganisationKind


def organisation(code: str, *, place: str = "") -> Organisation:
    """The organisation of this code, whether or not it still is one."""
    row = Organisation.objects.filter(in_place(place), code=code).first()
    if row is None:
        raise NotFound(f"There is no organisation with the code '{code}'.")
    return row


def organisations_on(on: date, *, place: str = "") -> QuerySet[Organisation]:
    """The organisations that are there on a day, by name."""
    return Organisation.objects.filter(in_place(place), held_on(on)).order_by("name", "code")


def organisations(*, place: str = "") -> QuerySet[Organisation]:
    """Every organisation that is, was or will be there, by name."""
    return Organisation.objects.filter(in_place(place)).order_by("name", "code")


def practice(ods: str, *, place: str = "") -> Organisation | None:
    """The GP practice of this ODS code, open or closed; nothing for one from elsewhere."""
    row = Organisation.objects.filter(in_place(place), kind=OrganisationKind.PRACTICE, code=ods.strip().upper())
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


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationHistory:
    """All that is known of one organisation over the years: what was before, what came after, whom it belongs to."""

    organisation: Organisation
    followed: list[Successor]
    followed_by: list[Successor]
    standing: list[Organisation]
    belongs_to: list[Affiliation]
    members: list[Affiliation]
    neighbourhoods: list[PracticeNeighbourhood]
    sites: list[Site]
    services: list[Service]
    teams: list[Team]
    figures: list[Figure]


def organisation_history(code: str, *, on: date, place: str = "") -> OrganisationHistory:
    """An organisation with everything before and after it, each with its days; `standing` is as of a day."""
    found = organisation(code, place=place)
    links = Successor.objects.select_related("from_organisation", "to_organisation")
    links = links.order_by("on", "from_organisation__code", "to_organisation__code")
    belongs = Affiliation.objects.select_related("member", "body").order_by("starts_on", "body__name", "member__name")
    areas = PracticeNeighbourhood.objects.filter(practice=found).select_related("neighbourhood")
    services = Service.objects.filter(organisation=found).select_related("site")
    teams = Team.objects.filter(lead_organisation=found).select_related("neighbourhood")
    return OrganisationHistory(
        organisation=found,
        followed=list(links.filter(to_organisation=found)),
        followed_by=list(links.filter(from_organisation=found)),
        standing=successors_of(found, on=on),
        belongs_to=list(belongs.filter(member=found)),
        members=list(belongs.filter(body=found)),
        neighbourhoods=list(areas.order_by("starts_on")),
        sites=list(Site.objects.filter(organisation=found).select_related("hours").order_by("name", "code")),
        services=list(services.order_by("name", "code")),
        teams=list(teams.order_by("name", "code")),
        figures=figures_about(AboutKind.ORGANISATION, found.code, place=place),
    )
