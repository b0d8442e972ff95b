"""SI 2015/313 as the field's reference gives it, typed here row by row.

Adult: needs from an impairment or illness, unable to achieve two or more of ten outcomes, significant impact on
wellbeing. Unable includes: needs assistance; significant pain, distress or anxiety; endangers; takes significantly
longer. Carer: necessary care, and health deteriorating or any outcome unmet, and significant impact.
"""

import pytest

from locality.neighbourhoods.rules.eligibility import (
    CARER_MEANINGS,
    Achieved,
    CarerFacts,
    CarerOutcome,
    Meaning,
    Outcome,
    Verdict,
    adult,
    carer,
)

YES, NO, WAIT = Verdict.ELIGIBLE, Verdict.NOT_ELIGIBLE, Verdict.NOT_KNOWN
ABLE = Achieved(able=True)
UNSAID = Achieved()


def unable(*meanings: Meaning, arises: bool | None = True) -> Achieved:
    return Achieved(able=False, meanings=frozenset(meanings or {Meaning.HELP}), arises=arises)


def of_adult(*unmet: Achieved, impact: bool | None = True, others: Achieved = ABLE):
    told = dict.fromkeys(Outcome, others) | dict(zip(Outcome, unmet, strict=False))
    return adult(outcomes=told, impact=impact)


def test_there_are_ten_outcomes_of_an_adult_and_eight_of_a_carer():
    assert (len(Outcome), len(CarerOutcome), len(Meaning), len(CARER_MEANINGS)) == (10, 8, 4, 3)


@pytest.mark.parametrize(
    ("unmet", "impact", "verdict"),
    [
        ((), True, NO),
        ((unable(),), True, NO),
        ((unable(), unable()), True, YES),
        ((unable(), unable(), unable()), True, YES),
        ((unable(),) * 10, True, YES),
        # a significant impact is needed too
        ((unable(), unable()), False, NO),
        ((unable(),) * 10, False, NO),
        ((unable(), unable()), None, WAIT),
        ((unable(),), None, NO),
        # only what arises from an impairment or illness counts
        ((unable(), unable(arises=False)), True, NO),
        ((unable(arises=False), unable(arises=False)), True, NO),
        ((unable(), unable(arises=None)), True, WAIT),
        # unable that says in none of the four ways is not said in full
        ((unable(), Achieved(able=False, arises=True)), True, WAIT),
        # what is not said yet decides nothing, unless nothing can change
        ((UNSAID,), True, NO),
        ((UNSAID, UNSAID), True, WAIT),
        ((unable(), UNSAID), True, WAIT),
        ((unable(), unable(), UNSAID), True, YES),
        ((UNSAID, UNSAID), False, NO),
    ],
)
def test_an_adult_is_eligible_with_two_outcomes_or_more_and_a_significant_impact(unmet, impact, verdict):
    assert of_adult(*unmet, impact=impact).verdict == verdict


@pytest.mark.parametrize("meaning", Meaning)
def test_each_of_the_four_meanings_of_unable_counts_for_an_adult(meaning):
    assert of_adult(unable(meaning), unable(meaning)).verdict == YES


@pytest.mark.parametrize("one", Outcome)
@pytest.mark.parametrize("other", Outcome)
def test_any_two_outcomes_make_an_adult_eligible_and_none_counts_twice(one, other):
    told = dict.fromkeys(Outcome, ABLE) | {one: unable(), other: unable()}

    assert adult(outcomes=told, impact=True).verdict == (YES if one != other else NO)


def of_carer(*unmet: Achieved, necessary=True, health=False, impact: bool | None = True, others: Achieved = ABLE):
    told = dict.fromkeys(CarerOutcome, others) | dict(zip(CarerOutcome, unmet, strict=False))
    facts = CarerFacts(necessary_care=necessary, health_at_risk=health)
    return carer(outcomes=told, facts=facts, impact=impact)


@pytest.mark.parametrize(
    ("unmet", "necessary", "health", "impact", "verdict"),
    [
        ((), True, False, True, NO),
        # one outcome is enough for a carer, or health at risk alone
        ((unable(),), True, False, True, YES),
        ((), True, True, True, YES),
        ((unable(),), True, True, True, YES),
        # the care must be necessary, and the impact significant
        ((unable(),), False, True, True, NO),
        ((unable(),), None, True, True, WAIT),
        ((unable(),), True, True, False, NO),
        ((unable(),), True, True, None, WAIT),
        ((), True, None, True, WAIT),
        ((UNSAID,), True, False, True, WAIT),
        ((UNSAID,), True, True, True, YES),
        # a carer's needs arise from caring: whether from an impairment is not asked
        ((unable(arises=None),), True, False, True, YES),
        # taking longer is no meaning of unable for a carer (regulation 3(3))
        ((unable(Meaning.LONGER),), True, False, True, NO),
    ],
)
def test_a_carer_is_eligible_with_one_outcome_or_failing_health(unmet, necessary, health, impact, verdict):
    assert of_carer(*unmet, necessary=necessary, health=health, impact=impact).verdict == verdict


@pytest.mark.parametrize("one", CarerOutcome)
@pytest.mark.parametrize("meaning", CARER_MEANINGS)
def test_any_one_outcome_in_any_of_three_meanings_makes_a_carer_eligible(one, meaning):
    told = dict.fromkeys(CarerOutcome, ABLE) | {one: unable(meaning)}
    facts = CarerFacts(necessary_care=True, health_at_risk=False)

    assert carer(outcomes=told, facts=facts, impact=True).verdict == YES


def test_the_rule_says_why_in_words():
    told = of_adult(unable(Meaning.HELP), unable(Meaning.DISTRESS, Meaning.LONGER))

    assert told.reasons == (
        "Managing and maintaining nutrition: cannot do it without help.",
        "Maintaining personal hygiene: can, but it causes significant pain, distress or anxiety, or is likely to; "
        "can, but it takes significantly longer than would be expected.",
        "2 of 10 outcomes cannot be achieved: 2 or more are needed.",
        "As a consequence there is, or is likely to be, a significant impact on the adult\u2019s wellbeing: yes.",
    )


def test_the_rule_says_what_is_still_to_be_said():
    told = of_adult(unable(), UNSAID, impact=None)

    assert told.missing == (
        "Maintaining personal hygiene: not said in full",
        "Whether the impact on wellbeing is significant: not said",
    )
