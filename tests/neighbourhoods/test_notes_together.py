"""Two who correct one note, change one contact, or take over the same one at the same moment: one is kept."""

import pytest

from locality.access.actions import open_record
from locality.base.ids import new_id
from locality.neighbourhoods.actions import families, notes
from locality.neighbourhoods.models import Contact, Note
from tests import factories as make
from tests.neighbourhoods.notes_world import kept, named, said, wrote
from tests.population.test_reviewing_together import while_the_first_is_not_done

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sql]


@pytest.fixture
def peggy():
    row = make.person()
    make.relationship(row)
    return row


def two(person):
    viewers = [make.viewer(), make.viewer(given="Helen")]
    return [(open_record(person_id=person.pk, by=one), one) for one in viewers]


def test_of_two_who_correct_a_note_at_once_one_is_kept_and_the_other_is_told_whose(peggy):
    row, pairs = wrote(peggy), two(peggy)

    def correct(words, grant, by):
        return notes.correct(thing=row.thing, version=1, said=said(words), why="Wrong leg", grant=grant, by=by)

    first, second = while_the_first_is_not_done(
        lambda: correct("Left shin.", *pairs[0]), lambda: correct("Right shin.", *pairs[1])
    )

    assert second == (
        "Joanne Fielding corrected this note at 09:40, while you wrote. Read what it says now, then write yours."
    )
    assert Note.objects.get(is_current=True) == first
    assert list(Note.objects.order_by("version").values_list("words", flat=True)) == ["Dressed her shin.", "Left shin."]


def test_of_two_who_say_whose_a_note_is_at_once_one_is_kept(peggy):
    row, pairs = wrote(peggy), two(peggy)

    def strike(grant, by):
        return notes.say_about_another(thing=row.thing, version=1, why="Not hers", grant=grant, by=by)

    _, second = while_the_first_is_not_done(lambda: strike(*pairs[0]), lambda: strike(*pairs[1]))

    assert second.startswith("Joanne Fielding corrected this note at 09:40")
    assert Note.objects.count() == 2


def test_one_form_sent_twice_at_once_is_one_note(peggy):
    form, [(grant, by), _] = new_id(), two(peggy)

    first, second = while_the_first_is_not_done(
        lambda: notes.write(form=form, said=said(), grant=grant, by=by),
        lambda: notes.write(form=form, said=said(), grant=grant, by=by),
    )

    assert (first.pk, Note.objects.count()) == (second.pk, 1)


def test_of_two_who_change_a_contact_at_once_one_is_kept_and_the_other_is_told_whose(peggy):
    row, pairs = kept(peggy), two(peggy)

    def change(phone, grant, by):
        told = {"thing": row.thing, "version": 1, "why": "A new number", "grant": grant, "by": by}
        return families.change_contact(named=named(phone=phone), **told)

    first, second = while_the_first_is_not_done(lambda: change("1", *pairs[0]), lambda: change("2", *pairs[1]))

    assert second == "Joanne Fielding changed this at 09:40, while you wrote. Read it, then change it."
    assert Contact.objects.get(is_current=True) == first


def test_of_two_who_take_over_whom_a_source_sent_at_once_the_second_is_told(peggy):
    gp = make.patient(peggy, make.source("gp"))
    ann = {"resourceType": "RelatedPerson", "id": "r1", "name": [{"text": "Ann Lomas"}]}
    make.resource(gp, ann | {"relationship": [{"coding": [{"code": "N"}]}]})
    pairs = two(peggy)

    def take(grant, by):
        return families.take_over(key="ann lomas", at=make.AT, grant=grant, by=by)

    _, second = while_the_first_is_not_done(lambda: take(*pairs[0]), lambda: take(*pairs[1]))

    assert second == "They are kept here already, so nothing was done. Change them where they stand."
    assert Contact.objects.count() == 1


def test_of_two_key_safes_written_down_at_once_one_holds(peggy):
    pairs = two(peggy)

    def keep(sealed, grant, by):
        return families.keep_key_safe(sealed=sealed, said_by="Peggy", grant=grant, by=by)

    _, second = while_the_first_is_not_done(lambda: keep(b"1", *pairs[0]), lambda: keep(b"2", *pairs[1]))

    rows = type(second).objects.order_by("made_at", "pk")
    assert [bytes(row.sealed) for row in rows if row.ended_at is None] == [b"2"]
    assert rows.count() == 2
