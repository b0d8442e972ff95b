"""Each thing that may keep a record closed has its own words: what happened, why, and what to do now."""

import pytest

from locality.access import rules
from locality.access.actions import NotOpened, open_record
from locality.access.models import Conflict, Relationship
from locality.access.rules import CLOSED_PANEL_WORDS, REFUSAL_WORDS, Action, Context, DataClass, Factor, Relation
from locality.base import NotFound, Purpose, ViewerKind
from tests import factories as make


def test_every_deciding_factor_has_words_of_its_own():
    told = [*REFUSAL_WORDS.values(), rules.ENDED_WORDS]

    assert (set(REFUSAL_WORDS), set(CLOSED_PANEL_WORDS)) == (set(Factor), set(Factor))
    assert len(set(told)) == len(Factor) + 1
    assert len(set(CLOSED_PANEL_WORDS.values())) == len(Factor)


DOES = ("Ask", "Go back", "Go on", "Show", "Choose", "Use")


@pytest.mark.parametrize("factor", Factor)
def test_a_refusal_says_what_and_why_and_what_to_do_now(factor):
    what, *rest = REFUSAL_WORDS[factor].split(". ")

    assert len(what) > 20
    assert [one for one in rest if one.startswith(DOES)] != []


@pytest.mark.parametrize("factor", Factor)
def test_a_closed_panel_is_never_to_be_read_as_none(factor):
    words = rules.closed_panel("medicines", factor)

    assert ("medicines" in words, words.endswith("This does not mean none: ask before acting.")) == (True, True)


@pytest.mark.parametrize(
    ("context", "data_class", "factor"),
    [
        (Context(relation=Relation.VISIT), DataClass.CLIN, Factor.RELATION),
        (Context(relation=Relation.OWN_TEAM), DataClass.SAFE, Factor.ROLE),
        (Context(relation=Relation.OWN_TEAM, protected=True), DataClass.LOC, Factor.ADDRESS),
        (Context(relation=Relation.OWN_TEAM, conflict=True), DataClass.SUM, Factor.CONFLICT),
        (Context(relation=Relation.OWN_TEAM, in_scope=False), DataClass.SUM, Factor.SCOPE),
        (Context(relation=Relation.OWN_TEAM, asks_second_factor=True), DataClass.SUM, Factor.SECOND_FACTOR),
        (Context(relation=Relation.OWN_TEAM), DataClass.SUM, None),
    ],
)
@pytest.mark.django_db
def test_what_closes_a_class_is_known_by_its_factor(context, data_class, factor):
    opening = rules.opening(viewer=make.viewer(), context=context)

    assert opening.closed_by(data_class) == factor


@pytest.mark.django_db
def test_a_class_that_everybody_elses_objection_closes_is_closed_by_it():
    viewer = make.viewer(organisation=None)
    opening = rules.opening(viewer=viewer, context=Context(relation=Relation.OWN_TEAM, dissent=True))

    assert opening.closed_by(DataClass.CLIN) == Factor.DISSENT


# ---- as they are met


@pytest.fixture
def peggy(db):
    return make.peggy("gp")[0]


def why(peggy, viewer, **other) -> tuple[Factor, str]:
    with pytest.raises(NotOpened) as refused:
        open_record(person_id=peggy.pk, by=viewer, **other)
    return refused.value.factor, str(refused.value)


def test_each_cause_of_a_closed_record_is_told_by_its_own_words(peggy, settings):
    stranger = make.viewer(teams=frozenset({make.team("hilltop").pk}), organisation=make.organisation("council").pk)
    conflicted = make.viewer(given="Sadia")
    told = {"starts_on": make.ago(days=9).date(), "made_at": make.AT, "made_by": conflicted.id}
    Conflict.objects.create(person=peggy, practitioner=make.practitioner("Sadia"), kind="family", **told)

    causes = {
        "relation": why(peggy, stranger),
        "role": why(peggy, make.viewer("administrator")),
        "conflict": why(peggy, conflicted),
        "purpose": why(peggy, make.viewer(purpose=Purpose.PLANNING)),
        "decide": why(peggy, make.viewer(), action=Action.DECIDE),
    }
    Relationship.objects.update(ends_on=make.ago(days=1).date())
    ended = why(peggy, make.viewer())
    settings.SECOND_FACTOR_FOR_ALL = True

    assert {cause: found[0] for cause, found in causes.items()} == {
        "relation": Factor.RELATION,
        "role": Factor.ROLE,
        "conflict": Factor.CONFLICT,
        "purpose": Factor.PURPOSE,
        "decide": Factor.SECOND_FACTOR,
    }
    assert all(words == REFUSAL_WORDS[factor] for factor, words in causes.values())
    assert ended == (Factor.RELATION, rules.ENDED_WORDS)
    assert why(peggy, make.viewer())[0] == Factor.SECOND_FACTOR


def test_who_only_visits_decides_nothing(peggy):
    Relationship.objects.update(kind="visit")

    factor, words = why(peggy, make.viewer(second_factor=True), action=Action.DECIDE)

    assert (factor, words) == (Factor.ACTION, REFUSAL_WORDS[Factor.ACTION])


def test_people_are_told_nothing_of_whom_they_may_not_open(peggy):
    with pytest.raises(NotFound):
        open_record(person_id=peggy.pk, by=make.viewer("person", kind=ViewerKind.PERSON, organisation=None))


@pytest.mark.django_db
def test_the_rule_is_asked_without_the_id_or_name_of_anybody():
    """What the rule answers is kept for all to whom it answers the same: nobody's id may be among what is kept."""
    two = [
        make.viewer("proxy", given=given, kind=ViewerKind.PROXY, acts_for=make.new_id(), acts_for_name=name)
        for given, name in (("Ann", "Peggy"), ("Sid", "Stan"))
    ]

    assert rules.faceless(two[0]) == rules.faceless(two[1])
