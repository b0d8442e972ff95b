"""Refreshing again, what may not enter the copy, who may read it, and going back."""

from collections import Counter
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import ProgrammingError, connection, transaction

from locality.access.models import Objection, PersonSeal
from locality.access.rules import ObjectionKind, Seal
from locality.base import NoAccess, Purpose, Refused, system
from locality.journal.actions import tell as tell_news
from locality.journal.models import Event, News
from locality.people.models import Link
from locality.population.actions import go_back, refresh
from locality.population.models import Refresh
from locality.population.queries import reading
from locality.population.queries.copy import manifest, open_copy
from locality.population.rules.columns import TABLES
from locality.population.rules.pseudonyms import pseudonym
from tests import factories as make
from tests.population.test_refresh import AT, KEY, refreshed, tables
from tests.population.worlds import World

pytestmark = pytest.mark.django_db


def named(person) -> str:
    return pseudonym(key=KEY, person=person.pk)


def heard(patient):
    tell_news([News(at=AT, what="record.received", patient_id=patient.pk)])


def ask(folder, words) -> list[tuple]:
    with open_copy(folder=folder) as duck:
        return duck.execute(words).fetchall()


def everything(folder) -> dict[str, Counter]:
    with open_copy(folder=folder) as duck:
        return {name: Counter(duck.execute(f"select * from {name}").fetchall()) for name in TABLES}


# ---- again


def test_a_second_refresh_reads_those_of_whom_news_was_written_and_makes_what_a_full_one_makes(tmp_path):
    world = World(11)
    ann = world.person("Ann", lines=20)
    world.person("Bob", lines=20)
    refreshed(tmp_path / "again")
    theirs = Link.objects.filter(person=ann).first().patient
    for _ in range(5):
        world.line(theirs)
    heard(theirs)

    run = refreshed(tmp_path / "again", at=AT + timedelta(minutes=15))
    refreshed(tmp_path / "anew", at=AT + timedelta(minutes=15))

    assert (run.kind, run.touched, run.people) == ("changed", 1, 2)
    assert everything(tmp_path / "again") == everything(tmp_path / "anew")


def test_a_refresh_without_news_reads_nothing_and_changes_nothing(tmp_path):
    World(12).person("Ann", lines=12)
    refreshed(tmp_path)
    before = everything(tmp_path)

    run = refreshed(tmp_path, at=AT + timedelta(minutes=15))

    assert (run.kind, run.touched, run.read, run.parts) == ("changed", 0, 0, 0)
    assert everything(tmp_path) == before


def test_people_who_were_merged_are_one_in_the_next_copy_by_the_pseudonym_of_who_stays(tmp_path):
    world = World(13)
    kept, alias = world.person("Ann", lines=10), world.person("Anne", lines=10)
    refreshed(tmp_path)
    alias.merged_into = kept
    alias.save()

    run = refreshed(tmp_path, at=AT + timedelta(minutes=15))

    told = {
        row[0] for name in ("people", "conditions", "contacts") for row in ask(tmp_path, f"select person from {name}")
    }
    assert (told, run.people, run.touched) == ({named(kept)}, 1, 2)


def test_an_objection_to_secondary_use_flags_a_person_and_takes_nothing_away(tmp_path):
    ann = World(14).person("Ann", lines=15)
    refreshed(tmp_path)
    before = tables(tmp_path)
    Objection.objects.create(
        person=ann, kind=ObjectionKind.SECONDARY_USE, starts_on=date(2026, 1, 1), reason="", made_at=AT, made_by=ann.pk
    )

    refreshed(tmp_path, at=AT + timedelta(minutes=15))

    assert ask(tmp_path, "select person, opted_out from people") == [(named(ann), True)]
    after = tables(tmp_path)
    assert {name: rows for name, rows in after.items() if name != "people"} == {
        name: rows for name, rows in before.items() if name != "people"
    }


def test_another_key_another_database_or_other_rules_make_everything_anew(tmp_path):
    World(15).person("Ann", lines=5)
    refreshed(tmp_path)

    other_key = refreshed(tmp_path, key=bytes(32))
    Refresh.objects.update(server="elsewhere")
    other_server = refreshed(tmp_path, key=bytes(32))
    Refresh.objects.update(rules_digest="others")
    other_rules = refreshed(tmp_path, key=bytes(32))

    assert [run.kind for run in (other_key, other_server, other_rules)] == ["full"] * 3


def test_a_refresh_that_is_killed_when_all_its_files_are_written_leaves_the_copy_that_was_there(tmp_path):
    world = World(16)
    ann = world.person("Ann", lines=10)
    refreshed(tmp_path)
    before, held = everything(tmp_path), manifest(folder=tmp_path)
    theirs = Link.objects.filter(person=ann).first().patient
    world.line(theirs)
    heard(theirs)

    def killed():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        refresh(key=KEY, by=system(at=AT + timedelta(minutes=15)), folder=tmp_path, now=killed)

    assert (everything(tmp_path), manifest(folder=tmp_path)) == (before, held)
    assert list((tmp_path / "tmp").iterdir()) == []


def test_whoever_reads_holds_to_the_copy_that_was_whole_when_they_began(tmp_path):
    world = World(17)
    ann = world.person("Ann", lines=10)
    refreshed(tmp_path)
    with open_copy(folder=tmp_path) as duck:
        world.person("Bob", lines=10)
        refreshed(tmp_path, at=AT + timedelta(minutes=15))

        people = duck.execute("select person from people").fetchall()

    assert people == [(named(ann),)]


def test_files_that_nobody_reads_any_more_are_deleted(tmp_path):
    World(18).person("Ann", lines=5)
    for minutes in range(4):
        refreshed(tmp_path, at=AT + timedelta(minutes=minutes), full=True)

    assert len(list(tmp_path.glob("events/part=0000/*.parquet"))) == 2
    assert list((tmp_path / "tmp").iterdir()) == []


# ---- what may not enter


def test_no_name_number_address_or_whole_day_of_birth_is_in_any_column(tmp_path):
    ann = make.person("Unmistakable", "Zebedee", nhs_number="9990000018", postcode="ZZ1 2QX")
    patient = make.patient(ann, make.source("gp"), local_id="zeb-1")
    make.resource(
        patient,
        {
            "resourceType": "Patient", "id": "zeb-1", "name": [{"family": "Unmistakable", "given": ["Zebedee"]}],
            "birthDate": "1942-03-14", "address": [{"line": ["7 Weaver's Fold"], "postalCode": "ZZ1 2QX"}],
        },
    )  # fmt: skip
    make.resource(patient, make.problem("Asthma", note=[{"text": "Zebedee Unmistakable said so"}]))
    make.resource(patient, make.problem("Lives at 9990000018 Street", code=""))
    refreshed(tmp_path)

    told = repr(everything(tmp_path))
    kept_on_disk = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())

    for secret in ("Unmistakable", "Zebedee", "9990000018", "ZZ1 2QX", "Weaver", "1942, 3, 14", str(ann.pk), "zeb-1"):
        assert secret not in told
        assert secret.encode() not in kept_on_disk
    assert KEY not in kept_on_disk


def test_what_is_sealed_sensitive_or_of_safeguarding_is_left_out_and_counted(tmp_path):
    ann = make.person("Ann", "Ann")
    patient = make.patient(ann, make.source("gp"))
    sealed = make.resource(patient, make.problem("Gout", "90560007"))
    PersonSeal.objects.create(
        person=ann, thing=sealed.thing, seal=Seal.LOCKED, starts_on=date(2026, 1, 1), made_at=AT, made_by=ann.pk
    )
    make.resource(patient, make.problem("At risk", "1"), data_class="SAFE")
    make.resource(patient, make.problem("Psychosis", "2"), data_class="SENS")
    make.resource(patient, make.problem("Kept close", "3"), label="V")
    make.resource(patient, make.problem("Asthma"))

    run = refreshed(tmp_path)

    assert ask(tmp_path, "select said from conditions") == [("Asthma",)]
    assert run.reasons == {"restricted": 1, "safeguarding": 1, "sealed": 1, "sensitive": 1}
    assert run.read == run.used + run.said_again + run.left_out == 5


def test_a_line_is_gone_from_the_copy_once_its_person_seals_it(tmp_path):
    ann = make.person("Ann", "Ann")
    row = make.resource(make.patient(ann, make.source("gp")), make.problem("Gout", "90560007"))
    refreshed(tmp_path)
    PersonSeal.objects.create(
        person=ann, thing=row.thing, seal=Seal.SEALED, starts_on=date(2026, 1, 1), made_at=AT, made_by=ann.pk
    )

    refreshed(tmp_path, at=AT + timedelta(minutes=15))

    assert ask(tmp_path, "select said from conditions") == []


def test_what_a_person_objects_to_sharing_is_left_out_by_its_sender(tmp_path):
    ann = make.person("Ann", "Ann")
    theirs = make.source("hospital", organisation=make.organisation("RSB"))
    make.resource(make.patient(ann, theirs, local_id="h"), make.problem("Gout", "90560007"))
    gp = make.source("gp", organisation=make.organisation("P12345"))
    make.resource(make.patient(ann, gp, local_id="g"), make.problem("Asthma"))
    Objection.objects.create(
        person=ann, kind=ObjectionKind.SHARING, organisation=theirs.organisation, starts_on=date(2026, 1, 1),
        reason="", made_at=AT, made_by=ann.pk,
    )  # fmt: skip

    run = refreshed(tmp_path)

    assert ask(tmp_path, "select said from conditions") == [("Asthma",)]
    assert run.reasons == {"they object to sharing it": 1}


def test_an_earlier_identity_is_nobody_in_the_copy(tmp_path):
    now, before = make.person("Now", "Nell"), make.person("Before", "Ned")
    gp = make.source("gp")
    make.resource(make.patient(now, gp, local_id="n"), make.problem("Asthma"))
    make.resource(make.patient(before, gp, local_id="b"), make.problem("Gout", "90560007"))
    make.earlier_identity(now, before)

    run = refreshed(tmp_path)

    assert ask(tmp_path, "select person from people") == [(named(now),)]
    assert ask(tmp_path, "select said from conditions") == [("Asthma",)]
    assert run.people == 1


def test_a_protected_address_leaves_no_small_area(tmp_path):
    gp = make.source("gp")
    make.patient(make.person("Safe", "Sal", protected=True), gp)

    run = refreshed(tmp_path)

    assert ask(tmp_path, "select small_area, ward, deprivation from people") == [(None, None, None)]
    assert run.noted["a protected address: no small area"] == 1


# ---- the role


@pytest.mark.sql
@pytest.mark.parametrize(
    "words",
    [
        "select family from people_person",
        "select address_lines from people_patient",
        "select content from record_resource",
        "select title from record_resource",
        "select value from people_identifier",
        "select id from journal_event",
        "insert into people_link (id) values (gen_random_uuid())",
        "update record_resource set title = ''",
        "delete from people_link",
        "create table mine (id int)",
    ],
)
def test_the_copier_reads_no_table_and_writes_nothing(words):
    make.resource(make.patient(make.person(), make.source("gp")), make.problem())

    with pytest.raises(ProgrammingError, match="permission denied"), reading.as_copier(), connection.cursor() as cursor:
        cursor.execute(words)


@pytest.mark.sql
def test_the_copiers_views_hold_no_column_that_names_anybody():
    with connection.cursor() as cursor:
        cursor.execute(
            "select column_name from information_schema.columns where table_name in "
            "('population_face', 'population_resource', 'population_holding', 'population_objection')"
        )
        columns = {name for (name,) in cursor}
        cursor.execute("select current_user")
        assert cursor.fetchone() == ("locality_app",)

    assert (
        columns & {"family", "given", "address", "postcode", "nhs_number", "birth_on", "content", "local_id", "value"}
        == set()
    )


@pytest.mark.sql
def test_the_application_cannot_read_the_copiers_views():
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("select * from population_resource")


@pytest.mark.sql
def test_the_application_is_itself_again_after_reading():
    with reading.as_copier():
        pass

    with connection.cursor() as cursor:
        cursor.execute("select current_user")
        assert cursor.fetchone() == ("locality_app",)


# ---- going back


def test_going_back_is_for_care_of_ones_own_people_and_leaves_a_line_for_each():
    nurse = make.viewer(at=AT + timedelta(days=100))
    hers, other = make.person("Hers", "Hetty"), make.person("Other", "Olive")
    make.relationship(hers, starts_on=date(2026, 1, 1))
    asked = [named(hers), named(other), "0" * 32]

    found = go_back(pseudonyms=asked, key=KEY, why="frailty list", by=nurse)

    lines = Event.objects.filter(what="copy.gone-back").values_list("person_id", "by_id", "detail")
    assert found == {named(hers): hers.pk}
    assert list(lines) == [(hers.pk, nurse.id, {"why": "frailty list"})]


def test_the_system_goes_back_to_all_whom_it_found():
    one, other = make.person("One", "Una"), make.person("Two", "Tui")

    found = go_back(pseudonyms=[named(one), named(other)], key=KEY, why="frailty list", by=system(at=AT))

    assert found == {named(one): one.pk, named(other): other.pk}
    assert Event.objects.filter(what="copy.gone-back").count() == 2


def test_going_back_is_refused_for_planning_and_without_a_reason():
    planner = make.viewer("analyst", purpose=Purpose.PLANNING)

    with pytest.raises(NoAccess, match="for their care alone"):
        go_back(pseudonyms=["0" * 32], key=KEY, why="a plan", by=planner)
    with pytest.raises(Refused, match="for what list"):
        go_back(pseudonyms=["0" * 32], key=KEY, why=" ", by=system(at=AT))


def test_a_pseudonym_is_the_published_hash_of_the_id():
    # HMAC-SHA-256 of sixteen zero bytes under the key 00 01 .. 1f, by openssl: its first 32 letters
    assert pseudonym(key=KEY, person=UUID(int=0)) == "ff921230177d146ee8401eb821731284"
