"""What is being written: for whoever writes it alone, and gone when it is kept."""

import pytest

from locality.access import wall
from locality.base import NoAccess
from locality.neighbourhoods.actions.note_drafts import KEPT_FOR, drop_draft, keep_draft
from locality.neighbourhoods.models import NoteDraft
from locality.neighbourhoods.queries.note_drafts import draft
from tests import factories as make
from tests.neighbourhoods.notes_world import wrote

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


@pytest.fixture
def peggy():
    row = make.person()
    make.relationship(row)
    return row


def kept(person, by=None, sealed=b"begun"):
    return keep_draft(person_id=person.pk, sealed=sealed, by=by or make.viewer())


def begun(person, by=None):
    row = draft(grant=make.opened(person, by))
    return bytes(row.sealed) if row else None


def test_kept_again_it_is_one_and_the_last(peggy):
    kept(peggy)
    kept(peggy, sealed=b"more")

    assert (begun(peggy), NoteDraft.objects.count()) == (b"more", 1)


def test_it_is_offered_to_nobody_else_nor_about_anybody_else(peggy):
    stan = make.person("Whitworth", "Stanley")
    make.relationship(stan)
    kept(peggy)

    assert (begun(peggy, make.viewer(given="Helen")), begun(stan)) == (None, None)


def test_the_database_itself_shows_a_draft_to_whoever_writes_it_alone(peggy):
    kept(peggy)

    with wall.up(make.viewer(given="Helen")):
        make.opened(peggy, make.viewer(given="Helen"))
        assert NoteDraft.objects.count() == 0
    with wall.up(make.viewer()):
        assert NoteDraft.objects.count() == 1


def test_about_somebody_whom_one_may_not_open_nothing_is_kept(peggy):
    with pytest.raises(NoAccess):
        kept(peggy, make.stranger())
    assert NoteDraft.objects.count() == 0


def test_it_is_gone_when_the_note_is_kept_or_it_is_let_go(peggy):
    kept(peggy)
    wrote(peggy)
    assert begun(peggy) is None

    kept(peggy)
    drop_draft(person_id=peggy.pk, by=make.viewer())
    assert begun(peggy) is None


def test_what_nobody_came_back_to_is_forgotten_after_a_week_whoever_wrote_it(peggy):
    stan = make.person("Whitworth", "Stanley")
    make.relationship(stan)
    kept(stan, make.viewer(given="Helen", at=make.AT - KEPT_FOR * 2))

    with wall.up(make.viewer()):
        kept(peggy)

    assert list(NoteDraft.objects.values_list("person", flat=True)) == [peggy.pk]


def test_begun_of_an_alias_it_is_offered_of_the_person(peggy):
    alias = make.person("Hargreaves", "Peg", nhs_number="")
    make.relationship(alias)
    kept(alias)
    alias.merged_into = peggy
    alias.save()

    assert begun(peggy) == b"begun"
