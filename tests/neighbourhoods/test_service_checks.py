"""Whoever owns a service is reminded once that nobody made sure of it within a year, until somebody does."""

from datetime import timedelta

import pytest

from locality.base import system
from locality.directory.actions import services
from locality.neighbourhoods.actions.service_checks import remind_owners
from locality.neighbourhoods.models import Alert
from locality.neighbourhoods.queries import inbox
from locality.neighbourhoods.queries.inbox import Wanted
from tests import factories as make
from tests.neighbourhoods.referral_world import befriending, nurse, volunteer

pytestmark = pytest.mark.django_db
OLD = make.TODAY - timedelta(days=366)


def turn(**later: float) -> int:
    return remind_owners(by=system(at=make.AT + timedelta(**later)))


def gwen(**other):
    return make.practitioner("Gwen", employer=make.organisation("circle"), **other)


def test_the_owner_is_reminded_once_with_when_it_was_checked_last():
    row = befriending(owner=gwen(), assured_on=OLD)

    turns = [turn(), turn(hours=1), turn(days=40)]

    [told] = inbox.told(viewer=volunteer())
    assert (turns, told.kind, told.about_id, told.owner) == ([1, 0, 0], "to check", row.pk, "Gwen Fielding")
    assert told.words == "Befriending at home: is what the directory says of it still right? Last checked 12 months ago"


def test_what_was_checked_within_a_year_or_is_over_or_has_no_owner_reminds_nobody():
    befriending(owner=gwen(), assured_on=OLD + timedelta(days=1))
    befriending(id=make.named_id("service", "b"), code="b", owner=gwen(), assured_on=OLD, ends_on=make.TODAY)

    assert turn() == 0


def test_nobody_of_another_organisation_reads_it():
    befriending(owner=gwen(), assured_on=OLD)
    turn()

    assert inbox.told(viewer=nurse(), wanted=Wanted(mine=False)) == []


def test_an_owner_in_a_team_finds_it_in_the_inbox_of_that_team():
    joanne = make.practitioner()
    make.member(joanne, make.team())
    befriending(owner=joanne, assured_on=OLD)

    turn()

    assert [(one.team_id, one.owner_id) for one in inbox.told(viewer=nurse())] == [(make.team().pk, joanne.pk)]


def test_made_sure_of_it_is_the_end_of_it_and_a_year_later_it_is_asked_again():
    row = befriending(owner=gwen(), assured_on=OLD)
    turn()

    services.assure(service=row.pk, by=volunteer())
    turns = [turn(hours=1), turn(days=367)]

    assert (turns, list(Alert.objects.order_by("made_at").values_list("state", flat=True))) == ([0, 1], ["done", "new"])


def test_another_owner_is_reminded_instead_of_the_one_before():
    row = befriending(owner=gwen(), assured_on=OLD)
    turn()
    row.owner = make.practitioner("Nell", employer=make.organisation("circle"))
    row.save(update_fields=["owner"])

    turn(hours=1)

    assert list(Alert.objects.order_by("made_at").values_list("owner__given", "state")) == [
        ("Gwen", "done"),
        ("Nell", "new"),
    ]
