"""FHIR quantities in words. https://hl7.org/fhir/R4/datatypes.html#quantity"""

import re
from decimal import Decimal, InvalidOperation

from locality.record.headlines.words import plain

UCUM = "http://unitsofmeasure.org"
# UCUM codes, and units as senders write them, as a practitioner reads them
UNIT_WORDS = {
    "mm[Hg]": "mmHg", "mm Hg": "mmHg", "cm[H2O]": "cmH2O", "Cel": "\u00b0C", "C": "\u00b0C", "degrees C": "\u00b0C",
    "[degF]": "\u00b0F", "1": "", "score": "", "Score": "", "ScoreOf": "", "{score}": "", "{ScoreOf}": "", "count": "",
    "[lb_av]": "lb", "lbs": "lb", "[in_i]": "in", "wk": "weeks", "mo": "months", "a": "years", "d": "days",
    "h": "hours", "min": "minutes", "s": "seconds", "/min": "per minute", "/d": "a day", "/wk": "a week",
    "[iU]": "units", "10*9/L": "x10\u2079/L", "x10*9/L": "x10\u2079/L", "10*12/L": "x10\u00b9\u00b2/L",
    "x10*12/L": "x10\u00b9\u00b2/L", "10*3/uL": "x10\u00b3/\u00b5L", "10*6/uL": "x10\u2076/\u00b5L",
    "mL/min/{1.73_m2}": "mL/min/1.73 m\u00b2", "kg/m2": "kg/m\u00b2", "ug": "micrograms", "mcg": "micrograms",
    "umol/L": "\u00b5mol/L", "ug/L": "\u00b5g/L", "pH": "", "[pH]": "",
}  # fmt: skip
# UCUM codes that read better than the units some senders write beside them ("kilogram", "millimoles per litre")
PLAIN_CODES = {
    "%",
    "kg",
    "g",
    "mg",
    "ng",
    "pg",
    "m",
    "cm",
    "mm",
    "km",
    "L",
    "l",
    "mL",
    "ml",
    "dL",
    "fL",
    "kPa",
    "kcal",
    "cal",
}
ANNOTATION = re.compile(r"\{[^{}]*\}")
COMPARATORS = {"<=": "≤", ">=": "≥"}


def number(value: object) -> Decimal | None:
    """A JSON number, exact; None when it is none or too large to mean anything (1e999)."""
    if isinstance(value, Decimal):
        exact = value
    elif isinstance(value, int | float | str) and not isinstance(value, bool):
        try:
            exact = Decimal(str(value))
        except InvalidOperation:
            return None
    else:
        return None
    return exact if exact.is_finite() and -40 < exact.adjusted() < 40 else None


def number_words(value: object) -> str:
    """A number as sent, but a long tail of decimals, which no instrument measured, is cut."""
    exact = number(value)
    if exact is None:
        return "" if value is None else str(value)[:40]
    text = f"{exact:f}"
    if len(text) < 8 or len(text.partition(".")[2]) <= 4 or exact.adjusted() > 20:
        return text
    places = 2 if abs(exact) >= 1 else min(3 - exact.adjusted(), 20)
    return f"{round(exact, places):f}".rstrip("0").rstrip(".")


def unit_words(quantity: dict) -> str:
    """The unit as a practitioner reads it: from the UCUM code where it reads well, else as written."""
    unit, code = quantity.get("unit") or "", quantity.get("code") or ""
    if code and quantity.get("system") == UCUM:
        words = UNIT_WORDS.get(code)
        if words is None and "{" in code:
            words = UNIT_WORDS.get(ANNOTATION.sub("", code))
        if words is not None:
            return words if words or "score" in code.lower() or code == "1" else UNIT_WORDS.get(unit, unit)
        if code in PLAIN_CODES or ("/" in code and not set(code) & set("[{(*")):
            return code
    return UNIT_WORDS.get(unit or code, unit or code)


def quantity_words(quantity: dict | None) -> str:
    if not quantity:
        return ""
    amount = number_words(quantity.get("value"))
    if not amount:
        return ""
    unit = unit_words(quantity)
    comparator = quantity.get("comparator")
    if comparator:
        amount = COMPARATORS.get(comparator, comparator) + amount
    if not unit:
        return amount
    return f"{amount}%" if unit == "%" else f"{amount} {plain(unit)}"


def range_words(limits: dict) -> str:
    low, high = limits.get("low"), limits.get("high")
    if low and high:
        if unit_words(low) == unit_words(high):
            return f"{number_words(low.get('value'))} to {quantity_words(high)}"
        return f"{quantity_words(low)} to {quantity_words(high)}"
    if low:
        return f"{quantity_words(low)} or more"
    return f"up to {quantity_words(high)}" if high else ""


def ratio_words(ratio: dict) -> str:
    top, bottom = quantity_words(ratio.get("numerator")), quantity_words(ratio.get("denominator"))
    if bottom in {"", "1"}:
        return top
    return f"{top} per {bottom.removeprefix('1 ')}" if " " in bottom else f"{top}:{bottom}"


def money_words(money: dict) -> str:
    amount = number(money.get("value"))
    if amount is None:
        return ""
    currency = money.get("currency") or ""
    return f"£{amount:,.2f}" if currency == "GBP" else f"{amount:,.2f} {currency}".strip()
