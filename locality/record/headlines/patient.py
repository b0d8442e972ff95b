"""A FHIR Patient as a person's columns, and how to speak with them. https://hl7.org/fhir/R4/patient.html"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from locality.record.headlines.line import sentence
from locality.record.headlines.marks import label_of
from locality.record.headlines.names import best_address, best_name, email, over, phone
from locality.record.headlines.values import value_words
from locality.record.headlines.when import day
from locality.record.headlines.words import concept, concept_words, name_words, plain, reference_words, strings

UK_CORE = "Extension-UKCore-"
DEATH = "DeathNotificationStatus"
# formal from the registrar, informal from a trust or practice; U takes it back
DIED = {"1", "2"}
BCP47 = {
    "en": "English", "en-gb": "English", "pl": "Polish", "ur": "Urdu", "pa": "Punjabi", "bn": "Bengali", "ar": "Arabic",
    "fr": "French", "es": "Spanish", "pt": "Portuguese", "de": "German", "it": "Italian", "ro": "Romanian",
    "zh": "Chinese", "cy": "Welsh", "gu": "Gujarati", "hi": "Hindi", "so": "Somali", "fa": "Farsi", "ku": "Kurdish",
    "tr": "Turkish", "ru": "Russian", "uk": "Ukrainian", "bfi": "British Sign Language", "q4": "British Sign Language",
    "q5": "Makaton", "yi": "Yiddish", "he": "Hebrew", "hu": "Hungarian", "cs": "Czech", "ps": "Pashto",
    "ti": "Tigrinya",
}  # fmt: skip
SEXES = {"male", "female", "other", "unknown"}


@dataclass(frozen=True, slots=True)
class PatientColumns:
    family: str
    given: str
    prefix: str
    likes: str  # the name they like to be called by, "" when it is their given name
    former_names: list[str]
    birth_on: date | None  # None of a partial date
    birth_text: str  # as sent
    sex: str  # male, female, other, unknown; "" when not said
    died: bool
    died_on: date | None
    address_lines: list[str]
    postcode: str  # "BL9 0ST"
    former_postcodes: list[str]
    address_use: str
    protected: bool
    phone: str
    email: str
    identifiers: list[tuple[str, str, str]]  # system, value, use
    language: str
    interpreter: bool
    practice: str  # ODS code, else the reference as written
    practice_words: str
    active: bool
    links: list[tuple[str, str]]  # type, reference


def patient_columns(patient: dict, *, on: date | None = None) -> PatientColumns:
    """The columns of one Patient as sent; with a day, names and addresses that ended before it are former."""
    names = [one for one in patient.get("name") or () if one]
    name = best_name(names, on) or {}
    family, given = name_parts(name)
    address = best_address(patient.get("address"), on) or {}
    died, died_on = death(patient)
    practice, practice_words = general_practice(patient)
    return PatientColumns(
        family=family,
        given=given,
        prefix=plain(" ".join(strings(name.get("prefix")))),
        likes=likes(names, name, on),
        former_names=former(names, name, on),
        birth_on=day(patient.get("birthDate") or ""),
        birth_text=patient.get("birthDate") or "",
        sex=sex(patient.get("gender") or ""),
        died=died,
        died_on=died_on,
        address_lines=address_lines(address),
        postcode=postcode(address.get("postalCode") or ""),
        former_postcodes=former_postcodes(patient.get("address"), address, on),
        address_use=address.get("use") or "",
        protected=protected(patient),
        phone=phone(patient.get("telecom"), on),
        email=email(patient.get("telecom"), on),
        identifiers=identifiers(patient),
        language=language(patient),
        interpreter=interpreter(patient),
        practice=practice,
        practice_words=practice_words,
        active=patient.get("active") is not False,
        links=[(one.get("type") or "", reference_of(one.get("other"))) for one in patient.get("link") or ()],
    )


def sex(sent: str) -> str:
    return sent if sent in SEXES else ""


def name_parts(name: dict) -> tuple[str, str]:
    """Family and given names; of a name sent as one text, "SMITH, Ann" and "Ann Smith" are read alike."""
    family, given = plain(name.get("family")), plain(" ".join(strings(name.get("given"))))
    if family or given or not name.get("text"):
        return family, given
    text = plain(name["text"])
    if "," in text:
        first, _, rest = text.partition(",")
        return first.strip(), rest.strip()
    rest, _, last = text.rpartition(" ")
    return last, rest


def likes(names: list[dict], shown: dict, on: date | None) -> str:
    """The nickname, else the usual name where it differs from the one that is shown."""
    for use in ("nickname", "usual"):
        for one in names:
            if one.get("use") == use and one is not shown and not (on and over(one, on)):
                _, given = name_parts(one)
                called = given or plain(one.get("text"))
                if called and called != name_parts(shown)[1]:
                    return called
    return ""


def former(names: list[dict], shown: dict, on: date | None) -> list[str]:
    kept = [one for one in names if one is not shown and (one.get("use") in {"old", "maiden"} or over(one, on))]
    return list(dict.fromkeys(filter(None, (name_words(one) for one in kept))))


def death(patient: dict) -> tuple[bool, date | None]:
    moment = patient.get("deceasedDateTime")
    if moment:
        return True, day(moment)
    if patient.get("deceasedBoolean") is not None:
        return patient["deceasedBoolean"] is True, None
    for extension in extensions(patient, DEATH):
        if concept(inner(extension, "deathNotificationStatus").get("valueCodeableConcept")).code in DIED:
            return True, day(inner(extension, "systemEffectiveDate").get("valueDateTime") or "")
    return False, None


def address_lines(address: dict) -> list[str]:
    said = [*strings(address.get("line")), address.get("city"), address.get("district"), address.get("state")]
    lines = list(dict.fromkeys(filter(None, map(plain, said))))
    if lines or not address.get("text"):
        return lines
    return [one for one in map(plain, address["text"].replace("\n", ",").split(",")) if one]


def postcode(sent: str) -> str:
    """As the Royal Mail writes it, "BL9 0ST"; what is no United Kingdom postcode stays as sent."""
    joined = "".join(sent.upper().split())
    if 5 <= len(joined) <= 7 and joined.isalnum() and joined[0].isalpha():
        outward, inward = joined[:-3], joined[-3:]
        if inward[0].isdigit() and inward[1:].isalpha() and not outward.isalpha():
            return f"{outward} {inward}"
    return plain(sent)


def former_postcodes(addresses: list[dict] | None, shown: dict, on: date | None) -> list[str]:
    """Where they lived before, as the sender says it: addresses of use "old", and those whose period has ended."""
    kept = [one for one in addresses or () if one and one is not shown and (one.get("use") == "old" or over(one, on))]
    return list(dict.fromkeys(filter(None, (postcode(one.get("postalCode") or "") for one in kept))))


def protected(patient: dict) -> bool:
    """Restricted or very restricted by the sender, or an extension that says the address is not to be told."""
    if label_of((patient.get("meta") or {}).get("security")) != "N":
        return True
    written = [patient, *(one for one in patient.get("address") or () if one)]
    return any(
        ("protected" in url or "sensitive" in url or "confidential" in url) and extension.get("valueBoolean") is True
        for one in written
        for extension in one.get("extension") or ()
        for url in [(extension.get("url") or "").lower()]
    )


def identifiers(patient: dict) -> list[tuple[str, str, str]]:
    return [
        (one.get("system") or "", one["value"], one.get("use") or "")
        for one in patient.get("identifier") or ()
        if one and one.get("value")
    ]


def general_practice(patient: dict) -> tuple[str, str]:
    for reference in patient.get("generalPractitioner") or ():
        identifier = (reference or {}).get("identifier") or {}
        found = identifier.get("value") or (reference or {}).get("reference") or ""
        if found or (reference or {}).get("display"):
            return found, reference_words(reference, patient)
    return "", ""


def reference_of(reference: dict | None) -> str:
    """A reference as written, or by the identifier it gives instead."""
    written = (reference or {}).get("reference")
    identifier = (reference or {}).get("identifier") or {}
    if written or not identifier.get("value"):
        return written or ""
    return f"Patient?identifier={identifier.get('system') or ''}|{identifier['value']}"


def extensions(element: dict, name: str) -> Iterator[dict]:
    for one in element.get("extension") or ():
        if one and (one.get("url") or "").endswith(name):
            yield one


def inner(extension: dict, url: str) -> dict:
    return next((one for one in extension.get("extension") or () if one.get("url") == url), {})


def spoken(patient: dict) -> list[tuple[str, bool, dict]]:
    """The languages: in words, whether preferred, and the element that says it."""
    told = [
        (language_words(one.get("language")), one.get("preferred") is True, one)
        for one in patient.get("communication") or ()
        if one
    ]
    for extension in extensions(patient, f"{UK_CORE}NHSCommunication"):
        words = language_words(inner(extension, "language").get("valueCodeableConcept"))
        told.append((words, inner(extension, "preferred").get("valueBoolean") is True, extension))
    return [one for one in told if one[0]]


def language_words(element: dict | None) -> str:
    """Every coding is a language of its own where a sender writes several: "British Sign Language, Makaton"."""
    if not element:
        return ""
    if element.get("text"):
        return plain(element["text"])
    said = (plain(one.get("display")) or one.get("code") or "" for one in element.get("coding") or ())
    return ", ".join(dict.fromkeys(BCP47.get(one.lower(), one) for one in said if one))


def language(patient: dict) -> str:
    told = sorted(spoken(patient), key=lambda one: not one[1])
    return told[0][0] if told else ""


def interpreter(patient: dict) -> bool:
    if any(one.get("valueBoolean") is True for one in extensions(patient, "interpreterRequired")):
        return True
    written = [patient, *(one for one in patient.get("communication") or () if one)]
    return any(
        inner(extension, "interpreterRequired").get("valueBoolean") is True
        for one in written
        for extension in extensions(one, "Communication")
    )


def communication_lines(patient: dict) -> list[str]:
    """How to speak and write to this person, a line a need: language, interpreter, formats, ways and times."""
    told = [(words, preferred) for words, preferred, _ in spoken(patient) if words != "English" or preferred]
    if [words for words, _ in told] == ["English"]:
        told = []
    lines = [f"Language: {words} (preferred)" if preferred else f"Language: {words}" for words, preferred in told]
    if interpreter(patient):
        lines.append("Needs an interpreter")
    for extension in extensions(patient, f"{UK_CORE}ContactPreference"):
        lines.extend(preference_lines(extension))
    for extension in extensions(patient, f"{UK_CORE}NHSCommunication"):
        how = sentence(
            concept_words(inner(extension, "modeOfCommunication").get("valueCodeableConcept")),
            concept_words(inner(extension, "communicationProficiency").get("valueCodeableConcept")),
        )
        lines.extend([how] if how else [])
    return list(dict.fromkeys(lines))


def preference_lines(extension: dict) -> list[str]:
    said = {
        "Write to them in": concept_words(
            inner(extension, "PreferredWrittenCommunicationFormat").get("valueCodeableConcept")
        ),
        "Reach them by": concept_words(inner(extension, "PreferredContactMethod").get("valueCodeableConcept")),
        "Best time:": value_words(inner(extension, "PreferredContactTimes")),
    }
    return [f"{label} {words[:1].lower()}{words[1:]}" for label, words in said.items() if words]
