"""Observation: measurements, results, findings and scores."""

import re
from decimal import Decimal

from locality.record.headlines.allergy import DISAGREE, NONE_KNOWN, states_none
from locality.record.headlines.amounts import number, number_words, quantity_words, unit_words
from locality.record.headlines.line import Line, encounter_of, when_of, who
from locality.record.headlines.marks import ABOUT_ME
from locality.record.headlines.shapes import Detail, Headline, Part, State, Topic
from locality.record.headlines.values import value_words
from locality.record.headlines.when import date_words
from locality.record.headlines.words import (
    Concept,
    annotation_words,
    concept,
    concept_words,
    reference_words,
    references_words,
)

SYSTOLIC = {"8480-6", "271649006", "72313002", "407554009", "400974009"}
DIASTOLIC = {"8462-4", "271650006", "1091811000000102", "407555005", "400975005"}
NEWS2_TOTAL = "1104051000000101"
TRENDS = {
    "29463-7": "weight", "3141-9": "weight", "27113001": "weight",
    "85354-9": "blood pressure", "55284-4": "blood pressure", "75367002": "blood pressure",
    NEWS2_TOTAL: "NEWS2",
    "8867-4": "pulse", "364075005": "pulse", "78564009": "pulse",
    "8310-5": "temperature", "8331-1": "temperature", "276885007": "temperature", "386725007": "temperature",
    "2708-6": "oxygen saturation", "59408-5": "oxygen saturation", "103228002": "oxygen saturation",
    "431314004": "oxygen saturation",
    "4548-4": "HbA1c", "59261-8": "HbA1c", "999791000000106": "HbA1c", "1049301000000100": "HbA1c",
    "1003671000000109": "HbA1c", "43396009": "HbA1c",
    "33914-3": "eGFR", "62238-1": "eGFR", "98979-8": "eGFR", "77147-7": "eGFR", "48642-3": "eGFR", "48643-1": "eGFR",
    "1011481000000105": "eGFR", "1020291000000106": "eGFR", "80274001": "eGFR",
}  # fmt: skip
SIGNS = {
    "weight": ("weight",), "blood pressure": ("pressure", "bp"), "NEWS2": ("news", "early warning"),
    "pulse": ("pulse", "heart", "hr"), "temperature": ("temp",), "oxygen saturation": ("sat", "spo2", "o2"),
    "HbA1c": ("a1c", "haemoglobin", "hemoglobin", "glyc"), "eGFR": ("gfr", "glomerular"),
}  # fmt: skip
# a trend mixes no units: in another unit than these it is a trend of its own
UNITS = {
    "weight": {"kg", "Kg", "KG"},
    "blood pressure": {"mm[Hg]", "mmHg", "mm Hg"},
    "pulse": {"/min", "{beats}/min", "beats/min", "beats/minute", "bpm", "{Beats}/min"},
    "temperature": {"Cel", "C", "°C", "degrees C"},
    "oxygen saturation": {"%"},
    "HbA1c": {"mmol/mol"},
}
NORMAL = {"N", "WR"}
# https://terminology.hl7.org/CodeSystem-v3-ObservationInterpretation.html
INTERPRETATIONS = {
    "H": "high", "HH": "very high", "HU": "very high", "L": "low", "LL": "very low", "LU": "very low", "A": "abnormal",
    "AA": "very abnormal", "R": "resistant", "S": "susceptible", "I": "intermediate", "POS": "positive",
    "NEG": "negative", "IND": "unclear", "D": "worse", "B": "better", "U": "risen", "DET": "detected",
    "ND": "not detected",
}  # fmt: skip
PROPERTY = re.compile(
    r"\s*\[(?:Moles|Mass|#|Enzymatic|Volume|Presence|Identifier|Type|Ratio|Time|Length|Pressure|Units)[^\[\]]*\]\s*"
)
STANDS = {"final", "amended", "corrected"}
NOT_YET = {"registered", "preliminary"}


def line(resource: dict) -> Line:
    said = concept(resource.get("code"))
    starts, ends = when_of(resource, "effective")
    status = resource.get("status") or ""
    value, amount, unit = result(resource, said)
    flagged = abnormal(resource) if resource.get("interpretation") else ""
    if flagged and flagged == value.lower():
        flagged = ""
    none_known = said.code in NONE_KNOWN and states_none(resource)
    return Line(
        topic=Topic.ALLERGY if none_known else Topic.OBSERVATION,
        concept=said,
        title=without_property(said.words) if "[" in said.words else "",
        value=f"{value} ({flagged})" if flagged and value else value or flagged,
        number=amount,
        unit=unit,
        starts=starts or resource.get("issued") or "",
        ends=ends,
        status=status,
        state=State.CURRENT if none_known and status in STANDS else None,
        by=who(resource, "performer"),
        encounter=encounter_of(resource),
        key=NONE_KNOWN[said.code] if none_known else "",
        dated=not none_known,
        caution=caution(said, status),
    )


def caution(said: Concept, status: str) -> str:
    """A code that everyone knows, with words that say something else, is trusted for neither."""
    signs = SIGNS.get(TRENDS.get(said.code, ""))
    if signs and said.words != said.code and not any(sign in said.words.lower() for sign in signs):
        return DISAGREE
    return "Not final: it may change." if status in NOT_YET else ""


def without_property(title: str) -> str:
    """A LOINC name without the kind of quantity in brackets, which the unit says: "Sodium in Serum or Plasma"."""
    return " ".join(PROPERTY.sub(" ", title).split())


def result(resource: dict, said: Concept) -> tuple[str, Decimal | None, str]:
    """The result in words, and as a number with its unit where it is one (of a blood pressure, the systolic)."""
    quantity = resource.get("valueQuantity")
    if quantity:
        amount = number(quantity.get("value"))
        if said.code == NEWS2_TOTAL and amount is not None:
            return f"NEWS2 total {number_words(amount)}", amount, ""
        # "less than 5" is no point on a line
        amount = None if quantity.get("comparator") else amount
        return quantity_words(quantity), amount, quantity.get("code") or quantity.get("unit") or ""
    whole = resource.get("valueInteger")
    if whole is not None:
        return (f"NEWS2 total {whole}" if said.code == NEWS2_TOTAL else str(whole)), number(whole), ""
    words = value_words(resource)
    if words:
        return words, None, ""
    if resource.get("component"):
        return of_components(resource["component"], said.words)
    members = len(resource.get("hasMember") or ())
    return absent_words(resource) or (f"{members} results" if members > 1 else ""), None, ""


def absent_words(holder: dict) -> str:
    why = holder.get("dataAbsentReason")
    return f"no result: {concept_words(why)}" if why else ""


def of_components(components: list[dict], title: str) -> tuple[str, Decimal | None, str]:
    pressure = blood_pressure(components)
    if pressure:
        return pressure
    said = (part_words(one).removeprefix(f"{title} ") for one in components)
    return "; ".join(filter(None, said)), None, ""


def part_words(component: dict) -> str:
    value = value_words(component)
    return f"{concept(component.get('code')).words} {value}" if value else ""


def blood_pressure(components: list[dict]) -> tuple[str, Decimal | None, str] | None:
    upper = lower = None
    for one in components:
        codings = (one.get("code") or {}).get("coding") or ()
        for coding in codings:
            code = coding.get("code")
            if code in SYSTOLIC:
                upper = one.get("valueQuantity") or upper
            elif code in DIASTOLIC:
                lower = one.get("valueQuantity") or lower
    if not upper or not lower:
        return None
    words = f"{number_words(upper.get('value'))}/{number_words(lower.get('value'))} {unit_words(upper)}".rstrip()
    return words, number(upper.get("value")), upper.get("code") or upper.get("unit") or ""


def abnormal(resource: dict) -> str:
    """What the laboratory said of the result, unless it said normal."""
    said = concept(resource.get("interpretation"))
    if (
        said.code in NORMAL
        or said.words.lower().endswith(("level normal", "normal range"))
        or said.words.lower() == "normal"
    ):
        return ""
    if not said.words or said.words.upper() == said.code:
        return INTERPRETATIONS.get(said.code, said.words)
    return said.words.lower()


def trend_key(headline: Headline) -> str:
    """The stable name of the small trend this line belongs to; "" for none, or without a number."""
    name = TRENDS.get(headline.code, "")
    if not name or headline.value_number is None or DISAGREE in headline.caution:
        return ""
    usual = UNITS.get(name)
    if not usual or not headline.unit or headline.unit in usual:
        return name
    return f"{name} ({unit_words({'unit': headline.unit})})"


def parts(components: list[dict]) -> list[Part]:
    return [part(one) for one in components]


def part(component: dict) -> Part:
    label = concept(component.get("code")).words
    quantity = component.get("valueQuantity")
    if quantity:
        amount = f"{quantity.get('comparator') or ''}{number_words(quantity.get('value'))}"
        return Part(label, amount, unit_words(quantity))
    return Part(label, value_words(component) or absent_words(component), "")


def limits_words(resource: dict) -> str:
    limits = (resource.get("referenceRange") or [{}])[0]
    low, high = quantity_words(limits.get("low")), quantity_words(limits.get("high"))
    if limits.get("text"):
        return limits["text"]
    return f"{low} to {high}" if low and high else low and f"{low} or more" or high and f"up to {high}"


def exact_words(resource: dict) -> str:
    """The number as sent, where the line shortens it."""
    sent = str((resource.get("valueQuantity") or {}).get("value", ""))
    return sent if sent and sent != number_words((resource.get("valueQuantity") or {}).get("value")) else ""


def detail(resource: dict) -> Detail:
    starts, _ = when_of(resource, "effective")
    title, told = concept_words(resource.get("code")), value_words(resource)
    return Detail(
        lines=[
            ("When", date_words(starts)),
            ("Number as sent", exact_words(resource)),
            ("Usual range", limits_words(resource)),
            ("Interpretation", concept_words(resource.get("interpretation"))),
            ("How", concept_words(resource.get("method"))),
            ("Where on the body", concept_words(resource.get("bodySite"))),
            ("Device", reference_words(resource.get("device"), resource)),
            ("Kind", concept_words(resource.get("category"))),
            ("Belongs to", references_words(resource.get("basedOn"), resource)),
            ("Reported", date_words(resource.get("issued") or "")),
            ("Status", resource.get("status") or ""),
            ("No result because", concept_words(resource.get("dataAbsentReason"))),
            ("Note", annotation_words(resource.get("note"))),
        ],
        parts=parts(resource.get("component") or []),
        pairs=[(title, told)] if told and ABOUT_ME.search(title) else [],
    )
