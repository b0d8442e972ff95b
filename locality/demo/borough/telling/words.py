"""The codings that resources share, made once."""

from functools import cache

SNOMED = "http://snomed.info/sct"
LOINC = "http://loinc.org"
ICD10 = "http://hl7.org/fhir/sid/icd-10"
UCUM = "http://unitsofmeasure.org"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
UKCORE = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore"
UKCODES = "https://fhir.hl7.org.uk/CodeSystem/UKCore"
NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
ODS = "https://fhir.nhs.uk/Id/ods-organization-code"
Json = dict

ETHNIC = {
    "A": "White - British",
    "B": "White - Irish",
    "C": "White - Any other White background",
    "D": "Mixed - White and Black Caribbean",
    "E": "Mixed - White and Black African",
    "F": "Mixed - White and Asian",
    "G": "Mixed - Any other mixed background",
    "H": "Asian or Asian British - Indian",
    "J": "Asian or Asian British - Pakistani",
    "K": "Asian or Asian British - Bangladeshi",
    "L": "Asian or Asian British - Any other Asian background",
    "M": "Black or Black British - Caribbean",
    "N": "Black or Black British - African",
    "P": "Black or Black British - Any other Black background",
    "R": "Other Ethnic Groups - Chinese",
    "S": "Other Ethnic Groups - Any other ethnic group",
    "Z": "Not stated",
}
VERIFIED = {
    "url": f"{UKCORE}-NHSNumberVerificationStatus",
    "valueCodeableConcept": {
        "coding": [
            {
                "system": f"{UKCODES}-NHSNumberVerificationStatusEngland",
                "code": "01",
                "display": "Number present and verified",
            }
        ]
    },
}


@cache
def ethnic(category: str) -> Json:
    """The extension for an ethnic category."""
    coding = {"system": f"{UKCODES}-EthnicCategoryEngland", "code": category, "display": ETHNIC[category]}
    return {"url": f"{UKCORE}-EthnicCategory", "valueCodeableConcept": {"coding": [coding]}}


@cache
def concept(system: str, code: str, display: str, text: str = "") -> Json:
    """One coding, with words."""
    return {"coding": [{"system": system, "code": code, "display": display}], "text": text or display}


@cache
def words(text: str) -> Json:
    """Words without a code."""
    return {"text": text}


@cache
def term(system: str, code: str, display: str = "") -> Json:
    """One of HL7's own codes."""
    coding = {"system": f"{TERMINOLOGY}/{system}", "code": code}
    return {"coding": [{**coding, "display": display} if display else coding]}


@cache
def act(code: str, display: str) -> Json:
    """The class of an encounter."""
    return {"system": f"{TERMINOLOGY}/v3-ActCode", "code": code, "display": display}


ACTIVE = term("condition-clinical", "active")
RESOLVED = term("condition-clinical", "resolved")
CONFIRMED = term("condition-ver-status", "confirmed")
PROBLEM = [term("condition-category", "problem-list-item", "Problem List Item")]
DIAGNOSIS = [term("condition-category", "encounter-diagnosis", "Encounter Diagnosis")]
VITALS = [term("observation-category", "vital-signs", "Vital Signs")]
LABORATORY = [term("observation-category", "laboratory", "Laboratory")]
SURVEY = [term("observation-category", "survey", "Survey")]
SOCIAL = [term("observation-category", "social-history", "Social History")]
COMMUNITY_ORDER = [term("medicationrequest-category", "community", "Community")]
LONG_TERM = term("medicationrequest-course-of-therapy", "continuous", "Continuous long term therapy")
SHORT_TERM = term("medicationrequest-course-of-therapy", "acute", "Short course (acute) therapy")
AMBULATORY = act("AMB", "ambulatory")
AT_HOME = act("HH", "home health")
VIRTUAL = act("VR", "virtual")
EMERGENCY = act("EMER", "emergency")
INPATIENT = act("IMP", "inpatient encounter")


@cache
def clinical(snomed: str, display: str) -> Json:
    """A condition in SNOMED CT, or in words where we know no code."""
    return concept(SNOMED, snomed, display) if snomed else words(display)


@cache
def organisation(code: str, name: str) -> Json:
    """An organisation by its ODS code."""
    return {"type": "Organization", "identifier": {"system": ODS, "value": code}, "display": name}


def quantity(value: float, unit: str, code: str) -> Json:
    """A measured amount."""
    return {"value": value, "unit": unit, "system": UCUM, "code": code}


def _sensitive(code: str, display: str) -> list[Json]:
    return [
        {"system": f"{TERMINOLOGY}/v3-Confidentiality", "code": "R", "display": "restricted"},
        {"system": f"{TERMINOLOGY}/v3-ActCode", "code": code, "display": display},
    ]


# what a careful sender marks as sensitive
SENSITIVE = {
    "psychosis": _sensitive("PSY", "psychiatry disorder information sensitivity"),
    "self-harm": _sensitive("PSY", "psychiatry disorder information sensitivity"),
    "alcohol": _sensitive("ETHUD", "alcohol information sensitivity"),
    "drugs": _sensitive("SUD", "substance use disorder information sensitivity"),
}
SENSITIVE_CODES = {"X60": "self-harm", "F10.3": "alcohol", "K70.9": "alcohol"}
