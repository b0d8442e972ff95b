"""JSON read strictly: what is ambiguous, broken or cannot be kept is refused with one sentence.

The sentences say where, never what: they never show a value.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

import jiter

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
DEEPEST = 200  # jiter's own limit
# A number has at most this many digits, and a power of ten within a double's: more is a mistake or an attack.
DIGITS = 100
POWER = 308
_TOO_MANY = 10**DIGITS

# Cheap looks at the bytes, from the cheapest on; what they find may stand inside a string, so the parsed
# numbers decide.
_ALIKE = bytes.maketrans(b"123456789.E+", b"0000000000e-")
_LONG = b"0" * DIGITS
_POWERS = (b"0e000", b"0e-000")
_POWER = re.compile(rb"[eE][+-]?[0-9]{3,}(?:[,}\]\s]|\Z)")
_NUL = b"\\u0000"

_WHERE = re.compile(r"^(?P<what>.*?)(?: at line (?P<line>\d+) column (?P<column>\d+))?$", re.DOTALL)
_PLAIN_NAME = re.compile(r"_?[A-Za-z][A-Za-z0-9]{0,39}")
_NUMBER = f"A number is out of range (over {DIGITS} digits, or a power of ten over {POWER})"
_SENTENCES = {
    "EOF while parsing": "The JSON stops in the middle: it was cut short",
    "recursion limit exceeded": f"The JSON is nested more than {DEEPEST} levels deep",
    "number out of range": _NUMBER,
    "Internal error": _NUMBER,
    "invalid number": "A number is not written as JSON writes numbers",
    "invalid unicode code point": "The text is not UTF-8, as FHIR must be",
    "lone leading surrogate in hex escape": r"A \u escape is half of a pair (a lone surrogate)",
    "unexpected end of hex escape": r"A \u escape is cut short or half of a pair (a lone surrogate)",
    "control character": "A string holds a raw control character, such as a line break",
    "trailing characters": "Something follows after the end of the JSON",
    "trailing comma": "A comma has nothing after it",
}


class NotStrict(ValueError):
    """Bytes that are not strict JSON; the text is a sentence for a person."""


def parse(content: bytes) -> object:
    """The JSON in these bytes (decimals as Decimal, digit for digit), or raise NotStrict."""
    if content.startswith(BYTE_ORDER_MARK):
        content = content[len(BYTE_ORDER_MARK) :]
    try:
        parsed = jiter.from_json(
            content, catch_duplicate_keys=True, allow_inf_nan=False, float_mode="decimal", cache_mode="keys"
        )
    except ValueError as error:
        raise NotStrict(_sentence(content, str(error))) from None
    if _may_hold_far_numbers(content):
        _refuse_far_numbers(parsed)
    if _NUL in content:
        _refuse_nul(parsed)
    return parsed


def plain_name(name: object) -> str | None:
    """A name that may be shown, as FHIR writes names; anything longer or odder could be about a person."""
    return name if isinstance(name, str) and _PLAIN_NAME.fullmatch(name) else None


def _may_hold_far_numbers(content: bytes) -> bool:
    alike = content.translate(_ALIKE)
    if _LONG in alike:
        return True
    return any(power in alike for power in _POWERS) and bool(_POWER.search(content))


def _refuse_far_numbers(parsed: object) -> None:
    for leaf in _leaves(parsed):
        if isinstance(leaf, Decimal) and not _near(leaf):
            raise NotStrict(f"{_NUMBER}.")
        if isinstance(leaf, int) and abs(leaf) >= _TOO_MANY:
            raise NotStrict(f"{_NUMBER}.")


def _near(number: Decimal) -> bool:
    digits = len(number.as_tuple().digits)
    first, last = number.adjusted(), number.adjusted() - digits + 1  # the powers of ten they stand for
    return digits <= DIGITS and first <= POWER and last >= -POWER


def _refuse_nul(parsed: object) -> None:
    if any(isinstance(leaf, str) and "\0" in leaf for leaf in _leaves(parsed)):
        raise NotStrict(r"A string holds the character NUL (\u0000), which cannot be kept.")


def _leaves(parsed: object) -> Iterator[object]:
    """Every key and every single value."""
    waiting = [parsed]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield from one
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
        else:
            yield one


def _sentence(content: bytes, error: str) -> str:
    if not content.strip():
        return "It is empty."
    if b"\0" in content[:2] or content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "The text is UTF-16 or UTF-32; FHIR must be UTF-8."
    found = _WHERE.match(error)
    assert found
    what = _what(found["what"])
    if not found["line"]:
        return f"{what}."
    line, column = int(found["line"]), int(found["column"])
    if _text_at(content, line, column).startswith((b"NaN", b"Infinity")):
        what = "NaN and Infinity are not numbers in JSON"
    return f"{what} (line {line} column {column})."


def _what(error: str) -> str:
    if error.startswith("Detected duplicate key"):
        name = plain_name(error.partition('"')[2].removesuffix('"'))
        return f"The name {name} stands twice in one object" if name else "A name stands twice in one object"
    for start, sentence in _SENTENCES.items():
        if error.startswith(start):
            return sentence
    return "This is not JSON"


def _text_at(content: bytes, line: int, column: int) -> bytes:
    start = 0
    for _ in range(line - 1):
        start = content.index(b"\n", start) + 1
    return content[start + column - 1 : start + column + 8]
