"""The rarer types about a person: messages, family history, risks, harm, lists, aids."""

from locality.record.headlines.allergy import ALLERGY_LISTS, allergy_statement
from locality.record.headlines.line import Line, encounter_of, sentence, when_of, who
from locality.record.headlines.other import first_concept
from locality.record.headlines.shapes import Detail, State, Topic
from locality.record.headlines.values import value_words
from locality.record.headlines.when import date_words
from locality.record.headlines.words import (
    annotation_words,
    codes_of,
    concept,
    concept_words,
    plain,
    reference_words,
    references_words,
)


def message_line(resource: dict) -> Line:
    """A Communication, or a request for one: what was said to whom."""
    said = first_concept(resource)
    told = told_words(resource)
    to_whom = sentence(*(reference_words(one, resource) for one in resource.get("recipient") or ()))
    starts, _ = when_of(resource, "occurrence")
    asked = resource.get("resourceType") == "CommunicationRequest"
    against = resource.get("doNotPerform") is True
    return Line(
        topic=Topic.OTHER,
        concept=said,
        title=said.words or ("Message to be sent" if asked else "Message"),
        value=sentence(told, f"to {to_whom}" if to_whom else ""),
        starts=resource.get("sent") or resource.get("authoredOn") or starts or resource.get("received") or "",
        status=resource.get("status") or "",
        by=who(resource, "sender", "requester"),
        encounter=encounter_of(resource),
        hint=sentence(concept_words(resource.get("category")), concept_words(resource.get("reasonCode"))),
        caution="Not to be sent." if against else "",
    )


def family_line(resource: dict) -> Line:
    """Never a problem of the person's own: the title says whose it is."""
    relation = concept_words(resource.get("relationship")) or "relative"
    found = [concept_words(one.get("code")) for one in resource.get("condition") or ()]
    died = resource.get("deceasedBoolean") is True or value_words(resource, "deceased") not in {"", "No"}
    return Line(
        topic=Topic.OTHER,
        concept=concept(resource.get("relationship")),
        title=f"Family history: {relation.lower()}",
        value=sentence(*found, "has died" if died else ""),
        starts=resource.get("date") or "",
        status=resource.get("status") or "",
    )


def risk_line(resource: dict) -> Line:
    predictions = resource.get("prediction") or ()
    told = [sentence(concept_words(one.get("outcome")), likelihood(one)) for one in predictions]
    said = concept(resource.get("code"))
    how = concept(resource.get("method"))
    starts, ends = when_of(resource, "occurrence")
    return Line(
        topic=Topic.OBSERVATION,
        concept=said if said.words else how,
        title=said.words or how.words or "Risk assessment",
        value="; ".join(filter(None, told[:3])),
        starts=starts,
        ends=ends,
        status=resource.get("status") or "",
        by=who(resource, "performer"),
        encounter=encounter_of(resource),
    )


def likelihood(prediction: dict) -> str:
    said = concept_words(prediction.get("qualitativeRisk"))
    chance = prediction.get("probabilityDecimal")
    # FHIR: a probability as a decimal is a percentage
    return said or (f"{value_words({'valueDecimal': chance})}%" if chance is not None else "")


def event_line(resource: dict) -> Line:
    """AdverseEvent: harm that happened, or nearly did."""
    said = concept(resource.get("event"))
    what = said.words or concept_words(resource.get("category"))
    return Line(
        topic=Topic.REPORT,
        concept=said,
        title=f"Harm or near miss: {what}" if what else "Harm or near miss",
        value=sentence(concept_words(resource.get("seriousness")), concept_words(resource.get("outcome"))),
        starts=resource.get("date") or resource.get("detected") or resource.get("recordedDate") or "",
        status=resource.get("actuality") or "",
        state=State.PAST,
        by=who(resource, "recorder"),
        encounter=encounter_of(resource),
    )


def list_line(resource: dict) -> Line:
    said = concept(resource.get("code"))
    count = len(resource.get("entry") or ())
    why_empty = concept_words(resource.get("emptyReason"))
    allergies = bool(codes_of(resource.get("code")) & ALLERGY_LISTS)
    none_known = allergy_statement(resource) == "none_known"
    return Line(
        topic=Topic.ALLERGY if none_known else Topic.OTHER,
        concept=said,
        title="No known allergies" if none_known else plain(resource.get("title")) or said.words or "List",
        value=why_empty.lower() if not count else f"{count} entries" if count > 1 else "1 entry",
        starts=resource.get("date") or "",
        status=resource.get("status") or "",
        by=who(resource, "source"),
        encounter=encounter_of(resource),
        key="no known allergy" if none_known else "",
        dated=not none_known,
        data_class="SUM" if allergies else "",
    )


def device_use_line(resource: dict) -> Line:
    device = reference_words(resource.get("device"), resource)
    starts, ends = when_of(resource, "timing")
    return Line(
        topic=Topic.OTHER,
        title=f"Uses: {device}" if device else "Uses a device or aid",
        value=concept_words(resource.get("reasonCode")),
        starts=starts or resource.get("recordedOn") or "",
        ends=ends,
        status=resource.get("status") or "",
        by=who(resource, "source"),
    )


def told_words(resource: dict) -> str:
    return sentence(*(value_words(one, "content") for one in resource.get("payload") or ()))


def message_detail(resource: dict) -> Detail:
    return Detail(
        lines=[
            ("Said", told_words(resource)),
            ("From", who(resource, "sender", "requester")),
            ("To", references_words(resource.get("recipient"), resource)),
            ("Sent", date_words(resource.get("sent") or resource.get("authoredOn") or "")),
            ("Received", date_words(resource.get("received") or "")),
            ("Why", concept_words(resource.get("reasonCode"))),
            ("How", concept_words(resource.get("medium"))),
            ("Status", resource.get("status") or ""),
            ("Note", annotation_words(resource.get("note"))),
        ]
    )


def family_detail(resource: dict) -> Detail:
    found = [
        (concept_words(one.get("code")), sentence(value_words(one, "onset"), concept_words(one.get("outcome"))))
        for one in resource.get("condition") or ()
    ]
    return Detail(
        lines=[
            ("Who", sentence(concept_words(resource.get("relationship")), plain(resource.get("name")))),
            ("Born", value_words(resource, "born")),
            ("Died", value_words(resource, "deceased")),
            ("Told on", date_words(resource.get("date") or "")),
            ("Note", annotation_words(resource.get("note"))),
        ],
        pairs=[(name, words) for name, words in found if name],
    )


def risk_detail(resource: dict) -> Detail:
    return Detail(
        lines=[
            ("How", concept_words(resource.get("method"))),
            ("When", value_words(resource, "occurrence")),
            ("Why", concept_words(resource.get("reasonCode"))),
            ("What may help", plain(resource.get("mitigation"))),
            ("From", references_words(resource.get("basis"), resource)),
            ("Note", annotation_words(resource.get("note"))),
        ],
        pairs=[(concept_words(one.get("outcome")), likelihood(one)) for one in resource.get("prediction") or ()],
    )


def list_detail(resource: dict) -> Detail:
    entries = [reference_words(one.get("item"), resource) for one in resource.get("entry") or ()]
    return Detail(
        lines=[
            ("What", concept_words(resource.get("code"))),
            ("As of", date_words(resource.get("date") or "")),
            ("Empty because", concept_words(resource.get("emptyReason"))),
            ("By", who(resource, "source")),
            *(("Entry", words) for words in entries if words),
            ("Note", annotation_words(resource.get("note"))),
        ]
    )
