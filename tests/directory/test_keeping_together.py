"""Two who keep one service at the same moment: one is first, and the other is told."""

import pytest

from locality.directory.actions import services as keep
from locality.directory.models import Service, ServiceReport
from locality.directory.rules.services import version_of
from tests import factories as make
from tests.directory.offered import service
from tests.population.test_reviewing_together import while_the_first_is_not_done

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sql]


def keeper(given: str):
    return make.viewer("administrator", given=given)


def test_of_two_who_change_one_service_at_once_the_seconds_is_not_written_over_the_firsts():
    row = service("Lunch club")
    opened = version_of(row)

    def changed(name, given):
        return lambda: keep.change_service(service=row.pk, values={"name": name}, version=opened, by=keeper(given))

    _, second = while_the_first_is_not_done(changed("Hers", "Sam"), changed("Mine", "Ola"))

    assert second.startswith("A colleague changed this since you opened it")
    assert Service.objects.get().name == "Hers"


def test_of_two_who_answer_one_report_at_once_the_firsts_answer_stands():
    row = service("Lunch club")
    made = keep.report(service=row.pk, words="It is on Fridays now.", by=make.viewer())

    def answered(words, given):
        return lambda: keep.answer_report(report=made.pk, mended=True, answer=words, by=keeper(given))

    _, second = while_the_first_is_not_done(answered("Rang them", "Sam"), answered("Moved it", "Ola"))

    assert second == "A colleague has answered this already."
    assert ServiceReport.objects.get().answer == "Rang them"


def test_of_two_who_close_one_service_at_once_the_second_reads_that_it_ended():
    row = service("Lunch club")

    _, second = while_the_first_is_not_done(
        lambda: keep.close(service=row.pk, by=keeper("Sam")), lambda: keep.close(service=row.pk, by=keeper("Ola"))
    )

    assert second == "It ended on 5 November 2026 already."
