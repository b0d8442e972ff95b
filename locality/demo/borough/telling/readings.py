"""Measurements as Observations."""

from locality.demo.borough.life import Reading
from locality.demo.borough.telling.stamps import stamp
from locality.demo.borough.telling.words import (
    LABORATORY,
    LOINC,
    SNOMED,
    SOCIAL,
    VITALS,
    Json,
    concept,
    quantity,
    words,
)

# kind: words, SNOMED CT and LOINC with their displays, category, unit, UCUM code, decimals
KINDS = {
    "weight": ("Body weight", "27113001", "29463-7", VITALS, "kg", "kg", 1),
    "hba1c": ("HbA1c", "999791000000106", "59261-8", LABORATORY, "mmol/mol", "mmol/mol", 0),
    "egfr": ("Kidney function (eGFR)", "1011481000000105", "", LABORATORY, "mL/min/1.73m²", "mL/min/{1.73_m2}", 0),
    "cholesterol": ("Total cholesterol", "", "14647-2", LABORATORY, "mmol/L", "mmol/L", 1),
    "haemoglobin": ("Haemoglobin", "1022431000000105", "", LABORATORY, "g/L", "g/L", 0),
    "peakflow": ("Peak flow", "", "33452-4", VITALS, "L/min", "L/min", 0),
    "saturation": ("Oxygen saturation, breathing air", "103228002", "2708-6", VITALS, "%", "%", 0),
    "respiration": ("Respiratory rate", "86290005", "9279-1", VITALS, "breaths/min", "/min", 0),
    "pulse": ("Pulse rate", "78564009", "8867-4", VITALS, "beats/min", "/min", 0),
    "temperature": ("Temperature", "276885007", "8310-5", VITALS, "°C", "Cel", 1),
}
MOST = {"saturation": 100.0, "egfr": 120.0}


def _code(text: str, snomed: str, loinc: str) -> Json:
    codings = [{"system": SNOMED, "code": snomed, "display": text}] if snomed else []
    codings += [{"system": LOINC, "code": loinc, "display": text}] if loinc else []
    return {"coding": codings, "text": text}


CODES = {kind: _code(*one[:3]) for kind, one in KINDS.items()}
PRESSURE = _code("Blood pressure", "75367002", "85354-9")
SYSTOLIC = {"coding": _code("Systolic blood pressure", "72313002", "8480-6")["coding"]}
DIASTOLIC = {"coding": _code("Diastolic blood pressure", "1091811000000102", "8462-4")["coding"]}
SMOKING = concept(SNOMED, "77176002", "Smoker")
NOT_SMOKING = concept(SNOMED, "266919005", "Never smoked tobacco")
EX_SMOKER = concept(SNOMED, "8517006", "Ex-smoker")
SMOKING_STATUS = words("Smoking status")


def reading(local_id: str, name: str, one: Reading, *, by: Json) -> Json:
    """One measurement."""
    at = stamp(one.day, one.minute)
    found: Json = {
        "resourceType": "Observation",
        "id": f"{local_id}-obs-{name}",
        "meta": {"lastUpdated": at},
        "status": "final",
        "subject": {"reference": f"Patient/{local_id}"},
        "effectiveDateTime": at,
        "performer": [by],
    }
    if one.kind == "bp":
        found["category"], found["code"] = VITALS, PRESSURE
        found["component"] = [
            {"code": SYSTOLIC, "valueQuantity": quantity(round(one.value), "mmHg", "mm[Hg]")},
            {"code": DIASTOLIC, "valueQuantity": quantity(round(one.second), "mmHg", "mm[Hg]")},
        ]
        return found
    _, _, _, category, unit, ucum, decimals = KINDS[one.kind]
    value = max(0.5, min(one.value, MOST.get(one.kind, one.value)))
    found["category"], found["code"] = category, CODES[one.kind]
    found["valueQuantity"] = quantity(round(value, decimals) if decimals else round(value), unit, ucum)
    return found


def smoking(local_id: str, name: str, *, at: tuple[int, int], status: Json, by: Json) -> Json:
    """Whether somebody smokes, as asked on a day."""
    return {
        "resourceType": "Observation",
        "id": f"{local_id}-obs-{name}",
        "meta": {"lastUpdated": stamp(*at)},
        "status": "final",
        "category": SOCIAL,
        "code": SMOKING_STATUS,
        "subject": {"reference": f"Patient/{local_id}"},
        "effectiveDateTime": stamp(*at),
        "performer": [by],
        "valueCodeableConcept": status,
    }
