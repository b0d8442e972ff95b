import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locality.record.intake.strict import NotStrict, parse

RANGE = "A number is out of range (over 100 digits, or a power of ten over 308)"

REFUSED = {
    "nothing": (b"", "It is empty."),
    "white space": (b" \n\t", "It is empty."),
    "no JSON": (b"hello", "This is not JSON (line 1 column 1)."),
    "cut short": (b'{"a": [1,\n  {"b":', "The JSON stops in the middle: it was cut short (line 2 column 7)."),
    "more after the end": (b'{"a": 1} {', "Something follows after the end of the JSON (line 1 column 10)."),
    "a comma too many": (b'{"a": 1,}', "A comma has nothing after it (line 1 column 9)."),
    "a name twice": (b'{"a": 1, "a": 2}', "The name a stands twice in one object (line 1 column 14)."),
    "a name twice, deep": (b'[{"b": {"a": 1, "a": 1}}]', "The name a stands twice in one object (line 1 column 21)."),
    "NaN": (b'{"a":\n NaN}', "NaN and Infinity are not numbers in JSON (line 2 column 2)."),
    "Infinity": (b"[Infinity]", "NaN and Infinity are not numbers in JSON (line 1 column 2)."),
    "-Infinity": (b"[-Infinity]", "NaN and Infinity are not numbers in JSON (line 1 column 3)."),
    "a number with a nought before it": (
        b"[01]",
        "A number is not written as JSON writes numbers (line 1 column 3).",
    ),
    "1e999": (b'{"a": 1e999}', f"{RANGE}."),
    "1e999 alone": (b"1e999", f"{RANGE}."),
    "-1E+999": (b"[0, -1E+999]", f"{RANGE}."),
    "1e-999": (b"[1e-999 ]", f"{RANGE}."),
    "an absurd power": (b"[1e99999999999999999999]", f"{RANGE} (line 1 column 24)."),
    "200 digits": (b"[" + b"1" * 200 + b"]", f"{RANGE}."),
    "200 digits after the point": (b"[0." + b"1" * 200 + b"]", f"{RANGE}."),
    "10,000 digits": (b"[" + b"1" * 10_000 + b"]", f"{RANGE} (line 1 column 4303)."),
    "10,000 digits after the point": (b"[0." + b"1" * 10_000 + b"]", f"{RANGE}."),
    "100,000 levels": (b"[" * 100_000, "The JSON is nested more than 200 levels deep (line 1 column 202)."),
    "NUL": (rb'{"a": "x\u0000"}', r"A string holds the character NUL (\u0000), which cannot be kept."),
    "NUL in a name": (rb'{"\u0000": 1}', r"A string holds the character NUL (\u0000), which cannot be kept."),
    "a raw NUL": (
        b'{"a": "\0"}',
        "A string holds a raw control character, such as a line break (line 1 column 8).",
    ),
    "a raw line break": (
        b'{"a": "x\ny"}',
        "A string holds a raw control character, such as a line break (line 2 column 0).",
    ),
    "half a pair, first": (
        rb'["\ud800"]',
        r"A \u escape is cut short or half of a pair (a lone surrogate) (line 1 column 9).",
    ),
    "half a pair, second": (rb'["\udc00"]', r"A \u escape is half of a pair (a lone surrogate) (line 1 column 8)."),
    "half a pair in UTF-8": (b'["\xed\xa0\x80"]', "The text is not UTF-8, as FHIR must be (line 1 column 3)."),
    "Latin-1": ('["café"]'.encode("latin-1"), "The text is not UTF-8, as FHIR must be (line 1 column 6)."),
    "UTF-16": ('{"a": 1}'.encode("utf-16"), "The text is UTF-16 or UTF-32; FHIR must be UTF-8."),
    "UTF-16 without its mark": ('{"a": 1}'.encode("utf-16-be"), "The text is UTF-16 or UTF-32; FHIR must be UTF-8."),
}


@pytest.mark.parametrize(("content", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_broken_or_cannot_be_kept_is_refused_in_one_sentence(content, sentence):
    with pytest.raises(NotStrict) as refusal:
        parse(content)

    assert str(refusal.value) == sentence


def test_a_decimal_keeps_every_digit():
    parsed = parse(b'{"value": 72.50, "tiny": 1e-22, "large": -1.0E+245, "whole": 1000000000000000000}')

    assert {name: str(value) for name, value in parsed.items()} == {
        "value": "72.50",
        "tiny": "1E-22",
        "large": "-1.0E+245",
        "whole": "1000000000000000000",
    }


def test_what_only_looks_like_trouble_inside_a_string_passes():
    content = json.dumps({"a": "1e999, ", "b": ":1e999}", "c": "1" * 200, "d": "\\u0000", "e": "8e123-4e555]"})

    assert parse(content.encode()) == json.loads(content)


def test_a_byte_order_mark_and_a_whole_pair_of_escapes_pass():
    assert parse(b"\xef\xbb\xbf" + rb'["\ud83d\ude00"]') == ["😀"]


def test_a_name_that_could_be_about_a_person_is_not_shown():
    with pytest.raises(NotStrict) as refusal:
        parse(b'{"Betty Marsh": 1, "Betty Marsh": 2}')

    assert str(refusal.value) == "A name stands twice in one object (line 1 column 34)."


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**99), 10**99)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inside: (
        st.lists(inside) | st.dictionaries(st.text(max_size=3).filter(lambda name: "\0" not in name), inside)
    ),
    max_leaves=20,
)


@settings(deadline=None)
@given(VALUES)
def test_whatever_is_written_as_json_is_read_back_the_same(value):
    assert parse(json.dumps(value).encode()) == value


@settings(deadline=None)
@given(st.decimals(allow_nan=False, allow_infinity=False, places=20) | st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_in_range_or_is_refused_and_never_becomes_another(number):
    text = f"[{number!s}]" if isinstance(number, float) else f"[{number:f}]"

    try:
        parsed = parse(text.encode())
    except NotStrict as refusal:
        assert str(refusal) == f"{RANGE}."  # noqa: PT017 -- either end is right
        # too many digits, or digits that stand for less than the smallest power of ten that is kept
        assert len(text) > 100 or Decimal(text[1:-1]).as_tuple().exponent < -308
    else:
        assert Decimal(parsed[0]) == Decimal(text[1:-1])


@settings(deadline=None)
@given(st.binary(max_size=40) | st.text(alphabet='{}[]":,\\u0019eE+-.aN \n', max_size=40).map(str.encode))
def test_any_bytes_are_read_or_refused_with_a_sentence(content):
    try:
        parsed = parse(content)
    except NotStrict as refusal:
        assert str(refusal).endswith(".")  # noqa: PT017 -- either end is right
    else:
        assert parsed == json.loads(content.removeprefix(b"\xef\xbb\xbf"), parse_float=Decimal)
