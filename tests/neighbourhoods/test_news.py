"""What sources send, through the intake, and what teams are told of it."""

from datetime import UTC, datetime, timedelta

import pytest

from locality.access.models import Objection, PersonSeal
from locality.access.rules import RoleCode
from locality.base import system
from locality.directory.models import Neighbourhood, Postcode
from locality.directory.pack import PackFaults
from locality.directory.rules import AfterWhat
from locality.journal.models import News
from locality.journal.queries import last_news
from locality.neighbourhoods.actions.candidates import decline
from locality.neighbourhoods.actions.caseload import take_on
from locality.neighbourhoods.actions.news import Read, read_news
from locality.neighbourhoods.models import Alert, Candidate, NewsRead
from locality.neighbourhoods.queries.offers import offers as read_offers
from locality.neighbourhoods.queries.seen import seen_by
from locality.neighbourhoods.rules.caseload import CameFrom
from locality.neighbourhoods.rules.news import Offer, offers
from locality.people.models import Person
from locality.record.actions import receive
from locality.record.intake.r4 import resources
from locality.record.models import Resource
from locality.watch.events import _rules, telling_teams
from tests import factories as make
from tests.intake_fixtures import AT, bundle, by, now, patient, written
from tests.neighbourhoods.caseload_world import new, nurse, ruth

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

FELL_65 = Offer(after=AfterWhat.FELL, least_age=65, within_days=3)
LATER = AT + timedelta(minutes=30)
TWO_HOURS_AGO = AT - timedelta(hours=2)


# ---- as hospitals send it


def stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%d%H%M}"


def segment(name: str, **fields: str) -> str:
    told = {int(key.removeprefix("f")): value for key, value in fields.items()}
    return "|".join([name, *(told.get(number, "") for number in range(1, max(told) + 1))])


def adt(event: str, *, at: datetime = TWO_HOURS_AGO, kind: str = "I", number: str = "V1", **other: str) -> bytes:
    """An ADT message of one visit: `ends`, `reason`, `died` as the fields hold them."""
    pid = {"f1": "1", "f3": "4471026^^^ZZ1^MR~9990000018^^^NHS^NH", "f5": "HARGREAVES^MARGARET^^^MRS^^L"}
    pid |= {"f7": "19420212", "f8": "2", "f11": "7 WEAVER'S FOLD^^SMALLBOROUGH^^ZZ1 2QX^GBR^H"}
    if other.get("died"):
        pid |= {"f29": other["died"], "f30": "Y"}
    pv1 = {"f1": "1", "f2": kind, "f3": "WARD 5^BAY 2^BED 1", "f19": f"{number}^^^ZZ1^VN", "f44": stamp(at)}
    if other.get("ends"):
        pv1 |= {"f36": "19", "f45": other["ends"]}
    lines = [
        rf"MSH|^~\&|PAS|ZZ1|LOCALITY|HERE|{stamp(at)}||ADT^{event}|{event}{number}|P|2.4|||||GBR|UNICODE UTF-8",
        segment("EVN", f1=event, f2=other.get("ends") or stamp(at)),
        segment("PID", **pid),
        segment("PV1", **pv1),
    ]
    if other.get("reason"):
        lines.append(segment("PV2", f3=f"^{other['reason']}"))
    return "\r".join(lines).encode() + b"\r"


def encounter(kind: str = "IMP", *, at: datetime = TWO_HOURS_AGO, status: str = "in-progress", **other) -> dict:
    return {
        "resourceType": "Encounter",
        "id": other.pop("id", "e1"),
        "status": status,
        "class": {"code": kind},
        "subject": {"reference": "Patient/p1"},
        "period": {"start": at.isoformat()},
        **other,
    }


@pytest.fixture
def hospital(tmp_path):
    """A hospital that sends, and how it does."""
    here = make.source("acute", formats=["fhir", "hl7v2"], sends=sorted(resources()), last_at=None)
    count = iter(range(100))

    def sends(content, *, at=AT):
        name = f"{next(count)}.{'hl7' if isinstance(content, bytes) else 'json'}"
        receive(source=here, paths=[written(tmp_path, name, content)], by=by(later=at - AT), now=lambda: now())

    sends(bundle(patient()))
    return sends


def peggy() -> Person:
    return Person.objects.get(merged_into=None)


def read(*rules: Offer, at: datetime = LATER) -> Read:
    # a test is one transaction, which does not end before it is read: whether all have finished is tried by itself
    until, _ = last_news()
    return read_news(until=until, horizon="0", rules=rules, by=system(at=at))


def told() -> list[tuple[str, str]]:
    return list(Alert.objects.order_by("happened_at", "kind").values_list("kind", "words"))


# ---- a team's own people


def test_the_team_and_its_coordinator_are_told_of_an_admission_and_of_the_way_home(hospital):
    take_on(new=new(peggy(), coordinator=nurse().id), by=nurse())

    hospital(adt("A01"))
    hospital(adt("A03", ends=stamp(AT)))
    read()

    assert told() == [("discharged", "Left hospital, 5 Nov 2026, 09:00 (SBH)")]
    row = Alert.objects.get()
    assert (row.person, row.owner_id, row.team) == (peggy(), nurse().id, make.team())


def test_an_admission_a_visit_to_the_emergency_department_and_a_fall_are_told_each(hospital):
    take_on(new=new(peggy()), by=nurse())

    hospital(adt("A04", kind="E", number="V0", at=AT - timedelta(hours=5), reason="Fall at home"))
    hospital(adt("A01"))
    read()

    assert [kind for kind, _ in told()] == ["emergency", "fell", "admitted"]


def test_a_fhir_encounter_tells_the_same(hospital):
    hospital(bundle(patient(), encounter("EMER", status="finished")))
    take_on(new=new(peggy()), by=nurse())
    read()

    assert [kind for kind, _ in told()] == ["emergency"]


def test_each_thing_is_told_once_however_often_it_is_read_and_sent(hospital):
    take_on(new=new(peggy()), by=nurse())
    hospital(adt("A01"))
    assert read().told == 1

    hospital(adt("A08", reason="Breathless"), at=AT + timedelta(minutes=5))
    NewsRead.objects.update(upto=0)
    assert read().told == 0
    assert [kind for kind, _ in told()] == ["admitted"]


def test_the_same_told_by_another_sender_within_an_hour_is_told_once(hospital, tmp_path):
    take_on(new=new(peggy()), by=nurse())
    hospital(adt("A01"))
    other = encounter(at=TWO_HOURS_AGO + timedelta(minutes=20))
    hospital(bundle(patient(), other))

    read()

    assert [kind for kind, _ in told()] == ["admitted"]


def test_why_is_not_in_the_words_so_that_a_coordinator_who_may_not_read_it_is_told(hospital):
    take_on(new=new(peggy()), by=nurse())
    hospital(adt("A01", reason="Overdose"))

    read()

    sadia = make.viewer(RoleCode.CARE_COORDINATOR, given="Sadia")
    [row] = seen_by(sadia, Alert.objects.all())
    assert "Overdose" not in row.words
    assert list(seen_by(ruth(), Alert.objects.all())) == []


def test_what_is_kept_more_closely_stays_in_its_class(hospital):
    take_on(new=new(peggy()), by=nurse())
    hospital(adt("A01"))
    Resource.objects.filter(type="Encounter").update(data_class="SENS")

    read()

    assert Alert.objects.get().data_class == "SENS"
    assert list(seen_by(make.viewer(RoleCode.CARE_COORDINATOR, given="Sadia"), Alert.objects.all())) == []


@pytest.mark.parametrize("kept_back", ["labelled", "sealed", "by the person", "objects"])
def test_what_is_labelled_sealed_or_objected_to_is_told_to_nobody(hospital, kept_back):
    take_on(new=new(peggy()), by=nurse())
    hospital(adt("A01"))
    rows = Resource.objects.filter(type="Encounter")
    since = {"starts_on": make.TODAY - timedelta(days=9), "made_at": AT, "made_by": system(at=AT).id}
    if kept_back == "labelled":
        rows.update(label="R")
    elif kept_back == "sealed":
        rows.update(seal="sealed")
    elif kept_back == "by the person":
        PersonSeal.objects.create(person=peggy(), thing=rows.get().thing, seal="sealed", announced=False, **since)
    else:
        Objection.objects.create(person=peggy(), kind="sharing", **since)

    assert read().told == 0
    assert told() == []


def test_of_what_lies_longer_back_than_a_week_nobody_is_told(hospital):
    take_on(new=new(peggy()), by=nurse())
    hospital(adt("A01", at=AT - timedelta(days=8)))

    assert read().told == 0


def test_a_death_stops_contact_and_proposes_coming_off_and_nobody_left_hospital(hospital):
    take_on(new=new(peggy(), coordinator=nurse().id), by=nurse())
    hospital(adt("A01"))
    read()

    hospital(adt("A03", ends=stamp(AT), died=stamp(AT)), at=AT + timedelta(minutes=1))
    read()
    read()

    died = Alert.objects.exclude(kind="admitted").values_list("kind", "words", "owner")
    assert list(died) == [
        ("died", "Died on 5 Nov 2026. Contact stops; say whether they come off the caseload.", nurse().id)
    ]


def test_news_of_nobodys_people_is_told_to_nobody(hospital):
    hospital(adt("A01", reason="Fall at home"))

    assert read() == Read(news=News.objects.filter(what="record.received").count(), told=0, offered=0)
    assert Alert.objects.count() == 0


def test_it_is_not_read_while_somebody_at_work_may_still_write_a_lower_number(hospital):
    hospital(adt("A01"))
    until, _ = last_news()

    assert read_news(until=until, horizon="0", rules=(), by=system(at=LATER)).news > 0
    assert read_news(until=until, horizon=str(2**60), rules=(), by=system(at=LATER)) == Read()


@pytest.mark.django_db(transaction=True)
def test_the_chore_reads_in_the_turn_after_and_tells(hospital):
    take_on(new=new(peggy()), by=nurse())
    hospital(adt("A01"))
    turn = telling_teams(now=lambda: LATER)

    turn()
    before = Alert.objects.count()
    turn()

    assert (before, Alert.objects.count()) == (0, 1)


def test_a_slip_in_the_file_of_whom_to_offer_keeps_nothing_from_anybody(hospital, tmp_path, monkeypatch):
    (tmp_path / "pack.toml").write_text("")
    (tmp_path / "offers.toml").write_text('[[offer]]\nafter = "felt"\nleast_age = 65\nwithin_days = 3\norigin = "us"\n')
    monkeypatch.setattr("locality.watch.events.pack_of", lambda _: tmp_path)

    with pytest.raises(PackFaults, match="felt"):
        read_offers(pack=tmp_path)
    assert _rules() == []


# ---- whom no team looks after


@pytest.fixture
def neighbourhood():
    """Where Peggy lives has a team of its own."""
    told = {"place": make.place(), "code": "riverside", "name": "Riverside", **make.ORIGIN}
    area = Neighbourhood.objects.create(id=make.new_id(), **told)
    Postcode.objects.create(id=make.new_id(), place=make.place(), code="ZZ1 2QX", neighbourhood=area)
    return make.team("by-the-river", kind="neighbourhood", neighbourhood=area)


def test_whoever_fell_and_is_nobodys_is_offered_to_the_team_responsible_where_the_place_says_so(
    hospital, neighbourhood
):
    hospital(adt("A04", kind="E", reason="Fall at home"))

    assert read().offered == 0
    NewsRead.objects.update(upto=0)
    assert read(FELL_65).offered == 1

    row = Candidate.objects.get()
    assert (row.team, row.came_from, row.agreed, row.why) == (
        neighbourhood,
        CameFrom.NEWS,
        "not asked",
        "Fell on 5 Nov 2026; no team looks after them yet.",
    )


def test_whoever_was_not_taken_on_is_not_offered_for_the_same_again(hospital, neighbourhood):
    hospital(adt("A04", kind="E", reason="Fall at home"))
    read(FELL_65)
    by_team = make.viewer(teams=frozenset({neighbourhood.pk}))
    decline(candidate=Candidate.objects.get().pk, why="Known to the falls service", by=by_team)

    NewsRead.objects.update(upto=0)
    assert read(FELL_65).offered == 0
    assert Candidate.objects.count() == 1


@pytest.mark.parametrize(
    ("what", "age", "days_ago", "is_offered"),
    [
        ("fell", 65, 0, True),
        ("fell", 65, 3, True),
        ("fell", 65, 4, False),
        ("fell", 64, 0, False),
        ("fell", None, 0, False),
        ("discharged", 80, 0, False),
    ],
)
def test_the_rule_of_whom_a_team_is_offered(what, age, days_ago, is_offered):
    assert offers(offer=FELL_65, what=what, age=age, days_ago=days_ago) is is_offered
