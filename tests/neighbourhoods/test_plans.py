"""The one plan: written part by part by whoever knows the person, and by the person; nothing is overwritten."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from locality.access import wall
from locality.access.actions import make_proxy
from locality.access.rules import Relation, RoleCode
from locality.base import NoAccess, NotFound, Overtaken, Refused, Viewer, ViewerKind, system
from locality.journal.models import Event
from locality.neighbourhoods.actions import caseload, plans
from locality.neighbourhoods.models import Alert, Plan, PlanPart, PlanPartHistory, Task
from locality.neighbourhoods.queries import plans as queries
from locality.neighbourhoods.rules.candidates import Agreed
from locality.neighbourhoods.rules.caseload import CameFrom
from locality.neighbourhoods.rules.plans import ActionState, Content, GoalState, PartKind, Stance, Subject, Who, Whose
from locality.neighbourhoods.rules.tasks import About, TaskState
from locality.people.actions import merge_people
from tests import factories as make

pytestmark = pytest.mark.django_db
GOAL = Content(words="Up my own stairs", whose=Whose.PERSON, then_words="Twice a day, alone", state=GoalState.WORKING)
IF_THEN = Content(words="I fall", then_words="Do not lift me", call_words="Rapid response, 0161 496 0199")
MATTERS = Content(words="My own breakfast", heading="matters")


def doing(**other) -> Content:
    told = {"words": "Practise on the stairs", "who": Who.PERSON, "by_on": make.TODAY, "state": ActionState.OPEN}
    return Content(**(told | other))


def nurse(**other) -> Viewer:
    joanne = make.practitioner()
    return make.viewer(id=joanne.pk, **other)


def herself(person) -> Viewer:
    return Viewer(kind=ViewerKind.PERSON, id=person.pk, role="", at=make.AT, name="Peggy")


def written(person, kind=PartKind.GOAL, content=GOAL, by=None, **other):
    by = by or nurse()
    return plans.write(kind=kind, content=content, grant=make.opened(person, by), by=by, **other)


def read(person, by=None):
    return queries.plan(grant=make.opened(person, by or nurse()), at=make.AT)


def test_the_plan_holds_what_was_written_with_who_and_when():
    peggy, _ = make.peggy("gp")

    for kind, content in (
        (PartKind.ABOUT_ME, MATTERS),
        (PartKind.GOAL, GOAL),
        (PartKind.ACTION, doing()),
        (PartKind.CONTINGENCY, IF_THEN),
        (PartKind.COPY, Content(who_words="Ann, her daughter", by_on=make.TODAY, then_words="On paper")),
        (PartKind.REVIEW, Content(by_on=make.TODAY + timedelta(days=11))),
    ):
        written(peggy, kind, content)

    plan = read(peggy)
    matters = next(line for line in plan.about_me if line.code == "matters")
    [goal], [action], [then], [copy], [review] = plan.goals, plan.actions, plan.contingencies, plan.copies, plan.reviews
    assert (matters.part.content.words, goal.content, then.content) == ("My own breakfast", GOAL, IF_THEN)
    assert (action.who, action.is_overdue, copy.content.who_words) == ("Peggy", False, "Ann, her daughter")
    assert review.content.by_on == make.TODAY + timedelta(days=11)
    assert {one.by.split(",")[0] for one in (goal, action, then, copy)} == {make.practitioner().name}
    assert {one.at for one in (goal, action, then, copy)} == {make.AT}


def test_there_is_one_plan_of_a_person_whoever_begins_it():
    peggy, _ = make.peggy("gp")
    written(peggy)
    written(peggy, by=make.viewer(RoleCode.SOCIAL_WORKER))

    assert (Plan.objects.count(), PlanPart.objects.count()) == (1, 2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.create(person=peggy, made_at=make.AT, made_by=peggy.pk, made_by_kind="person")


def test_what_a_source_sent_stands_there_to_confirm_and_is_never_asked_twice():
    peggy, (gp,) = make.peggy("gp")
    make.resource(gp, about_me("What is most important to me", "My own front door"))

    line = next(one for one in read(peggy).about_me if one.code == "matters")
    assert (line.part, line.sent.words, line.sent.sender.name) == (None, "My own front door", gp.source.name)
    by = nurse()
    part = plans.take_over(heading="matters", thing=line.sent.id, grant=make.opened(peggy, by), by=by)

    line = next(one for one in read(peggy).about_me if one.code == "matters")
    assert (line.part.content.words, line.sent) == ("My own front door", None)
    assert (part.from_thing, part.from_at) == (line.part.content.from_thing, line.part.content.from_at)
    assert gp.source.name in part.from_words


def test_what_was_not_sent_cannot_be_confirmed():
    peggy, _ = make.peggy("gp")
    by = nurse()

    with pytest.raises(NotFound):
        plans.take_over(heading="matters", thing=UUID(int=7), grant=make.opened(peggy, by), by=by)
    assert PlanPart.objects.count() == 0


def about_me(question: str, words: str) -> dict:
    return {
        "resourceType": "QuestionnaireResponse",
        "id": "about-1",
        "questionnaire": "https://fhir.example/Questionnaire/about-me",
        "status": "completed",
        "authored": "2026-10-01",
        "item": [{"linkId": "1", "text": question, "answer": [{"valueString": words}]}],
    }


# ---- who writes


@pytest.mark.parametrize("role", [RoleCode.SOCIAL_WORKER, RoleCode.CARE_COORDINATOR, RoleCode.LINK_WORKER])
def test_every_organisation_that_knows_the_person_writes_in_the_same_plan(role):
    peggy, _ = make.peggy("gp")

    written(peggy, by=make.viewer(role))

    assert [goal.content for goal in read(peggy).goals] == [GOAL]


def test_another_team_neither_reads_nor_writes_it():
    peggy, _ = make.peggy("gp")
    written(peggy)

    with pytest.raises(NoAccess):
        written(peggy, by=make.stranger())


def test_with_the_glass_broken_it_is_read_and_not_written():
    peggy, _ = make.peggy("gp")
    by = nurse()
    grant = make.opened(peggy, by)
    closed = replace(grant, opening=replace(grant.opening, relation=Relation.NONE, writes_plan=False))

    with pytest.raises(Refused, match="may read this plan"):
        plans.write(kind=PartKind.GOAL, content=GOAL, grant=closed, by=by)


def test_nobody_writes_by_somebody_elses_grant():
    peggy, _ = make.peggy("gp")

    with pytest.raises(NotFound):
        plans.write(kind=PartKind.GOAL, content=GOAL, grant=make.opened(peggy), by=make.stranger())


def test_the_person_writes_their_own_words_and_says_what_they_did():
    peggy, _ = make.peggy("gp")
    action = written(peggy, PartKind.ACTION, doing())
    by = herself(peggy)

    written(peggy, PartKind.ABOUT_ME, MATTERS, by=by)
    plans.say_how_it_went(part=action.pk, state=ActionState.DONE, version=1, grant=make.opened(peggy, by), by=by)

    plan = read(peggy, by)
    assert [(one.state, one.by) for one in plan.actions] == [(ActionState.DONE, "Peggy")]
    assert next(one.part.by for one in plan.about_me if one.part) == "Peggy"


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (PartKind.CONTINGENCY, IF_THEN),
        (PartKind.GOAL, replace(GOAL, whose=Whose.PRACTITIONER)),
        (PartKind.ACTION, doing(who=Who.ORGANISATION, who_words="The council")),
        (PartKind.REVIEW, Content(by_on=make.TODAY)),
        (PartKind.COPY, Content(who_words="Ann", by_on=make.TODAY, then_words="Paper")),
    ],
)
def test_what_practitioners_write_the_person_reads_and_does_not_change(kind, content):
    peggy, _ = make.peggy("gp")
    part = written(peggy, kind, content)
    by = herself(peggy)

    with pytest.raises(Refused, match="written by those who look after them"):
        written(peggy, kind, replace(content, words="Mine"), by=by, part=part.pk, version=1)
    with pytest.raises(Refused, match="written by those who look after them"):
        plans.remove(part=part.pk, version=1, grant=make.opened(peggy, by), by=by)
    assert PlanPart.objects.get().version == 1


def test_a_practitioners_goal_does_not_become_the_persons_by_saying_so():
    peggy, _ = make.peggy("gp")
    part = written(peggy, PartKind.GOAL, replace(GOAL, whose=Whose.PRACTITIONER))

    with pytest.raises(Refused, match="written by those who look after them"):
        written(peggy, PartKind.GOAL, GOAL, by=herself(peggy), part=part.pk, version=1)


def acts(peggy, *, kept_back=()) -> Viewer:
    ann = make.person("Lomas", "Ann")
    by = nurse(second_factor=True)
    make_proxy(person_id=peggy.pk, proxy_id=ann.pk, by=by, kind="chosen", words="She asked", kept_back=list(kept_back))
    at = make.AT + timedelta(minutes=1)
    return Viewer(kind=ViewerKind.PROXY, id=ann.pk, role="", at=at, name="Ann Lomas", acts_for=peggy.pk)


def test_whoever_acts_for_them_writes_as_themselves_and_within_what_was_agreed():
    peggy, _ = make.peggy("gp")

    written(peggy, PartKind.ABOUT_ME, MATTERS, by=acts(peggy))

    assert next(one.part.by for one in read(peggy).about_me if one.part) == "Ann Lomas, for Peggy"


def test_from_whom_the_plan_is_kept_back_it_is_neither_read_nor_written():
    peggy, _ = make.peggy("gp")
    written(peggy)
    ann = acts(peggy, kept_back=["PLAN"])

    assert read(peggy, ann).goals == ()
    with pytest.raises(Refused, match="may read this plan"):
        written(peggy, PartKind.ABOUT_ME, MATTERS, by=ann)


def test_whoever_coordinates_is_told_when_the_person_writes():
    peggy, _ = make.peggy("gp")
    joanne, gp = nurse(), make.organisation("MILL").pk
    make.member(make.practitioner(), make.team())
    new = caseload.TakenOn(
        person=peggy.pk, team=make.team().pk, why="Fell", agreed=Agreed.AGREED, review_on=make.TODAY, sender=gp,
        came_from=CameFrom.REFERRAL, coordinator=joanne.id,
    )  # fmt: skip
    caseload.take_on(new=new, by=joanne)

    written(peggy, by=joanne)
    written(peggy, PartKind.ABOUT_ME, MATTERS, by=herself(peggy))

    [alert] = Alert.objects.all()
    assert (alert.owner_id, alert.kind, alert.words) == (joanne.id, "plan changed", "They wrote in the plan: about me")


# ---- tasks


def test_an_action_given_to_a_team_is_a_task_and_its_state_is_the_tasks():
    peggy, _ = make.peggy("gp")
    part = written(peggy, PartKind.ACTION, doing(who=Who.TEAM, team=make.team().pk))

    task = Task.objects.get()
    assert (task.title, task.team, task.person, task.about, task.about_id) == (
        "Practise on the stairs", make.team(), peggy, About.PLAN, part.pk,
    )  # fmt: skip
    Task.objects.update(state=TaskState.DONE, ended_at=make.AT, ended_by=make.practitioner().pk)
    assert [(one.state, one.who) for one in read(peggy).actions] == [(ActionState.DONE, make.team().name)]
    with pytest.raises(Refused, match="task of the team"):
        written(peggy, PartKind.ACTION, doing(words="Else", who=Who.TEAM, team=make.team().pk), part=part.pk, version=1)


def test_a_team_that_does_not_know_the_person_is_asked_for_nothing():
    peggy, _ = make.peggy("gp")

    with pytest.raises(Refused, match="no reason to know them"):
        written(peggy, PartKind.ACTION, doing(who=Who.TEAM, team=make.team("hilltop").pk))
    assert (PlanPart.objects.count(), Task.objects.count()) == (0, 0)


@pytest.mark.parametrize(("days", "late"), [(1, False), (0, False), (-1, True)])
def test_an_action_is_overdue_from_the_day_after_its_day(days, late):
    peggy, _ = make.peggy("gp")
    written(peggy, PartKind.ACTION, doing(by_on=make.TODAY + timedelta(days=days)))

    assert [one.is_overdue for one in read(peggy).actions] == [late]


# ---- versions


def test_who_saves_over_somebodys_newer_words_is_told_and_nothing_is_lost():
    peggy, _ = make.peggy("gp")
    part = written(peggy)
    written(peggy, content=replace(GOAL, words="Up and down"), part=part.pk, version=1)

    with pytest.raises(Overtaken) as told:
        written(peggy, content=replace(GOAL, words="To the shop"), part=part.pk, version=1)

    assert (told.value.about, PlanPart.objects.get().words) == (part.pk, "Up and down")
    written(peggy, content=replace(GOAL, words="To the shop"), part=part.pk, version=2)
    said = [(one.version, one.content.words, one.is_now) for one in queries.changes(grant=make.opened(peggy))]
    assert said == [(3, "To the shop", True), (2, "Up and down", False), (1, "Up my own stairs", False)]


def test_two_who_write_the_same_words_need_not_choose():
    peggy, _ = make.peggy("gp")
    part = written(peggy)
    other = replace(GOAL, words="Up and down")
    written(peggy, content=other, part=part.pk, version=1)

    assert written(peggy, content=other, part=part.pk, version=1).version == 2


def test_the_first_words_under_a_heading_are_not_overwritten_by_other_first_words():
    peggy, _ = make.peggy("gp")
    written(peggy, PartKind.ABOUT_ME, MATTERS)

    with pytest.raises(Overtaken):
        written(peggy, PartKind.ABOUT_ME, replace(MATTERS, words="The garden"))
    assert [row.words for row in PlanPart.objects.all()] == ["My own breakfast"]


def test_undoing_gives_a_part_its_words_back_and_is_a_change_itself():
    peggy, _ = make.peggy("gp")
    part = written(peggy)
    written(peggy, content=replace(GOAL, words="Up and down", by_on=make.TODAY), part=part.pk, version=1)
    by = nurse()

    plans.undo(part=part.pk, version=2, grant=make.opened(peggy, by), by=by)

    assert [one.content for one in read(peggy).goals] == [GOAL]
    assert [one.what for one in queries.changes(grant=make.opened(peggy))] == ["undone", "changed", "written"]


def test_what_is_taken_out_is_kept_and_put_back():
    peggy, _ = make.peggy("gp")
    part, by = written(peggy), nurse()
    grant = make.opened(peggy, by)

    plans.remove(part=part.pk, version=1, grant=grant, by=by)
    gone = read(peggy).goals
    plans.undo(part=part.pk, version=2, grant=grant, by=by)

    assert (gone, [one.content for one in read(peggy).goals]) == ((), [GOAL])


def test_the_first_version_of_a_part_is_undone_by_taking_it_out():
    peggy, _ = make.peggy("gp")
    part, by = written(peggy), nurse()

    plans.undo(part=part.pk, version=1, grant=make.opened(peggy, by), by=by)

    assert read(peggy).goals == ()


def test_the_history_can_be_added_to_and_not_changed():
    peggy, _ = make.peggy("gp")
    written(peggy)

    for change in (lambda: PlanPartHistory.objects.update(what="-"), lambda: PlanPartHistory.objects.all().delete()):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            change()
    assert [row.what for row in PlanPartHistory.objects.all()] == ["written"]


@pytest.mark.parametrize(
    ("kind", "content", "told"),
    [
        (PartKind.GOAL, replace(GOAL, words=""), "Write what is to be reached."),
        (PartKind.GOAL, replace(GOAL, whose="nobody"), "Choose one of those in the list."),
        (PartKind.GOAL, replace(GOAL, words="x" * 4001), "That is longer than 4,000 letters: say it shorter."),
        (PartKind.ACTION, doing(by_on=None), "Say by when."),
        (PartKind.ACTION, doing(who=Who.CARER), "Say which of them."),
        (PartKind.CONTINGENCY, replace(IF_THEN, call_words=""), "Write whom to call."),
        (PartKind.ABOUT_ME, replace(MATTERS, heading="fame"), "Choose one of those in the list."),
    ],
)
def test_a_part_that_says_too_little_is_refused_with_what_is_missing(kind, content, told):
    peggy, _ = make.peggy("gp")

    with pytest.raises(Refused, match=told.replace(".", r"\.")):
        written(peggy, kind, content)


# ---- wishes and decisions


@pytest.mark.parametrize(
    ("subject", "stance", "marked"),
    [
        (Subject.RESUSCITATION, Stance.WANTS, [True]),
        (Subject.RESUSCITATION, Stance.REFUSES, [False]),
        (Subject.PLACE_OF_CARE, Stance.WANTS, []),
    ],
)
def test_a_wish_shows_the_decision_that_it_stands_against_and_the_machine_settles_nothing(subject, stance, marked):
    peggy, (gp,) = make.peggy("gp")
    make.resource(gp, dnacpr())
    written(peggy, PartKind.WISH, Content(words="Try everything", heading=subject, stance=stance))

    plan = read(peggy)

    assert len(plan.decisions) == 1
    assert [against for _, against in plan.wishes[0].beside] == marked


def dnacpr() -> dict:
    return {
        "resourceType": "Consent",
        "id": "dnacpr",
        "status": "active",
        "scope": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "adr"}]},
        "category": [{"coding": [{"system": "http://snomed.info/sct", "code": "450476008"}], "text": "DNACPR"}],
        "dateTime": "2026-09-01",
    }


# ---- for others


def test_the_person_page_is_told_in_three_lines(django_assert_num_queries):
    peggy, _ = make.peggy("gp")
    written(peggy)
    written(peggy, PartKind.ACTION, doing(by_on=make.TODAY - timedelta(days=2)))
    written(peggy, PartKind.REVIEW, Content(by_on=make.TODAY + timedelta(days=11)))
    grant = make.opened(peggy)

    with django_assert_num_queries(1):
        told = queries.of_person(grant=grant)

    assert (told.goals, told.actions, told.review) == (
        "1 goal to work towards",
        "1 action overdue",
        "review in 11 days",
    )


def test_the_day_pack_has_the_contingencies():
    peggy, _ = make.peggy("gp")
    written(peggy, PartKind.CONTINGENCY, IF_THEN)
    written(peggy)

    assert [one.content for one in queries.contingencies(grant=make.opened(peggy))] == [IF_THEN]


@pytest.mark.parametrize("count", [1, 3])
def test_reading_a_plan_costs_the_same_for_one_part_and_for_three(django_assert_num_queries, count):
    peggy, _ = make.peggy("gp")
    for number in range(count):
        written(peggy, content=replace(GOAL, words=f"Goal {number}"))
    grant = make.opened(peggy)

    with django_assert_num_queries(6):
        assert len(queries.plan(grant=grant, at=make.AT).goals) == count


def test_the_wall_shows_the_plan_of_whoever_was_opened_and_nobody_elses():
    peggy, _ = make.peggy("gp")
    other = make.person("Other", "Olive")
    make.relationship(other)
    written(peggy)
    written(other, content=replace(GOAL, words="Olive's"))

    with wall.up():
        assert forgetful() == []
        make.opened(peggy)
        assert forgetful() == ["Up my own stairs"]


def forgetful() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("select words from neighbourhoods_planpart")
        return [words for (words,) in cursor]


def test_every_change_is_in_the_audit_of_the_person():
    peggy, _ = make.peggy("gp")
    part = written(peggy)

    lines = Event.objects.filter(person_id=peggy.pk, what__startswith="plan.").order_by("id")
    assert [(one.what, one.about_id) for one in lines] == [("plan.begun", part.plan_id), ("plan.written", part.pk)]


def test_of_two_people_found_to_be_one_both_plans_are_read_and_one_is_written_on():
    kept, alias = make.person("Hargreaves", "Peg"), make.person("Hargreaves", "Peggy")
    for person in (kept, alias):
        make.relationship(person)
        written(person, PartKind.ABOUT_ME, replace(MATTERS, words=person.given))
    merge_people(kept=kept, alias=alias, reason="They said so", by=system(at=make.AT))

    written(alias, content=GOAL)

    plan = read(kept)
    assert [line.part.content.words for line in plan.about_me if line.part] == ["Peg", "Peggy"]
    assert list(PlanPart.objects.filter(kind=PartKind.GOAL).values_list("person", flat=True)) == [kept.pk]
