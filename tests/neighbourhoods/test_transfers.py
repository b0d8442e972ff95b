import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import models

from locality.access.actions import end_relationship
from locality.access.models import Relationship, Role
from locality.access.queries import openable
from locality.access.rules import RelationKind, RoleCode
from locality.base import NoAccess, Refused, system
from locality.base.ids import new_id
from locality.directory.actions import feeds
from locality.directory.models import Organisation, Practitioner, Service, Successor, Team, TeamMembership
from locality.journal.models import Event
from locality.neighbourhoods.actions import tasks, transfer_moving, transfer_rows, transfers
from locality.neighbourhoods.actions.caseload import hand_over
from locality.neighbourhoods.actions.transfer_moving import ChangedSince
from locality.neighbourhoods.models import (
    Alert,
    Allocation,
    Caseload,
    Post,
    PostFilled,
    Referral,
    Support,
    SupportHistory,
    Task,
    TaskHistory,
    Transfer,
    WorkingDay,
)
from locality.neighbourhoods.queries.transfer_counts import counts, within
from locality.neighbourhoods.rules.transfers import (
    KINDS,
    LEFT,
    Counted,
    CountsDiffer,
    TransferMove,
    TransferMoveNotAllowed,
    TransferState,
    check_counts,
    check_move,
)
from tests import factories as make
from tests.neighbourhoods.transfer_world import (
    SINCE,
    administrator,
    agreed,
    at_work,
    later,
    moved,
    new_side,
    northmoor,
    old_side,
    planned,
    referral,
    service,
    staff,
)

pytestmark = pytest.mark.django_db

# what at_work holds of the hospitals, typed by hand
HELD = {
    **{"teams": 1, "services": 1, "caseload": 2, "coordinated": 2, "candidates": 0, "reasons": 2, "tasks": 1},
    **{"alerts": 1, "actions": 0, "assessments": 0, "series": 0, "meetings": 0, "messages": 0, "referrals-sent": 0},
    **{"referrals-team": 0, "referrals-service": 1, "reasons-referral": 1, "memberships": 3, "roles": 3},
    **{"employers": 3, "posts": 1, "filled": 2, "weeks": 2, "drafts": 0},
    **{"support": 1, "classes": 1, "class-places": 1, "put-right": 1, "room": 1},
}
NONE = dict.fromkeys(HELD, 0)


def held(row: Transfer, organisation: Organisation) -> dict[str, int]:
    return counts(within=within(row), organisation=organisation.pk, on=row.on)


def picture() -> dict[str, list]:
    """Every row that a move may change, whole, but for what only ever grows."""
    found = {}
    for model in (Team, Service, Practitioner, Caseload, Allocation, Alert, Referral):
        found[model.__name__] = list(model.objects.order_by("pk").values())
    dated = (TeamMembership, Role, Post, PostFilled, WorkingDay, Relationship)
    for model in dated:
        # what ended on its first day never was
        found[model.__name__] = [
            row for row in model.objects.order_by("pk").values() if row["ends_on"] != row["starts_on"]
        ]
    found["Task"] = list(Task.objects.order_by("pk").values("pk", "team", "owner", "state", "person", "sender"))
    return found


# ---- the rules


@pytest.mark.parametrize(
    ("state", "move"),
    [
        (TransferState.PLANNED, TransferMove.MOVE),
        (TransferState.MOVED, TransferMove.MOVE),
        (TransferState.MOVED, TransferMove.WITHDRAW),
        (TransferState.SIGNED, TransferMove.UNDO),
        (TransferState.WITHDRAWN, TransferMove.AGREE),
    ],
)
def test_a_transfer_is_moved_only_from_where_it_may_be(state, move):
    with pytest.raises(TransferMoveNotAllowed):
        check_move(state, move)


def test_counts_that_differ_are_named_and_those_that_do_not_are_not():
    lost = Counted(code="tasks", before_from=5, before_to=0, after_from=0, after_to=4)
    behind = Counted(code="posts", before_from=2, before_to=1, after_from=1, after_to=2)
    right = Counted(code="roles", before_from=3, before_to=1, after_from=0, after_to=3, there=1)

    with pytest.raises(CountsDiffer) as refused:
        check_counts([lost, behind, right])

    assert str(refused.value) == (
        "The counts before and after are not the same, so nothing was moved: Tasks to do: 5 before, 4 after, 0 left "
        "behind; Posts: 2 before, 1 after, 1 left behind."
    )


def test_every_model_that_hangs_on_a_team_or_a_service_is_part_of_a_move_or_says_why_not():
    named = {kind.model for kind in KINDS} | LEFT.keys()
    ours = [one for one in apps.get_models() if one._meta.app_label in ("directory", "access", "neighbourhoods")]
    hangs = {
        one._meta.label
        for one in ours
        for column in one._meta.concrete_fields
        if isinstance(column, models.ForeignKey) and column.related_model in (Team, Service)
    }

    assert sorted(hangs - named) == [], "Write it a line in neighbourhoods/rules/transfers.py: KINDS, or LEFT with why."


def test_every_kind_leads_from_its_row_to_whose_it_is():
    row = planned()

    assert counts(within=within(row), organisation=make.organisation("RSB").pk, on=row.on).keys() == HELD.keys()


# ---- the plan


def test_the_plan_counts_what_each_side_has_before_anything_moves():
    at_work()

    row = planned()

    assert held(row, make.organisation("RSB")) == HELD
    assert held(row, northmoor()) == NONE


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"teams": (), "services": ()}, "Choose at least one team or service that moves."),
        ({"why": " "}, "Say why it moves, in a few words."),
        ({"on": make.TODAY - timedelta(days=1)}, "The day is over: choose today or a day to come."),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(other, words):
    with pytest.raises(Refused, match=words):
        planned(**other)


def test_what_is_not_theirs_cannot_move():
    hilltop = make.team("hilltop", lead_organisation=make.organisation("COU"))

    with pytest.raises(Refused, match="neither leads nor employs anybody in Hilltop team"):
        planned(teams=(hilltop.pk,))


def test_one_team_is_in_one_plan_at_a_time():
    first = planned()

    with pytest.raises(Refused, match="Riverside team is part of another move"):
        planned()

    transfers.withdraw(transfer=first.pk, by=administrator())
    assert planned().state == TransferState.PLANNED


def test_only_an_administrator_plans_and_moves():
    row = agreed()

    with pytest.raises(NoAccess):
        transfer_moving.move(transfer=row.pk, by=new_side())
    with pytest.raises(NoAccess):
        transfers.withdraw(transfer=row.pk, by=make.viewer())


# ---- both agree


def test_nobody_agrees_for_both_and_no_other_role_for_either():
    row = planned()
    both = old_side()
    transfers.agree(transfer=row.pk, words="We count one task more", by=both)

    with pytest.raises(Refused, match="nobody agrees for both"):
        transfers.agree(transfer=row.pk, words="", by=replace(both, organisation=northmoor().pk))
    with pytest.raises(NoAccess):
        transfers.agree(transfer=row.pk, words="", by=make.viewer(organisation=northmoor().pk))
    with pytest.raises(NoAccess):
        transfers.agree(transfer=row.pk, words="", by=old_side(organisation=make.organisation("COU").pk))
    row.refresh_from_db()
    assert row.state == TransferState.PLANNED
    assert list(row.agreements.values_list("side", "role", "words")) == [
        ("from", RoleCode.BOARD, "We count one task more")
    ]


def test_the_second_to_agree_makes_it_agreed_with_the_counts_both_saw():
    at_work()

    row = agreed()

    assert row.state == TransferState.AGREED
    assert [one.counts for one in row.agreements.order_by("side")] == [HELD, HELD]


def test_a_change_of_the_plan_is_agreed_to_anew():
    world, row = at_work(), agreed()

    transfers.change(transfer=row.pk, on=row.on, stays=[world["ines"].pk], by=administrator())

    row.refresh_from_db()
    assert (row.state, row.agreements.filter(ended_at=None).count()) == (TransferState.PLANNED, 0)
    with pytest.raises(TransferMoveNotAllowed):
        transfer_moving.move(transfer=row.pk, by=administrator())


# ---- the day


def test_it_does_not_move_before_its_day_and_then_by_itself_once():
    at_work()
    row = agreed(on=make.TODAY + timedelta(days=2))

    with pytest.raises(Refused, match="not before"):
        transfer_moving.move(transfer=row.pk, by=administrator())
    on_the_day = make.AT + timedelta(days=2)
    done = [transfer_moving.move_due(by=system(at=at)) for at in (make.AT, on_the_day, on_the_day)]

    row.refresh_from_db()
    assert (done, row.state) == ([0, 1, 0], TransferState.MOVED)


def test_all_of_it_moves_and_both_sides_count_the_same():
    at_work()

    row = moved()

    assert (held(row, make.organisation("RSB")), held(row, northmoor())) == (NONE, HELD)
    kept = {one.code: (one.before_from, one.after_from, one.after_to) for one in row.counts.all()}
    assert kept == {code: (many, 0, many) for code, many in HELD.items()}


def test_who_moves_keeps_working_without_a_gap_and_who_does_not_knows_nobody_any_more():
    world = at_work()

    moved(stays=(world["ines"].pk,))

    times = TeamMembership.objects.order_by("practitioner__given", "starts_on")
    assert [(one.practitioner.given, one.employer.code, one.starts_on, one.ends_on) for one in times] == [
        ("Ines", "RSB", SINCE, make.TODAY),
        ("Joanne", "RSB", SINCE, make.TODAY),
        ("Joanne", "NOR", make.TODAY, None),
        ("Sadia", "RSB", SINCE, make.TODAY),
        ("Sadia", "NOR", make.TODAY, None),
    ]
    signs_in = Role.objects.filter(ends_on=None).order_by("practitioner__given")
    assert [(one.practitioner.given, one.organisation.code) for one in signs_in] == [
        ("Ines", "RSB"),
        ("Joanne", "NOR"),
        ("Sadia", "NOR"),
    ]
    joanne = make.viewer(organisation=northmoor().pk)
    assert openable(viewer=joanne, person_ids=[world["peggy"].pk], on=make.TODAY) == {world["peggy"].pk}
    ines = make.viewer(given="Ines", teams=frozenset())
    assert openable(viewer=ines, person_ids=[world["peggy"].pk], on=make.TODAY) == set()


def test_what_was_theirs_who_do_not_move_goes_back_to_the_team():
    world = at_work()
    held_alert = world["alert"]
    Alert.objects.filter(pk=held_alert.pk).update(owner=world["ines"], state="taken", taken_at=make.AT)
    Support.objects.update(owner=world["ines"])

    moved(stays=(world["ines"].pk,))

    assert (Task.objects.get().owner, Task.objects.get().version) == (None, 2)
    assert TaskHistory.objects.filter(what="handed over").get().was_owner == world["ines"].pk
    assert (Alert.objects.get().owner, Alert.objects.get().state) == (None, "new")
    assert (Support.objects.get().owner, Support.objects.get().version) == (None, 2)
    assert SupportHistory.objects.values_list("what", "why").get() == ("handed over", "Did not move with the service")
    coordinating = Allocation.objects.filter(ends_at=None)
    assert [one.coordinator.given for one in coordinating] == ["Joanne"]
    assert WorkingDay.objects.get(practitioner=world["ines"]).ends_on == make.TODAY


def test_the_story_stays_what_was_written_before_keeps_its_sender_and_its_team():
    at_work()
    before = [list(model.objects.order_by("pk").values("pk", "sender", "team")) for model in (Caseload, Task, Alert)]

    moved()

    after = [list(model.objects.order_by("pk").values("pk", "sender", "team")) for model in (Caseload, Task, Alert)]
    assert after == before
    assert Post.objects.filter(employer=make.organisation("RSB")).get().ends_on == make.TODAY


def test_an_open_referral_is_the_new_organisations_to_answer_and_an_ended_one_stays():
    world = at_work()
    over = referral(world["peggy"], state="withdrawn", ended_at=make.AT)

    moved()

    world["referral"].refresh_from_db()
    over.refresh_from_db()
    assert world["referral"].to_organisation == northmoor()
    assert world["referral"].relationship.organisation == northmoor()
    assert over.to_organisation == make.organisation("RSB")
    old = Relationship.objects.get(person=world["stan"], organisation=make.organisation("RSB"))
    assert (old.ends_on, old.ended_reason) == (make.TODAY, "The service moved to another organisation")


def test_everybody_on_the_caseload_can_read_that_their_care_moved():
    world = at_work()

    moved()

    told = Event.objects.filter(what="transfer.person-moved").values_list("person_id", flat=True)
    assert set(told) == {world["peggy"].pk, world["stan"].pk}


def test_staff_of_others_in_the_team_and_teams_that_others_lead_are_left_alone():
    at_work()
    social_worker = make.practitioner("Marcus", employer=make.organisation("COU"))
    make.member(social_worker, make.team())
    shared = make.team("shared", lead_organisation=make.organisation("COU"))
    make.member(staff("Joanne"), shared)

    moved(teams=(make.team().pk, shared.pk))

    assert TeamMembership.objects.get(practitioner=social_worker).employer == make.organisation("COU")
    assert Team.objects.get(code="shared").lead_organisation == make.organisation("COU")
    now = TeamMembership.objects.get(practitioner=make.practitioner(), team=shared, ends_on=None)
    assert now.employer == northmoor()


def test_who_also_works_elsewhere_for_the_old_organisation_signs_in_for_both():
    at_work()
    make.member(make.practitioner(), make.team("hilltop"))

    moved()

    roles = Role.objects.filter(practitioner=make.practitioner(), ends_on=None).order_by("organisation__code")
    assert [one.organisation.code for one in roles] == ["NOR", "RSB"]
    assert make.practitioner().employer == make.organisation("RSB")


def test_who_has_the_role_there_already_is_counted_as_there():
    at_work()
    make.role(make.practitioner(), organisation=northmoor())

    row = moved()

    kept = row.counts.get(code="roles")
    assert (kept.before_from, kept.before_to, kept.after_to, kept.there) == (3, 1, 3, 1)
    assert Role.objects.filter(practitioner=make.practitioner(), ends_on=None).count() == 1


# ---- counts that differ


def test_counts_that_differ_stop_it_and_nothing_has_moved(monkeypatch):
    at_work()
    row, before = agreed(), picture()
    monkeypatch.setattr(transfer_rows, "posts", lambda **_: None)

    with pytest.raises(CountsDiffer, match=r"Posts: 1 before, 0 after, 1 left behind"):
        transfer_moving.move(transfer=row.pk, by=administrator())

    row.refresh_from_db()
    assert (row.state, row.run, row.lines.count(), row.counts.count()) == (TransferState.AGREED, 0, 0, 0)
    assert row.stopped_words.startswith("The counts before and after are not the same, so nothing was moved")
    assert picture() == before
    assert transfer_moving.move_due(by=system(at=make.AT)) == 0


# ---- undone, and done again


def test_undone_everything_is_as_it_was_and_done_again_it_counts_the_same():
    world = at_work()
    row = agreed(stays=(world["ines"].pk,))
    before, counted = picture(), held(row, make.organisation("RSB"))
    row = transfer_moving.move(transfer=row.pk, by=administrator())
    first = {one.code: (one.before_from, one.before_to, one.after_from, one.after_to) for one in row.counts.all()}

    left = transfer_moving.undo(transfer=row.pk, by=later(administrator(), hours=1))

    assert (left, picture()) == ([], before)
    row.refresh_from_db()
    assert (row.state, held(row, make.organisation("RSB"))) == (TransferState.AGREED, counted)
    row = transfer_moving.move(transfer=row.pk, by=later(administrator(), hours=2))
    again = {
        one.code: (one.before_from, one.before_to, one.after_from, one.after_to) for one in row.counts.filter(run=2)
    }
    assert again == first


def test_what_was_undone_is_not_moved_again_by_itself():
    at_work()
    row = moved()
    transfer_moving.undo(transfer=row.pk, by=administrator())

    assert transfer_moving.move_due(by=system(at=make.AT)) == 0


def test_undoing_names_what_was_changed_since_and_undoes_nothing():
    at_work()
    row = moved()
    now = TeamMembership.objects.get(practitioner=make.practitioner(), ends_on=None)
    TeamMembership.objects.filter(pk=now.pk).update(ends_on=make.TODAY + timedelta(days=9))
    make.member(make.practitioner("Nora", employer=northmoor()), make.team(), starts_on=make.TODAY)
    before = picture()

    with pytest.raises(ChangedSince) as refused:
        transfer_moving.undo(transfer=row.pk, by=administrator())

    assert refused.value.rows == [
        "Joanne Fielding's time in a team was changed",
        "Times in a team, of those who move: 1 begun since at the new organisation",
    ]
    assert picture() == before


def test_work_that_went_on_since_is_left_as_it_is():
    world = at_work()
    row = moved(stays=(world["ines"].pk,))
    joanne = make.viewer(RoleCode.CARE_COORDINATOR, organisation=northmoor().pk)
    tasks.take(task=world["task"].pk, by=joanne)
    hand_over(caseload=world["places"][1].pk, coordinator=joanne.id, why="Ines stayed", by=joanne)

    left = transfer_moving.undo(transfer=row.pk, by=administrator())

    assert sorted(left) == ["who coordinates somebody's care", "who does a task"]
    assert Task.objects.get().owner_id == joanne.id
    assert Team.objects.get(code="riverside").lead_organisation == make.organisation("RSB")


def test_a_referral_that_the_new_organisation_answered_since_stays_with_it():
    world = at_work()
    row = moved()
    world["referral"].refresh_from_db()
    end_relationship(
        relationship=world["referral"].relationship, ends_on=make.TODAY, reason="It is over.", by=make.viewer()
    )
    Referral.objects.update(state="withdrawn", ended_at=make.AT)

    left = transfer_moving.undo(transfer=row.pk, by=administrator())

    world["referral"].refresh_from_db()
    assert (left, world["referral"].to_organisation) == (["a referral"], northmoor())
    assert Relationship.objects.filter(person=world["stan"], kind="referral", ended_at=None).count() == 0


def test_a_referral_that_came_since_goes_back_with_the_service():
    world = at_work()
    row = moved()
    since = referral(world["peggy"], to_organisation=northmoor(), relationship=None)

    transfer_moving.undo(transfer=row.pk, by=administrator())

    since.refresh_from_db()
    assert since.to_organisation == make.organisation("RSB")


def test_somebody_referred_anew_to_the_old_organisation_does_not_keep_it_from_being_undone():
    world = at_work()
    row, old = moved(), make.organisation("RSB")
    anew = make.relationship(
        world["stan"], kind=RelationKind.REFERRAL, team=None, organisation=old, starts_on=make.TODAY
    )

    left = transfer_moving.undo(transfer=row.pk, by=administrator())

    world["referral"].refresh_from_db()
    assert (left, world["referral"].to_organisation, world["referral"].relationship_id) == ([], old, anew.pk)
    reasons = Relationship.objects.filter(person=world["stan"], kind="referral", ended_at=None)
    assert [one.pk for one in reasons] == [anew.pk]


def test_who_supports_somebody_is_put_back_and_whoever_took_them_since_stays():
    world = at_work()
    Support.objects.update(owner=world["ines"])
    row = moved(stays=(world["ines"].pk,))
    transfer_moving.undo(transfer=row.pk, by=administrator())
    back = Support.objects.get().owner
    transfer_moving.move(transfer=row.pk, by=administrator())
    Support.objects.update(owner=world["joanne"])

    left = transfer_moving.undo(transfer=row.pk, by=administrator())

    assert (back.given, left, Support.objects.get().owner.given) == ("Ines", ["who supports somebody"], "Joanne")


# ---- what other files say

SOUP = {
    "id": "5c0a8c3e-1111-4111-8111-000000000001",
    "name": "Soup",
    "description": "Soup on Fridays",
    "status": "active",
}


def fed(days: int, **other: str) -> Service:
    """The service as it stands once a directory's file was taken in, which names the hospitals as whose it is."""
    offers = {"id": "5c0a8c3e-1111-4111-8111-0000000000aa", "name": make.organisation("RSB").name}
    content = json.dumps([{**SOUP, "organization": offers, **other}]).encode()
    feeds.take_in(content=content, feed="soup", by=system(at=make.AT + timedelta(days=days)))
    return Service.objects.get(feed="soup")


def test_no_directorys_file_takes_back_a_service_that_moved():
    at_work()
    row = moved(services=(fed(0).pk,))

    again = fed(1, description="Soup and bread")

    assert (again.organisation, again.description) == (northmoor(), "Soup and bread")
    transfers.sign(transfer=row.pk, words="", by=new_side())
    assert row.agreements.filter(step="moved", ended_at=None).count() == 1


def test_once_it_is_undone_the_file_says_again_whose_the_service_is():
    at_work()
    row = moved(services=(fed(0).pk,))
    kept = fed(1, description="Soup and bread").kept_here

    transfer_moving.undo(transfer=row.pk, by=administrator())

    undone = Service.objects.get(feed="soup")
    assert (kept, undone.kept_here, undone.organisation.code) == (["organisation_id"], [], "RSB")


def test_a_service_that_moved_before_is_kept_where_the_second_move_is_undone():
    at_work()
    first = moved(services=(fed(0).pk,))
    for side in (old_side(), new_side()):
        transfers.sign(transfer=first.pk, words="", by=side)
    third = make.organisation("MILL")
    second = planned(
        from_organisation=northmoor().pk,
        to_organisation=third.pk,
        teams=(),
        services=(Service.objects.get(feed="soup").pk,),
    )
    for by in (old_side(organisation=northmoor().pk), old_side("Mo", organisation=third.pk)):
        transfers.agree(transfer=second.pk, words="", by=by)
    transfer_moving.move(transfer=second.pk, by=administrator())

    transfer_moving.undo(transfer=second.pk, by=administrator())

    again = fed(1)
    assert (again.organisation, again.kept_here) == (northmoor(), ["organisation_id"])


# ---- signing


def test_both_sign_and_then_it_cannot_be_undone_and_the_two_are_linked():
    at_work()
    row = moved()

    transfers.sign(transfer=row.pk, words="", by=old_side())
    signed = transfers.sign(transfer=row.pk, words="One post is vacant", by=new_side())

    assert signed.state == TransferState.SIGNED
    with pytest.raises(TransferMoveNotAllowed):
        transfer_moving.undo(transfer=row.pk, by=administrator())
    link = Successor.objects.get()
    assert (link.from_organisation.code, link.to_organisation.code, link.on, link.note) == (
        "RSB",
        "NOR",
        make.TODAY,
        "In part: Nursing, Riverside team.",
    )


def test_what_is_left_behind_must_be_taken_along_before_anybody_signs():
    world = at_work()
    row = moved()
    late = referral(world["peggy"])

    with pytest.raises(Refused, match="Referrals to a service, not yet over: 1"):
        transfers.sign(transfer=row.pk, words="", by=new_side())
    transfer_moving.take_along(transfer=row.pk, by=administrator())

    late.refresh_from_db()
    assert late.to_organisation == northmoor()
    assert transfers.sign(transfer=row.pk, words="", by=new_side()).state == TransferState.MOVED
    with pytest.raises(Refused, match="Nothing came since"):
        transfer_moving.take_along(transfer=row.pk, by=administrator())


def test_what_was_taken_along_is_undone_too():
    world = at_work()
    row = moved()
    late = referral(world["peggy"])
    transfer_moving.take_along(transfer=row.pk, by=administrator())

    transfer_moving.undo(transfer=row.pk, by=administrator())

    late.refresh_from_db()
    assert (late.to_organisation, late.relationship.organisation) == (make.organisation("RSB"),) * 2


def test_a_second_service_moves_with_the_link_that_is_there():
    at_work()
    Successor.objects.create(
        id=new_id(), from_organisation=make.organisation("RSB"), to_organisation=northmoor(), on=make.TODAY,
        note="Before", **make.ORIGIN,
    )  # fmt: skip
    row = moved(teams=(), services=(service().pk,))
    transfers.sign(transfer=row.pk, words="", by=old_side())
    transfers.sign(transfer=row.pk, words="", by=new_side())

    assert Successor.objects.get().note == "Before"
    assert Caseload.objects.exclude(team__lead_organisation=make.organisation("RSB")).count() == 0
