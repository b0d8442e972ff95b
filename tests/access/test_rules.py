"""The tables of access, typed again from the field's own, and what follows from them."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.access.rules import (
    BY_RELATION,
    BY_ROLE,
    Answer,
    Context,
    DataClass,
    Relation,
    RoleCode,
    opening,
    strongest,
)
from locality.base import Purpose, Viewer, ViewerKind
from tests.intake_fixtures import AT

LETTERS = {"H": Answer.HIDE, "M": Answer.MASK, "A": Answer.ASK, "R": Answer.REDACT, "P": Answer.PERMIT}
COLUMNS = ["ID", "LOC", "SUM", "CLIN", "SOC", "SENS", "SAFE", "WORK", "AUD", "PRIOR"]

ROLES = """
clinician            P P P P P P A P H H
social_worker        P P P R P A P P H H
safeguarding_lead    P P P P P P P P H H
care_coordinator     P P R H R H M P H H
care_home            P P P H R H M P H H
link_worker          P P R H H H H P H H
privacy_officer      R H H H H H H H P H
identity_custodian   P H H H H H H H H P
analyst              H H H H H H H H H H
board                H H H H H H H H H H
administrator        H H H H H H H H H H
"""

RELATIONS = """
own team                        P P P P P P P P
open referral                   P P P P P A P P
visit                           P P P A R H M P
ended within 28 days            P A A A A A A R
same organisation, another team R A A A A A A A
none                            R A A A A A H A
"""


def typed(table: str) -> dict[str, dict[str, Answer]]:
    rows = {}
    for line in table.strip().splitlines():
        name, letters = line[:32].strip(), line.split()
        count = sum(1 for letter in reversed(letters) if letter in LETTERS and len(letter) == 1)
        cells = letters[-count:]
        name = " ".join(letters[:-count])
        rows[name] = {column: LETTERS[cell] for column, cell in zip(COLUMNS, cells, strict=False)}
    return rows


def test_the_role_table_is_the_fields_own():
    assert {str(role): {str(c): a for c, a in row.items()} for role, row in BY_ROLE.items()} == typed(ROLES)


def test_the_relation_table_is_the_fields_own():
    assert {str(r): {str(c): a for c, a in row.items()} for r, row in BY_RELATION.items()} == typed(RELATIONS)


def viewer(role: str, **other) -> Viewer:
    return Viewer(**({"kind": ViewerKind.PRACTITIONER, "id": UUID(int=1), "role": role, "at": AT} | other))


@pytest.mark.parametrize("role", RoleCode)
@pytest.mark.parametrize("relation", [Relation.NONE, Relation.ORGANISATION, Relation.ENDED])
def test_without_a_live_relationship_nothing_opens_for_any_role(role, relation):
    assert not opening(viewer=viewer(role), context=Context(relation=relation)).opens


@pytest.mark.parametrize("kind", [ViewerKind.PERSON, ViewerKind.PROXY, ViewerKind.SYSTEM])
def test_whoever_has_no_table_yet_sees_nothing(kind):
    assert not opening(viewer=viewer("clinician", kind=kind), context=Context(relation=Relation.OWN_TEAM)).opens


@pytest.mark.parametrize("purpose", [Purpose.PLANNING, Purpose.OPERATIONS])
def test_a_purpose_that_is_not_care_opens_nothing(purpose):
    assert not opening(viewer=viewer("clinician", purpose=purpose), context=Context(relation=Relation.OWN_TEAM)).opens


def test_a_role_nobody_has_written_down_opens_nothing():
    assert not opening(viewer=viewer("astrologer"), context=Context(relation=Relation.OWN_TEAM)).opens


@given(role=st.sampled_from(list(RoleCode)), relation=st.sampled_from(list(Relation)))
def test_nothing_opens_wider_than_either_table_allows(role, relation):
    found = opening(viewer=viewer(role), context=Context(relation=relation))

    for column in DataClass:
        ceiling = min(BY_ROLE[role][column], BY_RELATION[relation].get(column, Answer.HIDE))
        assert (column in found.whole) <= (ceiling == Answer.PERMIT)
        assert (column in found.redacted) <= (ceiling == Answer.REDACT)


@given(st.sets(st.sampled_from(list(Relation)), min_size=1))
def test_the_strongest_of_several_relationships_is_one_of_them_and_opens_most(relations):
    best = strongest(relations)
    clinician = viewer("clinician")

    assert best in relations
    widest = max(len(opening(viewer=clinician, context=Context(relation=one)).whole) for one in relations)
    assert len(opening(viewer=clinician, relation=best).whole) == widest
