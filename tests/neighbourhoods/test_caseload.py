from dataclasses import replace
from datetime import timedelta

import pytest

from locality.access.models import Relationship
from locality.access.queries import openable
from locality.access.rules import RelationKind
from locality.base import NotFound, Overtaken, Refused
from locality.journal.models import Event
from locality.neighbourhoods.actions import put_forward
from locality.neighbourhoods.actions.candidates import decline, let_wait
from locality.neighbourhoods.actions.caseload import allocate, come_back, come_off, hand_over, take_on
from locality.neighbourhoods.actions.caseload_lists import list_caseload
from locality.neighbourhoods.actions.caseload_progress import mark_at_risk, move_on, note_contact, prioritise, review
from locality.neighbourhoods.models import Allocation, Candidate, Caseload, CaseloadHistory
from locality.neighbourhoods.queries import candidates
from locality.neighbourhoods.queries import caseload as queries
from locality.neighbourhoods.queries.caseload import Asked
from locality.neighbourhoods.rules.caseload import CameFrom, OffReason, Stage, StageNotAllowed
from locality.neighbourhoods.rules.tasks import Priority
from locality.people.actions.merging import merge_people
from tests import factories as make
from tests.neighbourhoods.caseload_world import REVIEW_ON, coordinator, new, nurse, ruth
from tests.neighbourhoods.test_candidates import doctor, put

pytestmark = pytest.mark.django_db


def knows(viewer, person) -> bool:
    return openable(viewer=viewer, person_ids=[person.pk], on=make.TODAY) == {person.pk}


def names(viewer, **asked) -> list[str]:
    found, _ = queries.on_it(viewer=viewer, asked=Asked(**asked))
    return [one.person.family for one in found]


def whats(row: Caseload) -> list[str]:
    return list(CaseloadHistory.objects.filter(caseload=row).order_by("at", "pk").values_list("what", flat=True))


# ---- on


def test_taken_on_the_team_may_know_them_and_the_candidate_is_answered():
    peggy = make.person()
    waiting = put_forward(put=put(peggy), by=doctor())

    row = take_on(new=new(peggy, coordinator=nurse().id), by=nurse())

    [one], _ = queries.on_it(viewer=nurse(), asked=Asked())
    assert (one.person, one.stage, one.coordinator_name) == (peggy, Stage.NEW, "Joanne Fielding")
    assert knows(nurse(), peggy)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.answer_why, row.candidate_id) == ("taken on", "Fell twice; lives alone", waiting.pk)
    assert whats(row) == ["taken on", "allocated"]


def test_the_referral_that_put_them_forward_ends_when_the_caseload_takes_its_place():
    peggy = make.person()
    put_forward(put=put(peggy), by=doctor())

    row = take_on(new=new(peggy), by=nurse())
    come_off(caseload=row.pk, reason=OffReason.GOALS_MET, words="", by=nurse())

    assert not knows(nurse(), peggy)
    assert not Relationship.objects.filter(person=peggy, ended_at=None).exists()


@pytest.mark.parametrize(("days", "left"), [(-1, True), (0, True), (1, False), (None, False)])
def test_whoever_coordinates_and_has_left_the_team_is_marked_from_that_day(days, left):
    row = take_on(new=new(make.person(), coordinator=nurse("Tom").id), by=nurse())
    ends_on = make.TODAY + timedelta(days=days) if days is not None else None
    make.practitioner("Tom").memberships.update(ends_on=ends_on)
    # on another team, or for good, they work on: the team that they left is what counts
    make.member(make.practitioner("Tom"), make.team("hilltop"))

    [one], _ = queries.on_it(viewer=nurse(), asked=Asked())

    assert (one.coordinator_name, one.coordinator_left_on) == ("Tom Fielding", ends_on if left else None)
    hand_over(caseload=row.pk, coordinator=nurse().id, why="Tom left", by=nurse())
    assert queries.place(viewer=nurse(), caseload=row.pk).on_it.coordinator_left_on is None


def test_whoever_left_and_came_back_is_not_marked():
    take_on(new=new(make.person(), coordinator=nurse("Tom").id), by=nurse())
    tom = make.practitioner("Tom")
    tom.memberships.update(ends_on=make.TODAY - timedelta(days=60))
    make.member(tom, make.team(), starts_on=make.TODAY - timedelta(days=30))

    [one], _ = queries.on_it(viewer=nurse(), asked=Asked())

    assert one.coordinator_left_on is None


def test_nobody_is_on_it_twice_nor_as_somebody_merged_with_them():
    peggy, margaret = make.person(), make.person(family="Hargreave", given="Margret")
    take_on(new=new(margaret), by=nurse())
    merge_people(kept=peggy, alias=margaret, reason="The same", by=nurse())

    with pytest.raises(Refused, match="on this team's caseload already"):
        take_on(new=new(peggy), by=nurse())
    assert names(nurse()) == ["Hargreaves"]


@pytest.mark.parametrize(
    ("other", "words"),
    [({"why": " "}, "Say why"), ({"review_on": make.TODAY - timedelta(days=1)}, "from today on")],
)
def test_taking_on_without_a_reason_or_a_day_ahead_is_refused(other, words):
    with pytest.raises(Refused, match=words):
        take_on(new=new(make.person(), **other), by=nurse())


def test_whoever_is_not_taken_on_is_known_no_longer_and_the_reason_stays_for_whoever_put_them_forward():
    peggy = make.person()
    row = put_forward(put=put(peggy), by=doctor())
    nurse()

    decline(candidate=row.pk, why="The practice's own nurse sees her weekly", by=nurse())

    row.refresh_from_db()
    assert (row.state, row.answer_why) == ("not taken on", "The practice's own nurse sees her weekly")
    assert not knows(nurse(), peggy)
    let_wait(candidate=row.pk, by=nurse())
    assert [one.person for one in candidates(viewer=nurse())] == [peggy]


def test_not_taking_on_wants_a_reason_and_is_taken_back_on_the_same_day_alone():
    row = put_forward(put=put(make.person()), by=doctor())

    with pytest.raises(Refused, match="Say why not"):
        decline(candidate=row.pk, why="", by=nurse())
    decline(candidate=row.pk, why="No", by=nurse())
    with pytest.raises(Refused, match="another day"):
        let_wait(candidate=row.pk, by=replace(nurse(), at=make.AT + timedelta(days=1)))


# ---- coordinator


def test_who_coordinated_before_stays_in_the_history():
    row = take_on(new=new(make.person(), coordinator=nurse().id), by=nurse())
    tom = nurse("Tom")

    hand_over(caseload=row.pk, coordinator=tom.id, why="Joanne is on leave", by=nurse())

    told = list(Allocation.objects.order_by("starts_at", "pk").values_list("coordinator", "ends_at", "why"))
    assert told == [(nurse().id, make.AT, ""), (tom.id, None, "Joanne is on leave")]
    place = queries.place(viewer=nurse(), caseload=row.pk)
    assert [(one.coordinator, one.why) for one in place.history][:1] == [("Tom Fielding", "Joanne is on leave")]


def test_whoever_coordinates_is_of_the_team_and_may_look():
    peggy = make.person()
    row = take_on(new=new(peggy), by=nurse())
    joanne = nurse()
    from locality.access.models import Conflict

    tom = nurse("Tom")
    Conflict.objects.create(
        practitioner=make.practitioner("Tom"),
        person=peggy,
        kind="declared",
        starts_on=make.TODAY,
        made_at=make.AT,
        made_by=joanne.id,
    )

    with pytest.raises(Refused, match="works in the team"):
        allocate(row=row, coordinator=ruth().id, why="", by=joanne)
    with pytest.raises(Refused, match="must not look"):
        allocate(row=row, coordinator=tom.id, why="", by=joanne)


# ---- how far


def test_stage_priority_and_risk_change_with_a_line_of_history_each():
    row = take_on(new=new(make.person()), by=nurse())

    move_on(caseload=row.pk, stage=Stage.ACTIVE, why="First visit made", by=nurse())
    prioritise(caseload=row.pk, priority=Priority.NOW, why="Daughter goes to hospital on Monday", by=nurse())
    mark_at_risk(caseload=row.pk, words="Ann does everything, and is ill", by=nurse())

    [one], _ = queries.on_it(viewer=nurse(), asked=Asked())
    assert (one.stage, one.priority, one.priority_why, one.at_risk) == (
        Stage.ACTIVE,
        Priority.NOW,
        "Daughter goes to hospital on Monday",
        "Ann does everything, and is ill",
    )
    assert whats(row) == ["taken on", "stage", "priority", "at risk"]
    with pytest.raises(StageNotAllowed):
        move_on(caseload=row.pk, stage=Stage.NEW, why="", by=nurse())


def test_a_review_says_what_was_found_and_when_the_next_is():
    row = take_on(new=new(make.person()), by=nurse())

    review(caseload=row.pk, next_on=REVIEW_ON, words="Walks again", by=nurse())

    row.refresh_from_db()
    assert (row.review_on, row.reviewed_at) == (REVIEW_ON, make.AT)
    with pytest.raises(Refused, match="within a year"):
        review(caseload=row.pk, next_on=make.TODAY + timedelta(days=400), words="Well", by=nurse())


def test_what_somebody_changed_meanwhile_is_not_overwritten_unseen():
    row = take_on(new=new(make.person()), by=nurse())
    seen = queries.place(viewer=nurse(), caseload=row.pk).on_it.version
    move_on(caseload=row.pk, stage=Stage.ACTIVE, why="", by=coordinator(), version=seen)

    with pytest.raises(Overtaken, match="Sadia Fielding, 09:40: stage changed"):
        move_on(caseload=row.pk, stage=Stage.STEADY, why="", by=nurse(), version=seen)


# ---- off


def test_come_off_the_team_knows_them_no_longer_and_they_are_on_no_list():
    peggy = make.person()
    row = take_on(new=new(peggy, coordinator=nurse().id), by=nurse())

    come_off(caseload=row.pk, reason=OffReason.GOALS_MET, words="Walks to the shop", by=nurse())

    assert not knows(nurse(), peggy)
    assert names(nurse()) == []
    assert Allocation.objects.get().ends_at == make.AT
    with pytest.raises(NotFound):
        come_off(caseload=row.pk, reason=OffReason.GOALS_MET, words="", by=nurse())


def test_they_come_back_as_they_were_on_the_same_day_alone():
    peggy = make.person()
    row = take_on(new=new(peggy, coordinator=nurse().id), by=nurse())
    move_on(caseload=row.pk, stage=Stage.ACTIVE, why="", by=nurse())
    come_off(caseload=row.pk, reason=OffReason.MISTAKE, words="", by=nurse())

    with pytest.raises(Refused, match="another day"):
        come_back(caseload=row.pk, by=replace(nurse(), at=make.AT + timedelta(days=1)))
    come_back(caseload=row.pk, by=nurse())

    [one], _ = queries.on_it(viewer=nurse(), asked=Asked())
    assert (one.stage, one.coordinator_name) == (Stage.ACTIVE, "Joanne Fielding")
    assert knows(nurse(), peggy)


def test_somebody_merged_with_them_comes_off_with_them():
    peggy, margaret = make.person(), make.person(family="Hargreave", given="Margret")
    rows = [take_on(new=new(one), by=nurse()) for one in (peggy, margaret)]
    merge_people(kept=peggy, alias=margaret, reason="The same", by=nurse())

    come_off(caseload=rows[0].pk, reason=OffReason.MOVED, words="", by=nurse())

    assert list(Caseload.objects.filter(off_at=None)) == []
    assert Relationship.objects.filter(kind=RelationKind.CASELOAD, ended_at=None).count() == 0


# ---- another team


def test_another_team_sees_nobody_and_changes_nothing():
    row = take_on(new=new(make.person()), by=nurse())
    waiting = put_forward(put=put(make.person(given="Stan", family="Ogden")), by=doctor())
    other = ruth()

    assert names(other) == []
    assert queries.counts(viewer=other).total == 0
    with pytest.raises(NotFound):
        queries.place(viewer=other, caseload=row.pk)
    for act in (
        lambda: move_on(caseload=row.pk, stage=Stage.ACTIVE, why="", by=other),
        lambda: review(caseload=row.pk, next_on=REVIEW_ON, words="Well", by=other),
        lambda: come_off(caseload=row.pk, reason=OffReason.MISTAKE, words="", by=other),
        lambda: hand_over(caseload=row.pk, coordinator=other.id, why="", by=other),
        lambda: decline(candidate=waiting.pk, why="No", by=other),
    ):
        with pytest.raises(NotFound):
            act()


# ---- lists


def test_filters_tell_mine_overdue_at_risk_without_coordinator_and_by_name():
    joanne, later = nurse(), replace(nurse(), at=make.AT + timedelta(days=20))
    ann = take_on(new=new(make.person("Ashworth", "Ann"), coordinator=joanne.id), by=joanne)
    take_on(new=new(make.person("Ogden", "Stan"), review_on=make.TODAY + timedelta(days=90)), by=joanne)
    mark_at_risk(caseload=ann.pk, words="Her son moves away", by=joanne)

    assert names(later) == ["Ashworth", "Ogden"]
    assert names(later, mine=True) == ["Ashworth"]
    assert names(later, due=True) == ["Ashworth"]
    assert names(later, at_risk=True) == ["Ashworth"]
    assert names(later, unallocated=True) == ["Ogden"]
    assert names(later, words="ogd") == ["Ogden"]
    assert names(later, stage=Stage.STEADY) == []
    counts = queries.counts(viewer=later)
    assert (counts.total, counts.new, counts.due, counts.unallocated, counts.at_risk, counts.mine) == (2, 2, 1, 1, 1, 1)


def test_nobody_ages_off_and_whoever_was_heard_of_long_ago_is_marked_until_somebody_is_in_touch():
    row = take_on(new=new(make.person()), by=nurse())
    much_later = replace(nurse(), at=make.AT + timedelta(days=500))

    [one], _ = queries.on_it(viewer=much_later, asked=Asked())
    assert (one.is_quiet, one.overdue_days) == (True, 486)

    note_contact(person=row.person_id, teams=[row.team_id], at=much_later.at)
    [one], _ = queries.on_it(viewer=much_later, asked=Asked())
    assert one.is_quiet is False


def test_those_of_one_home_stand_together_but_never_by_a_protected_address():
    at_home = {"address": "7 Weaver's Fold", "postcode": "ZZ1 2QX"}
    days = make.TODAY + timedelta(days=30)
    wife = make.person("Alder", "Ann", **at_home)
    lodger = make.person("Birch", "Bea", address="1 Other Street", postcode="ZZ1 2QX")
    husband = make.person("Cedar", "Cec", address="7, WEAVERS FOLD", postcode="ZZ1 2QX")
    hidden = make.person("Dogwood", "Di", protected=True, **at_home)
    for person, review_on in ((wife, REVIEW_ON), (lodger, REVIEW_ON), (husband, days), (hidden, days)):
        take_on(new=new(person, review_on=review_on), by=nurse())

    found, _ = queries.on_it(viewer=nurse(), asked=Asked(by_home=True))

    homes = {one.person.family: one.home for one in found}
    together = [one.person.family for one in found if one.home == homes["Alder"]]
    assert together == ["Alder", "Cedar"]
    assert (homes["Dogwood"], homes["Birch"] == homes["Alder"]) == ("", False)
    order = [one.person.family for one in found]
    assert order.index("Cedar") == order.index("Alder") + 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(django_assert_num_queries, count):
    for number in range(count):
        take_on(new=new(make.person(f"F{number}", f"G{number}"), coordinator=nurse().id), by=nurse())
    viewer = nurse()

    with django_assert_num_queries(3):
        assert len(queries.on_it(viewer=viewer, asked=Asked())[0]) == count
    with django_assert_num_queries(3):
        assert len(queries.on_it(viewer=viewer, asked=Asked(by_home=True))[0]) == count
    with django_assert_num_queries(2):
        assert queries.waiting(viewer=viewer).total == count


def test_a_part_is_never_taken_for_the_whole():
    for number in range(3):
        take_on(new=new(make.person(f"F{number}", f"G{number}")), by=nurse())

    found, part = queries.on_it(viewer=nurse(), asked=Asked(), most=2, page=2)

    assert ([one.person.family for one in found], part.total, part.first, part.last) == (["F2"], 3, 3, 3)


def test_everybody_on_the_list_is_written_down_as_shown():
    peggy, stan = make.person(), make.person("Ogden", "Stan")
    take_on(new=new(peggy), by=nurse())
    put_forward(put=put(stan), by=doctor())

    list_caseload(asked=Asked(), by=nurse())

    shown = Event.objects.filter(what="caseload.listed").values_list("person_id", flat=True)
    assert set(shown) == {peggy.pk, stan.pk}


def test_the_person_page_is_told_which_team_stage_coordinator_and_review():
    peggy = make.person()
    take_on(new=new(peggy, coordinator=nurse().id), by=nurse())
    make.team("hilltop")

    [one] = queries.of_person(grant=make.opened(peggy))

    assert (one.team, one.stage, one.coordinator, one.review_on) == (
        "Riverside team",
        Stage.NEW,
        "Joanne Fielding",
        REVIEW_ON,
    )


def test_where_they_came_from_is_told_by_the_list_that_found_them():
    found, thought_of = make.person(), make.person("Ogden", "Stan")
    put_forward(put=put(found, about="falls-risk"), by=doctor())
    put_forward(put=put(thought_of), by=doctor())

    told = {row.person_id: row.came_from for row in Candidate.objects.all()}

    assert told == {found.pk: CameFrom.FINDING, thought_of.pk: CameFrom.NOMINATION}
