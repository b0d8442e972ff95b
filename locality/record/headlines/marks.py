"""What words and security labels say of a line: who may see it, and which panel it belongs to.

The lists of words and codes in held_back.json are our own and unverified: nobody has published a list for England.
"""

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

HELD_BACK = json.loads((Path(__file__).parent / "held_back.json").read_text("utf-8"))
CONFIDENTIALITY = {"N": 0, "R": 1, "V": 2, "REDACTED": 1}
LABELS = "NRV"
# v3-ActCode information sensitivity, the classes that access.md calls SENS and HL7's own kinds of them
SENSITIVE = frozenset({"SEX", "STD", "HIV", "PSY", "ETH", "SDV", "PSYTHPN", "SUD", "ETHUD", "OPIOIDUD", "MST"})


def any_of(words: list[str], *, exact_case: Sequence[str] = ()) -> re.Pattern:
    """One pattern for any of these words or beginnings of words; those of exact case stand whole."""
    starts = "|".join(re.escape(word) for word in words)
    whole = "|".join(re.escape(word) for word in exact_case)
    return re.compile(rf"\b(?i:{starts})" + (rf"|\b(?:{whole})\b" if whole else ""))


ABOUT_ME = re.compile(r"(?i)\babout[ -]?me\b")
COMMUNICATION = any_of(
    ["reasonable adjustment", "interpreter", "large print", "large font", "braille", "sign language", "makaton",
     "lip read", "lipread", "lip-read", "easy read", "easyread", "communication need", "communication support",
     "communication aid", "communication requirement", "communication professional", "information in audio",
     "requires information", "requires written information", "requires contact by", "deafblind",
     "hearing loop", "speak slowly", "speak clearly", "text relay", "accessible information"],
    exact_case=["BSL", "AIS"],
)  # fmt: skip
OTHER_LANGUAGE = re.compile(r"(?i)\bmain spoken language (?!english)|\bdoes not speak english|\bspeaks no english")
# said of a Flag, these too are about how to speak with the person
COMMUNICATION_FLAG = any_of(
    ["communicat", "hearing", "deaf", "blind", "visual impair", "vision", "sight", "speech", "language", "speak to",
     "additional support", "autis", "learning disab"],
)  # fmt: skip
DECISION = any_of(
    ["dnacpr", "do not attempt cardio", "do not attempt cpr", "do not attempt resus", "do not resuscitate",
     "for resuscitation", "for attempted cpr", "not for attempted", "not for cardiopulmonary",
     "for attempted cardiopulmonary",
     "recommended summary plan for emergency care", "advance decision", "advanced decision", "advance directive",
     "advanced directive", "advance care plan", "advanced care plan", "advance statement", "living will",
     "lasting power of attorney", "power of attorney", "preferred place of death", "preferred place of care",
     "end of life plan", "end of life care plan", "end-of-life plan", "end of life care preference", "eol plan",
     "epaccs", "treatment escalation plan", "resuscitation status", "resuscitation discussion"],
    exact_case=["ReSPECT", "RESPECT form", "ADRT", "DNAR", "DNR", "LPA"],
)  # fmt: skip
PACKAGE = any_of(
    ["package of care", "care package", "home care", "homecare", "domiciliary care", "direct payment",
     "personal budget", "support package", "package of support", "reablement", "meals on wheels", "residential care",
     "nursing home care", "nursing care placement", "care home placement", "supported living", "shared lives",
     "extra care", "respite care", "day centre", "telecare", "community alarm", "pendant alarm"],
)  # fmt: skip
SOCIAL = any_of(
    ["social care", "social work", "social services", "adult social", "care act", "care needs assessment",
     "eligible needs", "eligibility assessment", "carer's assessment", "carers assessment", "carer\u2019s assessment",
     "carers' assessment", "financial assessment", "means test", "continuing healthcare", "continuing health care",
     "early help"],
)  # fmt: skip
SAFEGUARDING = any_of(
    ["safeguarding", "child protection", "child in need", "looked after child", "looked-after child",
     "at risk of abuse", "at risk of harm from others", "section 42", "section 47", "female genital mutilation",
     "modern slavery", "human trafficking", "radicalisation", "non-accidental injury", "non accidental injury"],
    exact_case=["MARAC", "MAPPA", "CP-IS", "CPIS", "FGM", "LADO"],
)  # fmt: skip
HELD_BACK_WORDS = any_of(HELD_BACK["words"], exact_case=HELD_BACK["words_in_exact_case"])
HELD_BACK_CODES = frozenset(HELD_BACK["codes"])
HELD_BACK_ICD10 = tuple(HELD_BACK["icd10_beginnings"])


class Marks(NamedTuple):
    about_me: bool = False
    communication: bool = False
    communication_flag: bool = False
    decision: bool = False
    package: bool = False
    social: bool = False
    safeguarding: bool = False
    held_back: bool = False


UNMARKED = Marks()
PATTERNS = (ABOUT_ME, COMMUNICATION, COMMUNICATION_FLAG, DECISION, PACKAGE, SOCIAL, SAFEGUARDING, HELD_BACK_WORDS)


@lru_cache(maxsize=20_000)
def marks(words: str) -> Marks:
    """What these words say; titles repeat, so the answer is kept."""
    found = Marks(*(bool(pattern.search(words)) for pattern in PATTERNS))
    if OTHER_LANGUAGE.search(words):
        found = found._replace(communication=True)
    return found if any(found) else UNMARKED


def also(one: Marks, other: Marks) -> Marks:
    return Marks(*(first or second for first, second in zip(one, other, strict=True)))


def held_back_code(code: str, system: str) -> bool:
    return code in HELD_BACK_CODES or (bool(code) and "icd-10" in system.lower() and code.startswith(HELD_BACK_ICD10))


def label_of(security: list[dict] | None) -> str:
    """N, R or V, the highest that the sender wrote; a letter without its system counts too: closed is the default."""
    highest = 0
    for coding in security or ():
        system = coding.get("system") or ""
        if not system or "onfidentiality" in system:
            highest = max(highest, CONFIDENTIALITY.get(coding.get("code") or "", 0))
    return LABELS[highest]


def sensitive(security: list[dict] | None) -> bool:
    """Whether the sender marked it with one of the sensitivity codes."""
    return any(
        coding.get("code") in SENSITIVE and (not coding.get("system") or "ActCode" in coding["system"])
        for coding in security or ()
    )
