"""While an agreement does not hold, nothing flows and nothing is lost."""

import gzip
import json
import zipfile
from datetime import date, timedelta

import pytest

from locality.base import NoAccess, Refused, Viewer, ViewerKind
from locality.journal.models import Event
from locality.record.actions import receive, retry
from locality.record.models import Intake, Quarantine, Resource
from locality.record.queries.shapes import Standing
from locality.record.queries.sources import refused, sources_state
from locality.web.sources.words import ending_words
from tests.intake_fixtures import AT, bundle, by, now, organisation, patient, problem, source, written

pytestmark = pytest.mark.django_db

ENDED = "The sharing agreement with The hospital ended on 1 November 2026: nothing is taken in until it is renewed."
BEGINS = "The sharing agreement with The hospital begins on 6 November 2026: nothing is taken in before it."


def stopped(here, *paths) -> str:
    with pytest.raises(Refused) as told:
        receive(source=here, paths=paths, by=by(), now=now)
    return str(told.value)


@pytest.mark.parametrize(
    ("terms", "why"),
    [
        ({"agreement_ends_on": date(2026, 11, 1)}, ENDED),
        ({"agreement_starts_on": date(2026, 11, 6)}, BEGINS),
        ({"agreement_ends_on": AT.date()}, ENDED.replace("1 November", "5 November")),
    ],
    ids=["ended", "not begun", "ends today"],
)
def test_what_comes_then_is_kept_with_the_reason_and_counted(tmp_path, terms, why):
    content = json.dumps(bundle(patient(), problem())).encode()
    here = source(**terms)

    said = stopped(here, written(tmp_path, "a.json", content))

    intake, row = Intake.objects.get(), Quarantine.objects.get()
    assert said.startswith(why)
    assert (intake.kind, intake.received, intake.stored, intake.unchanged, intake.rejected) == ("stopped", 1, 0, 0, 1)
    assert intake.finished_at is not None
    assert (row.reason, bytes(row.content), row.state) == (why, content, "open")
    assert (Resource.objects.count(), Event.objects.filter(what="intake.stopped").count()) == (0, 1)


def test_the_day_before_its_end_it_still_flows(tmp_path):
    here = source(agreement_ends_on=AT.date() + timedelta(days=1))

    intake = receive(source=here, paths=[written(tmp_path, "a.json", bundle(patient()))], by=by(), now=now)

    assert (intake.kind, intake.stored) == ("received", 1)


def test_once_renewed_what_waited_is_stored_as_if_it_had_come_then(tmp_path):
    here = source(agreement_ends_on=date(2026, 11, 1))
    stopped(here, written(tmp_path, "a.json", bundle(patient(), problem())))
    with pytest.raises(Refused, match=r"ended on 1 November 2026"):
        retry(source=here, by=by())
    here.agreement_ends_on = date(2027, 11, 1)
    here.save()

    intake = retry(source=here, by=by(later=timedelta(hours=1)))

    assert (intake.received, intake.stored, intake.rejected) == (2, 2, 0)
    assert Quarantine.objects.get().state == "stored"
    assert sorted(Resource.objects.values_list("type", flat=True)) == ["Condition", "Patient"]


def test_every_file_of_an_archive_is_kept_by_itself_and_stored_once_renewed(tmp_path):
    path = tmp_path / "sent.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("one.json", json.dumps(bundle(patient())))
        archive.writestr("two.json", json.dumps(bundle(problem())))
    packed = written(tmp_path, "three.ndjson.gz", gzip.compress(b'{"resourceType":"Patient","id":"p9"}\n'))
    here = source(agreement_ends_on=date(2026, 11, 1))
    stopped(here, path, packed)
    here.agreement_ends_on = None
    here.save()

    intake = retry(source=here, by=by(later=timedelta(hours=1)))

    assert Intake.objects.get(kind="stopped").rejected == 3
    assert (intake.stored, Quarantine.objects.filter(state="open").count()) == (3, 0)


def test_sent_twice_it_is_kept_once(tmp_path):
    here, path = source(agreement_ends_on=date(2026, 11, 1)), written(tmp_path, "a.json", bundle(patient()))

    stopped(here, path)
    stopped(here, path)

    assert [row.times for row in Quarantine.objects.all()] == [2]


def test_a_source_that_is_not_connected_leaves_nothing_here(tmp_path):
    here = source(connected=False)

    said = stopped(here, written(tmp_path, "a.json", bundle(patient())))

    assert said == "The hospital is not connected: nothing is taken in from it."
    assert (Intake.objects.count(), Quarantine.objects.count()) == (0, 0)


def test_whoever_does_not_run_sources_has_nothing_kept(tmp_path):
    nurse = Viewer(kind=ViewerKind.PRACTITIONER, id=organisation().pk, role="clinician", at=AT)
    here = source(agreement_ends_on=date(2026, 11, 1))

    with pytest.raises(NoAccess):
        receive(source=here, paths=[written(tmp_path, "a.json", bundle(patient()))], by=nurse, now=now)

    assert (Intake.objects.count(), Quarantine.objects.count()) == (0, 0)


def test_a_stopped_run_is_not_said_to_be_a_sending_and_its_reason_is_told(tmp_path):
    here = source(agreement_ends_on=date(2026, 11, 1), every_hours=24)
    stopped(here, written(tmp_path, "a.json", bundle(patient())))

    (row,) = sources_state(viewer=by(), at=AT)

    assert (row.last_at, row.waiting, row.state) == (None, 1, Standing.EXPIRED)
    assert [reason.words for reason in refused(viewer=by(), code="hospital").reasons] == [ENDED]


@pytest.mark.parametrize(
    ("ends_on", "words"),
    [
        (AT.date() + timedelta(days=61), []),
        (AT.date() + timedelta(days=60), ["The hospital: ends in 60 days. Renew it, or intake stops."]),
        (
            AT.date(),
            [
                "The hospital: agreement ended Thu 5 Nov 2026. What is sent now is kept unread: write the new days in "
                "the pack, load it, try again what waits."
            ],
        ),
    ],
)
def test_sixty_days_before_its_end_the_page_says_so(ends_on, words):
    source(agreement_ends_on=ends_on)

    assert ending_words(sources_state(viewer=by(), at=AT)) == words
