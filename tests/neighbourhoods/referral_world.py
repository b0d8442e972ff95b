"""Referrals for tests: the riverside team asks, the hilltop team, a charity or a practice answers, about Peggy."""

from datetime import timedelta
from typing import Any

from locality.access.rules import RoleCode
from locality.directory.models import Service
from locality.neighbourhoods.actions import referral_answers, referrals
from locality.neighbourhoods.actions.referral_answers import Said
from locality.neighbourhoods.actions.referrals import NewReferral
from locality.neighbourhoods.models import Referral
from locality.neighbourhoods.rules.referrals import ReferralMove
from tests import factories as make
from tests.neighbourhoods.work import known

ASKED = "A rail on the stairs"


def nurse(**other: Any) -> Any:
    """Joanne of the riverside team, who asks."""
    return make.viewer(**other)


def therapist(**other: Any) -> Any:
    """Tom of the hilltop team, who is asked."""
    return make.viewer(given="Tom", teams=frozenset({make.team("hilltop").pk}), **other)


def volunteer(**other: Any) -> Any:
    """Gwen, a link worker of the charity, in no team."""
    return make.viewer(
        RoleCode.LINK_WORKER,
        given="Gwen",
        organisation=make.organisation("circle").pk,
        teams=frozenset(),
        **other,
    )


def befriending(**other: Any) -> Service:
    """A service of the charity."""
    told = {
        "id": make.named_id("service", "befriending"),
        "place": make.place(),
        "code": "befriending",
        "name": "Befriending at home",
        "organisation": make.organisation("circle"),
        "kind": "befriending",
        "takes_referrals": True,
        "email": "hello@tea-circle.example",
        **make.ORIGIN,
    }
    return Service.objects.get_or_create(id=told["id"], defaults=told | other)[0]


def new(**other: Any) -> NewReferral:
    told = {
        "asked": ASKED,
        "sender": make.organisation().pk,
        "team": make.team().pk,
        "to_team": make.team("hilltop").pk,
        "need": "falls",
        "wanted": "To get to bed without fear",
    }
    if any(one in other for one in ("to_service", "to_organisation")):
        told["to_team"] = None
    return NewReferral(**(told | other))


def refer(person: Any = None, *, by: Any = None, **other: Any) -> Referral:
    """Joanne refers somebody whom her team knows."""
    by = by or nurse()
    person = person or known()
    return referrals.refer(new=new(**other), grant=make.opened(person, by), by=by)


def say(row: Referral, move: ReferralMove, *, by: Any, **said: Any) -> Referral:
    return referral_answers.move(referral=row.pk, move=move, said=Said(**said), by=by)


def accept(row: Referral, *, by: Any = None) -> Referral:
    return say(row, ReferralMove.ACCEPT, by=by or therapist())


def later(viewer: Any, **span: float) -> Any:
    """The same viewer, so much later."""
    return make.replace(viewer, at=viewer.at + timedelta(**span))
