from datetime import UTC, datetime

import pytest

from locality.access.actions import open_record
from locality.base import NoAccess, Refused
from locality.neighbourhoods.actions import plans
from locality.neighbourhoods.actions.pack import make_pack
from locality.neighbourhoods.rules.pack import is_whole, signed, stamp
from locality.neighbourhoods.rules.plans import Content, PartKind
from tests import factories as make
from tests.neighbourhoods.work import known, task


def backwards(content: bytes) -> bytes:
    return content[::-1]


def fits(content: bytes, signature: bytes) -> bool:
    return signature == content[::-1]


@pytest.mark.parametrize("changed", [b"<p>Penicillin</p>", b"", b"<p>None</p>\n"])
def test_a_pack_that_was_changed_is_told_from_one_that_was_not(changed):
    file = signed(b"<p>None</p>", sign=backwards)

    assert is_whole(file, verify=fits)
    assert not is_whole(file.replace(b"<p>None</p>", changed), verify=fits)


@pytest.mark.parametrize("file", [b"", b"<p>None</p>", b"\n<!-- signature of this day pack: "])
def test_what_is_no_pack_is_said_to_be_none(file):
    with pytest.raises(Refused, match="This is no day pack"):
        is_whole(file, verify=fits)


def test_what_is_written_after_the_signature_is_no_pack():
    with pytest.raises(Refused):
        is_whole(signed(b"<p>None</p>", sign=backwards) + b"<p>more</p>", verify=fits)


@pytest.mark.parametrize(
    ("made", "until"),
    [
        (datetime(2026, 11, 5, 9, 40, tzinfo=UTC), datetime(2026, 11, 6, tzinfo=UTC)),
        (datetime(2026, 7, 5, 23, 30, tzinfo=UTC), datetime(2026, 7, 6, 23, tzinfo=UTC)),
        # a day of 25 hours, and one of 23
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 26, tzinfo=UTC)),
        (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), datetime(2026, 3, 29, 23, tzinfo=UTC)),
    ],
)
def test_a_pack_holds_until_the_end_of_its_day_where_the_place_is(made, until):
    assert stamp(made).valid_until == until


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["care_coordinator", "link_worker", "care_home"])
def test_a_role_that_takes_nothing_away_makes_no_pack(role):
    task(known())

    with pytest.raises(NoAccess, match="does not take lists of people away"):
        make_pack(by=make.viewer(role, second_factor=True))


@pytest.mark.django_db
def test_without_a_second_factor_nothing_leaves():
    task(known())

    with pytest.raises(NoAccess, match="second factor"):
        make_pack(by=make.viewer())


@pytest.mark.django_db
def test_what_to_do_if_comes_from_the_plan():
    peggy = known()
    task(peggy)
    told = Content(words="she falls", then_words="ring Ann first", call_words="Ann, 07700 900123")
    by = make.viewer()
    plans.write(kind=PartKind.CONTINGENCY, content=told, grant=open_record(person_id=peggy.pk, by=by), by=by)

    pack = make_pack(by=make.viewer(second_factor=True))

    assert pack.people[0].what_if == ("If she falls: ring Ann first. Call Ann, 07700 900123",)


@pytest.mark.django_db
@pytest.mark.parametrize(("people", "queries"), [(1, 16), (3, 42)])
def test_what_a_pack_costs_for_each_person_is_known(django_assert_num_queries, people, queries):
    for number in range(people):
        task(known(make.person(f"F{number}", f"Given{number}")))
    by = make.viewer(second_factor=True)

    with django_assert_num_queries(queries):
        pack = make_pack(by=by)

    assert len(pack.people) == people
