"""At the practice: consultations, measurements, vaccinations, medicines, allergies, and what it notes."""

from collections import defaultdict
from random import Random

from locality.demo.borough.chance import poisson
from locality.demo.borough.conditions import illnesses
from locality.demo.borough.life import Consultation, Life, Mark, Medicine, Reading, working
from locality.demo.borough.people import Person, Window
from locality.demo.borough.rates import YEAR, days_of, figure

NURSES = 0.32  # of consultations (assumed)
REASONS = {
    0: ("Fever", "Cough", "Ear ache", "Rash", "Feeding", "Vomiting", "Eczema"),
    5: ("Sore throat", "Cough", "Asthma symptoms", "Tummy ache", "Rash", "Ear ache", "Headache"),
    15: ("Cough", "Low mood", "Acne", "Contraception", "Back pain", "Sore throat", "Anxiety", "Tired all the time"),
    45: ("Back pain", "Knee pain", "Cough", "Low mood", "Medication review", "Blood test results", "Shoulder pain"),
    65: ("Medication review", "Knee pain", "Breathless", "Blood test results", "Dizzy", "Hip pain", "Leg swelling"),
    80: ("Medication review", "Fall", "Leg swelling", "Confused", "Breathless", "Urine symptoms", "Weight loss"),
}
INFECTIONS = {
    "Cough": ("Amoxicillin 500mg capsules", "ONE capsule three times a day for five days"),
    "Urine symptoms": ("Nitrofurantoin 100mg modified-release capsules", "ONE capsule twice a day for three days"),
    "Sore throat": ("Phenoxymethylpenicillin 250mg tablets", "TWO tablets four times a day for five days"),
    "Ear ache": ("Amoxicillin 250mg/5ml oral suspension", "5 ml three times a day for five days"),
}
STOPPED = ("Caused a cough", "Not needed any more", "Made dizzy", "Changed for another", "Upset stomach")
ALLERGIES = (
    ("Penicillin", "Rash", 10),
    ("Penicillin", "Swelling of the face", 3),
    ("Trimethoprim", "Rash", 2),
    ("Aspirin", "Wheeze", 2),
    ("Codeine", "Vomiting", 2),
    ("Peanut", "Anaphylaxis", 1),
    ("Latex", "Rash", 1),
    ("Statins", "Muscle pain", 2),
)
WITH_ALLERGY, NONE_KNOWN = 0.13, 0.3  # of people; of the other adults, said to have none (assumed)
EVERYBODY = {"bp": 0.28, "weight": 0.22, "smoking": 0.3}  # measurements a year of any adult (assumed)
AT_RISK = frozenset({"diabetes", "copd", "chd", "hf", "ckd", "stroke", "asthma"})


def live(life: Life, window: Window, rng: Random) -> None:
    """Whatever a practice would hold of three years, and the medicines and allergies of longer ago."""
    _consult(life, rng)
    _measure(life, rng)
    _vaccinate(life, window, rng)
    _medicate(life, rng)
    _note(life, window, rng)


def _consult(life: Life, rng: Random) -> None:
    person = life.person
    reviews = [illnesses()[code].review for code in person.conditions if illnesses()[code].review]
    usual = next(REASONS[start] for start in sorted(REASONS, reverse=True) if person.age >= start)
    visits = 0.22 if person.household.home else 0.06 if person.age > 79 else 0.005
    for day in days_of("gp_consultations", person, start=life.start, end=life.end, rng=rng):
        place = rng.random()
        how = "visit" if place < visits else "telephone" if place < visits + 0.27 else "surgery"
        reason = rng.choice(reviews) if reviews and rng.random() < 0.25 else rng.choice(usual)
        minute = 510 + 10 * rng.randrange(57)
        life.consultations.append(Consultation(working(day), minute, how, reason, rng.random() < NURSES))
        if reason in INFECTIONS and rng.random() < 0.35:
            life.medicines.append(Medicine(*INFECTIONS[reason], since=day, stopped=day + 6, reason="Course finished"))


def _measure(life: Life, rng: Random) -> None:
    """Readings of one kind stand on one line, with a little noise and a drift."""
    person = life.person
    often: dict[str, float] = defaultdict(float)
    if person.age >= 18:
        often.update(EVERYBODY)
    for code in person.conditions:
        for kind, times in illnesses()[code].watch.items():
            often[kind] = max(often[kind], times)
    years = (life.end - life.start) / YEAR
    for kind, times in often.items():
        count = poisson(rng, times * years)
        if count:
            base, spread, drift = _level(kind, person, rng)
            for day in sorted(rng.randrange(life.start, life.end) for _ in range(count)):
                value = base + rng.gauss(0, spread) + drift * (day - life.end) / YEAR
                second = round(value * 0.32 + 38 + rng.gauss(0, 4)) if kind == "bp" else 0.0
                life.readings.append(Reading(working(day), 540 + 5 * rng.randrange(96), kind, value, second))


def _level(kind: str, person: Person, rng: Random) -> tuple[float, float, float]:
    """Around what somebody's readings lie, how much they vary, and how they change in a year."""
    ill = person.conditions
    height = (1.62 if person.sex == "female" else 1.76) + (0 if person.age < 75 else -0.03)
    levels = {
        "bp": (118 + person.age * 0.2 + 14 * ("hypertension" in ill) + rng.gauss(0, 8), 8.0, 0.3),
        "weight": (person.bmi * height**2, 1.2, -1.5 if person.age > 79 and person.burden == 2 else 0.2),
        "hba1c": (61.0 if "diabetes" in ill else 44.0 if "prediabetes" in ill else 37.0, 4.0, 0.5),
        "egfr": (38.0 if "ckd" in ill else max(60.0, 118 - person.age * 0.55), 5.0, -1.6),
        "cholesterol": (4.1 if "chd" in ill else 4.9, 0.4, -0.05),
        "haemoglobin": (108.0 if "anaemia" in ill else 138.0, 5.0, 0.0),
        "peakflow": (430.0 if person.sex == "male" else 340.0, 30.0, -3.0),
        "saturation": (94.0, 1.2, -0.2),
        "smoking": (0.0, 0.0, 0.0),
    }
    base, spread, drift = levels[kind]
    return base + rng.gauss(0, spread * 1.5), spread, drift


def _vaccinate(life: Life, window: Window, rng: Random) -> None:
    person = life.person
    if person.age >= 65 or (person.age >= 18 and AT_RISK & person.conditions.keys()):
        takes = rng.random() < (figure("flu_vaccinated") / 100 if person.age >= 65 else 0.45)
        for year in range(window.on.year - 3, window.on.year + 1):
            day = window.on.replace(year=year, month=10, day=1).toordinal() + rng.randrange(0, 45)
            if takes and life.start <= day < life.end:
                life.jabs.append((working(day), "Influenza vaccine"))
                if person.age >= 75 and rng.random() < 0.7:
                    life.jabs.append((working(day), "COVID-19 vaccine, autumn dose"))
    life.jabs.sort()


def _medicate(life: Life, rng: Random) -> None:
    given = {one.words for one in life.medicines}
    for code, held in life.person.conditions.items():
        for words, dose, share in illnesses()[code].medicines:
            if words in given or rng.random() >= share or (held.words.startswith("Type 1") and "tablets" in words):
                continue
            given.add(words)
            since = rng.randrange(held.since, max(held.since + 1, min(held.since + 1500, life.end - 2)))
            stopped = rng.randrange(since, life.end) if rng.random() < 0.09 else None
            life.medicines.append(Medicine(words, dose, since, stopped, rng.choice(STOPPED) if stopped else ""))
    if rng.random() < WITH_ALLERGY:
        what, reaction, _ = rng.choices(ALLERGIES, [one[2] for one in ALLERGIES])[0]
        day = rng.randrange(life.person.born.toordinal() + (life.end - life.person.born.toordinal()) // 2, life.end)
        life.allergies.append((what, reaction, day))
    elif life.person.age >= 18 and rng.random() < NONE_KNOWN:
        life.allergies.append(("", "", rng.randrange(life.start, life.end)))


FRAILTY = {
    1: ("Mild frailty", "925791000000100"),
    2: ("Moderate frailty", "925831000000107"),
    3: ("Severe frailty", "925861000000102"),
}


def _note(life: Life, window: Window, rng: Random) -> None:
    """Frailty, falls, being a carer, wishes, and what sets somebody apart."""
    person, noted = life.person, lambda: rng.randrange(life.start, life.end)
    frail = (person.age >= 65) + (person.age >= 80) + (person.age >= 88) + (person.burden == 2) - (person.burden == 0)
    if person.age >= 65 and frail > 0:
        life.marks.append(Mark("frailty", noted(), str(min(3, frail))))
    if sum(stay.fall for stay in life.stays) > 1 or (person.age > 79 and person.burden == 2 and rng.random() < 0.3):
        life.marks.append(Mark("falls", noted(), "Recurrent falls"))
    if person.carer:
        life.marks.append(Mark("carer", noted(), "Is a carer"))
    if person.age > 84 and person.burden and not person.household.home and rng.random() < 0.35:
        life.marks.append(Mark("housebound", noted(), "Housebound"))
    dying = "palliative" in person.conditions
    if dying or ("dementia" in person.conditions and rng.random() < 0.35):
        life.marks.append(Mark("wish", noted(), "Preferred place of care and of death: home"))
        life.marks.append(Mark("resuscitation", noted(), "Not for attempted cardiopulmonary resuscitation (DNACPR)"))
    if rng.random() < figure("objects_to_secondary_use") / 100:
        life.marks.append(Mark("opt-out", noted(), ""))
