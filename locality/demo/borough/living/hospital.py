"""Emergency departments, stays, operations, clinics, the out-of-hours doctor, and where people die."""

from random import Random

from locality.demo.borough.chance import poisson
from locality.demo.borough.life import Attendance, Cause, Life, Stay, Visit, cause, working
from locality.demo.borough.people import Person, Window
from locality.demo.borough.rates import YEAR, days_of, figure, often

EMERGENCIES = {
    "emergency_admissions": "emergency",
    "fall_admissions": "fall",
    "self_harm_admissions": "self_harm",
    "alcohol_admissions": "alcohol",
}
# the share of emergency stays of less than two days, shaped so that the whole comes to its figure (targets.toml)
SHORT = {"emergency": (0.76, 0.46), "fall": (0.4, 0.36), "self_harm": (0.8, 0.6), "alcohol": (0.5, 0.4)}
LONGER = 1.35  # a long stay against its cause's usual days, so that the mean holds (assumed)
THROUGH_A_AND_E = 0.85  # of emergency stays (assumed)
CLINICS = {
    "Orthopaedics": 10,
    "Ophthalmology": 9,
    "Dermatology": 5,
    "Ear, nose and throat": 5,
    "Gynaecology": 5,
    "General surgery": 5,
    "Cardiology": 4,
    "Gastroenterology": 4,
    "Urology": 4,
    "Rheumatology": 3,
    "Respiratory medicine": 3,
    "Neurology": 2,
}
OWN_CLINICS = {
    "cancer": "Oncology",
    "diabetes": "Diabetes medicine",
    "ckd": "Renal medicine",
    "hf": "Cardiology",
    "rheumatoid": "Rheumatology",
    "sight": "Ophthalmology",
    "glaucoma": "Ophthalmology",
    "copd": "Respiratory medicine",
    "epilepsy": "Neurology",
    "parkinsons": "Neurology",
}
CALLS = (
    "Fever in a child",
    "Chest infection",
    "Urine infection",
    "Vomiting",
    "Back pain",
    "Catheter blocked",
    "Rash",
    "Breathless",
    "Dizzy",
    "Pain, palliative care",
    "Fall, nobody hurt",
    "Ear ache",
)
MINUTES_A_DAY = 24 * 60


def live(life: Life, window: Window, rng: Random) -> None:
    """Everything at the hospital, in the order of days, and calls at night."""
    person = life.person
    _die_somewhere(person, rng)
    for name, kind in EMERGENCIES.items():
        if person.age >= 65 or kind != "fall":
            for day in days_of(name, person, start=life.start, end=life.end, rng=rng):
                life.stays.append(_emergency(cause(kind, person, rng), kind, person, day, rng))
    for day in days_of("planned_admissions", person, start=life.start, end=life.end, rng=rng):
        life.stays.append(_planned(cause("planned", person, rng), day, rng))
    if person.died is not None and person.died_at == "hospital":
        life.stays.append(_last(person, life, rng))
    _one_at_a_time(life, window)
    _attend(life, rng)
    _outpatients(life, window, rng)
    for day in days_of("out_of_hours_contacts", person, start=life.start, end=life.end, rng=rng):
        words = CALLS[0] if person.age < 5 else rng.choice(CALLS[1:])
        minute = rng.randrange(19 * 60, 23 * 60) if rng.random() < 0.7 else rng.randrange(60 * 8)
        life.calls.append(Attendance(day, minute, rng.randrange(8, 40), words, admitted=False))


def _die_somewhere(person: Person, rng: Random) -> None:
    if person.died is not None:
        at_home = figure("deaths_at_home") / 100
        person.died_at = "home" if rng.random() < (at_home if person.age >= 65 else 0.4) else "hospital"


# ---- stays


def _emergency(why: Cause, kind: str, person: Person, day: int, rng: Random) -> Stay:
    short = rng.random() < SHORT[kind][person.age >= 65]
    days = (rng.random() < 0.55) if short else 2 + int(rng.expovariate(1 / max(0.5, why.days * LONGER - 1.5)))
    minute = rng.randrange(8 * 60, 23 * 60)
    end = min(minute + rng.randrange(180, 600), MINUTES_A_DAY - 5) if not days else rng.randrange(10 * 60, 19 * 60)
    return Stay(day, minute, day + int(days), end, why.words, why.codes, why.specialty, True, fall=kind == "fall")


def _planned(why: Cause, day: int, rng: Random) -> Stay:
    day = working(day)
    end_day = day + (why.days + rng.randrange(-1, 3) if why.days else 0)
    minute = rng.randrange(7 * 60 + 30, 13 * 60)
    end = minute + rng.randrange(120, 420) if end_day == day else rng.randrange(10 * 60, 17 * 60)
    return Stay(day, minute, end_day, end, why.words, why.codes, why.specialty, False, procedure=why.procedure)


def _last(person: Person, life: Life, rng: Random) -> Stay:
    why = cause("emergency", person, rng)
    died = person.died or life.end
    day = max(life.start, died - rng.randrange(0, 12))
    minute = rng.randrange(60, 12 * 60)
    end = rng.randrange(12 * 60 + 30, MINUTES_A_DAY - 10)
    return Stay(day, minute, died, end, why.words, why.codes, why.specialty, True, died=True)


def _one_at_a_time(life: Life, window: Window) -> None:
    """Nobody is in two beds; who is not home by the last day is there still."""
    kept: list[Stay] = []
    for stay in sorted(life.stays, key=lambda one: (not one.died, one.day, one.minute)):
        if all(stay.end_day < one.day or stay.day > one.end_day for one in kept):
            kept.append(stay)
    life.stays = sorted(kept, key=lambda one: one.day)
    for stay in life.stays:
        if life.person.died is not None and not stay.died:
            stay.end_day = min(stay.end_day, life.person.died)
        stay.open = stay.end_day >= window.end
    life.stays = [one for one in life.stays if one.day < window.end]


def _attend(life: Life, rng: Random) -> None:
    """Emergency attendances: before most emergency stays, and those after which people go home."""
    for stay in life.stays:
        if stay.emergency and rng.random() < THROUGH_A_AND_E:
            minutes = min(rng.randrange(90, 420), stay.minute)
            attendance = Attendance(stay.day, stay.minute - minutes, minutes, stay.words, admitted=True)
            life.attendances.append(attendance)
    admitted = sum(often(name, life.person) for name in EMERGENCIES if life.person.age >= 65 or name[:4] != "fall")
    rate = max(0.05, often("ae_attendances", life.person) - THROUGH_A_AND_E * admitted)
    for _ in range(poisson(rng, rate * (life.end - life.start) / YEAR)):
        words = cause("attendance", life.person, rng).words
        minute = rng.randrange(MINUTES_A_DAY - 300)
        minute = minute if minute > 7 * 60 or rng.random() < 0.4 else minute + 10 * 60
        attendance = Attendance(rng.randrange(life.start, life.end), minute, rng.randrange(50, 290), words, False)
        life.attendances.append(attendance)
    life.attendances.sort(key=lambda one: (one.day, one.minute))


def _outpatients(life: Life, window: Window, rng: Random) -> None:
    """Clinics of the last year only: the hospital tells no others."""
    start = max(life.start, window.end - 365)
    own = [clinic for code, clinic in OWN_CLINICS.items() if code in life.person.conditions]
    clinics = list(CLINICS) if life.person.age >= 15 else ["Paediatrics", "Ear, nose and throat", "Dermatology"]
    for day in days_of("outpatient_attendances", life.person, start=start, end=life.end, rng=rng):
        clinic = rng.choice(own) if own and rng.random() < 0.6 else rng.choice(clinics)
        life.outpatients.append(Visit(working(day), rng.randrange(54, 100) * 10, clinic))
