"""The demo made again, on another day."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import QuerySet

from locality.access import actions as access
from locality.access.models import Proxy, Relationship
from locality.base import Viewer, system
from locality.demo.actions import NAMER, _viewer, make
from locality.directory import queries as directory
from locality.neighbourhoods.queries import assessments, inbox, plans
from locality.neighbourhoods.rules.inbox import AlertState

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def made(folder, *, at: datetime) -> None:
    make(pack="bury", folder=folder, now=lambda: at, spread=map, ways=1, tell=lambda words: None)


def by_hand() -> QuerySet[Relationship]:
    return Relationship.objects.filter(source=None).order_by("pk")


def officer() -> Viewer:
    return replace(_viewer(NAMER, at=NOW), second_factor=True)


def test_the_demo_made_again_says_no_reason_twice_and_gives_nothing_back_that_was_ended(tmp_path):
    made(tmp_path, at=NOW)
    team = directory.team("stroke-neuro").pk
    ended = by_hand().filter(team=team, ends_on=None).first()
    access.end_relationship(relationship=ended, ends_on=NOW.date(), reason="Ended by hand", by=system(at=NOW))
    access.end_proxy(proxy_id=Proxy.objects.get().pk, words="Peggy asked for it", by=officer())
    before = list(by_hand().values()), list(Proxy.objects.values())

    made(tmp_path, at=NOW + timedelta(days=12))

    assert (list(by_hand().values()), list(Proxy.objects.values())) == before


def test_the_demo_has_one_whole_plan_a_finished_assessment_and_a_carers_draft(tmp_path):
    made(tmp_path, at=NOW)
    nurse, worker = (_viewer(one, at=NOW) for one in ("joanne.fielding", "marcus.obi"))
    lines = assessments.of_team(viewer=worker)
    peggy = next(one.person for one in lines if one.person.likes == "Peggy")

    plan = plans.plan(grant=access.open_record(person_id=peggy.pk, by=nurse), at=NOW)

    assert (len(plan.goals), plan.overdue, len(plan.contingencies)) == (3, 1, 2)
    assert ([len(line.actions) for line in plan.goal_lines], len(plan.besides)) == ([2, 1, 0], 1)
    assert [one.content.who_words for one in plan.copies] == ["Ann, her daughter"]
    assert next(one.part.content.words for one in plan.about_me if one.code == "matters").startswith(
        "My own front door"
    )
    assert [[against for _, against in one.beside] for one in plan.wishes] == [[], [True, True]]
    assert sorted((one.person.given, one.form, one.state) for one in lines) == [
        ("Ann", "care-act-carer", "draft"),
        ("Margaret Rose", "care-act", "finished"),
    ]


@pytest.mark.parametrize(
    "at",
    [
        pytest.param(datetime(2026, 11, 23, 0, 5, tzinfo=UTC), id="as a Monday begins"),
        pytest.param(datetime(2027, 3, 28, 1, 30, tzinfo=UTC), id="as the clocks go forward"),
        pytest.param(datetime(2026, 12, 25, 23, 55, tzinfo=UTC), id="as a bank holiday ends"),
    ],
)
def test_the_demo_can_be_made_at_any_hour(tmp_path, at):
    made(tmp_path, at=at)

    assert any(one.state == AlertState.TAKEN for one in inbox.told(viewer=_viewer("sadia.rahman", at=at)))
