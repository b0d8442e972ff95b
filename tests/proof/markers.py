"""Words that stand nowhere else, each written into one hidden place: found in an answer, they say what leaked."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count

LETTERS = "bcdfghjklmnprstvwxz"


@dataclass(frozen=True, slots=True)
class Marker:
    """One word: whose it is, of which class of row, and how deep it lies.

    `inside`: it opens below a line, so that a line alone does not show it. `mark` is what else keeps it back, `own`
    that the viewers' own organisation sent it. `shown`: some page shows it to whoever may see it. `readers`: who reads
    what lies on a desk, by the key of whoever looks.
    """

    text: str
    of: str
    what: str
    data_class: str
    inside: bool = False
    mark: str = ""
    own: bool = False
    shown: bool = True
    readers: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.what} of {self.of} ({self.data_class}{f', {self.mark}' if self.mark else ''}): {self.text}"


@dataclass
class Markers:
    """All that were written, and how to find them again whatever a page does to letters and spaces."""

    every: list[Marker] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    homes: Iterator[int] = field(default_factory=lambda: count(1))
    _known: dict[str, Marker] = field(default_factory=dict)

    def word(self, of: str, what: str, data_class: str, **other: object) -> str:
        """A new word of letters alone, so that nothing that reads names or titles changes it."""
        return self.note(f"zq{_letters(next(self.numbers))}", of, what, data_class, **other)

    def phone(self, of: str, **other: object) -> str:
        # https://www.ofcom.org.uk: numbers for drama
        return self.note(f"0161 496 0{next(self.homes):03}", of, "phone", "LOC", **other)

    def postcode(self, of: str, **other: object) -> str:
        first, last = divmod(next(self.homes), len(LETTERS))
        text = f"ZZ{first % 9 + 1} {last % 9}{LETTERS[first].upper()}{LETTERS[last].upper()}"
        return self.note(text, of, "postcode", "LOC", **other)

    def note(self, text: str, of: str, what: str, data_class: str, **other: object) -> str:
        """Remember a word that was made elsewhere."""
        self.every.append(Marker(text, of, what, data_class, **other))  # type: ignore[arg-type]
        return text

    def found_in(self, text: str) -> set[Marker]:
        """Every marker in a text, whatever its case and spaces."""
        if len(self._known) != len(self.every):
            self._known = {squeezed(one.text): one for one in self.every}
        close = squeezed(text)
        return {self._known[word] for word in LOOKS_LIKE_ONE.findall(close) if word in self._known}


# words of ours; numbers for tests; numbers for drama; postcodes of nowhere
LOOKS_LIKE_ONE = re.compile(r"zq[b-z]{4}|999\d{7}|01614960\d{3}|zz\d\d[a-z]{2}")


def squeezed(text: str) -> str:
    return "".join(text.casefold().split())


def _letters(number: int) -> str:
    found = ""
    for _ in range(4):
        number, at = divmod(number * 7 + 3, len(LETTERS)) if not found else divmod(number, len(LETTERS))
        found += LETTERS[at]
    return found


def told(markers: Iterable[Marker]) -> list[str]:
    """Markers in words, for the message of a test that failed."""
    return sorted(map(str, markers))
