"""What is typed into a form: read field by field, or told what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeVar

DAY_FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d %b %Y", "%d %B %Y")
# nobody's work here began before or ends after; a slip in the year is told, and no calendar runs out
YEARS = range(1950, 2101)
Found = TypeVar("Found")


@dataclass(slots=True)
class Form:
    """A form as it was sent, and what is wrong with it: by field, in words."""

    typed: Mapping[str, str]
    errors: list[tuple[str, str]] = field(default_factory=list)

    def words(self, name: str, *, needed: str = "") -> str:
        """What was typed; `needed` is what to say where nothing was."""
        typed = " ".join(self.typed.get(name, "").split())
        if needed and not typed:
            self.errors.append((name, needed))
        return typed

    def whole(self, name: str, *, most: int, needed: str = "") -> str:
        """All that was typed, or that it is too long: nothing is cut off what somebody meant."""
        typed = self.words(name, needed=needed)
        if len(typed) > most:
            self.errors.append((name, f"That is longer than {most:,} letters: type it shorter."))
        return typed

    def text(self, name: str) -> str:
        """Words over several lines, as they were typed, without what cannot be seen or stored."""
        typed = self.typed.get(name, "").replace("\r\n", "\n")
        return "".join(letter for letter in typed if letter.isprintable() or letter == "\n").strip()

    def version(self, name: str = "version") -> int:
        """Which version somebody read, who writes the next; 0 where none is told, which none ever is."""
        typed = self.typed.get(name, "")
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 9 else 0

    def day(self, name: str, *, needed: str = "") -> date | None:
        """The day that was typed, day first or as the browser writes it."""
        typed = self.words(name, needed=needed)
        read = _day(typed)
        if typed and read is None:
            said = f"\u201c{typed}\u201d is not a day: type day, month and year, such as 30/11/2026."
            self.errors.append((name, said))
        return read

    def first_day_after(self, name: str, *, needed: str = "") -> date | None:
        """People type a last day; what is kept is the first day on which it no longer holds."""
        last = self.day(name, needed=needed)
        return last + timedelta(days=1) if last else None

    def chosen(self, name: str, known: Mapping[str, Found], *, needed: str = "") -> Found | None:
        """One of what was offered."""
        typed = self.words(name, needed=needed)
        if typed and typed not in known:
            self.errors.append((name, "Choose one of those in the list."))
        return known.get(typed)


def _day(typed: str) -> date | None:
    for form in DAY_FORMS:
        try:
            read = datetime.strptime(typed, form).date()  # noqa: DTZ007 -- a day, not a moment
        except ValueError:
            continue
        return read if read.year in YEARS else None
    return None
