"""What whoever acts for somebody is never told: that help was asked for against what the reader may be doing to them.

The name of who was asked tells it as well as the need does: a service for domestic abuse needs no more words.
"""

import re
from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from locality.access import wall
from locality.access.models import Relationship
from locality.access.queries import Grant
from locality.access.queries.involved import Involved, involved
from locality.access.queries.knowing import ever_related
from locality.access.rules import RelationKind
from locality.base import Viewer, ViewerKind
from locality.directory.models import Need, Organisation, Service
from locality.neighbourhoods.models import Referral
from locality.neighbourhoods.rules.needs import NEED_WORDS, PRIVATE
from locality.people.queries import same_person

# whose name tells nothing, whatever else they offer
KNOWN_ANYWAY = (RelationKind.REGISTERED_PRACTICE, RelationKind.CARE_HOME)


def is_told_less(viewer: Viewer) -> bool:
    """Whether this viewer acts for the person, and is told less than the person is."""
    return viewer.kind == ViewerKind.PROXY


def private_organisations() -> QuerySet[Organisation]:
    """Those all of whose services are for such needs: that they know somebody tells why."""
    services = Service.objects.filter(organisation=OuterRef("pk"))
    for_such = Q(needs__overlap=sorted(PRIVATE))
    return Organisation.objects.filter(Exists(services.filter(for_such)), ~Exists(services.exclude(for_such)))


def private_referrals(person_ids: Collection[UUID]) -> QuerySet[Referral]:
    """What was ever asked for them because of such a need, of whoever is there for it, or by them. One query more."""
    whose = private_organisations().values("pk")
    told = Q(need__iregex=_said()) | Q(to_service__needs__overlap=sorted(PRIVATE))
    told |= Q(to_organisation__in=whose) | Q(to_team__lead_organisation__in=whose) | Q(sender__in=whose)
    return Referral.objects.filter(told, person__in=list(person_ids))


def _said() -> str:
    """What such a need is called, by code, by name, or as people say it: the need of a referral is in free words."""
    words = {*PRIVATE, *(NEED_WORDS[code] for code in PRIVATE)}
    for name, said_as in Need.objects.filter(code__in=sorted(PRIVATE)).values_list("name", "said_as"):
        words |= {name, *said_as}
    return r"\m(" + "|".join(re.escape(one) for one in sorted(words)) + r")\M"


# what is kept from this reader is not shown to their page, and is asked of all the same
@wall.down()
def helping(*, grant: Grant) -> list[Involved]:
    """Who is involved with them, as the reader may know it. One query, or for whoever acts for them three."""
    found = involved(grant)
    if not is_told_less(grant.viewer):
        return found
    reasons = set(private_referrals(grant.person_ids).values_list("relationship", flat=True))
    whose = set(private_organisations().values_list("pk", flat=True))
    return [
        one for one in found if one.id not in reasons and (one.kind in KNOWN_ANYWAY or one.organisation_id not in whose)
    ]


@wall.down()
def lookers_untold(*, viewer: Viewer) -> frozenset[UUID]:
    """The organisations whose looks would tell it: those for such needs, and whoever knows them for that alone."""
    if viewer.kind != ViewerKind.PROXY or viewer.acts_for is None:
        return frozenset()
    people = [one.pk for one in same_person(viewer.acts_for)]
    private = private_referrals(people)
    asked = set(private.values_list("to_organisation", flat=True))
    reasons = ever_related(person_ids=people).exclude(pk__in=private.exclude(relationship=None).values("relationship"))
    known = _organisations(reasons)
    return frozenset((asked - known) | set(private_organisations().values_list("pk", flat=True)))


def _organisations(rows: QuerySet[Relationship]) -> set[UUID]:
    found = rows.values_list("organisation", "team__lead_organisation", "practitioner__employer")
    return {one for row in found for one in row if one is not None}
