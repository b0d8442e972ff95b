"""Two who press at the same moment on one request: one is first, and the other reads who it was."""

import pytest

from locality.neighbourhoods.actions import corrections
from locality.neighbourhoods.models import Correction, CorrectionHistory
from locality.neighbourhoods.rules.corrections import WhyNot
from tests import factories as make
from tests.neighbourhoods.mine_world import as_person, of_line, own
from tests.neighbourhoods.work import as_viewer, colleague
from tests.population.test_reviewing_together import while_the_first_is_not_done

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sql]


def asked():
    person, (gp,) = make.peggy("gp")
    line = make.resource(gp, make.problem("Asthma", id="c1"), data_class="CLIN")
    return person, corrections.ask(new=of_line(line), grant=own(person), by=as_person(person))


def test_of_two_who_answer_at_once_the_second_reads_who_was_first():
    _, row = asked()
    sadia, nurse = as_viewer(colleague()), make.viewer()

    _, second = while_the_first_is_not_done(
        lambda: corrections.accept(correction=row.pk, words="Put right", by=sadia),
        lambda: corrections.decline(correction=row.pk, why=WhyNot.STILL_SO, words="It is so", by=nurse),
    )

    assert second == (
        "This request is answered or taken back already (accepted), so nothing was changed. "
        "Sadia Rahman did that, Thu 5 Nov 2026, 09:40."
    )
    assert list(Correction.objects.values_list("state", "answer", "why_not")) == [("accepted", "Put right", "")]
    assert CorrectionHistory.objects.exclude(what="asked").count() == 1


def test_what_is_taken_back_while_it_is_answered_is_answered_and_the_person_reads_so():
    person, row = asked()
    grant, by = own(person), as_person(person)

    _, second = while_the_first_is_not_done(
        lambda: corrections.accept(correction=row.pk, words="Put right", by=as_viewer(colleague())),
        lambda: corrections.withdraw(correction=row.pk, grant=grant, by=by),
    )

    assert second.startswith("This request is answered or taken back already (accepted)")
    assert Correction.objects.get().state == "accepted"


def test_of_one_line_asked_about_twice_at_once_one_request_is_kept():
    person, (gp,) = make.peggy("gp")
    line = make.resource(gp, make.problem("Asthma", id="c1"), data_class="CLIN")
    grant, by = own(person), as_person(person)

    _, second = while_the_first_is_not_done(
        lambda: corrections.ask(new=of_line(line), grant=grant, by=by),
        lambda: corrections.ask(new=of_line(line), grant=grant, by=by),
    )

    assert (second, Correction.objects.count()) == (corrections.ALREADY, 1)
