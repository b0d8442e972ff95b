"""The riverside team of Smallborough Hospitals moves to Northmoor Community: its people, staff, work and service."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from locality.access.rules import RelationKind, RoleCode
from locality.base.ids import named_id
from locality.directory.models import Organisation, Service, ServiceCapacity, TeamMembership
from locality.neighbourhoods.actions import transfer_moving, transfers
from locality.neighbourhoods.actions.caseload import take_on
from locality.neighbourhoods.actions.staffing import Hours, add_post, fill_post, set_week
from locality.neighbourhoods.actions.transfers import NewTransfer
from locality.neighbourhoods.models import (
    Correction,
    Course,
    CoursePlace,
    Referral,
    ReferralHistory,
    Support,
    Transfer,
)
from tests import factories as make
from tests.neighbourhoods.caseload_world import new
from tests.neighbourhoods.work import alert, task

SINCE = date(2026, 4, 1)


def northmoor() -> Organisation:
    return make.organisation("NOR", name="Northmoor Community", short_name="Northmoor")


def service(code: str = "nursing") -> Service:
    told = {"code": code, "name": code.capitalize(), "organisation": make.organisation("RSB"), "kind": "nursing"}
    return Service.objects.get_or_create(
        id=named_id("service", code), defaults={"place": make.place(), **told, **make.ORIGIN}
    )[0]


def staff(given: str, code: str = RoleCode.CLINICIAN) -> Any:
    """One of the riverside team, who signs in for the hospitals."""
    row = make.practitioner(given)
    if not TeamMembership.objects.filter(practitioner=row, team=make.team()).exists():
        make.member(row, make.team())
        make.role(row, code)
    return row


def administrator(**other: Any) -> Any:
    return make.viewer(RoleCode.ADMINISTRATOR, given="Sam", teams=frozenset(), **other)


def old_side(given: str = "Olive", **other: Any) -> Any:
    return make.viewer(RoleCode.BOARD, given=given, teams=frozenset(), **other)


def new_side(**other: Any) -> Any:
    told = {"organisation": northmoor().pk, "organisation_name": "Northmoor Community", "teams": frozenset()}
    return make.viewer(RoleCode.BOARD, given="Nadia", **(told | other))


def later(viewer: Any, days: int = 0, **span: float) -> Any:
    return replace(viewer, at=viewer.at + timedelta(days=days, **span))


def planned(**other: Any) -> Transfer:
    told = {
        "from_organisation": make.organisation("RSB").pk,
        "to_organisation": northmoor().pk,
        "on": make.TODAY,
        "why": "Community services join one trust",
        "teams": (make.team().pk,),
        "services": (service().pk,),
    }
    return transfers.plan(new=NewTransfer(**(told | other)), by=administrator())


def agreed(**other: Any) -> Transfer:
    row = planned(**other)
    transfers.agree(transfer=row.pk, words="", by=old_side())
    return transfers.agree(transfer=row.pk, words="", by=new_side())


def moved(**other: Any) -> Transfer:
    return transfer_moving.move(transfer=agreed(**other).pk, by=administrator())


def referral(person: Any, **other: Any) -> Referral:
    """One that somebody sent to the nursing service, which the hospitals may know them by."""
    to_service = None if other.get("to_team") else service()
    relationship = None
    if to_service:
        relationship = make.relationship(
            person, kind=RelationKind.REFERRAL, team=None, organisation=make.organisation("RSB"), starts_on=SINCE
        )
    told = {
        "person": person,
        "sender": make.organisation("MILL"),
        "to_organisation": make.organisation("RSB"),
        "to_service": to_service,
        "relationship": relationship,
        "asked": "Dress her leg",
        "agreed": "agreed",
        "data_class": "WORK",
        "sent_at": make.ago(days=2),
        "answer_by": make.ago(days=-2),
        "made_by": make.practitioner().pk,
    }
    row = Referral.objects.create(**(told | other))
    ReferralHistory.objects.create(referral=row, what="sent", became=row.state, at=row.sent_at, by=row.made_by)
    return row


def at_work() -> dict[str, Any]:
    """The team with its work: two nurses and a coordinator, two people, a task, an alert, a post, a referral."""
    joanne, ines, sadia = staff("Joanne"), staff("Ines"), staff("Sadia", RoleCode.CARE_COORDINATOR)
    by = make.viewer(RoleCode.CARE_COORDINATOR, given="Sadia")
    peggy, stan = make.person(), make.person("Bright", "Stan")
    places = [
        take_on(new=new(peggy, coordinator=joanne.pk), by=by),
        take_on(new=new(stan, coordinator=ines.pk), by=by),
    ]
    post = add_post(
        team=make.team().pk, title="District nurse", employer=make.organisation("RSB").pk, hours=Decimal(60),
        starts_on=SINCE, by=by,
    )  # fmt: skip
    for one in (joanne, ines):
        fill_post(post=post.pk, practitioner=one.pk, hours=Decimal(30), starts_on=make.TODAY, by=by)
        week = [Hours(weekday=0, from_time=make.AT.time(), until_time=make.ago(hours=-4).time())]
        set_week(team=make.team().pk, practitioner=one.pk, week=week, starts_on=SINCE, by=by)
    _beside(peggy, by=by)
    return {
        "joanne": joanne,
        "ines": ines,
        "sadia": sadia,
        "peggy": peggy,
        "stan": stan,
        "places": places,
        "post": post,
        "task": task(peggy, owner=ines.pk, by=by),
        "alert": alert(stan, by=by),
        "referral": referral(stan),
    }


def _beside(person: Any, *, by: Any) -> None:
    """Somebody supported, who comes to a class and asks for something to be put right; what room the service has."""
    common = {"person": person, "data_class": "WORK", "sender": make.organisation("RSB")}
    Support.objects.create(team=make.team(), why="Lonely", agreed="agreed", begun_at=make.AT, begun_by=by.id, **common)
    course = Course.objects.create(
        team=make.team(), name="Strength", where="Hall", places=9, made_at=make.AT, made_by=by.id
    )
    CoursePlace.objects.create(course=course, state="invited", invited_at=make.AT, invited_by=by.id, **common)
    Correction.objects.create(
        team=make.team(),
        to_organisation=make.organisation("RSB"),
        about="other",
        heading="My story",
        wrong="I never smoked",
        asked_at=make.AT,
        asked_by=person.pk,
        asked_by_kind="person",
        **common,
    )
    ServiceCapacity.objects.create(
        id=named_id("room", "nursing"),
        service=service(),
        state="open",
        reported_at=make.AT,
        reported_by=by.id,
        reporter="Joanne Fielding",
    )
