"""Consent: leave to share or treat, and advance decisions."""

from locality.record.headlines.document import attachments
from locality.record.headlines.line import Line, period_of, sentence, who
from locality.record.headlines.shapes import Detail, Topic
from locality.record.headlines.when import date_words, period_words
from locality.record.headlines.words import codes_of, concept, concept_words, reference_words, references_words

# http://terminology.hl7.org/CodeSystem/consentcategorycodes: advance directives and the like
DECISION_CATEGORIES = {
    "acd": "Advance decision", "dnr": "Do not resuscitate", "polst": "Treatment wishes", "hcd": "Advance decision",
}  # fmt: skip
SCOPES = {
    "adr": "Advance decision", "patient-privacy": "Consent to share information", "research": "Consent to research",
    "treatment": "Consent to treatment",
}  # fmt: skip
RULES = {
    "OPTIN": "agreed", "OPTOUT": "objected", "IMPLIED": "implied", "OPTINR": "agreed with limits",
    "OPTOUTE": "objected with exceptions",
}  # fmt: skip
# categories that say no more than "a consent"
EMPTY_CATEGORIES = {"59284-0", "57016-8", "64292-6"}


def line(resource: dict) -> Line:
    scope = concept(resource.get("scope"))
    found = codes_of(resource.get("category")) & DECISION_CATEGORIES.keys()
    decision = bool(found) or scope.code == "adr"
    category = concept(resource.get("category"))
    told = SCOPES.get(scope.code) or scope.words
    if found:
        said = category.words if category.words not in found else DECISION_CATEGORIES[sorted(found)[0]]
    else:
        said = "" if category.code in EMPTY_CATEGORIES or category.words == category.code else category.words
    _, ends = period_of((resource.get("provision") or {}).get("period"))
    return Line(
        topic=Topic.DECISION if decision else Topic.CONSENT,
        concept=category,
        title=(said if decision and said else told) or said or "Consent",
        value=sentence("" if decision or said == told else said, decided(resource)),
        starts=resource.get("dateTime") or "",
        ends=ends,
        status=resource.get("status") or "",
        by=who(resource, "organization", "performer"),
        hint=concept_words(resource.get("category")),
    )


def decided(resource: dict) -> str:
    """What was decided, in a word or two."""
    rule = concept(resource.get("policyRule"))
    said = RULES.get(rule.code) or (rule.words if rule.words != rule.code else "")
    provision = (resource.get("provision") or {}).get("type")
    first = {"deny": "refused", "permit": "permitted"}.get(provision or "", "")
    return sentence(said or first, "with exceptions" if (resource.get("provision") or {}).get("provision") else "")


def detail(resource: dict) -> Detail:
    provision = resource.get("provision") or {}
    kind = concept(resource.get("category"))
    actors = [reference_words(one.get("reference"), resource) for one in provision.get("actor") or ()]
    checks = [one for one in resource.get("verification") or () if one.get("verified")]
    return Detail(
        lines=[
            ("About", SCOPES.get(concept(resource.get("scope")).code) or concept_words(resource.get("scope"))),
            ("Kind", "" if kind.words == kind.code else kind.words),
            ("Decided", decided(resource)),
            ("On", date_words(resource.get("dateTime") or "")),
            ("By", references_words(resource.get("performer"), resource)),
            ("Held by", references_words(resource.get("organization"), resource)),
            ("Applies", period_words(provision.get("period"))),
            ("Concerns", sentence(*actors)),
            (
                "Purpose",
                sentence(*(one.get("display") or one.get("code") or "" for one in provision.get("purpose") or ())),
            ),
            ("Checked with", sentence(*(reference_words(one.get("verifiedWith"), resource) for one in checks))),
            ("Status", resource.get("status") or ""),
        ],
        attachments=attachments(resource),
    )
