"""Loading makes the database say what the pack says; once, and whole or not at all."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from django.db import connection

from locality.base import Refused, system
from locality.directory import queries
from locality.directory.actions import feeds, leave_team, load_pack
from locality.directory.actions import services as keep
from locality.directory.models import Organisation, Place, Postcode, Service, Successor, Team, TeamMembership
from locality.directory.pack import PackFaults
from locality.directory.queries.spans import held_on
from locality.journal.models import Event
from tests.directory.open_referral_samples import entry, page

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
BY = system(at=AT)

# what files of services and those who keep them write
FILLED_BY_OTHERS = {
    *("directory_serviceat", "directory_servicetime", "directory_servicecapacity", "directory_servicereport"),
    "directory_feedentry",
}


def rows_in_every_table() -> dict[str, list[tuple]]:
    tables = [name for name in connection.introspection.table_names() if name.startswith("directory_")]
    with connection.cursor() as cursor:
        found = {}
        for name in tables:
            cursor.execute(f'select * from "{name}" order by 1')
            found[name] = cursor.fetchall()
    return found


def test_a_pack_is_loaded_and_says_what_was_added(pack):
    loaded = load_pack(pack=pack, by=BY)

    assert loaded.sentence == "smallplace: 61 added."
    assert {name for name, rows in rows_in_every_table().items() if not rows} == FILLED_BY_OTHERS
    assert loaded.added[:3] == ["place smallplace", "organisation ZZ1", "organisation ZZ2"]
    assert loaded.added[-1] == "boundary neighbourhood downhill"
    hospital = queries.organisation("ZZ1")
    assert (hospital.name, hospital.short_name, hospital.starts_on, hospital.ends_on, hospital.verified) == (
        "Small Hospital NHS Trust",
        "Small Hospital",
        date(2001, 4, 1),
        None,
        True,
    )
    assert queries.organisation("kind-neighbours").short_name == "Kind Neighbours"


def test_a_second_run_changes_nothing_and_says_so(pack):
    load_pack(pack=pack, by=BY)
    before = rows_in_every_table()

    again = load_pack(pack=pack, by=BY)

    assert again.sentence == "smallplace: nothing to change, all is already as the pack says."
    assert rows_in_every_table() == before


def test_ids_are_the_same_on_every_machine(pack):
    load_pack(pack=pack, by=BY)

    assert {row.code: str(row.pk) for row in Team.objects.all()} == {
        "uphill-first": "bfadfbef-a296-50dc-8dc8-2e644454f15b",
        "uphill": "3f6f74a4-2196-53fe-bd8b-2659adc3bb7a",
        "rapid": "5d8a6bed-7e4a-5bd3-8b3a-4d869241aacf",
    }


def test_what_changes_and_what_ends_are_told_apart(pack, spoil):
    load_pack(pack=pack, by=BY)
    spoil("organisations.csv", "Kind Neighbours,,voluntary,,,,", "Kinder Neighbours,,voluntary,,2026-06-01,,")
    spoil("organisations.csv", "Mill Lane Surgery", "Mill Lane Practice")
    spoil("postcodes.csv", "E05999001,downhill", "E05999001,")
    spoil("agreements.toml", "2027-01-01", "2026-12-01")

    loaded = load_pack(pack=pack, by=BY)

    assert loaded.added == []
    assert loaded.changed == ["organisation ZZ99901 (name, short_name)", "postcode ZZ1 1AB (neighbourhood_id)"]
    assert loaded.ended == [
        "organisation kind-neighbours (name, short_name, ends_on)",
        "agreement hospital (ends_on)",
        "source hospital (agreement_ends_on)",
    ]
    assert loaded.sentence == "smallplace: 2 changed, 3 ended."


def test_one_team_may_end_and_the_next_begin_in_one_load(pack, spoil):
    load_pack(pack=pack, by=BY)
    spoil("teams.csv", "0999,2024-04-01,,", "0999,2024-04-01,2026-04-01,")
    with (pack / "teams.csv").open("a") as file:
        file.write("aa-uphill,New Uphill team,neighbourhood,uphill,ZZ1,,2026-04-01,,invented\n")

    loaded = load_pack(pack=pack, by=BY)

    assert (loaded.added, loaded.ended) == (["team aa-uphill"], ["team uphill (ends_on)"])
    uphill = queries.neighbourhood_of("ZZ1 1AA")
    on = [date(2026, 3, 31), date(2026, 4, 1)]
    assert [Team.objects.get(held_on(day), neighbourhood=uphill, kind="neighbourhood").code for day in on] == [
        "uphill",
        "aa-uphill",
    ]


def test_what_others_point_at_is_ended_never_taken_out(pack, spoil):
    load_pack(pack=pack, by=BY)
    before = rows_in_every_table()
    spoil("services.toml", '"visiting"', '"calling"')

    with pytest.raises(Refused) as refused:
        load_pack(pack=pack, by=BY)

    assert str(refused.value) == (
        f"service visiting: loaded before and no longer in {pack}/services. "
        "Give it an end (ends_on) instead of taking it out."
    )
    assert rows_in_every_table() == before


def test_a_source_that_vanishes_is_to_be_closed_for_it_has_no_end(pack, spoil):
    load_pack(pack=pack, by=BY)
    spoil("sources.toml", 'code = "council"', 'code = "town-hall"')

    with pytest.raises(Refused) as refused:
        load_pack(pack=pack, by=BY)

    assert str(refused.value) == (
        f"source council: loaded before and no longer in {pack}/sources. "
        "Say connected = false instead of taking it out."
    )


def test_postcodes_wards_and_successors_that_are_gone_are_removed(pack, spoil):
    load_pack(pack=pack, by=BY)
    spoil("postcodes.csv", "ZZ2 2AA,,E05999002,\n", "")
    spoil("wards.csv", "E05999002,Lower,downhill,invented\n", "")
    spoil("areas.csv", "E01999003,Small 001C,E05999002,,invented,yes\n", "")
    spoil("figures.csv", "census,E01999003,1400\n", "")
    spoil("figures.csv", "decile,E01999003,1\n", "")
    text = (pack / "successors.toml").read_text()
    (pack / "successors.toml").write_text(text[: text.rindex("[[successor]]")])

    loaded = load_pack(pack=pack, by=BY)

    assert loaded.removed == [
        *("figure census E01999003", "figure decile E01999003"),
        *("postcode ZZ2 2AA", "area E01999003", "ward E05999002", "successor ZZ2 small-council"),
    ]
    assert (Postcode.objects.count(), Successor.objects.count()) == (3, 2)


def test_what_takes_the_place_of_another_row_comes_in_after_that_one_has_gone(pack, spoil):
    load_pack(pack=pack, by=BY)
    spoil("affiliations.toml", "starts_on = 2022-04-01", "starts_on = 2022-05-01")
    spoil("practices.csv", "ZZ99901,uphill,,", "ZZ99901,uphill,2019-01-01,")

    loaded = load_pack(pack=pack, by=BY)

    assert loaded.removed == ["affiliation ZZ99901 UZZ02 member 2022-04-01", "practice ZZ99901 None"]
    assert loaded.added == ["affiliation ZZ99901 UZZ02 member 2022-05-01", "practice ZZ99901 2019-01-01"]


def test_a_leaver_is_not_let_back_in_by_an_old_file(pack):
    load_pack(pack=pack, by=BY)
    membership = TeamMembership.objects.get(practitioner__code="ben-ash")
    leave_team(membership=membership, ends_on=date(2026, 11, 1), by=BY)

    again = load_pack(pack=pack, by=BY)

    membership.refresh_from_db()
    assert membership.ends_on == date(2026, 11, 1)
    assert again.sentence == "smallplace: nothing to change, all is already as the pack says."


def test_a_faulty_pack_leaves_everything_as_it_was(pack, spoil):
    load_pack(pack=pack, by=BY)
    before = rows_in_every_table()
    spoil("organisations.csv", "Mill Lane Surgery", "Mill Lane Practice")
    spoil("sites.csv", "ZZ1 1AA", "nowhere")

    with pytest.raises(PackFaults):
        load_pack(pack=pack, by=BY)

    assert rows_in_every_table() == before
    assert Organisation.objects.get(code="ZZ99901").name == "Mill Lane Surgery"


def test_each_load_is_on_the_audit(pack):
    loaded = load_pack(pack=pack, by=BY)

    line = Event.objects.get()
    assert (line.what, line.at, line.about_id) == ("pack.load", AT, Place.objects.get().pk)
    assert line.detail == {
        "added": {"count": 61, "rows": loaded.added[:50]},
        "changed": {"count": 0, "rows": []},
        "ended": {"count": 0, "rows": []},
        "removed": {"count": 0, "rows": []},
    }


def test_a_mapping_is_kept_with_its_source(pack):
    load_pack(pack=pack, by=BY)

    visits = queries.source("visits")

    assert (visits.mapping, visits.mapping_text) == (
        "mappings/visits.toml",
        "# Loaded as it stands; how it is read belongs to intake.\n",
    )


def test_two_places_live_side_by_side_and_one_is_the_default(pack):
    other = shutil.copytree(pack, pack.parent / "otherplace")
    text = (other / "pack.toml").read_text().replace("smallplace", "otherplace").replace("Small", "Other")
    (other / "pack.toml").write_text(text + "default = true\n")
    figures = (other / "figures.csv").read_text().replace("smallplace", "otherplace")
    (other / "figures.csv").write_text(figures)
    load_pack(pack=pack, by=BY)
    assert queries.place().code == "smallplace"

    loaded = load_pack(pack=other, by=BY)

    assert loaded.changed == ["place smallplace (is_default)"]
    assert queries.place().name == "Other Place"
    assert queries.place("smallplace").name == "Small Place"
    assert queries.source("hospital").place_id == queries.place().pk
    assert queries.source("hospital", place="smallplace").place_id == queries.place("smallplace").pk
    assert load_pack(pack=pack, by=BY).sentence.endswith("nothing to change, all is already as the pack says.")


def test_a_second_run_asks_few_questions_however_long_the_files(pack, django_assert_num_queries):
    lines = [f"ZZ{one} {two}AA" for one in range(3, 100) for two in range(10)]
    (pack / "postcodes.csv").write_text("\n".join(["code", *lines]))
    load_pack(pack=pack, by=BY)

    # a savepoint and its release, the lock, the place twice, each kind once, the audit line
    with django_assert_num_queries(29):
        load_pack(pack=pack, by=BY)


@pytest.mark.django_db(transaction=True)
def test_two_who_load_at_the_same_time_load_it_once(pack):
    def load(_: int) -> str:
        try:
            return load_pack(pack=pack, by=BY).sentence
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        sentences = sorted(threads.map(load, range(2)))

    assert sentences == [
        "smallplace: 61 added.",
        "smallplace: nothing to change, all is already as the pack says.",
    ]


def test_what_was_changed_on_a_page_and_what_a_file_brought_are_left_alone_by_a_pack(pack):
    load_pack(pack=pack, by=BY)
    visiting = Service.objects.get(code="visiting")
    keep.change_service(service=visiting.pk, values={"name": "Visits", "phone": "0161 496 0100"}, by=BY)
    keep.assure(service=visiting.pk, by=BY)
    feeds.take_in(content=page(entry()), feed="soup", by=BY)

    again = load_pack(pack=pack, by=BY)

    visiting.refresh_from_db()
    assert again.sentence.endswith("nothing to change, all is already as the pack says.")
    assert (visiting.name, visiting.phone, visiting.assured_on) == ("Visits", "0161 496 0100", AT.date())
    assert Service.objects.filter(feed="soup", ends_on=None).count() == 1
