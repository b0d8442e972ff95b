"""Looking at referrals: everybody named is written down as shown, and each that is opened."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from locality.access.actions import open_record, show
from locality.access.queries import Grant
from locality.base import Viewer
from locality.neighbourhoods.queries import referrals
from locality.neighbourhoods.queries.referrals import TO_ANSWER, Asked, Listed, One


@dataclass(frozen=True, slots=True, kw_only=True)
class Referrals:
    """A list of referrals; `more` where it holds more than is shown."""

    rows: list[Listed]
    more: bool


@transaction.atomic
def list_referrals(
    *, by: Viewer, asked: Asked = TO_ANSWER, what: str = "referral.listed", most: int = referrals.MOST_SHOWN
) -> Referrals:
    """What was asked of the viewer's teams, or by them; everybody named is written down as shown."""
    found = referrals.listed(viewer=by, asked=asked, most=most)
    shown = found[:most]
    show(people_ids=referrals.people_of(shown), what=what, by=by)
    return Referrals(rows=shown, more=len(found) > len(shown))


@transaction.atomic
def open_referral(*, referral: UUID, by: Viewer, what: str = "referral.opened") -> tuple[One, Grant]:
    """One referral, and leave to read the record of whom it is about. Raises NotFound, NoAccess."""
    one = referrals.referral(viewer=by, referral_id=referral)
    return one, open_record(person_id=one.referral.person.pk, by=by, what=what, about=referral)
