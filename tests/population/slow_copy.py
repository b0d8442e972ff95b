"""The analytical copy as plain Python would make it: slow and obvious, from the resources as they were sent.

It judges the fast one on small worlds. Event names are left out: a diagnosis says its event's kind and beginning.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from locality.access.models import Objection
from locality.methods.scores.catalogue import OF_ICD10
from locality.methods.scores.method import Diagnosis
from locality.methods.scores.scoring import score
from locality.people.models import Link, Person
from locality.population.rules.kinds import KINDS
from locality.population.rules.pseudonyms import pseudonym
from locality.record.models import Resource

LONDON = ZoneInfo("Europe/London")
HELD_BACK = {"SAFE": "safeguarding", "SENS": "sensitive"}
HOUR = timedelta(hours=1)
VISITS = KINDS["encounters"]


@dataclass
class Row:
    """One resource, with what the copy needs to know of it."""

    person: str
    source: str
    sender: str
    about: str
    sent: dict[str, Any]
    heard_on: date
    born: date | None
    data_class: str
    label: str
    at: datetime | None = None
    on: date | None = None
    until: datetime | None = None
    until_on: date | None = None

    @property
    def type(self) -> str:
        return self.sent["resourceType"]

    @property
    def words(self) -> str | None:
        coded = (
            self.sent.get("code") or self.sent.get("medicationCodeableConcept") or (self.sent.get("type") or [{}])[0]
        )
        said = coded.get("text") or (coded.get("coding") or [{}])[0].get("display") or self.sent.get("title") or ""
        return None if re.search(r"\d{6}|@", said) else said[:100] or None

    @property
    def coding(self) -> tuple[str | None, str | None]:
        coded = self.sent.get("code") or self.sent.get("medicationCodeableConcept") or {}
        first = (coded.get("coding") or [{}])[0]
        system = first.get("system") or ""
        named = "snomed" if "snomed" in system else "icd-10" if "icd-10" in system else system or None
        return named, first.get("code")

    @property
    def visit(self) -> str:
        """The kind of an encounter, by its words, then by its class."""
        spoken = f"{self.words or ''} {self.service or ''}".lower()
        kind = self.sent["class"]["code"]
        if any(word in spoken for word in VISITS["out_of_hours_words"]):
            return "out of hours"
        if any(word in spoken for word in VISITS["ambulance_words"]):
            return "ambulance"
        if kind in VISITS["admission_classes"]:
            return "admission"
        return "attendance" if kind in VISITS["attendance_classes"] else "contact"

    @property
    def service(self) -> str | None:
        return (self.sent.get("serviceType") or {}).get("text")

    @property
    def icd(self) -> str | None:
        named, code = self.coding
        return re.sub(r"[^A-Za-z0-9]", "", code).upper() if named == "icd-10" and code else None


@dataclass
class Slow:
    """The tables, each a bag of rows, and what became of the lines."""

    tables: dict[str, Counter[tuple[Any, ...]]] = field(default_factory=lambda: defaultdict(Counter))
    reasons: Counter[str] = field(default_factory=Counter)
    kept: int = 0


def moment(text: str | None, *, ends: bool = False) -> datetime | None:
    """When a FHIR date begins, or what ends on it is over, in UTC without a zone."""
    if not text:
        return None
    if len(text) > 10:
        return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None)
    first = date.fromisoformat(text if len(text) == 10 else f"{text}-01-01") + timedelta(days=ends)
    return datetime(first.year, first.month, first.day, tzinfo=LONDON).astimezone(UTC).replace(tzinfo=None)


def london(at: datetime | None) -> date | None:
    return at.replace(tzinfo=UTC).astimezone(LONDON).date() if at else None


STARTS = {
    "Encounter": lambda sent: (sent.get("period") or {}).get("start"),
    "Condition": lambda sent: sent.get("onsetDateTime") or sent.get("recordedDate"),
    "Observation": lambda sent: sent.get("effectiveDateTime"),
    "MedicationRequest": lambda sent: sent.get("authoredOn"),
    "ServiceRequest": lambda sent: sent.get("authoredOn"),
    "CarePlan": lambda sent: (sent.get("period") or {}).get("start"),
}
ENDS = {
    "Encounter": lambda sent: (sent.get("period") or {}).get("end"),
    "Condition": lambda sent: sent.get("abatementDateTime"),
    "CarePlan": lambda sent: (sent.get("period") or {}).get("end"),
}


def read(*, key: bytes) -> list[Row]:
    """Every line of everybody, read from what was sent."""
    whose = {
        link.patient_id: link.person.merged_into or link.person
        for link in Link.objects.filter(ended_at=None).select_related("person__merged_into")
    }
    found = []
    for row in Resource.objects.filter(is_current=True, removed=False).select_related("source"):
        person = whose[row.patient_id]
        sent = json.loads(bytes(row.content))
        starts, ends = (told.get(row.type, lambda _: None)(sent) for told in (STARTS, ENDS))
        born = person.birth_on.replace(day=1) if person.birth_on else None
        one = Row(pseudonym(key=key, person=person.pk), row.source.code, str(row.sender_id),
                  f"{row.source_id}/{row.local_id}", sent, row.received_at.date(), born, row.data_class,
                  row.label)  # fmt: skip
        one.at, one.until = moment(starts), moment(ends, ends=True)
        one.on, one.until_on = london(one.at), london(one.until)
        found.append(one)
    return found


def why_not(row: Row, *, until: datetime) -> str | None:
    """Why a line is left out, or nothing."""
    if row.type not in STARTS:
        return "of a kind that the copy does not hold"
    if row.data_class in HELD_BACK:
        return HELD_BACK[row.data_class]
    if row.label != "N":
        return "restricted"
    return _wrong_in_itself(row) or _wrong_day(row, until=until)


def _wrong_in_itself(row: Row) -> str | None:
    return _wrong_condition(row) or _wrong_other(row)


def _wrong_condition(row: Row) -> str | None:
    sent = row.sent
    doubt = ((sent.get("verificationStatus") or {}).get("coding") or [{}])[0].get("code")
    if "entered-in-error" in (sent.get("status"), doubt):
        return "entered in error"
    if doubt == "refuted":
        return "ruled out"
    if doubt in ("provisional", "differential", "unconfirmed"):
        return "not confirmed"
    if row.type == "Condition" and row.coding[0] == "icd-10" and not re.match(r"[A-Z]\d\d", row.icd or ""):
        return "not a code of ICD-10"
    return None


def _wrong_other(row: Row) -> str | None:
    sent, status = row.sent, row.sent.get("status")
    # as the record says it: one that was stopped or completed had been more than proposed
    if sent.get("intent") == "proposal" and status == "active" and row.type == "MedicationRequest":
        return "only proposed"
    if row.type == "Observation" and status in ("preliminary", "registered"):
        return "not final"
    if row.type == "Observation" and "valueString" in sent and yes_or_no(sent["valueString"]) is None:
        return "found in free words"
    if row.type == "Encounter" and row.visit != "contact":
        return {"planned": "planned, and not happened yet", "cancelled": "cancelled"}.get(status or "")
    return None


def _wrong_day(row: Row, *, until: datetime) -> str | None:
    if row.at is None:
        return None if row.type in ("Condition", "MedicationRequest") else "without a date"
    if row.at > until and row.sent.get("status") != "planned":
        return "dated in the future"
    if row.at < datetime(1900, 1, 1):
        return "dated before 1900"
    whole_day = len(STARTS[row.type](row.sent)) >= 10
    if row.born and whole_day and row.at < datetime.combine(row.born, datetime.min.time()) - timedelta(days=1):
        return "dated before their birth"
    return None


def yes_or_no(words: str) -> float | None:
    found = re.match(r"\s*(yes|no|not yet)\s*($|[,.:;])", words.lower())
    return None if found is None else float(found[1] == "yes")


def slow_copy(*, key: bytes, at: datetime) -> Slow:
    """The copy of everything in this database at a moment."""
    until = at.replace(tzinfo=None) + timedelta(days=1)
    made, rows = Slow(), []
    for row in read(key=key):
        reason = why_not(row, until=until)
        if reason:
            made.reasons[reason] += 1
        else:
            made.kept += 1
            rows.append(row)
    visits = events(rows, made, until=until)
    falls(rows, made, visits)
    conditions(rows, made)
    diagnoses(rows, made, visits)
    medicines(rows, made)
    measurements(rows, made)
    social_care(rows, made)
    contacts(rows, made)
    people(made, key=key, on=at.astimezone(LONDON).date())
    scores(made, on=at.astimezone(LONDON).date())
    return made


def groups(rows: Iterable[Row], by: Callable[[Row], Any]) -> list[list[Row]]:
    found: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        found[by(row)].append(row)
    return list(found.values())


# what stands for an encounter: the kind and the beginning of its event, and when its own sender says it began
Stands = dict[str, tuple[str, datetime, date, datetime]]


def events(rows: list[Row], made: Slow, *, until: datetime) -> Stands:
    """Each event once; returns what stands for each encounter."""
    told = [row for row in rows if row.type == "Encounter" and row.visit != "contact"]
    stands: Stands = {}
    for same in groups(told, lambda row: (row.person, row.visit)):
        numbered = groups(same, lambda row: number(row))
        spokesmen = [min(some, key=lambda row: fullness(row, until)) for some in numbered]
        order = sorted(
            range(len(numbered)), key=lambda at: (spokesmen[at].at, about(spokesmen[at]) + spokesmen[at].source)
        )
        islands: list[list[Row]] = []
        before = None
        for index in order:
            if before is None or spokesmen[index].at - before > HOUR:
                islands.append([])
            islands[-1] += numbered[index]
            before = spokesmen[index].at
        for island in islands:
            _event(island, made, stands, told, until=until)
    return stands


def _event(island: list[Row], made: Slow, stands: dict, told: list[Row], *, until: datetime) -> None:
    ranked = sorted(island, key=lambda row: fullness(row, until))
    best = ranked[0]
    kind = best.visit if best.visit != "admission" else admission(best, told)
    ended = next((ended_at(row, until) for row in ranked if ended_at(row, until)), None)
    where = next((row.service for row in ranked if row.service), None) or next(
        (place(row) for row in ranked if place(row)), None
    )
    sources = len({row.source for row in island})
    ended_on = london(ended - timedelta(microseconds=1)) if ended else None
    made.tables["events"][
        (best.person, kind, best.at, best.on, ended, ended_on, None, None, where, best.source, sources)
    ] += 1
    for row in island:
        # as the sender's own encounter is looked up
        stands[row.person + row.about] = (kind, best.at, row.on, row.at)


def falls(rows: list[Row], made: Slow, visits: Stands) -> None:
    """Every fall that somebody wrote down, once a day: by its words, its code, or a stay's diagnosis."""
    told: list[tuple[str, str, datetime, date]] = []
    for row in rows:
        if row.type not in ("Condition", "Observation"):
            continue
        by_words = re.match(r"(a )?(fall|fell)\b", (row.words or "").lower())
        if row.at and (by_words or row.coding[1] in KINDS["falls"]["snomed"]):
            told.append((row.person, row.source, row.at, row.on))
        stay = visits.get(encounter(row)) if (row.icd or "")[:3] in KINDS["falls"]["icd10"] else None
        if stay is not None:
            told.append((row.person, row.source, stay[3], stay[2]))
    for same in groups(told, lambda one: (one[0], one[3])):
        person, source, at, on = min(same, key=lambda one: (one[2], one[1]))
        sources = len({one[1] for one in same})
        made.tables["events"][(person, "fall", at, on, None, None, None, None, None, source, sources)] += 1


def encounter(row: Row) -> str:
    """The encounter that a line belongs to, as its own sender names it."""
    local = row.sent.get("encounter", {}).get("reference", "").removeprefix("Encounter/")
    return f"{row.person}{row.about.split('/')[0]}/{local}"


def about(row: Row) -> str:
    import hashlib

    return hashlib.md5(row.about.encode()).hexdigest()


def number(row: Row) -> str:
    told = (row.sent.get("identifier") or [{}])[0].get("value")
    # another organisation's number of the same letters is another visit
    return f"{row.sender}/{told.upper()}" if told else about(row) + row.source


def method(row: Row) -> str | None:
    for one in (row.sent.get("hospitalization") or {}).get("extension", []):
        return one["valueCodeableConcept"]["coding"][0]["code"]
    return None


def ended_at(row: Row, until: datetime) -> datetime | None:
    return row.until if row.until and row.at <= row.until <= until else None


def place(row: Row) -> str | None:
    return (row.sent.get("location") or [{}])[0].get("location", {}).get("display")


def fullness(row: Row, until: datetime) -> tuple:
    guessed = row.visit == "admission" and method(row) is None
    return (guessed, ended_at(row, until) is None, True, row.service is None, row.source, about(row))


def admission(row: Row, told: list[Row]) -> str:
    code = method(row)
    if code is not None:
        return "emergency admission" if code in VISITS["emergency_methods"] else "planned admission"
    attended = [
        one for one in told
        if one.person == row.person and one.visit == "attendance" and row.at - 12 * HOUR <= one.at <= row.at
    ]  # fmt: skip
    return "emergency admission" if attended else "planned admission"


def is_current(row: Row) -> bool:
    if row.type == "MedicationRequest":
        return row.sent.get("status") in ("active", "on-hold")
    said = ((row.sent.get("clinicalStatus") or {}).get("coding") or [{}])[0].get("code")
    return said in ("active", "recurrence", "relapse")


def of_a_stay(row: Row) -> bool:
    category = ((row.sent.get("category") or [{}])[0].get("coding") or [{}])[0].get("code")
    return row.coding[0] == "icd-10" and category == "encounter-diagnosis"


def conditions(rows: list[Row], made: Slow) -> None:
    ours = [row for row in rows if row.type == "Condition" and not of_a_stay(row)]
    for same in groups(
        ours, lambda row: (row.person, row.coding[0], row.icd or row.coding[1] or (row.words or "").lower())
    ):
        first = min(same, key=lambda row: (row.at is None, row.at or 0, row.heard_on, row.source, about(row)))
        current = any(map(is_current, same))
        ended = max((row.until_on for row in same if row.until_on), default=None)
        started = min((row.on for row in same if row.on), default=None)
        made.tables["conditions"][
            (first.person, first.coding[0], first.icd or first.coding[1], first.words, started,
             None if current else ended, current, first.source, len({row.source for row in same}), first.heard_on)
        ] += 1  # fmt: skip


def diagnoses(rows: list[Row], made: Slow, visits: Stands) -> None:
    found: dict[tuple, list[date]] = defaultdict(list)
    for row in rows:
        if row.type == "Condition" and row.icd and re.match(r"[A-Z]\d\d", row.icd):
            kind, at, on, _ = visits.get(encounter(row), (None, None, None, None))
            found[(row.person, kind, at, row.icd)].append(row.on or on)
    for what, days in found.items():
        made.tables["diagnoses"][(*what, None, min((one for one in days if one), default=None))] += 1


def medicines(rows: list[Row], made: Slow) -> None:
    ours = [row for row in rows if row.type == "MedicationRequest"]
    for same in groups(ours, lambda row: (row.person, row.coding[1] or (row.words or "").lower(), row.on)):
        first = min(same, key=lambda row: (not is_current(row), row.source, about(row)))
        made.tables["medicines"][
            (first.person, *first.coding, first.words, first.on, None, any(map(is_current, same)), first.source)
        ] += 1


def measurements(rows: list[Row], made: Slow) -> None:
    found: dict[tuple, list[tuple[str, str]]] = defaultdict(list)
    for row in rows:
        if row.type == "Observation":
            for system, code, said, value, unit, answer in values(row):
                found[(row.person, system, code, code or said.lower(), value, unit, answer, row.at, row.on)].append(
                    (row.source, said)
                )
    for (person, system, code, _, value, unit, answer, _, on), told in found.items():
        said, source = min(said for _, said in told), min(source for source, _ in told)
        made.tables["measurements"][(person, system, code, said, value, unit, answer, on, source)] += 1


def values(row: Row) -> list[tuple]:
    sent = row.sent
    if "component" in sent:
        upper, lower = (float(part["valueQuantity"]["value"]) for part in sent["component"])
        return [
            ("snomed", "72313002", "Systolic blood pressure", upper, "mm[Hg]", None),
            ("snomed", "1091811000000102", "Diastolic blood pressure", lower, "mm[Hg]", None),
        ]
    if "valueQuantity" in sent:
        told = sent["valueQuantity"]
        return [(*row.coding, row.words, float(told["value"]), told["unit"], None)]
    if "valueCodeableConcept" in sent:
        return [(*row.coding, row.words, None, None, sent["valueCodeableConcept"]["coding"][0]["display"])]
    return [(*row.coding, row.words, yes_or_no(sent["valueString"]), "yes or no", None)]


def social_care(rows: list[Row], made: Slow) -> None:
    found: dict[tuple, list[str]] = defaultdict(list)
    for row in rows:
        category = row.sent.get("category") or [{}]
        words = category[0].get("text", "").lower() if isinstance(category, list) else ""
        if row.type == "CarePlan":
            title = row.sent["title"].lower()
            kind = next(
                (one["kind"] for one in KINDS["package"] if any(word in title for word in one["words"])), "other"
            )
            ended = row.until_on if row.until_on and row.until_on >= row.on else None
            found[(row.person, kind, row.on, ended)].append(row.source)
        elif row.type == "ServiceRequest" and "social care" in words:
            found[(row.person, "request", row.on, row.on)].append(row.source)
    for what, sources in found.items():
        made.tables["social_care"][(*what, min(sources))] += 1


HOW = {"AMB": "clinic", "HH": "home", "FLD": "home", "VR": "remote"}
SEEN = ("finished", "in-progress", "arrived", "triaged", "onleave")


def contacts(rows: list[Row], made: Slow) -> None:
    asked = [row for row in rows if row.type == "ServiceRequest" and "category" not in row.sent]
    seen = []
    told = [row for row in rows if row.type == "Encounter" and row.visit == "contact"]
    for same in groups(told, lambda row: (row.person, row.at, (row.service or row.words or "").lower())):
        best = min(same, key=lambda row: (row.sent["status"] != "finished", row.source, about(row)))
        kind = best.service or best.words or "Contact"
        before = [
            one.at for one in asked
            if (one.person, one.source, one.words.lower()) == (best.person, best.source, kind.lower())
            and one.at <= best.at
        ]  # fmt: skip
        last = max(before, default=None)
        how = HOW.get(best.sent["class"]["code"], "other")
        status = best.sent["status"]
        seen.append((best.person, best.source, kind.lower(), best.at, status))
        made.tables["contacts"][
            (best.person, kind, how, london(last), last, best.on, best.at, status, status in SEEN, best.source)
        ] += 1
    for same in groups(asked, lambda row: (row.person, row.source, row.words.lower(), row.at)):
        waits = [row for row in same if row.sent["status"] == "active"]
        later = [
            one for one in seen
            if one[:3] == (same[0].person, same[0].source, same[0].words.lower())
            and one[3] >= same[0].at and one[4] in SEEN
        ]  # fmt: skip
        if waits and not later:
            row = waits[0]
            made.tables["contacts"][
                (row.person, row.words, "other", row.on, row.at, None, None, "waiting", False, row.source)
            ] += 1


def people(made: Slow, *, key: bytes, on: date) -> None:
    """Everybody, with what their lines say of where they live, and their deaths; of unknown postcodes and practices."""
    linked = Link.objects.filter(ended_at=None).values_list("person", "person__merged_into")
    for pk in {merged or person for person, merged in linked}:
        one, name = Person.objects.get(pk=pk), pseudonym(key=key, person=pk)
        lives = any(
            who == name and kind.startswith("permanent") and started <= on and (ended is None or ended > on)
            for who, kind, started, ended, _ in made.tables["social_care"]
        )
        where = (None,) * 7
        opted_out = Objection.objects.filter(person=one, kind="secondary_use", ends_on=None).exists()
        made.tables["people"][
            (name, one.birth_on.replace(day=1), one.sex, None, *where, lives, False, one.died_on, one.died, opted_out)
        ] += 1
        if one.died:
            in_hospital = one.died_on is not None and any(
                row[0] == name and row[1].endswith("admission") and row[5] == one.died_on
                for row in made.tables["events"]
            )
            place = "hospital" if in_hospital else "care home" if lives else None
            made.tables["deaths"][(name, one.died_on, place, None)] += 1


def scores(made: Slow, *, on: date) -> None:
    """Each person's scores by the function that scores one person, of their diagnoses up to the day."""
    theirs: dict[str, list[Diagnosis]] = defaultdict(list)
    for person, _, _, code, _, day in made.tables["diagnoses"].elements():
        if day is not None and day <= on:
            theirs[person].append(Diagnosis(code, day))
    for person, diagnoses in theirs.items():
        for method in OF_ICD10:
            told = score(method=method, diagnoses=diagnoses, on=on)
            made.tables["scores"][(person, method.name, told.value, told.band, on)] += 1
