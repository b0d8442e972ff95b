"""What the sources of the world send: FHIR resources whose every hidden part is a word that stands nowhere else."""

import base64
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from locality.base import system
from locality.record.actions import receive
from locality.record.intake.prepare import SEAL_SYSTEM
from locality.record.models import Intake
from tests import factories as make
from tests.proof.markers import Markers

CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"

# what marks a row, as a sender writes it
LABELS = {
    "R": {"system": CONFIDENTIALITY, "code": "R"},
    "V": {"system": CONFIDENTIALITY, "code": "V"},
    "sealed": {"system": SEAL_SYSTEM, "code": "sealed"},
    "locked": {"system": SEAL_SYSTEM, "code": "locked"},
    "SENS": {"system": ACT_CODE, "code": "HIV"},
}
# the sources of the viewers' own organisation
OURS = {"acute", "community"}


def number(of: int) -> str:
    """An NHS number of the range kept for tests, with its check digit."""
    first = f"999{of:06}"
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(first, range(10, 1, -1), strict=True)) % 11
    return number(of + 500_000) if rest == 10 else f"{first}{rest % 11}"


class Sending:
    """The resources about one person from one source, each part of them noted in the markers."""

    def __init__(self, markers: Markers, of: str, source: str, sent: dict[str, list[dict[str, Any]]]):
        self.markers, self.of, self.source = markers, of, source
        self.sent = sent.setdefault(source, [])

    def word(self, what: str, data_class: str, **other: Any) -> str:
        return self.markers.word(self.of, what, data_class, own=self.source in OURS, **other)

    def patient(self, person: dict[str, Any], **more: Any) -> None:
        name = {"family": person["family"], "given": [person["given"]]}
        address = {"line": [person["address"]], "postalCode": person["postcode"]}
        self.sent.append(
            {
                "resourceType": "Patient",
                "id": f"{self.of}-{self.source}",
                "identifier": [{"system": NHS_NUMBER, "value": person["nhs_number"]}] if person["nhs_number"] else [],
                "name": [name],
                "gender": "female",
                "birthDate": person["born"],
                "address": [address],
                "telecom": [{"system": "phone", "value": person["phone"]}],
                **more,
            }
        )

    def row(self, what: str, kind: str, data_class: str, *, mark: str = "", **other: Any) -> dict[str, Any]:
        """One resource with a word in its title, its narrative and its note."""
        told = {"mark": "" if mark == "SENS" else mark}
        inside = {**told, "inside": True}
        narrative = self.word(f"narrative of {what}", data_class, **inside)
        div = f'<div xmlns="http://www.w3.org/1999/xhtml">{narrative}</div>'
        resource = {
            "resourceType": kind,
            "id": f"{self.of}-{what}",
            "text": {"status": "additional", "div": div},
            **self._titled(kind, self.word(f"title of {what}", data_class, **told)),
            **self._noted(kind, data_class, what, inside),
            **other,
        }  # fmt: skip
        if mark in LABELS:
            resource["meta"] = {"security": [LABELS[mark]]}
        self.sent.append(resource)
        return resource

    def _noted(self, kind: str, data_class: str, what: str, told: dict[str, Any]) -> dict[str, Any]:
        note = self.word(f"note of {what}", data_class, **told)
        return {"comment": note} if kind == "Appointment" else {"extension": [{"url": "x", "valueString": note}]}

    def _titled(self, kind: str, word: str) -> dict[str, Any]:
        about = {"reference": f"Patient/{self.of}-{self.source}"}
        day = make.day(-20)
        match kind:
            case "Condition":
                clinical = {"coding": [{"code": "active"}]}
                return {"subject": about, "clinicalStatus": clinical, "code": {"text": word}, "recordedDate": day}
            case "AllergyIntolerance":
                clinical = {"coding": [{"code": "active"}]}
                return {"patient": about, "clinicalStatus": clinical, "code": {"text": word}, "recordedDate": day}
            case "Flag":
                return {"subject": about, "status": "active", "code": {"text": word}, "period": {"start": day}}
            case "Observation":
                told = {"status": "final", "code": {"text": word}, "effectiveDateTime": day}
                return {"subject": about, **told, "valueString": "Seen"}
            case "Appointment":
                with_whom = [{"actor": about, "status": "accepted"}]
                told = {"status": "booked", "description": word, "start": f"{make.day(4)}T10:00:00Z"}
                return {**told, "participant": with_whom}
            case "DocumentReference":
                return {"subject": about, "status": "current", "description": word, "date": f"{day}T10:00:00Z"}
            case "Encounter":
                told = {"status": "finished", "class": {"code": "HH"}, "type": [{"text": word}]}
                return {"subject": about, **told, "period": {"start": day, "end": day}}
        raise AssertionError(f"Say how a {kind} is titled.")

    def document(self, what: str, *, mark: str = "", data_class: str = "CLIN") -> None:
        """A letter with a file in it, whose name and words are to be kept too."""
        told = {"mark": mark, "inside": True}
        text = base64.b64encode(self.word(f"attachment of {what}", data_class, **told).encode()).decode()
        # the name of a file stands in the line itself
        name = self.word(f"file name of {what}", data_class, mark=mark)
        row = self.row(what, "DocumentReference", data_class, mark=mark)
        row["content"] = [{"attachment": {"contentType": "text/plain", "data": text, "title": f"{name}.txt"}}]


def arrive(folder: Path, code: str, resources: list[dict[str, Any]], *, later: timedelta = timedelta()) -> Intake:
    """Taken in as in earnest; nothing of it may be refused."""
    path = folder / f"{code}-{len(list(folder.iterdir()))}.json"
    entries = [{"resource": one} for one in resources]
    path.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}))
    at = make.ago(days=3) + later
    told = {"by": system(at=at), "now": lambda: at + timedelta(seconds=2)}
    intake = receive(source=make.source(code), paths=[path], **told)
    assert intake.rejected == 0, f"{intake.rejected} of {intake.received} from {code} refused"
    resources.clear()
    return intake
