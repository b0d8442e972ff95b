from datetime import date, timedelta

import pytest

from locality.access.actions import open_record
from locality.access.models import Objection, PersonSeal, Relationship
from locality.access.queries import openable
from locality.access.rules import RelationKind, RoleCode
from locality.base import NotFound, Overtaken, Refused
from locality.journal.models import Event
from locality.neighbourhoods.models import Candidate
from locality.neighbourhoods.queries import candidates
from locality.neighbourhoods.rules import Agreed
from locality.population.actions.reviewing import Said, list_people, nominate, review, undo
from locality.population.models import Found, FoundReason, Review
from locality.population.queries.finding import answered, on_list, to_review
from locality.population.rules.finding import Answer, DeclineReason
from locality.record.models import Resource
from tests import factories as make
from tests.population.finding_world import build, gp

ACCEPT, DECLINE = Said(answer=Answer.ACCEPTED), Said(answer=Answer.DECLINED, reason=DeclineReason.DOING_WELL)
LATER = Said(answer=Answer.LATER, later_on=make.TODAY + timedelta(days=14))
LIST_QUERIES = 4
TEAM_DAY = make.AT + timedelta(hours=1)


@pytest.fixture
def place(db, tmp_path):
    return build(tmp_path)


def listed(place, *names: str, falls: int = 1) -> dict[str, Found]:
    for number, name in enumerate(names):
        place.person(name, falls=falls + number)
    place.find()
    return {row.person.family.lower(): row for row in Found.objects.select_related("person")}


def names(viewer) -> list[str]:
    return [one.person.family for one in to_review(viewer=viewer)]


# ---- who sees a list


def test_the_practice_sees_its_own_people_with_their_reasons_and_nobody_elses(place):
    listed(place, "ann", "bob")
    elsewhere = make.organisation("ELSE", kind="practice")

    found = to_review(viewer=gp())

    assert [(one.person.family, one.criterion, one.offer, one.risk) for one in found] == [
        ("Bob", "At risk of falling", "A class.", 2),
        ("Ann", "At risk of falling", "A class.", 1),
    ]
    assert [(r.said, r.code, r.on_day, r.sender) for r in found[1].reasons] == [
        ("Recurrent falls", "279992002", make.TODAY - timedelta(days=1), "Mill Lane")
    ]
    assert names(gp("Olga", organisation=elsewhere.pk)) == []


def test_a_team_sees_only_those_whom_it_looks_after_already(place):
    found = listed(place, "ann", "bob")
    make.relationship(found["ann"].person)

    assert names(make.viewer(RoleCode.CARE_COORDINATOR)) == ["Ann"]


def test_another_team_that_looks_after_them_too_does_not_see_this_teams_list(place):
    found = listed(place, "ann")
    make.relationship(found["ann"].person, team=make.team("hilltop"))

    assert names(make.stranger()) == []


def test_a_role_that_reviews_nobody_finds_nobody(place):
    listed(place, "ann")

    assert names(gp("Lin", code=RoleCode.LINK_WORKER)) == []
    assert names(gp("Ivo", code=RoleCode.ADMINISTRATOR)) == []
    assert names(gp("Ada", code=RoleCode.ANALYST)) == []


def test_a_reason_whose_line_the_person_sealed_is_not_shown_nor_counted(place):
    found = listed(place, "ann", "bob")
    hidden = FoundReason.objects.filter(found=found["bob"]).order_by("on_day").first()
    PersonSeal.objects.create(
        person=found["bob"].person,
        thing=hidden.thing,
        seal="locked",
        starts_on=make.TODAY,
        made_at=make.AT,
        made_by=make.viewer().id,
        reason="asked",
    )

    bob = to_review(viewer=gp())[0]

    assert (bob.risk, len(bob.reasons)) == (1, 1)


def test_whoever_has_no_reason_left_that_may_be_seen_is_on_no_list(place):
    found = listed(place, "ann", "bob")
    for reason in FoundReason.objects.filter(found=found["ann"]):
        PersonSeal.objects.create(
            person=found["ann"].person,
            thing=reason.thing,
            seal="locked",
            starts_on=make.TODAY,
            made_at=make.AT,
            made_by=make.viewer().id,
            reason="asked",
        )

    assert names(gp()) == ["Bob"]
    with pytest.raises(NotFound):
        on_list(viewer=gp(), found_id=found["ann"].pk)


def test_what_others_sent_of_somebody_who_objects_to_sharing_is_no_reason(place):
    found = listed(place, "ann")
    FoundReason.objects.update(sender=make.organisation("RSB"))
    Resource.objects.update(sender=make.organisation("RSB"))
    Objection.objects.create(
        person=found["ann"].person,
        kind="sharing",
        starts_on=make.TODAY,
        reason="No",
        made_at=make.AT,
        made_by=make.viewer().id,
    )

    assert names(gp()) == []


def test_what_is_worked_out_is_kept_from_view_where_sharing_is_objected_to(place):
    place.person("ann", born=date(1940, 5, 1))
    place.find()
    told = {"kind": "sharing", "starts_on": make.TODAY, "reason": "No", "made_at": make.AT, "made_by": make.viewer().id}
    Objection.objects.create(person=place.people["ann"], organisation=make.organisation("RSB"), **told)

    [ann] = to_review(viewer=gp())

    assert [reason.kind for reason in ann.reasons] == ["condition"]


def test_the_list_asks_the_database_as_often_for_three_as_for_one(place, django_assert_num_queries):
    listed(place, "ann")
    doctor = gp()

    with django_assert_num_queries(LIST_QUERIES):
        assert len(to_review(viewer=doctor)) == 1


def test_the_list_asks_the_database_as_often_for_more(tmp_path, db, django_assert_num_queries):
    place = build(tmp_path, room=5)
    listed(place, "ann", "bob", "cec")
    doctor = gp()

    with django_assert_num_queries(LIST_QUERIES):
        assert len(to_review(viewer=doctor)) == 3


# ---- answering


def test_accepted_somebody_is_put_forward_to_the_team_which_may_know_them_from_now_on(place):
    found = listed(place, "ann")
    nurse = make.viewer(at=TEAM_DAY)
    before = openable(viewer=nurse, person_ids=[found["ann"].person_id], on=make.TODAY)

    review(found_id=found["ann"].pk, said=ACCEPT, by=gp())

    [candidate] = candidates(viewer=nurse)
    assert (candidate.person.family, candidate.why, candidate.offer, candidate.agreed) == (
        "Ann",
        "At risk of falling",
        "A class.",
        Agreed.NOT_ASKED,
    )
    assert (candidate.by_name, candidate.by_organisation) == ("Helen Marsden", "Mill Lane Practice")
    after = openable(viewer=nurse, person_ids=[found["ann"].person_id], on=make.TODAY)
    assert (before, after) == (set(), {found["ann"].person_id})


def test_taken_back_they_wait_again_and_the_team_knows_them_no_longer(place):
    found = listed(place, "ann")
    review(found_id=found["ann"].pk, said=ACCEPT, by=gp())

    undo(found_id=found["ann"].pk, by=gp())

    assert names(gp()) == ["Ann"]
    assert candidates(viewer=make.viewer(at=TEAM_DAY)) == []
    assert openable(viewer=make.viewer(at=TEAM_DAY), person_ids=[found["ann"].person_id], on=make.TODAY) == set()
    assert list(Review.objects.values_list("answer", "withdrawn_by")) == [("accepted", gp().id)]


def test_a_reason_to_know_them_that_the_team_had_already_stays_when_an_answer_is_taken_back(place):
    found = listed(place, "ann")
    make.relationship(found["ann"].person, kind=RelationKind.REFERRAL, team=place.team)
    review(found_id=found["ann"].pk, said=ACCEPT, by=gp())

    undo(found_id=found["ann"].pk, by=gp())

    assert Relationship.objects.filter(kind=RelationKind.REFERRAL, ended_at=None).count() == 1


def test_somebody_on_two_lists_is_put_forward_once_and_stays_so_until_both_are_taken_back(place):
    found = listed(place, "ann")
    grant = open_record(person_id=found["ann"].person_id, by=gp())
    named = nominate(grant=grant, words="Her husband died", by=gp())
    review(found_id=found["ann"].pk, said=ACCEPT, by=gp())
    review(found_id=named.pk, said=ACCEPT, by=gp())
    once = Candidate.objects.count()

    undo(found_id=named.pk, by=gp())

    assert (once, Candidate.objects.filter(state="waiting").count()) == (1, 1)
    undo(found_id=found["ann"].pk, by=gp())
    assert Candidate.objects.filter(state="waiting").count() == 0


def test_of_two_who_answer_one_wins_and_the_other_is_told_who_and_what(place):
    found = listed(place, "ann")
    review(found_id=found["ann"].pk, said=DECLINE, by=gp())

    with pytest.raises(Overtaken) as told:
        review(found_id=found["ann"].pk, said=ACCEPT, by=gp("Olga"))

    assert str(told.value) == (
        "Helen Marsden answered first (declined, 09:40): nothing of yours was written. Theirs can be taken back."
    )
    assert Candidate.objects.count() == 0


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (Said(answer=Answer.DECLINED), "Say why they are declined."),
        (Said(answer=Answer.DECLINED, reason=DeclineReason.OTHER, words=" "), "Say in words why they are declined."),
        (Said(answer=Answer.LATER), "Say on which day to ask again: a day after today, within a year."),
        (
            Said(answer=Answer.LATER, later_on=make.TODAY),
            "Say on which day to ask again: a day after today, within a year.",
        ),
    ],
)
def test_an_answer_that_lacks_something_is_refused_and_says_what(place, said, words):
    found = listed(place, "ann")

    with pytest.raises(Refused) as told:
        review(found_id=found["ann"].pk, said=said, by=gp())

    assert str(told.value) == words
    assert names(gp()) == ["Ann"]


def test_whoever_was_put_off_comes_back_on_the_day_that_was_said(place):
    found = listed(place, "ann")
    review(found_id=found["ann"].pk, said=LATER, by=gp())

    assert names(gp()) == []
    assert names(gp(at=make.AT + timedelta(days=13))) == []
    assert names(gp(at=make.AT + timedelta(days=14))) == ["Ann"]


# ---- the next run


def test_whoever_was_reviewed_is_not_asked_about_again_until_the_period_is_over(place):
    found = listed(place, "ann", "bob")
    for one in found.values():
        review(found_id=one.pk, said=DECLINE, by=gp())

    place.find(at=make.AT + timedelta(days=80))
    soon = Found.objects.filter(state="waiting").count()
    place.rows["conditions"][0]["started_on"] = make.TODAY
    place.find(at=make.AT + timedelta(days=95))

    assert (soon, Found.objects.filter(state="waiting").count()) == (0, 2)


def test_those_accepted_lately_take_the_place_of_new_ones(place):
    found = listed(place, "ann", "bob")
    review(found_id=found["bob"].pk, said=ACCEPT, by=gp())
    place.person("cec", falls=1)

    run = place.find(at=make.AT + timedelta(days=1))

    assert names(gp(at=make.AT + timedelta(days=1))) == ["Ann"]
    assert run.lists[0] | {"name": ""} == {"team": "riverside", "name": "", "a_month": 2, "accepted": 1, "listed": 1}


def test_whoever_was_put_off_stays_put_off_though_found_again(place):
    found = listed(place, "ann")
    review(found_id=found["ann"].pk, said=LATER, by=gp())

    run = place.find(at=make.AT + timedelta(days=1))

    assert run.left_out == {"reviewed lately": 1}
    assert list(Found.objects.values_list("state", "later_on")) == [("later", LATER.later_on)]


# ---- by hand


def test_anybody_who_may_act_on_a_record_may_name_the_person_with_a_reason(place):
    ann = place.person("ann")
    make.relationship(ann)

    nominate(grant=make.opened(ann), words="Forgets her tablets", by=make.viewer())

    [one] = to_review(viewer=gp())
    assert (one.person.family, one.words, one.nominated_by, one.criterion, one.rank) == (
        "Ann",
        "Forgets her tablets",
        "Joanne Fielding",
        "",
        None,
    )


def test_naming_somebody_twice_says_who_did_and_when(place):
    ann = place.person("ann")
    nominate(grant=make.opened(ann, gp()), words="Her husband died", by=gp())

    with pytest.raises(Refused, match="They wait on the list already: Helen Marsden named them on 5 November 2026."):
        nominate(grant=make.opened(ann, gp("Olga")), words="Falls", by=gp("Olga"))


def test_nobody_is_named_without_a_reason(place):
    ann = place.person("ann")

    with pytest.raises(Refused, match="Say why you think of them"):
        nominate(grant=make.opened(ann, gp()), words="  ", by=gp())


def test_everybody_whom_a_list_shows_is_written_down_as_shown(place):
    found = listed(place, "ann", "bob")

    desk = list_people(code=None, by=gp())

    assert desk.by_list == {("fell", "At risk of falling"): 2}
    shown = Event.objects.filter(what="finding.shown").values_list("person_id", flat=True)
    assert set(shown) == {one.person_id for one in found.values()}


def test_whom_i_answered_for_last_comes_first_and_the_eleventh_is_not_shown(db, tmp_path):
    place = build(tmp_path, room=11)
    rows = sorted(listed(place, *(f"n{at:02}" for at in range(11))).values(), key=lambda row: row.pk, reverse=True)
    for minute, row in enumerate(rows):
        review(found_id=row.pk, said=DECLINE, by=gp(at=make.AT + timedelta(minutes=minute)))

    told = answered(viewer=gp(at=make.AT + timedelta(hours=1))).today

    assert [one.id for one in told] == [row.pk for row in reversed(rows)][:10]
