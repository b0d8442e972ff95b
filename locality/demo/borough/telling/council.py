"""What adult social care and children's services tell."""

from collections.abc import Iterator

from locality.demo.borough.addresses import school
from locality.demo.borough.chance import chance
from locality.demo.borough.known import Known
from locality.demo.borough.life import Life, Mark, Package
from locality.demo.borough.published import areas
from locality.demo.borough.telling.gp import flag
from locality.demo.borough.telling.patient import patient, related
from locality.demo.borough.telling.staff import of_service
from locality.demo.borough.telling.stamps import iso, stamp
from locality.demo.borough.telling.words import AT_HOME, SURVEY, Json, words

PACKAGE = [words("Adult social care: package of care")]
REQUEST = [words("Adult social care: request for support")]
SAFEGUARDING = words("Safeguarding")
PLAN = [words("Child protection plan")]
READY = words("Good level of development, end of Reception")
MEASURED = words("Weighed and measured at school (BMI for age)")


def last_day_adult(life: Life) -> int:
    """When adult social care last changed anything."""
    days = [one.day for one in life.council] + [package.start for package in life.packages]
    return min(max(days), life.end - 1)


def known_to_adults(life: Life) -> bool:
    """Whether adult social care holds anything of this person."""
    return bool(life.packages or life.council)


def tell_adult(life: Life, patients: list[Known], *, full: bool) -> Iterator[Json]:
    """Adult social care's patient: who is close, packages, requests."""
    known, seen = patients[0], (last_day_adult(life), 1020)
    for one in patients:
        yield patient(one, seen=seen, died=life.person.died if life.person.key % 3 else None)
    for number, close in enumerate(life.person.close[: 2 if full else 0]):
        yield related(known, close, number=number, seen=seen)
    worker = of_service("social-care", "Social work", life.person.key)
    for number, package in enumerate(life.packages):
        yield _package(patients[number % len(patients)].local_id, number, package, by=worker)
    requests = life.council if full else life.council[-1:]
    for number, mark in enumerate(requests):
        if mark.kind == "request":
            yield _request(patients[number % len(patients)].local_id, number, mark, by=worker)
        else:
            yield flag(known.local_id, mark, category=words("Where they live"), by=worker)


def _package(local_id: str, number: int, package: Package, *, by: Json) -> Json:
    period = {"start": iso(package.start)} | ({"end": iso(package.end)} if package.end is not None else {})
    found: Json = {
        "resourceType": "CarePlan",
        "id": f"{local_id}-package-{number}",
        "meta": {"lastUpdated": stamp(package.end or package.start, 730)},
        "status": "active" if package.end is None else "completed",
        "intent": "plan",
        "category": PACKAGE,
        "title": package.words,
        "subject": {"reference": f"Patient/{local_id}"},
        "period": period,
        "author": by,
    }
    if package.outcome:
        found["note"] = [{"text": package.outcome}]
    return found


def _request(local_id: str, number: int, mark: Mark, *, by: Json) -> Json:
    return {
        "resourceType": "ServiceRequest",
        "id": f"{local_id}-request-{number}",
        "meta": {"lastUpdated": stamp(mark.day, 1000)},
        "status": "completed",
        "intent": "order",
        "category": REQUEST,
        "code": words(f"Asked for support. {mark.words}"),
        "subject": {"reference": f"Patient/{local_id}"},
        "authoredOn": stamp(mark.day, 560),
        "performer": [by],
    }


# ---- children


def tell_children(life: Life, patients: list[Known], *, full: bool) -> Iterator[Json]:
    """Children's services' patient: parents, visits, readiness, weighing, plans."""
    known = patients[0]
    seen = (min(max(mark.day for mark in life.childhood), life.end - 1), 930)
    for one in patients:
        yield patient(one, seen=seen)
    for number, close in enumerate(life.person.close[: 2 if full else 0]):
        yield related(known, close, number=number, seen=seen)
    marks = life.childhood if full else life.childhood[-2:]
    for number, mark in enumerate(marks):
        yield _mark(patients[number % len(patients)].local_id, number, mark, life)


def _mark(local_id: str, number: int, mark: Mark, life: Life) -> Json:
    person = life.person
    if mark.kind == "visit":
        return _visit(local_id, number, mark, by=of_service("children", "Health visiting", person.key))
    nurse = of_service("children", "School nursing", person.key)
    if mark.kind in ("ready", "not-ready"):
        where = school(areas()[person.household.area], chance("school", person.household.number))
        answer = f"Yes, at {where}" if mark.kind == "ready" else f"Not yet, at {where}"
        return _finding(local_id, f"ready-{number}", READY, answer, mark, by=nurse)
    if mark.kind in ("obese", "measured"):
        answer = "Very overweight" if mark.kind == "obese" else "Not very overweight"
        return _finding(local_id, f"measured-{number}", MEASURED, answer, mark, by=nurse)
    worker = of_service("children", "Children's social work", person.key)
    if mark.kind == "protection":
        return _protected(local_id, mark, by=worker)
    return flag(local_id, mark, category=SAFEGUARDING, by=worker)


def _visit(local_id: str, number: int, mark: Mark, *, by: Json) -> Json:
    minute = 540 + (mark.day * 37) % 420
    return {
        "resourceType": "Encounter",
        "id": f"{local_id}-visit-{number}",
        "meta": {"lastUpdated": stamp(mark.day, minute + 45)},
        "status": "finished",
        "class": AT_HOME,
        "type": [words(mark.words)],
        "serviceType": words("Health visiting"),
        "subject": {"reference": f"Patient/{local_id}"},
        "participant": [{"individual": by}],
        "period": {"start": stamp(mark.day, minute), "end": stamp(mark.day, minute + 45)},
    }


def _finding(local_id: str, name: str, code: Json, answer: str, mark: Mark, *, by: Json) -> Json:
    return {
        "resourceType": "Observation",
        "id": f"{local_id}-obs-{name}",
        "meta": {"lastUpdated": stamp(mark.day, 900)},
        "status": "final",
        "category": SURVEY,
        "code": code,
        "subject": {"reference": f"Patient/{local_id}"},
        "effectiveDateTime": iso(mark.day),
        "performer": [by],
        "valueString": answer,
    }


def _protected(local_id: str, mark: Mark, *, by: Json) -> Json:
    return {
        "resourceType": "CarePlan",
        "id": f"{local_id}-protection",
        "meta": {"lastUpdated": stamp(mark.day, 880)},
        "status": "active",
        "intent": "plan",
        "category": PLAN,
        "title": f"Child protection plan: {mark.words.lower()}",
        "subject": {"reference": f"Patient/{local_id}"},
        "period": {"start": iso(mark.day)},
        "author": by,
    }
