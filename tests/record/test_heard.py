"""When somebody was last spoken of: raised by what whoever looks after them may see, and by nothing else."""

from datetime import timedelta

import pytest

from locality.access.models import PersonSeal
from locality.access.rules import Seal
from locality.people.models import Person
from locality.record.actions import receive
from locality.record.intake.prepare import SEAL_SYSTEM
from locality.record.models import Heard, Resource
from tests.intake_fixtures import AT, bundle, by, now, patient, problem, source, written

pytestmark = pytest.mark.django_db

CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
LATER = timedelta(hours=1)


def sent(folder, here, *resources, later=timedelta()):
    path = written(folder, f"{later}.json", bundle(*resources))
    receive(source=here, paths=[path], by=by(later=later), now=lambda: now() + later)


def heard() -> dict[str, object]:
    return dict(Heard.objects.values_list("data_class", "at"))


@pytest.fixture
def here(tmp_path):
    """A source that sent somebody and a problem of theirs."""
    row = source()
    sent(tmp_path, row, patient(), problem(words="Asthma"))
    assert heard() == {"ID": AT, "SUM": AT}
    return row


def test_a_new_line_is_heard_of_in_its_class_alone(tmp_path, here):
    sent(tmp_path, here, problem(2, words="Gout"), later=LATER)

    assert heard() == {"ID": AT, "SUM": AT + LATER}


def test_what_is_sent_again_unchanged_is_nothing_new(tmp_path, here):
    sent(tmp_path, here, patient(), problem(words="Asthma"), later=LATER)

    assert heard() == {"ID": AT, "SUM": AT}


@pytest.mark.parametrize(
    "kept_back",
    [
        {"meta": {"security": [{"system": CONFIDENTIALITY, "code": "R"}]}},
        {"meta": {"security": [{"system": CONFIDENTIALITY, "code": "V"}]}},
        {"meta": {"security": [{"system": SEAL_SYSTEM, "code": "sealed"}]}},
        {"meta": {"security": [{"system": SEAL_SYSTEM, "code": "locked"}]}},
        {"verificationStatus": {"coding": [{"code": "entered-in-error"}]}},
    ],
    ids=["restricted", "very restricted", "sealed", "locked", "wrong"],
)
def test_what_is_kept_back_or_wrong_is_not_heard_of(tmp_path, here, kept_back):
    sent(tmp_path, here, problem(2, words="Gout", **kept_back), later=LATER)

    assert heard() == {"ID": AT, "SUM": AT}


@pytest.mark.parametrize(
    ("seal", "ends", "is_heard"), [("sealed", None, False), ("locked", None, False), ("locked", AT, True)]
)
def test_new_words_of_a_line_that_the_person_closed_are_not_heard_of_while_it_is(tmp_path, here, seal, ends, is_heard):
    told = {"starts_on": AT.date(), "made_at": AT, "made_by": by().id}
    over = {"ended_at": ends, "ended_by": by().id, "ends_on": ends.date()} if ends else {}
    thing = Resource.objects.get(type="Condition").thing
    PersonSeal.objects.create(person=Person.objects.get(), thing=thing, seal=Seal(seal), **told, **over)

    sent(tmp_path, here, problem(words="Severe asthma"), later=LATER)

    assert (heard()["SUM"] == AT + LATER) == is_heard


def test_what_its_source_takes_away_is_not_heard_of(tmp_path, here):
    gone = {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [{"request": {"method": "DELETE", "url": "Condition/c1"}}],
    }

    receive(source=here, paths=[written(tmp_path, "gone.json", gone)], by=by(later=LATER), now=lambda: now() + LATER)

    assert heard() == {"ID": AT, "SUM": AT}
