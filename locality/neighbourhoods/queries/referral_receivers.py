"""To whom somebody may be referred: teams, services that take referrals, and organisations."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from django.db.models import Q, QuerySet

from locality.base import NotFound
from locality.directory.models import Organisation, Service, Team
from locality.directory.queries.spans import held_on, in_place
from locality.directory.rules import OrganisationKind

MOST = 20
NOBODY = "There is nobody like that to refer to today."
# organisations that take a referral as a whole; to others it goes by a team or a service of theirs
WHOLE = (
    *(OrganisationKind.PRACTICE, OrganisationKind.VOLUNTARY, OrganisationKind.CARE_PROVIDER, OrganisationKind.PHARMACY),
    *(OrganisationKind.HOSPICE, OrganisationKind.HOUSING),
)
SAFEGUARDING = "safeguarding"
CHARITY = OrganisationKind.VOLUNTARY


class ReceiverKind(StrEnum):
    TEAM = "team"
    SERVICE = "service"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """One to refer to. `is_charity`: the least is sent by default; `email` is where a link may go."""

    kind: ReceiverKind
    id: UUID
    name: str
    of: str
    organisation: UUID
    is_charity: bool
    words: str = ""
    email: str = ""

    @property
    def key(self) -> str:
        """As a form and an address name it."""
        return f"{self.kind}.{self.id}"


def receivers(*, words: str, on: date, most: int = MOST) -> list[Receiver]:
    """Whom these words may mean, by name; every team without any. Three queries, one without words."""
    if not words.strip():
        return [_team(row) for row in _teams(on).order_by("name")[:most]]
    found = [_team(row) for row in _teams(on).filter(_named(words, "name", "kind")).order_by("name")[:most]]
    services = _services(on).filter(_named(words, "name", "description", "who_for", "organisation__name"))
    found += [_service(row) for row in services.order_by("name", "code")[:most]]
    organisations = _organisations(on).filter(_named(words, "name", "short_name"))
    return found + [_organisation(row) for row in organisations.order_by("name", "code")[:most]]


def receiver(key: str, *, on: date) -> Receiver:
    """The one that a form or an address names; raises NotFound for one that is over or takes no referrals."""
    kind, _, told = key.partition(".")
    try:
        pk = UUID(told)
    except ValueError:
        raise NotFound(NOBODY) from None
    ways = {
        ReceiverKind.TEAM: lambda: _team(_teams(on).get(pk=pk)),
        ReceiverKind.SERVICE: lambda: _service(_services(on).get(pk=pk)),
        ReceiverKind.ORGANISATION: lambda: _organisation(_organisations(on).get(pk=pk)),
    }
    try:
        return ways[ReceiverKind(kind)]()
    except (ValueError, Team.DoesNotExist, Service.DoesNotExist, Organisation.DoesNotExist):
        raise NotFound(NOBODY) from None


def _teams(on: date) -> QuerySet[Team]:
    # a safeguarding concern is raised, by a way of its own, and never referred
    rows = Team.objects.filter(in_place(""), held_on(on)).exclude(kind=SAFEGUARDING)
    return rows.select_related("lead_organisation")


def _services(on: date) -> QuerySet[Service]:
    rows = Service.objects.filter(in_place(""), held_on(on), takes_referrals=True)
    return rows.select_related("organisation")


def _organisations(on: date) -> QuerySet[Organisation]:
    return Organisation.objects.filter(in_place(""), held_on(on), kind__in=WHOLE)


def _named(words: str, *fields: str) -> Q:
    found = Q()
    for word in words.split()[:8]:
        one = Q()
        for field in fields:
            one |= Q((f"{field}__icontains", word))
        found &= one
    return found


def _team(row: Team) -> Receiver:
    lead = row.lead_organisation
    return Receiver(
        kind=ReceiverKind.TEAM,
        id=row.pk,
        name=row.name,
        of=lead.short_name,
        organisation=lead.pk,
        is_charity=lead.kind == CHARITY,
        words=row.phone,
    )


def _service(row: Service) -> Receiver:
    return Receiver(
        kind=ReceiverKind.SERVICE,
        id=row.pk,
        name=row.name,
        of=row.organisation.short_name,
        organisation=row.organisation_id,
        is_charity=row.organisation.kind == CHARITY,
        words=row.who_for or row.description,
        email=row.email,
    )


def _organisation(row: Organisation) -> Receiver:
    return Receiver(
        kind=ReceiverKind.ORGANISATION,
        id=row.pk,
        name=row.name,
        of="",
        organisation=row.pk,
        is_charity=row.kind == CHARITY,
    )
