"""Public lists in capitals and cut short, written as people write them."""

import re

# as ODS shortens them, in title case
LONG = {
    r"Med\.? (Centre|Ctre|Ctr\b\.?)": "Medical Centre",
    r"Medical (Ctre|Ctr\b\.?)": "Medical Centre",
    r"Medical Prac\b": "Medical Practice",
    r"Primary Care (Ctre|Ctr|Ct)\b\.?": "Primary Care Centre",
    r"\bPcc-": "Primary Care Centre, ",
    r"\bPcc\b": "Primary Care Centre",
    r"\bHc\b": "Health Centre",
    r"Health (Ctre|Ctr)\b\.?": "Health Centre",
    r"\bPl\b": "Place",
    r"\bRd\b": "Road",
    r"(?<=\w )St(?=,|$)": "Street",
    r"\bPcn\b": "PCN",
    r"\bGps\b": "GPs",
    r"\bSt\.": "St ",
    r"Moorgate Primary$": "Moorgate Primary Care Centre",
}
# the postcode says it
COUNTIES = ("Greater Manchester", "Lancashire")
# who the list's first doctor is belongs to no name
DOCTOR = re.compile(r" - DR\b.*$")


def name(capitals: str) -> str:
    """An organisation's name."""
    return _spoken(DOCTOR.sub("", capitals))


def address(lines: list[str], *, of: str) -> str:
    """An address, without the name of whom it belongs to and without the county twice."""
    parts = [part.strip() for line in lines for part in _spoken(line).split(",") if part.strip()]
    same = _letters(name(of))
    return ", ".join(part for part in dict.fromkeys(parts) if _letters(part) != same and part not in COUNTIES)


def tidy(words: str) -> str:
    """An address that is in small letters already, without the county."""
    return ", ".join(part for part in (one.strip() for one in words.split(",")) if part and part not in COUNTIES)


def phone(digits: str) -> str:
    """A telephone number that lost its leading 0 in a spreadsheet, or became a power of ten; no mobile numbers."""
    number = f"0{int(float(digits)):d}" if digits not in ("", "NA") else ""
    # a mobile telephone may be somebody's own
    if not number or number.startswith("07"):
        return ""
    of_a_city = number[3] == "1"
    return f"{number[:4]} {number[4:7]} {number[7:]}" if of_a_city else f"{number[:5]} {number[5:]}"


def slug(words: str) -> str:
    """A code of our own: small letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:50].strip("-")


def _spoken(capitals: str) -> str:
    words = " ".join(re.sub(r"\w[\w']*", _capital, capitals.replace(",", ", ")).split())
    for short, long in LONG.items():
        words = re.sub(short, long, words)
    return " ".join(words.split())


def _capital(found: re.Match[str]) -> str:
    word = found[0]
    # O'Hara is a name, Gabriel's is not two
    start = 3 if word[1:2] == "'" else 1
    return word[:start].upper() + word[start:].lower()


def _letters(words: str) -> str:
    return re.sub(r"[^a-z]", "", words.lower())
