"""What somebody did, said and found: kinds of note, what may be measured, and of which class a note is."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from locality.access.rules import Answer, DataClass, RoleCode
from locality.access.rules.tables import BY_ROLE
from locality.base import Refused
from locality.methods.scores.news2 import News2, Observations, news2


class NoteKind(StrEnum):
    VISIT = "visit"
    TELEPHONE = "telephone"
    MESSAGE = "message"
    FAMILY = "family"
    ABOUT = "about"  # about them, without contact


KIND_WORDS = {
    NoteKind.VISIT: "Visit",
    NoteKind.TELEPHONE: "Telephone",
    NoteKind.MESSAGE: "Message",
    NoteKind.FAMILY: "Family meeting",
    NoteKind.ABOUT: "No contact",
}


class Mood(StrEnum):
    """As they seem, or say they are, best first."""

    BRIGHT = "bright"
    CONTENT = "content"
    FLAT = "flat"
    LOW = "low"
    VERY_LOW = "very low"
    ANXIOUS = "anxious"
    UPSET = "upset"


# ---- what is measured


@dataclass(frozen=True, slots=True)
class Measure:
    """One reading that may be taken: its column, what it is called, its unit and what it can be at all."""

    name: str
    words: str
    unit: str
    low: Decimal
    high: Decimal
    places: int = 0


def _measure(name: str, words: str, unit: str, low: str, high: str, places: int = 0) -> Measure:
    return Measure(name, words, unit, Decimal(low), Decimal(high), places)


MEASURES = (
    _measure("weight", "Weight", "kg", "0.3", "400", 1),
    _measure("systolic", "Blood pressure, upper", "mmHg", "30", "300"),
    _measure("diastolic", "Blood pressure, lower", "mmHg", "10", "200"),
    _measure("pulse", "Pulse", "a minute", "10", "300"),
    _measure("resp_rate", "Breaths", "a minute", "1", "100"),
    _measure("spo2", "Oxygen", "%", "30", "100"),
    _measure("temperature", "Temperature", "\u00b0C", "25", "45", 1),
    _measure("glucose", "Glucose", "mmol/L", "0.5", "60", 1),
    _measure("pain", "Pain, 0 to 10", "of 10", "0", "10"),
)
MEASURED = {one.name: one for one in MEASURES}
ALERT_WORDS = {
    "A": "Alert",
    "C": "New confusion",
    "V": "Answers to voice",
    "P": "Answers to pain",
    "U": "Does not answer",
}
# the child's own score is another, and in pregnancy it misleads
NEWS2_FROM_AGE = 16
NEWS2_NOTE = "NEWS2 (RCP 2017): not for anybody under 16, nor in pregnancy"


def check_readings(readings: Mapping[str, Decimal]) -> None:
    """Raise Refused for a reading that nobody can have, or half a blood pressure."""
    for name, value in readings.items():
        one = MEASURED[name]
        if not one.low <= value <= one.high:
            raise Refused(f"{one.words}: {value} cannot be. It is between {one.low} and {one.high} {one.unit}.")
    upper, lower = readings.get("systolic"), readings.get("diastolic")
    if (upper is None) != (lower is None):
        raise Refused("A blood pressure has two numbers: write both, or neither.")
    if upper is not None and lower is not None and lower >= upper:
        raise Refused("The lower blood pressure is not below the upper one: look at both again.")


def early_warning(told: Mapping[str, Any]) -> News2 | None:
    """The NEWS2 of what was measured; None where nothing of it but a pulse or so was."""
    observed = Observations(
        **{name: _number(told.get(name)) for name in ("resp_rate", "spo2", "systolic", "pulse", "temperature")},
        on_oxygen=told.get("on_oxygen"),
        consciousness=told.get("consciousness") or None,
    )
    found = news2(observations=observed, scale=2 if told.get("oxygen_scale_2") else 1)
    return found if len(found.parts) > 3 else None


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


# ---- a fall, and a wound


class Injured(StrEnum):
    NOT = "not"
    LITTLE = "little"
    BADLY = "badly"


class GotUp(StrEnum):
    ALONE = "alone"
    HELPED = "helped"
    LIFTED = "lifted"
    AMBULANCE = "ambulance"


class Lay(StrEnum):
    SHORT = "short"
    LONG = "long"  # over an hour: the long lie
    UNKNOWN = "unknown"


INJURED_WORDS: Mapping[str, str] = {
    Injured.NOT: "Not hurt",
    Injured.LITTLE: "Bruised or grazed",
    Injured.BADLY: "Badly hurt",
}
GOT_UP_WORDS: Mapping[str, str] = {
    GotUp.ALONE: "Got up alone",
    GotUp.HELPED: "Was helped up",
    GotUp.LIFTED: "Was lifted with equipment",
    GotUp.AMBULANCE: "Needed the ambulance",
}
LAY_WORDS: Mapping[str, str] = {
    Lay.SHORT: "Under an hour",
    Lay.LONG: "Over an hour: a long lie",
    Lay.UNKNOWN: "Not known",
}
YES_NO_WORDS: Mapping[str, str] = {"yes": "Yes", "no": "No", "unknown": "Not known"}


class WoundKind(StrEnum):
    PRESSURE = "pressure ulcer"
    TEAR = "skin tear"
    LEG = "leg ulcer"
    FOOT = "diabetic foot"
    SURGICAL = "surgical"
    BURN = "burn"
    OTHER = "other"


class WoundState(StrEnum):
    HEALING = "healing"
    SAME = "same"
    WORSE = "worse"
    HEALED = "healed"


WOUND_STATE_WORDS: Mapping[str, str] = {
    WoundState.HEALING: "Healing",
    WoundState.SAME: "No change",
    WoundState.WORSE: "Worse",
    WoundState.HEALED: "Healed",
}
# what is asked of each, by field: its words, and what may be chosen where it is chosen
FALL_FIELDS: dict[str, tuple[str, Mapping[str, str]]] = {
    "when": ("When they fell", {}),
    "where": ("Where", {}),
    "doing": ("What they were doing", {}),
    "injured": ("Hurt", INJURED_WORDS),
    "head": ("Hit their head", YES_NO_WORDS),
    "got_up": ("How they got up", GOT_UP_WORDS),
    "lay": ("How long they lay", LAY_WORDS),
}
WOUND_FIELDS: dict[str, tuple[str, Mapping[str, str]]] = {
    "where": ("Where on the body", {}),
    "kind": ("Kind", {one: one.capitalize() for one in WoundKind}),
    "length": ("Length, mm", {}),
    "width": ("Width, mm", {}),
    "depth": ("Depth, mm", {}),
    "state": ("Since last time", WOUND_STATE_WORDS),
}
SIZES = ("length", "width", "depth")
LARGEST_MM = 1000


def check_parts(told: Mapping[str, str], fields: Mapping[str, tuple[str, Mapping[str, str]]]) -> None:
    """Raise Refused for a field that is not asked for, or an answer that is not among those of its field."""
    for name, value in told.items():
        words, among = fields[name]
        if among and value not in among:
            raise Refused(f"{words}: choose one of those in the list.")
        if name in SIZES and not (value.isdecimal() and int(value) <= LARGEST_MM):
            raise Refused(f"{words}: write whole millimetres, such as 25.")


def parts_words(
    told: Mapping[str, str] | None, fields: Mapping[str, tuple[str, Mapping[str, str]]]
) -> tuple[tuple[str, str], ...]:
    """What was said of a fall or a wound, in words, in the order in which it is asked."""
    found = told or {}
    return tuple(
        (words, among.get(found[name], found[name])) for name, (words, among) in fields.items() if name in found
    )


# ---- who may read it

SENSITIVE_WORDS = "Sensitive: sexual health, mental health, substances, or what else they would want few to know"


def class_of(*, role: str, sensitive: bool = False) -> DataClass:
    """Of which class what somebody writes is, by what they work as; raises Refused where they could not read it."""
    if sensitive:
        if not may_be_sensitive(role):
            raise Refused("Your role does not read what is sensitive, so it cannot keep a note as such.")
        return DataClass.SENS
    return {RoleCode.CLINICIAN: DataClass.CLIN, RoleCode.SOCIAL_WORKER: DataClass.SOC}.get(
        RoleCode(role), DataClass.WORK
    )


def may_be_sensitive(role: str) -> bool:
    """Whether this role reads what is sensitive, so that it may write so."""
    return BY_ROLE[role][DataClass.SENS] == Answer.PERMIT
