"""Small drawn worlds: a few people whom three sources tell of, in the shapes and with the faults that occur."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from tests import factories as make

SNOMED, ICD10 = "http://snomed.info/sct", "http://hl7.org/fhir/sid/icd-10"
SOURCES = ("gp", "hospital", "messages")
PROBLEMS = [("Heart failure", "84114007"), ("Asthma", "195967001"), ("Cancer of the bladder", ""), ("Frailty", "")]
DIAGNOSES = [("Pneumonia", "J18.9"), ("Fall, not specified", "W19"), ("Heart failure", "i50.9"), ("Not a code", "??")]
MEDICINES = [("Bisoprolol 2.5mg tablets", ""), ("Apixaban 5mg tablets", "13453611000001107")]
SERVICES = ["District nursing", "Podiatry"]
PACKAGES = [
    "Two visits a day at home",
    "Residential care, funded by the council",
    "Something new",
    "Reablement at home",
]
STATUSES = ["finished"] * 6 + ["in-progress", "cancelled", "planned", "entered-in-error"]


class World:
    """Draws people, and lines about them."""

    def __init__(self, seed: int) -> None:
        self.rng, self.number = Random(seed), 0
        self.sources = {
            code: make.source(code, organisation=make.organisation("RSB" if code != "gp" else "P12345"))
            for code in SOURCES
        }

    def person(self, name: str, *, lines: int, dies: bool = False) -> Any:
        """Somebody with a patient at one to three sources, and so many lines; of those who die, some without a day."""
        told = self.death() if dies else {}
        one = make.person("Drawn", name, birth_on=date(1940 + self.rng.randrange(60), 5, 14), **told)
        codes = self.rng.sample(SOURCES, self.rng.randint(1, 3))
        patients = [make.patient(one, self.sources[code], local_id=f"{code}-{name}") for code in codes]
        for _ in range(lines):
            self.line(self.rng.choice(patients))
        return one

    def death(self) -> dict[str, Any]:
        day = date(2026, 3, 24) + timedelta(days=self.rng.randrange(13))
        return {"died": True, "died_on": day if self.rng.random() < 0.8 else None}

    def line(self, patient: Any) -> None:
        """A line of any kind, and now and then the same again from another sender."""
        draw = self.rng.choice(
            [self.stay, self.stay, self.visit, self.visit, self.problem, self.diagnosis, self.medicine, self.reading,
             self.package, self.referral, self.other]
        )  # fmt: skip
        sent = draw()
        columns: dict[str, Any] = {}
        if self.rng.random() < 0.05:
            columns["data_class"] = self.rng.choice(["SAFE", "SENS"])
        elif self.rng.random() < 0.05:
            columns["label"] = "R"
        make.resource(patient, self.named(sent), **columns)
        if self.rng.random() < 0.2:
            make.resource(patient, self.named(sent))

    def named(self, sent: dict[str, Any]) -> dict[str, Any]:
        self.number += 1
        return {**sent, "id": f"{sent['resourceType'].lower()}-{self.number}"}

    def day(self) -> str:
        if self.rng.random() < 0.06:
            return self.rng.choice(["1899-01-01", "1905-03-02", "2031-01-01", "2024"])
        # few days, so that things meet
        return (date(2026, 3, 24) + timedelta(days=self.rng.randrange(12))).isoformat()

    def at(self) -> datetime:
        return datetime(2026, 3, 24, tzinfo=UTC) + timedelta(minutes=self.rng.randrange(0, 12 * 1440, 25))

    def period(self, hours: int) -> dict[str, str]:
        start = self.at()
        found = {"start": start.isoformat()}
        if self.rng.random() < 0.85:
            found["end"] = (start + timedelta(hours=self.rng.randint(-1, hours))).isoformat()
        return found

    def stay(self) -> dict[str, Any]:
        kind = self.rng.choice(["IMP", "IMP", "EMER", "EMER", "AMB"])
        sent: dict[str, Any] = {
            "resourceType": "Encounter", "status": self.rng.choice(STATUSES), "class": {"code": kind},
            "type": [{"text": self.rng.choice(["Hospital stay", "Call out of hours", "Ambulance journey"])}],
            "period": self.period(30),
        }  # fmt: skip
        if self.rng.random() < 0.5:
            sent["serviceType"] = {"text": self.rng.choice(["General medicine", "Cardiology"])}
        if self.rng.random() < 0.5:
            sent["location"] = [{"location": {"display": "Ward 4"}}]
        if self.rng.random() < 0.5:
            sent["identifier"] = [{"system": "https://x.example", "value": f"v-{self.rng.randrange(6)}"}]
        if self.rng.random() < 0.6:
            code = {"coding": [{"code": self.rng.choice(["21", "11", "2A", "31"])}]}
            sent["hospitalization"] = {
                "extension": [
                    {"url": "https://x.example/Extension-UKCore-AdmissionMethod", "valueCodeableConcept": code}
                ]
            }
        return sent

    def visit(self) -> dict[str, Any]:
        return {
            "resourceType": "Encounter", "status": self.rng.choice(STATUSES),
            "class": {"code": self.rng.choice(["AMB", "HH", "VR", "OTHER"])},
            "type": [{"text": "Contact"}], "serviceType": {"text": self.rng.choice(SERVICES)}, "period": self.period(1),
        }  # fmt: skip

    def problem(self) -> dict[str, Any]:
        words, code = self.rng.choice(PROBLEMS)
        sent: dict[str, Any] = {
            "resourceType": "Condition",
            "code": {"text": words, **({"coding": [{"system": SNOMED, "code": code}]} if code else {})},
            "clinicalStatus": {"coding": [{"code": self.rng.choice(["active", "active", "resolved"])}]},
            "verificationStatus": {
                "coding": [
                    {"code": self.rng.choice(["confirmed"] * 6 + ["refuted", "provisional", "entered-in-error"])}
                ]
            },
        }
        if self.rng.random() < 0.8:
            sent["onsetDateTime"] = self.day()
        if self.rng.random() < 0.3:
            sent["abatementDateTime"] = "2026-04-02"
        return sent

    def diagnosis(self) -> dict[str, Any]:
        words, code = self.rng.choice(DIAGNOSES)
        sent: dict[str, Any] = {
            "resourceType": "Condition", "code": {"text": words, "coding": [{"system": ICD10, "code": code}]},
            "encounter": {"reference": f"Encounter/encounter-{self.rng.randrange(1, self.number + 2)}"},
            "clinicalStatus": {"coding": [{"code": "resolved"}]},
        }  # fmt: skip
        if self.rng.random() < 0.7:
            sent["category"] = [{"coding": [{"code": "encounter-diagnosis"}]}]
        if self.rng.random() < 0.6:
            sent["recordedDate"] = self.at().isoformat()
        return sent

    def medicine(self) -> dict[str, Any]:
        words, code = self.rng.choice(MEDICINES)
        return {
            "resourceType": "MedicationRequest", "status": self.rng.choice(["active", "stopped", "completed"]),
            "intent": self.rng.choice(["order", "order", "order", "proposal"]), "authoredOn": self.day(),
            "medicationCodeableConcept": {
                "text": words, **({"coding": [{"system": SNOMED, "code": code}]} if code else {})
            },
        }  # fmt: skip

    def reading(self) -> dict[str, Any]:
        told: dict[str, Any] = self.rng.choice(
            [
                {"code": {"text": "Body weight", "coding": [{"system": SNOMED, "code": "27113001"}]},
                 "valueQuantity": {"value": self.rng.choice([61.5, 62]), "unit": "kg"}},
                {"code": {"text": "Blood pressure", "coding": [{"system": SNOMED, "code": "75367002"}]},
                 "component": [
                     {"code": {"coding": [{"system": SNOMED, "code": "72313002"}]},
                      "valueQuantity": {"value": self.rng.choice([128, 141]), "unit": "mmHg", "code": "mm[Hg]"}},
                     {"code": {"coding": [{"system": SNOMED, "code": "1091811000000102"}]},
                      "valueQuantity": {"value": 71, "unit": "mmHg", "code": "mm[Hg]"}}]},
                {"code": {"text": "Smoking status"},
                 "valueCodeableConcept": {"coding": [{"system": SNOMED, "code": "77176002", "display": "Smoker"}]}},
                {"code": {"text": "Good level of development"},
                 "valueString": self.rng.choice(["Yes, at Hill", "Not yet"])},
                {"code": {"text": "Wound"}, "valueString": "No better than before"},
            ]
        )  # fmt: skip
        status = self.rng.choice(["final"] * 8 + ["preliminary"])
        sent = {"resourceType": "Observation", "status": status, **told}
        return sent if self.rng.random() < 0.05 else {**sent, "effectiveDateTime": self.day()}

    def package(self) -> dict[str, Any]:
        period = {"start": self.day()}
        if self.rng.random() < 0.5:
            period["end"] = "2026-04-01"
        return {
            "resourceType": "CarePlan", "status": "active", "intent": "plan",
            "category": [{"text": "Adult social care: package of care"}], "title": self.rng.choice(PACKAGES),
            "period": period,
        }  # fmt: skip

    def referral(self) -> dict[str, Any]:
        sent: dict[str, Any] = {
            "resourceType": "ServiceRequest", "status": self.rng.choice(["active", "completed"]), "intent": "order",
            "code": {"text": self.rng.choice(SERVICES)}, "authoredOn": self.at().isoformat(),
        }  # fmt: skip
        if self.rng.random() < 0.3:
            sent["category"] = [{"text": "Adult social care: request for support"}]
        return sent

    def other(self) -> dict[str, Any]:
        return {"resourceType": "Immunization", "status": "completed", "vaccineCode": {"text": "Influenza"}}
