"""Peggy's one plan, her Care Act assessment, and the draft of her daughter's: all by the same actions as in earnest."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from locality.access import actions as access
from locality.access.queries import Grant
from locality.access.rules import RelationKind
from locality.base import NoAccess, Viewer
from locality.base.periods import day_of
from locality.demo.work.who import ViewerOf
from locality.neighbourhoods.actions import assessments, plans
from locality.neighbourhoods.queries import assessments as assessment_queries
from locality.neighbourhoods.queries import plans as plan_queries
from locality.neighbourhoods.rules.assessments import FormKind, Said
from locality.neighbourhoods.rules.eligibility import Verdict
from locality.neighbourhoods.rules.plans import (
    ActionState,
    Content,
    GoalState,
    PartKind,
    Stance,
    Subject,
    Who,
    Whose,
)

NURSE, COORDINATOR, SOCIAL_WORKER = "joanne.fielding", "sadia.rahman", "marcus.obi"
GOAL = Content(whose=Whose.PERSON, state=GoalState.WORKING)
GOALS = (
    ("Get up and down my own stairs, so I can sleep in my own bed", "Twice a day, alone, for a week", 20),
    ("Put some weight back on, so my skirts stay up", "54 kg on the nurse\u2019s scales", 110),
    ("Chapel of a Sunday, when there is a lift", "Three Sundays running", 60),
)
IF_THEN = (
    (
        "I fall and cannot get up",
        "Do not lift me. Keep me warm, and look at my right hip.",
        "Rapid response, 0161 496 0199; chest pain or a blow to the head: 999",
    ),
    (
        "Ann cannot come",
        "Bernard next door has a key and will sit with me. Extra visits the same day. Biscuit goes to Bernard.",
        "Sadia Rahman, 0161 496 0101",
    ),
)


def make_plan(*, people: Mapping[str, UUID], viewer: ViewerOf, now: datetime) -> None:
    """Write the plan and the assessments of Peggy and Ann (`people`, by key); once, however often it is made."""
    # their teams know Peggy from the day on which the demo's sources first sent her
    nurse, coordinator, worker = (viewer(one, now) for one in (NURSE, COORDINATOR, SOCIAL_WORKER))
    if nurse is None or coordinator is None or worker is None:
        return
    # whoever tries the demo may have ended why one of them knows her
    with suppress(NoAccess):
        grant = access.open_record(person_id=people["peggy"], by=nurse)
        if plan_queries.of_person(grant=grant).exists:
            return
        _her_words(grant, nurse)
        _what_is_done(grant, nurse)
        _if_then(access.open_record(person_id=people["peggy"], by=coordinator), coordinator)
        _assessed(access.open_record(person_id=people["peggy"], by=worker), worker)
        _carer(people["ann"], worker)


def _write(kind: PartKind, content: Content, grant: Grant, by: Viewer) -> UUID:
    return plans.write(kind=kind, content=content, grant=grant, by=by).pk


def _her_words(grant: Grant, by: Viewer) -> None:
    """What the community service sent of About Me is confirmed with her, heading by heading."""
    known = plan_queries.plan(grant=grant, at=by.at)
    for line in known.about_me:
        if line.sent is not None and line.code != "wellness":
            plans.take_over(heading=line.code, thing=line.sent.id, grant=grant, by=by)
    words = "Everything that can be done to keep me at home, and not to die in hospital"
    _write(PartKind.WISH, Content(words=words, heading=Subject.PLACE_OF_DEATH), grant, by)
    words = "If my heart stops I would like them to try, for Ann\u2019s sake"
    told = Content(words=words, heading=Subject.RESUSCITATION, stance=Stance.WANTS)
    _write(PartKind.WISH, told, grant, by)


def _what_is_done(grant: Grant, by: Viewer) -> None:
    today = day_of(by.at)
    goals = [
        replace(GOAL, words=words, then_words=know, by_on=today + timedelta(days=days)) for words, know, days in GOALS
    ]
    stairs, weight, _ = [_write(PartKind.GOAL, goal, grant, by) for goal in goals]
    team = next((one.pk for one in plan_queries.teams_that_know(grant) if one.pk in by.teams), None)
    own = Content(who=Who.PERSON, state=ActionState.OPEN)
    ann = Content(who=Who.CARER, who_words="Ann, her daughter", state=ActionState.OPEN)
    nurse = Content(who=Who.PRACTITIONER, team=team, practitioner=by.id, state=ActionState.OPEN)
    for words, days, who, goal in (
        ("Ring the fitter about the second stair rail", -3, nurse, stairs),
        ("Six steps on the stairs each morning, with the carer behind me", 14, own, stairs),
        ("Full-fat milk, and a pudding at dinner", 14, ann, weight),
        ("Show Bernard where the spare key hangs", 7, ann, None),
    ):
        action = replace(who, words=words, by_on=today + timedelta(days=days), goal=goal)
        _write(PartKind.ACTION, action, grant, by)


def _if_then(grant: Grant, by: Viewer) -> None:
    today = day_of(by.at)
    for words, then, call in IF_THEN:
        _write(PartKind.CONTINGENCY, Content(words=words, then_words=then, call_words=call), grant, by)
    copy = Content(who_words="Ann, her daughter", then_words="On paper, in her hand", by_on=today - timedelta(days=5))
    _write(PartKind.COPY, copy, grant, by)
    review = Content(by_on=today + timedelta(days=11), words="Peggy, Ann, Joanne and Marcus")
    _write(PartKind.REVIEW, review, grant, by)


UNABLE = {
    "nutrition": ("Ann shops and cooks; alone she has toast", {"help"}),
    "hygiene": ("Cannot get into the bath; a strip wash takes her an hour", {"help", "longer"}),
    "home-safely": ("Stairs on hands and knees since the fall; afraid", {"distress", "danger"}),
}


def _assessed(grant: Grant, by: Viewer) -> None:
    """Filled from what was known, answered, decided as the criteria say."""
    row = assessments.begin(form=FormKind.ADULT, grant=grant, by=by)
    asked = assessment_queries.assessment(grant=grant, assessment_id=row.pk, at=by.at).asked
    given = {one.question.code: one.stands.said for one in asked if one.stands is not None}
    for one in asked:
        if one.question.outcome:
            words, why = UNABLE.get(one.question.code, ("", None))
            chosen = {"unable", "arises", *why} if why else {"able"}
            given[one.question.code] = Said(words=words, chosen=frozenset(chosen))
    given["impact"] = Said(
        words="Sleeps in the chair, has lost weight, and has not been out since", chosen=frozenset({"yes"})
    )
    told = {code: assessments.Given(said=said) for code, said in given.items()}
    assessments.answer(assessment=row.pk, given=told, grant=grant, by=by)
    assessments.finish(assessment=row.pk, decided=Verdict.ELIGIBLE, why="", read=Verdict.ELIGIBLE, grant=grant, by=by)


def _carer(ann: UUID, by: Viewer) -> None:
    """Ann's own assessment is a draft: the team may know her for it."""
    team = next(iter(sorted(by.teams)))
    words = "Carer: assessed beside her mother"
    reason = access.Reason(
        person=ann, kind=RelationKind.REFERRAL, team=team, starts_on=day_of(by.at), ends_on=None, words=words
    )
    access.relate(reasons=[reason], by=by)
    grant = access.open_record(person_id=ann, by=by)
    row = assessments.begin(form=FormKind.CARER, grant=grant, by=by)
    given = {
        "care-given": Said(words="My mother, Peggy: every day after work, and every night since the fall"),
        "health-at-risk": Said(words="Not sleeping; my own appointments put off", chosen=frozenset({"yes"})),
        "carer-recreation": Said(words="Choir stopped in the spring", chosen=frozenset({"unable", "help"})),
    }
    told = {code: assessments.Given(said=said) for code, said in given.items()}
    assessments.answer(assessment=row.pk, given=told, grant=grant, by=by)
