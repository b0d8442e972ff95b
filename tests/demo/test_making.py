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
