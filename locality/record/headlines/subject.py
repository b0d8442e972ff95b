"""Whom a resource is about.

The elements are those of HL7's patient compartment (R4 CompartmentDefinition/patient), without the parameters that
name who wrote, did, sent, received or pays (author, performer, asserter, recorder, sender, recipient, payee ...),
and with five formal subjects that the compartment leaves out: Task.for, Device.patient, GuidanceResponse.subject,
Contract.subject, Binary.securityContext. `focus` is never a subject.
"""

from locality.record.headlines.words import contained

SUBJECT_OF = {
    "Account": "subject",
    "AdverseEvent": "subject",
    "AllergyIntolerance": "patient",
    "Appointment": "participant.actor",
    "AppointmentResponse": "actor",
    "AuditEvent": "entity.what",
    "Basic": "subject",
    "Binary": "securityContext",
    "BodyStructure": "patient",
    "CarePlan": "subject",
    "CareTeam": "subject",
    "ChargeItem": "subject",
    "Claim": "patient",
    "ClaimResponse": "patient",
    "ClinicalImpression": "subject",
    "Communication": "subject",
    "CommunicationRequest": "subject",
    "Composition": "subject",
    "Condition": "subject",
    "Consent": "patient",
    "Contract": "subject",
    "Coverage": "beneficiary",
    "CoverageEligibilityRequest": "patient",
    "CoverageEligibilityResponse": "patient",
    "DetectedIssue": "patient",
    "Device": "patient",
    "DeviceRequest": "subject",
    "DeviceUseStatement": "subject",
    "DiagnosticReport": "subject",
    "DocumentManifest": "subject",
    "DocumentReference": "subject",
    "Encounter": "subject",
    "EnrollmentRequest": "candidate",
    "EpisodeOfCare": "patient",
    "ExplanationOfBenefit": "patient",
    "FamilyMemberHistory": "patient",
    "Flag": "subject",
    "Goal": "subject",
    "GuidanceResponse": "subject",
    "ImagingStudy": "subject",
    "Immunization": "patient",
    "ImmunizationEvaluation": "patient",
    "ImmunizationRecommendation": "patient",
    "Invoice": "subject",
    "List": "subject",
    "MeasureReport": "subject",
    "Media": "subject",
    "MedicationAdministration": "subject",
    "MedicationDispense": "subject",
    "MedicationRequest": "subject",
    "MedicationStatement": "subject",
    "MolecularSequence": "patient",
    "NutritionOrder": "patient",
    "Observation": "subject",
    "Person": "link.target",
    "Procedure": "subject",
    "Provenance": "target",
    "QuestionnaireResponse": "subject",
    "RelatedPerson": "patient",
    "RequestGroup": "subject",
    "ResearchSubject": "individual",
    "RiskAssessment": "subject",
    "Schedule": "actor",
    "ServiceRequest": "subject",
    "Specimen": "subject",
    "SupplyDelivery": "patient",
    "SupplyRequest": "deliverTo",
    "Task": "for",
    "VisionPrescription": "patient",
}
# elements that list people and things of every kind: a bare urn:uuid there may be anybody
MIXED = frozenset({"AppointmentResponse", "AuditEvent", "Binary", "Person", "Provenance", "Schedule"})
NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"


def subject(resource: dict) -> str:
    """The reference, as written, to the person this resource is about; "" when it is about nobody.

    A person named by an identifier alone, or contained in the resource, becomes `Patient?identifier=system|value`:
    a contained Patient has no identity but the identifiers it carries, so without one it is nobody.
    """
    kind = resource.get("resourceType") or ""
    if kind == "Patient":
        return f"Patient/{resource['id']}" if resource.get("id") else ""
    place = SUBJECT_OF.get(kind)
    if place is None:
        return ""
    reference = resource.get(place)
    if type(reference) is dict:
        return person_in(reference, resource, kind in MIXED)
    people = subjects(resource)
    return people[0] if people else ""


def subjects(resource: dict) -> list[str]:
    """Every person a resource is formally about: a group appointment has several."""
    kind = resource.get("resourceType") or ""
    references = [resource]
    for step in SUBJECT_OF.get(kind, "").split("."):
        references = [found for one in references for found in listed(one.get(step))]
    certain = [person_in(one, resource, True) for one in references]
    if kind == "Appointment" and not any(certain):
        # senders of bookings name the person by a urn alone; whoever it is, the intake looks it up
        certain = [person_in(one, resource, False) for one in references][:1]
    return list(dict.fromkeys(filter(None, certain)))


def listed(element: object) -> list[dict]:
    if type(element) is dict:
        return [element]
    return [one for one in element if type(one) is dict] if type(element) is list else []


def person_in(reference: dict, resource: dict, must_say_so: bool) -> str:
    """A reference to a person as written; "" when it names something else."""
    written = reference.get("reference")
    if not written:
        return by_identifier(reference, must_say_so)
    if written.startswith("Patient/"):
        return written
    if written[0] == "#":
        return by_contained(contained(reference, resource))
    said = reference.get("type") or kind_in(written)
    if said:
        return written if said == "Patient" else ""
    return "" if must_say_so else written


def kind_in(written: str) -> str:
    """The resource type a reference names, "" when it does not say: Patient/1, http://server/Patient/1/_history/2."""
    if written.startswith("urn:"):
        return ""
    steps = written.partition("?")[0].partition("/_history/")[0].split("/")
    return steps[-2] if len(steps) > 1 else steps[0]


def by_identifier(reference: dict, must_say_so: bool) -> str:
    identifier = reference.get("identifier") or {}
    said = reference.get("type") or ("Patient" if identifier.get("system") == NHS_NUMBER else "")
    if not identifier.get("value") or (said and said != "Patient") or (must_say_so and not said):
        return ""
    return f"Patient?identifier={identifier.get('system') or ''}|{identifier['value']}"


def by_contained(person: dict | None) -> str:
    if not person or person.get("resourceType") != "Patient":
        return ""
    named = [one for one in person.get("identifier") or () if one and one.get("value")]
    named.sort(key=lambda one: one.get("system") != NHS_NUMBER)
    return f"Patient?identifier={named[0].get('system') or ''}|{named[0]['value']}" if named else ""
