"""The second wall: what the database itself shows of the record when a query forgets to ask."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import pytest
from django.db import ProgrammingError, connection, transaction

from locality.access import wall
from locality.access.rules import DataClass, Label, RoleCode
from locality.base import NoAccess, Viewer, ViewerKind
from locality.base.ids import new_id
from locality.record.models import Alleged, Concern, Remark, Resource
from locality.record.rules import Cause, Knows
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


BEHIND_THE_WALL = [
    *("neighbourhoods_answer", "neighbourhoods_assessment", "neighbourhoods_assessmentaddition"),
    *("neighbourhoods_contact", "neighbourhoods_correction", "neighbourhoods_correctionhistory"),
    *("neighbourhoods_courseattendance", "neighbourhoods_coursemeasure", "neighbourhoods_courseplace"),
    *("neighbourhoods_courseplacehistory", "neighbourhoods_keysafe", "neighbourhoods_message"),
    *("neighbourhoods_messagehistory", "neighbourhoods_note", "neighbourhoods_notedraft", "neighbourhoods_notefile"),
    *("neighbourhoods_plan", "neighbourhoods_planpart", "neighbourhoods_planparthistory", "neighbourhoods_referral"),
    *("neighbourhoods_referralhistory", "neighbourhoods_referrallink", "neighbourhoods_referralreceived"),
    *("neighbourhoods_support", "neighbourhoods_supportcontact", "neighbourhoods_supporthistory"),
    *("neighbourhoods_supportneed", "neighbourhoods_supportoffer", "neighbourhoods_wellbeing", "record_alleged"),
    *("record_concern", "record_remark", "record_resource"),
]


def test_even_the_owner_of_the_tables_is_held_by_the_wall():
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname, relrowsecurity, relforcerowsecurity from pg_class"
            " where relrowsecurity or relforcerowsecurity order by relname"
        )
        assert cursor.fetchall() == [(name, True, True) for name in BEHIND_THE_WALL]


# ---- concerns


def concern(words: str, *, raised_by: UUID, kept_from: Sequence[UUID] = (), team: str = "riverside") -> Concern:
    told = {"seen_text": "-", "knows": Knows.YES, "due_on": make.TODAY, "raised_at": make.AT, "danger": False}
    marks = {"data_class": DataClass.SAFE, "label": Label.VERY_RESTRICTED, "sender": make.organisation()}
    whose = {"person": make.person("Hargreaves", words), "team": make.team(team), "raised_by": raised_by}
    row = Concern.objects.create(id=new_id(), words=words, kept_from=list(kept_from), **told, **marks, **whose)
    Alleged.objects.create(concern=row, kind=Cause.FAMILY, words=f"cause of {words}")
    return row


def concerns_shown() -> tuple[list[str], list[str]]:
    """What a query gets that asks for no team, no raiser and nobody from whom it is kept."""
    with connection.cursor() as cursor:
        cursor.execute("select words from record_concern order by words")
        found = [words for (words,) in cursor]
        cursor.execute("select words from record_alleged order by words")
        return found, [words for (words,) in cursor]


@pytest.fixture
def lead() -> Viewer:
    return make.viewer(RoleCode.SAFEGUARDING_LEAD, given="Leah", id=make.practitioner("Leah").pk)


@pytest.fixture
def raised(lead) -> dict[str, UUID]:
    """One of the lead's team, one that may be about the lead, one of another team, one that the lead raised there."""
    nurse = make.practitioner("Norah").pk
    made = {
        "ours": concern("ours", raised_by=nurse),
        "kept": concern("kept", raised_by=new_id(), kept_from=[lead.id]),
        "theirs": concern("theirs", raised_by=new_id(), team="hilltop"),
        "sent": concern("sent", raised_by=lead.id, team="hilltop"),
    }
    return {"nurse": nurse} | {key: row.pk for key, row in made.items()}


def test_a_query_that_forgets_whose_concerns_it_asks_for_gets_those_of_the_leads_team_alone(lead, raised):
    with wall.up(lead):
        assert concerns_shown() == (["ours", "sent"], ["cause of ours"])
    assert concerns_shown()[0] == ["kept", "ours", "sent", "theirs"]


def test_whoever_raised_a_concern_is_shown_it_without_its_cause_and_no_other(raised):
    nurse = make.viewer(id=raised["nurse"])

    with wall.up(nurse):
        assert concerns_shown() == (["ours"], [])


@pytest.mark.parametrize("role", [one for one in RoleCode if one != RoleCode.SAFEGUARDING_LEAD])
def test_nobody_in_another_role_of_the_same_team_is_shown_any(lead, raised, role):
    with wall.up(replace(lead, role=role, id=new_id())):
        assert concerns_shown() == ([], [])


@pytest.mark.parametrize("kind", [ViewerKind.PERSON, ViewerKind.PROXY])
def test_neither_a_person_nor_whoever_acts_for_them_is_shown_any(lead, raised, kind):
    with wall.up(replace(lead, kind=kind)):
        assert concerns_shown() == ([], [])


def test_a_page_that_says_of_nobody_who_looks_is_shown_no_concern(raised):
    with wall.up():
        assert concerns_shown() == ([], [])


def test_a_concern_of_another_team_is_not_changed_and_none_is_moved_out_of_sight(lead, raised):
    with wall.up(lead):
        assert Concern.objects.filter(pk=raised["theirs"]).update(words="-") == 0
        assert Alleged.objects.filter(pk=raised["ours"]).update(words="-") == 0
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Concern.objects.filter(pk=raised["ours"]).update(team=make.team("hilltop"))
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Alleged.objects.create(concern_id=new_id(), kind=Cause.FAMILY, words="-")


def test_what_one_viewer_may_know_is_gone_with_the_page(lead, raised):
    with wall.up(lead):
        assert concerns_shown()[0] == ["ours", "sent"]
    with wall.up():
        assert concerns_shown() == ([], [])


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
