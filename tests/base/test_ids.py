"""Ids: the same name gives the same id everywhere, and new ids lie in the order of their making."""

from uuid import uuid5

from hypothesis import given
from hypothesis import strategies as st

from locality.base.ids import PLACE_OF_NAMES, named_id, new_id


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=4))
def test_a_named_id_is_the_version_5_uuid_of_its_parts(parts):
    assert named_id(*parts) == uuid5(PLACE_OF_NAMES, "\x1f".join(parts))


def test_new_ids_are_version_7_and_differ():
    ids = [new_id() for _ in range(1000)]

    assert {(one.version, one.variant) for one in ids} == {(7, "specified in RFC 4122")}
    assert len(set(ids)) == 1000
