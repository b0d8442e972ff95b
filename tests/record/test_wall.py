"""The second wall: what the database itself shows of the record when a query forgets to ask."""

import pytest
from django.db import ProgrammingError, connection, transaction

from locality.access import wall
from locality.access.rules import DataClass, RoleCode
from locality.base import NoAccess
from locality.record.models import Remark, Resource
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

FORGETFUL = "select title from record_resource order by title"


def everything_shown() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(FORGETFUL)
        return [title for (title,) in cursor]


def two_people():
    peggy, (gp,) = make.peggy("gp")
    make.resource(gp, make.problem("Asthma"))
    other = make.person("Other", "Olive")
    make.resource(make.patient(other, gp.source, local_id="olive"), make.problem("Gout"))
    return peggy, other


def test_a_page_that_opened_nobody_is_shown_nothing():
    two_people()

    with wall.up():
        assert everything_shown() == []
    assert everything_shown() == ["Asthma", "Gout"]


def test_a_query_that_forgets_whom_it_is_about_shows_whoever_was_opened_and_nobody_else():
    peggy, _ = two_people()

    with wall.up():
        make.opened(peggy)
        assert everything_shown() == ["Asthma"]


def test_whoever_is_opened_next_takes_the_place_of_the_one_before():
    peggy, other = two_people()
    make.relationship(other)

    with wall.up():
        make.opened(peggy)
        make.opened(other)
        assert everything_shown() == ["Gout"]


def test_a_query_that_forgets_the_class_shows_the_classes_that_open():
    peggy, (gp,) = make.peggy("gp")
    make.resource(gp, make.problem("Asthma"))
    make.resource(gp, make.problem("At risk"), data_class=DataClass.SAFE)

    with wall.up():
        make.opened(peggy, make.viewer(RoleCode.LINK_WORKER))
        assert everything_shown() == ["Asthma"]


def test_a_refusal_opens_nothing():
    two_people()
    peggy = make.person("Unknown", "Una")

    with wall.up():
        with pytest.raises(NoAccess):
            make.opened(peggy)
        assert everything_shown() == []


def test_what_a_page_may_not_write_the_database_refuses():
    peggy, (gp,) = make.peggy("gp")
    row = make.resource(gp, make.problem("Asthma"))
    other = make.person("Other", "Olive")

    with wall.up():
        make.opened(peggy)
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Remark.objects.create(thing=row.thing, person=other, words="-", said_at=make.AT, said_by=make.viewer().id)
        assert Resource.objects.filter(pk=row.pk).update(title="Changed") == 0


def test_work_on_the_whole_record_inside_a_page_ends_with_the_work():
    two_people()

    with wall.up():
        with wall.down():
            assert everything_shown() == ["Asthma", "Gout"]
        assert everything_shown() == []


def test_a_failure_puts_the_wall_back_as_it_was():
    two_people()

    with wall.up():
        with pytest.raises(ZeroDivisionError), wall.down():
            raise ZeroDivisionError
        assert everything_shown() == []


def test_even_the_owner_of_the_tables_is_held_by_the_wall():
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname, relrowsecurity, relforcerowsecurity from pg_class"
            " where relname in ('record_resource', 'record_remark') order by relname"
        )
        assert cursor.fetchall() == [("record_remark", True, True), ("record_resource", True, True)]


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_says_nothing_is_shown_nothing():
    two_people()

    connection.close()
    told = connection.settings_dict["OPTIONS"].pop("options")
    try:
        assert everything_shown() == []
        with wall.down():
            assert everything_shown() == ["Asthma", "Gout"]
        # what was set for one transaction is gone with it
        assert everything_shown() == []
    finally:
        connection.close()
        connection.settings_dict["OPTIONS"]["options"] = told
