"""A team with a coordinator and a nurse, who take people on."""

from datetime import timedelta

from locality.access.rules import RoleCode
from locality.neighbourhoods.actions.caseload import TakenOn
from locality.neighbourhoods.rules import Agreed
from locality.neighbourhoods.rules.caseload import CameFrom
from tests import factories as make

REVIEW_ON = make.TODAY + timedelta(days=14)


def nurse(given: str = "Joanne", **other):
    """A nurse of the riverside team, who works in it."""
    by = make.viewer(given=given, **other)
    row = make.practitioner(given)
    if not row.memberships.exists():
        make.member(row, make.team())
    return by


def coordinator():
    return nurse("Sadia", code=RoleCode.CARE_COORDINATOR)


def ruth():
    """Of another team, and works there."""
    by = make.stranger()
    if not make.practitioner("Ruth").memberships.exists():
        make.member(make.practitioner("Ruth"), make.team("hilltop"))
    return by


def new(person, **other) -> TakenOn:
    told = {
        "person": person.pk,
        "team": make.team().pk,
        "why": "Fell twice; lives alone",
        "agreed": Agreed.AGREED,
        "review_on": REVIEW_ON,
        "sender": make.organisation("RSB").pk,
        "came_from": CameFrom.REFERRAL,
    }
    return TakenOn(**(told | other))
