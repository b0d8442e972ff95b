"""Reasons to know two people who were merged: one person, one reason, one end."""

from datetime import timedelta

import pytest

from locality.access.actions import end_relationship, relate_from_source
from locality.access.actions.relating import Arrived
from locality.access.models import Relationship
from locality.access.queries import involved
from locality.base import system
from locality.people.actions import merge_people
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


def later(days: int = 1):
    return system(at=make.AT + timedelta(days=days))


@pytest.fixture
def merged(db):
    """A person and who was merged into them, each known to the riverside team."""
    kept, alias = make.person("Hargreaves", "Peg"), make.person("Hargreaves", "Peggy")
    rows = make.relationship(kept), make.relationship(alias)
    merge_people(kept=kept, alias=alias, reason="They said so", by=later(0))
    return kept, alias, rows


def test_who_ends_a_reason_ends_it_for_both_who_were_merged(merged):
    _, _, (one, other) = merged

    end_relationship(relationship=one, ends_on=later().at.date(), reason="Discharged", by=later())

    assert set(Relationship.objects.values_list("ended_reason", flat=True)) == {"Discharged"}
    assert Relationship.objects.filter(pk__in=[one.pk, other.pk], ended_at=None).count() == 0


def test_a_reason_of_another_team_does_not_end_with_it(merged):
    kept, _, (one, _) = merged
    theirs = make.relationship(kept, team=make.team("hilltop"))

    end_relationship(relationship=one, ends_on=later().at.date(), reason="Discharged", by=later())

    assert Relationship.objects.get(ended_at=None) == theirs


def test_a_team_that_knew_both_is_involved_once(merged):
    kept, _, (one, _) = merged

    found = involved(make.opened(kept))

    assert [(row.kind, row.since) for row in found] == [(one.kind, one.starts_on)]


def test_who_registers_elsewhere_leaves_the_practice_that_the_alias_was_registered_with():
    source = make.source("gp", asserts=["registered_practice"])
    for code in ("PR1", "PR2"):
        make.organisation(code, kind="practice")
    kept, alias = make.person("Hargreaves", "Peg"), make.person("Hargreaves", "Peggy")
    for row in (kept, alias):
        relate_from_source(
            source=source, people=[Arrived(person=row.pk, practice_code="PR1", postcode="")], by=later(0)
        )
    merge_people(kept=kept, alias=alias, reason="They said so", by=later(0))

    relate_from_source(source=source, people=[Arrived(person=kept.pk, practice_code="PR2", postcode="")], by=later())

    assert [row.organisation.code for row in Relationship.objects.filter(ended_at=None)] == ["PR2"]
