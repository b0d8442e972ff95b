"""Who is eligible for care and support under the Care Act 2014, as a rule that says why.

Source: the Care and Support (Eligibility Criteria) Regulations 2015 (SI 2015/313), regulations 2 (adults), 3 (carers).
The machine explains; a social worker decides, and may differ with a reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

RULE = "SI 2015/313"
LEAST_OUTCOMES = 2


class Outcome(StrEnum):
    """What an adult is to achieve: regulation 2(2) a to j."""

    NUTRITION = "nutrition"
    HYGIENE = "hygiene"
    TOILET = "toilet"
    CLOTHED = "clothed"
    HOME_SAFELY = "home safely"
    HABITABLE = "habitable home"
    RELATIONSHIPS = "relationships"
    WORK = "work"
    COMMUNITY = "community"
    CHILD = "child"


class CarerOutcome(StrEnum):
    """What a carer is to achieve: regulation 3(2)(b) i to viii."""

    CHILD = "carer child"
    OTHERS = "carer others"
    HABITABLE = "carer home"
    NUTRITION = "carer nutrition"
    RELATIONSHIPS = "carer relationships"
    WORK = "carer work"
    COMMUNITY = "carer community"
    RECREATION = "carer recreation"


OUTCOME_WORDS: dict[str, str] = {
    Outcome.NUTRITION: "Managing and maintaining nutrition",
    Outcome.HYGIENE: "Maintaining personal hygiene",
    Outcome.TOILET: "Managing toilet needs",
    Outcome.CLOTHED: "Being appropriately clothed",
    Outcome.HOME_SAFELY: "Being able to make use of the home safely",
    Outcome.HABITABLE: "Maintaining a habitable home environment",
    Outcome.RELATIONSHIPS: "Developing and maintaining family or other personal relationships",
    Outcome.WORK: "Accessing and engaging in work, training, education or volunteering",
    Outcome.COMMUNITY: "Making use of necessary facilities or services in the local community",
    Outcome.CHILD: "Carrying out any caring responsibilities for a child",
    CarerOutcome.CHILD: "Carrying out any caring responsibilities for a child",
    CarerOutcome.OTHERS: "Providing care to other people they care for",
    CarerOutcome.HABITABLE: "Maintaining a habitable home environment",
    CarerOutcome.NUTRITION: "Managing and maintaining nutrition",
    CarerOutcome.RELATIONSHIPS: "Developing and maintaining family or other personal relationships",
    CarerOutcome.WORK: "Engaging in work, training, education or volunteering",
    CarerOutcome.COMMUNITY: "Making use of necessary facilities or services in the local community",
    CarerOutcome.RECREATION: "Engaging in recreational activities",
}


class Meaning(StrEnum):
    """What being unable means: regulation 2(3) a to d; for a carer 3(3) a to c."""

    HELP = "help"
    DISTRESS = "distress"
    DANGER = "danger"
    LONGER = "longer"


MEANING_WORDS = {
    Meaning.HELP: "cannot do it without help",
    Meaning.DISTRESS: "can, but it causes significant pain, distress or anxiety, or is likely to",
    Meaning.DANGER: "can, but it endangers somebody\u2019s health or safety, or is likely to",
    Meaning.LONGER: "can, but it takes significantly longer than would be expected",
}
CARER_MEANINGS = (Meaning.HELP, Meaning.DISTRESS, Meaning.DANGER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Achieved:
    """What was found of one outcome. `able` is None until it is said; `arises`: from impairment or illness."""

    able: bool | None = None
    meanings: frozenset[Meaning] = frozenset()
    arises: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CarerFacts:
    """What a carer's eligibility rests on besides the outcomes; each None until it is said."""

    necessary_care: bool | None = None
    health_at_risk: bool | None = None


class Verdict(StrEnum):
    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not eligible"
    NOT_KNOWN = "not known yet"


VERDICT_WORDS = {
    Verdict.ELIGIBLE: "Meets the criteria",
    Verdict.NOT_ELIGIBLE: "Does not meet the criteria",
    Verdict.NOT_KNOWN: "Not known yet",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What the rule says, and why: each reason a sentence; `missing` what has to be said before it can say more."""

    verdict: Verdict
    reasons: tuple[str, ...]
    missing: tuple[str, ...] = ()


def counts(one: Achieved, *, known: frozenset[Meaning]) -> bool | None:
    """Whether an outcome is one that somebody is unable to achieve in the law's sense; None until enough is said."""
    if one.able is True or one.arises is False:
        return False
    if one.able is None or one.arises is None or not one.meanings:
        return None
    return bool(one.meanings & known)


def adult(*, outcomes: Mapping[Outcome, Achieved], impact: bool | None) -> Explained:
    """Regulation 2: needs from an impairment or illness, two outcomes or more, a significant impact on wellbeing."""
    found = {one: counts(outcomes.get(one, Achieved()), known=frozenset(Meaning)) for one in Outcome}
    unable = [one for one, answer in found.items() if answer]
    unsaid = [one for one, answer in found.items() if answer is None]
    enough: bool | None = len(unable) >= LEAST_OUTCOMES
    if not enough and len(unable) + len(unsaid) >= LEAST_OUTCOMES:
        enough = None
    reasons = [_unable(one, outcomes[one]) for one in unable]
    reasons.append(f"{len(unable)} of {len(Outcome)} outcomes cannot be achieved: {LEAST_OUTCOMES} or more are needed.")
    reasons.append(_impact(impact, "the adult\u2019s"))
    missing = [f"{OUTCOME_WORDS[one]}: not said in full" for one in unsaid] if enough is None else []
    return _explained([enough, impact], reasons, missing, impact)


def carer(*, outcomes: Mapping[CarerOutcome, Achieved], facts: CarerFacts, impact: bool | None) -> Explained:
    """Regulation 3: necessary care; health at risk or any one outcome; a significant impact on wellbeing."""
    known = frozenset(CARER_MEANINGS)
    # a carer's needs arise from the care that they give, not from an impairment of their own
    given = {one: outcomes.get(one, Achieved()) for one in CarerOutcome}
    found = {
        one: counts(Achieved(able=a.able, meanings=a.meanings, arises=True), known=known) for one, a in given.items()
    }
    unable = [one for one, answer in found.items() if answer]
    unsaid = [one for one, answer in found.items() if answer is None]
    effect: bool | None = facts.health_at_risk is True or bool(unable)
    if not effect and (unsaid or facts.health_at_risk is None):
        effect = None
    reasons = [_said(facts.necessary_care, "The needs arise from providing necessary care for an adult")]
    reasons.append(_said(facts.health_at_risk, "The carer\u2019s health is, or is at risk of, deteriorating"))
    reasons += [_unable(one, given[one]) for one in unable]
    reasons.append(_impact(impact, "the carer\u2019s"))
    missing = [] if facts.necessary_care is not None else ["Whether the care is necessary: not said"]
    missing += [f"{OUTCOME_WORDS[one]}: not said in full" for one in unsaid] if effect is None else []
    return _explained([facts.necessary_care, effect, impact], reasons, missing, impact)


def _explained(conditions: list[bool | None], reasons: list[str], missing: list[str], impact: bool | None) -> Explained:
    missing = [*missing, *(["Whether the impact on wellbeing is significant: not said"] if impact is None else [])]
    if False in conditions:
        # one condition that fails decides, whatever is still to be said
        return Explained(verdict=Verdict.NOT_ELIGIBLE, reasons=tuple(reasons))
    if None in conditions:
        return Explained(verdict=Verdict.NOT_KNOWN, reasons=tuple(reasons), missing=tuple(missing))
    return Explained(verdict=Verdict.ELIGIBLE, reasons=tuple(reasons))


def _unable(one: Outcome | CarerOutcome, achieved: Achieved) -> str:
    told = "; ".join(words for meaning, words in MEANING_WORDS.items() if meaning in achieved.meanings)
    return f"{OUTCOME_WORDS[one]}: {told}."


def _impact(impact: bool | None, whose: str) -> str:
    return _said(impact, f"As a consequence there is, or is likely to be, a significant impact on {whose} wellbeing")


def _said(answer: bool | None, words: str) -> str:
    return f"{words}: {'not said yet' if answer is None else 'yes' if answer else 'no'}."
