"""Two at once: news that is committed late, and two who refresh."""

from datetime import date, timedelta

import psycopg
import pytest
from django.conf import settings

from locality.base import Refused
from locality.config import database
from locality.directory.models import Neighbourhood, Organisation, PracticeNeighbourhood
from locality.journal.actions import tell as tell_news
from locality.journal.models import News
from locality.people.models import Link
from locality.population.queries.copy import open_copy
from tests import factories as make
from tests.population.test_refresh import AT, refreshed
from tests.population.worlds import World


def beside() -> psycopg.Connection:
    """Another session of the same database."""
    admin = database.administrator()
    told = {
        "host": admin["HOST"],
        "port": admin["PORT"],
        "user": admin["USER"],
        "password": admin.get("PASSWORD") or None,
    }
    return psycopg.connect(dbname=settings.DATABASES["default"]["NAME"], **{k: v for k, v in told.items() if v})


@pytest.mark.sql
@pytest.mark.django_db(transaction=True)
def test_news_that_was_numbered_before_a_refresh_and_committed_after_it_is_heard_by_the_next(tmp_path):
    world = World(21)
    ann, bob = world.person("Ann", lines=6), world.person("Bob", lines=6)
    late, soon = (
        Link.objects.get(person=one, patient__source__code=code).patient for one, code in first_sources(ann, bob)
    )
    words = "insert into journal_news (at, what, patient_id, detail) values (now(), 'record.received', %s, '{}')"
    with beside() as other:
        other.execute(words, [late.pk])
        tell_news([News(at=AT, what="record.received", patient_id=soon.pk)])
        runs = [refreshed(tmp_path)]
        runs.append(refreshed(tmp_path, at=AT + timedelta(minutes=15)))
        other.commit()
    runs += [refreshed(tmp_path, at=AT + timedelta(minutes=minutes)) for minutes in (30, 45)]

    assert [(run.kind, run.touched) for run in runs] == [("full", 2), ("changed", 0), ("changed", 1), ("changed", 0)]


def first_sources(*people):
    return [(one, Link.objects.filter(person=one).order_by("pk").first().patient.source.code) for one in people]


@pytest.mark.sql
@pytest.mark.django_db(transaction=True)
def test_whoever_refreshes_while_another_does_is_told_so_and_does_nothing(tmp_path):
    with beside() as other:
        other.execute("select pg_advisory_xact_lock(hashtextextended('population.refresh', 0))")

        with pytest.raises(Refused, match="Another refresh of the analytical copy is at work"):
            refreshed(tmp_path)

    assert list(tmp_path.rglob("*.parquet")) == []


@pytest.mark.django_db
def test_a_practice_that_left_and_a_postcode_of_elsewhere_are_counted_and_their_people_kept(tmp_path):
    gp = make.source("gp")
    left = make.organisation("P12345", ends_on=date(2025, 3, 31))
    area = Neighbourhood.objects.create(
        id=left.pk, place=left.place, code="east", name="East", origin="invented", verified=False
    )
    PracticeNeighbourhood.objects.create(
        id=left.pk, practice=left, neighbourhood=area, origin="invented", verified=False
    )
    for number, code in enumerate(("P12345", "Z99999", "")):
        one = make.person(f"Drawn{number}", "Dee", practice_code=code, postcode="AB1 1AA")
        make.patient(one, gp, local_id=f"d-{number}")

    run = refreshed(tmp_path)

    with open_copy(folder=tmp_path) as duck:
        people = duck.execute("select practice, neighbourhood, small_area from people order by 1 nulls last").fetchall()
    assert people == [("P12345", "east", None), ("Z99999", None, None), (None, None, None)]
    assert run.noted == {
        "a postcode that is not of the place": 3,
        "registered with a practice that has closed": 1,
        "registered with a practice that the pack does not hold": 1,
        "registered with no practice that anybody tells": 1,
    }
    assert Organisation.objects.filter(code="Z99999").count() == 0
