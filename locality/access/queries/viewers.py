"""Who the viewer is: their account, the roles they may choose from, and who acts now."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from locality.access.models import Account, Role
from locality.access.queries.accounts import person_viewer
from locality.access.queries.acting import acts_for, known_as
from locality.access.rules import PROXY
from locality.base import NotFound, Viewer, ViewerKind
from locality.base.periods import day_of


def account(username: str) -> Account | None:
    """The account of this name, if there is one; only the sign-in page asks."""
    return Account.objects.filter(username=username.strip().casefold()).first()


def roles_today(*, account_id: UUID, on: date) -> QuerySet[Role]:
    """The roles a practitioner may choose from today."""
    held = Account.objects.filter(pk=account_id, is_active=True, practitioner=OuterRef("practitioner"))
    return (
        Role.objects.filter(Exists(held), starts_on__lte=on)
        .filter(Q(ends_on=None) | Q(ends_on__gt=on))
        .select_related("organisation", "practitioner")
        .order_by("organisation__name", "code")
    )


# Asked on every page, so written out: building it anew each time costs more than running it.
VIEWER = """
select role.practitioner_id, concat_ws(' ', nullif(practitioner.prefix, ''), practitioner.given, practitioner.family),
    role.code, role.organisation_id, organisation.name,
    array(
        select member.team_id from directory_teammembership member
        where member.practitioner_id = role.practitioner_id and member.employer_id = role.organisation_id
            and member.starts_on <= %(on)s and (member.ends_on is null or member.ends_on > %(on)s)
    )
from access_role role
join access_account account on account.practitioner_id = role.practitioner_id
join directory_practitioner practitioner on practitioner.id = role.practitioner_id
join directory_organisation organisation on organisation.id = role.organisation_id
where role.id = %(role)s and account.id = %(account)s and account.is_active
    and role.starts_on <= %(on)s and (role.ends_on is null or role.ends_on > %(on)s)
"""


def viewer(*, account_id: UUID, role_id: UUID, at: datetime, second_factor: bool = False) -> Viewer:
    """Who acts, in one role, as of now; a role or team that has ended is gone at once.

    Raises NotFound when this account does not hold this role today.
    """
    with connection.cursor() as cursor:
        cursor.execute(VIEWER, {"account": account_id, "role": role_id, "on": day_of(at)})
        row = cursor.fetchone()
    if row is None:
        raise NotFound("This role has ended. Choose another, or ask your administrator.")
    practitioner, name, code, organisation, organisation_name, teams = row
    return Viewer(
        kind=ViewerKind.PRACTITIONER,
        id=practitioner,
        name=name,
        role=code,
        organisation=organisation,
        organisation_name=organisation_name,
        teams=frozenset(teams),
        second_factor=second_factor,
        at=at,
    )


class ActsNoLonger(NotFound):
    """Somebody who acted for another does so no longer: a birthday, a day, or whoever ended it."""


def viewer_as_person(
    *, account_id: UUID, at: datetime, acting_for: UUID | None = None, second_factor: bool = False
) -> Viewer:
    """A person signed in, as themselves, or acting for another by a right that holds today.

    `id` is always the person who is signed in. Raises NotFound for an account that is no person's, ActsNoLonger where
    they do not, or no longer, act for whom they name.
    """
    own = person_viewer(account_id=account_id, at=at, second_factor=second_factor)
    if acting_for is None:
        return own
    right = acts_for(viewer=own).filter(Q(person=acting_for) | Q(person__merged_into=acting_for)).first()
    if right is None:
        raise ActsNoLonger("You do not, or no longer, act for this person.")
    whom = right.whom
    return replace(own, kind=ViewerKind.PROXY, role=PROXY, acts_for=whom.pk, acts_for_name=known_as(whom))
