"""AllergyIntolerance: what the person must not be given, and what was said of having no allergy."""

import re

from locality.record.headlines.line import Line, encounter_of, sentence, when_of, who
from locality.record.headlines.shapes import AllergyWords, Detail, State, Topic
from locality.record.headlines.states import state_of
from locality.record.headlines.values import value_words
from locality.record.headlines.when import date_words
from locality.record.headlines.words import annotation_words, codes_of, concept, concept_words, plain

# explicit statements, each of its own reach; SNOMED CT but for the last two
NONE_KNOWN = {
    "716186003": "no known allergy",
    "160244002": "no known allergy",
    "409137002": "no known drug allergy",
    "428607008": "no known environmental allergy",
    "429625007": "no known food allergy",
    "428197003": "no known insect allergy",
    "716184000": "no known latex allergy",
    "716220001": "no known animal allergy",
    "no-known-allergy": "no known allergy",
    "no-known-allergies": "no known allergy",
}
KINDS = "drug|medication|medicine|food|latex|environmental|insect|animal"
NONE_KNOWN_WORDS = re.compile(
    rf"(?i)^\W*(?:(?:no|nil|none)(?: known| current)?(?: (?:{KINDS}))* (?:allerg(?:y|ies)|sensitivit(?:y|ies))"
    rf"(?: known)?(?: to (?:{KINDS})s?)?|nka|nkda|nkfa|nkla|none known|nil known"
    r"|denies (?:any )?(?:known )?allergies)\W*$"
)
NARROWER = re.compile(rf"(?i)\b({KINDS})s?\b")
ALLERGY_LISTS = {"886921000000105", "48765-2", "52472-8"}
NOT_HELD = {"refuted", "entered-in-error"}
LIST_NONE = {"nilknown"}
DISAGREE = "The code and its words disagree: read the original."


def line(resource: dict) -> Line:
    code = resource.get("code")
    said = concept(code)
    verification = concept(resource.get("verificationStatus")).code
    clinical = concept(resource.get("clinicalStatus")).code
    starts, _ = when_of(resource, "onset")
    statement = statement_in(code)
    return Line(
        topic=Topic.ALLERGY,
        concept=said,
        title=title(said.words, statement) or substance(resource) or "Allergy, substance not named",
        value="" if statement else sentence(*how_it_shows(resource)),
        starts=starts or resource.get("recordedDate") or resource.get("lastOccurrence") or "",
        status=verification if verification in NOT_HELD else clinical,
        state=state(verification, clinical),
        by=who(resource, "asserter", "recorder"),
        encounter=encounter_of(resource),
        key=statement,
        dated=False,
        caution=caution(code, verification),
    )


def title(words: str, statement: str) -> str:
    """NKA and the like are written out."""
    return statement.capitalize() if statement and len(words) < 6 else words


def state(verification: str, clinical: str) -> State:
    if verification == "refuted":
        return State.PAST
    return state_of("AllergyIntolerance", verification if verification == "entered-in-error" else clinical)


def caution(code: dict | None, verification: str) -> str:
    if verification == "refuted":
        return "Ruled out: it was tested or asked again, and the person does not have this allergy."
    return DISAGREE if disagrees(code) else ""


def disagrees(code: dict | None) -> bool:
    """Whether the code says that no allergy is known and some words name one, or the other way round."""
    coded = bool(codes_of(code) & NONE_KNOWN.keys())
    words = [(code or {}).get("text"), *(one.get("display") for one in (code or {}).get("coding") or ())]
    said = {bool(NONE_KNOWN_WORDS.search(plain(one))) for one in words if one}
    return bool(said) and (said == {True, False} or (coded and said == {False}))


def statement_in(code: dict | None) -> str:
    """Which explicit "no known allergy" this is; "" when a substance is named, or when code and words disagree."""
    if not code or disagrees(code):
        return ""
    for one in codes_of(code):
        if one in NONE_KNOWN:
            return NONE_KNOWN[one]
    words = concept(code).words
    if not NONE_KNOWN_WORDS.search(words):
        return ""
    narrower = NARROWER.search(words)
    kind = "drug" if words.upper().strip(" .") == "NKDA" else (narrower.group(1).lower() if narrower else "")
    return f"no known {kind} allergy" if kind else "no known allergy"


def allergy_statement(resource: dict) -> str:
    """What this resource states now: "present", "none_known" (explicitly), or "" for nothing of either kind."""
    kind = resource.get("resourceType")
    if kind == "List":
        return "none_known" if allergy_list(resource) and empty_because(resource) in LIST_NONE else ""
    if kind in {"Observation", "Condition"}:
        return "none_known" if states_none(resource) else ""
    if kind != "AllergyIntolerance":
        return ""
    verification = concept(resource.get("verificationStatus")).code
    clinical = concept(resource.get("clinicalStatus")).code
    if verification in NOT_HELD or clinical in {"inactive", "resolved"}:
        return ""
    return "none_known" if statement_in(resource.get("code")) else "present"


def states_none(resource: dict) -> bool:
    """A general practice may write "no known allergies" as a finding; only a code is trusted there, and no denial."""
    if not codes_of(resource.get("code")) & NONE_KNOWN.keys() or not statement_in(resource.get("code")):
        return False
    negated = resource.get("valueBoolean") is False or resource.get("status") in {"entered-in-error", "cancelled"}
    return not negated and concept(resource.get("verificationStatus")).code not in NOT_HELD


def allergy_list(resource: dict) -> bool:
    said = resource.get("status") == "current" and not resource.get("entry")
    return said and bool(codes_of(resource.get("code")) & ALLERGY_LISTS)


def empty_because(resource: dict) -> str:
    return concept(resource.get("emptyReason")).code


def substance(resource: dict) -> str:
    return next(filter(None, (concept_words(one.get("substance")) for one in resource.get("reaction") or ())), "")


def manifestations(resource: dict) -> str:
    shown = (
        concept_words(one.get("manifestation")) or one.get("description") for one in resource.get("reaction") or ()
    )
    return ", ".join(dict.fromkeys(filter(None, shown)))


def severity(resource: dict) -> str:
    said = {one.get("severity") for one in resource.get("reaction") or ()}
    return next((worst for worst in ("severe", "moderate", "mild") if worst in said), "")


def how_it_shows(resource: dict) -> list[str]:
    verification = concept(resource.get("verificationStatus")).code
    return [
        "intolerance" if resource.get("type") == "intolerance" else "",
        manifestations(resource),
        severity(resource),
        "high risk" if resource.get("criticality") == "high" else "",
        verification if verification in {"unconfirmed", "presumed"} else "",
    ]


CRITICALITY = {"high": "high risk", "low": "low risk", "unable-to-assess": "risk could not be assessed"}


def detail(resource: dict) -> Detail:
    statement = statement_in(resource.get("code"))
    shown = AllergyWords(
        substance="" if statement else (concept(resource.get("code")).words or substance(resource)),
        reaction=manifestations(resource),
        severity=severity(resource),
        criticality=CRITICALITY.get(resource.get("criticality") or "", ""),
        statement=statement,
    )
    lines = [
        ("Reaction", shown.reaction),
        ("Severity", shown.severity),
        ("Risk", shown.criticality),
        ("Kind", sentence(resource.get("type") or "", *(resource.get("category") or ()))),
        ("Certainty", concept_words(resource.get("verificationStatus"))),
        ("Began", value_words(resource, "onset")),
        ("Last happened", date_words(resource.get("lastOccurrence") or "")),
        ("Written down", date_words(resource.get("recordedDate") or "")),
        ("Note", annotation_words(resource.get("note"))),
    ]
    return Detail(lines=lines, allergy=shown)
