"""Condition: problems, diagnoses and needs."""

from locality.record.headlines.allergy import NONE_KNOWN, states_none
from locality.record.headlines.line import Line, encounter_of, sentence, when_of, who
from locality.record.headlines.shapes import Detail, State, Topic
from locality.record.headlines.states import state_of
from locality.record.headlines.values import value_words
from locality.record.headlines.when import date_words
from locality.record.headlines.words import annotation_words, concept, concept_words

DOUBTED = {"unconfirmed": "not confirmed", "provisional": "suspected", "differential": "one of several possibilities"}


def line(resource: dict) -> Line:
    said = concept(resource.get("code"))
    verification = concept(resource.get("verificationStatus")).code
    clinical = concept(resource.get("clinicalStatus")).code
    starts, _ = when_of(resource, "onset")
    ends, _ = when_of(resource, "abatement")
    site = concept_words(resource.get("bodySite"))
    doubt = DOUBTED.get(verification, "")
    none_known = said.code in NONE_KNOWN and states_none(resource)
    return Line(
        topic=Topic.ALLERGY if none_known else Topic.PROBLEM,
        concept=said,
        value=sentence(concept_words(resource.get("severity")), site if site not in said.words else "", doubt),
        starts=starts or resource.get("recordedDate") or "",
        ends=ends,
        status=verification if verification in {"refuted", "entered-in-error"} else clinical,
        state=state(verification, clinical, ends),
        by=who(resource, "asserter", "recorder"),
        encounter=encounter_of(resource),
        key=NONE_KNOWN[said.code] if none_known else "",
        dated=False,
        caution="Ruled out: this was looked for and the person does not have it." if verification == "refuted" else "",
    )


def state(verification: str, clinical: str, ends: str) -> State:
    if verification == "refuted" or (ends and not clinical):
        return State.PAST
    return state_of("Condition", verification if verification == "entered-in-error" else clinical)


def detail(resource: dict) -> Detail:
    stages = [concept_words(one.get("summary")) for one in resource.get("stage") or ()]
    evidence = [concept_words(one.get("code")) for one in resource.get("evidence") or ()]
    return Detail(
        lines=[
            ("Status", concept_words(resource.get("clinicalStatus"))),
            ("Certainty", concept_words(resource.get("verificationStatus"))),
            ("Severity", concept_words(resource.get("severity"))),
            ("Where", concept_words(resource.get("bodySite"))),
            ("Kind", concept_words(resource.get("category"))),
            ("Began", value_words(resource, "onset")),
            ("Ended", value_words(resource, "abatement")),
            ("Stage", sentence(*stages)),
            ("Evidence", sentence(*evidence)),
            ("Written down", date_words(resource.get("recordedDate") or "")),
            ("Note", annotation_words(resource.get("note"))),
        ]
    )
