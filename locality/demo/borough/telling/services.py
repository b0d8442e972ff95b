"""What the community trust, the mental health trust and the out-of-hours doctors tell."""

from collections.abc import Iterator

from locality.demo.borough.known import Known
from locality.demo.borough.life import Episode, Life, Visit
from locality.demo.borough.published import toml
from locality.demo.borough.telling.patient import patient, problem
from locality.demo.borough.telling.staff import of_service
from locality.demo.borough.telling.stamps import iso, stamp
from locality.demo.borough.telling.words import (
    AMBULATORY,
    AT_HOME,
    VIRTUAL,
    Json,
    organisation,
    words,
)

MINUTES = {"District nursing": 25, "Intermediate care at home": 45}
IN_CLINIC = {"Podiatry", "Community physiotherapy", "Nutrition and dietetics", "Memory service"}
CONTACTS_LIGHT = 1  # of each episode, the last
REFERRAL = [words("Referral")]
CARE_PLAN = [words("Care plan")]
OUT_OF_HOURS = words("GP out of hours")
CALL = words("Telephone call, out of hours")
GOALS = {
    "District nursing": "Healed, and nobody needing to come",
    "Intermediate care at home": "Managing at home as before",
    "Community physiotherapy": "Walking to the shop without a fall",
}


def last_day(life: Life, episodes: list[Episode]) -> int:
    """When a service last saw somebody."""
    return min(max(one.contacts[-1].day for one in episodes), life.end - 1)


def tell_community(life: Life, patients: list[Known], *, full: bool) -> Iterator[Json]:
    """The community trust's patient, their episodes and contacts."""
    yield from _tell("community", life, patients, life.community, full=full)
    known = patients[0]
    frail = next((mark for mark in life.marks if mark.kind == "falls"), None)
    if frail is not None and known.local_id:
        by = of_service("community", life.community[-1].service, life.person.key)
        yield problem(known.local_id, "falls", snomed="", display=frail.words, since=frail.day, recorder=by)


def tell_mind(life: Life, patients: list[Known], *, full: bool) -> Iterator[Json]:
    """The mental health trust's patient, what they are treated for, their episodes and contacts."""
    yield from _tell("mental-health", life, patients, life.mind, full=full)
    by = of_service("mental-health", life.mind[-1].service, life.person.key)
    for code in ("dementia", "psychosis", "depression"):
        held = life.person.conditions.get(code)
        if held:
            local_id = patients[0].local_id
            yield problem(local_id, code, snomed=held.snomed, display=held.words, since=held.since, recorder=by)


def _tell(source: str, life: Life, patients: list[Known], episodes: list[Episode], *, full: bool) -> Iterator[Json]:
    seen = last_day(life, episodes), 1110
    # word of a death comes late, or not at all, to those who had stopped coming
    died = life.person.died if life.person.key % 5 < 3 else None
    for one in patients:
        yield patient(one, seen=seen, died=died)
    for number, episode in enumerate(episodes):
        local_id = patients[number % len(patients)].local_id
        if source == "community" and (full or episode.end is None):
            yield _referral(source, local_id, number, episode, life)
        if episode.end is None and source == "community":
            yield _plan(source, local_id, number, episode, life)
        told = episode.contacts if full else episode.contacts[-CONTACTS_LIGHT:]
        for place, contact in enumerate(told):
            yield _contact(source, local_id, f"{number}-{place}", episode, contact, life)


def _referral(source: str, local_id: str, number: int, episode: Episode, life: Life) -> Json:
    status = "active" if episode.end is None else "completed"
    last = (episode.end if episode.end is not None else episode.start), 1000
    return {
        "resourceType": "ServiceRequest",
        "id": f"{local_id}-referral-{number}",
        "meta": {"lastUpdated": stamp(*last)},
        "status": status,
        "intent": "order",
        "priority": "routine",
        "category": REFERRAL,
        "code": words(episode.service),
        "subject": {"reference": f"Patient/{local_id}"},
        "authoredOn": stamp(episode.start, 540),
        "performer": [of_service(source, episode.service, life.person.key)],
        "reasonCode": [words(episode.reason)],
    }


def _plan(source: str, local_id: str, number: int, episode: Episode, life: Life) -> Json:
    return {
        "resourceType": "CarePlan",
        "id": f"{local_id}-plan-{number}",
        "meta": {"lastUpdated": stamp(episode.start, 620)},
        "status": "active",
        "intent": "plan",
        "category": CARE_PLAN,
        "title": f"{episode.service}: {episode.reason.lower()}",
        "description": GOALS.get(episode.service, "Better in three months"),
        "subject": {"reference": f"Patient/{local_id}"},
        "period": {"start": iso(episode.start)},
        "author": of_service(source, episode.service, life.person.key),
    }


def _contact(source: str, local_id: str, name: str, episode: Episode, one: Visit, life: Life) -> Json:
    said = toml("tables/sources.toml")[source]
    minutes = MINUTES.get(episode.service, 40)
    return {
        "resourceType": "Encounter",
        "id": f"{local_id}-enc-{name}",
        "meta": {"lastUpdated": stamp(one.day, one.minute + minutes)},
        "status": "finished",
        "class": AMBULATORY if episode.service in IN_CLINIC else AT_HOME,
        "type": [words(f"{episode.service} contact")],
        "serviceType": words(episode.service),
        "subject": {"reference": f"Patient/{local_id}"},
        "participant": [{"individual": of_service(source, episode.service, life.person.key)}],
        "period": {"start": stamp(one.day, one.minute), "end": stamp(one.day, one.minute + minutes)},
        "reasonCode": [words(episode.reason)],
        "serviceProvider": organisation(said["organisation"], said["name"]),
    }


def tell_calls(life: Life, patients: list[Known], *, full: bool) -> Iterator[Json]:
    """The out-of-hours doctors' patient, and each call."""
    calls = life.calls if full else life.calls[-1:]
    seen = (life.calls[-1].day, min(life.calls[-1].minute + 60, 1439))
    for one in patients:
        yield patient(one, seen=seen)
    for number, call in enumerate(calls):
        local_id = patients[number % len(patients)].local_id
        end = min(call.minute + call.minutes, 1439)
        yield {
            "resourceType": "Encounter",
            "id": f"{local_id}-call-{number}",
            "meta": {"lastUpdated": stamp(call.day, end)},
            "status": "finished",
            "class": VIRTUAL,
            "type": [CALL],
            "serviceType": OUT_OF_HOURS,
            "subject": {"reference": f"Patient/{local_id}"},
            "participant": [{"individual": of_service("out-of-hours", "GP out of hours", life.person.key + number)}],
            "period": {"start": stamp(call.day, call.minute), "end": stamp(call.day, end)},
            "reasonCode": [words(call.words)],
        }
