"""Two of one team who press at the same moment: of a support, of an offer, of the last place in a class."""

import pytest

from locality.neighbourhoods.actions import courses, offers, support
from locality.neighbourhoods.models import CoursePlace, Support, SupportHistory
from locality.neighbourhoods.rules.courses import PlaceMove
from locality.neighbourhoods.rules.support import OfferMove, Outcome
from tests import factories as make
from tests.neighbourhoods.support_world import a_class, begun, coming, invited, offered, somebody, worker
from tests.neighbourhoods.work import known
from tests.population.test_reviewing_together import while_the_first_is_not_done

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sql]


def test_of_two_who_begin_to_support_somebody_at_once_one_does():
    peggy, nurse = known(), make.viewer()
    make.opened(peggy, nurse), make.opened(peggy, worker())

    _, second = while_the_first_is_not_done(lambda: begun(peggy), lambda: begun(peggy, by=nurse))

    assert (second, Support.objects.get().owner_id) == ("Your team supports them already.", worker().id)


def test_of_two_who_end_it_at_once_the_second_is_told():
    row, nurse = begun(), make.viewer()

    def end(by, outcome):
        return support.finish(support=row.pk, outcome=outcome, words="-", by=by)

    _, second = while_the_first_is_not_done(
        lambda: end(worker(), Outcome.MET), lambda: end(nurse, Outcome.STOPPED)
    )  # fmt: skip

    assert second.startswith("This support has ended")
    assert (Support.objects.get().outcome, SupportHistory.objects.filter(what="ended").count()) == ("met", 1)


def test_of_two_who_answer_for_one_offer_at_once_the_first_is_kept():
    offer, nurse = offered(begun()), make.viewer()

    _, second = while_the_first_is_not_done(
        lambda: offers.move(offer=offer.pk, move=OfferMove.DECLINE, by=worker()),
        lambda: offers.move(offer=offer.pk, move=OfferMove.AGREE, by=nurse),
    )

    assert second == "This offer is: they said no. That cannot be done with it now."


def test_of_two_who_want_the_last_place_at_once_one_has_it_and_the_other_waits():
    course, nurse = a_class(places=1), make.viewer()
    ada, bea = invited(course, somebody("Ada"), somebody("Bea"))

    while_the_first_is_not_done(lambda: coming(ada), lambda: coming(bea, by=nurse))

    assert [CoursePlace.objects.get(pk=one.pk).state for one in (ada, bea)] == ["coming", "waiting"]


def test_while_one_leaves_another_who_asks_at_once_waits_behind_whoever_waits_longest():
    course = a_class(places=1)
    ada, bea, cy = invited(course, *[somebody(family) for family in ("Ada", "Bea", "Cy")])
    coming(ada), coming(bea)

    while_the_first_is_not_done(
        lambda: courses.move_place(place=ada.pk, move=PlaceMove.LEAVE, by=worker()), lambda: coming(cy)
    )

    assert [CoursePlace.objects.get(pk=one.pk).state for one in (ada, bea, cy)] == ["left", "coming", "waiting"]
