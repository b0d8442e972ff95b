"""FHIR timings in words: "twice a day, with meals". https://hl7.org/fhir/R4/datatypes.html#timing"""

from locality.record.headlines.amounts import number_words, quantity_words
from locality.record.headlines.when import date_words, period_words
from locality.record.headlines.words import concept, concept_words, strings

PERIOD_UNITS = {"s": "second", "min": "minute", "h": "hour", "d": "day", "wk": "week", "mo": "month", "a": "year"}
TIMES = {"1": "once", "2": "twice", "3": "three times", "4": "four times"}
MOMENTS = {
    "MORN": "in the morning", "AFT": "in the afternoon", "EVE": "in the evening", "NIGHT": "at night",
    "NOON": "at noon", "HS": "at bedtime", "AC": "before meals", "PC": "after meals", "C": "with meals",
    "WAKE": "on waking", "ACM": "before breakfast", "ACD": "before lunch", "ACV": "before the evening meal",
    "PCM": "after breakfast", "PCD": "after lunch", "PCV": "after the evening meal",
}  # fmt: skip


# HL7's abbreviations, https://terminology.hl7.org/CodeSystem-v3-GTSAbbreviation.html
ABBREVIATIONS = {
    "QD": "once a day", "BID": "twice a day", "TID": "three times a day", "QID": "four times a day",
    "QOD": "every 2 days", "Q4H": "every 4 hours", "Q6H": "every 6 hours", "AM": "in the morning",
    "PM": "in the afternoon",
}  # fmt: skip


def timing_words(timing: dict) -> str:
    code = timing.get("code")
    said = ABBREVIATIONS.get(concept(code).code) or concept_words(code)
    if said:
        return said
    repeat = timing.get("repeat") or {}
    moments = ", ".join(date_words(one) for one in strings(timing.get("event")))
    return repeat_words(repeat) or moments


def repeat_words(repeat: dict) -> str:
    how_often = frequency_words(repeat)
    days = ", ".join(one.capitalize() for one in strings(repeat.get("dayOfWeek")))
    moments = " and ".join(MOMENTS.get(one, one) for one in strings(repeat.get("when")))
    clock = ", ".join(one[:5] for one in strings(repeat.get("timeOfDay")))
    lasting = lasting_words(repeat)
    return ", ".join(filter(None, [how_often, days and f"on {days}", moments, clock and f"at {clock}", lasting]))


def frequency_words(repeat: dict) -> str:
    unit = PERIOD_UNITS.get(repeat.get("periodUnit") or "")
    if not unit:
        return ""
    every = number_words(repeat.get("period")) or "1"
    times = str(repeat.get("frequency") or 1)
    often = TIMES.get(times, f"{times} times")
    if every == "1":
        return f"{often} a {unit}"
    return f"every {every} {unit}s" if times == "1" else f"{often} every {every} {unit}s"


def lasting_words(repeat: dict) -> str:
    period = repeat.get("boundsPeriod")
    if period:
        return period_words(period)
    lasting = repeat.get("boundsDuration")
    return f"for {quantity_words(lasting)}" if lasting else ""
