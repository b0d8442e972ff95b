"""Rows for tests, with the cast's names. Every function makes one thing, says what it is not told, and hides nothing.

The place is Smallborough: a practice, a hospital with a community arm, a council and a voluntary organisation send
to it. Peggy is on the caseload of the riverside team, where Joanne is a nurse; Ruth's team has no reason to know her.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pyotp

from locality.access.actions import open_record
from locality.access.models import Account, Factor, Relationship, Role
from locality.access.queries import Grant
from locality.access.rules import RelationKind, RoleCode
from locality.base import SYSTEM_ID, Viewer, ViewerKind
from locality.base.ids import named_id, new_id
from locality.base.words import sort_key
from locality.directory.models import Agreement, Organisation, Place, Practitioner, Source, Team, TeamMembership
from locality.methods.linkage.comparing import levels
from locality.methods.linkage.settings import settings
from locality.methods.linkage.standard import standard
from locality.people.models import EarlierIdentity, Identifier, Label, Link, NameWord, Pair, Patient, Person
from locality.people.rules import NHS_NUMBER_SYSTEM, name_words, words_of
from locality.record import rules
from locality.record.headlines import headline, trend_key
from locality.record.models import Intake, Quarantine, Remark, Resource
from locality.web.sealed import seal

# a Thursday, in winter time
AT = datetime(2026, 11, 5, 9, 40, tzinfo=UTC)
TODAY = AT.date()
PEGGY_NUMBER, STAN_NUMBER = "9990000018", "9990000026"
ORIGIN = {"origin": "invented", "verified": False}


def ago(**span: float) -> datetime:
    """A moment before the tests' own."""
    return AT - timedelta(**span)


def day(days: int) -> str:
    """A day as FHIR writes it, so many days from the tests' own."""
    return (TODAY + timedelta(days=days)).isoformat()


# ---- the place and who works in it


def place(code: str = "smallborough", **other: Any) -> Place:
    told = {"code": code, "name": code.capitalize(), "header": "Joined up", "is_default": code == "smallborough"}
    return Place.objects.get_or_create(id=named_id("place", code), defaults=told | other)[0]


def holidays(folder: Path, named: Mapping[date, str]) -> None:
    """The place has a pack that says these bank holidays, and nothing else."""
    (folder / "pack.toml").write_text("")
    lines = [f"{on},{name},invented,no" for on, name in named.items()]
    (folder / "bank-holidays.csv").write_text("\n".join(["on,name,origin,verified", *lines]))
    Place.objects.filter(pk=place().pk).update(folder=str(folder))


KINDS = {
    "MILL": ("Mill Lane Practice", "Mill Lane", "practice"),
    "RSB": ("Smallborough Hospitals", "SBH", "trust"),
    "council": ("Smallborough Council", "Council", "council"),
    "circle": ("Riverside Tea Circle", "Tea Circle", "voluntary"),
    "carers": ("Doorstep Care", "Doorstep", "care_provider"),
}


def organisation(code: str = "RSB", **other: Any) -> Organisation:
    name, short, kind = KINDS.get(code, (f"Organisation {code}", code, "trust"))
    told = {"place": place(), "code": code, "name": name, "short_name": short, "kind": kind, **ORIGIN}
    return Organisation.objects.get_or_create(id=named_id("organisation", code), defaults=told | other)[0]


SENDERS = {
    "gp": ("MILL", ["Patient", "AllergyIntolerance", "Condition", "MedicationRequest", "Observation", "RelatedPerson"]),
    "acute": ("RSB", ["Patient", "AllergyIntolerance", "Condition", "Encounter", "Observation", "DocumentReference"]),
    "community": ("RSB", ["Patient", "CarePlan", "CareTeam", "Goal", "Task", "Appointment", "QuestionnaireResponse"]),
    "social-care": ("council", ["Patient", "CarePlan", "ServiceRequest", "Task", "Flag"]),
    "circle": ("circle", ["Patient", "Encounter"]),
}


TWO_HOURS_AGO = ago(hours=2)


def source(code: str = "gp", *, last_at: datetime | None = TWO_HOURS_AGO, **other: Any) -> Source:
    """A source that is connected and due daily; `last_at` is when its last intake ended, None for never."""
    by, sends = SENDERS.get(code, ("RSB", ["Patient"]))
    told = {
        "place": place(),
        "code": code,
        "name": f"{KINDS[by][0]} ({code})" if by == "RSB" else KINDS[by][0],
        "organisation": other.pop("organisation", None) or organisation(by),
        "formats": ["fhir"],
        "agreement_purpose": "Direct care",
        "agreement_starts_on": date(2026, 4, 1),
        "agreement_ends_on": date(2030, 4, 1),
        "sends": sends,
        "every_hours": 24,
        "patient_system": f"https://{code}.example/Id/patient",
        "connected": True,
        **ORIGIN,
    }
    row, made = Source.objects.get_or_create(id=named_id("source", code), defaults=told | other)
    if made and last_at is not None:
        intake(row, finished_at=last_at)
    return row


def intake(source: Source, *, finished_at: datetime | None = AT, **other: Any) -> Intake:
    started_at = (finished_at or AT) - timedelta(seconds=5)
    told = {"source": source, "started_at": started_at, "finished_at": finished_at, "by_id": SYSTEM_ID}
    return Intake.objects.create(**(told | other))


def team(code: str = "riverside", **other: Any) -> Team:
    told = {
        "place": place(),
        "code": code,
        "name": f"{code.capitalize()} team",
        "kind": "community",
        "lead_organisation": organisation("RSB"),
        "phone": "0161 496 0101",
        **ORIGIN,
    }
    return Team.objects.get_or_create(id=named_id("team", code), defaults=told | other)[0]


def practitioner(given: str = "Joanne", family: str = "Fielding", **other: Any) -> Practitioner:
    told = {
        "place": place(),
        "code": f"{given}-{family}".lower(),
        "given": given,
        "family": family,
        "sort_key": sort_key(f"{family} {given}"),
        "profession": "District nurse",
        "employer": organisation("RSB"),
        "origin": "invented",
    }
    return Practitioner.objects.get_or_create(id=named_id("practitioner", given, family), defaults=told | other)[0]


def account(practitioner: Practitioner, **other: Any) -> Account:
    told = {"username": practitioner.code, "practitioner": practitioner, "password": "!"}
    return Account.objects.create(**(told | other))


def role(practitioner: Practitioner, code: str = RoleCode.CLINICIAN, **other: Any) -> Role:
    told = {"organisation": practitioner.employer, "code": code, "starts_on": date(2026, 4, 1)}
    return Role.objects.create(practitioner=practitioner, **(told | other))


def member(practitioner: Practitioner, team: Team, **other: Any) -> TeamMembership:
    told = {"employer": practitioner.employer, "post": practitioner.profession, "starts_on": date(2026, 4, 1)}
    return TeamMembership.objects.create(id=new_id(), practitioner=practitioner, team=team, **(told | other))


def viewer(code: str = RoleCode.CLINICIAN, *, given: str = "Joanne", at: datetime = AT, **other: Any) -> Viewer:
    """Somebody of the riverside team in one role, signed in now."""
    row = practitioner(given)
    told = {
        "kind": ViewerKind.PRACTITIONER,
        "id": row.pk,
        "role": code,
        "name": row.name,
        "organisation": row.employer_id,
        "teams": frozenset({team().pk}),
        "at": at,
    }
    return Viewer(**(told | other))


def stranger() -> Viewer:
    """Ruth is a nurse too, of a team that has no reason to know Peggy."""
    return viewer(given="Ruth", teams=frozenset({team("hilltop").pk}))


# ---- a person, and what each source holds of them


def person(family: str = "Hargreaves", given: str = "Margaret", **other: Any) -> Person:
    """Peggy, unless told otherwise."""
    told = {
        "made_at": ago(days=100),
        "family": family,
        "given": given,
        "likes": "Peggy" if given == "Margaret" else "",
        "birth_on": date(1942, 3, 14),
        "birth_text": "1942-03-14",
        "sex": "female",
        "nhs_number": PEGGY_NUMBER if given == "Margaret" else "",
        "address": "7 Weaver's Fold, Smallborough",
        "postcode": "ZZ1 2QX",
        "phone": "0161 496 0127",
        "practice_words": "Mill Lane Practice",
        "sort_key": sort_key(f"{family} {given}"),
    }
    return Person.objects.create(**(told | other))


def patient(person: Person, source: Source, **other: Any) -> Patient:
    """What one source holds about a person: the person's own face, unless told otherwise; linked."""
    local_id = other.pop("local_id", f"{source.code}-{str(person.pk)[-6:]}")
    told = {
        "said_at": ago(days=1),
        "family": person.family,
        "given": person.given,
        "birth_on": person.birth_on,
        "birth_text": person.birth_text,
        "sex": person.sex,
        "nhs_number": person.nhs_number,
        "address_lines": [person.address],
        "postcode": person.postcode,
        "phone": person.phone,
        "name_key": sort_key(f"{person.family} {person.given}"),
    }
    pk = named_id("patient", str(source.pk), local_id)
    row = Patient.objects.create(id=pk, source=source, local_id=local_id, **(told | other))
    NameWord.objects.bulk_create([NameWord(word=word) for word in name_words(row.name_key)])
    link(row, person)
    return row


def link(patient: Patient, person: Person, **other: Any) -> Link:
    told = {"method": "tests", "linked_at": ago(days=90), "linked_by_kind": "system", "linked_by": SYSTEM_ID}
    return Link.objects.create(patient=patient, person=person, **(told | other))


def identifier(patient: Patient, value: str, **other: Any) -> Identifier:
    return Identifier.objects.create(
        patient=patient, system=other.pop("system", NHS_NUMBER_SYSTEM), value=value, **({"nhs_state": "valid"} | other)
    )


def relationship(person: Person, **other: Any) -> Relationship:
    """Why somebody may know a person: the riverside team's caseload, unless told otherwise."""
    told = {
        "kind": RelationKind.CASELOAD,
        "starts_on": date(2026, 6, 1),
        "reason": "Referred after a fall",
        "made_at": ago(days=60),
        "made_by": SYSTEM_ID,
    }
    if not {"team", "organisation", "practitioner"} & other.keys():
        told["team"] = team()
    return Relationship.objects.create(person=person, **(told | other))


def opened(person: Person, viewer_: Viewer | None = None, **other: Any) -> Grant:
    """Leave to read a person's record, asked for as everybody must."""
    return replace(open_record(person_id=person.pk, by=viewer_ or viewer()), **other)


# ---- rows


def resource(patient: Patient | None, sent: dict[str, Any], **columns: Any) -> Resource:
    """One row as intake would write it from this FHIR resource; `columns` are told instead of read."""
    source = columns.pop("source", None) or patient.source
    raw = json.dumps(sent).encode()
    line = headline(sent)
    local_id = sent.get("id") or rules.digest_of(raw).hex()[:20]
    told = {
        "thing": rules.thing_id(source=source.pk, type=line.type, local_id=local_id),
        "version": 1,
        "is_current": True,
        "source": source,
        "patient": patient,
        "intake": _intake_of(source),
        "type": line.type,
        "local_id": local_id,
        "content": raw,
        "digest": rules.digest_of(raw),
        "received_at": ago(days=1),
        "said_at": ago(days=1),
        "said_no": 0,
        "author": line.by,
        "trend": trend_key(line),
        "sender": source.organisation,
        **{name: getattr(line, name) for name in READ},
    }
    return Resource.objects.create(**(told | columns))


READ = (
    *("topic", "code", "code_system", "title", "value", "value_number", "unit", "happened_at", "happened_text"),
    *("ends_at", "status", "state", "encounter", "group_key", "caution", "data_class", "label"),
)


def _intake_of(source: Source) -> Intake:
    return Intake.objects.filter(source=source).order_by("started_at").first() or intake(source)


def quarantined(source: Source, reason: str, content: bytes = b"{", **other: Any) -> Quarantine:
    told = {
        "place": "bundle.json, entry 1",
        "digest": rules.digest_of(content + new_id().bytes),
        "readable": False,
        "first_at": ago(days=1),
        "last_at": ago(days=1),
    }
    return Quarantine.objects.create(
        source=source, intake=_intake_of(source), reason=reason, content=content, **(told | other)
    )


def remark(row: Resource, person: Person, **other: Any) -> Remark:
    told = {"words": "She has never had it", "said_at": ago(hours=1), "said_by": practitioner("Sadia", "Rahman").pk}
    return Remark.objects.create(thing=row.thing, person=person, **(told | other))


def coded(words: str, code: str = "", system: str = "http://snomed.info/sct") -> dict[str, Any]:
    """A FHIR CodeableConcept."""
    return {"text": words} | ({"coding": [{"system": system, "code": code, "display": words}]} if code else {})


def allergy(words: str = "Penicillin", code: str = "91936005", **other: Any) -> dict[str, Any]:
    return {
        "resourceType": "AllergyIntolerance",
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "code": coded(words, code),
        **other,
    }


def problem(words: str = "Asthma", code: str = "195967001", **other: Any) -> dict[str, Any]:
    return {
        "resourceType": "Condition",
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "code": coded(words, code),
        **other,
    }


def medicine(words: str = "Bisoprolol", dose: str = "2.5 mg each morning", **other: Any) -> dict[str, Any]:
    return {
        "resourceType": "MedicationRequest",
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": coded(words),
        "dosageInstruction": [{"text": dose}],
        **other,
    }


def visit(starts: str, ends: str = "", words: str = "Home visit", **other: Any) -> dict[str, Any]:
    period = {"start": starts} | ({"end": ends} if ends else {})
    return {
        "resourceType": "Encounter",
        "status": "finished",
        "class": {"code": "HH"},
        "type": [coded(words)],
        "period": period,
        **other,
    }


def appointment(starts: str, words: str = "Physiotherapy at home", **other: Any) -> dict[str, Any]:
    return {
        "resourceType": "Appointment",
        "status": "booked",
        "description": words,
        "start": starts,
        "participant": [{"actor": {"display": "Tom Brierley"}, "status": "accepted"}],
        **other,
    }


def reading(kind: str, number: float, unit: str, at: str, **other: Any) -> dict[str, Any]:
    """One measurement: `kind` is a LOINC code."""
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": coded("Body weight" if kind == "29463-7" else kind, kind, "http://loinc.org"),
        "effectiveDateTime": at,
        "valueQuantity": {"value": number, "unit": unit, "code": unit},
        **other,
    }


def peggy(*codes: str, **other: Any) -> tuple[Person, Sequence[Patient]]:
    """Peggy, on the riverside caseload, as each of these sources knows her."""
    row = person(**other)
    relationship(row)
    return row, [patient(row, source(code)) for code in codes]


def things(facts: Sequence[Any]) -> list[UUID]:
    """What the lines are of, in their order."""
    return [fact.id for fact in facts]


# ---- doubts about who is who


def pair(one: Patient, other: Patient, **other_columns: Any) -> Pair:
    """Two patients who may be one person, asked about for three days."""
    first, second = sorted([one, other], key=lambda row: row.pk)
    told = {
        "weight": 3.2,
        "probability": 0.9,
        "levels": levels(standard(words_of(first)), standard(words_of(second))),
        "settings_version": settings().version,
        "state": "possible",
        "compared_at": ago(days=3),
        "asked_at": ago(days=3),
    }
    return Pair.objects.create(first=first, second=second, **(told | other_columns))


def label(one: Patient, other: Patient, answer: str = "different", **other_columns: Any) -> Label:
    """What somebody said of two patients yesterday."""
    first, second = sorted([one, other], key=lambda row: row.pk)
    said_by = practitioner("Desmond", "Clarke").pk
    told = {"answer": answer, "reason": "They told me so", "said_at": ago(days=1), "said_by": said_by}
    return Label.objects.create(first=first, second=second, **(told | other_columns))


def earlier_identity(person: Person, earlier: Person, **other: Any) -> EarlierIdentity:
    told = {"kind": "gender recognition", "said_at": ago(days=50), "said_by": SYSTEM_ID, "reason": "A certificate"}
    return EarlierIdentity.objects.create(person=person, earlier=earlier, **(told | other))


# ---- on what terms


def agreement(code: str = "sharing", **other: Any) -> Agreement:
    told = {
        "place": place(),
        "code": code,
        "name": f"Sharing agreement {code}",
        "controller": other.pop("controller", None) or organisation(),
        "purpose": "Direct care",
        "lawful_basis": "UK GDPR Articles 6(1)(e) and 9(2)(h)",
        "allows": ["Patient"],
        "starts_on": date(2026, 4, 1),
        **ORIGIN,
    }
    return Agreement.objects.get_or_create(id=named_id("agreement", code), defaults=told | other)[0]


# ---- signing in


APP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def app(account: Account, **other: Any) -> Factor:
    """An app that shows the codes of APP_SECRET."""
    kept = seal(f"app of {account.pk}", APP_SECRET.encode())
    told = {"account": account, "kind": "app", "name": "Telephone", "kept": kept, "made_at": AT}
    return Factor.objects.create(**(told | other))


def code_of_app(at: datetime) -> str:
    return pyotp.TOTP(APP_SECRET).at(at)
