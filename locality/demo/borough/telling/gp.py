"""What the practices' record system tells."""

from collections.abc import Iterator

from locality.demo.borough.conditions import illnesses
from locality.demo.borough.known import Known
from locality.demo.borough.life import Consultation, Life, Mark, Medicine, Reading
from locality.demo.borough.living.practice import FRAILTY
from locality.demo.borough.telling import readings
from locality.demo.borough.telling.patient import patient, problem, related
from locality.demo.borough.telling.staff import at_practice
from locality.demo.borough.telling.stamps import iso, stamp
from locality.demo.borough.telling.words import (
    AMBULATORY,
    AT_HOME,
    COMMUNITY_ORDER,
    LONG_TERM,
    SHORT_TERM,
    SNOMED,
    TERMINOLOGY,
    VIRTUAL,
    Json,
    concept,
    term,
    words,
)

HOW = {
    "surgery": (AMBULATORY, words("Surgery consultation"), 10),
    "telephone": (VIRTUAL, words("Telephone consultation"), 8),
    "visit": (AT_HOME, words("Home visit"), 20),
}
ALLERGY_ACTIVE = term("allergyintolerance-clinical", "active")
ALLERGY_CONFIRMED = term("allergyintolerance-verification", "confirmed")
NO_DRUG_ALLERGY = concept(SNOMED, "409137002", "No known drug allergy", "No known drug allergies")
SUBSTANCES = {"Penicillin": concept(SNOMED, "91936005", "Allergy to penicillin", "Penicillin")}
RECURRENT_FALLS = concept(SNOMED, "279992002", "Recurrent falls")
OPT_OUT = {
    "status": "active",
    "scope": term("consentscope", "research", "Research"),
    "category": [
        concept(
            f"{TERMINOLOGY}/v3-ActCode",
            "INFA",
            "information access",
            "National data opt-out: not for planning or research",
        )
    ],
    "policyRule": concept(f"{TERMINOLOGY}/v3-ActCode", "OPTOUT", "opt-out", "National data opt-out"),
    "provision": {
        "type": "deny",
        "purpose": [{"system": f"{TERMINOLOGY}/v3-ActReason", "code": "HRESCH", "display": "healthcare research"}],
    },
}
FLAGS = {
    "wish": words("Advance decision"),
    "resuscitation": words("Advance decision"),
    "housebound": words("Alert"),
    "carer": words("Alert"),
}


def tell(life: Life, patients: list[Known], *, full: bool) -> Iterator[Json]:
    """Everything the practice holds of one person; in the light depth, what is current and the latest of each kind."""
    person, known = life.person, patients[0]
    seen = _seen(life)
    for each in patients:
        yield patient(each, seen=seen, died=person.died, inactive=each is not known)
    doctor = at_practice(person.practice, person.key, nurse=False)
    nurse = at_practice(person.practice, person.key, nurse=True)
    for number, close in enumerate(person.close if full else person.close[:1]):
        if close.next_of_kin or close.carer:
            yield related(known, close, number=number, seen=seen)
    for code, held in person.conditions.items():
        if not illnesses()[code].observed:
            yield problem(
                known.local_id, code, snomed=held.snomed, display=held.words, since=held.since, recorder=doctor
            )
    yield from _medicines(life, known.local_id, by=doctor, full=full)
    yield from _allergies(life, known.local_id, by=doctor)
    yield from _marks(life, known.local_id, by=doctor)
    yield from _measured(life, known.local_id, by=nurse, full=full)
    yield from _vaccinated(life, known.local_id, by=nurse, full=full)
    for number, one in enumerate(life.consultations if full else life.consultations[-1:]):
        about = patients[1] if len(patients) > 1 and number % 3 == 0 else known
        yield _consultation(about.local_id, number, one, by=nurse if one.nurse else doctor)


def _seen(life: Life) -> tuple[int, int]:
    last = life.consultations[-1].day if life.consultations else life.start
    return min(max(last, life.start), life.end - 1), 1080


def _consultation(local_id: str, number: int, one: Consultation, *, by: Json) -> Json:
    kind, type_words, minutes = HOW[one.how]
    return {
        "resourceType": "Encounter",
        "id": f"{local_id}-enc-{one.day}-{number}",
        "meta": {"lastUpdated": stamp(one.day, one.minute + minutes)},
        "status": "finished",
        "class": kind,
        "type": [type_words],
        "subject": {"reference": f"Patient/{local_id}"},
        "participant": [{"individual": by}],
        "period": {"start": stamp(one.day, one.minute), "end": stamp(one.day, one.minute + minutes)},
        "reasonCode": [words(one.reason)],
    }


def _medicines(life: Life, local_id: str, *, by: Json, full: bool) -> Iterator[Json]:
    for number, one in enumerate(life.medicines):
        if full or one.stopped is None:
            yield _medicine(local_id, number, one, by=by, start=life.start)


def _medicine(local_id: str, number: int, one: Medicine, *, by: Json, start: int) -> Json:
    course = one.reason == "Course finished"
    found: Json = {
        "resourceType": "MedicationRequest",
        "id": f"{local_id}-med-{number}",
        "meta": {"lastUpdated": stamp(one.stopped if one.stopped and not course else max(one.since, start), 1050)},
        "status": "active" if one.stopped is None else "completed" if course else "stopped",
        "intent": "order",
        "category": COMMUNITY_ORDER,
        "medicationCodeableConcept": words(one.words),
        "subject": {"reference": f"Patient/{local_id}"},
        "authoredOn": iso(one.since),
        "requester": by,
        "courseOfTherapyType": SHORT_TERM if course else LONG_TERM,
        "dosageInstruction": [{"text": one.dose}],
    }
    if one.stopped is not None and not course:
        found["statusReason"] = words(one.reason)
    return found


def _allergies(life: Life, local_id: str, *, by: Json) -> Iterator[Json]:
    for number, (substance, reaction, day) in enumerate(life.allergies):
        found: Json = {
            "resourceType": "AllergyIntolerance",
            "id": f"{local_id}-allergy-{number}",
            "meta": {"lastUpdated": stamp(day, 700)},
            "clinicalStatus": ALLERGY_ACTIVE,
            "verificationStatus": ALLERGY_CONFIRMED,
            "code": SUBSTANCES.get(substance, words(substance)) if substance else NO_DRUG_ALLERGY,
            "patient": {"reference": f"Patient/{local_id}"},
            "recordedDate": iso(day),
            "recorder": by,
        }
        if reaction:
            found["reaction"] = [{"manifestation": [words(reaction)]}]
        yield found


def _marks(life: Life, local_id: str, *, by: Json) -> Iterator[Json]:
    for mark in life.marks:
        if mark.kind == "frailty":
            display, snomed = FRAILTY[int(mark.words)]
            yield problem(local_id, "frailty", snomed=snomed, display=display, since=mark.day, recorder=by)
        elif mark.kind == "falls":
            yield {
                **problem(local_id, "falls", snomed="", display=mark.words, since=mark.day, recorder=by),
                "code": RECURRENT_FALLS,
            }
        elif mark.kind == "opt-out":
            yield _opt_out(local_id, mark)
        else:
            yield flag(local_id, mark, category=FLAGS[mark.kind], by=by)


def _opt_out(local_id: str, mark: Mark) -> Json:
    return {
        "resourceType": "Consent",
        "id": f"{local_id}-secondary-use",
        "meta": {"lastUpdated": stamp(mark.day, 600)},
        "patient": {"reference": f"Patient/{local_id}"},
        "dateTime": stamp(mark.day, 590),
        **OPT_OUT,
    }


def flag(local_id: str, mark: Mark, *, category: Json, by: Json) -> Json:
    """An alert on somebody's record."""
    period = {"start": iso(mark.day)} if mark.end is None else {"start": iso(mark.day), "end": iso(mark.end)}
    return {
        "resourceType": "Flag",
        "id": f"{local_id}-flag-{mark.kind}",
        "meta": {"lastUpdated": stamp(mark.day, 660)},
        "status": "active" if mark.end is None else "inactive",
        "category": [category],
        "code": words(mark.words),
        "subject": {"reference": f"Patient/{local_id}"},
        "period": period,
        "author": by,
    }


def _measured(life: Life, local_id: str, *, by: Json, full: bool) -> Iterator[Json]:
    told = life.readings if full else _latest(life.readings)
    smokes = "smoker" in life.person.conditions
    never = readings.NOT_SMOKING if life.person.key % 3 else readings.EX_SMOKER
    for number, one in enumerate(told):
        name = f"{one.kind}-{one.day}-{number}"
        if one.kind == "smoking":
            status = readings.SMOKING if smokes else never
            yield readings.smoking(local_id, name, at=(one.day, one.minute), status=status, by=by)
        else:
            yield readings.reading(local_id, name, one, by=by)
    if smokes and not any(one.kind == "smoking" for one in told):
        at = (max(life.start, life.end - 200), 600)
        yield readings.smoking(local_id, "smoking", at=at, status=readings.SMOKING, by=by)


def _latest(every: list[Reading]) -> list[Reading]:
    """The last reading of each kind, but for those that only everybody has now and then."""
    return list({one.kind: one for one in every if one.kind not in ("weight", "smoking", "cholesterol")}.values())


def _vaccinated(life: Life, local_id: str, *, by: Json, full: bool) -> Iterator[Json]:
    for number, (day, given) in enumerate(life.jabs if full else life.jabs[-1:]):
        yield {
            "resourceType": "Immunization",
            "id": f"{local_id}-jab-{number}",
            "meta": {"lastUpdated": stamp(day, 720)},
            "status": "completed",
            "vaccineCode": words(given),
            "patient": {"reference": f"Patient/{local_id}"},
            "occurrenceDateTime": iso(day),
            "primarySource": True,
            "performer": [{"actor": by}],
        }
