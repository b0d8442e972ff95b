"""Joiners, movers and leavers, one at a time: each change is written down, and can be taken back."""

from datetime import UTC, date, datetime, timedelta

import pytest

from locality.access import queries as access
from locality.access.actions.accounts import shut_account
from locality.access.actions.postings import (
    Joiner,
    Move,
    add_staff,
    end_role_of,
    give_role,
    leave,
    move_staff,
    take_back,
)
from locality.access.models import Account, Notice, Role, Session
from locality.access.queries.staff import may_keep_staff
from locality.access.rules import RoleCode
from locality.base import NoAccess, NotFound, Refused
from locality.directory.models import Practitioner, TeamMembership
from locality.journal.models import Event
from locality.watch.leaving import leaving
from tests import factories as make

pytestmark = pytest.mark.django_db

TODAY, NEXT_MONTH = make.TODAY, date(2026, 12, 1)
OTHERS = [code for code in RoleCode if code != RoleCode.ADMINISTRATOR]


@pytest.fixture
def sam():
    return make.viewer(RoleCode.ADMINISTRATOR, given="Sam")


@pytest.fixture
def ruth():
    """A nurse of the riverside team, who may sign in."""
    who = make.practitioner("Ruth", "Adler")
    make.member(who, make.team())
    make.role(who)
    return who


def joins(**other) -> Joiner:
    told = {"code": "N-7", "given": "Cy", "family": "Elm", "profession": "Nurse", "starts_on": NEXT_MONTH}
    return Joiner(**(told | {"employer": make.organisation("RSB")} | other))


def works(who) -> list[tuple]:
    rows = TeamMembership.objects.filter(practitioner=who).order_by("starts_on", "team__code")
    return [(row.team.code, row.starts_on, row.ends_on) for row in rows]


def may_be(who) -> list[tuple]:
    rows = Role.objects.filter(practitioner=who).order_by("starts_on", "code")
    return [(row.code, row.organisation.code, row.starts_on, row.ends_on) for row in rows]


def written() -> list[str]:
    return list(Event.objects.order_by("id").values_list("what", flat=True))


# ---- joining


def test_who_joins_has_a_team_a_role_and_an_account_without_a_password(sam):
    told = {"team": make.team(), "role": "clinician", "username": "Cy.Elm", "prefix": "Dr", "registration": "A1"}

    who = add_staff(place=make.place(), joiner=joins(**told), by=sam)

    assert (who.name, who.code, who.employer.code, who.registration) == ("Dr Cy Elm", "n-7", "RSB", "A1")
    assert who.origin == f"added by {sam.name}"
    assert works(who) == [("riverside", NEXT_MONTH, None)]
    assert who.memberships.get().post == "Nurse"
    assert may_be(who) == [("clinician", "RSB", NEXT_MONTH, None)]
    assert not Account.objects.get(username="cy.elm").has_usable_password()
    assert written() == ["practitioner.add", "team.join", "role.added", "account.added"]


def test_whoever_joins_may_begin_with_no_team_no_role_and_no_account(sam):
    who = add_staff(place=make.place(), joiner=joins(), by=sam)

    assert (works(who), may_be(who), Account.objects.count()) == ([], [], 0)


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"code": "ruth-adler"}, "There is already a practitioner with the code 'ruth-adler'."),
        ({"username": "ruth-adler"}, "There is already an account of that name."),
        ({"role": "wizard"}, "There is no role 'wizard'. The roles are:"),
    ],
)
def test_who_cannot_join_is_refused_whole(sam, ruth, other, sentence):
    make.account(ruth)

    with pytest.raises(Refused, match=sentence):
        add_staff(place=make.place(), joiner=joins(team=make.team(), **other), by=sam)

    assert Practitioner.objects.filter(family="Elm").count() == 0
    assert TeamMembership.objects.count() == 1


def test_nobody_joins_an_organisation_that_is_over(sam):
    gone = make.organisation("OLD", name="Old Trust", ends_on=date(2026, 4, 1))

    with pytest.raises(Refused, match="Old Trust is not there on 1 December 2026"):
        add_staff(place=make.place(), joiner=joins(employer=gone), by=sam)


# ---- moving


def test_who_moves_leaves_one_team_on_a_day_and_is_in_the_other_from_a_day(sam, ruth):
    hilltop = make.team("hilltop")
    move = Move(
        leaves=ruth.memberships.get().pk, ends_on=NEXT_MONTH, joins=hilltop, starts_on=NEXT_MONTH, post="Team lead"
    )

    change = move_staff(practitioner=ruth, move=move, by=sam)

    assert works(ruth) == [("riverside", date(2026, 4, 1), NEXT_MONTH), ("hilltop", NEXT_MONTH, None)]
    assert ruth.memberships.get(team=hilltop).post == "Team lead"
    assert change.words == (
        "Ruth Adler leaves Riverside team after 30 November 2026 and joins Hilltop team on 1 December 2026."
    )
    assert written() == ["team.leave", "team.join", "staff.move"]


def test_a_move_taken_back_is_as_if_it_had_not_been(sam, ruth):
    before = works(ruth)
    move = Move(leaves=ruth.memberships.get().pk, ends_on=NEXT_MONTH, joins=make.team("hilltop"), starts_on=NEXT_MONTH)
    change = move_staff(practitioner=ruth, move=move, by=sam)

    take_back(change=change, by=sam)

    # what began ended on the day it began, and holds on no day
    assert works(ruth) == [*before, ("hilltop", NEXT_MONTH, NEXT_MONTH)]
    assert written()[-3:] == ["team.end-changed", "team.end-changed", "staff.undo"]


def test_a_move_may_be_made_again_after_it_was_taken_back(sam, ruth):
    move = Move(joins=make.team("hilltop"), starts_on=NEXT_MONTH)
    take_back(change=move_staff(practitioner=ruth, move=move, by=sam), by=sam)

    move_staff(practitioner=ruth, move=move, by=sam)

    assert works(ruth)[-1] == ("hilltop", NEXT_MONTH, None)


def test_a_new_post_in_the_same_team_can_be_taken_back_too(sam, ruth):
    before = works(ruth)
    again = Move(leaves=ruth.memberships.get().pk, ends_on=NEXT_MONTH, joins=make.team(), starts_on=NEXT_MONTH)

    take_back(change=move_staff(practitioner=ruth, move=again, by=sam), by=sam)

    assert works(ruth) == [*before, ("riverside", NEXT_MONTH, NEXT_MONTH)]


def test_a_move_that_cannot_be_made_changes_nothing(sam, ruth):
    before = works(ruth)
    late = Move(leaves=ruth.memberships.get().pk, ends_on=NEXT_MONTH, joins=make.team(), starts_on=TODAY)

    with pytest.raises(Refused, match="Ruth Adler is already in Riverside team from 1 April 2026"):
        move_staff(practitioner=ruth, move=late, by=sam)
    with pytest.raises(Refused, match="Choose a team to leave and its last day, a team to join and its first day"):
        move_staff(practitioner=ruth, move=Move(), by=sam)

    assert works(ruth) == before


def test_a_team_of_somebody_else_is_not_found(sam, ruth):
    other = make.member(make.practitioner("Nathan", "Quayle"), make.team("hilltop"))

    with pytest.raises(NotFound, match="There is no such role or team of theirs"):
        move_staff(practitioner=ruth, move=Move(leaves=other.pk, ends_on=NEXT_MONTH), by=sam)


# ---- roles


def test_a_role_is_given_from_a_day_and_can_be_taken_back(sam, ruth):
    council = make.organisation("council")
    told = {"organisation": council, "code": "social_worker", "starts_on": NEXT_MONTH}

    change = give_role(practitioner=ruth, by=sam, **told)

    assert may_be(ruth)[-1] == ("social_worker", "council", NEXT_MONTH, None)
    assert change.words == "Ruth Adler may sign in as social worker at Smallborough Council from 1 December 2026."
    take_back(change=change, by=sam)
    assert may_be(ruth)[-1] == ("social_worker", "council", NEXT_MONTH, NEXT_MONTH)
    give_role(practitioner=ruth, by=sam, **told)
    assert [row[:2] for row in may_be(ruth) if row[-1] is None] == [("clinician", "RSB"), ("social_worker", "council")]


def test_a_role_that_somebody_has_is_not_given_twice(sam, ruth):
    with pytest.raises(Refused, match="Ruth Adler has this role at Smallborough Hospitals already"):
        give_role(
            practitioner=ruth, organisation=make.organisation("RSB"), code="clinician", starts_on=NEXT_MONTH, by=sam
        )


def test_a_role_that_ends_cannot_be_chosen_from_that_day_on(sam, ruth):
    account = make.account(ruth)

    change = end_role_of(practitioner=ruth, role_id=Role.objects.get().pk, ends_on=NEXT_MONTH, by=sam)

    assert change.words == "Ruth Adler may sign in as clinician at Smallborough Hospitals until 30 November 2026."
    days = [date(2026, 11, 30), NEXT_MONTH]
    assert [access.roles_today(account_id=account.pk, on=day).count() for day in days] == [1, 0]
    take_back(change=change, by=sam)
    assert [access.roles_today(account_id=account.pk, on=day).count() for day in days] == [1, 1]


def test_a_role_with_an_end_may_end_sooner(sam, ruth):
    Role.objects.update(ends_on=date(2027, 4, 1))

    change = end_role_of(practitioner=ruth, role_id=Role.objects.get().pk, ends_on=NEXT_MONTH, by=sam)

    assert may_be(ruth)[0][-1] == NEXT_MONTH
    take_back(change=change, by=sam)
    assert may_be(ruth)[0][-1] == date(2027, 4, 1)


def test_an_end_is_not_taken_back_once_the_role_was_given_again(sam, ruth):
    change = end_role_of(practitioner=ruth, role_id=Role.objects.get().pk, ends_on=TODAY, by=sam)
    give_role(practitioner=ruth, organisation=make.organisation("RSB"), code="clinician", starts_on=TODAY, by=sam)

    with pytest.raises(Refused, match="They have been made clinician at Smallborough Hospitals again since"):
        take_back(change=change, by=sam)


# ---- leaving


@pytest.fixture
def busy(ruth):
    """Ruth, with something that has ended, something that would end later, and something that would begin later."""
    make.member(ruth, make.team("meadows"), starts_on=date(2024, 1, 1), ends_on=date(2025, 1, 1))
    make.member(ruth, make.team("hilltop"), ends_on=date(2027, 4, 1))
    make.member(ruth, make.team("valley"), starts_on=date(2027, 1, 1))
    make.role(ruth, "care_coordinator", starts_on=date(2027, 1, 1))
    make.role(ruth, "analyst", ends_on=date(2026, 6, 1))
    return ruth


def test_who_leaves_has_no_role_and_no_team_after_that_day(sam, busy):
    change = leave(practitioner=busy, ends_on=NEXT_MONTH, by=sam)

    assert change.words == "Ruth Adler leaves after 30 November 2026: 2 roles and 3 teams end."
    assert works(busy) == [
        ("meadows", date(2024, 1, 1), date(2025, 1, 1)),
        ("hilltop", date(2026, 4, 1), NEXT_MONTH),
        ("riverside", date(2026, 4, 1), NEXT_MONTH),
        ("valley", date(2027, 1, 1), date(2027, 1, 1)),
    ]
    assert [(code, ends_on) for code, _, _, ends_on in may_be(busy)] == [
        ("analyst", date(2026, 6, 1)),
        ("clinician", NEXT_MONTH),
        ("care_coordinator", date(2027, 1, 1)),
    ]
    assert Event.objects.get(what="staff.leave").detail == {"words": change.words}


def test_leaving_taken_back_gives_everything_its_own_end_again(sam, busy):
    before = works(busy), may_be(busy)

    take_back(change=leave(practitioner=busy, ends_on=NEXT_MONTH, by=sam), by=sam)

    assert (works(busy), may_be(busy)) == before


def test_whoever_leaves_can_sign_in_as_nothing_on_the_next_page(sam, ruth):
    account, role = make.account(ruth), Role.objects.get()

    leave(practitioner=ruth, ends_on=TODAY, by=sam)

    with pytest.raises(NotFound, match="This role has ended"):
        access.viewer(account_id=account.pk, role_id=role.pk, at=make.AT)


def test_nobody_leaves_twice(sam, ruth):
    leave(practitioner=ruth, ends_on=TODAY, by=sam)

    with pytest.raises(Refused, match="Ruth Adler has no role and no team after 30 November 2026: nothing ends"):
        leave(practitioner=ruth, ends_on=NEXT_MONTH, by=sam)


def test_what_was_changed_again_since_is_not_taken_back(sam, ruth):
    change = leave(practitioner=ruth, ends_on=NEXT_MONTH, by=sam)
    leave(practitioner=ruth, ends_on=TODAY, by=sam)
    before = works(ruth), may_be(ruth)

    with pytest.raises(Refused, match="This has been changed again since, so it was not taken back"):
        take_back(change=change, by=sam)

    assert (works(ruth), may_be(ruth)) == before


# ---- who may


def everything(who, *, by) -> list:
    """Each way of changing staff, not yet done."""
    role, membership = Role.objects.get(practitioner=who), TeamMembership.objects.get(practitioner=who)
    council = make.organisation("council")
    change = Move(leaves=membership.pk, ends_on=NEXT_MONTH)
    return [
        lambda: move_staff(practitioner=who, move=change, by=by),
        lambda: give_role(practitioner=who, organisation=council, code="clinician", starts_on=NEXT_MONTH, by=by),
        lambda: end_role_of(practitioner=who, role_id=role.pk, ends_on=NEXT_MONTH, by=by),
        lambda: leave(practitioner=who, ends_on=NEXT_MONTH, by=by),
    ]


@pytest.mark.parametrize("code", OTHERS)
def test_no_other_role_changes_staff(ruth, sam, code):
    other = make.viewer(code)
    change = end_role_of(practitioner=ruth, role_id=Role.objects.get().pk, ends_on=NEXT_MONTH, by=sam)
    before = works(ruth), may_be(ruth), Practitioner.objects.count()
    ways = [
        *everything(ruth, by=other),
        lambda: take_back(change=change, by=other),
        lambda: add_staff(place=make.place(), joiner=joins(employer=ruth.employer), by=other),
    ]

    for way in ways:
        with pytest.raises(NoAccess, match="does not keep the list of staff"):
            way()

    assert (works(ruth), may_be(ruth), Practitioner.objects.count()) == before
    assert not may_keep_staff(other)


def test_an_administrator_changes_nothing_of_their_own(sam):
    me = Practitioner.objects.get(pk=sam.id)
    make.member(me, make.team())
    make.role(me, "administrator")
    before = works(me), may_be(me)

    for way in everything(me, by=sam):
        with pytest.raises(Refused, match="These are your own roles and teams: another administrator changes them"):
            way()

    assert (works(me), may_be(me)) == before


def test_nothing_ends_before_it_began_however_early_the_day(sam, ruth):
    change = leave(practitioner=ruth, ends_on=date(2026, 4, 1) - timedelta(days=30), by=sam)

    # nothing ends before it began: it ends at once, and never was
    assert works(ruth) == [("riverside", date(2026, 4, 1), date(2026, 4, 1))]
    take_back(change=change, by=sam)
    assert works(ruth) == [("riverside", date(2026, 4, 1), None)]


# ---- the account of whoever leaves


def signs_in(who) -> bool:
    return Account.objects.get(practitioner=who).is_active


def test_whoever_leaves_today_signs_in_no_more_and_is_signed_out_everywhere(sam, ruth):
    account = make.account(ruth, email="ruth@example.org")
    Session.objects.create(session_key="k", session_data="", expire_date=make.AT, account=account)

    leave(practitioner=ruth, ends_on=TODAY, by=sam)

    assert (signs_in(ruth), Session.objects.count()) == (False, 0)
    assert Event.objects.get(what="account.shut").about_id == account.pk
    assert [(one.to, one.what) for one in Notice.objects.all()] == [("ruth@example.org", "account.shut")]


def test_whoever_leaves_on_a_day_to_come_is_shut_out_on_that_day_and_nobody_else_is(sam, ruth):
    stays = make.practitioner("Tom", "Ash")
    make.role(stays)
    for who in (ruth, stays, make.practitioner("New", "Comer")):
        make.account(who)
    leave(practitioner=ruth, ends_on=NEXT_MONTH, by=sam)
    turns = []

    for on in (NEXT_MONTH - timedelta(days=1), NEXT_MONTH, NEXT_MONTH):
        leaving(now=lambda on=on: datetime(on.year, on.month, on.day, 9, tzinfo=UTC))()
        turns.append(signs_in(ruth))

    assert (turns, Account.objects.filter(is_active=True).count()) == ([True, False, False], 2)
    assert Event.objects.filter(what="account.shut").count() == 1


@pytest.mark.parametrize("back", ["taken back", "a role again"])
def test_an_account_opens_again_with_a_role(sam, ruth, back):
    make.account(ruth)
    change = leave(practitioner=ruth, ends_on=TODAY, by=sam)

    if back == "taken back":
        take_back(change=change, by=sam)
    else:
        give_role(practitioner=ruth, organisation=make.organisation(), code="clinician", starts_on=TODAY, by=sam)

    assert signs_in(ruth) is True


def test_nobody_else_shuts_an_account(ruth):
    account = make.account(ruth)

    with pytest.raises(NoAccess):
        shut_account(account=account, by=make.viewer())

    assert signs_in(ruth) is True
