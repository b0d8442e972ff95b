"""Any FHIR value[x], extension value or answer, in words. https://hl7.org/fhir/R4/datatypes.html"""

from collections.abc import Callable

from locality.record.headlines.amounts import money_words, number_words, quantity_words, range_words, ratio_words
from locality.record.headlines.timing import timing_words
from locality.record.headlines.when import date_words, period_words
from locality.record.headlines.words import (
    annotation_words,
    coding_words,
    concept_words,
    name_words,
    plain,
    reference_words,
    strings,
    yes_no,
)


def address_words(address: dict) -> str:
    said = [*strings(address.get("line")), address.get("city"), address.get("district"), address.get("postalCode")]
    return ", ".join(plain(one) for one in said if one) or plain(address.get("text"))


def sample_words(sample: dict) -> str:
    return f"a trace of {len((sample.get('data') or '').split())} samples"


def attachment_words(attachment: dict) -> str:
    return plain(attachment.get("title") or attachment.get("contentType") or attachment.get("url"))


WORDS: dict[str, Callable] = {
    "Quantity": quantity_words,
    "Age": quantity_words,
    "Duration": quantity_words,
    "Distance": quantity_words,
    "Count": quantity_words,
    "SimpleQuantity": quantity_words,
    "CodeableConcept": concept_words,
    "String": plain,
    "Markdown": plain,
    "Code": plain,
    "Id": plain,
    "Uri": plain,
    "Url": plain,
    "Canonical": plain,
    "Oid": plain,
    "Uuid": plain,
    "Boolean": yes_no,
    "Integer": number_words,
    "PositiveInt": number_words,
    "UnsignedInt": number_words,
    "Decimal": number_words,
    "Date": date_words,
    "DateTime": date_words,
    "Instant": date_words,
    "Time": plain,
    "Period": period_words,
    "Range": range_words,
    "Ratio": ratio_words,
    "Money": money_words,
    "Coding": coding_words,
    "Reference": reference_words,
    "Timing": timing_words,
    "HumanName": name_words,
    "Address": address_words,
    "Annotation": annotation_words,
    "SampledData": sample_words,
    "Attachment": attachment_words,
    "Identifier": lambda one: plain(one.get("value")),
    "ContactPoint": lambda one: plain(one.get("value")),
}


def value_words(holder: dict, stem: str = "value") -> str:
    """The words of the one value[x] (or other [x]) that this element carries, "" when it has none."""
    start = len(stem)
    for key, value in holder.items():
        if key[:start] == stem and value is not None:
            words = WORDS.get(key[start:])
            if words:
                return words(value)
    return ""
