"""What the hospital tells: attendances, stays with their diagnoses and observations, clinics."""

from collections.abc import Iterator
from random import Random

from locality.demo.borough.chance import chance
from locality.demo.borough.known import Known
from locality.demo.borough.life import Attendance, Life, Reading, Stay, Visit
from locality.demo.borough.published import toml
from locality.demo.borough.telling import readings
from locality.demo.borough.telling.patient import diagnosis, patient
from locality.demo.borough.telling.staff import of_service
from locality.demo.borough.telling.stamps import stamp
from locality.demo.borough.telling.words import (
    AMBULATORY,
    EMERGENCY,
    INPATIENT,
    SNOMED,
    SURVEY,
    UKCODES,
    UKCORE,
    Json,
    concept,
    organisation,
    quantity,
    words,
)

FULL_SETS = 2  # sets of observations of a stay, so many at most
NEWS2 = concept(SNOMED, "1104051000000101", "NEWS2 (National Early Warning Score 2) total score", "NEWS2 total score")
ATTENDED = words("Emergency attendance")
STAYED = words("Hospital stay")
DAY_CASE = words("Day case")
CLINIC = words("Outpatient clinic")
MALE_WARD = 3


def _method(code: str, display: str) -> Json:
    coding = {"system": f"{UKCODES}-AdmissionMethodEngland", "code": code, "display": display}
    return {"url": f"{UKCORE}-AdmissionMethod", "valueCodeableConcept": {"coding": [coding]}}


EMERGENCY_METHOD = _method("21", "Emergency Admission: Emergency Care Department")
PLANNED_METHOD = _method("11", "Elective Admission: Waiting list")
HOME = concept(f"{UKCODES}-DischargeDestinationEngland", "19", "Usual place of residence")
CARE_HOME = concept(
    f"{UKCODES}-DischargeDestinationEngland", "65", "Local Authority residential accommodation", "Care home"
)
DIED = concept(f"{UKCODES}-DischargeDestinationEngland", "79", "Not applicable - patient died or stillbirth", "Died")


def said() -> dict:
    """What the demo knows of the hospital."""
    return toml("tables/sources.toml")["acute"]


def known_there(life: Life) -> bool:
    """Whether the hospital holds anything of this person."""
    return bool(life.attendances or life.stays or life.outpatients)


def last_day(life: Life) -> int:
    """When it last saw them."""
    days = [one.day for one in life.attendances] + [one.day for one in life.outpatients]
    return min(max([*days, *(one.end_day for one in life.stays)]), life.end - 1)


def tell(life: Life, patients: list[Known], *, full: bool) -> Iterator[Json]:
    """Everything the hospital holds of one person."""
    person = life.person
    seen = (last_day(life), 1200)
    told_of_death = person.died if person.died_at == "hospital" or person.key % 4 else None
    for one in patients:
        yield patient(one, seen=seen, died=told_of_death)
    for number, attendance in enumerate(life.attendances):
        if full or (attendance.day > life.end - 365 and not attendance.admitted):
            yield _attendance(_whose(patients, number).local_id, number, attendance, person.key)
    for number, stay in enumerate(life.stays):
        yield from _stay(_whose(patients, number).local_id, number, stay, life, full=full)
    for number, visit in enumerate(life.outpatients if full else ()):
        yield _clinic(_whose(patients, number).local_id, number, visit, person.key)


def _whose(patients: list[Known], number: int) -> Known:
    """Of somebody written down twice, each record has its part."""
    return patients[number % len(patients)]


def _attendance(local_id: str, number: int, one: Attendance, person: int) -> Json:
    end = one.minute + one.minutes
    return {
        "resourceType": "Encounter",
        "id": f"{local_id}-ed-{number}",
        "meta": {"lastUpdated": stamp(one.day, min(end, 1439))},
        "status": "finished",
        "class": EMERGENCY,
        "type": [ATTENDED],
        "subject": {"reference": f"Patient/{local_id}"},
        "participant": [{"individual": of_service("acute", "Emergency medicine", person + number)}],
        "period": {"start": stamp(one.day, one.minute), "end": stamp(one.day, min(end, 1439))},
        "reasonCode": [words(one.words)],
        "location": [{"location": {"display": f"Emergency department, {said()['site']}"}}],
        "serviceProvider": organisation(said()["organisation"], said()["name"]),
    }


def visit_number(local_id: str, number: int) -> str:
    """The hospital's own number for a stay, the same in its record and in its messages."""
    return f"{said()['visit']}{local_id}{number:02d}"


def ward(life: Life, number: int) -> str:
    """The ward of a stay."""
    wards = said()["wards"]
    return wards[(life.person.key + number * MALE_WARD) % len(wards)]


def _stay(local_id: str, number: int, stay: Stay, life: Life, *, full: bool) -> Iterator[Json]:
    visit = f"{local_id}-stay-{number}"
    period = {"start": stamp(stay.day, stay.minute)}
    if not stay.open:
        period["end"] = stamp(stay.end_day, stay.end_minute)
    changed = (stay.day, stay.minute) if stay.open else (stay.end_day, stay.end_minute)
    found: Json = {
        "resourceType": "Encounter",
        "id": visit,
        "meta": {"lastUpdated": stamp(*changed)},
        "identifier": [{"system": "https://acute.example/Id/visit", "value": visit_number(local_id, number)}],
        "status": "in-progress" if stay.open else "finished",
        "class": INPATIENT,
        "type": [STAYED if stay.emergency or stay.end_day > stay.day else DAY_CASE],
        "serviceType": words(stay.specialty),
        "subject": {"reference": f"Patient/{local_id}"},
        "participant": [{"individual": of_service("acute", stay.specialty, life.person.key)}],
        "period": period,
        "reasonCode": [words(stay.words)],
        "hospitalization": _hospitalization(stay, life),
        "location": [{"location": {"display": f"{ward(life, number)}, {said()['site']}"}}],
        "serviceProvider": organisation(said()["organisation"], said()["name"]),
    }
    yield found
    for place, code in enumerate(stay.codes if full or stay.emergency else ()):
        name = f"stay-{number}-dx-{place}"
        display = stay.words if not place else SECOND.get(code, "Secondary diagnosis")
        over = not stay.open
        yield diagnosis(local_id, name, code=code, display=display, at=(stay.day, stay.minute), over=over, visit=visit)
    if stay.procedure and full:
        yield _procedure(local_id, number, stay, visit)
    if stay.emergency and life.person.age >= 16:
        yield from _observations(local_id, number, stay, life, full=full)


SECOND = {
    "W19": "Fall, not specified",
    "W18": "Fall on the same level",
    "N39.0": "Urinary tract infection",
    "E86": "Dehydration",
    "I25.1": "Coronary heart disease",
    "G81.9": "Weakness of one side",
    "I50.9": "Heart failure",
    "E16.2": "Low blood sugar",
    "R56.8": "Seizure",
    "T45.1": "Adverse effect of cancer medicines",
    "X60": "Self-poisoning, on purpose",
}


def _hospitalization(stay: Stay, life: Life) -> Json:
    found: Json = {"extension": [EMERGENCY_METHOD if stay.emergency else PLANNED_METHOD]}
    if not stay.open:
        found["dischargeDisposition"] = DIED if stay.died else CARE_HOME if life.person.household.home else HOME
    return found


def _procedure(local_id: str, number: int, stay: Stay, visit: str) -> Json:
    at = stamp(stay.day, min(stay.minute + 60, 1430))
    return {
        "resourceType": "Procedure",
        "id": f"{local_id}-stay-{number}-procedure",
        "meta": {"lastUpdated": at},
        "status": "completed",
        "code": words(stay.procedure),
        "subject": {"reference": f"Patient/{local_id}"},
        "encounter": {"reference": f"Encounter/{visit}"},
        "performedDateTime": at,
    }


def _clinic(local_id: str, number: int, one: Visit, person: int) -> Json:
    return {
        "resourceType": "Encounter",
        "id": f"{local_id}-op-{number}",
        "meta": {"lastUpdated": stamp(one.day, one.minute + 20)},
        "status": "finished",
        "class": AMBULATORY,
        "type": [CLINIC],
        "serviceType": words(one.words),
        "subject": {"reference": f"Patient/{local_id}"},
        "participant": [{"individual": of_service("acute", one.words, person)}],
        "period": {"start": stamp(one.day, one.minute), "end": stamp(one.day, one.minute + 20)},
        "serviceProvider": organisation(said()["organisation"], said()["name"]),
    }


# ---- NEWS2, on admission and towards the end of a stay


def _observations(local_id: str, number: int, stay: Stay, life: Life, *, full: bool) -> Iterator[Json]:
    rng = chance("news2", local_id, number)
    by = of_service("acute", stay.specialty, life.person.key)
    sets = [(stay.day, min(stay.minute + 20, 1430), 1.0)]
    if full and not stay.open and not stay.died and stay.end_day > stay.day:
        sets.append((stay.end_day, max(10, stay.end_minute - 90), 0.3))
    for which, (day, minute, ill) in enumerate(sets[:FULL_SETS]):
        values = _signs(rng, ill=ill, breathless="COPD" in stay.words or "infection" in stay.words)
        name = f"news2-{number}-{which}"
        for kind in ("respiration", "saturation", "pulse", "temperature") if full else ():
            yield readings.reading(local_id, f"{name}-{kind}", Reading(day, minute, kind, values[kind]), by=by)
        if full:
            pressure = Reading(day, minute, "bp", values["bp"], round(values["bp"] * 0.6))
            yield readings.reading(local_id, f"{name}-bp", pressure, by=by)
        yield _news2(local_id, name, at=stamp(day, minute), total=news2(values), by=by)


def _signs(rng: Random, *, ill: float, breathless: bool) -> dict[str, float]:
    return {
        "respiration": round(16 + ill * abs(rng.gauss(4 if breathless else 1.5, 3))),
        "saturation": round(min(100, 97 - ill * abs(rng.gauss(3 if breathless else 0.5, 2)))),
        "pulse": round(76 + ill * abs(rng.gauss(12, 14))),
        "temperature": round(36.8 + ill * rng.gauss(0.5, 0.8), 1),
        "bp": round(128 - ill * rng.gauss(4, 16)),
    }


# https://www.rcp.ac.uk/improving-care/resources/national-early-warning-score-news-2/ (scale 1, breathing air, alert)
BOUNDS: dict[str, tuple[tuple[float, int], ...]] = {
    "respiration": ((8, 3), (11, 1), (20, 0), (24, 2), (999, 3)),
    "saturation": ((91, 3), (93, 2), (95, 1), (999, 0)),
    "pulse": ((40, 3), (50, 1), (90, 0), (110, 1), (130, 2), (999, 3)),
    "temperature": ((35.0, 3), (36.0, 1), (38.0, 0), (39.0, 1), (999, 2)),
    "bp": ((90, 3), (100, 2), (110, 1), (219, 0), (999, 3)),
}


def news2(values: dict[str, float]) -> int:
    """The total of a set of signs, of somebody alert who breathes air."""
    return sum(next(score for most, score in BOUNDS[kind] if value <= most) for kind, value in values.items())


def _news2(local_id: str, name: str, *, at: str, total: int, by: Json) -> Json:
    return {
        "resourceType": "Observation",
        "id": f"{local_id}-obs-{name}-total",
        "meta": {"lastUpdated": at},
        "status": "final",
        "category": SURVEY,
        "code": NEWS2,
        "subject": {"reference": f"Patient/{local_id}"},
        "effectiveDateTime": at,
        "performer": [by],
        "valueQuantity": quantity(total, "score", "{score}"),
    }
