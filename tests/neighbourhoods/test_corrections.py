"""What somebody asks to be put right: to whom it goes, who reads it, what is answered, and what stays as it was."""

from datetime import timedelta

import pytest

from locality.access.models import AddressGrant
from locality.base import NotFound, Refused
from locality.journal.models import Event
from locality.neighbourhoods.actions import corrections, tasks
from locality.neighbourhoods.actions.corrections import NewCorrection
from locality.neighbourhoods.models import Alert, Correction, CorrectionHistory, Task
from locality.neighbourhoods.queries import corrections as queries
from locality.neighbourhoods.rules.corrections import CorrectionAbout, CorrectionState, WhyNot
from locality.neighbourhoods.rules.tasks import TaskMove
from locality.people.models import Person
from locality.record.models import Resource
from tests import factories as make
from tests.neighbourhoods.mine_world import acts_for, as_person, of_line, on_the_list_of, own

pytestmark = pytest.mark.django_db


@pytest.fixture
def peggy():
    person, (gp,) = make.peggy("gp")
    make.resource(gp, make.problem("Asthma", id="c1"), data_class="CLIN")
    return person


def line() -> Resource:
    return Resource.objects.get(title="Asthma")


def asked(person, **other) -> Correction:
    by = as_person(person)
    return corrections.ask(new=of_line(line(), **other), grant=own(person), by=by)


def test_the_team_that_looks_after_them_is_asked_by_a_task_and_an_alert_that_do_not_say_what_is_wrong(peggy):
    row = asked(peggy, wrong="I never had asthma", should="It was hay fever")

    task, alert = Task.objects.get(), Alert.objects.get()
    assert (row.team, row.heading, row.state) == (make.team(), "Asthma", "asked")
    assert (task.team, task.due_on, row.task) == (make.team(), make.TODAY + (task.due_on - make.TODAY), task)
    assert (task.due_on - make.TODAY).days == 28
    assert ("asthma" in f"{task.title}{task.words}{alert.words}".lower(), alert.about_id) == (False, task.pk)
    assert list(Event.objects.filter(about_id=row.pk).order_by("pk").values_list("what", "by_kind")) == [
        ("correction.asked", "person")
    ]


def test_what_is_held_is_not_changed_by_asking_nor_by_accepting(peggy):
    before = Resource.objects.filter(title="Asthma").values().get()
    row = asked(peggy)

    corrections.accept(correction=row.pk, words="We told the practice", by=make.viewer())

    assert Resource.objects.filter(title="Asthma").values().get() == before
    assert (Resource.objects.count(), Correction.objects.get().state) == (1, "accepted")


def test_a_request_has_the_class_the_label_and_the_sender_of_its_line(peggy):
    Resource.objects.filter(title="Asthma").update(label="R")

    row = asked(peggy)

    assert (row.data_class, row.label, row.sender_id) == ("CLIN", "R", line().sender_id)


def test_who_they_are_and_what_the_practice_sent_the_practice_is_asked_and_no_team(peggy):
    practice = on_the_list_of(peggy)

    row = corrections.ask(
        new=NewCorrection(about=CorrectionAbout.WHO_I_AM, wrong="My phone is another"),
        grant=own(peggy),
        by=as_person(peggy),
    )

    assert (row.team, row.to_organisation, row.data_class, Task.objects.count()) == (None, practice, "LOC", 0)
    of_the_practice = make.viewer(organisation=practice.pk, teams=frozenset())
    assert [one.id for one in queries.received(viewer=of_the_practice)[0]] == [row.pk]


def test_somebody_whom_nobody_looks_after_is_told_whom_to_ask():
    person = make.person()
    make.resource(make.patient(person, make.source("gp")), make.problem("Asthma", id="c1"))

    with pytest.raises(Refused) as refused:
        asked(person)

    assert str(refused.value) == corrections.NOBODY


def test_one_line_is_asked_about_once_until_it_is_answered(peggy):
    row = asked(peggy)

    with pytest.raises(Refused) as refused:
        asked(peggy)
    corrections.decline(correction=row.pk, why=WhyNot.STILL_SO, words="Seen in 2019", by=make.viewer())

    assert str(refused.value) == corrections.ALREADY
    assert asked(peggy).state == CorrectionState.ASKED


def test_another_team_finds_no_such_request(peggy):
    row = asked(peggy)
    elsewhere = make.viewer(teams=frozenset({make.team("hilltop").pk}))

    assert (queries.received(viewer=elsewhere)[0], queries.waiting(viewer=elsewhere)) == ([], 0)
    for act in (
        lambda: queries.correction(viewer=elsewhere, correction=row.pk),
        lambda: corrections.accept(correction=row.pk, words="Yes", by=elsewhere),
        lambda: corrections.open_correction(correction=row.pk, by=elsewhere),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_role_that_does_not_open_the_line_reads_nothing_of_what_was_asked_and_does_not_answer(peggy):
    Resource.objects.filter(title="Asthma").update(data_class="SUM")
    row = asked(peggy, wrong="I never had asthma", should="Hay fever")
    coordinator = make.viewer("care_coordinator")

    (one,) = queries.received(viewer=coordinator)[0]

    assert (one.opens, one.heading, one.wrong, one.should) == (False, queries.HIDDEN, "", "")
    with pytest.raises(Refused) as refused:
        corrections.accept(correction=row.pk, words="Yes", by=coordinator)
    assert str(refused.value) == corrections.NOT_YOURS
    (whole,) = queries.received(viewer=make.viewer())[0]
    assert (whole.heading, whole.wrong, whole.should) == ("Asthma", "I never had asthma", "Hay fever")


def test_she_reads_what_became_of_it_and_both_stand_beside_the_line(peggy):
    row = asked(peggy, wrong="I never had asthma")
    asks_again = queries.of_person(grant=own(peggy))

    nurse = make.practitioner("Joanne", "Fielding")
    by = make.viewer(id=nurse.pk, name=nurse.name)
    corrections.decline(correction=row.pk, why=WhyNot.RIGHT_THEN, words="It was so in 2019", by=by)

    (hers,) = queries.of_person(grant=own(peggy), thing=line().thing)
    assert [one.waits for one in asks_again] == [True]
    assert (hers.state_words, hers.answer, hers.ended_name) == ("Not changed", "It was so in 2019", nurse.name)
    assert (hers.why_not_words, hers.wrong) == (
        "It was right when it was written, and it is kept as what was so then",
        "I never had asthma",
    )
    (beside,) = queries.of_person(grant=make.opened(peggy))
    assert (beside.wrong, beside.answer) == ("I never had asthma", "It was so in 2019")


def test_answering_ends_the_teams_task_and_taking_the_answer_back_begins_it_again(peggy):
    row, by = asked(peggy), make.viewer()

    corrections.accept(correction=row.pk, words="Put right", by=by)
    done = Task.objects.get().state
    corrections.reopen(correction=row.pk, by=by)

    assert (done, Task.objects.get().state, Correction.objects.get().answer) == ("done", "requested", "")
    told = CorrectionHistory.objects.order_by("at", "pk").values_list("what", "was", "became")
    assert list(told) == [
        ("asked", "", "asked"),
        ("accept", "asked", "accepted"),
        ("reopen", "accepted", "asked"),
    ]


def test_an_answer_is_taken_back_by_whoever_gave_it_and_within_a_quarter_of_an_hour(peggy):
    row = asked(peggy)
    corrections.accept(correction=row.pk, words="Put right", by=make.viewer())

    for late in (make.viewer(at=make.AT + (make.AT - make.ago(minutes=16))), make.viewer(id=make.team().pk)):
        with pytest.raises(Refused) as refused:
            corrections.reopen(correction=row.pk, by=late)
        assert str(refused.value) == corrections.TOO_LATE


def test_a_task_that_was_ended_by_hand_does_not_keep_the_answer_back(peggy):
    row = asked(peggy)
    tasks.move(task=Task.objects.get().pk, move=TaskMove.FINISH, by=make.viewer())

    corrections.accept(correction=row.pk, words="Put right", by=make.viewer())

    assert (Correction.objects.get().state, Task.objects.get().state) == ("accepted", "done")


def test_she_takes_it_back_before_it_is_answered_and_the_team_is_told(peggy):
    row = asked(peggy)

    corrections.withdraw(correction=row.pk, grant=own(peggy), by=as_person(peggy))

    assert Correction.objects.get().state == "withdrawn"
    assert Alert.objects.filter(words__startswith="They took back").count() == 1
    with pytest.raises(Refused) as refused:
        corrections.accept(correction=row.pk, words="Yes", by=make.viewer())
    assert str(refused.value) == (
        "This request is answered or taken back already (taken back), so nothing was changed. "
        "Whoever asked for it did that, Thu 5 Nov 2026, 09:40."
    )


def test_staff_do_not_ask_in_somebodys_place(peggy):
    with pytest.raises(Refused) as refused:
        corrections.ask(new=of_line(line()), grant=make.opened(peggy), by=make.viewer())

    assert str(refused.value) == corrections.NOT_FOR_STAFF


def test_whoever_acts_for_them_asks_of_what_they_see_and_never_of_what_is_kept_back(peggy):
    make.resource(
        make.patient(peggy, make.source("social"), local_id="s1"), make.problem("Debt", id="s1"), data_class="SOC"
    )
    ann = make.person("Lomas", "Ann", nhs_number="")
    by, grant = acts_for(peggy, ann, kept_back=["SOC"])

    row = corrections.ask(new=of_line(line()), grant=grant, by=by)
    with pytest.raises(NotFound):
        corrections.ask(new=of_line(Resource.objects.get(title="Debt")), grant=grant, by=by)

    (one,) = queries.of_person(grant=own(peggy))
    assert (one.id, one.asked_words) == (row.pk, "somebody who acts for them")


def test_whoever_acts_does_not_read_her_own_words_about_a_line_of_which_they_see_the_headline_alone(peggy):
    asked(peggy, wrong="I never told Ann of it", should="Leave it out")
    ann = make.person("Lomas", "Ann", nhs_number="")
    _, grant = acts_for(peggy, ann)

    (one,) = queries.of_person(grant=grant)

    assert (one.opens, one.wrong, one.should) == (False, "", "")


def test_whoever_acts_does_not_take_back_what_she_asked_herself(peggy):
    row = asked(peggy)
    by, grant = acts_for(peggy, make.person("Lomas", "Ann", nhs_number=""))

    with pytest.raises(NotFound):
        corrections.withdraw(correction=row.pk, grant=grant, by=by)


@pytest.mark.parametrize("marks", [{"label": "V"}, {"data_class": "SAFE"}])
def test_a_line_that_is_released_one_by_one_is_asked_about_of_the_privacy_officer(peggy, marks):
    Resource.objects.filter(title="Asthma").update(**marks)

    with pytest.raises((Refused, NotFound)):
        asked(peggy)

    assert Correction.objects.count() == 0


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_is_read_in_three_queries_however_long_it_is(peggy, many, django_assert_num_queries):
    for _ in range(many):
        corrections.ask(
            new=NewCorrection(about=CorrectionAbout.OTHER, wrong="Not so", heading="A letter"),
            grant=own(peggy),
            by=as_person(peggy),
        )
    viewer = make.viewer()

    with django_assert_num_queries(1):
        found, shown = queries.received(viewer=viewer)

    assert (len(found), shown.total, queries.waiting(viewer=viewer)) == (many, many, many)


def test_an_empty_request_and_an_answer_without_words_or_reason_are_refused(peggy):
    with pytest.raises(Refused) as nothing:
        asked(peggy, wrong="  ")
    row = asked(peggy)
    with pytest.raises(Refused) as no_words:
        corrections.accept(correction=row.pk, words=" ", by=make.viewer())
    with pytest.raises(Refused) as no_reason:
        corrections.decline(correction=row.pk, why=None, words="No", by=make.viewer())

    said = [str(one.value) for one in (nothing, no_words, no_reason)]
    assert said == [corrections.SAY_WHAT, corrections.SAY_ANSWER, corrections.SAY_WHY]


def grant_address(person, practitioner) -> None:
    span = {"starts_on": make.TODAY, "ends_on": make.TODAY + timedelta(days=30)}
    made = {"reason": "Visits", "made_at": make.AT, "made_by": practitioner.pk}
    AddressGrant.objects.create(person=person, practitioner=practitioner, **span, **made)


def moved(person, **other) -> Correction:
    """She asks for her address to be put right, of her practice."""
    on_the_list_of(person)
    new = NewCorrection(about=CorrectionAbout.WHO_I_AM, wrong="I moved out: do not tell Frank", **other)
    return corrections.ask(new=new, grant=own(person), by=as_person(person))


def test_whoever_acts_reads_nothing_that_she_wrote_herself_of_where_she_lives_nor_of_her_plan(peggy):
    moved(peggy, should="9 Refuge Road")
    about_plan = NewCorrection(about=CorrectionAbout.PLAN, wrong="Frank wrote that, not I", heading="Not Frank")
    corrections.ask(new=about_plan, grant=own(peggy), by=as_person(peggy))
    _, grant = acts_for(peggy, make.person("Hargreaves", "Frank", nhs_number=""))

    told = queries.of_person(grant=grant)

    assert [(one.opens, one.wrong, one.should) for one in told] == [(False, "", "")] * 2
    assert {one.heading for one in told} & {"Not Frank", "9 Refuge Road"} == set()


def test_a_request_about_a_protected_address_is_read_and_answered_by_those_alone_who_may_know_it(peggy):
    Person.objects.filter(pk=peggy.pk).update(protected=True)
    row = moved(peggy, should="9 Refuge Road")
    practice = row.to_organisation_id
    told, untold = make.practitioner("Joanne"), make.practitioner("Ruth")
    grant_address(peggy, told)
    may, may_not = (make.viewer(id=one.pk, organisation=practice, teams=frozenset()) for one in (told, untold))

    (hers,) = queries.received(viewer=may)[0]
    (hidden,) = queries.received(viewer=may_not)[0]

    assert (hers.opens, hers.should) == (True, "9 Refuge Road")
    assert (hidden.opens, hidden.wrong, hidden.should, hidden.heading) == (False, "", "", queries.PROTECTED)
    assert [one.should for one in queries.of_person(grant=make.opened(peggy, may))] == ["9 Refuge Road"]
    assert queries.of_person(grant=make.opened(peggy, may_not)) == []
    with pytest.raises(Refused) as refused:
        corrections.accept(correction=row.pk, words="Yes", by=may_not)
    assert str(refused.value) == corrections.NOT_YOURS
    assert corrections.accept(correction=row.pk, words="Put right", by=may).state == CorrectionState.ACCEPTED
