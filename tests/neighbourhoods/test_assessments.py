"""Assess once: a form comes filled with what is known, a person decides, and what was decided is kept."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from locality.access.rules import RoleCode
from locality.base import NoAccess, NotFound, Refused
from locality.neighbourhoods.actions import assessments as actions
from locality.neighbourhoods.actions import plans
from locality.neighbourhoods.models import Answer, Assessment
from locality.neighbourhoods.queries import assessments as queries
from locality.neighbourhoods.rules.assessments import FormKind, Said, catalogue, questions_of
from locality.neighbourhoods.rules.eligibility import CarerOutcome, Outcome, Verdict
from locality.neighbourhoods.rules.plans import Content, PartKind
from tests import factories as make

pytestmark = pytest.mark.django_db
UNABLE = Said(words="Her daughter shops and cooks", chosen=frozenset({"unable", "help", "arises"}))
ABLE = Said(chosen=frozenset({"able"}))
IMPACT = Said(words="She is alone all day", chosen=frozenset({"yes"}))


def worker(**other):
    told = {"given": "Marcus", "id": make.practitioner("Marcus", "Obi").pk}
    return make.viewer(RoleCode.SOCIAL_WORKER, **(told | other))


def begun(person, form=FormKind.ADULT, by=None):
    by = by or worker()
    return actions.begin(form=form, grant=make.opened(person, by), by=by)


def answered(row, person, said, by=None):
    by = by or worker()
    now = {one.question.code: one.version for one in read(row, person, by).asked}
    given = {code: actions.Given(said=one, version=now[code]) for code, one in said.items()}
    return actions.answer(assessment=row.pk, given=given, grant=make.opened(person, by), by=by)


def read(row, person, by=None):
    by = by or worker()
    return queries.assessment(grant=make.opened(person, by), assessment_id=row.pk, at=by.at)


def whole(unable=("nutrition", "hygiene")) -> dict[str, Said]:
    outcomes = [one.code for one in questions_of(FormKind.ADULT) if one.outcome]
    return {code: UNABLE if code in unable else ABLE for code in outcomes} | {"impact": IMPACT}


def finished(row, person, decided=Verdict.ELIGIBLE, why="", by=None):
    by = by or worker()
    verdict = read(row, person, by).explained.verdict
    return actions.finish(
        assessment=row.pk, decided=decided, why=why, read=verdict, grant=make.opened(person, by), by=by
    )


# ---- the catalogue


def test_every_outcome_of_the_regulations_is_asked_once_in_its_form():
    asked = {form: [one.outcome for one in questions_of(form) if one.outcome] for form in FormKind}

    assert {form: sorted(codes) for form, codes in asked.items()} == {
        FormKind.ADULT: sorted(Outcome),
        FormKind.CARER: sorted(CarerOutcome),
    }


def test_where_an_answer_may_come_from_is_somewhere_there_is():
    panels = {"form", "record:communication", "record:contacts", "record:problems", "record:package"}
    about = {"matters", "people", "communication", "support"}
    known = panels | {f"{where}:{one}" for one in about for where in ("plan", "record:about_me")}

    assert {source for one in catalogue().values() for source in one.sources} - known == set()


# ---- filling in


def test_a_draft_survives_and_is_gone_on_with():
    peggy, _ = make.peggy("gp")
    row = begun(peggy)
    answered(row, peggy, {"nutrition": UNABLE})

    again = begun(peggy, by=make.viewer())

    assert (again.pk, Assessment.objects.count()) == (row.pk, 1)
    assert [(one.question.code, one.said) for one in read(again, peggy).asked if one.said] == [("nutrition", UNABLE)]


def test_the_form_comes_filled_from_the_plan_with_its_date():
    peggy, _ = make.peggy("gp")
    by = make.viewer()
    matters = Content(words="My own breakfast", heading="matters")
    plans.write(kind=PartKind.ABOUT_ME, content=matters, grant=make.opened(peggy, by), by=by)

    one = next(one for one in read(begun(peggy), peggy).asked if one.question.code == "matters")

    assert (one.said, one.stands.said, one.stands.source, one.stands.at, one.is_fresh) == (
        None,
        Said(words="My own breakfast"),
        "the plan",
        make.AT,
        True,
    )


def test_the_form_comes_filled_from_the_record_with_who_sent_it():
    peggy, (gp,) = make.peggy("gp")
    make.resource(gp, make.problem("Asthma"))

    one = next(one for one in read(begun(peggy), peggy).asked if one.question.code == "conditions")

    assert (one.stands.said.words, one.stands.source) == ("Asthma", gp.source.name)


def test_a_later_form_comes_filled_from_the_earlier_and_says_so():
    peggy, _ = make.peggy("gp")
    row = begun(peggy)
    answered(row, peggy, whole())
    finished(row, peggy)
    later = worker(at=make.AT + timedelta(days=30))

    asked = {one.question.code: one for one in read(begun(peggy, by=later), peggy, later).asked}

    assert (asked["nutrition"].stands.said, asked["nutrition"].stands.source) == (
        UNABLE,
        "Care Act assessment of an adult",
    )
    assert (asked["nutrition"].is_fresh, asked["matters"].stands) == (True, None)


@pytest.mark.parametrize(("days", "fresh"), [(90, True), (91, False)])
def test_an_answer_older_than_it_may_be_stands_there_and_is_asked_anew(days, fresh):
    peggy, _ = make.peggy("gp")
    row = begun(peggy)
    answered(row, peggy, whole())
    finished(row, peggy)
    later = worker(at=make.AT + timedelta(days=days))

    one = next(one for one in read(begun(peggy, by=later), peggy, later).asked if one.question.code == "nutrition")

    assert (one.stands.said, one.is_fresh) == (UNABLE, fresh)


def test_questions_asked_again_are_those_answered_anew_while_an_answer_stood():
    peggy, _ = make.peggy("gp")
    first = begun(peggy)
    answered(first, peggy, whole())
    finished(first, peggy)
    later = worker(at=make.AT + timedelta(days=30))
    second = begun(peggy, by=later)
    said = whole() | {"nutrition": replace(UNABLE, words="Asked again"), "matters": Said(words="The garden")}
    answered(second, peggy, said, by=later)

    done = finished(second, peggy, by=later)

    assert (done.asked_again, done.shown) == (1, len(questions_of(FormKind.ADULT)))
    assert set(Answer.objects.filter(assessment=second).values_list("question", "how")) == {
        ("nutrition", "again"),
        ("matters", "first"),
        *((code, "confirmed") for code in whole() if code != "nutrition"),
    }
    told = queries.asked_again(viewer=later)
    assert (told.forms, told.again, told.shown) == (2, 1, 2 * len(questions_of(FormKind.ADULT)))


def test_who_answers_after_somebody_else_is_told_and_nothing_is_lost():
    peggy, _ = make.peggy("gp")
    row, by = begun(peggy), worker()
    answered(row, peggy, {"nutrition": UNABLE})
    given = {"nutrition": actions.Given(said=ABLE, version=0), "hygiene": actions.Given(said=ABLE)}

    with pytest.raises(actions.AnsweredMeanwhile) as told:
        actions.answer(assessment=row.pk, given=given, grant=make.opened(peggy, by), by=by)

    assert told.value.questions == {"nutrition"}
    assert [(one.question, one.version) for one in Answer.objects.all()] == [("nutrition", 1)]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (Said(chosen=frozenset({"able", "unable"})), "one or the other"),
        (Said(chosen=frozenset({"able", "help"})), "one or the other"),
        (Said(chosen=frozenset({"fame"})), "one of those in the list"),
        (Said(words="x" * 4001), "4,000 letters"),
    ],
)
def test_an_answer_that_is_none_is_refused(said, told):
    peggy, _ = make.peggy("gp")
    row = begun(peggy)

    with pytest.raises(Refused, match=told):
        answered(row, peggy, {"nutrition": said})
    assert Answer.objects.count() == 0


# ---- deciding


def test_the_rule_explains_and_a_social_worker_decides():
    peggy, _ = make.peggy("gp")
    row = begun(peggy)
    answered(row, peggy, whole())

    done = finished(row, peggy)

    told = read(done, peggy)
    assert (told.explained.verdict, told.verdict, told.line.decided, told.rule) == (
        *(["eligible"] * 3),
        "SI 2015/313",
    )


def test_nobody_but_a_social_worker_decides():
    peggy, _ = make.peggy("gp")
    row = begun(peggy, by=make.viewer())
    answered(row, peggy, whole(), by=make.viewer())

    assert not read(row, peggy, make.viewer()).may_decide
    with pytest.raises(Refused, match="A social worker decides"):
        finished(row, peggy, by=make.viewer(RoleCode.CLINICIAN))


def test_who_decides_otherwise_than_the_criteria_writes_why():
    peggy, _ = make.peggy("gp")
    row = begun(peggy)
    answered(row, peggy, whole(unable=("nutrition",)))

    with pytest.raises(Refused, match="write why"):
        finished(row, peggy)
    done = finished(row, peggy, why="She hides how little she manages")

    assert (done.verdict, done.decided, done.decided_why) == (
        "not eligible",
        "eligible",
        "She hides how little she manages",
    )


def test_who_decides_on_answers_that_changed_meanwhile_is_told():
    peggy, _ = make.peggy("gp")
    row, by = begun(peggy), worker()
    answered(row, peggy, whole())

    with pytest.raises(Refused, match="The answers now say: meets the criteria"):
        actions.finish(
            assessment=row.pk, decided=Verdict.NOT_ELIGIBLE, why="", read=Verdict.NOT_ELIGIBLE,
            grant=make.opened(peggy, by), by=by,
        )  # fmt: skip


def test_what_is_finished_is_kept_and_corrected_by_what_is_added():
    peggy, _ = make.peggy("gp")
    row, by = begun(peggy), worker()
    answered(row, peggy, whole())
    finished(row, peggy)
    grant = make.opened(peggy, by)

    with pytest.raises(Refused, match="finished and kept"):
        answered(row, peggy, {"nutrition": ABLE})
    actions.add(assessment=row.pk, words="Her daughter shops on Fridays, not Mondays", grant=grant, by=by)

    told = read(row, peggy)
    assert [(one.words, one.at) for one in told.additions] == [("Her daughter shops on Fridays, not Mondays", by.at)]
    assert next(one.said for one in told.asked if one.question.code == "nutrition") == UNABLE


def test_nothing_is_added_to_a_draft():
    peggy, _ = make.peggy("gp")
    row, by = begun(peggy), worker()

    with pytest.raises(NotFound):
        actions.add(assessment=row.pk, words="-", grant=make.opened(peggy, by), by=by)


def test_the_database_holds_that_a_decision_that_differs_says_why_and_that_answers_stay():
    peggy, _ = make.peggy("gp")
    row = begun(peggy)
    answered(row, peggy, whole(unable=()))
    finished(row, peggy, decided=Verdict.NOT_ELIGIBLE)

    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.update(decided=Verdict.ELIGIBLE)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Answer.objects.update(words="-")


# ---- who sees it


def test_another_team_sees_none_of_it():
    peggy, _ = make.peggy("gp")
    row = begun(peggy)

    with pytest.raises(NoAccess):
        read(row, peggy, make.stranger())
    assert list(queries.of_team(viewer=make.stranger())) == []
    assert queries.asked_again(viewer=make.stranger()).shown == 0


def test_whose_role_sees_social_care_as_a_line_sees_the_line_alone():
    peggy, _ = make.peggy("gp")
    row = begun(peggy)
    answered(row, peggy, whole())
    finished(row, peggy)
    sadia = make.viewer(RoleCode.CARE_COORDINATOR)

    [line] = queries.assessments(grant=make.opened(peggy, sadia))
    assert (line.words, line.decided, line.opens) == ("Care Act assessment of an adult", "", False)
    with pytest.raises(NoAccess, match="not what it says"):
        read(row, peggy, sadia)
    with pytest.raises(Refused, match="may not fill in"):
        begun(peggy, by=sadia)


def test_a_role_without_social_care_sees_nothing():
    peggy, _ = make.peggy("gp")
    begun(peggy)
    link = make.viewer(RoleCode.LINK_WORKER)

    assert queries.assessments(grant=make.opened(peggy, link)) == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_teams_list_costs_the_same_for_one_and_for_three(django_assert_num_queries, count):
    for number in range(count):
        person = make.person(given=f"Given{number}", family=f"F{number}")
        make.relationship(person)
        begun(person)
    by = worker()

    with django_assert_num_queries(2):
        assert len(queries.of_team(viewer=by)) == count
