"""Keeping what stands of a service: who may, what is kept of it, what cannot be said."""

from datetime import timedelta

import pytest

from locality.base import NoAccess, NotFound, Refused
from locality.base.ids import new_id
from locality.directory.actions import services as keep
from locality.directory.models import ServiceCapacity, ServiceReport
from locality.directory.queries import services
from locality.directory.rules.services import ServiceAsked, version_of
from locality.journal.models import Event
from tests import factories as make
from tests.directory.offered import need, service

pytestmark = pytest.mark.django_db
AT, TODAY = make.AT, make.TODAY


def keeper():
    return make.viewer("administrator", given="Sam")


def test_what_is_changed_is_found_by_its_new_words_and_is_on_the_books():
    row = service("Lunch club")

    keep.change_service(service=row.pk, values={"name": "Supper club", "phone": ""}, by=keeper())

    found = services.search(asked=ServiceAsked(words="supper"), on=TODAY)
    assert [one.service.name for one in found.rows] == ["Supper club"]
    assert services.search(asked=ServiceAsked(words="lunch"), on=TODAY).total == 0
    assert found.rows[0].service.kept_here == ["name"]
    assert Event.objects.get(what="service.changed").detail == {"fields": ["name"]}


def test_only_those_who_keep_it_change_it_or_say_that_it_is_right():
    row, stranger = service("Lunch club"), make.viewer()

    for does in (
        lambda: keep.change_service(service=row.pk, values={"name": "Mine"}, by=stranger),
        lambda: keep.assure(service=row.pk, by=stranger),
        lambda: keep.close(service=row.pk, by=stranger),
    ):
        with pytest.raises(NoAccess, match="Only its owner"):
            does()
    row.refresh_from_db()
    assert (row.name, row.ends_on) == ("Lunch club", None)


def test_its_owner_and_those_who_work_for_whoever_offers_it_keep_it():
    row, nurse = service("Lunch club"), make.practitioner()
    keep.change_service(service=row.pk, values={"owner_id": nurse.pk}, by=keeper())

    owner = keep.assure(service=row.pk, by=make.viewer())
    colleague = keep.assure(service=row.pk, by=make.viewer(given="Olwen", organisation=row.organisation_id))

    assert (owner.assured_on, colleague.assured_on) == (TODAY, TODAY)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"name": " "}, "A service needs a name"),
        ({"min_age": 70, "max_age": 18}, "The oldest age is below the youngest"),
        ({"needs": ["chess"]}, "Choose needs from the place's list"),
        ({"access": ["stairs"]}, "Choose kinds of access from the list"),
        ({"owner_id": new_id()}, "The owner must be somebody of the place's staff"),
        ({"ends_on": TODAY}, "ends_on cannot be changed here"),
    ],
)
def test_what_cannot_stand_of_a_service_is_refused(values, said):
    row = service("Lunch club")

    with pytest.raises(Refused, match=said):
        keep.change_service(service=row.pk, values=values, by=keeper())


def test_a_form_that_was_opened_before_a_colleagues_change_changes_nothing():
    row = service("Lunch club")
    opened = version_of(row)
    keep.change_service(service=row.pk, values={"name": "Supper club"}, by=keeper())

    with pytest.raises(Refused, match="A colleague changed this since you opened it"):
        keep.change_service(service=row.pk, values={"name": "Brunch"}, version=opened, by=keeper())

    row.refresh_from_db()
    assert row.name == "Supper club"


def test_what_is_closed_is_found_no_more_and_is_there_again_when_that_is_undone():
    row = service("Lunch club")

    keep.close(service=row.pk, by=keeper())
    closed = services.search(asked=ServiceAsked(), on=TODAY).total
    with pytest.raises(Refused, match="It ended on 5 November 2026 already"):
        keep.close(service=row.pk, by=keeper())
    keep.reopen(service=row.pk, by=keeper())

    assert (closed, services.search(asked=ServiceAsked(), on=TODAY).total) == (0, 1)


def test_what_room_there_is_keeps_who_said_it_when_and_all_that_was_said_before():
    row = service("Lunch club")
    keep.say_capacity(service=row.pk, state="waiting", wait_days=21, by=make.viewer(at=AT - timedelta(days=3)))
    keep.say_capacity(service=row.pk, state="open", places=4, assesses_first=True, by=make.viewer(given="Omar"))

    seen = services.service(row.pk, on=TODAY)

    assert (seen.capacity.state, seen.capacity.places, seen.capacity.reporter) == ("open", 4, "Omar Fielding")
    assert [(one.state, one.wait_days, one.reporter) for one in seen.earlier] == [("waiting", 21, "Joanne Fielding")]


@pytest.mark.parametrize(
    "said", [{"state": "full"}, {"state": "open", "wait_days": 3}, {"state": "waiting", "wait_days": -1}]
)
def test_what_cannot_be_said_of_room_is_refused(said):
    row = service("Lunch club")

    with pytest.raises(Refused):
        keep.say_capacity(service=row.pk, by=make.viewer(), **said)

    assert ServiceCapacity.objects.count() == 0


def test_what_is_said_to_be_wrong_waits_until_whoever_keeps_it_answers():
    row = service("Lunch club")
    made = keep.report(service=row.pk, words="It is on Fridays now.", by=make.viewer())

    waits = services.upkeep(on=TODAY).waiting
    with pytest.raises(NoAccess):
        keep.answer_report(report=made.pk, mended=True, answer="", by=make.viewer())
    keep.answer_report(report=made.pk, mended=True, answer="Rang them", by=keeper())
    with pytest.raises(Refused, match="answered this already"):
        keep.answer_report(report=made.pk, mended=False, answer="No", by=keeper())

    assert waits == [made]
    assert services.upkeep(on=TODAY).waiting == []
    assert (ServiceReport.objects.get().state, ServiceReport.objects.get().answer) == ("mended", "Rang them")


def test_a_report_says_what_is_wrong_and_of_what():
    row = service("Lunch club")

    with pytest.raises(Refused, match="Say what is wrong"):
        keep.report(service=row.pk, words=" ? ", by=make.viewer())
    with pytest.raises(NotFound):
        keep.report(service=new_id(), words="It is on Fridays.", by=make.viewer())


def test_upkeep_is_of_ones_own_organisation_where_one_is_named():
    mine, theirs = service("Lunch club"), service("Day care", organisation=make.organisation("council"))
    keep.report(service=theirs.pk, words="It is on Fridays now.", by=make.viewer())
    service("Old", assured_on=None)

    own = services.upkeep(on=TODAY, organisation=mine.organisation_id)

    assert (own.waiting, own.stale, own.total) == ([], 1, 2)


def test_a_need_must_be_the_places_to_be_chosen():
    row = service("Lunch club")
    need("food")

    keep.change_service(service=row.pk, values={"needs": ["food"]}, by=keeper())

    assert [one.service.name for one in services.search(asked=ServiceAsked(words="hungry"), on=TODAY).rows] == [
        "Lunch club"
    ]
