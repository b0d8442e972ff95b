"""Two records side by side, line by line, with the letters marked that differ."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from locality.base.words import nhs_number_words
from locality.people.queries.side_by_side import Record
from locality.web.identity.words import NUMBERS
from locality.web.words import counted, day

NOT_SAID = "not said"


@dataclass(frozen=True, slots=True)
class Part:
    """Letters in a row that the other side has too, or has not."""

    text: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that both may say: `words` say in what they differ, for whoever does not see the marks."""

    label: str
    one: tuple[Part, ...]
    other: tuple[Part, ...]
    words: str
    differs: bool


def lines(one: Record, other: Record) -> list[Line]:
    """What the two records say of who it is, in the order in which people compare; what neither says is left out."""
    told = [(label, read(one), read(other)) for label, read in SAID]
    return [line(label, left, right) for label, left, right in told if left or right]


def line(label: str, left: str, right: str) -> Line:
    """One line, its differing letters marked; capitals and accents count, so that nothing is glossed over."""
    if not left or not right:
        shown = [(Part(words or NOT_SAID, False),) for words in (left, right)]
        return Line(label, shown[0], shown[1], f"only the {'left' if left else 'right'} says", False)
    if left == right:
        return Line(label, (Part(left, False),), (Part(right, False),), "the same", False)
    if _folded(left) == _folded(right):
        return Line(label, (Part(left, False),), (Part(right, False),), "the same but for capitals", False)
    one, other = marked(left, right)
    return Line(label, one, other, _difference(one, other), True)


def marked(left: str, right: str) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Both, cut where they begin and cease to differ."""
    one: list[Part] = []
    other: list[Part] = []
    for kind, a, b, c, d in SequenceMatcher(None, _folded(left), _folded(right), autojunk=False).get_opcodes():
        _add(one, left[a:b], differs=kind != "equal")
        _add(other, right[c:d], differs=kind != "equal")
    return tuple(one), tuple(other)


def _folded(words: str) -> str:
    # letter by letter, so that each keeps its place: some letters fold to two
    return "".join(folded if len(folded := letter.casefold()) == 1 else letter for letter in words)


def _add(parts: list[Part], text: str, *, differs: bool) -> None:
    if text and parts and parts[-1].differs == differs:
        parts[-1] = Part(parts[-1].text + text, differs)
    elif text:
        parts.append(Part(text, differs))


def _difference(one: Sequence[Part], other: Sequence[Part]) -> str:
    sizes = [sum(len(part.text) for part in side if part.differs) for side in (one, other)]
    told = "".join(part.text for side in (one, other) for part in side if part.differs)
    noun = "figure" if told.replace(" ", "").isdigit() else "letter"
    alike = sum(len(part.text) for part in one if not part.differs)
    return f"{counted(max(sizes), noun)} differ{'s' if max(sizes) == 1 else ''}" if alike else "different"


def _numbers(record: Record) -> str:
    return ", ".join(
        f"{nhs_number_words(number)} ({NUMBERS[state]})" if state in NUMBERS else nhs_number_words(number)
        for number, state in record.numbers
    )


def _died(record: Record) -> str:
    return f"died {day(record.died_on)}" if record.died_on else "has died" if record.died else ""


SAID: tuple[tuple[str, Callable[[Record], str]], ...] = (
    ("Family name", lambda record: record.family),
    ("Given names", lambda record: record.given),
    ("Likes to be called", lambda record: record.likes),
    ("Title", lambda record: record.prefix),
    ("Former names", lambda record: ", ".join(record.former_names)),
    ("Born", lambda record: day(record.birth_on) if record.birth_on else record.birth_text),
    ("Sex", lambda record: record.sex),
    ("NHS number", _numbers),
    ("Other numbers", lambda record: ", ".join(record.other_numbers)),
    ("Death", _died),
)
