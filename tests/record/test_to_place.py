"""What was written while two people were one is placed by somebody once they are parted; nothing is lost on the way."""

from datetime import timedelta
from uuid import UUID

import pytest

from locality.access.rules import RoleCode
from locality.base import NotFound, Refused, Viewer, system
from locality.journal.models import Event
from locality.people.actions.earlier import keep_apart
from locality.people.actions.merging import merge_people, undo_merge
from locality.people.models import Merge, Person, Placement
from locality.record.actions.remarks import let_remark_go, place_remark
from locality.record.models import Remark, Resource
from locality.record.queries import summary
from locality.record.queries.to_place import Side, to_place
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


def at(minutes: int) -> Viewer:
    return system(at=make.AT + timedelta(minutes=minutes))


def custodian(given: str = "Desmond", minutes: int = 100) -> Viewer:
    return make.viewer(RoleCode.IDENTITY_CUSTODIAN, given=given, at=make.AT + timedelta(minutes=minutes))


def peggy_and_ann() -> tuple[tuple[Person, Resource], tuple[Person, Resource]]:
    """Two sisters, each on the riverside caseload, each with asthma at the practice."""
    gp = make.source("gp")
    found = []
    for given in ("Margaret", "Ann"):
        row = make.person("Hargreaves", given)
        make.relationship(row)
        held = make.patient(row, gp, local_id=given)
        found.append((row, make.resource(held, make.problem("Asthma", id=f"{given}-asthma"))))
    return found[0], found[1]


def said(row: Resource, person: Person, minutes: int, **other) -> Remark:
    """Sadia says it of whoever the line is shown of."""
    return make.remark(row, person, said_at=at(minutes).at, **other)


def merged(kept: Person, alias: Person, minutes: int) -> Merge:
    return merge_people(kept=kept, alias=alias, reason="They said so", by=at(minutes))


def undone(merge: Merge, minutes: int, by: Viewer | None = None) -> Merge:
    return undo_merge(merge=merge, by=by or at(minutes))


def waiting(viewer: Viewer | None = None) -> list[tuple[UUID, UUID]]:
    return [(one.remark, one.merge) for one in to_place(viewer=viewer or custodian())]


def not_hers(person: Person) -> list[bool]:
    return [fact.not_hers for fact in summary(grant=make.opened(person), at=make.AT).problems.facts]


def test_a_remark_made_while_two_were_one_waits_once_they_are_parted():
    (peggy, hers), (ann, anns) = peggy_and_ann()
    said(hers, peggy, 1)
    merge = merged(peggy, ann, 2)
    remark = said(anns, peggy, 3)
    before = waiting()

    undone(merge, 4)
    said(anns, ann, 5)

    (one,) = to_place(viewer=custodian())
    assert before == []
    assert (one.remark, one.merge, one.parted_at, one.said_at) == (remark.pk, merge.pk, at(4).at, at(3).at)
    assert (one.kept.id, one.kept.given, one.parted.id, one.parted.given) == (peggy.pk, "Margaret", ann.pk, "Ann")
    assert (one.said_by_name, one.line_from, one.lies_with) == ("Sadia Rahman", "Mill Lane Practice", Side.PARTED)


def test_placed_with_the_parted_it_is_said_of_her_and_of_the_other_no_more():
    (peggy, _), (ann, anns) = peggy_and_ann()
    merge = merged(peggy, ann, 2)
    remark = said(anns, peggy, 3)
    undone(merge, 4)
    lost_from_view = not_hers(ann)

    place_remark(remark=remark.pk, merge=merge.pk, side=Side.PARTED, by=custodian())

    assert (lost_from_view, not_hers(ann), not_hers(peggy)) == ([False], [True], [False])
    assert waiting() == []
    placed = Placement.objects.get()
    assert (placed.row, placed.was, placed.person, placed.placed_by) == (remark.pk, peggy, ann, custodian().id)
    told = Event.objects.filter(what="remark.placed").values_list("person_id", "about_id", "by_id")
    assert list(told) == [(ann.pk, anns.thing, custodian().id)]


def test_placed_with_the_kept_it_stays_and_waits_no_longer():
    (peggy, hers), (ann, _) = peggy_and_ann()
    merge = merged(peggy, ann, 2)
    remark = said(hers, peggy, 3)
    undone(merge, 4)

    place_remark(remark=remark.pk, merge=merge.pk, side=Side.KEPT, by=custodian())

    assert (not_hers(peggy), not_hers(ann), waiting()) == ([True], [False], [])
    assert Remark.objects.get().person == peggy


def test_let_go_it_is_kept_as_it_was_said_and_shown_of_neither():
    (peggy, _), (ann, anns) = peggy_and_ann()
    merge = merged(peggy, ann, 2)
    remark = said(anns, peggy, 3)
    undone(merge, 4)

    let_remark_go(remark=remark.pk, merge=merge.pk, by=custodian())

    row = Remark.objects.get()
    assert (row.words, row.withdrawn_by, waiting()) == (remark.words, custodian().id, [])
    assert (not_hers(peggy), not_hers(ann)) == ([False], [False])


def test_none_is_lost_whoever_it_is_placed_with():
    (peggy, hers), (ann, anns) = peggy_and_ann()
    merge = merged(peggy, ann, 2)
    both = [said(hers, peggy, 3), said(anns, peggy, 4)]
    undone(merge, 5)

    for one, side in zip(both, (Side.KEPT, Side.PARTED), strict=True):
        place_remark(remark=one.pk, merge=merge.pk, side=side, by=custodian())

    rows = Remark.objects.filter(withdrawn_at=None).order_by("said_at")
    assert [(row.pk, row.person) for row in rows] == [(both[0].pk, peggy), (both[1].pk, ann)]


@pytest.mark.parametrize("first_undone", ["inner", "outer"])
def test_where_three_were_one_it_is_asked_of_each_parting_in_its_turn(first_undone):
    (peggy, _), (ann, anns) = peggy_and_ann()
    carol = make.person("Hargreaves", "Carol")
    make.patient(carol, make.source("acute"))
    inner = merged(peggy, ann, 2)
    outer = merged(carol, peggy, 3)
    remark = said(anns, carol, 4)

    if first_undone == "inner":
        undone(inner, 5)
        asked = [waiting()]
        place_remark(remark=remark.pk, merge=inner.pk, side=Side.KEPT, by=custodian())
        undone(outer, 6)
        asked.append(waiting())
        assert asked == [[(remark.pk, inner.pk)], [(remark.pk, outer.pk)]]
    else:
        undone(outer, 5)
        undone(inner, 6)
        asked = [waiting()]
        place_remark(remark=remark.pk, merge=outer.pk, side=Side.PARTED, by=custodian())
        asked.append(waiting())
        assert asked == [[(remark.pk, outer.pk)], [(remark.pk, inner.pk)]]


def test_placed_elsewhere_it_is_not_asked_of_those_it_is_not_with():
    (peggy, _), (ann, anns) = peggy_and_ann()
    carol = make.person("Hargreaves", "Carol")
    inner, outer = merged(peggy, ann, 2), merged(carol, peggy, 3)
    remark = said(anns, carol, 4)
    undone(outer, 5)
    place_remark(remark=remark.pk, merge=outer.pk, side=Side.KEPT, by=custodian())

    undone(inner, 6)

    assert waiting() == []


def test_joined_again_there_is_nothing_to_place_until_they_are_parted_again():
    (peggy, _), (ann, anns) = peggy_and_ann()
    first = merged(peggy, ann, 2)
    remark = said(anns, peggy, 3)
    undone(first, 4)

    again = merged(ann, peggy, 5)
    while_one = waiting()
    undone(again, 6)

    assert (while_one, waiting()) == ([], [(remark.pk, first.pk)])


def test_they_see_it_who_parted_them_who_said_it_and_the_custodian_and_nobody_else():
    (peggy, _), (ann, anns) = peggy_and_ann()
    merge = merged(peggy, ann, 2)
    remark = said(anns, peggy, 3)
    undone(merge, 4, by=custodian("Helen", 4))
    sadia = make.viewer(RoleCode.CARE_COORDINATOR, given="Sadia")
    said_by_her = Remark.objects.filter(pk=remark.pk).update(said_by=sadia.id)
    others = [make.viewer(), make.viewer(RoleCode.ADMINISTRATOR, given="Sam"), make.viewer(RoleCode.PRIVACY_OFFICER)]

    assert said_by_her == 1
    for viewer in (custodian(), custodian("Helen"), sadia):
        assert waiting(viewer) == [(remark.pk, merge.pk)]
    for viewer in others:
        assert waiting(viewer) == []
        with pytest.raises(NotFound):
            place_remark(remark=remark.pk, merge=merge.pk, side=Side.KEPT, by=viewer)
        with pytest.raises(NotFound):
            let_remark_go(remark=remark.pk, merge=merge.pk, by=viewer)
    assert (Placement.objects.count(), Remark.objects.filter(withdrawn_at=None).count()) == (0, 1)


def test_what_it_says_is_told_to_whoever_said_it_and_not_to_the_custodian():
    (peggy, _), (ann, anns) = peggy_and_ann()
    merge = merged(peggy, ann, 2)
    sadia = make.viewer(RoleCode.CARE_COORDINATOR, given="Sadia")
    said(anns, peggy, 3, said_by=sadia.id, words="Her sister has it")
    undone(merge, 4)

    assert [one.words for one in to_place(viewer=sadia)] == ["Her sister has it"]
    assert [one.words for one in to_place(viewer=custodian())] == [""]


def test_placed_twice_it_is_placed_once():
    (peggy, _), (ann, anns) = peggy_and_ann()
    merge = merged(peggy, ann, 2)
    remark = said(anns, peggy, 3)
    undone(merge, 4)
    place_remark(remark=remark.pk, merge=merge.pk, side=Side.PARTED, by=custodian())

    with pytest.raises(NotFound, match="placed it already"):
        place_remark(remark=remark.pk, merge=merge.pk, side=Side.KEPT, by=custodian())

    assert Remark.objects.get().person == ann


def test_where_the_same_has_been_said_there_it_is_refused_and_waits():
    (peggy, _), (ann, anns) = peggy_and_ann()
    merge = merged(peggy, ann, 2)
    remark = said(anns, peggy, 3)
    undone(merge, 4)
    said(anns, ann, 5)

    with pytest.raises(Refused, match="said the same of this line there"):
        place_remark(remark=remark.pk, merge=merge.pk, side=Side.PARTED, by=custodian())

    assert waiting() == [(remark.pk, merge.pk)]


def test_the_list_is_one_query_however_long(django_assert_num_queries):
    (peggy, hers), (ann, anns) = peggy_and_ann()
    merge = merged(peggy, ann, 2)
    said(hers, peggy, 3)
    said(anns, peggy, 4)
    undone(merge, 5)
    viewer = custodian()

    with django_assert_num_queries(1):
        assert len(to_place(viewer=viewer)) == 2


def test_what_was_said_of_somebody_and_their_earlier_identity_waits_for_nobody():
    (peggy, _), (ann, anns) = peggy_and_ann()
    merge = merged(peggy, ann, 2)
    remark = said(anns, peggy, 3)
    undone(merge, 4)
    before = waiting()

    keep_apart(person=peggy, earlier=ann, kind="adoption", reason="The order was seen", by=at(5))

    assert before == [(remark.pk, merge.pk)]
    assert waiting() == []
